//! `overridden-output`: the forge reads another CODEOWNERS file instead of the generated one.

use snapbox::str;

use crate::support::Sandbox;
use crate::{PROJECT, configured};

#[test]
fn an_overridden_output() {
    let sandbox = configured(
        r#"[output]
file = "docs/CODEOWNERS"

[paths]
"*" = "@a"
"#,
    );
    sandbox.write("CODEOWNERS", "* @me\n");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[overridden-output]: GitHub reads `.github/CODEOWNERS` and ignores `docs/CODEOWNERS`
 --> owners.toml:2:8
  |
2 | file = "docs/CODEOWNERS"
  |        ^^^^^^^^^^^^^^^^^ never read
  |
  = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and reads the first that exists
  = help: remove it: `git rm .github/CODEOWNERS`

error[overridden-output]: GitHub reads `CODEOWNERS` and ignores `docs/CODEOWNERS`
 --> owners.toml:2:8
  |
2 | file = "docs/CODEOWNERS"
  |        ^^^^^^^^^^^^^^^^^ never read
  |
  = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and reads the first that exists
  = help: remove it: `git rm CODEOWNERS`

2 errors, 0 warnings; 9 tracked paths: 9 owned

"#]]);
}

#[test]
fn a_file_that_the_output_overrides() {
    let sandbox = Sandbox::current(PROJECT);
    sandbox.write("docs/CODEOWNERS", "* @me\n");
    sandbox.git("add -A");
    sandbox
        .owners("check -q --format short -A outranked-file")
        .prints("");
}

#[test]
fn a_file_that_outranks_on_gitlab() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.write(
        "owners.toml",
        r#"[output]
platform = "gitlab"

[paths]
"*" = "@a"
"#,
    );
    sandbox.write("CODEOWNERS", "* @me\n");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[overridden-output]: GitLab reads `CODEOWNERS` and ignores `.gitlab/CODEOWNERS`
 --> owners.toml:1:1
  |
1 | [output]
  | ^^^^^^^^ never read
  |
  = note: GitLab looks for `CODEOWNERS`, `docs/CODEOWNERS`, `.gitlab/CODEOWNERS` and reads the first that exists
  = help: remove it: `git rm CODEOWNERS`

1 error, 0 warnings; 8 tracked paths: 8 owned

"#]]);
}

/// The file that outranks an output may be another output: to remove it would help until the next `gen`.
#[test]
fn an_output_that_another_outranks() {
    let sandbox = configured(
        r#"[[output]]
file = "docs/CODEOWNERS"

[[output]]
platform = "gitlab"
file = "CODEOWNERS"

[paths]
"*" = "@a"
"#,
    );
    sandbox.git("rm -q -f .github/CODEOWNERS");
    sandbox.owners("gen --stage -q").prints("");
    let output = sandbox.owners("check").output();
    let said = String::from_utf8(output.stdout).unwrap();
    let help = "`CODEOWNERS` is an output too: change the `file` of one of the two";
    assert!(said.contains(help) && !said.contains("git rm"), "{said}");
}

/// The name or the directory of the output is a typing mistake. The file that the forge reads
/// instead is not removed: that would not help.
#[test]
fn an_output_where_the_forge_does_not_look() {
    for (file, meant) in [
        ("CODEOWNER", "CODEOWNERS"),
        ("CODEONWERS", "CODEOWNERS"),
        ("CODE-OWNERS", "CODEOWNERS"),
        ("OCDEOWNERS", "CODEOWNERS"),
        ("CodeOwners", "CODEOWNERS"),
        (".github/codeowners", ".github/CODEOWNERS"),
        ("github/CODEOWNERS", ".github/CODEOWNERS"),
        ("a/CODEOWNERS", "CODEOWNERS"),
        ("doc/CODEOWNERS", "docs/CODEOWNERS"),
    ] {
        let config = format!("output.file = \"{file}\"\n[paths]\n\"*\" = \"@a\"\n");
        let sandbox = Sandbox::current([("owners.toml", &*config)]);
        if !file.eq_ignore_ascii_case("CODEOWNERS") {
            sandbox.write("CODEOWNERS", "* @me\n");
            sandbox.git("add -A");
        }
        let columns = 15..15 + file.len() + 2;
        let marks = "^".repeat(columns.len());
        let output = sandbox.owners("check").output();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        let expected = format!(
            "error[overridden-output]: GitHub never reads `{file}`
 --> owners.toml:1:15
  |
1 | output.file = \"{file}\"
  |               {marks} never read
  |
  = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and reads the first that exists
  = help: did you mean `{meant}`?
  = help: if it is for another program, give it another name
"
        );
        assert!(said.starts_with(&expected), "{said}");
        assert!(
            said.contains("1 error, ") && !said.contains("git rm"),
            "{said}"
        );
    }
}

#[test]
fn an_output_where_another_forge_looks() {
    let config = "output.file = '.gitlab/CODEOWNERS'\n[paths]\n'*' = '@a'\n";
    let sandbox = Sandbox::current([("owners.toml", config)]);
    sandbox.owners("check").finds(str![[r#"
error[overridden-output]: GitHub never reads `.gitlab/CODEOWNERS`
 --> owners.toml:1:15
  |
1 | output.file = '.gitlab/CODEOWNERS'
  |               ^^^^^^^^^^^^^^^^^^^^ never read
  |
  = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and reads the first that exists
  = help: GitLab reads it: to write it for GitLab, add `platform = "gitlab"`

1 error, 0 warnings; 2 tracked paths: 2 owned

"#]]);
    sandbox.write(
        "owners.toml",
        format!("output.platform = 'gitlab'\n{config}"),
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check -q --format short").prints("");
}

#[test]
fn an_output_far_from_where_the_forge_looks() {
    let config = "output.file = 'build/generated/for/review/CODEOWNERS'\n[paths]\n'*' = '@a'\n";
    let sandbox = Sandbox::current([("owners.toml", config)]);
    sandbox.owners("check").finds(str![[r#"
error[overridden-output]: GitHub never reads `build/generated/for/review/CODEOWNERS`
 --> owners.toml:1:15
  |
1 | output.file = 'build/generated/for/review/CODEOWNERS'
  |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ never read
  |
  = note: GitHub looks for `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS` and reads the first that exists
  = help: write one of these as its `file`: `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS`
  = help: if it is for another program, give it another name

1 error, 0 warnings; 2 tracked paths: 2 owned

"#]]);
}

#[test]
fn an_output_for_another_program() {
    for file in ["OWNERS", "build/owners.txt", "CODEOWNERS.generated"] {
        let config = format!("output.file = \"{file}\"\n[paths]\n\"*\" = \"@a\"\n");
        let sandbox = Sandbox::current([("owners.toml", &*config)]);
        sandbox.write("CODEOWNERS", "* @me\n");
        sandbox.git("add -A");
        sandbox.owners("check -q --format short").prints("");
    }
}
