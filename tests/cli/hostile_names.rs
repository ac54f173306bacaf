//! Names and values from strangers, and what shows them: a terminal, the log of a CI job, a program.
//! `docs/security.md` names these tests.
//!
//! Nothing here trusts the table or the functions of the binary: what is hostile is spelled out, and
//! what a CI job would do with a line is read as its runner reads it.

use std::fs;

use serde_json::Value;

use crate::PROJECT;
use crate::support::{Run, Sandbox};

/// Colors the terminal, turns text around, hides text, and gives commands to CI jobs.
const EVIL: &str = "\u{1b}[38;5;123m\u{7f}\u{9b}1m\u{ad}\u{34f}\u{61c}\u{180e}\u{200b}\u{202e}\u{2028}\
                    \u{2060}\u{2066}\u{fe0f}\u{feff}\u{fff9}\u{e0061}\n::add-mask::x\n \t::add-mask::x\n\
                    ##[add-mask]x##vso[x]##teamcity[x]\rsection_start:1:x\r\u{1b}[0K\u{7}";

/// As much of it as TOML and patterns take: no control characters.
const QUIET: &str = "\u{ad}\u{34f}\u{61c}\u{180e}\u{200b}\u{202e}\u{2060}\u{2066}\u{fe0f}\u{feff}\u{fff9}\
                     \u{e0061} ::add-mask::x ##[add-mask]x##vso[x]##teamcity[x]";

const FORMATS: [&str; 7] = [
    "human", "short", "json", "markdown", "github", "sarif", "gitlab",
];

/// As the value of a TOML string in double quotes.
fn in_toml(text: &str) -> String {
    let escape = |c: char| match c {
        ' '..='~' => c.to_string(),
        _ => format!("\\U{:08x}", u32::from(c)),
    };
    text.chars().map(escape).collect()
}

