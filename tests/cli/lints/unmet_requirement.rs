//! `unmet-requirement`: a tracked path lacks an owner that a requirement demands.

use snapbox::str;

use super::repo;
use crate::support::Sandbox;

const CONFIG: &str = r#"[groups]
infra    = "@org/infra"
security = "@org/security"

[paths]
"*"         = "infra"
"/.github/" = "infra"
"*.md"      = []

[[require]]
paths  = ["/.github/workflows/", "*.pem"]
owners = "security"
reason = "workflows can read secrets"
"#;

#[test]
fn the_rule_and_the_requirement() {
    let sandbox = repo(
        &[".github/workflows/a.yml", ".github/workflows/b.yml"],
        CONFIG,
    );
    sandbox.owners("check -A loose-requirement").finds(str![[r#"
error[unmet-requirement]: 2 paths in `.github/workflows/` must be owned by `@org/security` (workflows can read secrets)
  --> owners.toml:7:1
   |
 7 | "/.github/" = "infra"
   | ^^^^^^^^^^^ this rule decides
...
10 | [[require]]
   | ----------- required here
   |
   = help: add a rule at the end of `[paths]`: `"/.github/workflows/" = { add = "security" }`

warning[dead-pattern]: no tracked path matches `*.md`
 --> owners.toml:8:1
  |
8 | "*.md"      = []
  | ^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

1 error, 1 warning; 4 tracked paths: 4 owned
`--fix=tree` can fix 1

"#]]);
}

/// The deciding rule says nobody, or there is none.
#[test]
fn nobody_and_unowned() {
    let config =
        CONFIG.replace("\"*\"         = \"infra\"\n", "") + "\n[check]\nexempt = \"/c.pem\"\n";
    let config = config.replace("\"*.pem\"", "\"/c*\"");
    let sandbox = repo(&["c.md", "c.pem"], &config);
    let run = sandbox.owners("check -A unowned-path -A dead-pattern -A unowned-config");
    run.finds(str![[r#"
error[unmet-requirement]: `c.pem` must be owned by `@org/security` (workflows can read secrets)
 --> owners.toml:9:1
  |
9 | [[require]]
  | ^^^^^^^^^^^ required here, and no rule matches
  |
  = help: add a rule at the end of `[paths]`: `"/c*" = { add = "security" }`

error[unmet-requirement]: `c.md` must be owned by `@org/security` (workflows can read secrets)
 --> owners.toml:7:1
  |
7 | "*.md"      = []
  | ^^^^^^ this rule says that nobody owns it
8 |
9 | [[require]]
  | ----------- required here
  |
  = help: add a rule at the end of `[paths]`: `"/c*" = { add = "security" }`

2 errors, 0 warnings; 4 tracked paths: 1 owned, 1 nobody, 1 exempt, 1 unowned

"#]]);
}

/// A nested file comes after the root, so the help is about it.
#[test]
fn a_nested_file_cannot_take_owners_away() {
    let config = format!("nested = true\n{CONFIG}").replace(
        "\"*\"         = \"infra\"",
        "\"*\"         = [\"infra\", \"security\"]",
    );
    let sandbox = repo(&["keys/a.pem", "keys/sub/b.pem", "x.pem"], &config);
    sandbox.write("keys/owners.toml", "[paths]\n\"*.pem\" = \"@mallory\"\n");
    sandbox.git("add -A");
    sandbox.owners("gen -q").prints("");
    let run = sandbox.owners("check -A loose-requirement -A dead-pattern -A shadowed-rule");
    run.finds(str![[r#"
error[unmet-requirement]: 2 paths in `keys/` must be owned by `@org/security` (workflows can read secrets)
  --> keys/owners.toml:2:1
   |
 2 | "*.pem" = "@mallory"
   | ^^^^^^^ this rule decides
   |
  ::: owners.toml:11:1
   |
11 | [[require]]
   | ----------- required here
   |
   = note: `a.pem`, `sub/b.pem`
   = help: add `"security"` to the owners of the rule; the rules of `keys/owners.toml` come after those of the root

1 error, 0 warnings; 6 tracked paths: 6 owned

"#]]);
}

/// A nested file cannot have requirements of its own.
#[test]
fn in_a_nested_file() {
    let sandbox = repo(&["a/b"], &format!("nested = true\n{CONFIG}"));
    sandbox.write(
        "a/owners.toml",
        "[[require]]\npaths = \"*\"\nowners = \"@a\"\n",
    );
    sandbox.git("add -A");
    sandbox.owners("check").refuses(str![[r#"
error: `require` belongs in the owners.toml at the root
 --> a/owners.toml:1:3
  |
1 | [[require]]
  |   ^^^^^^^
  |
  = help: move it there: it applies to the whole repository

1 error in the configuration

"#]]);
}

const OTHER_DEMANDS: &str = r#"[groups]
pair = ["@a", "@b"]

[groups.known]
team    = "@org/known"
members = ["@a", "@b", "@c"]

[paths]
"/one"     = "@A"
"/two"     = "pair"
"/team"    = "@org/unknown"
"/members" = "known"

[[require]]
paths      = "/*"
except     = ["owners.toml", "*.md"]
min-owners = 2

[[require]]
paths  = "/*"
except = ["owners.toml", "*.md"]
any-of = ["known", "@a"]
"#;

/// `any-of`, `min-owners` through the members of groups, and `except`.
#[test]
fn the_other_demands() {
    let files = ["one", "two", "team", "members", "x.md"];
    let sandbox = repo(&files, OTHER_DEMANDS);
    let run = sandbox
        .owners("check --format short -A unowned-path -A unowned-config -A loose-requirement");
    run.finds(str![[r#"
owners.toml:9:1: error[unmet-requirement]: `one` must be owned by at least 2 people, not 1 (see owners.toml:14)
owners.toml:11:1: error[unmet-requirement]: `team` must be owned by at least 2 people, not 1 (see owners.toml:14)
owners.toml:11:1: error[unmet-requirement]: `team` must be owned by `@org/known` or `@a` (see owners.toml:19)

"#]]);
}

/// Owners are the same whatever their case, and a group with a team is its team.
#[test]
fn owners_that_are_the_same() {
    let config = r#"[groups.core]
team    = "@Org/Core"
members = ["@a"]

[paths]
"*" = ["@org/core", "@X"]

[[require]]
paths  = "*"
owners = ["core", "@x"]
"#;
    let sandbox = repo(&["a"], config);
    sandbox.owners("check -D warnings").prints(str![[r#"
0 errors, 0 warnings; 3 tracked paths: 3 owned

"#]]);
}

/// Only what a change causes: paths that it touches, and paths that met the requirement before.
#[test]
fn only_what_a_change_causes() {
    let sandbox = repo(&["a.pem", "b.pem", "docs/c.pem"], CONFIG);
    sandbox.git("add -A");
    sandbox.git("commit -qm base");
    sandbox
        .owners("check -q --changed HEAD -A loose-requirement -A dead-pattern")
        .prints(str![[r#"
0 errors, 0 warnings; 5 tracked paths: 5 owned

"#]]);
    sandbox.write("b.pem", "changed");
    sandbox.write("d.pem", "");
    sandbox.git("add -A");
    let run =
        sandbox.owners("check --format short --changed HEAD -A loose-requirement -A dead-pattern");
    run.finds(str![[r#"
owners.toml:6:1: error[unmet-requirement]: `b.pem` must be owned by `@org/security` (workflows can read secrets) (see owners.toml:10)
owners.toml:6:1: error[unmet-requirement]: `d.pem` must be owned by `@org/security` (workflows can read secrets) (see owners.toml:10)

"#]]);
}

/// All that a person and a program are told.
#[test]
fn json() {
    let sandbox: Sandbox = repo(&["a.pem"], CONFIG);
    let run = sandbox.owners("check --format json -A loose-requirement -A dead-pattern");
    run.finds(str![[r#"
{"version":1,"findings":[{"lint":"unmet-requirement","level":"error","message":"`a.pem` must be owned by `@org/security` (workflows can read secrets)","path":"a.pem","labels":[{"file":"owners.toml","line":6,"column":1,"end_line":6,"end_column":4,"start":69,"end":72,"text":"this rule decides"},{"file":"owners.toml","line":10,"column":1,"end_line":10,"end_column":12,"start":131,"end":142,"text":"required here"}],"notes":[],"helps":["add a rule at the end of `[paths]`: `\"*.pem\" = { add = \"security\" }`"],"fix":null}],"summary":{"errors":1,"warnings":0,"notes":0,"paths":3,"owned":3,"nobody":0,"exempt":0,"unowned":0}}

"#]]);
}

/// What a requirement demands is compared for itself, and a new one may have a backlog.
#[test]
fn each_requirement_has_its_own_backlog() {
    let config = r#"[paths]
"*" = "@core"
"/wf/" = "@sec"

[[require]]
paths = ["/src/", "/wf/"]
min-owners = 2

[[require]]
paths = "/wf/"
owners = "@sec"
"#;
    let sandbox = repo(&["src/a", "wf/ci.yml"], config);
    sandbox.git("commit -qm base");
    let check = "check --format short --changed HEAD -A loose-requirement";
    sandbox.write(
        "owners.toml",
        config.replace("\"/wf/\" = \"@sec\"", "\"/wf/\" = \"@core\""),
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners(check).finds(str![[r#"
owners.toml:3:1: error[unmet-requirement]: `wf/ci.yml` must be owned by `@sec` (see owners.toml:9)

"#]]);
    let more = format!("{config}\n[[require]]\npaths = \"*\"\nowners = \"@new\"\n");
    sandbox.write("owners.toml", more);
    sandbox.write("src/b", "");
    sandbox.git("add -A");
    sandbox.owners("gen -q").prints("");
    sandbox.owners(check).finds(str![[r#"
owners.toml:2:1: error[unmet-requirement]: `src/b` must be owned by at least 2 people, not 1 (see owners.toml:5)
owners.toml:2:1: error[unmet-requirement]: `.github/CODEOWNERS` must be owned by `@new` (see owners.toml:13)
owners.toml:2:1: error[unmet-requirement]: `owners.toml` must be owned by `@new` (see owners.toml:13)
owners.toml:2:1: error[unmet-requirement]: `src/b` must be owned by `@new` (see owners.toml:13)

"#]]);
}

/// The help can be pasted: the key is not taken, what the requirement leaves out is left out, and the
/// owners are those that are missing.
#[test]
fn the_help_leads_to_a_clean_check() {
    for (rules, requirement, help) in [
        (
            "\"*\" = \"@core\"",
            "paths = \"*\"\nowners = \"@sec\"",
            "\"**\" = { add = \"@sec\" }",
        ),
        (
            "\"*\" = \"@core\"\n\"/docs/\" = \"@docs\"",
            "paths = \"/docs/\"\nowners = \"@sec\"",
            "\"/docs/**\" = { add = \"@sec\" }",
        ),
        (
            "\"*\" = \"@core\"\n\"/docs/gen/\" = []",
            "paths = \"/docs/\"\nexcept = \"/docs/gen/\"\nowners = [\"@sec\", \"@ops\"]",
            "\"/docs/\" = { add = [\"@sec\", \"@ops\"], except = \"/docs/gen/\" }",
        ),
        (
            "\"*\" = \"@sec\"",
            "paths = \"/docs/\"\nowners = \"@sec\"\nany-of = [\"@x\", \"@y\"]",
            "\"/docs/\" = { add = \"@x\" }",
        ),
    ] {
        let config = |rules: &str| format!("[paths]\n{rules}\n\n[[require]]\n{requirement}\n");
        let sandbox = repo(&["docs/a", "docs/gen/b", "src/c"], &config(rules));
        let output = sandbox.owners("check").output();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.contains(&format!("`{help}`")), "{printed}");
        sandbox.write("owners.toml", config(&format!("{rules}\n{help}")));
        sandbox.owners("gen -q").prints("");
        let output = sandbox.owners("check -D warnings").output();
        assert_eq!(output.status.code(), Some(0), "{help}: {output:?}");
    }
}

/// A guard is not dead, but it may be misspelled.
#[test]
fn guards() {
    let config = r#"[paths]
"*" = "@core"
"/keys/" = { add = "@sec" }
"*.pem" = { add = "@sec" }
"*.key" = { add = "@ops" }

[[require]]
paths = ["/keys/", "*.pem", "*.key"]
owners = ["@sec", "@ops"]
"#;
    let sandbox = repo(
        &["keys/a", "src/b"],
        &config.replace("[\"@sec\", \"@ops\"]", "\"@sec\""),
    );
    sandbox.git("commit -qm base");
    sandbox.git("mv keys secrets");
    sandbox
        .owners("check --format short -A loose-requirement")
        .finds(str![[r#"
owners.toml:3:1: error[misspelled-pattern]: no tracked path matches `/keys/`
owners.toml:8:10: error[misspelled-pattern]: no tracked path matches `/keys/`
owners.toml:5:1: warning[dead-pattern]: no tracked path matches `*.key`

"#]]);
    let sandbox = repo(&["src/b"], config);
    sandbox
        .owners("check --format short -A loose-requirement")
        .prints("");
}

/// Owners that a requirement demands are held to what holds for all owners.
#[test]
fn the_owners_of_requirements_are_checked() {
    let config = r#"[check]
roster = "README.md"

[paths]
"*" = ["@alice", "@org/team"]

[[require]]
paths = "/src/"
owners = "@ORG/team"
any-of = ["@alice", "@carol"]
"#;
    let sandbox = repo(&["src/a"], config);
    sandbox.write("README.md", "@alice");
    sandbox.git("add -A");
    sandbox.owners("check --format short").finds(str![[r#"
owners.toml:5:18: error[placeholder-owner]: `@org/team` is a placeholder, not an owner (see owners.toml:9)
owners.toml:10:21: error[roster]: `@carol` is not in the roster `README.md`

"#]]);
}

/// A requirement that paths miss in many directories has its help once. `-v` and programs have every
/// finding.
#[test]
fn the_same_help_is_shown_once() {
    let config = r#"[paths]
"/a/" = "@a"
"/b/" = "@b"
"/c/" = "@c"
"/d/" = "@d"
"/e/f/" = "@a"
"/e/*.md" = "@a"
"/o*" = "@a"
"/.github/" = "@a"

[[require]]
paths  = "/*/"
except = "/.github/"
owners = "@sec"

[[require]]
paths  = ["/a/", "/e/"]
any-of = ["@sec", "@ops"]
reason = "on call"
"#;
    let files = [
        "a/1", "b/1", "b/2", "b/x/3", "c/1", "d/1", "d/2", "e/f/1", "e/g.md",
    ];
    let sandbox = repo(&files, config);
    sandbox.owners("check -A loose-requirement").finds(str![[r#"
error[unmet-requirement]: 9 paths in `./` must be owned by `@sec`
  --> owners.toml:2:1
   |
 2 | "/a/" = "@a"
   | ^^^^^ this rule decides
 3 | "/b/" = "@b"
   | ----- this rule decides
 4 | "/c/" = "@c"
   | ----- this rule decides
...
11 | [[require]]
   | ----------- required here
   |
   = note: `a/1`, `b/` (3 paths), `c/1`, `d/` (2 paths), `e/f/1`, `e/g.md`
   = note: 3 more rules decide such paths, too
   = help: add a rule at the end of `[paths]`: `"/*/" = { add = "@sec", except = "/.github/" }`

error[unmet-requirement]: `a/1` must be owned by `@sec` or `@ops` (on call)
  --> owners.toml:2:1
   |
 2 | "/a/" = "@a"
   | ^^^^^ this rule decides
...
16 | [[require]]
   | ----------- required here
   |
   = help: add a rule at the end of `[paths]`: `"/a/**" = { add = "@sec" }`

error[unmet-requirement]: 2 paths in `e/` must be owned by `@sec` or `@ops` (on call)
  --> owners.toml:6:1
   |
 6 | "/e/f/" = "@a"
   | ^^^^^^^ this rule decides
 7 | "/e/*.md" = "@a"
   | --------- this rule decides
...
16 | [[require]]
   | ----------- required here
   |
   = note: `f/1`, `g.md`
   = help: add a rule at the end of `[paths]`: `"/e/" = { add = "@sec" }`

3 errors, 0 warnings; 11 tracked paths: 11 owned

"#]]);
    sandbox
        .owners("check -A loose-requirement -q")
        .finds(str![[r#"
3 errors, 0 warnings; 11 tracked paths: 11 owned

"#]]);
    sandbox
        .owners("check -A loose-requirement --format short")
        .finds(str![[r#"
owners.toml:2:1: error[unmet-requirement]: `a/1` must be owned by `@sec` (see owners.toml:11)
owners.toml:3:1: error[unmet-requirement]: 3 paths in `b/` must be owned by `@sec` (see owners.toml:11)
owners.toml:4:1: error[unmet-requirement]: `c/1` must be owned by `@sec` (see owners.toml:11)
owners.toml:5:1: error[unmet-requirement]: 2 paths in `d/` must be owned by `@sec` (see owners.toml:11)
owners.toml:6:1: error[unmet-requirement]: `e/f/1` must be owned by `@sec` (see owners.toml:11)
owners.toml:7:1: error[unmet-requirement]: `e/g.md` must be owned by `@sec` (see owners.toml:11)
owners.toml:2:1: error[unmet-requirement]: `a/1` must be owned by `@sec` or `@ops` (on call) (see owners.toml:16)
owners.toml:6:1: error[unmet-requirement]: `e/f/1` must be owned by `@sec` or `@ops` (on call) (see owners.toml:16)
owners.toml:7:1: error[unmet-requirement]: `e/g.md` must be owned by `@sec` or `@ops` (on call) (see owners.toml:16)

"#]]);
    let output = sandbox.owners("check -v -A loose-requirement").output();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("= help: ").count(), 9, "{text}");
}

/// What brings the number of people is named, if a group of the configuration does.
#[test]
fn help_for_people() {
    let rule = |owners: &str| format!("[paths]\n\"*\" = {owners}\n");
    let groups = "[groups]\none = [\"@a\"]\ntwo = [\"@a\", \"@b\"]\n[groups.big]\nteam = \"@o/big\"\nmembers = [\"@a\", \"@b\", \"@c\"]\n";
    let require = |count: usize| format!("[[require]]\npaths = \"/src/\"\nmin-owners = {count}\n");
    for (config, help) in [
        (
            groups.to_string() + &rule("\"one\"") + &require(2),
            "for example, add a rule at the end of `[paths]`: `\"/src/\" = { add = \"two\" }`",
        ),
        (
            groups.to_string() + &rule("\"@o/x\"") + &require(3),
            "for example, add a rule at the end of `[paths]`: `\"/src/\" = { add = \"big\" }`; a team counts as one person, unless a group has it as `team` and lists its `members`",
        ),
        (
            groups.to_string() + &rule("[\"@x\", \"@y\"]") + &require(4),
            "for example, add a rule at the end of `[paths]`: `\"/src/\" = { add = \"two\" }`",
        ),
        (
            rule("\"@a\"") + &require(2),
            "add a rule at the end of `[paths]`: `\"/src/\" = { add = \"<group>\" }`; the group must have the people that are missing",
        ),
    ] {
        let sandbox = repo(&["src/a"], &config);
        let check = sandbox.owners("check -A unused-group").output();
        let text = String::from_utf8(check.stdout).unwrap();
        assert!(
            text.contains(&format!("= help: {help}\n")),
            "{help}\n{text}"
        );
        let Some((_, rule)) = help.split_once(": `") else {
            panic!("{help}");
        };
        let rule = rule
            .split('`')
            .next()
            .unwrap()
            .replace("\"<group>\"", "[\"@p\", \"@q\"]");
        let config = config.replacen("\n[[require]]", &format!("\n{rule}\n[[require]]"), 1);
        sandbox.write("owners.toml", config);
        sandbox.owners("gen -q").prints("");
        let output = sandbox.owners("check -D warnings -A unused-group").output();
        assert_eq!(output.status.code(), Some(0), "{rule}: {output:?}");
    }
}

/// A rule at the end may be one that the forge cannot say. Then the help is another one.
#[test]
fn the_help_is_accepted() {
    for (forge, rules, requirement, help, after) in [
        // GitLab cannot add to what nobody owns.
        (
            "gitlab",
            "\"*\" = [\"@core\", \"@sec\"]\n\"/docs/\" = []",
            "paths = \"/docs/*.md\"\nowners = \"@sec\"",
            "give the rule the owners `\"@sec\"` in place of `[]`",
            "\"*\" = [\"@core\", \"@sec\"]\n\"/docs/\" = \"@sec\"",
        ),
        (
            "gitlab",
            "\"*\" = \"@core\"\n\"/src/test/\" = []",
            "paths = \"*.md\"\nexcept = \"/x\"\nowners = \"@sec\"",
            "\"*.md\" = { add = \"@sec\", except = [\"/x\", \"/src/test/\"] }",
            "\"*\" = \"@core\"\n\"/src/test/\" = \"@sec\"\n\"*.md\" = { add = \"@sec\", except = [\"/x\", \"/src/test/\"] }",
        ),
        // GitHub has no pattern for files at any depth.
        (
            "github",
            "\"*\" = \"@sec\"\n\"**/test/*\" = \"@t\"",
            "paths = \"*.md\"\nowners = \"@sec\"",
            "\"/src/test/t.md\" = { add = \"@sec\" }",
            "\"*\" = \"@sec\"\n\"**/test/*\" = \"@t\"\n\"/src/test/t.md\" = { add = \"@sec\" }",
        ),
        (
            "github",
            "\"*\" = \"@sec\"\n\"**/test/*\" = []",
            "paths = \"*.md\"\nowners = \"@sec\"",
            "give the rule the owners `\"@sec\"` in place of `[]`",
            "\"*\" = \"@sec\"\n\"**/test/*\" = \"@sec\"",
        ),
    ] {
        let config = |rules: &str| {
            format!(
                "[[output]]\nplatform = \"{forge}\"\n\n[paths]\n{rules}\n\n[[require]]\n{requirement}\n"
            )
        };
        let sandbox = repo(
            &[
                "docs/a.md",
                "docs/u",
                "src/test/t.md",
                "src/test/u",
                "src/b.md",
            ],
            &config(rules),
        );
        let output = sandbox.owners("check").output();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(printed.contains(help), "{help}: {printed}");
        sandbox.write("owners.toml", config(after));
        sandbox.owners("gen -q").prints("");
        sandbox.git("add -A");
        let allow = "-D warnings -A dead-pattern -A loose-requirement -A overridden-output";
        let output = sandbox.owners(&format!("check {allow}")).output();
        assert_eq!(output.status.code(), Some(0), "{after}: {output:?}");
    }
}
