//! Commits that somebody made by hand and pushed: trees that git would not write, trees with more
//! paths than fit anywhere, and files too large to be read. Each is refused with exit code 2 and a
//! message that names the commit, or answered as any other, in bounded time.

use std::fmt::Write as _;
use std::fs;

use crate::support::Sandbox;

/// The mode, name and object of each.
type Entries<'e> = [(&'e str, &'e str, &'e str)];

const CONFIG: &str = "[paths]\n'*' = '@a'\n";
const FILE: &str = "100644";
const TREE: &str = "40000";
const GITLINK: &str = "160000";

/// Writes an object, whatever is in it.
#[track_caller]
fn object(sandbox: &Sandbox, kind: &str, contents: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::new_in(sandbox.root.join("..")).unwrap();
    std::io::Write::write_all(&mut file, contents).unwrap();
    let mut command = sandbox.command("git");
    let output = command
        .args([
            "hash-object",
            "-w",
            "--literally",
            "--no-filters",
            "-t",
            kind,
        ])
        .arg(file.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_string()
}

/// Entries of a tree in this very order, however wrong.
fn tree(sandbox: &Sandbox, entries: &Entries<'_>) -> String {
    let mut contents = Vec::new();
    for (mode, name, object) in entries {
        contents.extend_from_slice(format!("{mode} {name}\0").as_bytes());
        let digits: Vec<char> = object.chars().collect();
        contents.extend(
            digits
                .chunks(2)
                .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()),
        );
    }
    object(sandbox, "tree", &contents)
}

fn commit(sandbox: &Sandbox, tree: &str) -> String {
    sandbox
        .git(&format!("commit-tree {tree} -p HEAD -m x"))
        .trim()
        .to_string()
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::current([("owners.toml", CONFIG), ("a", ""), ("d/x", "")]);
    sandbox.git("commit -qm x");
    sandbox
}

/// Every command that looks into a commit.
const COMMANDS: [&str; 9] = [
    "check --rev {}",
    "ls --rev {}",
    "stats --rev {}",
    "suggest --rev {}",
    "risk --rev {}",
    "diff {}",
    "diff HEAD {}",
    "reviewers HEAD {}",
    "reviewers {}",
];