/// What must not be shown as it is: the characters of `EVIL`, and all that are like them.
fn is_bad(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The commands that a CI job would find in a line, whether it takes them now or not.
fn commands(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    if let Some(command) = line.trim_start().strip_prefix("::")
        && let Some((name, _)) = command.split_once("::")
    {
        found.push(name.split(' ').next().unwrap());
    }
    for prefix in ["##[", "##vso[", "##teamcity["] {
        found.extend(line.contains(prefix).then_some(prefix));
    }
    found
}

/// Whether it is the word that ends a pause.
fn is_word(command: &str) -> bool {
    command.len() == 32 && command.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Without the sequences that set colors, as they are drawn by us.
fn without_colors(text: &str) -> String {
    let color = regex::Regex::new(
        "\u{1b}\\[(0|1|2|[39][0-9]|1;?[39][0-9]|1m\u{1b}\\[[39][0-9]|38;5;(9|11|12|14))?m",
    );
    color.unwrap().replace_all(text, "").into_owned()
}

#[track_caller]
fn text_is_harmless(what: &str, text: &str) {
    let is_bad = |c: char| is_bad(c) && !matches!(c, '\n' | '\t');
    assert!(!text.contains(is_bad), "{what}: {}", text.escape_debug());
    for line in text.split(['\n', '\r']) {
        for command in commands(line) {
            let is_ours = ["error", "warning", "stop-commands"].contains(&command);
            assert!(is_ours || is_word(command), "{what}: {line}");
        }
        assert!(
            !line.trim_start().starts_with("::")
                || !commands(line).is_empty()
                || line.contains(":::"),
            "{what}: {line}"
        );
    }
}

#[track_caller]
fn json_is_harmless(what: &str, text: &str) -> Value {
    let is_bad = |c: char| is_bad(c) && c != '\n';
    assert!(!text.contains(is_bad), "{what}: {}", text.escape_debug());
    for line in text.lines() {
        assert_eq!(commands(line), [""; 0], "{what}: {line}");
    }
    // One value, or one in each line.
    let values = serde_json::Deserializer::from_str(text).into_iter();
    let mut values: Vec<Value> = values
        .map(|value| value.unwrap_or_else(|error| panic!("{what}: {error}: {text}")))
        .collect();
    match values.len() {
        1 => values.remove(0),
        _ => Value::Array(values),
    }
}

/// Runs, and demands that nothing of `EVIL` reaches a terminal or a log as it is; what it prints.
#[track_caller]
fn is_harmless(what: &str, run: Run<'_>) -> String {
    let output = run.output();
    assert!(
        matches!(output.status.code(), Some(0..=2)),
        "{what}: {:?}",
        output.status
    );
    let stdout = without_colors(str::from_utf8(&output.stdout).unwrap());
    match stdout.starts_with(['{', '[']) {
        true => drop(json_is_harmless(what, &stdout)),
        false => text_is_harmless(what, &stdout),
    }
    let stderr = without_colors(str::from_utf8(&output.stderr).unwrap());
    text_is_harmless(what, &stderr);
    stdout + &stderr
}

/// Into the index: not every file system has such names.
fn add_to_index(sandbox: &Sandbox, name: &str) {
    let record = format!("100644 {} 0\t{name}\0", "1".repeat(40));
    sandbox.git_with_input("update-index -z --index-info", record.as_bytes());
}

/// Names that a file can have, at the root and below.
fn names() -> [String; 4] {
    // A directory and a file cannot have one name.
    [
        EVIL.to_string(),
        format!("1{EVIL}/{EVIL}"),
        format!("b/{EVIL}"),
        "::add-mask::x".to_string(),
    ]
}

/// A name of a branch: git takes no control characters, no `[` and no `:`.
const BRANCH: &str = "x\u{ad}\u{202e}\u{2060}\u{e0061}##";

/// A repository in which everything is hostile that can be, and the configuration is sound. The
/// branch [`BRANCH`] has the hostile names as well, and its author is one of them.
fn hostile() -> Sandbox {
    let sandbox = Sandbox::repo([("b/x", ""), ("b/y", ""), ("README.md", "")]);
    let evil = in_toml(EVIL);
    let config = format!(
        r#"# {QUIET}
[groups]
# {QUIET}
core = ["@a", "@b"] # {QUIET}
[groups.team]
members = ["@c"]
description = "{evil}"
contact = "{evil}"
[groups.unused]
members = ["@d"]
description = "{evil}"
[check]
roster = "roster.md"
min-members = 2
exempt = ["/gone{QUIET}/"]
[paths]
# {QUIET}
"/b/" = "core" # {QUIET}
"/b/*" = "team"
"/{{owners.toml,{QUIET}}}" = "core"
"/a{QUIET}" = ["@a"]
"/a{QUIET}*" = {{ owners = "@b", except = "/a{QUIET}b" }}
"#
    );
    sandbox.write("owners.toml", config);
    sandbox.write("roster.md", format!("@a @b\n{EVIL}\n"));
    sandbox.write("CODEOWNERS", format!("* @{EVIL}\n"));
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.git("commit -qm x");
    for name in names() {
        add_to_index(&sandbox, &name);
    }
    let tree = sandbox.git("write-tree --missing-ok");
    let mut command = sandbox.command("git");
    command.args(["commit-tree", tree.trim(), "-p", "HEAD", "-m", EVIL]);
    let command = command.env("GIT_AUTHOR_NAME", EVIL);
    let commit = command.env("GIT_AUTHOR_EMAIL", EVIL).output().unwrap();
    let commit = String::from_utf8(commit.stdout).unwrap();
    sandbox.git(&format!("branch {BRANCH} {}", commit.trim()));
    // Out of date, and not of our making but for the first line.
    let stale = sandbox.read(".github/CODEOWNERS");
    let (first, rest) = stale.split_once('\n').unwrap();
    let stale = format!("{first}\n::add-mask::x\n  ::add-mask::x\n{EVIL}\n{rest}");
    sandbox.write(".github/CODEOWNERS", stale);
    sandbox
}

/// Every command that shows something of a repository, in every format.
fn every_command() -> Vec<String> {
    let mut all: Vec<String> = [
        "check",
        "check -v -D warnings",
        "check",
        "check --changed main",
        "check --rev",
        "check --fix --dry-run",
        "check --fix=tree --dry-run",
        "check --untracked",
        "gen --check",
        "gen --stage -C gone",
        "ls",
        "ls --group core",
        "ls --unowned",
        "ls --nobody",
        "ls --rev",
        "export",
        "export --rev",
        "export --paths",
        "export --paths --format csv",
        "export --paths --rev",
        "stats -v",
        "stats --by owner",
        "stats --by dir",
        "stats --rev",
        "stats --json",
        "stats --by dir --json",
        "map -o -",
        "map --lines --risk --history 3 -o - --rev",
        "map -o - HEAD",
        "diff",
        "diff -v HEAD",
        "diff --exit-code HEAD",
        "reviewers",
        "reviewers -v main",
        "suggest -v",
        "suggest --emails --json",
        "suggest --format markdown --rev main",
        "risk -v",
        "risk --json",
        "risk --format markdown --rev main",
        "who --explain --members .",
        "who --explain b/ b/x",
        "who --json --explain b/ b/x",
        "who --stdin",
        "who --stdin --explain",
        "who --stdin --json",
        "explain",
        "init",
        "init --force -C b",
        "add @e unused --dry-run",
        "add @org/team unused --dry-run",
        "remove @d --dry-run",
        "remove @d --dry-run --allow-unowned",
        "remove @a --dry-run",
        "rename core heart --dry-run",
        "rename core team",
        "rename @a @b --dry-run",
    ]
    .map(String::from)
    .to_vec();
    all.extend(FORMATS.map(|format| format!("check -v --format {format}")));
    for format in ["human", "markdown", "json"] {
        all.push(format!("diff -v --format {format} HEAD"));
        all.push(format!("reviewers --format {format} main"));
    }
    all
}

/// The run of one of them. Those that end in a revision get the hostile branch.
fn run<'s>(sandbox: &'s Sandbox, arguments: &str) -> Run<'s> {
    let run = sandbox.owners(arguments);
    let run = match arguments.contains("--stdin") {
        // As git quotes them, since they have line ends.
        true => run.stdin(sandbox.git("ls-files")),
        false => run,
    };
    let wants_revision = ["--rev", " HEAD", " main"]
        .iter()
        .any(|end| arguments.ends_with(end) && !arguments.contains("--changed"));
    match wants_revision {
        true => run.arg(BRANCH),
        false => run,
    }
}

