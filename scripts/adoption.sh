#!/bin/sh
# Adopts owners in real repositories, and measures the first diff; prints a table for
# docs/migration.md.
#
#   scripts/adoption.sh REPO...
#
# REPO is a local clone with a CODEOWNERS file, which is only read. OWNERS names the binary to use;
# without it, one is built. Needs git, python3.
#
# For each repository, `owners init --no-fold`, `owners gen --force` and `git add` run in a copy. The
# columns are:
#
#   lines     lines of the CODEOWNERS file with a pattern
#   rules     rules that `init` writes, and with `--no-fold`
#   changed   lines that `git diff -w` shows as added or removed, without the header and the lines below
#   own       added lines for owners.toml itself: a rule, and the blank line above
#   check     errors and warnings of the first `owners check`, and of the first one after
#             `init --exempt-unowned`
#
# The lines that changed are listed below the table.

. "$(dirname "$0")/setup.sh"

# The findings of `owners check`, such as "3 + 1": errors and warnings.
findings() {
    "$OWNERS" -C "$scratch/repo" check 2>/dev/null |
        sed -n 's/^\([0-9]*\) errors\{0,1\}, \([0-9]*\) warnings\{0,1\}.*/\1 + \2/p'
}

# Starts again with the files of the repository, all tracked and the CODEOWNERS file checked out.
start() {
    rm -rf "$scratch/repo"
    git init -q "$scratch/repo"
    cd "$scratch/repo"
    echo "$objects" >.git/objects/info/alternates
    git update-ref refs/heads/before "$commit"
    git symbolic-ref HEAD refs/heads/before
    git read-tree before
    mkdir -p "$(dirname "$file")"
    git show "before:$file" >"$file"
    cd - >/dev/null
}

# Runs owners in the copy, and tracks what it writes.
owners() {
    "$OWNERS" -C "$scratch/repo" "$@" >>"$scratch/log" 2>&1
    git -C "$scratch/repo" add -f "$scratch/repo/owners.toml" "$scratch/repo/$file"
}

echo "| repository | revision | lines | rules | with \`--no-fold\` | changed | own | \`check\` | with \`--exempt-unowned\` |"
echo "|---|---|--:|--:|--:|--:|--:|--:|--:|"
failed=0
for repo; do
    objects=$(cd "$(git -C "$repo" rev-parse --absolute-git-dir)" && pwd)/objects
    commit=$(git -C "$repo" rev-parse --verify HEAD)
    name=$(basename "${repo%/.git}" .git)
    file=
    for place in .github/CODEOWNERS CODEOWNERS docs/CODEOWNERS .gitlab/CODEOWNERS; do
        if [ -z "$file" ] && git -C "$repo" cat-file -e "HEAD:$place" 2>/dev/null; then
            file=$place
        fi
    done
    if [ -z "$file" ]; then
        echo "$name: no CODEOWNERS file" >&2
        failed=1 && continue
    fi
    : >"$scratch/log"
    start && owners init
    rules=$(sed -n 's/^wrote .* became \([0-9]*\) rules\{0,1\};.*$/\1/p' "$scratch/log")
    start && owners init --exempt-unowned && owners gen --force
    clean=$(findings)
    : >"$scratch/log"
    start && owners init --no-fold && owners gen --force
    lines=$(sed -n 's/^wrote owners.toml: \([0-9]*\) lines\{0,1\} of.*$/\1/p' "$scratch/log")
    plain=$(sed -n 's/^wrote .* became \([0-9]*\) rules\{0,1\};.*$/\1/p' "$scratch/log")
    first=$(findings)
    # Without the header: the lines up to the first blank one.
    git -C "$repo" show "HEAD:$file" >"$scratch/old"
    sed '1,/^$/d' "$scratch/repo/$file" >"$scratch/new"
    git diff --no-index -w -U0 "$scratch/old" "$scratch/new" | sed -n '/^@@/,$p' | grep '^[-+]' >"$scratch/changed" || :
    own=$(grep -A1 '^+$' "$scratch/changed" | grep -B1 '^+/owners.toml' | grep -c '^+' || :)
    changed=$(($(wc -l <"$scratch/changed") - own))
    echo "| $name | ${commit%"${commit#????????}"} | $lines | $rules | $plain | $changed | $own | $first | $clean |"
    sed "s|^|$name: |" "$scratch/changed" >>"$scratch/all"
    [ "$changed" -eq 0 ] || failed=1
done
if [ -s "$scratch/all" ]; then
    echo
    cat "$scratch/all"
fi
exit "$failed"
