//! Reads git objects by name with `git cat-file --batch`.
//!
//! Starting a process takes longer than reading a small file. So one process answers one question
//! after another. It starts with the first question, and ends when the reader is dropped. Many
//! questions at once get a process of their own that may buffer its answers, which takes a fraction
//! of the time.
//!
//! Git writes the size of an object before its content. If the size is over the limit, the process
//! is ended before the content is read.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::ops::ControlFlow;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Duration;

use super::error::{Error, ErrorContext, Result, bail, ensure};
use bstr::ByteSlice;

use super::limit::ensure_not_large;
use super::pipe::Listener;
use super::process::{CANNOT_RUN, Git};
use crate::parallel;

/// From this number of questions on, a separate process is faster.
const MIN_BATCH: usize = 50;
/// The maximum size of a tree object: about two million entries.
const MAX_TREE_BYTES: u64 = 128 << 20;
/// The maximum length of the first line of an answer, not counting a repeated question.
const MAX_HEADER_BYTES: u64 = 1 << 12;
/// The maximum number of bytes of git's stderr shown.
const MAX_STDERR_BYTES: u64 = 1 << 12;
/// How long to wait for stderr after git has ended. A process started by git may keep the pipe
/// open.
const STDERR_TIMEOUT: Duration = Duration::from_secs(1);

/// An object.
pub(super) struct Object {
    pub(super) kind: ObjectKind,
    pub(super) contents: Vec<u8>,
}

/// The kind of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Blob,
    Tree,
    /// A commit or a tag.
    Other,
}

/// Reads objects of one repository.
pub(super) struct Objects {
    git: Git,
    process: Option<Process>,
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Objects").finish_non_exhaustive()
    }
}

impl Objects {
    /// Creates a reader. The process starts with the first question.
    pub(super) fn new(git: &Git) -> Self {
        Objects {
            git: git.clone(),
            process: None,
        }
    }

    /// Whether an object can be requested by this name. A request is one line, and git drops a
    /// carriage return at its end.
    pub(super) fn can_ask(name: &[u8]) -> bool {
        !name.contains(&b'\n') && !name.ends_with(b"\r")
    }

    /// The object with this name. `None` if there is no such object.
    pub(super) fn get(&mut self, name: &[u8]) -> Result<Option<Object>> {
        ensure!(Self::can_ask(name), "the name of an object has two lines");
        let mut process = match self.process.take() {
            Some(process) => process,
            None => Process::start(&self.git, false)?,
        };
        process.send(name)?;
        let object = process.receive(name.len())?;
        // Keep the process. After an error it is dropped, because the next answer could be for an
        // earlier question.
        self.process = Some(process);
        Ok(object)
    }

    /// Passes the contents of files to `take`, in order, with their index in `names`, until it
    /// breaks.
    ///
    /// # Errors
    ///
    /// The error has the index of the file that cannot be read.
    pub(super) fn files(
        &mut self,
        names: &[Vec<u8>],
        mut take: impl FnMut(usize, Vec<u8>) -> ControlFlow<()>,
    ) -> Result<(), (usize, Error)> {
        let mut index = 0;
        let read = self.each(names, |object| {
            let flow = match object {
                Some(Object {
                    kind: ObjectKind::Blob,
                    contents,
                }) => take(index, contents),
                Some(_) => bail!("it is not a file"),
                None => bail!("it is missing from the repository"),
            };
            index += 1;
            Ok(flow)
        });
        read.map_err(|error| (index, error))
    }

