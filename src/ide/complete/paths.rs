//! Paths: the next segment of a pattern, from the tracked paths.
//!
//! A directory may hold a million files, so the paths are not read one by one: behind each name, a
//! binary search finds the next one.
//!
//! ```text
//! /crates/<wasi,wasi-$0        what comes before the place is read as two texts: what is in front
//!                              of the group, and the alternative that is being typed
//! /{a,b}/$0                    the names in a/ and in b/
//! /a-*/$0                      the names in each directory that matches
//! ```

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::{Completion, CompletionKind, Completions, MOST, Spot};
use crate::forge::Forge;
use crate::ide::Analysis;
use crate::ide::token::Quote;
use crate::ids::Id as _;
use crate::paths::{PathId, PathSet};
use crate::pattern::{Glob, Pattern};
use crate::text::escaped;

/// The most texts that are completed at once, and the most directories.
const MAX_STEMS: usize = 16;
/// The most names that a wildcard is compared with.
const MAX_COMPARED: usize = 2000;

/// A name in a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Name<'p> {
    bytes: &'p [u8],
    is_directory: bool,
}

/// The names in a directory that begin with `prefix`, sorted. The directory is empty for the root, and
/// ends with a slash otherwise.
fn names<'p>(
    paths: &'p PathSet,
    directory: &[u8],
    prefix: &[u8],
) -> impl Iterator<Item = Name<'p>> {
    let start = [directory, prefix].concat();
    let length = directory.len();
    let mut id: PathId = paths.lower_bound(&start);
    std::iter::from_fn(move || {
        let path = paths.get(id)?;
        let rest = path.starts_with(&start).then(|| &path[length..])?;
        let slash = memchr::memchr(b'/', rest);
        let name = &rest[..slash.unwrap_or(rest.len())];
        id = match slash {
            // `0` is behind `/`, so this is behind all that is in the directory.
            Some(_) => paths.lower_bound(&[&path[..length + name.len()], b"0"].concat()),
            None => id.next(),
        };
        Some(Name {
            bytes: name,
            is_directory: slash.is_some(),
        })
    })
}

/// The texts that the start of a pattern stands for, with the alternatives of groups that are closed
/// and the one that is being typed. Escapes stay. Also where the text starts behind the last slash,
/// bracket or comma.
fn stems(before: &str) -> (Vec<String>, usize) {
    struct Open {
        before: Vec<String>,
        done: Vec<String>,
    }
    let joined = |left: &[String], right: &[String]| -> Vec<String> {
        let pairs = left
            .iter()
            .flat_map(|left| right.iter().map(move |right| [&**left, right].concat()));
        pairs.take(MAX_STEMS).collect()
    };
    let mut open: Vec<Open> = Vec::new();
    let mut texts = vec![String::new()];
    let mut start = 0;
    let mut characters = before.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '{' | '<' => open.push(Open {
                before: std::mem::replace(&mut texts, vec![String::new()]),
                done: Vec::new(),
            }),
            ',' if !open.is_empty() => {
                if let Some(group) = open.last_mut() {
                    group.done.append(&mut texts);
                }
                texts.push(String::new());
            }
            '}' | '>' if !open.is_empty() => {
                if let Some(mut group) = open.pop() {
                    group.done.append(&mut texts);
                    texts = joined(&group.before, &group.done);
                }
            }
            _ => {
                texts.iter_mut().for_each(|text| text.push(character));
                if character == '\\'
                    && let Some((_, escaped)) = characters.next()
                {
                    texts.iter_mut().for_each(|text| text.push(escaped));
                }
                if character != '/' {
                    continue;
                }
            }
        }
        start = at + 1;
    }
    while let Some(group) = open.pop() {
        texts = joined(&group.before, &texts);
    }
    (texts, start)
}

