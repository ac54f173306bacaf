// Makes the npm packages of a release: `owners-cli` with the commands `owners` and `owners-lsp`, and a package
// with the binaries for each platform. Publish those first: `owners-cli` depends on them.
//
//     node packaging/npm/build.mjs ARCHIVES OUT
//
// ARCHIVES has the archives of the release, `owners-cli-TARGET.tar.gz` or `.zip`, for all targets below.
// OUT must not exist; it gets a directory for each package, to which `npm pack` and `npm publish` apply.
// Prints these directories, in the order to publish them. Needs tar, and unzip for `.zip`.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TARGETS = {
  "x86_64-unknown-linux-gnu": { name: "linux-x64-gnu", os: "linux", cpu: "x64", libc: "glibc" },
  "x86_64-unknown-linux-musl": { name: "linux-x64-musl", os: "linux", cpu: "x64", libc: "musl" },
  "aarch64-unknown-linux-gnu": { name: "linux-arm64-gnu", os: "linux", cpu: "arm64", libc: "glibc" },
  "aarch64-unknown-linux-musl": { name: "linux-arm64-musl", os: "linux", cpu: "arm64", libc: "musl" },
  "x86_64-apple-darwin": { name: "darwin-x64", os: "darwin", cpu: "x64" },
  "aarch64-apple-darwin": { name: "darwin-arm64", os: "darwin", cpu: "arm64" },
  "x86_64-pc-windows-msvc": { name: "win32-x64", os: "win32", cpu: "x64" },
};

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");

function fail(message) {
  console.error(`build.mjs: ${message}`);
  process.exit(2);
}

// What all packages say, from Cargo.toml. A string, or an array of strings, is JSON, too.
function commonFields() {
  const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
  const field = (key) => {
    const found = manifest.match(new RegExp(`^${key} = (.*)$`, "m")) ?? fail(`Cargo.toml has no \`${key}\``);
    return JSON.parse(found[1]);
  };
  return {
    version: field("version"),
    description: field("description"),
    keywords: field("keywords"),
    license: field("license"),
    homepage: "https://github.com/owners-cli/owners#readme",
    repository: { type: "git", url: "git+https://github.com/owners-cli/owners.git" },
    publishConfig: { access: "public" },
  };
}

// Adds the licences and the description to the directory with `files`, which are all that is in a package.
function writePackage(directory, files, fields, readme) {
  const licences = ["LICENSE-APACHE", "LICENSE-MIT"];
  for (const each of licences) {
    copyFileSync(join(root, each), join(directory, each));
  }
  writeFileSync(join(directory, "README.md"), readme);
  const manifest = { ...fields, files: [...files, ...licences] };
  writeFileSync(join(directory, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

const isForWindows = (target) => target.includes("windows");

const archiveName = (target) => `owners-cli-${target}${isForWindows(target) ? ".zip" : ".tar.gz"}`;

// Takes the binaries, and the licences of what is linked into them, out of the archive for `target`.
function unpackBinaries(archives, target, directory) {
  const archive = join(archives, archiveName(target));
  const scratch = mkdtempSync(join(tmpdir(), "owners-npm-"));
  try {
    const [program, ...options] = isForWindows(target)
      ? ["unzip", "-q", archive, "-d", scratch]
      : ["tar", "-xzf", archive, "-C", scratch];
    execFileSync(program, options, { stdio: ["ignore", "ignore", "inherit"] });
    const files = ["owners", "owners-lsp"].map((name) => (isForWindows(target) ? `${name}.exe` : name));
    for (const file of files) {
      copyFileSync(join(scratch, `owners-cli-${target}`, file), join(directory, file));
      chmodSync(join(directory, file), 0o755);
    }
    const notices = "LICENSE-THIRD-PARTY";
    copyFileSync(join(scratch, `owners-cli-${target}`, notices), join(directory, notices));
    return [...files, notices];
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function makePlatformPackage(archives, out, common, [target, { name, os, cpu, libc }]) {
  const directory = join(out, name);
  mkdirSync(directory);
  const files = unpackBinaries(archives, target, directory);
  const fields = {
    name: `@owners-cli/${name}`,
    ...common,
    description: `The binaries of owners-cli for ${target}`,
    os: [os],
    cpu: [cpu],
    ...(libc && { libc: [libc] }),
    // Yarn keeps other packages zipped, and a binary in an archive cannot run.
    preferUnplugged: true,
  };
  const readme = `# ${fields.name}\n\nThe binaries of [owners](https://github.com/owners-cli/owners) for \`${target}\`. Install \`owners-cli\`, which depends on this package.\n`;
  writePackage(directory, files, fields, readme);
  return directory;
}

function makeLauncher(out, common) {
  const directory = join(out, "owners-cli");
  mkdirSync(directory);
  const files = ["owners.js", "owners-lsp.js", "run.js"];
  for (const file of files) {
    copyFileSync(join(here, file), join(directory, file));
  }
  const names = Object.values(TARGETS).map(({ name }) => `@owners-cli/${name}`);
  const fields = {
    name: "owners-cli",
    ...common,
    // `npx owners-cli` needs a command of that name, because there is more than one.
    bin: { owners: "owners.js", "owners-cli": "owners.js", "owners-lsp": "owners-lsp.js" },
    engines: { node: ">=18" },
    optionalDependencies: Object.fromEntries(names.map((name) => [name, common.version])),
  };
  writePackage(directory, files, fields, readFileSync(join(root, "packaging/python/ABOUT.md"), "utf8"));
  return directory;
}

const [archives, out, ...rest] = process.argv.slice(2);
if (out === undefined || rest.length > 0) {
  fail("wrong arguments; the usage is: node packaging/npm/build.mjs ARCHIVES OUT");
}
if (existsSync(out)) {
  fail(`${out} exists; remove it, or name another directory`);
}
const missing = Object.keys(TARGETS).map(archiveName).filter((name) => !existsSync(join(archives, name)));
if (missing.length > 0) {
  fail(`${archives} lacks ${missing.join(", ")}`);
}
mkdirSync(out, { recursive: true });
const common = commonFields();
for (const entry of Object.entries(TARGETS)) {
  console.log(makePlatformPackage(archives, out, common, entry));
}
console.log(makeLauncher(out, common));
