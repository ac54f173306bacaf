//! The command line. Editors pass next to nothing: what matters is in the protocol.

use clap::{Parser, ValueEnum};

/// Help with owners.toml and CODEOWNERS files in editors, by the Language Server Protocol
///
/// An editor starts this program and talks to it over standard input and output.
#[derive(Debug, Parser)]
#[command(name = "owners-lsp", version)]
pub(crate) struct Args {
    /// Talk over standard input and output, which is the only way
    #[arg(long)]
    pub(crate) stdio: bool,
    /// What to write to standard error
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    pub(crate) log: LogLevel,
}

/// How much is logged. Each level has what those before it have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum LogLevel {
    /// Nothing
    Off,
    /// What went wrong
    Error,
    /// What is read and checked, and how long it takes
    Info,
    /// The name of every message, too
    Debug,
}
