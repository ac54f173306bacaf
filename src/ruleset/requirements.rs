//! Requirements: what must hold for the owners of some paths, whatever the rules say.
//!
//! A requirement is not a rule: it gives no path an owner. It is held against the owners that the
//! rules give, on the pass over all paths that counts what each rule decides (see
//! [`survey`](super::survey)).

use std::fmt;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::resolve::Resolver;
use super::{GroupId, LineId, RequirementId, RuleSet};
use crate::config::{Config, RequirementEntry, Text};
use crate::ids::IdRange;
use crate::matcher::{Matcher, Walk};
use crate::owner::Owner;
use crate::paths::PathId;
use crate::pattern::Pattern;
use crate::pattern::algebra::plainly_covers;
use crate::pattern::budget::Budget;
use crate::text::Location;

/// An entry of `[[require]]`.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The location of its header.
    pub location: Location,
    /// The patterns of the paths that it is about.
    pub patterns: Vec<RequiredPattern>,
    /// The patterns of paths that it is not about.
    pub except: Vec<RequiredPattern>,
    /// The owners that must all be among the owners of a path.
    pub owners: Arc<[Owner]>,
    /// The owners of which at least one must be among them. Empty if there is no such demand.
    pub any_of: Arc<[Owner]>,
    /// How many people must be among them, or 0.
    pub min_owners: usize,
    /// The entry as it is written.
    pub entry: RequirementEntry,
    /// The groups that it names, each once.
    pub groups: Vec<GroupId>,
}

/// A pattern that an entry of `paths` or `except` expands to.
#[derive(Clone, Debug)]
pub struct RequiredPattern {
    /// The index of the entry in [`RequirementEntry::paths`] or [`RequirementEntry::except`].
    pub entry: usize,
    /// What it matches.
    pub pattern: Pattern,
}

/// What the owners of a path lack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// These owners.
    Owners(Vec<Owner>),
    /// One of these owners.
    AnyOf(Arc<[Owner]>),
    /// People.
    People {
        /// How many there are.
        found: usize,
        /// How many there must be.
        required: usize,
    },
}

/// What a path must have in addition, after `must be owned by`.
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The maximum number of owners shown.
        const MAX_SHOWN: usize = 5;
        let list = |f: &mut fmt::Formatter<'_>, owners: &[Owner], last: &str| {
            let shown = owners.len().min(MAX_SHOWN);
            for (index, owner) in owners[..shown].iter().enumerate() {
                let before = match index {
                    0 => "",
                    _ if index + 1 == owners.len() => last,
                    _ => ", ",
                };
                write!(f, "{before}`{owner}`")?;
            }
            match owners.len() - shown {
                0 => Ok(()),
                more => write!(f, "{last}{more} more"),
            }
        };
        match self {
            Missing::Owners(owners) => list(f, owners, " and "),
            Missing::AnyOf(owners) => list(f, owners, " or "),
            Missing::People { found, required } => {
                let noun = if *required == 1 { "person" } else { "people" };
                write!(f, "at least {required} {noun}, not {found}")
            }
        }
    }
}

/// Paths that miss a requirement in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The requirement.
    pub requirement: RequirementId,
    /// The lines that decide the paths. None if they are unowned.
    pub lines: SmallVec<[LineId; 2]>,
    /// The paths, ascending.
    pub paths: Vec<IdRange<PathId>>,
}

/// Collects the paths that miss a requirement.
#[derive(Debug, Default)]
pub(crate) struct UnmetList {
    unmet: Vec<Unmet>,
    /// For a requirement and the lines that decide a path: the index in `unmet`, or `None` if they
    /// meet it.
    known: FxHashMap<(RequirementId, SmallVec<[LineId; 2]>), Option<usize>>,
    /// The number of ranges of paths in `unmet`, at most [`MAX_UNMET`].
    ranges: usize,
}

/// The maximum number of runs of paths that are reported. Hundreds of requirements that no path meets
/// would take gigabytes. There are errors enough by then, and the next check reports what is left.
const MAX_UNMET: usize = 100_000;

impl UnmetList {
    /// Adds `paths`, which `lines` decide and `required` is about. They follow all others.
    pub(crate) fn add(
        &mut self,
        rules: &RuleSet,
        required: &[RequirementId],
        lines: &[LineId],
        paths: IdRange<PathId>,
    ) {
        for &requirement in required {
            let key = (requirement, SmallVec::from_slice(lines));
            let index = *self
                .known
                .entry(key)
                .or_insert_with_key(|(requirement, lines)| {
                    rules[*requirement].missing_from(rules, lines)?;
                    self.unmet.push(Unmet {
                        requirement: *requirement,
                        lines: lines.clone(),
                        paths: Vec::new(),
                    });
                    Some(self.unmet.len() - 1)
                });
            if let Some(index) = index
                && self.ranges < MAX_UNMET
            {
                let list = &mut self.unmet[index].paths;
                let before = list.len();
                extend(list, paths);
                self.ranges += list.len() - before;
            }
        }
    }

