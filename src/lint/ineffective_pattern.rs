//! `ineffective-pattern`: a pattern that matches tracked paths and decides none of them.
//!
//! The sibling of `shadowed-rule`: that one is proven for every tree, this one is seen on the tree
//! as it is, and may be as it should be tomorrow. The rule for every path is left out: it stands
//! first for what is still to come.

use std::ops::Range;

use super::{Context, Findings};
use crate::diagnostic::{Diagnostic, Location, escaped};
use crate::paths::PathSet;
use crate::pattern::{Gap, Pattern};
use crate::ruleset::Rule;

/// How many paths are looked at for examples in all. Without an example, a finding that depends on
/// one is not made.
const PATHS: usize = 200_000;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    let mut left = PATHS;
    for (index, rule) in rules.rules.iter().enumerate() {
        let index = index as u32;
        let idle = |line: &usize| is_idle(context, *line);
        let live = |line: &usize| context.survey.matched[*line];
        let lines: Vec<usize> = rule.lines.clone().filter(live).collect();
        if !lines.iter().any(idle) {
            continue;
        }
        if rule
            .lines
            .clone()
            .all(|line| context.survey.decided[line] == 0)
        {
            // What no tree can change is reported as that.
            let open: Vec<usize> = lines.into_iter().filter(idle).collect();
            let taken = search(context, index, &open, &mut left);
            let message = format!("`{}` decides no tracked path", rule.pattern.value);
            findings.report(describe(context, message, rule.location(), taken.example));
            continue;
        }
        for (alternative, lines) in idle_alternatives(context, rule) {
            let taken = search(context, index, &lines, &mut left);
            if taken.by_itself || taken.example.is_none() {
                continue;
            }
            let text = &rule.pattern.value[rule.alternatives[alternative as usize].span.clone()];
            let message = format!("the alternative `{text}` decides no tracked path");
            let location = rule.alternative_location(alternative, &context.project.sources);
            findings.report(describe(context, message, location, taken.example));
        }
    }
}

/// Whether a line matches some path, decides none, and might in another tree.
fn is_idle(context: &Context<'_>, line: usize) -> bool {
    context.survey.matched[line]
        && context.survey.decided[line] == 0
        && !context.project.rules.lines[line].pattern.is_everything()
        && context.shadows()[line].is_none()
}

/// The alternatives of which no line decides anything and some could, without those inside another
/// such one, each with its lines that could.
fn idle_alternatives(context: &Context<'_>, rule: &Rule) -> Vec<(u32, Vec<usize>)> {
    let rules = &context.project.rules;
    let mut is_active = vec![false; rule.alternatives.len()];
    let mut idle: Vec<Vec<usize>> = vec![Vec::new(); rule.alternatives.len()];
    for line in rule.lines.clone() {
        for &alternative in &rules.lines[line].alternatives {
            let alternative = alternative as usize;
            is_active[alternative] |= context.survey.decided[line] > 0;
            if is_idle(context, line) {
                idle[alternative].push(line);
            }
        }
    }
    let is_found = |index: usize| !is_active[index] && !idle[index].is_empty();
    (0..rule.alternatives.len())
        .filter(|&index| is_found(index) && !rule.alternatives[index].span.is_empty())
        .filter(|&index| {
            let parent = rule.alternatives[index].parent;
            parent.is_none_or(|parent| !is_found(parent))
        })
        .map(|index| (index as u32, idle[index].clone()))
        .collect()
}

/// Who takes the paths of some lines.
#[derive(Default)]
struct Taken<'p> {
    /// A path, and the line of another rule that decides it; none if the path is excepted.
    example: Option<(&'p [u8], Option<u32>)>,
    /// Whether another line of the same rule takes any.
    by_itself: bool,
}

/// Looks at the paths of `lines` until one tells enough.
fn search<'p>(context: &Context<'p>, rule: u32, lines: &[usize], left: &mut usize) -> Taken<'p> {
    let rules = &context.project.rules;
    let mut walk = context.matcher().walk();
    let mut taken = Taken::default();
    for &line in lines {
        let pattern = &rules.lines[line].pattern;
        for index in candidates(pattern, &context.facts.paths) {
            if *left == 0 {
                return taken;
            }
            *left -= 1;
            let Some(path) = context.facts.paths.get(index).map(|path| path.bytes) else {
                continue;
            };
            if !pattern.matches(path) {
                continue;
            }
            match walk.decide(path) {
                Some(decides) if rules.lines[decides as usize].rule == rule => {
                    taken.by_itself = true;
                    return taken;
                }
                Some(decides) if rules.lines[decides as usize].rule > rule => {
                    taken.example = Some((path, Some(decides)));
                    break;
                }
                // An earlier rule decides, or none: this one's exceptions say so.
                _ => {
                    taken.example.get_or_insert((path, None));
                }
            }
        }
    }
    taken
}

/// Where the paths that a pattern matches can be: below the directory that it starts with.
fn candidates(pattern: &Pattern, paths: &PathSet) -> Range<usize> {
    let mut prefix = Vec::new();
    if pattern.head() == Gap::NONE {
        for step in pattern.steps() {
            let Some(name) = step.glob.as_literal() else {
                break;
            };
            if !prefix.is_empty() {
                prefix.push(b'/');
            }
            prefix.extend_from_slice(name.as_bytes());
            if step.gap != Gap::NONE {
                break;
            }
        }
    }
    let mut behind = prefix.clone();
    // Nothing that begins with the prefix sorts behind this.
    behind.push(0xff);
    let end = if prefix.is_empty() {
        paths.len()
    } else {
        paths.lower_bound(&behind)
    };
    paths.lower_bound(&prefix)..end
}

fn describe(
    context: &Context<'_>,
    message: String,
    location: Location,
    example: Option<(&[u8], Option<u32>)>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(message);
    let Some((path, decides)) = example else {
        return diagnostic
            .at(
                location.file,
                location.span,
                "later rules take all it matches",
            )
            .help("move it behind them, or remove it");
    };
    let path = escaped(path);
    match decides {
        Some(line) => {
            let taker = super::place(context.project, line);
            diagnostic
                .at(
                    location.file,
                    location.span,
                    "later rules take all it matches",
                )
                .at(taker.file, taker.span, format!("this one takes `{path}`"))
                .note("that is so for the paths there are now; another tree may need the rule")
                .help("move it behind them, or remove it")
        }
        None => diagnostic
            .at(location.file, location.span, "excepts all it matches")
            .note(format!("`{path}` is excepted, for example"))
            .help("narrow its `except`, or remove it"),
    }
}
