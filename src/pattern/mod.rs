//! Patterns: which paths a rule matches.
//!
//! There is one [`Pattern`] for all of them. A pattern of `owners.toml` ([`alternation`] expands it)
//! and a line of a CODEOWNERS file, in the dialect of its forge, are both lowered to it. The matcher,
//! the lints and the writers of files know nothing else.
//!
//! # The model
//!
//! A path is a sequence of segments. A pattern is a sequence of [`Glob`]s, each of which takes one
//! segment, with a [`Gap`] before, between and after them. A gap takes segments of any name: exactly
//! so many, or so many and more.
//!
//! | GitHub pattern | globs and gaps |
//! |---|---|
//! | `/a/b` | exactly 0 · `a` · exactly 0 · `b` · 0 or more |
//! | `/a/b/` | exactly 0 · `a` · exactly 0 · `b` · 1 or more |
//! | `name`, `**/name` | 0 or more · `name` · 0 or more |
//! | `/docs/*` | exactly 0 · `docs` · exactly 1 |
//! | `/a/**/b` | exactly 0 · `a` · 0 or more · `b` · 0 or more |
//! | `*`, `**`, `/**` | 1 or more |
//!
//! A segment `*` is a gap of one. So the spellings `a/**/*/b` and `a/*/**/b` are the same value, and so
//! are `/a/`, `/a/**` and `/a/**/*`: patterns are equal if they mean the same. The last gap says
//! whether a pattern matches what is in a directory of that name, and whether it matches nothing else.
//!
//! A glob from a CODEOWNERS file of GitLab may have a [`Class`] in it: one character of a set. The
//! [`algebra`] does not look into these sets: it treats a class as `?` where that is sound, and
//! otherwise proves nothing. Equal patterns with classes mean the same, but two that mean the same can
//! be different values: `*a*[!a]*` and `*a[!a]*`.

pub mod algebra;
pub mod alternation;
pub mod budget;
mod class;
pub mod fault;
mod glob;
pub mod syntax;

use std::borrow::Cow;
use std::fmt;

pub use class::{Class, OneOf};
pub use glob::{Glob, Piece};

/// How many segments of any name may stand at one place of a pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gap {
    /// At least so many.
    pub min: u32,
    /// Whether there may be any number more.
    pub open: bool,
}

impl Gap {
    /// No segment at all.
    pub const NONE: Gap = Gap {
        min: 0,
        open: false,
    };
    /// Any number of segments, none included.
    pub const ANY: Gap = Gap { min: 0, open: true };
    /// One segment or more.
    pub const SOME: Gap = Gap { min: 1, open: true };
}

/// A set of paths. See the [module](self) for the model.
///
/// ```
/// use owners::pattern::Pattern;
///
/// let pattern = Pattern::github("/crates/wasi").unwrap();
/// assert!(pattern.matches(b"crates/wasi/src/lib.rs"));
/// assert!(!pattern.matches(b"crates/wasi-http/src/lib.rs"));
/// assert_eq!(Pattern::github("a/b/"), Pattern::github("/a/b/**/*"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    head: Gap,
    steps: Vec<Step>,
}

/// A glob of a [`Pattern`] and the gap behind it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    /// What matches one segment. Never a glob that matches every name: that is a gap.
    pub glob: Glob,
    /// What may stand behind that segment.
    pub gap: Gap,
}

impl Pattern {
    /// The pattern that starts with `head`; more is appended with [`push`](Self::push) and
    /// [`widen`](Self::widen).
    #[must_use]
    pub fn new(head: Gap) -> Self {
        Pattern {
            head,
            steps: Vec::new(),
        }
    }

    /// Makes room for so many globs.
    pub(crate) fn reserve(&mut self, globs: usize) {
        self.steps.reserve_exact(globs);
    }

    /// Every path: `*`.
    #[must_use]
    pub fn everything() -> Self {
        Pattern::new(Gap::SOME)
    }

    /// Exactly this path and, if it is a directory, everything below it.
    ///
    /// Bytes that are not UTF-8 become `?`, since no pattern can name them.
    #[must_use]
    pub fn entry(path: &[u8]) -> Self {
        let mut pattern = Pattern::new(Gap::NONE);
        for segment in path
            .split(|&byte| byte == b'/')
            .filter(|segment| !segment.is_empty())
        {
            let mut glob = Glob::new();
            for chunk in segment.utf8_chunks() {
                chunk
                    .valid()
                    .chars()
                    .for_each(|character| glob.push_char(character));
                chunk.invalid().iter().for_each(|_| glob.push_one());
            }
            pattern.push(glob);
        }
        pattern.widen(Gap::ANY);
        pattern
    }

