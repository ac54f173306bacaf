//! Answers who owns a path according to a CODEOWNERS file.

use rustc_hash::FxHashMap;

use crate::forge::{Decides, File, FileLine};
use crate::ids::{Id as _, IdVec, id};
use crate::matcher::{Matcher, Walk};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::ruleset::composed;

impl File {
    /// Compiles the file. Worth it for many paths.
    #[must_use]
    pub fn matcher(&self) -> FileMatcher<'_> {
        let (entries, patterns): (IdVec<FilePatternId, &FileLine>, Vec<&Pattern>) = self
            .entries
            .iter()
            .filter_map(|entry| Some((entry, entry.pattern.as_ref()?)))
            .unzip();
        let is_plain = |entry: &FileLine| entry.section == 0 && !entry.is_exclusion;
        let (bystanders, excepts) = exceptions(&entries);
        FileMatcher {
            decides: self.decides,
            is_plain: self.entries.iter().all(is_plain),
            matcher: Matcher::with_bystanders(patterns, bystanders, |_| true),
            entries,
            excepts,
        }
    }

    /// The owners of `path`. See [`FileMatcher::owners`].
    ///
    /// ```
    /// use owners::codeowners::read;
    /// use owners::Forge;
    ///
    /// let file = read("* @a\n/docs/ @b @c\n", Forge::GITHUB);
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

/// The patterns that lines do not match, each once, and for each line the numbers that these have in
/// the matcher, sorted.
fn exceptions<'f>(
    entries: &IdVec<FilePatternId, &'f FileLine>,
) -> (Vec<&'f Pattern>, IdVec<FilePatternId, Box<[u32]>>) {
    let mut all: Vec<&Pattern> = Vec::new();
    let mut known: FxHashMap<&Pattern, u32> = FxHashMap::default();
    let mut excepts: Vec<Box<[u32]>> = Vec::new();
    if entries.iter().all(|entry| entry.except.is_empty()) {
        return (all, excepts.into());
    }
    let mut next = entries.next_id().number();
    for &entry in entries {
        let mut numbers: Vec<u32> = Vec::with_capacity(entry.except.len());
        for pattern in &entry.except {
            numbers.push(*known.entry(pattern).or_insert_with(|| {
                all.push(pattern);
                next += 1;
                next - 1
            }));
        }
        numbers.sort_unstable();
        excepts.push(numbers.into());
    }
    (all, excepts.into())
}

id! {
    /// The index of a pattern, not counting lines without one.
    struct FilePatternId;
}

/// A compiled CODEOWNERS file.
#[derive(Debug)]
pub struct FileMatcher<'f> {
    decides: Decides,
    /// Whether the last matching line decides, since there are no sections and no exclusions.
    is_plain: bool,
    /// For each line, the numbers that the patterns that it does not match have in the matcher, sorted.
    /// Empty if there are no such patterns.
    excepts: IdVec<FilePatternId, Box<[u32]>>,
    /// The line of each pattern in the matcher.
    entries: IdVec<FilePatternId, &'f FileLine>,
    matcher: Matcher,
}

impl<'f> FileMatcher<'f> {
    /// Which of the lines that match a path count.
    pub(super) fn decides(&self) -> Decides {
        self.decides
    }

    /// Starts a walk over many paths. Sorted order is fastest.
    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        self.matcher.walk()
    }

    /// The lines that match `path`, in file order.
    pub(crate) fn entries(
        &self,
        walk: &mut Walk<'_>,
        path: &[u8],
    ) -> impl DoubleEndedIterator<Item = &'f FileLine> {
        let mut matching = walk.all_matches(path);
        if self.decides == Decides::Every {
            let lines =
                matching.partition_point(|&pattern| (pattern as usize) < self.entries.len());
            let excepted = matching.split_off(lines);
            matching.retain(|&line| {
                let own = self.excepts.get(FilePatternId::from_number(line));
                let is_own = |each: &u32| own.is_some_and(|own| own.binary_search(each).is_ok());
                let is_excepted = excepted.iter().any(is_own);
                let test = &self.entry(line).test;
                !is_excepted && test.as_ref().is_none_or(|test| test.matches(path))
            });
        }
        let matching = matching.into_iter();
        matching.map(|pattern| self.entry(pattern))
    }

    /// All owners of `path`, each once.
    #[must_use]
    pub fn all_owners(&self, walk: &mut Walk<'_>, path: &[u8]) -> Vec<Owner> {
        composed(self.owners(walk, path).into_iter())
    }

    /// The line of each section that decides who approves `path`, if that line has owners, in the order
    /// of the sections. Where [every](Decides::Every) line counts, each line that matches.
    pub(crate) fn deciding(&self, walk: &mut Walk<'_>, path: &[u8]) -> Vec<&'f FileLine> {
        if self.decides == Decides::Every {
            let mut matching: Vec<&FileLine> = self.entries(walk, path).collect();
            // A line may be several entries.
            matching.dedup_by_key(|entry| entry.line);
            return matching;
        }
        if self.is_plain {
            let last = walk.last_match(path).map(|pattern| self.entry(pattern));
            return last
                .filter(|last| !last.owners.is_empty())
                .into_iter()
                .collect();
        }
        let mut matching: Vec<&FileLine> = self.entries(walk, path).collect();
        // The sort is stable, so the lines of a section stay in file order.
        matching.sort_by_key(|entry| entry.section);
        matching
            .chunk_by(|a, b| a.section == b.section)
            .filter(|own| !own.iter().any(|entry| entry.is_exclusion))
            .filter_map(|own| own.last().copied())
            .filter(|last| !last.owners.is_empty())
            .collect()
    }

    fn entry(&self, pattern: u32) -> &'f FileLine {
        self.entries[FilePatternId::from_number(pattern)]
    }

    /// The owners of `path` in each section that has owners for it, in the order of the sections.
    /// On GitHub there is one section only.
    pub fn owners(&self, walk: &mut Walk<'_>, path: &[u8]) -> Vec<&'f [Owner]> {
        let deciding = self.deciding(walk, path).into_iter();
        deciding.map(|line| line.owners.as_slice()).collect()
    }
}
