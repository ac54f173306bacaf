//! Large inputs that a pull request can bring: each is refused with the limit in the message, or
//! takes time in proportion to its size. `docs/security.md` has the limits, `tests/hostile`
//! measures release builds on inputs of full size.

use std::fmt::Write as _;

use snapbox::str;

use crate::support::Sandbox;

/// Demands that `owners check` refuses a configuration with this message, at this place.
#[track_caller]
fn is_refused(config: &str, message: &str, place: &str) {
    let sandbox = Sandbox::repo([("owners.toml", config)]);
    let output = sandbox.owners("check").output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in [&format!("error: {message}\n"), &format!(" {place}\n")] {
        assert!(
            said.contains(part.as_str()),
            "{part}: {}",
            &said[..said.len().min(2_000)]
        );
    }
    // One refusal, and not one for each of what is too many.
    assert!(said.len() < 2_000, "{} bytes", said.len());
}

/// A list of TOML with an entry for each number.
fn list(count: usize, entry: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        write!(text, "{},", entry(number)).unwrap();
    }
    format!("[{text}]")
}

/// A line for each number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "{}", line(number)).unwrap();
    }
    text
}

#[test]
fn outputs() {
    let config = |count| {
        let outputs = lines(count, |n| format!("[[output]]\nfile = 'o/{n}'"));
        format!("[paths]\n'*' = '@a'\n{outputs}")
    };
    is_refused(
        &config(4_000),
        "there are 4000 outputs, and 32 are the most",
        "--> owners.toml:67:1",
    );
    // One git process says which of the others are ignored.
    let sandbox = Sandbox::repo([("owners.toml", config(32).as_str()), (".gitignore", "7\n")]);
    sandbox.owners("gen -q").prints("");
    let trace = sandbox.root.join("../trace");
    let output = sandbox
        .owners("check --format short")
        .env("GIT_TRACE2_EVENT", &trace)
        .output();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.matches("git ignores `o/7`").count(), 1, "{said}");
    assert_eq!(said.matches("is not tracked").count(), 31, "{said}");
    let trace = std::fs::read_to_string(trace).unwrap();
    assert_eq!(trace.matches("\"event\":\"start\"").count(), 1, "{trace}");
}

