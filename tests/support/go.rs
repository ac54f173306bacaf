//! Matching by what Gitea and Forgejo run: Go's `regexp`, and `regexp2`. One process answers many
//! requests, over pipes.
//!
//! Where Go or `regexp2` is not installed, nothing is asked and a note says so; with `OWNERS_NEEDS_GO`
//! set, that is a failure. On Debian, they are the packages `golang-go` and
//! `golang-github-dlclark-regexp2-dev`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Once;

use owners::Forge;
use tempfile::TempDir;

/// The process, which reads requests until its standard input is closed.
pub(crate) struct Go {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    /// Kept for its `Drop`.
    _dir: TempDir,
}

impl Go {
    /// `None` where it is not installed.
    pub(crate) fn start() -> Option<Self> {
        let dir = tempfile::tempdir().expect("a directory");
        let program = dir.path().join("gitea");
        let built = Command::new("go")
            .args(["build", "-o"])
            .arg(&program)
            .arg(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/support/gitea.go"
            ))
            .env("GO111MODULE", "off")
            .env("GOPATH", "/usr/share/gocode")
            .env("GOCACHE", dir.path().join("cache"))
            .env("GOFLAGS", "")
            .output();
        match built {
            Ok(output) if output.status.success() => {}
            Ok(output) => {
                is_missing(&String::from_utf8_lossy(&output.stderr));
                return None;
            }
            Err(error) => {
                is_missing(&error.to_string());
                return None;
            }
        }
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("what was built runs");
        Some(Go {
            stdin: child.stdin.take(),
            stdout: BufReader::new(child.stdout.take().expect("it is piped")),
            child,
            _dir: dir,
        })
    }

    /// The owners of each path by each line that matches it. U+001E if that takes too long.
    pub(crate) fn owners(&mut self, forge: Forge, file: &str, paths: &[&str]) -> Vec<Vec<String>> {
        let engine = if forge == Forge::GITEA {
            "regexp2"
        } else {
            "re2"
        };
        let mut request = format!("{engine} {} {}\n{file}", file.len(), paths.len());
        for path in paths {
            request += &format!("{}\n{path}", path.len());
        }
        let mut stdin = self.stdin.take().expect("it is piped");
        // Both sides may have more to say than a pipe holds.
        let writer = std::thread::spawn(move || {
            stdin.write_all(request.as_bytes()).expect("Go runs");
            stdin.flush().expect("Go runs");
            stdin
        });
        let mut answer = || {
            let mut line = String::new();
            self.stdout.read_line(&mut line).expect("Go runs");
            let line = line.strip_suffix('\n').expect("Go answers each path");
            let lines = line.split('\u{1f}').filter(|owners| !owners.is_empty());
            lines.map(String::from).collect()
        };
        let answers = paths.iter().map(|_| answer()).collect();
        self.stdin = Some(writer.join().expect("Go runs"));
        answers
    }
}

/// Says so, once.
#[expect(clippy::disallowed_methods, reason = "`eprintln` would be captured")]
fn is_missing(error: &str) {
    static SAID: Once = Once::new();
    assert!(
        std::env::var_os("OWNERS_NEEDS_GO").is_none(),
        "`go` does not build the program ({error}), and OWNERS_NEEDS_GO is set"
    );
    SAID.call_once(|| {
        let _ = writeln!(
            std::io::stderr(),
            "note: `go` does not build the program ({error}): nothing is compared with Go"
        );
    });
}

impl Drop for Go {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}
