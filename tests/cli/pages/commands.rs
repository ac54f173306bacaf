//! Runs every command line of `owners` in `sh` and `yaml` blocks and in the text of the pages: the
//! command line must be right, and lints, groups and formats must exist. Blocks name this version.

use super::{blocks, none, pages, project};
use crate::support::Sandbox;

/// What a word in capitals stands for.
const PLACEHOLDERS: [(&str, &str); 10] = [
    ("BASE", "main"),
    ("COMMAND", "check"),
    ("DIR", "docs"),
    ("FILE", "README.md"),
    ("FORMAT", "json"),
    ("LINT", "unowned-path"),
    ("NAME", "contacts"),
    ("PATH", "src/lib.rs"),
    ("REV", "HEAD"),
    ("SHELL", "bash"),
];

#[test]
fn every_command_line_is_right() {
    let sandbox = repository();
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        let (blocks, prose) = blocks(&page.text);
        let shown = blocks
            .iter()
            .filter(|block| ["sh", "yaml"].contains(&block.language.as_str()));
        let shown = shown.flat_map(|block| block.lines.iter().zip(block.line + 1..));
        let shown = shown.map(|(line, number)| (number, line.clone(), false));
        let named = prose.iter().flat_map(|(number, line)| {
            let spans = line.split('`').skip(1).step_by(2);
            spans.map(|span| (*number, span.to_string(), true))
        });
        for (number, line, is_text) in shown.chain(named) {
            for words in command_lines(&line) {
                count += 1;
                let fault = fault(&sandbox, &words);
                // Text may name a command or an option without the values that it needs.
                let lacks = |fault: &String| {
                    ["required arguments", "a value is required"]
                        .iter()
                        .any(|text| fault.contains(text))
                };
                let fault = fault.filter(|fault| !(is_text && lacks(fault)));
                faults.extend(fault.map(|fault| format!("{}:{number}: {fault}", page.name)));
            }
        }
    }
    assert!(count > 150, "only {count} command lines are found");
    none(&faults);
}

/// What people paste names the version of Cargo.toml.
#[test]
fn blocks_name_this_version() {
    let this = env!("CARGO_PKG_VERSION");
    let version = regex::Regex::new(r"(?:\bv|==|version: )(\d+\.\d+\.\d+)\b").unwrap();
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        for block in blocks(&page.text).0 {
            for (line, number) in block.lines.iter().zip(block.line + 1..) {
                for found in version.captures_iter(line) {
                    count += 1;
                    if &found[1] != this {
                        let name = &page.name;
                        faults.push(format!("{name}:{number}: `{line}` is not {this}"));
                    }
                }
            }
        }
    }
    assert!(count > 3, "only {count} versions are found");
    none(&faults);
}

/// A repository with what the pages name.
fn repository() -> Sandbox {
    let sandbox = Sandbox::repo([
        ("README.md", ""),
        ("crates/wasi/src/lib.rs", ""),
        ("docs/guide.md", ""),
        ("src/lib.rs", ""),
        (
            "owners.toml",
            "[groups]\ncore = '@org/core'\nwasi = '@alice'\n[paths]\n'*' = 'core'\n'crates/wasi' = 'wasi'\n",
        ),
    ]);
    sandbox.git("commit -qm first");
    for branch in ["topic", "feature"] {
        sandbox.git(&format!("branch {branch}"));
    }
    sandbox.git("update-ref refs/remotes/origin/main HEAD");
    sandbox
}

