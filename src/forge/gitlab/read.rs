//! Reading a CODEOWNERS file as GitLab does.
//!
//! Lines belong to sections. A section can have default owners, for lines without owners. GitLab
//! ignores words that are not owners, but not the rest of their line.

use rustc_hash::FxHashMap;

use super::owner;
use super::pattern::{self, is_blank};
use crate::forge::file::{File, FileLine, RawLine, Section, drop_repeated_owners, lines, words};
use crate::owner::Owner;
use crate::text::fold_case;

pub(super) fn read(text: &str) -> File {
    let mut reader = SectionReader {
        file: File::empty(),
        section: 0,
        section_names: FxHashMap::default(),
        defaults: Vec::new(),
        approvals: 1,
        is_optional: false,
        optional: Vec::new(),
        entry_indices: FxHashMap::default(),
    };
    for mut line in lines(text) {
        reader.line(&mut line);
    }
    reader.finish()
}

/// Whether a character of a line, with the text `before` it, is between two words.
pub(super) fn is_separator(character: char, before: &str) -> bool {
    is_blank(&character) && !before.ends_with('\\')
}

struct SectionReader {
    file: File,
    /// The current section, as an index into those of the file.
    section: usize,
    /// The sections by name, without regard to case.
    section_names: FxHashMap<String, usize>,
    /// The default owners of the latest heading.
    defaults: Vec<Owner>,
    /// What the latest heading asks for.
    approvals: usize,
    is_optional: bool,
    /// For each entry, whether its heading is optional.
    optional: Vec<bool>,
    /// The index into the entries of each normalised pattern, by section.
    entry_indices: FxHashMap<(usize, String), usize>,
}

