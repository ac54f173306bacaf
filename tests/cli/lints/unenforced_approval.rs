//! `unenforced-approval`: a forge whose CODEOWNERS file cannot demand an approval.

use snapbox::str;

use super::repo;
use crate::support::Sandbox;

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
  = help: `owners export --format github-ruleset` says why no ruleset on GitHub can demand all of the approvals, and what to write instead

warning[unenforced-approval]: the CODEOWNERS file for GitHub cannot demand the approval `Docs`
  --> owners.toml:10:1
   |
10 | [[approval]]
   | ^^^^^^^^^^^^ not in the generated file
   |
   = note: a ruleset on GitHub demands approvals of teams, and `@writer` is none
   = help: `owners export --format github-ruleset` says what to write instead

0 errors, 2 warnings; 4 tracked paths: 4 owned

"#]]);
}

/// One finding names all forges, each once, and not one with sections.
#[test]
fn each_forge_is_named() {
    let outputs = "[[output]]\n[[output]]\nfile = 'CODEOWNERS'\n[[output]]\nplatform = 'gitlab'\n\
                   [[output]]\nplatform = 'gitea'\n[[output]]\nplatform = 'bitbucket'\n";
    let config = format!("{outputs}{APPROVALS}").replace("@writer", "@org/docs");
    let sandbox = repo(&["auth/a", "docs/a"], &config);
    sandbox
        .owners("check -A duplicate-pattern -A outranked-file -A overridden-output")
        .prints(str![[r#"
warning[unenforced-approval]: the CODEOWNERS files for GitHub, Gitea and Bitbucket Cloud cannot demand the approval `Security`
  --> owners.toml:14:1
   |
14 | [[approval]]
   | ^^^^^^^^^^^^ not in the generated files
   |
   = help: `owners export --format github-ruleset` prints a ruleset on GitHub that demands it; `owners check --live` sees whether it is in force
   = help: on Gitea: demand approvals in the protection of the branch; then set this lint to `allow`
   = help: on Bitbucket Cloud: demand approvals with the merge checks of the branch; then set this lint to `allow`

warning[unenforced-approval]: the CODEOWNERS files for GitHub, Gitea and Bitbucket Cloud cannot demand the approval `Docs`
  --> owners.toml:19:1
   |
19 | [[approval]]
   | ^^^^^^^^^^^^ not in the generated files
   |
   = help: `owners export --format github-ruleset` prints a ruleset on GitHub that demands it; `owners check --live` sees whether it is in force
   = help: on Gitea: demand approvals in the protection of the branch; then set this lint to `allow`
   = help: on Bitbucket Cloud: demand approvals with the merge checks of the branch; then set this lint to `allow`

0 errors, 2 warnings; 8 tracked paths: 8 owned

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

/// More teams than a ruleset has, each of which one could demand. The commands name the configuration.
#[test]
fn what_no_document_demands_together() {
    let approval =
        |at: usize| format!("[[approval]]\nname = 's{at}'\npaths = '/a/'\nowners = '@org/t{at}'\n");
    let all: String = (0..16).map(approval).collect();
    let config = format!("[paths]\n'*' = '@org/core'\n{all}");
    let sandbox = Sandbox::committed([("a/a", ""), ("other.toml", &*config)]);
    let run = sandbox.owners("check --config other.toml -A stale-output -A unread-config");
    let seen = run.output();
    let seen = String::from_utf8_lossy(&seen.stdout);
    let help = "= help: `owners export --format github-ruleset --config other.toml` says why no ruleset on GitHub can demand all of the approvals, and what to write instead";
    assert_eq!(seen.matches(help).count(), 16, "{seen}");
}
