//! Reads `[output]`.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::value::{ConfigReader, TomlValue, in_order, quoted_list};
use super::{Output, Text};
use crate::forge::Forge;
use crate::text::toml::quoted;
use crate::text::{Diagnostic, is_invisible};

impl ConfigReader<'_> {
    pub(super) fn outputs(&mut self, value: &TomlValue<'_>) -> Vec<Output> {
        /// For each output, the file is read and compared, and its locations are checked. Two
        /// forges have six locations.
        const MAX_OUTPUTS: usize = 32;
        match value.get_ref() {
            DeValue::Table(table) => vec![self.output(table, value.span())],
            DeValue::Array(array) if array.iter().all(|item| item.get_ref().is_table()) => {
                if let Some(extra) = array.get(MAX_OUTPUTS) {
                    self.fault(
                        extra.span(),
                        format!(
                            "there are {} outputs; at most {MAX_OUTPUTS} are allowed",
                            array.len()
                        ),
                        "one too many",
                        "remove those that no forge reads",
                    );
                }
                let outputs: Vec<Output> = array
                    .iter()
                    .take(MAX_OUTPUTS)
                    .filter_map(|item| Some(self.output(item.get_ref().as_table()?, item.span())))
                    .collect();
                self.distinct_files(&outputs);
                outputs
            }
            _ => {
                self.wrong_type(
                    value,
                    "`output`",
                    "a table",
                    "`platform = \"github\"` under `[output]`",
                );
                Vec::new()
            }
        }
    }

    fn distinct_files(&mut self, outputs: &[Output]) {
        for (index, output) in outputs.iter().enumerate() {
            // On some file systems names that differ only in case are the same, and on none can a
            // file and a directory have the same name.
            let clashes = |earlier: &&Output| {
                let (a, b) = (format!("{}/", earlier.file), format!("{}/", output.file));
                let (a, b) = (a.to_lowercase(), b.to_lowercase());
                a.starts_with(&b) || b.starts_with(&a)
            };
            if let Some(earlier) = outputs[..index].iter().find(clashes) {
                let message = if earlier.file == output.file {
                    format!("two outputs write `{}`", output.file)
                } else {
                    format!(
                        "the outputs `{}` and `{}` conflict: some file systems cannot hold both",
                        earlier.file, output.file
                    )
                };
                self.fault(
                    output.span.clone().unwrap_or(0..0),
                    message,
                    "the second",
                    "give each a `file` of its own",
                );
            }
        }
    }

    fn output(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Output {
        const KNOWN: &[&str] = &["platform", "file", "header"];
        let mut forge = Forge::default();
        let mut file = None;
        let mut header = None;
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "platform" => {
                    let text = self.string(value, "`platform`", "`platform = \"github\"`");
                    forge = text.and_then(|text| self.forge(&text)).unwrap_or_default();
                }
                "file" => {
                    file = self
                        .string(value, "`file`", "`file = \".github/CODEOWNERS\"`")
                        .filter(|file| self.is_file(file, "output", ".github/CODEOWNERS"));
                }
                "header" => header = self.header(value),
                _ => self.unknown_key(key, "key of `output`", KNOWN),
            }
        }
        match file {
            Some(file) => Output {
                forge,
                file: file.value,
                header,
                span: Some(file.span),
            },
            None => Output {
                forge,
                file: forge.default_file.into(),
                header,
                span: Some(span),
            },
        }
    }

    /// Reads a line for the header of the generated file.
    fn header(&mut self, value: &TomlValue<'_>) -> Option<String> {
        const EXAMPLE: &str = "`header = \"How to change this file: CONTRIBUTING.md\"`";
        const MAX_HEADER: usize = 1000;
        let text = self.string(value, "`header`", EXAMPLE)?;
        let length = text.value.chars().count();
        let reason = if text.value.trim().is_empty() {
            "it is empty".to_string()
        } else if length > MAX_HEADER {
            format!("it has {length} characters; at most {MAX_HEADER} are allowed")
        } else if text.value.contains(['\n', '\r']) {
            "it is more than one line".to_string()
        } else if let Some(hidden) = text.value.chars().find(|&each| is_invisible(each)) {
            format!(
                "it holds the invisible character `{}`",
                hidden.escape_unicode()
            )
        } else {
            return Some(text.value);
        };
        self.fault(
            text.span,
            "the `header` is not one line of plain text",
            &reason,
            &format!("write {EXAMPLE}"),
        );
        None
    }

    fn forge(&mut self, text: &Text) -> Option<Forge> {
        let forge = Forge::from_name(&text.value);
        if forge.is_none() {
            let names: Vec<&str> = Forge::ALL.iter().map(|forge| forge.name).collect();
            let meant = self.suggestions.nearest(&text.value, names.iter().copied());
            let fault = Diagnostic::error(format!("unknown platform `{}`", text.value)).at(
                self.file,
                text.span.clone(),
                "not known",
            );
            self.faults.push(match meant {
                Some(meant) => {
                    fault.did_you_mean(self.file, text.span.clone(), meant, quoted(meant))
                }
                None => fault.help(format!("known: {}", quoted_list(&names))),
            });
        }
        forge
    }
}
