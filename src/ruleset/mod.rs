//! The rules with everything resolved: groups to owners, patterns to their expansions, in order.
//!
//! A [`RuleSet`] is what `owners.toml` means. The generated file is a rendering of it, the matcher
//! is compiled from it, and the proof of `gen` compares the two.

mod checker;
pub(crate) mod equal;
mod groups;
mod matcher;
mod resolve;
pub(crate) mod shadow;
pub mod survey;

use std::ops::{Index, Range};
use std::sync::Arc;

pub(crate) use checker::{MAX_OWNERS, MAX_PARTS, MAX_PATTERNS, MAX_RULE_OWNERS};
pub use matcher::{RuleMatcher, RuleWalk};
pub use resolve::resolve;

use rustc_hash::FxHashSet;

use crate::config::Text;
use crate::ids::{IdRange, IdVec, id};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::alternation::Alternative;
use crate::text::{FileId, Location, Sources};

id! {
    /// One of [`RuleSet::groups`].
    pub struct GroupId;
    /// One of [`RuleSet::rules`]. A later rule has a greater id.
    pub struct RuleId;
    /// One of [`RuleSet::lines`]. A later line has a greater id.
    pub struct LineId;
    /// One of [`RuleSet::exceptions`].
    pub struct ExceptionId;
    /// One of the entries of [`Rule::except`].
    pub struct EntryId;
    /// One of [`RuleSet::exemptions`].
    pub struct ExemptionId;
}

/// All rules of a configuration. Later rules win.
///
/// It is made by [`resolve()`] alone, so that its parts fit together: the lines and exceptions of a
/// rule are its own part of all lines and exceptions, in the order of the rules, and each of them
/// names its rule.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    groups: IdVec<GroupId, ResolvedGroup>,
    rules: IdVec<RuleId, Rule>,
    lines: IdVec<LineId, RuleLine>,
    exceptions: IdVec<ExceptionId, RuleException>,
    exemptions: IdVec<ExemptionId, Exemption>,
}

/// A group with its members resolved.
#[derive(Clone, Debug)]
pub struct ResolvedGroup {
    /// What it is called.
    pub name: String,
    /// Where it is named.
    pub location: Location,
    /// Who stands in the generated file for it.
    pub owners: Arc<[Owner]>,
    /// The people (and teams, where nothing says who is in them) behind it.
    pub people: Arc<[Owner]>,
    /// What it is for.
    pub description: Option<String>,
    /// Where to reach it.
    pub contact: Option<String>,
    /// The groups whose owners are its own: those that it names, directly or through others, unless a
    /// team stands for it. Each once.
    pub groups: Arc<[GroupId]>,
    /// Whether some rule reaches it, directly or through other groups.
    pub is_used: bool,
}

/// An entry of `[paths]`.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The file that the rule stands in.
    pub file: FileId,
    /// The pattern as it is written.
    pub pattern: Text,
    /// The bytes from the key to the end of the value.
    pub span: Range<usize>,
    /// The comment lines directly above.
    pub comments: Vec<String>,
    /// The alternatives in the pattern.
    pub alternatives: Vec<Alternative>,
    /// The rule's part of [`RuleSet::lines`].
    pub lines: IdRange<LineId>,
    /// The `except` entries as they are written.
    pub except: IdVec<EntryId, Text>,
    /// The rule's part of [`RuleSet::exceptions`].
    pub exceptions: IdRange<ExceptionId>,
    /// Who owns what it matches. Empty: deliberately nobody.
    pub owners: Arc<[Owner]>,
    /// The same with the people of each group in its place.
    pub people: Arc<[Owner]>,
    /// The groups that the rule is written with, each once.
    pub groups: Vec<GroupId>,
}

impl Rule {
    /// The place of the rule: its pattern.
    #[must_use]
    pub fn location(&self) -> Location {
        Location {
            file: self.file,
            span: self.pattern.span.clone(),
        }
    }
}

/// One pattern that a rule expands to: one line of a CODEOWNERS file, roughly.
#[derive(Clone, Debug)]
pub struct RuleLine {
    /// The rule.
    pub rule: RuleId,
    /// What it matches.
    pub pattern: Pattern,
    /// Which of the rule's alternatives were taken, outer before inner, left to right.
    pub alternatives: Box<[u32]>,
}

/// One pattern that an entry of a rule's `except` expands to. A path that it matches is as if the
/// rule were not there.
#[derive(Clone, Debug)]
pub struct RuleException {
    /// The rule.
    pub rule: RuleId,
    /// The entry of [`Rule::except`].
    pub entry: EntryId,
    /// What it matches.
    pub pattern: Pattern,
}

/// An entry of `[check] exempt`.
#[derive(Clone, Debug)]
pub struct Exemption {
    /// Where the entry stands.
    pub location: Location,
    /// The entry as it is written.
    pub text: String,
    /// What it expands to.
    pub patterns: Vec<Pattern>,
}

