#!/bin/sh
# Adopts owners in real repositories, and measures the first diff; prints a table for
# docs/migration.md.
#
#   scripts/adoption.sh REPO...
#
# REPO is a local clone with a CODEOWNERS file, which is only read. OWNERS names the binary to use;
# without it, one is built. Needs git, python3.
#
# For each repository, `owners init --no-fold`, `owners gen --force` and `git add` run in a copy. The
# columns are:
#
#   lines     lines of the CODEOWNERS file with a pattern
#   rules     rules that `init` writes by default, and with `--no-fold`
#   -w        lines that `git diff -w` shows as added and removed, without the header
#   own       how many of the added lines are for owners.toml itself
#   findings  errors and warnings of the first `owners check`, and of the first
#             `owners check --deny warnings` after `init --exempt-unowned`
#
# The lines that changed are listed below the table.
set -eu
if [ $# -eq 0 ]; then
    sed -n '2,/^set/{s/^# \{0,1\}//p;}' "$0" >&2
    exit 2
fi
if [ -z "${OWNERS:-}" ]; then
    cd "$(dirname "$0")/.."
    cargo build --release --quiet --bin owners
    OWNERS=$(cargo metadata --format-version 1 --no-deps |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')/release/owners
    cd - >/dev/null
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
