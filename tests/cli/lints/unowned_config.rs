//! `unowned-config`: neither the configuration nor a generated file has an owner.

use snapbox::str;

use super::repo;

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
        .owners("check -A unowned-path")
        .prints(str![[r#"
warning[unowned-config]: anybody can change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` is owned
 --> owners.toml:3:1
  |
3 | "*.toml" = []
  | ^^^^^^^^ gives `owners.toml` to nobody
  |
  = help: add a rule under `[paths]`: `"/owners.toml" = "@a"`, or `= []` for nobody

0 errors, 1 warning; 3 tracked paths: 1 owned, 1 nobody, 1 unowned

"#]]);
    for pattern in ["/owners.toml", "/.github/"] {
        let config = format!(
            r#"[paths]
"/src/" = "@a"
"{pattern}" = "@b"
"#
        );
        let sandbox = repo(&["src/a"], &config);
        sandbox
            .owners("check -q --format short -A unowned-path")
            .prints("");
    }
}
