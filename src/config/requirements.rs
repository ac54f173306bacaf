//! Reads `[[require]]`.

use std::ops::Range;

use toml::de::DeTable;

use super::value::{ConfigReader, Tables, TomlValue, in_order};
use super::{RequirementEntry, Text};

/// What the owners of a requirement may be.
const OWNERS: &str = "`owners = \"group\"`, or an array of groups and owners";

impl ConfigReader<'_> {
    pub(super) fn requirements(&mut self, value: &TomlValue<'_>) -> Vec<RequirementEntry> {
        /// Each path may be held against all of them.
        const MAX_REQUIREMENTS: usize = 200;
        /// How requirements are written.
        const EXAMPLE: &str = "`[[require]]`, with `paths` and `owners` under it";
        let tables = Tables {
            key: "require",
            what: "requirements",
            most: MAX_REQUIREMENTS,
            example: EXAMPLE,
        };
        let entries = self.tables(value, tables).into_iter();
        entries
            .filter_map(|(table, span)| self.requirement(table, span))
            .collect()
    }

    fn requirement(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Option<RequirementEntry> {
        const KNOWN: &[&str] = &[
            "paths",
            "except",
            "owners",
            "any-of",
            "min-owners",
            "reason",
        ];
        let mut entry = RequirementEntry {
            paths: Vec::new(),
            except: Vec::new(),
            owners: Vec::new(),
            any_of: Vec::new(),
            min_owners: None,
            reason: None,
            span: span.clone(),
        };
        let faults = self.faults.len();
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "paths" => {
                    entry.paths = self.one_or_more(value, "`paths`", "`paths = [\"/.github/\"]`");
                }
                "except" => {
                    entry.except = self.one_or_more(value, "`except`", "`except = [\"*.md\"]`");
                }
                "owners" => entry.owners = self.required_owners(value, "`owners`"),
                "any-of" => entry.any_of = self.required_owners(value, "`any-of`"),
                "min-owners" => {
                    entry.min_owners = self.minimum(value, "`min-owners`", "`min-owners = 2`");
                }
                "reason" => {
                    entry.reason = self.string(
                        value,
                        "`reason`",
                        "`reason = \"workflows can read secrets\"`",
                    );
                }
                _ => self.unknown_key(key, "key of `require`", KNOWN),
            }
        }
        if self.faults.len() > faults {
            return None;
        }
        if entry.paths.is_empty() {
            self.fault(
                span,
                "a requirement has no `paths`",
                "",
                "add the patterns of the paths that it is about: `paths = [\"/.github/workflows/\"]`",
            );
            return None;
        }
        let demands = [&entry.owners, &entry.any_of];
        if demands.iter().all(|owners| owners.is_empty()) && entry.min_owners.is_none() {
            self.fault(
                span,
                "a requirement demands nothing",
                "",
                "add `owners` (all of them must be among the owners of the paths), `any-of` (one of \
                 them must be) or `min-owners`",
            );
            return None;
        }
        Some(entry)
    }

    /// Reads groups and owners. An empty list would demand nothing, and look as if it did.
    fn required_owners(&mut self, value: &TomlValue<'_>, name: &str) -> Vec<Text> {
        let faults = self.faults.len();
        let owners = self.one_or_more(value, name, OWNERS);
        if owners.is_empty() && self.faults.len() == faults {
            self.fault(
                value.span(),
                format!("{name} of a requirement is empty"),
                "demands nothing",
                &format!("name at least one group or owner, or remove {name}"),
            );
        }
        owners
    }
}
