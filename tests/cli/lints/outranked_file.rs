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

const CONFIG: &str = "[paths]\n'*' = '@a'\n";

#[test]
fn beside_a_generated_file() {
    let sandbox = Sandbox::current([("owners.toml", CONFIG)]);
    sandbox.write("CODEOWNERS", "* @b\n");
    // An untracked file is not there for anybody else.
    sandbox.owners("check -q --format short").prints("");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[outranked-file]: GitHub reads `.github/CODEOWNERS` and never `CODEOWNERS`
--> CODEOWNERS
 = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and reads the first that exists
 = help: turn the lines that should count into rules of `owners.toml`, then remove the file: `git rm CODEOWNERS`

1 error, 0 warnings; 3 tracked paths: 3 owned

"#]]);
    sandbox
        .owners("check -q --format short -A outranked-file")
        .prints("");
    sandbox.git("rm -qf CODEOWNERS");
    sandbox.owners("check -q --format short").prints("");
}

/// The output was moved, and the old one stayed.
#[test]
fn a_generated_file_that_stayed() {
    let old = format!("output.file = 'CODEOWNERS'\n{CONFIG}");
    let sandbox = Sandbox::current([("owners.toml", &*old)]);
    sandbox.write("owners.toml", CONFIG.replace("@a", "@b"));
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check --format short").finds(str![[r#"
CODEOWNERS: error[outranked-file]: GitHub reads `.github/CODEOWNERS` and never `CODEOWNERS`

"#]]);
    let said = String::from_utf8(sandbox.owners("check").output().stdout).unwrap();
    let help = " = help: remove it: `git rm CODEOWNERS`\n";
    assert!(said.contains(help), "{said}");
}

/// GitLab reads the file, or the output in another place.
#[test]
fn beside_files_for_two_forges() {
    let both =
        format!("{CONFIG}[[output]]\n[[output]]\nplatform = 'gitlab'\nfile = 'docs/CODEOWNERS'\n");
    for (config, marker, file, is_found) in [
        (CONFIG, "x", "CODEOWNERS", true),
        (CONFIG, ".gitlab-ci.yml", "CODEOWNERS", false),
        (CONFIG, ".gitlab-ci.yml", "docs/CODEOWNERS", false),
        (CONFIG, "x", ".gitlab/CODEOWNERS", false),
        (&both, "x", ".gitlab/CODEOWNERS", true),
    ] {
        let sandbox = Sandbox::current([("owners.toml", config), (marker, "")]);
        sandbox.write(file, "* @b\n");
        sandbox.git("add -A");
        let output = sandbox.owners("check -q --format short").output();
        let said = String::from_utf8(output.stdout).unwrap();
        let start = format!("{file}: error[outranked-file]: ");
        assert_eq!(said.starts_with(&start), is_found, "{said}");
        assert_eq!(said.lines().count(), usize::from(is_found), "{said}");
    }
}

/// What outranks the output is a finding of another lint, and what is behind both is none.
#[test]
fn behind_a_file_that_overrides_the_output() {
    let config = format!("output.file = 'CODEOWNERS'\n{CONFIG}");
    let sandbox = Sandbox::current([("owners.toml", &*config)]);
    sandbox.write(".github/CODEOWNERS", "* @b\n");
    sandbox.write("docs/CODEOWNERS", "* @c\n");
    sandbox.git("add -A");
    sandbox.owners("check --format short").finds(str![[r#"
owners.toml:1:15: error[overridden-output]: GitHub reads `.github/CODEOWNERS` and ignores `CODEOWNERS`

"#]]);
}
