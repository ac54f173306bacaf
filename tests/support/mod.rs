//! Running the real binary in a directory of its own, with nothing of the machine's showing
//! through: no configuration of git, no identity, no locale, no terminal.
//! And what several tests share: models, a source of random numbers, Ruby, Go.

#![allow(dead_code, reason = "no test uses all of it")]
#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

pub(crate) mod go;
pub(crate) mod history;
pub(crate) mod json_schema;
pub(crate) mod models;
pub(crate) mod random;
pub(crate) mod ruby;
pub(crate) mod stub;
mod suggested;
pub(crate) mod targets;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use snapbox::{Assert, IntoData, Redactions};
use tempfile::TempDir;

/// A temporary directory with a directory `r` in it, usually a git repository.
pub(crate) struct Sandbox {
    /// Kept for its `Drop`.
    _dir: TempDir,
    top: PathBuf,
    /// What the tests are about: `r`.
    pub(crate) root: PathBuf,
}

impl Sandbox {
    /// A plain directory.
    pub(crate) fn plain() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let top = dunce::canonicalize(dir.path()).unwrap();
        let root = top.join("r");
        fs::create_dir(&root).unwrap();
        Sandbox {
            _dir: dir,
            top,
            root,
        }
    }

    /// A git repository with these files in its index.
    pub(crate) fn repo<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let sandbox = Sandbox::plain();
        sandbox.git("init -q");
        sandbox.write_all(files);
        sandbox.git("add -A");
        sandbox
    }

    /// A git repository with a commit of these files.
    pub(crate) fn committed<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let sandbox = Sandbox::repo(files);
        sandbox.git("commit -qm base");
        sandbox
    }

    /// A repository in which everything is in order: what is generated is there, and tracked.
    pub(crate) fn current<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let sandbox = Sandbox::repo(files);
        sandbox.owners("gen -q").exits(0, "", "");
        sandbox.git("add -A");
        sandbox
    }

    pub(crate) fn write_all<'f>(&self, files: impl IntoIterator<Item = (&'f str, &'f str)>) {
        for (name, text) in files {
            self.write(name, text);
        }
    }

    pub(crate) fn write(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes a program, or a hook.
    #[cfg(unix)]
    pub(crate) fn write_program(&self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        use std::os::unix::fs::PermissionsExt as _;

        let path = self.root.join(name);
        self.write(&path, text);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Makes a symbolic link to what a target names.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn link(&self, name: impl AsRef<Path>, target: impl AsRef<Path>) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }

    /// The search path for programs, with a directory of the sandbox before all others.
    pub(crate) fn path_with(&self, directory: &str) -> OsString {
        let path = std::env::var_os("PATH").unwrap();
        let first = self.root.join(directory);
        std::env::join_paths([first].into_iter().chain(std::env::split_paths(&path))).unwrap()
    }

    /// The search path for programs, with more before it, as it is written.
    pub(crate) fn path_of(first: &str) -> OsString {
        let mut path = OsString::from(first);
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap());
        path
    }

    /// Compares what is in a file.
    #[track_caller]
    pub(crate) fn file_is(&self, name: &str, expected: impl IntoData) {
        self.assert_eq(self.read(name).as_bytes(), expected);
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.root.join(name)).unwrap()
    }

    /// Runs git in the repository; what it prints.
    #[track_caller]
    pub(crate) fn git(&self, arguments: &str) -> String {
        self.git_in("", arguments)
    }

    /// Runs git in a directory beside or below the repository.
    #[track_caller]
    pub(crate) fn git_in(&self, directory: &str, arguments: &str) -> String {
        let mut command = self.command("git");
        command
            .current_dir(self.root.join(directory))
            .args(arguments.split_whitespace());
        git_output(command, Vec::new())
    }

    /// Runs git in the repository with this on its standard input.
    #[track_caller]
    pub(crate) fn git_with_input(&self, arguments: &str, input: &[u8]) -> String {
        let mut command = self.command("git");
        command.args(arguments.split_whitespace());
        git_output(command, input.to_vec())
    }

    /// A program in the repository, under a scrubbed environment.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            let is_telling = [
                "GIT_",
                "GITHUB_",
                "GH_",
                "GITLAB_",
                "CI_",
                "OWNERS_LIVE_",
                "LC_",
                "CLICOLOR",
                "FORCE_COLOR",
            ]
            .iter()
            .any(|each| name.starts_with(each))
                || name.to_ascii_lowercase().ends_with("_proxy")
                || ["LANG", "TERM", "COLUMNS", "RUST_BACKTRACE", "SSL_CERT_FILE"]
                    .contains(&name.as_ref());
            if is_telling {
                command.env_remove(&*name);
            }
        }
        let identity = ["AUTHOR", "COMMITTER"].into_iter().flat_map(|who| {
            [
                (format!("GIT_{who}_NAME"), "T"),
                (format!("GIT_{who}_EMAIL"), "t@example.com"),
            ]
        });
        command
            .current_dir(&self.root)
            .env("HOME", &self.top)
            .env("XDG_CONFIG_HOME", &self.top)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            // As if by `git -c`: `init` does not depend on a default.
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "init.defaultBranch")
            .env("GIT_CONFIG_VALUE_0", "main")
            .env("GIT_CEILING_DIRECTORIES", &self.top)
            .env("NO_COLOR", "1")
            .envs(identity);
        if cfg!(windows) {
            // The index of a test may have names that no file has there.
            command
                .env("GIT_CONFIG_COUNT", "2")
                .env("GIT_CONFIG_KEY_1", "core.protectNTFS")
                .env("GIT_CONFIG_VALUE_1", "false");
        }
        command
    }

    /// `owners` with arguments that hold no blanks.
    pub(crate) fn owners(&self, arguments: &str) -> Run<'_> {
        let mut command = self.command(owners());
        command.args(arguments.split_whitespace());
        Run {
            sandbox: self,
            command,
            stdin: Vec::new(),
        }
    }

    /// Whether the tests run as root, for whom no file is closed.
    #[cfg(unix)]
    pub(crate) fn is_roots(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        fs::metadata(&self.root).unwrap().uid() == 0
    }

    /// `owners` for whom permissions count: if this is root, another user, who is let into the
    /// sandbox and owns nothing in it. None, with a note, where root may not become anybody else.
    #[cfg(unix)]
    pub(crate) fn owners_unprivileged(&self, arguments: &str) -> Option<Run<'_>> {
        use std::os::unix::fs::PermissionsExt as _;
        use std::os::unix::process::CommandExt as _;

        if !self.is_roots() {
            return Some(self.owners(arguments));
        }
        // Nobody says that others may reach the directory that we were built in.
        let binary = self.top.join("owners");
        if !binary.exists() {
            fs::set_permissions(&self.top, fs::Permissions::from_mode(0o755)).unwrap();
            fs::copy(owners(), &binary).unwrap();
        }
        let mut probe = self.command(&binary);
        if let Err(error) = probe.arg("--version").uid(NOBODY).gid(NOBODY).output() {
            skipped(&format!("root may not become another user: {error}"));
            return None;
        }
        let mut command = self.command(&binary);
        command
            .args(arguments.split_whitespace())
            .uid(NOBODY)
            .gid(NOBODY);
        Some(Run {
            sandbox: self,
            command,
            stdin: Vec::new(),
        })
    }

    /// The text, with a slash where Windows writes a backslash between the path of the repository and
    /// what is in it.
    fn with_slash_after_root(&self, text: String) -> String {
        match self.root.to_str() {
            Some(root) if cfg!(windows) => text.replace(&format!("{root}\\"), &format!("{root}/")),
            _ => text,
        }
    }

    /// Compares, with the sandbox's own path written `[TOP]` and the repository's `[ROOT]`.
    #[track_caller]
    pub(crate) fn assert_eq(&self, actual: &[u8], expected: impl IntoData) {
        let mut redactions = Redactions::new();
        redactions.insert("[ROOT]", self.root.clone()).unwrap();
        redactions.insert("[TOP]", self.top.clone()).unwrap();
        Assert::new()
            .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
            .redact_with(redactions)
            // A backslash is a backslash here.
            .normalize_paths(false)
            .eq(self.with_slash_after_root(text(actual)), expected);
    }
}

