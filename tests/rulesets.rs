//! What a ruleset of GitHub demands is what `[[approval]]` says, however GitHub reads its patterns.
//!
//! Random approvals become required reviewers, or are refused. Their patterns are read by git, as a
//! `.gitignore`; by Ruby's `File.fnmatch?`, with `FNM_PATHNAME` and without; and by a model of
//! GitHub's CODEOWNERS. Each must match exactly the paths that the approvals give to the team, by a
//! model of a dozen lines. `RULESETS` asks for more cases than those of a usual run.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use owners::Forge;
use owners::Project;
use owners::pattern::alternation::Alternation;
use owners::ruleset::RequiredReviewer;

use support::Sandbox;
use support::models::github::GithubModel;
use support::random::Random;
use support::ruby::Ruby;

/// An entry of `[[approval]]`.
#[derive(Clone, Debug)]
struct Entry {
    name: &'static str,
    paths: Vec<String>,
    except: Vec<String>,
    owners: Vec<&'static str>,
}

/// A pattern, as a person may write it. Most can be said.
fn pattern(random: &mut Random) -> String {
    const NAMES: &[&str] = &["a", "b", "ab", ".a", "a b", "é"];
    const GLOBS: &[&str] = &["a*", "*b", "*a*"];
    const ODD: &[&str] = &["*", "a*b", "?", "[a]", r"\{a\}", "#a", "!a"];
    let segment = |random: &mut Random| match random.below(10) {
        0..=5 => random.pick(NAMES),
        6 | 7 => "**",
        8 => random.pick(GLOBS),
        _ if random.chance(60) => random.pick(ODD),
        _ => "b",
    };
    let count = 1 + random.below(4);
    let segments: Vec<&str> = (0..count).map(|_| segment(random)).collect();
    let (before, after) = (random.pick(&["", "/", "/"]), random.pick(&["", "/", "/"]));
    format!("{before}{}{after}", segments.join("/"))
}

fn patterns(random: &mut Random, most: usize) -> Vec<String> {
    let count = 1 + random.below(most);
    let all = (0..count * 9).map(|_| pattern(random));
    let is_sound = |text: &String| Alternation::parse(text).is_ok();
    all.filter(is_sound).take(count).collect()
}

fn entries(random: &mut Random) -> Vec<Entry> {
    const OWNERS: &[&[&str]] = &[
        &["@o/a"],
        &["@o/a"],
        &["@o/b"],
        &["@O/A"],
        &[],
        &["@o/a", "@o/b"],
        &["@c"],
    ];
    let count = random.pick(&[1, 1, 1, 2, 3]);
    let entry = |random: &mut Random| Entry {
        name: random.pick(&["Sec", "SEC", "Docs"]),
        paths: patterns(random, 2),
        except: match random.below(8) {
            0 => patterns(random, 1),
            _ => Vec::new(),
        },
        // Of those with one entry, most have a team.
        owners: match count {
            1 => random.pick(&OWNERS[..4]).to_vec(),
            _ => random.pick(OWNERS).to_vec(),
        },
    };
    (0..count).map(|_| entry(random)).collect()
}

fn configuration(entries: &[Entry]) -> String {
    let quoted = |texts: &[String]| {
        let texts: Vec<String> = texts.iter().map(|text| format!("'{text}'")).collect();
        texts.join(", ")
    };
    let mut text = String::from("[paths]\n'*' = '@o/all'\n");
    for entry in entries {
        let owners: Vec<String> = entry.owners.iter().map(ToString::to_string).collect();
        text += &format!(
            "[[approval]]\nname = '{}'\npaths = [{}]\nexcept = [{}]\nowners = [{}]\n",
            entry.name,
            quoted(&entry.paths),
            quoted(&entry.except),
            quoted(&owners)
        );
    }
    text
}

/// A pattern of `owners.toml` as a line of GitHub's file has it.
fn model(text: &str) -> GithubModel {
    GithubModel::new(
        &text
            .replace(r"\{", "{")
            .replace(r"\}", "}")
            .replace('[', r"\[")
            .replace(']', r"\]"),
    )
}

