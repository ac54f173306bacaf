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
printf '[groups]\na = { members = ["@a"], meta = { label = "a" } }\n[paths]\n"/?.md" = "a"\n' >owners.toml
ends 'what is not exact' 1 owners labeler --output labeler.yml
says 'is reported with its place' 'not exact: owners.toml:4: `/?.md`: `?` is any character'
grep -q '"?.md"' labeler.yml || fail 'it is written all the same'
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
