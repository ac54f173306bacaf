//! `owners ls`: lists tracked paths with their owners.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;

use owners::config::CONFIG_NAME;
use owners::ruleset::{LineId, Rule, RuleId, RuleSet, RuleWalk};
use owners::text::nearest;
use owners::text::{Diagnostic, FileId, escaped};
use owners::{Id as _, IdRange, Owner, Ownership, PathId, PathSet, Project};
use rustc_hash::FxHashSet;
use serde::Serialize;

use super::who::{Deciding, decide};
use crate::Outcome;
use crate::args::Ls;
use crate::failure::{Failure, Result};
use crate::here;
use crate::print::Printer;
use crate::report::json_path::JsonPath;
use crate::workspace::Workspace;

/// Increased if a key of the JSON changes its meaning or is removed.
const VERSION: u32 = 1;
/// The width of the column of paths is at most this, so that one long path does not move all owners
/// off the screen.
const WIDEST: usize = 60;

pub(crate) fn run(workspace: &Workspace, args: &Ls) -> Result<Outcome> {
    if args.null && args.format.is_json() {
        let error = Diagnostic::error("`-0` has no effect on JSON");
        return Err(error.help("leave it out: each path is a string").into());
    }
    let (project, tracked) = workspace.project_and_paths_at(args.rev.as_deref())?;
    let rules = &project.rules;
    let wanted = Wanted::new(args, &project)?;
    let ranges = ranges(workspace, &args.paths, &tracked, rules)?;
    let matcher = rules.matcher();
    let mut walk = matcher.walk();
    let chosen = ranges.into_iter().flatten();
    let listing = Listing {
        tracked: &tracked,
        rules,
        chosen: chosen.filter_map(|id| wanted.decide(rules, &mut walk, id, &tracked[id])),
    };
    let mut out = match (args.format.is_json(), args.null) {
        (true, _) => Printer::json(),
        (_, true) => Printer::bytes(),
        _ => Printer::lines(),
    };
    match args {
        _ if args.format.is_json() => listing.json(&mut out)?,
        Ls {
            name_only: true, ..
        } => listing.names(args.null, &mut out)?,
        Ls { null: true, .. } => listing.records(&mut out)?,
        _ => listing.human(&mut out)?,
    }
    out.finish()?;
    Ok(Outcome::Fine)
}

/// Which paths to list: all of them, or those that any of the options selects.
#[derive(Default)]
struct Wanted {
    is_all: bool,
    unowned: bool,
    nobody: bool,
    owners: Vec<Owner>,
    /// The rules that use one of the groups.
    rules: FxHashSet<RuleId>,
}

impl Wanted {
    fn new(args: &Ls, project: &Project) -> Result<Self> {
        let rules = &project.rules;
        let mut wanted = Wanted {
            unowned: args.unowned,
            nobody: args.nobody,
            ..Wanted::default()
        };
        for name in &args.owners {
            let owner = Owner::unchecked(name);
            ensure_known(&owner, project)?;
            wanted.owners.push(owner);
        }
        for name in &args.groups {
            ensure_group(name, project)?;
            wanted.rules.extend(rules_of_group(rules, name));
        }
        let has_names = !args.owners.is_empty() || !args.groups.is_empty();
        wanted.is_all = !(args.unowned || args.nobody || has_names);
        Ok(wanted)
    }

    /// The lines that decide a path, if the path is to be listed.
    fn decide(
        &self,
        rules: &RuleSet,
        walk: &mut RuleWalk<'_, '_>,
        id: PathId,
        path: &[u8],
    ) -> Option<(PathId, Deciding)> {
        let lines = decide(rules, walk, path);
        let is_wanted = match rules.ownership(rules.first_owning(&lines)) {
            _ if self.is_all => true,
            Ownership::Unowned => self.unowned,
            Ownership::Nobody => self.nobody,
            Ownership::Owned(_) => {
                let is_owner = |owner: &Owner| self.owners.iter().any(|each| each.is_same(owner));
                lines.iter().any(|&line| {
                    self.rules.contains(&rules[line].rule)
                        || rules.rule_of(line).owners.iter().any(is_owner)
                })
            }
        };
        is_wanted.then_some((id, lines))
    }
}

