//! Reads `[[approval]]`.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::value::{ConfigReader, Tables, TomlValue, in_order};
use super::{ApprovalEntry, Flag, Text};

/// How `name` is written.
const NAME: &str = "`name = \"Security\"`";
/// What the owners of an approval may be.
const OWNERS: &str = "`owners = \"group\"`, or an array of groups and owners";

impl ConfigReader<'_> {
    pub(super) fn approvals(&mut self, value: &TomlValue<'_>) -> Vec<ApprovalEntry> {
        /// Each path may be held against all of them. The largest known file has a tenth of it.
        const MAX_APPROVALS: usize = 1000;
        let tables = Tables {
            key: "approval",
            what: "tables `[[approval]]`",
            most: MAX_APPROVALS,
            example: "`[[approval]]`, with `name`, `paths` and `owners` under it",
        };
        let entries = self.tables(value, tables).into_iter();
        entries
            .filter_map(|(table, span)| self.approval(table, span))
            .collect()
    }

    fn approval(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Option<ApprovalEntry> {
        const KNOWN: &[&str] = &["name", "paths", "except", "owners", "count", "optional"];
        let mut name = None;
        let mut owners = None;
        let mut entry = ApprovalEntry {
            name: Text {
                value: String::new(),
                span: span.clone(),
            },
            paths: Vec::new(),
            except: Vec::new(),
            owners: Vec::new(),
            count: None,
            optional: None,
            span: span.clone(),
        };
        let faults = self.faults.len();
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "name" => name = self.string(value, "`name`", NAME),
                "paths" => {
                    entry.paths = self.one_or_more(value, "`paths`", "`paths = [\"/auth/\"]`");
                }
                "except" => {
                    entry.except = self.one_or_more(value, "`except`", "`except = [\"*.md\"]`");
                }
                "owners" => owners = Some(self.one_or_more(value, "`owners`", OWNERS)),
                "count" => entry.count = self.minimum(value, "`count`", "`count = 2`"),
                "optional" => entry.optional = self.flag(value, "`optional`"),
                _ => self.unknown_key(key, "key of `approval`", KNOWN),
            }
        }
        if self.faults.len() > faults {
            return None;
        }
        match (name, owners) {
            (None, _) => {
                let help = format!("add the name that people see: {NAME}");
                self.fault(span, "an approval has no `name`", "", &help);
            }
            _ if entry.paths.is_empty() => self.fault(
                span,
                "an approval has no `paths`",
                "",
                "add the patterns of the paths that need it: `paths = [\"/auth/\"]`",
            ),
            (_, None) => self.fault(
                span,
                "an approval has no `owners`",
                "",
                "add who approves: `owners = \"@org/security\"`; `owners = []` says that the paths \
                 do not need it",
            ),
            (Some(name), Some(owners)) => {
                self.check_name(&name);
                self.check_optional(&entry);
                (entry.name, entry.owners) = (name, owners);
            }
        }
        (self.faults.len() == faults).then_some(entry)
    }

    /// Reports a name that is not a section's on GitLab.
    fn check_name(&mut self, name: &Text) {
        /// GitLab's name for the section without a name.
        const UNNAMED: &str = "codeowners";
        let value = &name.value;
        let (label, help) = if value.trim().is_empty() {
            ("empty", "name what it is about: \"Security\"")
        } else if value.contains(|c: char| c == ']' || c.is_control()) {
            (
                "in the heading of a section, the first `]` ends the name",
                "write the name without `]` and control characters",
            )
        } else if value.eq_ignore_ascii_case(UNNAMED) {
            (
                "GitLab's name for the lines before any section",
                "name what it is about: \"Security\"",
            )
        } else {
            return;
        };
        let message = format!("an approval cannot be called `{}`", value.escape_debug());
        self.fault(name.span.clone(), message, label, help);
    }

    /// Reports a count of an approval that nobody has to give.
    fn check_optional(&mut self, entry: &ApprovalEntry) {
        if entry.optional.as_ref().is_some_and(|flag| flag.value)
            && let Some(count) = entry.count.as_ref().filter(|count| count.value > 1)
        {
            self.fault(
                count.span.clone(),
                "an optional approval has no `count`",
                "how many must approve",
                "remove one of the two",
            );
        }
    }

    fn flag(&mut self, value: &TomlValue<'_>, name: &str) -> Option<Flag> {
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(Flag {
                value: *flag,
                span: value.span(),
            }),
            _ => {
                self.wrong_type(value, name, "a boolean", "`true` or `false`");
                None
            }
        }
    }
}
