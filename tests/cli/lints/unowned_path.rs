//! `unowned-path`: a tracked path matches no rule and is not exempt.

use snapbox::str;

use crate::configured;

#[test]
fn an_unowned_file() {
    let sandbox = configured(
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.write("docs/it's \"new\".md", "");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[unowned-path]: `docs/it's "new".md` is unowned
--> docs/it's "new".md
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody

1 error, 0 warnings; 8 tracked paths: 7 owned, 1 unowned

"#]]);
}

#[test]
fn an_unowned_directory_is_one_finding() {
    let sandbox = configured(
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    for file in [
        "docs/a/1", "docs/a/2", "docs/b", "src/x/1", "src/x/2", "crates/y",
    ] {
        sandbox.write(file, "");
    }
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[unowned-path]: 5 paths in `./` are unowned
 = note: `docs/` (3 paths), `src/` (2 paths)
 = help: add a rule under `[paths]`: `"*" = "@org/team"`, or `= []` for nobody; before all other rules, it takes no path from its owners

2 errors, 0 warnings; 13 tracked paths: 8 owned, 5 unowned

"#]]);
    sandbox.owners("check -v").finds(str![[r#"
error[unowned-path]: every path in `docs/` is unowned: 3 paths
--> docs/
 = note: `docs/a/1`
 = note: `docs/a/2`
 = note: `docs/b`
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody

error[unowned-path]: every path in `src/` is unowned: 2 paths
--> src/
 = note: `src/x/1`
 = note: `src/x/2`
 = help: add a rule under `[paths]`: `"/src/" = "@org/team"`, or `= []` for nobody

2 errors, 0 warnings; 13 tracked paths: 8 owned, 5 unowned

"#]]);
}

#[test]
fn nothing_is_owned() {
    let sandbox = configured(
        r#"[paths]
"/nowhere" = "@a"
"#,
    );
    sandbox.owners("check -A dead-pattern").finds(str![[r#"
error[unowned-path]: every path is unowned: 7 tracked paths
 = help: add a rule under `[paths]`: `"*" = "@org/team"`, or `= []` for nobody

warning[unowned-config]: anybody can change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` is owned
--> owners.toml
 = help: add a rule under `[paths]`: `"/owners.toml" = "@org/team"`, or `= []` for nobody

1 error, 1 warning; 7 tracked paths: 0 owned, 7 unowned

"#]]);
}

#[test]
fn nobodys_on_purpose_is_fine() {
    configured(r#"[paths]
"*" = []
"#).owners("check").prints(str![[r#"
warning[unowned-config]: anybody can change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` is owned
 --> owners.toml:2:1
  |
2 | "*" = []
  | ^^^ gives `owners.toml` to nobody
  |
  = help: add a rule under `[paths]`: `"/owners.toml" = "@org/team"`, or `= []` for nobody

0 errors, 1 warning; 7 tracked paths: 0 owned, 7 nobody

"#]]);
}

#[test]
fn an_untracked_file_needs_no_owner() {
    let sandbox = configured(
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.write("docs/new.md", "");
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]]);
    sandbox.git("add -A");
    sandbox
        .owners("check -q --format short -A unowned-path")
        .prints("");
    sandbox.git("rm -q --cached docs/new.md");
    sandbox.owners("check -q --format short").prints("");
}

#[test]
fn untracked_files_on_request() {
    let sandbox = configured(
        r#"[paths]
"/*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.write("docs/new.md", "");
    sandbox.write("target/a.o", "");
    sandbox.write(".gitignore", "/target/\n");
    sandbox.git("rm -q -f --cached .github/CODEOWNERS");
    sandbox.owners("check --untracked").finds(str![[r#"
error[unowned-path]: `docs/new.md` is unowned
--> docs/new.md
 = help: add a rule under `[paths]`: `"/docs/" = "@org/team"`, or `= []` for nobody

error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it
--> .github/CODEOWNERS
 = help: run `git add .github/CODEOWNERS`

2 errors, 0 warnings; 9 paths: 8 owned, 1 unowned

"#]]);
}

#[test]
fn exempt() {
    let sandbox = configured(
        r#"[check]
exempt = ["/{crates,docs}/"]

[paths]
"/*" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 4 owned, 3 exempt

"#]]);
}

#[test]
fn an_excepted_path_that_no_earlier_rule_matches() {
    configured(
        r#"[paths]
"/*" = "@a"
"/.github/" = "@a"
"/crates/" = { owners = "@b", except = ["/crates/wasi-tls/"] }
"#,
    )
    .owners("check")
    .finds(str![[r#"
error[unowned-path]: `crates/wasi-tls/src/lib.rs` is unowned
--> crates/wasi-tls/src/lib.rs
 = help: add a rule under `[paths]`: `"/crates/wasi-tls/" = "@org/team"`, or `= []` for nobody

1 error, 0 warnings; 7 tracked paths: 6 owned, 1 unowned

"#]]);
}
