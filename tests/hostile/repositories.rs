//! The hostile repositories, each built from nothing: what a pull request may bring, in file
//! contents, tree objects and names.
//!
//! Every one starts from a sound commit on `main`; what is hostile comes on the branch `evil`, which
//! is checked out. Beside the repository lies `outside`, which nothing may change and nothing may
//! show.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::SystemTime;

use crate::support::{Sandbox, git_output};

/// Word that stands in files outside of the repository.
pub(crate) const SECRET: &str = "secret-of-others";

/// How large an input is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// For every test run, with a build for debugging.
    Small,
    /// What the limits are about.
    Full,
}

impl Size {
    fn of(self, small: usize, full: usize) -> usize {
        match self {
            Size::Small => small,
            Size::Full => full,
        }
    }
}

/// A hostile repository in a sandbox.
pub(crate) struct Repository {
    pub(crate) sandbox: Sandbox,
    /// How large its input is, in words.
    pub(crate) size: String,
    /// In which directory the commands run.
    pub(crate) start: &'static str,
    pub(crate) refusal: Option<Refusal>,
}

/// Some commands exit with 2.
pub(crate) struct Refusal {
    pub(crate) is_of: fn(&str) -> bool,
    /// What they say then on standard error.
    pub(crate) saying: &'static str,
}

