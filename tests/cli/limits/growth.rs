//! Processor time grows with the size of an input, and no faster.

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
        let most = 24.0 * few.max(0.05);
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
    // Every other one stays.
    is_linear(4_000, &["check --fix=tree --dry-run"], |sandbox, size| {
        let exempt = list(size, |n| format!("'/a{n}'"));
        let config = format!("[paths]\n[check]\nexempt = {exempt}\n");
        sandbox.write("owners.toml", config);
        track(sandbox, size / 2, |n| format!("a{}", 2 * n));
    });
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

/// What is added to every path, or to a part of each rule, and that many times.
#[test]
fn additions() {
    is_linear(1_000, &["check", "gen --stdout"], |sandbox, size| {
        let rules = lines(size, |n| format!("'/d{}/e{n}/' = '@a{n}'", n % 50));
        let added = "'**' = { add = '@x' }\n'*.md' = { add = '@y', except = '/d7/' }\n";
        sandbox.write(
            "owners.toml",
            format!("[paths]\n'*' = '@a'\n{rules}{added}"),
        );
        track(sandbox, size, |n| format!("d{}/e{n}/x.md", n % 50));
    });
    is_linear(50, &["check", "gen --stdout"], |sandbox, size| {
        let rules = lines(100, |n| format!("'/d{n}/' = '@a{n}'"));
        let added = lines(size, |n| {
            format!("'/d{}/x{n}/' = {{ add = '@x{n}' }}", n % 100)
        });
        let every = "'*' = { add = '@y' }\n";
        sandbox.write("owners.toml", format!("[paths]\n{rules}{added}{every}"));
        track(sandbox, size, |n| format!("d{}/x{n}/y", n % 100));
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
    is_linear(150, &["stats", "ls --group g0"], |sandbox, size| {
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
    let sandbox = Sandbox::committed([("d/f", "")]);
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
    let script = "git update-ref HEAD $(git commit-tree -p HEAD -m y $(git mktree < ../entries))";
    assert!(command.args(["-c", script]).status().unwrap().success());
    assert!(time(&sandbox, "init") < 5.0);
    let text = sandbox.read("owners.toml");
    assert!(
        text.contains("#: \"/d/\" = \"maintainers\" # T (2)\n"),
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
