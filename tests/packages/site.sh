#!/usr/bin/env bash
# The documentation site: built by mdBook without a warning, its links followed, its search tried in
# Chromium, on wide and narrow screens.
#
#     tests/packages/site.sh [--always]
#
# Needs Cargo, Node and npm, and Chromium (or Google Chrome), which it installs with apt-get as root.
# What it compiles and installs stays below `target/site`. As long as that is missing, nothing is done
# unless this branch changes the site; `--always` does it anyway. The site is in `target/book`.
. "$(dirname "$0")/setup.sh"
mdbook_version=0.5.4
cd "$project"

mdbook="$target/site/bin/mdbook"
is_built() { "$mdbook" --version 2>/dev/null | grep -qx "mdbook v$mdbook_version"; }
if ! is_built; then
    if [ "${1:-}" != --always ] && ! changed docs book.toml CHANGELOG.md tests/packages/site.sh tests/packages/site.mjs; then
        echo "skipped - the site: mdBook is not built yet, and this branch changes no page (--always checks it)"
        exit 0
    fi
fi

find_browser

if ! is_built; then
    # It is fast enough without optimization, and is built in a third of the time.
    passes "mdBook $mdbook_version is installed" cargo install mdbook --version "$mdbook_version" --locked \
        --debug --no-default-features --features search --force --root "$target/site"
fi

passes "mdBook builds the site" "$mdbook" build
if grep -E 'WARN|ERROR' "$log"; then fail "mdBook warns"; fi
[ -f target/book/owners.schema.json ] || fail "the address in the schema should be on the site"

# The modules are found beside the script, so the script runs beside them.
npm install --prefix "$target/site" --silent --no-audit --no-fund linkinator@7.6.1 playwright-core@1.65.1
cp tests/packages/site.mjs "$target/site/site.mjs"
node "$target/site/site.mjs" target/book "$browser"
