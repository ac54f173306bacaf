//! `outranked-file`: another CODEOWNERS file, which the forge does not read.

use snapbox::str;

use crate::support::Sandbox;

#[test]
fn on_github() {
    let sandbox = Sandbox::repo([
        (".github/CODEOWNERS", "* @a\n"),
        ("CODEOWNERS", "* @b\n"),
        ("docs/CODEOWNERS", "* @c\n"),
    ]);
    sandbox.owners("check").finds(str![[r#"
error[outranked-file]: GitHub reads `.github/CODEOWNERS` and never `CODEOWNERS`
--> CODEOWNERS
 = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and reads the first that exists
 = help: move the lines that should count to `.github/CODEOWNERS`, then remove the other file: `git rm CODEOWNERS`

error[outranked-file]: GitHub reads `.github/CODEOWNERS` and never `docs/CODEOWNERS`
--> docs/CODEOWNERS
 = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and reads the first that exists
 = help: move the lines that should count to `.github/CODEOWNERS`, then remove the other file: `git rm docs/CODEOWNERS`

2 errors, 0 warnings; 3 tracked paths: 3 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
    // The remedy leaves nothing to say.
    sandbox.git("rm -qf CODEOWNERS docs/CODEOWNERS");
    sandbox.owners("check --format short").prints("");
}

#[test]
fn on_gitlab() {
    let sandbox = Sandbox::repo([
        ("docs/CODEOWNERS", "* @a\n"),
        (".gitlab/CODEOWNERS", "* @b\n"),
        (".gitlab-ci.yml", ""),
    ]);
    sandbox.owners("check").finds(str![[r#"
error[outranked-file]: GitLab reads `docs/CODEOWNERS` and never `.gitlab/CODEOWNERS`
--> .gitlab/CODEOWNERS
 = note: GitLab looks for `CODEOWNERS`, `docs/CODEOWNERS`, `.gitlab/CODEOWNERS` and reads the first that exists
 = help: move the lines that should count to `docs/CODEOWNERS`, then remove the other file: `git rm .gitlab/CODEOWNERS`

1 error, 0 warnings; 3 tracked paths: 3 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// A file of the same content misleads nobody, and another forge may read a file of its own.
#[test]
fn files_that_are_in_order() {
    for files in [
        [
            (".github/CODEOWNERS", "* @a\n"),
            ("CODEOWNERS", "* @a\r\n"),
            ("x", ""),
        ],
        [
            (".github/CODEOWNERS", "* @a\n"),
            (".gitlab/CODEOWNERS", "* @b\n"),
            ("x", ""),
        ],
        [
            ("CODEOWNERS", "* @a\n"),
            (".github/CODEOWNERS", "* @b\n"),
            (".gitlab-ci.yml", ""),
        ],
    ] {
        Sandbox::repo(files)
            .owners("check --format short")
            .prints("");
    }
}

#[test]
fn in_a_commit() {
    let sandbox = Sandbox::committed([(".github/CODEOWNERS", "* @a\n"), ("CODEOWNERS", "* @b\n")]);
    sandbox.git("rm -q CODEOWNERS");
    sandbox.owners("check --format short").prints("");
    sandbox
        .owners("check --format short --rev HEAD")
        .finds(str![[r#"
CODEOWNERS: error[outranked-file]: GitHub reads `.github/CODEOWNERS` and never `CODEOWNERS`

"#]]);
}
