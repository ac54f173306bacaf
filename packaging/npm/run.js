// The commands of the npm package `owners-cli`. The binaries are in a package of their own for each platform,
// and npm installs the one that fits. This file finds a binary and runs it in place of the command: same
// arguments, same standard streams, same exit code, same signals.
"use strict";

const { existsSync } = require("node:fs");
const { spawn } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;
const packages = Object.keys(require("./package.json").optionalDependencies)
  .filter((name) => name === `@owners-cli/${platform}` || name.startsWith(`@owners-cli/${platform}-`))
  // The binary for musl is static and runs with any libc. If both are installed, the package manager
  // does not know which libc there is.
  .sort((a, b) => b.endsWith("-musl") - a.endsWith("-musl"));

function fail(message, ...lines) {
  console.error([`error: ${message}`, ...lines.map((line) => ` = ${line}`)].join("\n"));
  process.exit(2);
}

function findBinary(command) {
  const file = process.platform === "win32" ? `${command}.exe` : command;
  for (const name of packages) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch {
      // Not installed: perhaps the next one is.
    }
  }
  if (packages.length === 0) {
    fail(
      `there is no npm package of owners for ${platform}`,
      "help: build it with Rust: `cargo install --locked owners-cli`",
    );
  }
  fail(
    `the binary of owners for ${platform} is not installed`,
    `note: it is in the package ${packages.map((name) => `\`${name}\``).join(" or ")}, an optional dependency of \`owners-cli\``,
    "note: npm leaves it out with `--omit=optional`, or if `node_modules` or the lock file is from another platform",
    "help: remove `node_modules`, and run `npm install --include=optional`; if the package is still missing, remove `package-lock.json`, too",
  );
}

function run(binary) {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  const forward = (signal) => child.kill(signal);
  // Before there is a child: a signal in between would leave it without its parent.
  signals.forEach((signal) => process.on(signal, forward));
  const child = spawn(binary, process.argv.slice(2), { stdio: "inherit" });
  child.on("error", (error) => {
    const isForeign = error.code === "ENOENT" && existsSync(binary);
    const why = isForeign ? "it is made for another libc than this system has" : error.message;
    fail(
      `cannot run \`${binary}\``,
      `note: ${why}`,
      "help: remove `node_modules`, and run `npm install` on this system",
    );
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exit(code);
    }
    // End as the binary did, so that a shell sees the signal.
    signals.forEach((each) => process.off(each, forward));
    process.kill(process.pid, signal);
  });
}

module.exports = (command) => run(findBinary(command));
