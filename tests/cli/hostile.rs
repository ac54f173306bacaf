//! Files made to break something: an answer in a moment, and never a panic.

use crate::PROJECT;
use crate::support::Sandbox;

/// Runs every command; each must end as a program does. Unwritten outputs and unowned paths are
/// findings.
#[track_caller]
fn survives(config: &str) {
    let sandbox = Sandbox::repo([("a/b", "")]);
    sandbox.write("owners.toml", config);
    for command in ["gen --stdout", "check", "who --explain a/b"] {
        let output = sandbox.owners(command).output();
        let code = output.status.code();
        assert!(
            matches!(code, Some(0..=2)),
            "{command}: {:?}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        let written = output.stdout.len() + output.stderr.len();
        assert!(
            written < 100 * config.len() + 10_000,
            "{command} writes {written} bytes"
        );
    }
}

fn rule(pattern: &str) -> String {
    format!(
        r#"[paths]
'{pattern}' = "@a"
"#
    )
}

#[test]
fn long_patterns() {
    survives(&rule(&format!("/{}", "a".repeat(100_000))));
    survives(&rule(&"a/".repeat(10_000)));
    survives(&rule(&"*a".repeat(10_000)));
    survives(&rule(&"**/a/".repeat(20_000)));
}

#[test]
fn choices_that_multiply() {
    survives(&rule(&"{a,b}".repeat(30)));
    survives(&rule(&"{a,b}".repeat(100)));
    survives(&rule(&format!("{{{}}}", ",".repeat(9_999))));
    survives(&rule(&format!("{{{}}}", "a,".repeat(20_000))));
}

#[test]
fn deep_nesting() {
    survives(&rule(&format!("{}b{}", "{a,".repeat(64), "}".repeat(64))));
    survives(&rule(&format!(
        "{}b{}",
        "{a,".repeat(10_000),
        "}".repeat(10_000)
    )));
    survives(&rule(&"{".repeat(100_000)));
    survives(&rule(&"}".repeat(100_000)));
    survives(&format!(
        "[paths]\n'*' = {}{}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    ));
    survives(&format!(
        "[paths]\n'*' = {}1{}",
        "{a=".repeat(10_000),
        "}".repeat(10_000)
    ));
    survives(&format!("[paths]\n{}a = '@a'", "a.".repeat(10_000)));
    survives(&format!("[{}a]\n", "a.".repeat(10_000)));
}

#[test]
fn long_chains_and_cycles_of_groups() {
    let groups: String = (0..3_000)
        .map(|i| format!("g{i} = 'g{}'\n", i + 1))
        .collect();
    survives(&format!(
        r"[groups]
{groups}g3000 = '@a'
[paths]
'*' = 'g0'
"
    ));
    survives(&format!(
        r"[groups]
{groups}g3000 = 'g0'
[paths]
'*' = 'g0'
"
    ));
    survives(&format!(
        r"[groups]
{groups}[paths]
'*' = 'g0'
"
    ));
}

#[test]
fn one_long_line_with_a_fault_in_the_middle() {
    let owners = "'@a',".repeat(8_000);
    survives(&format!("[paths]\n'*' = [{owners}'nope',{owners}]\n"));
    survives(&format!("[paths]\n'*' = [{owners} nope, {owners}]\n"));
    survives(&rule(&format!(
        "{}{{{}",
        "é".repeat(10_000),
        "é".repeat(10_000)
    )));
}

/// Of a long line a finding shows the part that matters, with the right place: all of it, for each of
/// thousands of findings, would be the square of what was read.
#[test]
fn one_long_line_with_many_findings() {
    let rules: String = (0..3_000)
        .map(|n| format!(", '/\u{e9}{n}' = '@a'"))
        .collect();
    let config = format!("paths = {{ '*' = '@a'{rules} }}\n");
    let sandbox = Sandbox::repo([("owners.toml", &*config)]);
    let output = sandbox.owners("check -v -A stale-output").output();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.len() < 500 * 3_000, "{} bytes", shown.len());
    for at in ["'/\u{e9}0'", "'/\u{e9}700'", "'/\u{e9}2999'"] {
        let column = 1 + config[..config.find(at).unwrap()].chars().count();
        let excerpt = shown.split(&format!("owners.toml:1:{column}\n")).nth(1);
        let excerpt = excerpt.unwrap_or_else(|| panic!("{at} is not at column {column}"));
        let line = excerpt
            .lines()
            .find(|line| line.starts_with("1 | "))
            .unwrap();
        assert!(line.contains(at), "{line}");
    }
}

/// Globs that begin and end alike are not compared with every name, and those that one later rule
/// covers are found, however many they are.
#[test]
fn many_globs_that_begin_and_end_alike() {
    let rules: String = (0..20_000)
        .map(|n| format!("'/a*{n}*b*c*d' = '@x'\n"))
        .collect();
    let sandbox = Sandbox::repo([("a1bcd", ""), ("z", "")]);
    sandbox.write("owners.toml", format!("[paths]\n{rules}'/a*' = '@y'\n"));
    // Seconds without optimisation; it took a minute when each was compared with each.
    let output = sandbox
        .owners("check -A dead-pattern -A unowned-path")
        .processor_seconds(40)
        .output();
    let said = String::from_utf8_lossy(&output.stdout);
    let finding = "`/a*` covers 20000 rules above it";
    assert!(said.contains(finding), "{}", &said[..said.len().min(2_000)]);
}

/// Exceptions that overlap with everything before them are refused with the limit, and soon.
#[test]
fn exceptions_that_overlap_in_many_ways() {
    let rules: String = (0..300)
        .map(|n| format!("'**/x{n}/**/y/' = {{ owners = '@x{n}', except = '**/z{n}/' }}\n"))
        .collect();
    let platforms = "[[output]]\nplatform = 'github'\n[[output]]\nplatform = 'gitlab'\n";
    let sandbox = Sandbox::repo([("a", "")]);
    sandbox.write(
        "owners.toml",
        format!("{platforms}[paths]\n'*' = '@all'\n{rules}"),
    );
    let output = sandbox.owners("gen").processor_seconds(60).output();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout);
    let limit = "more than 40000000 steps";
    assert!(said.contains(limit), "{}", &said[..said.len().min(2_000)]);
}

/// Approvals share the steps: each of these alone is written.
#[test]
fn exceptions_of_many_approvals() {
    let sandbox = Sandbox::repo([("a", "")]);
    for (approvals, code) in [(1, 0), (50, 1)] {
        let mut config = "[output]\nplatform = 'gitlab'\n[paths]\n'*' = '@all'\n".to_string();
        let list = |from: &str, to: &str| -> String {
            (0..20).map(|n| format!("'**/{from}{n}{to}/', ")).collect()
        };
        for name in 0..approvals {
            config += &format!(
                "[[approval]]\nname = 'S{name}'\nowners = '@a'\npaths = ['*', {}]\n\
                 [[approval]]\nname = 'S{name}'\nowners = '@b'\npaths = [{}]\nexcept = '**/*z/'\n",
                list("a", "*"),
                list("*c", "")
            );
        }
        sandbox.write("owners.toml", config);
        let output = sandbox
            .owners("gen --stdout")
            .processor_seconds(30)
            .output();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{said}");
        let is_refused = said.contains("more than 40000000 steps");
        assert_eq!(is_refused, code == 1, "{said}");
    }
}

/// A thousand lines for the exceptions of one rule are written, and one more is refused.
#[test]
fn lines_for_one_rule() {
    let sandbox = Sandbox::repo([("src/f1/x", "")]);
    for (count, code) in [(1_000, 0), (1_001, 1)] {
        let except: String = (0..count).map(|n| format!("'/src/f{n}/', ")).collect();
        let rules = format!("'*' = '@all'\n'/src/' = {{ owners = '@c', except = [{except}] }}\n");
        sandbox.write("owners.toml", format!("[paths]\n{rules}"));
        let output = sandbox.owners("gen --stdout").output();
        assert_eq!(output.status.code(), Some(code));
        let said = String::from_utf8_lossy(&output.stdout);
        let is_refused = said.contains("its exceptions take more than 1000 lines");
        assert_eq!(is_refused, code == 1);
    }
}

/// A file that no command would read is not written.
#[test]
fn additions_make_a_file_too_large() {
    let sandbox = Sandbox::repo([("a", "")]);
    let rules = |count, value: &str| -> String {
        (0..count)
            .map(|n| format!("'/d{n}/' = {value}\n"))
            .collect()
    };
    let owners =
        |from: usize| -> String { (from..from + 600).map(|n| format!("'@a{n}', ")).collect() };
    // Each of the rules before it gets all of them.
    let long: String = (0..200).map(|n| format!("'@{n:030}', ")).collect();
    let added = format!("'**' = {{ add = [{long}] }}\n");
    for (rules, message) in [
        (
            rules(1_000, "'@a'") + &added,
            "with it, the file has more than 100000 lines, or 5000000 characters",
        ),
        (
            rules(1, &format!("[{}]", owners(0)))
                + &format!("'**' = {{ add = [{}] }}\n", owners(401)),
            "with it, paths of `/d0/` have more than 1000 owners",
        ),
    ] {
        sandbox.write("owners.toml", format!("[paths]\n{rules}"));
        let output = sandbox.owners("gen --stdout").output();
        assert_eq!(output.status.code(), Some(1), "{message}");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            said.contains(message),
            "{message}: {}",
            &said[said.len().saturating_sub(800)..]
        );
    }
    // As many as fit.
    let rules =
        rules(1, &format!("[{}]", owners(0))) + &format!("'**' = {{ add = [{}] }}\n", owners(400));
    sandbox.write("owners.toml", format!("[paths]\n{rules}"));
    sandbox.owners("gen -q").prints("");
}

