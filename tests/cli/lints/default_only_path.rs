//! `default-only-path`: only the rule for every path matches a path.

use snapbox::str;

use super::repo;

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
    sandbox.owners("check -q --format short").prints("");
    sandbox.owners("check -D default-only-path").finds(str![[r#"
error[default-only-path]: only `*` matches `Makefile`
--> Makefile
 = help: add a rule under `[paths]`: `"/Makefile" = "@b"`, or `= []` for nobody

error[default-only-path]: only `*` matches the paths in `docs/`: 2 paths
--> docs/
 = help: add a rule under `[paths]`: `"/docs/" = "@b"`, or `= []` for nobody

2 errors, 0 warnings; 6 tracked paths: 6 owned

"#]]);
    sandbox
        .owners("check -v -W default-only-path")
        .prints(str![[r#"
warning[default-only-path]: only `*` matches `Makefile`
--> Makefile
 = help: add a rule under `[paths]`: `"/Makefile" = "@b"`, or `= []` for nobody

warning[default-only-path]: only `*` matches the paths in `docs/`: 2 paths
--> docs/
 = note: `docs/a.md`
 = note: `docs/b/c.md`
 = help: add a rule under `[paths]`: `"/docs/" = "@b"`, or `= []` for nobody

0 errors, 2 warnings; 6 tracked paths: 6 owned

"#]]);
}
