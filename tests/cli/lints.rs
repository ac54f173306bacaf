//! One finding of each lint, as a person sees it, and that none is without.

use owners::lint::LINTS;
use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

/// A repository of these files and this configuration, in order.
fn repo(files: &[&str], config: &str) -> Sandbox {
    let files = files.iter().map(|&file| (file, ""));
    Sandbox::current(files.chain([("owners.toml", config)]))
}

/// Every lint has a finding in these tests, a page, and a row in both tables.
#[test]
fn every_lint_is_complete() {
    let tests = [include_str!("check.rs"), include_str!("lints.rs")].concat();
    let readme = include_str!("../../README.md");
    let reference = include_str!("../../docs/owners-toml.md");
    for lint in LINTS {
        let (name, page) = (lint.name, lint.page);
        assert!(
            tests.contains(&format!("\nerror[{name}]: "))
                || tests.contains(&format!("\nwarning[{name}]: ")),
            "no test shows a finding of `{name}`"
        );
        let level = lint.level.name();
        let row = format!("\n| `{name}` | {level} | ");
        assert!(readme.contains(&row), "`{name}` has no row in README.md");
        assert!(
            reference.contains(&row),
            "`{name}` has no row in docs/owners-toml.md"
        );
        let head = format!("# {name}\n\nDefault level: {level}\n\n");
        assert!(page.starts_with(&head), "docs/lints/{name}.md");
        for section in ["Why", "Example", "How to fix it", "How to silence it"] {
            let section = format!("\n## {section}\n\n");
            assert!(page.contains(&section), "docs/lints/{name}.md: {section}");
        }
        assert!(!page.contains("\n\n\n"), "docs/lints/{name}.md");
    }
}

