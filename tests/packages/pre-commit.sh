#!/usr/bin/env bash
# The shipped pre-commit hooks, run by the real pre-commit in a scratch repository.
#
# Needs `cargo` and `git` on PATH; installs the hooks from this very tree as a user's
# pre-commit would.
. "$(dirname "$0")/setup.sh"
python_tools 'pre-commit>=4,<5'

export PRE_COMMIT_HOME="$scratch/pre-commit" PRE_COMMIT_COLOR=never
# pre-commit builds a release; what is tested here is the hooks, not the optimizer. What is built
# stays, apart from other builds, so that the next run is quick.
export CARGO_TARGET_DIR="$target/pre-commit"
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off
export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16

hooks="$scratch/owners"
snapshot "$hooks"

cd "$scratch"
git init -q repo
cd repo
mkdir -p crates/wasi crates/wasi-http
touch README.md crates/wasi/lib.rs crates/wasi-http/lib.rs
cat >owners.toml <<'TOML'
[groups]
core = "@org/core"
wasi = "@org/wasi"

[paths]
"/*.*" = "core"
"/.github/" = "core"
"crates/<wasi,wasi-http>" = "wasi"
TOML
cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $hooks
    rev: $(git -C "$hooks" rev-parse HEAD)
    hooks:
      - id: owners-gen
      - id: owners-check
      - id: owners-check
        alias: strict
        args: [-D, warnings]
        stages: [manual]
YAML
git add --all

passes "pre-commit builds the hooks and installs itself" pre-commit install --install-hooks

refused "the first commit, without a generated file, is stopped" \
    '`.github/CODEOWNERS` is not tracked' git commit -m first
[ -f .github/CODEOWNERS ] || fail "the generated file should have been written"
git add .github/CODEOWNERS
passes "with the generated file added, it passes" git commit -m first

echo hello >README.md
passes "a commit that changes nothing about ownership passes" git commit -a -m clean

sed -i.bak 's,wasi = "@org/wasi",wasi = "@org/wasi-reviewers",' owners.toml && rm owners.toml.bak
refused "a commit of owners.toml alone is stopped" 'files were modified by this hook' \
    git commit -a -m edit
passes "and the generated file is corrected on the way" grep -q '@org/wasi-reviewers' .github/CODEOWNERS
passes "so that the second attempt passes" git commit -a -m edit

mkdir tools
touch tools/run
git add tools/run
refused "a commit that only adds an unowned file is stopped" '`tools/run` is unowned' \
    git commit -m add
git rm -q --cached tools/run
rm -r tools

git rm -q crates/wasi-http/lib.rs
refused "a commit that only deletes the last file of an alternative is stopped by -D warnings" \
    'no tracked path matches the alternative `wasi-http`' \
    pre-commit run strict --hook-stage manual
passes "and stopped by nothing without" git commit -m delete

echo "pre-commit: all proofs hold"
