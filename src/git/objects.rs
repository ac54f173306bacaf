//! Objects of git, read by name from `git cat-file --batch`.
//!
//! To start a process takes longer than to read a small file. So one process answers one question
//! after another: it starts with the first, and ends when the reader is dropped. Many questions that
//! are known at once are answered by a process of their own, which need not pass on each answer as
//! soon as it has it: that takes a fraction of the time.
//!
//! Git writes the size of an object before its contents. An object over the limit is an error as
//! soon as its size is known, and ends the process before the contents are read.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Duration;

use super::error::{Context, Error, Result, bail, ensure};
use bstr::ByteSlice;

use super::limit::ensure_not_large;
use super::pipe::Listener;
use super::process::{CANNOT_RUN, Git};
use crate::parallel;

/// So many questions are worth a process of their own.
const MANY: usize = 50;
/// The size of the largest directory that is read: about two million entries.
const LARGEST_TREE: u64 = 128 << 20;
/// The first line of an answer is longer than this only where it repeats a longer question.
const LONGEST_HEADER: u64 = 1 << 12;
/// How much of what git says is shown.
const LONGEST_COMPLAINT: u64 = 1 << 12;
/// How long to wait for it, once git has ended: a process that git has started may hold the pipe.
const PATIENCE: Duration = Duration::from_secs(1);

/// An object.
pub(super) struct Object {
    pub(super) kind: ObjectKind,
    pub(super) contents: Vec<u8>,
}

/// What an object is, as far as it matters.
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
    /// A reader. No process runs before the first question.
    pub(super) fn new(git: &Git) -> Self {
        Objects {
            git: git.clone(),
            process: None,
        }
    }

    /// Whether an object can be asked for by this name: each question is one line, at whose end git
    /// drops a carriage return.
    pub(super) fn can_ask(name: &[u8]) -> bool {
        !name.contains(&b'\n') && !name.ends_with(b"\r")
    }

    /// The object of a name; none if there is no such object.
    pub(super) fn get(&mut self, name: &[u8]) -> Result<Option<Object>> {
        ensure!(Self::can_ask(name), "the name of an object has two lines");
        let mut process = match self.process.take() {
            Some(process) => process,
            None => Process::start(&self.git, false)?,
        };
        process.send(name)?;
        let object = process.receive(name.len())?;
        // After an error, nobody would know which question the next answer is for.
        self.process = Some(process);
        Ok(object)
    }

    /// Gives the objects of many names to `take`, in their order.
    pub(super) fn each(
        &mut self,
        names: &[Vec<u8>],
        mut take: impl FnMut(Option<Object>) -> Result<()>,
    ) -> Result<()> {
        if names.len() < MANY {
            return names.iter().try_for_each(|name| take(self.get(name)?));
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
        let receive = || {
            let taken = names
                .iter()
                .try_for_each(|name| take(process.receive(name.len())?));
            // Ends git, which is what the other thread may be waiting for.
            drop(process);
            taken
        };
        // Both sides may write more than a pipe holds, so neither may write all before it reads. That
        // git hangs up is found out where its answers are read.
        parallel::both(receive, ask).0
    }
}

/// A running `git cat-file --batch`.
struct Process {
    child: Child,
    /// None once it is closed.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    complaints: Option<Listener>,
    /// Whether an answer is being read, and git may be waiting for that.
    is_answering: bool,
}

impl Process {
    /// Starts git. If `is_for_many`, it answers when it has many answers or no more questions.
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
        let complaints = child.stderr.take();
        Ok(Process {
            child,
            questions,
            answers: BufReader::with_capacity(1 << 16, answers),
            complaints: complaints.map(|pipe| Listener::new(pipe, LONGEST_COMPLAINT)),
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

    /// The next answer, to a question of so many bytes.
    fn receive(&mut self, question: usize) -> Result<Option<Object>> {
        let was_answering = std::mem::replace(&mut self.is_answering, true);
        let mut header = Vec::new();
        let read = (&mut self.answers)
            .take(LONGEST_HEADER + question as u64)
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
                size <= LARGEST_TREE,
                "a directory of {size} bytes is larger than {LARGEST_TREE}, which is the limit"
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

    /// Why git has stopped answering.
    fn ended(&mut self, error: &io::Error) -> Error {
        self.questions = None;
        // It is about to end, and its own exit code says more than that we have killed it.
        for _ in 0..100 {
            if !matches!(self.child.try_wait(), Ok(None)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.child.kill();
        let status = self.child.wait();
        let said = self.complaints.as_ref();
        let said = said.and_then(|complaints| complaints.start(PATIENCE));
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
        // Without questions git ends by itself, unless it waits for somebody to take an answer.
        if self.is_answering {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Reads `NAME TYPE SIZE`; none for `NAME missing`.
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
    use crate::git::{Env, Repo};

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

    /// Neither an idle process nor one in the middle of an answer outlives its reader.
    #[cfg(target_os = "linux")]
    #[test]
    fn no_process_is_left_behind() {
        use std::process::Command;

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
        // The next question starts another.
        assert!(objects.get(small.as_bytes()).unwrap().is_some());
        let id = objects.process.as_ref().unwrap().child.id();
        drop(objects);
        assert!(!is_there(id));
    }

    /// Questions and answers that fill every pipe.
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
            Ok(())
        };
        objects.each(&names, count).unwrap();
        assert_eq!(found + missing, names.len());
        assert!(missing >= 20_000);
        // Whoever takes the answers may have seen enough.
        let mut taken = 0;
        let enough = objects.each(&names, |_| {
            taken += 1;
            ensure!(taken < 10, "enough");
            Ok(())
        });
        assert_eq!(enough.unwrap_err().to_string(), "enough");
        assert!(objects.get(b"HEAD:missing").unwrap().is_none());
    }
}
