//! Reads single TOML values and reports their faults.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::Text;
use crate::text::nearest::Suggestions;
use crate::text::{Diagnostic, Faults, FileId, Source};

pub(super) type TomlKey<'s> = Spanned<DeString<'s>>;
pub(super) type TomlValue<'s> = Spanned<DeValue<'s>>;

pub(super) struct ConfigReader<'s> {
    pub(super) file: FileId,
    pub(super) source: &'s str,
    pub(super) faults: Faults,
    pub(super) suggestions: Suggestions,
}

/// What an array of tables must be.
#[derive(Clone, Copy)]
pub(super) struct Tables {
    /// The key.
    pub(super) key: &'static str,
    /// What the tables are, in the plural.
    pub(super) what: &'static str,
    /// How many there may be.
    pub(super) most: usize,
    /// How they are written.
    pub(super) example: &'static str,
}

/// The entries of a table in document order. The map has its own order.
pub(super) fn in_order<'t, 's>(
    table: &'t DeTable<'s>,
) -> Vec<(&'t TomlKey<'s>, &'t TomlValue<'s>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

pub(super) fn text_of(key: &TomlKey<'_>) -> Text {
    Text {
        value: key.get_ref().to_string(),
        span: key.span(),
    }
}

impl<'s> ConfigReader<'s> {
    /// A reader of the values of a file, without faults yet.
    pub(super) fn new(file: FileId, source: &'s Source) -> Self {
        ConfigReader {
            file,
            source: &source.text,
            faults: Faults::default(),
            suggestions: Suggestions::default(),
        }
    }
}

impl ConfigReader<'_> {
    pub(super) fn fault(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        label: &str,
        help: &str,
    ) {
        let diagnostic = Diagnostic::error(message)
            .at(self.file, span, label)
            .help(help);
        self.faults.push(diagnostic);
    }

    pub(super) fn unknown_key(&mut self, key: &TomlKey<'_>, place: &str, known: &[&str]) {
        let name = key.get_ref();
        let meant = self.suggestions.nearest(name, known.iter().copied());
        let fault = Diagnostic::error(format!("unknown {place} `{name}`")).at(
            self.file,
            key.span(),
            "not known",
        );
        self.faults.push(match meant {
            Some(meant) => fault.did_you_mean(self.file, key.span(), meant, meant),
            None => fault.help(format!("known here: {}", quoted_list(known))),
        });
    }

    pub(super) fn wrong_type(
        &mut self,
        value: &TomlValue<'_>,
        what: impl fmt::Display,
        expected: &str,
        example: &str,
    ) {
        let found = format!("this is {}", type_name(value.get_ref()));
        self.fault(
            value.span(),
            format!("{what} must be {expected}"),
            &found,
            &format!("write {example}"),
        );
    }

    pub(super) fn table<'v, 's>(
        &mut self,
        value: &'v TomlValue<'s>,
        name: &str,
        example: &str,
    ) -> Option<&'v DeTable<'s>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(value, name, "a table", example);
        }
        table
    }

    /// A table, or an array of tables, each with the bytes of its header.
    pub(super) fn tables<'v, 's>(
        &mut self,
        value: &'v TomlValue<'s>,
        wanted: Tables,
    ) -> Vec<(&'v DeTable<'s>, Range<usize>)> {
        let Tables {
            key,
            what,
            most,
            example,
        } = wanted;
        match value.get_ref() {
            DeValue::Table(table) => vec![(table, value.span())],
            DeValue::Array(array) => {
                for item in array.iter().filter(|item| !item.get_ref().is_table()) {
                    self.wrong_type(
                        item,
                        format_args!("each entry of `{key}`"),
                        "a table",
                        example,
                    );
                }
                if let Some(extra) = array.get(most) {
                    self.fault(
                        extra.span(),
                        format!(
                            "there are {} {what}; at most {most} are allowed",
                            array.len()
                        ),
                        "one too many",
                        "put the `paths` of those with the same owners together",
                    );
                }
                let tables = array.iter().take(most);
                tables
                    .filter_map(|item| Some((item.get_ref().as_table()?, item.span())))
                    .collect()
            }
            _ => {
                self.wrong_type(value, format_args!("`{key}`"), "a table", example);
                Vec::new()
            }
        }
    }

    pub(super) fn string(
        &mut self,
        value: &TomlValue<'_>,
        what: impl fmt::Display + Copy,
        example: &str,
    ) -> Option<Text> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong_type(value, what, "a string", example);
        }
        text.map(|text| Text {
            value: text.to_string(),
            span: value.span(),
        })
    }

    fn strings(
        &mut self,
        value: &TomlValue<'_>,
        what: impl fmt::Display + Copy,
        example: &str,
    ) -> Vec<Text> {
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, what, "an array of strings", example);
            return Vec::new();
        };
        let what = format_args!("each entry of {what}");
        array
            .iter()
            .filter_map(|item| self.string(item, what, example))
            .collect()
    }

    /// A string, or an array of strings.
    pub(super) fn one_or_more(
        &mut self,
        value: &TomlValue<'_>,
        what: impl fmt::Display + Copy,
        example: &str,
    ) -> Vec<Text> {
        match value.get_ref() {
            DeValue::String(text) => vec![Text {
                value: text.to_string(),
                span: value.span(),
            }],
            DeValue::Array(_) => self.strings(value, what, example),
            _ => {
                self.wrong_type(value, what, "a string or an array of strings", example);
                Vec::new()
            }
        }
    }
}

pub(super) fn quoted_list(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

pub(super) fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
