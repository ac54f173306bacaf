//! `dead-pattern`: a pattern, or one of its alternatives, that matches no tracked path.
//!
//! Usually code has moved and the rule has not. The finding is as narrow as possible: for
//! `crates/{wasi,gone}` it points at `gone`.

use super::{Context, Findings, directory_as_file};
use crate::config::Text;
use crate::ids::{Id as _, IdRange, IdVec};
use crate::paths::PathSet;
use crate::pattern::alternation::{Alternation, Alternative};
use crate::pattern::{Gap, Pattern, Step};
use crate::ruleset::{ExceptionId, LineId, Rule, RuleException};
use crate::text::nearest::Suggestions;
use crate::text::{Diagnostic, FileId, FixAction, Holds, Location, escaped};

/// The maximum number of names in one directory compared with a missing one.
const MAX_SIBLINGS: usize = 10_000;
/// The maximum number of names compared in all. Later findings get no suggestion.
const MAX_NAMES: usize = 200_000;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    if context.facts.paths.is_empty() {
        // An empty repository says nothing about its rules.
        return;
    }
    // `directory-as-file` reports these lines with a better message.
    let first = &context.survey.first;
    let mut is_alive: IdVec<LineId, bool> = first.iter().map(Option::is_some).collect();
    for (line, _) in directory_as_file::lines(context) {
        is_alive[line] = true;
    }
    let mut budget = SuggestionBudget {
        names_left: MAX_NAMES,
        suggestions: Suggestions::default(),
    };
    for rule in rules.rules() {
        if rule.lines.iter().all(|line| !is_alive[line]) {
            let message = format!("no tracked path matches `{}`", rule.pattern.value);
            let first = &rules[rule.lines.start].pattern;
            let finding = describe(context, &mut budget, message, rule.location(), first);
            let action = FixAction::Remove(rule.location());
            findings.report(finding.fixed_by(Holds::ThisTree, action));
            continue;
        }
        let mut left = rule.exceptions;
        for (id, entry) in rule.except.with_ids() {
            let is_of_entry = |each: &RuleException| each.entry == id;
            let count = rules.exceptions()[left].partition_point(is_of_entry);
            let (own, rest) = left.split_at(count);
            check_exception(context, &mut budget, rule, own, entry, findings);
            left = rest;
        }
        check_alternatives(context, &mut budget, rule, &is_alive, findings);
    }
}

/// Reports the alternatives of a rule's pattern that match no tracked path.
fn check_alternatives(
    context: &Context<'_>,
    budget: &mut SuggestionBudget,
    rule: &Rule,
    is_alive: &IdVec<LineId, bool>,
    findings: &mut Findings<'_>,
) {
    let rules = &context.project.rules;
    let lines = rule
        .lines
        .iter()
        .map(|line| (&*rules[line].alternatives, is_alive[line]));
    let dead = dead_alternatives(&rule.alternatives, lines);
    let examples = match dead.as_slice() {
        [] => Vec::new(),
        _ => examples(
            rule.alternatives.len(),
            rule.lines.iter().map(|line| &*rules[line].alternatives),
        ),
    };
    for index in dead {
        let location = rule.alternative_location(index, &context.project.sources);
        let text = &rule.pattern.value[rule.alternatives[index as usize].span.clone()];
        let message = if text.is_empty() {
            format!(
                "no tracked path matches the empty alternative of `{}`",
                rule.pattern.value
            )
        } else {
            format!("no tracked path matches the alternative `{text}`")
        };
        let pattern = &rules[rule.lines.nth(examples[index as usize])].pattern;
        let finding = describe(context, budget, message, location, pattern);
        let action = FixAction::RemoveAlternative(rule.location(), index);
        findings.report(finding.fixed_by(Holds::ThisTree, action));
    }
}

