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

/// If no path has a rule of its own, a rule for every path would be no help: it is there.
#[test]
fn nothing_but_a_default() {
    let sandbox = repo(
        &["src/a.rs", "docs/a.md", "x/y"],
        "[paths]\n\"*\" = { add = \"@a\" }\n\"*.md\" = { add = \"@b\" }\n",
    );
    sandbox
        .owners("check -W default-only-path")
        .prints(str![[r#"
warning[default-only-path]: only `*` matches any path: 5 paths
 = help: add a rule for each under `[paths]`: `"/.github/" = "<group>"`, `"/docs/" = "<group>"`, `"/owners.toml" = "<group>"`, …; or `= []` for nobody

0 errors, 1 warning; 5 tracked paths: 5 owned

"#]]);
}

/// A rule that adds has the key that a rule with owners would have.
#[test]
fn a_key_that_is_taken() {
    let rules = |docs: &str| {
        let others = "\"*\" = \"@a\"\n\"/{src,.github}/\" = \"@b\"\n\"/o*\" = \"@b\"\n";
        format!("[paths]\n{others}\"/docs/\" = {docs}\n")
    };
    let sandbox = repo(&["docs/a", "docs/b", "src/c"], &rules("{ add = \"@c\" }"));
    let check = "check -W default-only-path";
    sandbox.owners(check).prints(str![[r#"
warning[default-only-path]: apart from rules with `add`, only `*` matches the paths in `docs/`: 2 paths
--> docs/
 = help: write `owners` instead of `add` in the rule for it, and name all owners

0 errors, 1 warning; 5 tracked paths: 5 owned

"#]]);
    sandbox.write("owners.toml", rules("{ owners = [\"@a\", \"@c\"] }"));
    sandbox.owners("gen -q").prints("");
    sandbox.owners(check).prints(str![[r#"
0 errors, 0 warnings; 5 tracked paths: 5 owned

"#]]);
    let only = "[paths]\n\"*\" = \"@a\"\n\"/{docs,src,.github}/\" = { add = \"@c\" }\n\"/docs/\" = { add = \"@b\" }\n";
    sandbox.write("owners.toml", only);
    sandbox.owners("gen -q").prints("");
    sandbox.owners(check).prints(str![[r#"
warning[default-only-path]: apart from rules with `add`, only `*` matches any path: 5 paths
 = help: add a rule for each under `[paths]`: `"/.github/" = "<group>"`, `"/owners.toml" = "<group>"`, `"/src/" = "<group>"`; or `= []` for nobody

0 errors, 1 warning; 5 tracked paths: 5 owned

"#]]);
}
