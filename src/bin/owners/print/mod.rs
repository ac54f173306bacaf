//! Everything that `owners` prints goes through this module. A clippy lint forbids all other ways.
//!
//! A [`Printer`] collects text and writes it in blocks. It decides
//!
//! - whether there are colors;
//! - what is escaped for a terminal or a CI job ([`guard`]), and whether workflow commands of GitHub
//!   Actions are paused ([`Pause`]);
//! - what happens if the reader closes the pipe, as in `owners check | head`: printing stops, but the
//!   command goes on, and its exit code is the same as without a pipe. A full disk is an error.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where all output comes through"
)]

mod color;
mod guard;
mod pause;
mod progress;

use std::fmt;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use pause::Pause;

pub(crate) use color::{Colors, choose as choose_colors};
pub(crate) use pause::is_github_actions;
pub(crate) use progress::Progress;

/// Output is collected up to this size.
const BLOCK: usize = 1 << 16;

/// What kind of text is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text for people that quotes names and files in whole lines, such as excerpts and diffs.
    Document,
    /// Lines for people and simple tools such as `grep`. Extra lines are not allowed.
    Lines,
    /// Workflow commands of GitHub Actions.
    Commands,
    /// JSON.
    Json,
    /// Bytes for a program, unchanged.
    Bytes,
}

/// A writer to standard output or standard error.
pub(crate) struct Printer {
    kind: Kind,
    is_colored: bool,
    /// The bytes that are not written yet.
    buffer: Vec<u8>,
    /// The size of the buffer at which a part of it is written.
    limit: usize,
    sink: Box<dyn Write>,
    /// Whether the reader has closed the pipe. Later output is then dropped.
    is_closed: bool,
    pause: Option<Pause>,
}

impl Printer {
    /// Standard output, for a text that quotes files. In GitHub Actions, workflow commands are
    /// paused around it.
    pub(crate) fn document() -> Self {
        Printer::stdout(Kind::Document)
    }

    /// Standard output, for lines that people and simple tools read.
    pub(crate) fn lines() -> Self {
        Printer::stdout(Kind::Lines)
    }

    /// Standard output, for workflow commands of GitHub Actions.
    pub(crate) fn commands() -> Self {
        Printer::stdout(Kind::Commands)
    }

    /// Standard output, for JSON. Characters are escaped with JSON escapes.
    pub(crate) fn json() -> Self {
        Printer::stdout(Kind::Json)
    }

    /// Standard output, for bytes that are not escaped.
    pub(crate) fn bytes() -> Self {
        Printer::stdout(Kind::Bytes)
    }

    fn stdout(kind: Kind) -> Self {
        let is_text = matches!(kind, Kind::Document | Kind::Lines);
        let stdout = io::stdout();
        match color::of_stream(stdout.is_terminal()) {
            choice @ ColorChoice::Always if is_text => {
                let stdout = AutoStream::new(stdout, choice);
                Printer::new(kind, true, Box::new(stdout.lock()))
            }
            _ => Printer::new(kind, false, Box::new(stdout.lock())),
        }
    }

    fn stderr(kind: Kind) -> Self {
        let stderr = io::stderr();
        let choice = color::of_stream(stderr.is_terminal());
        let is_colored = kind != Kind::Commands && choice == ColorChoice::Always;
        Printer::new(
            kind,
            is_colored,
            Box::new(AutoStream::new(stderr, choice).lock()),
        )
    }

    fn new(kind: Kind, is_colored: bool, sink: Box<dyn Write>) -> Self {
        Printer {
            kind,
            is_colored,
            buffer: Vec::new(),
            limit: BLOCK,
            sink,
            is_closed: false,
            pause: (kind == Kind::Document).then(Pause::if_needed).flatten(),
        }
    }

    /// Whether colors are wanted. Colors that are written anyway are removed, but that takes
    /// longer.
    pub(crate) fn is_colored(&self) -> bool {
        self.is_colored
    }

