//! Rulesets: where GitHub is told of approvals. Source: its documentation, "Available rules for
//! rulesets", and the description of its REST API, version 2022-11-28.
//!
//! A required reviewer has a list of file patterns. The documentation says that it has the format of a
//! `.gitignore`, and the description says "fnmatch syntax". For the names of branches, that is Ruby's
//! `File.fnmatch` with `FNM_PATHNAME`; for files, no flag is published. So each text of the list must
//! mean something that is right in all of these readings:
//!
//! | reading | `*` | `**/` | below a match | a text without a slash |
//! |---|---|---|---|---|
//! | git's gitignore | one name | any directories | matched, too | at any depth |
//! | GitHub's CODEOWNERS | the same, but a last segment `*` is one level | | | |
//! | fnmatch, `FNM_PATHNAME` | one name | any directories | not matched | at the root |
//! | fnmatch without it | anything, slashes too | one directory or more | not matched | at the root |
//!
//! No text may match more than the pattern in any reading, and all of them together must not match
//! less in any. So a pattern becomes the texts that say it where `**/` is any directories, and those
//! that say it where a star is anything:
//!
//! ```text
//! /a/b/     **/: a/b/**/*                  star: a/b/**
//! *.rs      **/: **/*.rs  **/*.rs/**/*     star: *.rs  *.rs/**
//! /a/**/b/  **/: a/**/b/**/*               star: a/b/**  a/**/b/**
//! ```
//!
//! A star that is anything may only stand where any directories may: next to an open gap.

#[cfg(feature = "export")]
mod body;
#[cfg(feature = "live")]
mod demanded;

#[cfg(feature = "live")]
pub(super) use demanded::demanded;

use std::fmt::Write as _;

#[cfg(feature = "export")]
use crate::forge::required::RequiredReviewer;
use crate::forge::required::RequiredReviewers;
use crate::pattern::{Gap, Pattern, Piece, Step};
use crate::text::escaped;

/// The required reviewers of a `pull_request` rule.
#[derive(Debug)]
pub(super) struct Ruleset;

impl RequiredReviewers for Ruleset {
    fn format(&self) -> &'static str {
        "github-ruleset"
    }

    fn title(&self) -> &'static str {
        "ruleset on GitHub"
    }

    fn most_reviewers(&self) -> usize {
        // "You can specify up to 15 different teams".
        15
    }

    fn most_approvals(&self) -> usize {
        // "Required approvals can be set from 0 (zero) to 10."
        10
    }

    fn patterns(&self, pattern: &Pattern) -> Result<Vec<String>, (String, String)> {
        patterns(pattern)
    }

    fn help_about_ids(&self, organization: &str) -> String {
        format!(
            "ask for them with `--live`, or name a file with `--team-ids`: `gh api --paginate orgs/{organization}/teams --jq '.[] | \"\\\"@{organization}/\\(.slug)\\\" = \\(.id)\"'` prints its lines"
        )
    }

    #[cfg(feature = "export")]
    fn document(&self, reviewers: &[(RequiredReviewer, u64)]) -> String {
        body::text(reviewers)
    }
}

/// How many gaps of any length a pattern may have: each doubles the number of texts.
const MAX_OPEN: usize = 4;

/// What to write instead of a wildcard.
const NAMES: &str = "name what it matches: as `{a,b}`, or a directory";
/// What to write instead of an odd name.
const ABOVE: &str = "name the directory above it, or rename the path";

fn patterns(pattern: &Pattern) -> Result<Vec<String>, (String, String)> {
    if let Some(why) = unsayable(pattern) {
        return Err(why);
    }
    if let Some(reason) = too_narrow(pattern) {
        let wider = opened(pattern);
        let help = match unsayable(&wider).is_some() || too_narrow(&wider).is_some() {
            false => format!("write `{wider}`, which matches more: at any depth"),
            true => NAMES.to_string(),
        };
        return Err((reason, help));
    }
    let mut texts = anything(pattern);
    for text in directories(pattern) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    // What a list could take for a comment, an exclusion, or blanks around a text.
    let is_odd = |text: &&String| text.starts_with(['#', '!', ' ']) || text.ends_with(' ');
    match texts.iter().find(is_odd) {
        Some(text) => Err((
            format!(
                "`{text}` would be read as something else: a comment, an exclusion, or without its blank"
            ),
            ABOVE.to_string(),
        )),
        None => Ok(texts),
    }
}

