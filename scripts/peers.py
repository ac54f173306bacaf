"""Runs the tools that scripts/peers.sh installs, and prints the tables of docs/performance.md."""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

WHERE, CLONE = Path(sys.argv[1]), sys.argv[2]
SCRIPTS = Path(__file__).resolve().parent
OWNERS = os.environ["OWNERS"]
RUNS, LIMIT = int(os.environ["RUNS"]), int(os.environ["LIMIT"])
TOOLS = WHERE / "tools"
RUST = f"{TOOLS}/codeowners-rs"
PYTHON = f"{TOOLS}/python/bin/python {SCRIPTS}/peers/pypi_codeowners.py"
YAML = f"{TOOLS}/python/bin/owners-yaml"
NPM = f"{TOOLS}/node_modules/.bin/codeowners"
GITHUB = f"{TOOLS}/node_modules/.bin/github-codeowners"
GENERATOR = f"{TOOLS}/node_modules/.bin/codeowners-generator"
FILES = "git -c core.quotePath=false ls-files"
# A command that takes longer is run only once.
LONG = 10.0

# Task, tool, command in the repository, exit codes that are an answer. The first tool of a task is ours.
COMMANDS = [
    ("list", "owners", "`owners ls`", f"{OWNERS} ls", [0]),
    ("list", "codeowners-rs", "crate `codeowners-rs` 0.1.1", f"{FILES} | {RUST} FILE", [0]),
    ("list", "pypi", "PyPI `codeowners` 0.9.0", f"{FILES} | {PYTHON} FILE", [0]),
    ("list", "npm", "npm `codeowners` 5.1.1: `audit`", f"{NPM} audit", [0]),
    ("list", "github", "npm `github-codeowners` 0.2.1: `audit`", f"{GITHUB} audit -c FILE", [0]),
    ("list", "yaml", "`owners-yaml` 0.3.0: `resolve`", f"{FILES} | {YAML} resolve", [0]),
    ("unowned", "owners", "`owners ls --unowned`", f"{OWNERS} ls --unowned", [0]),
    ("unowned", "npm", "npm `codeowners`: `audit -u`", f"{NPM} audit -u", [0]),
    ("unowned", "github", "npm `github-codeowners`: `audit -u`", f"{GITHUB} audit -u -c FILE", [0]),
    ("unowned", "yaml", "`owners-yaml`: `unowned`", f"{YAML} unowned", [0]),
    ("check", "owners", "`owners check`", f"{OWNERS} check", [0, 1]),
    ("check", "github", "npm `github-codeowners`: `validate`", f"{GITHUB} validate -c FILE", [0]),
    ("check", "yaml", "`owners-yaml`: `lint`", f"{YAML} lint", [0, 1]),
    ("generate", "owners", "`owners gen`", f"{OWNERS} gen", [0]),
    ("generate", "generator", "`codeowners-generator` 2.5.0", f"{GENERATOR} generate --output .github/CODEOWNERS", [0]),
]
TASKS = {
    "list": "list the owners of every path",
    "unowned": "list the unowned paths",
    "check": "check the rules",
    "generate": "generate CODEOWNERS from nested files",
}


class Failure(Exception):
    """A command that gave no answer, and what it printed."""


