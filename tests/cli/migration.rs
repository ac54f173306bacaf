//! The worked example of docs/migration.md, run as it stands there.

use std::fs;
use std::path::Path;

use crate::support::{Sandbox, owners};

/// The repository that the example begins with.
fn sandbox() -> Sandbox {
    let crates = [
        "runtime",
        "wasi",
        "wasi-common",
        "wasi-http",
        "wasi-nn",
        "wasi-tls",
    ];
    let files: Vec<String> = (crates.iter())
        .flat_map(|name| ["Cargo.toml", "src/lib.rs"].map(|file| format!("crates/{name}/{file}")))
        .collect();
    let sandbox = Sandbox::repo(files.iter().map(|file| (file.as_str(), file.as_str())));
    sandbox.write("README.md", "");
    sandbox
}

/// Runs the blocks: a text is the CODEOWNERS file, TOML is owners.toml, the console runs.
#[test]
fn the_example_is_what_owners_prints() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/migration.md");
    let written = fs::read_to_string(&file).unwrap();
    let (before, example) = written.split_once("## A worked example").unwrap();
    let sandbox = sandbox();
    let mut told = format!("{before}## A worked example");
    for (index, part) in example.split("```").enumerate() {
        let part = match part.split_once('\n') {
            Some(("text", text)) if index % 2 == 1 => {
                sandbox.write(".github/CODEOWNERS", text);
                sandbox.git("add -A");
                sandbox.git("commit -qm before");
                part.to_string()
            }
            Some(("toml", text)) if index % 2 == 1 => {
                sandbox.write("owners.toml", text);
                part.to_string()
            }
            Some(("console", text)) if index % 2 == 1 => {
                format!("console\n{}", session(&sandbox, text))
            }
            _ => part.to_string(),
        };
        if index > 0 {
            told.push_str("```");
        }
        told.push_str(&part);
    }
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs::write(&file, &told).unwrap();
    }
    assert!(
        told == written,
        "SNAPSHOTS=overwrite writes what is said now"
    );
}

/// Runs the commands of a block; the block as it should be.
fn session(sandbox: &Sandbox, text: &str) -> String {
    let mut told = String::new();
    for line in text.lines().filter(|line| line.starts_with("$ ")) {
        let mut words = words(&line[2..]).into_iter();
        let program = words.next().unwrap();
        let mut command = match program.as_str() {
            "owners" => sandbox.command(owners()),
            "git" => sandbox.command("git"),
            other => panic!("{other} is not a program of the example"),
        };
        let output = command.args(words).output().unwrap();
        told.push_str(line);
        told.push('\n');
        told.push_str(&String::from_utf8(output.stderr).unwrap());
        told.push_str(&String::from_utf8(output.stdout).unwrap());
    }
    told
}

/// Splits at blanks outside double quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('"').enumerate() {
        match index % 2 {
            0 => words.extend(part.split_whitespace().map(String::from)),
            _ => words.push(part.to_string()),
        }
    }
    words
}
