#!/usr/bin/env bash
# The page of `owners map` in Chromium: what is drawn, zoom, search, filters, keyboard, fragment, back button,
# a comparison, hostile names, accessibility by axe, and how fast a page of a million files opens.
#
#     tests/packages/map.sh
#
# Needs `cargo`, git, Python 3, Node 18 or later with npm, and Chromium (or Google Chrome), which it installs
# with apt-get as root. With PICTURES=DIRECTORY, it leaves pictures there, for people to look at.
. "$(dirname "$0")/setup.sh"
cargo build --quiet --locked --manifest-path "$project/Cargo.toml" --target-dir "$target"
owners=$target/debug/owners
find_browser
mkdir -p "$target/map"
passes 'playwright-core and axe-core' \
    npm install --prefix "$target/map" --silent --no-audit --no-fund playwright-core@1.65.1 axe-core@4.14.1

passes 'the treemap of d3-hierarchy is bundled again' "$project/scripts/treemap-bundle.sh" "$scratch/treemap.js"
passes 'the bundle in the repository is the same' cmp "$scratch/treemap.js" "$project/src/bin/owners/map/treemap.js"

# commit DATE MESSAGE: commits all files of the repository in the current directory.
commit() {
    git add --all --force
    GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1 git commit -q -m "$2"
}

# files N DIRECTORY…: N files in each directory, with as many lines as their number.
files() {
    local many=$1 each i
    shift
    for each; do
        mkdir -p "$each"
        for ((i = 1; i <= many; i++)); do seq "$i" >"$each/file$i.rs"; done
    done
}

# A repository with every state and shared paths, and two commits between which owners change.
acme() {
    git init -q "$scratch/acme"
    cd "$scratch/acme"
    export GIT_AUTHOR_EMAIL=1+erin@users.noreply.github.com
    files 12 ui/widgets data/store docs/guide lab
    files 1 scripts
    commit 2025-01-05T12:00:00Z start
    # Of the owners of `net`, only @alice has changed its files.
    export GIT_AUTHOR_EMAIL=2+alice@users.noreply.github.com
    files 12 net/http net/tcp net/udp/sockets third_party/zlib
    cat >owners.toml <<'TOML'
[groups]
everybody = "@acme/everybody"
net = ["@alice", "@erin"]
ui = { team = "@acme/ui", members = ["@frank", "@gina"] }
data = "@bob"

[paths]
"*" = { owners = "everybody", except = ["/lab/", "/scripts/"] }
"/net/" = "net"
"/ui/" = "ui"
"/third_party/" = []

[check]
exempt = ["/scripts/"]
TOML
    commit 2025-01-10T12:00:00Z net
    cat >rules <<'TOML'
"/net/udp/" = "data"
"/ui/" = ["ui", "data"]
"/data/" = "@carol"
TOML
    sed -i -e '/^"\/ui\/"/d' -e '/^"\/net\/"/r rules' owners.toml
    rm rules net/tcp/file1.rs
    files 3 data/cache
    commit 2025-06-10T12:00:00Z change
}

# Names that would be markup, script or something else if they were not only text.
hostile() {
    git init -q "$scratch/hostile"
    cd "$scratch/hostile"
    python3 - <<'PYTHON'
import os
names = [
    "<script>document.title='pwned'<", "</script><script>document.title='pwned'<", "<img src=x onerror=document.title='pwned'>",
    "<!--", "]]>", "&lt;b&gt;", "a\"b'c`d", "${document.title='pwned'}", "{{data}}", "{{title}}", "__proto__", "constructor", "hasOwnProperty",
    "\u202eabc\u2066txt.exe", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629", "line\nbreak", "tab\tand\x1b[31mred", "zero\u200bwidth", "?0", "a=b&at=c#d%2Fe%", "+", "x" * 255,
]
def write(path):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    open(path, "w").write("text\n")
for name in names:
    write(name.replace("/", "\u2215"))
    write(os.path.join("in", name.replace("/", "\u2215"), "</title>", "file"))
write("long/" + "/".join(["d" * 100] * 30) + "/file")
open(b"bytes-\xff", "w").write("text\n")
PYTHON
    cat >owners.toml <<'TOML'
[groups]
constructor = "@acme/constructor"
toString = "@acme/strings"

[paths]
"*" = "constructor"
"/in/" = "@hasOwnProperty"
'/in/*script*/' = ["toString", "constructor"]
'\<*' = "toString"
'/\<\!--' = "@acme/strings"
TOML
    commit 2025-01-10T12:00:00Z start
}

# A million files in four levels of directories, without a working tree.
million() {
    git init -q "$scratch/million"
    cd "$scratch/million"
    python3 - <<'PYTHON' | git fast-import --quiet
import sys
print("blob\nmark :1\ndata 0\n\ncommit refs/heads/main\ncommitter t <t@example.com> 1736510400 +0000\ndata 1\na")
rules = "[groups]\n" + "".join(f'team-{i} = "@acme/team-{i}"\n' for i in range(40))
rules += "[paths]\n" + "".join(f'"/area-{i}/" = "team-{i}"\n' for i in range(38)) + "".join(f'"/area-{i}/part-{i % 9}/unit-{j}/" = "team-{(i * j) % 40}"\n' for i in range(40) for j in range(5))
print(f"M 100644 inline owners.toml\ndata {len(rules)}\n{rules}")
write = sys.stdout.write
for i in range(1_000_000):
    area = i * i % 40 if i % 3 else i % 7
    write(f"M 100644 :1 area-{area}/part-{i // 7 % 10}/unit-{i // 70 % 25}/item-{i // 1750 % 12}/source_file_{i}.rs\n")
PYTHON
    git symbolic-ref HEAD refs/heads/main
    git read-tree HEAD
}

pages=$scratch/pages
mkdir "$pages"
(acme)
(hostile)
(million)
# page NAME REPOSITORY OPTION…: writes the page of a repository.
page() {
    local name=$1 repository=$2
    shift 2
    passes "owners map writes $name" "$owners" -C "$scratch/$repository" map -o "$pages/$name.html" "$@"
}
page acme acme
page full acme --lines --risk --history 3
page diff acme HEAD~1..HEAD
page now acme HEAD~1
page hostile hostile
page million million --rev HEAD

# The modules are found beside the scripts, so the scripts run beside them.
cp "$project"/tests/packages/map/*.mjs "$target/map/"
node "$target/map/main.mjs" "$pages" "$browser"
