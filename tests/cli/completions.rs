//! Completions: a script for each shell, which asks `owners` for the values of a word.

use snapbox::str;

use crate::support::{Sandbox, owners};

/// A repository with values to complete, and with names that a shell must not run.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::committed([
        (
            "owners.toml",
            r#"[groups]
wasi = ["@alice", "docs@example.com"]
web = { team = "@org/web", members = ["@bob"] }

[paths]
"*" = "wasi"
"/web/" = "web"
"#,
        ),
        ("crates/wasi-http/lib.rs", ""),
    ]);
    sandbox.git("branch topic/one");
    sandbox.git("tag v1.0");
    #[cfg(unix)]
    {
        sandbox.git("branch evil$(touch${IFS}pwned)");
        sandbox.git("branch evil;touch${IFS}pwned");
        sandbox.write("evil$(touch pwned)", "");
        sandbox.write("evil\n::x::", "");
    }
    sandbox
}

/// What a shell is told of the last word. The bash script sets the index.
fn told(sandbox: &Sandbox, shell: &str, line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let mut command = sandbox.command(owners());
    command
        .env("OWNERS_COMPLETE", shell)
        .env("_OWNERS_INDEX", (words.len() - 1).to_string())
        .arg("--")
        .args(&words);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{line}");
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{line}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(String::from).collect()
}

/// Without owners.toml, the owners are those of the CODEOWNERS file.
#[test]
fn owners_of_a_codeowners_file() {
    let sandbox = Sandbox::repo([("CODEOWNERS", "* @org/core\n/x @alice\n")]);
    let found = told(&sandbox, "fish", "owners ls --owner @");
    let names: Vec<&str> = found
        .iter()
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert_eq!(names, ["@alice", "@org/core"]);
}

#[test]
fn every_kind_of_value() {
    let sandbox = sandbox();
    for (line, expected) in [
        ("owners ls --group w", &["wasi", "web"][..]),
        ("owners ls --owner @", &["@alice", "@org/web"]),
        ("owners ls --owner d", &["docs@example.com"]),
        ("owners reviewers --author @b", &["@bob"]),
        ("owners check -D warn", &["warnings"]),
        (
            "owners check --allow unowned-",
            &["unowned-config", "unowned-path"],
        ),
        ("owners explain dead", &["dead-pattern"]),
        ("owners check --changed t", &["topic/one"]),
        ("owners ls --rev v", &["v1.0"]),
        ("owners diff H", &["HEAD"]),
        ("owners diff main..t", &["main..topic/one"]),
        ("owners diff HEAD...v", &["HEAD...v1.0"]),
        ("owners reviewers main t", &["topic/one"]),
        ("owners check --format s", &["short", "sarif"]),
        ("owners check --format=j", &["--format=json"]),
        ("owners stats --by o", &["owner"]),
        ("owners suggest w", &["wasi", "web"]),
        ("owners risk cra", &["crates/"]),
        ("owners ls --name", &["--name-only"]),
        ("owners completions p", &["powershell"]),
        ("owners who cra", &["crates/"]),
        ("owners who crates/wasi", &["crates/wasi-http/"]),
        ("owners init --from own", &["owners.toml"]),
        ("owners gen --ch", &["--check"]),
        ("owners re", &["reviewers", "remove", "rename"]),
    ] {
        assert_eq!(told(&sandbox, "bash", line), expected, "{line}");
    }
}

/// Nobody is told of an error while typing, and no value is made up.
#[test]
fn what_cannot_be_read_has_no_values() {
    let sandbox = sandbox();
    sandbox.write("owners.toml", "[paths]\n'x' = 'nobody'\n");
    assert_eq!(told(&sandbox, "bash", "owners ls --group w"), [""; 0]);
    assert_eq!(
        told(&sandbox, "bash", "owners explain dead"),
        ["dead-pattern"]
    );
    let plain = Sandbox::plain();
    for line in ["owners ls --group ", "owners ls --owner @", "owners diff m"] {
        assert_eq!(told(&plain, "bash", line), [""; 0], "{line}");
    }
    assert_eq!(told(&plain, "nonsense", "owners ls --group w"), [""; 0]);
    // Another program's variable changes nothing.
    let output = plain.owners("explain").env("COMPLETE", "bash").output();
    assert!(output.stdout.starts_with(b"skipped-line"));
}

/// A value that a shell would read as more than a word is not offered: a shell may insert it as it
/// is, and the next key may be Enter.
#[cfg(unix)]
#[test]
fn hostile_names_are_not_offered() {
    let sandbox = sandbox();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        for line in [
            "owners diff ev",
            "owners diff main..ev",
            "owners check --rev ev",
            "owners who ev",
        ] {
            let told = told(&sandbox, shell, line).join("\n");
            assert!(!told.contains("evil"), "{shell} {line}: {told}");
        }
    }
    assert!(!sandbox.root.join("pwned").exists());
}

