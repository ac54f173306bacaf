#!/bin/sh
# Installs `owners` and its language server `owners-lsp` from a release: checks the SHA-256, and puts the
# binaries into a directory.
#
#     curl -fsSL https://github.com/owners-cli/owners/releases/latest/download/install.sh | sh
#
# Variables that change what it does:
#
#     OWNERS_VERSION       the version, such as 0.1.0. The default is the latest release.
#     OWNERS_INSTALL_DIR   where the binaries go. The default is ~/.local/bin.
#     OWNERS_DOWNLOAD_URL  a mirror of https://github.com/owners-cli/owners/releases
#
# It needs no root. If it fails, nothing has changed.
# Backticks in messages are commands for people.
# shellcheck disable=SC2016
set -eu

say() {
    printf '%s\n' "$*" >&2
}

fail() {
    say "install.sh: error: $1"
    shift
    for line in "$@"; do say "  = help: $line"; done
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# The targets for this machine, the best one first.
targets() {
    system=$(uname -s)
    machine=$(uname -m)
    case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) unsupported ;;
    esac
    case $system in
    Linux)
        # The binary for musl is static and runs everywhere. That for glibc is faster.
        if getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
            echo "$machine-unknown-linux-gnu"
        fi
        echo "$machine-unknown-linux-musl"
        ;;
    Darwin)
        # A shell that runs in Rosetta sees the other processor.
        if [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then machine=aarch64; fi
        echo "$machine-apple-darwin"
        ;;
    *) unsupported ;;
    esac
}

unsupported() {
    fail "there is no binary for $(uname -s) on $(uname -m)" \
        'compile it: `cargo install owners-cli --locked`' \
        'on Windows, use install.ps1'
}

# download URL FILE
download() {
    if has curl; then
        case $1 in
        https:*) curl -fsSL --proto '=https' --tlsv1.2 --retry 3 -o "$2" "$1" ;;
        *) curl -fsSL -o "$2" "$1" ;;
        esac
    elif has wget; then
        wget -q -O "$2" "$1"
    else
        fail 'neither curl nor wget is installed' 'install one of them'
    fi || fail "cannot download $1" 'is the version right, and is the network up?'
}

# The SHA-256 of a file.
sha256() {
    if has sha256sum; then
        sum=$(sha256sum "$1")
    elif has shasum; then
        sum=$(shasum -a 256 "$1")
    elif has openssl; then
        sum=$(openssl dgst -sha256 -r "$1")
    else
        fail 'cannot compute a SHA-256: sha256sum, shasum and openssl are missing' 'install one of them'
    fi
    echo "${sum%% *}"
}

# fetch TARGET: downloads, checks and unpacks the archive. The binary is then $scratch/TARGET/owners.
fetch() {
    name="owners-cli-$1"
    download "$url/$name.tar.gz" "$scratch/$name.tar.gz"
    wanted=$(sed -n "s/^\([0-9a-f]\{64\}\) [ *]$name\.tar\.gz\$/\1/p" "$scratch/SHA256SUMS")
    [ -n "$wanted" ] || fail "SHA256SUMS does not list $name.tar.gz" 'report this as a bug'
    found=$(sha256 "$scratch/$name.tar.gz")
    [ "$found" = "$wanted" ] ||
        fail "$name.tar.gz has the wrong SHA-256: $found instead of $wanted" \
            'it may be damaged or replaced: try again, and report it if it stays so'
    tar -xzf "$scratch/$name.tar.gz" -C "$scratch" || fail "cannot unpack $name.tar.gz"
}

# Downloads the binary for this machine, and sets $binary.
choose() {
    for target in $targets; do
        fetch "$target"
        binary="$scratch/owners-cli-$target/owners"
        if version=$("$binary" --version 2>/dev/null); then
            return
        fi
        say "the binary for $target does not run here"
    done
    fail 'no binary runs here' 'compile it: `cargo install owners-cli --locked`'
}

# put FILE NAME: puts a file into $directory under this name. A new file beside the old one, and then a rename:
# at no time is there half a binary.
put() {
    [ ! -d "$directory/$2" ] ||
        fail "$directory/$2 is a directory" 'remove it, or name another directory: OWNERS_INSTALL_DIR=DIR'
    new=$(mktemp "$directory/.owners-XXXXXX" 2>/dev/null) ||
        fail "cannot write to $directory" 'name another directory: OWNERS_INSTALL_DIR=DIR'
    if ! { cp "$1" "$new" && chmod 755 "$new" && mv -f "$new" "$directory/$2"; }; then
        fail "cannot write $directory/$2"
    fi
}

main() {
    releases=${OWNERS_DOWNLOAD_URL:-https://github.com/owners-cli/owners/releases}
    directory=${OWNERS_INSTALL_DIR:-${HOME:?set HOME or OWNERS_INSTALL_DIR}/.local/bin}
    wanted=${OWNERS_VERSION:-latest}
    case $wanted in
    latest) url=$releases/latest/download ;;
    *) url=$releases/download/v${wanted#v} ;;
    esac
    targets=$(targets)

    scratch=$(mktemp -d)
    new=
    trap 'rm -rf "$scratch" "${new:-$scratch}"' EXIT
    trap 'exit 1' HUP INT TERM
    download "$url/SHA256SUMS" "$scratch/SHA256SUMS"
    choose

    case $directory in
    '~'*) fail "OWNERS_INSTALL_DIR is $directory, and no shell has replaced the ~" 'write it without quotes, or with $HOME' ;;
    esac
    mkdir -p "$directory" 2>/dev/null || true
    directory=$(cd "$directory" 2>/dev/null && pwd || echo "$directory")
    put "$binary" owners
    # An older release has no language server.
    [ ! -f "$binary-lsp" ] || put "$binary-lsp" owners-lsp
    say "installed $version as $directory/owners"
    case :$PATH: in
    *:"$directory":*) ;;
    *) say "$directory is not on your PATH: add it with \`export PATH=\"$directory:\$PATH\"\`" ;;
    esac
}

# The last line starts it, so a download that was cut off does nothing.
main
