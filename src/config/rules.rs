//! Reads `[paths]`.

use toml::de::{DeTable, DeValue};

use super::value::{ConfigReader, TomlKey, TomlValue, in_order, text_of};
use super::{RuleEntry, Text};

/// What the owners of a rule may be.
const OWNERS: &str = "a group, an owner, an array of them, or `[]` for nobody";

impl ConfigReader<'_> {
    pub(super) fn rules(&mut self, value: &TomlValue<'_>) -> Vec<RuleEntry> {
        let Some(table) = self.table(
            value,
            "`paths`",
            "`\"pattern\" = \"group\"` under `[paths]`",
        ) else {
            return Vec::new();
        };
        in_order(table)
            .into_iter()
            .filter_map(|(key, value)| self.rule(key, value))
            .collect()
    }

    fn rule(&mut self, key: &TomlKey<'_>, value: &TomlValue<'_>) -> Option<RuleEntry> {
        let mut rule = RuleEntry {
            pattern: text_of(key),
            owners: Vec::new(),
            adds: false,
            notify: Vec::new(),
            except: Vec::new(),
            // The value of a dotted key is a table with the span of the key.
            span: key.span().start..value.span().end.max(key.span().end),
        };
        match value.get_ref() {
            DeValue::String(_) | DeValue::Array(_) => {
                rule.owners = self.owners(&rule.pattern, value);
            }
            DeValue::Table(table) => self.table_of_rule(key, table, &mut rule)?,
            _ => {
                let what = format_args!("the owners of `{}`", rule.pattern.value);
                let wanted = "a string, an array of strings or a table";
                self.wrong_type(value, what, wanted, OWNERS);
            }
        }
        Some(rule)
    }

    fn owners(&mut self, pattern: &Text, value: &TomlValue<'_>) -> Vec<Text> {
        // Formatted only if there is a fault.
        let what = format_args!("the owners of `{}`", pattern.value);
        self.one_or_more(value, what, OWNERS)
    }

    /// Reads `{ owners = …, except = …, notify = … }`, with `add` or nothing in place of `owners`. `None`
    /// if the table comes from a path without quotes.
    fn table_of_rule(
        &mut self,
        key: &TomlKey<'_>,
        table: &DeTable<'_>,
        rule: &mut RuleEntry,
    ) -> Option<()> {
        const KNOWN: &[&str] = &["owners", "add", "except", "notify"];
        let is_bare = !self.source[key.span()].starts_with(['"', '\'']);
        let (mut has_owners, mut addition, mut notifies) = (false, None, false);
        // A misspelled `except` says nothing about the owners.
        let mut is_misspelled = false;
        for (inner, value) in in_order(table) {
            match inner.get_ref().as_ref() {
                "owners" => {
                    has_owners = true;
                    rule.owners = self.owners(&rule.pattern, value);
                }
                "add" => addition = Some((inner, value)),
                "notify" => {
                    notifies = true;
                    self.notify(value, rule);
                }
                "except" => {
                    let what = format_args!("`except` of `{}`", rule.pattern.value);
                    rule.except = self.one_or_more(value, what, "`except = [\"*.lock\"]`");
                }
                _ if is_bare => {
                    self.path_without_quotes(key, inner, &rule.pattern);
                    return None;
                }
                name => {
                    let meant = self.suggestions.nearest(name, KNOWN.iter().copied());
                    is_misspelled |= meant != Some("except");
                    self.unknown_key(inner, "key of a rule", KNOWN);
                }
            }
        }
        if let Some((key, value)) = addition {
            self.addition(key, value, has_owners, rule);
        } else if !has_owners && notifies {
            rule.adds = true;
        } else if !has_owners && !is_misspelled {
            self.fault(
                key.span(),
                format!("the rule `{}` has no `owners`", rule.pattern.value),
                "",
                "add `owners = \"group\"`, or `owners = []` for nobody",
            );
        }
        Some(())
    }

    /// Reads `add = …`. `has_owners`: the rule has `owners`, too.
    fn addition(
        &mut self,
        key: &TomlKey<'_>,
        value: &TomlValue<'_>,
        has_owners: bool,
        rule: &mut RuleEntry,
    ) {
        rule.adds = true;
        if has_owners {
            self.fault(
                key.span(),
                format!("the rule `{}` has `owners` and `add`", rule.pattern.value),
                "",
                "keep `add` to add to the owners that earlier rules give, or `owners` to replace them",
            );
            return;
        }
        if matches!(value.get_ref(), DeValue::Array(items) if items.is_empty()) {
            self.fault(
                value.span(),
                format!("the rule `{}` adds nobody", rule.pattern.value),
                "",
                "name who is added: `add = \"group\"`; for nobody, write `owners = []`",
            );
            return;
        }
        let what = format_args!("`add` of `{}`", rule.pattern.value);
        let wanted = "a group, an owner, or an array of them";
        rule.owners = self.one_or_more(value, what, wanted);
    }

    fn notify(&mut self, value: &TomlValue<'_>, rule: &mut RuleEntry) {
        if matches!(value.get_ref(), DeValue::Array(items) if items.is_empty()) {
            self.fault(
                value.span(),
                format!("the rule `{}` notifies nobody", rule.pattern.value),
                "",
                "name who is notified, or remove `notify`",
            );
            return;
        }
        let what = format_args!("`notify` of `{}`", rule.pattern.value);
        let wanted = "a user, a team, a group, or an array of them";
        rule.notify = self.one_or_more(value, what, wanted);
    }

    /// Reports that `Cargo.lock = []` is TOML for a table `Cargo` with a key `lock`.
    fn path_without_quotes(&mut self, key: &TomlKey<'_>, inner: &TomlKey<'_>, pattern: &Text) {
        let line = self.source[key.span().start..].split('=').next();
        let path = match line.map(str::trim) {
            Some(line) if line.starts_with(&pattern.value) => line.to_string(),
            _ => format!("{}.{}", pattern.value, inner.get_ref()),
        };
        self.fault(
            key.span().start..inner.span().end.max(key.span().end),
            format!("`{path}` without quotes is a table in TOML"),
            "",
            &format!("quote the pattern: `\"{path}\" = …`"),
        );
    }
}
