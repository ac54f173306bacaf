//! Adds an owner to a group.

use super::scopes::{GroupAt, Scopes};
use super::{Edited, Refused, configs, is_owner, owner, written};
use crate::config::{Config, Text};
use crate::owner::Owner;
use crate::project::Project;
use crate::text::Diagnostic;

/// Adds an owner to the end of a group. If several files define a group of that name, it is the one
/// that is visible in `directory`, relative to the root.
///
/// ```
/// use owners::Project;
/// use owners::text::FileId;
///
/// let project = Project::from_text("[groups]\nwasi = '@bob'\n[paths]\n'*' = 'wasi'\n")?;
/// let edited = owners::edit::add(&project, "@alice", "wasi", "").unwrap();
/// let text = &edited.project.sources[FileId::ROOT].text;
/// assert_eq!(text, "[groups]\nwasi = ['@bob', \"@alice\"]\n[paths]\n'*' = 'wasi'\n");
/// # Ok::<_, owners::Unsound>(())
/// ```
///
/// # Errors
///
/// If one of the names is wrong, if the group has the owner already, or if the group stands for a team
/// whose people are not listed.
pub fn add(project: &Project, name: &str, group: &str, directory: &str) -> Result<Edited, Refused> {
    let new = owner(project, name)?;
    let mut after = configs(project);
    let before = after.clone();
    let scopes = Scopes::new(&before);
    let at = scopes.named(group, directory)?;
    ensure_absent(&scopes, &before, at, &new)?;
    let (file, index) = at;
    let entry = scopes.group(at);
    if let (Some(team), []) = (&entry.team, &*entry.members) {
        let fault = Diagnostic::error(format!(
            "group `{group}` stands for the team `{}`, and lists no people",
            team.value
        ))
        .at(
            before[file].file,
            team.span.clone(),
            "whoever is in this team",
        )
        .help(format!("add `{new}` to the team on the forge"))
        .help("to list the people of the team here, too, give the group `members`");
        return Err(Refused::denied(fault));
    }
    after[file].groups[index].members.push(Text {
        value: new.as_str().to_string(),
        span: 0..0,
    });
    written(project, &after)
}

/// Refuses an owner that the group has, directly or through another group.
fn ensure_absent(
    scopes: &Scopes<'_>,
    configs: &[Config],
    at: GroupAt,
    new: &Owner,
) -> Result<(), Refused> {
    let group = &scopes.group(at).name.value;
    let mut open = vec![at];
    let mut seen = vec![at];
    while let Some((file, index)) = open.pop() {
        let entry = scopes.group((file, index));
        let names = entry.members.iter().chain(&entry.team);
        if let Some(found) = names.clone().find(|name| is_owner(&name.value, new)) {
            let message = format!("`{new}` is in the group `{group}` already");
            let through = match (file, index) == at {
                true => "listed here".to_string(),
                false => format!("through the group `{}`", entry.name.value),
            };
            let fault = Diagnostic::error(message);
            let fault = fault.at(configs[file].file, found.span.clone(), through);
            return Err(Refused::denied(fault));
        }
        for inner in names.filter_map(|name| scopes.find(file, &name.value)) {
            if !seen.contains(&inner) {
                seen.push(inner);
                open.push(inner);
            }
        }
    }
    Ok(())
}
