//! Reading a CODEOWNERS file as its forge reads it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{github, gitlab};
use crate::matcher::{Matcher, Walk};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::platform::Platform;

/// What a forge makes of a CODEOWNERS file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// The lines that have a pattern, in the order in which they apply.
    pub entries: Vec<Entry>,
    /// The lines, or parts of lines, that the forge ignores.
    pub faults: Vec<LineFault>,
    /// The sections of GitLab. The first is for lines before any section and has no name.
    pub sections: Vec<Section>,
}

/// A section, under all of its headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its name, as the first heading spells it.
    pub name: String,
    /// The lines that have its headings.
    pub headings: Vec<usize>,
    /// Whether a heading makes its approval optional: `^[Name]`.
    pub is_optional: bool,
    /// The most approvals that a heading asks for: `[Name][2]`; otherwise 1.
    pub approvals: usize,
}

/// A line that has a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number of the line, from 1.
    pub line: usize,
    /// The pattern as it stands there.
    pub text: String,
    /// What it means; `None`, if it can never match.
    pub pattern: Option<Pattern>,
    /// Who owns what it matches; nobody, if it is empty.
    pub owners: Vec<Owner>,
    /// Whether it takes what it matches out of its section for good (`!pattern` on GitLab).
    pub is_exclusion: bool,
    /// The section that it stands in, as an index into [`File::sections`].
    pub section: usize,
}

/// Something that the forge ignores, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The number of the line, from 1.
    pub line: usize,
    /// The column of the word at fault, in characters from 1.
    pub column: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads a whole file. No text is an error: what the forge ignores is reported in its place.
///
/// A byte order mark, CRLF line ends, blanks and tabs between words and a missing final newline
/// make no difference.
///
/// ```
/// use owners::codeowners::read;
/// use owners::platform::Platform;
///
/// let file = read("* @a # everyone\n/x/[id]/ @b\n", Platform::GitHub);
/// assert_eq!(file.entries[0].owners[0].as_str(), "@a");
/// assert_eq!(file.faults[0].line, 2);
/// ```
#[must_use]
pub fn read(text: &str, platform: Platform) -> File {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = Reader {
        file: File {
            sections: vec![Section {
                approvals: 1,
                ..Section::default()
            }],
            ..File::default()
        },
        line: 0,
        text: "",
        counted: (0, 0),
        section: 0,
        section_names: FxHashMap::default(),
        defaults: Vec::new(),
        places: FxHashMap::default(),
    };
    for (index, line) in text.lines().enumerate() {
        reader.line = index + 1;
        reader.text = line;
        reader.counted = (0, 0);
        if line.trim_start_matches([' ', '\t']).starts_with('#') {
            continue;
        }
        match platform {
            Platform::GitHub => reader.github_line(),
            Platform::GitLab => reader.gitlab_line(),
        }
    }
    reader.file
}

struct Reader<'t> {
    file: File,
    /// The number of the present line.
    line: usize,
    /// Its text.
    text: &'t str,
    /// How many characters are before a byte of it.
    counted: (usize, usize),
    /// The section that it stands in.
    section: usize,
    /// GitLab: the sections by their names without regard to case.
    section_names: FxHashMap<String, usize>,
    /// GitLab: the owners that lines without any have below the latest heading.
    defaults: Vec<Owner>,
    /// GitLab: where each normalised pattern stands among the entries, by section.
    places: FxHashMap<(usize, String), usize>,
}

impl<'t> Reader<'t> {
    fn fault(&mut self, word: &str, reason: impl Into<String>) {
        let offset = word.as_ptr() as usize - self.text.as_ptr() as usize;
        // Words come from left to right, and a line may have a million of them.
        let (known, before) = Some(self.counted)
            .filter(|&(known, _)| known <= offset)
            .unwrap_or_default();
        let characters = before + self.text[known..offset].chars().count();
        self.counted = (offset, characters);
        self.file.faults.push(LineFault {
            line: self.line,
            column: characters + 1,
            reason: reason.into(),
        });
    }

