#!/bin/sh
# Instruction counts of a fixed case: 100,000 files and 1,000 rules. They hardly differ between two
# runs, so a change that makes something slower shows here even on a busy machine.
#
#   scripts/callgrind.sh              prints millions of instructions for each command
#
# Compare before and after with the same compiler. Needs git and valgrind.
set -eu
cd "$(dirname "$0")/.."
cargo build --release --quiet --bin owners --example synth
target=$(cargo metadata --format-version 1 --no-deps |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
where=$(mktemp -d)
trap 'rm -rf "$where"' EXIT
"$target/release/examples/synth" "$where/repo" 100000 1000 >&2
path=$(head -n 1 "$where/repo.paths")

count() {
    name=$1
    shift
    # 1 says that there are findings.
    valgrind --tool=callgrind --callgrind-out-file="$where/out" "$target/release/owners" \
        -C "$where/repo" "$@" <"$where/repo.paths" >/dev/null 2>"$where/log" || test $? = 1
    awk -v name="$name" '/^summary:|^totals:/ { printf "%-14s %8.1f M\n", name, $2 / 1e6; exit }' \
        "$where/out"
}

count 'check -q' check -q
count 'gen --check' gen --check
count 'who --stdin' who --stdin
count 'who PATH' who "$path"
