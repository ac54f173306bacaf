//! Faults and limits, shared by the resolution of groups and of rules. The limits keep a hostile
//! configuration from using up the memory.

use crate::config::{Config, Text};
use crate::forge::{Forge, Selectors};
use crate::owner::{Owner, OwnerKind};
use crate::text::nearest::Suggestions;
use crate::text::toml::quoted;
use crate::text::{Diagnostic, Faults, FileId, Sources};

/// The maximum number of patterns of a configuration after expansion: those of rules, exceptions
/// and exemptions.
pub(crate) const MAX_PATTERNS: usize = 100_000;
/// The maximum number of parts of these patterns: segments, including those of the directory that
/// they apply to, and texts and wildcards in segments. Each part takes as much memory as dozens of
/// characters.
pub(crate) const MAX_PARTS: usize = 1_000_000;
/// The maximum number of owners of a rule. A report may list them for each path.
pub(crate) const MAX_RULE_OWNERS: usize = 1000;
/// The maximum number of rules that add which may apply to one path: those of a file and of the files
/// above it.
pub(crate) const MAX_ADDITIONS: usize = 1000;
/// The maximum number of owners that these rules list together. A report may list them for each path.
pub(crate) const MAX_ADDED_OWNERS: usize = 4_000;
/// The maximum number of owners and groups in all groups and rules, with groups replaced by their
/// members. A chain of groups that each add one member to the previous group grows quadratically.
pub(crate) const MAX_OWNERS: usize = 4_000_000;
/// The approximate maximum number of characters of all patterns with their owners after expansion.
pub(crate) const MAX_TEXT: usize = 5_000_000;
/// The help for too many patterns, or too many parts of them.
const FEWER_PATTERNS: &str = "use `*` in place of long lists of paths";

/// Collects faults and counts towards the limits.
pub(super) struct Checker<'c> {
    pub(super) sources: &'c Sources,
    pub(super) faults: Faults,
    /// The forges that must accept the owners.
    forges: Vec<Forge>,
    /// How many more owners and groups are allowed.
    owners_left: usize,
    /// How many more patterns are allowed.
    patterns_left: usize,
    /// How many more parts are allowed.
    parts_left: usize,
    /// How many more characters are allowed.
    text_left: usize,
    /// Whether a limit was exceeded.
    is_exhausted: bool,
    suggestions: Suggestions,
}

/// The rules that add of a file and of the files above it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Added {
    rules: usize,
    /// The owners in them.
    owners: usize,
}

/// Whether a text in a list of owners names a group. Group names never contain `@`, owners always
/// do.
pub(super) fn is_group_name(text: &str) -> bool {
    !text.contains('@')
}

impl<'c> Checker<'c> {
    pub(super) fn new(root: &Config, sources: &'c Sources) -> Self {
        let has_output = |forge: &&Forge| root.outputs.iter().any(|output| output.forge == **forge);
        let forges = Forge::ALL.iter().filter(has_output).copied().collect();
        Checker {
            sources,
            faults: Faults::default(),
            forges,
            owners_left: MAX_OWNERS,
            patterns_left: MAX_PATTERNS,
            parts_left: MAX_PARTS,
            text_left: MAX_TEXT,
            is_exhausted: false,
            suggestions: Suggestions::default(),
        }
    }

