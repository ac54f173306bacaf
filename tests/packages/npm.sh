#!/usr/bin/env bash
# The npm packages: made from archives as a release makes them, packed, installed by the real npm from a
# registry on this machine, and run with npx.
#
# Needs `cargo`, `git`, Python 3 with `venv`, Node 18 or later with npm, tar and unzip.
. "$(dirname "$0")/setup.sh"
cheap_release

version=$(crate_version)
cd "$scratch"
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false npm_config_yes=true
export npm_config_cache="$scratch/npm-cache"

# ends WHAT CODE COMMAND…: the command ends with this exit code.
ends() {
    local what=$1 code=$2 seen=0
    shift 2
    "$@" >"$log" 2>&1 </dev/null || seen=$?
    [ "$seen" -eq "$code" ] || fail "$what: \`$*\` ended with $seen"
    echo "ok - $what"
}

# The archives of a release. There is a binary for this machine alone; those of the others only say
# which they are.
host=$(rustc --print host-tuple)
[ "$host" = x86_64-unknown-linux-gnu ] || fail "this test is for x86_64-unknown-linux-gnu, not $host"
platform=linux-x64-gnu
cargo build --quiet --release --locked --manifest-path "$project/Cargo.toml"
mkdir archives
for target in {x86_64,aarch64}-unknown-linux-{gnu,musl} {x86_64,aarch64}-apple-darwin x86_64-pc-windows-msvc; do
    each="owners-cli-$target"
    mkdir "$each"
    printf '#!/bin/sh\necho "for %s"\n' "$target" |
        tee "$each/owners" "$each/owners-lsp" "$each/owners-lsp.exe" "$each/LICENSE-THIRD-PARTY" >"$each/owners.exe"
    [ "$target" != "$host" ] || cp "$CARGO_TARGET_DIR"/release/{owners,owners-lsp} "$each"
    case $target in
    *windows*) python3 -m zipfile -c "archives/$each.zip" "$each" ;;
    *) tar -czf "archives/$each.tar.gz" "$each" ;;
    esac
done

build="$project/packaging/npm/build.mjs"
passes "build.mjs makes the packages" node "$build" archives packages
refused "build.mjs does not write into a directory that exists" 'packages exists' node "$build" archives packages
mv archives/owners-cli-x86_64-apple-darwin.tar.gz .
refused "build.mjs names an archive that is missing" 'lacks owners-cli-x86_64-apple-darwin.tar.gz' \
    node "$build" archives others
passes "and writes nothing then" test ! -e others
refused "build.mjs says how it is called" 'the usage is' node "$build"

# npm asks a registry on this machine, which has the files of `packed`. Another one has none.
mkdir packed none
node "$project/tests/packages/registry.mjs" packed >registry &
node "$project/tests/packages/registry.mjs" none >registry-of-none &
trap 'kill $(jobs -p); rm -rf "$scratch"' EXIT
for _ in $(seq 100); do [ -s registry ] && [ -s registry-of-none ] || sleep 0.1; done
npm_config_registry=$(cat registry)
export npm_config_registry

