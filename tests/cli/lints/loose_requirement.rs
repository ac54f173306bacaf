//! `loose-requirement`: a new path could miss a requirement.

use snapbox::str;

use super::repo;

/// The findings for these rules and this requirement.
fn check(rules: &str, requirement: &str) -> crate::support::Sandbox {
    let config = format!(
        "[groups]\ncore = \"@org/core\"\nsecurity = \"@org/security\"\n\n[paths]\n{rules}\n\n[[require]]\n{requirement}\n"
    );
    repo(&["certs/a.pem", "src/a.rs"], &config)
}

const LINTS: &str = "check -A dead-pattern -A unused-group -A unowned-config -A shadowed-rule -A ineffective-pattern";

#[test]
fn no_rule_matches() {
    let sandbox = check(
        "\"/certs/\" = [\"core\", \"security\"]\n\"/src/\" = \"core\"\n\"/*\" = \"core\"\n\"/.github/\" = \"core\"",
        "paths = \"*.pem\"\nowners = \"security\"\nreason = \"private keys\"",
    );
    sandbox.owners(LINTS).prints(str![[r#"
warning[loose-requirement]: a new path could miss a requirement: `x.pem` must be owned by `@org/security` (private keys)
  --> owners.toml:11:1
   |
 8 | "/*" = "core"
   | ---- this rule would decide
...
11 | [[require]]
   | ^^^^^^^^^^^ required here
   |
   = help: add a rule at the end of `[paths]`: `"*.pem" = { add = "security" }`

0 errors, 1 warning; 4 tracked paths: 4 owned

"#]]);
}

#[test]
fn a_rule_that_would_decide() {
    let sandbox = check(
        "\"*\" = [\"core\", \"security\"]\n\"/certs/test/\" = \"core\"",
        "paths = \"/certs/\"\nowners = \"security\"",
    );
    sandbox.owners(LINTS).prints(str![[r#"
warning[loose-requirement]: a new path could miss a requirement: `certs/test/xx` must be owned by `@org/security`
 --> owners.toml:9:1
  |
7 | "/certs/test/" = "core"
  | -------------- this rule would decide
8 |
9 | [[require]]
  | ^^^^^^^^^^^ required here
  |
  = help: add a rule at the end of `[paths]`: `"/certs/" = { add = "security" }`

0 errors, 1 warning; 4 tracked paths: 4 owned

"#]]);
}

/// No path can miss these.
#[test]
fn tight_requirements() {
    for (rules, requirement) in [
        (
            "\"*\" = [\"core\", \"security\"]",
            "paths = \"*.pem\"\nowners = \"security\"",
        ),
        (
            "\"*\" = \"core\"\n\"*.pem\" = [\"core\", \"security\"]",
            "paths = \"*.pem\"\nowners = \"security\"",
        ),
        (
            "\"*\" = \"core\"\n\"*.pem\" = \"security\"\n\"/src/*.rs\" = \"core\"",
            "paths = \"*.pem\"\nowners = \"security\"\nexcept = \"*.rs\"",
        ),
        (
            "\"*\" = \"core\"\n\"*.pem\" = \"security\"\n\"/certs/old/\" = \"core\"",
            "paths = \"*.pem\"\nowners = \"security\"\nexcept = \"/certs/old/\"",
        ),
        (
            "\"*\" = [\"core\", \"@a\"]",
            "paths = \"*\"\nmin-owners = 2",
        ),
    ] {
        let sandbox = check(rules, requirement);
        let output = sandbox.owners(LINTS).args("-D warnings").output();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{rules}\n{requirement}\n{output:?}"
        );
    }
}

/// A rule that would be enough leaves some paths out.
#[test]
fn an_exception_opens_a_gap() {
    for rules in [
        "\"*\" = \"core\"\n\"**\" = { add = \"security\", except = \"/docs/\" }",
        "\"*\" = \"core\"\n\"*.pem\" = { add = \"security\", except = \"/docs/\" }",
    ] {
        let sandbox = check(rules, "paths = \"*.pem\"\nowners = \"security\"");
        let output = sandbox.owners(LINTS).output();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(
            printed.contains("could miss a requirement: `docs/x.pem`"),
            "{printed}"
        );
    }
}
