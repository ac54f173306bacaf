//! `owners schema` and `owners completions`: information for editors and shells. These commands need
//! no repository.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::Outcome;
use crate::args::Cli;
use crate::failure::Result;
use crate::print::Printer;

pub(crate) fn schema() -> Result<Outcome> {
    print(owners::config::SCHEMA.as_bytes())
}

pub(crate) fn completions(shell: Shell) -> Result<Outcome> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "owners", &mut text);
    print(&text)
}

fn print(text: &[u8]) -> Result<Outcome> {
    let mut out = Printer::bytes();
    out.write_all(text)?;
    out.finish()?;
    Ok(Outcome::Fine)
}