/// The directories that a text names, with wildcards. Each ends with a slash.
fn directories(paths: &PathSet, base: &str, text: &str) -> Vec<Vec<u8>> {
    let mut found = vec![match base {
        "" => Vec::new(),
        base => [base.as_bytes(), b"/"].concat(),
    }];
    for segment in text.split('/').filter(|segment| !segment.is_empty()) {
        let Ok(glob) = segment.parse::<Glob>();
        if let Some(name) = glob.as_literal() {
            for directory in &mut found {
                directory.extend_from_slice(name.as_bytes());
                directory.push(b'/');
            }
            continue;
        }
        if segment == "**" {
            return Vec::new();
        }
        let inner = found.iter().flat_map(|directory| {
            let all = names(paths, directory, b"").take(MAX_COMPARED);
            let matching = all.filter(|name| name.is_directory && glob.matches(name.bytes));
            matching.map(|name| [directory, name.bytes, b"/"].concat())
        });
        found = inner.take(MAX_STEMS).collect();
    }
    found
}

/// A text to complete: the names in its directories that begin with the partial name.
struct Stem {
    directories: Vec<Vec<u8>>,
    partial: String,
    /// How much of the partial name is before the text that is replaced.
    kept: usize,
}

impl Analysis<'_> {
    /// The next segment of a pattern.
    pub(super) fn paths_in_pattern(&self, spot: &Spot<'_>) -> Completions {
        let typed = spot.typed();
        let (stems, start, is_first) = match spot.document.forge {
            Some(forge) => self.of_line(&typed, forge),
            None => self.of_toml(&typed, &spot.document.directory),
        };
        let Some(stems) = stems else {
            return Completions::default();
        };
        let (names, is_incomplete) = self.found(&stems);
        let span = spot.segment(start);
        let items = names.into_iter().filter_map(|(name, kept)| {
            let mut new = spot.name(name, kept)?;
            // Without a slash, the pattern would match such a name in any directory.
            if is_first {
                new.insert(0, '/');
            }
            spot.segment_item(name, &new, &span)
        });
        Completions {
            items: items.collect(),
            is_incomplete,
        }
    }

    /// What to complete of a pattern in `owners.toml`, where the last segment starts, and whether it is
    /// the first one, without a slash before it.
    fn of_toml(&self, typed: &str, base: &str) -> (Option<Vec<Stem>>, usize, bool) {
        let (texts, start) = stems(typed);
        let tail = typed.len() - start;
        let is_first = start == 0;
        let stem = |text: &String| {
            let slash = text.rfind('/').map_or(0, |slash| slash + 1);
            let (directory, partial) = text.split_at(slash);
            let Ok(glob) = partial.parse::<Glob>();
            let name = match partial {
                "" => "",
                _ => glob.as_literal()?,
            };
            let Ok(kept) = partial[..partial.len().checked_sub(tail)?].parse::<Glob>();
            Some(Stem {
                directories: directories(self.paths, base, directory),
                kept: kept.as_literal().map_or(0, str::len),
                partial: name.to_string(),
            })
        };
        let stems: Option<Vec<Stem>> = texts.iter().map(stem).collect();
        (stems, start, is_first)
    }

    /// The same of a pattern in a CODEOWNERS file.
    fn of_line(&self, typed: &str, forge: Forge) -> (Option<Vec<Stem>>, usize, bool) {
        let start = typed.rfind('/').map_or(0, |slash| slash + 1);
        let (directory, partial) = typed.split_at(start);
        // What is written `a\ b` is `a b`.
        let literal = |text: &str| {
            let pattern = forge.dialect.read_pattern(&format!("/{text}"))?;
            let names: Vec<&str> = pattern.first_names().collect();
            (names.len() == pattern.steps().len()).then(|| names.join("/"))
        };
        let directory = match directory.trim_matches('/') {
            "" => Some(String::new()),
            text => literal(text).map(|names| names + "/"),
        };
        let partial = match partial {
            "" => Some(String::new()),
            partial => literal(partial),
        };
        let stem = directory.zip(partial).map(|(directory, partial)| Stem {
            directories: vec![directory.into_bytes()],
            partial,
            kept: 0,
        });
        (stem.map(|stem| vec![stem]), start, start == 0)
    }

    /// The next segment of a file of the roster, which is a path and no pattern; and the teams.
    pub(super) fn roster(&self, spot: &Spot<'_>) -> Completions {
        let typed = spot.typed();
        if typed.starts_with('@') {
            return self.owners(spot);
        }
        let start = typed.rfind('/').map_or(0, |slash| slash + 1);
        let stem = Stem {
            directories: vec![typed.as_bytes()[..start].to_vec()],
            partial: typed[start..].to_string(),
            kept: 0,
        };
        let (names, is_incomplete) = self.found(&[stem]);
        let span = spot.segment(start);
        let items = names.into_iter().filter_map(|(name, _)| {
            let mut new = String::from_utf8(name.bytes.to_vec()).ok()?;
            new.extend(name.is_directory.then_some('/'));
            spot.segment_item(name, &new, &span)
        });
        Completions {
            items: items.collect(),
            is_incomplete,
        }
    }

    /// The names for these texts, each with how much of it is there already. All names of the
    /// directories if these are few, so that the editor may choose by more than the first letters.
    fn found(&self, stems: &[Stem]) -> (Vec<(Name<'_>, usize)>, bool) {
        let all = self.listed(stems, |stem| &stem.partial[..stem.kept]);
        if all.len() <= MOST {
            return (all, false);
        }
        let mut some = self.listed(stems, |stem| &stem.partial);
        some.truncate(MOST);
        (some, true)
    }

    fn listed(&self, stems: &[Stem], prefix: impl Fn(&Stem) -> &str) -> Vec<(Name<'_>, usize)> {
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        for stem in stems {
            for directory in &stem.directories {
                let names = names(self.paths, directory, prefix(stem).as_bytes());
                let names = names.filter(|name| name.bytes.len() > stem.kept);
                for name in names.take(MOST + 1) {
                    if seen.insert((&name.bytes[stem.kept..], name.is_directory)) {
                        found.push((name, stem.kept));
                    }
                }
            }
        }
        found
    }
}