    /// A line with any fault is skipped: "If any line in your CODEOWNERS file contains invalid
    /// syntax, that line will be skipped."
    fn github_line(&mut self) {
        let words = words(self.text.trim_matches(STRIPPED), |character, before| {
            matches!(character, ' ' | '\t' | '\r') && is_unescaped(before)
        });
        let Some((&text, rest)) = words.split_first() else {
            return;
        };
        let pattern = match github::read(text) {
            Ok(pattern) => pattern,
            Err(reason) => return self.fault(text, reason),
        };
        let mut owners = Vec::new();
        for word in rest.iter().take_while(|word| !word.starts_with('#')) {
            match Owner::parse(word, Platform::GitHub) {
                Ok(owner) => owners.push(owner),
                Err(error) => {
                    return self.fault(word, format!("`{word}` is not an owner: {}", error.reason));
                }
            }
        }
        once_each(&mut owners);
        self.file.entries.push(Entry {
            line: self.line,
            text: text.to_string(),
            pattern,
            owners,
            is_exclusion: false,
            section: 0,
        });
    }

    /// Words that are no owners are dropped, the rest of the line holds.
    fn gitlab_line(&mut self) {
        let line = self.text.trim_matches(STRIPPED);
        let is_skipped = line.starts_with('#') || line.trim().is_empty();
        if is_skipped || self.gitlab_section(line) {
            return;
        }
        let words = words(line, |character, before| {
            gitlab::is_blank(&character) && !before.ends_with('\\')
        });
        let Some((&text, rest)) = words.split_first() else {
            return;
        };
        let (is_exclusion, pattern_text) = match text.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let owners = match (is_exclusion, rest) {
            (true, _) => Vec::new(),
            // Words that are no owners keep the default owners away all the same.
            (false, []) => self.defaults.clone(),
            (false, words) => self.gitlab_owners(words),
        };
        let normal = gitlab::normalise(pattern_text);
        let pattern = gitlab::read(&normal);
        let key = (self.section, normal);
        if let Some(&place) = self.places.get(&key) {
            // A repeated pattern keeps its first place, with what its last line says. Whether that
            // excludes is no part of the pattern.
            let entry = &mut self.file.entries[place];
            entry.owners = owners;
            entry.is_exclusion = is_exclusion;
            return;
        }
        self.places.insert(key, self.file.entries.len());
        self.file.entries.push(Entry {
            line: self.line,
            text: text.to_string(),
            pattern,
            owners,
            is_exclusion,
            section: self.section,
        });
    }

    /// Takes a section heading: `[Name]`, `^[Name][2] @default @owners`. It need not end where the
    /// brackets do: `[ab].txt @x` is one as well.
    fn gitlab_section(&mut self, line: &'t str) -> bool {
        let unmarked = line.strip_prefix('^');
        let Some(rest) = unmarked.unwrap_or(line).strip_prefix('[') else {
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
            // What is no number of approvals counts as one.
            approvals = count.parse().unwrap_or(1).max(1);
        }
        let owners = if rest.starts_with(|character| gitlab::is_blank(&character)) {
            // GitLab takes no more than these characters for owners of a section.
            let is_taken = |character: char| {
                character.is_ascii_alphanumeric()
                    || "@_.-/+".contains(character)
                    || gitlab::is_blank(&character)
            };
            let end = rest.find(|character| !is_taken(character));
            let words = words(&rest[..end.unwrap_or(rest.len())], |character, _| {
                gitlab::is_blank(&character)
            });
            self.gitlab_owners(&words)
        } else {
            Vec::new()
        };
        self.section = self.section_of(name).unwrap_or_else(|| {
            let next = self.file.sections.len();
            self.section_names.entry(folded(name)).or_insert(next);
            self.file.sections.push(Section {
                name: name.to_string(),
                ..Section::default()
            });
            self.file.sections.len() - 1
        });
        let section = &mut self.file.sections[self.section];
        section.headings.push(self.line);
        section.is_optional |= unmarked.is_some();
        section.approvals = section.approvals.max(approvals);
        // A section that is opened again has the owners of that heading, and no others.
        self.defaults = owners;
        true
    }

    /// The section that a heading with this name opens again.
    fn section_of(&self, name: &str) -> Option<usize> {
        // What GitLab calls the section without a name. The first heading of a file is compared
        // with it as it is, later ones are compared with all names without regard to case.
        const DEFAULT: &str = "codeowners";
        if self.file.sections.len() == 1 {
            return (name == DEFAULT).then_some(0);
        }
        let name = folded(name);
        match name == folded(DEFAULT) {
            true => Some(0),
            false => self.section_names.get(&name).copied(),
        }
    }

