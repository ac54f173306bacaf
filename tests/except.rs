use owners::codeowners::{proof, read, render};
use owners::paths::PathSet;
use owners::pattern::Pattern;
use owners::platform::Platform;
use owners::{Ownership, Project};
use proptest::prelude::*;

fn names() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "*", "a*", "*b", "?", "*a*", "ab"]).prop_map(String::from)
}
fn pattern() -> impl Strategy<Value = String> {
    (
        prop::collection::vec(prop_oneof![4 => names(), 1 => Just("**".to_string())], 1..4),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(segs, lead, tail)| {
            format!(
                "{}{}{}",
                if lead { "/" } else { "" },
                segs.join("/"),
                if tail { "/" } else { "" }
            )
        })
        .prop_filter("valid", |t| {
            !t.contains("**/**") && t != "**/" && t != "/**/" && t != "/"
        })
}
fn rules() -> impl Strategy<Value = Vec<(String, u8, Vec<String>)>> {
    prop::collection::vec(
        (pattern(), 0u8..4, prop::collection::vec(pattern(), 0..3)),
        1..6,
    )
}
fn paths() -> Vec<String> {
    let names = ["a", "b", "ab", "ba", "c"];
    let mut all: Vec<String> = vec![];
    for a in names {
        all.push(a.into());
        for b in names {
            all.push(format!("{a}/{b}"));
            for c in names {
                all.push(format!("{a}/{b}/{c}"));
                for d in ["a", "b", "c"] {
                    all.push(format!("{a}/{b}/{c}/{d}"));
                }
            }
        }
    }
    all.sort();
    all
}
fn naive<'a>(rules: &'a [(String, u8, Vec<String>)], path: &str) -> u8 {
    let m = |t: &str| Pattern::github(t).unwrap().matches(path.as_bytes());
    rules
        .iter()
        .rev()
        .find(|(p, _, x)| m(p) && !x.iter().any(|x| m(x)))
        .map_or(0, |r| r.1)
}
proptest! {
    #![proptest_config(ProptestConfig { cases: std::env::var("CASES").ok().and_then(|c| c.parse().ok()).unwrap_or(300), ..ProptestConfig::default() })]
    #[test]
    fn exact(rules in rules()) {
        let mut seen = std::collections::HashSet::new();
        let rules: Vec<_> = rules.into_iter().filter(|r| seen.insert(r.0.clone())).collect();
        let mut toml = String::from("[paths]\n");
        for (p, o, x) in &rules {
            let owner = if *o == 0 { "[]".into() } else { format!("\"@o{o}\"") };
            toml += &format!("'{p}' = {{ owners = {owner}, except = {x:?} }}\n");
        }
        let project = Project::from_text(&toml).unwrap_or_else(|e| panic!("{toml}: {e:?}"));
        let paths = paths();
        let set: PathSet = paths.iter().collect();
        let matcher = project.rules.matcher();
        let mut walk = matcher.walk();
        for path in &paths {
            let expected = naive(&rules, path);
            let found = match project.rules.ownership(walk.decide(path.as_bytes())) { Ownership::Owned(o) => o[0].as_str()[2..].parse().unwrap(), _ => 0u8 };
            prop_assert_eq!(expected, found, "matcher {} {}", toml, path);
        }
        for &platform in Platform::ALL {
            match render(&project.rules, platform, "owners.toml") {
                Ok(rendered) => {
                    if let Err(e) = proof::prove(&project.rules, &rendered, &set) { prop_assert!(false, "{}\n{}\n{}", toml, rendered.text, e); }
                    let file = read(&rendered.text, platform);
                    let m = file.matcher(); let mut w = m.walk();
                    for path in &paths {
                        let expected = naive(&rules, path);
                        let o = m.owners(&mut w, path.as_bytes());
                        let found = o.first().map_or(0, |o| o[0].as_str()[2..].parse().unwrap());
                        prop_assert_eq!(expected, found, "{:?} {}\n{}\n{}", platform, toml, rendered.text, path);
                    }
                }
                Err(inexact) => { prop_assert!(platform == Platform::GitLab || inexact[0].reason.contains("lines"), "{:?}", inexact); }
            }
        }
    }
}
