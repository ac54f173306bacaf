//! `notify`: people who are told about changes without being owners.

use snapbox::str;

use crate::support::{Sandbox, one_row_a_line};

const CONFIG: &str = r#"[groups]
core = "@org/core"
docs = { team = "@org/docs", members = ["@dora", "@eve"] }

[paths]
"*" = "core"
"/docs/" = { owners = "docs", notify = ["@volunteer", "@dora"] }
"/docs/api/" = "core"
"*.lock" = { add = "@sec", notify = "@vera" }
"*.md" = { notify = "@writer", except = "/docs/api/" }
"#;

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::current([
        ("owners.toml", CONFIG),
        ("docs/a.txt", ""),
        ("docs/b.md", ""),
        ("docs/api/c.md", ""),
        ("docs/d.lock", ""),
        ("src/e.rs", ""),
    ]);
    sandbox.git("commit -qm base");
    sandbox
}

#[test]
fn who_shows_them() {
    let sandbox = sandbox();
    let files = "docs/a.txt docs/b.md docs/api/c.md docs/d.lock src/e.rs";
    sandbox.owners(&format!("who {files}")).prints(str![[r#"
docs/a.txt     @org/docs  (notify @volunteer)
docs/b.md      @org/docs  (notify @volunteer @writer)
docs/api/c.md  @org/core
docs/d.lock    @org/docs @sec  (notify @volunteer @vera)
src/e.rs       @org/core

"#]]);
    sandbox.owners("who docs/ src/").prints(str![[r#"
docs/  @org/docs  (1 path)  (notify @volunteer)
docs/  @org/core  (1 path)
docs/  @org/docs  (1 path)  (notify @volunteer @writer)
docs/  @org/docs @sec  (1 path)  (notify @volunteer @vera)
src/   @org/core  (1 path)

"#]]);
    sandbox
        .owners("who --explain docs/b.md docs/d.lock")
        .prints(str![[r#"
docs/b.md    @org/docs  (notify @volunteer @writer)
    decided by owners.toml:7:1: "/docs/" = { owners = "docs", notify = ["@volunteer", "@dora"] }
    group owners.toml:3:1: docs = @org/docs; members: @dora @eve
    notified by owners.toml:10:1: "*.md" = { notify = "@writer", except = "/docs/api/" }
    overrides owners.toml:6:1: "*" = "core"
docs/d.lock  @org/docs @sec  (notify @volunteer @vera)
    decided by owners.toml:7:1: "/docs/" = { owners = "docs", notify = ["@volunteer", "@dora"] }
    group owners.toml:3:1: docs = @org/docs; members: @dora @eve
    added by owners.toml:9:1: "*.lock" = { add = "@sec", notify = "@vera" }
    overrides owners.toml:6:1: "*" = "core"

"#]]);
    let json = sandbox
        .owners("who --json docs/b.md docs/ src/e.rs")
        .output();
    snapbox::assert_data_eq!(
        one_row(&json.stdout),
        str![[r#"
{"version":1,"paths":[
{"path":"docs/b.md","state":"owned","owners":["@org/docs"],"notify":["@volunteer","@writer"]
{"path":"docs/","below":[{"state":"owned","owners":["@org/docs"],"notify":["@volunteer"],"paths":1},{"state":"owned","owners":["@org/core"],"paths":1},{"state":"owned","owners":["@org/docs"],"notify":["@volunteer","@writer"],"paths":1},{"state":"owned","owners":["@org/docs","@sec"],"notify":["@volunteer","@vera"],"paths":1}]},
{"path":"src/e.rs","state":"owned","owners":["@org/core"]
]}
"#]]
    );
}

/// The rows of the JSON of `who`, without their rules.
fn one_row(json: &[u8]) -> String {
    let text = String::from_utf8_lossy(json).into_owned();
    let rows = text.lines().map(|line| match line.find(",\"rule\"") {
        Some(end) => &line[..end],
        None => line,
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn never_in_a_generated_file() {
    let sandbox = sandbox();
    let file = sandbox.read(".github/CODEOWNERS");
    for person in ["@volunteer", "@vera", "@writer"] {
        assert!(!file.contains(person), "{file}");
    }
    // The file is the same without the key.
    let without: String = CONFIG
        .lines()
        .filter(|line| !line.contains("*.md"))
        .map(|line| line.replace(", notify = [\"@volunteer\", \"@dora\"]", "") + "\n")
        .map(|line| line.replace(", notify = \"@vera\"", ""))
        .collect();
    sandbox.write("owners.toml", without);
    sandbox.owners("gen --stdout").prints(file);
}

#[test]
fn reviewers_mentions_them() {
    let sandbox = sandbox();
    sandbox.git("checkout -qb change");
    for file in ["docs/a.txt", "docs/b.md", "docs/d.lock", "src/e.rs"] {
        sandbox.write(file, "changed");
    }
    sandbox.git("commit -qam change");
    sandbox.owners("reviewers main").prints(str![[r#"
4 paths changed since main; the owners are from its .github/CODEOWNERS

@org/docs  (3 paths)
  docs/a.txt
  docs/b.md
  docs/d.lock

@org/core  (1 path)
  src/e.rs

@sec  (1 path)
  docs/d.lock

notify @volunteer  (3 paths)
  docs/a.txt
  docs/b.md
  docs/d.lock

notify @vera  (1 path)
  docs/d.lock

notify @writer  (1 path)
  docs/b.md

enough: @org/docs @org/core  (no smaller set covers every owned path)

"#]]);
    sandbox
        .owners("reviewers main --format markdown")
        .prints(str![[r#"
### Reviewers

4 paths changed since `main`; the owners are from its .github/CODEOWNERS.

| requested | paths |
|---|---|
| `@org/docs` | `docs/a.txt`, `docs/b.md`, `docs/d.lock` |
| `@org/core` | `src/e.rs` |
| `@sec` | `docs/d.lock` |

Enough: `@org/docs` `@org/core` (no smaller set covers every owned path).

**notify**: @volunteer (`docs/a.txt`, `docs/b.md`, `docs/d.lock`)

**notify**: @vera (`docs/d.lock`)

**notify**: @writer (`docs/b.md`)

"#]]);
    let json = sandbox.owners("reviewers main --json").output().stdout;
    assert!(one_row_a_line(&json).contains(r#"{"owner":"@writer","paths":["docs/b.md"]}"#));
    // The author is not told, and neither is who is away.
    let told = sandbox
        .owners("reviewers main --author volunteer --away @vera,@writer")
        .output();
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(!text.contains("notify"), "{text}");
}

/// The rules of the base say who is told: a pull request cannot mention people.
#[test]
fn the_base_says_who_is_told() {
    let sandbox = sandbox();
    sandbox.git("checkout -qb change");
    sandbox.write("owners.toml", CONFIG.replace("@writer", "@everybody"));
    sandbox.write("x.md", "");
    sandbox.git("add -A");
    sandbox.git("commit -qam change");
    let shown = sandbox.owners("reviewers main --format markdown").output();
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(text.contains("**notify**: @writer (`x.md`)"), "{text}");
    assert!(!text.contains("@everybody"), "{text}");
}

#[test]
fn who_is_away() {
    let sandbox = sandbox();
    sandbox.git("checkout -qb change");
    for file in ["docs/a.txt", "docs/d.lock", "src/e.rs"] {
        sandbox.write(file, "changed");
    }
    sandbox.git("commit -qam change");
    // All members of the team are away, and so is the only other owner of a file.
    sandbox.write("AWAY.md", "- @dora until Monday\n- @Eve\n- @sec\n");
    sandbox
        .owners("reviewers main --away AWAY.md")
        .prints(str![[r#"
3 paths changed since main; the owners are from its .github/CODEOWNERS

@org/core  (1 path)
  src/e.rs

all owners are away  (2 paths)
  docs/a.txt
  docs/d.lock

notify @volunteer  (2 paths)
  docs/a.txt
  docs/d.lock

notify @vera  (1 path)
  docs/d.lock

away: @dora @eve @sec @org/docs

enough: @org/core  (no smaller set covers every owned path)

"#]]);
    sandbox
        .owners(
            "reviewers main --away @dora,@eve --away @sec --author @volunteer --format markdown",
        )
        .prints(str![[r#"
### Reviewers

3 paths changed since `main`; the owners are from its .github/CODEOWNERS.

| requested | paths |
|---|---|
| `@org/core` | `src/e.rs` |

**all owners are away**: `docs/a.txt`, `docs/d.lock`

Enough: `@org/core` (no smaller set covers every owned path).

Away: `@dora` `@eve` `@sec` `@org/docs`.

**notify**: @vera (`docs/d.lock`)

"#]]);
    let json = sandbox
        .owners("reviewers main --away @eve,@dora --json")
        .output()
        .stdout;
    assert!(one_row_a_line(&json).contains(r#""away":["docs/a.txt"]"#));
    // The team is there as long as somebody is.
    let some = sandbox
        .owners("reviewers main --away @dora")
        .output()
        .stdout;
    assert!(String::from_utf8_lossy(&some).contains("@org/docs"));
    sandbox
        .owners("reviewers main --away nobody.md")
        .refuses(str![[r#"
error: cannot read `nobody.md`: No such file or directory (os error 2)
 = help: `--away` takes a file, or logins: `--away @alice,@bob`

"#]]);
    sandbox
        .owners("reviewers main --away @a,b")
        .refuses(str![[r#"
error: `b` in `--away @a,b` is not a login
 = help: write `@login,@login`

"#]]);
}

#[test]
fn diff_shows_the_rule() {
    let sandbox = sandbox();
    sandbox.write("owners.toml", CONFIG.replace("\"@volunteer\", ", ""));
    sandbox.owners("diff").prints(str![[r#"
No path changed owners between HEAD and the working tree.

1 rule changed
  - "/docs/" = { owners = "docs", notify = ["@volunteer", "@dora"] }
  + "/docs/" = { owners = "docs", notify = ["@dora"] }

"#]]);
}

/// Also of a rule that only notifies.
#[test]
fn diff_shows_such_rules() {
    let sandbox = sandbox();
    sandbox.write("owners.toml", CONFIG.replace("@writer", "@author"));
    sandbox.owners("diff").prints(str![[r#"
No path changed owners between HEAD and the working tree.

1 rule changed
  - "*.md" = { notify = "@writer", except = "/docs/api/" }
  + "*.md" = { notify = "@author", except = "/docs/api/" }

"#]]);
    sandbox.write(
        "owners.toml",
        CONFIG.replace("\"*.md\" = {", "\"*.rs\" = {"),
    );
    sandbox.owners("diff --format markdown").prints(str![[r####"
### Code ownership

No path changed owners between `HEAD` and the working tree.

2 rules changed:

- added: `"*.rs" = { notify = "@writer", except = "/docs/api/" }`
- removed: `"*.md" = { notify = "@writer", except = "/docs/api/" }`

"####]]);
}

#[test]
fn edits_know_them() {
    let sandbox = sandbox();
    sandbox.owners("rename @writer @author -q").prints("");
    sandbox.owners("remove @vera -q").prints("");
    sandbox
        .owners("remove @author -q --allow-unowned")
        .prints("");
    let wanted = CONFIG.replace(", notify = \"@vera\"", "").replace(
        "\"*.md\" = { notify = \"@writer\", except = \"/docs/api/\" }\n",
        "",
    );
    assert_eq!(sandbox.read("owners.toml"), wanted);
}

/// They need no place in the roster: that is for people who review.
#[test]
fn the_roster_is_not_about_them() {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            "[paths]\n'*' = { owners = '@a', notify = '@b' }\n[check]\nroster = 'PEOPLE.md'\n",
        ),
        ("PEOPLE.md", "@a\n"),
    ]);
    sandbox.owners("check -q").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned

"#]],
        "",
    );
}

#[test]
fn faults() {
    let sandbox = Sandbox::repo([(
        "owners.toml",
        "[paths]\n'a' = { notify = [] }\n'b' = { notify = 3 }\n'c' = { owners = '@x', notify = 'nobody' }\n'd' = { add = [], notify = '@x' }\n'e' = { notify = '@x', excpt = 'y' }\n'f' = { notfy = '@x' }\n'[' = { notify = '@a b' }\n",
    )]);
    sandbox.owners("check").refuses(str![[r#"
error: the rule `a` notifies nobody
 --> owners.toml:2:18
  |
2 | 'a' = { notify = [] }
  |                  ^^
  |
  = help: name who is notified, or remove `notify`

error: `notify` of `b` must be a string or an array of strings
 --> owners.toml:3:18
  |
3 | 'b' = { notify = 3 }
  |                  ^ this is an integer
  |
  = help: write a user, a team, a group, or an array of them

error: unknown group `nobody`
 --> owners.toml:4:33
  |
4 | 'c' = { owners = '@x', notify = 'nobody' }
  |                                 ^^^^^^^^ not defined in `[groups]`
  |
  = help: leave it out; a rule says with `[]` alone that nobody owns a path

error: the rule `d` adds nobody
 --> owners.toml:5:15
  |
5 | 'd' = { add = [], notify = '@x' }
  |               ^^
  |
  = help: name who is added: `add = "group"`; for nobody, write `owners = []`

error: unknown key of a rule `excpt`
 --> owners.toml:6:24
  |
6 | 'e' = { notify = '@x', excpt = 'y' }
  |                        ^^^^^ not known
  |
  = help: did you mean `except`?

error: unknown key of a rule `notfy`
 --> owners.toml:7:9
  |
7 | 'f' = { notfy = '@x' }
  |         ^^^^^ not known
  |
  = help: did you mean `notify`?

error: `@a b` is not an owner on GitHub
 --> owners.toml:8:18
  |
8 | '[' = { notify = '@a b' }
  |                  ^^^^^^ a user or organization name has only letters, digits and hyphens, and does not start with a hyphen
  |
  = help: write `@user`, `@org/team` or an e-mail address

7 errors in the configuration

"#]]);
}

#[test]
fn patterns_that_match_nothing() {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            "[paths]\n'*' = '@a'\n'/docs/{api,gone}/' = { notify = '@b' }\n'/dosc/' = { notify = '@b' }\n'/vendor/' = { notify = '@b' }\n",
        ),
        ("docs/api/x", ""),
    ]);
    sandbox.owners("check").finds(str![[r#"
error[misspelled-pattern]: no tracked path matches `/dosc/`
 --> owners.toml:4:1
  |
4 | '/dosc/' = { notify = '@b' }
  | ^^^^^^^^ `docs` exists
  |
  = help: write `/docs/`

warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:3:13
  |
3 | '/docs/{api,gone}/' = { notify = '@b' }
  |             ^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: no tracked path matches `/vendor/`
 --> owners.toml:5:1
  |
5 | '/vendor/' = { notify = '@b' }
  | ^^^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

1 error, 2 warnings; 3 tracked paths: 3 owned
`--fix=tree` can fix 3

"#]]);
    sandbox.owners("check --fix=tree -q").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned

"#]],
        "",
    );
    assert_eq!(
        sandbox.read("owners.toml"),
        "[paths]\n'*' = '@a'\n'/docs/api/' = { notify = '@b' }\n'/docs/' = { notify = '@b' }\n"
    );
}
