//! Random patterns, and all short paths.

use proptest::prelude::*;

use crate::pattern::{Gap, Glob, Pattern};

/// How many cases each property is tried on; more with `PROPTEST_CASES`.
pub(super) fn cases() -> u32 {
    let given = std::env::var("PROPTEST_CASES").ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(64)
}

/// The longest path of [`paths`]; more with `ALGEBRA_DEPTH`.
fn depth() -> u32 {
    let given = std::env::var("ALGEBRA_DEPTH").ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(3)
}

pub(super) fn pattern(text: &str) -> Pattern {
    Pattern::github(text).unwrap()
}

pub(super) fn text(path: &[u8]) -> String {
    path.escape_ascii().to_string()
}

/// Whether the pattern matches nothing, by its looks.
pub(super) fn is_empty(pattern: &Pattern) -> bool {
    pattern.steps().is_empty() && pattern.head() == Gap::NONE
}

/// All names of up to `length` characters of which the last is in no pattern.
fn names(length: usize) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut longest = vec![Vec::new()];
    for _ in 0..length {
        longest = longest
            .iter()
            .flat_map(|name| {
                "ab\u{e9}".chars().map(move |letter| {
                    let mut name: Vec<u8> = name.clone();
                    name.extend_from_slice(letter.to_string().as_bytes());
                    name
                })
            })
            .collect();
        all.extend_from_slice(&longest);
    }
    all
}

/// All short paths of short names, and long names alone.
pub(super) fn paths() -> impl Iterator<Item = Vec<u8>> {
    let short = names(2);
    let count = short.len();
    let deep = (2..=depth()).flat_map(move |segments| {
        let short = short.clone();
        (0..count.pow(segments)).map(move |mut index| {
            let mut path: Vec<&[u8]> = Vec::new();
            for _ in 0..segments {
                path.push(&short[index % count]);
                index /= count;
            }
            path.join(&b'/')
        })
    });
    names(5).into_iter().chain(deep)
}

fn any_glob() -> impl Strategy<Value = Glob> {
    let few = prop::sample::select(vec!["a", "b", "a", "b", "?", "a*", "*b", "??*", "ab", "a?"]);
    prop_oneof![
        2 => few.prop_map(str::to_owned),
        1 => "[ab?*]{1,5}",
    ]
    .prop_map(|text| text.parse().unwrap())
}

fn any_gap() -> impl Strategy<Value = Gap> {
    prop_oneof![
        4 => Just(Gap::NONE),
        4 => Just(Gap::ANY),
        2 => Just(Gap::SOME),
        1 => (0u32..3, any::<bool>()).prop_map(|(min, open)| Gap { min, open }),
    ]
}

/// A pattern of up to three globs, or a glob alone.
pub(super) fn any_pattern() -> impl Strategy<Value = Pattern> {
    let build = |head, steps: Vec<(Glob, Gap)>| {
        let mut pattern = Pattern::new(head);
        for (glob, gap) in steps {
            pattern.push(glob);
            pattern.widen(gap);
        }
        pattern
    };
    let long = (
        any_gap(),
        prop::collection::vec((any_glob(), any_gap()), 0..4),
    )
        .prop_map(move |(head, steps)| build(head, steps));
    let alone = "[ab?*]{1,7}"
        .prop_map(move |text| build(Gap::NONE, vec![(text.parse().unwrap(), Gap::NONE)]));
    prop_oneof![3 => long, 1 => alone]
}
