//! What shells and people are told of the command line.

use crate::support::Sandbox;

const COMMANDS: [&str; 10] = [
    "gen",
    "check",
    "who",
    "ls",
    "stats",
    "diff",
    "reviewers",
    "init",
    "explain",
    "schema",
];

/// Outside a repository as well: completions are installed before there is one.
fn printed(arguments: &str) -> String {
    let sandbox = Sandbox::plain();
    let output = sandbox.owners(arguments).output();
    assert_eq!(output.status.code(), Some(0), "{arguments}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = printed(&format!("completions {shell}"));
        for command in COMMANDS {
            assert!(text.contains(command), "{shell} lacks {command}");
        }
        assert!(
            text.contains("explain") && text.contains("stdin"),
            "{shell}"
        );
    }
}

#[test]
fn the_manual_knows_every_command() {
    let text = printed("man");
    assert!(text.contains(".TH owners 1"));
    for command in COMMANDS {
        assert!(text.contains(&format!("owners\\-{command}")), "{command}");
    }
}