impl Spot<'_> {
    /// The bytes of the segment that is completed, which starts at a byte of the value: up to the next
    /// slash, bracket or comma.
    fn segment(&self, start: usize) -> Range<usize> {
        let text = &self.document.text;
        let start = self.token().locate(text, start..start).start;
        let end = self.span().end;
        if self.written > 0 {
            return start..end;
        }
        let rest = &text[self.offset..end];
        let length = rest.find(['/', ',', '{', '}', '<', '>']);
        start..self.offset + length.unwrap_or(rest.len())
    }

    /// A name as it is written in a pattern, without what is there already.
    fn name(&self, name: Name<'_>, kept: usize) -> Option<String> {
        let mut new = match self.document.forge {
            Some(forge) => {
                let pattern = Pattern::entry(name.bytes);
                let text = forge.dialect.write(&pattern, false).ok()?;
                text.trim_start_matches('/')
                    .trim_end_matches('/')
                    .to_string()
            }
            None => glob_of(&name.bytes[kept..]).to_string(),
        };
        new.extend(name.is_directory.then_some('/'));
        Some(new)
    }

    /// The item for a segment that is written as `new`.
    fn segment_item(&self, name: Name<'_>, new: &str, span: &Range<usize>) -> Option<Completion> {
        let is_directory = name.is_directory;
        let (span, value) = match self.token().quote {
            // What is before the segment gets quotes, too.
            Quote::Bare if self.document.forge.is_none() => {
                let whole = self.span();
                let before = &self.document.text[whole.start..span.start];
                (whole, [before, new].concat())
            }
            _ => (span.clone(), new.to_string()),
        };
        let filter = self.token().quote.escape(&value)?;
        // A slash that nobody typed is not compared with what was typed.
        let is_typed = self.typed().starts_with('/');
        let slash = if is_directory { "/" } else { "" };
        Some(Completion {
            label: escaped(name.bytes) + slash,
            detail: String::new(),
            about: None,
            kind: match is_directory {
                true => CompletionKind::Directory,
                false => CompletionKind::File,
            },
            span,
            // More follows a directory, so its string stays open.
            new: self.write(&value, !is_directory)?,
            filter: match is_typed {
                true => filter,
                false => filter.trim_start_matches('/').to_string(),
            },
        })
    }
}

/// The glob of a name. What `owners.toml` cannot name becomes `?`.
fn glob_of(name: &[u8]) -> Glob {
    let mut glob = Glob::new();
    for chunk in name.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character.is_control() {
                true => glob.push_one(),
                false => glob.push_char(character),
            }
        }
        chunk.invalid().iter().for_each(|_| glob.push_one());
    }
    glob
}

