//! The patterns, alternatives and exceptions that match no tracked path, and why.
//!
//! Code has moved, or it is gone, or the pattern was never right. `misspelled-pattern` reports a
//! pattern if it is clear what was meant, and `dead-pattern` reports the others. So both lints use
//! the result of this module, and a pattern is reported by one of them.

mod causes;
mod edit;
mod names;
mod past;

pub use past::Past;

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::by_hand::directories_without_slash;
use super::{Context, directory_as_file, literal_braces};
use crate::config::Text;
use crate::ids::{IdRange, IdVec};
use crate::matcher::Matcher;
use crate::paths::PathSet;
use crate::pattern::alternation::{Alternation, Alternative};
use crate::pattern::{Gap, Pattern};
use crate::project::Project;
use crate::ruleset::survey::Survey;
use crate::ruleset::{EntryId, ExceptionId, LineId, Rule, RuleException, RuleSet};
use crate::text::toml::quoted;
use crate::text::{FileId, FixAction, Holds, Location, escaped};

use edit::{EditBudget, TextEdit};
use names::{Meant, Missing, NameBudget};

/// The maximum number of patterns of one part that are compared with the tree.
const MAX_EXAMPLES: usize = 20;
/// The maximum number of paths looked at to find one that a corrected pattern matches.
const MAX_PATHS: usize = 300_000;
/// The maximum number of paths that git is asked about.
const MAX_MISSING: usize = 1000;

/// A part of a pattern that matches nothing.
pub(super) struct Unmatched {
    pub(super) message: String,
    pub(super) location: Location,
    pub(super) verdict: Verdict,
}

pub(super) enum Verdict {
    /// What was meant is known.
    Misspelled(Mistake),
    /// What was meant is not known. `removal` is the fix, unless `help` says what may have been
    /// meant, or the part may be misspelled.
    Dead {
        help: String,
        removal: Option<FixAction>,
    },
}

/// What is wrong with a pattern, and what to write instead.
pub(super) struct Mistake {
    pub(super) label: String,
    pub(super) note: Option<String>,
    pub(super) help: String,
    /// The fix, if only one thing can have been meant.
    pub(super) fix: Option<(Holds, FixAction)>,
}

/// A pattern, or an entry of `except`, with everything that it expands to.
struct Whole<'c> {
    rule: &'c Rule,
    text: &'c Text,
    /// The directory of its file, which is empty at the root.
    directory: &'c str,
    is_exception: bool,
    patterns: Vec<&'c Pattern>,
    /// For each of the patterns, whether it matches something.
    is_live: Vec<bool>,
}

impl<'c> Whole<'c> {
    fn live(&self) -> impl Iterator<Item = &'c Pattern> {
        let all = self.patterns.iter().zip(&self.is_live);
        all.filter(|(_, is_live)| **is_live).map(|(each, _)| *each)
    }

    fn location(&self) -> Location {
        Location {
            file: self.rule.file,
            span: self.text.span.clone(),
        }
    }
}

/// The paths in the tree that the patterns without a match name, up to the first segment that is
/// missing. Only if an earlier commit has one of them, it is worth to look for renames.
#[must_use]
pub fn missing_paths(rules: &RuleSet, survey: &Survey, paths: &PathSet) -> Vec<Vec<u8>> {
    if paths.is_empty() {
        return Vec::new();
    }
    let lines = rules.lines().with_ids();
    let lines = lines.filter(|(id, _)| survey.first[*id].is_none());
    let exceptions = rules.exceptions().with_ids();
    let exceptions = exceptions.filter(|(id, _)| !survey.excepted[*id]);
    lines
        .map(|(_, line)| &line.pattern)
        .chain(exceptions.map(|(_, each)| &each.pattern))
        .filter_map(|pattern| Some(names::first_missing(pattern, paths)?.path()))
        .take(MAX_MISSING)
        .collect()
}

