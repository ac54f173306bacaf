//! `unenforced-approval`: a forge whose CODEOWNERS file cannot demand an approval.

use snapbox::str;

use super::repo;

const APPROVALS: &str = r#"
[paths]
"*" = "@org/core"

[[approval]]
name = "Security"
paths = "/auth/"
owners = "@org/security"

[[approval]]
name = "Docs"
paths = "/docs/"
owners = "@writer"

[[approval]]
name = "security"
paths = "/auth/"
owners = "@org/security"
"#;

/// Once for each approval, at its first entry.
#[test]
fn each_approval_is_one_finding() {
    let sandbox = repo(&["auth/a", "docs/a"], APPROVALS);
    sandbox.owners("check -A duplicate-pattern").prints(str![[r#"
warning[unenforced-approval]: the CODEOWNERS file for GitHub cannot demand the approval `Security`
 --> owners.toml:5:1
  |
5 | [[approval]]
  | ^^^^^^^^^^^^ not in the generated file
  |
  = help: `owners export --format github-ruleset` prints a ruleset that demands it; `owners check --live` sees whether it is in force

warning[unenforced-approval]: the CODEOWNERS file for GitHub cannot demand the approval `Docs`
  --> owners.toml:10:1
   |
10 | [[approval]]
   | ^^^^^^^^^^^^ not in the generated file
   |
   = note: nothing else can demand it exactly as it is: the command says why
   = help: `owners export --format github-ruleset` prints a ruleset that demands it; `owners check --live` sees whether it is in force

0 errors, 2 warnings; 4 tracked paths: 4 owned

"#]]);
}

/// A forge is named once, and one with sections is not.
#[test]
fn each_forge_is_named() {
    let outputs = "[[output]]\n[[output]]\nfile = 'CODEOWNERS'\n[[output]]\nplatform = 'gitlab'\n";
    let sandbox = repo(&["auth/a", "docs/a"], &format!("{outputs}{APPROVALS}"));
    sandbox
        .owners("check --format short -A duplicate-pattern -A outranked-file -A overridden-output")
        .prints(str![[r#"
owners.toml:10:1: warning[unenforced-approval]: the CODEOWNERS file for GitHub cannot demand the approval `Security`
owners.toml:15:1: warning[unenforced-approval]: the CODEOWNERS file for GitHub cannot demand the approval `Docs`

"#]]);
    let sandbox = repo(
        &["auth/a", "docs/a"],
        &format!("[output]\nplatform = 'gitlab'\n{APPROVALS}"),
    );
    sandbox
        .owners("check -A duplicate-pattern")
        .prints(str![[r#"
0 errors, 0 warnings; 4 tracked paths: 4 owned

"#]]);
}
