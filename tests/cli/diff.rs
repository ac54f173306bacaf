//! `owners diff`: which paths a change gives to other owners.

use std::fs;

use serde_json::{Value, json};
use snapbox::{file, str};

use crate::support::Sandbox;

const BEFORE: &str = r#"[paths]
"*" = "@org/core"
"Cargo.lock" = []
"#;
const AFTER: &str = r#"[groups]
wasi = ["@alice", "@bob"]

[paths]
"*" = "@org/core"
"/crates/{wasi,wasi-http}/" = "wasi"
"#;

/// One commit with the first configuration.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::repo([
        ("owners.toml", BEFORE),
        ("Cargo.lock", "0"),
        ("README.md", "1"),
        ("crates/wasi/a.rs", "2 with a text that git knows again"),
        ("crates/wasi/src/b.rs", "3"),
        ("crates/wasi-http/src/c.rs", "4"),
        ("docs/x.md", "5 which is some text to be found"),
        ("docs/y.md", "6 and some more, not the same"),
        ("old/z.md", "7"),
    ]);
    sandbox.git("commit -qm before");
    sandbox
}

/// The same, and a second commit: other rules, and files that moved, came and went.
fn changed() -> Sandbox {
    let sandbox = sandbox();
    sandbox.write("owners.toml", AFTER);
    sandbox.git("mv docs manual");
    sandbox.git("rm -rq old");
    sandbox.write("new/1.md", "a");
    sandbox.write("new/2.md", "b");
    sandbox.git("add -A");
    sandbox.git("commit -qm after");
    sandbox
}

