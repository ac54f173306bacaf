//! The rules with everything resolved: groups to owners, patterns to their expansions, in order.
//!
//! A [`RuleSet`] is what `owners.toml` means. The generated file is a rendering of it, the matcher
//! is compiled from it, and the proof of `gen` compares the two.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, Group, RuleEntry, Text};
use crate::diagnostic::{Diagnostic, FileId, Location, Sources};
use crate::matcher::RuleMatcher;
use crate::owner::{Owner, OwnerKind};
use crate::pattern::Pattern;
use crate::pattern::alternation::{Alternation, Alternative};
use crate::platform::Platform;
use crate::suggest;

/// The most patterns that a whole configuration may expand to.
const MAX_PATTERNS: usize = 1_000_000;

/// The most characters that all patterns may expand to together, about.
const MAX_TEXT: usize = 100_000_000;

/// The most owners that all groups and rules may list together, when groups are written out: a
/// chain of groups that each add one to the one before is quadratic.
const MAX_OWNERS: usize = 10_000_000;

/// All rules of a configuration. Later rules win.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// `[groups]`, in document order.
    pub groups: Vec<ResolvedGroup>,
    /// `[paths]`, in document order.
    pub rules: Vec<Rule>,
    /// What the rules expand to, rule after rule.
    pub lines: Vec<RuleLine>,
    /// What the exceptions of the rules expand to, rule after rule.
    pub exceptions: Vec<RuleException>,
    /// `[check] exempt`.
    pub exemptions: Vec<Exemption>,
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
    pub lines: Range<usize>,
    /// The `except` entries as they are written.
    pub except: Vec<Text>,
    /// The rule's part of [`RuleSet::exceptions`].
    pub exceptions: Range<usize>,
    /// Who owns what it matches. Empty: deliberately nobody.
    pub owners: Arc<[Owner]>,
    /// The same with the people of each group in its place.
    pub people: Arc<[Owner]>,
    /// The names of groups that the rule is written with.
    pub groups: Vec<String>,
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
    /// The rule, as an index into [`RuleSet::rules`].
    pub rule: u32,
    /// What it matches.
    pub pattern: Pattern,
    /// Which of the rule's alternatives were taken, outer before inner, left to right.
    pub alternatives: Box<[u32]>,
}

/// One pattern that an entry of a rule's `except` expands to. A path that it matches is as if the
/// rule were not there.
#[derive(Clone, Debug)]
pub struct RuleException {
    /// The rule, as an index into [`RuleSet::rules`].
    pub rule: u32,
    /// The entry, as an index into [`Rule::except`].
    pub entry: u32,
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

/// Resolves a configuration.
///
/// # Errors
///
/// Every fault of meaning in it: unknown groups, cycles, owners that a platform does not take,
/// wrong patterns.
pub fn resolve(config: &Config, sources: &Sources) -> Result<RuleSet, Vec<Diagnostic>> {
    let mut platforms: Vec<Platform> = Vec::new();
    for output in &config.outputs {
        if !platforms.contains(&output.platform) {
            platforms.push(output.platform);
        }
    }
    let mut resolver = Resolver {
        file: config.file,
        sources,
        platforms,
        groups: &config.groups,
        by_name: (config.groups.iter().enumerate())
            .map(|(index, group)| (group.name.value.as_str(), index))
            .collect(),
        faults: Vec::new(),
        owners_left: Some(MAX_OWNERS),
        text_left: MAX_TEXT,
        unknown_names: 0,
    };
    let mut groups = resolver.groups();
    if resolver.owners_left.is_none() {
        return Err(resolver.faults);
    }
    let expanded = resolver.rules(&config.rules, &groups);
    let Expanded {
        rules,
        lines,
        exceptions,
    } = expanded;
    let exemptions = resolver.exemptions(&config.exempt);
    resolver.mark_used(&rules, &mut groups);
    if resolver.faults.is_empty() {
        Ok(RuleSet {
            groups,
            rules,
            lines,
            exceptions,
            exemptions,
        })
    } else {
        Err(resolver.faults)
    }
}

struct Resolver<'c> {
    file: FileId,
    sources: &'c Sources,
    platforms: Vec<Platform>,
    groups: &'c [Group],
    by_name: FxHashMap<&'c str, usize>,
    faults: Vec<Diagnostic>,
    /// How many more owners the groups and rules may resolve to; none if they did to more.
    owners_left: Option<usize>,
    /// How many more characters the patterns may expand to.
    text_left: usize,
    unknown_names: usize,
}

