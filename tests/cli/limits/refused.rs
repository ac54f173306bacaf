//! What is refused, with the limit in the message, and where it begins.

use std::fmt::Write as _;

use snapbox::str;

use super::{lines, list};
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

#[test]
fn outputs() {
    let config = |count| {
        let outputs = lines(count, |n| format!("[[output]]\nfile = 'o/{n}'"));
        format!("[paths]\n'*' = '@a'\n{outputs}")
    };
    is_refused(
        &config(4_000),
        "there are 4000 outputs; at most 32 are allowed",
        "--> owners.toml:67:1",
    );
    // One git process says which of the others are ignored.
    let sandbox = Sandbox::repo([("owners.toml", config(32).as_str()), (".gitignore", "7\n")]);
    sandbox.owners("gen -q").prints("");
    let trace = sandbox.root.join("../trace");
    let output = sandbox
        .owners("check -q --format short")
        .env("GIT_TRACE2_EVENT", &trace)
        .output();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.matches("git ignores `o/7`").count(), 1, "{said}");
    assert_eq!(said.matches("is not tracked").count(), 31, "{said}");
    let trace = std::fs::read_to_string(trace).unwrap();
    assert_eq!(trace.matches("\"event\":\"start\"").count(), 1, "{trace}");
}

/// Each process would compare with every pattern of `.gitignore`.
#[test]
fn one_process_stages_all_outputs() {
    let outputs = lines(3, |n| format!("[[output]]\nfile = 'o/{n}'"));
    let config = format!("[paths]\n'*' = '@a'\n{outputs}");
    let sandbox = Sandbox::repo([("owners.toml", config.as_str())]);
    let trace = sandbox.root.join("../trace");
    let run = sandbox.owners("gen --stage -q");
    run.env("GIT_TRACE2_EVENT", &trace).prints("");
    assert_eq!(
        sandbox.git("ls-files o").lines().collect::<Vec<_>>(),
        ["o/0", "o/1", "o/2"]
    );
    let trace = std::fs::read_to_string(trace).unwrap();
    assert_eq!(
        trace.matches(r#""--literal-pathspecs","add""#).count(),
        1,
        "{trace}"
    );
}

#[test]
fn lines_of_an_imported_file() {
    let file = lines(50_000, |n| format!("/a{n} @a"));
    let sandbox = Sandbox::repo([(".github/CODEOWNERS", file.as_str())]);
    sandbox.owners("init -q").prints("");
    sandbox.write(".github/CODEOWNERS", format!("{file}\n# one more\n/b @a\n"));
    sandbox.owners("init --force").refuses(str![[r#"
error: cannot import `.github/CODEOWNERS`
 = note: line 50003: there are more than 50000 lines with a pattern
 = help: write one line for a directory instead of one for each of its files, then try again

"#]]);
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
error: the files of the outputs up to `o/2` have 18874368 bytes together; the limit is 16777216

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
    let message = "there are more than 100000 patterns in all";
    let rules = lines(10, |n| format!("'/{n}/{x}{y}' = '@a'"));
    is_refused(
        &format!("[paths]\n{rules}'/z' = '@a'\n"),
        message,
        "--> owners.toml:12:1",
    );
    let except = list(10, |n| format!("'/{n}/{x}{y}'"));
    is_refused(
        &format!("[paths]\n'/z' = {{ owners = '@a', except = {except} }}\n"),
        message,
        "--> owners.toml:2:7127",
    );
    is_refused(
        &format!(
            r"[paths]
[check]
exempt = [
{}'/z']
",
            lines(10, |n| format!("'/{n}/{x}{y}',"))
        ),
        message,
        "--> owners.toml:14:1",
    );
    is_refused(
        &format!("[paths]\n'/{}' = '@a'\n", "a/".repeat(1_000_001)),
        "the patterns have more than 1000000 segments and wildcards in all, the segments of the directories that they apply to included",
        "--> owners.toml:2:1",
    );
}

/// To find that every expansion is wrong takes as long as to use them.
#[test]
fn wrong_patterns_that_multiply() {
    let multiplied = "{a,b}".repeat(13);
    let rules = lines(100, |n| format!("'/{n}{multiplied}//' = '@a'"));
    let sandbox = Sandbox::repo([("owners.toml", &*format!("[paths]\n{rules}"))]);
    let output = sandbox.owners("check").output();
    let said = String::from_utf8(output.stderr).unwrap();
    // Each rule before the limit has its own fault.
    let (_, last) = said.rsplit_once("error: ").unwrap();
    let expected = "there are more than 100000 patterns in all\n  --> owners.toml:14:1\n";
    assert!(last.starts_with(expected), "{last}");
}

/// Those of one file and of the files above it. Directories beside each other count apart.
#[test]
fn additions_together() {
    let rules = |from: usize, count, owners: usize| {
        let owners = list(owners, |n| format!("'@a{n}'"));
        lines(count, |n| {
            format!("'/a{}' = {{ add = {owners} }}", from + n)
        })
    };
    is_refused(
        &format!("[paths]\n{}", rules(0, 1_001, 1)),
        "this file and those above it have more than 1000 rules with `add`",
        "--> owners.toml:1002:1",
    );
    is_refused(
        &format!("[paths]\n{}", rules(0, 5, 1_000)),
        "this file and those above it have more than 4000 owners in rules with `add`",
        "--> owners.toml:6:1",
    );
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            &*format!("nested = true\n[paths]\n{}", rules(0, 400, 1)),
        ),
        ("a/owners.toml", &*format!("[paths]\n{}", rules(0, 600, 1))),
        ("b/owners.toml", &*format!("[paths]\n{}", rules(0, 500, 1))),
    ]);
    sandbox.owners("gen -q").prints("");
    sandbox.write("b/c/owners.toml", format!("[paths]\n{}", rules(0, 101, 1)));
    sandbox.git("add -A");
    let output = sandbox.owners("gen -q").output();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--> b/c/owners.toml:102:1"), "{said}");
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
        "`*` has 1001 owners; at most 1000 are allowed",
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
    sandbox.owners("check -q --format short").prints("");
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
            lines(100_001, |n| format!("{n}")),
            "line 100001: there are more than 100000 lines with a pattern",
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
        let sandbox = Sandbox::committed([("CODEOWNERS", text.as_str())]);
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
        sandbox
            .owners(command)
            .stdin(longest.clone() + "a")
            .refuses(format!(
                "error: a path on standard input has more than 1048576 bytes\n = help: {help}\n"
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
            "commit refs/heads/main\ncommitter {who} <t@x.y> {} +0000\ndata 0\n\
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
        text.contains("#: \"/a/\" = \"maintainers\" # new (19990), old (10)\n"),
        "{text}"
    );
    // Not every directory of a tree made to have many.
    let records: String = (0..1_500)
        .map(|n| format!("100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391 0\td{n:04}/f\0"))
        .collect();
    sandbox.git_with_input("update-index -z --index-info", records.as_bytes());
    sandbox.owners("init -q --force").prints("");
    let text = sandbox.read("owners.toml");
    assert!(text.ends_with("#: and 502 more directories\n"), "{text}");
}
