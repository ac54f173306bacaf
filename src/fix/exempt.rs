//! Lists the unowned paths under `[check] exempt`, so that a project can start with the paths that
//! it has, and shorten the list over time.
//!
//! The list is inserted into the text of the file, and every other byte stays. A table can be written
//! in several ways, so there are several candidates for the place. The one is taken whose result is
//! the same configuration with a longer list:
//!
//! ```text
//! exempt = ["a"]               in the array
//! [check]                      after the header, or after the last key of the table
//! check.roster = "PEOPLE.md"   after the last key, as `check.exempt`
//! check = { roster = "…" }     in the inline table
//! ```

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Unproven;
use super::proof::prove;
use crate::config::{Config, Text};
use crate::ids::IdVec;
use crate::paths::folded::fold;
use crate::paths::{PathId, PathSet};
use crate::pattern::Pattern;
use crate::project::Project;
use crate::text::toml::list::{self, Layout, newline_of};
use crate::text::toml::splice::spliced;
use crate::text::{FileId, Holds};

/// The comment above a new list.
const WHY: &str = "# Unowned when this list was made. Shorten it over time.";

/// A configuration that exempts more paths.
pub(crate) struct Exempted {
    pub(crate) project: Project,
    /// The number of new patterns.
    pub(crate) patterns: usize,
}

/// Exempts the paths `unowned`, folded into directories, in the root file.
///
/// # Errors
///
/// If the list cannot be inserted.
pub(crate) fn exempt(
    project: &Project,
    paths: &PathSet,
    unowned: &[PathId],
) -> Result<Exempted, Unproven> {
    let folded = fold(paths, unowned);
    let patterns: Vec<String> = folded
        .iter()
        .map(|each| Pattern::folded(each.path).to_string())
        .collect();
    let text = &project.sources[FileId::ROOT].text;
    let mut reason = "no place for the list was found; add it by hand".to_string();
    for edited in candidates(text, &patterns) {
        let texts = BTreeMap::from([(FileId::ROOT, edited)]);
        match project.with_texts(&texts) {
            Ok(after) if is_longer(&project.config, &after.config, &patterns) => {
                prove(
                    &project.rules,
                    &after.rules,
                    paths,
                    Holds::AnyTree,
                    &IdVec::default(),
                )?;
                return Ok(Exempted {
                    project: after,
                    patterns: patterns.len(),
                });
            }
            Ok(_) => {}
            Err(unsound) => reason = unsound.to_string(),
        }
    }
    Err(Unproven { reason })
}

/// Whether only the list of exempt patterns differs: it has these more.
fn is_longer(before: &Config, after: &Config, more: &[String]) -> bool {
    let mut expected = before.without_places();
    expected.exempt.extend(more.iter().map(|pattern| Text {
        value: pattern.clone(),
        span: 0..0,
    }));
    after.without_places() == expected
}

/// The texts that may have the list, the most likely first.
fn candidates(text: &str, patterns: &[String]) -> Vec<String> {
    let Ok(root) = DeTable::parse(text).map(Spanned::into_inner) else {
        return Vec::new();
    };
    let list = List {
        text,
        newline: newline_of(text),
        patterns,
    };
    let Some(check) = root.get("check") else {
        return vec![list.in_new_table()];
    };
    let table = check.get_ref().as_table();
    match table.and_then(|table| table.get("exempt")) {
        Some(exempt) => vec![list.after_entries(exempt)],
        None => list.in_table(check),
    }
}

/// The list of patterns, and the text to insert it into.
struct List<'l> {
    text: &'l str,
    newline: &'static str,
    patterns: &'l [String],
}

