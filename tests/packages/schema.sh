#!/usr/bin/env bash
# The schema of owners.toml in Taplo, Tombi and check-jsonschema: they accept good files and refuse bad
# ones, and the formatters of Taplo and Tombi keep the order of `[paths]`. The schema of `owners export`.
#
# Needs Python 3 with venv, and the binary `owners` of `cargo build`.
. "$(dirname "$0")/setup.sh"
python_tools 'taplo>=0.9,<1' 'tombi>=1.9,<2' 'check-jsonschema>=0.39,<1'
owners="$target/debug/owners"

cd "$scratch"
"$owners" schema >schema.json
passes 'the schema is a schema' check-jsonschema --check-metaschema schema.json

# What `init` writes names the published schema. The same schema is in a file here.
git init -q repo
cd repo
mkdir .github
printf '* @org/core\n/wasi/ @org/wasi\n/a/ @org/core @b\n' >.github/CODEOWNERS
git add -A
"$owners" init 2>"$log" || fail 'owners init'
published=$("$owners" schema | python3 -c 'import json, sys; print(json.load(sys.stdin)["$id"])')
[ "$(head -n 1 owners.toml)" = "#:schema $published" ] || fail 'owners init names the schema'
sed "s|^#:schema .*|#:schema $scratch/schema.json|" owners.toml >"$scratch/new.toml"
cd "$scratch"

cat >full.toml <<TOML
#:schema $scratch/schema.json
required-version = ">=0.1"
nested = { except = ["/examples/"] }

[groups]
wasi = ["@b", "@a"]
core = "@org/core"

[groups.zeta]
team        = "@org/zeta"
members     = ["@z", "core"]
description = "Who reviews zeta."
contact     = "#zeta"
meta        = { label = "area: zeta", since = 2026-01-31, rota = [{ week = 1 }] }

[paths] # later rules win
"*"            = "core"
"/z/"          = "wasi"
"/a/"          = { owners = "core", except = ["/a/b/", "/a/a/"] }
"Cargo.lock"   = []
'/m/\\{x\\}'   = ["wasi", "@m", "docs@example.com"]
"/{b,a}/*.rs"  = "zeta"
"/B/"          = "core"

[[output]]
platform = "gitlab"

[[output]]
file   = "CODEOWNERS"
header = "See CONTRIBUTING.md."

[check]
roster      = "PEOPLE.md"
min-members = 1
exempt      = ["/x/", "/c/"]

[lints]
unowned-path = "warn"
dead-pattern = "deny"
TOML

for file in new full; do
    passes "taplo accepts $file.toml" taplo lint "$file.toml"
    passes "tombi accepts $file.toml" tombi lint --offline "$file.toml"
    passes "check-jsonschema accepts $file.toml" check-jsonschema --schemafile schema.json "$file.toml"
done

# bad NAME SED: a change of full.toml that every program refuses.
bad() {
    local name=$1
    sed "$2" full.toml >bad.toml
    ! cmp -s full.toml bad.toml || fail "$name: the change changes nothing"
    refused "taplo refuses $name" 'error: ' taplo lint bad.toml
    refused "tombi refuses $name" 'failed to be linted' tombi lint --offline bad.toml
    refused "check-jsonschema refuses $name" 'Schema validation errors' \
        check-jsonschema --schemafile schema.json bad.toml
}
bad 'an unknown table' 's/^\[lints\]/[lint]/'
bad 'an unknown key of a group' 's/^members /member /'
bad 'metadata that is no table' 's/^meta .*/meta = 1/'
bad 'a rule without owners' 's/owners = "core", except/except/'
bad 'an owner that is no text' 's/= \[\]/= 1/'
bad 'an unknown forge' 's/"gitlab"/"sourcehut"/'
bad 'an unknown level' 's/"deny"/"error"/'

order() {
    python3 -c '
import sys, tomllib
config = tomllib.load(open(sys.argv[1], "rb"))
print(*config["paths"], *config["groups"], config["check"]["exempt"], sep="\n")' "$1"
}
for formatter in 'taplo fmt' 'tombi format --offline'; do
    cp full.toml formatted.toml
    passes "$formatter formats" $formatter formatted.toml
    ! cmp -s full.toml formatted.toml || fail "$formatter: there is nothing to format"
    [ "$(order full.toml)" = "$(order formatted.toml)" ] || fail "$formatter changed an order"
    echo "ok - $formatter keeps the order of [paths]"
done
# The page on owners.toml names the option that must not be set: it does what the page says.
cp full.toml formatted.toml
passes 'taplo with reorder_keys formats' taplo fmt -o reorder_keys=true formatted.toml
[ "$(order full.toml)" != "$(order formatted.toml)" ] || fail 'reorder_keys sorts nothing'
echo 'ok - taplo sorts [paths] only with reorder_keys'

# What is exported is as its schema says.
cp full.toml repo/owners.toml
"$owners" schema export >export.schema.json
passes 'the schema of the export is a schema' check-jsonschema --check-metaschema export.schema.json
"$owners" -C repo export >export.json || fail 'owners export'
"$owners" -C repo export --paths | head -n 1 >row.json
passes 'the export is as its schema says' check-jsonschema --schemafile export.schema.json export.json row.json
sed 's/"owners":/"owner":/' row.json >bad.json
refused 'other keys are not' 'Schema validation errors' check-jsonschema --schemafile export.schema.json bad.json

# The forms for issues, as GitHub reads them.
cd "$project/.github/ISSUE_TEMPLATE"
forms=(*.yml)
passes 'the forms for issues are valid' check-jsonschema \
    --builtin-schema vendor.github-issue-forms "${forms[@]/config.yml/bug.yml}"
passes 'so is their configuration' check-jsonschema --builtin-schema vendor.github-issue-config config.yml
