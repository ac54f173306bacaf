//! GitLab's matching by what GitLab runs: Ruby. One process answers many requests, over pipes.
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
    /// `None` where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let child = Command::new("ruby")
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/support/gitlab.rb"
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

    /// The line that Ruby answers for each path.
    fn ask(&mut self, file: &str, paths: &[&[u8]], more: &str) -> Vec<String> {
        let mut request = format!("{} {}{more}\n{file}", file.len(), paths.len()).into_bytes();
        for path in paths {
            request.extend_from_slice(format!("{}\n", path.len()).as_bytes());
            request.extend_from_slice(path);
        }
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
        let answers = paths.iter().map(|_| answer()).collect();
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