    /// Whether a limit was exceeded. Then there is no point in going on.
    pub(super) fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }

    /// Counts `count` owners and groups. Reports at `place` if there are too many.
    pub(super) fn spend_owners(&mut self, count: usize, file: FileId, place: &Text) {
        if subtract(&mut self.owners_left, count) {
            return;
        }
        let message =
            format!("groups and rules list more than {MAX_OWNERS} owners and groups in all");
        let help = "use fewer groups in groups, or give groups a `team`";
        self.exhaust(message, help, file, place);
    }

    /// The number of characters of the names of `owners`. If there are very many, any number above
    /// the limit.
    pub(super) fn length_of(&self, owners: &[Owner]) -> usize {
        if owners.len() > self.text_left {
            return owners.len();
        }
        owners.iter().map(|owner| owner.as_str().len() + 1).sum()
    }

    /// Counts a rule that adds `count` owners, in `added`: the rules that add and may apply to the same
    /// path, and their owners. Reports at `place` if there are too many.
    pub(super) fn spend_added(
        &mut self,
        added: &mut Added,
        count: usize,
        file: FileId,
        place: &Text,
    ) -> bool {
        added.rules += 1;
        added.owners += count;
        let (most, what) = match added.rules > MAX_ADDITIONS {
            true => (MAX_ADDITIONS, "rules with `add`"),
            false => (MAX_ADDED_OWNERS, "owners in rules with `add`"),
        };
        let fits = added.rules <= MAX_ADDITIONS && added.owners <= MAX_ADDED_OWNERS;
        if !fits {
            let message = format!("this file and those above it have more than {most} {what}");
            let help = "use one rule with alternatives for several, and name teams";
            self.exhaust(message, help, file, place);
        }
        fits
    }

    /// Counts `count` patterns. Reports at `place` if there are too many.
    pub(super) fn spend_patterns(&mut self, count: usize, file: FileId, place: &Text) -> bool {
        let fits = subtract(&mut self.patterns_left, count);
        if !fits {
            let message = format!("there are more than {MAX_PATTERNS} patterns in all");
            self.exhaust(message, FEWER_PATTERNS, file, place);
        }
        fits
    }

    /// Counts `count` parts of patterns. Reports at `place` if there are too many.
    pub(super) fn spend_parts(&mut self, count: usize, file: FileId, place: &Text) -> bool {
        let fits = subtract(&mut self.parts_left, count);
        if !fits {
            let message = format!(
                "the patterns have more than {MAX_PARTS} segments and wildcards in all, the segments \
                 of the directories that they apply to included"
            );
            self.exhaust(message, FEWER_PATTERNS, file, place);
        }
        fits
    }

    /// Counts `count` characters of expanded patterns and owners. Reports at `place` if there are
    /// too many.
    pub(super) fn spend_text(&mut self, count: usize, file: FileId, place: &Text) -> bool {
        let fits = subtract(&mut self.text_left, count);
        if !fits {
            let message = format!(
                "the patterns and their owners expand to more than {MAX_TEXT} characters in all"
            );
            let help = "use `*` instead of listing so many alternatives, and give groups a `team`";
            self.exhaust(message, help, file, place);
        }
        fits
    }

    /// Reports an exceeded limit, but only the first one.
    fn exhaust(&mut self, message: String, help: &str, file: FileId, place: &Text) {
        if std::mem::replace(&mut self.is_exhausted, true) {
            return;
        }
        self.faults.push(
            Diagnostic::error(message)
                .at(file, place.span.clone(), "too many with this one")
                .help(help),
        );
    }

    /// Reads `text` as the selector of a team, or reports why it is not one.
    pub(super) fn selector<'t>(&mut self, file: FileId, text: &'t Text) -> Option<&'t str> {
        let all = self
            .forges
            .iter()
            .filter_map(|forge| forge.dialect.selectors());
        let all: Vec<&Selectors> = all.collect();
        if all.iter().any(|each| (each.is_one)(&text.value)) {
            return Some(&text.value);
        }
        let (label, help) = match all.first() {
            Some(known) => (String::new(), format!("write {}", known.forms())),
            None => {
                let titles: Vec<&str> = Forge::with_selectors().map(|forge| forge.title).collect();
                let names = Forge::with_selectors().map(|forge| forge.name);
                let names: Vec<String> = names
                    .map(|name| format!("`platform = {}`", quoted(name)))
                    .collect();
                (
                    format!("only {} has selectors", titles.join(" and ")),
                    format!(
                        "remove `select`, or add an output with {}",
                        names.join(" or ")
                    ),
                )
            }
        };
        let message = match all.is_empty() {
            true => "`select` has no effect".to_string(),
            false => format!("`{}` is not a selector", text.value.escape_debug()),
        };
        let fault = Diagnostic::error(message).at(file, text.span.clone(), label);
        self.faults.push(fault.help(help));
        None
    }

    /// Reports an owner with a selector, which belongs to a group.
    fn selector_of_owner(&mut self, file: FileId, text: &Text) -> Option<()> {
        let (name, selector) = Forge::split_selector(&text.value)?;
        let has_selectors = |forge: &Forge| forge.dialect.selectors().is_some();
        let help = match self.forges.iter().any(has_selectors) {
            true if Owner::unchecked(name).kind() != OwnerKind::Team => {
                format!("write `{name}`: only groups and teams have selectors")
            }
            true => {
                let slug = name.rsplit(['/', '@']).next().unwrap_or(name);
                format!(
                    "name a group instead, such as `{slug}`:\n[groups.{slug}]\nteam = {}\nselect = {}",
                    quoted(name),
                    quoted(selector)
                )
            }
            false => {
                let titles: Vec<&str> = Forge::with_selectors().map(|forge| forge.title).collect();
                format!(
                    "write `{name}`: only {} has selectors",
                    titles.join(" and ")
                )
            }
        };
        let fault = Diagnostic::error(format!("`{}` is not an owner", text.value.escape_debug()));
        let label = format!("`:{selector}` is a selector, not a part of the name");
        self.faults
            .push(fault.at(file, text.span.clone(), label).help(help));
        Some(())
    }

    /// Reads `text` as an owner, or reports why it is not one.
    pub(super) fn owner(&mut self, file: FileId, text: &Text) -> Option<Owner> {
        if self.selector_of_owner(file, text).is_some() {
            return None;
        }
        for &forge in &self.forges {
            if let Err(error) = forge.owner(&text.value) {
                let (shown, title) = (text.value.escape_debug(), forge.title);
                self.faults.push(
                    Diagnostic::error(format!("`{shown}` is not an owner on {title}"))
                        .at(file, text.span.clone(), error.reason)
                        .help(owner_mistake_help(&text.value).unwrap_or(error.help)),
                );
                return None;
            }
        }
        Some(Owner::unchecked(&text.value))
    }

    /// Reads `text` as the team of a group, or reports why it is not one.
    pub(super) fn team(&mut self, file: FileId, text: &Text) -> Option<Owner> {
        let (shown, label) = if is_group_name(&text.value) {
            (
                text.value.escape_debug().to_string(),
                "a team is an owner, not a group",
            )
        } else {
            let owner = self.owner(file, text)?;
            let is_team = |forge: &Forge| forge.dialect.is_team(&owner);
            if self.forges.iter().all(is_team) {
                return Some(owner);
            }
            (owner.to_string(), "a team is named with its organization")
        };
        self.faults.push(
            Diagnostic::error(format!("`{shown}` is not a team"))
                .at(file, text.span.clone(), label)
                .help("write `team = \"@org/team\"`, or put it among the `members`"),
        );
        None
    }

    /// Reports an unknown group. `is_alone`: a rule names nothing else. `known` are the groups to
    /// suggest.
    pub(super) fn unknown_group<'n>(
        &mut self,
        file: FileId,
        name: &Text,
        is_alone: bool,
        known: impl Iterator<Item = &'n str>,
    ) {
        let message = format!("unknown group `{}`", name.value.escape_debug());
        let fault =
            Diagnostic::error(message).at(file, name.span.clone(), "not defined in `[groups]`");
        let mistake =
            nobody_help(&name.value, is_alone).or_else(|| owner_mistake_help(&name.value));
        self.faults.push(match mistake {
            Some(help) => fault.help(help),
            None => match self.suggestions.nearest(&name.value, known) {
                Some(meant) => fault.did_you_mean(file, name.span.clone(), meant, quoted(meant)),
                None => fault.help(unknown_help(&name.value)),
            },
        });
    }
}

