#!/bin/sh
# Measures owners against `git ls-files`, side by side, and prints a table for docs/performance.md.
#
#   scripts/bench.sh [DIRECTORY]      where the repositories go (500 MB); default: a temporary one
#
# RUNS=7, FILES="10000 100000 1000000" and RULES="100 1000 10000" can be set. Each cell is the median
# of RUNS runs, all commands taking turns so that a busy moment hits them alike. Needs git, python3.
set -eu
cd "$(dirname "$0")/.."
cargo build --release --quiet --bin owners --example synth
target=$(cargo metadata --format-version 1 --no-deps |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
if [ $# -gt 0 ]; then
    where=$1
    mkdir -p "$where"
else
    where=$(mktemp -d)
    trap 'rm -rf "$where"' EXIT
fi
for files in ${FILES:-10000 100000 1000000}; do
    for rules in ${RULES:-100 1000 10000}; do
        test -f "$where/$files-$rules.paths" ||
            "$target/release/examples/synth" "$where/$files-$rules" "$files" "$rules" >&2
    done
done
export RUNS="${RUNS:-7}" FILES="${FILES:-10000 100000 1000000}" RULES="${RULES:-100 1000 10000}"
exec python3 scripts/bench.py "$target/release/owners" "$where"
