#!/usr/bin/env bash
# The plugins of examples/plugins, installed as their page says, with the programs that they are for: the
# matching of the labeler action, pytest, cargo-nextest, PyYAML.
#
#     tests/packages/plugins.sh
#
# Needs `cargo`, `git`, Python 3 with venv, Node 18 or later with npm, and cargo-nextest (without it, its
# proofs are left out).
. "$(dirname "$0")/setup.sh"
cargo build --quiet --locked --manifest-path "$project/Cargo.toml" --target-dir "$target"
cd "$scratch"
mkdir bin
ln -s "$target/debug/owners" bin/owners
cp "$project"/examples/plugins/owners-* bin/
export PATH="$scratch/bin:$PATH"

# ends WHAT CODE COMMAND…: the command ends with this exit code.
ends() {
    local what=$1 code=$2 ended=0
    shift 2
    "$@" >"$log" 2>&1 </dev/null || ended=$?
    [ "$ended" -eq "$code" ] || fail "$what: \`$*\` ended with $ended instead of $code"
    echo "ok - $what"
}

# says WHAT TEXT: what the last command printed contains TEXT.
says() {
    grep -qF -- "$2" "$log" || fail "$1: the output lacks: $2"
    echo "ok - $1"
}

## owners labeler: a pull request gets the labels of the groups that own one of its files. The action is no
## package. What it matches with is, in the versions of its releases 5, 6 and 7.
passes 'minimatch and js-yaml, as the labeler action has them' \
    npm install --silent --no-audit --no-fund --no-update-notifier \
    minimatch5@npm:minimatch@9.0.3 minimatch6@npm:minimatch@10.0.1 minimatch7@npm:minimatch@10.2.5 js-yaml@4.1.0
cat >labels.cjs <<'END'
// The labels of each path alone, by the options of `changed-files` that are used, as the action reads them.
const { readFileSync } = require("fs");
const { Minimatch } = require(process.argv[2]);
const yaml = require("js-yaml");
for (const repository of process.argv.slice(3)) {
  const paths = JSON.parse(readFileSync(`${repository}/paths.json`, "utf8"));
  const found = Object.fromEntries(paths.map((path) => [path, []]));
  for (const [label, options] of Object.entries(yaml.load(readFileSync(`${repository}/labeler.yml`, "utf8")) ?? {})) {
    const entries = options.flatMap((option) => option["changed-files"]);
    for (const path of paths) {
      const matches = (glob) => new Minimatch(glob, { dot: true }).match(path);
      const holds = (entry) =>
        Object.entries(entry).every(([key, value]) => {
          if (key === "any-glob-to-any-file") return [value].flat().some(matches);
          if (key === "all-globs-to-any-file") return [value].flat().every(matches);
          throw new Error(`unknown option ${key}`);
        });
      if (entries.some(holds)) found[path].push(label);
    }
  }
  console.log(JSON.stringify([repository, found]));
}
END
cat >generate.py <<'END'
# Random repositories: rules of every form, exceptions, additions, nobody, nested groups, odd names.
import json, os, random, subprocess, sys

random.seed(7)
names = ["a", "b", "c.rs", ".d", "e f", "[id]", "x(y)", "{z}", "!n", "#h", "@s", "w$", "p|q", "k,l", "ü", "t\\u", "+v(x)"]
segments = [
    "a", "b", "c.rs", ".d", "[id]", "x(y)", "\\{z\\}", "@s", "w$", "p|q", "k,l", "ü", "*", "*.rs", "**", "a*", ".*",
    "t\\\\u", "x{(y),}", "{a,b}", "+v(x)", "?n", "?h", "??",
]

def pattern():
    text = "/".join(random.choice(segments) for _ in range(random.randint(1, 3)))
    return random.choice(["", "/", "/", "**/"]) + text + random.choice(["", "", "/", "/**", "/*"])

def owners(*arguments, cwd):
    return subprocess.run(["owners", *arguments], cwd=cwd, capture_output=True, text=True)

