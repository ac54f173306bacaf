//! Renames a group, or an owner whose login or team was renamed.

use super::remove::{named, replace_in, replace_in_list, replaced_by};
use super::scopes::Scopes;
use super::{Edited, Refused, configs, is_owner, owner, written};
use crate::owner::Owner;
use crate::project::Project;
use crate::text::Diagnostic;

/// Renames a group or an owner everywhere. If several files define a group of that name, it is the one
/// that is visible in `directory`, relative to the root.
///
/// ```
/// use owners::Project;
/// use owners::text::FileId;
///
/// let project = Project::from_text("[groups]\na = '@x'\n[paths]\n'*' = ['a', '@y']\n")?;
/// let text = |old, new| {
///     let edited = owners::edit::rename(&project, old, new, "").unwrap();
///     edited.project.sources[FileId::ROOT].text.clone()
/// };
/// assert_eq!(text("a", "b"), "[groups]\nb = '@x'\n[paths]\n'*' = ['b', '@y']\n");
/// assert_eq!(text("@y", "@z"), "[groups]\na = '@x'\n[paths]\n'*' = ['a', '@z']\n");
/// # Ok::<_, owners::Unsound>(())
/// ```
///
/// # Errors
///
/// If one of the names is wrong, or the new name of a group is taken.
pub fn rename(project: &Project, old: &str, new: &str, directory: &str) -> Result<Edited, Refused> {
    match (old.contains('@'), new.contains('@')) {
        (true, true) => rename_owner(project, old, new),
        (false, false) => rename_group(project, old, new, directory),
        (is_owner, _) => {
            let kind = |is_owner| if is_owner { "an owner" } else { "a group" };
            let message = format!(
                "`{old}` is {}, and `{new}` would be {}",
                kind(is_owner),
                kind(!is_owner)
            );
            let help = "name two groups, or two owners; an owner is `@user`, `@org/team` or an e-mail \
                        address";
            Err(Refused::mistake(Diagnostic::error(message).help(help)))
        }
    }
}

/// Renames an owner. A team of the roster is another name of the same people, so it is renamed as well.
fn rename_owner(project: &Project, old: &str, new: &str) -> Result<Edited, Refused> {
    let new = owner(project, new)?;
    let before = configs(project);
    let mut roster = project.config.roster_teams();
    let is_on_roster = roster.any(|team| is_owner(&team.value, &Owner::unchecked(old)));
    let old = match is_on_roster {
        true => Owner::unchecked(old),
        false => named(&before, old)?,
    };
    let mut after = before.clone();
    for config in &mut after {
        replace_in(config, &old, &new);
        replace_in_list(&mut config.roster, &old, &new);
    }
    replaced_by(project, &before, &after, &new)
}

fn rename_group(
    project: &Project,
    old: &str,
    new: &str,
    directory: &str,
) -> Result<Edited, Refused> {
    let before = configs(project);
    let scopes = Scopes::new(&before);
    let (file, index) = scopes.named(old, directory)?;
    if old == new {
        let message = format!("the group is called `{new}` already");
        return Err(Refused::denied(Diagnostic::error(message)));
    }
    if let Some(taken) = scopes.beside(&before[file].directory, new) {
        let fault = Diagnostic::error(format!("there is a group `{new}` already"));
        let place = scopes.group(taken).name.span.clone();
        let fault = fault.at(before[taken.0].file, place, "defined here");
        return Err(Refused::denied(fault.help(
            "choose another name, or move the owners of one group to the other by hand",
        )));
    }
    if let Err(reason) = crate::config::check_group_name(new) {
        let fault = Diagnostic::error(format!("`{new}` is not a group name")).help(reason);
        return Err(Refused::mistake(fault));
    }
    let mut after = before.clone();
    for (user, config) in after.iter_mut().enumerate() {
        if scopes.find(user, old) != Some((file, index)) {
            continue;
        }
        for name in config.owner_lists_mut().flatten() {
            if name.value == old {
                name.value = new.to_string();
            }
        }
    }
    after[file].groups[index].name.value = new.to_string();
    written(project, &after)
}
