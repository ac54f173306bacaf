//! Reads `[groups]`.

use super::value::{ConfigReader, TomlKey, TomlValue, in_order, text_of};
use super::{Group, Table};

/// Whether a group can have this name.
///
/// # Errors
///
/// What to write instead.
pub(crate) fn check_group_name(name: &str) -> Result<(), &'static str> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if starts_well && name.chars().all(is_allowed) {
        Ok(())
    } else {
        Err("use letters, digits, `.`, `_` and `-`, and start with a letter or digit")
    }
}

impl ConfigReader<'_> {
    pub(super) fn groups(&mut self, value: &TomlValue<'_>) -> Vec<Group> {
        const EXAMPLE: &str = "`core = [\"@org/team\", \"@user\"]` under `[groups]`";
        let Some(table) = self.table(value, "`groups`", EXAMPLE) else {
            return Vec::new();
        };
        in_order(table)
            .into_iter()
            .map(|(key, value)| self.group(key, value))
            .collect()
    }

    fn group(&mut self, key: &TomlKey<'_>, value: &TomlValue<'_>) -> Group {
        const KNOWN: &[&str] = &[
            "members",
            "team",
            "select",
            "description",
            "contact",
            "meta",
        ];
        const EXAMPLE: &str = "`name = [\"@org/team\", \"@user\"]`";
        let name = text_of(key);
        if let Err(help) = check_group_name(&name.value) {
            let message = format!("`{}` is not a group name", name.value);
            self.fault(name.span.clone(), message, "", help);
        }
        let mut group = Group {
            name,
            team: None,
            select: None,
            members: Vec::new(),
            description: None,
            contact: None,
            meta: Table::new(),
        };
        let before = self.faults.len();
        if let Some(table) = value.get_ref().as_table() {
            for (key, value) in in_order(table) {
                match key.get_ref().as_ref() {
                    "members" => {
                        group.members =
                            self.one_or_more(value, "`members`", "`members = [\"@user\"]`");
                    }
                    "team" => group.team = self.string(value, "`team`", "`team = \"@org/team\"`"),
                    "select" => {
                        group.select = self.string(value, "`select`", "`select = \"random(2)\"`");
                    }
                    "description" => {
                        let text = self.string(value, "`description`", "a string");
                        group.description = text.map(|text| text.value);
                    }
                    "contact" => {
                        let text = self.string(value, "`contact`", "a string");
                        group.contact = text.map(|text| text.value);
                    }
                    "meta" => group.meta = self.meta(value),
                    _ => self.unknown_key(key, "key of a group", KNOWN),
                }
            }
        } else {
            let what = format!("group `{}`", group.name.value);
            group.members = self.one_or_more(value, what.as_str(), EXAMPLE);
        }
        let is_sound = self.faults.len() == before;
        if is_sound && group.team.is_none() && group.members.is_empty() {
            self.fault(
                group.name.span.clone(),
                format!("group `{}` has no owners", group.name.value),
                "the group is empty",
                "add an owner or remove the group; a rule for nobody is `\"pattern\" = []`",
            );
        }
        if let Some(select) = group.select.as_ref().filter(|_| group.team.is_none()) {
            self.fault(
                select.span.clone(),
                format!(
                    "`select` of group `{}` selects from nothing",
                    group.name.value
                ),
                "the group has no `team`",
                "name the team with `team = \"@org/team\"`, or remove `select`",
            );
        }
        group
    }
}
