//! `near-duplicate-owner`: `@org/docs-maintainer` and `@org/docs-maintainers` in one configuration.
//! One of them is probably misspelled, and then its lines request a review from nobody.
//!
//! Forges accept any name, so only the other owners of the configuration can tell. But names that
//! differ by a letter are often meant: `@org/team-a` and `@org/team-b`, `@bob` and `@rob`. So two
//! owners are compared word by word, and only differences that are seldom meant are reported:
//!
//! - the same letters with other separators: `user-experience`, `user_experience`;
//! - in a team, an `s` at the end of a word: `experience`, `experiences`;
//! - two letters swapped, or one doubled: `maintianers`, `maintainners`;
//! - one letter more, less or other in a long word, but not the first.
//!
//! A difference in a digit is never reported. Neither is one in case: that is the same owner.

use rustc_hash::FxHashMap;

use super::{Context, Findings};
use crate::config::{Config, Text};
use crate::ids::Id as _;
use crate::owner::{Owner, OwnerKind};
use crate::project::Project;
use crate::ruleset::Rule;
use crate::text::{Diagnostic, Location, counted};

/// A word with fewer letters may be something else with an `s`.
const MIN_PLURAL: usize = 5;
/// A word with fewer letters may be another word with two letters swapped or one doubled.
const MIN_SLIP: usize = 6;
/// A word with fewer letters may be another word with one letter more, less or other.
const MIN_EDITED: usize = 9;
/// The logins of two people may be alike, so they must be longer.
const MIN_LOGIN: usize = 10;
/// Longer names are not compared.
const MAX_LENGTH: usize = 100;
/// The most names that are compared.
const MAX_NAMES: usize = 20_000;
/// The most pairs of names that are compared.
const MAX_PAIRS: usize = 200_000;

pub(super) fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut used = match context.project.codeowners {
        Some(_) => used_in_lines(context),
        None => used_in_configuration(context),
    };
    used.sort_by_key(|each| (each.location.file, each.location.span.start));
    for (a, b) in near_pairs(&used) {
        findings.report(describe(&used[a], &used[b]));
    }
}

/// An owner.
struct UsedOwner<'c> {
    name: &'c str,
    /// How often it occurs.
    count: usize,
    /// Where it occurs first.
    location: Location,
}

/// The owners of a configuration, in all its files.
fn used_in_configuration<'c>(context: &Context<'c>) -> Vec<UsedOwner<'c>> {
    let project = context.project;
    let mut found = OwnerCounts::default();
    for config in std::iter::once(&project.config).chain(&project.nested) {
        for text in texts(config).filter(|text| text.value.contains('@')) {
            let location = || Location {
                file: config.file,
                span: text.span.clone(),
            };
            found.add(&text.value, location);
        }
    }
    found.owners
}

/// The texts that may be owners.
fn texts(config: &Config) -> impl Iterator<Item = &Text> {
    let groups = config.groups.iter();
    let of_groups = groups.flat_map(|group| group.team.iter().chain(&group.members));
    of_groups
        .chain(config.named_owners())
        .chain(config.notified())
}

/// The owners of the lines of a CODEOWNERS file.
fn used_in_lines<'c>(context: &Context<'c>) -> Vec<UsedOwner<'c>> {
    let project = context.project;
    let mut found = OwnerCounts::default();
    for rule in project.rules.rules() {
        for owner in rule.owners.iter() {
            let name = owner.as_str();
            found.add(name, || in_line(project, rule, name));
        }
    }
    found.owners
}

/// Where an owner of a line is written: behind the pattern or, for the default owners of a section,
/// in the heading.
pub(super) fn in_line(project: &Project, rule: &Rule, name: &str) -> Location {
    let source = &project.sources[rule.file];
    let on_line = rule.pattern.span.end..rule.span.end;
    let (number, _) = source.line(rule.span.start);
    let section = project.codeowners.as_ref().map(|by_hand| {
        let sections = &by_hand.file.sections;
        sections[rule.section.index()].headings.iter().rev()
    });
    let headings = section.into_iter().flatten();
    let heading = headings.copied().find(|&heading| heading < number);
    let heading = heading.and_then(|heading| source.line_range(heading));
    for range in [Some(on_line), heading].into_iter().flatten() {
        if let Some(at) = find_word(&source.text[range.clone()], name) {
            let start = range.start + at;
            return Location {
                file: rule.file,
                span: start..start + name.len(),
            };
        }
    }
    rule.location()
}

fn find_word(text: &str, word: &str) -> Option<usize> {
    let is_whole = |at: &usize| {
        let behind = text[at + word.len()..].chars().next();
        text[..*at].ends_with(char::is_whitespace) && behind.is_none_or(char::is_whitespace)
    };
    let mut found = text.match_indices(word).map(|(at, _)| at);
    found.find(is_whole)
}

#[derive(Default)]
struct OwnerCounts<'c> {
    indices: FxHashMap<&'c str, usize>,
    owners: Vec<UsedOwner<'c>>,
}

