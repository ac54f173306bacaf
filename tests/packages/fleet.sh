#!/usr/bin/env bash
# Many repositories in one database: makes a dozen clones, exports them with examples/fleet/export-fleet,
# and asks the questions of docs/fleet.md in DuckDB. The answers must be those in the page;
# `SNAPSHOTS=overwrite tests/packages/fleet.sh` writes them.
#
# Needs `cargo`, git and Python 3 with venv.
. "$(dirname "$0")/setup.sh"
cargo build --quiet --locked --manifest-path "$project/Cargo.toml" --target-dir "$target"
python_tools 'duckdb>=1.4,<3'
export OWNERS="$target/debug/owners"
export_fleet=$project/examples/fleet/export-fleet
cd "$scratch"

# repository NAME: commits the files in `tree`, in a bare repository if the name ends in .git.
repository() {
    local bare=()
    [[ $1 != *.git ]] || bare=(--bare)
    git init -q "${bare[@]}" "clones/$1"
    local git_dir=clones/$1
    [ "${#bare[@]}" -gt 0 ] || git_dir=clones/$1/.git
    GIT_DIR=$git_dir GIT_WORK_TREE=tree git -c core.bare=false add --all --force
    GIT_DIR=$git_dir GIT_WORK_TREE=tree git -c core.bare=false commit -q -m all
    [ "${#bare[@]}" -gt 0 ] || git -C "clones/$1" reset -q --hard
    rm -rf tree
}

# tree PATH…: files, which are empty.
tree() {
    mkdir -p tree
    (cd tree && for path in "$@"; do mkdir -p "$(dirname "$path")" && : >"$path"; done)
}

# example NAME: the files of an example in examples/.
example() {
    local paths
    mapfile -t paths <"$project/examples/$1/paths.txt"
    tree "${paths[@]}"
    (cd "$project/examples/$1" && find . -name owners.toml -o -name CODEOWNERS) |
        while read -r file; do
            mkdir -p "tree/$(dirname "$file")"
            cp "$project/examples/$1/$file" "tree/$file"
        done
}

tree src/main.rs src/db.rs migrations/1.sql README.md Cargo.lock
cat >tree/owners.toml <<'TOML'
[groups]
core = "@acme/core"
data = ["@acme/data", "@alice"]
[paths]
"*" = "core"
"/migrations/" = "data"
"Cargo.lock" = []
TOML
repository acme/api.git

tree src/app.ts src/style.css package.json package-lock.json scripts/build.sh
cat >tree/owners.toml <<'TOML'
[groups]
web = ["@acme/web", "@bob"]
[paths]
"/src/" = "web"
"*.json" = "@acme/Web"
"package-lock.json" = []
TOML
repository acme/web.git

tree guide/start.md guide/api.md images/logo.svg
printf '* @acme/docs\n/images/\n' >tree/CODEOWNERS
repository acme/handbook.git

tree deploy/prod.tf deploy/test.tf
printf '[paths]\n"/deploy/" = "ops"\n' >tree/owners.toml
repository acme/infra.git

tree lab/notes.md lab/run.py
repository acme/lab.git

git init -q --bare clones/acme/new.git

tree app/main.kt app/ui.kt ios/main.swift vendor/lib.c
printf '[paths]\n"/app/" = "@acme/mobile"\n"/ios/" = ["@acme/mobile", "@alice"]\n"/vendor/" = []\n' >tree/owners.toml
repository acme/mobile

tree invoice.py tax.py tests/test_tax.py
printf '[paths]\n"*" = "@acme/Core"\n"/tests/" = { add = "@Alice" }\n' >tree/owners.toml
repository acme/billing.git

tree main.c main.h docs/old.txt
printf '*.c @Acme/core\n*.h @carol\n' >tree/CODEOWNERS
repository acme/legacy.git

tree cli/main.go web/main.go go.mod
printf 'nested = true\n[paths]\n"*" = "@acme/core"\n' >tree/owners.toml
printf '[paths]\n"*" = "@dora"\n' >tree/cli/owners.toml
repository acme/tools

