//! `owners explain`: the page of a lint. Needs no repository.

use std::io::{self, Write};

use owners::lint::{self, LINTS, Lint};
use owners::text::Diagnostic;
use owners::text::nearest;

use crate::Outcome;
use crate::args::Explain;
use crate::failure::{Failure, Result};
use crate::print::Printer;

pub(crate) fn run(args: &Explain) -> Result<Outcome> {
    let mut out = Printer::lines();
    match &args.lint {
        None => list(&mut out)?,
        Some(name) => {
            let lint = lint::find(name).ok_or_else(|| unknown_lint(name))?;
            out.write_all(lint.page.as_bytes())?;
        }
    }
    out.finish()?;
    Ok(Outcome::Fine)
}

/// Every lint with its level and when it fires.
fn list(out: &mut impl Write) -> io::Result<()> {
    let width = |text: fn(&Lint) -> &str| LINTS.iter().map(|lint| text(lint).len()).max();
    let name_width = width(|lint| lint.name).unwrap_or(0);
    let level_width = width(|lint| lint.level.name()).unwrap_or(0);
    for lint in LINTS {
        writeln!(
            out,
            "{:name_width$}  {:level_width$}  {}",
            lint.name,
            lint.level.name(),
            lint.summary
        )?;
    }
    Ok(())
}

/// The error for an unknown lint.
pub(crate) fn unknown_lint(name: &str) -> Failure {
    let check = name.split_once('/').filter(|_| lint::is_of_others(name));
    if let Some((check, _)) = check {
        let error = Diagnostic::error(format!("`{name}` is not a lint of `owners` itself"));
        let help =
            format!("`owners-check-{check}` reports it, with `owners check --plugin {check}`");
        return error.help(help).into();
    }
    let names = LINTS.iter().map(|lint| lint.name).chain(["warnings"]);
    let help = nearest::did_you_mean(name, names)
        .unwrap_or_else(|| "`owners explain` lists them".to_string());
    Failure::from(Diagnostic::error(format!("unknown lint `{name}`")).help(help))
}