/// Finds all parts, in the order of the rules.
pub(super) fn find(context: &Context<'_>) -> Vec<Unmatched> {
    if context.facts.paths.is_empty() {
        // An empty repository says nothing about its rules.
        return Vec::new();
    }
    let rules = &context.project.rules;
    // These lines are reported with a better message.
    let first = &context.survey.first;
    let mut is_live: IdVec<LineId, bool> = first.iter().map(Option::is_some).collect();
    let others = literal_braces::lines(context).into_iter();
    for line in others.chain(directories_without_slash(context)) {
        is_live[line] = true;
    }
    for (line, _) in directory_as_file::lines(context) {
        is_live[line] = true;
    }
    let mut finder = Finder {
        context,
        names: NameBudget::default(),
        edits: EditBudget::default(),
        paths_left: MAX_PATHS,
        named: None,
        found: Vec::new(),
    };
    for rule in rules.rules() {
        if rule.lines.iter().all(|line| !is_live[line]) {
            finder.check_pattern(rule, &is_live);
            continue;
        }
        let mut left = rule.exceptions;
        for (id, entry) in rule.except.with_ids() {
            let (own, rest) = exceptions_of(rules, left, id);
            finder.check_exception(rule, own, entry);
            left = rest;
        }
        if rule.lines.iter().any(|line| !is_live[line]) {
            finder.check_pattern(rule, &is_live);
        }
    }
    finder.found
}

/// Splits exceptions into those of an entry, which come first, and the others.
fn exceptions_of(
    rules: &RuleSet,
    exceptions: IdRange<ExceptionId>,
    entry: EntryId,
) -> (IdRange<ExceptionId>, IdRange<ExceptionId>) {
    let is_of_entry = |each: &RuleException| each.entry == entry;
    let count = rules.exceptions()[exceptions].partition_point(is_of_entry);
    exceptions.split_at(count)
}

struct Finder<'f, 'c> {
    context: &'f Context<'c>,
    names: NameBudget,
    edits: EditBudget,
    /// How many paths may still be looked at.
    paths_left: usize,
    /// The paths that rules name, as patterns, once they are needed.
    named: Option<FxHashSet<Pattern>>,
    found: Vec<Unmatched>,
}

impl Finder<'_, '_> {
    /// Reports the pattern of a rule, or the alternatives of it, that match no tracked path.
    fn check_pattern(&mut self, rule: &Rule, is_live: &IdVec<LineId, bool>) {
        let context = self.context;
        let rules = &context.project.rules;
        let whole = Whole {
            rule,
            text: &rule.pattern,
            directory: directory_of(context.project, rule.file),
            is_exception: false,
            patterns: rule.lines.iter().map(|line| &rules[line].pattern).collect(),
            is_live: rule.lines.iter().map(|line| is_live[line]).collect(),
        };
        let taken = rule.lines.iter().map(|line| &*rules[line].alternatives);
        self.check_whole(&whole, &rule.alternatives, &taken.collect::<Vec<_>>());
    }

    /// Reports an entry of `except` that has no effect, or its alternatives that have none. `own`
    /// are the exceptions that it expands to.
    fn check_exception(&mut self, rule: &Rule, own: IdRange<ExceptionId>, entry: &Text) {
        let context = self.context;
        let rules = &context.project.rules;
        let whole = Whole {
            rule,
            text: entry,
            directory: directory_of(context.project, rule.file),
            is_exception: true,
            patterns: own.iter().map(|each| &rules[each].pattern).collect(),
            is_live: own
                .iter()
                .map(|each| context.survey.excepted[each])
                .collect(),
        };
        if whole.is_live.iter().all(|&is_live| is_live) {
            return;
        }
        // The alternatives of an exception are not stored, since only this is about them.
        let Ok(expanded) = Alternation::parse(&entry.value) else {
            return;
        };
        let taken = expanded.expansions.iter().map(|each| &*each.alternatives);
        self.check_whole(&whole, &expanded.alternatives, &taken.collect::<Vec<_>>());
    }

