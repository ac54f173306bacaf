"""The owners of every path on standard input, by the package `codeowners` of PyPI."""

import sys

from codeowners import CodeOwners

with open(sys.argv[1]) as file:
    rules = CodeOwners(file.read())
for path in sys.stdin:
    path = path.rstrip("\n")
    print(path, " ".join(owner for _, owner in rules.of(path)), sep="\t")
