#!/bin/sh
# Compares owners with other tools: time and memory of the same tasks on the same repositories, and
# answers that differ from GitHub's documentation. Prints the tables of docs/performance.md.
#
#   scripts/peers.sh CLONE [DIRECTORY]
#
# CLONE is a local clone of a repository with a CODEOWNERS file; it is not changed. The copy of it, two
# made repositories and the tools go to DIRECTORY (4 GB), which is kept; default: a temporary one. Needs
# git, cargo, npm and python3 with venv, and installs the tools of crates.io, PyPI and npm.
#
# RUNS=5, LIMIT=60 (seconds of processor time for a run) and SIZES="100000x1000 1000000x10000" (files x
# rules) can be set. CASES=0 leaves the answers out; RUNS=0 leaves the times out.

. "$(dirname "$0")/setup.sh"
cd "$(dirname "$0")/.."
clone=$(git -C "$OLDPWD" -C "$1" rev-parse --show-toplevel)
for command in cargo npm python3; do
    command -v "$command" >/dev/null || { echo "$0 needs $command" >&2; exit 2; }
done
found=$(git -C "$clone" ls-files .github/CODEOWNERS CODEOWNERS docs/CODEOWNERS)
[ -n "$found" ] || { echo "$clone has no CODEOWNERS file for GitHub" >&2; exit 2; }
where=${2:-$scratch}
mkdir -p "$where/tools"
where=$(cd "$where" && pwd)
tools=$where/tools

# The versions are those of the tables. What the tools depend on is what is current.
codeowners_rs=0.1.1 py_codeowners=0.9.0 owners_yaml=0.3.0
npm_codeowners=5.1.1 github_codeowners=0.2.1 codeowners_generator=2.5.0

# The crate is a library, as is the package of PyPI: scripts/peers/ has a loop over standard input for each.
if [ ! -x "$tools/codeowners-rs" ]; then
    mkdir -p "$tools/crate/src"
    cp scripts/peers/codeowners_rs.rs "$tools/crate/src/main.rs"
    cat >"$tools/crate/Cargo.toml" <<END
[package]
name = "peer"
edition = "2021"
[dependencies]
codeowners-rs = "=$codeowners_rs"
[workspace]
END
    cargo build --release --quiet --manifest-path "$tools/crate/Cargo.toml" --target-dir "$tools/crate/target"
    cp "$tools/crate/target/release/peer" "$tools/codeowners-rs"
fi
[ -d "$tools/python" ] || python3 -m venv "$tools/python"
"$tools/python/bin/pip" --quiet --disable-pip-version-check install \
    "codeowners==$py_codeowners" "owners-yaml==$owners_yaml"
npm install --silent --no-audit --no-fund --prefix "$tools" \
    "codeowners@$npm_codeowners" "github-codeowners@$github_codeowners" \
    "codeowners-generator@$codeowners_generator"

# Some of the tools walk the files, so a made repository needs all of them. Without owners.toml, and the
# lines that name it, owners reads the CODEOWNERS file, as the other tools do.
fill() {
    rm "$1/owners.toml"
    sed -i.bak '1,2d' "$1/.github/CODEOWNERS"
    rm "$1/.github/CODEOWNERS.bak"
    git -C "$1" hash-object -w --stdin </dev/null >/dev/null
    git -C "$1" update-index --force-remove owners.toml
    git -C "$1" update-index .github/CODEOWNERS
    git -C "$1" checkout-index --all --force --quiet
}
sizes=
[ "${RUNS:-5}" = 0 ] || sizes=${SIZES:-100000x1000 1000000x10000}
for size in $sizes; do
    [ ! -d "$where/$size" ] || continue
    cargo run --release --quiet --example synth -- "$where/$size" "${size%x*}" "${size#*x}" >&2
    fill "$where/$size"
done
if [ ! -d "$where/clone" ]; then
    git clone --quiet --shared --no-checkout "$clone" "$where/clone"
    git -C "$where/clone" read-tree HEAD
    # A partial clone lacks some files: empty ones do.
    git -C "$where/clone" checkout-index --all --quiet ||
        git -C "$where/clone" ls-files --deleted -z | (cd "$where/clone" && xargs -0 -r touch)
fi
OWNERS=$OWNERS RUNS=${RUNS:-5} LIMIT=${LIMIT:-60} SIZES=$sizes CASES=${CASES:-1} \
    python3 scripts/peers.py "$where" "${clone##*/}"
