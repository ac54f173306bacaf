#!/usr/bin/env python3
"""Prints the licenses of all crates that are linked into the binaries of a release: they demand that.

    packaging/release/notices.py > THIRD-PARTY-LICENSES.txt

Of a crate that may be used under MIT, that license is enough; of others, every license file is. The crates
of all systems are listed, so the text is the same for each target. Needs Rust; downloads the crates if they
are missing. A crate without a license file is an error.
"""

import json
import pathlib
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parents[2]
RULE = "=" * 80


def linked():
    """The packages that the binaries depend on, without those that only build or test them."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    output = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True).stdout
    metadata = json.loads(output)
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    found, open_ids = set(), [root]
    while open_ids:
        for each in nodes[open_ids.pop()]["deps"]:
            is_linked = any(kind["kind"] is None for kind in each["dep_kinds"])
            if is_linked and each["pkg"] not in found:
                found.add(each["pkg"])
                open_ids.append(each["pkg"])
    packages = [package for package in metadata["packages"] if package["id"] in found]
    return sorted(packages, key=lambda package: (package["name"], package["version"]))


def texts(package):
    """The licenses to print for a package."""
    directory = pathlib.Path(package["manifest_path"]).parent
    names = sorted(file.name for file in directory.iterdir() if file.is_file())
    files = [name for name in names if name.lower().startswith(("license", "copying", "copyright", "notice"))]
    # `MIT OR Apache-2.0`, and the older `Unlicense/MIT`; not `… AND …`.
    expression = package["license"] or ""
    if " AND " not in expression and "MIT" in expression.replace("/", " ").split():
        own = ["license-mit", "license-mit.txt"]
        files = [name for name in files if name.lower() in own or "third-party" in name.lower()] or files
    if not files:
        sys.exit(f"notices.py: {package['name']} {package['version']} has no license file: add one by hand")
    return "\n\n".join((directory / name).read_text(encoding="utf-8").strip() for name in files)


def main():
    users = {}
    for package in linked():
        users.setdefault(texts(package), []).append(package)
    page = PROJECT / "src/bin/owners/map/treemap.js"
    print("The binaries of owners contain these works, under the licenses below.")
    print(f"\n{RULE}\nd3-hierarchy, in the page of `owners map`: see the comment in it ({page.name})")
    for text, packages in users.items():
        print(f"\n{RULE}")
        for package in packages:
            where = f" <{package['repository']}>" if package["repository"] else ""
            print(f"{package['name']} {package['version']}, {package['license']}{where}")
        print(f"{RULE}\n\n{text}")


main()
