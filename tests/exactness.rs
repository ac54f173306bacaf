//! Exactness: whatever the rules, the generated file gives every path the owners that the rules
//! give it, on each platform.
//!
//! Random rules (with alternatives, exceptions, additions, nobody's rules, awkward names) are judged three
//! times over all short paths: by a reference that is a dozen lines of loops, by the matcher, and by
//! the generated text as an independent translation of the platform's own rules reads it
//! (`tests/support`).

mod support;

use owners::Forge;
use owners::PathSet;
use owners::codeowners::{proof, read};
use owners::import::{ImportOptions, import};
use owners::pattern::Pattern;
use owners::pattern::alternation::Alternation;
use owners::{Ownership, Project};
use proptest::prelude::*;
use proptest::sample::select;

use support::models::FileModel;
use support::models::gitlab::GitlabFile;

/// A rule. Without owners it is nobody's.
#[derive(Clone, Debug)]
struct Rule {
    pattern: String,
    owners: Vec<&'static str>,
    adds: bool,
    except: Vec<String>,
}

fn segment() -> impl Strategy<Value = String> {
    let plain = select(vec![
        "a", "b", "ab", "*", "a*", "*b", "?", "*a*", "?*", "a?b",
    ]);
    let awkward = select(vec![
        "[a]", "#a", "a b", "!a", "@a", r"\{a\}", r"a\*", "é?", "{a,b}",
    ]);
    prop_oneof![6 => plain, 1 => awkward].prop_map(String::from)
}

fn pattern() -> impl Strategy<Value = String> {
    let segments = prop_oneof![4 => segment(), 1 => Just("**".to_string())];
    (
        prop::collection::vec(segments, 1..4),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(segments, is_anchored, is_directory)| {
            let (before, after) = (
                ["", "/"][usize::from(is_anchored)],
                ["", "/"][usize::from(is_directory)],
            );
            format!("{before}{}{after}", segments.join("/"))
        })
        .prop_filter("a pattern that means something", |text| {
            Alternation::parse(text).is_ok()
        })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let exceptions = prop_oneof![
        2 => Just(Vec::new()),
        1 => prop::collection::vec(pattern(), 1..3),
    ];
    // Two spellings of one owner, of which the first one in a list counts.
    let owners = select(vec!["@o1", "@o2", "@o3", "@O1", "@o/4"]);
    let owners = prop_oneof![
        1 => Just(Vec::new()),
        4 => owners.clone().prop_map(|owner| vec![owner]),
        1 => prop::collection::vec(owners, 1..4).prop_map(|owners| folded(&[], &owners)),
    ];
    let adds = prop::bool::weighted(0.3);
    prop::collection::vec((pattern(), owners, adds, exceptions), 1..7).prop_map(|rules| {
        let mut seen = std::collections::HashSet::new();
        // TOML has each key once, and nobody cannot be added.
        let rules = rules
            .into_iter()
            .filter(|(pattern, ..)| seen.insert(pattern.clone()));
        let rule = |(pattern, owners, adds, except): (_, Vec<&'static str>, bool, _)| Rule {
            pattern,
            adds: adds && !owners.is_empty(),
            owners,
            except,
        };
        rules.map(rule).collect()
    })
}