    /// Writes the rest.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.end()
    }

    fn end(&mut self) -> io::Result<()> {
        let all = self.buffer.len();
        let written = self.write_block(all);
        let Some(pause) = self.pause.take() else {
            return written.and_then(|()| self.reach(|sink| sink.flush()));
        };
        let Some(end) = pause.end() else {
            return written;
        };
        let ended = self.reach(|sink| {
            sink.write_all(end.as_bytes())?;
            sink.flush()
        });
        if self.is_closed {
            // The reader may have passed the start of the pause on before it closed the pipe.
            let _ = io::stderr().write_all(end.as_bytes());
        }
        written.and(ended)
    }

    /// Writes the first bytes of the buffer.
    fn write_block(&mut self, length: usize) -> io::Result<()> {
        if length == 0 {
            return Ok(());
        }
        if let Some(beginning) = self.pause.as_mut().and_then(Pause::begin) {
            self.reach(|sink| sink.write_all(beginning.as_bytes()))?;
            if self.is_closed {
                // The pipe is closed.
                self.pause = None;
            }
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let block = &buffer[..length];
        let shown = match self.kind {
            Kind::Document | Kind::Lines => guard::text(block, self.is_colored, false),
            Kind::Commands => guard::text(block, false, true),
            Kind::Json => guard::json(block),
            Kind::Bytes => block.into(),
        };
        let written = self.reach(|sink| sink.write_all(&shown));
        buffer.drain(..length);
        self.buffer = buffer;
        written
    }

    /// Calls a function with the stream, unless the pipe is closed.
    fn reach(&mut self, act: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        match act(&mut *self.sink) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(())
            }
            result => result,
        }
    }

    /// The length of the part that can be escaped by itself: whole lines, or JSON up to the end of
    /// a string.
    fn whole(&self) -> usize {
        let end = match self.kind {
            Kind::Document | Kind::Lines | Kind::Commands => b'\n',
            Kind::Json => b'"',
            Kind::Bytes => return self.buffer.len(),
        };
        memchr::memrchr(end, &self.buffer).map_or(0, |at| at + 1)
    }
}

impl Write for Printer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() < self.limit {
            return Ok(());
        }
        let whole = self.whole();
        let written = self.write_block(whole);
        // So a long line is not searched again each time.
        self.limit = BLOCK.max(self.buffer.len() * 2);
        written
    }

    /// Does nothing, because the last line may be incomplete: [`finish`](Self::finish) writes the
    /// rest.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        // Another error is already on its way, and is the one to report.
        let _ = self.end();
    }
}

/// Prints a message that is not a result, on standard error. If this fails, there is nowhere to
/// report it.
pub(crate) fn say(what: fmt::Arguments<'_>) {
    let _ = to_stderr(Kind::Lines, |out| writeln!(out, "{what}"));
}

/// Prints why a command could not run, on standard error.
pub(crate) fn complain(show: impl FnOnce(&mut Printer) -> io::Result<()>) {
    let _ = to_stderr(Kind::Document, show);
}

/// Writes workflow commands to standard error, where GitHub Actions reads them as well.
pub(crate) fn annotate_on_stderr(write: impl FnOnce(&mut Printer) -> io::Result<()>) {
    let _ = to_stderr(Kind::Commands, write);
}

fn to_stderr(kind: Kind, write: impl FnOnce(&mut Printer) -> io::Result<()>) -> io::Result<()> {
    let mut out = Printer::stderr(kind);
    write(&mut out)?;
    out.finish()
}

/// The number of columns: from `COLUMNS`, or else of the terminal. A pipe has no limit.
pub(crate) fn terminal_width() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok();
    if let Some(columns) = columns.and_then(|columns| columns.parse().ok()) {
        return Some(columns).filter(|&columns| columns > 0);
    }
    let stdout = io::stdout();
    if !stdout.is_terminal() {
        return None;
    }
    terminal_size::terminal_size_of(stdout).map(|(width, _)| width.0.into())
}
