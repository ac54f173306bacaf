"""Runs the commands of scripts/bench.sh and prints their table."""

import os
import shutil
import statistics
import subprocess
import sys
import time

OWNERS, WHERE = sys.argv[1:]
RUNS = int(os.environ["RUNS"])


def run(command, stdin=os.devnull):
    """Wall time in ms, processor time in ms, peak memory in MB."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = (time.perf_counter() - start) * 1e3
    # 1 says that there are findings.
    assert os.waitstatus_to_exitcode(status) in (0, 1), command
    scale = 1 if sys.platform == "darwin" else 1024
    return wall, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss * scale / 1e6


def without_default(repo):
    """The same rules but the first, which owns what no other does: thousands of paths are unowned."""
    with open(repo + "/owners.toml") as config:
        rules = config.read().split("\n")
    rules.remove(next(rule for rule in rules if rule.startswith('"*" = ')))
    with open(repo + ".gaps.toml", "w") as config:
        config.write("\n".join(rules))
    return repo + ".gaps.toml"


def with_requirements(repo):
    """A copy of the repository, with 100 additions among the first thousand, and 50 requirements. Each addition
    takes a line for every rule before it that may meet it, so at the end they would be most of the file."""
    with open(repo + ".paths") as paths:
        directories = sorted({path.rsplit("/", 1)[0] for path in paths if "/" in path})
    step = max(1, len(directories) // 100)
    # A rule may have the key `/a/` already.
    chosen = [f"/{directory}/**" for directory in directories[::step][:100]]
    with open(repo + "/owners.toml") as config:
        rules = config.read().split("\n")
    first = rules.index("[paths]") + 1
    for number, pattern in enumerate(chosen):
        rules.insert(first + 1 + number * 10, f'"{pattern}" = {{ add = "@org/security" }}')
    for pattern in chosen[::2]:
        rules += ["[[require]]", f'paths = "{pattern}"', "min-owners = 1"]
    copy = repo + ".required"
    if not os.path.isdir(copy):
        shutil.copytree(repo, copy, symlinks=True)
    with open(copy + "/owners.toml", "w") as config:
        config.write("\n".join(rules) + "\n")
    subprocess.run([OWNERS, "-C", copy, "gen", "-q"], check=True)
    return copy


def commands(repo):
    owners = [OWNERS, "-C", repo]
    with open(repo + ".paths") as paths:
        path = next(paths).rstrip("\n")
    return {
        "git ls-files": (["git", "-C", repo, "ls-files"], os.devnull),
        "check": (owners + ["check"], os.devnull),
        "check, no default": (owners + ["check", "--config", without_default(repo)], os.devnull),
        "check, requirements": ([OWNERS, "-C", with_requirements(repo), "check"], os.devnull),
        "gen --check": (owners + ["gen", "--check"], os.devnull),
        "who --stdin": (owners + ["who", "--stdin"], repo + ".paths"),
        "who PATH": (owners + ["who", path], os.devnull),
        "ls --unowned": (owners + ["ls", "--unowned"], os.devnull),
    }


print("| files | rules | command | wall | processor | of `git ls-files` | memory | of the index |")
print("|---:|---:|---|---:|---:|---:|---:|---:|")
for files in os.environ["FILES"].split():
    for rules in os.environ["RULES"].split():
        repo = f"{WHERE}/{files}-{rules}"
        index = os.path.getsize(repo + "/.git/index") / 1e6
        todo = commands(repo)
        runs = {name: [] for name in todo}
        for _ in range(RUNS):
            for name, (command, stdin) in todo.items():
                runs[name].append(run(command, stdin))
        median = {name: [statistics.median(column) for column in zip(*each)] for name, each in runs.items()}
        git = median["git ls-files"][0]
        for name, (wall, processor, memory) in median.items():
            print(
                f"| {int(files):,} | {int(rules):,} | `{name}` | {wall:.1f} ms | {processor:.1f} ms "
                f"| {wall / git:.2f} × | {memory:.0f} MB | {memory / index:.1f} × |",
                flush=True,
            )