    /// The paths of all, in the order of the requirements and then of the lines.
    pub(crate) fn finish(self) -> Vec<Unmet> {
        let mut unmet = self.unmet;
        unmet.sort_by(|a, b| (a.requirement, &a.lines).cmp(&(b.requirement, &b.lines)));
        unmet
    }
}

/// Adds the paths that follow to a list.
pub(crate) fn append(unmet: &mut Vec<Unmet>, later: Vec<Unmet>) {
    for each in later {
        let key = (each.requirement, &each.lines);
        match unmet.binary_search_by(|other| (other.requirement, &other.lines).cmp(&key)) {
            Ok(index) => each
                .paths
                .into_iter()
                .for_each(|paths| extend(&mut unmet[index].paths, paths)),
            Err(index) => unmet.insert(index, each),
        }
    }
}

/// Adds a range to a list of ascending ranges.
fn extend(list: &mut Vec<IdRange<PathId>>, paths: IdRange<PathId>) {
    match list.last_mut() {
        Some(last) if last.end == paths.start => last.end = paths.end,
        _ => list.push(paths),
    }
}

impl Requirement {
    /// Whether the requirement is about a path.
    #[must_use]
    pub fn is_about(&self, path: &[u8]) -> bool {
        self.patterns.iter().any(|each| each.pattern.matches(path))
            && !self.except.iter().any(|each| each.pattern.matches(path))
    }

    /// What the owners of a path lack, if that is anything. `people` are those behind the owners.
    #[must_use]
    pub fn missing(&self, owners: &[Owner], people: usize) -> Option<Missing> {
        /// Up to so many owners are compared one by one.
        const FEW: usize = 8;
        let folded: FxHashSet<String> = match owners.len() > FEW {
            true => owners.iter().map(Owner::folded).collect(),
            false => FxHashSet::default(),
        };
        let has = |wanted: &Owner| match owners.len() > FEW {
            true => folded.contains(&wanted.folded()),
            false => owners.iter().any(|owner| owner.is_same(wanted)),
        };
        let lacking: Vec<Owner> = self
            .owners
            .iter()
            .filter(|each| !has(each))
            .cloned()
            .collect();
        if !lacking.is_empty() {
            return Some(Missing::Owners(lacking));
        }
        if !self.any_of.is_empty() && !self.any_of.iter().any(has) {
            return Some(Missing::AnyOf(Arc::clone(&self.any_of)));
        }
        (people < self.min_owners).then_some(Missing::People {
            found: people,
            required: self.min_owners,
        })
    }

    /// Whether one of these owners is demanded.
    fn gains_from(&self, owners: &[Owner]) -> bool {
        let mut demanded = self.owners.iter().chain(self.any_of.iter());
        let is_demanded = demanded.any(|each| owners.iter().any(|owner| owner.is_same(each)));
        is_demanded || (self.min_owners > 0 && !owners.is_empty())
    }

    /// What a path that these lines decide lacks.
    #[must_use]
    pub fn missing_from(&self, rules: &RuleSet, lines: &[LineId]) -> Option<Missing> {
        match *lines {
            // No list has to be made.
            [line] => {
                let rule = rules.rule_of(line);
                self.missing(&rule.owners, rule.people.len())
            }
            _ => self.missing(&rules.owners_of(lines), rules.people_of(lines).len()),
        }
    }
}

/// Whether a line is there for a requirement, also without a path that it matches: it gives owners that
/// the requirement demands, and plainly covers one of its patterns. A rule that adds owners may also do
/// so for a part of a pattern.
#[must_use]
pub fn is_guard(rules: &RuleSet, line: LineId) -> bool {
    let rule = rules.rule_of(line);
    rules.requirements().iter().any(|requirement| {
        requirement.gains_from(&rule.owners)
            && requirement.patterns.iter().any(|required| {
                let (own, other) = (&rules[line].pattern, &required.pattern);
                let is_part = rule.adds() && !other.is_everything();
                is_covered(own, other) || (is_part && is_covered(other, own))
            })
    })
}

/// Whether `wide` plainly covers `narrow`.
fn is_covered(wide: &Pattern, narrow: &Pattern) -> bool {
    /// More than any pair of patterns takes that people write.
    const STEPS: usize = 100_000;
    plainly_covers(wide, narrow, &mut Budget::new(STEPS)) == Some(true)
}

