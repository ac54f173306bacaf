//! Files in directories below the root: random nests against a reference that goes directory by
//! directory, and what a nested file may not do.

mod support;

use std::collections::BTreeMap;

use owners::Forge;
use owners::PathSet;
use owners::codeowners::proof;
use owners::pattern::Pattern;
use owners::{Draft, Unsound};
use owners::{Ownership, Project};
use proptest::prelude::*;
use proptest::sample::select;

use support::models::FileModel;

/// A rule: its pattern, its owner (0 is nobody), whether it adds, its exception.
type Rule = (String, u8, bool, Option<String>);
/// The rules of each directory; the root is empty.
type Nest = BTreeMap<String, Vec<Rule>>;

const DIRECTORIES: [&str; 7] = ["", "a", "a/b", "a/b/a", "b", "a b", "[x]"];

fn pattern() -> impl Strategy<Value = String> {
    select(vec![
        "*", "**", "/*", "a", "/a", "a/", "*.rs", "b/*", "/b/", "**/a/**", "a/**/b", "*/", "?",
        "/a b", "b/a", "[x]",
    ])
    .prop_map(String::from)
}

fn nest() -> impl Strategy<Value = Nest> {
    let adds = prop::bool::weighted(0.3);
    let rule = (pattern(), 0u8..4, adds, prop::option::of(pattern()));
    let rules = prop::collection::vec(rule, 1..4);
    let nest = prop::collection::btree_map(select(DIRECTORIES.to_vec()), rules, 1..5);
    nest.prop_map(|nest| {
        let mut nest: Nest = nest
            .into_iter()
            .map(|(directory, rules)| (directory.into(), rules))
            .collect();
        nest.entry(String::new()).or_default();
        for rules in nest.values_mut() {
            let mut seen = std::collections::HashSet::new();
            rules.retain(|(pattern, ..)| seen.insert(pattern.clone()));
        }
        nest
    })
}

fn toml(rules: &[Rule]) -> String {
    let mut toml = "[paths]\n".to_string();
    for (pattern, owner, adds, except) in rules {
        let owners = match (*owner, *adds) {
            (0, _) => "owners = []".into(),
            (owner, true) => format!("add = '@o{owner}'"),
            (owner, false) => format!("owners = '@o{owner}'"),
        };
        let except = except
            .iter()
            .map(|text| format!("'{text}'"))
            .collect::<String>();
        toml += &format!("'{pattern}' = {{ {owners}, except = [{except}] }}\n");
    }
    toml
}

/// Adds the files in the order given.
fn load<'n>(nest: &Nest, order: impl Iterator<Item = &'n String>) -> Result<Project, Unsound> {
    let root = format!("nested = true\n{}", toml(&nest[""]));
    let mut draft = Draft::new("owners.toml", root.into())?;
    for directory in order.filter(|directory| !directory.is_empty()) {
        draft.add(directory, toml(&nest[directory]).into());
    }
    draft.finish()
}

fn paths() -> Vec<String> {
    let names = ["a", "b", "x.rs", "a b", "[x]"];
    let mut paths: Vec<String> = names.iter().map(ToString::to_string).collect();
    for directory in DIRECTORIES.iter().filter(|directory| !directory.is_empty()) {
        for name in names {
            paths.push(format!("{directory}/{name}/a"));
            paths.push(format!("{directory}/{name}"));
            paths.push(format!("{directory}/b/{name}/x.rs"));
        }
    }
    // What is a directory is no file; the rules do not mind.
    paths.sort();
    paths.dedup();
    paths
}

