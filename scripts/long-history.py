#!/usr/bin/env python3
"""Makes a repository with a long history, and measures `owners suggest` and `owners risk` on it.

    OWNERS=target/release/owners scripts/long-history.py [COMMITS [FILES [AUTHORS]]]
    OWNERS=target/release/owners scripts/long-history.py CLONE

By default: a million commits to 80,000 files by 20,000 authors, as large as Linux. Each commit
changes 2 or 3 files, and one in ten has a co-author. With a clone, bare or not, measures that.
Prints the time and the peak memory of `owners` without its git processes, beside the time that
`git log` takes for the same commits.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

OWNERS = os.path.abspath(os.environ.get("OWNERS", "target/release/owners"))
RULES = "[groups]\n" + "".join(f"g{n} = '@u{n}'\n" for n in range(100)) + "[paths]\n" + "".join(
    f"'/d{n}/' = 'g{n}'\n" for n in range(100)
)


def stream(out, commits, files, authors):
    chance = random.Random(1)
    paths = [f"d{n % 100}/e{n // 100 % 40}/f{n}" for n in range(files)]
    author = lambda n: f"Author {n} <{n}+a{n}@users.noreply.github.com>"
    start = 1_200_000_000
    for number in range(commits):
        # Few people make most commits.
        who = author(int(authors * chance.random() ** 3))
        moment = start + number * 500
        message = f"change {number}\n"
        if number % 10 == 0:
            message += f"\nCo-authored-by: {author(chance.randrange(authors))}\n"
        changes = [f"M 100644 inline {paths[chance.randrange(files)]}\ndata 8\n{number:08}\n" for _ in range(2 + number % 2)]
        if number == 0:
            changes.append(f"M 100644 inline owners.toml\ndata {len(RULES)}\n{RULES}\n")
        out.write(
            f"commit refs/heads/main\nauthor {who} {moment} +0000\ncommitter {who} {moment} +0000\n"
            f"data {len(message)}\n{message}{''.join(changes)}".encode()
        )


def peak(pid, found, done):
    """The peak memory of one process, in kilobytes."""
    while not done.is_set():
        try:
            for line in open(f"/proc/{pid}/status"):
                if line.startswith("VmHWM"):
                    found[0] = int(line.split()[1])
        except OSError:
            return
        time.sleep(0.01)


def measure(where, name, words):
    began, found, done = time.monotonic(), [0], threading.Event()
    run = subprocess.Popen(words, cwd=where, stdout=subprocess.DEVNULL)
    watch = threading.Thread(target=peak, args=(run.pid, found, done))
    watch.start()
    code = run.wait()
    done.set()
    watch.join()
    print(f"{name:22} {time.monotonic() - began:7.2f} s  {found[0] / 1024:6.0f} MB  exit code {code}", flush=True)


def compare(where):
    git = ["git", "log", "--no-merges", "--raw", "-z", "--root", "HEAD"]
    measure(where, "git log --no-renames", [*git[:-1], "--no-renames", "HEAD"])
    measure(where, "git log -M100%", [*git[:-1], "-M100%", "--no-rename-empty", "HEAD"])
    measure(where, "owners suggest .", [OWNERS, "suggest", "--rev", "HEAD", "--json", "."])
    measure(where, "owners suggest", [OWNERS, "suggest", "--rev", "HEAD", "--json"])
    measure(where, "owners risk", [OWNERS, "risk", "--rev", "HEAD", "--json"])


def main():
    if len(sys.argv) == 2 and os.path.isdir(sys.argv[1]):
        return compare(sys.argv[1])
    commits, files, authors = (*map(int, sys.argv[1:]), *(1_000_000, 80_000, 20_000)[len(sys.argv) - 1:])
    where = tempfile.mkdtemp()
    try:
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", where], check=True)
        load = subprocess.Popen(["git", "-C", where, "fast-import", "--quiet"], stdin=subprocess.PIPE)
        stream(load.stdin, commits, files, authors)
        load.stdin.close()
        if load.wait():
            sys.exit("git fast-import failed")
        print(f"{commits:,} commits, {files:,} files, {authors:,} authors", flush=True)
        compare(where)
    finally:
        shutil.rmtree(where)


if __name__ == "__main__":
    main()