impl Resolver<'_, '_> {
    pub(super) fn requirement(&mut self, scope: usize, config: &Config, entry: &RequirementEntry) {
        // The reader demands at least one path.
        let Some(place) = entry.paths.first() else {
            return;
        };
        let (owners, _) = self.owners(scope, config, &entry.owners, place, false);
        let (any_of, _) = self.owners(scope, config, &entry.any_of, place, false);
        let mut expanded = |texts: &[Text]| {
            let mut all = Vec::new();
            for (entry, text) in texts.iter().enumerate() {
                let patterns = self.patterns(config, text).into_iter();
                all.extend(patterns.map(|pattern| RequiredPattern { entry, pattern }));
            }
            all
        };
        let (patterns, except) = (expanded(&entry.paths), expanded(&entry.except));
        let all = [&*entry.owners, &*entry.any_of].concat();
        let groups = self.named_groups(scope, &all);
        self.rules.requirements.push(Requirement {
            location: Location {
                file: config.file,
                span: entry.span.clone(),
            },
            patterns,
            except,
            owners,
            any_of,
            min_owners: entry.min_owners.as_ref().map_or(0, |minimum| minimum.value),
            entry: entry.clone(),
            groups,
        });
    }
}

/// Finds the requirements that are about a path.
#[derive(Debug)]
pub(crate) struct RequirementMatcher {
    /// The patterns of all requirements, and then those of their exceptions.
    matcher: Matcher,
    /// The requirement of each pattern.
    of_pattern: Vec<RequirementId>,
    /// The number of patterns before those of exceptions.
    exceptions_from: usize,
}

/// The patterns of all requirements, and then those of their exceptions, with their requirements.
pub(crate) fn patterns(rules: &RuleSet) -> impl Iterator<Item = (RequirementId, &RequiredPattern)> {
    let all = || rules.requirements.with_ids();
    let patterns = all().flat_map(|(id, each)| each.patterns.iter().map(move |each| (id, each)));
    patterns.chain(all().flat_map(|(id, each)| each.except.iter().map(move |each| (id, each))))
}

impl RequirementMatcher {
    /// Compiles the requirements. `None` if there are none.
    pub(crate) fn new(rules: &RuleSet) -> Option<Self> {
        if rules.requirements.is_empty() {
            return None;
        }
        let counts = rules.requirements.iter().map(|each| each.patterns.len());
        let exceptions_from = counts.sum();
        let (of_pattern, patterns): (Vec<RequirementId>, Vec<&Pattern>) = patterns(rules)
            .map(|(id, each)| (id, &each.pattern))
            .unzip();
        Some(RequirementMatcher {
            matcher: Matcher::new(patterns),
            of_pattern,
            exceptions_from,
        })
    }

    /// Starts a walk over paths. Sorted order is fastest.
    pub(crate) fn walk(&self) -> RequirementWalk<'_> {
        let mut walk = self.matcher.walk();
        walk.remember_hits();
        RequirementWalk {
            requirements: self,
            walk,
            matches: Vec::new(),
            found: Vec::new(),
            typical: None,
        }
    }
}

/// The state of a walk over sorted paths. See [`Walk`].
#[derive(Debug)]
pub(crate) struct RequirementWalk<'m> {
    requirements: &'m RequirementMatcher,
    walk: Walk<'m>,
    /// A buffer.
    matches: Vec<u32>,
    /// The requirements that are about the last path, and the [`Walk::typical`] paths with the same.
    found: Vec<RequirementId>,
    typical: Option<u64>,
}

impl RequirementWalk<'_> {
    /// The requirements that are about `path`, ascending.
    pub(crate) fn find(&mut self, path: &[u8]) -> &[RequirementId] {
        self.walk.read(path);
        let typical = self.walk.typical();
        if typical.is_some() && typical == self.typical {
            return &self.found;
        }
        self.typical = typical;
        self.found.clear();
        if self.walk.last().is_none() {
            return &self.found;
        }
        self.walk.all(&mut self.matches);
        let RequirementMatcher {
            of_pattern,
            exceptions_from,
            ..
        } = self.requirements;
        let count = (self.matches).partition_point(|&each| (each as usize) < *exceptions_from);
        let (patterns, exceptions) = self.matches.split_at(count);
        let of = |pattern: &u32| of_pattern[*pattern as usize];
        let is_excepted = |id: &RequirementId| exceptions.iter().any(|each| of(each) == *id);
        self.found
            .extend(patterns.iter().map(of).filter(|id| !is_excepted(id)));
        self.found.dedup();
        &self.found
    }

    /// What [`find`](Self::find) found for the last path.
    pub(crate) fn found(&self) -> &[RequirementId] {
        &self.found
    }

    /// For each of the [`patterns`], whether it matched a path.
    pub(crate) fn hits(&self) -> Vec<bool> {
        self.walk.hits().iter().map(Option::is_some).collect()
    }

    /// See [`Walk::decided_directory`].
    pub(crate) fn decided_directory(&self) -> Option<usize> {
        self.walk.decided_directory()
    }
}
