//! Resolves configurations into rules.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::checker::{Added, Checker, MAX_RULE_OWNERS, is_group_name};
use super::groups::{Groups, OwnerList};
use super::{
    EntryId, Exemption, GroupId, Notice, Rule, RuleException, RuleId, RuleLine, RuleSet, SectionId,
};
use crate::config::{Config, RuleEntry, Text};
use crate::ids::{Id as _, IdVec};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::alternation::{Alternation, Expansion, Unexpanded};
use crate::text::{Diagnostic, Faults, FileId, Location, Sources};

/// Resolves configurations. The root file comes first, then nested files in the order of their
/// directories: each directly before those below it.
///
/// # Errors
///
/// All faults of meaning: unknown groups, cycles, owners that a forge does not accept, invalid
/// patterns.
pub fn resolve(configs: &[Config], sources: &Sources) -> Result<RuleSet, Faults> {
    let Some(root) = configs.first() else {
        return Ok(RuleSet::default());
    };
    let mut checker = Checker::new(root, sources);
    let groups = Groups::resolve(configs, &mut checker);
    let mut resolver = Resolver {
        groups: &groups,
        checker,
        rules: RuleSet::default(),
        added: Added::default(),
        notified: Vec::new(),
    };
    // The files above the current one, with the rules that add in them and above them.
    let mut above: Vec<(&str, Added)> = Vec::new();
    for (scope, config) in configs.iter().enumerate() {
        while (above.last()).is_some_and(|(outer, _)| !is_below(&config.directory, outer)) {
            above.pop();
        }
        resolver.added = above.last().map_or(Added::default(), |&(_, added)| added);
        for entry in &config.rules {
            if resolver.checker.is_exhausted() {
                return Err(resolver.checker.faults);
            }
            resolver.rule(scope, config, entry);
        }
        above.push((&config.directory, resolver.added));
        for entry in &config.requirements {
            if resolver.checker.is_exhausted() {
                return Err(resolver.checker.faults);
            }
            resolver.requirement(scope, config, entry);
        }
        resolver.approvals(scope, config);
        for text in &config.exempt {
            if resolver.checker.is_exhausted() {
                return Err(resolver.checker.faults);
            }
            resolver.exemption(config, text);
        }
        for text in config.nested.iter().flat_map(|nested| &nested.except) {
            // Expanded again when nested files are searched. Here only for its faults.
            resolver.expand(config, text);
        }
    }
    let Resolver {
        checker,
        mut rules,
        notified,
        ..
    } = resolver;
    if !checker.faults.is_empty() {
        return Err(checker.faults);
    }
    let of_rules = rules.rules.iter().flat_map(|rule| &rule.groups);
    let of_requirements = rules.requirements.iter().flat_map(|each| &each.groups);
    let of_approvals = rules.approvals.iter();
    let of_approvals = of_approvals.flat_map(|each| &each.rules.rules);
    let of_approvals = of_approvals.flat_map(|rule| &rule.groups);
    let reached = of_rules.chain(of_requirements).chain(of_approvals);
    let reached = reached.chain(&notified).copied().collect();
    rules.groups = Arc::new(groups.into_resolved(reached));
    for approval in &mut rules.approvals {
        approval.rules.groups = Arc::clone(&rules.groups);
    }
    Ok(rules)
}

pub(super) struct Resolver<'g, 'c> {
    groups: &'g Groups<'c>,
    pub(super) checker: Checker<'c>,
    pub(super) rules: RuleSet,
    /// The rules that add in the current file so far, and in the files above it.
    added: Added,
    /// The groups that rules notify.
    notified: Vec<GroupId>,
}

/// What a rule says of the paths that it matches. The fields are those of [`Rule`].
pub(super) struct Owned {
    pub(super) owners: Arc<[Owner]>,
    pub(super) people: Arc<[Owner]>,
    pub(super) added: Vec<Text>,
    pub(super) notify: Arc<[Owner]>,
    pub(super) groups: Vec<GroupId>,
}

