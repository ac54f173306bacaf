//! Takes an owner out of every group, rule, requirement and approval.
//!
//! A group without owners is an error, so a group that is left empty goes, and so does every mention of
//! it. That may leave other groups, rules, requirements and approvals empty. What then depends on the kind:
//!
//! - a group goes, unless it has a `team`,
//! - a rule with `owners` becomes a rule for nobody,
//! - a rule with `add` or `notify` alone goes, since it says nothing,
//! - a requirement goes, unless it demands something else,
//! - an entry of an approval says that its paths do not need it.

use rustc_hash::FxHashSet;

use super::scopes::Scopes;
use super::{Edited, Refused, configs, is_owner, owner, written};
use crate::config::{ApprovalEntry, Config, Group, RequirementEntry, RuleEntry, Text};
use crate::owner::Owner;
use crate::paths::folded::fold;
use crate::paths::{PathId, PathSet};
use crate::project::Project;
use crate::ruleset::Ownership;
use crate::text::nearest::did_you_mean;
use crate::text::{Diagnostic, FileId, counted, escaped};

/// What to do where an owner is removed.
#[derive(Clone, Copy, Debug)]
pub enum Removal<'r> {
    /// Refuse if that leaves a group, rule, requirement or approval without owners, or a path.
    Safe,
    /// Remove whatever is left empty, too.
    AllowUnowned,
    /// Write this owner instead.
    ReplaceWith(&'r str),
}

/// Removes an owner from every group, rule, requirement and approval. `paths` are the tracked paths.
///
/// ```
/// use owners::{PathSet, Project};
/// use owners::edit::{Removal, remove};
/// use owners::text::FileId;
///
/// let project = Project::from_text("[paths]\n'*' = ['@a', '@b'] # all\n'/x/' = '@b'\n")?;
/// let paths: PathSet = ["x/1", "y"].iter().collect();
/// assert!(remove(&project, &paths, "@b", Removal::Safe).is_err());
/// let edited = remove(&project, &paths, "@b", Removal::AllowUnowned).unwrap();
/// let text = &edited.project.sources[FileId::ROOT].text;
/// assert_eq!(text, "[paths]\n'*' = ['@a'] # all\n'/x/' = []\n");
/// # Ok::<_, owners::Unsound>(())
/// ```
///
/// # Errors
///
/// If nothing names the owner, or the removal would leave something without owners and is not told to.
pub fn remove(
    project: &Project,
    paths: &PathSet,
    name: &str,
    removal: Removal<'_>,
) -> Result<Edited, Refused> {
    match removal {
        Removal::ReplaceWith(new) => replaced(project, name, &owner(project, new)?),
        Removal::AllowUnowned => removed(project, paths, name, None),
        Removal::Safe => removed(project, paths, name, Some(|_| true)),
    }
}

/// Removes an owner that does not exist. Unlike [`Removal::Safe`], rules that only add or notify it go.
pub(super) fn remove_dead(
    project: &Project,
    paths: &PathSet,
    name: &str,
) -> Result<Edited, Refused> {
    removed(project, paths, name, Some(|emptied| !emptied.is_addition))
}

