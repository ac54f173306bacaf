//! Pages of docs/ with a session, run as it stands there.
//!
//! Each block of a session is run in order, in one repository. Its language says what it is:
//!
//! - `text` is a CODEOWNERS file. It is written and committed.
//! - `toml` is `owners.toml`. It is written.
//! - `diff` is a change to a file. It is made.
//! - `console` has commands, and what they print: standard error, then standard output.
//! - Other blocks are not run.

use std::fs;
use std::path::Path;

use crate::support::{Sandbox, owners};

/// The session of docs/first-hour.md: the whole page.
#[test]
fn the_first_hour() {
    let sandbox = Sandbox::repo([
        ("Cargo.toml", "[workspace]\n"),
        ("README.md", "# Shop\n"),
        ("docs/api.md", "# API\n"),
        ("docs/guide.md", "# Guide\n"),
        ("services/payments/lib.rs", "// payments\n"),
        ("services/payments/schema.sql", "-- payments\n"),
        ("services/search/lib.rs", "// search\n"),
        ("services/search/main.rs", "// search, main\n"),
        ("services/web/lib.rs", "// web\n"),
        ("services/web/main.rs", "// web, main\n"),
    ]);
    sandbox.git("commit -qm first");
    run_page(&sandbox, "first-hour.md", "# The first hour");
}

/// The worked example of docs/migration.md.
#[test]
fn migration() {
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
    run_page(&sandbox, "migration.md", "## A worked example");
}

/// Runs the blocks below a heading, and demands that the page has what is printed.
#[track_caller]
fn run_page(sandbox: &Sandbox, name: &str, heading: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name);
    let written = fs::read_to_string(&file).unwrap();
    let (before, page) = written.split_once(heading).unwrap();
    let mut printed = format!("{before}{heading}");
    let mut blocks = 0;
    for (index, part) in page.split("```").enumerate() {
        if index > 0 {
            printed.push_str("```");
        }
        match part.split_once('\n').filter(|_| index % 2 == 1) {
            Some(("text", text)) => {
                sandbox.write(".github/CODEOWNERS", text);
                sandbox.git("add -A");
                sandbox.git("commit -qm CODEOWNERS");
            }
            Some(("toml", text)) => sandbox.write("owners.toml", text),
            Some(("diff", text)) => {
                let file = tempfile::NamedTempFile::new().unwrap();
                fs::write(&file, text).unwrap();
                sandbox.git(&format!("apply {}", file.path().display()));
            }
            Some(("console", text)) => {
                blocks += 1;
                printed.push_str("console\n");
                printed.push_str(&session(sandbox, text));
                continue;
            }
            _ => {}
        }
        printed.push_str(part);
    }
    assert!(blocks > 0, "{name} has no session");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs::write(&file, &printed).unwrap();
    }
    if printed != written {
        let mut lines = printed.lines().zip(written.lines());
        let differing = lines.find(|(now, then)| now != then);
        panic!("SNAPSHOTS=overwrite writes what is printed now to docs/{name}: {differing:?}");
    }
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
            "cat" => sandbox.command("cat"),
            other => panic!("{other} is not a program of the pages"),
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
