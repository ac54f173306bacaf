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
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 8 tracked paths: 7 owned, 1 nobody

"#]]);
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
