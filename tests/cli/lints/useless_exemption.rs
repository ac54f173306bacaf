//! `useless-exemption`: an entry of `exempt` has no effect.

use snapbox::str;

use super::repo;

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
