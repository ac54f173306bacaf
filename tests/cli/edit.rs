//! `owners add`, `remove` and `rename`: edits of owners.toml that keep every byte they do not change.

use snapbox::str;

use crate::support::Sandbox;

const CONFIG: &str = r#"nested = true

[groups]
# Who knows WASI.
wasi = ["@alice", "@bob"] # two
docs = [
    "@dora", # writes
    "@bob" # reads
]
core = { team = "@org/core", members = ["wasi", "@zoe"] }
lead = { team = "@org/lead" }

[paths]
"*" = "core"
"/docs/" = { owners = ["docs", "@bob"], except = ["*.txt"] }
"*.lock" = { add = "@bob" }
"/README.md" = "@bob"

[[require]]
paths = ["*.lock"]
owners = "@bob"
"#;

const NESTED: &str = "[groups]\ninner = [\"wasi\", \"@bob\"]\n[paths]\n\"wasi/\" = \"inner\"\n";

fn sandbox() -> Sandbox {
    Sandbox::current([
        ("owners.toml", CONFIG),
        ("crates/owners.toml", NESTED),
        ("crates/wasi/a.rs", ""),
        ("docs/a.md", ""),
        ("docs/a.txt", ""),
        ("Cargo.lock", ""),
        ("README.md", ""),
    ])
}

/// The generated file is current, and the configuration has the text.
fn is_current(sandbox: &Sandbox, config: &str) {
    assert_eq!(sandbox.read("owners.toml"), config);
    sandbox.owners("gen --check").prints("");
}

/// The command has this exit code, and its output contains a text.
#[track_caller]
fn says(sandbox: &Sandbox, command: &str, code: i32, shown: &str) {
    let output = sandbox.owners(command).output();
    let stream = if code == 2 {
        output.stderr
    } else {
        output.stdout
    };
    let text = String::from_utf8_lossy(&stream);
    assert!(text.contains(shown), "{command}: {text}");
    assert_eq!(output.status.code(), Some(code), "{command}: {text}");
}

#[cfg(unix)]
#[track_caller]
fn is_unchanged(sandbox: &Sandbox) {
    assert_eq!(sandbox.read("owners.toml"), CONFIG);
    assert_eq!(sandbox.read("crates/owners.toml"), NESTED);
}

