#!/usr/bin/env bash
# The component for GitLab CI, its job run as a runner would, with a server on 127.0.0.1 instead of GitLab.
#
# Needs `cargo`, `git` and Python 3. `tests/packages/gitlab.sh NAME` runs the proofs with NAME in their
# name only.
. "$(dirname "$0")/setup.sh"
python_tools 'pyyaml>=6,<7' check-jsonschema==0.39.0
cargo build --quiet --locked --manifest-path "$project/Cargo.toml" --target-dir "$target"
strip -o "$scratch/owners" "$target/debug/owners"
PYTHONDONTWRITEBYTECODE=1 python "$project/tests/packages/ci/gitlab.py" "$scratch" "$@"