#[cfg(test)]
mod tests {
    use super::super::testing::{chosen, chosen_in, completions, labels};
    use super::*;
    use crate::ide::testing::World;

    const PATHS: [&str; 14] = [
        "Cargo.toml",
        "MAINTAINERS",
        "crates/c-api/x",
        "crates/nn/src/lib.rs",
        "crates/wasi-http/src/lib.rs",
        "crates/wasi-tls/src/tls.rs",
        "crates/wasi/Cargo.toml",
        "crates/wasi/src/lib.rs",
        "crates/wasi/src/main.rs",
        "odd/a b",
        "odd/{x,y}",
        "odd/it's",
        "odd/q\"\\",
        "odd/é😀",
    ];

    fn world() -> World {
        let nested = [("crates/wasi", "[paths]\n'*' = '@y'\n")];
        World::nested(&PATHS, "nested = true\n[paths]\n'*' = '@x'\n", &nested)
    }

    #[test]
    fn the_names_of_a_directory() {
        let found = |pattern: &str| labels(&world(), &format!("[paths]\n{pattern}"));
        let root = ["Cargo.toml", "MAINTAINERS", "crates/", "odd/"];
        let crates = ["c-api/", "nn/", "wasi/", "wasi-http/", "wasi-tls/"];
        let mut sorted = crates;
        sorted.sort_unstable_by_key(|name| name.trim_end_matches('/').to_string() + "/");
        assert_eq!(found("\"$0"), root);
        assert_eq!(found("$0"), root);
        assert_eq!(found("\"/$0\" = 'x'"), root);
        assert_eq!(found("\"/cr$0ates/wasi\""), root);
        for pattern in [
            "\"/crates/$0",
            "\"crates/wa$0",
            "'/crates/<wasi,$0>/'",
            "'/crates/{wasi,wasi-$0",
            "'/cr*s/$0",
            "'/{crates,odd/..}/$0",
        ] {
            let mut names = found(pattern);
            names.sort_unstable_by_key(|name| name.trim_end_matches('/').to_string() + "/");
            assert_eq!(names, sorted, "{pattern}");
        }
        assert_eq!(found("'/crates/<wasi,nn>/$0"), ["Cargo.toml", "src/"]);
        assert_eq!(
            found("'/crates/wasi<,-$0"),
            ["-http/", "-tls/"].map(|n| format!("wasi{n}"))
        );
        assert_eq!(found("'/nothing/$0"), [""; 0]);
        assert_eq!(found("'/crates/**/$0"), [""; 0]);
        assert_eq!(found("'/crates/*.r$0"), [""; 0]);
        let other = |text: &str| labels(&world(), text);
        assert_eq!(
            other("[check]\nexempt = ['/crates/wasi/$0']"),
            ["Cargo.toml", "src/"]
        );
        assert_eq!(other("[[require]]\npaths = '/$0'"), root);
        assert_eq!(other("[paths]\n'x' = { owners = 'a', except = ['$0"), root);
        assert_eq!(other("[check]\nroster = '$0'"), root);
    }