#[test]
fn add_to_a_group() {
    let sandbox = sandbox();
    sandbox.owners("add @carol wasi").exits(
        0,
        str![[r#"
1 path changed owners between the rules before and after.

2 groups changed
  wasi: + @carol  (1 path)
  core: + @carol  (members of its team)

"#]],
        str![[r#"
updated owners.toml
updated .github/CODEOWNERS

"#]],
    );
    let wanted = CONFIG.replace(r#""@bob"] # two"#, r#""@bob", "@carol"] # two"#);
    is_current(&sandbox, &wanted);
    sandbox.owners("add @carol docs -q").prints("");
    let wanted = wanted.replace(
        "    \"@bob\" # reads\n",
        "    \"@bob\", # reads\n    \"@carol\",\n",
    );
    is_current(&sandbox, &wanted);
    // A group of a nested file.
    sandbox.owners("add @eve inner -q").prints("");
    let nested = NESTED.replace(r#""@bob"]"#, r#""@bob", "@eve"]"#);
    assert_eq!(sandbox.read("crates/owners.toml"), nested);
    is_current(&sandbox, &wanted);
}

#[test]
fn a_dry_run_writes_nothing() {
    let sandbox = sandbox();
    sandbox.owners("add @carol wasi --dry-run").prints(str![[r#"
--- a/owners.toml
+++ b/owners.toml
@@ -2,7 +2,7 @@
 
 [groups]
 # Who knows WASI.
-wasi = ["@alice", "@bob"] # two
+wasi = ["@alice", "@bob", "@carol"] # two
 docs = [
     "@dora", # writes
     "@bob" # reads
--- a/.github/CODEOWNERS
+++ b/.github/CODEOWNERS
@@ -17,4 +17,4 @@
 
 # From crates/owners.toml:
 
-/crates/**/wasi/ @alice @bob
+/crates/**/wasi/ @alice @bob @carol

1 path changed owners between the rules before and after.

2 groups changed
  wasi: + @carol  (1 path)
  core: + @carol  (members of its team)

"#]]);
    is_current(&sandbox, CONFIG);
}

#[test]
fn who_is_not_added() {
    let sandbox = sandbox();
    for (command, code, shown) in [
        (
            "add @BOB wasi",
            1,
            "error: `@BOB` is in the group `wasi` already",
        ),
        ("add @alice inner", 1, "through the group `wasi`"),
        ("add @x lead", 1, "help: add `@x` to the team on the forge"),
        ("add @carol wsai", 2, "help: did you mean `wasi`?"),
        ("add carol wasi", 2, "help: did you mean `@carol`?"),
        ("add @a/b/c wasi", 2, "help: write `@a/c`"),
        ("add @carol @bob", 2, "error: there is no group `@bob`"),
    ] {
        says(&sandbox, command, code, shown);
    }
    is_current(&sandbox, CONFIG);
}

#[test]
fn the_roster_refuses() {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            "[groups]\nwasi = '@alice'\n[paths]\n'*' = 'wasi'\n[check]\nroster = 'PEOPLE.md'\n",
        ),
        ("PEOPLE.md", "- @alice\n- @carol\n"),
    ]);
    for command in [
        "add @bob wasi",
        "remove @alice --replace-with @bob",
        "rename @alice @bob",
    ] {
        let shown = "error[roster]: `@bob` is not in the roster `PEOPLE.md`";
        says(&sandbox, command, 1, shown);
    }
    sandbox.owners("add @carol wasi -q").prints("");
    sandbox.owners("add @org/team wasi -q").prints("");
    sandbox.write(
        "owners.toml",
        sandbox.read("owners.toml") + "[lints]\nroster = 'allow'\n",
    );
    sandbox.owners("add @bob wasi -q").prints("");
}

#[test]
fn what_would_be_left_empty() {
    let sandbox = sandbox();
    sandbox.owners("remove @bob").exits(
        1,
        str![[r#"
error: removing `@bob` would leave 3 entries of owners.toml empty
  --> owners.toml:16:1
   |
16 | "*.lock" = { add = "@bob" }
   | ^^^^^^^^ this rule would add nobody
...
21 | owners = "@bob"
   |          ------ this requirement would demand nobody
   |
   = note: `README.md` would have no owner
   = help: name who takes over: `--replace-with @user`
   = help: or remove them anyway: `--allow-unowned`

"#]],
        "nothing was written\n",
    );
    is_current(&sandbox, CONFIG);
    sandbox.owners("remove @bob --allow-unowned").exits(
        0,
        str![[r#"
4 paths changed owners between the rules before and after.

1 requirement changed
  - paths = "*.lock", owners = "@bob"

3 groups changed
  wasi: - @bob  (1 path)
  docs: - @bob  (1 path)
  core: - @bob  (members of its team)

3 rules changed
  - "/docs/" = { owners = ["docs", "@bob"], except = ["*.txt"] }
  + "/docs/" = { owners = ["docs"], except = ["*.txt"] }
  - "/README.md" = "@bob"
  + "/README.md" = []
  - "*.lock" = { add = "@bob" }

2 other paths changed owners
  Cargo.lock  - @bob
  README.md   @bob → (nobody)

"#]],
        str![[r#"
updated owners.toml
updated crates/owners.toml
updated .github/CODEOWNERS

"#]],
    );
    assert_eq!(
        sandbox.read("crates/owners.toml"),
        NESTED.replace(", \"@bob\"", "")
    );
    is_current(
        &sandbox,
        r#"nested = true

[groups]
# Who knows WASI.
wasi = ["@alice"] # two
docs = [
    "@dora" # writes
]
core = { team = "@org/core", members = ["wasi", "@zoe"] }
lead = { team = "@org/lead" }

[paths]
"*" = "core"
"/docs/" = { owners = ["docs"], except = ["*.txt"] }
"/README.md" = []
"#,
    );
}

/// A group that is left empty goes, and so does every mention of it.
#[test]
fn groups_of_groups_that_are_left_empty() {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            "[groups]\nall = ['some', '@a']\nsome = ['few']\nfew = '@b'\n[paths]\n'*' = 'all'\n'/x/' = 'some'\n",
        ),
        ("x/1", ""),
    ]);
    sandbox.owners("remove @b").exits(
        1,
        str![[r#"
error: removing `@b` would leave 3 entries of owners.toml empty
 --> owners.toml:3:1
  |
3 | some = ['few']
  | ^^^^ this group would have no owners
4 | few = '@b'
  | --- this group would have no owners
...
7 | '/x/' = 'some'
  | ----- this rule would have no owners
  |
  = note: `x/1` would have no owner
  = help: name who takes over: `--replace-with @user`
  = help: or remove them anyway: `--allow-unowned`

"#]],
        "nothing was written\n",
    );
    sandbox.owners("remove @b --allow-unowned -q").prints("");
    is_current(
        &sandbox,
        "[groups]\nall = ['@a']\n[paths]\n'*' = 'all'\n'/x/' = []\n",
    );
}

/// An addition that goes leaves the path of nobody else without owners.
#[test]
fn a_path_that_only_an_addition_owns() {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            "[paths]\n'*.rs' = '@a'\n'*.md' = { add = '@b' }\n",
        ),
        ("x.md", ""),
        ("y.md", ""),
        ("z.rs", ""),
    ]);
    sandbox.owners("remove @b").exits(
        1,
        str![[r#"
error: removing `@b` would leave one entry of owners.toml empty
 --> owners.toml:3:1
  |
3 | '*.md' = { add = '@b' }
  | ^^^^^^ this rule would add nobody
  |
  = note: `x.md` would have no owner
  = note: `y.md` would have no owner
  = help: name who takes over: `--replace-with @user`
  = help: or remove them anyway: `--allow-unowned`

"#]],
        "nothing was written\n",
    );
}

#[test]
fn somebody_takes_over() {
    let sandbox = sandbox();
    sandbox
        .owners("remove @bob --replace-with @dora -q")
        .prints("");
    // Where both were, one stays.
    let wanted = CONFIG
        .replace(
            "    \"@dora\", # writes\n    \"@bob\" # reads\n",
            "    \"@dora\" # writes\n",
        )
        .replace("@bob", "@dora");
    is_current(&sandbox, &wanted);
    assert_eq!(
        sandbox.read("crates/owners.toml"),
        NESTED.replace("@bob", "@dora")
    );
}

#[test]
fn a_group_is_renamed() {
    let sandbox = sandbox();
    sandbox.owners("rename wasi wasi-reviewers").exits(
        0,
        str![[r#"
No path changed owners between the rules before and after.

2 groups added or removed
  + wasi-reviewers: @alice @bob
  - wasi: @alice @bob

"#]],
        str![[r#"
updated owners.toml
updated crates/owners.toml

"#]],
    );
    let wanted = CONFIG
        .replace("wasi = [", "wasi-reviewers = [")
        .replace("[\"wasi\"", "[\"wasi-reviewers\"");
    is_current(&sandbox, &wanted);
    assert_eq!(
        sandbox.read("crates/owners.toml"),
        NESTED.replace("[\"wasi\"", "[\"wasi-reviewers\"")
    );
    // The generated file names no groups.
    assert_eq!(
        sandbox.git("diff --name-only"),
        "crates/owners.toml\nowners.toml\n"
    );
}

/// The roster names a team, not its people: it follows a new name, and nothing else changes it.
#[test]
fn a_team_of_the_roster_is_renamed() {
    let config =
        |roster: &str| format!("[check]\nroster = {roster} # who\n[paths]\n\"*\" = \"@a/b\"\n");
    for (roster, old, renamed) in [
        ("'@o/one'", "@O/One", "'@o/new'"),
        ("[\"M.md\", \"@o/one\"]", "@o/one", "[\"M.md\", \"@o/new\"]"),
        (
            "[\n  '@o/new',\n  '@o/one', # old\n]",
            "@o/one",
            "[\n  '@o/new',\n]",
        ),
    ] {
        let sandbox = Sandbox::current([("owners.toml", &*config(roster)), ("M.md", "")]);
        sandbox
            .owners(&format!("rename {old} @o/new -q"))
            .prints("");
        assert_eq!(sandbox.read("owners.toml"), config(renamed));
    }
    // A team that owns paths, too.
    let both = "[check]\nroster = '@o/t'\n[groups]\ng = { team = '@o/t', members = '@x' }\n[paths]\n'*' = 'g'\n";
    let sandbox = Sandbox::current([("owners.toml", both)]);
    sandbox.owners("rename @o/t @o/u -q").prints("");
    is_current(&sandbox, &both.replace("@o/t", "@o/u"));
    says(
        &sandbox,
        "rename @o/u @o/u",
        1,
        "the owner is called `@o/u` already",
    );
    says(&sandbox, "remove @o/u --replace-with @o/v -q", 0, "");
    let kept = both.replace("'@o/t'\n", "'@o/u'\n").replace("@o/t", "@o/v");
    is_current(&sandbox, &kept);
    says(
        &sandbox,
        "remove @o/u",
        2,
        "nothing in owners.toml names `@o/u`",
    );
}

#[test]
fn an_owner_is_renamed() {
    let sandbox = sandbox();
    for (old, new) in [
        ("@bob", "@robert"),
        ("@org/core", "@org/heart"),
        ("@dora", "@Dora"),
    ] {
        sandbox.owners(&format!("rename {old} {new} -q")).prints("");
    }
    let wanted = CONFIG
        .replace("@bob", "@robert")
        .replace("@org/core", "@org/heart")
        .replace("@dora", "@Dora");
    is_current(&sandbox, &wanted);
}

#[test]
fn names_that_cannot_be_given() {
    let sandbox = sandbox();
    for (command, code, shown) in [
        (
            "rename wasi docs",
            1,
            "error: there is a group `docs` already",
        ),
        ("rename wasi inner", 1, "--> crates/owners.toml:2:1"),
        (
            "rename inner core",
            1,
            "error: there is a group `core` already",
        ),
        ("rename wasi a:b", 2, "error: `a:b` is not a group name"),
        (
            "rename wasi wasi",
            1,
            "error: the group is called `wasi` already",
        ),
        (
            "rename wasi @wasi",
            2,
            "error: `wasi` is a group, and `@wasi` would be an owner",
        ),
        ("rename @nob @x", 2, "help: did you mean `@bob`?"),
        (
            "rename @bob @bob",
            1,
            "error: the owner is called `@bob` already",
        ),
        ("remove bob", 2, "help: did you mean `@bob`?"),
        (
            "remove @bob --replace-with carol",
            2,
            "help: did you mean `@carol`?",
        ),
    ] {
        says(&sandbox, command, code, shown);
    }
    is_current(&sandbox, CONFIG);
}

/// Whoever is listed somewhere already, or whose roster is gone, is no exception.
#[test]
fn the_roster_refuses_whoever_it_refuses() {
    let config = "[groups]\ncore = ['@alice', '@mallory']\nwasi = '@alice'\n[paths]\n'*' = ['core', 'wasi']\n[check]\nroster = 'PEOPLE.md'\n";
    let sandbox = Sandbox::current([("owners.toml", config), ("PEOPLE.md", "@alice @carol\n")]);
    for name in ["@mallory", "@MALLORY"] {
        let shown = "is not in the roster `PEOPLE.md`";
        says(&sandbox, &format!("add {name} wasi"), 1, shown);
    }
    // What the roster says of others is no reason.
    sandbox.owners("add @carol wasi -q").prints("");
    sandbox.git("rm -qf PEOPLE.md");
    says(
        &sandbox,
        "add @carol core",
        1,
        "there is no roster `PEOPLE.md`",
    );
    sandbox.write("PEOPLE.md", "@alice @carol @mallory\n");
    sandbox.git("add -A");
    sandbox.write(
        "owners.toml",
        sandbox
            .read("owners.toml")
            .replace("'PEOPLE.md'", "['PEOPLE.md', '@org/more']"),
    );
    sandbox.owners("add @dora wasi -q").exits(0, "", str![[r#"
note[roster]: whether 1 person is in `@org/more` could not be checked: only the forge knows its members: `owners check --live` asks
 --> owners.toml:7:24
  |
3 | wasi = ['@alice', "@carol", "@dora"]
  |                             ------- such as this one
...
7 | roster = ['PEOPLE.md', '@org/more']
  |                        ^^^^^^^^^^^ not known

"#]]);
    let levels = sandbox
        .read("owners.toml")
        .replace("['PEOPLE.md', '@org/more']", "'PEOPLE.md'");
    sandbox.write("owners.toml", levels + "[lints]\nroster = 'warn'\n");
    sandbox.owners("add @erin wasi").exits(
        1,
        str![[r#"
warning[roster]: `@erin` is not in the roster `PEOPLE.md`
 --> owners.toml:3:38
  |
3 | wasi = ['@alice', "@carol", "@dora", "@erin"]
  |                                      ^^^^^^^ not in the roster
  |
  = help: add `@erin` to `PEOPLE.md`, or remove them from the group or rule

"#]],
        "nothing was written\n",
    );
}

/// Two edits at the same time are both made.
#[test]
fn edits_wait_for_each_other() {
    let sandbox = Sandbox::current([("owners.toml", "groups.g = ['@a']\n[paths]\n'*' = 'g'\n")]);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                let output = sandbox.owners(&format!("add @u{number} g -q")).output();
                assert_eq!(output.status.code(), Some(0));
            });
        }
    });
    let config = sandbox.read("owners.toml");
    for number in 0..8 {
        assert!(config.contains(&format!("@u{number}")), "{config}");
    }
    sandbox.owners("gen --check").prints("");
}

/// A rule that says nothing any more is listed, too. What it notifies stays.
#[test]
fn rules_that_add_and_notify() {
    let sandbox = Sandbox::current([(
        "owners.toml",
        "[paths]\n'*' = '@a'\n# docs\n'/docs/' = { add = '@b' }\n'/a/' = { notify = '@b' }\n'/b/' = { add = ['@b'], notify = '@c' }\n",
    )]);
    sandbox.owners("remove @b").exits(
        1,
        str![[r#"
error: removing `@b` would leave 3 entries of owners.toml empty
 --> owners.toml:4:1
  |
4 | '/docs/' = { add = '@b' }
  | ^^^^^^^^ this rule would add nobody
5 | '/a/' = { notify = '@b' }
  | ----- this rule would notify nobody
6 | '/b/' = { add = ['@b'], notify = '@c' }
  | ----- this rule would add nobody
  |
  = help: name who takes over: `--replace-with @user`
  = help: or remove them anyway: `--allow-unowned`

"#]],
        "nothing was written\n",
    );
    sandbox.owners("remove @b --allow-unowned").exits(
        0,
        str![[r#"
No path changed owners between the rules before and after.

3 rules changed
  - '/b/' = { add = ['@b'], notify = '@c' }
  + '/b/' = { notify = '@c' }
  - '/docs/' = { add = '@b' }
  - '/a/' = { notify = '@b' }

"#]],
        str![[r#"
updated owners.toml
updated .github/CODEOWNERS

"#]],
    );
    is_current(&sandbox, "[paths]\n'*' = '@a'\n'/b/' = { notify = '@c' }\n");
}

#[test]
fn a_group_is_no_owner() {
    let sandbox = sandbox();
    sandbox.owners("remove wasi").refuses(str![[r#"
error: `wasi` is a group, not an owner
 = help: name one of its owners; to remove the group itself, remove its entry and its mentions by hand

"#]]);
}

/// If a generated file cannot be written, the configuration is as it was.
#[cfg(unix)]
#[test]
fn half_an_edit_is_taken_back() {
    let sandbox = sandbox();
    std::fs::remove_file(sandbox.root.join(".github/CODEOWNERS")).unwrap();
    std::fs::remove_dir(sandbox.root.join(".github")).unwrap();
    sandbox.write(".github", "a file");
    let output = sandbox.owners("add @carol wasi").output();
    assert_eq!(output.status.code(), Some(2));
    is_unchanged(&sandbox);
}

/// Files beside each other may define groups of the same name.
#[test]
fn the_group_that_is_visible_here() {
    let sandbox = Sandbox::current([
        ("owners.toml", "nested = true\n[paths]\n'*' = '@a'\n"),
        ("x/owners.toml", "groups.g = '@x'\n[paths]\n'*' = 'g'\n"),
        ("y/owners.toml", "groups.g = '@y'\n[paths]\n'*' = 'g'\n"),
    ]);
    sandbox.owners("add @b g").refuses(str![[r#"
error: 2 files define a group `g`
 = note: `x/owners.toml` does
 = note: `y/owners.toml` does
 = help: run the command in the directory of the file that is meant, as with `-C x`

"#]]);
    sandbox.owners("-C y add @b g -q").prints("");
    sandbox.owners("-C y rename g h -q").prints("");
    assert_eq!(
        sandbox.read("x/owners.toml"),
        "groups.g = '@x'\n[paths]\n'*' = 'g'\n"
    );
    assert_eq!(
        sandbox.read("y/owners.toml"),
        "groups.h = ['@y', \"@b\"]\n[paths]\n'*' = 'h'\n"
    );
}

/// Nothing is written if not everything can be.
#[test]
fn files_that_cannot_be_written() {
    let sandbox = sandbox();
    sandbox.write(".github/CODEOWNERS", "* @somebody\n");
    sandbox.owners("add @carol wasi").refuses(str![[r#"
error: `.github/CODEOWNERS` was not written by `owners gen`
--> .github/CODEOWNERS
 = note: a generated file says so in its first line; overwriting this file would lose its contents
 = help: import its rules with `owners init` if they are not in owners.toml yet; then run `owners gen --force`

"#]]);
    assert_eq!(sandbox.read("owners.toml"), CONFIG);

    let by_hand = Sandbox::committed([("CODEOWNERS", "* @a\n")]);
    by_hand.owners("remove @a").refuses(str![[r#"
error: `owners remove` edits `owners.toml`, and there is none
 = note: `CODEOWNERS` is written by hand
 = help: run `owners check`, and make the edits by hand
 = help: or run `owners init`, which imports the file, then the same command

"#]]);
}