#[test]
fn a_script_for_each_shell() {
    for (shell, registers) in [
        (
            "bash",
            "complete -o bashdefault -o default -F _owners_complete owners",
        ),
        ("zsh", "compdef _clap_dynamic_completer_owners owners"),
        ("fish", "complete --keep-order --exclusive --command owners"),
        (
            "powershell",
            "Register-ArgumentCompleter -Native -CommandName owners",
        ),
        ("elvish", "set edit:completion:arg-completer[owners]"),
    ] {
        let output = Sandbox::plain()
            .owners(&format!("completions {shell}"))
            .output();
        let script = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(script.contains(registers), "{shell}: {script}");
        assert!(script.contains("OWNERS_COMPLETE"), "{shell}: {script}");
    }
    Sandbox::plain()
        .owners("completions tcsh")
        .refuses(str![[r#"
error: invalid value 'tcsh' for '<SHELL>'
  [possible values: bash, elvish, fish, powershell, zsh]

  tip: a similar value exists: 'zsh'

For more information, try '--help'.

"#]]);
}

/// Whether a program can be run.
#[cfg(unix)]
fn is_installed(program: &str) -> bool {
    std::process::Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Types lines into a shell on a terminal, each with a tab, and reads what is on the line then.
#[cfg(unix)]
const TYPIST: &str = r#"
import os, pty, re, select, sys, time
shell, setup, *lines = sys.argv[1:]
flags = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"]}[shell]
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", PS1="> ")
    os.execvp(shell, [shell, *flags])
def read(until):
    text, end = b"", time.time() + 20
    while time.time() < end and not until(text):
        if select.select([fd], [], [], 0.05)[0]:
            text += os.read(fd, 65536)
    return text
def shown(text):
    """The line as the terminal has it."""
    text = re.sub(rb"\x1b\[[?0-9;]*[a-zA-Z]|\x07", b"", text).decode(errors="replace")
    line, at = [], 0
    for each in text.split("\n")[-1]:
        if each in "\x08\r":
            at = max(at - 1, 0) if each == "\x08" else 0
        else:
            line[at:at + 1], at = each, at + 1
    return "".join(line)
read(lambda text: b"> " in text)
os.write(fd, setup.encode() + b"; echo re''ady\n")
read(lambda text: b"ready" in text)
for line in lines:
    typed, expected = line.split(" => ")
    os.write(fd, b"\x15" + typed.encode() + b"\t")
    text = read(lambda text: expected in shown(text))
    if expected not in shown(text):
        sys.exit(f"{typed!r} became {shown(text)!r}, not {expected!r}")
"#;

#[cfg(unix)]
fn types(shell: &str, setup: &str, lines: &[&str]) {
    for program in [shell, "python3"] {
        if !is_installed(program) {
            return crate::support::skipped(&format!("`{program}` is not installed"));
        }
    }
    let sandbox = sandbox();
    let directory = owners().parent().unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let path = std::env::join_paths(
        [directory.to_path_buf()]
            .into_iter()
            .chain(std::env::split_paths(&path)),
    )
    .unwrap();
    let mut command = sandbox.command("python3");
    command
        .args(["-c", TYPIST, shell, setup])
        .args(lines)
        .env("PATH", path);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shell}: {said}");
    assert!(!sandbox.root.join("pwned").exists());
}

/// What the line is after the tab key. bash ends words at `@`, `=` and `:`.
#[cfg(unix)]
const TYPED: &[&str] = &[
    "owners chec => owners check ",
    "owners ls --owner @o => owners ls --owner @org/web ",
    "owners ls --owner=@o => owners ls --owner=@org/web ",
    "owners ls --owner @alice --group wa => --group wasi ",
    "owners check --format=js => owners check --format=json ",
    "owners check --changed to => owners check --changed topic/one ",
    "owners diff main..to => owners diff main..topic/one ",
    "owners check -D unowned-p => owners check -D unowned-path ",
];

#[cfg(unix)]
#[test]
fn in_bash() {
    types("bash", "source <(owners completions bash)", TYPED);
}

/// Names of files that need quotes are completed by bash itself, which quotes them.
#[cfg(unix)]
#[test]
fn paths_in_bash() {
    let lines = [
        "owners who crates/wa => crates/wasi-http/",
        "owners who evil\\$ => evil\\$\\(touch\\ pwned\\)",
    ];
    types("bash", "source <(owners completions bash)", &lines);
}

#[cfg(unix)]
#[test]
fn in_zsh() {
    let setup = "autoload -U compinit; compinit -u; source <(owners completions zsh)";
    types("zsh", setup, TYPED);
}

#[cfg(unix)]
#[test]
fn in_fish() {
    if !is_installed("fish") {
        return crate::support::skipped("`fish` is not installed");
    }
    let sandbox = sandbox();
    let owners = owners().display();
    for typed in TYPED {
        let (line, expected) = typed.split_once(" => ").unwrap();
        let mut command = sandbox.command("fish");
        let script = format!(
            "alias owners {owners}; {owners} completions fish | source; complete -C '{line}'"
        );
        let output = command
            .args(["--no-config", "-c", &script])
            .output()
            .unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        let last = expected.trim_end().rsplit(' ').next().unwrap();
        let is_told = told
            .lines()
            .any(|line| line.split('\t').next() == Some(last));
        assert!(
            is_told,
            "{line}: {told}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert!(!sandbox.root.join("pwned").exists());
}
