//! The resolved rules: groups replaced by owners, patterns expanded, in order.
//!
//! A [`RuleSet`] is the meaning of `owners.toml`. The generated file is rendered from it, the
//! matcher is compiled from it, and `gen` proves the file equal to it.

pub mod approvals;
mod checker;
pub(crate) mod default_only;
pub(crate) mod equal;
mod groups;
mod matcher;
mod notify;
mod of_file;
mod required;
pub mod requirements;
mod resolve;
pub(crate) mod shadow;
pub mod survey;

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Index, Range};
use std::sync::Arc;

pub use crate::forge::RequiredReviewer;
pub use approvals::{Approval, ApprovalMatcher, ApprovalWalk, Needed, section_heading};
pub(crate) use checker::{MAX_OWNERS, MAX_PARTS, MAX_PATTERNS, MAX_RULE_OWNERS, MAX_TEXT};
pub use matcher::{RuleMatcher, RuleWalk};
pub use notify::{Notice, Notifier, NotifyWalk};
pub use required::RequiredByApprovals;
pub use resolve::resolve;

use requirements::Requirement;
use rustc_hash::FxHashSet;

use crate::config::Text;
use crate::forge::PathTest;
use crate::ids::{IdRange, IdVec, id};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::alternation::Alternative;
use crate::text::{FileId, Location, Sources};

id! {
    /// An index into [`RuleSet::groups`].
    pub struct GroupId;
    /// An index into [`RuleSet::rules`]. A later rule has a greater id.
    pub struct RuleId;
    /// An index into [`RuleSet::lines`]. A later line has a greater id.
    pub struct LineId;
    /// An index into [`RuleSet::exceptions`].
    pub struct ExceptionId;
    /// An index into [`Rule::except`].
    pub struct EntryId;
    /// An index into [`RuleSet::exemptions`].
    pub struct ExemptionId;
    /// An index into [`RuleSet::requirements`].
    pub struct RequirementId;
    /// An index into [`RuleSet::approvals`].
    pub struct ApprovalId;
    /// A section of a CODEOWNERS file for GitLab. The rules of `owners.toml` are in one section.
    pub struct SectionId;
}

/// All rules of a configuration, or of a CODEOWNERS file.
///
/// The owners of a path are a fold over the rules that match it, in their order: a rule replaces the
/// owners that stand, or [adds](Rule::adds) to them. So the lines that decide a path are the last one
/// that replaces, the *base*, and behind it one line of each rule that adds. Without rules that add,
/// the last rule that matches decides alone.
///
/// Only [`resolve()`] and [`of_file`](Self::of_file) create one that is not empty, so its parts are
/// consistent. The lines of all rules are stored
/// one rule after the other, and so are the exceptions. Each rule has its range of them, and each
/// line and exception names its rule.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// Shared with the rules of approvals.
    groups: Arc<IdVec<GroupId, ResolvedGroup>>,
    rules: IdVec<RuleId, Rule>,
    lines: IdVec<LineId, RuleLine>,
    exceptions: IdVec<ExceptionId, RuleException>,
    exemptions: IdVec<ExemptionId, Exemption>,
    requirements: IdVec<RequirementId, Requirement>,
    approvals: IdVec<ApprovalId, Approval>,
    /// The rules that only notify. They own nothing, so they are not among the rules.
    notices: Vec<Notice>,
    /// Whether some rule notifies.
    has_notify: bool,
    /// Whether the rules are in several sections. The rules of a section are beside each other, and
    /// the last one that matches decides for the section.
    has_sections: bool,
    /// Whether some rule adds.
    has_additions: bool,
    /// Whether some line has a test.
    has_tests: bool,
}