    /// Passes the objects of many names to `take`, in order, until it breaks.
    pub(super) fn each(
        &mut self,
        names: &[Vec<u8>],
        mut take: impl FnMut(Option<Object>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        if names.len() < MIN_BATCH {
            for name in names {
                if take(self.get(name)?)?.is_break() {
                    break;
                }
            }
            return Ok(());
        }
        let can_ask = names.iter().all(|name| Self::can_ask(name));
        ensure!(can_ask, "the name of an object has two lines");
        let mut process = Process::start(&self.git, true)?;
        let questions = process.questions.take();
        let ask = move || {
            let mut questions = io::BufWriter::new(questions?);
            for name in names {
                questions.write_all(name).ok()?;
                questions.write_all(b"\n").ok()?;
            }
            questions.flush().ok()
        };
        // Moves the process in: its end ends git, so that the other thread does not wait forever.
        let receive = move || {
            for name in names {
                if take(process.receive(name.len())?)?.is_break() {
                    break;
                }
            }
            Ok(())
        };
        // Both sides may write more than a pipe holds, so they must write and read at the same
        // time. If git hangs up, reading the answers reports it.
        parallel::both(receive, ask).0
    }
}

/// A running `git cat-file --batch`.
struct Process {
    child: Child,
    /// `None` once it is closed.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    stderr: Option<Listener>,
    /// Whether an answer is being read, so git may be blocked on writing it.
    is_answering: bool,
}

impl Process {
    /// Starts git. If `is_for_many`, git may buffer its answers.
    fn start(git: &Git, is_for_many: bool) -> Result<Self> {
        let mut command = git.command();
        command
            .args(["cat-file", "--batch"])
            .args(is_for_many.then_some("--buffer"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().context(CANNOT_RUN)?;
        let questions = child.stdin.take();
        let answers = child.stdout.take().context("`git` has no output")?;
        let stderr = child.stderr.take();
        Ok(Process {
            child,
            questions,
            answers: BufReader::with_capacity(1 << 16, answers),
            stderr: stderr.map(|pipe| Listener::new(pipe, MAX_STDERR_BYTES)),
            is_answering: is_for_many,
        })
    }

    fn send(&mut self, name: &[u8]) -> Result<()> {
        let line = [name, b"\n"].concat();
        let sent = match &mut self.questions {
            Some(questions) => questions.write_all(&line),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        sent.map_err(|error| self.ended(&error))
    }

    /// Reads the next answer. `question` is the length of the question.
    fn receive(&mut self, question: usize) -> Result<Option<Object>> {
        let was_answering = std::mem::replace(&mut self.is_answering, true);
        let mut header = Vec::new();
        let read = (&mut self.answers)
            .take(MAX_HEADER_BYTES + question as u64)
            .read_until(b'\n', &mut header);
        if let Err(error) = read {
            return Err(self.ended(&error));
        }
        if header.pop() != Some(b'\n') {
            return Err(self.ended(&io::ErrorKind::UnexpectedEof.into()));
        }
        let Some((kind, size)) = kind_and_size(&header)? else {
            self.is_answering = was_answering;
            return Ok(None);
        };
        match kind {
            ObjectKind::Tree => ensure!(
                size <= MAX_TREE_BYTES,
                "a directory of {size} bytes is larger than {MAX_TREE_BYTES}, which is the limit"
            ),
            ObjectKind::Blob | ObjectKind::Other => ensure_not_large(size)?,
        }
        let mut contents = vec![0; size as usize + 1];
        if let Err(error) = self.answers.read_exact(&mut contents) {
            return Err(self.ended(&error));
        }
        ensure!(
            contents.pop() == Some(b'\n'),
            "unexpected output of `git cat-file`"
        );
        self.is_answering = was_answering;
        Ok(Some(Object { kind, contents }))
    }

    /// The error that says why git stopped answering.
    fn ended(&mut self, error: &io::Error) -> Error {
        self.questions = None;
        // Wait for git to end, because its own exit code says more than that it was killed.
        for _ in 0..100 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let status = self.child.wait();
        let said = self.stderr.as_ref();
        let said = said.and_then(|stderr| stderr.start(STDERR_TIMEOUT));
        let reason = match (said.as_deref().unwrap_or_default().trim_ascii(), status) {
            (b"", Ok(status)) => format!("it ended before it had answered ({status}; {error})"),
            (b"", Err(_)) => format!("it ended before it had answered ({error})"),
            (said, _) => said.to_str_lossy().into_owned(),
        };
        Error::Git(reason).context("`git cat-file --batch` failed")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.questions = None;
        // Without questions git ends by itself, unless it is blocked on writing an answer.
        if self.is_answering {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Reads `NAME TYPE SIZE`. `None` for `NAME missing`.
fn kind_and_size(header: &[u8]) -> Result<Option<(ObjectKind, u64)>> {
    if header.ends_with(b" missing") {
        return Ok(None);
    }
    let mut words = header.rsplitn(3, |&byte| byte == b' ');
    let (size, kind) = (words.next(), words.next());
    let size = size.and_then(|size| size.to_str().ok()?.parse().ok());
    match (kind, size) {
        (Some(b"blob"), Some(size)) => Ok(Some((ObjectKind::Blob, size))),
        (Some(b"tree"), Some(size)) => Ok(Some((ObjectKind::Tree, size))),
        (Some(b"commit" | b"tag"), Some(size)) => Ok(Some((ObjectKind::Other, size))),
        _ => bail!(
            "unexpected output of `git cat-file`: `{}`",
            crate::text::escaped(&header[..header.len().min(200)])
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::Repo;

    #[test]
    fn headers() {
        let read = |header: &str| kind_and_size(header.as_bytes()).ok();
        assert_eq!(read("ab blob 12"), Some(Some((ObjectKind::Blob, 12))));
        assert_eq!(read("ab tree 0"), Some(Some((ObjectKind::Tree, 0))));
        assert_eq!(read("ab tag 1"), Some(Some((ObjectKind::Other, 1))));
        assert_eq!(read("ab:a b missing"), Some(None));
        for wrong in [
            "",
            "ab",
            "ab blob",
            "ab blob x",
            "ab blob -1",
            "ab x 1",
            "a ambiguous",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    /// No process survives its reader: neither an idle one nor one in the middle of an answer.
    #[cfg(target_os = "linux")]
    #[test]
    fn no_process_is_left_behind() {
        use std::process::Command;

        use crate::git::Env;

        let directory = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.arg("-C").arg(directory.path()).args(arguments);
            let output = command.env_remove("GIT_DIR").output().unwrap();
            assert!(output.status.success());
            String::from_utf8(output.stdout).unwrap().trim().to_string()
        };
        git(&["init", "-q"]);
        let write = |size: usize| {
            std::fs::write(directory.path().join("f"), vec![b'x'; size]).unwrap();
            git(&["hash-object", "-w", "f"])
        };
        let (small, large) = (write(3), write((32 << 20) + 1));
        let env = Env {
            ceilings: vec![directory.path().to_owned()],
            ..Env::default()
        };
        let repo = Repo::discover_with(directory.path(), &env).unwrap();
        let is_there = |id: u32| std::path::Path::new(&format!("/proc/{id}")).exists();

        let mut objects = Objects::new(repo.git().unwrap());
        assert!(objects.get(b"HEAD:nothing").unwrap().is_none());
        let id = objects.process.as_ref().unwrap().child.id();
        let found = objects.get(small.as_bytes()).unwrap().unwrap();
        assert_eq!(
            (found.kind, &found.contents[..]),
            (ObjectKind::Blob, &b"xxx"[..])
        );
        assert_eq!(objects.process.as_ref().unwrap().child.id(), id);
        assert!(is_there(id));
        assert!(objects.get(large.as_bytes()).is_err());
        assert!(!is_there(id));
        // The next question starts another process.
        assert!(objects.get(small.as_bytes()).unwrap().is_some());
        let id = objects.process.as_ref().unwrap().child.id();
        drop(objects);
        assert!(!is_there(id));
    }

    /// Questions and answers that fill all pipes.
    #[test]
    fn many_questions_at_once() {
        let repo = Repo::discover(std::path::Path::new(env!("CARGO_MANIFEST_DIR")));
        let Ok(repo) = repo else {
            return;
        };
        let Ok(git) = repo.git() else {
            return;
        };
        let mut objects = Objects::new(git);
        let mut names = vec![b"HEAD:Cargo.lock".to_vec(); 300];
        names.extend((0..20_000).map(|number| format!("HEAD:missing/{number}").into_bytes()));
        let (mut found, mut missing) = (0, 0);
        let count = |object: Option<Object>| {
            match object {
                Some(_) => found += 1,
                None => missing += 1,
            }
            Ok(ControlFlow::Continue(()))
        };
        objects.each(&names, count).unwrap();
        assert_eq!(found + missing, names.len());
        assert!(missing >= 20_000);
        // `take` may stop early, with an error or without.
        let mut taken = 0;
        let enough = objects.each(&names, |_| {
            taken += 1;
            ensure!(taken < 10, "enough");
            Ok(ControlFlow::Continue(()))
        });
        assert_eq!(enough.unwrap_err().to_string(), "enough");
        let mut taken = 0;
        let first_ten = |index: usize, _| {
            taken = index + 1;
            if taken < 10 {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        objects.files(&names, first_ten).unwrap();
        assert_eq!(taken, 10);
        let (index, _) = objects
            .files(&names, |_, _| ControlFlow::Continue(()))
            .unwrap_err();
        assert_eq!(index, 300);
        assert!(objects.get(b"HEAD:missing").unwrap().is_none());
    }
}
