//! `duplicate-pattern`: two rules have the same pattern.

use snapbox::str;

use crate::configured;

#[test]
fn a_duplicate_pattern() {
    configured(
        r#"[paths]
"*" = "@a"
"/crates/{wasi,wasi-tls}/" = "@b"
"crates/wasi/**" = "@c"
"#,
    )
    .owners("check")
    .finds(str![[r#"
error[duplicate-pattern]: two rules have the pattern `/crates/wasi/`
 --> owners.toml:3:11
  |
3 | "/crates/{wasi,wasi-tls}/" = "@b"
  |           ^^^^ this rule can never take effect
4 | "crates/wasi/**" = "@c"
  | ---------------- because this rule comes later
  |
  = help: remove one of them

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
}

/// Formats that show one place name the line of the other rule; the text for people shows it.
#[test]
fn the_other_line_is_named() {
    let sandbox =
        configured("[paths]\n'*' = '@a'\n'/docs/' = '@b'\n'/x' = '@a'\n'docs/**' = '@c'\n");
    for format in ["short", "github", "gitlab", "markdown"] {
        let output = sandbox
            .owners(&format!("check -A dead-pattern --format {format}"))
            .output();
        let shown = String::from_utf8_lossy(&output.stdout).into_owned();
        let named = shown.matches(" (see owners.toml:5)").count();
        assert_eq!(named, 1, "{format}: {shown}");
    }
    let output = sandbox.owners("check -A dead-pattern").output();
    assert!(!String::from_utf8_lossy(&output.stdout).contains("(see"));
    // In a directory, the file is named as seen from there.
    let output = sandbox
        .owners("check -A dead-pattern --format short")
        .within("crates")
        .output();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains(" (see ../owners.toml:5)"), "{shown}");
}

/// Requirements are compared by what they demand, of which paths.
#[test]
fn requirements() {
    let config = r#"[groups]
sec = "@sec"

[paths]
"*" = ["@a", "@b", "sec"]

[[require]]
paths  = ["/a/", "/b/"]
owners = ["@sec", "@a"]
reason = "first"

[[require]]
paths  = "/{b,a}/**"
owners = ["@A", "sec"]

[[require]]
paths  = "/{b,a}/"
except = "*.md"
owners = ["@a", "sec"]

[[require]]
paths  = "/{b,a}/"
any-of = ["@a", "sec"]

[[require]]
paths      = "/a/"
min-owners = 1

[[require]]
paths      = "/a/"
min-owners = 2
"#;
    let sandbox = super::repo(&["a/x.md", "b/x"], config);
    sandbox.owners("check").finds(str![[r#"
error[duplicate-pattern]: two requirements demand the same of the same paths
  --> owners.toml:12:1
   |
 7 | [[require]]
   | ----------- because this one demands it already
...
12 | [[require]]
   | ^^^^^^^^^^^ this one demands nothing new
   |
   = help: remove one of these requirements

1 error, 0 warnings; 4 tracked paths: 4 owned

"#]]);
}
