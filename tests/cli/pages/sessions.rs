//! Runs the `console` blocks of every page, in a repository that the page describes.
//!
//! Comments that no reader sees say what happens between the blocks:
//!
//! - `<!-- files` starts a repository with a commit of the files that follow, one a line, up to `-->`.
//! - `<!-- write FILE -->` writes the next block that has no commands to a file.
//! - `<!-- run COMMAND -->` runs a command that is not shown.
//!
//! A `diff` block is a change, which is made. The blocks of a page run in order, until another `files`
//! starts anew. Everything is run by `sh`, so these tests are for Unix.

use std::fs;
use std::path::Path;
use std::process::Output;

use super::{Page, fence, none, pages, project};
use crate::support::{Sandbox, owners};

/// What the README lacks before its first block: it is also read where comments show.
const README: &str = "<!-- files
Cargo.lock
README.md
crates/wasi-common/src/lib.rs
crates/wasi-http/src/lib.rs
crates/wasi-nn/src/lib.rs
crates/wasi-tls/src/lib.rs
crates/wasi/src/lib.rs
cranelift/src/lib.rs
-->
<!-- write owners.toml -->
";

#[test]
fn every_session_prints_what_its_page_shows() {
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite");
    let mut faults = Vec::new();
    for page in pages() {
        let Page { name, text } = &page;
        let before = if name == "README.md" { README } else { "" };
        match replay(&format!("{before}{text}")) {
            Err(fault) => faults.push(format!("{name}: {fault}")),
            Ok(now) => {
                let now = now.strip_prefix(before).unwrap();
                if overwrite && now != text {
                    fs::write(project().join(name), now).unwrap();
                } else if now != text {
                    faults.push(difference(name, text, now));
                }
            }
        }
    }
    none(&faults);
}

fn difference(name: &str, then: &str, now: &str) -> String {
    let mut lines = then.lines().zip(now.lines()).zip(1..);
    let first = lines.find(|((then, now), _)| then != now);
    let ((then, now), line) = first.unwrap_or((("", "more or less"), then.lines().count()));
    format!(
        "{name}:{line} has `{then}`, and what is printed is `{now}`: `SNAPSHOTS=overwrite` writes it"
    )
}

/// Runs the blocks of a page; the page as it should be.
fn replay(text: &str) -> Result<String, String> {
    let mut replay = Replay::default();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        push(&mut replay.now, line);
        if line.trim() == "<!-- files" {
            let files: Vec<&str> = lines.by_ref().take_while(|&line| line != "-->").collect();
            files.iter().for_each(|file| push(&mut replay.now, file));
            push(&mut replay.now, "-->");
            replay.sandbox = Some(repository(&files));
        } else if let Some(directive) = directive(line) {
            replay.follow(&directive)?;
        } else if let Some((indentation, language)) = fence(line) {
            let body = lines.by_ref().take_while(|line| fence(line).is_none());
            let body: Vec<&str> = body
                .map(|line| line.get(indentation..).unwrap_or(""))
                .collect();
            replay.block(&line[..indentation], language, &body)?;
        }
    }
    match replay.written {
        Some(file) => Err(format!("no block follows `write {file}`")),
        None => Ok(replay.now),
    }
}

/// A page on the way.
#[derive(Default)]
struct Replay {
    /// The page up to here, with what is printed now.
    now: String,
    sandbox: Option<Sandbox>,
    /// The file that the next block is written to.
    written: Option<String>,
}

impl Replay {
    fn follow(&mut self, directive: &Directive<'_>) -> Result<(), String> {
        let sandbox = self.sandbox.as_ref();
        let sandbox = sandbox.ok_or("no `<!-- files` before `write` or `run`")?;
        match directive {
            Directive::Run(command) => hidden(sandbox, command)?,
            Directive::Write(file) => self.written = Some(file.to_string()),
        }
        Ok(())
    }