def run(command, repo, answers, output):
    """Wall time and processor time in seconds, peak memory in MB; None if it takes longer than LIMIT."""
    with open(output, "wb") as out, open(f"{output}.err", "wb") as err:
        start = time.perf_counter()
        child = subprocess.Popen(
            ["sh", "-c", f"ulimit -t {LIMIT}; {command}"], cwd=repo, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
    processor = usage.ru_utime + usage.ru_stime
    if child.returncode not in answers:
        # The kernel counts a little differently.
        if processor > 0.9 * LIMIT:
            return None
        printed = Path(f"{output}.err").read_text(errors="replace").strip()
        raise Failure(next((line for line in printed.split("\n") if "rror" in line), printed[:200]))
    scale = 1 if sys.platform == "darwin" else 1024
    return wall, processor, usage.ru_maxrss * scale / 1e6


def measure(task, repo, file, output):
    """Each tool of the task in turns: its medians, "over", or the failure."""
    todo = [(tool, command.replace("FILE", file), answers) for t, tool, _, command, answers in COMMANDS if t == task]
    results = {tool: [] for tool, _, _ in todo}
    cells = {}
    for _ in range(RUNS):
        for tool, command, answers in todo:
            if tool in cells or (results[tool] and results[tool][0][0] > LONG):
                continue
            if task == "generate":
                (repo / ".github/CODEOWNERS").unlink(missing_ok=True)
            try:
                result = run(command, repo, answers, output / f"{task}-{tool}")
            except Failure as failure:
                cells[tool] = failure
                continue
            print(f"{repo.name}: {task}: {tool}: {result or 'over'}", file=sys.stderr)
            if result is None:
                cells[tool] = "over"
            else:
                results[tool].append(result)
            if task == "generate" and result is not None:
                shutil.copy(repo / ".github/CODEOWNERS", output / f"{task}-{tool}")
    for tool, runs in results.items():
        if tool not in cells:
            cells[tool] = [statistics.median(column) for column in zip(*runs)]
    return cells


def lines(file):
    """Pattern and owners of every line of a CODEOWNERS file."""
    for line in file.read_text().split("\n"):
        words = re.findall(r"(?:\\.|[^\s\\])+", line)
        words = words[: next((at for at, word in enumerate(words) if word.startswith("#")), None)]
        if words:
            yield words[0], words[1:]


def slug(owner):
    """The owner as `owners-yaml` writes it: the name of a team, or a person with `@`."""
    return owner.rpartition("/")[2] if "/" in owner else owner


def write_yaml(repo, file):
    """The rules of the CODEOWNERS file as rules of one owners.yaml, where the last match decides, too."""
    text = ["version: 1", "owners: []", "rules:"]
    for pattern, owners in lines(repo / file):
        text.append(f"- match: {json.dumps(pattern)}")
        text.append(f"  owners: {json.dumps([slug(owner) for owner in owners]) if owners else 'null'}")
    (repo / "owners.yaml").write_text("\n".join(text) + "\n")


def write_nested(repo, file):
    """For every line about a directory, the owners in a file in that directory, for both generators."""
    written = {"owners.toml": "nested = true\n\n[paths]\n"}
    for pattern, owners in lines(repo / file):
        directory = pattern.strip("/")
        plain = pattern.startswith("/") and not any(letter in pattern for letter in "*?\\")
        if plain and owners and directory and (repo / directory).is_dir():
            written[f"{directory}/CODEOWNERS"] = f"* {' '.join(owners)}\n"
            written[f"{directory}/owners.toml"] = f'[paths]\n"*" = {json.dumps(owners)}\n'
    for name, text in written.items():
        (repo / name).write_text(text)
    index(repo, written, "--add")
    return written


def index(repo, names, option):
    command = ["git", "update-index", option, "--stdin"]
    subprocess.run(command, cwd=repo, input="\n".join(names) + "\n", text=True, check=True)


def answers_of(tool, output):
    """The owners of every path, as a tool listed them."""
    listed = {}
    for line in output.read_text().split("\n"):
        if tool == "npm":
            path, _, owners = line.rpartition("    ")
            listed[path.rstrip()] = set(owners.split()) - {"nobody"}
        elif tool == "yaml":
            path, owners, *_ = (line + "\t").split("\t")
            listed[path] = set(owners.split(", ")) - {"(unowned)", ""}
        else:
            path, *owners = line.split("\t")
            listed[path] = set(" ".join(owners).split())
    return listed


def differences(name, cells):
    """For how many tracked paths each tool lists other owners than `owners ls`, or does not list them."""
    ours = subprocess.run([OWNERS, "ls", "--json"], cwd=WHERE / name, capture_output=True, check=True)
    ours = {each["path"]: set(each["owners"]) for each in json.loads(ours.stdout)["paths"]}
    for tool, cell in cells.items():
        if tool != "owners" and isinstance(cell, list):
            theirs = answers_of(tool, WHERE / f"{name}.out/list-{tool}")
            named = slug if tool == "yaml" else str
            other = sum(path in theirs and theirs[path] != set(map(named, ours[path])) for path in ours)
            yield f"{tool}: {other} other, {len(ours.keys() - theirs.keys())} not listed"


def times(name):
    """Measures all tasks in one repository, and leaves it as it was."""
    repo, output = WHERE / name, WHERE / f"{name}.out"
    output.mkdir(exist_ok=True)
    file = next(f for f in (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS") if (repo / f).exists())
    text = (repo / file).read_text()
    rules = sum(1 for _ in lines(repo / file))
    write_yaml(repo, file)
    cells = {task: measure(task, repo, file, output) for task in ["list", "unowned", "check"]}
    (repo / "owners.yaml").unlink()
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=repo, capture_output=True, check=True)
    paths = tracked.stdout.count(b"\0")
    cells["generate"], nested = measure_generate(repo, file, output)
    (repo / file).write_text(text)
    return {"name": name, "paths": paths, "rules": rules, "nested": nested, "cells": cells}


def measure_generate(repo, file, output):
    """The generators, with as many lines of output as nested files."""
    written = write_nested(repo, file)
    (repo / file).unlink()
    (repo / ".github").mkdir(exist_ok=True)
    cells = measure("generate", repo, file, output)
    made = {tool: sum(1 for _ in lines(output / f"generate-{tool}")) for tool in cells if isinstance(cells[tool], list)}
    index(repo, written, "--force-remove")
    for name in [*written, ".github/CODEOWNERS"]:
        (repo / name).unlink(missing_ok=True)
    return cells, f"{len(written) // 2} nested files; lines: {made}"


def duration(seconds):
    for limit, scale, unit in [(1, 1e3, "ms"), (float("inf"), 1, "s")]:
        if seconds < limit:
            return f"{seconds * scale:,.{0 if seconds * scale >= 10 else 1}f} {unit}"


def shown(cell, ours):
    if cell == "over":
        return f"over {LIMIT} s"
    if isinstance(cell, Failure):
        return "fails"
    wall, processor, memory = cell
    ratio = processor / ours[1]
    return f"{duration(wall)} ({duration(processor)}), {ratio:,.{0 if ratio >= 10 else 1}f} ×, {memory:,.0f} MB"


def print_times(results):
    head = [f"{r['paths']:,} paths, {r['rules']:,} rules" for r in results]
    head[0] = f"{CLONE}: {head[0]}"
    print("Wall time (processor time), ratio of processor time to the first tool, peak memory:\n")
    print(f"| task | tool | {' | '.join(head)} |")
    print(f"|---|---|{'---:|' * len(results)}")
    last = None
    for task, tool, title, _, _ in COMMANDS:
        row = [shown(r["cells"][task][tool], r["cells"][task]["owners"]) for r in results]
        print(f"| {TASKS[task] if task != last else ''} | {title} | {' | '.join(row)} |")
        last = task
    print()
    for result in results:
        print(f"{result['name']}: {result['nested']}")
        for task, cells in result["cells"].items():
            for tool, cell in cells.items():
                if isinstance(cell, Failure):
                    print(f"{result['name']}: {task}: {tool} fails: {cell}")
    # Last, because the peak memory that is measured is at least that of this program.
    print("Compared with the owners of `owners ls`:")
    for result in results:
        print(f"  {result['name']}: {'; '.join(differences(result['name'], result['cells']['list']))}")


def documented():
    """The cases of the table of tests that GitHub's documentation decides: pattern, path, owned."""
    table = (SCRIPTS.parent / "tests/conformance/github.tsv").read_text()
    for row in table.split("\n"):
        if row and not row.startswith("# ") and row.endswith("\tdocs"):
            pattern, path, owned, _ = row.split("\t")
            yield pattern, path, owned == "yes"


def ask(repo, command, path):
    """Whether the tool names an owner. A tool that refuses a pattern names none."""
    asked = subprocess.run(
        [part.replace("PATH", path) for part in command],
        cwd=repo,
        input=f"{path}\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    return "@owner" in asked.stdout


def print_answers():
    ask_with = {
        "`owners who`": [OWNERS, "who", "--stdin"],
        "crate `codeowners-rs`": [RUST, ".github/CODEOWNERS"],
        "PyPI `codeowners`": [*PYTHON.split(), ".github/CODEOWNERS"],
        "npm `codeowners`: `verify`": [NPM, "verify", "PATH", "@owner"],
        "npm `github-codeowners`: `who`": [GITHUB, "who", "PATH"],
    }
    wrong = {tool: [] for tool in ask_with}
    cases = list(documented())
    for pattern, path, owned in cases:
        repo = WHERE / "case"
        shutil.rmtree(repo, ignore_errors=True)
        (repo / ".github").mkdir(parents=True)
        (repo / ".github/CODEOWNERS").write_text(f"{pattern} @owner\n")
        # `who` of github-codeowners reads the file.
        (repo / path).parent.mkdir(parents=True, exist_ok=True)
        (repo / path).touch()
        subprocess.run(["git", "init", "--quiet"], cwd=repo, check=True)
        for tool, command in ask_with.items():
            if ask(repo, command, path) != owned:
                wrong[tool].append((pattern, path, owned))
    print(f"\n| tool | of {len(cases)} documented cases, answered differently |\n|---|---:|")
    for tool, rows in wrong.items():
        print(f"| {tool} | {len(rows)} |")
    for tool, rows in wrong.items():
        for pattern, path, owned in rows:
            said = "owned, not by the tool" if owned else "not owned, but by the tool"
            print(f"  {tool}: `{pattern}`, `{path}`: documented as {said}")


def main():
    if RUNS:
        names = ["clone", *os.environ["SIZES"].split()]
        print_times([times(name) for name in names])
    if os.environ["CASES"] != "0":
        print_answers()


main()