passes "none of them runs anything when it is installed" bash -c '! grep "\"scripts\"" packages/*/package.json'
passes "npm packs all of them" npm pack ./packages/* --pack-destination packed
publish() { npm_config_registry=$1 "$project/packaging/npm/publish.sh" packed --dry-run; }
passes "npm would publish all of them" publish "$(cat registry-of-none)"
[ "$(grep -c "version: $version" "$log")" -eq 8 ] || fail "there should be eight packages"
passes "and none that is there already" publish "$npm_config_registry"
! grep -q 'npm notice' "$log" || fail "nothing should be published again"

mkdir app app/src
cd app
git init -q
echo '{ "private": true }' >package.json
echo node_modules/ >.gitignore
touch src/lib.rs
printf '[groups]\ncore = "@org/core"\n\n[paths]\n"*" = "core"\n' >owners.toml
passes "npm installs owners-cli" npm install owners-cli
passes "and of the platforms only this one" test "$(ls node_modules/@owners-cli)" = "$platform"
passes "and the licences" test -f node_modules/owners-cli/LICENSE-MIT -a -f "node_modules/@owners-cli/$platform/LICENSE-THIRD-PARTY"
git add .
prints "npx owners --version" "owners $version" npx owners --version
prints "npx owners-cli runs the same command" "owners $version" npx owners-cli --version
prints "npx owners-lsp" "owners-lsp $version" npx owners-lsp --version
refused "npx owners lsp does not: nothing in the working tree is run" 'is in the working tree' npx owners lsp --version
ends "npx owners check, of a stale file: exit code 1" 1 npx owners check
passes "npx owners gen" npx owners gen
git add .
ends "npx owners check, where all is well: exit code 0" 0 npx owners check
ends "npx owners check, with a wrong option: exit code 2" 2 npx owners check --wrong
passes "it reads standard input, in a directory" bash -c \
    'cd src && echo lib.rs | npx owners who --stdin | grep @org/core'
passes "it ends well if nobody reads its output" bash -o pipefail -c 'npx owners ls | true'
passes "npm install --global" npm install --global --prefix "$scratch/global" owners-cli
prints "which puts the command where it belongs" "owners $version" "$scratch/global/bin/owners" --version
prints "owners lsp runs the server that is beside it in PATH" "owners-lsp $version" \
    env PATH="$scratch/global/bin:$PATH" owners lsp --version
passes "npm uninstall --global" npm uninstall --global --prefix "$scratch/global" owners-cli
refused "which leaves nothing" 'No such file' ls "$scratch/global/bin/owners"
mkdir ../empty
passes "npx runs it where nothing is installed" \
    bash -c 'cd ../empty && npx --yes owners-cli -C ../app check && test -z "$(ls)"'

python3 - node_modules/.bin/owners >"$log" 2>&1 <<'END' || fail "signals should end the binary and the command"
import os, signal, subprocess, sys, time

def child_of(process):
    for _ in range(100):
        children = open(f"/proc/{process.pid}/task/{process.pid}/children").read().split()
        if children and os.readlink(f"/proc/{children[0]}/exe").endswith("/owners"):
            return children[0]
        time.sleep(0.05)
    sys.exit("the binary does not start")

for name in ["SIGINT", "SIGTERM", "SIGHUP"]:
    for send in [os.kill, os.killpg]:
        # It waits for standard input until the signal. Ctrl-C is a signal for the whole group.
        process = subprocess.Popen([sys.argv[1], "who", "--stdin"], stdin=subprocess.PIPE, start_new_session=True)
        child = child_of(process)
        send(process.pid, signal.Signals[name])
        assert process.wait(10) == -signal.Signals[name], (name, send, process.returncode)
        assert not os.path.exists(f"/proc/{child}"), f"{name}: the binary goes on"
END
echo "ok - Ctrl-C and other signals end the binary, and the command as they do"

passes "with --omit=optional, npm installs no binary" npm ci --omit=optional
refused "and the command says what is missing" 'optional dependency of `owners-cli`' npx owners check
ends "with exit code 2" 2 npx owners check
passes "what it advises" rm -r node_modules
passes "helps" npm install --include=optional
ends "and it runs again" 0 npx owners check

passes "on musl, npm installs the binary for musl" npm install --libc=musl --no-save
prints "and the command runs it" 'for x86_64-unknown-linux-musl' npx owners check
passes "both can be there" npm install --no-save --force "../packages/$platform" ../packages/linux-x64-musl
prints "then the static binary runs" 'for x86_64-unknown-linux-musl' npx owners check

binary="node_modules/@owners-cli/$platform/owners"
rm -rf node_modules
npm ci >/dev/null
printf '#!/nowhere/ld.so\n' >"$binary"
refused "a binary for another libc says so" 'another libc' npx owners check
chmod -x "$binary"
refused "a binary that is not executable says so" 'EACCES' npx owners check
ends "with exit code 2" 2 npx owners check
sed -i.bak 's,process.platform}-,process.platform}bsd-,' node_modules/owners-cli/run.js
refused "an unknown platform says how to build it" 'cargo install --locked owners-cli' npx owners check

echo "npm: all proofs hold"