/// A user who owns nothing.
#[cfg(unix)]
pub(crate) const NOBODY: u32 = 65534;

/// Says that a test checks nothing here. Past the capture of a test's output: what is not checked
/// had better be seen.
#[expect(clippy::disallowed_methods, reason = "`eprintln` would be captured")]
pub(crate) fn skipped(why: &str) {
    let test = std::thread::current();
    let _ = writeln!(
        std::io::stderr(),
        "note: {} checks nothing here: {why}",
        test.name().unwrap_or("a test")
    );
}

/// The binary under test; `OWNERS` names another one, as a release build to be measured.
pub(crate) fn owners() -> &'static Path {
    // It is not built without the feature `cli`, which tests of the library do not need.
    const BUILT: Option<&str> = option_env!("CARGO_BIN_EXE_owners");
    static BINARY: LazyLock<PathBuf> = LazyLock::new(|| match std::env::var_os("OWNERS") {
        Some(binary) => PathBuf::from(binary),
        None => PathBuf::from(BUILT.expect("the feature `cli` builds the binary")),
    });
    &BINARY
}

/// A path as the models take it: a byte that is not UTF-8 becomes a character that nothing else uses.
pub(crate) fn as_text(path: &[u8]) -> String {
    let mut text = String::new();
    for chunk in path.utf8_chunks() {
        text.push_str(chunk.valid());
        let stray = chunk.invalid().iter();
        text.extend(stray.map(|&byte| char::from_u32(0xF700 + u32::from(byte)).unwrap()));
    }
    text
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// JSON of one line, with a line for each row of a list: a difference can be read.
#[track_caller]
pub(crate) fn one_row_a_line(json: &[u8]) -> String {
    let json = text(json);
    assert_eq!(json.find('\n'), Some(json.len() - 1), "{json}");
    json.replace("[{", "[\n{").replace("},{", "},\n{")
}

/// A run of `owners` in the making.
#[must_use = "nothing runs before `exits`"]
pub(crate) struct Run<'s> {
    sandbox: &'s Sandbox,
    command: Command,
    stdin: Vec<u8>,
}

