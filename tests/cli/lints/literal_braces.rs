//! `literal-braces`: alternatives in a CODEOWNERS file, which no forge expands.

use snapbox::str;

use crate::support::Sandbox;

fn github(lines: &str, files: &[&str]) -> Sandbox {
    let files = files.iter().map(|&file| (file, ""));
    Sandbox::repo(files.chain([(".github/CODEOWNERS", lines)]))
}

/// The help lists the lines to write, with the owners of the line.
#[test]
fn lines_to_write_instead() {
    let sandbox = github(
        "* @a\nsrc/{a,b}.rs  @b @c # both\n/<x,y>/{1,2{,3}} @b\n",
        &["src/a.rs"],
    );
    sandbox.owners("check").prints(str![[r#"
warning[literal-braces]: GitHub does not expand the `{…}` in `src/{a,b}.rs`
 --> .github/CODEOWNERS:2:1
  |
2 | src/{a,b}.rs  @b @c # both
  | ^^^^^^^^^^^^ matches only a path with these characters
  |
  = help: write a line for each:
          `src/a.rs @b @c # both`
          `src/b.rs @b @c # both`

warning[literal-braces]: GitHub does not expand the `<…>` in `/<x,y>/{1,2{,3}}`
 --> .github/CODEOWNERS:3:1
  |
3 | /<x,y>/{1,2{,3}} @b
  | ^^^^^^^^^^^^^^^^ matches only a path with these characters
  |
  = help: write a line for each:
          `/x/1 @b`
          `/x/2 @b`
          `/x/23 @b`
          `/y/1 @b`
          `/y/2 @b`
          `/y/23 @b`

0 errors, 2 warnings; 2 tracked paths: 2 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
    // The line is not reported twice.
    sandbox
        .owners("check --format short -A literal-braces -W dead-pattern")
        .prints("");
}

#[test]
fn what_the_help_says_is_in_order() {
    let lines = "* @a\nsrc/a.rs @b @c\nsrc/b.rs @b @c\n";
    github(lines, &["src/a.rs", "src/b.rs"])
        .owners("check --format short")
        .prints("");
}

/// A path may contain such characters, and braces without a comma mean nothing.
#[test]
fn names_with_braces() {
    let lines = "* @a\n/x{a,b}/ @b\n/{{name}}/ @b\n/\\{c,d}/ @b\n/{e}/ @b\n";
    github(lines, &["x{a,b}/f", "{{name}}/f", "{c,d}/f", "{e}/f"])
        .owners("check --format short")
        .prints("");
}

#[test]
fn on_gitlab() {
    let sandbox = Sandbox::repo([
        ("CODEOWNERS", "* @a\n/src/{a,b}.rs @b\n/src/[ab].rs @b\n"),
        (".gitlab-ci.yml", ""),
        ("src/a.rs", ""),
    ]);
    sandbox.owners("check").prints(str![[r#"
warning[literal-braces]: GitLab does not expand the `{…}` in `/src/{a,b}.rs`
 --> CODEOWNERS:2:1
  |
2 | /src/{a,b}.rs @b
  | ^^^^^^^^^^^^^ matches only a path with these characters
  |
  = help: write a line for each:
          `/src/a.rs @b`
          `/src/b.rs @b`

0 errors, 1 warning; 3 tracked paths: 3 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// Many alternatives take a short list and bounded work.
#[test]
fn many_alternatives() {
    let names: Vec<String> = (0..30).map(|n| format!("n{n}")).collect();
    let lines = format!(
        "* @a\n/{{{}}} @b\n/{} @b\n",
        names.join(","),
        "{a,b}".repeat(5_000)
    );
    let sandbox = github(&lines, &["x"]);
    let output = sandbox.owners("check").processor_seconds(5).output();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("`/n9 @b`\n") && text.contains("and 20 more"),
        "{text}"
    );
    assert!(text.contains("write a line for each pattern that is meant"));
}
