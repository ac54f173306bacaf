#!/usr/bin/env bash
# Adds the checksums of a release to checksums.txt, after the release and before the tag of the Action
# moves: `packaging/action/add-checksums.sh VERSION SHA256SUMS`, where SHA256SUMS is the file of the
# release. See the head of checksums.txt.
set -euo pipefail

[ $# -eq 2 ] || { echo "usage: $0 VERSION SHA256SUMS" >&2; exit 2; }
version=${1#v} sums=$2 list=$(dirname "$0")/checksums.txt

# The archives that install.sh may ask for.
archives=(
    owners-cli-x86_64-unknown-linux-musl.tar.gz
    owners-cli-aarch64-unknown-linux-musl.tar.gz
    owners-cli-x86_64-apple-darwin.tar.gz
    owners-cli-aarch64-apple-darwin.tar.gz
    owners-cli-x86_64-pc-windows-msvc.zip
)

if grep -q "  v$version/" "$list"; then
    echo "$list has checksums of $version already" >&2
    exit 2
fi
lines=
for each in "${archives[@]}"; do
    # sha256sum marks a binary file with an asterisk.
    sum=$(awk -v name="$each" '{ sub(/^\*/, "", $2) } $2 == name { print $1 }' "$sums")
    [[ $sum =~ ^[0-9a-f]{64}$ ]] || { echo "$sums has no SHA-256 of $each" >&2; exit 2; }
    lines+="$sum  v$version/$each"$'\n'
done
printf '%s' "$lines" >>"$list"
echo "added ${#archives[@]} checksums of $version to $list"
