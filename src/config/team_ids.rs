//! Reads the file of `owners export --team-ids`: the number that a forge has for each team.

use super::syntax;
use super::value::{ConfigReader, TomlKey, TomlValue, in_order};
use crate::forge::TeamIds;
use crate::owner::{Owner, OwnerKind};
use crate::text::{Diagnostic, FileId, Source};

/// How an entry is written.
const ENTRY: &str = "`\"@org/team\" = 1234567`";

/// Reads a text of lines `"@org/team" = 1234567`.
///
/// # Errors
///
/// All faults of form.
pub fn team_ids(file: FileId, source: &Source) -> Result<TeamIds, Vec<Diagnostic>> {
    let table = syntax::parse(&source.text, file)?;
    let mut reader = ConfigReader::new(file, source);
    let mut ids = TeamIds::default();
    for (key, value) in in_order(&table) {
        reader.team_id(key, value, &mut ids);
    }
    match reader.faults.is_empty() {
        true => Ok(ids),
        false => Err(reader.faults.into_kept()),
    }
}

impl ConfigReader<'_> {
    fn team_id(&mut self, key: &TomlKey<'_>, value: &TomlValue<'_>, ids: &mut TeamIds) {
        let team = Owner::unchecked(key.get_ref());
        if team.kind() != OwnerKind::Team {
            let message = format!("`{team}` is not a team");
            return self.fault(key.span(), message, "", &format!("write {ENTRY}"));
        }
        let name = format!("the id of `{team}`");
        let Some(id) = self.minimum(value, &name, ENTRY) else {
            return;
        };
        let id = id.value as u64;
        // The same name in another case is another key of the table.
        if ids.id(&team).is_some_and(|known| *known != Ok(id)) {
            let message = format!("`{team}` has two ids");
            let help = "remove one of the entries: the case of names does not count";
            return self.fault(key.span(), message, "another one above", help);
        }
        ids.set(&team, Ok(id));
    }
}
