#!/usr/bin/env bash
# The GitHub Action, its steps run as a runner would, with a server on 127.0.0.1 instead of GitHub.
#
# Needs `cargo`, `git`, `curl`, `unzip` and Python 3. `tests/packages/action.sh NAME` runs the proofs with
# NAME in their name only.
. "$(dirname "$0")/setup.sh"
python_tools 'pyyaml>=6,<7'
owners=$target/debug/owners
cargo build --quiet --locked --manifest-path "$project/Cargo.toml" --target-dir "$target"
strip -o "$scratch/owners" "$owners"
strip -o "$scratch/owners-lsp" "$target/debug/owners-lsp"
PYTHONDONTWRITEBYTECODE=1 python "$project/tests/packages/ci/action.py" "$scratch" "$@"