    #[test]
    fn what_is_written() {
        let rule = |pattern: &str, label: &str| {
            chosen(&world(), &format!("[paths]\n{pattern}"), label)["[paths]\n".len()..].to_string()
        };
        for (pattern, label, expected) in [
            ("\"$0", "crates/", "\"/crates/"),
            ("\"cr$0\"", "crates/", "\"/crates/\""),
            ("\"/cr$0", "crates/", "\"/crates/"),
            ("\"/$0", "Cargo.toml", "\"/Cargo.toml\""),
            ("$0", "Cargo.toml", "\"/Cargo.toml\""),
            ("/crates/wa$0", "wasi/", "\"/crates/wasi/\""),
            ("'/crates/wa$0si/src/'", "nn/", "'/crates/nn//src/'"),
            (
                "'/crates/<wasi,wasi-$0>/'",
                "wasi-tls/",
                "'/crates/<wasi,wasi-tls/>/'",
            ),
            ("'/crates/wasi<,-$0", "wasi-tls/", "'/crates/wasi<,-tls/"),
            ("\"/odd/$0\"", "{x,y}", "\"/odd/\\\\{x\\\\,y\\\\}\""),
            ("'/odd/$0'", "{x,y}", "'/odd/\\{x\\,y\\}'"),
            ("\"/odd/$0\"", "q\"\\", "\"/odd/q\\\"\\\\\\\\\""),
            ("\"/odd/$0\"", "it's", "\"/odd/it's\""),
            ("\"/odd/\\u00e9$0\"", "é😀", "\"/odd/é😀\""),
        ] {
            let expected = expected.replace("//", "/");
            assert_eq!(
                rule(pattern, label).replace("//", "/"),
                expected,
                "{pattern}"
            );
        }
        let filter = |pattern: &str| {
            let text = format!("[paths]\n{pattern}");
            completions(&world(), &text, 0).0.items[2].filter.clone()
        };
        assert_eq!(filter("'$0'"), "crates/");
        assert_eq!(filter("'cr$0'"), "crates/");
        assert_eq!(filter("cr$0"), "crates/");
        assert_eq!(filter("'/cr$0'"), "crates/");
        assert_eq!(filter("/cr$0"), "/crates/");
        assert_eq!(filter("'/crates/$0'"), "wasi-http/");
        // A literal string cannot hold this name.
        let found = labels(&world(), "[paths]\n'/odd/$0'");
        assert!(!found.contains(&"it's".to_string()), "{found:?}");
        // Patterns of a file are relative to its directory.
        assert_eq!(
            chosen_in(&world(), "[paths]\n'/src/$0'", "lib.rs", 1),
            "[paths]\n'/src/lib.rs'"
        );
    }

    #[test]
    fn a_codeowners_file() {
        let world = World::by_hand(&PATHS, "* @a\n");
        assert_eq!(
            labels(&world, "* @a\n/cr$0"),
            ["Cargo.toml", "MAINTAINERS", "crates/", "odd/"]
        );
        for (text, label, expected) in [
            ("/cr$0 @a", "crates/", "/crates/ @a"),
            ("$0", "crates/", "/crates/"),
            ("/odd/$0", "a b", "/odd/a\\ b"),
            ("/odd/a\\ $0", "a b", "/odd/a\\ b"),
        ] {
            assert_eq!(chosen(&world, text, label), expected, "{text}");
        }
    }

    #[test]
    fn a_million_files_are_not_read() {
        let files = (0..120_000).map(|n| format!("big/{:03}/{n:06}", n % 500));
        let paths: Vec<String> = files.chain(["z/x".to_string()]).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let world = World::new(&paths, "[paths]\n'*' = '@x'\n");
        let (found, _) = completions(&world, "[paths]\n'/big/$0", 0);
        assert_eq!((found.items.len(), found.is_incomplete), (200, true));
        let (found, _) = completions(&world, "[paths]\n'/big/49$0", 0);
        assert_eq!((found.items.len(), found.is_incomplete), (10, true));
        let (found, _) = completions(&world, "[paths]\n'/big/000/$0", 0);
        assert_eq!((found.items.len(), found.is_incomplete), (200, true));
        // Names of a directory are one step each, however much is in it.
        let all = names(&world.paths, b"", b"");
        assert_eq!(all.count(), 2);
    }

    #[test]
    fn a_directory_beside_a_file_of_that_start() {
        let paths: PathSet = ["a", "b-c", "b/d", "b0", "b/e", "c"].iter().collect();
        let all = names(&paths, b"", b"").map(|name| (name.bytes, name.is_directory));
        let all: Vec<(&[u8], bool)> = all.collect();
        assert_eq!(
            all,
            [
                (&b"a"[..], false),
                (b"b-c", false),
                (b"b", true),
                (b"b0", false),
                (b"c", false)
            ]
        );
    }

    #[test]
    fn stems_of_groups() {
        for (before, texts, start) in [
            ("", &[""][..], 0),
            ("/a/b", &["/a/b"], 3),
            ("/{a,b}/c", &["/a/c", "/b/c"], 7),
            ("/a<b,c", &["/ac"], 5),
            ("/{a,b}{c,{d,e", &["/ae", "/be"], 12),
            ("/a\\,b\\{", &["/a\\,b\\{"], 1),
        ] {
            assert_eq!(
                stems(before),
                (texts.iter().map(ToString::to_string).collect(), start),
                "{before}"
            );
        }
    }
}
