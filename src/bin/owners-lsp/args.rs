//! The command line. Editors pass next to nothing: what matters is in the protocol.

use std::io;

use clap::{CommandFactory as _, Parser, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;

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
    /// Print the completions for a shell, and end
    #[arg(long, value_name = "SHELL")]
    pub(crate) completions: Option<Shell>,
    /// Print the page of the manual, and end
    #[arg(long)]
    pub(crate) man: bool,
}

impl Args {
    /// What one of the options prints that have nothing to do with serving.
    pub(crate) fn printed(&self) -> Option<io::Result<Vec<u8>>> {
        let mut text = Vec::new();
        if let Some(shell) = self.completions {
            clap_complete::generate(shell, &mut Args::command(), "owners-lsp", &mut text);
            return Some(Ok(text));
        }
        self.man.then(|| {
            let manual = Man::new(Args::command());
            manual.section("1").manual("owners").render(&mut text)?;
            Ok(text)
        })
    }
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
