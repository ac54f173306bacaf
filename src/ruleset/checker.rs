//! What the resolution of groups and of rules share: the faults found, and the limits that keep a
//! hostile configuration from taking all memory.

use crate::config::{Config, Text};
use crate::diagnostic::{Diagnostic, FileId, Sources};
use crate::owner::{Owner, OwnerKind};
use crate::platform::Platform;
use crate::suggest;

/// The most owners that all groups and rules may list together, when groups are written out: a
/// chain of groups that each add one to the one before is quadratic.
const MAX_OWNERS: usize = 10_000_000;
/// The most patterns that rules, exceptions and exemptions may expand to together.
const MAX_PATTERNS: usize = 150_000;
/// The most characters that all patterns, each with its owners, may expand to together, about.
const MAX_TEXT: usize = 5_000_000;
/// The most segments, texts and wildcards that all patterns may have together: each takes as much
/// memory as dozens of characters.
const MAX_PARTS: usize = 1_000_000;

/// Faults and limits.
pub(super) struct Checker<'c> {
    pub(super) sources: &'c Sources,
    pub(super) faults: Vec<Diagnostic>,
    /// The platforms that owners have to be known on.
    platforms: Vec<Platform>,
    /// How many more owners the groups and rules may resolve to; none if they did to more.
    owners_left: Option<usize>,
    /// How many more patterns there may be; none if there were more.
    patterns_left: Option<usize>,
    /// How many more characters the patterns and their owners may expand to.
    text_left: usize,
    /// How many more parts the patterns may have.
    parts_left: usize,
    unknown_names: usize,
}

/// What a text among owners is: names never hold an `@`, owners always do.
pub(super) fn is_group_name(text: &str) -> bool {
    !text.contains('@')
}

impl<'c> Checker<'c> {
    pub(super) fn new(root: &Config, sources: &'c Sources) -> Self {
        let mut platforms: Vec<Platform> =
            root.outputs.iter().map(|output| output.platform).collect();
        platforms.sort_unstable();
        platforms.dedup();
        Checker {
            sources,
            faults: Vec::new(),
            platforms,
            owners_left: Some(MAX_OWNERS),
            patterns_left: Some(MAX_PATTERNS),
            text_left: MAX_TEXT,
            parts_left: MAX_PARTS,
            unknown_names: 0,
        }
    }

    /// Whether some limit was reached that makes it useless to go on.
    pub(super) fn is_exhausted(&self) -> bool {
        self.owners_left.is_none() || self.patterns_left.is_none()
    }

    /// Takes `count` patterns off what there may be, or reports that there are too many.
    pub(super) fn spend_patterns(&mut self, count: usize, file: FileId, place: &Text) -> bool {
        let Some(left) = self.patterns_left else {
            return false;
        };
        self.patterns_left = left.checked_sub(count);
        if self.patterns_left.is_none() {
            self.faults.push(
                Diagnostic::error(format!("more than {MAX_PATTERNS} patterns in all"))
                    .at(file, place.span.clone(), "one too many here")
                    .help("use `*` instead of listing so many alternatives"),
            );
        }
        self.patterns_left.is_some()
    }

    /// Takes `count` owners off what may be resolved; reports at `place` when that is used up.
    pub(super) fn spend_owners(&mut self, count: usize, file: FileId, place: &Text) {
        let Some(left) = self.owners_left else {
            return;
        };
        self.owners_left = left.checked_sub(count);
        if self.owners_left.is_none() {
            self.faults.push(
                Diagnostic::error(format!("more than {MAX_OWNERS} owners in all"))
                    .at(file, place.span.clone(), "one too many here")
                    .help("let groups name fewer other groups, or give them a `team`"),
            );
        }
    }

    /// How many characters the names of `owners` have; of too many, just more than there may be.
    pub(super) fn length_of(&self, owners: &[Owner]) -> usize {
        if owners.len() > self.text_left {
            return owners.len();
        }
        owners.iter().map(|owner| owner.as_str().len() + 1).sum()
    }

    /// Takes `count` characters off what patterns and their owners may expand to, or reports that there are too
    /// many.
    pub(super) fn spend_text(&mut self, count: usize, file: FileId, place: &Text) -> bool {
        let left = self.text_left.checked_sub(count);
        self.text_left = left.unwrap_or(0);
        if left.is_none() {
            let message = format!(
                "the patterns and their owners expand to more than {MAX_TEXT} characters in all"
            );
            self.faults.push(
                Diagnostic::error(message)
                    .at(file, place.span.clone(), "too many here")
                    .help("use `*` instead of listing so many alternatives"),
            );
        }
        left.is_some()
    }

    /// Takes `count` parts off what patterns may have, or reports that there are too many.
    pub(super) fn spend_parts(&mut self, count: usize, file: FileId, place: &Text) -> bool {
        let left = self.parts_left.checked_sub(count);
        self.parts_left = left.unwrap_or(0);
        if left.is_none() {
            let message =
                format!("the patterns have more than {MAX_PARTS} segments and wildcards in all");
            self.faults.push(
                Diagnostic::error(message)
                    .at(file, place.span.clone(), "too many here")
                    .help("use `*` instead of listing so many alternatives"),
            );
        }
        left.is_some()
    }

    /// Takes `text` as an owner, or reports why it is none.
    pub(super) fn owner(&mut self, file: FileId, text: &Text) -> Option<Owner> {
        for &platform in &self.platforms {
            if let Err(error) = Owner::parse(&text.value, platform) {
                let (shown, title) = (text.value.escape_debug(), platform.title());
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
            // On GitLab a group at the top has a name like a user's.
            if !self.platforms.contains(&Platform::GitHub) || owner.kind() == OwnerKind::Team {
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
        // To compare with every name takes time: a file with thousands of unknown names has another
        // problem than spelling.
        self.unknown_names += 1;
        let known = (self.unknown_names <= 20).then_some(known);
        let help = owner_slip(&name.value)
            .or_else(|| suggest::did_you_mean(&name.value, known.into_iter().flatten()))
            .unwrap_or_else(|| unknown_help(&name.value));
        let message = format!("unknown group `{}`", name.value.escape_debug());
        self.faults.push(
            Diagnostic::error(message)
                .at(file, name.span.clone(), "not defined in `[groups]`")
                .help(help),
        );
    }
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
        return (trimmed != text).then(|| format!("write `\"{trimmed}\"`, with nothing around it"));
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
