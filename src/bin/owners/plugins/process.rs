//! The process of a check: it reads its input and answers while other things happen, and is ended when
//! its time is up, with all that it started.

use std::io::{self, BufWriter, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use owners::text::{Diagnostic, counted, escaped_except};

use super::group::Group;
use crate::failure::Result;
use crate::programs;

/// The maximum size of an answer, in bytes.
const MAX_ANSWER: usize = 16 << 20;
/// How much of its standard error is kept and shown, in bytes.
const MAX_SAID: usize = 16 << 10;
/// How often a process that has answered is asked whether it has ended.
const PATIENCE: Duration = Duration::from_millis(2);
/// How long what a process said is waited for after its end.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// A check that runs.
pub(crate) struct Running {
    pub(crate) name: String,
    child: Child,
    group: Group,
    answer: Receiver<io::Result<Vec<u8>>>,
    said: Arc<Mutex<Vec<u8>>>,
    /// Says when its standard error is closed.
    is_silent: Receiver<()>,
    timeout: Duration,
    end: Instant,
}

impl Running {
    /// Starts a program. `input` writes what it reads.
    pub(super) fn start(
        name: &str,
        mut command: Command,
        timeout: Duration,
        input: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
    ) -> Result<Self> {
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let (mut child, group) = Group::start(&mut command).map_err(|error| {
            let fault = failed(name, &format!("it does not start: {error}"), &[]);
            programs::with_reason(fault, &error)
        })?;
        if let Some(stdin) = child.stdin.take() {
            // A program need not read all of it: that its pipe is closed is no error.
            thread::spawn(move || {
                let mut out = BufWriter::with_capacity(1 << 16, stdin);
                input(&mut out).and_then(|()| out.flush())
            });
        }
        let (sender, answer) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                let mut answer = Vec::new();
                let most = MAX_ANSWER as u64 + 1;
                let read = stdout.take(most).read_to_end(&mut answer);
                // Nobody waits for it any more if the time is up.
                let _ = sender.send(read.map(|_| answer));
            });
        }
        let said = Arc::new(Mutex::new(Vec::new()));
        let (silent, is_silent) = mpsc::channel();
        if let Some(stderr) = child.stderr.take() {
            let said = Arc::clone(&said);
            thread::spawn(move || {
                keep_said(stderr, &said);
                let _ = silent.send(());
            });
        }
        Ok(Running {
            name: name.to_string(),
            child,
            group,
            answer,
            said,
            is_silent,
            timeout,
            end: Instant::now() + timeout,
        })
    }

    /// Waits until it has answered and ended. Returns its answer, and what it said on standard error.
    pub(super) fn finish(mut self) -> Result<(Vec<u8>, Vec<u8>)> {
        let left = self.end.saturating_duration_since(Instant::now());
        let answer = match self.answer.recv_timeout(left) {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                let why = format!("its answer cannot be read: {error}");
                return Err(self.failed(&why).into());
            }
            Err(_) => return Err(self.out_of_time().into()),
        };
        if answer.len() > MAX_ANSWER {
            let why = format!("its answer has more than {MAX_ANSWER} bytes");
            return Err(self.failed(&why).into());
        }
        let Some(status) = self.status() else {
            return Err(self.out_of_time().into());
        };
        // What it said last may be on its way. Another process may keep the pipe open.
        let _ = self.is_silent.recv_timeout(LAST_WORDS);
        if !status.success() {
            return Err(self.failed(&status.to_string()).into());
        }
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        Ok((answer, said.clone()))
    }

    /// How it ended, unless its time is up.
    fn status(&mut self) -> Option<ExitStatus> {
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            if Instant::now() >= self.end {
                return None;
            }
            thread::sleep(PATIENCE);
        }
    }

    fn out_of_time(&mut self) -> Diagnostic {
        let seconds = self.timeout.as_secs().try_into().unwrap_or(usize::MAX);
        let time = counted(seconds, "second");
        let (why, help) = match self.child.try_wait() {
            Ok(Some(_)) => (
                format!(
                    "it has ended, but after {time} a process that it started still has its \
                     standard output open"
                ),
                "start that process with its standard output closed",
            ),
            _ => (
                format!("it has not ended after {time}"),
                "`--plugin-timeout SECONDS` gives it more time",
            ),
        };
        self.failed(&why).help(help)
    }

    fn failed(&self, why: &str) -> Diagnostic {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        failed(&self.name, why, &said)
    }
}

impl Drop for Running {
    /// Ends it and what it started, if that has not ended: also if something else is wrong.
    fn drop(&mut self) {
        self.group.end();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads standard error to its end, and keeps its start.
fn keep_said(mut stderr: impl Read, said: &Mutex<Vec<u8>>) {
    let mut block = [0; 4096];
    while let Ok(read @ 1..) = stderr.read(&mut block) {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        let left = MAX_SAID.saturating_sub(said.len());
        said.extend_from_slice(&block[..read.min(left)]);
    }
}

/// The error of a check that did not do its work.
pub(super) fn failed(name: &str, why: &str, said: &[u8]) -> Diagnostic {
    let error = Diagnostic::error(format!("the check `{name}` failed: {why}"));
    match said.is_empty() {
        true => error,
        false => error.note(format!("it says:\n{}", shown(said))),
    }
}

/// What a check said, escaped.
pub(super) fn shown(said: &[u8]) -> String {
    escaped_except(said.trim_ascii_end(), &['\n', '\t']).into_owned()
}