    /// A file, or a directory with a slash at its end, or everything if the path is empty. What
    /// `owners.toml` cannot name becomes `?`: bytes that are not UTF-8 and control characters.
    pub(crate) fn folded(path: &[u8]) -> Self {
        let mut named = Vec::with_capacity(path.len());
        for chunk in path.utf8_chunks() {
            for character in chunk.valid().chars() {
                if character.is_control() {
                    // No text has this byte.
                    named.push(0xff);
                } else {
                    named.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            named.extend_from_slice(chunk.invalid());
        }
        match path {
            [] => Pattern::everything(),
            [.., b'/'] => Pattern::entry(&named).with_tail(Gap::SOME),
            _ => Pattern::entry(&named),
        }
    }

    /// What `text` means as a pattern of GitHub's CODEOWNERS, or `None` if it matches nothing there. The
    /// escapes of the file itself must have been removed: see [`syntax`].
    #[must_use]
    pub fn github(text: &str) -> Option<Self> {
        syntax::lower_github(&syntax::lex_github(text))
    }

    /// Appends a segment. One that matches any name widens the last gap instead.
    pub fn push(&mut self, glob: Glob) {
        if glob.is_any() {
            self.widen(Gap {
                min: 1,
                open: false,
            });
        } else {
            self.steps.push(Step {
                glob,
                gap: Gap::NONE,
            });
        }
    }

    /// Appends `gap` to the last gap.
    pub fn widen(&mut self, gap: Gap) {
        let last = match self.steps.last_mut() {
            Some(step) => &mut step.gap,
            None => &mut self.head,
        };
        last.min = last.min.saturating_add(gap.min);
        last.open |= gap.open;
    }

    /// What may stand before the first glob (or altogether, if there is none).
    #[must_use]
    pub fn head(&self) -> Gap {
        self.head
    }

    /// The globs and what may stand behind each.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The name that all paths begin with that the pattern matches, if there is one.
    #[must_use]
    pub fn first_name(&self) -> Option<&str> {
        let first = self.steps.first().filter(|_| self.head == Gap::NONE)?;
        first.glob.as_literal()
    }

    /// How many texts and wildcards its globs have.
    pub(crate) fn parts(&self) -> usize {
        let globs = self.steps.iter();
        globs.map(|step| step.glob.pieces().len()).sum()
    }

    /// About how long it is, in characters and segments.
    pub(crate) fn size(&self) -> usize {
        let globs = self.steps.iter().map(|step| 1 + step.glob.size());
        1 + globs.sum::<usize>()
    }

    /// The literal names that all paths begin with that the pattern matches.
    pub(crate) fn first_names(&self) -> impl Iterator<Item = &str> {
        let anchored = (self.head == Gap::NONE).then_some(&self.steps);
        let mut is_open = false;
        anchored.into_iter().flatten().map_while(move |step| {
            let name = step.glob.as_literal().filter(|_| !is_open)?;
            is_open = step.gap != Gap::NONE;
            Some(name)
        })
    }

    /// Whether each glob is without classes and has a name to match: it is not empty and has no slash.
    pub(crate) fn is_plain(&self) -> bool {
        let is_plain = |piece: &Piece| match piece {
            Piece::Text(text) => !text.contains('/'),
            Piece::One | Piece::Star => true,
            Piece::Class(_) => false,
        };
        let mut globs = self.steps.iter().map(|step| step.glob.pieces());
        globs.all(|pieces| !pieces.is_empty() && pieces.iter().all(is_plain))
    }

    /// Whether this is everything in a directory, or an entry and everything in it: literal names from
    /// the root, and then any number of segments.
    pub(crate) fn is_subtree(&self) -> bool {
        let tail = self.tail();
        let is_literal = self.first_names().count() == self.steps.len();
        !self.steps.is_empty() && is_literal && tail.open && tail.min <= 1
    }

    /// What may stand behind the last glob.
    #[must_use]
    pub fn tail(&self) -> Gap {
        self.steps.last().map_or(self.head, |step| step.gap)
    }

    /// The same pattern with another first gap.
    #[must_use]
    pub fn with_head(&self, head: Gap) -> Self {
        Pattern {
            head,
            ..self.clone()
        }
    }

    /// The same pattern with another last gap.
    #[must_use]
    pub fn with_tail(&self, tail: Gap) -> Self {
        let mut other = self.clone();
        match other.steps.last_mut() {
            Some(step) => step.gap = tail,
            None => other.head = tail,
        }
        other
    }

    /// The same pattern with everything below what it matches.
    #[must_use]
    pub(crate) fn with_all_below(&self) -> Self {
        self.with_tail(Gap {
            open: true,
            ..self.tail()
        })
    }

    /// The same pattern relative to `directory`: it matches nothing outside.
    ///
    /// ```
    /// use owners::pattern::Pattern;
    ///
    /// let pattern = Pattern::github("*.rs").unwrap().below("crates/wasi");
    /// assert_eq!(pattern.to_string(), "/crates/wasi/**/*.rs");
    /// ```
    #[must_use]
    pub fn below(&self, directory: &str) -> Self {
        let steps: Vec<Step> = (directory.split('/'))
            .map(|name| Step {
                glob: Glob::literal(name),
                gap: Gap::NONE,
            })
            .collect();
        self.in_directory(&steps)
    }

    /// The same pattern relative to the directory that these steps name, at least one. The gap behind
    /// the last one does not count.
    pub(crate) fn in_directory(&self, directory: &[Step]) -> Self {
        let mut steps = [directory, &self.steps].concat();
        steps[directory.len() - 1].gap = self.head;
        Pattern {
            head: Gap::NONE,
            steps,
        }
    }

    /// Whether a glob has a class in it.
    #[must_use]
    pub fn has_classes(&self) -> bool {
        self.classes().next().is_some()
    }

    /// The classes in its globs, from the left.
    pub fn classes(&self) -> impl Iterator<Item = &Class> {
        self.steps.iter().flat_map(|step| step.glob.classes())
    }

    /// The same pattern with `replacement` for each class; the leftmost class is replaced first. `None`,
    /// if a replacement has no character.
    pub(crate) fn map_classes(&self, mut replacement: impl FnMut(&Class) -> OneOf) -> Option<Self> {
        let mut other = Pattern::new(self.head);
        other.reserve(self.steps.len());
        for step in &self.steps {
            other.push(step.glob.map_classes(&mut replacement)?);
            other.widen(step.gap);
        }
        Some(other)
    }

    /// The pattern with `?` for each class. It matches at least the same paths.
    pub(crate) fn without_classes(&self) -> Cow<'_, Self> {
        if !self.has_classes() {
            return Cow::Borrowed(self);
        }
        let wide = self.map_classes(|_| OneOf::Anything);
        wide.map_or(Cow::Borrowed(self), Cow::Owned)
    }

    /// Whether every path matches.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.steps.is_empty() && self.head.open && self.head.min <= 1
    }