/// The owners that stand, and those that are added: nobody twice, in the first spelling.
fn folded<'o>(standing: &[&'o str], added: &[&'o str]) -> Vec<&'o str> {
    let mut owners = standing.to_vec();
    for owner in added {
        if !owners.iter().any(|known| known.eq_ignore_ascii_case(owner)) {
            owners.push(owner);
        }
    }
    owners
}

fn toml(rules: &[Rule]) -> String {
    let mut toml = String::from(
        r#"[[output]]
platform = "github"
[[output]]
platform = "gitlab"
[[output]]
platform = "gitea"
[[output]]
platform = "forgejo"
[[output]]
platform = "bitbucket"
[paths]
"#,
    );
    for rule in rules {
        let key = ["owners", "add"][usize::from(rule.adds)];
        let except: Vec<String> = rule.except.iter().map(|text| format!("'{text}'")).collect();
        toml += &format!(
            "'{}' = {{ {key} = {:?}, except = [{}] }}\n",
            rule.pattern,
            rule.owners,
            except.join(", ")
        );
    }
    toml
}

/// Every path of up to three segments from a few names, and some that go deeper.
fn paths() -> Vec<String> {
    let names = ["a", "b", "ab", "axb", "c", "é1"];
    let awkward = ["[a]", "#a", "a b", "!a", "@a", "{a}", "a*", "xa"];
    let mut paths: Vec<String> = names
        .iter()
        .chain(&awkward)
        .map(ToString::to_string)
        .collect();
    for outer in names.iter().chain(&awkward) {
        for inner in ["a", "b", "ab", "#a", "a b"] {
            paths.push(format!("{outer}/{inner}"));
            for last in ["a", "ab", "c"] {
                paths.push(format!("{outer}/{inner}/{last}"));
            }
            paths.push(format!("{outer}/{inner}/c/b/{outer}"));
        }
    }
    paths.sort();
    paths
}

/// The reference: the rules as loops over the plain definition of a pattern.
struct Reference<'r>(Vec<(&'r Rule, Vec<Pattern>, Vec<Pattern>)>);

impl<'r> Reference<'r> {
    /// `widen` is what the platform makes of a pattern that it cannot say.
    fn new(rules: &'r [Rule], widen: impl Fn(&Pattern) -> Pattern) -> Self {
        let expand = |text: &String| {
            let expanded = Alternation::parse(text).expect("filtered").expansions;
            expanded
                .into_iter()
                .map(|each| widen(&each.pattern))
                .collect::<Vec<_>>()
        };
        let rules = rules.iter().map(|rule| {
            let except = rule.except.iter().flat_map(expand).collect();
            (rule, expand(&rule.pattern), except)
        });
        Reference(rules.collect())
    }

    fn owners(&self, path: &str) -> Vec<String> {
        let any = |patterns: &[Pattern]| patterns.iter().any(|each| each.matches(path.as_bytes()));
        let mut owners = Vec::new();
        for (rule, patterns, except) in &self.0 {
            if any(patterns) && !any(except) {
                owners = match rule.adds {
                    true => folded(&owners, &rule.owners),
                    false => rule.owners.clone(),
                };
            }
        }
        owners.into_iter().map(String::from).collect()
    }
}

proptest! {
    // Each case is some thousand comparisons. CI asks for many more cases by PROPTEST_CASES.
    #![proptest_config(ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 64 },
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_text_means_what_the_rules_say(rules in rules()) {
        let toml = toml(&rules);
        let project = Project::from_text(&toml).map_err(|unsound| {
            TestCaseError::fail(format!("{toml}\n{:?}", unsound.diagnostics))
        })?;
        let paths = paths();
        let set: PathSet = paths.iter().collect();

        let reference = Reference::new(&rules, Pattern::clone);
        let matcher = project.rules.matcher();
        let mut walk = matcher.walk();
        for path in &paths {
            let found = match walk.ownership(path.as_bytes()) {
                Ownership::Owned(owners) => owners.iter().map(ToString::to_string).collect(),
                Ownership::Nobody | Ownership::Unowned => Vec::new(),
            };
            prop_assert_eq!(found, reference.owners(path), "{} {}", toml, path);
        }

        for &forge in Forge::ALL {
            let rendered = match project.render(&forge.into()) {
                Ok(rendered) => rendered,
                // GitLab has no way to own what is excluded, and Bitbucket none to say nobody; else only
                // exceptions that overlap other rules in very many ways are refused, or that need what
                // GitHub cannot say.
                Err(inexact) => {
                    let mut reasons = vec!["more than 1000", "at any depth", "expression that is too long"];
                    if forge == Forge::BITBUCKET {
                        reasons.extend(["no line for nobody", "may be in each other"]);
                    }
                    let is_long = inexact.iter().all(|each| reasons.iter().any(|reason| each.reason.contains(reason)));
                    prop_assert!(forge == Forge::GITLAB || is_long, "{toml}\n{inexact:?}");
                    continue;
                }
            };
            let again = project.render(&forge.into()).map(|again| again.text);
            prop_assert_eq!(again.as_ref(), Ok(&rendered.text));
            if let Err(difference) = proof::prove(&project.rules, &rendered, &set) {
                prop_assert!(false, "{toml}\n{}\n{difference}", rendered.text);
            }
            let meant = Reference::new(&rules, |pattern| {
                forge.dialect.widened(pattern).into_owned()
            });
            let model = FileModel::new(&rendered.text, forge);
            let file = read(&rendered.text, forge);
            let file_matcher = file.matcher();
            let mut file_walk = file_matcher.walk();
            for path in &paths {
                let expected = meant.owners(path);
                let independent = model.owners(path);
                prop_assert_eq!(&independent, &expected, "{:?} {}\n{}\n{}", forge, toml, rendered.text, path);
                let mut read: Vec<String> =
                    file_matcher.owners(&mut file_walk, path.as_bytes()).concat().iter().map(ToString::to_string).collect();
                let mut seen = std::collections::HashSet::new();
                read.retain(|owner| seen.insert(owner.to_lowercase()));
                prop_assert_eq!(read, expected, "{:?} {}\n{}\n{}", forge, toml, rendered.text, path);
            }
        }
    }
}