/// The paths that each team must approve, by the model: of the entries of an approval, the last one that
/// matches decides.
fn demanded(entries: &[Entry], paths: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let compiled = entries.iter().map(|entry| {
        let models = |texts: &[String]| texts.iter().map(|text| model(text)).collect::<Vec<_>>();
        (entry, models(&entry.paths), models(&entry.except))
    });
    let compiled: Vec<_> = compiled.collect();
    let mut demanded: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in paths {
        for name in ["sec", "docs"] {
            let any = |models: &[GithubModel]| models.iter().any(|model| model.matches(path));
            let mut own = compiled
                .iter()
                .rev()
                .filter(|each| each.0.name.to_lowercase() == name);
            let decides = own.find(|(_, paths, except)| any(paths) && !any(except));
            for owner in decides.iter().flat_map(|each| &each.0.owners) {
                let own = demanded.entry(owner.to_lowercase()).or_default();
                own.insert(path.clone());
            }
        }
    }
    demanded
}

fn all_paths() -> Vec<String> {
    const NAMES: &[&str] = &["a", "b", "ab", "axb", ".a", "a b", "é", "c"];
    let mut paths: Vec<String> = NAMES.iter().map(ToString::to_string).collect();
    let mut start = 0;
    for depth in 0..3 {
        let end = paths.len();
        for index in start..end {
            // Not all paths of four names: there are thousands.
            let names = NAMES
                .iter()
                .enumerate()
                .filter(|(at, _)| depth < 2 || at % 4 == index % 4);
            let below: Vec<String> = names
                .map(|(_, name)| format!("{}/{name}", paths[index]))
                .collect();
            paths.extend(below);
        }
        start = end;
    }
    paths
}

/// A list of patterns to read, and the paths that it must match.
struct Case {
    patterns: Vec<String>,
    expected: BTreeSet<String>,
    /// What to show.
    text: String,
}

/// What git ignores by each list, as the `.gitignore` of a directory.
fn by_git(cases: &[Case], paths: &[String]) -> Vec<BTreeSet<String>> {
    let sandbox = Sandbox::repo([]);
    let mut asked = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let directory = sandbox.root.join(number.to_string());
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join(".gitignore"), case.patterns.join("\n")).unwrap();
        for path in paths {
            asked.extend_from_slice(format!("{number}/{path}\0").as_bytes());
        }
    }
    let mut ignored = vec![BTreeSet::new(); cases.len()];
    let answer = sandbox.git_with_input("check-ignore --no-index --stdin -z", &asked);
    for path in answer.split_terminator('\0') {
        let (number, path) = path.split_once('/').unwrap();
        ignored[number.parse::<usize>().unwrap()].insert(path.to_string());
    }
    ignored
}

fn compare(reader: &str, case: &Case, found: &BTreeSet<String>) {
    let more = found.difference(&case.expected).next();
    let less = case.expected.difference(found).next();
    assert!(
        more.is_none() && less.is_none(),
        "{reader} reads {:?}: more {more:?}, less {less:?}, by\n{}",
        case.patterns,
        case.text
    );
}

