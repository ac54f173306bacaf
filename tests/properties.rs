//! What holds for every input: of patterns, rule sets, trees and texts that nobody would write.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod support;

use std::fmt::Write as _;

use owners::Forge;
use owners::Matcher;
use owners::PathSet;
use owners::codeowners::{self, proof};
use owners::import::{ImportOptions, import};
use owners::pattern::alternation::Alternation;
use owners::pattern::budget::Budget;
use owners::pattern::{Pattern, algebra};
use owners::ruleset::LineId;
use owners::ruleset::survey::Survey;
use owners::{Ownership, Project};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use support::models::github::{self as github_model, GithubModel};

/// Names over a tiny alphabet, so that patterns and paths meet.
const NAMES: &[&str] = &["a", "b", "aa", "ab", "ba", "aba", ".a", "é"];

/// Segments of patterns: names, and globs that overlap with them and each other.
const GLOBS: &[&str] = &[
    "a", "b", "aa", "ab", "ba", "aba", ".a", "é", "*", "*", "**", "**", "?", "??", "a*", "*a",
    "*b*", "a?", "?*", "*?", "a*a", "*a*b*", r"\a", r"\*", "a*?b", "*é",
];

/// Patterns of GitLab, most of them with classes. None is for those that match nothing.
fn gitlab_pattern() -> impl Strategy<Value = Option<Pattern>> {
    let segment = select(vec![
        "[ab]", "[!a]", "[a-c]*", "*[!b]", "[!a]*", "*[ab]*", "[^é]", "[!a-z]?", "a", "*", "?",
        "**", "[a/]", "[]", "[!]",
    ]);
    (vec(segment, 1..4), any::<bool>()).prop_map(|(segments, directory)| {
        let text = format!(
            "/{}{}",
            segments.join("/"),
            if directory { "/" } else { "" }
        );
        codeowners::read(&format!("{text} @a"), Forge::GITLAB)
            .entries
            .remove(0)
            .pattern
    })
}

/// What GitHub takes but `owners.toml` refuses.
const ODD_GLOBS: &[&str] = &["**a", "a**", "a**b", "***", ""];

fn joined(segments: &[&str], anchored: bool, directory: bool) -> String {
    let (start, end) = (
        if anchored { "/" } else { "" },
        if directory { "/" } else { "" },
    );
    format!("{start}{}{end}", segments.join("/"))
}

fn github_text() -> impl Strategy<Value = String> {
    let segment = prop_oneof![20 => select(GLOBS), 1 => select(ODD_GLOBS)];
    (vec(segment, 1..6), any::<bool>(), any::<bool>())
        .prop_map(|(segments, anchored, directory)| joined(&segments, anchored, directory))
        .prop_filter("GitHub's reader never sees it", |text| !text.is_empty())
}

/// A pattern that GitHub takes and that can match.
fn pattern() -> impl Strategy<Value = Pattern> {
    github_text().prop_filter_map("matches nothing", |text| Pattern::github(&text))
}

/// Patterns of `owners.toml`, now and then with alternatives; most of them sound.
fn config_pattern() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        12 => select(GLOBS).prop_map(String::from),
        2 => vec(select(GLOBS), 2..4).prop_map(|globs| format!("{{{}}}", globs.join(","))),
        1 => (select(GLOBS), select(NAMES)).prop_map(|(glob, name)| format!("<,{glob}/>{name}")),
    ];
    (vec(segment, 1..5), any::<bool>(), any::<bool>()).prop_map(
        |(segments, anchored, directory)| {
            let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
            joined(&segments, anchored, directory)
        },
    )
}

/// A tree: every path goes some way along the one before, so that prefixes are deep and shared.
fn tree(sorted: bool) -> impl Strategy<Value = Vec<String>> {
    vec((0..8usize, vec(select(NAMES), 1..4)), 1..40).prop_map(move |steps| {
        let mut paths: Vec<String> = Vec::new();
        let mut current: Vec<&str> = Vec::new();
        for (kept, names) in steps {
            current.truncate(kept);
            current.extend(names);
            paths.push(current.join("/"));
        }
        if sorted {
            paths.sort();
            paths.dedup();
        }
        paths
    })
}

