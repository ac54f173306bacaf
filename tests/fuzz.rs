//! The fuzz targets of `fuzz/`, on their seeds and on a few hundred inputs made from them.
//!
//! What fuzzing found is among the seeds. `PROPTEST_CASES` changes how many inputs there are.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod support;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use support::targets;

/// What is worth inserting anywhere.
const WORDS: &[&str] = &[
    "*", "**", "**/", "/", "?", "\\", "\\ ", "{", "}", "<a,", ",b>", "{,a}", "[", "]", "#", "!",
    "@", "~", " ", "\t", "\n", "\r\n", "a", "b", "ab", "é", "e\u{301}", "/*", "*/", "-", "+", ".",
    "..", "\"", "'", " = ", "@a", "\u{feff}", "\0", "\u{a0}", "\u{2028}",
];

/// A change to an input.
#[derive(Clone, Debug)]
enum Change {
    Insert(Index, &'static str),
    Remove(Index, usize),
    Repeat(Index, usize),
    Byte(Index, u8),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (any::<Index>(), select(WORDS)).prop_map(|(at, word)| Change::Insert(at, word)),
        2 => (any::<Index>(), 1..6usize).prop_map(|(at, length)| Change::Remove(at, length)),
        1 => (any::<Index>(), 1..12usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
    ]
}

fn changed(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut input = seed.to_vec();
    for change in changes {
        match *change {
            Change::Insert(at, word) => {
                let at = at.index(input.len() + 1);
                input.splice(at..at, word.bytes());
            }
            Change::Remove(at, length) => {
                let at = at.index(input.len() + 1);
                input.drain(at..input.len().min(at + length));
            }
            Change::Repeat(at, length) => {
                let at = at.index(input.len() + 1);
                let part = input[at..input.len().min(at + length)].to_vec();
                input.splice(at..at, part);
            }
            Change::Byte(at, byte) => {
                if !input.is_empty() {
                    let at = at.index(input.len());
                    input[at] = byte;
                }
            }
        }
    }
    input
}

/// The seeds of a target, in the order of their names.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target);
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

macro_rules! targets {
    ($($target:ident / $part:literal)*) => {
        $(mod $target {
            use super::*;

            static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| seeds(stringify!($target)));

            #[test]
            fn on_its_seeds() {
                assert!(!SEEDS.is_empty());
                SEEDS.iter().for_each(|seed| targets::$target(seed));
            }

            proptest! {
                #![proptest_config(ProptestConfig {
                    failure_persistence: None,
                    cases: ProptestConfig::default().cases / $part,
                    ..ProptestConfig::default()
                })]

                #[test]
                fn on_inputs_made_from_them(
                    seed in select(SEEDS.as_slice()),
                    changes in vec(change(), 0..8),
                ) {
                    targets::$target(&changed(&seed, &changes));
                }
            }
        })*
    };
}

// Those that run git take longer for each input.
targets! { toml/1 pattern/1 codeowners/1 round_trip/1 index/8 commit/8 }

/// What the exception leaves alone here is files, but not directories, at any depth, which GitHub
/// cannot say: it is refused, where once `a/b/a/ab/b/a` became nobody's.
#[test]
fn exceptions_of_unanchored_patterns() {
    targets::round_trip(b"-ab\na/\n-*a*\t**/b/*");
}

/// GitHub matches nothing with three stars in the text, even if the first one is escaped.
#[test]
fn three_stars_in_the_text() {
    targets::codeowners(b"/a\\[x\\*** @a\na[x*");
}
