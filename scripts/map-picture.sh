#!/usr/bin/env bash
# Takes a picture of a page that `owners map` wrote, for the documentation, as a small WebP:
#
#     scripts/map-picture.sh PAGE PICTURE [FRAGMENT]
#
# FRAGMENT is what follows `#` in the address, such as `theme=dark`. The pictures in docs/pictures are of a
# clone of bytecodealliance/wasmtime at e6b33de513, in both themes, and of its `f944f6a686~1..68cbc5c303`; and
# of the repository of a million files that tests/packages/map.sh makes. Needs Chromium, Python 3 with venv.
set -euo pipefail
page=$(realpath "$1") picture=$(realpath -m "$2") fragment=${3:-}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
HOME=$scratch chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,760 \
    --user-data-dir="$scratch/profile" --screenshot="$scratch/picture.png" "file://$page#$fragment" 2>/dev/null
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check pillow==13.0.0
"$scratch/venv/bin/python" - "$scratch/picture.png" "$picture" <<'PYTHON'
import sys
from PIL import Image
picture = Image.open(sys.argv[1]).convert("RGB")
# Few colors without dithering are small without loss.
few = picture.quantize(144, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).convert("RGB")
few.save(sys.argv[2], lossless=True, quality=100, method=6)
PYTHON