wanted, made, paths_with_labels = int(sys.argv[1]), 0, 0
while made < wanted:
    directory = f"random/{made}"
    os.makedirs(directory, exist_ok=True)
    if not os.path.exists(f"{directory}/.git"):
        subprocess.run(["git", "init", "-q", directory], check=True)
    paths = {"/".join(random.choice(names) for _ in range(random.randint(1, 4))) for _ in range(80)}
    paths = [path for path in sorted(paths) if not any(other.startswith(path + "/") for other in paths)]
    rules = ["'*' = 'core'"] if random.random() < 0.7 else []
    for _ in range(random.randint(2, 7)):
        group = random.choice(["'core'", "'wasi'", "'docs'", "['both', '@x']", "'@y'", "[]"])
        kind = random.random()
        if kind < 0.3:
            key = "add" if kind < 0.15 and group != "[]" else "owners"
            group = f"{{ {key} = {group}, except = ['{pattern()}', '{pattern()}'] }}"
        elif kind < 0.4 and group != "[]":
            group = f"{{ add = {group} }}"
        rules.append(f"'{pattern()}' = {group}")
    text = """[groups]
both = ["wasi", "@z"]
core = { members = ["@c"], meta = { label = ["area: core", "üben"] } }
wasi = { team = "@org/wasi", members = ["@w", "docs"], meta = { label = "area: wasi" } }
docs = { members = ["@d"], meta = { label = "#docs: \\"x\\" \\\\ 😀" } }
[paths]
""" + "\n".join(rules)
    with open(f"{directory}/owners.toml", "w") as file:
        file.write(text)
    # Some rules are refused: a pattern that is there twice, for example.
    exported = owners("export", cwd=directory)
    if exported.returncode != 0:
        continue
    index = "".join(f"100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0\t{path}\0" for path in paths)
    subprocess.run(["git", "-C", directory, "read-tree", "--empty"], check=True)
    subprocess.run(["git", "-C", directory, "update-index", "-z", "--index-info"], input=index.encode(), check=True)
    done = owners("labeler", "--output", "labeler.yml", cwd=directory)
    assert done.returncode in (0, 1), done.stderr
    # What is not exact is only `?`, and no path here has such characters.
    assert done.returncode == ("not exact: " in done.stderr), done.stderr
    assert done.stderr.count("not exact") == done.stderr.count(": `?` is"), done.stderr
    of = {group["name"]: group["meta"].get("label", []) for group in json.loads(exported.stdout)["groups"]}
    of = {name: [label] if isinstance(label, str) else label for name, label in of.items()}
    labels = {}
    for line in owners("export", "--paths", cwd=directory).stdout.splitlines():
        row = json.loads(line)
        labels[row["path"]] = sorted({label for group in row["groups"] for label in of[group]})
        paths_with_labels += bool(labels[row["path"]])
    json.dump(labels, open(f"{directory}/labels.json", "w"))
    json.dump(list(labels), open(f"{directory}/paths.json", "w"))
    made += 1
assert paths_with_labels > 20 * wanted, paths_with_labels
END
cat >same.py <<'END'
import json, sys

differences, paths = [], 0
for line in sys.stdin:
    repository, found = json.loads(line)
    expected = json.load(open(f"{repository}/labels.json"))
    assert found.keys() == expected.keys()
    paths += len(found)
    for path, labels in found.items():
        if sorted(labels) != expected[path]:
            differences.append(f"{repository}: {path}: {sorted(labels)} instead of {expected[path]}")
print(*differences[:20], paths, sep="\n")
sys.exit(len(differences) > 0 or paths < 1000)
END
repositories=120
passes "$repositories repositories with random rules" python3 generate.py "$repositories"
for version in 5 6 7; do
    # shellcheck disable=SC2046
    node labels.cjs "minimatch$version" $(seq -f 'random/%g' 0 $((repositories - 1))) >found.json 2>"$log" ||
        fail "the action reads what is written"
    python3 same.py <found.json >"$log" || fail "actions/labeler $version gives other labels than the rules say"
    echo "ok - actions/labeler $version gives each of $(tail -n 1 "$log") paths the labels of its groups"
done
sed -i 's/"area: core":/"area: wasp":/' random/0/labeler.yml
node labels.cjs minimatch7 random/0 >found.json
refused 'a wrong label is noticed' 'area: wasp' sh -c 'python3 same.py <found.json'

