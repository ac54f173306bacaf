#!/usr/bin/env bash
# The last step of the Action: `owners check`, whose exit code is that of the step. `owners` itself
# writes the annotations and the summary.
# shellcheck source=packaging/action/shared.sh
. "$(dirname "$0")/shared.sh"

check=("$OWNERS" -C "$INPUT_WORKING_DIRECTORY")
[ -z "$INPUT_CONFIG" ] || check+=(--config "$INPUT_CONFIG")
check+=(check)
if is_true changed-only "$INPUT_CHANGED_ONLY" && [ -n "$PULL_REQUEST" ]; then
    [ -n "$BASE" ] || fail "With \`changed-only\`, the base of the pull request must be known. Give actions/checkout \`fetch-depth: 0\`."
    check+=(--changed "$BASE")
fi
if is_true live "${INPUT_LIVE:-false}"; then
    check+=(--live)
    # For `owners` alone: the other steps have tokens of their own.
    unset GH_TOKEN GH_ENTERPRISE_TOKEN GITHUB_ENTERPRISE_TOKEN
    export GITHUB_TOKEN=$INPUT_LIVE_TOKEN
fi
# Separated by blanks and line ends. No shell reads them.
args=()
IFS=$' \t\n' read -r -d '' -a args <<<"$INPUT_ARGS" || true
[[ $INPUT_ARGS != *[\"\']* ]] || fail "The input \`args\` has quotes, and no shell reads them. Write it without, such as \`-D warnings\`."

code=0
"${check[@]}" ${args[@]+"${args[@]}"} || code=$?
output exit-code "$code"

# The numbers, from the JSON of the same check. It has no such text in a value: quotes are escaped there.
if [ "$code" -ne 2 ]; then
    json=$(GITHUB_ACTIONS='' GITHUB_STEP_SUMMARY='' "${check[@]}" ${args[@]+"${args[@]}"} --format json 2>/dev/null) || true
    for each in errors warnings; do
        [[ $json =~ \"$each\":([0-9]+) ]] && output "$each" "${BASH_REMATCH[1]}"
    done
fi
exit "$code"
