//! Suggests rules that can be pasted.
//!
//! A suggestion is right or left open: its pattern is one that the forges of all outputs can
//! express, and its owner is that of the siblings of the path if they have the same one,
//! or `<group>`.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::by_hand::{self, line_for, lines_for};
use super::{Context, directory_of};
use crate::config::RuleEntry;
use crate::ids::{Id as _, IdRange};
use crate::owner::Owner;
use crate::paths::PathId;
use crate::pattern::{Gap, Glob, Pattern, Piece};
use crate::ruleset::{LineId, Ownership, Rule, RuleWalk};
use crate::text::toml::{array, quoted};
use crate::text::{FileId, is_invisible};

/// The number of paths before and after a path that may be its siblings.
const MAX_NEIGHBORS: usize = 8;
/// The maximum number of owners in a suggestion.
const MAX_OWNERS: usize = 4;

/// Suggests rules for paths. Sorted order is fastest.
pub(super) struct Suggester<'c> {
    context: &'c Context<'c>,
    walk: RuleWalk<'c, 'c>,
}

impl<'c> Suggester<'c> {
    pub(super) fn new(context: &'c Context<'c>) -> Self {
        Suggester {
            context,
            walk: context.matcher.walk(),
        }
    }

    /// A help with a rule for a path that can be pasted. A directory ends in a slash.
    pub(super) fn rule_for(&mut self, path: &[u8]) -> String {
        if let Some(by_hand) = &self.context.project.codeowners {
            return line_for(by_hand.forge, path);
        }
        let table = table(self.context);
        let rule = self.toml_rule(path);
        [
            "add a rule under ",
            &*table,
            ": ",
            &rule,
            ", or `= []` for nobody",
        ]
        .concat()
    }

    /// A help with a rule for each of several paths. Only the first `most` are listed.
    pub(super) fn rules_for(&mut self, paths: &[&[u8]], most: usize) -> String {
        let listed = &paths[..paths.len().min(most)];
        let is_cut = listed.len() < paths.len();
        if let Some(by_hand) = &self.context.project.codeowners {
            return lines_for(by_hand.forge, listed, is_cut);
        }
        let mut rules: Vec<String> = (listed.iter()).map(|path| self.toml_rule(path)).collect();
        rules.extend(is_cut.then(|| "…".to_string()));
        format!(
            "add a rule for each under {}: {}; or `= []` for nobody",
            table(self.context),
            rules.join(", ")
        )
    }

    /// A rule, in backticks.
    fn toml_rule(&mut self, path: &[u8]) -> String {
        let owner = self.owner_near(path);
        let owner = owner.as_deref().unwrap_or("\"<group>\"");
        ["`", &key_for(self.context, path), " = ", owner, "`"].concat()
    }

    /// The owner of the siblings with an owner, as a TOML value, if they all have the same. A rule such
    /// as `*.md`, which is for files anywhere, is no reason to give its owner other paths.
    fn owner_near(&mut self, path: &[u8]) -> Option<String> {
        let rules = &self.context.project.rules;
        let is_anchored = |line: LineId| rules[line].pattern.head() == Gap::NONE;
        let mut owner: Option<LineId> = None;
        for id in owned_siblings(self.context, path) {
            let Some(line) = self.owned_by(id) else {
                continue;
            };
            let is_same = |known| rules.rule_of(known).owners == rules.rule_of(line).owners;
            match owner {
                Some(known) if !is_same(known) => return None,
                Some(known) if is_anchored(known) => {}
                _ => owner = Some(line),
            }
        }
        let owner = owner.filter(|&line| is_anchored(line))?;
        value_of(self.context, rules.rule_of(owner))
    }

    /// The line that gives a path to owners, unless it is for every path. A rule that adds owners to
    /// whoever owns a path is no reason to make them the only ones.
    fn owned_by(&mut self, id: PathId) -> Option<LineId> {
        let rules = &self.context.project.rules;
        let line = self.walk.decide(&self.context.facts.paths[id])?;
        let is_owned = matches!(rules.ownership(Some(line)), Ownership::Owned(_));
        let is_general = rules[line].pattern.is_everything() || rules.rule_of(line).adds();
        (is_owned && !is_general).then_some(line)
    }
}

/// The rule for a path that helps suggest, as a line of `[paths]`. A directory ends in a slash. `None` if it
/// is not clear who owns it, and for a CODEOWNERS file written by hand.
#[must_use]
pub fn rule_for(context: &Context<'_>, path: &[u8]) -> Option<String> {
    if context.project.codeowners.is_some() {
        return None;
    }
    let owner = Suggester::new(context).owner_near(path)?;
    Some(format!("{} = {owner}", key_for(context, path)))
}