impl Resolver<'_, '_> {
    fn rule(&mut self, scope: usize, config: &Config, entry: &RuleEntry) {
        let file = config.file;
        let (notify, _) = self.owners(scope, config, &entry.notify, &entry.pattern, false);
        let notified = self.named_groups(scope, &entry.notify);
        self.notified.extend(notified);
        self.rules.has_notify |= !notify.is_empty();
        if entry.adds && entry.owners.is_empty() {
            return self.notice(config, entry, notify);
        }
        let (owners, people) =
            self.owners(scope, config, &entry.owners, &entry.pattern, !entry.adds);
        if owners.len() > MAX_RULE_OWNERS {
            return self.too_many_owners(file, &entry.pattern, owners.len());
        }
        if entry.adds {
            let (added, count) = (&mut self.added, owners.len());
            if !(self.checker).spend_added(added, count, file, &entry.pattern) {
                return;
            }
        }
        let groups = self.named_groups(scope, &entry.owners);
        self.rules.has_additions |= entry.adds;
        let owned = Owned {
            owners,
            people,
            added: match entry.adds {
                true => entry.owners.clone(),
                false => Vec::new(),
            },
            notify,
            groups,
        };
        self.push(config, &entry.pattern, &entry.span, &entry.except, owned);
    }

    /// Adds a rule with its lines and exceptions. `span` is its whole text.
    pub(super) fn push(
        &mut self,
        config: &Config,
        pattern: &Text,
        span: &Range<usize>,
        except: &[Text],
        owned: Owned,
    ) {
        let file = config.file;
        let Some(expanded) = self.expand(config, pattern) else {
            return;
        };
        // Each generated line lists all owners.
        let length = self.checker.length_of(&owned.owners);
        let length = length.saturating_mul(expanded.expansions.len());
        if !self.checker.spend_text(length, file, pattern) {
            return;
        }
        let set = &self.rules;
        let (first_line, first_exception) = (set.lines.next_id(), set.exceptions.next_id());
        let rule = set.rules.next_id();
        self.rules
            .lines
            .extend(expanded.expansions.into_iter().map(|expansion| {
                let Expansion {
                    pattern,
                    alternatives,
                } = expansion;
                RuleLine {
                    rule,
                    test: None,
                    pattern: scoped(pattern, config),
                    alternatives,
                }
            }));
        let except: IdVec<EntryId, Text> = except.iter().cloned().collect();
        self.exceptions(config, rule, &except);
        if self.checker.is_exhausted() {
            return;
        }
        let Owned {
            owners,
            people,
            added,
            notify,
            groups,
        } = owned;
        self.rules.rules.push(Rule {
            file,
            pattern: pattern.clone(),
            span: span.clone(),
            alternatives: expanded.alternatives,
            lines: self.rules.lines.ids_from(first_line),
            except,
            exceptions: self.rules.exceptions.ids_from(first_exception),
            owners,
            people,
            added,
            notify,
            groups,
            section: SectionId::from_number(0),
            is_exclusion: false,
        });
    }

    /// A rule that only notifies.
    fn notice(&mut self, config: &Config, entry: &RuleEntry, notify: Arc<[Owner]>) {
        let except = entry.except.iter();
        let except = except.flat_map(|text| self.patterns(config, text));
        let except = except.collect();
        let notice = Notice {
            file: config.file,
            pattern: entry.pattern.clone(),
            span: entry.span.clone(),
            patterns: self.patterns(config, &entry.pattern),
            except,
            notify,
            follows: self.rules.rules.len(),
        };
        self.rules.notices.push(notice);
    }

    pub(super) fn too_many_owners(&mut self, file: FileId, pattern: &Text, count: usize) {
        let message = format!(
            "`{}` has {count} owners; at most {MAX_RULE_OWNERS} are allowed",
            pattern.value,
        );
        self.checker.faults.push(
            Diagnostic::error(message)
                .at(file, pattern.span.clone(), "")
                .help("give its groups a `team`, which stands for all members"),
        );
    }

    /// Adds what the entries of a rule's `except` expand to.
    fn exceptions(&mut self, config: &Config, rule: RuleId, except: &IdVec<EntryId, Text>) {
        for (entry, text) in except.with_ids() {
            if self.checker.is_exhausted() {
                return;
            }
            let patterns = self.patterns(config, text).into_iter();
            let exceptions = patterns.map(|pattern| RuleException {
                rule,
                entry,
                pattern,
            });
            self.rules.exceptions.extend(exceptions);
        }
    }

