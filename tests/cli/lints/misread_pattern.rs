//! `misread-pattern`: a pattern that the forge reads otherwise than it looks.

use snapbox::str;

use crate::support::Sandbox;

fn repo(file: &str, lines: &str, files: &[&str]) -> Sandbox {
    let files = files.iter().map(|&file| (file, ""));
    Sandbox::repo(files.chain([(file, lines)]))
}

/// Regular expressions that look like patterns, or like alternatives of whole paths.
#[test]
fn on_gitea() {
    let lines = ".* @a\n*.go @b\nsrc/[^/]*\\\\.c|lib/.* @c\nlib* @d\n";
    let files = ["src/cargo", "src/x.go", "src/x.c", "x/lib/a", "lib/b"];
    let sandbox = repo(".gitea/CODEOWNERS", lines, &files);
    sandbox.owners("check").prints(str![[r#"
warning[misread-pattern]: `*.go` matches `src/cargo` on Gitea
 --> .gitea/CODEOWNERS:2:1
  |
2 | *.go @b
  | ^^^^ matches other paths than it seems to
  |
  = help: write `(.*/)?[^/]*\\.go(/.*)?`: it is a regular expression for a whole path

warning[misread-pattern]: `src/[^/]*\\.c|lib/.*` matches `x/lib/a` on Gitea
 --> .gitea/CODEOWNERS:3:1
  |
3 | src/[^/]*\\.c|lib/.* @c
  | ^^^^^^^^^^^^^^^^^^^^ matches other paths than it seems to
  |
  = help: write `(src/[^/]*\\.c|lib/.*)`: it is a regular expression for a whole path

warning[dead-pattern]: no tracked path matches `lib*`
 --> .gitea/CODEOWNERS:4:1
  |
4 | lib* @d
  | ^^^^ matches nothing
  |
  = help: write `(.*/)?lib[^/]*(/.*)?`: it is a regular expression for a whole path

0 errors, 3 warnings; 6 tracked paths: 6 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

#[test]
fn on_forgejo() {
    let lines = ".* @a\n*.go @b # why\n";
    let sandbox = repo(".forgejo/CODEOWNERS", lines, &["src/cargo", "x.go"]);
    sandbox.owners("check --format short").prints(str![[r#"
.forgejo/CODEOWNERS:2:1: warning[misread-pattern]: `*.go` matches `src/cargo` on Forgejo

"#]]);
    sandbox
        .owners("check --format short -A misread-pattern")
        .prints("");
}

/// `**` is special only before a slash.
#[test]
fn on_gitlab() {
    let lines = "* @a\n/docs/** @b\n/lib/** @c\n";
    let files = [".gitlab-ci.yml", "docs/a", "docs/b/c", "lib/a"];
    let sandbox = repo(".gitlab/CODEOWNERS", lines, &files);
    sandbox.owners("check").prints(str![[r#"
warning[misread-pattern]: `/docs/**` does not match `docs/b/c` on GitLab
 --> .gitlab/CODEOWNERS:2:1
  |
2 | /docs/** @b
  | ^^^^^^^^ matches other paths than it seems to
  |
  = help: write `/docs/`

0 errors, 1 warning; 5 tracked paths: 5 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// Nothing is reported where no tracked path tells the difference, where the text seems to be meant as it
/// is read, and where another lint reports the line.
#[test]
fn what_is_not_reported() {
    for (file, lines, files) in [
        // The same tracked paths.
        (
            ".gitea/CODEOWNERS",
            ".* @a\n*.go @b\n(a|b)/.* @c\n",
            &["x.go", "a/b"][..],
        ),
        // What it looks like matches nothing.
        (".gitea/CODEOWNERS", ".* @a\nca*rgo @b\n", &["rgo", "crgo"]),
        (
            ".github/CODEOWNERS",
            "* @a\n/docs/** @b\n",
            &["docs/a", "docs/b/c"],
        ),
    ] {
        let sandbox = repo(file, lines, files);
        sandbox
            .owners("check --format short -A dead-pattern -A ineffective-pattern")
            .prints("");
    }
    // `dead-pattern` reports it.
    let lines = ".* @a\ndocs/* @b\n";
    let sandbox = repo(".gitea/CODEOWNERS", lines, &["docs/a"]);
    sandbox.owners("check --format short").prints(str![[r#"
.gitea/CODEOWNERS:2:1: warning[dead-pattern]: no tracked path matches `docs/*`

"#]]);
}

/// The expression that the help shows has no finding.
#[test]
fn what_the_help_says_is_in_order() {
    let lines = ".* @a\n(.*/)?[^/]*\\\\.go(/.*)? @b\n";
    repo(".gitea/CODEOWNERS", lines, &["src/cargo", "x.go"])
        .owners("check --format short")
        .prints("");
}