    fn gitlab_owners(&mut self, words: &[&'t str]) -> Vec<Owner> {
        let mut owners = Vec::new();
        for word in words {
            match Owner::parse(word, Platform::GitLab) {
                Ok(owner) => owners.push(owner),
                Err(error) => {
                    self.fault(word, format!("`{word}` is not an owner: {}", error.reason));
                }
            }
        }
        once_each(&mut owners);
        owners
    }
}

impl File {
    /// Compiles the file, to ask it about many paths.
    #[must_use]
    pub fn matcher(&self) -> FileMatcher<'_> {
        let (entries, patterns): (Vec<u32>, Vec<&Pattern>) = (self.entries.iter().enumerate())
            .filter_map(|(index, entry)| Some((index as u32, entry.pattern.as_ref()?)))
            .unzip();
        let is_plain = |entry: &Entry| entry.section == 0 && !entry.is_exclusion;
        FileMatcher {
            file: self,
            is_plain: self.entries.iter().all(is_plain),
            entries,
            matcher: Matcher::new(patterns),
        }
    }

    /// Who owns `path`: see [`FileMatcher::owners`].
    ///
    /// ```
    /// use owners::codeowners::read;
    /// use owners::platform::Platform;
    ///
    /// let file = read("* @a\n/docs/ @b @c\n", Platform::GitHub);
    /// let owners = file.owners(b"docs/x.md");
    /// assert_eq!(owners[0].iter().map(|owner| owner.as_str()).collect::<Vec<_>>(), ["@b", "@c"]);
    /// ```
    #[must_use]
    pub fn owners(&self, path: &[u8]) -> Vec<&[Owner]> {
        let matcher = self.matcher();
        let mut walk = matcher.walk();
        matcher.owners(&mut walk, path)
    }
}

/// A file, compiled.
#[derive(Debug)]
pub struct FileMatcher<'f> {
    file: &'f File,
    /// Whether the last entry that matches a path decides: there are no sections and no exclusions.
    is_plain: bool,
    /// The entry of each pattern of the matcher.
    entries: Vec<u32>,
    matcher: Matcher,
}

impl<'f> FileMatcher<'f> {
    /// Starts to ask about one path after another, best in sorted order.
    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        self.matcher.walk()
    }

    /// The lines that match `path`, in the order in which they stand.
    pub(crate) fn entries(
        &self,
        walk: &mut Walk<'_>,
        path: &[u8],
    ) -> impl DoubleEndedIterator<Item = &'f Entry> {
        let matching = walk.all_matches(path).into_iter();
        matching.map(|pattern| self.entry(pattern))
    }

    fn entry(&self, pattern: u32) -> &'f Entry {
        &self.file.entries[self.entries[pattern as usize] as usize]
    }

    /// The owners of `path`, for each section that has any for it, in the order of the sections.
    /// On GitHub there is only one.
    pub fn owners(&self, walk: &mut Walk<'_>, path: &[u8]) -> Vec<&'f [Owner]> {
        if self.is_plain {
            let last = walk.last_match(path).map(|pattern| self.entry(pattern));
            let owners = last.map(|last| last.owners.as_slice());
            return owners
                .filter(|owners| !owners.is_empty())
                .into_iter()
                .collect();
        }
        let mut matching: Vec<&Entry> = self.entries(walk, path).collect();
        // Stable: those of a section stay in the order in which they stand.
        matching.sort_by_key(|entry| entry.section);
        matching
            .chunk_by(|a, b| a.section == b.section)
            .filter(|own| !own.iter().any(|entry| entry.is_exclusion))
            .filter_map(|own| own.last())
            .filter(|last| !last.owners.is_empty())
            .map(|last| last.owners.as_slice())
            .collect()
    }
}

/// The name of a section without regard to case.
fn folded(name: &str) -> String {
    let upper = name.chars().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).collect()
}

/// Who is named twice owns once.
fn once_each(owners: &mut Vec<Owner>) {
    if owners.len() > 1 {
        let mut seen = FxHashSet::default();
        owners.retain(|owner| seen.insert(owner.folded()));
    }
}

/// What is taken off both ends of a line: what Ruby's `strip` does.
const STRIPPED: [char; 6] = [' ', '\t', '\u{B}', '\u{C}', '\r', '\0'];

/// Splits at the characters for which `is_separator` holds, given each and the text before it.
fn words(line: &str, is_separator: impl Fn(char, &str) -> bool) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in line.char_indices() {
        if is_separator(character, &line[..at]) {
            words.extend(start.take().map(|start| &line[start..at]));
        } else {
            start.get_or_insert(at);
        }
    }
    words.extend(start.map(|start| &line[start..]));
    words
}

