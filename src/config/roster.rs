//! Reads `[check] roster`: the files and teams that say who may be in groups.

use super::value::{ConfigReader, TomlValue};
use super::{Output, Text};

/// The most entries. Each is a file that is read, or a team that is asked about.
const MAX_ENTRIES: usize = 100;

/// Whether an entry is a team of the forge, and not a file.
pub(super) fn is_team(entry: &Text) -> bool {
    entry.value.starts_with('@')
}

impl ConfigReader<'_> {
    pub(super) fn roster(&mut self, value: &TomlValue<'_>) -> Vec<Text> {
        const EXAMPLE: &str = "`roster = \"MAINTAINERS.md\"`";
        let entries = self.one_or_more(value, "`roster`", EXAMPLE);
        if let Some(more) = entries.get(MAX_ENTRIES) {
            self.fault(
                more.span.clone(),
                format!("`roster` has more than {MAX_ENTRIES} entries"),
                "too many with this one",
                "name fewer files and teams",
            );
        }
        let mut kept = Vec::new();
        for entry in entries.into_iter().take(MAX_ENTRIES) {
            if is_team(&entry) || self.is_file(&entry, "roster", "MAINTAINERS.md") {
                kept.push(entry);
            }
        }
        kept
    }

    /// Reports the teams of the roster that no forge of the configuration can have.
    pub(super) fn check_roster_teams(&mut self, roster: &[Text], outputs: &[Output]) {
        for entry in roster.iter().filter(|entry| is_team(entry)) {
            let is_team = |output: &Output| {
                let owner = output.forge.owner(&entry.value);
                owner.is_ok_and(|owner| output.forge.dialect.is_team(&owner))
            };
            if !outputs.iter().any(is_team) {
                self.fault(
                    entry.span.clone(),
                    format!("the roster cannot be `{}`", entry.value),
                    "this is no team",
                    "write a team as `@org/team`, or a file such as \"MAINTAINERS.md\"",
                );
            }
        }
    }
}