/// Demands that a commit of each of these is refused for this fault, whatever the index is.
#[track_caller]
fn refuses_all(sandbox: &Sandbox, rows: &[(&Entries<'_>, &str)]) {
    for (entries, fault) in rows {
        let commit = commit(sandbox, &tree(sandbox, entries));
        refuses(sandbox, &commit, fault);
        let index = sandbox.root.join(".git/index");
        let sound = fs::read(&index).unwrap();
        fs::remove_file(&index).unwrap();
        refuses(sandbox, &commit, fault);
        fs::write(&index, sound).unwrap();
    }
}

#[test]
fn trees_that_are_out_of_order() {
    let sandbox = sandbox();
    let blob = object(&sandbox, "blob", CONFIG.as_bytes());
    let link = "1".repeat(40);
    let sub = tree(&sandbox, &[(FILE, "x", &blob)]);
    let config = (FILE, "owners.toml", blob.as_str());
    refuses_all(
        &sandbox,
        &[
            (
                &[
                    config,
                    (GITLINK, "b", &link),
                    (GITLINK, "owners.toml", &link),
                    config,
                ],
                "`b` comes after `owners.toml`, out of order",
            ),
            (&[config, config], "`owners.toml` is in it twice"),
            (
                &[config, (GITLINK, "owners.toml", &link)],
                "`owners.toml` is in it twice",
            ),
            (
                &[(FILE, "d", &blob), (TREE, "d", &sub), config],
                "`d` is in it twice",
            ),
            (
                &[
                    (FILE, "d", &blob),
                    (FILE, "d.x", &blob),
                    (TREE, "d", &sub),
                    config,
                ],
                "`d` is in it twice",
            ),
            (
                &[(TREE, "d", &sub), (FILE, "d.x", &blob), config],
                "`d.x` comes after `d`, out of order",
            ),
        ],
    );
}

#[test]
fn trees_with_names_that_no_file_has() {
    let sandbox = sandbox();
    let blob = object(&sandbox, "blob", CONFIG.as_bytes());
    let sub = tree(&sandbox, &[(FILE, "x", &blob)]);
    let config = (FILE, "owners.toml", blob.as_str());
    refuses_all(
        &sandbox,
        &[
            (
                &[(FILE, ".", &blob), config],
                "the root directory has an entry called `.`",
            ),
            (
                &[(TREE, "..", &sub), config],
                "the root directory has an entry called `..`",
            ),
            (
                &[(FILE, "a/b", &blob), config],
                "the root directory has an entry called `a/b`, with a slash in its name",
            ),
            // `d/x` and `d/y` look as if both were in `d`.
            (
                &[(TREE, "d", &sub), (FILE, "d/y", &blob), config],
                "the root directory has an entry called `d/y`, with a slash in its name",
            ),
        ],
    );
}

#[test]
fn trees_with_directories_that_are_wrong() {
    let sandbox = sandbox();
    let blob = object(&sandbox, "blob", CONFIG.as_bytes());
    let link = "1".repeat(40);
    let bad = tree(&sandbox, &[(FILE, "y", &blob), (FILE, "x", &blob)]);
    let config = (FILE, "owners.toml", blob.as_str());
    refuses_all(
        &sandbox,
        &[
            (
                &[(TREE, "d", &bad), config],
                "`d/x` comes after `d/y`, out of order",
            ),
            (
                &[(TREE, "d", &blob), config],
                "the directory `d/` is a file where a directory should be",
            ),
            (
                &[(TREE, "d", &link), config],
                "the directory `d/` is missing from the repository",
            ),
        ],
    );
}

#[track_caller]
fn refuses(sandbox: &Sandbox, commit: &str, fault: &str) {
    let refuses = |command: &str| {
        let output = sandbox.owners(command).output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}: {said}");
        let is_named = said.contains(fault) && said.contains(commit);
        assert!(is_named, "{command}: {fault}: {said}");
    };
    for command in COMMANDS {
        refuses(&command.replace("{}", commit));
    }
    // What a change starts from is the merge base.
    let head = sandbox.git("rev-parse HEAD");
    let child = sandbox.git(&format!("commit-tree HEAD^{{tree}} -p {commit} -m x"));
    sandbox.git(&format!("update-ref HEAD {child}"));
    refuses(&format!("check --changed {commit}"));
    sandbox.git(&format!("update-ref HEAD {head}"));
}

/// The index that git itself makes of such a tree may hide what is wrong with it.
#[test]
fn a_broken_tree_in_the_index() {
    let sandbox = sandbox();
    let blob = object(&sandbox, "blob", CONFIG.as_bytes());
    let other = object(&sandbox, "blob", b"[paths]\n'*' = '@b'\n");
    let config = (FILE, "owners.toml", blob.as_str());
    let trees = [
        tree(&sandbox, &[config, config]),
        tree(&sandbox, &[config, (FILE, "owners.toml", &other)]),
        tree(&sandbox, &[(FILE, "a/b", &blob), config]),
        tree(&sandbox, &[config, (FILE, "a", &blob)]),
    ];
    for tree in trees {
        let commit = commit(&sandbox, &tree);
        let mut git = sandbox.command("git");
        let _ = git.args(["read-tree", &commit]).output().unwrap();
        let output = sandbox.owners(&format!("check --rev {commit}")).output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&commit), "{said}");
    }
}

/// Each level contains the one below ten times: few bytes, ten billion paths.
#[test]
fn trees_with_too_many_paths() {
    let sandbox = sandbox();
    let blob = object(&sandbox, "blob", CONFIG.as_bytes());
    for (leaf, what) in [
        (tree(&sandbox, &[(FILE, "x", &blob)]), "files"),
        (tree(&sandbox, &[]), "directories alone"),
    ] {
        let mut level = leaf;
        for _ in 0..10 {
            let names: Vec<String> = (0..10).map(|n| format!("d{n}")).collect();
            let entries: Vec<_> = names
                .iter()
                .map(|name| (TREE, &name[..], &level[..]))
                .collect();
            level = tree(&sandbox, &entries);
        }
        let root = tree(
            &sandbox,
            &[(TREE, "d", &level), (FILE, "owners.toml", &blob)],
        );
        let commit = commit(&sandbox, &root);
        let output = sandbox
            .owners(&format!("check --rev {commit}"))
            .processor_seconds(60)
            .output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{what}: {said}");
        let limit = "it has more than 5000000 files and directories, which is the limit";
        assert!(
            said.contains(limit) && said.contains(&commit),
            "{what}: {said}"
        );
    }
}

