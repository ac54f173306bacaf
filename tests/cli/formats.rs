//! `owners check --format`: one specimen of every finding, in every format. What is printed is in
//! `formats/`, a file for each format.

use std::collections::HashSet;

use owners::lint::LINTS;
use serde_json::Value;
use snapbox::{file, str};

use crate::support::Sandbox;

/// Every lint that can fire beside the others has something to find here.
const CONFIG: &str = r#"# é: columns count characters, not bytes
[check]
exempt = ["/third_party/", "/gone/"]
roster = "ROSTER.md"
min-members = 2

[groups]
core = ["@alice", "@bob"]
one = "@mallory"
idle = ["@alice", "@bob"]

[output]
platform = "github"
file = "CODEOWNERS"

[lints]
default-only-path = "warn"
floating-directory = "warn"

[paths]
"/*.md" = "core"
"/docs/é/" = "core"
"/docs/" = "core"
"docs/" = []
"/{src,source}/" = "one"
"src/**" = "core"
"/src/lib/" = "core"
"*.rs" = "core"
"/a#b" = "core"
"/link/" = "core"
"/roster.md" = ["core", "@org/team"]
"#;

pub(crate) fn specimens() -> Sandbox {
    let sandbox = Sandbox::repo([
        ("owners.toml", CONFIG),
        ("ROSTER.md", "@alice @bob"),
        (".github/CODEOWNERS", "* @me\n"),
        ("docs/é/a.md", ""),
        ("x/docs/b", ""),
        ("src/lib/a.rs", ""),
        ("third_party/x", ""),
        ("a#b", ""),
        ("axb", ""),
        ("new: 100%, \u{1f600}/a", ""),
        ("new: 100%, \u{1f600}/b", ""),
    ]);
    let id = "1".repeat(40);
    sandbox.git(&format!("update-index --add --cacheinfo 160000,{id},link"));
    sandbox.write("x/docs/owners.toml", "");
    sandbox
}

/// A document as a snapshot shows it.
fn pretty(document: &Value) -> String {
    serde_json::to_string_pretty(document).unwrap() + "\n"
}

