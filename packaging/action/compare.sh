#!/usr/bin/env bash
# The second step of the Action, on pull requests: who owns what before and after, in the summary of the
# job and in a comment. A problem here is a warning: whether the job passes, the check decides.
# shellcheck source=packaging/action/shared.sh
. "$(dirname "$0")/shared.sh"

dir=$INPUT_WORKING_DIRECTORY

# git_fetch ARGUMENT…: as it is, then with the token, because the checkout may have kept no credentials.
# Not with both at once, which GitHub refuses. Sets problem, what git says if it fails.
git_fetch() {
    local options=(-c http.lowSpeedLimit=1000 -c http.lowSpeedTime=60)
    export GIT_TERMINAL_PROMPT=0 GCM_INTERACTIVE=never
    local fetch=(git -C "$dir" "${options[@]}" fetch --quiet --no-tags --no-recurse-submodules "$@")
    problem=$("${fetch[@]}" 2>&1) && return
    [ -n "$INPUT_TOKEN" ] || return 1
    local basic
    basic=$(printf 'x-access-token:%s' "$INPUT_TOKEN" | base64 | tr -d '\n')
    problem=$(GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader" \
        GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic" "${fetch[@]}" 2>&1)
}

# merges REVISION: whether it merges the head of the pull request into its base. Then sets base. A
# shallow commit has parents, too, in the commit itself.
merges() {
    local parents
    parents=$(git -C "$dir" cat-file commit "$1" 2>/dev/null | sed -n '/^$/q; s/^parent //p')
    base=${parents%%$'\n'*}
    [ "$parents" = "$base"$'\n'"$PULL_REQUEST_HEAD" ]
}

# linked REVISION: whether the commit and its first parent are there.
linked() {
    git -C "$dir" rev-parse --quiet --verify "$1^1^{commit}" >/dev/null 2>&1
}

is_shallow() {
    [ "$(git -C "$dir" rev-parse --is-shallow-repository)" = true ]
}

# Sets base, head, and range, the argument of `owners diff`: the two sides of the pull request.
#
# On pull_request, actions/checkout checks out what merging would give: a commit whose parents are the
# tip of the base and the head. Comparing it with its first parent needs no history. If the head itself
# is checked out, its merge base with the base branch is needed, or again the merge.
sides() {
    if merges HEAD; then
        head=$(git -C "$dir" rev-parse HEAD)
        linked "$head" || git_fetch --deepen=1 origin "$head" || return 1
        linked "$head" || return 1
        range=$base..$head
        return
    fi
    head=$PULL_REQUEST_HEAD
    base=$(git -C "$dir" rev-parse --quiet --verify "refs/remotes/origin/${GITHUB_BASE_REF:-}^{commit}") || base=
    if [ -n "$base" ] && git -C "$dir" merge-base "$base" "$head" >/dev/null 2>&1; then
        range=$base...$head
        return
    fi
    local depth=()
    ! is_shallow || depth=(--depth=2)
    git_fetch ${depth[@]+"${depth[@]}"} origin "refs/pull/$PULL_REQUEST/merge" || return 1
    head=$(git -C "$dir" rev-parse FETCH_HEAD)
    merges "$head" && linked "$head" || return 1
    range=$base..$head
}

# Names instead of commits: people know them, and the text changes only if the owners do.
named() {
    sed -e "s/\`$base\`/the base branch/g" -e "s/\`$head\`/this pull request/g"
}

# Writes diff and reviewers. Sets changed to true or false, or to nothing if they cannot be compared.
compare() {
    local code=0
    "$OWNERS" -C "$dir" diff --exit-code --format markdown "$range" >"$diff.raw" || code=$?
    named <"$diff.raw" >"$diff"
    "$OWNERS" -C "$dir" reviewers --format markdown --author="@$PULL_REQUEST_AUTHOR" "$base" "$head" \
        >"$reviewers.raw" || code=2
    named <"$reviewers.raw" >"$reviewers"
    rm -f "$diff.raw" "$reviewers.raw"
    case "$code" in
    0) changed=false ;;
    1) changed=true ;;
    *) changed= ;;
    esac
}

