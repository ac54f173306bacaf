//! Which group a name means in which file.

use rustc_hash::FxHashMap;

use super::Refused;
use crate::config::{CONFIG_NAME, Config, Group};
use crate::text::nearest::did_you_mean;
use crate::text::{Diagnostic, shell_word};

/// A group, by the indices of its configuration and of its entry there.
pub(super) type GroupAt = (usize, usize);

/// The groups of all files by name.
pub(super) struct Scopes<'c> {
    configs: &'c [Config],
    by_name: FxHashMap<&'c str, Vec<GroupAt>>,
}

impl<'c> Scopes<'c> {
    pub(super) fn new(configs: &'c [Config]) -> Self {
        let mut by_name: FxHashMap<&str, Vec<GroupAt>> = FxHashMap::default();
        for (file, config) in configs.iter().enumerate() {
            for (index, group) in config.groups.iter().enumerate() {
                let same = by_name.entry(&group.name.value).or_default();
                same.push((file, index));
            }
        }
        Scopes { configs, by_name }
    }

    pub(super) fn group(&self, (file, index): GroupAt) -> &'c Group {
        &self.configs[file].groups[index]
    }

    /// The group that `name` means in a file. At most one group of that name is visible there.
    pub(super) fn find(&self, file: usize, name: &str) -> Option<GroupAt> {
        self.visible_in(&self.configs[file].directory, name)
    }

    fn visible_in(&self, directory: &str, name: &str) -> Option<GroupAt> {
        let same = self.by_name.get(name)?;
        let is_visible = |&&(file, _): &&GroupAt| is_in(directory, &self.configs[file].directory);
        same.iter().find(is_visible).copied()
    }

    /// The group of this name that would be visible together with a group of `directory`.
    pub(super) fn beside(&self, directory: &str, name: &str) -> Option<GroupAt> {
        let same = self.by_name.get(name)?;
        let meets = |&&(file, _): &&GroupAt| {
            let other = &self.configs[file].directory;
            is_in(directory, other) || is_in(other, directory)
        };
        same.iter().find(meets).copied()
    }

    /// The group that a name of the command line means. If several files define one, the one that is
    /// visible in `directory`.
    pub(super) fn named(&self, name: &str, directory: &str) -> Result<GroupAt, Refused> {
        match self.by_name.get(name).map(Vec::as_slice) {
            None => Err(self.unknown(name)),
            Some(&[only]) => Ok(only),
            Some(same) => self
                .visible_in(directory, name)
                .ok_or_else(|| self.ambiguous(name, same)),
        }
    }

    fn unknown(&self, name: &str) -> Refused {
        let fault = Diagnostic::error(format!("there is no group `{name}`"));
        let mut names: Vec<&str> = self.by_name.keys().copied().collect();
        names.sort_unstable();
        let help = did_you_mean(name, names.iter().copied()).unwrap_or_else(|| {
            const MOST: usize = 10;
            let listed: Vec<String> = names
                .iter()
                .take(MOST)
                .map(|name| format!("`{name}`"))
                .collect();
            let more = if names.len() > MOST { ", …" } else { "" };
            match listed.is_empty() {
                true => "there are no groups yet: add one under `[groups]`".to_string(),
                false => format!("the groups are {}{more}", listed.join(", ")),
            }
        });
        Refused::mistake(fault.help(help))
    }

    fn ambiguous(&self, name: &str, same: &[GroupAt]) -> Refused {
        let directory = |&(file, _): &GroupAt| self.configs[file].directory.as_str();
        let count = same.len();
        let mut fault = Diagnostic::error(format!("{count} files define a group `{name}`"));
        for at in same.iter().take(5) {
            fault = fault.note(format!("`{}/{CONFIG_NAME}` does", directory(at)));
        }
        let first = shell_word(directory(&same[0]));
        Refused::mistake(fault.help(format!(
            "run the command in the directory of the file that is meant, as with `-C {first}`"
        )))
    }
}

/// Whether a directory is another one or below it. The root is empty.
fn is_in(inner: &str, outer: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    outer.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
