//! What a ruleset of GitHub demands is what `[[approval]]` says, however GitHub reads its patterns.
//!
//! Random approvals become required reviewers, or are refused. Their patterns are read by git, as a
//! `.gitignore`; by Ruby's `File.fnmatch?`, with `FNM_PATHNAME` and without; and by a model of
//! GitHub's CODEOWNERS. Each must match exactly the paths that the approvals give to the team, by a
//! model of a dozen lines. `RULESETS` asks for more cases than those of a usual run.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod support;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use owners::Forge;
use owners::Project;
use owners::pattern::alternation::Alternation;
use owners::ruleset::RequiredReviewer;

use support::models::github::GithubModel;
use support::random::Random;
use support::ruby::Ruby;
use support::{Sandbox, git_output};

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
fn written(text: &str) -> String {
    text.replace(r"\{", "{")
        .replace(r"\}", "}")
        .replace('[', r"\[")
        .replace(']', r"\]")
}

/// Which of the paths are meant.
type Hits = Vec<bool>;

fn any(paths: usize, all: impl IntoIterator<Item = impl AsRef<[bool]>>) -> Hits {
    let mut hits = vec![false; paths];
    for each in all {
        let both = hits.iter_mut().zip(each.as_ref());
        both.for_each(|(hit, each)| *hit |= each);
    }
    hits
}

/// What the model says that patterns match, by their text.
struct Model {
    paths: Vec<String>,
    known: HashMap<String, Hits>,
}

impl Model {
    fn hits(&mut self, text: &str) -> &Hits {
        let paths = &self.paths;
        self.known.entry(text.to_string()).or_insert_with(|| {
            let model = GithubModel::new(text);
            paths.iter().map(|path| model.matches(path)).collect()
        })
    }

    /// What some patterns of `owners.toml` match.
    fn any(&mut self, texts: &[String]) -> Hits {
        let all = texts.iter().map(|text| self.hits(&written(text)).clone());
        let all: Vec<Hits> = all.collect();
        any(self.paths.len(), all)
    }
}

/// The paths that each team must approve, by the model: of the entries of an approval, the last one that
/// matches decides.
fn demanded(entries: &[Entry], model: &mut Model) -> BTreeMap<String, Hits> {
    let mut demanded: BTreeMap<String, Hits> = BTreeMap::new();
    for name in ["sec", "docs"] {
        let mut is_open = vec![true; model.paths.len()];
        let own = entries.iter().rev();
        for entry in own.filter(|each| each.name.to_lowercase() == name) {
            let (mut hits, except) = (model.any(&entry.paths), model.any(&entry.except));
            for (index, hit) in hits.iter_mut().enumerate() {
                *hit &= is_open[index] && !except[index];
                is_open[index] &= !*hit;
            }
            for owner in &entry.owners {
                let known = demanded.entry(owner.to_lowercase()).or_default();
                *known = any(hits.len(), [&*known, &hits]);
            }
        }
    }
    demanded
}