#[test]
fn files_of_outputs_together() {
    let outputs = lines(3, |n| format!("[[output]]\nfile = 'o/{n}'"));
    let config = format!("[paths]\n'*' = '@a'\n{outputs}");
    let sandbox = Sandbox::repo([("owners.toml", config.as_str())]);
    for n in 0..3 {
        sandbox.write(format!("o/{n}"), "# x\n".repeat(3 << 19));
    }
    for command in ["check", "gen --check"] {
        sandbox.owners(command).refuses(str![[r#"
error: the files of the outputs up to `o/2` have 18874368 bytes together, and 16777216 are the most that is read


"#]]);
    }
}

#[test]
fn the_configuration_as_a_whole() {
    is_refused(
        &format!(
            r"[check]
exempt = {}
[paths]
",
            list(1_100_000, |_| "1".into())
        ),
        "the configuration has more than 2000000 TOML tokens",
        "--> owners.toml:1:1",
    );
    // Files of directories count together with it.
    let comment = format!("#{}\n", "x".repeat(3_000_000));
    let root = format!("nested = true\n{comment}[paths]\n");
    let sandbox = Sandbox::repo([
        ("owners.toml", root.as_str()),
        ("a/owners.toml", comment.as_str()),
        ("b/owners.toml", comment.as_str()),
        ("c/owners.toml", ""),
    ]);
    for command in ["check", "gen", "who a/b b/c"] {
        let output = sandbox.owners(command).output();
        let said = String::from_utf8(output.stderr).unwrap();
        let expected =
            "error: the configuration has more than 8388608 bytes\n --> b/owners.toml:1:1\n";
        assert!(
            said.contains(expected),
            "{}",
            &said[..said.len().min(2_000)]
        );
        assert_eq!(output.status.code(), Some(2));
    }
    // So do those of a commit, where a thousand may be one object, and those that are left out.
    let blob = sandbox.git("rev-parse :a/owners.toml");
    let records: String = (0..1_000)
        .map(|n| format!("100644 {} 0\tm/{n}/owners.toml\0", blob.trim_end()))
        .collect();
    sandbox.git_with_input("update-index -z --index-info", records.as_bytes());
    sandbox.git("commit -qm x");
    let mut commands = vec!["check --rev HEAD", "ls --rev HEAD", "diff HEAD"];
    for sparse in [false, true] {
        if sparse {
            sandbox.git("sparse-checkout set --no-cone /owners.toml");
            commands = vec!["check", "gen"];
        }
        for command in &commands {
            let output = sandbox.owners(command).output();
            let said = String::from_utf8(output.stderr).unwrap();
            let expected = "error: the configuration has more than 8388608 bytes\n --> ";
            assert!(
                said.contains(expected),
                "{command}: {}",
                &said[..said.len().min(2_000)]
            );
            assert_eq!(output.status.code(), Some(2));
        }
    }
}

#[test]
fn patterns_of_all_kinds_together() {
    let hundred = |name: &str| {
        let names: Vec<String> = (0..100).map(|n| format!("{name}{n}")).collect();
        format!("{{{}}}", names.join(","))
    };
    let (x, y) = (hundred("x"), hundred("y"));
    let message = "there are more than 150000 patterns in all";
    let rules = lines(15, |n| format!("'/{n}/{x}{y}' = '@a'"));
    is_refused(
        &format!("[paths]\n{rules}'/z' = '@a'\n"),
        message,
        "--> owners.toml:17:1",
    );
    let except = list(15, |n| format!("'/{n}/{x}{y}'"));
    is_refused(
        &format!("[paths]\n'/z' = {{ owners = '@a', except = {except} }}\n"),
        message,
        "--> owners.toml:2:11071",
    );
    is_refused(
        &format!(
            r"[paths]
[check]
exempt = [
{}'/z']
",
            lines(15, |n| format!("'/{n}/{x}{y}',"))
        ),
        message,
        "--> owners.toml:19:1",
    );
    is_refused(
        &format!("[paths]\n'/{}' = '@a'\n", "a/".repeat(1_000_001)),
        "the patterns have more than 1000000 segments and wildcards in all, the segments of the directories that they apply to included",
        "--> owners.toml:2:1",
    );
}

#[test]
fn owners_together() {
    let owners = |count| list(count, |n| format!("'@a{n}'"));
    is_refused(
        &format!(
            r"[groups]
g = {}
[paths]
'*' = 'g'
",
            owners(1_001)
        ),
        "`*` has 1001 owners, and 1000 are the most",
        "--> owners.toml:4:1",
    );
    let chain = lines(2_100, |n| format!("g{} = ['g{n}', '@a{n}']", n + 1));
    is_refused(
        &format!(
            r"[groups]
g0 = '@a'
{chain}[paths]
'*' = '@a'
"
        ),
        "groups and rules list more than 4000000 owners and groups in all",
        "--> owners.toml:1634:1",
    );
    // A team stands for any number of members.
    let sandbox = Sandbox::current([(
        "owners.toml",
        format!(
            r"[groups.g]
team = '@o/t'
members = {}
[paths]
'*' = 'g'
",
            owners(3_000)
        )
        .as_str(),
    )]);
    sandbox.owners("check -q").prints("");
}

/// Of any number of mistakes a hundred are shown, and not many more are kept.
#[test]
fn mistakes_are_counted() {
    let rules = lines(30_000, |n| format!("'/a{n}//' = 'g{n}'"));
    let sandbox = Sandbox::repo([("owners.toml", &*format!("[paths]\n{rules}"))]);
    let output = sandbox.owners("check").output();
    let said = String::from_utf8(output.stderr).unwrap();
    let last = "60000 errors in the configuration, the first 100 of them shown\n";
    assert!(said.ends_with(last), "{}", &said[said.len() - 200..]);
    assert!(said.contains("`g0`") && !said.contains("`g200`"));
}

#[test]
fn a_codeowners_file() {
    for (text, fault) in [
        (
            lines(150_001, |n| format!("{n}")),
            "line 150001: there are more than 150000 lines with a pattern",
        ),
        (
            format!("* {}\n", "@a ".repeat(1_001)),
            "line 1: there are more than 1000 owners on a line",
        ),
        (
            lines(11, |_| "/a".repeat(100_000)),
            "line 10: there are more than 1000000 slashes in all lines",
        ),
        (
            format!("[s] {}\n{}", "@a ".repeat(1_000), "a\n".repeat(4_001)),
            "line 4001: there are more than 4000000 owners in all lines",
        ),
    ] {
        let sandbox = Sandbox::repo([("CODEOWNERS", text.as_str())]);
        sandbox.git("commit -qm x");
        for command in ["init", "reviewers HEAD", "diff HEAD"] {
            let output = sandbox.owners(command).output();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{command}: {said}");
            assert!(said.contains(fault), "{command}: {said}");
        }
    }
}

#[test]
fn a_line_of_standard_input() {
    let sandbox = Sandbox::repo([("owners.toml", "[paths]\n'*' = '@a'\n")]);
    let longest = "a".repeat(1 << 20);
    let output = sandbox.owners("who --stdin").stdin(&longest).output();
    assert_eq!(output.status.code(), Some(0));
    for (command, help) in [
        ("who --stdin", "write one path a line"),
        ("who --stdin -0", "end each path with a NUL byte"),
    ] {
        sandbox.owners(command).stdin(longest.clone() + "a").refuses(format!(
                "error: a path on standard input has more than 1048576 bytes\n |\n = help: {help}\n\n"
            ));
    }
}

/// The latest commits, as far as they go.
#[test]
fn a_long_history() {
    let sandbox = Sandbox::repo([("a/b", ""), ("c/d", "")]);
    let tree = sandbox.git("write-tree");
    let mut commits = String::new();
    for n in 0..20_010 {
        let now = std::time::SystemTime::now();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let who = if n < 20 { "old" } else { "new" };
        let mode = if n % 2 == 0 { "644" } else { "755" };
        write!(
            commits,
            "commit refs/heads/main\ncommitter T <{who}@x.y> {} +0000\ndata 0\n\
             M 040000 {}\nM 100{mode} inline a/b\ndata 0\n",
            now - 30_000 + n,
            tree.trim_end().to_owned() + " ",
        )
        .unwrap();
    }
    sandbox.git_with_input("fast-import --quiet", commits.as_bytes());
    sandbox.git("symbolic-ref HEAD refs/heads/main");
    sandbox.owners("init -q").prints("");
    let text = sandbox.read("owners.toml");
    assert!(
        text.contains("# \"/a/\" = \"maintainers\" # new@x.y (19990), old@x.y (10)\n"),
        "{text}"
    );
    // Not every directory of a tree made to have many.
    let records: String = (0..1_500)
        .map(|n| format!("100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0\td{n:04}/f\0"))
        .collect();
    sandbox.git_with_input("update-index -z --index-info", records.as_bytes());
    sandbox.owners("init -q --force").prints("");
    let text = sandbox.read("owners.toml");
    assert!(text.ends_with("# and 502 more directories\n"), "{text}");
}

#[cfg(target_os = "linux")]
mod memory {
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
        let rules = lines(60_000, |n| format!("'/a{n}' = '@a'"));
        let sandbox = Sandbox::repo([("owners.toml", &*format!("[paths]\n{rules}")), ("b", "")]);
        for format in ["human", "short", "json", "github", "sarif", "gitlab"] {
            fits(&sandbox, 450, &format!("check --format {format}"), 1);
        }
    }
}

#[cfg(unix)]
mod growth {
    use std::process::Command;

    use super::{lines, list};
    use crate::support::{Sandbox, owners};

    const EMPTY: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

    /// The processor time of a command, in seconds.
    fn time(sandbox: &Sandbox, arguments: &str) -> f64 {
        let script = format!("'{}' {arguments} >../out 2>&1; times", owners().display());
        let mut command: Command = sandbox.command("sh");
        let output = command.args(["-c", &script]).output().unwrap();
        let times = String::from_utf8(output.stdout).unwrap();
        // Of the shell, and below it of what it ran: `0m1.250s 0m0.010s`.
        let user = times.lines().nth(1).unwrap().split(' ').next().unwrap();
        let (minutes, seconds) = user.split_once('m').unwrap();
        let seconds: f64 = seconds.trim_end_matches('s').parse().unwrap();
        minutes.parse::<f64>().unwrap() * 60.0 + seconds
    }

    /// Runs commands on an input and on one eight times as large. What is linear takes eight times as
    /// long, and what is quadratic sixty-four times.
    #[track_caller]
    fn is_linear(size: usize, commands: &[&str], write: impl Fn(&Sandbox, usize)) {
        let [small, large] = [size, 8 * size].map(|size| {
            let sandbox = Sandbox::repo([]);
            write(&sandbox, size);
            sandbox
        });
        for command in commands {
            let few = time(&small, command);
            let most = 24.0 * few.max(0.02);
            let mut many = time(&large, command);
            if many >= most {
                // Other processes take the cache away now and then: once more.
                many = many.min(time(&large, command));
            }
            assert!(
                many < most,
                "{command}: {few} s, and {many} s for eight times as much"
            );
        }
    }

    fn track(sandbox: &Sandbox, count: usize, path: impl Fn(usize) -> String) {
        sandbox.git_with_input("hash-object -w --stdin", b"");
        let records: String = (0..count)
            .map(|n| format!("100644 {EMPTY} 0\t{}\0", path(n)))
            .collect();
        sandbox.git_with_input("update-index -z --index-info", records.as_bytes());
    }

    #[test]
    fn what_is_on_one_line() {
        is_linear(4_000, &["check", "gen --stdout"], |sandbox, size| {
            let rules: String = (0..size).map(|n| format!(", '/a{n}' = '@a'")).collect();
            sandbox.write("owners.toml", format!("paths = {{ '*' = '@a'{rules} }}\n"));
        });
        is_linear(
            4_000,
            &["check", "check --fix --dry-run"],
            |sandbox, size| {
                let exempt = list(size, |n| format!("'/a{n}'"));
                let config = format!(
                    r"[paths]
'/b' = '@a'
[check]
exempt = {exempt}
"
                );
                sandbox.write("owners.toml", config);
                track(sandbox, 10, |n| format!("b/{n}"));
            },
        );
    }

    #[test]
    fn exceptions_and_alternatives() {
        is_linear(2_000, &["check"], |sandbox, size| {
            let except = list(size, |n| format!("'/x/{n}'"));
            let rule = format!("'/x/' = {{ owners = '@a', except = {except} }}");
            sandbox.write("owners.toml", format!("[paths]\n{rule}\n"));
            track(sandbox, size / 2, |n| format!("x/{n}"));
        });
        is_linear(1_000, &["check"], |sandbox, size| {
            let names: Vec<String> = (0..size).map(|n| format!("a{n}")).collect();
            let rule = format!("'/{{{}}}' = '@a'", names.join(","));
            sandbox.write("owners.toml", format!("[paths]\n{rule}\n"));
            track(sandbox, 1, |_| "a0/b".into());
        });
    }

    /// Ten thousand lines are not as long as one of them.
    #[test]
    fn one_long_alternative() {
        is_linear(1_000, &["gen --stdout"], |sandbox, size| {
            let names: Vec<String> = (0..size).map(|n| format!("a{n}")).collect();
            let long = "b".repeat(4 * size);
            let rule = format!("'/{{{long},{}}}' = '@a'", names.join(","));
            sandbox.write("owners.toml", format!("[paths]\n{rule}\n"));
        });
    }

    #[test]
    fn names_that_are_not_known() {
        is_linear(200, &["check"], |sandbox, size| {
            let long = "g".repeat(144);
            let groups = lines(size, |n| format!("{long}{n:06} = '@a'"));
            let rules = lines(size, |n| format!("'/a{n}' = '{long}{n:05}'"));
            sandbox.write("owners.toml", format!("[groups]\n{groups}[paths]\n{rules}"));
        });
        is_linear(200, &["check"], |sandbox, size| {
            let long = "x".repeat(140);
            let rules = lines(size, |n| format!("'/d/{long}{n}' = '@a'"));
            sandbox.write("owners.toml", format!("[paths]\n{rules}"));
            track(sandbox, size, |n| format!("d/{long}{n:06}"));
        });
        is_linear(1_000, &["check"], |sandbox, size| {
            let login = "x".repeat(30);
            let members = list(size, |n| format!("'@{login}{n:06}'"));
            let group = format!(
                r"[groups.g]
team = '@o/t'
members = {members}
"
            );
            let config = format!(
                r"{group}[paths]
'*' = 'g'
[check]
roster = 'r'
"
            );
            sandbox.write("owners.toml", config);
            sandbox.write("r", lines(size, |n| format!("@{login}{n:08}")));
        });
        is_linear(2_000, &["check"], |sandbox, size| {
            let lints = lines(size, |n| format!("ded-pattern{n} = 'warn'"));
            sandbox.write("owners.toml", format!("[paths]\n[lints]\n{lints}"));
        });
    }

    /// The directory that they are in is not read again for each.
    #[test]
    fn files_of_directories_of_a_commit() {
        is_linear(1_500, &["ls --rev HEAD"], |sandbox, size| {
            sandbox.write(
                "owners.toml",
                r"nested = true
[paths]
'*' = '@a'
",
            );
            sandbox.write("d/owners.toml", "[paths]\n'*' = '@b'\n");
            sandbox.git("add -A");
            let blob = sandbox.git("rev-parse :d/owners.toml");
            let records: String = (0..size)
                .map(|n| format!("100644 {} 0\tdirectory-{n}/owners.toml\0", blob.trim_end()))
                .collect();
            sandbox.git_with_input("update-index -z --index-info", records.as_bytes());
            sandbox.git("commit -q -m x");
        });
    }

    #[test]
    fn files_of_directories() {
        is_linear(100, &["check"], |sandbox, size| {
            sandbox.write(
                "owners.toml",
                r"nested = true
[paths]
'*' = '@a'
",
            );
            for n in 0..size {
                sandbox.write(format!("d{n}/owners.toml"), "=");
                sandbox.write(format!("d{n}/a/owners.toml"), "[paths]\n'a' = '@a'\n");
            }
            sandbox.git("add -A");
        });
        is_linear(100, &["check"], |sandbox, size| {
            let except = list(size, |n| format!("'x{n}*y*z'"));
            sandbox.write(
                "owners.toml",
                format!("nested = {{ except = {except} }}\n[paths]\n"),
            );
            for n in 0..size {
                sandbox.write(format!("d{n}/owners.toml"), "[paths]\n'a' = '@a'\n");
            }
            sandbox.git("add -A");
        });
        // Groups are looked up in all files above.
        is_linear(40, &["check"], |sandbox, size| {
            sandbox.write(
                "owners.toml",
                r"nested = true
[groups]
g = '@a'
[paths]
'*' = 'g'
",
            );
            let rules = lines(10, |n| format!("'{n}' = 'g'"));
            for n in 0..size {
                let directory = "a/".repeat(30) + &n.to_string();
                sandbox.write(
                    format!("{directory}/owners.toml"),
                    format!("[paths]\n{rules}"),
                );
            }
            sandbox.git("add -A");
        });
    }

    #[test]
    fn an_owner_for_each_path() {
        let commands = [
            "who .",
            "who --explain .",
            "who --json .",
            "stats --by owner",
        ];
        is_linear(2_000, &commands, |sandbox, size| {
            let rules = lines(size, |n| format!("'/a{n}' = '@a{n}'"));
            sandbox.write("owners.toml", format!("[paths]\n{rules}"));
            track(sandbox, size, |n| format!("a{n}/b"));
        });
    }

    #[test]
    fn directories_within_each_other() {
        is_linear(500, &["stats --by dir --depth 255"], |sandbox, size| {
            sandbox.write("owners.toml", "[paths]\n'*.b' = '@a'\n");
            let above = "a/".repeat(250);
            track(sandbox, size, |n| format!("{above}{n}/f"));
        });
    }

    #[test]
    fn groups_in_groups() {
        is_linear(150, &["stats", "ls g0"], |sandbox, size| {
            let groups = lines(size, |n| format!("g{} = 'g{n}'", n + 1));
            let rules = lines(size, |n| format!("'/a{n}' = 'g{size}'"));
            let config = format!(
                r"[groups]
g0 = '@a'
{groups}[paths]
{rules}"
            );
            sandbox.write("owners.toml", config);
            track(sandbox, 10, |n| format!("a{n}/b"));
        });
    }

    #[test]
    fn codeowners_files() {
        let init: &[&str] = &["init --force -q"];
        for line in [
            |n: usize| format!("/a{n}/b/c @a{}", n % 10),
            // Groups that want the same name.
            |n: usize| format!("/a{n} @o{n}/t @p{}", n / 2),
            |n: usize| format!("/a{n} @a @b{} @c{}", n / 2, n / 2),
        ] {
            is_linear(1_000, init, |sandbox, size| {
                sandbox.write(".github/CODEOWNERS", lines(size, line));
            });
        }
        is_linear(100, init, |sandbox, size| {
            let owners: String = (0..size).map(|n| format!(" @a{n}")).collect();
            sandbox.write(".github/CODEOWNERS", format!("/a{owners}\n/b{owners}\n"));
        });
        // A line that is one pattern on GitHub, and thousands where braces are alternatives.
        is_linear(10, init, |sandbox, size| {
            let alternatives = "{a,b}".repeat(10);
            let text = lines(size, |n| format!("/{n}{alternatives} @a"));
            sandbox.write(".github/CODEOWNERS", text);
        });
        is_linear(
            500,
            &["init --force -q --platform gitlab"],
            |sandbox, size| {
                sandbox.write(
                    "CODEOWNERS",
                    lines(size, |n| format!("[s{n}] @a\n/a{n}/b/c/")),
                );
                track(sandbox, 100, |n| format!("a{n}/b/c/d"));
            },
        );
        // Words that are no owners, each with its column.
        is_linear(
            2_000,
            &["init --force -q --platform gitlab"],
            |sandbox, size| {
                sandbox.write("CODEOWNERS", format!("* {}\n", "é ".repeat(size)));
            },
        );
    }

    /// Ten directories that are one, in each of which are ten that are one, and so on: who worked in the
    /// directory at the root is told without a look at a billion paths.
    #[test]
    fn a_commit_of_one_directory_many_times() {
        let sandbox = Sandbox::repo([("d/f", "")]);
        sandbox.git("commit -qm x");
        let mut tree = sandbox.git("rev-parse HEAD:d");
        for _ in 0..9 {
            let entries = lines(10, |n| format!("040000 tree {}\td{n}", tree.trim_end()));
            sandbox.write("../entries", entries);
            let mut command = sandbox.command("sh");
            let output = command.args(["-c", "git mktree < ../entries"]).output();
            tree = String::from_utf8(output.unwrap().stdout).unwrap();
        }
        sandbox.write(
            "../entries",
            format!("040000 tree {}\td\n", tree.trim_end()),
        );
        let mut command = sandbox.command("sh");
        let script =
            "git update-ref HEAD $(git commit-tree -p HEAD -m y $(git mktree < ../entries))";
        assert!(command.args(["-c", script]).status().unwrap().success());
        assert!(time(&sandbox, "init") < 5.0);
        let text = sandbox.read("owners.toml");
        assert!(
            text.contains("# \"/d/\" = \"maintainers\" # t@example.com (2)\n"),
            "{text}"
        );
    }

    #[test]
    fn changes_of_many_owners() {
        is_linear(
            1_000,
            &["reviewers base", "diff base HEAD -q"],
            |sandbox, size| {
                sandbox.write("CODEOWNERS", lines(size, |n| format!("/a{n} @a{n} @all")));
                sandbox.git("add CODEOWNERS");
                track(sandbox, size, |n| format!("a{n}/b"));
                sandbox.git("commit -qm x");
                sandbox.git("branch base");
                track(sandbox, size, |n| format!("a{n}/c"));
                sandbox.git("commit -qm x");
            },
        );
    }
}
