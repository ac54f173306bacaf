#!/bin/sh
# Builds what a release has for a target: the archive and the wheel.
#
#     packaging/release/build.sh TARGET DIRECTORY
#
# Needs Rust with rustup, Python with venv, and a machine that can run the binary. The tools of
# requirements.txt are installed below `target`. Binaries for Linux are linked by zig: those for
# glibc need only glibc 2.17, those for musl are static.
set -eu
cd "$(dirname "$0")/../.."

[ $# -eq 2 ] || { echo 'usage: build.sh TARGET DIRECTORY' >&2; exit 1; }
target=$1
mkdir -p "$2"
directory=$(cd "$2" && pwd)
tools=target/release-tools
python=$(command -v python3 || command -v python)

[ -d "$tools" ] || "$python" -m venv "$tools"
# Windows has another name for the directory.
PATH="$PWD/$tools/bin:$PWD/$tools/Scripts:$PATH"
python -m pip install --quiet --disable-pip-version-check --requirement packaging/release/requirements.txt
rustup target list --installed | grep -qx "$target" || rustup target add "$target"

case $target in
*-linux-gnu)
    cargo zigbuild --release --locked --target "$target.2.17"
    wheel='--zig --compatibility manylinux_2_17'
    ;;
*-linux-musl)
    # Zig compiles the C code of TLS for musl, for which the machine has no compiler.
    cargo zigbuild --release --locked --target "$target"
    wheel='--zig --compatibility musllinux_1_2'
    ;;
*)
    cargo build --release --locked --target "$target"
    wheel=
    ;;
esac
case $target in
*-windows-*) binary=owners.exe ;;
*) binary=owners ;;
esac
python packaging/release/archive.py "$target" "${CARGO_TARGET_DIR:-target}/$target/release/$binary" "$directory"
# Maturin takes the licences from beside pyproject.toml.
cp LICENSE-APACHE LICENSE-MIT packaging/python
python packaging/release/notices.py >packaging/python/LICENSE-THIRD-PARTY
cd packaging/python
# shellcheck disable=SC2086 # Several words, or none.
maturin build --release --target "$target" $wheel --out "$directory"
rm LICENSE-APACHE LICENSE-MIT LICENSE-THIRD-PARTY
