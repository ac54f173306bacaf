//! The rule for `owners.toml` itself. The file decides who owns what, just as the CODEOWNERS file
//! does. So if the lines of that file do not give it the same owners, a last rule does.

use super::ImportOptions;
use super::kept::key;
use super::reading::PathsItem;
use crate::codeowners::File;
use crate::config::CONFIG_NAME;
use crate::owner::Owner;
use crate::pattern::{Gap, Pattern};

/// How an imported `owners.toml` got its own owners: they should be those of the CODEOWNERS file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfigOwners {
    /// The rules of the old file give it the same owners.
    Same,
    /// A rule was added.
    Added,
    /// The CODEOWNERS file has no owners.
    Nobody,
    /// They are others, and a rule cannot change it.
    Different,
}

/// The rule for `owners.toml` itself.
pub(super) struct OwnRule {
    state: ConfigOwners,
    /// The CODEOWNERS file that it is about.
    output: String,
    /// The owners of that file.
    owners: Vec<Owner>,
    pattern: Pattern,
}

impl OwnRule {
    pub(super) fn new(file: &File, options: ImportOptions<'_>) -> Self {
        let output = options.output.unwrap_or(options.forge.default_file);
        let matcher = file.matcher();
        let owners = |path: &str| matcher.all_owners(&mut matcher.walk(), path.as_bytes());
        let (wanted, present) = (owners(output), owners(CONFIG_NAME));
        let sorted = |owners: &[Owner]| {
            let mut key = key(owners);
            key.sort_unstable();
            key
        };
        let pattern = Pattern::entry(CONFIG_NAME.as_bytes());
        let mut patterns = file.entries.iter().filter_map(|each| each.pattern.as_ref());
        let has_rule = patterns.any(|each| each.with_tail(Gap::ANY) == pattern);
        let is_same = sorted(&wanted) == sorted(&present) && !wanted.is_empty();
        let state = if is_same || has_rule {
            ConfigOwners::Same
        } else if wanted.is_empty() {
            ConfigOwners::Nobody
        } else {
            ConfigOwners::Added
        };
        OwnRule {
            state,
            output: output.to_string(),
            owners: wanted,
            pattern,
        }
    }

    pub(super) fn state(&self) -> ConfigOwners {
        self.state
    }

    fn is_added(&self) -> bool {
        self.state == ConfigOwners::Added
    }

    /// Leaves the rule out, because no file can be generated with it. False if it is left out
    /// already.
    pub(super) fn give_up(&mut self) -> bool {
        let was_added = self.is_added();
        if was_added {
            self.state = ConfigOwners::Different;
        }
        was_added
    }

    /// The pattern of the rule, if it is added.
    pub(super) fn pattern(&self) -> Option<&Pattern> {
        self.is_added().then_some(&self.pattern)
    }

    /// The owners of the rule.
    pub(super) fn owners(&self) -> &[Owner] {
        &self.owners
    }

    /// Whether the rule is added and is about this path.
    pub(super) fn decides(&self, path: &[u8]) -> bool {
        self.is_added() && path == CONFIG_NAME.as_bytes()
    }

    /// Adds the rule, if it is wanted, at the end of `[paths]`.
    pub(super) fn add<'o>(&'o self, items: &mut Vec<PathsItem<'o>>) {
        if !self.is_added() {
            return;
        }
        if !items.is_empty() {
            items.push(PathsItem::Blank);
        }
        items.push(PathsItem::Note(format!(
            "This file decides who owns what, so it has the owners of {}.",
            self.output
        )));
        items.push(PathsItem::Rule {
            patterns: vec![self.pattern.to_string()],
            except: Vec::new(),
            owners: &self.owners,
            adds: false,
            comment: String::new(),
        });
    }
}