/// What stands between two texts.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, text) = text.split_once(before).unwrap();
    text.split_once(after).unwrap().0
}

#[test]
fn no_command_shows_anything_hostile_as_it_is() {
    let sandbox = hostile();
    let help = |arguments| String::from_utf8(sandbox.owners(arguments).output().stdout).unwrap();
    // A command is indented by two blanks, and the rest of what is said of it by more.
    let commands = between(&help("--help"), "Commands:\n", "\n\n").to_string();
    let commands = commands.lines().filter_map(|line| line.strip_prefix("  "));
    for command in commands.filter_map(|line| line.split(' ').next()) {
        let is_tried = every_command().iter().any(|each| each.starts_with(command));
        // These know of no repository.
        let is_told = ["", "schema", "completions", "man", "help"].contains(&command);
        assert!(is_tried || is_told, "{command}");
    }
    let help = help("check -h");
    let formats = between(&help, "[possible values: human, ", "]");
    assert_eq!(formats.split(',').count() + 1, FORMATS.len());
    for arguments in every_command() {
        for color in ["never", "always"] {
            for actions in ["", "true"] {
                let run = run(&sandbox, &arguments)
                    .args("--color")
                    .arg(color)
                    .env("GITHUB_ACTIONS", actions);
                let what = format!("{arguments} --color {color}, GITHUB_ACTIONS={actions}");
                let shown = is_harmless(&what, run);
                assert!(
                    !shown.is_empty() || arguments.contains("--nobody"),
                    "{what}"
                );
            }
        }
    }
}

/// A path need not exist.
#[test]
fn no_path_is_shown_as_it_is() {
    let sandbox = hostile();
    for arguments in ["who", "who --explain", "who --json", "who --explain --json"] {
        for name in [
            EVIL,
            "::add-mask::x",
            " \u{2003}::add-mask::x",
            "##[add-mask]x",
        ] {
            let shown = is_harmless(arguments, sandbox.owners(arguments).arg(name));
            assert!(shown.contains("add-mask"), "{shown}");
        }
    }
}

