# The start of every script in this directory, which sources it. Each script installs one package of
# owners as a user would, runs it, and prints a line for each proof. It stops at the first that fails.
#
# Sets: project, the root of this repository; scratch, a directory that is removed at the end; target,
# Cargo's target directory. Git reads no configuration of the user, and commits have an author.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

target=${CARGO_TARGET_DIR:-target}
[[ $target == /* ]] || target=$project/$target

# A commit in progress and the configuration of the user do not reach the scratch repositories.
unset "${!GIT_@}"
export CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
export PIP_CACHE_DIR="${PIP_CACHE_DIR:-$HOME/.cache/pip}" npm_config_cache="${npm_config_cache:-$HOME/.npm}"
export HOME="$scratch/home"
mkdir "$HOME"
export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com

log="$scratch/log"

# fail WHAT: prints the output of the last command, and stops.
fail() {
    echo "FAILED: $1"
    [ ! -f "$log" ] || cat "$log"
    exit 1
}

# passes WHAT COMMAND…: the command succeeds.
passes() {
    local what=$1
    shift
    "$@" >"$log" 2>&1 </dev/null || fail "$what: \`$*\` should pass"
    echo "ok - $what"
}

# prints WHAT TEXT COMMAND…: the command succeeds, and its output contains TEXT.
prints() {
    local what=$1 text=$2
    shift 2
    "$@" >"$log" 2>&1 </dev/null || fail "$what: \`$*\` should pass"
    grep -qF -- "$text" "$log" || fail "$what: the output lacks: $text"
    echo "ok - $what"
}

# refused WHAT TEXT COMMAND…: the command fails, and its output contains TEXT.
refused() {
    local what=$1 text=$2
    shift 2
    if "$@" >"$log" 2>&1 </dev/null; then
        fail "$what: \`$*\` should fail"
    fi
    grep -qF -- "$text" "$log" || fail "$what: the output lacks: $text"
    echo "ok - $what"
}

# snapshot DIR: a repository with the files of this working tree, committed or not, in one commit.
snapshot() {
    mkdir "$1"
    git -C "$project" ls-files -z --cached --others --exclude-standard |
        (cd "$project" && xargs -0 -I{} sh -c '[ ! -f "$1" ] || printf "%s\0" "$1"' _ {}) |
        tar -C "$project" --null -T - -cf - | tar -C "$1" -xf -
    git -C "$1" init -q
    git -C "$1" add --all --force
    git -C "$1" commit -q -m snapshot
}

# changed PATH…: whether this branch, or its last commit on `main` itself, changes one of them. True if
# there is nothing to compare with.
changed() {
    local base
    base=$(git -C "$project" merge-base HEAD origin/main 2>/dev/null ||
        git -C "$project" merge-base HEAD main 2>/dev/null) || return 0
    [ "$base" != "$(git -C "$project" rev-parse HEAD)" ] ||
        base=$(git -C "$project" rev-parse --verify --quiet HEAD^) || return 0
    [ -n "$(git -C "$project" diff --name-only "$base" -- "$@")" ]
}

# crate_version: the version in Cargo.toml.
crate_version() {
    sed -n 's/^version = "\(.*\)"$/\1/p' "$project/Cargo.toml" | head -n 1
}

# cheap_release: from here on, a release build is not optimized. What is tested is the package, not the
# optimizer. What was built stays, apart from other builds, so that the next run is quick.
cheap_release() {
    export CARGO_TARGET_DIR="$target/packages"
    export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off
    export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
}

# python_tools PACKAGE…: installs packages of the Python Package Index, and puts them first on PATH.
python_tools() {
    [ -d "$scratch/tools" ] || python3 -m venv "$scratch/tools"
    "$scratch/tools/bin/pip" install --quiet --disable-pip-version-check "$@"
    export PATH="$scratch/tools/bin:$PATH"
}

# find_browser: sets `browser` to Chromium or Google Chrome. As root, it installs Chromium if there is none.
find_browser() {
    browser=$(command -v chromium || command -v google-chrome || command -v google-chrome-stable || true)
    if [ -z "$browser" ] && [ "$(id -u)" -eq 0 ]; then
        passes "Chromium is installed" sh -c 'apt-get -qq update && apt-get -qq install --no-install-recommends chromium'
        browser=$(command -v chromium)
    fi
    [ -n "$browser" ] || fail "install Chromium or Google Chrome"
}