mkdir -p plain/one/deep plain/two
cd plain
git init -q
printf '[groups]\ncore = "@org/core"\n[paths]\n"*" = "core"\n' >owners.toml
ends 'without a label, it is an error' 2 owners labeler --output labeler.yml
says 'which says what to write' 'write `label = "…"` under `[groups.NAME.meta]`'
[ ! -e labeler.yml ] || fail 'nothing is written'
ends 'an error of owners.toml' 2 sh -c 'echo "[nothing]" >bad.toml; exec owners --config bad.toml labeler'
says 'is what is shown' 'nothing'
rm bad.toml
# The same name in two directories is not the same group.
printf 'nested = true\n[paths]\n"*" = "@org/core"\n' >owners.toml
for name in one two; do
    printf '[groups.team]\nmembers = ["@%s"]\nmeta = { label = "%s" }\n[paths]\n"*" = { owners = "team", except = ["/deep/"] }\n' \
        $name $name >$name/owners.toml
done
git add -A
passes 'nested files' owners labeler --output labeler.yml
sed 1,2d labeler.yml >"$log"
diff "$log" - <<'END' || fail 'each has its group'

"one":
  - changed-files:
      - all-globs-to-any-file:
          - "one/**"
          - "!one/deep/**"

"two":
  - changed-files:
      - all-globs-to-any-file:
          - "two/**"
          - "!two/deep/**"
END
echo 'ok - with groups of the same name'
passes 'it is up to date' owners labeler --check labeler.yml
(cd one && passes 'it is the same in a subdirectory' owners labeler --check ../labeler.yml)
echo >>labeler.yml
ends 'with another line, it is not' 1 owners labeler --check labeler.yml
says 'it says how to write it' 'run `owners labeler --output labeler.yml`'
ends 'where nothing can be written' 2 owners labeler --output missing/labeler.yml
says 'which it says' 'cannot write missing/labeler.yml: No such file or directory'
printf '[groups]\na = { members = ["@a"], meta = { label = "a" } }\n[paths]\n"/?.md" = "a"\n' >owners.toml
ends 'what is not exact' 1 owners labeler --output labeler.yml
says 'is reported with its place' 'not exact: owners.toml:4: `/?.md`: `?` is any character'
grep -q '"?.md"' labeler.yml || fail 'it is written all the same'
ends 'and is up to date then' 0 owners labeler --check labeler.yml
{
    printf '[groups]\na = { members = ["@a"], meta = { label = "a" } }\n[paths]\n"*" = "a"\n'
    for name in b c d e f g h i j; do printf '"*.%s" = { owners = "@b", except = ["/%s/"] }\n' $name $name; done
} >owners.toml
ends 'what needs too many entries' 1 owners labeler --output labeler.yml
says 'is reported, too' 'not exact: owners.toml:4: `*`: too many rules below it have exceptions, so `a` is also given to the paths of owners.toml:13: `*.j`'
[ "$(grep -c 'globs-to-any-file' labeler.yml)" -eq 256 ] || fail 'there are 256 entries'
printf '[groups]\na = { members = ["@a"], meta = { label = 1 } }\n[paths]\n"*" = "a"\n' >owners.toml
ends 'a label that is no text' 2 owners labeler
printf '[groups]\na = { members = ["@a"], meta = { label = "max-files-changed" } }\n[paths]\n"*" = "a"\n' >owners.toml
ends 'a label with the name of an option' 2 owners labeler
cd ..

## owners attribute: who owns failing tests and findings.
python_tools 'pytest>=8,<10' 'PyYAML>=6,<7'
git init -q attribute
printf "target/\n__pycache__/\n*.xml\n" >attribute/.gitignore
cd attribute
mkdir -p tests crates/one/src/deep crates/one/tests crates/one/src/bin services/pay/tests .config
cat >owners.toml <<'END'
[groups]
core = { members = ["@org/core"], contact = "#core" }
pay = "@org/pay"

[paths]
"/tests/" = "core"
"/crates/" = ["@rust", "core"]
"/crates/one/src/deep/" = "@deep"
"/services/" = "pay"
"/tests/test_nobody.py" = []
END
cat >tests/test_a.py <<'END'
import pytest

class TestIn:
    @pytest.mark.parametrize("x", ["a|b `c`"])
    def test_fails(self, x):
        assert x == "\x1b[31m<b>@everybody</b>"

def test_passes():
    pass

def test_skipped():
    pytest.skip("later")
END
echo 'import missing_module' >tests/test_broken.py
printf 'def test_n():\n    raise ValueError("n")\n' >tests/test_nobody.py
printf 'import pytest\n\n@pytest.fixture\ndef bad():\n    raise OSError("no disk")\n\ndef test_pay(bad):\n    pass\n' \
    >services/pay/tests/test_pay.py