/// All paths of one name and of two, and some that are deeper.
fn all_paths() -> Vec<String> {
    const NAMES: &[&str] = &["a", "b", "ab", "axb", ".a", "a b", "é", "c"];
    let mut paths: Vec<String> = NAMES.iter().map(ToString::to_string).collect();
    let mut start = 0;
    for step in [1, 4, 4] {
        let end = paths.len();
        for index in start..end {
            let names = NAMES.iter().enumerate();
            let names = names.filter(|(at, _)| at % step == index % step);
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
    expected: Hits,
    /// What to show.
    text: String,
}

/// What git ignores by each list, as the `.gitignore` of a directory.
fn by_git(lists: &[&[String]], paths: &[String]) -> Vec<Hits> {
    let sandbox = Sandbox::repo([]);
    let mut asked = Vec::new();
    for (number, list) in lists.iter().enumerate() {
        sandbox.write(format!("{number}/.gitignore"), list.join("\n"));
        for path in paths {
            asked.extend_from_slice(format!("{number}/{path}\0").as_bytes());
        }
    }
    let mut command = sandbox.command("git");
    // Otherwise it writes after each path.
    command.env("GIT_FLUSH", "0");
    command.args(["check-ignore", "--no-index", "--stdin", "-z"]);
    let answer = git_output(command, asked);
    let numbers = paths.iter().zip(0..);
    let numbers: HashMap<&str, usize> = numbers.map(|(path, at)| (path.as_str(), at)).collect();
    let mut ignored = vec![vec![false; paths.len()]; lists.len()];
    for path in answer.split_terminator('\0') {
        let (number, path) = path.split_once('/').unwrap();
        ignored[number.parse::<usize>().unwrap()][numbers[path]] = true;
    }
    ignored
}

/// Holds the lists of patterns to what they must match, by what a reader says of each text.
fn compare(reader: &str, cases: &[Case], paths: &[String], hits: &HashMap<&str, Hits>) {
    for case in cases {
        let all = case.patterns.iter().map(|text| &hits[text.as_str()]);
        let found = any(paths.len(), all);
        let differs = (0..paths.len()).find(|&at| found[at] != case.expected[at]);
        if let Some(at) = differs {
            panic!(
                "{reader} reads {:?}: `{}` is {}, by\n{}",
                case.patterns,
                paths[at],
                ["not matched", "matched"][usize::from(found[at])],
                case.text
            );
        }
    }
}

#[test]
fn every_reader_reads_what_approvals_say() {
    let asked = std::env::var("RULESETS").ok();
    let count: u64 = asked.and_then(|count| count.parse().ok()).unwrap_or(300);
    let paths = all_paths();
    let mut model = Model {
        paths: paths.clone(),
        known: HashMap::new(),
    };
    let cases = cases(count, &mut model);
    let texts: BTreeSet<&str> = cases
        .iter()
        .flat_map(|case| &case.patterns)
        .map(String::as_str)
        .collect();
    let by_model = texts.iter().map(|text| (*text, model.hits(text).clone()));
    compare("GitHub's CODEOWNERS", &cases, &paths, &by_model.collect());
    // Each text on its own, and some lists as a whole.
    let single: Vec<[String; 1]> = texts.iter().map(|text| [text.to_string()]).collect();
    let single: Vec<&[String]> = single.iter().map(|text| &text[..]).collect();
    let said = by_git(&single, &paths);
    let said = texts.iter().copied().zip(said);
    compare("git", &cases, &paths, &said.collect());
    let whole: Vec<&[String]> = cases.iter().take(50).map(|case| &*case.patterns).collect();
    for (case, found) in cases.iter().zip(by_git(&whole, &paths)) {
        assert!(found == case.expected, "git: {:?}", case.patterns);
    }
    if let Some(mut ruby) = Ruby::plain() {
        let said = texts.iter().map(|text| {
            let said = ruby.fnmatch(&[text.to_string()], &paths);
            (*text, said)
        });
        let said: Vec<(&str, Vec<[bool; 2]>)> = said.collect();
        for (flag, reader) in ["FNM_PATHNAME", "no FNM_PATHNAME"].iter().enumerate() {
            let hits = said.iter().map(|(text, said)| {
                let hits = said.iter().map(|each| each[flag]).collect();
                (*text, hits)
            });
            compare(reader, &cases, &paths, &hits.collect());
        }
    }
    let matched: usize = cases
        .iter()
        .map(|case| case.expected.iter().filter(|hit| **hit).count())
        .sum();
    println!(
        "{count} configurations, {} lists of patterns with {} texts, {} paths each, {matched} of them matched",
        cases.len(),
        texts.len(),
        paths.len()
    );
    assert!(
        cases.len() as u64 * 5 > count && matched > 10 * cases.len(),
        "hardly anything is said"
    );
}

/// The lists of patterns that random approvals become. Some are refused.
fn cases(count: u64, model: &mut Model) -> Vec<Case> {
    let mut cases = Vec::new();
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
            continue;
        }
        let demanded = demanded(&entries, model);
        let mut seen = BTreeSet::new();
        for RequiredReviewer { team, patterns, .. } in required.reviewers {
            let team = team.folded();
            let none = || vec![false; model.paths.len()];
            let expected = demanded.get(&team).cloned().unwrap_or_else(none);
            assert!(seen.insert(team), "a team is there once:\n{text}");
            cases.push(Case {
                patterns,
                expected,
                text: text.clone(),
            });
        }
        // A team without a required reviewer approves nothing.
        let mut others = demanded.iter().filter(|(team, _)| !seen.contains(*team));
        assert!(others.all(|(_, hits)| !hits.contains(&true)), "{text}");
    }
    cases
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
