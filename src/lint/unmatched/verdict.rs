//! Decides why a part of a pattern matches nothing, and what to do about it.
//!
//! If an earlier commit had its files, they were moved or deleted. Otherwise, the part may nearly
//! name a path, or be right in the syntax of another tool. A correction is proposed only if it
//! matches paths that the pattern does not match yet.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::edit::{self, EditBudget, TextEdit};
use super::names::{self, Meant, Missing, NameBudget};
use super::{Role, Whole, causes};
use crate::forge::Below;
use crate::ids::IdRange;
use crate::lint::{Context, by_hand};
use crate::matcher::Matcher;
use crate::pattern::{Gap, Glob, Pattern};
use crate::ruleset::requirements::Requirement;
use crate::text::toml::quoted;
use crate::text::{FixAction, Holds, Location, Replacement, escaped};

/// The maximum number of paths looked at to find one that a corrected pattern matches.
const MAX_PATHS: usize = 300_000;

pub(in crate::lint) enum Verdict {
    /// What was meant is known.
    Misspelled(Mistake),
    /// What was meant is not known. `removal` is the fix, unless `help` says what may have been
    /// meant, or the part may be misspelled.
    Dead {
        help: String,
        meant: Option<Replacement>,
        removal: Option<FixAction>,
    },
    /// It is an exception from a requirement, and no path that it matches in any tree is one that the
    /// requirement is about.
    Never,
}

/// What is wrong with a pattern, and what to write instead.
pub(in crate::lint) struct Mistake {
    pub(in crate::lint) label: String,
    pub(in crate::lint) note: Option<String>,
    pub(in crate::lint) help: String,
    /// The fix, if only one thing can have been meant.
    pub(in crate::lint) fix: Option<(Holds, FixAction)>,
    /// What can have been meant, if that is several things.
    pub(in crate::lint) meant: Vec<Replacement>,
}

/// What may be wrong with a pattern.
struct Hint {
    text: String,
    meant: Option<Replacement>,
}

/// A pattern that a part expands to, and its first segment that is missing.
type Example<'p> = (&'p Pattern, Option<Missing<'p>>);

/// Decides about one part after another, within a budget for all of them.
pub(super) struct Judge<'f, 'c> {
    context: &'f Context<'c>,
    names: NameBudget<'c>,
    edits: EditBudget,
    /// How many paths may still be looked at.
    paths_left: usize,
    /// The paths that rules name, as patterns, once they are needed.
    named: Option<FxHashSet<Pattern>>,
    /// The same for the latest requirement, known by its place in the file.
    named_in: Option<(usize, FxHashSet<Pattern>)>,
}

impl<'f, 'c> Judge<'f, 'c> {
    pub(super) fn new(context: &'f Context<'c>) -> Self {
        Judge {
            context,
            names: NameBudget::default(),
            edits: EditBudget::default(),
            paths_left: MAX_PATHS,
            named: None,
            named_in: None,
        }
    }

