#!/bin/sh
# Checks that everything names the same version, and prints the release notes.
#
#     packaging/release/notes.sh v0.1.0
#
# The tag must be that of the version in Cargo.toml, and CHANGELOG.md must have a section for it with a
# date. The notes are this section.
# Backticks in messages are commands for people.
# shellcheck disable=SC2016
set -eu
cd "$(dirname "$0")/../.."

fail() {
    printf 'notes.sh: %s\n' "$1" >&2
    exit 1
}

[ $# -eq 1 ] || fail 'name the tag: `packaging/release/notes.sh v0.1.0`'
tag=$1
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
[ "$tag" = "v$version" ] ||
    fail "the tag is $tag, and the version in Cargo.toml is $version: change one of them"

notes=$(awk -v heading="## [$version] - " '
    index($0, "## ") == 1 { inside = index($0, heading) == 1 && $0 ~ / - [0-9]+-[0-9]+-[0-9]+$/; next }
    inside' CHANGELOG.md)
[ -n "$(printf %s "$notes" | tr -d '[:space:]')" ] ||
    fail "CHANGELOG.md has no section \`## [$version] - YYYY-MM-DD\` with text: move what is under *Unreleased* there"

# Links of the changelog are relative to the repository.
printf '%s\n' "$notes" |
    sed "s,](\([A-Za-z0-9._/-]*\(#[^)]*\)*\)),](https://github.com/owners-cli/owners/blob/$tag/\1),g" |
    sed '/./,$!d'