/// Removes an owner. Refuses if something that `must_stay` is left empty, or a path without owners. `None`
/// refuses nothing.
fn removed(
    project: &Project,
    paths: &PathSet,
    name: &str,
    must_stay: Option<fn(&Emptied<'_>) -> bool>,
) -> Result<Edited, Refused> {
    let before = configs(project);
    let gone = named(&before, name)?;
    let mut remover = Remover {
        scopes: Scopes::new(&before),
        gone,
        gone_groups: FxHashSet::default(),
        emptied: Vec::new(),
    };
    let after = remover.remove(&before);
    let mut emptied = remover.emptied;
    let edited = written(project, &after)?;
    let Some(must_stay) = must_stay else {
        return Ok(edited);
    };
    emptied.retain(must_stay);
    let lost = lost(project, &edited.project, paths);
    if emptied.is_empty() && lost.is_empty() {
        return Ok(edited);
    }
    emptied.sort_by_key(|each| (each.file, each.place.span.start));
    let refusal = refusal(name, &emptied, paths, &lost);
    Err(Refused::denied(refusal))
}

/// Writes another owner in place of an owner.
fn replaced(project: &Project, old: &str, new: &Owner) -> Result<Edited, Refused> {
    let before = configs(project);
    let old = named(&before, old)?;
    let mut after = before.clone();
    for config in &mut after {
        replace_in(config, &old, new);
    }
    replaced_by(project, &before, &after, new)
}

/// Writes `new` in place of `old` in every list of owners, and as the team of a group.
pub(super) fn replace_in(config: &mut Config, old: &Owner, new: &Owner) {
    for list in config.owner_lists_mut() {
        replace_in_list(list, old, new);
    }
    let groups = config.groups.iter_mut();
    let teams = groups.filter_map(|group| group.team.as_mut());
    for team in teams.filter(|team| is_owner(&team.value, old)) {
        team.value = new.as_str().to_string();
    }
}

/// Where both are in a list, the new one stays as it is.
pub(super) fn replace_in_list(list: &mut Vec<Text>, old: &Owner, new: &Owner) {
    let mut has_new = list
        .iter()
        .any(|name| is_owner(&name.value, new) && !is_owner(&name.value, old));
    list.retain_mut(|name| {
        if !is_owner(&name.value, old) {
            return true;
        }
        name.value = new.as_str().to_string();
        !std::mem::replace(&mut has_new, true)
    });
}

/// Writes what `replace_in` changed.
pub(super) fn replaced_by(
    project: &Project,
    before: &[Config],
    after: &[Config],
    new: &Owner,
) -> Result<Edited, Refused> {
    if after == before {
        let message = format!("the owner is called `{new}` already");
        return Err(Refused::denied(Diagnostic::error(message)));
    }
    written(project, after)
}

/// An owner that something names.
pub(super) fn named(configs: &[Config], name: &str) -> Result<Owner, Refused> {
    let owner = Owner::unchecked(name);
    let is_group = |group: &Group| group.name.value == name;
    if configs
        .iter()
        .flat_map(|config| &config.groups)
        .any(is_group)
    {
        let fault = Diagnostic::error(format!("`{name}` is a group, not an owner"));
        let help = "name one of its owners; to remove the group itself, remove its entry and its mentions \
                    by hand";
        return Err(Refused::mistake(fault.help(help)));
    }
    let all = || {
        let groups = configs.iter().flat_map(|config| &config.groups);
        let of_groups = groups.flat_map(|group| group.members.iter().chain(&group.team));
        let of_rules = configs.iter().flat_map(Config::named_owners);
        let notified = configs.iter().flat_map(Config::notified);
        of_groups.chain(of_rules).chain(notified)
    };
    if all().any(|each| is_owner(&each.value, &owner)) {
        return Ok(owner);
    }
    let fault = Diagnostic::error(format!("nothing in owners.toml names `{name}`"));
    if !name.contains('@') {
        let wanted = format!("@{name}");
        let help = match all().find(|each| is_owner(&each.value, &Owner::unchecked(&wanted))) {
            Some(found) => format!("did you mean `{}`?", found.value),
            None => "name a user, a team or an e-mail address: `@user`, `@org/team`".to_string(),
        };
        return Err(Refused::mistake(fault.help(help)));
    }
    let owners = all().map(|each| each.value.as_str());
    let owners = owners.filter(|name| name.contains('@'));
    Err(Refused::mistake(
        fault.maybe_help(did_you_mean(name, owners)),
    ))
}

/// Something that is left without owners.
struct Emptied<'c> {
    file: FileId,
    place: &'c Text,
    label: &'static str,
    /// Whether it is a rule that only adds owners or people to notify.
    is_addition: bool,
}

struct Remover<'c> {
    scopes: Scopes<'c>,
    /// The owner to remove.
    gone: Owner,
    /// The groups that are left without owners, by the indices of their file and entry.
    gone_groups: FxHashSet<(usize, usize)>,
    emptied: Vec<Emptied<'c>>,
}

impl<'c> Remover<'c> {
    fn remove(&mut self, configs: &'c [Config]) -> Vec<Config> {
        // A group may name groups below it in the file. So this is repeated until no group is left empty.
        loop {
            let known = self.gone_groups.len();
            for (file, config) in configs.iter().enumerate() {
                for (index, group) in config.groups.iter().enumerate() {
                    if self.group(file, group).is_none() && self.gone_groups.insert((file, index)) {
                        self.emptied.push(Emptied {
                            file: config.file,
                            place: &group.name,
                            label: "this group would have no owners",
                            is_addition: false,
                        });
                    }
                }
            }
            if self.gone_groups.len() == known {
                break;
            }
        }
        let mut after = Vec::with_capacity(configs.len());
        for (file, config) in configs.iter().enumerate() {
            let groups = config.groups.iter();
            let groups = groups.filter_map(|group| self.group(file, group)).collect();
            let rules = config.rules.iter();
            let rules = rules
                .filter_map(|rule| self.rule(file, config, rule))
                .collect();
            let requirements = config.requirements.iter();
            let requirements = requirements
                .filter_map(|each| self.requirement(file, config, each))
                .collect();
            let approvals = config.approvals.iter();
            let approvals = approvals
                .map(|each| self.approval(file, config, each))
                .collect();
            after.push(Config {
                groups,
                rules,
                requirements,
                approvals,
                ..config.clone()
            });
        }
        after
    }

    /// The names that are left of a list.
    fn left(&self, file: usize, names: &[Text]) -> Vec<Text> {
        let stays = |name: &&Text| {
            !is_owner(&name.value, &self.gone)
                && self
                    .scopes
                    .find(file, &name.value)
                    .is_none_or(|group| !self.gone_groups.contains(&group))
        };
        names.iter().filter(stays).cloned().collect()
    }

