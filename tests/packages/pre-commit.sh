#!/usr/bin/env bash
# The shipped hooks, run by the real pre-commit and the real prek in scratch repositories: those that
# install the wheel, where there is no compiler; those that compile; and those that run what is on PATH.
# The hook repository is this very tree. For each way to commit, the proofs say what must happen.
#
# Needs `cargo`, `git` and Python 3 with `venv`; installs pre-commit, prek, maturin and uv.
. "$(dirname "$0")/setup.sh"
python_tools 'pre-commit>=4,<5' 'prek<1' 'maturin>=1.9,<2' uv
cheap_release

export PRE_COMMIT_HOME="$scratch/pre-commit" PREK_HOME="$scratch/prek" PRE_COMMIT_COLOR=never PREK_COLOR=never
export UV_PYTHON_DOWNLOADS=never UV_CACHE_DIR="$scratch/uv"
hooks="$scratch/owners"
snapshot "$hooks"

# What a package index would have: the wheel.
(cd "$project/packaging/python" && maturin build --release --compatibility linux --out "$scratch/dist") >"$log" 2>&1 ||
    fail "maturin should build the wheel"
export PIP_FIND_LINKS="$scratch/dist ${PIP_FIND_LINKS:-}" UV_FIND_LINKS="$scratch/dist"

