#!/bin/sh
# Writes the list of all crates in the binary, as CycloneDX, for a release.
#
#     packaging/release/sbom.sh DIRECTORY
#
# Needs Rust. Compiles cargo-cyclonedx once, into `target/cyclonedx`. The list is the same for all
# targets but Windows, which has a few crates more, so all targets are in it.
set -eu
cd "$(dirname "$0")/../.."

version=0.5.9
cyclonedx=target/cyclonedx/bin/cargo-cyclonedx
mkdir -p "$1"
if [ "$("$cyclonedx" cyclonedx --version 2>/dev/null)" != "cargo-cyclonedx-cyclonedx $version" ]; then
    cargo install cargo-cyclonedx --version "$version" --locked --debug --force --root target/cyclonedx
fi
# It writes beside Cargo.toml, and has no option for that.
"$cyclonedx" cyclonedx --quiet --format json --describe binaries --target all --spec-version 1.5 --no-build-deps
# The path of this directory is nobody's business.
sed "s,file://$PWD\([#\"]\),file:///owners\1,g" owners_bin.cdx.json >"$1/owners-cli.cdx.json"
rm owners_bin.cdx.json
