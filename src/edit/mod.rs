//! Edits of `owners.toml` that change who is listed: [`add`](fn@add), [`remove`](fn@remove), [`rename`](fn@rename),
//! [`remove_missing`].
//!
//! An edit is made to the [`Config`] values first. These say what the edit means. `config::edit` writes
//! the difference into the texts, and keeps every other byte. Then the new texts are read, and must say
//! exactly what the changed values say. So an edit does what was asked, and nothing else.

mod add;
mod missing;
mod remove;
mod rename;
mod scopes;

use std::collections::BTreeMap;
use std::fmt;

use crate::check::check;
use crate::config::edit::edited;
use crate::config::{Config, Level};
use crate::fix::Unproven;
use crate::lint::{Facts, LINTS, Levels};
use crate::owner::Owner;
use crate::project::{Project, Unsound};
use crate::text::{Diagnostic, FileId, Severity};

pub use add::add;
pub use missing::{WithoutMissing, remove_missing};
pub use remove::{Removal, remove};
pub use rename::rename;

/// A configuration after an edit.
#[derive(Debug)]
pub struct Edited {
    /// The configuration.
    pub project: Project,
    /// The changed files, from the root down.
    pub files: Vec<FileId>,
}

/// Why an edit was not made.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refused {
    /// A name in the request is wrong.
    Mistake(Box<Diagnostic>),
    /// The edit would do harm, or nothing.
    Denied(Box<Diagnostic>),
    /// The edited configuration has errors, for example too many owners.
    Unsound(Box<Unsound>),
    /// The edited text does not say what was asked. The text is written in a way that the edit does not
    /// know.
    Unproven(Unproven),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Mistake(diagnostic) | Refused::Denied(diagnostic) => {
                f.write_str(&diagnostic.message)
            }
            Refused::Unsound(unsound) => unsound.fmt(f),
            Refused::Unproven(unproven) => unproven.fmt(f),
        }
    }
}

impl std::error::Error for Refused {}

impl Refused {
    fn mistake(diagnostic: Diagnostic) -> Self {
        Refused::Mistake(Box::new(diagnostic))
    }

    fn denied(diagnostic: Diagnostic) -> Self {
        Refused::Denied(Box::new(diagnostic))
    }
}

/// What the lint `roster` says of somebody whom `after` lists, at the level that the configuration sets:
/// that they are not in the roster, that a file of it is missing or, as a note that `before` has not, that
/// only the forge knows.
#[must_use]
pub fn roster_findings(
    before: &Project,
    after: &Project,
    facts: &Facts,
    newcomer: &str,
) -> Vec<Diagnostic> {
    let findings = |project: &Project| {
        let mut levels = Levels::new(project);
        for lint in LINTS.iter().filter(|lint| lint.name != "roster") {
            levels.set(lint.name, Level::Allow);
        }
        check(project, facts, &levels)
    };
    let known = findings(before);
    let mut found = findings(after);
    found.retain(|finding| {
        if finding.severity == Severity::Note {
            return known.iter().all(|old| old.message != finding.message);
        }
        let place = finding.location();
        let text = place.and_then(|at| after.sources[at.file].text.get(at.span.clone()));
        let named = text.unwrap_or_default().trim_matches(['"', '\'']);
        // The others are about somebody else, whom this edit does not list.
        !named.starts_with('@') || named.contains('/') || named.eq_ignore_ascii_case(newcomer)
    });
    found
}

/// The configurations of a project: the root file, then the nested files.
fn configs(project: &Project) -> Vec<Config> {
    let root = std::iter::once(&project.config);
    root.chain(&project.nested).cloned().collect()
}

/// Writes the changed configurations `after` into the texts, and proves that the texts say the same.
fn written(project: &Project, after: &[Config]) -> Result<Edited, Refused> {
    let before = configs(project);
    let mut texts = BTreeMap::new();
    for (before, after) in before.iter().zip(after).filter(|(old, new)| old != new) {
        let text = edited(&project.sources[before.file].text, before, after);
        texts.insert(before.file, text);
    }
    let edited = project
        .with_texts(&texts)
        .map_err(|unsound| Refused::Unsound(Box::new(unsound)))?;
    for (wanted, found) in after.iter().zip(configs(&edited)) {
        if wanted.without_places() != found.without_places() {
            let name = &project.sources[wanted.file].name;
            let reason = format!("the edited `{name}` would not say what was asked");
            return Err(Refused::Unproven(Unproven { reason }));
        }
    }
    Ok(Edited {
        project: edited,
        files: texts.into_keys().collect(),
    })
}

/// An owner of the command line, as every forge of the outputs accepts it.
fn owner(project: &Project, text: &str) -> Result<Owner, Refused> {
    for output in &project.config.outputs {
        if let Err(error) = output.forge.owner(text) {
            let message = format!(
                "`{text}` is not an owner on {}: {}",
                output.forge.title, error.reason
            );
            let login = format!("@{text}");
            let help = match output.forge.owner(&login) {
                Ok(_) if !text.contains('@') => format!("did you mean `{login}`?"),
                _ => error.help,
            };
            let fault = Diagnostic::error(message).help(help);
            return Err(Refused::mistake(fault));
        }
    }
    Ok(Owner::unchecked(text))
}

/// Whether a name in a list is this owner.
fn is_owner(name: &str, owner: &Owner) -> bool {
    owner.is_same(&Owner::unchecked(name))
}