/// Who owns a path: it is owned, nobody's, or unowned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership<'r> {
    /// The deciding rule has these owners: at least one.
    Owned(&'r [Owner]),
    /// The deciding rule says `[]`.
    Nobody,
    /// No rule matches.
    Unowned,
}

impl RuleSet {
    /// `[groups]`, file after file in document order.
    #[must_use]
    pub fn groups(&self) -> &IdVec<GroupId, ResolvedGroup> {
        &self.groups
    }

    /// `[paths]`, file after file in document order: the root's first, deeper ones later.
    #[must_use]
    pub fn rules(&self) -> &IdVec<RuleId, Rule> {
        &self.rules
    }

    /// What the rules expand to, rule after rule.
    #[must_use]
    pub fn lines(&self) -> &IdVec<LineId, RuleLine> {
        &self.lines
    }

    /// What the exceptions of the rules expand to, rule after rule.
    #[must_use]
    pub fn exceptions(&self) -> &IdVec<ExceptionId, RuleException> {
        &self.exceptions
    }

    /// `[check] exempt`.
    #[must_use]
    pub fn exemptions(&self) -> &IdVec<ExemptionId, Exemption> {
        &self.exemptions
    }

    /// Compiles the rules.
    #[must_use]
    pub fn matcher(&self) -> RuleMatcher<'_> {
        RuleMatcher::new(self)
    }

    /// The same rules with other patterns.
    #[must_use]
    pub fn map_patterns(&self, map: impl Fn(&Pattern) -> Pattern) -> Self {
        let mut mapped = self.clone();
        mapped
            .lines
            .iter_mut()
            .for_each(|line| line.pattern = map(&line.pattern));
        mapped
            .exceptions
            .iter_mut()
            .for_each(|each| each.pattern = map(&each.pattern));
        mapped
    }

    /// The rule that a line comes from.
    #[must_use]
    pub fn rule_of(&self, line: LineId) -> &Rule {
        &self[self[line].rule]
    }

    /// The groups whose owners own what the rule matches: those that it names, and those whose
    /// owners these have. Each once.
    #[must_use]
    pub fn groups_of(&self, rule: &Rule) -> Vec<GroupId> {
        let mut found = rule.groups.clone();
        let mut seen: FxHashSet<GroupId> = found.iter().copied().collect();
        for &group in &rule.groups {
            let inner = self[group].groups.iter();
            found.extend(inner.filter(|&&inner| seen.insert(inner)));
        }
        found
    }

    /// For each of [`groups`](Self::groups), whether it is one of those or has one of them in it.
    #[must_use]
    pub fn reaching(&self, is_wanted: impl Fn(&ResolvedGroup) -> bool) -> IdVec<GroupId, bool> {
        let wanted: IdVec<GroupId, bool> = self.groups.iter().map(&is_wanted).collect();
        let reaches = |(id, group): (GroupId, &ResolvedGroup)| {
            wanted[id] || group.groups.iter().any(|&inner| wanted[inner])
        };
        self.groups.with_ids().map(reaches).collect()
    }

    /// What it means that `line` is the last to match.
    #[must_use]
    pub fn ownership(&self, line: Option<LineId>) -> Ownership<'_> {
        match line.map(|line| &*self.rule_of(line).owners) {
            None => Ownership::Unowned,
            Some([]) => Ownership::Nobody,
            Some(owners) => Ownership::Owned(owners),
        }
    }

    /// The place of a line in its file: the innermost alternatives that were taken, or the whole
    /// pattern if it has none.
    #[must_use]
    pub fn alternative_locations(&self, line: LineId, sources: &Sources) -> Vec<Location> {
        let rule = self.rule_of(line);
        let taken = &self[line].alternatives;
        let is_inner = |index: &u32| {
            !taken
                .iter()
                .any(|&other| rule.alternatives[other as usize].parent == Some(*index as usize))
        };
        taken
            .iter()
            .copied()
            .filter(is_inner)
            .map(|index| rule.alternative_location(index, sources))
            .collect()
    }
}

/// Each part of a [`RuleSet`] by its id.
macro_rules! indexed {
    ($($id:ident => $field:ident: $item:ty;)*) => {$(
        impl Index<$id> for RuleSet {
            type Output = $item;

            #[inline]
            fn index(&self, id: $id) -> &$item {
                &self.$field[id]
            }
        }
    )*};
}

indexed! {
    GroupId => groups: ResolvedGroup;
    RuleId => rules: Rule;
    LineId => lines: RuleLine;
    ExceptionId => exceptions: RuleException;
}

impl Rule {
    /// The place of one of [`alternatives`](Self::alternatives).
    #[must_use]
    pub fn alternative_location(&self, index: u32, sources: &Sources) -> Location {
        let part = self.alternatives[index as usize].span.clone();
        let span = self.pattern.locate(&sources[self.file].text, part);
        Location {
            file: self.file,
            span,
        }
    }
}