/// Why a pattern cannot be written whatever its gaps are, and what to write instead.
fn unsayable(pattern: &Pattern) -> Option<(String, String)> {
    let because = |reason: String, help: &str| Some((reason, help.to_string()));
    for Step { glob, .. } in pattern.steps() {
        let last = glob.pieces().len().saturating_sub(1);
        for (at, piece) in glob.pieces().iter().enumerate() {
            match piece {
                Piece::One | Piece::Class(_) => {
                    return because("`?` may stand for a `/`, too".to_string(), NAMES);
                }
                Piece::Star if at > 0 && at < last => {
                    let reason = format!(
                        "the `*` within `{glob}` may stand for a `/`, too: no description excludes it"
                    );
                    return because(reason, NAMES);
                }
                Piece::Star => {}
                Piece::Text(text) => {
                    let has_meaning = |c: &char| "*?[]{}\\".contains(*c) || c.is_control();
                    if let Some(character) = text.chars().find(has_meaning) {
                        let reason = format!(
                            "`{}` has a meaning in some descriptions of file patterns, and no escape in all of them",
                            escaped(character.to_string().as_bytes())
                        );
                        return because(reason, ABOVE);
                    }
                }
            }
        }
    }
    let open = gaps(pattern).filter(|gap| gap.open).count();
    match open > MAX_OPEN {
        true => because(
            format!("it has more than {MAX_OPEN} places for any directories"),
            NAMES,
        ),
        false => None,
    }
}

/// Why some texts of a pattern would match more than it does.
fn too_narrow(pattern: &Pattern) -> Option<String> {
    if gaps(pattern).any(|gap| !gap.open && gap.min > 0) {
        let reason = "`*` may stand for several directories, too: no description excludes it";
        return Some(reason.to_string());
    }
    for (before, step) in gaps(pattern).zip(pattern.steps()) {
        let is_star = |piece: Option<&Piece>| piece == Some(&Piece::Star);
        let (first, last) = (step.glob.pieces().first(), step.glob.pieces().last());
        if is_star(first) && !before.open || is_star(last) && !step.gap.open {
            return Some(format!(
                "the `*` of `{}` may stand for several directories, too: no description excludes it",
                step.glob
            ));
        }
    }
    let is_root_only =
        pattern.head() == Gap::NONE && matches!(pattern.steps(), [only] if only.gap.min == 0);
    is_root_only.then(|| {
        "without a slash at its start it may match at any depth, and with one nowhere: the descriptions differ".to_string()
    })
}

/// The gaps in order: before the first glob, and behind each.
fn gaps(pattern: &Pattern) -> impl Iterator<Item = Gap> {
    let behind = pattern.steps().iter().map(|step| step.gap);
    [pattern.head()].into_iter().chain(behind)
}

/// A pattern that matches more, and can be written if only the length of gaps was in the way: the gaps
/// next to a star, those of exactly so many segments, and the first one before a single name are open.
fn opened(pattern: &Pattern) -> Pattern {
    let is_star = |piece: Option<&Piece>| piece == Some(&Piece::Star);
    let open = |gap: Gap, is_next: bool| Gap {
        open: gap.open || gap.min > 0 || is_next,
        ..gap
    };
    let starts = |step: Option<&Step>| is_star(step.and_then(|step| step.glob.pieces().first()));
    let steps = pattern.steps();
    let is_only = steps.len() == 1 && steps[0].gap.min == 0;
    let mut wider = Pattern::new(Gap::NONE);
    wider.widen(open(pattern.head(), starts(steps.first()) || is_only));
    for (at, step) in steps.iter().enumerate() {
        wider.push(step.glob.clone());
        let is_next = is_star(step.glob.pieces().last()) || starts(steps.get(at + 1));
        wider.widen(open(step.gap, is_next));
    }
    wider
}

/// The texts for a reader to whom `**/` is any directories, and a star does not match a slash.
fn directories(pattern: &Pattern) -> Vec<String> {
    let mut text = String::new();
    for (gap, step) in gaps(pattern).zip(pattern.steps()) {
        if gap.open {
            text.push_str("**/");
        }
        text.push_str(&"*/".repeat(gap.min as usize));
        // Writing to a string cannot fail.
        let _ = write!(text, "{}/", plain(step));
    }
    let tail = pattern.tail();
    let mut texts = Vec::new();
    if tail.min == 0 && text.ends_with('/') {
        texts.push(text[..text.len() - 1].to_string());
    }
    text.push_str(&"*/".repeat((tail.min as usize).saturating_sub(1)));
    text.push_str("**/*");
    texts.push(text);
    texts
}