#[test]
fn default_only_path() {
    let sandbox = repo(
        &["src/a.rs", "docs/a.md", "docs/b/c.md", "Makefile"],
        r#"[paths]
"*" = "@a"
"/{src,.github}/" = "@b"
"/owners.toml" = "@b"
"#,
    );
    sandbox.owners("check -q").prints("");
    sandbox
        .owners("check -q -D default-only-path")
        .finds(str![[r#"
error[default-only-path]: only `*` matches `Makefile`
--> Makefile
 = help: add a rule under `[paths]`: `"/Makefile" = "@org/team"`, or `= []` for nobody

error[default-only-path]: only `*` matches what is in `docs/`: 2 paths
--> docs/
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody


"#]]);
    sandbox
        .owners("check -v -W default-only-path")
        .prints(str![[r#"
warning[default-only-path]: only `*` matches `Makefile`
--> Makefile
 = help: add a rule under `[paths]`: `"/Makefile" = "@org/team"`, or `= []` for nobody

warning[default-only-path]: only `*` matches what is in `docs/`: 2 paths
--> docs/
 = note: `docs/a.md`
 = note: `docs/b/c.md`
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody

0 errors, 2 warnings; 6 tracked paths: 6 owned

"#]]);
}

#[test]
fn output_size() {
    let listed = |prefix: &str, count: usize| -> Vec<String> {
        (0..count)
            .map(|index| format!("{prefix}{index:035}"))
            .collect()
    };
    let config = format!(
        r#"[paths]
"*" = "@a"
"/{{{}}}" = ["{}"]
"#,
        listed("a", 900).join(","),
        listed("@m", 100).join("\",\""),
    );
    let sandbox = repo(&["a"], &config);
    let output = sandbox.owners("check -q -A warnings").output();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    let shown: Vec<&str> = text.lines().filter(|line| line.len() < 200).collect();
    sandbox.assert_eq(shown.join("\n").as_bytes(), str![[r#"
error[output-size]: GitHub ignores `.github/CODEOWNERS`: it has 3487615 bytes, and must have less than 3145728
 --> owners.toml:3:1
  |
3 | "/{a00000000000000000000000000000000000,a0000...00000000000000000224,a00000000000000000000000
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^...^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expands to the most, 900 patterns
  |
  = help: use `*` in place of long alternatives, and a `team` in place of many members

"#]]);
}

#[test]
fn a_shadowed_rule() {
    let sandbox = repo(
        &["docs/api/a.md", "docs/b.md"],
        r#"[paths]
"*" = "@a"
"/docs/api/" = "@b"
"/docs/" = "@c"
"#,
    );
    sandbox.owners("check -q").prints(str![[r#"
warning[shadowed-rule]: `/docs/api/` can never decide anything
 --> owners.toml:3:1
  |
3 | "/docs/api/" = "@b"
  | ^^^^^^^^^^^^ covered by later rules, in any tree
4 | "/docs/" = "@c"
  | -------- this one comes later
  |
  = help: move it below line 4 if it is meant to win, or remove it


"#]]);
}

/// `ineffective-pattern` says nothing of it again.
#[test]
fn a_shadowed_alternative() {
    let sandbox = repo(
        &["docs/api/a.md", "src/b.md"],
        r#"[paths]
"*" = "@a"
"/{docs/api,src}/" = "@b"
"/docs/" = "@c"
"#,
    );
    sandbox.owners("check -q").prints(str![[r#"
warning[shadowed-rule]: the alternative `docs/api` can never decide anything
 --> owners.toml:3:4
  |
3 | "/{docs/api,src}/" = "@b"
  |    ^^^^^^^^ covered by later rules, in any tree
4 | "/docs/" = "@c"
  | -------- this one comes later
  |
  = help: remove it


"#]]);
}

#[test]
fn a_rule_that_two_shadow_together() {
    let sandbox = repo(
        &["a/b", "a/c/d"],
        r#"[paths]
"*" = "@a"
"/a/" = "@b"
"/a/*" = "@c"
"/a/*/" = "@d"
"#,
    );
    sandbox.owners("check -q").prints(str![[r#"
warning[shadowed-rule]: `/a/` can never decide anything
 --> owners.toml:3:1
  |
3 | "/a/" = "@b"
  | ^^^^^ covered by later rules, in any tree
4 | "/a/*" = "@c"
  | ------ this one comes later
5 | "/a/*/" = "@d"
  | ------- this one comes later
  |
  = help: move it below line 5 if it is meant to win, or remove it


"#]]);
}

#[test]
fn a_catch_all_that_shadows_all_before_it_is_one_finding() {
    let rules: String = (0..50)
        .map(|index| format!("\"/a{index}/\" = \"@b\"\n"))
        .collect();
    let files: Vec<String> = (0..50).map(|index| format!("a{index}/x")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let sandbox = repo(
        &files,
        &format!(
            r#"[paths]
{rules}"*" = "@a"
"#
        ),
    );
    sandbox.owners("check -q").prints(str![[r#"
warning[shadowed-rule]: `*` covers 50 rules before it, which can never decide anything
  --> owners.toml:52:1
   |
 2 | "/a0/" = "@b"
   | ------ never decides
 3 | "/a1/" = "@b"
   | ------ never decides
 4 | "/a2/" = "@b"
   | ------ never decides
 5 | "/a3/" = "@b"
   | ------ never decides
 6 | "/a4/" = "@b"
   | ------ never decides
...
52 | "*" = "@a"
   | ^^^ the last rule that matches decides
   |
   = note: and 45 more
   = help: move `*` to the top, above the rules for parts of it


"#]]);
}

#[test]
fn an_ineffective_pattern() {
    let sandbox = repo(
        &["docs/a.md", "docs/b.md", "src/x/a", "src/y/a", "src/z/a"],
        r#"[paths]
"*" = "@a"
"/docs/" = "@b"
"/src/{x,y}/" = "@c"
"*.md" = "@d"
"/src/x/a" = "@d"
"#,
    );
    sandbox.owners("check -q").prints(str![[r#"
warning[ineffective-pattern]: `/docs/` decides no tracked path
 --> owners.toml:3:1
  |
3 | "/docs/" = "@b"
  | ^^^^^^^^ later rules take all it matches
4 | "/src/{x,y}/" = "@c"
5 | "*.md" = "@d"
  | ------ this one takes `docs/a.md`
  |
  = note: that is so for the paths there are now; another tree may need the rule
  = help: move it behind the rules that take its paths, or remove it


"#]]);
}

#[test]
fn a_rule_that_excepts_all_it_matches() {
    let sandbox = repo(
        &["docs/a.md"],
        r#"[paths]
"*" = "@a"
"/docs/" = { owners = "@b", except = "*.md" }
"#,
    );
    sandbox.owners("check -q").prints(str![[r#"
warning[ineffective-pattern]: `/docs/` decides no tracked path
 --> owners.toml:3:1
  |
3 | "/docs/" = { owners = "@b", except = "*.md" }
  | ^^^^^^^^ excepts all it matches
  |
  = note: `docs/a.md` is excepted, for example
  = help: narrow its `except`, or remove it


"#]]);
}

/// The rule for every path stands there for what is still to come.
#[test]
fn a_default_that_decides_nothing_is_fine() {
    let sandbox = repo(
        &["docs/a.md"],
        r#"[paths]
"*" = "@a"
"/{docs,.github}/" = "@b"
"/owners.toml" = "@b"
"#,
    );
    sandbox.owners("check -q").prints("");
}

#[test]
fn a_dead_alternative_of_an_exception() {
    let sandbox = repo(
        &["docs/a.md", "docs/b/c.md"],
        r#"[paths]
"*" = "@a"
"/docs/" = { owners = "@b", except = "/docs/{b,gone}/" }
"#,
    );
    sandbox.owners("check -q").prints(str![[r#"
warning[dead-pattern]: the alternative `gone` of the exception excludes no tracked path
 --> owners.toml:3:48
  |
3 | "/docs/" = { owners = "@b", except = "/docs/{b,gone}/" }
  |                                                ^^^^ matches nothing
  |
  = help: remove it, or correct the path


"#]]);
}

#[test]
fn a_useless_exemption() {
    let sandbox = repo(
        &["docs/a.md", "third_party/b"],
        r#"[check]
exempt = ["/docs/", "/gone/", "/third_party/"]

[paths]
"/*" = "@a"
"/{docs,.github}/" = "@b"
"#,
    );
    sandbox.owners("check -q").prints(str![[r#"
warning[useless-exemption]: the exemption `/docs/` exempts nothing
 --> owners.toml:2:11
  |
2 | exempt = ["/docs/", "/gone/", "/third_party/"]
  |           ^^^^^^^^ every path that it matches has a rule
  |
  = help: remove it from `exempt`

warning[useless-exemption]: the exemption `/gone/` exempts nothing
 --> owners.toml:2:21
  |
2 | exempt = ["/docs/", "/gone/", "/third_party/"]
  |                     ^^^^^^^^ no tracked path matches it
  |
  = help: remove it from `exempt`


"#]]);
}

#[test]
fn an_unowned_config() {
    let sandbox = repo(
        &["src/a"],
        r#"[paths]
"/src/" = "@a"
"*.toml" = []
"#,
    );
    sandbox
        .owners("check -q -A unowned-path")
        .prints(str![[r#"
warning[unowned-config]: anybody may change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` has an owner
 --> owners.toml:3:1
  |
3 | "*.toml" = []
  | ^^^^^^^^ makes `owners.toml` nobody's
  |
  = help: add a rule under `[paths]`: `"/owners.toml" = "@org/team"`, or `= []` for nobody


"#]]);
    for pattern in ["/owners.toml", "/.github/"] {
        let config = format!(
            r#"[paths]
"/src/" = "@a"
"{pattern}" = "@b"
"#
        );
        let sandbox = repo(&["src/a"], &config);
        sandbox.owners("check -q -A unowned-path").prints("");
    }
}

#[cfg(unix)]
#[test]
fn a_directory_as_file() {
    let sandbox = Sandbox::repo(PROJECT);
    std::os::unix::fs::symlink("crates", sandbox.root.join("link")).unwrap();
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"/{link,crates}/" = "@b"
"/vendor/*/" = "@b"
"#,
    );
    let id = "1".repeat(40);
    sandbox.git(&format!(
        "update-index --add --cacheinfo 160000,{id},vendor/lib"
    ));
    sandbox.git("add link owners.toml");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add .github");
    sandbox.owners("check -q").prints(str![[r#"
warning[directory-as-file]: `/link/` never matches: `link` is a symlink, not a directory
 --> owners.toml:3:4
  |
3 | "/{link,crates}/" = "@b"
  |    ^^^^ matches only what is below
  |
  = help: drop the slash at the end: `/link`

warning[directory-as-file]: `/vendor/*/` never matches: `vendor/lib` is a submodule, not a directory
 --> owners.toml:4:1
  |
4 | "/vendor/*/" = "@b"
  | ^^^^^^^^^^^^ matches only what is below
  |
  = help: drop the slash at the end: `/vendor/*`


"#]]);
}

#[test]
fn a_floating_directory() {
    let sandbox = repo(
        &[
            "docs/a",
            "crates/x/docs/b",
            "src/y",
            "crates/x/tests/a",
            "crates/z/tests/b",
        ],
        r#"[paths]
"*" = "@a"
"docs/" = "@b"
"src/" = "@b"
"**/tests/" = "@b"
"#,
    );
    sandbox.owners("check -q").prints("");
    sandbox
        .owners("check -q -W floating-directory")
        .prints(str![[r#"
warning[floating-directory]: `docs/` matches 2 directories of that name
 --> owners.toml:3:1
  |
3 | "docs/" = "@b"
  | ^^^^^^^ tied to no place
  |
  = note: `crates/x/docs`
  = note: `docs`
  = help: write `/docs/` for that one alone, or `**/docs/` if all are meant


"#]]);
}

const POLICY: &str = r#"[check]
roster = "MAINTAINERS.md"
min-members = 2

[groups]
core = ["@Alice", "@mallory", "@org/team", "docs@example.com"]
wasi = ["@bobb"]
docs = "@org/docs"
[groups.admins]
team = "@org/admins"
members = ["@alice"]

[paths]
"*" = ["core", "docs", "admins"]
"/src/" = ["wasi", "@Mallory"]
"#;

#[test]
fn roster_and_small_group() {
    let sandbox = repo(&["src/a"], POLICY);
    sandbox.write(
        "MAINTAINERS.md",
        "# Maintainers\n\n- [@alice](https://github.com/Alice)\n- [Bob](https://github.com/bob)\n",
    );
    sandbox.git("add -A");
    sandbox.owners("check -q").finds(str![[r#"
error[roster]: `@mallory` is not in the roster `MAINTAINERS.md`
  --> owners.toml:6:19
   |
 6 | core = ["@Alice", "@mallory", "@org/team", "docs@example.com"]
   |                   ^^^^^^^^^^ not in there
...
15 | "/src/" = ["wasi", "@Mallory"]
   |                    ---------- and here
   |
   = help: add `@mallory` to `MAINTAINERS.md`, or take them out

error[roster]: `@bobb` is not in the roster `MAINTAINERS.md`
 --> owners.toml:7:9
  |
7 | wasi = ["@bobb"]
  |         ^^^^^^^ not in there
  |
  = help: did you mean `@bob`?
  = help: add `@bobb` to `MAINTAINERS.md`, or take them out

error[small-group]: group `wasi` has only 1 person
 --> owners.toml:7:1
  |
3 | min-members = 2
  |               - the least that is asked for
...
7 | wasi = ["@bobb"]
  | ^^^^
  |
  = help: add 1 person to it

error[small-group]: group `admins` has only 1 person
 --> owners.toml:9:9
  |
3 | min-members = 2
  |               - the least that is asked for
...
9 | [groups.admins]
  |         ^^^^^^
  |
  = help: add 1 person to it


"#]]);
}

#[test]
fn a_missing_roster() {
    let sandbox = repo(&["src/a"], POLICY);
    sandbox.owners("check -q -A small-group").finds(str![[r#"
error[roster]: there is no roster `MAINTAINERS.md`
 --> owners.toml:2:10
  |
2 | roster = "MAINTAINERS.md"
  |          ^^^^^^^^^^^^^^^^ no such file
  |
  = help: add the file, or correct its path


"#]]);
}

#[cfg(unix)]
#[test]
fn a_roster_outside_the_repository() {
    let sandbox = repo(&["src/a"], POLICY);
    std::fs::write(sandbox.root.join("../secret"), "@alice @mallory @bobb").unwrap();
    std::os::unix::fs::symlink("../secret", sandbox.root.join("MAINTAINERS.md")).unwrap();
    sandbox.owners("check -q").refuses(str![[r#"
error: cannot read `[ROOT]/MAINTAINERS.md`
 |
 = note: `[ROOT]/MAINTAINERS.md` leads out of the repository, to `[TOP]/secret`


"#]]);
}

#[test]
fn explain_lists_all() {
    // No repository is needed.
    Sandbox::plain().owners("explain").prints(str![[r#"
unowned-path         deny   a tracked path matches no rule and is not exempt
default-only-path    allow  only the rule for every path matches a path
stale-output         deny   a generated file is missing, untracked, ignored or out of date
overridden-output    deny   another CODEOWNERS file outranks the generated one
output-size          deny   a generated file is so large that the platform ignores it
inexact-output       deny   the platform cannot express a pattern exactly
duplicate-pattern    deny   two rules have the same pattern
shadowed-rule        warn   later rules cover everything that a rule could ever match
dead-pattern         warn   no tracked path matches a pattern, or one of its alternatives
ineffective-pattern  warn   later rules take every tracked path that a pattern matches
unused-group         warn   no rule reaches a group
useless-exemption    warn   an entry of `exempt` exempts nothing
unowned-config       warn   neither owners.toml nor a generated file has an owner
directory-as-file    warn   a pattern for a directory names a submodule or symlink
floating-directory   allow  a pattern that is tied to no place matches several directories
roster               deny   somebody in a group is not in the roster (`[check] roster`)
small-group          deny   a group has fewer people than `[check] min-members`

"#]]);
}

#[test]
fn explain_one() {
    for lint in LINTS {
        let sandbox = Sandbox::plain();
        sandbox.owners("explain").arg(lint.name).prints(lint.page);
    }
    Sandbox::plain()
        .owners("explain shadowed-rules")
        .refuses(str![[r#"
error: unknown lint `shadowed-rules`
 |
 = help: did you mean `shadowed-rule`?


"#]]);
}

/// Findings name the file that they are in, and what stands in it is relative to its directory.
#[test]
fn below_the_root() {
    let sandbox = repo(
        &["crates/a/x", "crates/a/y", "crates/b"],
        r#"nested = true
[check]
roster = "ROSTER"
[paths]
"*" = "@a"
"#,
    );
    sandbox.write("ROSTER", "@a");
    sandbox.write(
        "crates/owners.toml",
        r#"[check]
min-members = 2
[paths]
"*" = "@a"
"#,
    );
    sandbox.git("add -A");
    sandbox.owners("check -q").refuses(str![[r#"
error: `min-members` belongs in the owners.toml at the root
 --> crates/owners.toml:2:1
  |
2 | min-members = 2
  | ^^^^^^^^^^^
  |
  = help: move it there: it applies to the whole repository

1 error in the configuration

"#]]);
    sandbox.write(
        "crates/owners.toml",
        r#"[groups]
mine = ["@b"]
[paths]
"/a/x" = "mine"
"*" = { owners = "@a", except = "/{b,c}" }
"a/" = "@b"
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check -q").finds(str![[r#"
warning[shadowed-rule]: `/a/x` can never decide anything
 --> crates/owners.toml:4:1
  |
4 | "/a/x" = "mine"
  | ^^^^^^ covered by later rules, in any tree
5 | "*" = { owners = "@a", except = "/{b,c}" }
6 | "a/" = "@b"
  | ---- this one comes later
  |
  = help: move it below line 6 if it is meant to win, or remove it

warning[dead-pattern]: the alternative `c` of the exception excludes no tracked path
 --> crates/owners.toml:5:38
  |
5 | "*" = { owners = "@a", except = "/{b,c}" }
  |                                      ^ matches nothing
  |
  = help: remove it, or correct the path

error[roster]: `@b` is not in the roster `ROSTER`
 --> crates/owners.toml:2:9
  |
2 | mine = ["@b"]
  |         ^^^^ not in there
...
6 | "a/" = "@b"
  |        ---- and here
  |
  = help: add `@b` to `ROSTER`, or take them out


"#]]);
}

/// A name without a slash may stand anywhere, and most likely stands at the root.
#[test]
fn a_dead_name_is_looked_for_at_the_root() {
    let sandbox = Sandbox::repo([
        ("pytest.ini", ""),
        ("Docs/a", ""),
        ("lib", ""),
        ("src/other.ini", ""),
        (
            "owners.toml",
            r"[paths]
'*' = '@a'
'.pytest.ini' = '@b'
'docs/' = '@b'
'lib/' = '@b'
'ohter.ini' = '@b'
",
        ),
    ]);
    let output = sandbox
        .owners("check --format json -A stale-output")
        .output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let helps: Vec<&str> = findings
        .map(|finding| finding["helps"][0].as_str().unwrap())
        .collect();
    assert_eq!(
        helps,
        [
            "did you mean `/pytest.ini`?",
            "only the case differs: `/Docs/`",
            "`lib` is not a directory: drop the slash at the end, `/lib`",
            "remove it, or correct the path",
        ]
    );
}

/// What stops `gen` comes first.
#[test]
fn a_missing_file_that_cannot_be_written() {
    let sandbox = Sandbox::repo([
        ("a/b/c", ""),
        (
            "owners.toml",
            r"[paths]
'*' = '@a'
'/a/' = []
'/a/b/' = '@b'
[output]
platform = 'gitlab'
",
        ),
    ]);
    let output = sandbox.owners("check --format json").output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = &report["findings"][0];
    assert_eq!(finding["lint"], "stale-output");
    assert_eq!(
        finding["helps"][0],
        "settle `inexact-output`, then run `owners gen`"
    );
    assert_eq!(report["findings"][1]["lint"], "inexact-output");
}
