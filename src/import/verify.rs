//! The checks of an import: its rules are those of the chosen lines, and every tracked path keeps its
//! owners.

use super::kept::key;
use super::parts::PartApproval;
use super::{Draft, ImportError};
use crate::paths::PathSet;
use crate::pattern::Pattern;
use crate::project::Project;
use crate::ruleset::{Ownership, RuleSet};
use crate::text::escaped;

/// Checks that every path has the same owners as in the old file. `owners.toml` may have a rule of
/// its own.
pub(super) fn compare(
    draft: &Draft<'_>,
    rules: &RuleSet,
    paths: &PathSet,
) -> Result<(), ImportError> {
    let own = &draft.own;
    let (old, new) = (draft.part.file.matcher(), rules.matcher());
    let (mut old_walk, mut new_walk) = (old.walk(), new.walk());
    for path in paths.iter() {
        let before = old.all_owners(&mut old_walk, path);
        let after = match new_walk.ownership(path) {
            Ownership::Owned(owners) => owners,
            Ownership::Nobody | Ownership::Unowned => &[],
        };
        if key(&before) != key(after) && !own.decides(path) {
            return Err(ImportError::Differs(format!(
                "`{}` would get other owners",
                escaped(path)
            )));
        }
    }
    Ok(())
}

/// Checks that the rules of `text` are those of the chosen lines, one for one, and that its approvals are
/// those of the parts.
pub(super) fn prove(text: &str, drafts: &[Draft<'_>]) -> Result<Project, ImportError> {
    let project = Project::from_text(text).map_err(|unsound| {
        let messages: Vec<&str> = unsound
            .diagnostics
            .iter()
            .map(|each| each.message.as_str())
            .collect();
        ImportError::Differs(messages.join("; "))
    })?;
    prove_rules(&project.rules, &drafts[0])?;
    let with_rules = drafts[1..].iter().filter(|draft| draft.has_rules());
    let wanted: Vec<&Draft<'_>> = with_rules.collect();
    let approvals = project.rules.approvals();
    let asked = |draft: &&Draft<'_>| draft.part.approval.clone();
    let found = approvals.iter().map(|each| {
        Some(PartApproval {
            name: each.name.clone(),
            count: each.count,
            is_optional: each.is_optional,
        })
    });
    if !wanted.iter().map(asked).eq(found) {
        let reason = "an approval would ask for something else";
        return Err(ImportError::Differs(reason.to_string()));
    }
    for (draft, approval) in wanted.into_iter().zip(approvals) {
        prove_rules(&approval.rules, draft)?;
    }
    Ok(project)
}

/// Checks that the rules are those of the chosen lines of a part, one for one.
fn prove_rules(rules: &RuleSet, draft: &Draft<'_>) -> Result<(), ImportError> {
    let (kept, own) = (&draft.lines.kept, &draft.own);
    let ours = rules.lines().iter().map(|line| {
        let rule = &rules[line.rule];
        let except = rules.exceptions()[rule.exceptions].iter();
        let except: Vec<&Pattern> = except.map(|each| &each.pattern).collect();
        (&line.pattern, except, key(&rule.owners), rule.adds())
    });
    let theirs = kept
        .iter()
        .flat_map(|each| each.rules.iter().map(|rule| (rule, each.owners, each.adds)));
    let theirs = theirs.flat_map(|(rule, owners, adds)| {
        let except: Vec<&Pattern> = rule.except.iter().collect();
        let owners = key(owners);
        rule.patterns
            .iter()
            .map(move |pattern| (pattern, except.clone(), owners.clone(), adds))
    });
    let added = own.pattern();
    let added = added.map(|pattern| (pattern, Vec::new(), key(own.owners()), false));
    let theirs = theirs.chain(added);
    let (ours, theirs): (Vec<_>, Vec<_>) = (ours.collect(), theirs.collect());
    let different = ours
        .iter()
        .zip(&theirs)
        .find(|(ours, theirs)| ours != theirs);
    match different {
        Some(((pattern, ..), (expected, ..))) => Err(ImportError::Differs(format!(
            "`{pattern}` stands for `{expected}`, or has other owners"
        ))),
        None if ours.len() != theirs.len() => Err(ImportError::Differs(format!(
            "{} patterns stand for {}",
            ours.len(),
            theirs.len()
        ))),
        None => Ok(()),
    }
}