/// A group with its members resolved.
#[derive(Clone, Debug)]
pub struct ResolvedGroup {
    /// The name.
    pub name: String,
    /// The location of its name.
    pub location: Location,
    /// The owners written to the generated file for it.
    pub owners: Arc<[Owner]>,
    /// The people in it, and teams whose members are unknown.
    pub people: Arc<[Owner]>,
    /// `description`.
    pub description: Option<String>,
    /// `contact`.
    pub contact: Option<String>,
    /// The groups that it names, directly or through others, each once. Empty if it has a team,
    /// because then their owners are not its own.
    pub groups: Arc<[GroupId]>,
    /// Whether a rule names it, directly or through other groups.
    pub is_used: bool,
}

/// An entry of `[paths]`.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The file with the rule.
    pub file: FileId,
    /// The pattern as it is written.
    pub pattern: Text,
    /// The bytes from the key to the end of the value.
    pub span: Range<usize>,
    /// The alternatives in the pattern.
    pub alternatives: Vec<Alternative>,
    /// The lines of the rule in [`RuleSet::lines`].
    pub lines: IdRange<LineId>,
    /// The `except` entries as they are written.
    pub except: IdVec<EntryId, Text>,
    /// The exceptions of the rule in [`RuleSet::exceptions`].
    pub exceptions: IdRange<ExceptionId>,
    /// The owners of what it matches, or those that it adds. Empty for nobody.
    pub owners: Arc<[Owner]>,
    /// What `add` lists, as it is written: the rule adds to the owners that stand. Empty if the rule
    /// replaces them.
    pub added: Vec<Text>,
    /// The owners, with each group replaced by its people.
    pub people: Arc<[Owner]>,
    /// Who is told about changes of what it matches, without owning it. See [`Notifier`].
    pub notify: Arc<[Owner]>,
    /// The groups that the rule gives paths to, each once.
    pub groups: Vec<GroupId>,
    /// The section that it is in.
    pub section: SectionId,
    /// Whether it is an exclusion of GitLab (`!pattern`). It is the last in its section, wherever it
    /// is written.
    pub is_exclusion: bool,
}

impl Rule {
    /// Whether the rule adds its owners to those that earlier rules give. It has at least one then.
    #[must_use]
    pub fn adds(&self) -> bool {
        !self.added.is_empty()
    }

    /// The location of the rule: that of its pattern.
    #[must_use]
    pub fn location(&self) -> Location {
        Location {
            file: self.file,
            span: self.pattern.span.clone(),
        }
    }
}

/// One pattern that a rule expands to, usually one line of the CODEOWNERS file.
#[derive(Clone, Debug)]
pub struct RuleLine {
    /// The rule.
    pub rule: RuleId,
    /// What it matches.
    pub pattern: Pattern,
    /// What decides further, if the line of a CODEOWNERS file matches less than the pattern.
    pub test: Option<PathTest>,
    /// The alternatives of the rule that were taken: outer before inner, left to right.
    pub alternatives: Box<[u32]>,
}

/// One pattern that an entry of `except` expands to. The rule does not apply to the paths that it
/// matches.
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
    /// The location of the entry.
    pub location: Location,
    /// The entry as it is written.
    pub text: String,
    /// What it expands to.
    pub patterns: Vec<Pattern>,
}

/// Who owns a path. The three states are owned, nobody and unowned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership<'r> {
    /// The rules that decide give these owners, at least one.
    Owned(&'r [Owner]),
    /// The rule that decides says `[]`, and no rule adds to it.
    Nobody,
    /// No rule matches.
    Unowned,
}

impl Ownership<'_> {
    /// `owned`, `nobody` or `unowned`, as in JSON.
    #[must_use]
    pub fn state(self) -> &'static str {
        match self {
            Ownership::Owned(_) => "owned",
            Ownership::Nobody => "nobody",
            Ownership::Unowned => "unowned",
        }
    }
}

/// The owners with blanks between them, `(nobody)` or `(unowned)`.
impl fmt::Display for Ownership<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ownership::Unowned => f.write_str("(unowned)"),
            Ownership::Nobody => f.write_str("(nobody)"),
            Ownership::Owned(owners) => {
                for (index, owner) in owners.iter().enumerate() {
                    let blank = if index == 0 { "" } else { " " };
                    write!(f, "{blank}{}", owner.as_str())?;
                }
                Ok(())
            }
        }
    }
}