/// The nearest paths before and after a path that lie in the same directory, without those that are
/// known to be unowned.
fn owned_siblings(context: &Context<'_>, path: &[u8]) -> impl Iterator<Item = PathId> {
    let paths = &context.facts.paths;
    let unowned = &context.survey.unowned;
    let name = path.strip_suffix(b"/").unwrap_or(path);
    let above = memchr::memrchr(b'/', name).map_or(0, |slash| slash + 1);
    let is_sibling = move |id: &PathId| paths[*id].starts_with(&path[..above]);
    let start = paths.lower_bound(path).index();
    let next = IdRange::new(
        PathId::from_index(paths.len().min(start + 1)),
        paths.ids().end,
    );
    let end = match path.ends_with(b"/") {
        true => paths.end_of(path, next).index(),
        false => next.start.index(),
    };
    // A rule for every path has no siblings.
    let most = if path.is_empty() { 0 } else { MAX_NEIGHBORS };
    let before = (start.saturating_sub(most)..start).rev();
    let after = end..paths.len().min(end + most);
    // Both lists are sorted, so the unowned ones are beside each other as well.
    let first_behind = |index| unowned.partition_point(|id| id.index() < index);
    let mut left = unowned[..first_behind(start)].iter().rev().peekable();
    let mut right = unowned[first_behind(end)..].iter().peekable();
    let before = (before.map(PathId::from_index).take_while(is_sibling))
        .filter(move |id| left.next_if_eq(&id).is_none());
    let after = (after.map(PathId::from_index).take_while(is_sibling))
        .filter(move |id| right.next_if_eq(&id).is_none());
    before.chain(after)
}

/// The table of the rules. With nested files, it names the root file, because the pattern would mean
/// something else in a nested one.
fn table(context: &Context<'_>) -> Cow<'static, str> {
    if context.project.nested.is_empty() {
        return "`[paths]`".into();
    }
    let root = &context.project.sources[FileId::ROOT].name;
    format!("`[paths]` of `{root}`").into()
}

/// A pattern as it is written in the file of a line.
pub(super) fn written(context: &Context<'_>, line: LineId, pattern: &Pattern) -> String {
    let project = context.project;
    if let Some(by_hand) = &project.codeowners {
        return by_hand::written(by_hand.forge, pattern);
    }
    let text = pattern.to_string();
    let directory = directory_of(project, project.rules.rule_of(line).file);
    // Patterns of a nested file are relative to its directory.
    let above = Pattern::entry(directory.as_bytes()).to_string();
    match text.strip_prefix(&above) {
        Some(rest) if rest.starts_with('/') && !directory.is_empty() => rest.to_string(),
        _ => text,
    }
}

/// The patterns of all rules. To write one of them again would be a duplicate.
pub(super) fn taken<'c>(context: &Context<'c>) -> FxHashSet<&'c Pattern> {
    let lines = context.project.rules.lines().iter();
    lines.map(|line| &line.pattern).collect()
}

/// Whether the pattern of a line is one of several that its rule expands to. Then no pattern can be
/// written in its place, and a help suggests another rule.
pub(super) fn is_alternative(context: &Context<'_>, line: LineId) -> bool {
    context.project.rules.rule_of(line).lines.len() > 1
}

/// The TOML key of a rule for a file, or for a directory with its slash.
pub(super) fn key_for(context: &Context<'_>, path: &[u8]) -> String {
    let is_plain = |&byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    if path.is_empty() {
        return r#""*""#.to_string();
    }
    // A shortcut with the same result, for tens of thousands of paths.
    if path.iter().all(is_plain) {
        return ["\"/", &String::from_utf8_lossy(path), "\""].concat();
    }
    let mut pattern = expressible(context, &Pattern::entry(path)).to_string();
    if path.ends_with(b"/") {
        pattern.push('/');
    }
    // `?` matches characters that are invisible or cannot be written.
    quoted(&pattern.replace(is_invisible, "?"))
}

/// The pattern with `?` for each character that a forge cannot express, and for a blank at the end,
/// which is easily lost.
fn expressible(context: &Context<'_>, pattern: &Pattern) -> Pattern {
    let outputs = &context.project.config.outputs;
    let can_write = |character: char| {
        let mut single = Pattern::new(Gap::NONE);
        single.push(Glob::literal(&format!("x{character}x")));
        single.widen(Gap::ANY);
        (outputs.iter()).all(|output| output.forge.dialect.write(&single, false).is_ok())
    };
    let mut all = Pattern::new(pattern.head());
    for step in pattern.steps() {
        let mut glob = Glob::new();
        for piece in step.glob.pieces() {
            let Piece::Text(text) = piece else {
                // The pattern of a path has no other wildcard.
                glob.push_one();
                continue;
            };
            let blanks = text.len() - text.trim_end_matches(' ').len();
            let (text, blanks) = text.split_at(text.len() - blanks);
            for character in text.chars() {
                if can_write(character) {
                    glob.push_char(character);
                } else {
                    glob.push_one();
                }
            }
            blanks.chars().for_each(|_| glob.push_one());
        }
        all.push(glob);
        all.widen(step.gap);
    }
    all
}

/// The owners of a rule as a TOML value in the root file: as they are written if their groups are
/// visible there.
fn value_of(context: &Context<'_>, rule: &Rule) -> Option<String> {
    let project = context.project;
    let mut configs = std::iter::once(&project.config).chain(&project.nested);
    let entries = &configs.find(|config| config.file == rule.file)?.rules;
    // They are in document order.
    let start = |entry: &RuleEntry| entry.pattern.span.start;
    let found = entries.binary_search_by_key(&rule.pattern.span.start, start);
    let entry = &entries[found.ok()?];
    let groups = &project.config.groups;
    let is_visible =
        |name: &str| name.contains('@') || groups.iter().any(|group| group.name.value == name);
    let written = entry.owners.iter().map(|text| text.value.as_str());
    let owners: Vec<&str> = if written.clone().all(is_visible) {
        written.collect()
    } else {
        rule.owners.iter().map(Owner::as_str).collect()
    };
    match owners.as_slice() {
        [] => None,
        [only] => Some(quoted(only)),
        several if several.len() <= MAX_OWNERS => Some(array(several.iter().copied())),
        _ => None,
    }
}
