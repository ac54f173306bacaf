//! Everything that `owners` prints goes through here. A lint of clippy forbids all other ways.
//!
//! A [`Printer`] collects text and writes it in blocks. It decides
//!
//! - whether there are colors;
//! - what a terminal or a CI job must not see as it is ([`guard`]), and whether GitHub Actions is told
//!   to take no workflow commands meanwhile ([`Pause`]);
//! - what happens when the reader has gone, as in `owners check | head`: the printing ends, and
//!   nothing else does. The command goes on to its verdict, and its exit code is what it would have
//!   been. A full disk is an error.

#![expect(
    clippy::disallowed_methods,
    reason = "this is where all output comes through"
)]

mod guard;
mod pause;

use std::fmt;
use std::io::{self, IsTerminal, Write};

use pause::Pause;

pub(crate) use pause::is_github_actions;

/// What is printed is collected until there is so much of it.
const BLOCK: usize = 1 << 16;

/// What kind of text is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Text for people that quotes names and files in whole lines, such as excerpts and differences.
    Document,
    /// Lines for people and for simple tools such as `grep`: no line is ours alone.
    Lines,
    /// Workflow commands of GitHub Actions.
    Commands,
    /// JSON.
    Json,
    /// Bytes for a program, as they are.
    Bytes,
}

/// Where something is printed.
pub(crate) struct Printer {
    kind: Kind,
    is_colored: bool,
    /// What is yet to be written.
    buffer: Vec<u8>,
    /// How much that may be, before a part of it is written.
    limit: usize,
    sink: Box<dyn Write>,
    /// Whether the reader has gone: whatever else is printed is dropped.
    is_closed: bool,
    pause: Option<Pause>,
}

impl Printer {
    /// Standard output, for a text that quotes files. In GitHub Actions the runner takes no workflow
    /// commands meanwhile.
    pub(crate) fn document() -> Self {
        Printer::stdout(Kind::Document)
    }

    /// Standard output, for lines that are read by people and by simple tools.
    pub(crate) fn lines() -> Self {
        Printer::stdout(Kind::Lines)
    }

    /// Standard output, for workflow commands of GitHub Actions.
    pub(crate) fn commands() -> Self {
        Printer::stdout(Kind::Commands)
    }

    /// Standard output, for JSON. What must not be shown is escaped as JSON escapes it.
    pub(crate) fn json() -> Self {
        Printer::stdout(Kind::Json)
    }

    /// Standard output, for bytes that nothing is done to.
    pub(crate) fn bytes() -> Self {
        Printer::stdout(Kind::Bytes)
    }

    fn stdout(kind: Kind) -> Self {
        let is_text = matches!(kind, Kind::Document | Kind::Lines);
        let colored = Some(anstream::stdout()).filter(|stdout| is_text && has_colors(stdout));
        match colored {
            Some(stdout) => Printer::new(kind, true, Box::new(stdout.lock())),
            None => Printer::new(kind, false, Box::new(io::stdout().lock())),
        }
    }

    fn stderr(kind: Kind) -> Self {
        let stderr = anstream::stderr();
        let is_colored = kind != Kind::Commands && has_colors(&stderr);
        Printer::new(kind, is_colored, Box::new(stderr.lock()))
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

    /// Whether colors are wanted. They may be written all the same: then they are dropped, which
    /// takes longer than not to write them.
    pub(crate) fn is_colored(&self) -> bool {
        self.is_colored
    }

    /// Writes what is left.
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
            // The reader of standard output may have passed the beginning on before it went.
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
                // Nobody has read it.
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

    /// Does something with where the output goes, if there is a reader.
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

    /// How much of the buffer can be looked at by itself: whole lines, or JSON up to a string's end.
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
        // A long line is not searched again and again.
        self.limit = BLOCK.max(self.buffer.len() * 2);
        written
    }

    /// Does nothing, since the last line may not be whole: [`finish`](Self::finish) writes the rest.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        // On the way out because of another error, which is the one to report.
        let _ = self.end();
    }
}

fn has_colors<S: anstream::stream::RawStream>(stream: &anstream::AutoStream<S>) -> bool {
    stream.current_choice() != anstream::ColorChoice::Never
}

/// Tells a person something that is no result. There is nowhere to report that it cannot be told.
pub(crate) fn say(what: fmt::Arguments<'_>) {
    let _ = to_stderr(Kind::Lines, |out| writeln!(out, "{what}"));
}

/// Shows a person why a command could not run, on standard error.
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

/// How many columns there are: as `COLUMNS` says or else the terminal. A pipe has no end.
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
