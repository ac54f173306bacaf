//! A line on standard error that counts, while somebody waits at a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often the line is written.
const INTERVAL: Duration = Duration::from_millis(100);
/// How long nothing is written at first. A short wait needs no line.
const PATIENCE: Duration = Duration::from_millis(500);

/// A count on standard error. The line is removed in the end.
pub(crate) struct Progress {
    what: &'static str,
    /// When to write next. `None` if nobody is looking.
    next: Option<Instant>,
    is_written: bool,
}

impl Progress {
    /// Starts at nothing. `is_wanted`: show it, if standard error is a terminal.
    pub(crate) fn new(what: &'static str, is_wanted: bool) -> Self {
        let is_shown = is_wanted && io::stderr().is_terminal();
        Progress {
            what,
            next: is_shown.then(|| Instant::now() + PATIENCE),
            is_written: false,
        }
    }

    /// For what is quickly counted: asking for the time takes longer than counting.
    pub(crate) fn set(&mut self, count: usize) {
        if count.is_multiple_of(256) {
            self.step(count);
        }
    }

    /// For what takes a while each.
    pub(crate) fn step(&mut self, count: usize) {
        let Some(next) = self.next else {
            return;
        };
        let now = Instant::now();
        if now >= next {
            self.next = Some(now + INTERVAL);
            self.is_written = true;
            let _ = write!(io::stderr(), "\r{count} {}\x1b[K", self.what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_written {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
