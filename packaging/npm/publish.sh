#!/bin/sh
# Publishes the packed npm packages of a directory: those of the platforms first, because the launcher
# depends on them. What the registry has already is left out, so that a run can be repeated.
#
#     packaging/npm/publish.sh DIRECTORY [OPTION OF `npm publish`]…
set -eu
directory=$(cd "$1" && pwd)
shift
for package in "$directory"/owners-cli-[a-z]*.tgz "$directory"/owners-cli-[0-9]*.tgz; do
    name=$(tar -xzOf "$package" package/package.json |
        node -p 'const {name, version} = JSON.parse(require("fs").readFileSync(0)); `${name}@${version}`')
    if [ -n "$(npm view "$name" version 2>/dev/null)" ]; then
        echo "$name is published already"
    else
        # The path is absolute: npm takes `a/b` for a repository on GitHub.
        npm publish "$@" "$package"
    fi
done
