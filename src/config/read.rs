//! Reads TOML values into a [`Config`] and collects all faults.

use toml::de::{DeTable, DeValue};

use super::value::{ConfigReader, TomlKey, TomlValue, in_order, text_of};
use super::{Config, Level, Minimum, Nested, Output, Text, syntax};
use crate::text::{Diagnostic, Faults, FileId, Source};

/// Reads the text of the file in `directory`, which is empty at the root.
///
/// # Errors
///
/// All syntax errors. Other faults of form are returned with what could be read, so that the
/// meaning can be checked as well.
pub fn parse(
    file: FileId,
    source: &Source,
    directory: &str,
) -> Result<(Config, Faults), Vec<Diagnostic>> {
    let table = syntax::parse(&source.text, file)?;
    let mut reader = ConfigReader::new(file, source);
    let config = reader.config(&table, directory);
    Ok((config, reader.faults))
}

/// The keys that only the root file may have.
const ROOT_ONLY: &[&str] = &[
    "required-version",
    "nested",
    "output",
    "require",
    "approval",
    "lints",
];
/// The keys that every file may have.
const EVERYWHERE: &[&str] = &["groups", "paths", "check"];

impl ConfigReader<'_> {
    fn config(&mut self, root: &DeTable<'_>, directory: &str) -> Config {
        let mut config = Config {
            directory: directory.to_string(),
            ..Config::without_rules(self.file)
        };
        // A nested file needs no `[paths]`: it applies to its directory only.
        let is_root = directory.is_empty();
        let mut has_paths = !is_root;
        for (key, value) in in_order(root) {
            match key.get_ref().as_ref() {
                name if !is_root && ROOT_ONLY.contains(&name) => self.fault(
                    key.span(),
                    format!("`{name}` belongs in the owners.toml at the root"),
                    "",
                    "move it there: it applies to the whole repository",
                ),
                "nested" => config.nested = self.nested(value),
                "required-version" => self.required_version(value),
                "groups" => config.groups = self.groups(value),
                "paths" => {
                    has_paths = true;
                    config.rules = self.rules(value);
                }
                "output" => config.outputs = self.outputs(value),
                "require" => config.requirements = self.requirements(value),
                "approval" => config.approvals = self.approvals(value),
                "check" => self.check(value, &mut config),
                "lints" => config.lints = self.lints(value),
                // Report one fault only for a misspelled `[path]`, or for rules above `[paths]`.
                _ => has_paths |= self.unknown_table(key, value, is_root),
            }
        }
        if !has_paths {
            self.fault(
                0..0,
                "there is no `[paths]` table",
                "",
                "add one, with a rule for every path:\n[paths]\n\"*\" = \"@org/team\"",
            );
        }
        if is_root && config.outputs.is_empty() {
            config.outputs.push(Output::default());
        }
        self.check_roster_teams(&config.roster, &config.outputs);
        config
    }

    /// Reports an unknown top-level key. Returns whether it was probably meant as `[paths]` or a
    /// rule.
    fn unknown_table(&mut self, key: &TomlKey<'_>, value: &TomlValue<'_>, is_root: bool) -> bool {
        let name = key.get_ref().as_ref();
        if name.contains(['/', '*', '@', '.']) && !value.get_ref().is_table() {
            let message = format!("the rule `{name}` is not in a table");
            self.fault(key.span(), message, "", "rules go under `[paths]`");
            return true;
        }
        let known = if is_root {
            &[EVERYWHERE, ROOT_ONLY].concat()
        } else {
            EVERYWHERE
        };
        self.unknown_key(key, "table or key", known);
        self.suggestions.nearest(name, ["paths"]).is_some()
    }

    fn nested(&mut self, value: &TomlValue<'_>) -> Option<Nested> {
        const EXAMPLE: &str = "`nested = true`, or `nested = { except = [\"tests/\"] }`";
        match value.get_ref() {
            DeValue::Boolean(false) => None,
            DeValue::Boolean(true) => Some(Nested::default()),
            DeValue::Table(table) => {
                let mut nested = Nested::default();
                for (key, value) in in_order(table) {
                    match key.get_ref().as_ref() {
                        "except" => {
                            nested.except =
                                self.one_or_more(value, "`except`", "`except = [\"tests/\"]`");
                        }
                        _ => self.unknown_key(key, "key of `nested`", &["except"]),
                    }
                }
                Some(nested)
            }
            _ => {
                self.wrong_type(value, "`nested`", "a boolean or a table", EXAMPLE);
                None
            }
        }
    }

    fn required_version(&mut self, value: &TomlValue<'_>) {
        let Some(text) = self.string(
            value,
            "`required-version`",
            "`required-version = \">=0.1\"`",
        ) else {
            return;
        };
        match semver::VersionReq::parse(&text.value) {
            Err(error) => self.fault(
                text.span,
                "`required-version` is not a version requirement",
                &error.to_string(),
                "write it as in Cargo.toml, such as \">=0.1\"",
            ),
            Ok(required) => {
                let current = env!("CARGO_PKG_VERSION");
                let fits = current
                    .parse()
                    .is_ok_and(|version| required.matches(&version));
                if !fits {
                    self.fault(
                        text.span,
                        format!(
                            "this configuration needs owners {required}, and this is {current}"
                        ),
                        "required here",
                        "install a version that fits: `cargo install owners-cli`",
                    );
                }
            }
        }
    }

    fn check(&mut self, value: &TomlValue<'_>, config: &mut Config) {
        const KNOWN: &[&str] = &["exempt", "roster", "min-members"];
        let Some(table) = self.table(value, "`check`", "`exempt = [\"vendor/\"]` under `[check]`")
        else {
            return;
        };
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "exempt" => {
                    config.exempt = self.one_or_more(value, "`exempt`", "`exempt = [\"vendor/\"]`");
                }
                name @ ("roster" | "min-members") if !config.directory.is_empty() => self.fault(
                    key.span(),
                    format!("`{name}` belongs in the owners.toml at the root"),
                    "",
                    "move it there: it applies to the whole repository",
                ),
                "roster" => config.roster = self.roster(value),
                "min-members" => {
                    config.min_members = self.minimum(value, "`min-members`", "`min-members = 2`");
                }
                _ => self.unknown_key(key, "key of `check`", KNOWN),
            }
        }
    }

    pub(super) fn minimum(
        &mut self,
        value: &TomlValue<'_>,
        name: &str,
        example: &str,
    ) -> Option<Minimum> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.and_then(|number| usize::try_from(number).ok());
        match number.filter(|&number| number > 0) {
            Some(number) => Some(Minimum {
                value: number,
                span: value.span(),
            }),
            None => {
                const EXPECTED: &str = "a number of at least 1";
                match value.get_ref() {
                    DeValue::Integer(number) => {
                        let is_small = number.as_str().starts_with('-')
                            || number.as_str().chars().all(|digit| digit == '0');
                        let label = ["this is too large", "this is too small"];
                        self.fault(
                            value.span(),
                            format!("{name} must be {EXPECTED}"),
                            label[usize::from(is_small)],
                            &format!("write {example}"),
                        );
                    }
                    _ => self.wrong_type(value, name, EXPECTED, example),
                }
                None
            }
        }
    }

    fn lints(&mut self, value: &TomlValue<'_>) -> Vec<(Text, Level)> {
        let Some(table) = self.table(
            value,
            "`lints`",
            "`dead-pattern = \"deny\"` under `[lints]`",
        ) else {
            return Vec::new();
        };
        let mut lints = Vec::new();
        for (key, value) in in_order(table) {
            let Some(text) = self.string(
                value,
                "the level of a lint",
                "\"allow\", \"warn\" or \"deny\"",
            ) else {
                continue;
            };
            match Level::from_name(&text.value) {
                Some(level) => lints.push((text_of(key), level)),
                None => self.fault(
                    text.span,
                    format!("unknown lint level `{}`", text.value),
                    "not known",
                    "write \"allow\", \"warn\" or \"deny\"",
                ),
            }
        }
        lints
    }
}
