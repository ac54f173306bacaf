#!/usr/bin/env bash
# The first step of the Action: installs a release of `owners` for the rest of the job. Nothing of a
# download runs, or is unpacked, before its checksum is verified.
# shellcheck source=packaging/action/shared.sh
. "$(dirname "$0")/shared.sh"

repository=${ACTION_REPOSITORY:-owners-cli/owners}

# Sets target, and exe, the end of the program's name.
platform() {
    exe=
    case "$RUNNER_OS-$RUNNER_ARCH" in
    Linux-X64) target=x86_64-unknown-linux-musl ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    # Windows on ARM emulates the other processor.
    Windows-X64 | Windows-ARM64) target=x86_64-pc-windows-msvc exe=.exe ;;
    *) fail "There is no release of owners for $RUNNER_OS on $RUNNER_ARCH. Install it in a step before, and set \`install: false\`." ;;
    esac
}

# Sets version and sum, the checksum of the archive of this version.
known() {
    version=${INPUT_VERSION//[[:space:]]/}
    version=${version#v}
    [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] ||
        fail "The input \`version\` is \`$INPUT_VERSION\`: write a release, such as \`0.1.0\`."
    asset=owners-cli-$target.tar.gz
    [ -z "$exe" ] || asset=owners-cli-$target.zip
    sum=$(printf '%s' "${INPUT_SHA256//[[:space:]]/}" | tr 'A-F' 'a-f')
    sum=${sum#sha256:}
    if [ -n "$sum" ]; then
        [[ $sum =~ ^[0-9a-f]{64}$ ]] || fail "The input \`sha256\` is not a SHA-256 in hexadecimal."
        return
    fi
    sum=$(awk -v name="v$version/$asset" '$2 == name { print $1; exit }' "$(dirname "$0")/checksums.txt")
    [ -n "$sum" ] || fail "This version of the Action does not know the checksum of \`$asset\` of owners $version, so it does not install it. Update the Action (\`uses: owners-cli/owners@v0\`), or copy the checksum from \`SHA256SUMS\` of the release to the input \`sha256\`."
}

# Downloads the archive.
download() {
    local base=${INPUT_DOWNLOAD_URL:-https://github.com/$repository/releases/download}
    local url=${base%/}/v$version/$asset status code=0
    status=$(curl --silent --show-error --fail --location --proto '=http,https' --proto-redir '=http,https' \
        --connect-timeout 20 --max-time 300 --retry 3 --retry-delay 1 --retry-connrefused \
        --output "$archive" --write-out '%{http_code}' "$url") || code=$?
    [ "$code" -ne 0 ] || return 0
    if [ "$status" = 404 ]; then
        fail "There is no $url. Is $version a release, with this archive?"
    fi
    fail "Cannot download $url: curl ended with $code, the HTTP status is $status. For a runner without access to it, give a mirror as \`download-url\`, or install owners in a step before and set \`install: false\`."
}

# Prints the SHA-256 of a file.
sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1"
    else
        shasum -a 256 <"$1"
    fi | cut -d ' ' -f 1
}

unpack() {
    case "$asset" in
    *.zip) unzip -q -o "$archive" -d "$directory" ;;
    *) tar -xzf "$archive" -C "$directory" ;;
    esac || fail "Cannot unpack $asset."
}

install() {
    platform
    known
    directory=$(posix "$RUNNER_TEMP")/owners-cli-$version
    archive=$directory/$asset
    rm -rf "$directory"
    mkdir -p "$directory"
    download
    local actual
    actual=$(sha256 "$archive")
    if [ "$actual" != "$sum" ]; then
        rm -f "$archive"
        fail "The checksum of $asset is wrong, so it was deleted: it is $actual, and should be $sum."
    fi
    unpack
    rm -f "$archive"
    owners=$directory/owners-cli-$target/owners$exe
    says=$("$owners" --version) || fail "$asset has no owners that runs here."
    [ "$says" = "owners $version" ] || fail "$asset has \`$says\`, not \`owners $version\`."
    native "$(dirname "$owners")" >>"$GITHUB_PATH"
    echo >>"$GITHUB_PATH"
    echo "Installed $says; its checksum is $sum."
}

if is_true install "$INPUT_INSTALL"; then
    install
else
    owners=$(command -v owners) || fail "\`install\` is \`false\`, and there is no \`owners\` on PATH."
    echo "Using $("$owners" --version) at $owners."
fi
output owners "$owners"