passes 'the tests of a service, from its directory' sh -c 'cd services/pay && ! pytest -q --junit-xml=../../pay.xml'
printf 'def test_new():\n    assert False\n' >new_test.py
git add -A
git rm -q --cached new_test.py
for family in xunit1 xunit2; do
    ! pytest -q tests -p no:cacheprovider -o "junit_family=$family" --junit-xml="$family.xml" >"$log" 2>&1 || fail 'pytest fails'
done
! pytest -q new_test.py -p no:cacheprovider -o junit_family=xunit1 --junit-xml=new.xml >"$log" 2>&1 || fail 'pytest fails'

# attributed WHAT CODE LINES FILE…: each item is such a line of JSON.
attributed() {
    local what=$1 code=$2 lines=$3 ended=0
    shift 3
    owners attribute --format json "$@" >"$scratch/items.json" 2>"$log" || ended=$?
    [ "$ended" -eq "$code" ] || fail "$what: it ended with $ended"
    python3 -c '
import json, sys
for item in json.load(open(sys.argv[1]))["items"]:
    print(item["name"], item["path"], item["line"], item["state"], *item["owners"], *item["groups"], *item["contacts"])
' "$scratch/items.json" >"$log"
    diff <(printf '%s\n' "$lines") "$log" || fail "$what"
    echo "ok - $what"
}
for family in xunit1 xunit2; do
    attributed "pytest, as $family: a file that it cannot load" 0 \
        'tests.test_broken tests/test_broken.py 1 owned @org/core core #core' "$family.xml"
    # Without tests that it cannot load, pytest runs the others.
    ! pytest -q tests -p no:cacheprovider --ignore tests/test_broken.py -o "junit_family=$family" --junit-xml="$family.xml" \
        >"$log" 2>&1 || fail 'pytest fails'
    attributed "tests of a class, with parameters, of nobody" 1 'tests.test_a.TestIn test_fails[a|b `c`] tests/test_a.py 6 owned @org/core core #core
tests.test_nobody test_n tests/test_nobody.py 2 nobody' "$family.xml"
done
attributed 'in a directory that is not the root' 0 'tests.test_pay test_pay services/pay/tests/test_pay.py 5 owned @org/pay pay' pay.xml
attributed 'which an option names' 0 'tests.test_pay test_pay services/pay/tests/test_pay.py 5 owned @org/pay pay' --directory services/pay pay.xml
mkdir -p services/other/tests
cp services/pay/tests/test_pay.py services/other/tests
git add services
attributed 'without it, nobody is guessed if two files fit' 1 'tests.test_pay test_pay None None unknown' pay.xml
attributed 'with it, it is the right one' 0 'tests.test_pay test_pay services/pay/tests/test_pay.py 5 owned @org/pay pay' --directory services/pay pay.xml
git rm -qrf services/other
attributed 'a file that is not tracked yet' 1 'new_test test_new new_test.py 2 unowned' new.xml

printf '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n' >Cargo.toml
printf '[package]\nname = "one-x"\nversion = "0.1.0"\nedition = "2021"\n[lib]\nname = "y"\n' >crates/one/Cargo.toml
test='#[test] fn it_fails() { helper::no() } mod helper { pub(super) fn no() { panic!("no") } }'
printf 'mod deep;\nmod flat;\n#[cfg(test)] mod tests {\n%s\n}\n' "$test" >crates/one/src/lib.rs
printf 'mod in_it;\n' >crates/one/src/deep/mod.rs
printf '#[cfg(test)] mod tests {\n\n%s\n}\n' "$test" | tee crates/one/src/deep/in_it.rs >crates/one/src/flat.rs
printf 'fn main() {}\n%s\n' "$test" | tee crates/one/src/main.rs >crates/one/src/bin/tool.rs
printf '%s\n' "$test" >crates/one/tests/outer.rs
printf '[profile.ci]\nfail-fast = false\n[profile.ci.junit]\npath = "junit.xml"\n' >.config/nextest.toml
git add -A
if cargo nextest --version >/dev/null 2>&1; then
    refused 'tests that cargo-nextest runs' '6 failed' \
        env -u CARGO_TARGET_DIR cargo nextest run --offline --profile ci
    cp target/nextest/ci/junit.xml nextest.xml
    owners attribute --format json nextest.xml | python3 -c '
import json, sys
for item in json.load(sys.stdin)["items"]:
    print(item["name"], item["path"], item["line"], *item["owners"])' | sort >"$log"
    diff - "$log" <<'END' || fail 'cargo-nextest'