    /// The verdict on a part of a text. `examples` are some of the patterns that it expands to, and
    /// `removal` is what removes it.
    pub(super) fn verdict(
        &mut self,
        whole: &Whole<'_>,
        part: &Range<usize>,
        examples: &[&Pattern],
        removal: FixAction,
    ) -> Verdict {
        let paths = &self.context.facts.paths;
        let examples: Vec<Example<'_>> = (examples.iter().copied())
            .map(|pattern| (pattern, names::first_missing(pattern, paths)))
            .collect();
        for (pattern, missing) in &examples {
            if let Some(missing) = missing
                && self.context.facts.past.existed.contains(&missing.path())
            {
                return self.moved(whole, part, pattern, missing, removal);
            }
        }
        let mistake = (examples.iter())
            .find_map(|example| self.misspelled(whole, part, example))
            .or_else(|| self.misread(whole, part));
        if let Some(mistake) = mistake {
            return Verdict::Misspelled(mistake);
        }
        let hint = (self.read_elsewhere(whole))
            .or_else(|| (examples.iter()).find_map(|example| self.hint(whole, example)));
        // Without a hint, the pattern may still be misspelled if the search stopped early.
        let is_gone = hint.is_none() && !self.names.is_exhausted() && self.paths_left > 0;
        Verdict::Dead {
            meant: hint.as_ref().and_then(|hint| hint.meant.clone()),
            help: match hint {
                Some(hint) => hint.text,
                None => "remove it, or correct the path".to_string(),
            },
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
                meant: None,
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
        (pattern, missing): &Example<'_>,
    ) -> Option<Mistake> {
        let paths = &self.context.facts.paths;
        let mut meant = match missing {
            Some(missing) => names::meant(pattern, missing, paths, &mut self.names),
            None => Vec::new(),
        };
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
            // The character before may take several bytes.
            if text.get(edit.range.clone()) != Some("/") {
                return None;
            }
            let expanded = edit::expand(whole, &edit.apply(text), &mut self.edits)?;
            expanded.contains(&wanted).then_some(edit)
        });
        let directory = [whole.directory, "/"].concat();
        let in_file = path.strip_prefix(&directory).unwrap_or(&path);
        Some(Mistake {
            label: format!("`{path}` is a file, not a directory"),
            note: None,
            help: match &edit {
                Some(edit) => format!("remove the slash at the end: `{}`", edit.apply(text)),
                // The other alternatives need the slash.
                None => whole.beside(&format!("/{in_file}")),
            },
            fix: edit.and_then(|edit| self.fix(whole, &edit)),
            meant: Vec::new(),
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
                let help = match (reading.is_fix, whole.role) {
                    (true, _) => format!("write `{meant}`"),
                    (false, Role::Exception | Role::NotRequired(_)) => {
                        format!("write `{meant}` to except these paths")
                    }
                    (false, Role::Required(_)) => {
                        format!("move `{meant}` to the `except` of the requirement")
                    }
                    (false, Role::Rule(_) | Role::Notice) => format!(
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
                    meant: Vec::new(),
                })
            })
    }

    /// A hint about a pattern that would match a path in a file for another forge.
    fn read_elsewhere(&mut self, whole: &Whole<'_>) -> Option<Hint> {
        let forge = self.context.project.codeowners.as_ref()?.forge;
        let instead = forge.dialect.instead(&whole.text.value)?;
        let pattern = forge.dialect.read_pattern(&instead)?;
        self.matches_more(whole, &[&pattern]).then(|| Hint {
            text: by_hand::write_instead(forge, &instead),
            meant: self.in_place_of(whole, &instead),
        })
    }

    /// A hint about a pattern of which it is not clear what it means.
    fn hint(&mut self, whole: &Whole<'_>, (pattern, missing): &Example<'_>) -> Option<Hint> {
        let paths = &self.context.facts.paths;
        if let Some(missing) = missing {
            return self.hint_at_name(whole, pattern, missing);
        }
        let path = names::literals(pattern).join("/");
        let is_file = !path.is_empty() && paths.contains(path.as_bytes());
        (is_file && pattern.tail() == Gap::SOME).then(|| {
            let path = in_file(whole, &Pattern::entry(path.as_bytes()));
            let name = &path[1..];
            Hint {
                text: format!("`{name}` is not a directory: remove the trailing slash: `{path}`"),
                meant: self.in_place_of(whole, &path),
            }
        })
    }

    /// A hint about a name that is missing: the pattern with a similar name if that matches
    /// something, or a similar directory that exists.
    fn hint_at_name(
        &mut self,
        whole: &Whole<'_>,
        pattern: &Pattern,
        missing: &Missing<'_>,
    ) -> Option<Hint> {
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
                let wanted = in_file(whole, &wanted);
                return Some(Hint {
                    text: format!("did you mean `{wanted}`?"),
                    meant: self.in_place_of(whole, &wanted),
                });
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
        Some(Hint {
            text: format!("remove it, or correct the path: the directory `{shown}` exists"),
            meant: self.in_place_of(whole, &shown),
        })
    }

    /// Another text in place of the whole one, if that is one pattern. The others of several would change
    /// too.
    fn in_place_of(&self, whole: &Whole<'_>, meant: &str) -> Option<Replacement> {
        let [_] = whole.patterns[..] else {
            return None;
        };
        self.replacement(whole, 0..whole.text.value.len(), meant)
    }

    /// Another text in place of a part of the value of the whole one.
    fn replacement(
        &self,
        whole: &Whole<'_>,
        part: Range<usize>,
        meant: &str,
    ) -> Option<Replacement> {
        let source = &self.context.project.sources[whole.file].text;
        let (span, text) = whole.text.replace(source, part, meant)?;
        let file = whole.file;
        Some(Replacement {
            location: Location { file, span },
            text,
        })
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
        let by_hand = self.context.project.codeowners.as_ref();
        let shown = |(wanted, edit): &(Pattern, Option<TextEdit>)| match edit {
            Some(edit) => {
                let text = edit.apply(&whole.text.value);
                if let Some(forge) = by_hand.map(|by_hand| by_hand.forge)
                    && (by_hand::has_end(&text)
                        || forge.dialect.read_pattern(&text).as_ref() != Some(wanted))
                {
                    // A name may need escapes there that `owners.toml` does not have.
                    return by_hand::written(forge, wanted);
                }
                let end = text.len() - (whole.text.value.len() - part.end);
                text[part.start..end].to_string()
            }
            None => match by_hand.map(|by_hand| by_hand.forge) {
                // The normal form is no pattern there.
                Some(forge) if forge.dialect.abilities().below == Below::Either => {
                    by_hand::written(forge, wanted)
                }
                _ => wanted.to_string(),
            },
        };
        let (help, fix) = match texts.as_slice() {
            [only @ (_, Some(edit))] => (format!("write `{}`", shown(only)), self.fix(whole, edit)),
            // The name is outside of the alternative, so the others would change too.
            [only] => (whole.beside(&shown(only)), None),
            several => {
                let all: Vec<String> = several
                    .iter()
                    .map(|each| format!("`{}`", shown(each)))
                    .collect();
                (format!("did you mean {}?", all.join(" or ")), None)
            }
        };
        let several = texts.iter().filter(|_| texts.len() > 1);
        let meant = several.filter_map(|(_, edit)| {
            let edit = edit.as_ref()?;
            self.replacement(whole, edit.range.clone(), &edit.new)
        });
        Mistake {
            label,
            note: None,
            help,
            fix,
            meant: meant.collect(),
        }
    }

    fn fix(&self, whole: &Whole<'_>, edit: &TextEdit) -> Option<(Holds, FixAction)> {
        let Replacement { location, text } =
            self.replacement(whole, edit.range.clone(), &edit.new)?;
        let action = FixAction::Replace {
            pattern: whole.location(),
            span: location.span,
            text,
        };
        Some((Holds::ThisTree, action))
    }

    /// Whether a corrected pattern is likely to be meant: it matches a path that the text does not
    /// match yet, and no other rule is for exactly that path, or no other pattern of the requirement.
    fn is_plausible(&mut self, whole: &Whole<'_>, wanted: &Pattern) -> bool {
        let is_named = match whole.requirement() {
            Some(requirement) => self.is_named_in(requirement, wanted),
            None => self.is_named(wanted),
        };
        !is_named && self.matches_more(whole, &[wanted])
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

    /// Whether a pattern of a requirement is for exactly the path of a pattern. Rules may be, too: most
    /// paths that a requirement is about have one.
    fn is_named_in(&mut self, requirement: &Requirement, wanted: &Pattern) -> bool {
        let start = requirement.location.span.start;
        if self
            .named_in
            .as_ref()
            .is_none_or(|(known, _)| *known != start)
        {
            let all = requirement.patterns.iter().chain(&requirement.except);
            let all = all.map(|each| each.pattern.with_tail(Gap::ANY));
            self.named_in = Some((start, all.collect()));
        }
        let named = self.named_in.as_ref();
        named.is_some_and(|(_, named)| named.contains(&wanted.with_tail(Gap::ANY)))
    }

    /// Whether one of the patterns matches a tracked path that no other pattern of the same text
    /// matches.
    fn matches_more(&mut self, whole: &Whole<'_>, patterns: &[&Pattern]) -> bool {
        let paths = &self.context.facts.paths;
        // Only paths below the names at the start of a single pattern can match.
        let start = match patterns {
            [only] => only.first_names().collect::<Vec<_>>().join("/"),
            _ => String::new(),
        };
        let cost = patterns.len() + whole.patterns.len();
        self.paths_left = self.paths_left.saturating_sub(cost);
        let (new, live) = (
            Matcher::new(patterns.iter().copied()),
            Matcher::new(whole.live()),
        );
        let (mut new_walk, mut live_walk) = (new.walk(), live.walk());
        let first = paths.lower_bound(start.as_bytes());
        for id in IdRange::new(first, paths.ids().end) {
            let path = &paths[id];
            if self.paths_left == 0 || !path.starts_with(start.as_bytes()) {
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
        wanted.push(Glob::literal(name));
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
