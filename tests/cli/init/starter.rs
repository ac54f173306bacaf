//! A first configuration where there is no CODEOWNERS file.

use snapbox::str;

use crate::support::Sandbox;

#[test]
fn a_starter() {
    let sandbox = Sandbox::repo([
        ("README.md", ""),
        ("src/main.rs", ""),
        ("docs/a", ""),
        ("a\\b c/x", ""),
    ]);
    sandbox.git("commit -qm all --author=A<alice@example.com>");
    for (author, file) in [
        ("12+bob@users.noreply.github.com", "src/main.rs"),
        ("12+bob@users.noreply.github.com", "src/lib.rs"),
        ("carol@example.com", "docs/b\n\nc"),
    ] {
        sandbox.write(file, author);
        sandbox.git("add -A");
        sandbox.git(&format!("commit -qm more --author=A<{author}>"));
    }
    sandbox.owners("init").exits(
        0,
        "",
        str![[r#"
wrote owners.toml: edit it, then run `owners gen`

"#]],
    );
    sandbox.file_is(
        "owners.toml",
        str![[r##"
# Who reviews what. Run `owners gen` after every change.
# The last rule that matches a path decides. Formatters that sort keys change that.

[groups]
maintainers = "@org/team" # replace this

[paths]
"*" = "maintainers"

# Add a rule to give a directory its own reviewers. The comment after each rule
# names who worked there most in the last year:
# '/a\\b c/' = "maintainers" # alice@example.com (1)
# "/docs/" = "maintainers" # alice@example.com (1), carol@example.com (1)
# "/src/" = "maintainers" # @bob (2), alice@example.com (1)

"##]],
    );
    sandbox.owners("gen -q").prints("");
    // The placeholder is denied until it is replaced.
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[placeholder-owner]: `@org/team` is a placeholder, not an owner
 --> owners.toml:5:15
  |
5 | maintainers = "@org/team" # replace this
  |               ^^^^^^^^^^^ replace it
  |
  = help: write who reviews changes: a user such as `@alice`, or a team with its organization, such as `@your-org/team`

1 error, 0 warnings; 8 tracked paths: 8 owned

"#]]);
    let text = sandbox
        .read("owners.toml")
        .replace("@org/team", "@acme/core");
    sandbox.write("owners.toml", text);
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check -q --format short").prints("");
}

#[test]
fn a_starter_without_a_history() {
    let sandbox = Sandbox::repo([("src/main.rs", "")]);
    sandbox.owners("init -q --platform gitlab").prints("");
    sandbox.file_is(
        "owners.toml",
        str![[r##"
# Who reviews what. Run `owners gen` after every change.
# The last rule that matches a path decides. Formatters that sort keys change that.

[output]
platform = "gitlab"

[groups]
maintainers = "@org/team" # replace this

[paths]
"*" = "maintainers"

# Add a rule to give a directory its own reviewers:
# "/src/" = "maintainers"

"##]],
    );
    let sandbox = Sandbox::repo([("README.md", "")]);
    sandbox.owners("init --write-output").refuses(str![[r#"
error: there is no CODEOWNERS file to replace
 = help: run `owners init`, edit owners.toml, then run `owners gen`

"#]]);
    sandbox.owners("init -q").prints("");
}

#[test]
fn outside_a_repository() {
    let sandbox = Sandbox::plain();
    sandbox.owners("init").refuses(str![[r#"
error: no repository: found neither `.git` nor `owners.toml` in `[ROOT]` or a directory above it; run inside a repository, or pass `-C DIR`

"#]]);
}

/// What the starter proposes is TOML, whatever a directory is called.
#[test]
fn a_starter_quotes_what_it_proposes() {
    let sandbox = Sandbox::repo([("a\"b/f", ""), ("c d/f", "")]);
    assert_eq!(sandbox.owners("init -q").output().status.code(), Some(0));
    let starter = sandbox.read("owners.toml");
    assert!(
        starter.contains("\n# \"/a\\\"b/\" = \"maintainers\""),
        "{starter}"
    );
    sandbox.write("owners.toml", starter.replace("\n# \"/", "\n\"/"));
    assert_eq!(sandbox.owners("gen -q").output().status.code(), Some(0));
}
