//! `owners check --exempt-unowned`: the unowned paths become a list that shrinks.

use snapbox::str;

use crate::support::Sandbox;

fn sandbox() -> Sandbox {
    Sandbox::repo([
        (
            "owners.toml",
            "# Policy.\n\n[paths]\n\"/src/\"   = \"@a\" # why\n\n# The end.\n",
        ),
        ("src/a", ""),
        ("docs/a", ""),
        ("docs/b/c", ""),
        ("lib/a", ""),
        ("src-x", ""),
    ])
}

#[test]
fn what_is_unowned_is_listed_and_nothing_else_changes() {
    let sandbox = sandbox();
    let before = sandbox.read("owners.toml");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check -q --format short").finds(str![[r#"
owners.toml: warning[unowned-config]: anybody can change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` is owned
.github/CODEOWNERS: error[unowned-path]: `.github/CODEOWNERS` is unowned
docs/: error[unowned-path]: every path in `docs/` is unowned: 2 paths
lib/a: error[unowned-path]: `lib/a` is unowned
owners.toml: error[unowned-path]: `owners.toml` is unowned
src-x: error[unowned-path]: `src-x` is unowned

"#]]);
    sandbox.owners("check --exempt-unowned --dry-run").exits(
        0,
        str![[r#"
--- a/owners.toml
+++ b/owners.toml
@@ -4,3 +4,13 @@
 "/src/"   = "@a" # why
 
 # The end.
+
+[check]
+# Unowned when this list was made. Shorten it over time.
+exempt = [
+    "/.github/CODEOWNERS",
+    "/docs/",
+    "/lib/a",
+    "/owners.toml",
+    "/src-x",
+]

"#]],
        str![[r#"
would exempt 6 unowned paths with 5 patterns

"#]],
    );
    assert_eq!(sandbox.read("owners.toml"), before);
    sandbox
        .owners("check --exempt-unowned")
        .exits(0, str![[r#"
warning[unowned-config]: anybody can change who owns what: neither `owners.toml` nor `.github/CODEOWNERS` is owned
--> owners.toml
 = help: add a rule under `[paths]`: `"/owners.toml" = "@a"`, or `= []` for nobody

0 errors, 1 warning; 7 tracked paths: 1 owned, 6 exempt

"#]], str![[r#"
exempted 6 unowned paths with 5 patterns: see `[check] exempt`
updated owners.toml

"#]]);
    assert!(sandbox.read("owners.toml").starts_with(&before));
    // The generated file is still current, and there is nothing left to list.
    sandbox.owners("gen --check").prints("");
    sandbox
        .owners("check --exempt-unowned -A unowned-config")
        .exits(
            0,
            str![[r#"
0 errors, 0 warnings; 7 tracked paths: 1 owned, 6 exempt

"#]],
            str![[r#"
no path is unowned: there is nothing to exempt

"#]],
        );
    // What becomes unowned later is added.
    sandbox.write("new", "");
    sandbox.git("add -A");
    sandbox
        .owners("check --baseline -q -A unowned-config --format short")
        .exits(0, "", "");
    let text = sandbox.read("owners.toml");
    assert!(
        text.ends_with("    \"/src-x\",\n    \"/new\",\n]\n"),
        "{text}"
    );
}

#[test]
fn with_crlf_and_a_byte_order_mark() {
    let sandbox = sandbox();
    let text = sandbox.read("owners.toml").replace('\n', "\r\n");
    sandbox.write("owners.toml", format!("\u{feff}{text}"));
    sandbox.owners("check -q --exempt-unowned").output();
    let after = sandbox.read("owners.toml");
    assert!(
        after.starts_with(&format!("\u{feff}{text}\r\n[check]\r\n")),
        "{after}"
    );
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    sandbox.owners("who src/a").prints("src/a  @a\n");
}

/// Whatever a path is called, a pattern exempts it.
#[cfg(unix)]
#[test]
fn odd_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let sandbox = sandbox();
    for name in [
        " a",
        "b ",
        "c\nd",
        "e\tf",
        "g\\h",
        "{i,j}",
        "<k",
        "l*",
        "m?",
        "[n]",
        "#o",
        "!p",
        "\"q'",
        "r,s",
        "\u{1b}[t",
        "\u{202e}u",
    ] {
        sandbox.write(name, "");
    }
    sandbox.write(OsStr::from_bytes(b"v\xffw"), "");
    sandbox.git("add -A");
    let output = sandbox
        .owners("check --exempt-unowned -A unowned-config -A stale-output")
        .output();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{shown}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(shown.starts_with("0 errors, 0 warnings;"), "{shown}");
}

#[test]
fn what_it_does_not_go_with() {
    let sandbox = sandbox();
    for arguments in [
        "check --exempt-unowned --fix",
        "check --exempt-unowned --rev HEAD",
        "check --exempt-unowned --changed HEAD",
        "check --exempt-unowned --dry-run --format json",
        "check --dry-run",
    ] {
        assert_eq!(
            sandbox.owners(arguments).output().status.code(),
            Some(2),
            "{arguments}"
        );
    }
}

/// The file is written as a whole or not at all.
#[cfg(unix)]
#[test]
fn a_file_that_is_read_only() {
    let sandbox = sandbox();
    let mut permissions = std::fs::metadata(sandbox.root.join("owners.toml"))
        .unwrap()
        .permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(sandbox.root.join("owners.toml"), permissions).unwrap();
    let before = sandbox.read("owners.toml");
    let output = sandbox.owners("check --exempt-unowned").output();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("it is read-only"));
    assert_eq!(sandbox.read("owners.toml"), before);
}
