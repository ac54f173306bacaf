//! What goes wrong around the program: disks that are full or read-only, an index that is damaged or
//! changes meanwhile, a process that is killed or not alone. The output is the old one or the new
//! one, and every answer is one that was right at some moment.

mod at_once;
mod full_disk;
mod index;
mod killed;
mod outputs;
mod permissions;

use std::fs;
use std::process::{Command, Output};

use crate::support::{Sandbox, owners};

const OUTPUT: &str = ".github/CODEOWNERS";

/// A configuration whose output is long enough to be written in several pieces.
fn long_config(owner: &str) -> String {
    let rules = (0..400).map(|n| format!("\"/directory-{n}/\" = \"@{owner}\"\n"));
    format!("[paths]\n{}", rules.collect::<String>())
}

/// A shell that becomes `owners` with these arguments once `before` has run.
fn shell(sandbox: &Sandbox, before: &str, arguments: &str) -> Command {
    let mut command = sandbox.command("sh");
    let script = format!("{before}; exec '{}' {arguments}", owners().display());
    command.args(["-c", &script]);
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The names beside the output.
fn beside_output(sandbox: &Sandbox) -> Vec<String> {
    let entries = fs::read_dir(sandbox.root.join(".github")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
