//! `useless-exemption`: an entry of `exempt` has no effect.

use snapbox::str;

use super::repo;
use crate::support::Sandbox;

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
    sandbox.owners("check").prints(str![[r#"
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

0 errors, 2 warnings; 4 tracked paths: 3 owned, 1 exempt
`--fix=tree` can fix 2

"#]]);
}

/// Before the first file is tracked, nothing can be said about exemptions.
#[test]
fn an_empty_repository() {
    let sandbox = Sandbox::repo([]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"

[check]
exempt = ["/vendor/"]
"#,
    );
    let output = sandbox
        .owners("check --format short -A stale-output --fix=tree")
        .output();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    assert!(sandbox.read("owners.toml").contains("/vendor/"));
}