example monorepo
repository examples/monorepo.git
example wasmtime
repository examples/wasmtime.git

# Damaged: git has nothing to read.
mkdir -p clones/acme/lost.git/{objects,refs}
: >clones/acme/lost.git/HEAD

"$export_fleet" clones >fleet.ndjson 2>"$log" || fail 'the fleet is exported'
grep -qx 'export-fleet: repositories: 13, failed: 4' "$log" || fail 'four of thirteen repositories fail'
echo 'ok - a repository that fails is a row, and the others go on'

# The rows are those of each repository alone, in the same order, whatever runs at the same time.
(cd clones && find . -name HEAD -not -path '*/logs/*' | sed 's|^\./||; s|/\.git/HEAD$||; s|/HEAD$||' | LC_ALL=C sort) >names
"$export_fleet" --stdin --jobs 1 clones <names >again.ndjson 2>"$log" || fail 'names from standard input'
cmp fleet.ndjson again.ndjson >"$log" || fail 'all at once and one by one give the same'
"$OWNERS" -C clones/acme/tools export --paths --repository acme/tools >alone.ndjson
grep '"repository":"acme/tools"' fleet.ndjson | cmp - alone.ndjson >"$log" || fail 'acme/tools is as it is alone'
echo 'ok - the rows are those of owners export'

# What surrounds the clones is none of them, nor is what the environment names.
git init -q around
mkdir -p around/nothing
echo '[paths]' >around/owners.toml
git -C around add -A
git -C around commit -q -m all
for name in nothing ../names; do
    GIT_DIR=$scratch/clones/acme/api.git "$export_fleet" --stdin around <<<"$name" >rows 2>"$log" || fail "$name"
    [ "$(grep -c '"error": "error: ' rows)" = 1 ] && [ "$(wc -l <rows)" = 1 ] || fail "$name is no repository"
done
echo 'ok - no repository around a directory, and none from the environment, is taken for it'
OWNERS=owners-that-is-not-there refused 'owners is needed' 'not in PATH' "$export_fleet" clones
refused 'so is the directory' 'there is no directory' "$export_fleet" nowhere
printf '#!/bin/sh\necho "{}"\nsleep 60\n' >slow
chmod +x slow
echo acme/api.git | OWNERS=$scratch/slow "$export_fleet" --stdin --timeout 0.5 clones >rows 2>"$log" || fail 'slow'
[ "$(cat rows)" = '{"repository": "acme/api", "error": "error: owners took longer than 0.5 seconds"}' ] ||
    fail 'a repository that takes too long is a row'
echo 'ok - a repository that takes too long is a row, without half of its paths'
# Each run of it leaves a line. Those that have not started when it is interrupted never do.
printf '#!/bin/sh\necho >>"%s"\nexec sleep 2\n' "$scratch/started" >slow
OWNERS=$scratch/slow timeout -s INT 1 "$export_fleet" --jobs 1 clones >rows 2>"$log" && fail 'it is interrupted'
! grep -q Traceback "$log" || fail 'an interruption is no error of Python'
[ "$(wc -l <started)" = 1 ] || fail 'nothing is started after an interruption'
echo 'ok - an interruption ends it'
"$export_fleet" clones 2>"$log" | head -n 1 >rows
! grep -q Traceback "$log" || fail 'a closed pipe is no error'
echo 'ok - a closed pipe ends it'

# This project, as it is.
mkdir own
snapshot "$scratch/own/owners"
"$export_fleet" own >own.ndjson 2>"$log" || fail 'this project'
[ "$(wc -l <own.ndjson)" = "$(git -C own/owners ls-files | wc -l)" ] || fail 'this project has as many rows as paths'
echo 'ok - this project has a row for each path'

python3 "$project/tests/packages/fleet.py" "$project/docs/fleet.md" >"$log" 2>&1 || fail 'the answers in docs/fleet.md'
cat "$log"