fn sarif_log(sandbox: &Sandbox) -> Value {
    let output = sandbox.owners("check --format sarif").output();
    assert_eq!(output.status.code(), Some(1));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn short() {
    specimens()
        .owners("check -q --format short")
        .finds(file!["formats/short.txt"]);
}

#[test]
fn human() {
    specimens()
        .owners("check --format human")
        .finds(file!["formats/human.txt"]);
}

#[test]
fn github() {
    specimens()
        .owners("check --format github")
        .finds(file!["formats/github.txt"]);
}

#[test]
fn gitlab() {
    specimens()
        .owners("check --format gitlab")
        .finds(file!["formats/gitlab.json"]);
}

#[test]
fn json() {
    let sandbox = specimens();
    let output = sandbox.owners("check --format json").output();
    assert_eq!(output.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    sandbox.assert_eq(pretty(&document).as_bytes(), file!["formats/json.json"]);
}

#[test]
fn nothing_found() {
    let sandbox = Sandbox::current([(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"#,
    )]);
    sandbox.owners("check -q --format short").prints("");
    sandbox.owners("check --format github").prints("");
    sandbox.owners("check --format gitlab").prints("[]\n");
    sandbox.owners("check --format json").prints(str![[r#"
{"version":1,"findings":[],"summary":{"errors":0,"warnings":0,"notes":0,"paths":2,"owned":2,"nobody":0,"exempt":0,"unowned":0}}

"#]]);
}

#[test]
fn sarif() {
    let sandbox = specimens();
    let mut log = sarif_log(&sandbox);
    // The rules quote the pages of all lints: `sarif_rules_are_the_lints`.
    log["runs"][0]["tool"]["driver"]["rules"].take();
    let log = pretty(&log).replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
    sandbox.assert_eq(log.as_bytes(), file!["formats/sarif.json"]);
}

#[test]
fn sarif_rules_are_the_lints() {
    let log = sarif_log(&specimens());
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), LINTS.len());
    for (rule, lint) in rules.iter().zip(LINTS) {
        assert_eq!(rule["id"], lint.name);
        assert_eq!(rule["help"]["text"], lint.page);
        let level = rule["defaultConfiguration"]["level"].as_str().unwrap();
        assert!(["error", "warning"].contains(&level));
    }
    for result in run["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(result["ruleId"], LINTS[index].name);
        assert!(result["message"]["text"].is_string());
    }
}

#[test]
fn sarif_results_have_fingerprints_of_their_own() {
    let log = sarif_log(&specimens());
    let mut fingerprints = HashSet::new();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let print = &result["partialFingerprints"]["owners/v1"];
        assert!(fingerprints.insert(print.as_str().unwrap()), "{result}");
    }
}

#[test]
fn sarif_locations_are_relative_uris_and_regions() {
    let log = sarif_log(&specimens());
    let mut seen = 0;
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let related = result["relatedLocations"].as_array();
        let places = result["locations"].as_array().unwrap();
        for place in places.iter().chain(related.into_iter().flatten()) {
            seen += 1;
            let physical = &place["physicalLocation"];
            let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.is_ascii() && !uri.contains([' ', ':', '\\']), "{uri}");
            assert!(!uri.starts_with('/') && !uri.ends_with('/'), "{uri}");
            if let Some(region) = physical.get("region") {
                let number = |key: &str| region[key].as_u64().unwrap();
                let start = (number("startLine"), number("startColumn"));
                assert!(start >= (1, 1) && start <= (number("endLine"), number("endColumn")));
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn github_actions_gets_both() {
    let sandbox = Sandbox::repo([(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"#,
    )]);
    let check = |arguments: &str| sandbox.owners(arguments).env("GITHUB_ACTIONS", "true");
    check("check").finds(str![[r#"
::stop-commands::[..]
error[stale-output]: `.github/CODEOWNERS` is missing
--> .github/CODEOWNERS
 = help: run `owners gen`

1 error, 0 warnings; 1 tracked path: 1 owned
`--fix` can fix 1
::[..]::
::error file=.github/CODEOWNERS,title=stale-output::`.github/CODEOWNERS` is missing%0Ahelp: run `owners gen`

"#]]);
    let is_annotated = |arguments: &str| {
        let output = check(arguments).output();
        String::from_utf8_lossy(&output.stdout).contains("::error ")
    };
    assert!(is_annotated("check"));
    for format in ["human", "short", "json", "sarif", "gitlab"] {
        assert!(
            !is_annotated(&format!("check --format {format}")),
            "{format}"
        );
    }
}

#[test]
fn a_configuration_with_errors_is_annotated() {
    let sandbox = Sandbox::repo([(
        "owners.toml",
        r#"[paths]
"*" = "core"
"#,
    )]);
    sandbox
        .owners("check")
        .env("GITHUB_ACTIONS", "true")
        .refuses(str![[r#"
::error file=owners.toml,line=2,endLine=2,col=7,endColumn=13,title=owners.toml::unknown group `core`: not defined in `[groups]`%0Ahelp: define it under `[groups]`: `core = ["@user"]`; a user is written `@core`
::stop-commands::[..]
error: unknown group `core`
 --> owners.toml:2:7
  |
2 | "*" = "core"
  |       ^^^^^^ not defined in `[groups]`
  |
  = help: define it under `[groups]`: `core = ["@user"]`; a user is written `@core`

1 error in the configuration
::[..]::

"#]]);
    for format in ["short", "json", "sarif", "gitlab"] {
        let output = sandbox.owners(&format!("check --format {format}")).output();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    }
}

#[test]
fn fingerprints_do_not_change_with_the_line() {
    let prints = |config: &str| -> Vec<String> {
        let sandbox = Sandbox::repo([("owners.toml", config)]);
        let output = sandbox.owners("check --format gitlab").output();
        let issues: Value = serde_json::from_slice(&output.stdout).unwrap();
        let issues = issues.as_array().unwrap().iter();
        issues
            .map(|issue| issue["fingerprint"].to_string())
            .collect()
    };
    let config = r#"[paths]
"*" = "@a"
"/gone/" = "@a"
"#;
    let moved = config.replace(
        "[paths]",
        r"# one
# two

[paths]",
    );
    assert_eq!(prints(config), prints(&moved));
}
