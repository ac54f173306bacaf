#!/usr/bin/env bash
# Bundles the part of d3-hierarchy that `owners map` draws with: `hierarchy`, `treemap` and
# `treemapSquarify`, as the global `d3`, with the licence at the top.
#
#     scripts/treemap-bundle.sh [FILE]
#
# FILE is src/bin/owners/map/treemap.js unless given. Needs Node.js and npm.
set -euo pipefail
cd "$(dirname "$0")/.."
file=$(realpath -m "${1:-src/bin/owners/map/treemap.js}")
d3_version=3.1.3
esbuild_version=0.28.2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
npm install --prefix . --silent --no-audit --no-fund "d3-hierarchy@$d3_version" "esbuild@$esbuild_version"
{
    echo "/* d3-hierarchy $d3_version, its treemap only, bundled by scripts/treemap-bundle.sh."
    echo
    cat node_modules/d3-hierarchy/LICENSE
    echo "*/"
} >header.js
echo 'export { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";' >entry.js
npx --no-install esbuild entry.js --bundle --minify --format=iife --global-name=d3 --target=es2020 \
    --banner:js="$(cat header.js)" --outfile=bundle.js --log-level=warning
mv bundle.js "$file"