impl RuleSet {
    /// All `[groups]`: file after file, in document order.
    #[must_use]
    pub fn groups(&self) -> &IdVec<GroupId, ResolvedGroup> {
        &self.groups
    }

    /// All `[paths]`: file after file, in document order. The root file comes first, and a file
    /// comes before those below it.
    #[must_use]
    pub fn rules(&self) -> &IdVec<RuleId, Rule> {
        &self.rules
    }

    /// The lines of all rules, rule after rule.
    #[must_use]
    pub fn lines(&self) -> &IdVec<LineId, RuleLine> {
        &self.lines
    }

    /// The exceptions of all rules, rule after rule.
    #[must_use]
    pub fn exceptions(&self) -> &IdVec<ExceptionId, RuleException> {
        &self.exceptions
    }

    /// All `[check] exempt`.
    #[must_use]
    pub fn exemptions(&self) -> &IdVec<ExemptionId, Exemption> {
        &self.exemptions
    }

    /// All `[[require]]`, in document order.
    #[must_use]
    pub fn requirements(&self) -> &IdVec<RequirementId, Requirement> {
        &self.requirements
    }

    /// All `[[approval]]`, in document order, those with the same name as one.
    #[must_use]
    pub fn approvals(&self) -> &IdVec<ApprovalId, Approval> {
        &self.approvals
    }

    /// The rules of an approval, or these rules.
    #[must_use]
    pub fn gate(&self, approval: Option<ApprovalId>) -> &RuleSet {
        approval.map_or(self, |id| &self[id].rules)
    }

    /// Whether the rules are in several sections, each of which decides on its own.
    #[must_use]
    pub fn has_sections(&self) -> bool {
        self.has_sections
    }

    /// Whether some rule [adds](Rule::adds).
    #[must_use]
    pub fn has_additions(&self) -> bool {
        self.has_additions
    }

    /// Whether some line has a [test](RuleLine::test).
    #[inline]
    #[must_use]
    pub(crate) fn has_tests(&self) -> bool {
        self.has_tests
    }

    /// Whether several lines may decide a path together: one in each section, or a base and the
    /// additions to it. Otherwise at most one line decides.
    #[inline]
    #[must_use]
    pub fn several_may_decide(&self) -> bool {
        self.has_sections | self.has_additions
    }

    /// The section of a line.
    #[must_use]
    pub fn section_of(&self, line: LineId) -> SectionId {
        self.rule_of(line).section
    }

    /// Whether the rule of a line [adds](Rule::adds).
    #[inline]
    pub(crate) fn line_adds(&self, line: LineId) -> bool {
        self.has_additions && self.rule_of(line).adds()
    }

    /// Of the lines that decide a path: the first that has owners, or else the first. Its
    /// [`ownership`](Self::ownership) is the state of the path.
    #[must_use]
    pub fn first_owning(&self, lines: &[LineId]) -> Option<LineId> {
        let has_owners = |line: &&LineId| !self.rule_of(**line).owners.is_empty();
        lines.iter().find(has_owners).or(lines.first()).copied()
    }