impl<'c> OwnerCounts<'c> {
    fn add(&mut self, name: &'c str, location: impl FnOnce() -> Location) {
        let next = self.owners.len();
        let index = *self.indices.entry(name).or_insert(next);
        if index == next {
            self.owners.push(UsedOwner {
                name,
                count: 0,
                location: location(),
            });
        }
        self.owners[index].count += 1;
    }
}

/// Points at the owner that is used less often, because that one is probably wrong.
fn describe(a: &UsedOwner<'_>, b: &UsedOwner<'_>) -> Diagnostic {
    let (rare, common) = if a.count < b.count { (a, b) } else { (b, a) };
    let is_same_text = without_separators(rare.name) == without_separators(common.name);
    let what = if is_same_text {
        "in their separators"
    } else {
        "by a letter"
    };
    Diagnostic::error(format!(
        "`{}` and `{}` differ only {what}",
        rare.name, common.name
    ))
    .at(
        rare.location.file,
        rare.location.span.clone(),
        used(rare.count),
    )
    .at(
        common.location.file,
        common.location.span.clone(),
        used(common.count),
    )
    .help(format!(
        "if both mean the same owner, write `{}` everywhere",
        common.name
    ))
}

fn used(count: usize) -> String {
    format!(
        "used {}",
        match count {
            1 => "once".to_string(),
            _ => counted(count, "time"),
        }
    )
}

