# shellcheck shell=bash
# What the steps of the Action share; they source it. They run in the bash of any runner: 3.2 on macOS,
# and that of Git for Windows.
set -euo pipefail

# say COMMAND TEXT: an annotation (error, warning or notice). TEXT may hold anything.
say() {
    local text=${2//\%/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    printf '::%s title=owners::%s\n' "$1" "$text"
}

# fail TEXT: the step ends, as `owners` does if it cannot run.
fail() {
    say error "$1"
    exit 2
}

# output NAME VALUE: an output of the step. The values have one line.
output() {
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# is_true NAME VALUE: whether an input is `true`.
is_true() {
    case "$2" in
    true) return 0 ;;
    false) return 1 ;;
    esac
    fail "The input \`$1\` is \`$2\`: write \`true\` or \`false\`."
}

# posix PATH: a path as the programs of bash read it. `tar` takes `D:` for the name of a machine.
posix() {
    if [ "${RUNNER_OS:-}" = Windows ]; then cygpath -u "$1"; else printf '%s' "$1"; fi
}

# native PATH: a path as other programs read it.
native() {
    if [ "${RUNNER_OS:-}" = Windows ]; then cygpath -w "$1"; else printf '%s' "$1"; fi
}
