//! Requirements against a reference: the paths that a survey says miss a requirement are those of a few
//! loops, for random rules and requirements over all short paths.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use owners::ruleset::survey::Survey;
use owners::{PathSet, Project};
use proptest::prelude::*;
use proptest::sample::select;

const PATTERNS: &[&str] = &[
    "*", "/a/", "/a/b/", "/a/*", "*.x", "b", "b/", "/{a,b}/", "**/a/b", "/a/**/b/", "/*/", "a*",
];
const OWNERS: &[&str] = &["@a", "@B", "@c", "pair", "team"];
const GROUPS: &str =
    "[groups]\npair = ['@a', '@d']\n[groups.team]\nteam = '@o/team'\nmembers = ['@a', '@e']\n";

#[derive(Clone, Debug)]
struct Rule {
    pattern: &'static str,
    owners: Vec<&'static str>,
    except: Option<&'static str>,
}

#[derive(Clone, Debug)]
struct Demand {
    paths: Vec<&'static str>,
    except: Option<&'static str>,
    owners: Vec<&'static str>,
    any_of: Vec<&'static str>,
    min_owners: usize,
}

fn rule() -> impl Strategy<Value = Rule> {
    let owners = prop::collection::vec(select(OWNERS), 0..3);
    let except = proptest::option::weighted(0.3, select(PATTERNS));
    (select(PATTERNS), owners, except).prop_map(|(pattern, owners, except)| Rule {
        pattern,
        owners,
        except,
    })
}

fn demand() -> impl Strategy<Value = Demand> {
    let owners = || prop::collection::vec(select(OWNERS), 0..3);
    let paths = prop::collection::vec(select(PATTERNS), 1..3);
    let except = proptest::option::weighted(0.3, select(PATTERNS));
    (paths, except, owners(), owners(), 0..4_usize)
        .prop_map(|(paths, except, owners, any_of, min_owners)| Demand {
            paths,
            except,
            owners,
            any_of,
            min_owners,
        })
        .prop_filter("it demands something", |each| {
            !each.owners.is_empty() || !each.any_of.is_empty() || each.min_owners > 0
        })
}

fn list(texts: &[&str]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("'{text}'")).collect();
    format!("[{}]", quoted.join(", "))
}

fn config(rules: &[Rule], demands: &[Demand]) -> String {
    let mut text = format!("{GROUPS}[paths]\n");
    for Rule {
        pattern,
        owners,
        except,
    } in rules
    {
        let except = except.map_or(String::new(), |except| format!(", except = '{except}'"));
        let _ = writeln!(
            text,
            "'{pattern}' = {{ owners = {}{except} }}",
            list(owners)
        );
    }
    for each in demands {
        let _ = writeln!(text, "[[require]]\npaths = {}", list(&each.paths));
        if let Some(except) = each.except {
            let _ = writeln!(text, "except = '{except}'");
        }
        for (key, owners) in [("owners", &each.owners), ("any-of", &each.any_of)] {
            if !owners.is_empty() {
                let _ = writeln!(text, "{key} = {}", list(owners));
            }
        }
        if each.min_owners > 0 {
            let _ = writeln!(text, "min-owners = {}", each.min_owners);
        }
    }
    text
}

/// The owners that a name stands for in the generated file, and the people behind it.
fn meaning(name: &str) -> (Vec<&str>, Vec<&str>) {
    match name {
        "pair" => (vec!["@a", "@d"], vec!["@a", "@d"]),
        "team" => (vec!["@o/team"], vec!["@a", "@e"]),
        owner => (vec![owner], vec![owner]),
    }
}

fn owners<'n>(names: &[&'n str]) -> BTreeSet<&'n str> {
    names.iter().flat_map(|name| meaning(name).0).collect()
}

fn is_met(demand: &Demand, names: &[&str]) -> bool {
    let has = owners(names);
    let people: BTreeSet<&str> = names.iter().flat_map(|name| meaning(name).1).collect();
    owners(&demand.owners).is_subset(&has)
        && (demand.any_of.is_empty() || !owners(&demand.any_of).is_disjoint(&has))
        && people.len() >= demand.min_owners
}

/// Whether one of the alternatives of a pattern matches.
fn matches(pattern: &str, path: &str) -> bool {
    let expanded = match pattern {
        "/{a,b}/" => vec!["/a/", "/b/"],
        other => vec![other],
    };
    let mut patterns = expanded.into_iter();
    patterns.any(|text| {
        owners::pattern::Pattern::github(text)
            .unwrap()
            .matches(path.as_bytes())
    })
}

fn paths() -> Vec<String> {
    let names = ["a", "b", "ab", "b.x"];
    let mut all: Vec<String> = Vec::new();
    let mut level = vec![String::new()];
    for _ in 0..3 {
        let next = level.iter().flat_map(|path| {
            let slash = if path.is_empty() { "" } else { "/" };
            names.map(|name| format!("{path}{slash}{name}"))
        });
        level = next.collect();
        all.extend(level.iter().cloned());
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn unmet_as_by_the_definition(
        rules in prop::collection::vec(rule(), 0..6),
        demands in prop::collection::vec(demand(), 1..4),
    ) {
        let mut rules = rules;
        let mut seen = BTreeSet::new();
        rules.retain(|rule| seen.insert(rule.pattern));
        let text = config(&rules, &demands);
        let project = Project::from_text(&text).unwrap();
        let paths = paths();
        let set: PathSet = paths.iter().collect();
        let matcher = project.rules.matcher();
        let survey = Survey::new(&matcher, &set);
        let mut found: BTreeSet<(usize, String)> = BTreeSet::new();
        for unmet in &survey.unmet {
            for id in unmet.paths.iter().flat_map(|range| range.iter()) {
                let path = String::from_utf8(set[id].to_vec()).unwrap();
                let index = project.rules.requirements().ids().offset_of(unmet.requirement);
                prop_assert!(found.insert((index.unwrap(), path)), "twice in {}", text);
            }
        }
        let mut expected = BTreeSet::new();
        for path in &paths {
            let applies = |rule: &&Rule| {
                matches(rule.pattern, path) && !rule.except.is_some_and(|each| matches(each, path))
            };
            let names = rules.iter().rfind(applies).map_or(&[][..], |rule| &rule.owners);
            for (index, demand) in demands.iter().enumerate() {
                let is_meant = demand.paths.iter().any(|each| matches(each, path))
                    && !demand.except.is_some_and(|each| matches(each, path));
                if is_meant && !is_met(demand, names) {
                    expected.insert((index, path.clone()));
                }
            }
        }
        prop_assert_eq!(found, expected, "{}", text);
    }
}