    /// Reports a whole text, or some of its `alternatives`. `taken` are those of each expansion.
    fn check_whole(&mut self, whole: &Whole<'_>, alternatives: &[Alternative], taken: &[&[u32]]) {
        let text = whole.text.value.as_str();
        if whole.live().next().is_none() {
            let message = if whole.is_exception {
                format!("the exception `{text}` excludes no tracked path")
            } else {
                format!("no tracked path matches `{text}`")
            };
            let examples = &whole.patterns[..whole.patterns.len().min(MAX_EXAMPLES)];
            let removal = FixAction::Remove(whole.location());
            self.report(whole, 0..text.len(), examples, message, removal);
            return;
        }
        let dead = dead_alternatives(alternatives, taken.iter().copied().zip(&whole.is_live));
        if dead.is_empty() {
            return;
        }
        let examples = examples(alternatives.len(), taken);
        for index in dead {
            let part = alternatives[index as usize].span.clone();
            let message = match (&text[part.clone()], whole.is_exception) {
                ("", false) => {
                    format!("no tracked path matches the empty alternative of `{text}`")
                }
                (part, false) => format!("no tracked path matches the alternative `{part}`"),
                ("", true) => format!(
                    "the empty alternative of the exception `{text}` excludes no tracked path"
                ),
                (part, true) => {
                    format!("the alternative `{part}` of the exception excludes no tracked path")
                }
            };
            let example = whole.patterns[examples[index as usize]];
            let removal = FixAction::RemoveAlternative(whole.location(), index);
            self.report(whole, part, &[example], message, removal);
        }
    }

    /// Reports a part of a text. `examples` are some of the patterns that it expands to.
    fn report(
        &mut self,
        whole: &Whole<'_>,
        part: Range<usize>,
        examples: &[&Pattern],
        message: String,
        removal: FixAction,
    ) {
        let source = &self.context.project.sources[whole.rule.file].text;
        let span = if part.len() == whole.text.value.len() {
            whole.text.span.clone()
        } else {
            whole.text.locate(source, part.clone())
        };
        let location = Location {
            file: whole.rule.file,
            span,
        };
        let verdict = self.verdict(whole, &part, examples, removal);
        self.found.push(Unmatched {
            message,
            location,
            verdict,
        });
    }

    fn verdict(
        &mut self,
        whole: &Whole<'_>,
        part: &Range<usize>,
        examples: &[&Pattern],
        removal: FixAction,
    ) -> Verdict {
        let paths = &self.context.facts.paths;
        for pattern in examples {
            let Some(missing) = names::first_missing(pattern, paths) else {
                continue;
            };
            if self.context.facts.past.existed.contains(&missing.path()) {
                return self.moved(whole, part, pattern, &missing, removal);
            }
        }
        let mistake = (examples
            .iter()
            .find_map(|pattern| self.misspelled(whole, part, pattern)))
        .or_else(|| self.misread(whole, part));
        if let Some(mistake) = mistake {
            return Verdict::Misspelled(mistake);
        }
        let hint = (examples.iter()).find_map(|pattern| self.hint(whole, pattern));
        // Without a hint, the pattern may still be misspelled if the search stopped early.
        let is_gone = hint.is_none() && !self.names.is_exhausted() && self.paths_left > 0;
        Verdict::Dead {
            help: hint.unwrap_or_else(|| "remove it, or correct the path".to_string()),
            removal: is_gone.then_some(removal),
        }
    }

    /// The verdict on a pattern whose files an earlier commit had.
    fn moved(
        &mut self,
        whole: &Whole<'_>,
        part: &Range<usize>,
        pattern: &Pattern,
        missing: &Missing<'_>,
        removal: FixAction,
    ) -> Verdict {
        let past = &self.context.facts.past;
        let old = escaped(&missing.path());
        let moved = past.moved(missing, pattern);
        let moved = moved.filter(|meant| self.is_plausible(whole, &corrected(pattern, meant)));
        let Some(meant) = moved else {
            return Verdict::Dead {
                help: format!(
                    "remove it: `{old}` existed in `{}`, and was deleted",
                    past.name
                ),
                removal: Some(removal),
            };
        };
        let note = format!("`{old}` was renamed since `{}`", past.name);
        let label = format!("renamed to `{}`", meant.to);
        let mistake = self.mistake(whole, part, pattern, &[meant], label);
        Verdict::Misspelled(Mistake {
            note: Some(note),
            ..mistake
        })
    }