/// Reports an entry of `except` that has no effect, or an alternative of it that has none. `own`
/// are the exceptions that the entry expands to.
fn check_exception(
    context: &Context<'_>,
    budget: &mut SuggestionBudget,
    rule: &Rule,
    own: IdRange<ExceptionId>,
    entry: &Text,
    findings: &mut Findings<'_>,
) {
    let rules = &context.project.rules;
    let is_needed = |each: ExceptionId| context.survey.excepted[each];
    let whole = Location {
        file: rule.file,
        span: entry.span.clone(),
    };
    if own.iter().all(|each| !is_needed(each)) {
        let message = format!("the exception `{}` excludes no tracked path", entry.value);
        let first = &rules[own.start].pattern;
        let finding = describe(context, budget, message, whole.clone(), first);
        findings.report(finding.fixed_by(Holds::ThisTree, FixAction::Remove(whole)));
        return;
    }
    if own.iter().all(is_needed) {
        return;
    }
    // The alternatives of an exception are not stored, since only this lint needs them.
    let Ok(expanded) = Alternation::parse(&entry.value) else {
        return;
    };
    let lines = expanded
        .expansions
        .iter()
        .zip(own)
        .map(|(expansion, each)| (&*expansion.alternatives, is_needed(each)));
    let examples = examples(
        expanded.alternatives.len(),
        expanded
            .expansions
            .iter()
            .map(|expansion| &*expansion.alternatives),
    );
    for index in dead_alternatives(&expanded.alternatives, lines) {
        let part = expanded.alternatives[index as usize].span.clone();
        let message = match &entry.value[part.clone()] {
            "" => format!(
                "the empty alternative of the exception `{}` excludes no tracked path",
                entry.value
            ),
            text => format!("the alternative `{text}` of the exception excludes no tracked path"),
        };
        let location = Location {
            file: rule.file,
            span: entry.locate(&context.project.sources[rule.file].text, part),
        };
        let pattern = &rules[own.nth(examples[index as usize])].pattern;
        let finding = describe(context, budget, message, location, pattern);
        let action = FixAction::RemoveAlternative(whole.clone(), index);
        findings.report(finding.fixed_by(Holds::ThisTree, action));
    }
}

/// The alternatives without a live expansion, except those inside another such alternative.
/// `expansions` are given with the alternatives that they take.
fn dead_alternatives<'e>(
    alternatives: &[Alternative],
    expansions: impl Iterator<Item = (&'e [u32], bool)>,
) -> Vec<u32> {
    if alternatives.is_empty() {
        return Vec::new();
    }
    let mut is_alive = vec![false; alternatives.len()];
    for (taken, _) in expansions.filter(|&(_, is_alive)| is_alive) {
        for &index in taken {
            is_alive[index as usize] = true;
        }
    }
    (0..alternatives.len())
        .filter(|&index| !is_alive[index])
        .filter(|&index| {
            let parent = alternatives[index].parent;
            parent.is_none_or(|parent| is_alive[parent])
        })
        .map(|index| index as u32)
        .collect()
}

/// For each of `count` alternatives, the index of the first expansion that takes it.
fn examples<'e>(count: usize, expansions: impl Iterator<Item = &'e [u32]>) -> Vec<usize> {
    let mut examples: Vec<Option<usize>> = vec![None; count];
    for (expansion, taken) in expansions.enumerate() {
        for &index in taken {
            examples[index as usize].get_or_insert(expansion);
        }
    }
    examples
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect()
}

fn describe(
    context: &Context<'_>,
    budget: &mut SuggestionBudget,
    message: String,
    location: Location,
    pattern: &Pattern,
) -> Diagnostic {
    // Patterns are relative to the directory of their file.
    let directory = match context.project.sources[location.file].name.rsplit_once('/') {
        Some((directory, _)) if location.file != FileId::ROOT => format!("{directory}/"),
        _ => String::new(),
    };
    let shown = |path: &[u8]| escaped(path.strip_prefix(directory.as_bytes()).unwrap_or(path));
    let diagnostic = Diagnostic::error(message).at(location.file, location.span, "matches nothing");
    match nearest(pattern, &context.facts.paths, budget) {
        Some(Nearest::OtherCase(path)) => {
            diagnostic.help(format!("only the case differs: `/{}`", shown(&path)))
        }
        Some(Nearest::FileInstead(path)) => diagnostic.help(format!(
            "`{0}` is not a directory: remove the trailing slash: `/{0}`",
            shown(&path)
        )),
        Some(Nearest::Similar(path)) => {
            diagnostic.help(format!("did you mean `/{}`?", shown(&path)))
        }
        None => diagnostic.help("remove it, or correct the path"),
    }
}

