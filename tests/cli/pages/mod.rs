//! The pages at the root, of docs/, and for coding agents in skills/, held to what `owners` does.
//!
//! - `sessions` runs every `console` block, and compares what is printed.
//! - `commands` runs every command line of `owners` in other blocks and in the text.
//! - `configurations` loads every `toml` block.
//! - `links` follows the links that leave docs/, which the site cannot check.
//! - `generated` writes the pages that are made from the command line, the schema and the lints.

mod commands;
mod configurations;
mod generated;
mod links;
#[cfg(unix)]
mod sessions;

use std::fs;
use std::path::{Path, PathBuf};

/// A page, with its name relative to the root of this project.
struct Page {
    name: String,
    text: String,
}

/// A fenced block of a page.
struct Block {
    /// The line of the fence, from 1.
    line: usize,
    language: String,
    /// The lines, without the indentation of the fence.
    lines: Vec<String>,
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page at the root, in docs/ and in skills/.
fn pages() -> Vec<Page> {
    let at_the_root = [
        "ARCHITECTURE",
        "CHANGELOG",
        "CONTRIBUTING",
        "README",
        "SECURITY",
    ];
    let at_the_root = at_the_root.map(|name| project().join(name).with_extension("md"));
    let mut files = at_the_root.to_vec();
    for directory in ["docs", "skills"] {
        collect(&project().join(directory), &mut files);
    }
    files.sort();
    assert!(files.len() > 30, "the pages are not found: {files:?}");
    let page = |file: PathBuf| Page {
        name: name(&file),
        text: fs::read_to_string(&file).unwrap().replace("\r\n", "\n"),
    };
    files.into_iter().map(page).collect()
}

/// The name of a file relative to the root of this project, with slashes.
fn name(file: &Path) -> String {
    let relative = file.strip_prefix(project()).unwrap();
    relative.to_string_lossy().replace('\\', "/")
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|end| end == "md") {
            files.push(path);
        }
    }
}

/// The fence that a line opens or closes: its indentation and what follows the three backticks.
fn fence(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start().strip_prefix("```")?;
    Some((line.len() - line.trim_start().len(), rest.trim()))
}

/// The blocks of a page, and the lines outside of them with their numbers.
fn blocks(text: &str) -> (Vec<Block>, Vec<(usize, &str)>) {
    let mut blocks = Vec::new();
    let mut prose = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    for (line, number) in text.lines().zip(1..) {
        match (&mut open, fence(line)) {
            (Some(_), Some(_)) => blocks.extend(open.take().map(|(_, block)| block)),
            (Some((indentation, block)), None) => {
                let indented = line.get(*indentation..).unwrap_or("");
                block.lines.push(indented.to_string());
            }
            (None, Some((indentation, language))) => {
                let (language, lines) = (language.to_string(), Vec::new());
                let block = Block {
                    line: number,
                    language,
                    lines,
                };
                open = Some((indentation, block));
            }
            (None, None) => prose.push((number, line)),
        }
    }
    assert!(open.is_none(), "a block is not closed");
    (blocks, prose)
}

/// Panics with all faults, one a line.
#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