/// What is said of arguments, which a script may have from file names.
#[test]
fn no_fault_shows_anything_hostile_as_it_is() {
    let sandbox = hostile();
    for arguments in [
        "check --rev",
        "check --changed",
        "check -D",
        "check --format",
        "check --config",
        "check -C",
        "diff",
        "diff main..HEAD",
        "diff main HEAD",
        "reviewers",
        "reviewers main",
        "suggest",
        "risk --rev",
        "ls",
        "ls --rev",
        "export --rev",
        "export --repository",
        "export --paths --repository",
        "export --paths --format csv --repository",
        "stats --rev",
        "stats --by",
        "explain",
        "init --from",
        "completions",
        "who ../",
        "",
    ] {
        for name in [EVIL, "::add-mask::x", "@##[add-mask]x"] {
            for color in ["never", "always"] {
                let run = sandbox.owners(arguments).arg(name);
                let run = run.args("--color").arg(color);
                is_harmless(&format!("{arguments} {name:?}"), run);
            }
        }
    }
    // A pull request can also break what is read.
    for (file, text) in [
        ("roster.md", "\u{feff}\u{0}"),
        ("owners.toml", EVIL),
        (
            "owners.toml",
            r#"[paths]
'*' = "::add-mask::x\n::add-mask::x"
"#,
        ),
    ] {
        sandbox.write(file, text);
        for arguments in every_command() {
            is_harmless(&arguments, run(&sandbox, &arguments));
        }
    }
}

/// Programs get every name as it is: in JSON by its escapes, with `-0` without any.
#[test]
fn programs_get_names_exactly() {
    let sandbox = hostile();
    for arguments in [
        "check -v --format json",
        "check --format json --rev",
        "stats -v --by dir --json",
        "who --stdin --json",
        "diff -v --format json HEAD",
        "reviewers --json main",
    ] {
        let output = run(&sandbox, arguments).output();
        let text = String::from_utf8(output.stdout).unwrap();
        let value = json_is_harmless(arguments, &text);
        let mut strings = Vec::new();
        collect(&value, &mut strings);
        let is_exact = |name: &String| {
            strings
                .iter()
                .any(|text| text.trim_end_matches('/') == name)
        };
        let wanted = match arguments.contains("dir") {
            true => vec![format!("1{EVIL}")],
            false => names()[..3].to_vec(),
        };
        assert!(wanted.iter().any(is_exact), "{arguments}: {text}");
        if !arguments.contains("check") {
            assert!(wanted.iter().all(is_exact), "{arguments}: {text}");
        }
    }
    for arguments in ["ls -0", "who --stdin -0"] {
        let input = sandbox.git("ls-files -z");
        let output = sandbox.owners(arguments).stdin(input).output();
        let text = String::from_utf8(output.stdout).unwrap();
        for name in names() {
            let is_there = text.split('\0').any(|record| record.starts_with(&name));
            assert!(is_there, "{arguments}: {text:?}");
        }
    }
}

fn collect(value: &Value, strings: &mut Vec<String>) {
    match value {
        Value::String(text) => strings.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, strings)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, strings)),
        _ => {}
    }
}

/// Lines for simple tools are what they were, but for names that begin like a command.
#[test]
fn lines_for_tools_hold_nothing_else() {
    let sandbox = Sandbox::repo([("owners.toml", "[paths]\n'*' = '@a'\n"), ("a b", "")]);
    add_to_index(&sandbox, "::x::y");
    add_to_index(&sandbox, "c::d");
    for actions in ["", "true"] {
        let run = |arguments: &str| sandbox.owners(arguments).env("GITHUB_ACTIONS", actions);
        run("ls --name-only").prints("\\u{3a}:x::y\na b\nc::d\nowners.toml\n");
        run("who c::d").prints("c::d  @a\n");
        let short = run("check -q --format short").output();
        let short = String::from_utf8(short.stdout).unwrap();
        assert!(short.starts_with(".github/CODEOWNERS: error"), "{short}");
    }
}