/// What is wrong with the arguments of `owners`: whether it could do what they say does not matter.
fn fault(sandbox: &Sandbox, words: &[String]) -> Option<String> {
    // The examples of plugins are installed, and the language server is beside `owners`. None of the examples
    // is a program on Windows.
    if cfg!(windows) && words.iter().any(|word| word == "--plugin") {
        return None;
    }
    let plugins = project().join("examples/plugins");
    let path = std::env::var_os("PATH").unwrap();
    let beside = std::path::Path::new(env!("CARGO_BIN_EXE_owners")).with_file_name("");
    let path = [plugins, beside]
        .into_iter()
        .chain(std::env::split_paths(&path));
    let mut run = sandbox.owners("");
    run = run.env("PATH", std::env::join_paths(path).unwrap());
    for word in words {
        let known = PLACEHOLDERS.iter().find(|(name, _)| name == word);
        run = run.arg(known.map_or(word.as_str(), |(_, value)| value));
    }
    let output = run.stdin("src/lib.rs\n").output();
    let said = String::from_utf8_lossy(&output.stderr);
    let is_usage = [
        "For more information, try '--help'",
        "error: unknown ",
        "error: there is no ",
    ];
    let is_wrong =
        output.status.code() == Some(2) && is_usage.iter().any(|text| said.contains(text));
    is_wrong.then(|| {
        format!(
            "`owners {}`: {}",
            words.join(" "),
            said.lines().next().unwrap_or("")
        )
    })
}

/// The arguments of each call of `owners` in a line of a shell.
fn command_lines(line: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for mut words in simple_commands(line) {
        // `sh -c 'owners …'`, `git rebase --exec 'owners …'`.
        for word in words.iter().filter(|word| word.contains("owners ")) {
            found.extend(command_lines(word));
        }
        let introductions = ["-", "run:", "npx", "source", "$"];
        while words
            .first()
            .is_some_and(|word| introductions.contains(&word.as_str()))
        {
            words.remove(0);
        }
        if words.first().is_some_and(|word| word == "owners") && words.len() > 1 && !elided(&words)
        {
            found.push(words.split_off(1));
        }
    }
    found
}

/// Whether a part is left out, or is not for a shell.
fn elided(words: &[String]) -> bool {
    words
        .iter()
        .any(|word| word.contains(['…', '|']) || word == "...")
}

/// Splits a line into commands, and these into words. Redirections are left out.
fn simple_commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut redirected = false;
    let mut previous = ' ';
    for character in line.chars().chain([' ']) {
        match (quote, character) {
            (Some(mark), _) if character == mark => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, '#') if previous == ' ' => break,
            (None, ' ' | '|' | '&' | ';' | '(' | ')' | '<' | '>') => {
                let word = word.take();
                let is_target = word.is_some() && std::mem::take(&mut redirected);
                commands
                    .last_mut()
                    .unwrap()
                    .extend(word.filter(|_| !is_target));
                match character {
                    ' ' => {}
                    '<' | '>' => redirected = true,
                    _ => {
                        redirected = false;
                        commands.push(Vec::new());
                    }
                }
            }
            _ => word.get_or_insert_default().push(character),
        }
        previous = character;
    }
    commands
}

#[test]
fn command_lines_are_found() {
    let found = |line: &str| {
        let lines = command_lines(line);
        lines
            .iter()
            .map(|words| words.join(" "))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("git diff | owners who --stdin --json"),
        ["who --stdin --json"]
    );
    assert_eq!(found("- run: owners check # all"), ["check"]);
    assert_eq!(
        found("owners who 'a <b>' > /tmp/x; owners ls"),
        ["who a <b>", "ls"]
    );
    assert_eq!(
        found("source <(owners completions bash)"),
        ["completions bash"]
    );
    assert_eq!(
        found("git rebase --exec 'owners gen && git commit' B"),
        ["gen"]
    );
    assert_eq!(found("git add owners.toml"), [""; 0]);
}

#[test]
fn wrong_command_lines_are_noticed() {
    let sandbox = repository();
    for line in [
        "owners chek",
        "owners check --all",
        "owners check -A unowned",
        "owners explain x",
    ] {
        let words = &command_lines(line)[0];
        assert!(fault(&sandbox, words).is_some(), "{line}");
    }
    assert_eq!(
        fault(&sandbox, &command_lines("owners check -A LINT")[0]),
        None
    );
}