#[test]
fn many_owners() {
    let owners: String = (0..5_000).map(|i| format!("'@a{i}',")).collect();
    survives(&format!("[paths]\n'*' = [{owners}]\n"));
}

#[test]
fn many_mistakes() {
    let rules: String = (0..200)
        .map(|i| format!("'/x{i}//y' = 'nope{i}'\n"))
        .collect();
    survives(&format!("[paths]\n{rules}"));
    let rules: String = (0..200).map(|i| format!("x{i}/y = @a\n")).collect();
    survives(&format!("[paths]\n{rules}"));
    survives(&format!("[paths]\n{}", "'/x' = '@a'\n".repeat(200)));
}

#[test]
fn odd_characters() {
    survives("[paths]\n'/\u{202e}evil\u{202c}/\u{200b}\u{2066}' = '@a'\n");
    survives("[paths]\n'/a\0b' = '@a'\n");
    survives(
        r#"[paths]
"/a\u0000b" = '@a'
"#,
    );
    survives("\0\0\0");
    survives("[paths]\r'*' = '@a'\r");
    survives("\u{feff}\u{feff}[paths]\n");
}

#[test]
fn colors_only_where_they_are_wanted() {
    let sandbox = Sandbox::repo(PROJECT);
    let is_colored = |run: crate::support::Run<'_>| run.output().stdout.contains(&0x1b);
    assert!(!is_colored(sandbox.owners("check")));
    assert!(!is_colored(sandbox.owners("check --color never")));
    assert!(is_colored(sandbox.owners("check --color always")));
    assert!(is_colored(sandbox.owners("--color=always gen --check")));
    assert!(!is_colored(
        sandbox
            .owners("check")
            .env("TERM", "dumb")
            .env("NO_COLOR", "")
    ));
    assert!(!is_colored(sandbox.owners("gen --stdout --color always")));
}

#[test]
fn the_width_of_the_terminal_changes_nothing() {
    let sandbox = Sandbox::repo(PROJECT);
    let usual = sandbox.owners("check").output().stdout;
    for columns in ["0", "1", "40", "100000", "x"] {
        assert_eq!(
            sandbox
                .owners("check")
                .env("COLUMNS", columns)
                .output()
                .stdout,
            usual
        );
    }
}

#[cfg(unix)]
#[test]
fn a_current_directory_that_is_gone() {
    use snapbox::str;

    use crate::support::owners;

    let sandbox = Sandbox::repo(PROJECT);
    std::fs::create_dir(sandbox.root.join("gone")).unwrap();
    let script = format!("cd gone && rmdir ../gone && '{}' check", owners().display());
    let output = sandbox
        .command("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    sandbox.assert_eq(
        &output.stderr,
        str![[r#"
error: cannot find the current directory
 = note: No such file or directory (os error 2)

"#]],
    );
}