/// An `owners.toml` of those patterns that are sound. Every third rule is nobody's.
fn config(patterns: &[String]) -> String {
    let mut text = String::from("[paths]\n");
    let mut seen = std::collections::HashSet::new();
    for (index, pattern) in patterns.iter().enumerate() {
        if Alternation::parse(pattern).is_ok() && seen.insert(pattern) {
            let owners = match index % 3 {
                0 => format!("[\"@o{index}\", \"@org/t\"]"),
                1 => format!("\"@o{index}\""),
                _ => "[]".to_string(),
            };
            writeln!(text, "'{pattern}' = {owners}").unwrap();
        }
    }
    text
}

fn check_matcher(patterns: &[Pattern], paths: &[String]) -> Result<(), TestCaseError> {
    let matcher = Matcher::new(patterns);
    let mut both = matcher.walk();
    let mut last_only = matcher.walk();
    for path in paths {
        let bytes = path.as_bytes();
        let expected: Vec<u32> = (0..patterns.len() as u32)
            .filter(|&index| patterns[index as usize].matches(bytes))
            .collect();
        let last = expected.last().copied();
        prop_assert_eq!(both.all_matches(bytes), &expected[..], "{}", path);
        prop_assert_eq!(both.last_match(bytes), last, "{}", path);
        prop_assert_eq!(last_only.last_match(bytes), last, "{}", path);
        prop_assert_eq!(matcher.last_match(bytes), last, "{}", path);
    }
    Ok(())
}

