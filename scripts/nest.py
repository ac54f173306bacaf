#!/usr/bin/env python3
"""Makes two repositories to measure on, with the same rules over the same paths: in DIRECTORY every
rule is in the owners.toml of the directory that it is about, in DIRECTORY-flat all are in one file.

    scripts/nest.py PATHS DIRECTORY NESTED

PATHS lists the paths, one a line, sorted; NESTED is how many directories get an owners.toml, of
three rules and a group each. The same arguments make the same repositories. Nothing but the
owners.toml files and the generated file is on disk; DIRECTORY.paths lists what is in the index.
Run `owners gen` in both before measuring `gen --check`.
"""

import os
import random
import subprocess
import sys

EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
TEAMS = 300


def main(paths, directory, nested):
    with open(paths) as listing:
        paths = listing.read().split("\n")[:-1]
    chooser = random.Random(1)
    below = {}
    for path in paths:
        above, _, name = path.rpartition("/")
        below.setdefault(above, []).append(name)
    candidates = sorted(path for path, names in below.items() if path and len(names) > 1)
    chosen = chooser.sample(candidates, min(int(nested), len(candidates)))
    chosen.sort(key=lambda path: path.split("/"))
    files = {}
    flat_groups, flat_rules = [], []
    for number, path in enumerate(chosen):
        team = f'"@acme/team-{chooser.randrange(TEAMS)}"'
        extension = below[path][0].rpartition(".")[2]
        one, other = sorted(chooser.sample(below[path], 2))
        group = f"own-{number} = {team}\n"
        rules = [
            ("*", "/", f'"own-{number}"'),
            (f"*.{extension}", f"/**/*.{extension}", f'["own-{number}", "everyone"]'),
            (f"/{{{one},{other}}}", f"/{{{one},{other}}}", '"everyone"'),
        ]
        text = "".join(f'"{pattern}" = {owners}\n' for pattern, _, owners in rules)
        files[f"{path}/owners.toml"] = f"[groups]\n{group}\n[paths]\n{text}"
        flat_groups.append(group)
        flat_rules += [f'"/{path}{pattern}" = {owners}\n' for _, pattern, owners in rules]
    groups = '[groups]\neveryone = "@acme/everyone"\n'
    star = '\n[paths]\n"*" = "everyone"\n'
    index = sorted({*paths, *files, "owners.toml", ".github/CODEOWNERS"}, key=os.fsencode)
    flat = {"owners.toml": groups + "".join(flat_groups) + star + "".join(flat_rules)}
    write(directory, index, {"owners.toml": "nested = true\n" + groups + star, **files})
    write(directory + "-flat", index, flat)


def write(directory, index, files):
    for name, text in files.items():
        path = os.path.join(directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    git = ["git", "-C", directory]
    subprocess.run([*git, "init", "-q"], check=True)
    if os.path.exists(directory + "/.git/index"):
        os.remove(directory + "/.git/index")
    records = "".join(f"100644 {EMPTY}\t{path}\0" for path in index)
    update = [*git, "update-index", "-z", "--index-info"]
    subprocess.run(update, input=records.encode(), check=True)
    with open(directory + ".paths", "w") as listing:
        listing.write("\n".join(index) + "\n")


main(*sys.argv[1:])
