#!/usr/bin/env bash
# The language server in editors: with what pytest-lsp knows of them, in a real Neovim without a screen, and
# the extension for Visual Studio Code, packed by vsce.
#
#     tests/packages/lsp.sh
#
# Needs `cargo`, `git`, Python 3 with venv, Node 20 or later with npm, unzip, and Neovim, which it installs with
# apt-get as root.
. "$(dirname "$0")/setup.sh"
python_tools 'pytest-lsp>=1,<2' 'pytest>=8,<10'
cargo build --quiet --locked --manifest-path "$project/Cargo.toml" --target-dir "$target" --bins
export OWNERS_LSP="$target/debug/owners-lsp"

nvim=$(command -v nvim || true)
if [ -z "$nvim" ] && [ "$(id -u)" -eq 0 ]; then
    passes "Neovim is installed" sh -c 'apt-get -qq update && apt-get -qq install --no-install-recommends neovim'
    nvim=$(command -v nvim)
fi
[ -n "$nvim" ] || fail "install Neovim"

cd "$scratch"
cp "$project"/tests/packages/lsp/test_server.py .
passes "the server passes the tests of pytest-lsp" python -m pytest --quiet -p no:cacheprovider test_server.py
tail -n 1 "$log"

# What the test of pytest-lsp has.
python - >owners.toml <<'PYTHON'
import os
os.environ.setdefault("OWNERS_LSP", "")
from test_server import CONFIG
print(CONFIG, end="")
PYTHON
mkdir repository repository/docs
mv owners.toml repository
touch repository/docs/guide.md
git init -q repository
git -C repository add -A
cd repository
timeout 120 "$nvim" --headless -u NONE -i NONE -n -c "luafile $project/tests/packages/lsp/neovim.lua" >"$log" 2>&1 ||
    fail "Neovim should work with the server"
tr -d '\r' <"$log"
passes "nothing is written by that" git diff --quiet

cp -r "$project/editors/vscode" "$scratch/vscode"
cd "$scratch/vscode"
passes "npm installs what the extension is made of" npm install --silent --no-audit --no-fund --no-update-notifier
passes "vsce packs the extension" npm run --silent package -- --out owners.vsix
unzip -Z1 owners.vsix | sort >files
cat >expected <<'END_OF_FILES'
[Content_Types].xml
extension.vsixmanifest
extension/dist/extension.js
extension/language-configuration.json
extension/package.json
extension/readme.md
END_OF_FILES
passes "the package holds what is needed, and nothing else" diff expected files
prints "it is of the version in Cargo.toml" "\"version\": \"$(crate_version)\"" cat package.json
passes "it takes less than a megabyte" test "$(wc -c <owners.vsix)" -lt 1000000

echo "lsp: all proofs hold"