    fn group(&self, file: usize, group: &Group) -> Option<Group> {
        let stays = |team: &&Text| !is_owner(&team.value, &self.gone);
        let team = group.team.as_ref().filter(stays);
        let left = Group {
            team: team.cloned(),
            select: group.select.clone().filter(|_| team.is_some()),
            members: self.left(file, &group.members),
            ..group.clone()
        };
        let is_left = left.team.is_some() || !left.members.is_empty();
        is_left.then_some(left)
    }

    fn rule(&mut self, file: usize, config: &Config, rule: &'c RuleEntry) -> Option<RuleEntry> {
        let left = RuleEntry {
            owners: self.left(file, &rule.owners),
            notify: self.left(file, &rule.notify),
            ..rule.clone()
        };
        let loses = |before: &[Text], after: &[Text]| after.is_empty() && !before.is_empty();
        let label = if loses(&rule.owners, &left.owners) {
            match rule.adds {
                true => Some("this rule would add nobody"),
                false => Some("this rule would have no owners"),
            }
        } else if loses(&rule.notify, &left.notify) && rule.owners.is_empty() && rule.adds {
            Some("this rule would notify nobody")
        } else {
            None
        };
        self.emptied.extend(label.map(|label| Emptied {
            file: config.file,
            place: &rule.pattern,
            label,
            is_addition: rule.adds,
        }));
        let is_left = !rule.adds || !left.owners.is_empty() || !left.notify.is_empty();
        is_left.then_some(left)
    }

    fn requirement(
        &mut self,
        file: usize,
        config: &Config,
        requirement: &'c RequirementEntry,
    ) -> Option<RequirementEntry> {
        let left = RequirementEntry {
            owners: self.left(file, &requirement.owners),
            any_of: self.left(file, &requirement.any_of),
            ..requirement.clone()
        };
        let lists = [
            (&requirement.owners, &left.owners),
            (&requirement.any_of, &left.any_of),
        ];
        for (before, after) in lists {
            if let (Some(place), []) = (before.first(), after.as_slice()) {
                self.emptied.push(Emptied {
                    file: config.file,
                    place,
                    label: "this requirement would demand nobody",
                    is_addition: false,
                });
            }
        }
        let demands =
            !left.owners.is_empty() || !left.any_of.is_empty() || left.min_owners.is_some();
        demands.then_some(left)
    }

    fn approval(
        &mut self,
        file: usize,
        config: &Config,
        approval: &'c ApprovalEntry,
    ) -> ApprovalEntry {
        let owners = self.left(file, &approval.owners);
        if let (Some(place), []) = (approval.owners.first(), owners.as_slice()) {
            self.emptied.push(Emptied {
                file: config.file,
                place,
                label: "nobody would give this approval",
                is_addition: false,
            });
        }
        ApprovalEntry {
            owners,
            ..approval.clone()
        }
    }
}

/// The paths that have owners before, and none after.
fn lost(before: &Project, after: &Project, paths: &PathSet) -> Vec<PathId> {
    fn is_owned(ownership: Ownership<'_>) -> bool {
        matches!(ownership, Ownership::Owned(_))
    }
    let (before, after) = (before.rules.matcher(), after.rules.matcher());
    let (mut before, mut after) = (before.walk(), after.walk());
    let mut is_lost =
        |path: &[u8]| is_owned(before.ownership(path)) && !is_owned(after.ownership(path));
    let lost = paths.with_ids().filter(|(_, path)| is_lost(path));
    lost.map(|(id, _)| id).collect()
}

/// Why the owner is not removed: what would be left without owners.
fn refusal(name: &str, emptied: &[Emptied<'_>], paths: &PathSet, lost: &[PathId]) -> Diagnostic {
    const MAX_SHOWN: usize = 10;
    let what = match emptied.len() {
        0 => format!("{} without owners", counted(lost.len(), "path")),
        1 => "one entry of owners.toml empty".to_string(),
        count => format!("{count} entries of owners.toml empty"),
    };
    let mut fault = Diagnostic::error(format!("removing `{name}` would leave {what}"));
    for Emptied {
        file, place, label, ..
    } in emptied.iter().take(MAX_SHOWN)
    {
        fault = fault.at(*file, place.span.clone(), *label);
    }
    let folded = fold(paths, lost);
    for each in folded.iter().take(MAX_SHOWN) {
        let path = match each.path {
            [] => "./".to_string(),
            path => escaped(path),
        };
        let note = match each.files.len() {
            1 => format!("`{path}` would have no owner"),
            count => format!("`{path}`: {count} paths would have no owner"),
        };
        fault = fault.note(note);
    }
    if folded.len() > MAX_SHOWN {
        let rest = folded[MAX_SHOWN..]
            .iter()
            .map(|each| each.files.len())
            .sum();
        fault = fault.note(format!("and {} more", counted(rest, "path")));
    }
    fault
        .help("name who takes over: `--replace-with @user`")
        .help("or remove them anyway: `--allow-unowned`")
}