/// A line of a GitLab file, and whether it is an exclusion.
fn gitlab_line() -> impl Strategy<Value = (String, bool)> {
    let segment = prop_oneof![
        6 => select(vec!["a", "b", "ab", "*", "a*", "*b", "?", "[ab]", "a[ab]", "[a-c]*"]),
        1 => select(vec!["**", "a\\ b", "\\[a\\]", "\\{a\\}", "a,b", "[ab],b", "a**"]),
    ];
    let parts = (
        prop::collection::vec(segment, 1..4),
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.1),
    );
    parts.prop_map(|(segments, is_anchored, is_directory, is_exclusion)| {
        let start = ["", "/"][usize::from(is_anchored)];
        let end = ["", "/"][usize::from(is_directory)];
        // A line that starts with a bracket is a section.
        let text = format!("{start}{}{end}", segments.join("/"));
        let text = if text.starts_with('[') {
            format!("/{text}")
        } else {
            text
        };
        (text, is_exclusion)
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 64 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_imported_gitlab_file_says_the_same(
        lines in prop::collection::vec((gitlab_line(), 0..4usize), 0..12),
        fold in any::<bool>(),
        // Of all paths, those that are tracked: a name is a file or a directory, never both.
        chosen in prop::collection::vec(any::<bool>(), 512),
    ) {
        let mut text = String::new();
        for ((pattern, is_exclusion), who) in lines {
            let before = if is_exclusion { "!" } else { "" };
            text += &format!("{before}{pattern} {}\n", ["", "@a", "@b @c", "@o/t/u"][who]);
        }
        let mut tracked: Vec<String> = Vec::new();
        for (path, _) in paths().into_iter().zip(chosen.iter().cycle()).filter(|(_, chosen)| **chosen) {
            let is_below = |path: &String, other: &String| path.starts_with(&format!("{other}/"));
            if !tracked.iter().any(|other| is_below(&path, other) || is_below(other, &path)) {
                tracked.push(path);
            }
        }
        let set: PathSet = tracked.iter().collect();
        let imported = import(&text, ImportOptions {
            forge: Forge::GITLAB,
            output: None,
            fold,
            full_names: false,
            paths: &set,
            exempt_unowned: false,
        });
        let imported = match imported {
            Ok(imported) => imported,
            // A line without owners before lines that own some of it is said by the paths that it
            // decides. There is a limit on these, and it is the only reason to refuse a file here.
            Err(error) => {
                let is_limit = error.to_string().contains("list more than 50 paths");
                prop_assert!(is_limit && tracked.len() > 50, "{error}\n{text}");
                return Ok(());
            }
        };
        let project = Project::from_text(&imported.text).expect("what is imported is sound");
        let model = GitlabFile::new(&text);
        let matcher = project.rules.matcher();
        for path in &tracked {
            let found: Vec<String> = match project.rules.ownership(matcher.decide(path.as_bytes())) {
                Ownership::Owned(owners) => owners.iter().map(ToString::to_string).collect(),
                Ownership::Nobody | Ownership::Unowned => Vec::new(),
            };
            prop_assert_eq!(found, model.owners(path), "{} under\n{}\n{}", path, text, imported.text);
        }
    }
}