/// Directories in each other, deeper than git goes. Git before 2.43 has no limit of its own, and finds
/// the difference to the index.
#[test]
fn trees_that_are_too_deep() {
    let sandbox = sandbox();
    let mut input = String::from("commit refs/heads/deep\ncommitter T <t@example.com> 0 +0000\n");
    let _ = writeln!(input, "data 1\nx\nM 100644 inline owners.toml");
    let _ = writeln!(input, "data {}\n{CONFIG}", CONFIG.len());
    let _ = writeln!(input, "M 100644 inline {}f\ndata 0", "d/".repeat(3000));
    sandbox.git_with_input("fast-import --quiet", input.as_bytes());
    for arguments in ["check --rev deep", "diff HEAD deep", "reviewers deep"] {
        let output = sandbox.owners(arguments).output();
        let said = String::from_utf8(output.stderr).unwrap();
        let is_refused = said.contains("it has more than 2048 levels of directories");
        match output.status.code() {
            Some(0 | 1) => {}
            code => assert!(code == Some(2) && is_refused, "{arguments}: {said}"),
        }
    }
}

/// A commit with `name` in place of a file that is too large, which takes no time to make.
fn with_large(sandbox: &Sandbox, name: &str) {
    let file = fs::File::create(sandbox.root.join("../large")).unwrap();
    file.set_len((8 << 20) + 1).unwrap();
    let large = sandbox.git("hash-object -w --no-filters ../large");
    let entry = format!("100644 {} 0\t{name}\n", large.trim());
    sandbox.git_with_input("update-index --index-info", entry.as_bytes());
    sandbox.git("commit -qm large");
}

#[test]
fn objects_that_are_too_large_are_not_read() {
    for (name, config) in [
        ("owners.toml", CONFIG),
        (".github/CODEOWNERS", CONFIG),
        (
            "roster.md",
            r"[check]
roster = 'roster.md'
[paths]
'*' = '@a'
",
        ),
        (
            "sub/owners.toml",
            r"nested = true
[paths]
'*' = '@a'
",
        ),
    ] {
        let sandbox = Sandbox::current([("owners.toml", config), ("a", "")]);
        sandbox.git("commit -qm x");
        with_large(&sandbox, name);
        let refused = |arguments: &str| {
            let output = sandbox.owners(arguments).output();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{name}: {arguments}: {said}");
            for part in [name, "8388609 bytes; the limit is 8388608"] {
                assert!(said.contains(part), "{name}: {arguments}: {said}");
            }
        };
        refused("check --rev HEAD");
        // The same where a sparse checkout leaves the file out.
        let _ = fs::remove_file(sandbox.root.join(name));
        sandbox.git("sparse-checkout set --no-cone /a");
        assert!(!sandbox.root.join(name).exists());
        refused("check");
    }
}

/// One process of git answers for all files of a commit, and none is left behind.
#[test]
fn many_files_in_a_commit_take_no_process_each() {
    let sandbox = Sandbox::plain();
    sandbox.git("init -q");
    let mut input = String::from("commit refs/heads/main\ncommitter T <t@example.com> 0 +0000\n");
    let config = r"nested = true
[paths]
'*' = '@all'
";
    let _ = write!(input, "data 1\nx\nM 100644 inline owners.toml\n");
    let _ = writeln!(input, "data {}\n{config}", config.len());
    for n in 0..3000 {
        let text = format!("[paths]\n'*' = '@team-{n}'\n");
        let _ = writeln!(input, "M 100644 inline d{}/s{n}/owners.toml", n % 30);
        let _ = writeln!(input, "data {}\n{text}", text.len());
    }
    sandbox.git_with_input("fast-import --quiet", input.as_bytes());
    sandbox.git("commit-graph write");
    let count = |arguments: &str| {
        let log = sandbox.root.join("../trace");
        let _ = fs::remove_file(&log);
        let run = sandbox.owners(arguments).env("GIT_TRACE2_EVENT", &log);
        let output = run.output();
        assert_ne!(output.status.code(), Some(2), "{output:?}");
        let log = fs::read_to_string(log).unwrap();
        log.matches("\"event\":\"version\"").count()
    };
    for (arguments, most) in [
        ("check --rev main", 8),
        ("ls --rev main", 8),
        ("diff main main", 14),
        ("reviewers main main", 24),
    ] {
        let count = count(arguments);
        assert!(count <= most, "{arguments}: {count}");
    }
    assert_eq!(
        String::from_utf8(
            sandbox
                .owners("ls --name-only --rev main --owner @team-2999")
                .output()
                .stdout
        )
        .unwrap(),
        "d29/s2999/owners.toml\n"
    );
}

