#!/usr/bin/env bash
# The licenses and sources of all dependencies, and none of them twice: `cargo deny` with deny.toml.
#
#     tests/packages/deny.sh [--always]
#
# Needs `cargo` and `git`. Compiles cargo-deny once, which takes minutes, into `target/deny`. As long as
# that is missing, nothing is done unless this branch changes the dependencies or the rules; `--always`
# does it anyway. Known vulnerabilities are no part of it: their database is elsewhere, and CI asks it.
. "$(dirname "$0")/setup.sh"
deny_version=0.20.2
cd "$project"

deny="$target/deny/bin/cargo-deny"
if [ "$("$deny" --version 2>/dev/null)" != "cargo-deny $deny_version" ]; then
    if [ "${1:-}" != --always ] && ! changed Cargo.toml Cargo.lock deny.toml tests/packages/deny.sh; then
        echo "skipped - cargo deny: it is not built yet, and this branch changes no dependency (--always runs it)"
        exit 0
    fi
    # It needs no optimization: it reads a few files.
    passes "cargo-deny $deny_version is installed" \
        cargo install cargo-deny --version "$deny_version" --locked --debug --force --root "$target/deny"
fi

# With Cargo's registry as it is after a build.
cargo fetch --quiet --locked
denies() {
    "$deny" --locked --offline --config "$1" check licenses bans sources
}
passes "licenses, sources, and no crate twice" denies deny.toml

sed '/^exceptions/,/^]/d' deny.toml >"$scratch/license.toml"
refused "a license that is not allowed" 'error[rejected]' denies "$scratch/license.toml"
sed 's/^multiple-versions.*/&\ndeny = ["memchr"]/' deny.toml >"$scratch/ban.toml"
refused "a crate that is banned" 'error[banned]' denies "$scratch/ban.toml"
sed 's/^\[sources\]/&\nallow-registry = []/' deny.toml >"$scratch/source.toml"
refused "a registry that is not allowed" 'error[source-not-allowed]' denies "$scratch/source.toml"

echo "deny: all proofs hold"