    /// The mistake of a pattern that names a path nearly right.
    fn misspelled(
        &mut self,
        whole: &Whole<'_>,
        part: &Range<usize>,
        pattern: &Pattern,
    ) -> Option<Mistake> {
        let paths = &self.context.facts.paths;
        let mut meant = names::meant(pattern, paths, &mut self.names);
        meant.retain(|meant| self.is_plausible(whole, &corrected(pattern, meant)));
        if let Some(first) = meant.first() {
            let label = match meant.as_slice() {
                [_] if first.from.to_lowercase() == first.to.to_lowercase() => {
                    format!("only the case differs from `{}`", first.to)
                }
                [_] => format!("`{}` exists", first.to),
                _ => "matches nothing".to_string(),
            };
            return Some(self.mistake(whole, part, pattern, &meant, label));
        }
        self.file_as_directory(whole, part, pattern)
    }

    /// The mistake of a pattern for the contents of a file.
    fn file_as_directory(
        &mut self,
        whole: &Whole<'_>,
        part: &Range<usize>,
        pattern: &Pattern,
    ) -> Option<Mistake> {
        let names = names::literals(pattern);
        let path = names.join("/");
        let is_file = names.len() == pattern.steps().len()
            && pattern.head() == Gap::NONE
            && pattern.tail() == Gap::SOME
            && self.context.facts.paths.contains(path.as_bytes());
        let wanted = pattern.with_tail(Gap::ANY);
        if !is_file || !self.matches_more(whole, &[&wanted]) {
            return None;
        }
        let text = &whole.text.value;
        let edit = [part.end, text.len()].into_iter().find_map(|end| {
            let edit = TextEdit {
                range: end.checked_sub(1)?..end,
                new: String::new(),
            };
            let expanded = edit::expand(whole, &edit.apply(text), &mut self.edits)?;
            (text[edit.range.clone()] == *"/" && expanded.contains(&wanted)).then_some(edit)
        });
        Some(Mistake {
            label: format!("`{path}` is a file, not a directory"),
            note: None,
            help: format!("remove the slash at the end: `/{path}`"),
            fix: edit.and_then(|edit| self.fix(whole, &edit)),
        })
    }

    /// The mistake of a pattern that would be right in another syntax.
    fn misread(&mut self, whole: &Whole<'_>, part: &Range<usize>) -> Option<Mistake> {
        let text = &whole.text.value;
        causes::readings(text, part, whole.directory)
            .into_iter()
            .find_map(|reading| {
                let new = reading.edit.apply(text);
                let patterns = edit::expand(whole, &new, &mut self.edits)?;
                let is_new = |each: &&Pattern| !whole.patterns.contains(each);
                let new: Vec<&Pattern> = patterns.iter().filter(is_new).collect();
                if !self.matches_more(whole, &new) {
                    return None;
                }
                let meant = &reading.edit.new;
                let help = match (reading.is_fix, whole.is_exception) {
                    (true, _) => format!("write `{meant}`"),
                    (false, true) => format!("write `{meant}` to except these paths"),
                    (false, false) => format!(
                        "move `{meant}` to the `except` of the rule above, or write \
                         `{} = []` if nobody owns these paths",
                        quoted(meant)
                    ),
                };
                Some(Mistake {
                    label: reading.why,
                    note: None,
                    help,
                    fix: (reading.is_fix)
                        .then(|| self.fix(whole, &reading.edit))
                        .flatten(),
                })
            })
    }

    /// A hint about a pattern of which it is not clear what it means.
    fn hint(&mut self, whole: &Whole<'_>, pattern: &Pattern) -> Option<String> {
        let paths = &self.context.facts.paths;
        if let Some(missing) = names::first_missing(pattern, paths) {
            return self.hint_at_name(whole, pattern, &missing);
        }
        let path = names::literals(pattern).join("/");
        let is_file = !path.is_empty() && paths.contains(path.as_bytes());
        (is_file && pattern.tail() == Gap::SOME).then(|| {
            let path = in_file(whole, &Pattern::entry(path.as_bytes()));
            let name = &path[1..];
            format!("`{name}` is not a directory: remove the trailing slash: `{path}`")
        })
    }

