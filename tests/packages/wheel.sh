#!/usr/bin/env bash
# The wheel and the source distribution for the Python Package Index: built as for a release, checked,
# and installed where there is no compiler.
#
# Needs `cargo`, `git` and Python 3 with `venv`; installs maturin, ziglang, twine, auditwheel, pipx
# and uv.
. "$(dirname "$0")/setup.sh"
python_tools 'maturin>=1.9,<2' ziglang twine auditwheel pipx uv
cheap_release

version=$(crate_version)
arch=$(uname -m)
dist="$scratch/dist"
wheel="$dist/owners_cli-$version-py3-none-manylinux2014_$arch.manylinux_2_17_$arch.whl"
sdist="$dist/owners_cli-$version.tar.gz"

cd "$project/packaging/python"
# As packaging/release/build.sh does.
trap 'rm -rf "$scratch" "$project/packaging/python/LICENSE-THIRD-PARTY"' EXIT
../release/notices.py >LICENSE-THIRD-PARTY
passes "maturin builds the source distribution, and with zig the wheel from it" \
    maturin build --sdist --release --zig --compatibility manylinux_2_17 --out "$dist"
cd "$scratch"
passes "the wheel is for manylinux 2.17, of the version in Cargo.toml" test -f "$wheel"
passes "the source distribution is of that version" test -f "$sdist"
passes "twine finds nothing wrong with either, or with the description" twine check --strict "$dist"/*
prints "auditwheel finds no symbol that glibc 2.17 lacks" \
    "platform tag to \"manylinux_2_17_$arch\"" auditwheel show "$wheel"

cargo metadata --no-deps --format-version 1 --manifest-path "$project/Cargo.toml" >crate.json
python - "$wheel" "$sdist" crate.json >"$log" 2>&1 <<'END' || fail "the packages should hold what is needed, and nothing else"
import email, json, re, sys, tarfile, zipfile

wheel, sdist = zipfile.ZipFile(sys.argv[1]), tarfile.open(sys.argv[2])
package = json.load(open(sys.argv[3]))["packages"][0]
files = {name.split("/", 1)[1] for name in wheel.namelist()}
assert files == {
    "METADATA", "RECORD", "WHEEL", "licenses/LICENSE-APACHE", "licenses/LICENSE-MIT", "licenses/LICENSE-THIRD-PARTY",
    "sboms/owners-cli.cyclonedx.json", "scripts/owners", "scripts/owners-lsp",
}, files
metadata = email.message_from_bytes(wheel.read(next(n for n in wheel.namelist() if n.endswith("/METADATA"))))
assert metadata["Version"] == package["version"] and metadata["Summary"] == package["description"]
assert metadata["License-Expression"] == package["license"], metadata["License-Expression"]
assert metadata["Keywords"].split(",") == package["keywords"], metadata["Keywords"]
kinds = {re.sub(r"^(src|docs/lints)/.*\.(rs|md|html|css|js|txt)$", r"\1", name.split("/", 1)[1]) for name in sdist.getnames()}
assert kinds == {
    "ABOUT.md", "CHANGELOG.md", "Cargo.lock", "Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "LICENSE-THIRD-PARTY", "PKG-INFO", "README.md",
    "docs/export.schema.json", "docs/lints", "docs/owners.schema.json", "pyproject.toml", "src",
}, kinds
END
echo "ok - both hold what is needed, and nothing else"

# A repository to run `owners` in, and a PATH where git is, but no compiler.
mkdir repo bare
git init -q repo
mkdir repo/src
touch repo/README.md repo/src/lib.rs
git -C repo add --all
ln -s "$(command -v git)" bare/git
compiler=$(PATH="$scratch/bare" command -v cargo gcc cc || true)
[ -z "$compiler" ] || fail "there should be no compiler, but there is $compiler"

# tries WHAT COMMAND…: COMMAND is `owners`, and does what a newcomer asks of it.
tries() {
    local what=$1
    shift
    rm -rf repo/owners.toml repo/.github
    prints "$what: \`owners --version\`" "owners $version" "$@" --version
    prints "$what: \`owners lsp\` runs the language server" "owners-lsp $version" "$@" lsp --version
    (
        cd repo
        passes "$what: \`owners init\` writes a starter" "$@" init
        printf '[groups]\ncore = "@org/core"\n\n[paths]\n"*" = "core"\n' >owners.toml
        passes "$what: \`owners gen\` writes the CODEOWNERS file" "$@" gen
        git add --all
        passes "$what: \`owners check\` passes" "$@" check
        prints "$what: \`owners who\`, from a directory, says the owner" '@org/core' "$@" -C src who lib.rs
        printf '[paths]\n"/src/" = "@org/core"\n' >owners.toml
        refused "$what: \`owners check\` refuses a stale file" 'stale-output' "$@" check
    )
}

python -m venv fresh
passes "pip installs the wheel" \
    env PATH="$scratch/bare" "$scratch/fresh/bin/pip" install --no-index --find-links "$dist" owners-cli
tries "pip" env PATH="$scratch/fresh/bin:$scratch/bare" owners
passes "pip uninstalls it" "$scratch/fresh/bin/pip" uninstall --yes owners-cli
refused "and leaves no binary" 'No such file' ls "$scratch/fresh/bin/owners"

without_compiler="$(dirname "$(command -v uvx)"):$scratch/bare"
export UV_PYTHON_DOWNLOADS=never
UV_PYTHON=$(python -c 'import sys; print(sys._base_executable)')
export UV_PYTHON
tries "uvx" env PATH="$without_compiler" uvx --from "$wheel" owners
prints "pipx run" "owners $version" env PATH="$without_compiler" pipx run --spec "$wheel" owners --version

passes "pip builds a wheel from the source distribution" \
    pip wheel --no-deps --wheel-dir built "$sdist"
passes "and installs it" fresh/bin/pip install --no-index built/*.whl
tries "source distribution" env PATH="$scratch/fresh/bin:$scratch/bare" owners

echo "wheel: all proofs hold"
