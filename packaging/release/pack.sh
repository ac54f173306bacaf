#!/bin/sh
# Turns what build.sh made for all targets into what is published, sorted by where it goes.
#
#     packaging/release/pack.sh BUILD DIRECTORY
#
# The directory gets `release` (archives, installers, SBOM, SHA256SUMS), `pypi` (wheels and source
# distribution) and `npm` (packages). Needs Rust, Python with venv, and Node with npm.
set -eu
cd "$(dirname "$0")/../.."

[ $# -eq 2 ] || { echo 'usage: pack.sh BUILD DIRECTORY' >&2; exit 1; }
build=$(cd "$1" && pwd)
mkdir -p "$2/release" "$2/pypi" "$2/npm"
out=$(cd "$2" && pwd)
tools=target/release-tools

# npm is first, because it says which archives are missing.
packages=$(mktemp -d)
trap 'rm -rf "$packages"' EXIT
node packaging/npm/build.mjs "$build" "$packages/npm" >"$packages/list"
while read -r each; do
    (cd "$out/npm" && npm pack --silent "$each" >&2)
done <"$packages/list"

cp "$build"/owners_cli-*.whl "$out/pypi"
[ "$(find "$out/pypi" -name '*.whl' | wc -l)" -eq "$(find "$build" -name 'owners-cli-*' | wc -l)" ] || {
    echo 'pack.sh: there is not one wheel for each archive' >&2
    exit 1
}
[ -d "$tools" ] || python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check --requirement packaging/release/requirements.txt
(cd packaging/python && "../../$tools/bin/maturin" sdist --out "$out/pypi")
"$tools/bin/twine" check --strict "$out"/pypi/* >&2

cp "$build"/owners-cli-* packaging/release/install.sh packaging/release/install.ps1 "$out/release"
packaging/release/sbom.sh "$out/release"
cd "$out/release"
# Without the sums themselves.
rm -f SHA256SUMS
sums=$(shasum -a 256 -- *)
printf '%s\n' "$sums" >SHA256SUMS
