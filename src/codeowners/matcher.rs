//! Answers who owns a path according to a CODEOWNERS file.

use crate::forge::{File, FileLine};
use crate::ids::{Id as _, IdVec, id};
use crate::matcher::{Matcher, Walk};
use crate::owner::Owner;
use crate::pattern::Pattern;

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
        FileMatcher {
            is_plain: self.entries.iter().all(is_plain),
            entries,
            matcher: Matcher::new(patterns),
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

id! {
    /// The index of a pattern, not counting lines without one.
    struct FilePatternId;
}

/// A compiled CODEOWNERS file.
#[derive(Debug)]
pub struct FileMatcher<'f> {
    /// Whether the last matching line decides, since there are no sections and no exclusions.
    is_plain: bool,
    /// The line of each pattern in the matcher.
    entries: IdVec<FilePatternId, &'f FileLine>,
    matcher: Matcher,
}

impl<'f> FileMatcher<'f> {
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
        let matching = walk.all_matches(path).into_iter();
        matching.map(|pattern| self.entry(pattern))
    }

    /// The line of each section that decides who approves `path`, if that line has owners, in the order
    /// of the sections.
    pub(crate) fn deciding(&self, walk: &mut Walk<'_>, path: &[u8]) -> Vec<&'f FileLine> {
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
