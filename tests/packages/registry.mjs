// A registry of npm packages on this machine, for tests: serves the packed files of a directory as npm's
// own registry does, and nothing else. So the packages are installed as users will install them, and no
// request leaves this machine.
//
//     node registry.mjs DIRECTORY
//
// Prints its address, and runs until it is stopped.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const directory = process.argv[2];

// The description of the package in a packed file.
function describe(file, address) {
  const path = join(directory, file);
  const manifest = JSON.parse(execFileSync("tar", ["-xzOf", path, "package/package.json"]));
  const integrity = `sha512-${createHash("sha512").update(readFileSync(path)).digest("base64")}`;
  const version = { ...manifest, dist: { integrity, tarball: `${address}/-/${file}` } };
  return {
    name: manifest.name,
    "dist-tags": { latest: manifest.version },
    versions: { [manifest.version]: version },
  };
}

const server = createServer((request, response) => {
  const path = decodeURIComponent(request.url.slice(1));
  const files = readdirSync(directory).filter((file) => file.endsWith(".tgz"));
  const file = files.find((each) => path === `-/${each}`);
  const address = `http://${request.headers.host}`;
  const found = files.map((each) => describe(each, address)).find(({ name }) => name === path);
  if (file) {
    response.end(readFileSync(join(directory, file)));
  } else if (found) {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(found));
  } else {
    response.writeHead(404).end("{}");
  }
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