/// The starter names directories and authors.
#[test]
fn a_starter_shows_nothing_hostile_as_it_is() {
    let sandbox = hostile();
    sandbox.git(&format!("update-ref HEAD {BRANCH}"));
    for file in ["owners.toml", "CODEOWNERS", ".github/CODEOWNERS"] {
        fs::remove_file(sandbox.root.join(file)).unwrap();
        sandbox.git(&format!("rm -q --cached {file}"));
    }
    is_harmless("init", sandbox.owners("init"));
    let text = sandbox.read("owners.toml");
    assert!(text.contains("add-mask"), "{text}");
    assert!(!text.contains(|c| is_bad(c) && c != '\n'), "{text}");
}
/// Values of every key, most of them mistakes that are shown: `{}` is hostile as a TOML string has
/// it, `{RAW}` as it is.
const VALUES: [&str; 29] = [
    r#"[groups]
"{}" = '@a'
[paths]
'*' = '@a'
"#,
    r#"[groups]
a = "{}"
[paths]
'*' = 'a'
"#,
    r#"[groups]
a = "@{}"
[paths]
'*' = 'a'
"#,
    r#"[groups.a]
team = "{}"
members = ["@x"]
[paths]
'*' = 'a'
"#,
    r#"[groups.a]
description = "{}"
contact = "{}"
members = ["@x"]
[paths]
'/a' = 'a'
"#,
    r#"[groups.a]
"{}" = 1
[paths]
'*' = 'a'
"#,
    r#"[paths]
'*' = "{}"
"#,
    r#"[paths]
'*' = "@{}"
"#,
    r#"[paths]
'*' = "x{}@example.com"
"#,
    r#"[paths]
"{}" = '@a'
"#,
    r#"[paths]
"{{a,{}}}" = '@a'
"#,
    r#"[paths]
"{}" = 1
"#,
    r#"[paths]
"*" = { owners = '@a', except = ["{}"] }
"#,
    r#"[paths]
"*" = { "{}" = '@a' }
"#,
    r#"[check]
exempt = ["{}"]
[paths]
'/a' = '@a'
"#,
    r#"[check]
roster = "{}"
[paths]
'/a' = '@a'
"#,
    r#"[check]
"{}" = 1
[paths]
'/a' = '@a'
"#,
    r#"[lints]
"{}" = 'deny'
[paths]
'/a' = '@a'
"#,
    r#"[lints]
dead-pattern = "{}"
[paths]
'/a' = '@a'
"#,
    r#"[output]
file = "{}"
[paths]
'/a' = '@a'
"#,
    r#"[output]
platform = "{}"
[paths]
'/a' = '@a'
"#,
    r#"required-version = "{}"
[paths]
'/a' = '@a'
"#,
    r#""{}" = 1
[paths]
'/a' = '@a'
"#,
    r#"["{}"]
[paths]
'/a' = '@a'
"#,
    r#"nested = { except = ["{}"] }
[paths]
'/a' = '@a'
"#,
    "[paths]\n'/a' = '@a' # {RAW}\n",
    "[paths]\n'/a{RAW}' = '@a'\n",
    "[paths]\n'/a' = '@a{RAW}'\n",
    "{RAW}",
];

#[test]
fn values_of_a_configuration_are_shown_escaped() {
    let sandbox = Sandbox::repo([("a", ""), ("b/c", "")]);
    for config in VALUES {
        let config = config.replace("{}", &in_toml(EVIL)).replace("{RAW}", EVIL);
        sandbox.write("owners.toml", &config);
        for command in [
            "gen --stdout",
            "who --explain a",
            "stats",
            "map -o -",
            "check",
            "check -q --format short",
        ] {
            is_harmless(&config, sandbox.owners(command));
        }
        let run = sandbox
            .owners("check --format github")
            .env("GITHUB_ACTIONS", "true");
        is_harmless(&config, run);
    }
}

/// What stands in files that are compared, imported or read beside the configuration.
#[test]
fn contents_of_other_files_are_shown_escaped() {
    let sandbox = Sandbox::repo(PROJECT);
    let evil = format!("{EVIL} @{EVIL} {EVIL}\n/crates/ @a {EVIL}\n[{EVIL}]\n");
    for file in [
        ".github/CODEOWNERS",
        ".gitlab-ci.yml",
        ".gitattributes",
        ".gitignore",
    ] {
        sandbox.write(file, &evil);
    }
    for command in ["gen", "gen --check", "check", "check -v --format short"] {
        is_harmless(command, sandbox.owners(command));
    }
    sandbox.write(
        "owners.toml",
        format!("{}[check]\nroster = 'README.md'\n", PROJECT[0].1),
    );
    sandbox.write("README.md", format!("@{EVIL}\n{EVIL}"));
    is_harmless("roster", sandbox.owners("check"));
    fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    sandbox.git("add -A");
    sandbox.git("commit -qm x");
    sandbox.write(".github/CODEOWNERS", format!("* @a{QUIET}\n"));
    sandbox.git("commit -qam x");
    sandbox.write("README.md", "changed");
    for command in [
        "diff",
        "diff HEAD~1",
        "diff HEAD~1 --format markdown",
        "diff HEAD~1 --format json",
        "reviewers main",
        "reviewers main --format markdown",
        "reviewers main --json",
        "init",
        "init --platform gitlab --force",
    ] {
        is_harmless(command, sandbox.owners(command));
    }
}