/// A directory whose name is two lines is asked for in another way: git takes one line a question.
#[cfg(unix)]
#[test]
fn files_in_directories_whose_names_have_lines() {
    let sandbox = Sandbox::committed([
        (
            "owners.toml",
            r"nested = true
[paths]
'*' = '@a'
",
        ),
        ("d\ne/f/owners.toml", "[paths]\n'*' = '@b'\n"),
        ("d\r/owners.toml", "[paths]\n'*' = '@c'\n"),
        ("d\ne/owners.tomls", ""),
    ]);
    for arguments in [
        "ls --name-only -0 --owner @b --rev HEAD",
        "ls --name-only -0 --owner @b",
    ] {
        let output = sandbox.owners(arguments).output();
        assert_eq!(
            output.stdout, b"d\ne/f/owners.toml\0",
            "{arguments}: {output:?}"
        );
    }
}

/// What a git answers that ends, or stops making sense, while it answers: at once, in a header, in the
/// contents, with a complaint. And what is said of it.
#[cfg(unix)]
const LAST_WORDS: [(&str, &str); 11] = [
    ("exit 3", "it ended before it had answered (exit status: 3"),
    (
        "printf 'abc blo'; exit 0",
        "it ended before it had answered (exit status: 0",
    ),
    (
        "printf 'abc blob 100\\nabc'; exit 1",
        "it ended before it had answered (exit status: 1",
    ),
    (
        "echo fatal: no space >&2; exit 128",
        " = note: fatal: no space",
    ),
    ("kill -9 $$", "it ended before it had answered (signal: 9"),
    (
        "echo abc blob x",
        "unexpected output of `git cat-file`: `abc blob x`",
    ),
    (
        "echo abc blob -1",
        "unexpected output of `git cat-file`: `abc blob -1`",
    ),
    (
        "printf 'abc blob 1\\naa'; cat",
        "unexpected output of `git cat-file`",
    ),
    (
        "echo abc blob 99999999999999999999",
        "unexpected output of `git cat-file`",
    ),
    (
        "head -c 5000000 /dev/zero >&2; exit 1",
        "`git cat-file --batch` failed",
    ),
    (
        "echo abc blob 3000000000; cat /dev/zero",
        "it has 3000000000 bytes; the limit is 8388608",
    ),
];

#[cfg(unix)]
#[test]
fn a_git_that_dies_in_the_middle() {
    let nested: Vec<(String, String)> = (0..100)
        .map(|n| (format!("d{n}/owners.toml"), "[paths]\n'*' = '@b'\n".into()))
        .collect();
    let nested = nested.iter().map(|(name, text)| (&name[..], &text[..]));
    let root = (
        "owners.toml",
        r"nested = true
[paths]
'*' = '@a'
",
    );
    let sandbox = Sandbox::committed([root].into_iter().chain(nested));
    let real = sandbox
        .command("sh")
        .args(["-c", "command -v git"])
        .output()
        .unwrap();
    let real = String::from_utf8(real.stdout).unwrap();
    for (answer, said) in LAST_WORDS {
        for only in ["--batch", "--buffer"] {
            let script = format!(
                "#!/bin/sh\ncase \"$*\" in *{only}) read question; {answer};; *) exec {} \"$@\";; esac\n",
                real.trim()
            );
            sandbox.write_program("../bin/git", script);
            let output = sandbox
                .owners("check --rev HEAD")
                .processor_seconds(30)
                .env("PATH", sandbox.path_with("../bin"))
                .output();
            let shown = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{answer}: {shown}");
            assert!(shown.contains(said), "{only}: {answer}: {shown}");
        }
    }
}

/// What the user names is read with the same limit.
#[test]
fn named_files_that_are_too_large_are_not_read() {
    let sandbox = sandbox();
    let file = fs::File::create(sandbox.root.join("large")).unwrap();
    file.set_len(3 << 30).unwrap();
    for arguments in ["check --config large", "init --force --from large"] {
        let output = sandbox.owners(arguments).output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        assert!(
            said.contains("it has 3221225472 bytes; the limit is 8388608"),
            "{said}"
        );
    }
    #[cfg(unix)]
    {
        let mut command = sandbox.command(crate::support::owners());
        command.args(["check", "--config", "/dev/zero"]);
        let output = command.stdin(std::process::Stdio::null()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("it has more than 8388608 bytes"), "{said}");
    }
}