/// From the deepest directory up, each file says what its rules say, from the last to the first: they
/// add owners before those of the files below, until one replaces what is above.
fn reference(nest: &Nest, path: &str) -> Vec<String> {
    let mut added: Vec<String> = Vec::new();
    let mut directory = path;
    loop {
        directory = directory.rsplit_once('/').map_or("", |(above, _)| above);
        let inside = if directory.is_empty() {
            path
        } else {
            &path[directory.len() + 1..]
        };
        let matches =
            |text: &String| Pattern::github(text).is_some_and(|p| p.matches(inside.as_bytes()));
        let applies = |rule: &&Rule| matches(&rule.0) && !rule.3.as_ref().is_some_and(matches);
        for (_, owner, adds, _) in nest
            .get(directory)
            .into_iter()
            .flatten()
            .rev()
            .filter(applies)
        {
            if *owner > 0 {
                // The first place counts.
                added.retain(|known| *known != format!("@o{owner}"));
                added.insert(0, format!("@o{owner}"));
            }
            if *owner == 0 || !adds {
                return added;
            }
        }
        if directory.is_empty() {
            return added;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 64 },
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_nearest_file_that_has_a_rule_decides(nest in nest()) {
        let project = load(&nest, nest.keys()).map_err(|unsound| {
            TestCaseError::fail(format!("{nest:?}\n{:?}", unsound.diagnostics))
        })?;
        let reversed = load(&nest, nest.keys().rev()).expect("the same files");
        let paths = paths();
        let matcher = project.rules.matcher();
        let mut walk = matcher.walk();
        for path in &paths {
            let found = match walk.ownership(path.as_bytes()) {
                Ownership::Owned(owners) => owners.iter().map(ToString::to_string).collect(),
                Ownership::Nobody | Ownership::Unowned => Vec::new(),
            };
            prop_assert_eq!(found, reference(&nest, path), "{:?} {}", nest, path);
        }
        for &forge in Forge::ALL {
            let Ok(rendered) = project.render(&forge.into()) else {
                let may_be_inexact = [Forge::GITLAB, Forge::BITBUCKET];
                prop_assert!(may_be_inexact.contains(&forge), "{nest:?}");
                continue;
            };
            let again = reversed.render(&forge.into()).expect("the same files");
            prop_assert_eq!(&rendered.text, &again.text, "the order of the files shows");
            let set: PathSet = paths.iter().collect();
            if let Err(difference) = proof::prove(&project.rules, &rendered, &set) {
                prop_assert!(false, "{nest:?}\n{}\n{difference}", rendered.text);
            }
            let model = FileModel::new(&rendered.text, forge);
            for path in &paths {
                let found = model.owners(path);
                prop_assert_eq!(found, reference(&nest, path), "{:?}\n{}\n{}", nest, rendered.text, path);
            }
        }
    }
}

/// Whatever stands in `d/owners.toml`, it owns nothing outside `d/`.
#[test]
fn a_nested_file_cannot_reach_outside() {
    for attempt in [
        "*",
        "**",
        "/**",
        "/*",
        "/x",
        "x",
        "*/",
        "**/x",
        "**/d/**",
        "/d/",
        "d/",
        "{x,/y,**}",
        "d*",
        "?",
        "/[d]/",
    ] {
        let mut draft = Draft::new("owners.toml", b"nested = true\n[paths]\n".into()).unwrap();
        draft.add("d", format!("[paths]\n'{attempt}' = '@evil'\n").into());
        let project = draft.finish().unwrap();
        for line in project.rules.lines() {
            let text = line.pattern.to_string();
            assert!(text.starts_with("/d/"), "{attempt} became {text}");
        }
        for path in [
            "x",
            "y/x",
            "d",
            "dd/x",
            "e/d/x",
            "owners.toml",
            ".github/CODEOWNERS",
        ] {
            assert_eq!(
                project.rules.matcher().decide(path.as_bytes()),
                None,
                "{attempt} on {path}"
            );
        }
    }
}

/// What is refused is shown in the file that it stands in.
#[test]
fn what_reaches_outside_is_refused() {
    for (attempt, message) in [
        ("[paths]\n'../x' = '@evil'", "a `..` segment"),
        ("[paths]\n'a/../../x' = '@evil'", "a `..` segment"),
        ("[paths]\n'{a,..}/x' = '@evil'", "a `..` segment"),
        (
            "[output]\nfile = 'x'",
            "`output` belongs in the owners.toml at the root",
        ),
        ("[lints]\nunowned-path = 'allow'", "`lints` belongs"),
        ("nested = { except = ['*'] }", "`nested` belongs"),
        (
            "[groups]\ncore = '@evil'",
            "group `core` is defined above already",
        ),
    ] {
        let root = br"nested = true
[groups]
core = '@o/core'
[paths]
'*' = 'core'
";
        let mut draft = Draft::new("owners.toml", root.into()).unwrap();
        draft.add("d", attempt.into());
        let unsound = draft.finish().unwrap_err();
        let messages: Vec<&str> = unsound
            .diagnostics
            .iter()
            .map(|each| each.message.as_str())
            .collect();
        assert!(
            messages.iter().any(|each| each.contains(message)),
            "{attempt}: {messages:?}"
        );
        let place = unsound.diagnostics[0].location().unwrap();
        assert_eq!(
            unsound.sources[place.file].name, "d/owners.toml",
            "{attempt}"
        );
    }
}

#[test]
fn groups_are_visible_below_and_nowhere_else() {
    let load = |files: &[(&str, &str)]| {
        let root = br"nested = true
[groups]
core = '@o/core'
[paths]
'*' = 'core'
";
        let mut draft = Draft::new("owners.toml", root.into()).unwrap();
        for (directory, text) in files {
            draft.add(directory, (*text).into());
        }
        draft.finish()
    };
    let own = r"[groups]
own = ['@x', 'core']
[paths]
'*' = 'own'";
    // Siblings may use one name for two groups, and children see what is above them.
    assert!(load(&[("a", own), ("b", own), ("a/c/d", "[paths]\n'*' = 'own'")]).is_ok());
    for (files, message) in [
        (
            &[("a", own), ("b", "[paths]\n'*' = 'own'")][..],
            "unknown group `own`",
        ),
        (
            &[("a/b", own), ("a", "[paths]\n'*' = 'own'")],
            "unknown group `own`",
        ),
        (
            &[("a", own), ("a/b", own)],
            "group `own` is defined above already",
        ),
        (
            &[("a", "[groups]\nx = 'y'\ny = 'x'")],
            "group `x` contains itself",
        ),
    ] {
        let unsound = load(files).unwrap_err();
        assert_eq!(
            unsound.diagnostics.len(),
            1,
            "{files:?}: {:?}",
            unsound.diagnostics
        );
        assert!(
            unsound.diagnostics[0].message.contains(message),
            "{files:?}"
        );
    }
}
