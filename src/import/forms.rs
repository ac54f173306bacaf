//! The forms that lines have in an attempt to generate the file. Where nobody is an exclusion, the rule of a
//! line as it is may be inexact; then its line gets a narrower form, and the file is generated again.

use super::kept::{KeptLine, LineForm};
use super::{Draft, ImportError, ImportOptions, Written, below, kept, narrow};
use crate::codeowners::{File, Inexact};
use crate::forge::Nobody;
use crate::ids::IdVec;
use crate::paths::PathSet;
use crate::ruleset::{LineId, RuleSet};

/// The maximum number of attempts to generate the file: once with the lines as they are, twice with
/// the lines at fault in their next form, and once with all lines in their last form.
const MAX_ATTEMPTS: usize = 4;
/// The attempt after which only one is left.
const SECOND_LAST_ATTEMPT: usize = MAX_ATTEMPTS - 1;
/// The maximum number of pairs of tracked path and line in the form [`Depths`](LineForm::Depths) in
/// one attempt.
const MAX_WORK: usize = 5_000_000;

/// For each part, the forms that some of its lines should have in the next attempt.
pub(super) fn forms(
    drafts: &[Draft<'_>],
    written: &Written,
    inexact: &[Inexact],
    attempt: usize,
    options: ImportOptions<'_>,
) -> Vec<Vec<(usize, LineForm)>> {
    // Another form of a line helps only if nobody is written as an exclusion.
    let abilities = options.forge.dialect.abilities();
    if abilities.nobody != Nobody::Exclusion || attempt >= MAX_ATTEMPTS {
        return drafts.iter().map(|_| Vec::new()).collect();
    }
    let each = drafts.iter().zip(written.approvals(drafts));
    let forms = each.map(|(draft, approval)| {
        let Some(approval) = approval else {
            return Vec::new();
        };
        let at_fault = inexact.iter().filter(|each| each.approval == approval);
        let at_fault: Vec<&Inexact> = at_fault.collect();
        let kept = &draft.lines.kept;
        match attempt {
            _ if at_fault.is_empty() => Vec::new(),
            SECOND_LAST_ATTEMPT => strictest_forms(kept),
            _ => next_forms(kept, written.project.rules.gate(approval), &at_fault),
        }
    });
    forms.collect()
}

/// The next form of each line at fault, with the index of the line.
fn next_forms(
    kept: &[KeptLine<'_>],
    rules: &RuleSet,
    inexact: &[&Inexact],
) -> Vec<(usize, LineForm)> {
    let of_lines: IdVec<LineId, usize> = kept
        .iter()
        .enumerate()
        .flat_map(|(index, each)| {
            let patterns = each.rules.iter().map(|rule| rule.patterns.len()).sum();
            std::iter::repeat_n(index, patterns)
        })
        .collect();
    let mut at_fault: Vec<usize> = inexact
        .iter()
        .flat_map(|each| rules[each.rule].lines)
        .filter_map(|line| of_lines.get(line))
        .copied()
        .collect();
    at_fault.sort_unstable();
    at_fault.dedup();
    let next = |index: usize| Some((index, kept[index].next_form()?));
    at_fault.into_iter().filter_map(next).collect()
}

/// The last form of each line that has another form.
fn strictest_forms(kept: &[KeptLine<'_>]) -> Vec<(usize, LineForm)> {
    let strictest = |(index, each): (usize, &KeptLine<'_>)| {
        let form = match each.next_form()? {
            LineForm::Directories => LineForm::Files,
            form => form,
        };
        Some((index, form))
    };
    kept.iter().enumerate().filter_map(strictest).collect()
}

/// Changes the form of lines. Returns false if there is nothing to change, or if it is too much
/// work.
pub(super) fn change_forms(
    kept: &mut [KeptLine<'_>],
    forms: &[(usize, LineForm)],
    file: &File,
    paths: &PathSet,
) -> Result<bool, ImportError> {
    let by_depth = forms.iter().filter(|(_, form)| *form == LineForm::Depths);
    if forms.is_empty() || by_depth.count() * paths.len() > MAX_WORK {
        return Ok(false);
    }
    let decided = narrow::decided(file, paths);
    for &(index, form) in forms {
        match form {
            LineForm::General => {}
            LineForm::Depths => below::express_by_depth(&mut kept[index], paths)?,
            LineForm::Directories | LineForm::Files => {
                narrow::to_decided_paths(&mut kept[index], form, &decided, paths)?;
            }
        }
    }
    kept::drop_repeated_patterns(kept);
    Ok(true)
}
