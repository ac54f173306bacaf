//! The log on standard error. Standard output has nothing but the protocol.

use std::fmt::Arguments;
use std::io::Write as _;
use std::sync::OnceLock;

use owners::text::escaped;

use crate::args::LogLevel;

static LEVEL: OnceLock<LogLevel> = OnceLock::new();

/// Sets the level, once.
pub(crate) fn choose(level: LogLevel) {
    let _ = LEVEL.set(level);
}

/// Writes a line. That nobody reads it is no reason to stop.
pub(crate) fn log(level: LogLevel, message: Arguments<'_>) {
    if LEVEL.get().is_some_and(|&chosen| level <= chosen) {
        let line = escaped(message.to_string().as_bytes());
        #[expect(clippy::disallowed_methods, reason = "this is what prints here")]
        let _ = writeln!(std::io::stderr(), "owners-lsp: {line}");
    }
}

/// Says what went wrong.
pub(crate) fn error(message: Arguments<'_>) {
    log(LogLevel::Error, message);
}

/// Says what happens.
pub(crate) fn info(message: Arguments<'_>) {
    log(LogLevel::Info, message);
}
