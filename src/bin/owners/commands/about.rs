//! `owners schema`, `owners completions` and `owners man`: information for editors, shells and
//! people. These commands need no repository.

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

/// The manual page of the command, followed by the pages of its subcommands.
pub(crate) fn manual() -> Result<Outcome> {
    let mut text = Vec::new();
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    for subcommand in command
        .get_subcommands()
        .filter(|each| each.get_name() != "help")
    {
        clap_mangen::Man::new(subcommand.clone()).render(&mut text)?;
    }
    print(&text)
}

fn print(text: &[u8]) -> Result<Outcome> {
    let mut out = Printer::bytes();
    out.write_all(text)?;
    out.finish()?;
    Ok(Outcome::Fine)
}