/// The owners of a path, as they are shown.
fn shown_owners(rules: &RuleSet, lines: &[LineId]) -> String {
    match lines {
        [_, _, ..] if rules.owners_of(lines).len() > 1 => Owner::join(&rules.owners_of(lines)),
        lines => rules.ownership(rules.first_owning(lines)).to_string(),
    }
}

/// The paths to list, each with the lines that decide it, in order.
struct Listing<'l, I> {
    tracked: &'l PathSet,
    rules: &'l RuleSet,
    chosen: I,
}

#[derive(Serialize)]
struct JsonOwned<'l> {
    #[serde(flatten)]
    path: JsonPath<'l>,
    state: &'static str,
    owners: Cow<'l, [Owner]>,
}

impl<I: Iterator<Item = (PathId, Deciding)>> Listing<'_, I> {
    fn human(self, out: &mut impl Write) -> io::Result<()> {
        let chosen: Vec<(PathId, Deciding)> = self.chosen.collect();
        let shown = |id: PathId| here::shown(&self.tracked[id]);
        let widths = chosen.iter().map(|(id, _)| shown(*id).chars().count());
        let width = widths.max().unwrap_or(0).min(WIDEST);
        for (id, lines) in chosen {
            let owners = shown_owners(self.rules, &lines);
            let owners = escaped(owners.as_bytes());
            writeln!(out, "{:width$}  {owners}", shown(id))?;
        }
        Ok(())
    }

    fn records(self, out: &mut impl Write) -> io::Result<()> {
        for (id, lines) in self.chosen {
            out.write_all(&here::relative(&self.tracked[id]))?;
            write!(out, "  {}\0", shown_owners(self.rules, &lines))?;
        }
        Ok(())
    }

    fn names(self, ends_with_nul: bool, out: &mut impl Write) -> io::Result<()> {
        for (id, _) in self.chosen {
            let path = &self.tracked[id];
            match ends_with_nul {
                true => {
                    out.write_all(&here::relative(path))?;
                    out.write_all(b"\0")?;
                }
                false => writeln!(out, "{}", here::shown(path))?,
            }
        }
        Ok(())
    }

    fn json(self, out: &mut impl Write) -> io::Result<()> {
        write!(out, "{{\"version\":{VERSION},\"paths\":[")?;
        for (index, (id, lines)) in self.chosen.enumerate() {
            out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
            let owned = JsonOwned {
                path: JsonPath::new(&self.tracked[id]),
                state: self
                    .rules
                    .ownership(self.rules.first_owning(&lines))
                    .state(),
                owners: self.rules.owners_of(&lines),
            };
            serde_json::to_writer(&mut *out, &owned)?;
        }
        out.write_all(b"\n]}\n")
    }
}

/// The ids of the tracked paths that the arguments name, ascending. Without arguments, those in the
/// current directory, as for `git ls-files`.
fn ranges(
    workspace: &Workspace,
    arguments: &[PathBuf],
    tracked: &PathSet,
    rules: &RuleSet,
) -> Result<Vec<IdRange<PathId>>> {
    if arguments.is_empty() {
        return Ok(vec![below(tracked, here::prefix())]);
    }
    let mut ranges = Vec::new();
    for argument in arguments {
        let path = workspace.relative(argument)?;
        let name = path.strip_suffix(b"/").unwrap_or(&path);
        let file = tracked.lower_bound(name);
        let found = match tracked.get(file) == Some(name) {
            true => IdRange::new(file, file.next()),
            false if name.is_empty() => tracked.ids(),
            false => below(tracked, &[name, b"/"].concat()),
        };
        if found.is_empty() && !name.is_empty() {
            return Err(no_path(&argument.to_string_lossy(), &path, rules));
        }
        ranges.push(found);
    }
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    // Two ranges are one within the other, or have nothing in common: each path is listed once.
    ranges.dedup_by(|next, range| range.contains(next.start));
    Ok(ranges)
}

/// The ids of the paths that start with a directory.
fn below(tracked: &PathSet, directory: &[u8]) -> IdRange<PathId> {
    let start = tracked.lower_bound(directory);
    let from_there = IdRange::new(start, tracked.ids().end);
    from_there.split_at(tracked.below(directory).count()).0
}