/// A builder and the name of what it builds.
pub(crate) type Builder = (&'static str, fn(Size) -> Repository);

pub(crate) const BUILDERS: &[Builder] = &[
    ("bare repository with a monitor", bare_with_monitor),
    ("bare repository with a remote", bare_with_remote),
    ("bare repository with a working tree", bare_with_worktree),
    ("commit with a gitlink between", |_| {
        tree(&GITLINK_BETWEEN, "owners.toml")
    }),
    ("commit with a doubled file", |_| {
        tree(&[FILE_A, FILE_A], "`a`")
    }),
    ("commit with a doubled directory", |_| {
        tree(&[DIRECTORY, DIRECTORY], "`d`")
    }),
    ("commit out of order", |_| tree(&[FILE_Z, FILE_A], "`a`")),
    ("commit with an empty name", |_| {
        tree(&[("100644", "")], "without a name")
    }),
    ("commit with `.`", |_| tree(&[("100644", ".")], "`.`")),
    ("commit with `..`", |_| tree(&[("40000", "..")], "`..`")),
    ("commit with a slash in a name", |_| {
        tree(&[("100644", "a/../../b")], "`a/../../b`")
    }),
    ("commit of directories within directories", tree_bomb),
    ("large owners.toml in a commit", large_config),
    ("large CODEOWNERS file in a commit", large_codeowners),
    ("large file left out by a sparse checkout", large_left_out),
    ("nested files in a commit", nested_files),
    ("nested file behind a linked directory", behind_a_link),
    ("names that give commands", names),
    ("values that give commands", values),
    ("many outputs", many_outputs),
    ("alternatives that multiply in many rules", multiplied_rules),
    ("patterns that hardly differ", hard_to_compare),
    ("lines that are all mistakes", mistakes),
    ("exempt patterns on one line", exempt_on_one_line),
    ("many rules", many_rules),
    ("CODEOWNERS file with many lines", many_lines),
    ("history of large commits", long_history),
    ("output that is another spelling of owners.toml", |_| {
        output("owners.t\\u200Coml", "owners.t")
    }),
    ("output that is a short name of owners.toml", |_| {
        output("OWNERS~1.TOM", "OWNERS~1.TOM")
    }),
    ("output that is a short name of .git", |_| {
        output("GIT~1/hooks/post-index-change", "GIT~1")
    }),
    ("output above the repository", |_| {
        output("../outside/file", "../outside")
    }),
];

fn reads_the_commit(command: &str) -> bool {
    command.contains("HEAD") && !command.starts_with("reviewers")
}

fn reads_all_files(command: &str) -> bool {
    let first = command.split(' ').next();
    matches!(
        first,
        Some("check" | "gen" | "ls" | "stats" | "map" | "diff")
    )
}

const CONFIG: &str = r#"[paths]
"*" = "@org/core"
"#;

impl Repository {
    /// A sound commit on `main`; then a branch `evil`, with nothing on it yet.
    pub(crate) fn sound() -> Self {
        let sandbox = Sandbox::current([("owners.toml", CONFIG), ("a/b", ""), ("README.md", "")]);
        sandbox.git("commit -qm sound");
        sandbox.git("checkout -qb evil");
        sandbox.write(
            "../outside/owners.toml",
            format!(
                r#"[paths]
"*" = "@{SECRET}"
"#
            ),
        );
        sandbox.write("../outside/file", SECRET);
        Repository {
            sandbox,
            size: String::new(),
            start: "",
            refusal: None,
        }
    }

    pub(crate) fn of_size(mut self, size: impl Into<String>) -> Self {
        self.size = size.into();
        self
    }

    fn starting_in(mut self, start: &'static str) -> Self {
        self.start = start;
        self
    }

    fn refused(mut self, is_of: fn(&str) -> bool, saying: &'static str) -> Self {
        self.refusal = Some(Refusal { is_of, saying });
        self
    }

    /// Commits what was written.
    pub(crate) fn committed(self) -> Self {
        self.sandbox.git("add -A");
        self.sandbox.git("commit -qm evil");
        self
    }

    /// Hashes what a writer gives, without keeping it.
    fn blob(&self, write: impl FnOnce(&mut dyn std::io::Write)) -> String {
        let mut command = self.sandbox.command("git");
        command
            .args(
                "-c core.compression=1 -c core.bigFileThreshold=1m hash-object -w --stdin"
                    .split(' '),
            )
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        write(&mut child.stdin.take().unwrap());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap().trim().to_string()
    }

    fn zeros(&self, megabytes: usize) -> String {
        let chunk = vec![b'\n'; 1 << 20];
        self.blob(|file| (0..megabytes).for_each(|_| file.write_all(&chunk).unwrap()))
    }

    /// Puts empty files into the index alone.
    pub(crate) fn track(&self, paths: impl IntoIterator<Item = String>) {
        let empty = self.blob(|_| ());
        let record = |path| format!("100644 {empty}\t{path}");
        let records: Vec<String> = paths.into_iter().map(record).collect();
        self.index_info(&records);
    }

    pub(crate) fn index_info(&self, records: &[String]) {
        let input: String = records.iter().map(|record| format!("{record}\0")).collect();
        self.sandbox
            .git_with_input("update-index -z --index-info", input.as_bytes());
    }

    fn outside(&self) -> PathBuf {
        self.sandbox.root.join("../outside").canonicalize().unwrap()
    }
}

/// A directory that git takes for a bare repository, with this in its configuration.
fn bare(config: &str) -> Repository {
    let repository = Repository::sound();
    let sandbox = &repository.sandbox;
    sandbox.write("ci/HEAD", "ref: refs/heads/main\n");
    sandbox.write("ci/config", config);
    sandbox.write("ci/objects/.keep", "");
    // A commit that nobody has.
    sandbox.write("ci/refs/heads/main", format!("{}\n", "1".repeat(40)));
    sandbox.write("ci/owners.toml", CONFIG);
    sandbox.write(
        "ci/x.sh",
        format!("echo x >'{}/marker'\n", repository.outside().display()),
    );
    repository.committed().starting_in("ci")
}

fn bare_with_monitor(_: Size) -> Repository {
    bare(
        "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = \"sh $PWD/x.sh; sh ci/x.sh;:\"\n",
    )
}

fn bare_with_remote(_: Size) -> Repository {
    bare(
        "[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = .\n\
         [extensions]\n\tpartialClone = origin\n\
         [remote \"origin\"]\n\turl = \"ext::/bin/sh x.sh\"\n\tpromisor = true\n\
         [protocol \"ext\"]\n\tallow = always\n",
    )
}

fn bare_with_worktree(_: Size) -> Repository {
    let repository = bare("");
    let outside = repository.outside();
    let config = format!(
        "[core]\n\tbare = false\n\tworktree = \"{}\"\n",
        outside.display()
    );
    repository.sandbox.write("ci/config", config);
    repository.committed()
}

const FILE_A: (&str, &str) = ("100644", "a");
const FILE_Z: (&str, &str) = ("100644", "z");
const DIRECTORY: (&str, &str) = ("40000", "d");
const GITLINK_BETWEEN: [(&str, &str); 4] = [
    ("100644", "owners.toml"),
    ("160000", "b"),
    ("160000", "owners.toml"),
    ("100644", "owners.toml"),
];

/// A commit whose tree has entries that git itself does not write.
fn tree(entries: &[(&str, &str)], named: &'static str) -> Repository {
    let repository = Repository::sound();
    let sandbox = &repository.sandbox;
    let blob = repository.blob(|file| file.write_all(CONFIG.as_bytes()).unwrap());
    let directory = sandbox.git("rev-parse HEAD:a");
    let mut entries = entries.to_vec();
    if !entries.contains(&("100644", "owners.toml")) {
        entries.push(("100644", "owners.toml"));
    }
    let mut tree = Vec::new();
    for (mode, name) in entries {
        let object = if mode == "40000" {
            directory.trim()
        } else {
            &blob
        };
        write!(tree, "{mode} {name}\0").unwrap();
        let bytes = (0..object.len()).step_by(2);
        tree.extend(bytes.map(|at| u8::from_str_radix(&object[at..at + 2], 16).unwrap()));
    }
    let mut command = sandbox.command("git");
    command.args("hash-object -w -t tree --literally --stdin".split(' '));
    let tree = git_output(command, tree);
    let commit = sandbox.git(&format!("commit-tree -p HEAD -m evil {}", tree.trim()));
    sandbox.git(&format!("update-ref HEAD {}", commit.trim()));
    repository.refused(reads_the_commit, named)
}

/// Ten directories that are one, in each of which are ten that are one, and so on: a few objects, and
/// more paths than anybody can list.
fn tree_bomb(size: Size) -> Repository {
    let levels = size.of(2, 9);
    let repository = Repository::sound();
    let sandbox = &repository.sandbox;
    let mut tree = sandbox.git("rev-parse HEAD:a");
    for _ in 0..levels {
        let entries: String = (0..10)
            .map(|number| format!("040000 tree {}\td{number}\n", tree.trim()))
            .collect();
        let mut command = sandbox.command("git");
        command.arg("mktree");
        tree = git_output(command, entries.into_bytes());
    }
    let config = sandbox.git("rev-parse HEAD:owners.toml");
    let mut command = sandbox.command("git");
    command.arg("mktree");
    let entries = format!(
        "040000 tree {}\td\n100644 blob {}\towners.toml\n",
        tree.trim(),
        config.trim()
    );
    let tree = git_output(command, entries.into_bytes());
    let commit = sandbox.git(&format!("commit-tree -p HEAD -m evil {}", tree.trim()));
    sandbox.git(&format!("update-ref HEAD {}", commit.trim()));
    repository.of_size(format!("10^{levels} paths"))
}

fn large_config(size: Size) -> Repository {
    let megabytes = size.of(33, 3_000);
    let repository = Repository::sound();
    let blob = repository.zeros(megabytes);
    repository.index_info(&[format!("100644 {blob}\towners.toml")]);
    repository.sandbox.git("commit -qm evil");
    repository
        .of_size(format!("{megabytes} MB"))
        .refused(reads_the_commit, "owners.toml")
}

fn large_codeowners(size: Size) -> Repository {
    let megabytes = size.of(33, 3_000);
    let repository = Repository::sound();
    let blob = repository.zeros(megabytes);
    repository.sandbox.git("rm -q owners.toml");
    repository.index_info(&[format!("100644 {blob}\t.github/CODEOWNERS")]);
    repository.sandbox.git("commit -qm evil");
    repository.sandbox.git("branch -f main evil");
    // The other commands ask for an owners.toml first.
    repository
        .of_size(format!("{megabytes} MB"))
        .refused(|command| command.starts_with("diff main"), "CODEOWNERS")
}

fn large_left_out(size: Size) -> Repository {
    let megabytes = size.of(33, 3_000);
    let repository = Repository::sound();
    let blob = repository.zeros(megabytes);
    repository
        .sandbox
        .write("owners.toml", format!("nested = true\n{CONFIG}"));
    repository.sandbox.git("add owners.toml");
    repository.index_info(&[format!("100644 {blob}\ta/owners.toml")]);
    repository
        .sandbox
        .git("update-index --skip-worktree a/owners.toml");
    repository.sandbox.git("commit -qm evil");
    repository
        .of_size(format!("{megabytes} MB"))
        .refused(reads_all_files, "a/owners.toml")
}

fn nested_files(size: Size) -> Repository {
    let count = size.of(30, 3_000);
    let repository = Repository::sound();
    repository
        .sandbox
        .write("owners.toml", format!("nested = true\n{CONFIG}"));
    for number in 0..count {
        let text = format!(
            r#"[paths]
"/x{number}" = "@org/team-{number}"
"#
        );
        repository
            .sandbox
            .write(format!("d{number}/owners.toml"), text);
    }
    repository.committed().of_size(format!("{count} files"))
}

fn behind_a_link(_: Size) -> Repository {
    let repository = Repository::sound();
    let sandbox = &repository.sandbox;
    sandbox.write("owners.toml", format!("nested = true\n{CONFIG}"));
    sandbox.write("d/e/owners.toml", CONFIG);
    sandbox.write("f/owners.toml", CONFIG);
    let repository = repository.committed();
    let root = &repository.sandbox.root;
    for (directory, target) in [("d", "../outside"), ("f", ".git")] {
        fs::remove_dir_all(root.join(directory)).unwrap();
        std::os::unix::fs::symlink(target, root.join(directory)).unwrap();
    }
    for place in ["../outside/e/owners.toml", ".git/owners.toml"] {
        repository.sandbox.write(
            place,
            format!(
                r#"[paths]
"*" = "@{SECRET}"
"#
            ),
        );
    }
    repository
}

/// Escape sequences, C1 controls, DEL, bidirectional and invisible characters, and commands for CI.
pub(crate) const EVIL: &str = "\u{1b}[31m\u{9b}1m\u{7f}\u{202e}\u{2066}\u{200b}\u{2060}\u{ad}\u{e0041}\u{feff}\n  ::add-mask::x\n##[add-mask]x\r\u{7}";

fn names(_: Size) -> Repository {
    let repository = Repository::sound();
    let sandbox = &repository.sandbox;
    // Without a rule for everything, so that names become findings.
    sandbox.write(
        "owners.toml",
        r#"nested = true
[paths]
"/a/" = "@org/core"
"/x" = "@b"
"#,
    );
    sandbox.write(format!("{EVIL}/f"), "x");
    sandbox.write(
        format!("d{EVIL}/owners.toml"),
        r"[paths]
'*' = '@c'
'/gone' = '@b'
",
    );
    sandbox.write(format!("  ::add-mask::{EVIL}"), "y");
    sandbox.write("  ::add-mask::y", "z");
    sandbox.write("::stop-commands::y/f", "z");
    repository.committed()
}

/// The same as a basic string of TOML.
const EVIL_TOML: &str = r"\u001b[31m\u009b1m\u007f\u202e\u2066\u200b\u2060\u00ad\U000E0041\ufeff\n  ::add-mask::x\n##[add-mask]x\r\u0007";

fn values(_: Size) -> Repository {
    let repository = Repository::sound();
    let config = format!(
        r#"[groups.g]
description = "{EVIL_TOML}"
contact = "{EVIL_TOML}"
members = ["@x"]
[check]
exempt = ["/{EVIL_RULE}/"]
[paths]
"/a/" = "g" # {EVIL_RULE}
"/{EVIL_RULE}" = "@b"
"/b{EVIL_RULE}/{{x,{EVIL_RULE}}}" = "@b"
"#
    );
    repository.sandbox.write("owners.toml", config);
    repository.sandbox.write(
        ".github/CODEOWNERS",
        format!("{EVIL} @{EVIL} {EVIL}\n/a @x {EVIL}\n"),
    );
    repository.committed()
}

/// What a pattern may hold: no control characters.
const EVIL_RULE: &str = "\u{202e}\u{2066}\u{200b}\u{2060}\u{ad}\u{e0041}::add-mask::x";

fn many_outputs(size: Size) -> Repository {
    let count = size.of(40, 4_000);
    let repository = Repository::sound();
    let outputs: String = (0..count)
        .map(|number| format!("[[output]]\nfile = \"out/{number}\"\n"))
        .collect();
    repository
        .sandbox
        .write("owners.toml", format!("{outputs}{CONFIG}"));
    repository.committed().of_size(format!("{count} outputs"))
}

fn multiplied_rules(size: Size) -> Repository {
    let (rules, factors) = (size.of(12, 122), size.of(6, 13));
    let repository = Repository::sound();
    let mut config = CONFIG.to_string();
    for number in 0..rules {
        writeln!(config, "\"/x{number}{}\" = \"@o\"", "{a,b}".repeat(factors)).unwrap();
    }
    repository.sandbox.write("owners.toml", config);
    repository
        .committed()
        .of_size(format!("{rules} rules of `{{a,b}}` {factors} times"))
}

fn hard_to_compare(size: Size) -> Repository {
    let count = size.of(100, 20_000);
    let repository = Repository::sound();
    let mut config = CONFIG.to_string();
    for number in 0..count {
        writeln!(config, "\"/a*{number}*b*c*d\" = \"@o\"").unwrap();
    }
    config += "\"/a*\" = \"@p\"\n";
    repository.sandbox.write("owners.toml", config);
    repository.committed().of_size(format!("{count} rules"))
}

fn mistakes(size: Size) -> Repository {
    let count = size.of(1_000, 16_000_000);
    let repository = Repository::sound();
    repository.sandbox.write("owners.toml", "=\n".repeat(count));
    repository.committed().of_size(format!("{count} lines `=`"))
}

fn exempt_on_one_line(size: Size) -> Repository {
    let count = size.of(300, 1_000_000);
    let repository = Repository::sound();
    let exempt: String = (0..count).map(|number| format!("'/{number}',")).collect();
    let config = format!("[check]\nexempt = [{exempt}]\n{CONFIG}");
    repository.sandbox.write("owners.toml", config);
    repository.committed().of_size(format!("{count} patterns"))
}

fn many_rules(size: Size) -> Repository {
    let count = size.of(300, 1_000_000);
    let repository = Repository::sound();
    let mut config = CONFIG.to_string();
    for number in 0..count {
        writeln!(config, "\"/d{number}/\" = \"@o\"").unwrap();
    }
    repository.sandbox.write("owners.toml", config);
    repository.committed().of_size(format!("{count} rules"))
}

fn many_lines(size: Size) -> Repository {
    let count = size.of(300, 100_000);
    let repository = Repository::sound();
    let mut file = String::new();
    for number in 0..count {
        writeln!(file, "/src/d{number}/ @org/t{}", number % 1_000).unwrap();
    }
    fs::remove_file(repository.sandbox.root.join("owners.toml")).unwrap();
    repository.sandbox.write(".github/CODEOWNERS", file);
    repository.committed().of_size(format!("{count} lines"))
}

fn long_history(size: Size) -> Repository {
    let (commits, paths) = (size.of(20, 1_500), size.of(100, 20_000));
    let repository = Repository::sound();
    let mut stream = String::new();
    let mut marks = 0;
    // Two trees, of which each commit has the other than the one before.
    for text in ["x", "y"] {
        writeln!(stream, "blob\nmark :{}\ndata 1\n{text}", marks + 1).unwrap();
        marks += 1;
    }
    for blob in [1, 2] {
        writeln!(
            stream,
            "commit refs/heads/tree{blob}\nmark :{}\ncommitter t <t@example.com> 1700000000 +0000\ndata 1\nx",
            marks + 1
        )
        .unwrap();
        marks += 1;
        for path in 0..paths {
            writeln!(stream, "M 100644 :{blob} d{}/f{path}", path % 100).unwrap();
        }
    }
    let import = |stream: &str| {
        repository
            .sandbox
            .git_with_input("fast-import --quiet --force", stream.as_bytes());
    };
    import(&stream);
    let trees = ["tree1", "tree2"].map(|name| {
        let tree = repository
            .sandbox
            .git(&format!("rev-parse {name}^{{tree}}"));
        tree.trim().to_string()
    });
    // The last year counts.
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let mut stream = String::new();
    for number in 0..commits {
        let author = number % 30;
        writeln!(
            stream,
            "commit refs/heads/evil\ncommitter a{author} <a{author}@example.com> {} +0000\ndata 1\nx",
            now - 1_000_000 + number as u64
        )
        .unwrap();
        if number == 0 {
            stream += "from refs/heads/main\n";
        }
        writeln!(stream, "M 040000 {} \"\"", trees[number % 2]).unwrap();
    }
    import(&stream);
    repository.sandbox.git("reset -q --hard evil");
    repository.of_size(format!("{commits} commits of {paths} paths"))
}

fn output(file: &str, named: &'static str) -> Repository {
    let repository = Repository::sound();
    let config = format!(
        r#"[output]
file = "{file}"
{CONFIG}"#
    );
    repository.sandbox.write("owners.toml", config);
    repository
        .committed()
        .refused(|command| command.starts_with("gen"), named)
}