#[test]
fn nothing_changed() {
    let sandbox = sandbox();
    sandbox.owners("diff").prints(str![[r#"
No path changed owners between HEAD and the working tree.

"#]]);
    sandbox.owners("diff --exit-code").prints(str![[r#"
No path changed owners between HEAD and the working tree.

"#]]);
    sandbox.owners("diff --format json").prints(str![[r#"
{"version":1,"from":"HEAD","to":"the working tree","requirements":[],"groups":[],"rules":[],"reordered":false,"changes":[],"summary":{"other_owners":0,"changed":0,"moved":0,"new":0,"gone":0}}

"#]]);
    sandbox.owners("diff --format markdown").prints(str![[r#"
### Code ownership

No path changed owners between `HEAD` and the working tree.

"#]]);
}

#[test]
fn the_working_tree() {
    let sandbox = sandbox();
    sandbox.write("owners.toml", AFTER);
    // Git does not know of it yet.
    sandbox.write("crates/wasi/new.rs", "x");
    sandbox.owners("diff").prints(str![[r#"
4 paths changed owners between HEAD and the working tree.

1 group added or removed
  + wasi: @alice @bob

2 rules changed
  + "/crates/{wasi,wasi-http}/" = "wasi"
  - "Cargo.lock" = []

4 paths changed owners
  Cargo.lock          (nobody) → @org/core
  crates/  (3 paths)  @org/core → @alice @bob

"#]]);
    sandbox.owners("diff --exit-code").finds(str![[r#"
4 paths changed owners between HEAD and the working tree.

1 group added or removed
  + wasi: @alice @bob

2 rules changed
  + "/crates/{wasi,wasi-http}/" = "wasi"
  - "Cargo.lock" = []

4 paths changed owners
  Cargo.lock          (nobody) → @org/core
  crates/  (3 paths)  @org/core → @alice @bob

"#]]);
}

#[test]
fn files_that_git_knows_of() {
    let sandbox = sandbox();
    sandbox.write("owners.toml", AFTER);
    sandbox.write("crates/wasi/new.rs", "x");
    sandbox.git("add -A");
    sandbox.owners("diff HEAD").prints(str![[r#"
4 paths changed owners between HEAD and the working tree.

1 group added or removed
  + wasi: @alice @bob

2 rules changed
  + "/crates/{wasi,wasi-http}/" = "wasi"
  - "Cargo.lock" = []

4 paths changed owners
  Cargo.lock                 (nobody) → @org/core
  crates/wasi-http/src/c.rs  @org/core → @alice @bob
  crates/wasi/a.rs           @org/core → @alice @bob
  crates/wasi/src/b.rs       @org/core → @alice @bob

1 path new
  crates/wasi/new.rs  @alice @bob

"#]]);
    sandbox.owners("diff -v").within("crates").prints(str![[r#"
4 paths changed owners between HEAD and the working tree.

1 group added or removed
  + wasi: @alice @bob

2 rules changed
  + "/crates/{wasi,wasi-http}/" = "wasi"
  - "Cargo.lock" = []

4 paths changed owners
  ../Cargo.lock       (nobody) → @org/core
  wasi-http/src/c.rs  @org/core → @alice @bob
  wasi/a.rs           @org/core → @alice @bob
  wasi/src/b.rs       @org/core → @alice @bob

1 path new
  wasi/new.rs  @alice @bob

"#]]);
}

#[test]
fn ways_to_name_two_commits() {
    let sandbox = changed();
    for arguments in [
        "diff HEAD~1 HEAD",
        "diff HEAD~1..HEAD",
        "diff HEAD~1..",
        "diff HEAD~1...HEAD",
    ] {
        let output = sandbox
            .owners(&format!("{arguments} --format json"))
            .output();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("\"other_owners\":4,"), "{arguments}: {text}");
    }
}

/// The working tree does not count.
#[test]
fn two_commits() {
    let sandbox = changed();
    sandbox.write("owners.toml", "broken");
    sandbox.owners("diff HEAD~1 HEAD").prints(str![[r#"
4 paths changed owners between HEAD~1 and HEAD.

1 group added or removed
  + wasi: @alice @bob

2 rules changed
  + "/crates/{wasi,wasi-http}/" = "wasi"
  - "Cargo.lock" = []

4 paths changed owners
  Cargo.lock          (nobody) → @org/core
  crates/  (3 paths)  @org/core → @alice @bob

2 paths moved
  docs/ → manual/  (2 paths)  @org/core, as before

2 paths new
  new/  (2 paths)  @org/core

1 path gone
  old/z.md  @org/core

"#]]);
    assert_eq!(sandbox.git("status --porcelain"), " M owners.toml\n");
}

#[test]
fn two_commits_as_markdown() {
    let sandbox = changed();
    sandbox
        .owners("diff HEAD~1 HEAD --format markdown")
        .prints(file!["diff/two_commits.md"]);
}

#[test]
fn two_commits_as_json() {
    let sandbox = changed();
    sandbox
        .owners("diff HEAD~1 HEAD --format json")
        .prints_rows(file!["diff/two_commits.json"]);
}

#[test]
fn back_to_an_older_commit() {
    let sandbox = changed();
    sandbox.owners("diff HEAD HEAD~1").prints(str![[r#"
4 paths changed owners between HEAD and HEAD~1.

1 group added or removed
  - wasi: @alice @bob

2 rules changed
  + "Cargo.lock" = []
  - "/crates/{wasi,wasi-http}/" = "wasi"

4 paths changed owners
  Cargo.lock          @org/core → (nobody)
  crates/  (3 paths)  @alice @bob → @org/core

2 paths moved
  manual/ → docs/  (2 paths)  @org/core, as before

1 path new
  old/z.md  @org/core

2 paths gone
  new/  (2 paths)  @org/core

"#]]);
}

#[test]
fn what_a_branch_did_since_it_left() {
    let sandbox = sandbox();
    sandbox.git("branch side");
    sandbox.write("owners.toml", AFTER);
    sandbox.git("commit -qam on-main");
    sandbox.git("checkout -q side");
    sandbox.write("owners.toml", BEFORE.replace("[]", "\"@lock\""));
    sandbox.git("commit -qam on-side");
    sandbox.owners("diff main...side").prints(str![[r#"
1 path changed owners between the merge base with main and side.

1 rule changed
  - "Cargo.lock" = []
  + "Cargo.lock" = "@lock"

1 path changed owners
  Cargo.lock  (nobody) → @lock

"#]]);
    sandbox.owners("diff main...").prints(str![[r#"
1 path changed owners between the merge base with main and HEAD.

1 rule changed
  - "Cargo.lock" = []
  + "Cargo.lock" = "@lock"

1 path changed owners
  Cargo.lock  (nobody) → @lock

"#]]);
    sandbox.owners("diff main..side").prints(str![[r#"
4 paths changed owners between main and side.

1 group added or removed
  - wasi: @alice @bob

2 rules changed
  + "Cargo.lock" = "@lock"
  - "/crates/{wasi,wasi-http}/" = "wasi"

4 paths changed owners
  Cargo.lock          @org/core → @lock
  crates/  (3 paths)  @alice @bob → @org/core

"#]]);
}

#[test]
fn moving_files_only() {
    let sandbox = sandbox();
    sandbox.git("mv crates lib");
    sandbox.owners("diff --exit-code").prints(str![[r#"
No path changed owners between HEAD and the working tree.

3 paths moved
  crates/ → lib/  (3 paths)  @org/core, as before

"#]]);
}

#[test]
fn moving_files_to_other_owners() {
    let sandbox = changed();
    sandbox.git("mv crates/wasi crates/core");
    sandbox.owners("diff --exit-code").finds(str![[r#"
2 paths changed owners between HEAD and the working tree.

2 paths changed owners
  crates/wasi/ → crates/core/  (2 paths)  @alice @bob → @org/core

"#]]);
}

#[test]
fn nested_files_of_each_side() {
    let sandbox = Sandbox::committed([
        (
            "owners.toml",
            r#"nested = true
[paths]
"*" = "@core"
"#,
        ),
        (
            "a/owners.toml",
            r#"[paths]
"*.rs" = "@a"
"#,
        ),
        ("a/x.rs", ""),
        ("b/x.rs", ""),
    ]);
    sandbox.git("rm -q a/owners.toml");
    sandbox.write(
        "b/owners.toml",
        r#"[paths]
"*" = "@b"
"#,
    );
    sandbox.git("add -A");
    sandbox.owners("diff").prints(str![[r#"
2 paths changed owners between HEAD and the working tree.

2 rules changed
  + "*" = "@b"  (b/owners.toml)
  - "*.rs" = "@a"  (a/owners.toml)

2 paths changed owners
  a/x.rs  @a → @core
  b/x.rs  @core → @b

1 path new
  b/owners.toml  @b

1 path gone
  a/owners.toml  @core

"#]]);
}

#[test]
fn adopting_changes_nothing() {
    let sandbox = Sandbox::committed([("a/x", ""), ("b", ""), ("CODEOWNERS", "/a/ @a\n/b\n")]);
    sandbox.owners("init -q --write-output").prints("");
    sandbox.git("add -A");
    sandbox.owners("diff").exits(
        0,
        str![[r#"
Between HEAD and the working tree, owners.toml takes the place of CODEOWNERS: no path changed owners.

1 path new
  owners.toml  (unowned)

"#]],
        str![""],
    );
    sandbox.owners("diff -q").prints(str![[r#"
Between HEAD and the working tree, owners.toml takes the place of CODEOWNERS: no path changed owners.

1 path new
  owners.toml  (unowned)

"#]]);
    let sandbox = Sandbox::committed([("a", "")]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"#,
    );
    sandbox.owners("diff").exits(
        0,
        str![[r#"
1 path changed owners between HEAD and the working tree.

1 path changed owners
  a  (unowned) → @a

"#]],
        str![[r#"
note: there is neither owners.toml nor a CODEOWNERS file in HEAD; every path is unowned there

"#]],
    );
}

/// Groups, rules and paths that a reviewer has to tell apart.
fn groups_and_rules() -> Sandbox {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r#"[groups]
core = "@core"
wasi = ["@pch"]
both = ["core", "wasi"]
docs = { team = "@o/docs", members = ["@d1"] }

[paths]
"*"         = "core"
"/wasi/"    = "wasi"
"/both/"    = ["both", "@x"]
"/replaced/" = "wasi"
"/docs/"    = "docs"
"/a/"       = ["@a", "@z"]
"/gone/"    = "@a"
"#,
        ),
        ("README.md", ""),
        ("wasi/1", ""),
        ("wasi/2", ""),
        ("both/1", ""),
        ("replaced/1", ""),
        (
            "docs/guide/a-file-with-a-name-that-is-long.md",
            "some text that git finds again",
        ),
        ("a/1", ""),
        ("a/2", ""),
        ("b/1", ""),
    ]);
    sandbox.git("commit -qm before");
    let config = sandbox
        .read("owners.toml")
        .replace(r#"["@pch"]"#, r#"["@pch", "@alice"]"#)
        .replace(r#"["@d1"]"#, r#"["@d2"]"#)
        .replace(r#""/replaced/" = "wasi""#, r#""/replaced/" = "core""#)
        .replace(r#"["@a", "@z"]"#, r#"["@z",   "@B"]"#)
        .replace("\"/gone/\"    = \"@a\"\n", "\"/b/\" = []\n");
    sandbox.write("owners.toml", config);
    sandbox.write("manual/.keep", "");
    sandbox.git(
        "mv docs/guide/a-file-with-a-name-that-is-long.md manual/another-name-that-is-long.md",
    );
    sandbox.git("add owners.toml");
    sandbox
}

#[test]
fn groups_that_are_new_or_gone() {
    let sandbox = Sandbox::repo([(
        "owners.toml",
        "nested = true\n[groups]\nold = ['@a', '@b']\nteam = { team = '@o/t', members = '@m' }\n[paths]\n'*' = 'old'\n'/x' = 'team'\n",
    )]);
    sandbox.write(
        "in/owners.toml",
        "[groups]\ninner = '@i'\n[paths]\n'*' = 'inner'\n",
    );
    sandbox.git("add -A");
    sandbox.git("commit -qm before");
    sandbox.write(
        "owners.toml",
        "nested = true\n[groups]\nnew = ['@a', '@b', '@c']\nall = ['new', '@d']\n[paths]\n'*' = 'new'\n'/x' = 'all'\n",
    );
    sandbox.write("in/owners.toml", "[paths]\n'*' = 'new'\n");
    sandbox.owners("diff").prints(str![[r#"
2 paths changed owners between HEAD and the working tree.

5 groups added or removed
  + new: @a @b @c
  + all: @a @b @c @d
  - old: @a @b
  - team: @o/t (members of its team: @m)
  - inner: @i  (in/owners.toml)

3 rules changed
  - '*' = 'old'
  + '*' = 'new'
  - '/x' = 'team'
  + '/x' = 'all'
  - '*' = 'inner'  (in/owners.toml)
  + '*' = 'new'  (in/owners.toml)

2 paths changed owners
  in/owners.toml  @i → @a @b @c
  owners.toml     + @c

"#]]);
    let json = |command| -> Value {
        let output = sandbox.owners(command).output();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let found = json("diff --json");
    let groups = found["groups"].as_array().unwrap().iter();
    let groups = groups.map(|group| (&group["change"], &group["name"], &group["added"]));
    let team = (&json!("gone"), &json!("team"), &json!([]));
    assert_eq!(groups.clone().nth(3), Some(team));
    let new = (&json!("new"), &json!("new"), &json!(["@a", "@b", "@c"]));
    assert_eq!(groups.clone().next(), Some(new));
    assert_eq!(found["groups"][3]["removed_members"], json!(["@m"]));
    let markdown = sandbox.owners("diff --format markdown").output().stdout;
    let markdown = String::from_utf8(markdown).unwrap();
    let list = "5 groups added or removed:\n\n- added: `new: @a @b @c`\n";
    assert!(markdown.contains(list), "{markdown}");
    // With an `owners.toml` on one side only, all groups come with it.
    sandbox.git("rm -qf --cached owners.toml in/owners.toml");
    fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    assert_eq!(json("diff -q --json")["groups"], json!([]));
}

/// What a changed group explains is one line, and not repeated path by path.
#[test]
fn groups_and_rules_come_first() {
    let sandbox = groups_and_rules();
    sandbox.owners("diff").prints(str![[r#"
8 paths changed owners between HEAD and the working tree.

2 groups changed
  wasi: + @alice  (3 paths)
  docs: - @d1 + @d2  (members of its team)

4 rules changed
  - "/replaced/" = "wasi"
  + "/replaced/" = "core"
  - "/a/" = ["@a", "@z"]
  + "/a/" = ["@z", "@B"]
  + "/b/" = []
  - "/gone/" = "@a"

5 other paths changed owners
  a/  (2 paths)                                                                        - @a + @B
  b/1                                                                                  @core → (nobody)
  replaced/1                                                                           @pch → @core
  docs/guide/a-file-with-a-name-that-is-long.md → manual/another-name-that-is-long.md  @o/docs → @core

"#]]);
    sandbox
        .owners("diff --format markdown")
        .prints(file!["diff/groups_and_rules.md"]);
    sandbox
        .owners("diff --json")
        .prints_rows(file!["diff/groups_and_rules.json"]);
    // Every path, on request.
    let all = sandbox.owners("diff -v").output().stdout;
    let all = String::from_utf8(all).unwrap();
    for path in ["wasi/1", "wasi/2", "both/1", "replaced/1", "a/1", "a/2"] {
        assert!(all.contains(&format!("  {path} ")), "{all}");
    }
    // Formatting is no change of a rule, and neither is a change of case.
    sandbox.git("commit -qam after");
    let config = sandbox
        .read("owners.toml")
        .replace("   = ", " = ")
        .replace("@core", "@Core");
    sandbox.write("owners.toml", config);
    sandbox
        .owners("diff")
        .prints("No path changed owners between HEAD and the working tree.\n");
}

/// A path is never cut: what does not fit has a line of its own, and the arrow stays whole.
#[test]
fn long_paths_in_a_narrow_terminal() {
    let sandbox = groups_and_rules();
    let narrow = |columns: &str| {
        let output = sandbox.owners("diff").env("COLUMNS", columns).output();
        String::from_utf8(output.stdout).unwrap()
    };
    let shown = narrow("60");
    sandbox.assert_eq(
        shown.split_once("other paths").unwrap().1.as_bytes(),
        str![[r#"
 changed owners
  a/  (2 paths)  - @a + @B
  b/1            @core → (nobody)
  replaced/1     @pch → @core
  docs/guide/a-file-with-a-name-that-is-long.md
    → manual/another-name-that-is-long.md
      @o/docs → @core

"#]],
    );
    for columns in ["1", "20", "40", "60", "80"] {
        let shown = narrow(columns);
        assert!(!shown.contains('…'), "{columns}: {shown}");
        assert!(
            shown.contains("docs/guide/a-file-with-a-name-that-is-long.md")
                && shown.contains("→ manual/another-name-that-is-long.md"),
            "{shown}"
        );
    }
}

/// One changed member of a group, and every kind of rule that names it.
#[test]
fn a_new_member_is_one_line() {
    let sandbox = Sandbox::plain();
    sandbox.git("init -q");
    let config = |members: &str| {
        let rules: String = (0..40)
            .map(|n| format!("'/d{n}/' = ['wasi', '@o{n}']\n"))
            .collect();
        format!("[groups]\nwasi = [{members}]\n[paths]\n{rules}")
    };
    sandbox.write("owners.toml", config("'@a'"));
    for n in 0..40 {
        sandbox.write(format!("d{n}/x"), "");
        sandbox.write(format!("d{n}/y"), "");
    }
    sandbox.git("add -A");
    sandbox.git("commit -qm x");
    sandbox.write("owners.toml", config("'@a', '@b'"));
    sandbox.owners("diff --exit-code").finds(str![[r#"
80 paths changed owners between HEAD and the working tree.

1 group changed
  wasi: + @b  (80 paths)

"#]]);
    // If the group is not all that changed, the paths are there, with what changed.
    let other = config("'@a', '@b'").replace("'@o7'", "'@other'");
    sandbox.write("owners.toml", other);
    sandbox.owners("diff").prints(str![[r#"
80 paths changed owners between HEAD and the working tree.

1 group changed
  wasi: + @b  (78 paths)

1 rule changed
  - '/d7/' = ['wasi', '@o7']
  + '/d7/' = ['wasi', '@other']

2 other paths changed owners
  d7/  (2 paths)  - @o7 + @b + @other

"#]]);
}

#[test]
fn rules_in_another_order() {
    let sandbox = Sandbox::committed([
        ("owners.toml", "[paths]\n'*' = '@a'\n'/x' = '@b'\n"),
        ("x", ""),
    ]);
    sandbox.write("owners.toml", "[paths]\n'/x' = '@b'\n'*' = '@a'\n");
    sandbox.owners("diff").prints(str![[r#"
1 path changed owners between HEAD and the working tree.

the order of the rules changed

1 path changed owners
  x  @b → @a

"#]]);
}

/// GitHub takes 65,536 characters.
#[test]
fn markdown_fits_a_comment() {
    let sandbox = Sandbox::repo([]);
    let long = "x".repeat(110);
    let team = |prefix: &str, n: usize| format!("@org/{prefix}-{n:03}-{}", "y".repeat(90));
    // Each side has directories of its own, and some that both have; all with owners of their own.
    for (side, range) in [("before", 0..240), ("after", 120..360)] {
        let mut config = String::from("[paths]\n");
        sandbox.git("rm -rq --ignore-unmatch .");
        for n in range {
            sandbox.write(format!("{n:03}{long}/f"), side);
            config += &format!("\"/{n:03}{long}/\" = \"{}\"\n", team(side, n));
        }
        sandbox.write("owners.toml", config);
        sandbox.git("add -A");
        sandbox.git(&format!("commit -qm {side}"));
    }
    let output = sandbox
        .owners("diff HEAD~1 HEAD --format markdown")
        .output();
    let text = String::from_utf8(output.stdout).unwrap();
    for heading in [
        "120 paths changed owners",
        "120 paths new",
        "120 paths gone",
    ] {
        assert!(text.contains(heading), "{text}");
    }
    assert!(text.contains("more rows."), "{text}");
    assert!((30_000..60_000).contains(&text.len()), "{}", text.len());
}

#[test]
fn names_that_need_care() {
    let sandbox = Sandbox::committed([
        (
            "owners.toml",
            r#"[paths]
"*" = "@a"
"#,
        ),
        ("a|b`c/x\ny", ""),
        ("a<b>", ""),
    ]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
'a?b*' = '@b'
"#,
    );
    sandbox.owners("diff").prints(str![[r#"
2 paths changed owners between HEAD and the working tree.

1 rule changed
  + 'a?b*' = '@b'

2 paths changed owners
  a<b>        @a → @b
  a|b`c/x\ny  @a → @b

"#]]);
    sandbox.owners("diff --format markdown").prints(str![[r#"
### Code ownership

2 paths changed owners between `HEAD` and the working tree.

1 rule changed:

- added: `'a?b*' = '@b'`

2 paths changed owners:

| path | change |
|---|---|
| `a<b>` | `@a` → `@b` |
| `` a\|b`c/x\ny `` | `@a` → `@b` |

"#]]);
    sandbox
        .owners("diff --format json")
        .prints_rows(file!["diff/names.json"]);
}

#[test]
fn mistakes() {
    let sandbox = changed();
    sandbox.owners("diff nowhere").refuses(str![[r#"
error: there is no commit `nowhere`

"#]]);
    sandbox.owners("diff HEAD..nowhere").refuses(str![[r#"
error: there is no commit `nowhere`

"#]]);
    sandbox.owners("diff HEAD~1..HEAD HEAD").refuses(str![[r#"
error: `HEAD~1..HEAD` names both sides already; `HEAD` is one revision too many
 = help: name a range, or two revisions

"#]]);
    sandbox
        .owners("diff --config x.toml HEAD")
        .refuses(str![[r#"
error: this command does not take `--config`
 = note: each side has its own owners.toml

"#]]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "nobody"
"#,
    );
    sandbox.owners("diff").refuses(str![[r#"
note: this is owners.toml in the working tree
error: unknown group `nobody`
 --> owners.toml:2:7
  |
2 | "*" = "nobody"
  |       ^^^^^^^^ not defined in `[groups]`
  |
  = help: if nobody owns it, write `[]` as its owners

1 error in the configuration

"#]]);
}

#[test]
fn a_history_that_is_not_all_there() {
    let sandbox = changed();
    sandbox.git("checkout -q --orphan other");
    sandbox.git("commit -qm other");
    sandbox.owners("diff main...other").refuses(str![[r#"
error: `main` and `other` have no merge base

"#]]);
    let url = format!("file://{}", sandbox.root.display());
    sandbox.git_in(
        "..",
        &format!("clone -q --depth 1 --branch main {url} shallow"),
    );
    sandbox
        .owners("diff HEAD~1")
        .within("../shallow")
        .refuses(str![[r#"
error: there is no commit `HEAD~1` in this shallow clone: fetch it, with `fetch-depth: 0` in actions/checkout or `git fetch --unshallow`

"#]]);
    sandbox.git_in("../shallow", "fetch -q --depth 1 origin other:other");
    sandbox
        .owners("diff other...HEAD")
        .within("../shallow")
        .refuses(str![[r#"
error: the merge base of `other` and `HEAD` is not in this shallow clone: fetch the whole history, with `fetch-depth: 0` in actions/checkout or `git fetch --unshallow`

"#]]);
}

/// A team that gets members is still the owner.
#[test]
fn the_members_of_a_team_are_added() {
    let sandbox = Sandbox::current([
        ("a", ""),
        (
            "owners.toml",
            "[groups]\nx = \"@org/x\"\n[paths]\n\"*\" = \"x\"\n",
        ),
    ]);
    sandbox.git("commit -qm one");
    let members = "[groups.x]\nteam = \"@org/x\"\nmembers = [\"@a\", \"@b\"]\n";
    sandbox.write("owners.toml", format!("{members}[paths]\n\"*\" = \"x\"\n"));
    sandbox.owners("diff").prints(str![[r#"
No path changed owners between HEAD and the working tree.

1 group changed
  x: + @a + @b  (members of its team)

"#]]);
}

/// Requirements change no owner, but a reviewer must see them change.
#[test]
fn requirements() {
    let rules = "[groups]\nsec = \"@sec\"\n[paths]\n\"*\" = [\"@a\", \"sec\"]\n";
    let sandbox = Sandbox::repo([(
        "owners.toml",
        &*format!(
            r#"{rules}
[[require]]
paths  = ["/wf/", "*.pem"]
owners = "sec"
reason = "secrets"

[[require]]
paths      = "/docs/"
except     = ["*.md"]
min-owners = 2

[[require]]
paths  = "/gone/"
any-of = ["sec", "@a"]

[[require]]
paths  = "/same/"
owners = "sec"

[[require]]
paths  = "/moved/"
owners = ["@a", "sec"]
"#
        ),
    )]);
    sandbox.git("commit -qm before");
    let after = format!(
        r#"require = [
    {{ paths = ["/same/"], owners = ['sec'] }},
    {{ paths = "/elsewhere/", owners = ["@a", "sec"] }},
    {{ paths = ["/wf/", "*.pem"], owners = "@a", reason = "secrets" }},
    {{ paths = "/docs/", except = "*.md", min-owners = 1 }},
    {{ paths = "new\\,\u202e`|", min-owners = 1, reason = """a
b""" }},
]
{rules}"#
    );
    sandbox.write("owners.toml", &after);
    sandbox.owners("diff").prints(str![[r#"
No path changed owners between HEAD and the working tree.

5 requirements changed
  - paths = "/moved/", owners = ["@a", "sec"]
  + paths = "/elsewhere/", owners = ["@a", "sec"]
  - paths = ["/wf/", "*.pem"], owners = "sec", reason = "secrets"
  + paths = ["/wf/", "*.pem"], owners = "@a", reason = "secrets"
  - paths = "/docs/", except = "*.md", min-owners = 2
  + paths = "/docs/", except = "*.md", min-owners = 1
  + paths = 'new\,\u{202e}`|', min-owners = 1, reason = "a\nb"
  - paths = "/gone/", any-of = ["sec", "@a"]

"#]]);
    sandbox.owners("diff --format markdown").prints(str![[r####"
### Code ownership

No path changed owners between `HEAD` and the working tree.

5 requirements changed:

- removed: `paths = "/moved/", owners = ["@a", "sec"]`
- added: `paths = "/elsewhere/", owners = ["@a", "sec"]`
- removed: `paths = ["/wf/", "*.pem"], owners = "sec", reason = "secrets"`
- added: `paths = ["/wf/", "*.pem"], owners = "@a", reason = "secrets"`
- removed: `paths = "/docs/", except = "*.md", min-owners = 2`
- added: `paths = "/docs/", except = "*.md", min-owners = 1`
- added: `` paths = 'new\,\u{202e}`\|', min-owners = 1, reason = "a\nb" ``
- removed: `paths = "/gone/", any-of = ["sec", "@a"]`

"####]]);
    sandbox.owners("diff --format json").prints(str![[r#"
{"version":1,"from":"HEAD","to":"the working tree","requirements":[{"before":"paths = \"/moved/\", owners = [\"@a\", \"sec\"]","after":"paths = \"/elsewhere/\", owners = [\"@a\", \"sec\"]"},{"before":"paths = [\"/wf/\", \"*.pem\"], owners = \"sec\", reason = \"secrets\"","after":"paths = [\"/wf/\", \"*.pem\"], owners = \"@a\", reason = \"secrets\""},{"before":"paths = \"/docs/\", except = \"*.md\", min-owners = 2","after":"paths = \"/docs/\", except = \"*.md\", min-owners = 1"},{"before":null,"after":"paths = 'new\\,\u202e`|', min-owners = 1, reason = \"a\nb\""},{"before":"paths = \"/gone/\", any-of = [\"sec\", \"@a\"]","after":null}],"groups":[],"rules":[],"reordered":false,"changes":[],"summary":{"other_owners":0,"changed":0,"moved":0,"new":0,"gone":0}}

"#]]);
    // The order means nothing.
    sandbox.git("commit -qam after");
    let line = "    { paths = [\"/same/\"], owners = ['sec'] },\n";
    let moved = after
        .replace(line, "")
        .replace("]\n[groups]", &format!("{line}]\n[groups]"));
    assert_ne!(after, moved);
    sandbox.write("owners.toml", moved);
    sandbox.owners("diff").prints(str![[r#"
No path changed owners between HEAD and the working tree.

"#]]);
    // Without the file, nothing is required.
    sandbox.git("rm -qf owners.toml");
    sandbox.write("CODEOWNERS", "* @a @sec\n");
    sandbox.git("add -A");
    sandbox.owners("diff -q").prints(str![[r#"
No path changed owners between HEAD and the working tree.

5 requirements changed
  - paths = "/same/", owners = "sec"
  - paths = "/elsewhere/", owners = ["@a", "sec"]
  - paths = ["/wf/", "*.pem"], owners = "@a", reason = "secrets"
  - paths = "/docs/", except = "*.md", min-owners = 1
  - paths = 'new\,\u{202e}`|', min-owners = 1, reason = "a\nb"

1 path new
  CODEOWNERS  @a @sec

1 path gone
  owners.toml  @a @sec

"#]]);
}