fn no_path(argument: &str, path: &[u8], rules: &RuleSet) -> Failure {
    let error = Diagnostic::error(format!("no tracked path is `{}`", here::shown(path)));
    let is_group = rules.groups().iter().any(|group| group.name == argument);
    let help = if is_group {
        format!("for the paths of the group, run `owners ls --group {argument}`")
    } else if argument.contains('@') {
        format!("for the paths of an owner, run `owners ls --owner {argument}`")
    } else {
        "`owners ls` lists the tracked paths in the current directory".to_string()
    };
    Failure::from(error.help(help))
}

fn ensure_group(name: &str, project: &Project) -> Result<()> {
    let rules = &project.rules;
    if project.codeowners.is_some() {
        let file = escaped(project.sources[FileId::ROOT].name.as_bytes());
        let fault = Diagnostic::error(format!(
            "there is no group `{name}`: `{file}` has no groups"
        ));
        let mut owners = rules.rules().iter().flat_map(|rule| &*rule.owners);
        let help = match owners.find(|owner| is_meant(owner, name)) {
            Some(owner) => format!("name the owner: `owners ls --owner {owner}`"),
            None => "`owners stats` lists the owners; `owners init` makes groups".to_string(),
        };
        return Err(Failure::from(fault.help(help)));
    }
    // Sibling directories may have groups of the same name.
    if rules.groups().iter().any(|group| group.name == *name) {
        return Ok(());
    }
    let names = rules.groups().iter().map(|group| group.name.as_str());
    let help = match name.contains('@') {
        true => Some(format!("for an owner, write `--owner {name}`")),
        false => nearest::did_you_mean(name, names),
    };
    let help = help.unwrap_or_else(|| "`owners stats` lists the groups".to_string());
    let error = Diagnostic::error(format!("unknown group `{name}`"));
    Err(Failure::from(error.help(help)))
}

/// Whether an owner is probably meant by a name without `@`: `core` by `@org/core`.
fn is_meant(owner: &Owner, name: &str) -> bool {
    let last = owner.as_str().rsplit(['/', '@']).next();
    last.is_some_and(|last| last.eq_ignore_ascii_case(name))
}

/// An unknown owner is a typing mistake. Without an error, the empty output would look like an
/// answer.
fn ensure_known(owner: &Owner, project: &Project) -> Result<()> {
    let rules = &project.rules;
    let of_groups = rules.groups().iter().flat_map(|group| group.owners.iter());
    let of_rules = rules.rules().iter().flat_map(|rule| rule.owners.iter());
    let mut known = of_groups.clone().chain(of_rules.clone());
    if known.any(|known| known.is_same(owner)) {
        return Ok(());
    }
    let name = owner.as_str();
    if rules.groups().iter().any(|group| group.name == name) {
        let error = Diagnostic::error(format!("`{name}` is a group, not an owner"));
        return Err(error.help(format!("write `--group {name}`")).into());
    }
    let is_member = |person: &Owner| person.is_same(owner);
    let diagnostic = match (rules.groups().iter()).find(|group| group.people.iter().any(is_member))
    {
        Some(group) => Diagnostic::error(format!(
            "`{name}` is not an owner itself: it is a member of the group `{}`",
            group.name
        ))
        .help(format!("run `owners ls --group {}`", group.name)),
        None => {
            let names = of_groups.chain(of_rules).map(Owner::as_str);
            let help = nearest::did_you_mean(name, names);
            let file = match &project.codeowners {
                Some(_) => escaped(project.sources[FileId::ROOT].name.as_bytes()),
                None => CONFIG_NAME.to_string(),
            };
            Diagnostic::error(format!("{file} has no owner `{name}`"))
                .help(help.unwrap_or_else(|| "`owners stats --by owner` lists the owners".into()))
        }
    };
    Err(Failure::from(diagnostic))
}

/// The rules that use a group, directly or through other groups.
fn rules_of_group(rules: &RuleSet, name: &str) -> FxHashSet<RuleId> {
    let reaching = rules.reaching(|group| group.name == *name);
    let is_of_group = |rule: &Rule| rule.groups.iter().any(|&group| reaching[group]);
    (rules.rules().with_ids())
        .filter(|(_, rule)| is_of_group(rule))
        .map(|(id, _)| id)
        .collect()
}
