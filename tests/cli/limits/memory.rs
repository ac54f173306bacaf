//! Inputs within the limits fit into memory that is limited.

use super::lines;
use crate::support::{Sandbox, owners};

/// Runs a command that may reserve no more than so many megabytes.
#[track_caller]
fn fits(sandbox: &Sandbox, megabytes: usize, arguments: &str, code: i32) {
    let program = owners().display();
    let script = format!(
        "ulimit -v {}; '{program}' {arguments} >/dev/null 2>../err",
        megabytes * 1024
    );
    let mut command = sandbox.command("sh");
    let status = command.args(["-c", &script]).status().unwrap();
    let said = std::fs::read_to_string(sandbox.root.join("../err")).unwrap();
    let said: String = said.chars().take(2_000).collect();
    assert_eq!(status.code(), Some(code), "{arguments}: {said}");
}

/// The parser would keep all of a million errors.
#[test]
fn broken_lines() {
    let sandbox = Sandbox::repo([("owners.toml", &*"=\n".repeat(950_000))]);
    fits(&sandbox, 400, "check", 2);
    let output = sandbox.owners("check").output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.ends_with("20 errors in the configuration\n"), "{said}");
    // What is right before the errors is not lost, nor is what is right behind a few.
    let comment = format!("#{}\n", "x".repeat(1 << 20));
    for (config, line) in [
        (
            format!("{comment}[paths]\n=\n{}", "'/a' = '@a'\n".repeat(3)),
            3,
        ),
        (
            format!("[paths]\n'/a' = '@a'\n{comment}{}", "a\n".repeat(2_000)),
            4,
        ),
    ] {
        sandbox.write("owners.toml", config);
        let said = String::from_utf8(sandbox.owners("check").output().stderr).unwrap();
        assert!(said.contains(&format!("--> owners.toml:{line}:")), "{said}");
    }
}

#[test]
fn findings_are_written_one_by_one() {
    let rules = lines(15_000, |n| format!("'/a{n}' = '@a'"));
    let sandbox = Sandbox::repo([("owners.toml", &*format!("[paths]\n{rules}")), ("b", "")]);
    for format in ["human", "short", "json", "github", "sarif", "gitlab"] {
        fits(&sandbox, 180, &format!("check --format {format}"), 1);
    }
}