/// Whether an even number of backslashes, most often none, stands at the end of `before`.
fn is_unescaped(before: &str) -> bool {
    let backslashes = before.bytes().rev().take_while(|&byte| byte == b'\\');
    backslashes.count() % 2 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(file: &File) -> Vec<String> {
        file.entries
            .iter()
            .map(|entry| {
                let owners: Vec<&str> = entry.owners.iter().map(Owner::as_str).collect();
                format!("{} {} {}", entry.line, entry.text, owners.join(" "))
            })
            .collect()
    }

    #[test]
    fn forms_of_lines() {
        let text = "\u{FEFF}\t* \t@a  @org/t # no @c\r\n\r\n#x\n/My\\ Docs/ u@example.com\n/none";
        let file = read(text, Platform::GitHub);
        assert_eq!(
            shown(&file),
            ["1 * @a @org/t", "4 /My\\ Docs/ u@example.com", "5 /none "]
        );
        assert_eq!(file.faults, []);
    }

    #[test]
    fn lines_that_github_skips() {
        for (line, column, reason) in [
            ("  /[id]/ @a", 3, "must be escaped"),
            ("!/a @a", 1, "no effect"),
            ("\\#a @a", 1, "no effect"),
            ("/a#b @a", 1, "comment"),
            ("/a\\#b @a", 1, "comment"),
            ("\\[a\\] @a", 1, "drops a backslash"),
            ("* user", 3, "`user` is not an owner"),
            ("* @a @x.y", 6, "`@x.y` is not an owner"),
        ] {
            let file = read(line, Platform::GitHub);
            assert_eq!(file.entries, [], "{line}");
            assert_eq!(
                (file.faults[0].line, file.faults[0].column),
                (1, column),
                "{line}"
            );
            assert!(
                file.faults[0].reason.contains(reason),
                "{line}: {}",
                file.faults[0].reason
            );
        }
    }

    #[test]
    fn gitlab_drops_words_not_lines() {
        let file = read(
            "* @a user # see @b\n!*.lock\n/a b.txt @x\n",
            Platform::GitLab,
        );
        // There are no comments behind owners: who is mentioned in one becomes an owner.
        assert_eq!(shown(&file), ["1 * @a @b", "2 !*.lock ", "3 /a @x"]);
        let columns: Vec<_> = file
            .faults
            .iter()
            .map(|fault| (fault.line, fault.column))
            .collect();
        assert_eq!(columns, [(1, 6), (1, 11), (1, 13), (3, 4)]);
    }

    #[test]
    fn gitlab_sections() {
        let owned = |text: &str| {
            let file = read(text, Platform::GitLab);
            let entries = file.entries.iter().map(|entry| {
                let owners: Vec<&str> = entry.owners.iter().map(Owner::as_str).collect();
                format!("{} {}", entry.section, owners.join(" "))
            });
            entries.collect::<Vec<_>>().join(", ")
        };
        for (text, expected) in [
            ("[A] @a\n/x\n[B] @b\n/y\n[a] @c\n/z", "1 @a, 2 @b, 1 @c"),
            // Opened again without owners, it has none.
            ("[A] @a\n/x\n[A]\n/y", "1 @a, 1 "),
            ("[A] @a\n[B]\n[A]\n/y", "1 "),
            ("[É] @a\n/x\n[é]\n/y", "1 @a, 1 "),
            // Words that are no owners are not nothing.
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
    fn gitlab_keeps_a_line_by_its_pattern() {
        for (text, expected) in [
            ("!/docs/\n/docs/ @b", &["/docs/ @b"][..]),
            ("/docs/ @b\n!/docs/**/*", &["!/docs/ "]),
            ("* @a\n/docs/ @b\n/ @c", &["* @c", "/docs/ @b"]),
            ("/d @a\n[A]\n!/d", &["/d @a", "!/d "]),
        ] {
            let file = read(text, Platform::GitLab);
            let shown: Vec<String> = (file.entries.iter())
                .map(|entry| {
                    let before = if entry.is_exclusion { "!" } else { "" };
                    let pattern = entry.pattern.as_ref().unwrap();
                    let owners: Vec<&str> = entry.owners.iter().map(Owner::as_str).collect();
                    format!("{before}{pattern} {}", owners.join(" "))
                })
                .collect();
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn a_pattern_that_never_matches_is_no_fault() {
        assert_eq!(read("/ @a", Platform::GitHub).entries[0].pattern, None);
    }
}