    /// A hint about a name that is missing: the pattern with a similar name if that matches
    /// something, or a similar directory that exists.
    fn hint_at_name(
        &mut self,
        whole: &Whole<'_>,
        pattern: &Pattern,
        missing: &Missing<'_>,
    ) -> Option<String> {
        let paths = &self.context.facts.paths;
        let similar = names::similar(pattern, missing, paths, &mut self.names);
        // A name that matches anywhere was looked for at the root.
        let pattern = &pattern.with_head(Gap::NONE);
        let is_last = missing.step + 1 == pattern.steps().len();
        for meant in &similar {
            let wanted = corrected(pattern, meant);
            // The similar name may be a file.
            let file = (is_last && pattern.tail() == Gap::SOME).then(|| wanted.with_tail(Gap::ANY));
            let mut all = std::iter::once(wanted).chain(file);
            if let Some(wanted) = all.find(|wanted| self.is_plausible(whole, wanted)) {
                return Some(format!("did you mean `{}`?", in_file(whole, &wanted)));
            }
        }
        let directories = similar.iter().filter(|meant| {
            let below = format!("{}/", meant.to);
            !is_last && paths.below(below.as_bytes()).next().is_some()
        });
        let patterns = directories.map(|meant| Pattern::entry(meant.to.as_bytes()));
        let mut others = patterns.map(|entry| entry.with_tail(Gap::SOME));
        let directory = others.find(|pattern| !self.is_named(pattern))?;
        let shown = in_file(whole, &directory);
        Some(format!(
            "remove it, or correct the path: the directory `{shown}` exists"
        ))
    }

    /// The mistake that one of `meant` corrects.
    fn mistake(
        &mut self,
        whole: &Whole<'_>,
        part: &Range<usize>,
        pattern: &Pattern,
        meant: &[Meant],
        label: String,
    ) -> Mistake {
        let texts = meant.iter().map(|meant| {
            let wanted = corrected(pattern, meant);
            let names = (meant.from.as_str(), meant.to.as_str());
            let edit = edit::replace_path(whole, part, names, &wanted, &mut self.edits);
            (wanted, edit)
        });
        let texts: Vec<(Pattern, Option<TextEdit>)> = texts.collect();
        let shown = |(wanted, edit): &(Pattern, Option<TextEdit>)| match edit {
            Some(edit) => {
                let text = edit.apply(&whole.text.value);
                let end = text.len() - (whole.text.value.len() - part.end);
                text[part.start..end].to_string()
            }
            None => wanted.to_string(),
        };
        let (help, fix) = match texts.as_slice() {
            [only @ (_, Some(edit))] => (format!("write `{}`", shown(only)), self.fix(whole, edit)),
            // The name is outside of the alternative, so the others would change too.
            [only] => (format!("write a rule for `{}` instead", shown(only)), None),
            several => {
                let all: Vec<String> = several
                    .iter()
                    .map(|each| format!("`{}`", shown(each)))
                    .collect();
                (format!("did you mean {}?", all.join(" or ")), None)
            }
        };
        Mistake {
            label,
            note: None,
            help,
            fix,
        }
    }

    fn fix(&self, whole: &Whole<'_>, edit: &TextEdit) -> Option<(Holds, FixAction)> {
        let source = &self.context.project.sources[whole.rule.file].text;
        let (span, text) = whole.text.replace(source, edit.range.clone(), &edit.new)?;
        let action = FixAction::Replace {
            pattern: whole.location(),
            span,
            text,
        };
        Some((Holds::ThisTree, action))
    }

    /// Whether a corrected pattern is likely to be meant: it matches a path that the rule does not
    /// match yet, and no other rule is for exactly that path.
    fn is_plausible(&mut self, whole: &Whole<'_>, wanted: &Pattern) -> bool {
        !self.is_named(wanted) && self.matches_more(whole, &[wanted])
    }

    /// Whether a rule or an exception is for exactly the path of a pattern.
    fn is_named(&mut self, wanted: &Pattern) -> bool {
        let rules = &self.context.project.rules;
        let named = self.named.get_or_insert_with(|| {
            let lines = rules.lines().iter();
            let exceptions = rules.exceptions().iter().map(|each| &each.pattern);
            let all = lines.map(|line| &line.pattern).chain(exceptions);
            all.map(|pattern| pattern.with_tail(Gap::ANY)).collect()
        });
        named.contains(&wanted.with_tail(Gap::ANY))
    }