one-x deep::in_it::tests::it_fails crates/one/src/deep/in_it.rs 3 @deep
one-x flat::tests::it_fails crates/one/src/flat.rs 3 @rust @org/core
one-x tests::it_fails crates/one/src/lib.rs 4 @rust @org/core
one-x::bin/one-x it_fails crates/one/src/main.rs 2 @rust @org/core
one-x::bin/tool it_fails crates/one/src/bin/tool.rs 2 @rust @org/core
one-x::outer it_fails crates/one/tests/outer.rs 1 @rust @org/core
END
    echo 'ok - cargo-nextest: tests of libraries, programs, modules, integration tests'
else
    echo 'skipped - what cargo-nextest writes: it is not installed'
fi

mkdir 'crates/a b' && echo x >'crates/a b/é.md' && echo y >services/pay/z && git add -A
printf '"/crates/gone/" = "core"\n"/owners.toml" = "core"\n' >>owners.toml
owners check --format sarif >check.sarif || true
attributed 'SARIF of owners check' 1 "$(owners check --json | python3 -c '
import json, sys
for each in json.load(sys.stdin)["findings"]:
    in_config = each["labels"] and each["labels"][0]["line"]
    print(each["lint"], each["path"] if each["path"] else "owners.toml", in_config or None,
          "unowned" if each["path"] else "owned @org/core core #core")')" check.sarif
grep -q '^dead-pattern owners.toml 11 owned @org/core core #core$' "$log" || fail 'a finding about owners.toml'
grep -q '^unowned-path Cargo.toml None unowned$' "$log" || fail 'a finding about a path'

ends 'as text' 1 owners attribute xunit2.xml check.sarif
says 'with what is visible only' "tests/test_a.py:6  tests.test_a.TestIn test_fails[a|b \`c\`]: AssertionError: assert 'a|b \`c\`' == "
! grep -q "$(printf '\033')" "$log" || fail 'no character reaches the terminal'
says 'by owners, with how to reach them' '@org/core (#core): '
ends 'as Markdown' 1 owners attribute --format markdown xunit2.xml
says 'in which nothing has a meaning' '| `tests/test_a.py:6` | `` tests.test_a.TestIn test_fails[a\|b `c`] `` | '
says 'and nobody is notified' '### `@org/core` (`#core`)'
ends 'from standard input, in a subdirectory' 0 sh -c 'cd crates && owners attribute - <../pay.xml'
ends 'as a program of its own' 0 owners-attribute pay.xml
ends 'a file that is missing' 2 owners attribute missing.xml
says 'is named' 'cannot read missing.xml'
echo '<a/>' >bad.xml
ends 'a file that is no JUnit XML' 2 owners attribute pay.xml bad.xml
says 'is named, too' 'bad.xml is not JUnit XML: its root element is `a`'
echo '{"runs": [{"results": [1]}]}' >bad.sarif
ends 'a file that is no SARIF' 2 owners attribute bad.sarif
python3 -c '
import json
places = ["crates/x", "services/\0/a", "\ud800", "https://example.com/services/a", "services/a"]
results = [{"ruleId": "r", "message": {"text": "m"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}}}]}
           for uri in places]
json.dump({"runs": [{"results": results}]}, open("odd.sarif", "w"))'
attributed 'what is no path has no owner, and moves no other owner' 1 'r crates/x None owned @rust @org/core core #core
r None None unknown
r None None unknown
r None None unknown
r services/a None owned @org/pay pay' odd.sarif
cd ..

## owners backstage: the owners of catalog-info.yaml are those of its directory.
git init -q backstage
cd backstage
mkdir -p pay/src pay/api wasi crates docs
cat >owners.toml <<'END'
[groups]
core = "@org/core"
pay = { team = "@org/payments", members = ["@p"] }
wasi = { members = ["@w", "@v"], meta = { backstage = "group:eng/Wasm" } }

[paths]
"*" = "core"
"/pay/" = "pay"
"/pay/api/" = "@alice"
"/wasi/" = "wasi"
"*.lock" = []
END
# entry KIND NAME OWNER: an entry of a catalog.
entry() {
    printf -- '---\napiVersion: backstage.io/v1alpha1\nkind: %s\nmetadata:\n  name: %s\nspec:\n  type: service\n  owner: %s\n' "$@"
}
{ entry Component root core; printf -- '---\nkind: Location\nspec:\n  targets: [./pay]\n'; } >catalog-info.yaml
{ entry Component pay group:default/payments; entry System pay-system pay; } >pay/catalog-info.yaml
entry API pay-api user:alice >pay/api/catalog-info.yml
# A part of its paths may have other owners.
for part in a b c; do
    mkdir -p pay/parts/$part
    touch pay/parts/$part/x
    printf '"/pay/parts/%s/" = "@%s"\n' $part $part >>owners.toml