/// The rules and what they expand to.
struct Expanded {
    rules: Vec<Rule>,
    lines: Vec<RuleLine>,
    exceptions: Vec<RuleException>,
}

/// Appends `owner` unless somebody who is the same is there.
#[derive(Default)]
struct OwnerList {
    owners: Vec<Owner>,
    seen: FxHashSet<String>,
}

impl OwnerList {
    fn extend(&mut self, owners: &[Owner]) {
        owners.iter().for_each(|owner| self.add(owner));
    }

    fn add(&mut self, owner: &Owner) {
        if self.seen.insert(owner.folded()) {
            self.owners.push(owner.clone());
        }
    }
}

/// What a text among owners is: names never hold an `@`, owners always do.
fn is_group_name(text: &str) -> bool {
    !text.contains('@')
}

/// The help for a text that would be owners but for a slip of the hand.
fn owner_slip(text: &str) -> Option<String> {
    let trimmed = text.trim_matches([' ', '\t', ',', ';']);
    if trimmed.is_empty() {
        return None;
    }
    let words: Vec<&str> = trimmed
        .split([' ', '\t', ',', ';'])
        .filter(|word| !word.is_empty())
        .collect();
    let are_owners = text.contains([',', ';']) || words.iter().all(|word| word.contains('@'));
    if words.len() > 1 && !are_owners {
        return None;
    }
    if words.len() > 1 {
        let words: Vec<String> = words
            .iter()
            .take(5)
            .map(|word| format!("\"{word}\""))
            .collect();
        return Some(format!("write several as an array: [{}]", words.join(", ")));
    }
    (trimmed != text).then(|| format!("write `\"{trimmed}\"`, with nothing around it"))
}

