//! The formats of the commands, and the options `--format` and `--json` that choose one.

use std::sync::LazyLock;

use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};

use owners::Forge;
use owners::export::{Form, formats};

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

/// What `export` writes instead of the model.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ExportFormat {
    /// The paths: a JSON object in each line, or rows.
    Rows(Form),
    /// The approvals, for this forge.
    Required(Forge),
}

impl ExportFormat {
    /// How paths are written.
    pub(crate) fn rows(self) -> Option<Form> {
        match self {
            ExportFormat::Rows(form) => Some(form),
            ExportFormat::Required(_) => None,
        }
    }
}

impl ValueEnum for ExportFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<ExportFormat>> = LazyLock::new(|| {
            let rows = [Form::Ndjson, Form::Csv].map(ExportFormat::Rows);
            let required = formats().map(|(_, forge)| ExportFormat::Required(forge));
            rows.into_iter().chain(required).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let name = match self {
            ExportFormat::Rows(Form::Ndjson) => "ndjson",
            ExportFormat::Rows(Form::Csv) => "csv",
            ExportFormat::Required(forge) => formats().find(|(_, other)| other == forge)?.0,
        };
        Some(PossibleValue::new(name))
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