fn owners_of(project: &Project, line: Option<LineId>) -> Vec<String> {
    match project.rules.ownership(line) {
        Ownership::Owned(owners) => owners.iter().map(ToString::to_string).collect(),
        Ownership::Nobody | Ownership::Unowned => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_matcher_is_the_plain_definition_on_sorted_paths(
        patterns in vec(pattern(), 0..25),
        paths in tree(true),
    ) {
        check_matcher(&patterns, &paths)?;
    }

    #[test]
    fn the_matcher_is_the_plain_definition_in_any_order(
        patterns in vec(pattern(), 0..25),
        paths in tree(false),
    ) {
        check_matcher(&patterns, &paths)?;
    }

    #[test]
    fn patterns_mean_what_the_regular_expressions_say(text in github_text(), paths in tree(true)) {
        let regex = GithubModel::new(&text);
        let pattern = Pattern::github(&text);
        for path in &paths {
            let is_match = pattern.as_ref().is_some_and(|each| each.matches(path.as_bytes()));
            prop_assert_eq!(is_match, regex.matches(path), "{} on {}: {:?}", text, path, regex);
        }
    }

    #[test]
    fn equal_patterns_match_equally(a in github_text(), b in github_text(), paths in tree(true)) {
        if Pattern::github(&a) == Pattern::github(&b) {
            let (a, b) = (GithubModel::new(&a), GithubModel::new(&b));
            for path in &paths {
                prop_assert_eq!(a.matches(path), b.matches(path), "{}", path);
            }
        }
    }

    #[test]
    fn the_normal_form_is_a_fixpoint(pattern in pattern()) {
        let normal = pattern.to_string();
        let read = Pattern::github(&normal);
        prop_assert_eq!(read.as_ref(), Some(&pattern), "{}", normal);
        // It is also what may stand in owners.toml, as one pattern.
        let expanded = Alternation::parse(&normal).unwrap();
        prop_assert_eq!(expanded.expansions.len(), 1, "{}", normal);
        prop_assert_eq!(&expanded.expansions[0].pattern, &pattern, "{}", normal);
    }

    #[test]
    fn what_is_written_for_github_reads_back(pattern in pattern()) {
        let text = Forge::GITHUB.dialect.write(&pattern, false).unwrap();
        let read = codeowners::read(&format!("{text} @a\n"), Forge::GITHUB);
        prop_assert!(read.faults.is_empty(), "{}: {:?}", text, read.faults);
        prop_assert_eq!(read.entries.len(), 1);
        prop_assert_eq!(&read.entries[0].pattern, &Some(pattern), "{}", text);
    }

    #[test]
    fn rendered_files_say_what_the_rules_say(
        patterns in vec(config_pattern(), 1..15),
        paths in tree(true),
    ) {
        let project = Project::from_text(&config(&patterns)).unwrap();
        let output = &project.config.outputs[0];
        let rendered = project.render(output).unwrap();
        prop_assert_eq!(&project.render(output).unwrap().text, &rendered.text);
        prop_assert_eq!(
            &Project::from_text(&config(&patterns)).unwrap().render(output).unwrap().text,
            &rendered.text
        );
        prop_assert_eq!(proof::prove(&project.rules, &rendered, &PathSet::default()), Ok(()));

        let read = codeowners::read(&rendered.text, Forge::GITHUB);
        prop_assert_eq!(&read.faults, &[]);
        prop_assert_eq!(read.entries.len(), project.rules.lines().len());
        for (entry, line) in read.entries.iter().zip(project.rules.lines()) {
            prop_assert_eq!(entry.pattern.as_ref(), Some(&line.pattern));
            prop_assert_eq!(&entry.owners[..], &project.rules[line.rule].owners[..]);
        }

        let lines = github_model::lines(&rendered.text);
        prop_assert_eq!(lines.len(), project.rules.lines().len());
        let matcher = project.rules.matcher();
        let mut walk = matcher.walk();
        for path in &paths {
            let answer = owners_of(&project, walk.decide(path.as_bytes()));
            prop_assert_eq!(
                answer,
                github_model::last_owners(&lines, path),
                "{} under\n{}",
                path,
                rendered.text
            );
        }
    }

    #[test]
    fn a_path_as_a_pattern_names_that_path(path in vec("[ab{}<>,*?\\\\\\[\\]#! é~$'\"-]{1,5}", 1..4)) {
        let path = path.join("/");
        let pattern = Pattern::entry(path.as_bytes());
        prop_assert!(pattern.matches(path.as_bytes()));
        let (below, beside) = (format!("{path}/x"), format!("{path}x"));
        prop_assert!(pattern.matches(below.as_bytes()));
        prop_assert!(!pattern.matches(beside.as_bytes()));
        let expanded = Alternation::parse(&pattern.to_string());
        prop_assert!(expanded.is_ok(), "{}: {:?}", pattern, expanded);
        prop_assert_eq!(&expanded.unwrap().expansions[0].pattern, &pattern);
        if let Ok(text) = Forge::GITHUB.dialect.write(&pattern, false) {
            let regex = GithubModel::new(&text);
            prop_assert!(regex.matches(&path), "{} as {}", path, text);
            if !path.contains(['#', '{']) {
                prop_assert!(!regex.matches(&beside), "{} as {}", path, text);
            }
        }
    }

    #[test]
    fn no_text_breaks_the_pattern_parsers(text in "[ab{}<>,*?/\\\\. \\PC]{0,40}") {
        let _ = Alternation::parse(&text);
        let _ = Pattern::github(&text).map(|pattern| Forge::GITHUB.dialect.write(&pattern, false));
    }

    #[test]
    fn faults_of_patterns_lie_in_the_text(text in "[ab{}<>,*?/\\\\. é]{0,20}") {
        if let Err(errors) = Alternation::parse(&text) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(text.get(error.span.clone()).is_some(), "{:?}", error);
                prop_assert!(!error.fault.help().is_empty());
            }
        }
    }

    #[test]
    fn no_text_breaks_the_codeowners_reader(text in "([ab@/*\\\\# \\[!\t\r\n\u{feff}]|\\PC){0,60}") {
        let _ = codeowners::read(&text, Forge::GITHUB);
    }

    #[test]
    fn no_bytes_break_the_config_parser(bytes in vec(any::<u8>(), 0..60)) {
        let _ = Project::load("owners.toml", bytes);
    }

    #[test]
    fn an_imported_file_says_the_same(
        lines in vec((github_text(), 0..6usize, 0..8usize), 0..20),
        fold in any::<bool>(),
        paths in tree(true),
    ) {
        // Who owns what, and what may stand around a line.
        let owners = ["", "@a", "@a @b", "@b @A", "@o/t", "@o/t @p/t"];
        let mut text = String::new();
        let mut model = Vec::new();
        for (pattern, who, around) in lines {
            let before = ["", "\n", "# why\n", "  ", "\t", "!x @z\n", "* nobody\n", "\r\n"][around];
            let behind = ["", " ", " # why", "\r", "\t#", "", "  # @z", ""][around];
            writeln!(text, "{before}{pattern} {}{behind}", owners[who]).unwrap();
            // GitHub skips a line that starts with a backslash.
            if !pattern.starts_with('\\') {
                let owners = owners[who].split_whitespace().map(String::from).collect();
                model.push((GithubModel::new(&pattern), owners));
            }
        }
        let tracked: PathSet = paths.iter().map(String::as_str).collect();
        let imported = import(&text, ImportOptions {
            forge: Forge::GITHUB,
            output: None,
            fold,
            full_names: false,
            paths: &tracked,
            exempt_unowned: true,
        });
        let imported = imported.map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
        let project = Project::from_text(&imported.text).unwrap();
        let matcher = project.rules.matcher();
        for path in &paths {
            let answer = owners_of(&project, matcher.decide(path.as_bytes()));
            let expected = github_model::last_owners(&model, path);
            prop_assert_eq!(answer, expected, "{} under\n{}\n{}", path, text, imported.text);
        }
        // Every path that no line matches is exempt, and no other.
        let survey = Survey::new(&project.rules.matcher(), &tracked);
        prop_assert_eq!(survey.unowned.len(), 0, "{}", imported.text);
        let unmatched = paths.iter().filter(|path| !model.iter().any(|(line, _)| line.matches(path)));
        prop_assert_eq!(imported.exempt, unmatched.count());
        prop_assert_eq!(survey.exempt(&tracked), imported.exempt);
    }

    /// The algebra of patterns with classes: what it claims holds for each path.
    #[test]
    fn what_is_proven_of_classes_holds(
        a in gitlab_pattern(),
        b in gitlab_pattern(),
        paths in tree(true),
    ) {
        let (Some(a), Some(b)) = (a, b) else { return Ok(()) };
        for pattern in [&a, &b] {
            for path in algebra::witnesses(pattern) {
                prop_assert!(pattern.matches(&path), "{} {:?}", pattern, path);
            }
        }
        let paths = paths.iter().map(|path| path.as_bytes().to_vec());
        let paths: Vec<Vec<u8>> =
            paths.chain(algebra::witnesses(&a)).chain(algebra::witnesses(&b)).collect();
        let common = algebra::intersect(&a, &b, 100);
        for path in &paths {
            let (in_a, in_b) = (a.matches(path), b.matches(path));
            prop_assert!(!(in_a && in_b && algebra::disjoint(&a, &b)), "{a} {b} {path:?}");
            prop_assert!(in_a || !in_b || !algebra::covers(&a, &b), "{a} {b} {path:?}");
            let covered = algebra::covered_by(&b, &[&a], &mut Budget::new(10_000));
            prop_assert!(in_a || !in_b || covered != Some(true), "{a} {b} {path:?}");
            if let Ok(common) = &common {
                let is_common = common.iter().any(|each| each.matches(path));
                prop_assert_eq!(is_common, in_a && in_b, "{} {} {:?}", a, b, path);
            }
        }
    }

    #[test]
    fn no_soup_of_toml_breaks_the_config_parser(words in vec(select(TOML_WORDS), 0..40)) {
        let text: String = words.concat();
        if let Err(unsound) = Project::from_text(&text) {
            prop_assert!(!unsound.diagnostics.is_empty());
            for label in unsound.diagnostics.iter().flat_map(|each| &each.labels) {
                let source = &unsound.sources[label.location.file];
                let span = label.location.span.clone();
                prop_assert!(source.text.get(span.clone()).is_some(), "{:?} in {:?}", span, text);
            }
        }
    }
}

/// Pieces of configurations, right and wrong.
const TOML_WORDS: &[&str] = &[
    "[groups]\n",
    "[paths]\n",
    "[output]\n",
    "[[output]]\n",
    "[check]\n",
    "[lints]\n",
    "[groups.a]\n",
    "required-version",
    "platform",
    "file",
    "exempt",
    "members",
    "team",
    "owners",
    "dead-pattern",
    "a",
    "b.c",
    "\"*\"",
    "'{a,b}'",
    "\"<a,\"",
    "\"\\u00e9{\"",
    "\"\"\"\n{x\\\n  }\"\"\"",
    "'''\n{é}'''",
    " = ",
    " = ",
    " = ",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\"@a\"",
    "\"a\"",
    "\"deny\"",
    "[",
    "]",
    "{",
    "}",
    ",",
    "1",
    "true",
    "1979-05-27",
    "1.5",
    "# é\n",
    "\u{feff}",
    "\0",
    "\"",
    "'",
    "\\",
    ".",
    "\t",
    "[]",
    "é",
];
