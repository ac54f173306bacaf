//! Applies the rules that `check` suggests: what a user would paste must work.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use super::Sandbox;

/// What stands before a rule that can be pasted.
const LEAD: &str = "add a rule under `[paths]`";

/// Whether the output of `check` suggests rules.
pub(super) fn suggests(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stdout).contains(LEAD)
}

/// Copies the repository, adds all rules that `check` suggests, and demands that `gen` accepts them
/// and that their findings are gone.
#[track_caller]
pub(super) fn apply(sandbox: &Sandbox, binary: &Path) {
    let copy = tempfile::tempdir().unwrap();
    let root = copy.path().canonicalize().unwrap().join("r");
    copy_all(&sandbox.root, &root);
    let run = |arguments: &[&str]| {
        let mut command: Command = sandbox.command(binary);
        command.current_dir(&root).args(arguments).output().unwrap()
    };
    let findings = || -> Vec<Value> {
        let output = run(&["check", "--format", "json", "-W", "unowned-path"]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        report["findings"].as_array().cloned().unwrap_or_default()
    };
    let suggested = |finding: &Value| -> Option<String> {
        let helps = finding["helps"].as_array()?.iter();
        let help = helps
            .filter_map(Value::as_str)
            .find(|help| help.starts_with(LEAD))?;
        let (_, rule) = help.split_once(": `")?;
        let (rule, _) = rule.rsplit_once("`, or `= []` for nobody")?;
        Some(rule.replace("<group>", "@suggested"))
    };
    let before: Vec<(Value, String)> = (findings().into_iter())
        .filter_map(|finding| suggested(&finding).map(|rule| (finding, rule)))
        .collect();
    let text = fs::read_to_string(root.join("owners.toml")).unwrap_or_default();
    let Some((above, below)) = text.split_once("[paths]\n").filter(|_| !before.is_empty()) else {
        return;
    };
    let end = match below {
        _ if below.starts_with('[') => 0,
        _ => below.find("\n[").map_or(below.len(), |end| end + 1),
    };
    let (rules, rest) = below.split_at(end);
    let mut pasted: Vec<&str> = before.iter().map(|(_, rule)| rule.as_str()).collect();
    pasted.sort_unstable();
    pasted.dedup();
    let pasted = pasted.join("\n");
    let text = format!("{above}[paths]\n{rules}\n{pasted}\n{rest}");
    fs::write(root.join("owners.toml"), &text).unwrap();
    let generated = run(&["gen", "-q", "--force"]);
    let shown = String::from_utf8_lossy(&generated.stderr).into_owned()
        + &String::from_utf8_lossy(&generated.stdout);
    assert_eq!(generated.status.code(), Some(0), "{text}\n{shown}");
    let after = findings();
    for (finding, rule) in before {
        let is_same =
            |other: &Value| other["lint"] == finding["lint"] && other["path"] == finding["path"];
        assert!(!after.iter().any(is_same), "{rule}\n{finding}\n{text}");
    }
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (kind, target) = (entry.file_type().unwrap(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy_all(&entry.path(), &target);
        } else if kind.is_file() {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