    /// Whether one of the patterns matches a tracked path that no other pattern of the same text
    /// matches.
    fn matches_more(&mut self, whole: &Whole<'_>, patterns: &[&Pattern]) -> bool {
        let paths = &self.context.facts.paths;
        let start = match patterns {
            // Only paths below the names at its start can match.
            [only] => {
                let names = only.first_names().collect::<Vec<_>>().join("/");
                paths.lower_bound(names.as_bytes())
            }
            _ => paths.ids().start,
        };
        let limit = match patterns {
            [only] => only
                .first_names()
                .collect::<Vec<_>>()
                .join("/")
                .into_bytes(),
            _ => Vec::new(),
        };
        let cost = patterns.len() + whole.patterns.len();
        self.paths_left = self.paths_left.saturating_sub(cost);
        let (new, live) = (
            Matcher::new(patterns.iter().copied()),
            Matcher::new(whole.live()),
        );
        let (mut new_walk, mut live_walk) = (new.walk(), live.walk());
        for path in IdRange::new(start, paths.ids().end)
            .iter()
            .map(|id| &paths[id])
        {
            if self.paths_left == 0 || !path.starts_with(&limit) {
                return false;
            }
            self.paths_left -= 1;
            if new_walk.last_match(path).is_some() && live_walk.last_match(path).is_none() {
                return true;
            }
        }
        false
    }
}

/// The pattern with other names at its start.
fn corrected(pattern: &Pattern, meant: &Meant) -> Pattern {
    let replaced = &pattern.steps()[..meant.steps];
    let gap = replaced.last().map_or(Gap::NONE, |step| step.gap);
    let mut wanted = Pattern::new(pattern.head());
    for name in meant.to.split('/') {
        wanted.push(crate::pattern::Glob::literal(name));
    }
    wanted.widen(gap);
    for step in &pattern.steps()[meant.steps..] {
        wanted.push(step.glob.clone());
        wanted.widen(step.gap);
    }
    wanted
}

/// A pattern as it is written in the file of a rule: relative to its directory.
fn in_file(whole: &Whole<'_>, pattern: &Pattern) -> String {
    let written = pattern.to_string();
    let directory = Pattern::entry(whole.directory.as_bytes()).to_string();
    match written.strip_prefix(&directory) {
        Some(rest) if !whole.directory.is_empty() && rest.starts_with('/') => rest.to_string(),
        _ => written,
    }
}

/// The directory of a file, which is empty at the root.
fn directory_of(project: &Project, file: FileId) -> &str {
    match project.sources[file].name.rsplit_once('/') {
        Some((directory, _)) if file != FileId::ROOT => directory,
        _ => "",
    }
}

/// The alternatives without a live expansion, except those inside another such alternative.
/// `expansions` are given with the alternatives that they take.
fn dead_alternatives<'e>(
    alternatives: &[Alternative],
    expansions: impl Iterator<Item = (&'e [u32], &'e bool)>,
) -> Vec<u32> {
    if alternatives.is_empty() {
        return Vec::new();
    }
    let mut is_live = vec![false; alternatives.len()];
    for (taken, _) in expansions.filter(|&(_, is_live)| *is_live) {
        for &index in taken {
            is_live[index as usize] = true;
        }
    }
    (0..alternatives.len())
        .filter(|&index| !is_live[index])
        .filter(|&index| {
            let parent = alternatives[index].parent;
            parent.is_none_or(|parent| is_live[parent])
        })
        .map(|index| index as u32)
        .collect()
}

/// For each of `count` alternatives, the index of the first expansion that takes it.
fn examples(count: usize, expansions: &[&[u32]]) -> Vec<usize> {
    let mut examples: Vec<Option<usize>> = vec![None; count];
    for (expansion, taken) in expansions.iter().enumerate() {
        for &index in *taken {
            examples[index as usize].get_or_insert(expansion);
        }
    }
    examples
        .into_iter()
        .map(Option::unwrap_or_default)
        .collect()
}
