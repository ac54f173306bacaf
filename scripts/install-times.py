#!/usr/bin/env python3
"""Measures how long each way to install takes, from nothing to the end of the first `owners check`.

    scripts/install-times.py all
    scripts/install-times.py uvx npx

Prints rows of the table in docs/install.md: seconds and seconds of processor time (the medians of three
runs; what compiles runs once), and bytes that are downloaded. On a busy machine, only the processor
time says something. It first makes the packages of a release from this tree, which takes some
minutes. Each run has a home of its own, and so no cache. The packages of owners come from this machine,
what they need from the registries.

Needs Linux, git, Rust, Node with npm, and Python 3 with venv. Installs maturin, ziglang, pipx, uv,
pre-commit and prek into a temporary directory.
"""

import contextlib
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent
TARGET = "x86_64-unknown-linux-gnu"
OTHERS = (
    "x86_64-unknown-linux-musl", "aarch64-unknown-linux-gnu", "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin", "aarch64-apple-darwin", "x86_64-pc-windows-msvc",
)
RULES = '[groups]\ncore = "@org/core"\n\n[paths]\n"*" = "core"\n'
HOOKS = "repos:\n  - repo: {hooks}\n    rev: {rev}\n    hooks:\n      - id: owners-gen{suffix}\n      - id: owners-check{suffix}\n"