impl List<'_> {
    /// The key with the list.
    fn key(&self) -> String {
        let entries = list::lines(self.patterns, "    ", self.newline);
        format!("exempt = [{}{entries}]", self.newline)
    }

    fn insert(&self, at: usize, new: &str) -> String {
        [&self.text[..at], new, &self.text[at..]].concat()
    }

    fn in_new_table(&self) -> String {
        let List { text, newline, .. } = self;
        let start = match *text {
            "" => String::new(),
            _ if text.ends_with('\n') => newline.to_string(),
            _ => newline.repeat(2),
        };
        let list = self.key();
        let table = format!("{start}[check]{newline}{WHY}{newline}{list}{newline}");
        self.insert(text.len(), &table)
    }

    /// The list behind the entries that there are.
    fn after_entries(&self, exempt: &Spanned<DeValue<'_>>) -> String {
        let appended = list::append(self.text, exempt, self.patterns, Layout::Lines);
        spliced(self.text, appended)
    }

    /// The list in a table without one.
    fn in_table(&self, check: &Spanned<DeValue<'_>>) -> Vec<String> {
        let List { text, newline, .. } = self;
        let list = self.key();
        let after_line = |at: usize, key: &str| {
            let end = text[at..].find('\n');
            let end = end.map_or(text.len(), |end| at + end + 1);
            let is_line = text[..end].ends_with('\n');
            let start = if is_line { "" } else { newline };
            self.insert(end, &format!("{start}{WHY}{newline}{key}{list}{newline}"))
        };
        let table = check.get_ref().as_table();
        let ends = table.into_iter().flat_map(|table| table.values());
        match ends.map(|value| value.span().end).max() {
            Some(end) => vec![
                after_line(end, ""),
                after_line(end, "check."),
                self.insert(end, &format!(", {list}")),
            ],
            None => {
                let close = check.span().end.saturating_sub(1);
                vec![
                    after_line(check.span().start, ""),
                    self.insert(close, &format!(" {list} ")),
                ]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text after exempting everything that no rule matches.
    fn exempted(text: &str) -> String {
        let project = Project::from_text(text).unwrap();
        let paths: PathSet = ["a/1", "a/2", "b"].iter().collect();
        let ids: Vec<PathId> = paths.with_ids().map(|(id, _)| id).collect();
        let result = exempt(&project, &paths, &ids[..2]).unwrap();
        assert_eq!(result.patterns, 1);
        result.project.sources[FileId::ROOT].text.clone()
    }

    #[test]
    fn every_other_byte_stays() {
        const RULES: &str = "[paths]\n'/b' = '@a' # b\n";
        const LIST: &str = "# Unowned when this list was made. Shorten it over time.\nexempt = [\n    \"/a/\",\n]\n";
        for (before, after) in [
            (RULES.to_string(), format!("{RULES}\n[check]\n{LIST}")),
            (
                "[paths]\n'/b' = []".to_string(),
                format!("[paths]\n'/b' = []\n\n[check]\n{LIST}"),
            ),
            (
                format!("[check]\n\n{RULES}"),
                format!("[check]\n{LIST}\n{RULES}"),
            ),
            (
                format!("[check] # x\nroster = 'P.md' # y\n\n{RULES}"),
                format!("[check] # x\nroster = 'P.md' # y\n{LIST}\n{RULES}"),
            ),
            (
                format!("check.roster = 'P.md'\n{RULES}"),
                format!(
                    "check.roster = 'P.md'\n{}{RULES}",
                    LIST.replace("exempt =", "check.exempt =")
                ),
            ),
            (
                format!("check = {{ roster = 'P.md' }}\n{RULES}"),
                format!("check = {{ roster = 'P.md', exempt = [\n    \"/a/\",\n] }}\n{RULES}"),
            ),
            (
                format!("check = {{}}\n{RULES}"),
                format!("check = {{ exempt = [\n    \"/a/\",\n] }}\n{RULES}"),
            ),
            (
                format!("{RULES}[check]\nexempt = '/x' # one"),
                format!("{RULES}[check]\nexempt = ['/x',\n    \"/a/\",\n] # one"),
            ),
            (
                format!("{RULES}[check]\nexempt = []\n"),
                format!("{RULES}[check]\nexempt = [\n    \"/a/\",\n]\n"),
            ),
            (
                format!("{RULES}[check]\nexempt = ['/x', '/y'] # two\n"),
                format!("{RULES}[check]\nexempt = ['/x', '/y',\n    \"/a/\",\n] # two\n"),
            ),
            (
                format!("{RULES}[check]\nexempt = [\n  '/x' # no, comma\n  # more\n]\n"),
                format!(
                    "{RULES}[check]\nexempt = [\n  '/x', # no, comma\n  # more\n  \"/a/\",\n]\n"
                ),
            ),
            (
                format!("{RULES}[check]\nexempt = [\n\t'/x',\n\t]\n"),
                format!("{RULES}[check]\nexempt = [\n\t'/x',\n\t\"/a/\",\n\t]\n"),
            ),
            (
                format!("{RULES}[check]\r\nexempt = [\r\n  '/x'\r\n]\r\n"),
                format!("{RULES}[check]\r\nexempt = [\r\n  '/x',\r\n  \"/a/\",\r\n]\r\n"),
            ),
        ] {
            assert_eq!(exempted(&before), after, "{before}");
        }
    }
}
