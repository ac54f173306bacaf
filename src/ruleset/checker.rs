//! What the resolution of groups and of rules share: the faults found, and the limits that keep a
//! hostile configuration from taking all memory.

use crate::config::{Config, Text};
use crate::forge::Forge;
use crate::owner::Owner;
use crate::text::nearest::Suggestions;
use crate::text::{Diagnostic, Faults, FileId, Sources};

/// The most patterns that a whole configuration may expand to: those of rules, of exceptions and of
/// exemptions.
pub(crate) const MAX_PATTERNS: usize = 150_000;
/// The most parts that these may have together: segments, those of the directories that they apply to
/// included, and texts and wildcards in segments. Each takes as much memory as dozens of characters.
pub(crate) const MAX_PARTS: usize = 1_000_000;
/// The most owners that a rule may have. Each may be named for each path.
pub(crate) const MAX_RULE_OWNERS: usize = 1000;
/// The most owners and groups that all groups and rules may list together, when groups are written
/// out: a chain of groups that each add one to the one before is quadratic.
pub(crate) const MAX_OWNERS: usize = 4_000_000;
/// The most characters that all patterns, each with its owners, may expand to together, about.
const MAX_TEXT: usize = 5_000_000;

/// Faults and limits.
pub(super) struct Checker<'c> {
    pub(super) sources: &'c Sources,
    pub(super) faults: Faults,
    /// The forges that owners have to be known on.
    forges: Vec<Forge>,
    /// How many more owners and groups the groups and rules may resolve to.
    owners_left: usize,
    /// How many more patterns there may be.
    patterns_left: usize,
    /// How many more parts they may have.
    parts_left: usize,
    /// How many more characters the patterns and their owners may expand to.
    text_left: usize,
    /// Whether one of these was too few.
    is_exhausted: bool,
    suggestions: Suggestions,
}

/// What a text among owners is: names never hold an `@`, owners always do.
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

    /// Whether some limit was exceeded, so that it is useless to go on.
    pub(super) fn is_exhausted(&self) -> bool {
        self.is_exhausted
    }

    /// Takes `count` owners and groups off what may be resolved; reports at `place` when that is used
    /// up.
    pub(super) fn spend_owners(&mut self, count: usize, file: FileId, place: &Text) {
        if take(&mut self.owners_left, count) {
            return;
        }
        let message =
            format!("groups and rules list more than {MAX_OWNERS} owners and groups in all");
        let help = "use fewer groups in groups, or give groups a `team`";
        self.exhaust(message, help, file, place);
    }

    /// How many characters the names of `owners` have; of too many, just more than there may be.
    pub(super) fn length_of(&self, owners: &[Owner]) -> usize {
        if owners.len() > self.text_left {
            return owners.len();
        }
        owners.iter().map(|owner| owner.as_str().len() + 1).sum()
    }

    /// Takes `patterns` off what may be expanded, with `segments` in all; reports at `place` that these
    /// are too many.
    pub(super) fn spend_patterns(
        &mut self,
        patterns: usize,
        parts: usize,
        file: FileId,
        place: &Text,
    ) -> bool {
        let help = "use `*` in place of long lists of paths";
        let message = if !take(&mut self.patterns_left, patterns) {
            format!("there are more than {MAX_PATTERNS} patterns in all")
        } else if !take(&mut self.parts_left, parts) {
            format!(
                "the patterns have more than {MAX_PARTS} segments and wildcards in all, the segments \
                 of the directories that they apply to included"
            )
        } else {
            return true;
        };
        self.exhaust(message, help, file, place);
        false
    }

    /// Takes `count` characters off what patterns and their owners may expand to; reports at `place`
    /// that there are too many.
    pub(super) fn spend_text(&mut self, count: usize, file: FileId, place: &Text) -> bool {
        let fits = take(&mut self.text_left, count);
        if !fits {
            let message = format!(
                "the patterns and their owners expand to more than {MAX_TEXT} characters in all"
            );
            let help = "use `*` instead of listing so many alternatives, and give groups a `team`";
            self.exhaust(message, help, file, place);
        }
        fits
    }

    /// Reports that a limit is exceeded, the first time that one is.
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

    /// Takes `text` as an owner, or reports why it is none.
    pub(super) fn owner(&mut self, file: FileId, text: &Text) -> Option<Owner> {
        for &forge in &self.forges {
            if let Err(error) = forge.owner(&text.value) {
                let (shown, title) = (text.value.escape_debug(), forge.title);
                self.faults.push(
                    Diagnostic::error(format!("`{shown}` is not an owner on {title}"))
                        .at(file, text.span.clone(), error.reason)
                        .help(owner_slip(&text.value).unwrap_or(error.help)),
                );
                return None;
            }
        }
        Some(Owner::unchecked(&text.value))
    }

    /// Takes `text` as the team of a group, or reports why it is none.
    pub(super) fn team(&mut self, file: FileId, text: &Text) -> Option<Owner> {
        let (shown, label) = if is_group_name(&text.value) {
            (
                text.value.escape_debug().to_string(),
                "a team is an owner, not a group",
            )
        } else {
            let owner = self.owner(file, text)?;
            if (self.forges.iter()).all(|forge| forge.dialect.is_team(&owner)) {
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

    /// Reports a name that is no group's. `known` are the groups that could have been meant.
    pub(super) fn unknown_group<'n>(
        &mut self,
        file: FileId,
        name: &Text,
        known: impl Iterator<Item = &'n str>,
    ) {
        let help = owner_slip(&name.value)
            .or_else(|| self.suggestions.did_you_mean(&name.value, known))
            .unwrap_or_else(|| unknown_help(&name.value));
        let message = format!("unknown group `{}`", name.value.escape_debug());
        self.faults.push(
            Diagnostic::error(message)
                .at(file, name.span.clone(), "not defined in `[groups]`")
                .help(help),
        );
    }
}

/// Takes `count` off what is left, or all of it if that is less; whether it was enough.
fn take(left: &mut usize, count: usize) -> bool {
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

/// The help for a text that would be owners but for a slip of the hand.
fn owner_slip(text: &str) -> Option<String> {
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
