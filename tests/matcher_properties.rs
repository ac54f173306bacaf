//! The matcher, the walk with exceptions and the survey agree with the plain definitions, on rules
//! rich in overlaps and on trees with deep shared prefixes.

use std::collections::BTreeSet;

use owners::Matcher;
use owners::PathSet;
use owners::Project;
use owners::pattern::Pattern;
use owners::ruleset::survey::Survey;
use proptest::prelude::*;

fn segment() -> impl Strategy<Value = String> {
    let names = [
        "a", "b", "ab", "*", "**", "a*", "*b", "?", "*a*", "?b", "*.x", "a*b",
    ];
    prop::sample::select(names.to_vec()).prop_map(String::from)
}

fn pattern() -> impl Strategy<Value = String> {
    let segments = prop::collection::vec(segment(), 1..6);
    (segments, any::<bool>(), any::<bool>())
        .prop_map(|(segments, anchored, directory)| {
            let (start, end) = (
                if anchored { "/" } else { "" },
                if directory { "/" } else { "" },
            );
            format!("{start}{}{end}", segments.join("/"))
        })
        .prop_filter("a pattern that can match", |text| {
            !text.contains("**/**") && Pattern::github(text).is_some()
        })
}

/// Paths of which many start alike, in any order.
fn paths() -> impl Strategy<Value = Vec<String>> {
    let name = prop::sample::select(vec!["a", "b", "ab", "ba", "c.x", "aab"]);
    let tail = prop::collection::vec(name, 1..5);
    let depth = 0_usize..12;
    let path = (depth, tail).prop_map(|(depth, tail)| "a/b/".repeat(depth) + &tail.join("/"));
    prop::collection::vec(path, 1..40)
}

fn matches(text: &str, path: &[u8]) -> bool {
    Pattern::github(text).is_some_and(|pattern| pattern.matches(path))
}

proptest! {
    #[test]
    fn the_walk_agrees_with_the_plain_definition(
        texts in prop::collection::vec(pattern(), 0..30),
        paths in paths(),
    ) {
        let patterns: Vec<Pattern> = texts.iter().filter_map(|text| Pattern::github(text)).collect();
        let matcher = Matcher::new(&patterns);
        let mut walk = matcher.walk();
        for path in paths.iter().map(String::as_bytes) {
            let expected: Vec<u32> = (0..patterns.len() as u32)
                .filter(|&index| patterns[index as usize].matches(path))
                .collect();
            prop_assert_eq!(walk.last_match(path), expected.last().copied());
            prop_assert_eq!(walk.all_matches(path), expected);
        }
    }

    #[test]
    fn the_survey_agrees_with_the_plain_definition(
        rules in prop::collection::vec((pattern(), any::<bool>(), prop::collection::vec(pattern(), 0..3)), 1..12),
        paths in paths(),
    ) {
        let mut seen = BTreeSet::new();
        let rules: Vec<_> = rules.into_iter().filter(|rule| seen.insert(rule.0.clone())).collect();
        let mut text = String::from("[paths]\n");
        for (pattern, is_owned, except) in &rules {
            let owners = if *is_owned { "'@a'" } else { "[]" };
            text += &format!("'{pattern}' = {{ owners = {owners}, except = {except:?} }}\n");
        }
        let project = Project::from_text(&text).map_err(|error| TestCaseError::fail(format!("{text}{error}")))?;
        let set: PathSet = paths.iter().collect();
        let survey = Survey::new(&project.rules.matcher(), &set);

        let mut first = vec![None; rules.len()];
        let mut decided = vec![0; rules.len()];
        let mut excepted = Vec::new();
        let mut unowned = Vec::new();
        for (_, _, except) in &rules {
            excepted.push(vec![false; except.len()]);
        }
        for (id, path) in set.with_ids() {
            let mut last = None;
            for (rule, (pattern, _, except)) in rules.iter().enumerate() {
                if !matches(pattern, path) {
                    continue;
                }
                first[rule] = first[rule].or(Some(id));
                let mut applies = true;
                for (entry, text) in except.iter().enumerate() {
                    if matches(text, path) {
                        excepted[rule][entry] = true;
                        applies = false;
                    }
                }
                if applies {
                    last = Some(rule);
                }
            }
            match last {
                Some(rule) => decided[rule] += 1,
                None => unowned.push(id),
            }
        }
        prop_assert_eq!(survey.first.as_slice(), &first);
        prop_assert_eq!(survey.decided.as_slice(), &decided);
        prop_assert_eq!(survey.excepted.as_slice(), excepted.concat());
        prop_assert_eq!(survey.unowned, unowned);
    }
}