impl SectionReader {
    fn line(&mut self, line: &mut RawLine<'_>) {
        let text = line.trimmed();
        let is_skipped = text.starts_with('#') || text.trim().is_empty();
        if is_skipped || self.section(line) {
            return;
        }
        let words = words(text, is_separator);
        let Some((&text, rest)) = words.split_first() else {
            return;
        };
        let (is_exclusion, pattern_text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let owners = match (is_exclusion, rest) {
            (true, _) => Vec::new(),
            // A line with words has no default owners, even if none of them is an owner.
            (false, []) => self.defaults.clone(),
            (false, words) => self.owners(line, words),
        };
        let normal = pattern::normalise(pattern_text);
        let pattern = pattern::read(&normal);
        let key = (self.section, normal);
        if let Some(&index) = self.entry_indices.get(&key) {
            // A repeated pattern keeps its first index, with the owners of its last line. The `!`
            // is not part of the pattern.
            let entry = &mut self.file.entries[index];
            entry.owners = owners;
            entry.is_exclusion = is_exclusion;
            entry.approvals = self.approvals;
            self.optional[index] = self.is_optional;
            entry.repeated_at.push(line.number);
            return;
        }
        self.entry_indices.insert(key, self.file.entries.len());
        self.optional.push(self.is_optional);
        self.file.entries.push(FileLine {
            line: line.number,
            text: text.to_string(),
            pattern,
            owners,
            is_exclusion,
            section: self.section,
            approvals: self.approvals,
            ..FileLine::default()
        });
    }

    /// Reads a section heading, such as `[Name]` or `^[Name][2] @default @owners`. Returns false if
    /// the line is none. Text may follow the brackets directly: `[ab].txt @x` is a heading too.
    fn section(&mut self, line: &mut RawLine<'_>) -> bool {
        let text = line.trimmed();
        let unmarked = text.strip_prefix('^');
        let Some(rest) = unmarked.unwrap_or(text).strip_prefix('[') else {
            return false;
        };
        let Some((name, mut rest)) = rest.split_once(']') else {
            return false;
        };
        let mut approvals = 1;
        let count = rest
            .strip_prefix('[')
            .and_then(|inner| inner.split_once(']'));
        if let Some((count, behind)) = count
            && count.chars().all(|digit| digit.is_ascii_digit())
        {
            rest = behind;
            // Anything else than a number counts as one approval.
            approvals = count.parse().unwrap_or(1).max(1);
        }
        let owners = if rest.starts_with(|character| is_blank(&character)) {
            // GitLab accepts only these characters in the owners of a section.
            let is_taken = |character: char| {
                character.is_ascii_alphanumeric()
                    || "@_.-/+".contains(character)
                    || is_blank(&character)
            };
            let end = rest.find(|character| !is_taken(character));
            let words = words(&rest[..end.unwrap_or(rest.len())], |character, _| {
                is_blank(&character)
            });
            let owners = self.owners(line, &words);
            // A comment has no effect here. Anything else was meant.
            if let Some(end) = end.filter(|&end| !rest[end..].starts_with('#')) {
                let reason = "the owners of a section end here";
                self.file.faults.push(line.fault(&rest[end..], reason));
            }
            owners
        } else {
            Vec::new()
        };
        self.section = self.section_of(name).unwrap_or_else(|| {
            let next = self.file.sections.len();
            self.section_names.entry(fold_case(name)).or_insert(next);
            self.file.sections.push(Section {
                name: name.to_string(),
                approvals: 1,
                ..Section::default()
            });
            self.file.sections.len() - 1
        });
        let section = &mut self.file.sections[self.section];
        section.headings.push(line.number);
        // What a heading says is for the lines below it only, if its section is opened again.
        self.is_optional = unmarked.is_some();
        self.approvals = approvals;
        self.defaults = owners;
        true
    }

    /// Sets what the lines of each section say together.
    fn finish(mut self) -> File {
        // Of optional and other lines in one section, the others win.
        let mut is_required = vec![false; self.file.sections.len()];
        for (entry, is_optional) in self.file.entries.iter().zip(self.optional) {
            let section = &mut self.file.sections[entry.section];
            section.approvals = section.approvals.max(entry.approvals);
            is_required[entry.section] |= !is_optional;
            section.is_optional = !is_required[entry.section];
        }
        self.file
    }

    /// The existing section that a heading with this name continues.
    fn section_of(&self, name: &str) -> Option<usize> {
        // GitLab's name for the section without a name. GitLab compares the first heading of a file
        // with this name only, and with regard to case. It compares later headings with all names,
        // without regard to case.
        const DEFAULT: &str = "codeowners";
        if self.file.sections.len() == 1 {
            return (name == DEFAULT).then_some(0);
        }
        let name = fold_case(name);
        if name == fold_case(DEFAULT) {
            Some(0)
        } else {
            self.section_names.get(&name).copied()
        }
    }

    fn owners(&mut self, line: &mut RawLine<'_>, words: &[&str]) -> Vec<Owner> {
        let mut owners = Vec::new();
        for word in words {
            match owner::check(word) {
                Ok(()) => owners.push(Owner::unchecked(word)),
                Err(error) => {
                    let reason = format!("`{word}` is not an owner: {}", error.reason);
                    self.file.faults.push(line.fault(word, reason));
                }
            }
        }
        drop_repeated_owners(&mut owners);
        owners
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(file: &File) -> Vec<String> {
        file.entries
            .iter()
            .map(|entry| {
                format!(
                    "{} {} {}",
                    entry.line,
                    entry.text,
                    Owner::join(&entry.owners)
                )
            })
            .collect()
    }

    #[test]
    fn drops_words_not_lines() {
        let file = read("* @a user # see @b\n!*.lock\n/a b.txt @x\n");
        // There are no comments after owners: a name in one becomes an owner.
        assert_eq!(shown(&file), ["1 * @a @b", "2 !*.lock ", "3 /a @x"]);
        let columns: Vec<_> = file
            .faults
            .iter()
            .map(|fault| (fault.line, fault.column))
            .collect();
        assert_eq!(columns, [(1, 6), (1, 11), (1, 13), (3, 4)]);
    }

    #[test]
    fn sections() {
        let owned = |text: &str| {
            let file = read(text);
            let entries = file
                .entries
                .iter()
                .map(|entry| format!("{} {}", entry.section, Owner::join(&entry.owners)));
            entries.collect::<Vec<_>>().join(", ")
        };
        for (text, expected) in [
            ("[A] @a\n/x\n[B] @b\n/y\n[a] @c\n/z", "1 @a, 2 @b, 1 @c"),
            // A heading without owners clears the default owners.
            ("[A] @a\n/x\n[A]\n/y", "1 @a, 1 "),
            ("[A] @a\n[B]\n[A]\n/y", "1 "),
            ("[É] @a\n/x\n[é]\n/y", "1 @a, 1 "),
            // A word that is not an owner still overrides the default owners.
            ("[A] @a\n/x user", "1 "),
            ("[A] @a, @b\n/x", "1 @a"),
            ("[A][2] @a @b!\n/x", "1 @a @b"),
            ("[A][x] @a\n/x", "1 "),
            ("[A]@a\n/x", "1 "),
            ("[] @a\n/x", "1 @a"),
            ("/x @x\n[codeowners] @a\n/y", "0 @x, 0 @a"),
            // Only a later heading is compared without regard to case.
            ("/x @x\n[CodeOwners] @a\n/y", "0 @x, 1 @a"),
            ("/x @x\n[B]\n[CodeOwners] @a\n/y", "0 @x, 0 @a"),
        ] {
            assert_eq!(owned(text), expected, "{text}");
        }
    }

    #[test]
    fn what_headings_ask_for() {
        let shown = |text: &str| {
            let file = read(text);
            let section = &file.sections[1];
            let lines: Vec<usize> = file.entries.iter().map(|line| line.approvals).collect();
            (lines, section.approvals, section.is_optional)
        };
        for (text, expected) in [
            ("[A][2] @a\n/x\n", (vec![2], 2, false)),
            ("^[A] @a\n/x\n", (vec![1], 1, true)),
            ("[A][0] @a\n/x\n[A][x] @b\n/y\n", (vec![1, 1], 1, false)),
            // Each heading is for the lines below it.
            ("[A][2] @a\n/x\n[A] @a\n/y\n", (vec![2, 1], 2, false)),
            ("[A][2] @a\n/x\n[A] @a\n/x\n", (vec![1], 1, false)),
            // A section with a required line is required.
            (
                "^[A] @a\n/x\n[A]\n/y @b\n^[a]\n/z @a\n",
                (vec![1, 1, 1], 1, false),
            ),
            ("^[A] @a\n/x\n[A]\n", (vec![1], 1, true)),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn keeps_a_line_by_its_pattern() {
        for (text, expected) in [
            ("!/docs/\n/docs/ @b", &["/docs/ @b"][..]),
            ("/docs/ @b\n!/docs/**/*", &["!/docs/ "]),
            ("* @a\n/docs/ @b\n/ @c", &["* @c", "/docs/ @b"]),
            ("/d @a\n[A]\n!/d", &["/d @a", "!/d "]),
        ] {
            let file = read(text);
            let shown: Vec<String> = file
                .entries
                .iter()
                .map(|entry| {
                    let before = if entry.is_exclusion { "!" } else { "" };
                    let pattern = entry.pattern.as_ref().unwrap();
                    format!("{before}{pattern} {}", Owner::join(&entry.owners))
                })
                .collect();
            assert_eq!(shown, expected, "{text}");
        }
    }
}
