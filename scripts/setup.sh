# What the scripts that try owners on real repositories have in common. They source this file: it prints
# the comment at their top if they have no arguments, sets OWNERS to a binary and scratch to a
# directory that is removed at the end, and names an author for commits.
set -eu
if [ $# -eq 0 ]; then
    sed -n '2,/^$/{s/^# \{0,1\}//p;}' "$0" >&2
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
export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@example.com GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@example.com