#[test]
fn every_reader_reads_what_approvals_say() {
    let asked = std::env::var("RULESETS").ok();
    let count: u64 = asked.and_then(|count| count.parse().ok()).unwrap_or(1500);
    let paths = all_paths();
    let (mut cases, mut refused) = (Vec::new(), 0);
    for seed in 0..count {
        let entries = entries(&mut Random::new(seed));
        let text = configuration(&entries);
        let project =
            Project::from_text(&text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
        let required = project
            .rules
            .required_reviewers(Forge::GITHUB, &project.sources);
        let required = required.expect("GitHub is told");
        if !required.faults.is_empty() {
            refused += 1;
            continue;
        }
        let demanded = demanded(&entries, &paths);
        let mut seen = BTreeSet::new();
        for RequiredReviewer { team, patterns, .. } in required.reviewers {
            let team = team.folded();
            let expected = demanded.get(&team).cloned().unwrap_or_default();
            assert!(seen.insert(team), "a team is there once:\n{text}");
            cases.push(Case {
                patterns,
                expected,
                text: text.clone(),
            });
        }
        // A team without a required reviewer approves nothing.
        assert!(demanded.keys().all(|team| seen.contains(team)), "{text}");
    }
    for case in &cases {
        let models: Vec<GithubModel> = case
            .patterns
            .iter()
            .map(|text| GithubModel::new(text))
            .collect();
        let matches = |path: &&String| models.iter().any(|model| model.matches(path));
        compare(
            "GitHub's CODEOWNERS",
            case,
            &paths.iter().filter(matches).cloned().collect(),
        );
    }
    for (case, found) in cases.iter().zip(by_git(&cases, &paths)) {
        compare("git", case, &found);
    }
    if let Some(mut ruby) = Ruby::plain() {
        for case in &cases {
            let answers = ruby.fnmatch(&case.patterns, &paths);
            for (flag, reader) in ["FNM_PATHNAME", "no FNM_PATHNAME"].iter().enumerate() {
                let found = paths
                    .iter()
                    .zip(&answers)
                    .filter(|(_, answer)| answer[flag]);
                compare(reader, case, &found.map(|(path, _)| path.clone()).collect());
            }
        }
    }
    let matched: usize = cases.iter().map(|case| case.expected.len()).sum();
    println!(
        "{count} configurations, {refused} refused, {} lists of patterns, {} paths each, {matched} of them matched",
        cases.len(),
        paths.len()
    );
    assert!(
        cases.len() as u64 * 5 > count && matched > 10 * cases.len(),
        "hardly anything is said"
    );
}

/// What approvals become: the teams with their patterns, or the message of the first fault.
fn told(entries: &str) -> String {
    let text = format!("[paths]\n'*' = '@o/all'\n{entries}");
    let project = Project::from_text(&text).unwrap_or_else(|error| panic!("{error} in\n{text}"));
    let required = project
        .rules
        .required_reviewers(Forge::GITHUB, &project.sources);
    let required = required.expect("GitHub is told");
    let faults = required.faults.into_kept();
    if let Some(fault) = faults.first() {
        return fault.message.clone();
    }
    let shown = required
        .reviewers
        .iter()
        .map(|each| format!("{} {}: {}", each.team, each.count, each.patterns.join(" ")));
    shown.collect::<Vec<_>>().join("; ")
}

fn entry(name: &str, paths: &str, more: &str, owners: &str) -> String {
    format!("[[approval]]\nname = '{name}'\npaths = {paths}\n{more}\nowners = {owners}\n")
}

#[test]
fn entries_of_an_approval() {
    let same = |paths: &str, more: &str, owners: &str| entry("S", paths, more, owners);
    for (entries, expected) in [
        // One team: the union, each text once, at any count.
        (
            same("['/a/', '/b/', '/a/']", "count = 2", "'@o/x'"),
            "@o/x 2: a/** a/**/* b/** b/**/*",
        ),
        (
            same("'/a/'", "optional = true", "'@o/x'"),
            "@o/x 0: a/** a/**/*",
        ),
        (
            [same("'/a/'", "", "'@o/x'"), same("'/a/'", "", "'@O/X'")].concat(),
            "@o/x 1: a/** a/**/*",
        ),
        // Approvals of one team and count are one, of another count two.
        (
            [
                entry("S", "'/a/'", "", "'@o/x'"),
                entry("T", "'/b/'", "", "'@o/X'"),
                entry("U", "'/c/'", "count = 3", "'@o/x'"),
            ]
            .concat(),
            "@o/x 1: a/** a/**/* b/** b/**/*; @o/x 3: c/** c/**/*",
        ),
        // Teams with no path in common.
        (
            [same("'/a/'", "", "'@o/x'"), same("'/b/'", "", "'@o/y'")].concat(),
            "@o/x 1: a/** a/**/*; @o/y 1: b/** b/**/*",
        ),
        (
            [
                same("'/a/'", "", "'@o/x'"),
                same("'/b/'", "", "'@o/y'"),
                same("'/a/c/'", "", "'@o/x'"),
            ]
            .concat(),
            "@o/x 1: a/** a/**/* a/c/** a/c/**/*; @o/y 1: b/** b/**/*",
        ),
        // The first entry decides nothing.
        (
            [same("'/a/b/'", "", "'@o/x'"), same("'/a/'", "", "'@o/y'")].concat(),
            "@o/y 1: a/** a/**/*",
        ),
        // It decides what the second leaves out.
        (
            [
                same("'/a/b/'", "", "'@o/x'"),
                same("'/a/'", "except = '/a/b/'", "'@o/y'"),
            ]
            .concat(),
            "a ruleset on GitHub cannot take paths away from `@o/x` again",
        ),
        (
            [same("'/a/'", "", "'@o/x'"), same("'/a/b/'", "", "'@o/y'")].concat(),
            "a ruleset on GitHub cannot take paths away from `@o/x` again",
        ),
        (
            [same("'/a/'", "", "'@o/x'"), same("'/a/b/'", "", "[]")].concat(),
            "a ruleset on GitHub cannot take paths away from `@o/x` again",
        ),
        (
            [same("'/a/'", "", "[]"), same("'/a/'", "", "'@o/x'")].concat(),
            "@o/x 1: a/** a/**/*",
        ),
        // Exceptions without an effect, and one that has one.
        (
            same("'/a/'", "except = '/b/'", "'@o/x'"),
            "@o/x 1: a/** a/**/*",
        ),
        (
            [
                same("'/a/'", "except = '/a/b/'", "'@o/x'"),
                same("'/a/b/'", "", "'@o/x'"),
            ]
            .concat(),
            "@o/x 1: a/** a/**/* a/b/** a/b/**/*",
        ),
        (
            same("['/a/', '/b/']", "except = ['/c/', '*.md']", "'@o/x'"),
            "a ruleset on GitHub cannot leave out `*.md`",
        ),
        (
            same("'/a/'", "", "['@o/x', '@o/y']"),
            "a ruleset on GitHub cannot demand the approval of one of @o/x @o/y",
        ),
        (
            same("'/a/'", "", "'@x'"),
            "a ruleset on GitHub demands approvals of teams, and `@x` is none",
        ),
        (
            same("'/a/'", "count = 11", "'@o/x'"),
            "a ruleset on GitHub cannot demand 11 approvals of a team",
        ),
        (
            same("'/a'", "", "'@o/x'"),
            "a ruleset on GitHub cannot express `/a` exactly",
        ),
    ] {
        assert_eq!(told(&entries), expected, "{entries}");
    }
    let many = |count: usize| {
        let all =
            (0..count).map(|at| entry(&format!("S{at}"), "'/a/'", "", &format!("'@o/t{at}'")));
        told(&all.collect::<String>())
    };
    assert_eq!(many(15).matches("a/**/*").count(), 15);
    assert_eq!(
        many(16),
        "a ruleset on GitHub has at most 15 required reviewers, and the approvals need 16"
    );
}

/// A hundred million pairs of lines are not compared.
#[test]
fn large_approvals() {
    let paths = |at: usize| {
        let all: Vec<String> = (0..20).map(|each| format!("'/d{at}/{each}/'")).collect();
        format!("[{}]", all.join(","))
    };
    let large = |teams: usize| {
        let all = (0..1000).map(|at| entry("S", &paths(at), "", &format!("'@o/t{}'", at % teams)));
        told(&all.collect::<String>())
    };
    assert!(large(1).starts_with("@o/t0 1: d0/0/** d0/0/**/* "));
    assert_eq!(
        large(15),
        "cannot compare all entries of the approval `S`: there are too many"
    );
}