/// Subtracts `count` from `left`, down to 0. Returns whether enough was left.
fn subtract(left: &mut usize, count: usize) -> bool {
    let rest = left.checked_sub(count);
    *left = rest.unwrap_or(0);
    rest.is_some()
}

fn unknown_help(name: &str) -> String {
    let is_plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    if name.is_empty() || !is_plain {
        "write the name of a group, `@user`, `@org/team` or an e-mail address".to_string()
    } else if name.contains('/') {
        format!("an owner starts with `@`: `@{name}`")
    } else {
        format!("define it under `[groups]`: `{name} = [\"@user\"]`; a user is written `@{name}`")
    }
}

/// The help for a word that means nobody.
fn nobody_help(name: &str, is_alone: bool) -> Option<String> {
    const WORDS: [&str; 7] = ["nobody", "none", "noone", "no-one", "no_one", "null", "nil"];
    let word = name.trim_start_matches('(').trim_end_matches(')');
    let is_nobody = WORDS.iter().any(|each| each.eq_ignore_ascii_case(word));
    is_nobody.then(|| match is_alone {
        true => "if nobody owns it, write `[]` as its owners".to_string(),
        false => "leave it out; a rule says with `[]` alone that nobody owns a path".to_string(),
    })
}

/// The help for a text that looks like owners with a common mistake.
fn owner_mistake_help(text: &str) -> Option<String> {
    const SEPARATORS: [char; 4] = [' ', '\t', ',', ';'];
    let trimmed = text.trim_matches(SEPARATORS);
    if trimmed.is_empty() {
        return None;
    }
    let words: Vec<&str> = trimmed
        .split(SEPARATORS)
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() == 1 {
        return (trimmed != text).then(|| {
            format!("write `\"{trimmed}\"`, without blanks, commas or semicolons around it")
        });
    }
    let are_owners = text.contains([',', ';']) || words.iter().all(|word| word.contains('@'));
    are_owners.then(|| {
        let words: Vec<String> = words
            .iter()
            .take(5)
            .map(|word| format!("\"{word}\""))
            .collect();
        format!("write several as an array: [{}]", words.join(", "))
    })
}
