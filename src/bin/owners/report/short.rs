//! One line for each finding, for editors and `grep`: `file:line:column: level[lint]: message`.

use std::io::{self, Write};

use super::place::{Place, other_line};
use super::{Report, Reporter, level};
use crate::here;

pub(super) struct Short;

impl Reporter for Short {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        for diagnostic in report.diagnostics {
            // A directory is shown itself, since no editor has to open it.
            let path = diagnostic.path.as_deref().unwrap_or_default();
            match Place::of(diagnostic, report) {
                Place {
                    path,
                    region: Some(region),
                } => write!(
                    out,
                    "{}:{}:{}: ",
                    here::shown_source(&String::from_utf8_lossy(&path)),
                    region.line,
                    region.column
                )?,
                Place { .. } if !path.is_empty() => write!(out, "{}: ", here::shown(path))?,
                Place { path, .. } => write!(out, "{}: ", here::shown(&path))?,
            }
            write!(out, "{}", level(diagnostic))?;
            if let Some(lint) = diagnostic.lint {
                write!(out, "[{lint}]")?;
            }
            let other = other_line(diagnostic, &report.project.sources, here::shown_source);
            let other = other.unwrap_or_default();
            writeln!(out, ": {}{other}", here::message(diagnostic))?;
        }
        Ok(())
    }
}
