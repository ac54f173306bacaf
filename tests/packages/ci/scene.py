"""What the tests of the Action and of the component for GitLab share: a repository with a request to
merge changes, on a server, with names that try to be something else."""

import os
import subprocess
import sys
import traceback
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
ODD = [
    "docs/line\nbreak.md",
    "src/`x` @bob ::error::.md",
    "src/a|b <!-- owners-cli: default -->",
    "src/##[error]x",
    "src/x%0A::error::y",
]


def git(directory, *args, **options):
    result = subprocess.run(["git", "-C", directory, *args], check=True, capture_output=True, text=True, **options)
    return result.stdout.strip()


def write(directory, files):
    for name, text in files.items():
        path = Path(directory, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


PLATFORM = "github"


def config(docs, extra=""):
    head = f'[output]\nplatform = "{PLATFORM}"\n\n[groups]\ncore = "@org/core"\n'
    return f'{head}\n[paths]\n"*" = "core"\n"/docs/" = "{docs}"\n{extra}'


def commit(directory, owners, docs, files=(), extra=""):
    write(directory, {"owners.toml": config(docs, extra), **{name: "" for name in files}})
    git(directory, "add", "--all")
    subprocess.run([owners, "-C", directory, "gen", "--stage"], check=True, capture_output=True)
    git(directory, "commit", "-q", "-m", f"docs of {docs}")
    return git(directory, "rev-parse", "HEAD")


class Origin:
    """A bare repository `org/repo.git` with `main`, on which others work meanwhile, and request 7, as
    GitHub and GitLab keep it: its head, and its merge."""

    def __init__(self, scratch, owners):
        self.root, self.owners = scratch / "served", owners
        self.path = self.root / "org" / "repo.git"
        self.path.mkdir(parents=True)
        git(self.path, "init", "-q", "--bare", "-b", "main")
        git(self.path, "config", "uploadpack.allowAnySHA1InWant", "true")
        self.work = work = scratch / "work"
        work.mkdir()
        git(work, "init", "-q", "-b", "main")
        git(work, "remote", "add", "origin", str(self.path))
        commit(work, owners, "@alice", ["src/a.rs", "docs/a.md"])
        git(work, "checkout", "-q", "-b", "topic")
        self.request("@carol", ODD)
        git(work, "checkout", "-q", "main")
        commit(work, owners, "@alice", ["src/of-others.rs"])
        git(work, "push", "-q", "origin", "main")
        self.merge()

    def request(self, docs, files=(), extra=""):
        """A further commit of the request."""
        git(self.work, "checkout", "-q", "topic")
        self.head = commit(self.work, self.owners, docs, files, extra)

    def merge(self):
        git(self.work, "checkout", "-q", "--detach", "main")
        git(self.work, "merge", "-q", "--no-ff", "-m", "merge", "topic")
        self.merged = git(self.work, "rev-parse", "HEAD")
        for ref, to in {"pull/7/merge": self.merged, "pull/7/head": self.head, "merge-requests/7/head": self.head}.items():
            git(self.work, "push", "-q", "-f", "origin", f"{to}:refs/{ref}")


PROOFS = []


def proof(function):
    """A test. Its documentation is what it proves."""
    PROOFS.append(function)
    return function


def run_proofs(new_case):
    only, failed = sys.argv[1:], 0
    for each in PROOFS:
        if only and not any(name in each.__name__ for name in only):
            continue
        case = new_case()
        try:
            each(case)
            print(f"ok - {each.__doc__}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED: {each.__name__}: {each.__doc__}\n{case.log}\n{traceback.format_exc()}", flush=True)
    sys.exit(failed and f"{failed} proofs failed")


def has(text, *parts):
    for part in parts:
        assert part in text, f"missing: {part!r}\nin: {text}"


def lacks(text, *parts):
    for part in parts:
        assert part not in text, f"should not be there: {part!r}\nin: {text}"


BASE_ENV = {name: os.environ[name] for name in ["PATH", "HOME", "GIT_CONFIG_NOSYSTEM"]}
