//! `owners schema` and `owners completions`: information for editors and shells. These commands need
//! no repository.

use std::io::Write;

use clap_complete::Shell;

use crate::Outcome;
use crate::args::{self, SchemaOf};
use crate::complete;
use crate::failure::Result;
use crate::print::Printer;

pub(crate) fn schema(args: &args::Schema) -> Result<Outcome> {
    let text = match args.of {
        SchemaOf::Config => owners::config::SCHEMA,
        SchemaOf::Export => owners::export::SCHEMA,
    };
    print(text.as_bytes())
}

pub(crate) fn completions(shell: Shell) -> Result<Outcome> {
    print(&complete::script(shell)?)
}

fn print(text: &[u8]) -> Result<Outcome> {
    let mut out = Printer::bytes();
    out.write_all(text)?;
    out.finish()?;
    Ok(Outcome::Fine)
}
