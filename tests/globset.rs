//! `globset` as an independent model of the matcher.
//!
//! `globset` matches as gitignore does, and GitHub departs from that. On the patterns where a short
//! translation exists (below), the two must agree on every path. The translation works on the text
//! of the pattern and shares no code with the library.
//!
//! Left out are names and patterns with `[`, `]`, `{` and `}`, which have a meaning of their own in
//! `globset`, and characters outside of ASCII, of which its `?` takes one byte.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use owners::Matcher;
use owners::pattern::Pattern;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const NAMES: &[&str] = &["a", "b", "aa", "ab", "ba", "aba", ".a", "a b", "c.rs", "*"];

const SEGMENTS: &[&str] = &[
    "a", "b", "aa", "ab", ".a", "*", "**", "?", "??", "a*", "*a", "*b*", "a?", "*a*b*", "*.rs",
    r"\*", r"a\ b",
];

/// The globs that together match what `text` matches on GitHub.
fn globs(text: &str) -> Vec<String> {
    if text == "*" {
        return vec!["**".into()];
    }
    let path = text.strip_prefix('/').unwrap_or(text);
    let (path, is_directory) = match path.strip_suffix('/') {
        Some(path) => (path, true),
        None => (path, false),
    };
    let is_anchored = text.starts_with('/') || path.contains('/');
    let path = if is_anchored {
        path.to_string()
    } else {
        format!("**/{path}")
    };
    let last = path.rsplit('/').next().unwrap_or_default();
    match (is_directory, last) {
        // A last `*` is one level deep, and a last `**` is everything below, as is `**/`.
        (_, "**") | (false, "*") => vec![path],
        // What is in a directory, at any depth.
        (true, _) => vec![format!("{path}/**")],
        // A name means the file of that name and all that is in a directory of that name.
        _ => vec![path.clone(), format!("{path}/**")],
    }
}

fn compile(globs: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let glob = GlobBuilder::new(glob)
            .literal_separator(true)
            .backslash_escape(true)
            .build();
        set.add(glob.unwrap());
    }
    set.build().unwrap()
}

fn pattern() -> impl Strategy<Value = String> {
    (vec(select(SEGMENTS), 1..6), any::<bool>(), any::<bool>())
        .prop_map(|(segments, anchored, directory)| {
            let (start, end) = (
                if anchored { "/" } else { "" },
                if directory { "/" } else { "" },
            );
            format!("{start}{}{end}", segments.join("/"))
        })
        .prop_filter("matches nothing on GitHub", |text| {
            !text.contains("**/**") && !matches!(text.as_str(), "**/" | "/**/")
        })
}

/// Compiling the models takes most of the time.
fn cases() -> u32 {
    let given = std::env::var("PROPTEST_CASES").ok();
    given.and_then(|count| count.parse().ok()).unwrap_or(64)
}

fn path() -> impl Strategy<Value = String> {
    vec(select(NAMES), 1..7).prop_map(|names| names.join("/"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn the_matcher_agrees_with_globset(texts in vec(pattern(), 1..20), paths in vec(path(), 1..40)) {
        let patterns: Vec<Pattern> = texts.iter().map(|text| Pattern::github(text).unwrap()).collect();
        let matcher = Matcher::new(&patterns);
        let models: Vec<GlobSet> = texts.iter().map(|text| compile(&globs(text))).collect();
        for path in &paths {
            let expected: Vec<u32> =
                (0..).zip(&models).filter(|(_, model)| model.is_match(path)).map(|(index, _)| index).collect();
            prop_assert_eq!(
                matcher.all_matches(path.as_bytes()), expected, "{} with {:?}", path, texts
            );
        }
    }
}

/// Where the two depart, which is why patterns are not simply handed to `globset`.
#[test]
fn where_globset_departs() {
    let differs = |text: &str, path: &str| {
        let ours = Pattern::github(text).unwrap().matches(path.as_bytes());
        ours != compile(&[text.to_string()]).is_match(path)
    };
    // A directory's name owns what is in it.
    assert!(differs("/docs", "docs/a.md"));
    // A leading slash is part of a glob's text.
    assert!(differs("/docs", "docs"));
    assert!(differs("*.rs", "x.rs/notes"));
    assert!(differs("/foo*", "foobar/x"));
    // A pattern without an inner slash floats.
    assert!(differs("*.rs", "src/main.rs"));
    // Brackets and braces are characters.
    assert!(differs("**/[id]", "i"));
    assert!(differs("*.{rs,md}", "x.rs"));
}
