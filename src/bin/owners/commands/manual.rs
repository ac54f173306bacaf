//! `owners man`: the manual, one page for each command. Needs no repository.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use owners::text::Diagnostic;
use owners::text::nearest;

use crate::Outcome;
use crate::args;
use crate::failure::{Failure, Result};
use crate::pages::{self, CANNOT_RUN, Page, page};
use crate::print::{Printer, say};

pub(crate) fn run(args: &args::Man, is_quiet: bool) -> Result<Outcome> {
    let mut command = pages::command();
    command.build();
    if let Some(directory) = &args.into {
        return write_all(&command, directory, is_quiet);
    }
    let text = match &args.command {
        None => render(&command, "")?,
        Some(name) => {
            let subcommand = command
                .find_subcommand(name)
                .filter(|_| page(name).is_some());
            render(subcommand.ok_or_else(|| unknown(&command, name))?, name)?
        }
    };
    let mut out = Printer::bytes();
    out.write_all(&text)?;
    out.finish()?;
    Ok(Outcome::Fine)
}

fn unknown(command: &Command, name: &str) -> Failure {
    let names = command.get_subcommands().map(Command::get_name);
    let help = nearest::did_you_mean(name, names)
        .unwrap_or_else(|| "`owners --help` lists the commands".to_string());
    Failure::from(Diagnostic::error(format!("there is no command `{name}`")).help(help))
}

/// Writes `owners.1`, `owners-check.1` and so on.
fn write_all(command: &Command, directory: &Path, is_quiet: bool) -> Result<Outcome> {
    let shown = directory.display();
    fs::create_dir_all(directory)
        .with_context(|| format!("cannot create the directory `{shown}`"))?;
    let subcommands = (command.get_subcommands())
        .filter(|each| page(each.get_name()).is_some())
        .map(|each| (each, each.get_name()));
    let mut count = 0;
    for (command, name) in std::iter::once((command, "")).chain(subcommands) {
        let file = directory.join(format!("{}.1", title(name)));
        let text = render(command, name)?;
        fs::write(&file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
        count += 1;
    }
    if !is_quiet {
        say(format_args!("wrote {count} pages to {shown}"));
    }
    Ok(Outcome::Fine)
}

/// The name of the page of a command.
fn title(name: &str) -> String {
    match name {
        "" => "owners".to_string(),
        name => format!("owners-{name}"),
    }
}

fn render(command: &Command, name: &str) -> Result<Vec<u8>> {
    // The examples have a section of their own.
    let command = command.clone().after_help("");
    let man = Man::new(command.clone())
        .title(title(name))
        .section("1")
        .source(concat!("owners ", env!("CARGO_PKG_VERSION")))
        .manual("owners");
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if name.is_empty() {
        man.render_subcommands_section(&mut text)?;
    }
    if let Some(page) = page(name) {
        extra_sections(page).to_writer(&mut text)?;
    }
    let mut also = Roff::default();
    also.control("SH", ["SEE ALSO"]);
    also.text([roman(match name {
        "" => "owners-gen(1), owners-check(1), owners-who(1), git(1)",
        _ => "owners(1)",
    })]);
    also.to_writer(&mut text)?;
    man.render_version_section(&mut text)?;
    Ok(text)
}

/// EXAMPLES, EXIT STATUS and FILES.
fn extra_sections(page: &Page) -> Roff {
    let mut roff = Roff::default();
    roff.control("SH", ["EXAMPLES"]);
    for (what, line) in page.examples {
        roff.text([roman(format!("{what}:"))]);
        roff.control("PP", []);
        roff.control("RS", ["4"]);
        roff.control("nf", []);
        roff.text([bold(*line)]);
        roff.control("fi", []);
        roff.control("RE", []);
        roff.control("PP", []);
    }
    roff.control("SH", ["EXIT STATUS"]);
    let (fine, findings) = page.exit;
    let codes = [("0", Some(fine)), ("1", findings), ("2", Some(CANNOT_RUN))];
    for (code, text) in codes {
        entry(&mut roff, code, text);
    }
    if !page.files.is_empty() {
        roff.control("SH", ["FILES"]);
    }
    for (file, text) in page.files {
        entry(&mut roff, file, Some(text));
    }
    roff
}

fn entry(roff: &mut Roff, term: &str, text: Option<&str>) {
    if let Some(text) = text {
        roff.control("TP", []);
        roff.text([bold(term)]);
        roff.text([roman(text)]);
    }
}
