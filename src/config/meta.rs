//! Values of the user's own, such as those of `[groups.NAME.meta]`. They have no meaning here:
//! `owners export` passes them on.

use toml::de::{DeTable, DeValue};

use super::value::{ConfigReader, TomlValue, in_order};

/// The maximum number of tables and arrays within each other.
const MAX_LEVELS: usize = 64;

/// A value of TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string.
    String(String),
    /// An integer.
    Integer(i64),
    /// A number that is not an integer, or infinite, or none.
    Float(Float),
    /// A boolean.
    Boolean(bool),
    /// A date, a time, or both, as it is written.
    Datetime(String),
    /// An array.
    Array(Vec<Value>),
    /// A table.
    Table(Table),
}

/// The entries of a table, in document order.
pub type Table = Vec<(String, Value)>;

/// A floating-point number. It is equal to itself, also if it is not a number.
#[derive(Clone, Copy, Debug)]
pub struct Float(pub f64);

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Float {}

impl ConfigReader<'_> {
    /// The table `meta` of a group.
    pub(super) fn meta(&mut self, value: &TomlValue<'_>) -> Table {
        let table = self.table(value, "`meta`", "`meta = { label = \"area: wasi\" }`");
        table.map_or(Table::new(), |table| self.entries(table, 1))
    }

    fn entries(&mut self, table: &DeTable<'_>, level: usize) -> Table {
        let entries = in_order(table).into_iter();
        let read = entries.map(|(key, value)| {
            let value = self.value(value, level)?;
            Some((key.get_ref().to_string(), value))
        });
        // A fault is reported once.
        read.map_while(|entry| entry).collect()
    }

    fn value(&mut self, value: &TomlValue<'_>, level: usize) -> Option<Value> {
        Some(match value.get_ref() {
            DeValue::Array(_) | DeValue::Table(_) if level >= MAX_LEVELS => {
                self.fault(
                    value.span(),
                    format!("`meta` has more than {MAX_LEVELS} levels"),
                    "one too many",
                    "nest tables and arrays less",
                );
                return None;
            }
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Boolean(value) => Value::Boolean(*value),
            DeValue::Datetime(time) => Value::Datetime(time.to_string()),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => Value::Integer(number),
                    Err(_) => {
                        self.fault(
                            value.span(),
                            "the integer is too large",
                            "more than 64 bits",
                            "write it as a string",
                        );
                        return None;
                    }
                }
            }
            DeValue::Float(number) => Value::Float(Float(number.as_str().parse().ok()?)),
            DeValue::Array(items) => {
                let items = items.iter();
                let items = items.map_while(|item| self.value(item, level + 1));
                Value::Array(items.collect())
            }
            DeValue::Table(table) => Value::Table(self.entries(table, level + 1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    fn meta(text: &str) -> Result<Table, String> {
        let text = format!("[groups.g]\nmembers = '@a'\n{text}\n[paths]\n'*' = 'g'\n");
        let project = Project::from_text(&text).map_err(|unsound| unsound.to_string())?;
        Ok(project.config.groups[0].meta.clone())
    }

    #[test]
    fn every_type() {
        let text = "[groups.g.meta]\nz = 'x'\na = [1, 0xff, -1_000]\nf = [1.5, -inf, 1e3]\nb = true\n\
                    d = [2026-11-25, 07:32:00, 1979-05-27T07:32:00Z]\nt = { k.l = [] }\n[[groups.g.meta.u]]\nv = nan";
        let string = |text: &str| Value::String(text.to_string());
        let time = |text: &str| Value::Datetime(text.to_string());
        let float = |number| Value::Float(Float(number));
        let entry = |key: &str, value| (key.to_string(), value);
        let expected = vec![
            entry("z", string("x")),
            entry(
                "a",
                Value::Array([1, 255, -1000].map(Value::Integer).into()),
            ),
            entry(
                "f",
                Value::Array([1.5, f64::NEG_INFINITY, 1e3].map(float).into()),
            ),
            entry("b", Value::Boolean(true)),
            entry(
                "d",
                Value::Array(
                    ["2026-11-25", "07:32:00", "1979-05-27T07:32:00Z"]
                        .map(time)
                        .into(),
                ),
            ),
            entry(
                "t",
                Value::Table(vec![entry(
                    "k",
                    Value::Table(vec![entry("l", Value::Array(vec![]))]),
                )]),
            ),
            entry(
                "u",
                Value::Array(vec![Value::Table(vec![entry("v", float(f64::NAN))])]),
            ),
        ];
        assert_eq!(meta(text).unwrap(), expected);
    }

    #[test]
    fn limits() {
        let nested = |levels| format!("meta.x = {}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(meta(&nested(MAX_LEVELS - 1)).is_ok());
        let fault = meta(&nested(MAX_LEVELS)).unwrap_err();
        assert!(fault.contains("more than 64 levels"), "{fault}");
        // Keys with dots are nested tables.
        for (levels, expected) in [(70, "more than 64 levels"), (20_000, "recursion limit")] {
            let dotted = format!("meta.{} = 1", vec!["x"; levels].join("."));
            let fault = meta(&dotted).unwrap_err();
            assert!(fault.contains(expected), "{fault}");
        }
        let fault = meta("meta.x = 9223372036854775808").unwrap_err();
        assert!(fault.contains("too large"), "{fault}");
        let fault = meta("meta = 'x'").unwrap_err();
        assert!(fault.contains("must be a table"), "{fault}");
    }
}
