//! How people are shown: by login, or else by name and, if that is wanted, by address.

use owners::IdVec;
use owners::reports::contributions::{Person, PersonId};
use owners::text::escaped;
use serde::Serialize;

use super::Roster;

/// Shows people.
pub(crate) struct Shown<'p> {
    pub(super) people: &'p IdVec<PersonId, Person>,
    /// The people of the roster, if there is one.
    pub(super) roster: Option<&'p Roster>,
    pub(super) emails: bool,
}

/// What a login is worth, in the words of a footnote.
pub(crate) const FROM_ADDRESS: &str =
    "a @login is from the address in commits, which anybody can write";
/// What `~` means.
pub(crate) const BY_NAME: &str = "~ also has commits with another address and the same name";

impl Shown<'_> {
    /// The login, or the name, without escapes.
    pub(crate) fn name(&self, person: PersonId) -> String {
        let person = &self.people[person];
        let mark = if person.is_joined_by_name { "~" } else { "" };
        if let Some(login) = &person.login {
            return format!("@{login}{mark}");
        }
        let address = person.addresses.first();
        // A name must not look like a login.
        match (person.name.trim_start_matches('@').trim_start(), address) {
            ("", Some(address)) if self.emails => address.clone(),
            ("", _) => "(no name)".to_string(),
            (name, Some(address)) if self.emails => format!("{name} <{address}>"),
            // Some people have an address as their name.
            (name, _) => match name.split_once('@') {
                Some((user, _)) if !self.emails => format!("{user}@…"),
                _ => name.to_string(),
            },
        }
    }

    /// The login or the name, for a table.
    pub(crate) fn cell(&self, person: PersonId) -> String {
        escaped(self.name(person).as_bytes())
    }

    pub(crate) fn has_login(&self, person: PersonId) -> bool {
        self.people[person].login.is_some()
    }

    pub(crate) fn has_roster(&self) -> bool {
        self.roster.is_some()
    }

    /// Whether the person is on the roster. `None` without a roster or a login, and for who may be in a
    /// team of the roster.
    pub(crate) fn is_on_roster(&self, person: PersonId) -> Option<bool> {
        let login = self.people[person].login.as_ref()?;
        let roster = self.roster?;
        let is_listed = roster.logins.contains(&login.to_ascii_lowercase());
        (is_listed || !roster.has_teams).then_some(is_listed)
    }

    /// The same, in a table.
    pub(crate) fn roster_cell(&self, person: PersonId) -> &'static str {
        match self.is_on_roster(person) {
            Some(true) => "yes",
            Some(false) => "no",
            None => "?",
        }
    }

    /// The footnotes for these people.
    pub(crate) fn footnotes(&self, people: &[PersonId]) -> Vec<&'static str> {
        let mut notes = Vec::new();
        if people.iter().any(|&person| self.has_login(person)) {
            notes.push(FROM_ADDRESS);
        }
        if people
            .iter()
            .any(|&person| self.people[person].is_joined_by_name)
        {
            notes.push(BY_NAME);
        }
        notes
    }

    pub(crate) fn json(&self, person: PersonId) -> JsonPerson<'_> {
        let known = &self.people[person];
        let (first, joined) = (known.addresses.first(), known.is_joined_by_name);
        JsonPerson {
            login: known.login.as_deref(),
            login_from: known.login.as_ref().map(|_| "commit address"),
            joined_by_name: joined.then_some(true),
            name: match (self.emails, known.name.split_once('@')) {
                (false, Some((user, _))) => format!("{user}@…"),
                _ => known.name.clone(),
            },
            email: first.filter(|_| self.emails).map(String::as_str),
            on_roster: self.is_on_roster(person),
        }
    }
}

/// A person in JSON.
#[derive(Serialize)]
pub(crate) struct JsonPerson<'p> {
    login: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_from: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    joined_by_name: Option<bool>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'p str>,
    on_roster: Option<bool>,
}

/// In tenths of a percent.
pub(crate) fn share(part: usize, whole: usize) -> String {
    format!("{:.1}%", part as f64 * 100.0 / whole.max(1) as f64)
}

/// A score as it is printed, in JSON, too: later digits say nothing.
pub(crate) fn rounded(score: f64) -> f64 {
    (score * 10_000.0).round() / 10_000.0
}