impl Resolver<'_> {
    /// Resolves groups in an order in which each comes after those that it names.
    fn groups(&mut self) -> Vec<ResolvedGroup> {
        let order = self.dependency_order();
        let mut resolved: Vec<Option<ResolvedGroup>> = self.groups.iter().map(|_| None).collect();
        for index in order {
            let group = &self.groups[index];
            let mut owners = OwnerList::default();
            let mut people = OwnerList::default();
            for member in &group.members {
                if is_group_name(&member.value) {
                    // A missing one was reported; so was a cycle.
                    let inner = self.by_name.get(member.value.as_str());
                    if let Some(inner) = inner.and_then(|&inner| resolved[inner].as_ref()) {
                        owners.extend(&inner.owners);
                        people.extend(&inner.people);
                    }
                } else if let Some(owner) = self.owner(member) {
                    owners.add(&owner);
                    people.add(&owner);
                }
            }
            if let Some(team) = group.team.as_ref().and_then(|team| self.team(team)) {
                if people.owners.is_empty() {
                    people.add(&team);
                }
                owners = OwnerList::default();
                owners.add(&team);
            }
            self.spend(owners.owners.len() + people.owners.len(), &group.name);
            if self.owners_left.is_none() {
                break;
            }
            resolved[index] = Some(ResolvedGroup {
                name: group.name.value.clone(),
                location: Location {
                    file: self.file,
                    span: group.name.span.clone(),
                },
                owners: owners.owners.into(),
                people: people.owners.into(),
                description: group.description.clone(),
                contact: group.contact.clone(),
                is_used: false,
            });
        }
        resolved.into_iter().flatten().collect()
    }

    /// Takes `count` owners off what may be resolved; reports at `place` when that is used up.
    fn spend(&mut self, count: usize, place: &Text) {
        let Some(left) = self.owners_left else {
            return;
        };
        self.owners_left = left.checked_sub(count);
        if self.owners_left.is_none() {
            self.faults.push(
                Diagnostic::error(format!("more than {MAX_OWNERS} owners in all"))
                    .at(self.file, place.span.clone(), "one too many here")
                    .help("let groups name fewer other groups, or give them a `team`"),
            );
        }
    }

    /// Every group, those that it names first. Reports unknown names and cycles; a group in a
    /// cycle comes anyway, so that its other faults are found. Iterative: a chain of a hundred
    /// thousand groups is no reason to overflow the stack.
    fn dependency_order(&mut self) -> Vec<usize> {
        #[derive(Clone, Copy, PartialEq)]
        enum State {
            New,
            Open,
            Done,
        }
        let mut states = vec![State::New; self.groups.len()];
        let mut order = Vec::with_capacity(self.groups.len());
        for root in 0..self.groups.len() {
            if states[root] != State::New {
                continue;
            }
            states[root] = State::Open;
            // Each group on the way, and which of its members comes next.
            let mut path = vec![(root, 0)];
            while let Some((index, next)) = path.last_mut() {
                let index = *index;
                let Some(member) = self.groups[index].members.get(*next) else {
                    states[index] = State::Done;
                    order.push(index);
                    path.pop();
                    continue;
                };
                *next += 1;
                if !is_group_name(&member.value) {
                    continue;
                }
                match self.by_name.get(member.value.as_str()) {
                    None => self.unknown_group(member),
                    Some(&inner) if states[inner] == State::Open => self.cycle(&path, inner),
                    Some(&inner) if states[inner] == State::New => {
                        states[inner] = State::Open;
                        path.push((inner, 0));
                    }
                    Some(_) => {}
                }
            }
        }
        order
    }

    fn cycle(&mut self, path: &[(usize, usize)], back_to: usize) {
        let start = path
            .iter()
            .position(|&(index, _)| index == back_to)
            .unwrap_or(0);
        let cycle: Vec<&Group> = path[start..]
            .iter()
            .map(|&(index, _)| &self.groups[index])
            .collect();
        let mut names: Vec<&str> = cycle
            .iter()
            .map(|group| group.name.value.as_str())
            .collect();
        names.push(names[0]);
        if names.len() > 12 {
            names.splice(5..names.len() - 5, ["…"]);
        }
        let mut diagnostic = Diagnostic::error(format!(
            "group `{}` contains itself: {}",
            names[0],
            names.join(" → ")
        ));
        for &(index, next) in path[start..].iter().take(10) {
            let member = &self.groups[index].members[next - 1];
            let label = format!(
                "`{}` names `{}`",
                self.groups[index].name.value, member.value
            );
            diagnostic = diagnostic.at(self.file, member.span.clone(), label);
        }
        self.faults
            .push(diagnostic.help("remove one of these names from its group"));
    }

    fn unknown_group(&mut self, name: &Text) {
        // To compare with every name takes time: a file with thousands of unknown names has another
        // problem than spelling.
        self.unknown_names += 1;
        let known = (self.unknown_names <= 20).then(|| self.by_name.keys().copied());
        let mut help = owner_slip(&name.value)
            .or_else(|| suggest::did_you_mean(&name.value, known.into_iter().flatten()));
        let is_plain = name
            .value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        if help.is_none() {
            help = Some(if name.value.is_empty() || !is_plain {
                "write the name of a group, `@user`, `@org/team` or an e-mail address".to_string()
            } else if name.value.contains('/') {
                format!("an owner starts with `@`: `@{}`", name.value)
            } else {
                format!(
                    "define it under `[groups]`: `{0} = [\"@user\"]`; a user is written `@{0}`",
                    name.value
                )
            });
        }
        let message = format!("unknown group `{}`", name.value.escape_debug());
        self.faults.push(
            Diagnostic::error(message)
                .at(self.file, name.span.clone(), "not defined in `[groups]`")
                .maybe_help(help),
        );
    }

    fn owner(&mut self, text: &Text) -> Option<Owner> {
        for &platform in &self.platforms {
            if let Err(error) = Owner::parse(&text.value, platform) {
                self.faults.push(
                    Diagnostic::error(format!(
                        "`{}` is not an owner on {}",
                        text.value.escape_debug(),
                        platform.title()
                    ))
                    .at(self.file, text.span.clone(), error.reason)
                    .help(owner_slip(&text.value).unwrap_or(error.help)),
                );
                return None;
            }
        }
        Some(Owner::unchecked(&text.value))
    }

    fn team(&mut self, text: &Text) -> Option<Owner> {
        if let Some(owner) = (!is_group_name(&text.value)).then(|| self.owner(text)) {
            let owner = owner?;
            // On GitLab a group at the top has a name like a user's.
            if self.platforms.contains(&Platform::GitHub) && owner.kind() != OwnerKind::Team {
                let message = format!("`{owner}` is not a team");
                let label = "a team is named with its organization";
                let fault = Diagnostic::error(message).at(self.file, text.span.clone(), label);
                self.faults.push(
                    fault.help("write `team = \"@org/team\"`, or put it among the `members`"),
                );
                return None;
            }
            return Some(owner);
        }
        self.faults.push(
            Diagnostic::error(format!("`{}` is not a team", text.value.escape_debug()))
                .at(
                    self.file,
                    text.span.clone(),
                    "a team is an owner, not a group",
                )
                .help("write `team = \"@org/team\"`"),
        );
        None
    }

    fn rules(&mut self, entries: &[RuleEntry], groups: &[ResolvedGroup]) -> Expanded {
        let mut rules = Vec::with_capacity(entries.len());
        let mut lines: Vec<RuleLine> = Vec::with_capacity(entries.len());
        let mut exceptions: Vec<RuleException> = Vec::new();
        for entry in entries {
            if self.owners_left.is_none() {
                break;
            }
            let (owners, people) = self.rule_owners(entry, groups);
            let Some(expanded) = self.expand(&entry.pattern) else {
                continue;
            };
            if lines.len() + exceptions.len() + expanded.expansions.len() > MAX_PATTERNS {
                self.faults.push(
                    Diagnostic::error(format!("more than {MAX_PATTERNS} patterns in all"))
                        .at(self.file, entry.pattern.span.clone(), "one too many here")
                        .help("use `*` instead of listing so many alternatives"),
                );
                break;
            }
            let start = lines.len();
            let rule = rules.len() as u32;
            lines.extend(expanded.expansions.into_iter().map(|expansion| RuleLine {
                rule,
                pattern: expansion.pattern,
                alternatives: expansion.alternatives,
            }));
            let first_exception = exceptions.len();
            for (index, text) in entry.except.iter().enumerate() {
                let expansions = self.expand(text).map(|each| each.expansions);
                exceptions.extend(expansions.into_iter().flatten().map(|each| RuleException {
                    rule,
                    entry: index as u32,
                    pattern: each.pattern,
                }));
            }
            rules.push(Rule {
                file: self.file,
                pattern: entry.pattern.clone(),
                span: entry.span.clone(),
                comments: entry.comments.clone(),
                alternatives: expanded.alternatives,
                lines: start..lines.len(),
                except: entry.except.clone(),
                exceptions: first_exception..exceptions.len(),
                owners,
                people,
                groups: (entry.owners.iter())
                    .filter(|text| is_group_name(&text.value))
                    .map(|text| text.value.clone())
                    .collect(),
            });
        }
        Expanded {
            rules,
            lines,
            exceptions,
        }
    }

    /// The owners of a rule, and the people behind them.
    fn rule_owners(
        &mut self,
        entry: &RuleEntry,
        groups: &[ResolvedGroup],
    ) -> (Arc<[Owner]>, Arc<[Owner]>) {
        // The usual rule names one group: share its lists.
        if let [only] = entry.owners.as_slice()
            && let Some(&index) = self.by_name.get(only.value.as_str())
        {
            return (groups[index].owners.clone(), groups[index].people.clone());
        }
        let mut owners = OwnerList::default();
        let mut people = OwnerList::default();
        for text in &entry.owners {
            if !is_group_name(&text.value) {
                if let Some(owner) = self.owner(text) {
                    owners.add(&owner);
                    people.add(&owner);
                }
            } else if let Some(&index) = self.by_name.get(text.value.as_str()) {
                owners.extend(&groups[index].owners);
                people.extend(&groups[index].people);
            } else {
                self.unknown_group(text);
            }
        }
        self.spend(owners.owners.len() + people.owners.len(), &entry.pattern);
        (owners.owners.into(), people.owners.into())
    }

    fn exemptions(&mut self, texts: &[Text]) -> Vec<Exemption> {
        texts
            .iter()
            .filter_map(|text| {
                let expanded = self.expand(text)?;
                Some(Exemption {
                    location: Location {
                        file: self.file,
                        span: text.span.clone(),
                    },
                    text: text.value.clone(),
                    patterns: expanded
                        .expansions
                        .into_iter()
                        .map(|each| each.pattern)
                        .collect(),
                })
            })
            .collect()
    }

    fn expand(&mut self, text: &Text) -> Option<Alternation> {
        match Alternation::parse(&text.value) {
            Ok(expanded) => {
                let length = expanded.expansions.len() * text.value.len();
                let Some(left) = self.text_left.checked_sub(length) else {
                    self.faults.push(
                        Diagnostic::error(format!(
                            "the patterns expand to more than {MAX_TEXT} characters in all"
                        ))
                        .at(self.file, text.span.clone(), "too many here")
                        .help("use `*` instead of listing so many alternatives"),
                    );
                    self.text_left = 0;
                    return None;
                };
                self.text_left = left;
                Some(expanded)
            }
            Err(errors) => {
                let source = &self.sources[self.file].text;
                for error in errors {
                    let span = text.locate(source, error.span);
                    self.faults.push(
                        Diagnostic::error(error.fault.to_string())
                            .at(self.file, span, "")
                            .help(error.fault.help()),
                    );
                }
                None
            }
        }
    }

    /// A group is used if a rule names it, or another used group does.
    fn mark_used(&self, rules: &[Rule], groups: &mut [ResolvedGroup]) {
        if groups.len() != self.groups.len() {
            return;
        }
        let mut reached: Vec<usize> = rules
            .iter()
            .flat_map(|rule| &rule.groups)
            .filter_map(|name| self.by_name.get(name.as_str()).copied())
            .collect();
        while let Some(index) = reached.pop() {
            if !std::mem::replace(&mut groups[index].is_used, true) {
                let members = self.groups[index].members.iter();
                reached.extend(members.filter_map(|text| self.by_name.get(text.value.as_str())));
            }
        }
    }
}

/// Who owns a path. The three states are different everywhere: somebody, nobody on purpose, and
/// nobody has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership<'r> {
    /// These own it: at least one.
    Owned(&'r [Owner]),
    /// A rule says `[]`.
    Nobody,
    /// No rule matches.
    Unmatched,
}

impl RuleSet {
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
    pub fn rule_of(&self, line: u32) -> &Rule {
        &self.rules[self.lines[line as usize].rule as usize]
    }

    /// What it means that `line` is the last to match.
    #[must_use]
    pub fn ownership(&self, line: Option<u32>) -> Ownership<'_> {
        match line.map(|line| &*self.rule_of(line).owners) {
            None => Ownership::Unmatched,
            Some([]) => Ownership::Nobody,
            Some(owners) => Ownership::Owned(owners),
        }
    }

    /// The place of a line in its file: the innermost alternatives that were taken, or the whole
    /// pattern if it has none.
    #[must_use]
    pub fn alternative_locations(&self, line: u32, sources: &Sources) -> Vec<Location> {
        let rule = self.rule_of(line);
        let taken = &self.lines[line as usize].alternatives;
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