/// Directories with such names hold configurations; messages name them.
#[cfg(unix)]
#[test]
fn names_of_nested_configurations_are_shown_escaped() {
    for text in [
        "[paths]\n'*' = 'nobody'\n",
        r"[paths]
'*' = '@a'
'/gone' = '@b'
",
        "x",
        "\u{fe}",
    ] {
        let sandbox = Sandbox::repo([(
            "owners.toml",
            r"nested = true
[paths]
'/a' = '@a'
",
        )]);
        sandbox.write(format!("{EVIL}/owners.toml"), text);
        sandbox.write(format!("{EVIL}/f"), "");
        sandbox.git("add -A");
        for command in [
            "gen",
            "gen --stdout",
            "who --explain a",
            "who --json a",
            "stats",
            "map -o -",
            "map HEAD -o -",
            "ls",
            "export",
            "export --paths",
            "export --paths --format csv",
            "diff",
        ] {
            is_harmless(command, sandbox.owners(command));
        }
        for format in FORMATS {
            is_harmless(format, sandbox.owners("check --format").arg(format));
        }
        let path = format!("{EVIL}/f");
        is_harmless("who", sandbox.owners("who --explain").arg(path));
    }
}

/// What people read in GitHub Actions quotes files. There the runner is told to wait as well, with a
/// word that nobody can guess. Lines for tools, JSON and the annotations are not within a pause.
#[test]
fn a_ci_job_takes_no_commands_from_names() {
    let sandbox = hostile();
    let paused = |arguments: &str| {
        let output = run(&sandbox, arguments)
            .env("GITHUB_ACTIONS", "true")
            .output();
        [output.stdout, output.stderr]
            .map(|bytes| pause(arguments, &String::from_utf8(bytes).unwrap()))
    };
    let mut words = Vec::new();
    for arguments in [
        "check",
        "check --format human",
        "check --changed main",
        "check --fix --dry-run",
        "check --fix=tree --dry-run",
        "gen --check",
        "diff HEAD",
        "stats",
        "reviewers main",
        "who --explain b/x",
    ] {
        let [stdout, _] = paused(arguments);
        words.push(stdout.unwrap_or_else(|| panic!("{arguments}")));
    }
    for arguments in [
        "ls",
        "who b/x",
        "check -q --format short",
        "check --format json",
        "check --format github",
        "check --format sarif",
        "check --format gitlab",
        "diff --format markdown HEAD",
        "stats --json",
        "export",
        "export --paths",
        "export --paths --format csv",
    ] {
        assert_eq!(paused(arguments), [None, None], "{arguments}");
    }
    for arguments in [
        "ls --group nobody",
        "check --config gone",
        "nonsense",
        "init",
    ] {
        let [stdout, stderr] = paused(arguments);
        assert_eq!(stdout, None, "{arguments}");
        words.push(stderr.unwrap_or_else(|| panic!("{arguments}")));
    }
    sandbox.write("owners.toml", "[paths]\n'*' = '##[add-mask]x'\n");
    for arguments in ["check", "check --format json", "who x", "gen"] {
        let [stdout, stderr] = paused(arguments);
        assert_eq!(stdout, None, "{arguments}");
        words.push(stderr.unwrap_or_else(|| panic!("{arguments}")));
    }
    let count = words.len();
    words.sort();
    words.dedup();
    assert_eq!(words.len(), count);
}

/// The word of the pause around everything in a stream but annotations, if there is one.
#[track_caller]
fn pause(what: &str, text: &str) -> Option<String> {
    let is_annotation =
        |line: &&str| line.starts_with("::error ") || line.starts_with("::warning ");
    let lines: Vec<&str> = text.lines().filter(|line| !is_annotation(line)).collect();
    let mut words = Vec::new();
    let mut rest = &lines[..];
    while let [first, others @ ..] = rest {
        let word = first.strip_prefix("::stop-commands::")?;
        let end = others
            .iter()
            .position(|line| *line == format!("::{word}::"));
        rest = &others[end.unwrap_or_else(|| panic!("{what} does not end: {text}")) + 1..];
        words.push(word);
    }
    words.first().map(ToString::to_string)
}