# A PATH for each kind of hook. Where there should be no compiler, there is everything else.
plain="$scratch/plain"
mkdir "$plain"
ln -s /usr/bin/* "$plain"
rm -f "$plain"/{cargo,rustc,cc,gcc,c89,c99,clang,owners}
ln -sf "$(command -v git)" "$plain/git"
tools="$scratch/tools/bin"
rust_path=$PATH
python_path="$tools:$plain"
system_path="$CARGO_TARGET_DIR/release:$python_path"
compiler=$(PATH=$python_path && command -v cargo rustc cc gcc owners) || true
[ -z "$compiler" ] || fail "there should be no compiler, but there is $compiler"

# repository TOOL SUFFIX: a repository with the hooks of that suffix, installed by TOOL.
repository() {
    git init -q "$repo"
    cd "$repo"
    mkdir -p crates/wasi crates/wasi-http
    touch README.md crates/wasi/lib.rs crates/wasi-http/lib.rs
    cat >owners.toml <<'TOML'
[groups]
core = "@org/core"
wasi = "@org/wasi"

# The next line is far from the last one, so that each can be staged alone.
#
#
#
#

[paths]
"/*.*" = "core"
"/.github/" = "core"
"crates/{wasi,wasi-http}" = "wasi"
TOML
    cat >.pre-commit-config.yaml <<YAML
repos:
  - repo: $hooks
    rev: $(git -C "$hooks" rev-parse HEAD)
    hooks:
      - id: owners-gen$2
      - id: owners-check$2
      - id: owners-check$2
        alias: strict
        args: [-D, warnings]
        stages: [manual]
YAML
    git add --all
    passes "$pair: the hooks are installed" "$1" install "${install_hooks[$1]}"
}
declare -A install_hooks=([pre-commit]=--install-hooks [prek]=--prepare-hooks)

# edit FROM TO: changes owners.toml in the working tree.
edit() {
    sed -i.bak "s,$1,$2," owners.toml && rm owners.toml.bak
}

# fits: what is committed is a pair that fits.
fits() {
    git archive --format=tar HEAD owners.toml .github | (rm -rf "$scratch/head" && mkdir "$scratch/head" && tar -C "$scratch/head" -xf -)
    git -C "$scratch/head" init -q
    "$CARGO_TARGET_DIR/release/owners" -C "$scratch/head" gen --check
}

# lacks TEXT FILE: FILE has no such text.
lacks() {
    test -f "$2" && ! grep -qF -- "$1" "$2"
}

# both TEXT: owners.toml and the generated file have TEXT in the working tree.
both() {
    grep -qF -- "$1" owners.toml && grep -qF -- "$1" .github/CODEOWNERS
}

added_deleted_renamed() {
    mkdir tools
    touch tools/run crates/wasi/new.rs
    git add tools
    refused "$pair: a commit that only adds an unowned file is stopped" '`tools/run` is unowned' git commit -m add
    git rm -rqf tools
    git add crates/wasi/new.rs
    passes "$pair: one that only adds an owned file passes" git commit -m add

    git rm -q crates/wasi/new.rs
    passes "$pair: a commit that only deletes a file passes" git commit -m delete
    git rm -q crates/wasi-http/lib.rs
    refused "$pair: with \`-D warnings\`, the deletion of the last file of an alternative is stopped" \
        'no tracked path matches the alternative `wasi-http`' "$1" run strict "${stage[$1]}" manual
    git reset -q --hard
    git rm -q .github/CODEOWNERS
    refused "$pair: the deletion of the generated file is stopped" 'is not tracked' git commit -m delete
    git add .github
    passes "$pair: and the file is back" git diff --quiet HEAD
    git rm -q owners.toml
    refused "$pair: the deletion of owners.toml is stopped" 'there is no `owners.toml`' git commit -m delete
    git reset -q --hard

    git mv crates/wasi crates/wasm
    refused "$pair: a commit that only moves files out of their rule is stopped" \
        '`crates/wasm/lib.rs` is unowned' git commit -m rename
    git mv crates/wasm crates/wasi
    git mv README.md INTRO.md
    passes "$pair: one that renames a file within its rule passes" git commit -m rename
}
declare -A stage=([pre-commit]=--hook-stage [prek]=--stage)

commit_paths() {
    echo more >INTRO.md
    edit '"@org/core"' '"@org/kernel"'
    "$owners" gen -q
    git add owners.toml .github
    passes "$pair: \`git commit PATH\` of another file passes while a change of owners is staged" \
        git commit INTRO.md -m path
    passes "$pair: and leaves that change out" fits
    passes "$pair: which is still staged" test "$(git diff --cached --name-only | wc -l)" -eq 2
    refused "$pair: \`git commit owners.toml\` without the generated file is stopped" \
        'files were modified by this hook' git commit owners.toml -m path
    passes "$pair: and changes neither" both kernel
    passes "$pair: \`git commit owners.toml .github/CODEOWNERS\` passes" \
        git commit owners.toml .github/CODEOWNERS -m path
    passes "$pair: and leaves nothing behind" git diff --quiet HEAD
}

unstaged() {
    edit '"@org/kernel"' '"@org/core"'
    echo more >>INTRO.md
    git add INTRO.md
    passes "$pair: an unstaged change of owners.toml concerns no commit" git commit -m unstaged
    passes "$pair: gen has not seen it" git diff --quiet HEAD .github
    passes "$pair: and it is still there" grep -q '"@org/core"' owners.toml
    echo 'unfinished = [' >>owners.toml
    echo more >>INTRO.md
    git add INTRO.md
    passes "$pair: not even if it is a mistake" git commit -m unstaged
    git checkout -q owners.toml

    edit '"@org/wasi-reviewers"' '"@org/wasm"'
    git add owners.toml
    edit '"@org/kernel"' '"@org/core"'
    refused "$pair: if a part of owners.toml is staged, the file of that part is needed" \
        'files were modified by this hook' git commit -m part
    passes "$pair: gen writes what the staged part says" grep -q '@org/wasm' .github/CODEOWNERS
    passes "$pair: and nothing of the unstaged part" lacks '@org/core' .github/CODEOWNERS
    git add .github
    passes "$pair: with that file, the commit passes" git commit -m part
    passes "$pair: its pair fits" fits
    passes "$pair: and the unstaged part is still there" grep -q '"@org/core"' owners.toml

    edit '"@org/wasm"' '"@org/webassembly"'
    git add owners.toml
    edit '"@org/core"' '"@org/base"'
    "$owners" gen -q
    refused "$pair: the same with the file of the whole owners.toml in the working tree" \
        'files were modified by this hook' git commit -m mixed
    passes "$pair: nothing is lost" grep -q '@org/base' .github/CODEOWNERS
    passes "$pair: \`owners gen --stage\` stages the file of the staged part" "$owners" gen --stage
    passes "$pair: with it, the commit passes" git commit -m mixed
    passes "$pair: its pair fits" fits
    passes "$pair: and the working tree is as it was" both '@org/base'
}

# proofs TOOL LANGUAGE SUFFIX PATH
proofs() {
    local tool=$1 pair="$1, $2" repo="$scratch/$1-$2" PATH=$4
    repository "$tool" "$3"
    refused "$pair: the first commit, without a generated file, is stopped" \
        '`.github/CODEOWNERS` is not tracked' git commit -m first
    git add .github
    passes "$pair: with the generated file added, it passes" git commit -m first
    edit '"@org/wasi"' '"@org/wasi-reviewers"'
    refused "$pair: \`git commit -a\` with a stale file is stopped" 'files were modified by this hook' \
        git commit -a -m edit
    passes "$pair: the file is right afterwards" grep -q '@org/wasi-reviewers' .github/CODEOWNERS
    passes "$pair: so the second attempt passes" git commit -a -m edit
    passes "$pair: its pair fits" fits
    [ "${5:-}" != brief ] || return 0
    added_deleted_renamed "$tool"
    commit_paths
    unstaged
}

owners="$CARGO_TARGET_DIR/release/owners"
for tool in pre-commit prek; do
    proofs "$tool" python '' "$python_path"
    proofs "$tool" system -system "$system_path" brief
    proofs "$tool" rust -rust "$rust_path" brief
done

echo "pre-commit: all proofs hold"