    /// A block without its fences, which have this margin.
    fn block(&mut self, margin: &str, language: &str, body: &[&str]) -> Result<(), String> {
        let text: String = body.iter().map(|line| format!("{line}\n")).collect();
        let is_commands = ["sh", "console"].contains(&language);
        let file = self.written.take_if(|_| !is_commands);
        let printed = match (&self.sandbox, file, language) {
            (None, _, "console") => {
                return Err(format!("no `<!-- files` before the session `{}`", body[0]));
            }
            (Some(sandbox), None, "console") => session(sandbox, body),
            (Some(sandbox), Some(file), _) => {
                sandbox.write(file, &text);
                text
            }
            (Some(sandbox), None, "diff") => {
                sandbox.write("../change", &text);
                hidden(sandbox, "git apply --unidiff-zero ../change")?;
                text
            }
            _ => text,
        };
        for line in printed.lines() {
            let margin = if line.is_empty() { "" } else { margin };
            push(&mut self.now, &format!("{margin}{line}"));
        }
        push(&mut self.now, &format!("{margin}```"));
        Ok(())
    }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// What a comment says.
enum Directive<'t> {
    Run(&'t str),
    Write(&'t str),
}

fn directive(line: &str) -> Option<Directive<'_>> {
    let line = line.trim().strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    let run = line.strip_prefix("run ").map(Directive::Run);
    run.or(line.strip_prefix("write ").map(Directive::Write))
}

/// A repository with a commit of these files. Each contains its name.
fn repository(files: &[&str]) -> Sandbox {
    let sandbox = Sandbox::repo([]);
    for file in files {
        sandbox.write(file, format!("{file}\n"));
    }
    sandbox.git("add -A");
    sandbox.git("commit -qm first --allow-empty");
    sandbox
}

/// Runs a command that must succeed.
fn hidden(sandbox: &Sandbox, command: &str) -> Result<(), String> {
    let output = shell(sandbox, command);
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "`{command}` fails: {}",
            String::from_utf8_lossy(&output.stdout)
        )),
    }
}

/// Runs the commands of a block; the block as it should be.
fn session(sandbox: &Sandbox, lines: &[&str]) -> String {
    let mut now = String::new();
    for line in lines.iter().filter(|line| line.starts_with("$ ")) {
        push(&mut now, line);
        now.push_str(&String::from_utf8(shell(sandbox, &line[2..]).stdout).unwrap());
    }
    now
}

/// Runs a command line, with standard error in standard output, as a terminal shows it.
fn shell(sandbox: &Sandbox, line: &str) -> Output {
    let programs = sandbox.root.with_file_name("programs");
    if !programs.exists() {
        fs::create_dir(&programs).unwrap();
        let link = |from: &Path| {
            std::os::unix::fs::symlink(from, programs.join(from.file_name().unwrap())).unwrap();
        };
        std::os::unix::fs::symlink(owners(), programs.join("owners")).unwrap();
        // The examples of plugins are installed.
        for entry in fs::read_dir(project().join("examples/plugins")).unwrap() {
            link(&entry.unwrap().path());
        }
    }
    let mut command = sandbox.command("sh");
    command.args(["-c", &format!("exec 2>&1\n{line}")]);
    command.env("PATH", sandbox.path_with("../programs"));
    command.output().unwrap()
}

/// What the test above would say of pages that are wrong.
#[test]
fn wrong_pages_are_noticed() {
    let page = |body: &str| replay(&format!("<!-- files\nsrc/a b\n-->\n{body}\n"));
    let block = "```console\n$ git ls-files\nsrc/a b\n```";
    assert_eq!(
        page(block).unwrap(),
        format!("<!-- files\nsrc/a b\n-->\n{block}\n")
    );
    let outdated = block.replace("a b", "a c");
    assert!(page(&outdated).unwrap().contains(block));
    assert!(replay(block).unwrap_err().contains("no `<!-- files`"));
    assert!(page("<!-- write a -->").unwrap_err().contains("no block"));
    assert!(page("<!-- run false -->").unwrap_err().contains("fails"));
    let indented = "1. Do:\n\n   ```console\n   $ echo 1; echo; echo 2\n   ```\n";
    assert!(page(indented).unwrap().contains("   1\n\n   2\n   ```\n"));
}