    /// The owners that `named` are, and the people in their groups. `place` is where it is reported if
    /// there are too many. `may_be_nobody` tells whether `[]` would be right here.
    pub(super) fn owners(
        &mut self,
        scope: usize,
        config: &Config,
        named: &[Text],
        place: &Text,
        may_be_nobody: bool,
    ) -> (Arc<[Owner]>, Arc<[Owner]>) {
        let group = |text: &Text| {
            let found = self.groups.find(scope, &text.value);
            found.and_then(|group| self.groups.get(group))
        };
        // Most rules name one group. They share its lists.
        if let [only] = named
            && let Some(group) = group(only)
        {
            return (group.owners.clone(), group.people.clone());
        }
        let mut owners = OwnerList::default();
        let mut people = OwnerList::default();
        // The number of groups inside the named ones.
        let mut inner = 0;
        for text in named {
            if !is_group_name(&text.value) {
                if let Some(owner) = self.checker.owner(config.file, text) {
                    owners.add(&owner);
                    people.add(&owner);
                }
            } else if let Some(group) = group(text) {
                owners.extend(&group.owners);
                people.extend(&group.people);
                inner += group.groups.len();
            } else {
                let is_alone = named.len() == 1 && may_be_nobody;
                let known = self.groups.names(scope);
                (self.checker).unknown_group(config.file, text, is_alone, known);
            }
        }
        let count = owners.len() + people.len() + inner;
        self.checker.spend_owners(count, config.file, place);
        (owners.into_vec().into(), people.into_vec().into())
    }

    /// The groups among `named`, each once.
    pub(super) fn named_groups(&self, scope: usize, named: &[Text]) -> Vec<GroupId> {
        let mut seen: FxHashSet<GroupId> = FxHashSet::default();
        let groups = named.iter();
        let groups = groups.filter_map(|text| self.groups.find(scope, &text.value));
        groups.filter(|&group| seen.insert(group)).collect()
    }

    fn exemption(&mut self, config: &Config, text: &Text) {
        let patterns = self.patterns(config, text);
        self.rules.exemptions.push(Exemption {
            location: Location {
                file: config.file,
                span: text.span.clone(),
            },
            text: text.value.clone(),
            patterns,
        });
    }

    /// The patterns that a text expands to, in the directory of its file. None if it is at fault.
    pub(super) fn patterns(&mut self, config: &Config, text: &Text) -> Vec<Pattern> {
        let expanded = self.expand(config, text).into_iter();
        let expansions = expanded.flat_map(|each| each.expansions);
        expansions
            .map(|each| scoped(each.pattern, config))
            .collect()
    }

    fn expand(&mut self, config: &Config, text: &Text) -> Option<Alternation> {
        let file = config.file;
        let unexpanded = Unexpanded::read(&text.value);
        // Count before expanding: it takes as long to find that all expansions are wrong.
        if let Ok(Unexpanded { count, length, .. }) = unexpanded {
            let length = length + count * config.directory.len();
            let fits = self.checker.spend_patterns(count, file, text)
                && self.checker.spend_text(length, file, text);
            if !fits {
                return None;
            }
        }
        match unexpanded.and_then(Unexpanded::expand) {
            Ok(expanded) => {
                let depth = depth(&config.directory);
                let patterns = expanded.expansions.iter().map(|each| &each.pattern);
                let parts = patterns.map(|pattern| pattern.parts() + depth).sum();
                self.checker
                    .spend_parts(parts, file, text)
                    .then_some(expanded)
            }
            Err(errors) => {
                let source = &self.checker.sources[file].text;
                let faults = errors.into_iter().map(|error| {
                    Diagnostic::error(error.fault.to_string())
                        .at(file, text.locate(source, error.span), "")
                        .help(error.fault.help())
                });
                self.checker.faults.extend(faults);
                None
            }
        }
    }
}

/// Whether a directory is below another one. The root is empty, and every other one is below it.
fn is_below(directory: &str, outer: &str) -> bool {
    let rest = directory.strip_prefix(outer);
    outer.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
}

/// The number of segments of a directory. 0 for the root, which is empty.
fn depth(directory: &str) -> usize {
    match directory {
        "" => 0,
        _ => 1 + memchr::memchr_iter(b'/', directory.as_bytes()).count(),
    }
}

/// Restricts a pattern to the directory of its file.
fn scoped(pattern: Pattern, config: &Config) -> Pattern {
    if config.directory.is_empty() {
        pattern
    } else {
        pattern.below(&config.directory)
    }
}