def run(*command, **options):
    """Runs a command; its output is shown only if it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def size(directory, pattern="*"):
    return sum(path.stat().st_size for path in pathlib.Path(directory).rglob(pattern) if path.is_file())


def commit_all(directory):
    run("git", "init", "-q", directory)
    run("git", "-C", directory, "add", "--all", "--force")
    run("git", "-C", directory, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qm", "all")
    return run("git", "-C", directory, "rev-parse", "HEAD").strip()


class Packages:
    """What a release publishes, made from this tree."""

    def __init__(self, scratch):
        self.scratch, self.dist = scratch, scratch / "dist"
        self.tools = scratch / "tools" / "bin"
        run(sys.executable, "-m", "venv", scratch / "tools")
        run(self.tools / "pip", "install", "maturin>=1.9,<2", "ziglang", "pipx", "uv", "pre-commit>=4,<5", "prek<1")
        self.environment = os.environ | {"PATH": f"{self.tools}:{os.environ['PATH']}"}
        run("maturin", "build", "--sdist", "--release", "--zig", "--compatibility", "manylinux_2_17",
            "--out", self.dist, cwd=PROJECT / "packaging" / "python", env=self.environment)
        self.wheel = next(self.dist.glob("*.whl"))
        self.sdist = next(self.dist.glob("*.tar.gz"))
        self.make_archive()
        self.make_npm()
        # What builds the package of the hooks.
        run(self.tools / "pip", "download", "--no-deps", "setuptools", "--dest", scratch / "setuptools")
        self.setuptools = size(scratch / "setuptools")
        self.make_hooks()

    def make_hooks(self):
        """The repository of the hooks, and the size of what a shallow clone of it sends."""
        self.hooks = self.scratch / "hooks"
        files = run("git", "-C", PROJECT, "ls-files", "-z").split("\0")
        for file in filter(None, files):
            (self.hooks / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / file, self.hooks / file)
        self.rev = commit_all(self.hooks)
        objects = run("git", "-C", self.hooks, "rev-list", "--objects", self.rev)
        pack = subprocess.run(["git", "-C", self.hooks, "pack-objects", "--stdout", "-q"],
                              input=objects.encode(), capture_output=True, check=True)
        self.clone = len(pack.stdout)

    def make_archive(self):
        """The archive of this platform with all that is in it; the others are empty."""
        self.archives = self.scratch / "archives"
        self.archives.mkdir()
        top = self.scratch / f"owners-cli-{TARGET}"
        top.mkdir()
        with zipfile.ZipFile(self.wheel) as wheel:
            name = next(name for name in wheel.namelist() if name.endswith("/scripts/owners"))
            (top / "owners").write_bytes(wheel.read(name))
        (top / "owners").chmod(0o755)
        run(top / "owners", "man", "--dir", top / "man")
        for shell in ("bash", "zsh", "fish"):
            (top / f"owners.{shell}").write_text(run(top / "owners", "completions", shell))
        for name in ("README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"):
            shutil.copy(PROJECT / name, top)
        self.archive = self.archives / f"{top.name}.tar.gz"
        with tarfile.open(self.archive, "w:gz") as archive:
            archive.add(top, top.name)
        for target in OTHERS:
            empty = self.scratch / f"owners-cli-{target}"
            empty.mkdir()
            for name in ("owners", "owners.exe"):
                (empty / name).touch()
            kind = "zip" if "windows" in target else "gztar"
            shutil.make_archive(self.archives / empty.name, kind, self.scratch, empty.name)

    def make_npm(self):
        self.packed = self.scratch / "packed"
        self.packed.mkdir()
        made = run("node", PROJECT / "packaging/npm/build.mjs", self.archives, self.scratch / "npm")
        run("npm", "pack", *made.split(), "--pack-destination", self.packed)

    @contextlib.contextmanager
    def registry(self):
        server = subprocess.Popen(["node", str(PROJECT / "tests/packages/registry.mjs"), str(self.packed)],
                                  stdout=subprocess.PIPE, text=True)
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
            server.wait()


class Attempt:
    """A home without a cache, and a repository in it that is ready to be checked."""

    def __init__(self, packages, registry, suffix):
        self.home = pathlib.Path(tempfile.mkdtemp(dir=packages.scratch))
        self.repository = self.home / "repository"
        (self.repository / ".github").mkdir(parents=True)
        (self.repository / "owners.toml").write_text(RULES)
        config = HOOKS.format(hooks=packages.hooks, rev=packages.rev, suffix=suffix)
        (self.repository / ".pre-commit-config.yaml").write_text(config)
        run(packages.scratch / f"owners-cli-{TARGET}" / "owners", "-C", self.repository, "gen")
        commit_all(self.repository)
        cargo_home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
        (self.home / ".cargo").mkdir()
        if (cargo_home / "config.toml").exists():
            shutil.copy(cargo_home / "config.toml", self.home / ".cargo")
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("CARGO", "GIT_", "PRE_COMMIT", "PREK", "XDG_", "UV_", "npm_config_"))}
        kept.pop("PIP_CACHE_DIR", None)
        self.environment = kept | {
            "HOME": str(self.home),
            "PATH": f"{self.home}/.local/bin:{self.home}/.cargo/bin:{packages.tools}:{os.environ['PATH']}",
            "RUSTUP_HOME": os.environ.get("RUSTUP_HOME", str(pathlib.Path.home() / ".rustup")),
            "PIP_FIND_LINKS": f"{packages.dist} {os.environ.get('PIP_FIND_LINKS', '')}",
            "UV_FIND_LINKS": str(packages.dist),
            "UV_PYTHON_DOWNLOADS": "never",
            # If there is uv, pipx would use it.
            "PIPX_DEFAULT_BACKEND": "pip",
            "npm_config_registry": registry,
            "ARCHIVE": str(packages.archive), "SDIST": str(packages.sdist),
        }

    def seconds(self, command):
        """Runs a command, and returns its time and its processor time."""
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        run("bash", "-euc", command, cwd=self.repository, env=self.environment)
        wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# What is needed beforehand, what prepares it without being measured, and what is measured.
WAYS = {
    "pip": ("Python", "python3 -m venv ../venv",
            "../venv/bin/pip install -q owners-cli; ../venv/bin/owners check"),
    "pipx": ("pipx", "", "pipx install -q owners-cli; owners check"),
    "pipx run": ("pipx", "", "pipx run --spec owners-cli owners check"),
    "uv": ("uv", "", "uv tool install -q owners-cli; owners check"),
    "uvx": ("uv", "", "uvx -q --from owners-cli owners check"),
    "npm": ("Node, npm", "", "npm install owners-cli; npx owners check"),
    "npx": ("Node, npm", "", "npx --yes owners-cli check"),
    "archive": ("tar", "", 'tar -xzf "$ARCHIVE" -C ..; ../owners-cli-*/owners check'),
    "pre-commit": ("pre-commit", "", "pre-commit run --all-files"),
    "prek": ("prek", "", "prek run --all-files"),
    "cargo": ("Rust, a linker", 'mkdir ../source; tar -xzf "$SDIST" -C ../source',
              "cargo install -q --locked --path ../source/*; owners check"),
    "pre-commit, -rust": ("pre-commit, Rust, a linker", "", "pre-commit run --all-files"),
}
COMPILES = ("cargo", "pre-commit, -rust")


def downloaded(way, packages, home):
    """Bytes of the packages of owners, and of what the registries sent."""
    wheel = packages.wheel.stat().st_size
    crates = size(home, "*.crate")
    match way:
        case "npm" | "npx":
            return size(packages.packed, "owners-cli-0*.tgz") + size(packages.packed, "*linux-x64-gnu*.tgz")
        case "archive":
            return packages.archive.stat().st_size
        case "cargo":
            return packages.sdist.stat().st_size + crates
        case "pre-commit, -rust":
            return packages.clone + crates
        case "pre-commit" | "prek":
            return packages.clone + packages.setuptools + wheel
        case "uv" | "uvx":
            return wheel
        case _:
            # pip keeps what it was sent, among that a newer pip for pipx.
            return wheel + size(home / ".cache" / "pip", "*.body")


def measure(way, packages, registry):
    needs, preparation, command = WAYS[way]
    seconds = []
    for _ in range(1 if way in COMPILES else 3):
        attempt = Attempt(packages, registry, "-rust" if way.endswith("-rust") else "")
        attempt.seconds(preparation)
        seconds.append(attempt.seconds(command))
        megabytes = downloaded(way, packages, attempt.home) / 1e6
        shutil.rmtree(attempt.home)
    wall, processor = (statistics.median(column) for column in zip(*seconds))
    print(f"| {way} | {wall:.1f} | {processor:.1f} | {megabytes:.1f} MB | {needs} |", flush=True)


def main():
    chosen = sys.argv[1:]
    if not chosen or any(way not in (*WAYS, "all") for way in chosen):
        sys.exit(f"{__doc__}\nThe ways are: {'; '.join(WAYS)}.")
    with tempfile.TemporaryDirectory() as scratch:
        packages = Packages(pathlib.Path(scratch))
        print("| way | seconds | processor | downloaded | needed beforehand |\n|---|---:|---:|---:|---|")
        with packages.registry() as registry:
            for way in WAYS if "all" in chosen else chosen:
                measure(way, packages, registry)


main()