    /// The owners of a path that these lines decide. Each owner once, in its first spelling.
    #[must_use]
    pub fn owners_of(&self, lines: &[LineId]) -> Cow<'_, [Owner]> {
        self.all_of(lines, |rule| &rule.owners)
    }

    /// The same, with each group replaced by its people.
    #[must_use]
    pub fn people_of(&self, lines: &[LineId]) -> Cow<'_, [Owner]> {
        self.all_of(lines, |rule| &rule.people)
    }

    fn all_of(&self, lines: &[LineId], of: impl Fn(&Rule) -> &[Owner] + Copy) -> Cow<'_, [Owner]> {
        match lines {
            [] => Cow::Borrowed(&[]),
            // A line of a CODEOWNERS file may repeat an owner.
            &[line] if !self.has_sections => Cow::Borrowed(of(self.rule_of(line))),
            lines => Cow::Owned(composed(lines.iter().map(|&line| of(self.rule_of(line))))),
        }
    }

    /// Compiles the rules.
    #[must_use]
    pub fn matcher(&self) -> RuleMatcher<'_> {
        RuleMatcher::new(self)
    }

    /// The rules with each pattern replaced by `map`.
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

    /// Whether a group has a selector.
    pub(crate) fn has_selectors(&self) -> bool {
        let mut teams = self.groups.iter().flat_map(|group| group.owners.iter());
        teams.any(|owner| owner.selector().is_some())
    }

    /// Removes the selectors of the owners of all rules.
    pub(crate) fn remove_selectors(&mut self) {
        for rule in &mut self.rules {
            if rule.owners.iter().any(|owner| owner.selector().is_some()) {
                let plain = rule.owners.iter().map(|owner| owner.with_selector(None));
                rule.owners = plain.collect();
            }
        }
    }

    /// The rule that a line comes from.
    #[must_use]
    pub fn rule_of(&self, line: LineId) -> &Rule {
        &self[self[line].rule]
    }

    /// The groups whose owners own what the rule matches: those that it names, directly or through
    /// others. Each once.
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

    /// For each of [`groups`](Self::groups), whether it is wanted or contains a wanted group.
    #[must_use]
    pub fn reaching(&self, is_wanted: impl Fn(&ResolvedGroup) -> bool) -> IdVec<GroupId, bool> {
        let wanted: IdVec<GroupId, bool> = self.groups.iter().map(&is_wanted).collect();
        let reaches = |(id, group): (GroupId, &ResolvedGroup)| {
            wanted[id] || group.groups.iter().any(|&inner| wanted[inner])
        };
        self.groups.with_ids().map(reaches).collect()
    }

    /// The ownership of a path that `line` decides alone. If [several lines](Self::several_may_decide)
    /// decide, [`RuleWalk::ownership`] has the owners of all of them.
    #[must_use]
    pub fn ownership(&self, line: Option<LineId>) -> Ownership<'_> {
        match line.map(|line| &*self.rule_of(line).owners) {
            None => Ownership::Unowned,
            Some([]) => Ownership::Nobody,
            Some(owners) => Ownership::Owned(owners),
        }
    }

    /// The location of a line: its innermost alternatives. Empty if its pattern has no
    /// alternatives.
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

/// Up to this many owners are compared with each other. Beyond that, hashing them is faster.
const MAX_COMPARED: usize = 16;

/// The owners of all lists, each owner once: the first spelling and place count.
pub(crate) fn composed<'o>(lists: impl Iterator<Item = &'o [Owner]> + Clone) -> Vec<Owner> {
    let mut owners: Vec<Owner> = Vec::new();
    if lists.clone().map(<[Owner]>::len).sum::<usize>() <= MAX_COMPARED {
        for owner in lists.flatten() {
            if !owners.iter().any(|known| known.is_same(owner)) {
                owners.push(owner.clone());
            }
        }
    } else {
        let mut seen = FxHashSet::default();
        let is_new = |owner: &&'o Owner| seen.insert(AnyCase(owner.as_str()));
        owners.extend(lists.flatten().filter(is_new).cloned());
    }
    owners
}

/// A text that is equal to its other spellings. Lists may be long, and made for each path.
struct AnyCase<'t>(&'t str);

impl PartialEq for AnyCase<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for AnyCase<'_> {}

impl Hash for AnyCase<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0
            .bytes()
            .for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
    }
}

/// Implements `Index` for each kind of id.
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
    RequirementId => requirements: Requirement;
    ApprovalId => approvals: Approval;
}

impl Rule {
    /// The location of one of [`alternatives`](Self::alternatives).
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
