//! What must hold of every run, whatever the repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::repositories::{Refusal, Repository, SECRET};

/// Files outside of the repository, with their lengths.
pub(crate) type Outside = BTreeMap<PathBuf, u64>;

/// What is beside the repository: nothing may change it.
pub(crate) fn outside(repository: &Repository) -> Outside {
    let mut files = Outside::new();
    let top = repository.sandbox.root.parent().unwrap();
    collect(top, &repository.sandbox.root, &mut files);
    files
}

fn collect(directory: &Path, except: &Path, files: &mut Outside) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let kind = fs::symlink_metadata(&path).unwrap();
        if path == except {
            continue;
        }
        if kind.is_dir() {
            collect(&path, except, files);
        }
        files.insert(path, kind.len());
    }
}

/// All that is wrong with a run.
pub(crate) fn faults(
    repository: &Repository,
    command: &str,
    output: &Output,
    before: &Outside,
) -> Vec<String> {
    let mut faults = Vec::new();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    if !matches!(output.status.code(), Some(0..=2)) || stderr.contains("panicked") {
        faults.push(format!(
            "ends with {}: {}",
            output.status,
            start_of(&stderr)
        ));
    }
    let after = outside(repository);
    if after != *before {
        let changed = after
            .iter()
            .find(|(path, length)| before.get(*path) != Some(*length));
        faults.push(format!("changes what is outside: {changed:?}"));
    }
    for (stream, bytes) in [
        ("standard output", &output.stdout),
        ("standard error", &output.stderr),
    ] {
        let text = String::from_utf8_lossy(bytes);
        if text.contains(SECRET) {
            faults.push(format!("shows what is outside on {stream}"));
        }
        if is_for_people_or_tools(command)
            && let Some(found) = text.chars().find(|&character| takes_over(character))
        {
            faults.push(format!("{found:?} is on {stream} as it is"));
        }
        if is_for_people(command)
            && let Some(line) = command_for_ci(&text)
        {
            faults.push(format!("a command for CI is on {stream}: {line:?}"));
        }
    }
    if let Some(Refusal { is_of, saying }) = repository.refusal
        && is_of(command)
        && !(output.status.code() == Some(2) && stderr.contains(saying))
    {
        faults.push(format!(
            "{} without a word about {saying}: {}",
            output.status,
            start_of(&stderr)
        ));
    }
    faults
}

/// What is for programs has a format of its own, and goes into a file or a pipe.
fn is_for_people(command: &str) -> bool {
    let formats = [
        "json", "sarif", "gitlab", "markdown", "short", "-0", "--stdout",
    ];
    !formats.iter().any(|format| command.contains(format))
}

/// Names as they are, and the text of the file, are for programs.
fn is_for_people_or_tools(command: &str) -> bool {
    !command.contains(" -0") && command != "gen --stdout"
}

/// Characters that a terminal acts on, that turn text around, or that nobody sees.
fn takes_over(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => character.is_control(),
    }
}

/// A line that GitHub's runner takes for a command, outside of where it was told to take none.
fn command_for_ci(text: &str) -> Option<&str> {
    let mut token: Option<&str> = None;
    for line in text.lines() {
        // It takes a command behind blanks as well.
        let line = line.trim_start();
        match token {
            Some(waited_for) => {
                if line == format!("::{waited_for}::") {
                    token = None;
                }
            }
            None => {
                if let Some(word) = line.strip_prefix("::stop-commands::") {
                    token = Some(word);
                } else if !is_annotation(line) && (line.starts_with("::") || line.contains("##[")) {
                    return Some(line);
                }
            }
        }
    }
    None
}

/// The commands that we give.
fn is_annotation(line: &str) -> bool {
    [
        "::error file=",
        "::warning file=",
        "::error::",
        "::warning::",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

fn start_of(text: &str) -> String {
    text.chars().take(300).collect()
}
