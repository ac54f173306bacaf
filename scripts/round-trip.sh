#!/bin/sh
# Imports the CODEOWNERS files of real repositories, generates them again, and compares who owns each
# tracked path; prints a table for docs/migration.md.
#
#   scripts/round-trip.sh REPO[@REVISION[:FILE]]...
#
# REPO is a local clone, which is only read; REVISION is HEAD if it is not given, and FILE what the
# forge would find. OWNERS names the binary to use; without it, one is built. Needs git, python3.
#
# `init` compares by itself, and writes nothing where there is a difference. This compares once more,
# from outside: what `owners diff` says of the hand-written file against owners.toml, and then of it
# against the generated file alone.

. "$(dirname "$0")/setup.sh"

# How many paths change hands, come or go between two commits.
differences() {
    "$OWNERS" -C "$1" diff "$2" "$3" --format json 2>/dev/null | python3 -c '
import json, sys
summary = json.load(sys.stdin)["summary"]
print(summary["other_owners"] + summary["gone"])'
}

# Runs a command, and prints how many milliseconds it took.
timed() {
    python3 -c '
import subprocess, sys, time
start = time.monotonic()
code = subprocess.run(sys.argv[2:], stdout=open(sys.argv[1], "w"), stderr=subprocess.STDOUT).returncode
print(round((time.monotonic() - start) * 1000))
sys.exit(code)' "$@"
}

echo "| repository | revision | lines | paths | differences | time of \`init\` |"
echo "|---|---|--:|--:|--:|--:|"
failed=0
for argument; do
    repo=${argument%%@*}
    file=
    revision=HEAD
    case $argument in *@*) revision=${argument#*@} ;; esac
    case $revision in *:*) file=${revision#*:} revision=${revision%%:*} ;; esac
    commit=$(git -C "$repo" rev-parse --verify "$revision^{commit}")
    name=$(basename "${repo%/.git}" .git)
    # A repository that borrows the objects: its index is the whole tree, its working tree one file.
    rm -rf "$scratch/repo"
    git init -q "$scratch/repo"
    cd "$scratch/repo"
    objects=$(cd "$OLDPWD" && cd "$(git -C "$repo" rev-parse --absolute-git-dir)" && pwd)/objects
    echo "$objects" >.git/objects/info/alternates
    git update-ref refs/heads/before "$commit"
    git symbolic-ref HEAD refs/heads/before
    git read-tree before
    if [ -z "$file" ]; then
        first=".github/CODEOWNERS CODEOWNERS docs/CODEOWNERS .gitlab/CODEOWNERS"
        if git cat-file -e before:.gitlab-ci.yml 2>/dev/null; then
            first="CODEOWNERS docs/CODEOWNERS .gitlab/CODEOWNERS .github/CODEOWNERS"
        fi
        for place in $first; do
            if git cat-file -e "before:$place" 2>/dev/null; then
                file=$place
                break
            fi
        done
    fi
    if [ -z "$file" ]; then
        echo "$name: no CODEOWNERS file in $revision" >&2
        failed=1 && cd - >/dev/null && continue
    fi
    mkdir -p "$(dirname "$file")"
    git show "before:$file" >"$file"
    lines=$(wc -l <"$file")
    if ! time=$(timed "$scratch/said" "$OWNERS" init --from "$file" --write-output); then
        echo "| $name | ${commit%"${commit#????????}"} | $lines | refused: $(sed -n 's/^.*= note: //p' "$scratch/said" | head -n 1) |"
        failed=1 && cd - >/dev/null && continue
    fi
    output=$(sed -n 's/^wrote \(.*CODEOWNERS\)$/\1/p' "$scratch/said")
    paths=$(git ls-files | wc -l)
    # Once with owners.toml beside the new file, once with the new file alone.
    git add -f owners.toml "$output"
    git update-ref refs/heads/config "$(git commit-tree -p before -m config "$(git write-tree)")"
    git rm -q -f --cached owners.toml
    git update-ref refs/heads/output "$(git commit-tree -p before -m output "$(git write-tree)")"
    found=$(($(differences . before config) + $(differences . before output)))
    echo "| $name | ${commit%"${commit#????????}"} | $lines | $paths | $found | $time ms |"
    [ "$found" -eq 0 ] || failed=1
    cd - >/dev/null
done
exit "$failed"
