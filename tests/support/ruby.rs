//! Matching by Ruby, which GitLab runs, and by whose rules GitHub describes some patterns. One process answers many requests, over pipes.
//!
//! Where Ruby is not installed, nothing is asked and a note says so; with `OWNERS_NEEDS_RUBY` set,
//! as `.ci/run` sets it, that is a failure.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Once;

/// The process, which reads requests until its standard input is closed.
pub(crate) struct Ruby {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Ruby {
    /// For files of GitLab. `None` where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        Ruby::run("gitlab.rb")
    }

    /// For [`fnmatch`](Self::fnmatch). `None` where it is not installed.
    pub(crate) fn plain() -> Option<Self> {
        Ruby::run("fnmatch.rb")
    }

    fn run(script: &str) -> Option<Self> {
        let child = Command::new("ruby")
            .arg(format!(
                "{}/tests/support/{script}",
                env!("CARGO_MANIFEST_DIR")
            ))
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                is_missing(&error);
                return None;
            }
        };
        Some(Ruby {
            stdin: child.stdin.take(),
            stdout: BufReader::new(child.stdout.take().expect("it is piped")),
            child,
        })
    }

    /// The owners that each section of the file names for each path, without the sections that name
    /// none. `None` for a path that is not UTF-8 and that Ruby refuses to match.
    pub(crate) fn owners(&mut self, file: &str, paths: &[&[u8]]) -> Vec<Option<Vec<Vec<String>>>> {
        let words = |section: &str| section.split(' ').map(String::from).collect();
        let answers = self.ask(file, paths, "").into_iter();
        let answer = |line: String| {
            let sections = line.split('\u{1f}').filter(|section| !section.is_empty());
            (line != "\u{1e}").then(|| sections.map(words).collect())
        };
        answers.map(answer).collect()
    }

    /// The approvals that each path needs: what each is, `^[name][count]`, and its owners. `None` as for
    /// [`owners`](Self::owners).
    pub(crate) fn approvals(
        &mut self,
        file: &str,
        paths: &[&[u8]],
    ) -> Vec<Option<Vec<(String, String)>>> {
        let parts = |section: &str| {
            let (name, owners) = section.split_once('\u{1d}').expect("both");
            (name.to_string(), owners.to_string())
        };
        let answers = self.ask(file, paths, " detailed").into_iter();
        let answer = |line: String| {
            let sections = line.split('\u{1f}').filter(|section| !section.is_empty());
            (line != "\u{1e}").then(|| sections.map(parts).collect())
        };
        answers.map(answer).collect()
    }

    /// Whether one of the patterns matches each path: with `FNM_PATHNAME`, and without.
    pub(crate) fn fnmatch(&mut self, patterns: &[String], paths: &[String]) -> Vec<[bool; 2]> {
        let lines: Vec<&str> = patterns.iter().chain(paths).map(String::as_str).collect();
        let counts = format!("{} {}\n", patterns.len(), paths.len());
        let request = format!("{counts}{}\n", lines.join("\n"));
        let answers = self.answers(request.into_bytes(), paths.len()).into_iter();
        let answer = |line: String| [0, 1].map(|at| line.as_bytes()[at] == b'1');
        answers.map(answer).collect()
    }

    /// The line that Ruby answers for each path.
    fn ask(&mut self, file: &str, paths: &[&[u8]], more: &str) -> Vec<String> {
        let mut request = format!("{} {}{more}\n{file}", file.len(), paths.len()).into_bytes();
        for path in paths {
            request.extend_from_slice(format!("{}\n", path.len()).as_bytes());
            request.extend_from_slice(path);
        }
        self.answers(request, paths.len())
    }

    /// So many lines, which answer a request.
    fn answers(&mut self, request: Vec<u8>, count: usize) -> Vec<String> {
        let mut stdin = self.stdin.take().expect("it is piped");
        // Both sides may have more to say than a pipe holds.
        let writer = std::thread::spawn(move || {
            stdin.write_all(&request).expect("Ruby runs");
            stdin.flush().expect("Ruby runs");
            stdin
        });
        let mut answer = || {
            let mut line = String::new();
            self.stdout.read_line(&mut line).expect("Ruby runs");
            let line = line.strip_suffix('\n').expect("Ruby answers each path");
            line.to_string()
        };
        let answers = (0..count).map(|_| answer()).collect();
        self.stdin = Some(writer.join().expect("Ruby runs"));
        answers
    }
}

/// Says so, once.
#[expect(clippy::disallowed_methods, reason = "`eprintln` would be captured")]
fn is_missing(error: &std::io::Error) {
    static SAID: Once = Once::new();
    assert!(
        std::env::var_os("OWNERS_NEEDS_RUBY").is_none(),
        "`ruby` does not start ({error}), and OWNERS_NEEDS_RUBY is set"
    );
    SAID.call_once(|| {
        let _ = writeln!(
            std::io::stderr(),
            "note: `ruby` does not start ({error}): nothing is compared with its `File.fnmatch?`"
        );
    });
}

impl Drop for Ruby {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}