    /// Whether `path` matches: bytes, `/`-separated, relative to the repository root.
    ///
    /// This is the plain definition, for one pattern and one path. It takes time proportional to the
    /// product of their segments. For many patterns or paths, build a matcher.
    #[must_use]
    pub fn matches(&self, path: &[u8]) -> bool {
        // A place is the index of a gap, and how many segments of its minimum were taken.
        let gaps: Vec<Gap> = std::iter::once(self.head)
            .chain(self.steps.iter().map(|step| step.gap))
            .collect();
        let mut places = vec![(0, 0)];
        for name in path.split(|&byte| byte == b'/') {
            let mut next = Vec::new();
            for (gap, taken) in places {
                if taken < gaps[gap].min {
                    next.push((gap, taken + 1));
                    continue;
                }
                if gaps[gap].open {
                    next.push((gap, taken));
                }
                if self
                    .steps
                    .get(gap)
                    .is_some_and(|step| step.glob.matches(name))
                {
                    next.push((gap + 1, 0));
                }
            }
            next.dedup();
            next.sort_unstable();
            next.dedup();
            places = next;
        }
        places.contains(&(self.steps.len(), self.tail().min))
    }
}

/// Writes the pattern in its normal form, as it would stand in `owners.toml`.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        syntax::write_normal_form(self, f, |glob, f| write!(f, "{glob}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_spellings_are_one_pattern() {
        for spellings in [
            &[
                "/a/b/",
                "a/b/",
                "a/b/**",
                "/a/b/**/*",
                "/a/b/**/",
                "/a/b/?*",
            ][..],
            &["name", "**/name", "/**/name"],
            &["a/**/*/b", "a/*/**/b"],
            &["*", "**", "/**", "**/*", "/**/*", "?*"],
            &["*/", "/*/", "**/*/", "*/**", "/*/?*"],
            &["a/**/*/*", "a/*/**", "/a/*/"],
            &["foo**", "foo*"],
            &["/a?*", "/a*?"],
        ] {
            let first = Pattern::github(spellings[0]).unwrap();
            for spelling in spellings {
                assert_eq!(
                    Pattern::github(spelling).as_ref(),
                    Some(&first),
                    "{spelling}"
                );
            }
        }
    }

    #[test]
    fn normal_form() {
        for (text, normal) in [
            ("*", "*"),
            ("/*", "/*"),
            ("/*/*", "/*/*"),
            ("*/", "/*/"),
            ("*/**/*/", "/*/*/"),
            ("name", "**/name"),
            ("name/", "**/name/"),
            ("*.rs", "**/*.rs"),
            ("a/b", "/a/b"),
            ("a/b/**", "/a/b/"),
            ("a/**/*/b", "/a/*/**/b"),
            ("/docs/*", "/docs/*"),
            ("/docs/*/*", "/docs/*/*"),
            ("**/a/*", "**/a/*"),
            ("*/a", "/*/a"),
            ("**/*/a", "/*/**/a"),
            ("/**/a/**/b/", "**/a/**/b/"),
        ] {
            let pattern = Pattern::github(text).unwrap();
            assert_eq!(pattern.to_string(), normal, "{text}");
            assert_eq!(Pattern::github(normal), Some(pattern), "{normal}");
        }
    }

    #[test]
    fn entry_names_bytes_that_are_not_utf8() {
        let pattern = Pattern::entry(b"a/b\xff c");
        assert_eq!(pattern.to_string(), "/a/b? c");
        assert!(pattern.matches(b"a/b\xff c/d"));
    }
}