impl Run<'_> {
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// More arguments that hold no blanks.
    pub(crate) fn args(mut self, arguments: &str) -> Self {
        self.command.args(arguments.split_whitespace());
        self
    }

    /// Runs in a directory relative to the repository.
    pub(crate) fn within(mut self, directory: &str) -> Self {
        self.command.current_dir(self.sandbox.root.join(directory));
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Lets the run, and every process it starts, take so much time of a processor and no more:
    /// the system ends what takes longer, so that there is no exit code. Unlike time on the clock,
    /// this does not depend on what else the machine does.
    pub(crate) fn processor_seconds(mut self, seconds: u32) -> Self {
        if cfg!(unix) {
            let mut limited = Command::new("sh");
            limited
                .args(["-c", r#"ulimit -t "$0" && exec "$@""#, &seconds.to_string()])
                .arg(self.command.get_program())
                .args(self.command.get_args())
                .current_dir(self.command.get_current_dir().unwrap());
            for (name, value) in self.command.get_envs() {
                match value {
                    Some(value) => limited.env(name, value),
                    None => limited.env_remove(name),
                };
            }
            self.command = limited;
        }
        self
    }

    pub(crate) fn stdin(mut self, input: impl AsRef<[u8]>) -> Self {
        self.stdin = input.as_ref().to_vec();
        self
    }

    /// Runs, and demands this on standard output, and that nothing is wrong.
    #[track_caller]
    pub(crate) fn prints(self, stdout: impl IntoData) {
        self.exits(0, stdout, "");
    }

    /// Runs, and demands exit code 1 with this on standard output.
    #[track_caller]
    pub(crate) fn finds(self, stdout: impl IntoData) {
        self.exits(1, stdout, "");
    }

    /// Runs, and demands exit code 2 with this on standard error and nothing on standard output.
    #[track_caller]
    pub(crate) fn refuses(self, stderr: impl IntoData) {
        self.exits(2, "", stderr);
    }

    /// Runs, and demands this exit code, standard output and standard error.
    #[track_caller]
    pub(crate) fn exits(self, code: i32, stdout: impl IntoData, stderr: impl IntoData) {
        let sandbox = self.sandbox;
        let is_check = self.is_plain_check();
        let levels = self.levels();
        let output = self.output();
        if is_check && suggested::suggests(&output) {
            suggested::apply(sandbox, owners(), &levels);
        }
        assert_eq!(
            output.status.code(),
            Some(code),
            "{}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        sandbox.assert_eq(&output.stdout, stdout);
        sandbox.assert_eq(&output.stderr, stderr);
    }

    /// The arguments that set levels of lints.
    fn levels(&self) -> Vec<String> {
        let arguments = self.command.get_args();
        let arguments: Vec<String> = arguments
            .map(|each| each.to_string_lossy().into_owned())
            .collect();
        let is_level = |pair: &&[String]| matches!(pair[0].as_str(), "-A" | "-W" | "-D");
        arguments
            .windows(2)
            .filter(is_level)
            .flatten()
            .cloned()
            .collect()
    }

    /// Whether this is `check` on the index and the configuration at the root.
    fn is_plain_check(&self) -> bool {
        let arguments: Vec<_> = self.command.get_args().collect();
        let others = [
            "--rev",
            "--config",
            "--changed",
            "--fix",
            "--untracked",
            "-C",
        ];
        let is_other = |argument: &&OsStr| {
            let argument = argument.to_string_lossy();
            others.iter().any(|other| argument.starts_with(other))
        };
        arguments.first().is_some_and(|first| *first == "check")
            && !arguments.iter().any(is_other)
            && !self.command.get_envs().any(|(name, _)| name == "GIT_DIR")
    }

    /// Runs, and demands this JSON on standard output, as `one_row_a_line` has it, and that nothing
    /// is wrong.
    #[track_caller]
    pub(crate) fn prints_rows(self, rows: impl IntoData) {
        let sandbox = self.sandbox;
        let output = self.output();
        assert_eq!(text(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0));
        sandbox.assert_eq(one_row_a_line(&output.stdout).as_bytes(), rows);
    }

    #[track_caller]
    pub(crate) fn output(self) -> Output {
        output(self.command, self.stdin)
    }
}

/// What git prints; it must succeed.
#[track_caller]
pub(crate) fn git_output(command: Command, input: Vec<u8>) -> String {
    let shown = format!("{command:?}");
    let output = output(command, input);
    assert!(output.status.success(), "{shown}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Runs a program with this on its standard input.
#[track_caller]
pub(crate) fn output(mut command: Command, input: Vec<u8>) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // From a thread of its own: both sides may have more to say than a pipe holds. That the other
    // side hangs up is its right.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}