/// The pairs of owners that are probably meant to be one, each as indices in order.
fn near_pairs(used: &[UsedOwner<'_>]) -> Vec<(usize, usize)> {
    let names = used.iter().take(MAX_NAMES).map(|each| Name::new(each.name));
    let names: Vec<Name> = names.collect();
    // Two names can be near only if they are equal without their separators, or after a letter is
    // removed from one or both. So only names with such a text in common are compared.
    let mut keys: Vec<(u64, usize)> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        name.for_each_key(|key| keys.push((key, index)));
    }
    keys.sort_unstable();
    keys.dedup();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for alike in keys.chunk_by(|(a, _), (b, _)| a == b) {
        for (at, &(_, first)) in alike.iter().enumerate() {
            let others = &alike[at + 1..];
            if pairs.len() + others.len() > MAX_PAIRS {
                break;
            }
            pairs.extend(others.iter().map(|&(_, other)| (first, other)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs.retain(|&(a, b)| names[a].is_near(&names[b]));
    pairs
}

/// The name of an owner, compared without regard to case.
struct Name {
    kind: OwnerKind,
    folded: String,
    /// Without separators.
    letters: String,
}

impl Name {
    fn new(text: &str) -> Self {
        let owner = Owner::unchecked(text);
        let folded = owner.folded();
        Name {
            kind: owner.kind(),
            letters: without_separators(&folded),
            folded,
        }
    }

    /// Calls `take` with hashes of the name without separators, and of that with any one byte
    /// removed that is not a digit. The hashes of names with other digits are different, because a
    /// difference in a digit is never reported, and there are many names such as `team-12`.
    fn for_each_key(&self, mut take: impl FnMut(u64)) {
        const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
        if self.folded.len() > MAX_LENGTH {
            return;
        }
        let text = &self.letters;
        // The value of a text is a polynomial of its bytes, so that of a part follows from the
        // values of two starts of the text.
        let mut starts = vec![0_u64];
        let mut powers = vec![1_u64];
        for (at, byte) in text.bytes().enumerate() {
            starts.push(
                starts[at]
                    .wrapping_mul(BASE)
                    .wrapping_add(u64::from(byte) + 1),
            );
            powers.push(powers[at].wrapping_mul(BASE));
        }
        let digits = text.bytes().filter(u8::is_ascii_digit);
        let digits = digits.fold(1_u64, |sum, digit| {
            (sum ^ u64::from(digit)).wrapping_mul(BASE)
        });
        let whole = starts[text.len()];
        take(whole ^ digits);
        for (at, _) in text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| !byte.is_ascii_digit())
        {
            let power = powers[text.len() - at - 1];
            let behind = whole.wrapping_sub(starts[at + 1].wrapping_mul(power));
            take(starts[at].wrapping_mul(power).wrapping_add(behind) ^ digits);
        }
    }

    /// Whether two names are probably meant to be one.
    fn is_near(&self, other: &Name) -> bool {
        if self.kind != other.kind || self.folded == other.folded {
            return false;
        }
        if self.letters == other.letters {
            return self.is_same_without_separators(other);
        }
        let (a, b) = (words(&self.folded), words(&other.folded));
        if a.len() != b.len() {
            return false;
        }
        let mut different = a.iter().zip(&b).filter(|(a, b)| a != b);
        match (different.next(), different.next()) {
            (Some((a, b)), None) => is_slip(a, b, self.kind),
            _ => false,
        }
    }

    /// Whether separators are all that differs, and not between an organization and its team.
    fn is_same_without_separators(&self, other: &Name) -> bool {
        let parts = |name: &str| -> Vec<String> {
            name.split(['/', '@']).map(without_separators).collect()
        };
        // `team-1-1` and `team-11` are different.
        let has_digit_pair = |name: &str| {
            let digits = words(name)
                .into_iter()
                .filter(|word| word.bytes().all(|b| b.is_ascii_digit()));
            digits.count()
        };
        parts(&self.folded) == parts(&other.folded)
            && has_digit_pair(&self.folded) == has_digit_pair(&other.folded)
            && self.folded.len() >= MIN_SLIP
    }
}

fn is_separator(character: char) -> bool {
    !character.is_alphanumeric()
}

fn words(name: &str) -> Vec<&str> {
    name.split(is_separator).collect()
}

fn without_separators(name: &str) -> String {
    let letters = name.chars().filter(|&c| !is_separator(c));
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether one word is probably the other one, misspelled.
fn is_slip(a: &str, b: &str, kind: OwnerKind) -> bool {
    let (short, long): (Vec<char>, Vec<char>) = match a.chars().count() <= b.chars().count() {
        true => (a.chars().collect(), b.chars().collect()),
        false => (b.chars().collect(), a.chars().collect()),
    };
    let start = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    // The first letter is seldom a slip, and often the difference between two words.
    if start == 0 {
        return false;
    }
    let (short_rest, long_rest) = (&short[start..], &long[start..]);
    let is_login = kind != OwnerKind::Team;
    let least = |length: usize| {
        if is_login {
            length.max(MIN_LOGIN)
        } else {
            length
        }
    };
    let is_letter = |c: &char| c.is_alphabetic();
    match (short_rest, long_rest) {
        // One letter more.
        (rest, [extra, behind @ ..]) if rest == behind && is_letter(extra) => {
            if rest.is_empty() && *extra == 's' && !is_login {
                return short.len() >= MIN_PLURAL;
            }
            let is_doubled = long[start - 1] == *extra;
            short.len() >= least(if is_doubled { MIN_SLIP } else { MIN_EDITED })
        }
        // Two letters swapped.
        ([a, b, rest @ ..], [c, d, behind @ ..])
            if a == d && b == c && rest == behind && is_letter(a) && is_letter(b) =>
        {
            short.len() >= least(MIN_SLIP)
        }
        // Another letter.
        ([a, rest @ ..], [b, behind @ ..]) if rest == behind && is_letter(a) && is_letter(b) => {
            short.len() >= least(MIN_EDITED)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(names: &[&str]) -> Vec<String> {
        let used: Vec<UsedOwner<'_>> = (names.iter())
            .map(|&name| UsedOwner {
                name,
                count: 1,
                location: Location {
                    file: crate::text::FileId::ROOT,
                    span: 0..0,
                },
            })
            .collect();
        let pairs = near_pairs(&used).into_iter();
        pairs
            .map(|(a, b)| format!("{} {}", names[a], names[b]))
            .collect()
    }

    #[test]
    fn what_is_one_owner() {
        for (a, b) in [
            (
                "@o/wg-user-experience-maintainers",
                "@o/wg-user-experiences-maintainers",
            ),
            ("@o/docs-maintainer", "@o/docs-maintainers"),
            ("@o/user-experience", "@O/user_experience"),
            ("@o/userexperience", "@o/user-experience"),
            ("@o/maintianers", "@o/maintainers"),
            ("@o/commitee", "@o/committee"),
            ("@bytecodealiance/x", "@bytecodealliance/x"),
            ("@o/infrastructure", "@o/infrastracture"),
            ("@jane-smith", "@janesmith"),
            ("@christopherson", "@christoperson"),
            ("documentation@example.com", "documentaton@example.com"),
        ] {
            assert_eq!(pairs(&[a, b]), [format!("{a} {b}")]);
        }
    }

    #[test]
    fn what_is_two_owners() {
        for (a, b) in [
            ("@o/team-a", "@o/team-b"),
            ("@o/team-1", "@o/team-2"),
            ("@o/team-1-1", "@o/team-11"),
            ("@o/team", "@o/team-1"),
            ("@o/platform-v1-reviewers", "@o/platform-v2-reviewers"),
            ("@bob", "@rob"),
            ("@peter", "@peters"),
            ("@matthew", "@mathew"),
            ("@o/Docs", "@o/docs"),
            ("@o/linker", "@o/linter"),
            ("@o/tracing", "@o/tracking"),
            ("@o/testing", "@o/hosting"),
            ("@o/infrastructure", "@o/restructure"),
            ("@ab/c", "@a/bc"),
            ("@o/docs", "@o-docs"),
            ("@o/east-clients", "@o/west-clients"),
            ("@o/internalization", "@o/externalization"),
        ] {
            assert_eq!(pairs(&[a, b]), [""; 0]);
        }
    }

    #[test]
    fn many_alike_take_bounded_work() {
        let names: Vec<String> = (0..5_000)
            .map(|n| format!("@o/{}{}", "a".repeat(n % 80), n))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(pairs(&names), [""; 0]);
    }
}