/// The remaining budget for suggestions.
struct SuggestionBudget {
    names_left: usize,
    suggestions: Suggestions,
}

enum Nearest {
    OtherCase(Vec<u8>),
    FileInstead(Vec<u8>),
    Similar(Vec<u8>),
}

/// Finds the path that was probably meant by a pattern that begins with literal segments at the
/// root, or is a single name. Follows the segments down the tree as long as they exist, and
/// compares the first missing one with its siblings.
fn nearest(pattern: &Pattern, paths: &PathSet, budget: &mut SuggestionBudget) -> Option<Nearest> {
    // A single name that matches anywhere was probably meant for the root.
    if pattern.head() != Gap::NONE && pattern.steps().len() > 1 {
        return None;
    }
    let mut prefix: Vec<u8> = Vec::new();
    let mut other_case = false;
    for Step { glob, gap } in pattern.steps() {
        let Some(wanted) = glob.as_literal() else {
            break;
        };
        let is_last_literal = *gap != Gap::NONE;
        let start = prefix.len();
        prefix.extend_from_slice(wanted.as_bytes());
        if !exists(paths, &prefix) {
            prefix.truncate(start);
            let names = children(paths, &prefix, budget.names_left.min(MAX_SIBLINGS));
            budget.names_left -= names.len();
            let has_other_case =
                |child: &&Child<'_>| child.name.eq_ignore_ascii_case(wanted.as_bytes());
            if let Some(found) = names.iter().find(has_other_case) {
                other_case = true;
                prefix.extend_from_slice(found.name);
            } else if other_case {
                return None;
            } else {
                prefix.extend(similar(&names, wanted, budget)?);
                return Some(Nearest::Similar(prefix));
            }
        }
        if is_last_literal {
            break;
        }
        prefix.push(b'/');
    }
    if prefix.ends_with(b"/") {
        prefix.pop();
    }
    if other_case {
        let mut directory = prefix.clone();
        directory.push(b'/');
        let is_directory = paths.below(&directory).next().is_some();
        return Some(Nearest::OtherCase(if is_directory {
            directory
        } else {
            prefix
        }));
    }
    let is_file = !prefix.is_empty() && paths.contains(&prefix);
    (is_file && pattern.tail() == Gap::SOME).then_some(Nearest::FileInstead(prefix))
}

/// The name among `names` that is most like `wanted`, with a slash behind that of a directory.
fn similar(names: &[Child<'_>], wanted: &str, budget: &mut SuggestionBudget) -> Option<Vec<u8>> {
    let known = names
        .iter()
        .filter_map(|child| std::str::from_utf8(child.name).ok());
    let similar = budget.suggestions.nearest(wanted, known)?;
    let is_directory = |child: &Child<'_>| child.is_directory && child.name == similar.as_bytes();
    let slash: &[u8] = if names.iter().any(is_directory) {
        b"/"
    } else {
        b""
    };
    Some([similar.as_bytes(), slash].concat())
}

/// Whether a file or a directory exists.
fn exists(paths: &PathSet, path: &[u8]) -> bool {
    paths.contains(path) || paths.below(&[path, b"/"].concat()).next().is_some()
}

struct Child<'p> {
    name: &'p [u8],
    is_directory: bool,
}

/// The direct children of a directory, given with a trailing slash. Each child costs one binary
/// search, not a scan of the paths below it.
fn children<'p>(paths: &'p PathSet, directory: &[u8], most: usize) -> Vec<Child<'p>> {
    let mut children = Vec::new();
    let mut id = paths.lower_bound(directory);
    while let Some(path) = paths.get(id)
        && let Some(rest) = path.strip_prefix(directory)
    {
        if children.len() == most {
            break;
        }
        match memchr::memchr(b'/', rest) {
            None => {
                children.push(Child {
                    name: rest,
                    is_directory: false,
                });
                id = id.next();
            }
            Some(slash) => {
                children.push(Child {
                    name: &rest[..slash],
                    is_directory: true,
                });
                // Find the first path after all paths below the child: `0` follows `/` in ASCII.
                let mut behind = path[..directory.len() + slash].to_vec();
                behind.push(b'/' + 1);
                id = paths.lower_bound(&behind);
            }
        }
    }
    children
}