/// The texts for a reader to whom a star is anything, slashes too.
fn anything(pattern: &Pattern) -> Vec<String> {
    let is_star = |piece: Option<&Piece>| piece == Some(&Piece::Star);
    let mut texts = vec![String::new()];
    // Whether the star at the end of what is written takes any directories already.
    let mut takes_more = false;
    for (gap, step) in gaps(pattern).zip(pattern.steps()) {
        let starts = is_star(step.glob.pieces().first());
        if gap.open && gap.min == 0 && !takes_more && !starts {
            let deeper: Vec<String> = texts.iter().map(|text| format!("{text}**/")).collect();
            texts.extend(deeper);
        }
        for text in &mut texts {
            text.push_str(&"*/".repeat(gap.min as usize));
            let _ = write!(text, "{}/", plain(step));
        }
        takes_more = is_star(step.glob.pieces().last());
    }
    let tail = pattern.tail();
    let below = |text: &String| match (text.is_empty(), tail.min) {
        // Everything: `**` says the same, and is documented nowhere.
        (true, ..=1) => "*".to_string(),
        (_, min) => format!("{text}{}**", "*/".repeat((min as usize).saturating_sub(1))),
    };
    let mut all = Vec::new();
    for text in &texts {
        if tail.min == 0 && !text.is_empty() {
            all.push(text[..text.len() - 1].to_string());
        }
        if tail.min > 0 || !takes_more {
            all.push(below(text));
        }
    }
    all
}

/// A glob without characters that need an escape, as it is.
fn plain(step: &Step) -> String {
    let pieces = step.glob.pieces().iter().map(|piece| match piece {
        Piece::Text(text) => text.as_str(),
        Piece::One | Piece::Class(_) => "?",
        Piece::Star => "*",
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written() {
        for (text, expected) in [
            ("*", "* **/*"),
            ("/a/b/", "a/b/** a/b/**/*"),
            ("/a/", "a/** a/**/*"),
            ("/a/b.c", "a/b.c a/b.c/** a/b.c/**/*"),
            ("name", "name name/** **/name **/name/** **/name/**/*"),
            ("name/", "name/** **/name/** **/name/**/*"),
            ("*.rs", "*.rs *.rs/** **/*.rs **/*.rs/**/*"),
            ("foo*", "foo* **/foo* **/foo*/**/*"),
            ("*foo*", "*foo* **/*foo* **/*foo*/**/*"),
            ("/crates/wasi*", "crates/wasi* crates/wasi*/**/*"),
            ("/wasi*/", "wasi*/** wasi*/**/*"),
            ("/a/**/*.rs", "a/*.rs a/*.rs/** a/**/*.rs a/**/*.rs/**/*"),
            ("/a/**/b/", "a/b/** a/**/b/** a/**/b/**/*"),
            ("/a/*/**/b/", "a/*/b/** a/**/*/b/**/*"),
            ("/a/*/", "a/*/** a/*/**/*"),
            ("/*/", "*/** */**/*"),
            ("/*/**/a/", "*/a/** **/*/a/**/*"),
            ("/My Docs/é/", "My Docs/é/** My Docs/é/**/*"),
        ] {
            let pattern = Pattern::github(text).unwrap();
            assert_eq!(patterns(&pattern).unwrap().join(" "), expected, "{text}");
        }
    }

    #[test]
    fn what_is_refused() {
        for (text, help) in [
            ("/README.md", "write `**/README.md`"),
            ("/wasi*", "write `**/wasi*`"),
            ("/a/*", "write `/a/`"),
            ("/*", "write `*`"),
            ("/crates/*/src/", "write `/crates/*/**/src/`"),
            ("/crates/*.rs", "write `/crates/**/*.rs`"),
            ("/crates/wasi*/src/", "write `/crates/wasi*/**/src/`"),
            ("/a?/", "name"),
            ("/a*b/", "name"),
            ("/a/b ", "name"),
            ("#a/", "name"),
            ("!a", "name"),
            (r"/a/\[b\]/", "name the dir"),
            ("/a/{b}/", "name"),
            ("**/a/**/b/**/c/**/d/**/e", "name"),
        ] {
            let pattern = Pattern::github(text).unwrap();
            let (_, found) = patterns(&pattern).expect_err(text);
            assert!(found.starts_with(help), "{text}: {found}");
        }
    }
}
