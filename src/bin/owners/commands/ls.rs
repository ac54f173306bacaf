//! `owners ls`: lists the tracked paths of an owner or group.

use std::io::Write;

use owners::Owner;
use owners::Ownership;
use owners::ruleset::{Rule, RuleId, RuleSet};
use owners::text::nearest;
use owners::text::{Diagnostic, escaped};
use rustc_hash::FxHashSet;

use crate::Outcome;
use crate::args::Ls;
use crate::failure::{Failure, Result};
use crate::print::Printer;
use crate::workspace::Workspace;

/// Which paths to list.
enum Wanted {
    All,
    Unowned,
    Nobody,
    /// The paths of these rules, which use a group.
    Rules(FxHashSet<RuleId>),
    Owner(Owner),
}

pub(crate) fn run(workspace: &Workspace, args: &Ls) -> Result<Outcome> {
    let (project, tracked) = workspace.project_and_paths_at(args.rev.as_deref())?;
    let rules = &project.rules;
    let wanted = wanted(args, rules)?;
    let matcher = rules.matcher();
    let mut walk = matcher.walk();
    let mut out = match args.null {
        true => Printer::bytes(),
        false => Printer::lines(),
    };
    for path in tracked.iter() {
        let line = walk.decide(path);
        let is_wanted = match (&wanted, rules.ownership(line)) {
            (Wanted::All, _)
            | (Wanted::Unowned, Ownership::Unowned)
            | (Wanted::Nobody, Ownership::Nobody) => true,
            (Wanted::Owner(owner), Ownership::Owned(owners)) => {
                owners.iter().any(|other| other.is_same(owner))
            }
            (Wanted::Rules(wanted), Ownership::Owned(_)) => {
                line.is_some_and(|line| wanted.contains(&rules[line].rule))
            }
            _ => false,
        };
        if !is_wanted {
            continue;
        }
        if args.null {
            out.write_all(path)?;
            out.write_all(b"\0")?;
        } else {
            writeln!(out, "{}", escaped(path))?;
        }
    }
    out.finish()?;
    Ok(Outcome::Fine)
}

fn wanted(args: &Ls, rules: &RuleSet) -> Result<Wanted> {
    let Some(name) = &args.name else {
        return Ok(match (args.unowned, args.nobody) {
            (true, _) => Wanted::Unowned,
            (_, true) => Wanted::Nobody,
            _ => Wanted::All,
        });
    };
    if name.contains('@') {
        let owner = Owner::unchecked(name);
        ensure_known(&owner, rules)?;
        return Ok(Wanted::Owner(owner));
    }
    // Sibling directories may have groups of the same name.
    if rules.groups().iter().any(|group| group.name == *name) {
        return Ok(Wanted::Rules(rules_of_group(rules, name)));
    }
    let names = rules.groups().iter().map(|group| group.name.as_str());
    let help = nearest::did_you_mean(name, names)
        .unwrap_or_else(|| "name a group of owners.toml, or an owner such as `@user`".to_string());
    Err(Failure::from(
        Diagnostic::error(format!("unknown group `{name}`")).help(help),
    ))
}

/// An unknown owner is a typing mistake. Without an error, the empty output would look like an
/// answer.
fn ensure_known(owner: &Owner, rules: &RuleSet) -> Result<()> {
    let of_groups = rules.groups().iter().flat_map(|group| group.owners.iter());
    let of_rules = rules.rules().iter().flat_map(|rule| rule.owners.iter());
    let mut known = of_groups.clone().chain(of_rules.clone());
    if known.any(|known| known.is_same(owner)) {
        return Ok(());
    }
    let name = owner.as_str();
    let is_member = |person: &Owner| person.is_same(owner);
    let diagnostic = match (rules.groups().iter()).find(|group| group.people.iter().any(is_member))
    {
        Some(group) => Diagnostic::error(format!(
            "`{name}` is not an owner itself: it is a member of the group `{}`",
            group.name
        ))
        .help(format!("run `owners ls {}`", group.name)),
        None => {
            let names = of_groups.chain(of_rules).map(Owner::as_str);
            let help = nearest::did_you_mean(name, names);
            Diagnostic::error(format!("owners.toml has no owner `{name}`"))
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