# The text of the comment. It has at most 65,536 characters; here bytes are counted, which are more.
body() {
    if [ -z "$changed" ]; then
        printf '### Code ownership\n\nThe owners cannot be compared: the log of the job says why.\n'
        return
    fi
    cat "$diff"
    if [ $(($(wc -c <"$diff") + $(wc -c <"$reviewers"))) -lt 64000 ]; then
        printf '\n'
        cat "$reviewers"
    else
        printf '\nThe summary of the job has the reviewers, for whom there is no room here.\n'
    fi
}

run_python() {
    local each
    for each in python3 python; do
        if "$each" -c 'import sys; sys.exit(sys.version_info < (3, 7))' >/dev/null 2>&1; then
            "$each" "$@"
            return
        fi
    done
    say notice "There is no Python 3 on this runner, so there is no comment on the pull request. The summary of the job has its text."
}

# Whether somebody wants to know: the forge tells whom a comment mentions.
notifies() {
    grep -q '^\*\*notify\*\*: ' "$reviewers"
}

# The comment exists if there is something to say, or there was.
comment() {
    local only=()
    case "$INPUT_COMMENT" in
    never) return ;;
    always) ;;
    changes) [ "$changed" = true ] || notifies || only=(--only-update) ;;
    esac
    [ -n "$changed" ] || only=(--only-update)
    if [ -z "$INPUT_TOKEN" ]; then
        say notice "There is no token, so there is no comment on the pull request. The summary of the job has its text."
        return
    fi
    body >"$diff.body"
    TOKEN=$INPUT_TOKEN HEAD=$PULL_REQUEST_HEAD run_python "$(native "$(dirname "$0")/../ci/comment.py")" \
        --key "$INPUT_COMMENT_KEY" ${only[@]+"${only[@]}"} "$(native "$diff.body")" ||
        say warning "The comment on the pull request could not be written. The summary of the job has its text."
    rm -f "$diff.body"
}

# Adds the result to the summary of the job.
summarize() {
    {
        cat "$diff"
        echo
        cat "$reviewers"
        echo
    } >>"$(posix "$GITHUB_STEP_SUMMARY")"
}

case "$INPUT_COMMENT" in
changes | always | never) ;;
*) fail "The input \`comment\` is \`$INPUT_COMMENT\`: write \`changes\`, \`always\` or \`never\`." ;;
esac
[[ $INPUT_COMMENT_KEY =~ ^[A-Za-z0-9_.]+(-[A-Za-z0-9_.]+)*$ ]] ||
    fail "The input \`comment-key\` is \`$INPUT_COMMENT_KEY\`: write a name of letters, digits, \`_\`, \`.\` and \`-\`."
if [ -n "$INPUT_CONFIG" ]; then
    say notice "With \`config\`, nothing is compared: the owners.toml at the root decides who owns a path of a commit."
    exit 0
fi
if ! problem=$(git -C "$dir" rev-parse --git-dir 2>&1); then
    say warning "The owners cannot be compared: git cannot read a repository in \`$dir\`. Is there a step with actions/checkout before? $problem"
    exit 0
fi
problem=
if ! sides; then
    say warning "The owners cannot be compared: the clone lacks commits of the pull request or its base, and they cannot be fetched. Give actions/checkout \`fetch-depth: 0\`. If the pull request has a merge conflict, resolve it. $problem"
    exit 0
fi
# What `check --changed` compares HEAD with.
! git -C "$dir" merge-base "$base" HEAD >/dev/null 2>&1 || output base "$base"
files=$(mktemp -d "$(posix "$RUNNER_TEMP")/owners-XXXXXX")
diff=$files/diff.md reviewers=$files/reviewers.md
compare
if [ -n "$changed" ]; then
    output owners-changed "$changed"
    output diff "$(native "$diff")"
    output reviewers "$(native "$reviewers")"
    summarize
else
    say warning "The owners cannot be compared: see the error above."
fi
comment
