//! The formats of the commands, and the options `--format` and `--json` that choose one.

use clap::{Args, ValueEnum};

use owners::export::Form;

use crate::print::Printer;

/// `--format` and `--json` of a command with the formats `F`.
#[derive(Debug, Args)]
pub(crate) struct Formatted<F: HasJson> {
    /// Output format [default: human]
    #[arg(long, value_name = "FORMAT")]
    format: Option<F>,
    /// Short for `--format json`
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl<F: HasJson> Formatted<F> {
    /// The format that was asked for.
    pub(crate) fn chosen(&self) -> Option<F> {
        match self.json {
            true => Some(F::JSON),
            false => self.format,
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.chosen() == Some(F::JSON)
    }
}

/// The formats of a command, one of which is JSON.
pub(crate) trait HasJson: ValueEnum + Copy + PartialEq + Send + Sync + 'static {
    const JSON: Self;
}

/// How `check` shows findings: `report` has a file for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Short,
    Json,
    /// For a comment on a pull request
    Markdown,
    Github,
    Sarif,
    Gitlab,
}

impl HasJson for Format {
    const JSON: Self = Format::Json;
}

/// How paths and numbers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DataFormat {
    Human,
    Json,
}

impl HasJson for DataFormat {
    const JSON: Self = DataFormat::Json;
}

/// How the paths of `export` are written: as a JSON object in each line, or as rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    Ndjson,
    Csv,
}

impl From<RowFormat> for Form {
    fn from(format: RowFormat) -> Self {
        match format {
            RowFormat::Ndjson => Form::Ndjson,
            RowFormat::Csv => Form::Csv,
        }
    }
}

/// How a change is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChangeFormat {
    Human,
    /// For a comment on a pull request
    Markdown,
    Json,
}

impl HasJson for ChangeFormat {
    const JSON: Self = ChangeFormat::Json;
}

impl ChangeFormat {
    /// Where it is written.
    pub(crate) fn printer(self) -> Printer {
        match self {
            ChangeFormat::Human => Printer::document(),
            // What posts a comment takes every line for a part of it.
            ChangeFormat::Markdown => Printer::lines(),
            ChangeFormat::Json => Printer::json(),
        }
    }
}
