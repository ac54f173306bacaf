//! Which lints run, and at which level: by default, by `[lints]`, and by the command line.
//!
//! Not all of them are in [`LINTS`]. A program that embeds the library has lints of its own, and
//! `owners check --plugin` merges the findings of other programs. Their names have a prefix, as in
//! `teams/sorted`; `teams/*` stands for all of them.

use super::{LINTS, Lint, find};
use crate::config::{Config, Level, Text};
use crate::project::Project;
use crate::text::Diagnostic;
use crate::text::nearest::Suggestions;

/// The lints that run: the built-in ones, and then those of an embedding program.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lints<'l> {
    own: &'l [Lint],
}

impl<'l> Lints<'l> {
    /// The built-in lints and others.
    #[must_use]
    pub fn with(own: &'l [Lint]) -> Self {
        Lints { own }
    }

    /// All of them, in the order of the report.
    pub fn iter(self) -> impl Iterator<Item = &'l Lint> {
        LINTS.iter().chain(self.own)
    }

    pub(super) fn len(self) -> usize {
        LINTS.len() + self.own.len()
    }

    pub(super) fn get(self, index: usize) -> &'l Lint {
        match index.checked_sub(LINTS.len()) {
            None => &LINTS[index],
            Some(index) => &self.own[index],
        }
    }
}

/// Whether this may be the name of a lint that is not built in, or `prefix/*`.
#[must_use]
pub fn is_of_others(name: &str) -> bool {
    let is_word = |word: &str| {
        let is_allowed = |c: char| c.is_alphanumeric() || "._-".contains(c);
        word.starts_with(char::is_alphanumeric) && word.chars().all(is_allowed)
    };
    (name.split_once('/'))
        .is_some_and(|(prefix, rest)| is_word(prefix) && (rest == "*" || is_word(rest)))
}

/// A fault for each unknown lint in `[lints]`.
#[must_use]
pub fn unknown_names(config: &Config) -> Vec<Diagnostic> {
    let unknown = |name: &&Text| find(&name.value).is_none() && !is_of_others(&name.value);
    let names = config.lints.iter().map(|(name, _)| name);
    let mut suggestions = Suggestions::default();
    let fault = |name: &Text| {
        let known = LINTS.iter().map(|lint| lint.name);
        let fault = Diagnostic::error(format!("unknown lint `{}`", name.value)).at(
            config.file,
            name.span.clone(),
            "not known",
        );
        match suggestions.nearest(&name.value, known) {
            Some(meant) => fault.did_you_mean(config.file, name.span.clone(), meant, meant),
            None => fault.help(
                "`owners explain` lists them; the lints of a check from outside are `\"check/lint\"` \
                 or `\"check/*\"`",
            ),
        }
    };
    names.filter(unknown).map(fault).collect()
}

/// The level of each lint.
#[derive(Clone, Debug)]
pub struct Levels {
    /// Of each of [`LINTS`].
    built_in: Vec<Level>,
    /// What was said of other lints, and of `warnings`. A later entry outranks an earlier one.
    others: Vec<(String, Level)>,
    /// Whether what could not be checked is an error.
    is_strict: bool,
}

/// The name that stands for all lints that warn.
const WARNINGS: &str = "warnings";

impl Levels {
    /// The defaults, changed by `[lints]`.
    #[must_use]
    pub fn new(project: &Project) -> Self {
        let mut levels = Levels {
            built_in: LINTS.iter().map(|lint| lint.level).collect(),
            others: Vec::new(),
            is_strict: false,
        };
        // The name of one lint outranks that of all with its prefix, wherever both are written.
        let lints = project.config.lints.iter();
        let (all, one): (Vec<_>, Vec<_>) = lints.partition(|(name, _)| name.value.ends_with("/*"));
        for (name, level) in all.into_iter().chain(one) {
            levels.set(&name.value, *level);
        }
        levels
    }

    /// Makes what could not be checked an error.
    pub fn make_strict(&mut self) {
        self.is_strict = true;
    }

    pub(super) fn is_strict(&self) -> bool {
        self.is_strict
    }

    /// Sets the level of the lint `name`, of all lints with a prefix for `prefix/*`, or of all lints at
    /// the level warn for `warnings`. Returns whether the name may be that of a lint.
    pub fn set(&mut self, name: &str, level: Level) -> bool {
        for (lint, current) in LINTS.iter().zip(&mut self.built_in) {
            if lint.name == name || (name == WARNINGS && *current == Level::Warn) {
                *current = level;
            }
        }
        if name == WARNINGS || is_of_others(name) {
            self.others.push((name.to_string(), level));
            return true;
        }
        find(name).is_some()
    }

    /// The level of a lint.
    #[must_use]
    pub fn of(&self, lint: &Lint) -> Level {
        match LINTS.iter().position(|each| each.name == lint.name) {
            Some(index) => self.built_in[index],
            None => self.of_other(lint.name, lint.level),
        }
    }

    /// The level of a lint that is not built in, and that has this level if nothing is said of it.
    #[must_use]
    pub fn of_other(&self, name: &str, default: Level) -> Level {
        let prefix = name.split_once('/').map_or("", |(prefix, _)| prefix);
        let is_meant = |key: &str, level: Level| {
            let is_prefix = || key.strip_suffix("/*").is_some_and(|key| key == prefix);
            key == name || (key == WARNINGS && level == Level::Warn) || is_prefix()
        };
        let mut level = default;
        for (key, new) in &self.others {
            if is_meant(key, level) {
                level = *new;
            }
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_other_lints() {
        use Level::{Allow, Deny, Warn};
        for (config, flags, name, default, expected) in [
            ("", &[][..], "a/x", Warn, Warn),
            ("'a/*' = 'deny'", &[], "a/x", Warn, Deny),
            ("'a/*' = 'deny'", &[], "ab/x", Warn, Warn),
            ("'a/x' = 'allow'\n'a/*' = 'deny'", &[], "a/x", Warn, Allow),
            ("'a/x' = 'allow'\n'a/*' = 'deny'", &[], "a/y", Warn, Deny),
            ("'a/x' = 'allow'", &[("a/*", Warn)], "a/x", Deny, Warn),
            ("", &[("warnings", Deny)], "a/x", Warn, Deny),
            ("'a/x' = 'allow'", &[("warnings", Deny)], "a/x", Warn, Allow),
            ("", &[("warnings", Deny), ("a/x", Warn)], "a/x", Warn, Warn),
        ] {
            let text = format!("[paths]\n'*' = '@a'\n[lints]\n{config}\n");
            let mut levels = Levels::new(&Project::from_text(&text).unwrap());
            for &(name, level) in flags {
                assert!(levels.set(name, level), "{name}");
            }
            assert_eq!(
                levels.of_other(name, default),
                expected,
                "{config} {flags:?} {name}"
            );
        }
    }

    #[test]
    fn names_of_other_lints() {
        for (name, expected) in [
            ("a/x", true),
            ("a.b/x-y", true),
            ("a/*", true),
            ("a", false),
            ("a/", false),
            ("/x", false),
            ("a/x/y", false),
            ("a/x*", false),
            ("*/x", false),
        ] {
            assert_eq!(is_of_others(name), expected, "{name}");
        }
    }
}