done
entry Resource wasi '"group:eng/wasm"' >wasi/catalog-info.yaml
touch pay/src/a pay/src/b pay/x.lock pay/api/a wasi/a wasi/b crates/a crates/b docs/a docs/b
git add -A
ends 'a catalog that says what owners.toml says' 0 owners backstage
[ ! -s "$log" ] || fail 'there is nothing to say'

entry Component pay eng/wasm >pay/catalog-info.yaml
entry API pay-api user:bob >pay/api/catalog-info.yml
entry Resource wasi eng/wasm >wasi/catalog-info.yaml
entry Component none '~' >>wasi/catalog-info.yaml
entry Component none core | sed 's/  owner.*//' >docs/catalog-info.yaml
git add -A
ends 'another owner, an unknown one, none' 1 owners backstage
diff - "$log" <<'END' || fail 'what is wrong, and where'
docs/catalog-info.yaml:2:1: the Component `none` has no owner [backstage/no-owner]
  help: write `owner: core`
pay/api/catalog-info.yml:8:10: the owner `user:bob` of the API `pay-api` is no group and no owner [backstage/unknown-owner]
  help: correct it, or write what the catalog calls a group as `backstage` under `[groups.NAME.meta]`
pay/catalog-info.yaml:8:10: `eng/wasm` owns 0 of the 7 paths of the Component `pay` in `pay/` [backstage/other-owner]
  help: 3 have the owner `pay`: correct the catalog, or owners.toml
wasi/catalog-info.yaml:16:10: the Component `none` has no owner [backstage/no-owner]
  help: write `owner: group:eng/Wasm`
END
echo 'ok - what is wrong, and where, without what is below another catalog'
cp "$log" "$scratch/first.log"
(cd pay && owners backstage) >"$log" 2>&1 || true
diff "$scratch/first.log" "$log" >&2 || fail 'it is the same in a subdirectory'
{ owners backstage --format json || true; } | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["findings"]))' | grep -qx 4 ||
    fail 'the findings as JSON'
cp ../bin/owners-backstage ../bin/owners-check-backstage
owners gen -q && git add -A
ends 'as a check' 1 owners check --plugin backstage
says 'findings have their place' ' --> pay/api/catalog-info.yml:8:10'
says 'and lines' '8 |   owner: user:bob'
ends 'with levels' 0 owners check --plugin backstage -W backstage
git commit -qm catalog
entry Component docs core >docs/catalog-info.yaml
entry Component none '"${{ values.owner }}"' | sed 's/  name.*//' >>docs/catalog-info.yaml
printf -- '---\nkind: Component\n' >>docs/catalog-info.yaml
ends 'the skeleton of a template' 1 owners check --plugin backstage --format short
says 'says its owner later' 'docs/catalog-info.yaml:18:1: error[backstage/no-owner]: the Component has no owner'
[ "$(grep -c '^docs/' "$log")" -eq 1 ] || fail 'and is no finding'
ends 'a commit' 1 owners check --plugin backstage --format short --rev HEAD
says 'is read, not the working tree' 'docs/catalog-info.yaml:2:1: error[backstage/no-owner]: the Component `none` has no owner'
printf 'password: [\n' >../secret
ln -sf ../../secret docs/catalog-info.yaml
ends 'a link out of the repository' 2 owners backstage
says 'is refused' 'docs/catalog-info.yaml is a link that leads out of the repository'
rm docs/catalog-info.yaml
printf 'kind: [\n' >docs/catalog-info.yaml
ends 'a catalog that is no YAML' 2 owners backstage
says 'is named' 'docs/catalog-info.yaml is not YAML: expected the node content'
ends 'also as a check' 2 owners check --plugin backstage
says 'is named, too' 'docs/catalog-info.yaml is not YAML'
python3 -m venv "$scratch/bare"
ends 'without PyYAML' 2 env PATH="$scratch/bare/bin:$PATH" owners backstage
says 'it says how to get it' '-m pip install PyYAML'
cd ..

echo 'plugins: all proofs hold'
