//! A naive model of `suggest` and `risk`: it plays the history from its start, gives each file a number
//! when it is created, and adds up what the documentation says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::Sandbox;
use crate::support::history::{History, NEW_YEAR};
use crate::support::random::Random;

const CONFIG: &str = "owners.toml=[groups]\na = ['@u1', '@u2']\nb = 'name@example.org'\n\
[paths]\n'/a/' = 'a'\n'/b/' = ['b', '@u3']\n";

const PEOPLE: [&str; 9] = [
    "User One <1+u1@users.noreply.github.com>",
    "User One <one@example.org>",
    "User Two <u2@users.noreply.github.com>",
    "Third <3+u3@users.noreply.github.com>",
    "Third <third@example.org>",
    "Other Name <name@example.org>",
    "Fifth Person <fifth@example.org>",
    "U5 <old@example.org>",
    "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>",
];
const MAILMAP: &str = ".mailmap=Fifth Person <fifth@example.org> <old@example.org>\n";

/// The person of an author, after `.mailmap`. Programs are nobody.
fn person(author: &str) -> Option<&'static str> {
    Some(
        match PEOPLE.iter().position(|known| *known == author).unwrap() {
            0 | 1 => "u1",
            2 => "u2",
            3 => "u3",
            // One word, so it is not joined.
            4 => "third@example.org",
            5 => "name@example.org",
            6 | 7 => "fifth@example.org",
            _ => return None,
        },
    )
}

struct Made {
    days: i64,
    authors: Vec<&'static str>,
    /// `A`, `M`, `D` with a path, or `R` with two.
    changes: Vec<(char, String, String)>,
}

/// A random history without branches, and what it does.
fn random(seed: u64) -> (History, Vec<Made>, BTreeSet<String>) {
    let mut random = Random::new(seed);
    let (mut history, mut made) = (History::default(), Vec::new());
    let mut files: BTreeSet<String> = BTreeSet::new();
    history.commit(2000, &[PEOPLE[6]], &[CONFIG, MAILMAP]);
    for number in 0..120 {
        let mut authors = vec![random.pick(&PEOPLE)];
        while random.chance(25) {
            authors.push(random.pick(&PEOPLE));
        }
        let days = 1500 - 12 * number;
        let mut changes: Vec<(char, String, String)> = Vec::new();
        let mut used: BTreeSet<String> = BTreeSet::new();
        let size = if random.chance(10) {
            8
        } else {
            1 + random.below(3)
        };
        for _ in 0..size {
            let name = |random: &mut Random| {
                format!("{}/{}", random.pick(&["a", "b", "c"]), random.below(12))
            };
            let (path, other) = (name(&mut random), name(&mut random));
            if !used.insert(path.clone()) || used.contains(&other) {
                continue;
            }
            let change = match (files.contains(&path), random.below(10)) {
                (true, 0) => ('D', path.clone(), String::new()),
                (true, 1 | 2) if !files.contains(&other) => ('R', path.clone(), other.clone()),
                (true, _) => ('M', path.clone(), String::new()),
                (false, _) => ('A', path.clone(), String::new()),
            };
            if matches!(change.0, 'D' | 'R') {
                files.remove(&path);
            } else {
                files.insert(path);
            }
            if change.0 == 'R' {
                used.insert(other.clone());
                files.insert(other);
            }
            changes.push(change);
        }
        let words: Vec<String> = (changes.iter())
            .map(|(kind, path, new)| match kind {
                'D' => format!("-{path}"),
                'R' => format!("{path}>{new}"),
                _ => format!("{path}={path} {number}"),
            })
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        history.commit(days, &authors, &words);
        made.push(Made {
            days,
            authors,
            changes,
        });
    }
    (history, made, files)
}

#[derive(Default)]
struct Counts {
    /// For each file and person, the number of commits.
    touches: BTreeMap<(String, &'static str), u32>,
    creations: BTreeMap<String, (i64, BTreeSet<&'static str>)>,
    /// For each commit that counts: its age, its people, and its files, by their last names.
    commits: Vec<(i64, BTreeSet<&'static str>, BTreeSet<String>)>,
}

fn count(made: &[Made], files: &BTreeSet<String>, most: usize) -> Counts {
    // The files with a name, as they are created, moved and deleted. A file is a number.
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    let mut created = 0;
    // For each commit, the kind of each change, and its file.
    let mut changes: Vec<Vec<(char, usize)>> = Vec::new();
    for commit in made {
        let mut of_commit = Vec::new();
        for (kind, path, new) in &commit.changes {
            let path = path.as_str();
            if *kind == 'A' {
                named.insert(path, created);
                created += 1;
            }
            of_commit.push((*kind, named[path]));
            if matches!(kind, 'D' | 'R') {
                let file = named.remove(path).unwrap();
                if *kind == 'R' {
                    named.insert(new, file);
                }
            }
        }
        changes.push(of_commit);
    }
    assert!(named.keys().copied().eq(files.iter().map(String::as_str)));
    let name_of: BTreeMap<usize, &str> =
        named.into_iter().map(|(name, file)| (file, name)).collect();
    let mut counts = Counts::default();
    for (commit, changes) in made.iter().zip(&changes) {
        let people = commit.authors.iter().filter_map(|author| person(author));
        let people: BTreeSet<_> = people.collect();
        if changes.len() > most || people.is_empty() {
            continue;
        }
        let mut touched = BTreeSet::new();
        for (kind, file) in changes {
            let Some(name) = name_of.get(file).filter(|_| matches!(kind, 'A' | 'M')) else {
                continue;
            };
            touched.insert(name.to_string());
            for &person in &people {
                *counts
                    .touches
                    .entry((name.to_string(), person))
                    .or_default() += 1;
            }
            if *kind == 'A' {
                let creation = (commit.days, people.clone());
                counts.creations.insert(name.to_string(), creation);
            }
        }
        counts.commits.push((commit.days, people, touched));
    }
    counts
}

fn json(sandbox: &Sandbox, arguments: &str) -> Value {
    let output = sandbox.owners(arguments).output();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn name(person: &Value) -> String {
    match person["login"].as_str() {
        Some(login) => login.to_string(),
        None => person["email"].as_str().unwrap().to_string(),
    }
}

pub(super) fn compare(seed: u64) {
    let (history, made, files) = random(seed);
    let sandbox = history.repo();
    let most = 5;
    let counts = count(&made, &files, most);
    let now = made.last().unwrap().days;
    let options = format!("--json --emails -v --max-files {most} --rev HEAD a b c/");
    let suggested = json(&sandbox, &format!("suggest --half-life 300 {options}"));
    let risks = json(&sandbox, &format!("risk --inactive-months 6 {options}"));
    for (index, area) in ["a", "b", "c"].into_iter().enumerate() {
        let what = format!("seed {seed}, {area}");
        let files: Vec<&String> = files.iter().filter(|file| file.starts_with(area)).collect();
        let owners: &[&str] = match area {
            "a" => &["u1", "u2"],
            "b" => &["name@example.org", "u3"],
            _ => &[],
        };
        suggestions(
            &what,
            &suggested["areas"][index],
            area,
            &files,
            owners,
            &counts,
            now,
        );
        risk(&what, &risks["areas"][index], &files, owners, &counts);
    }
}

fn suggestions(
    what: &str,
    found: &Value,
    area: &str,
    files: &[&String],
    owners: &[&str],
    counts: &Counts,
    now: i64,
) {
    assert_eq!(found["files"], files.len(), "{what}");
    let recent = |days: i64| 0.5_f64.powf((days - now) as f64 / 300.0);
    let people: BTreeSet<&str> = counts
        .touches
        .keys()
        .filter(|(file, person)| file.starts_with(area) && !owners.contains(person))
        .map(|(_, person)| *person)
        .collect();
    let mut expected: Vec<(f64, &str, usize, usize, usize, i64)> = Vec::new();
    for person in people {
        let created = counts
            .creations
            .iter()
            .filter(|(file, (_, by))| file.starts_with(area) && by.contains(person));
        let created: Vec<i64> = created.map(|(_, (days, _))| *days).collect();
        let commits = counts.commits.iter().filter(|(_, people, touched)| {
            people.contains(person) && touched.iter().any(|file| file.starts_with(area))
        });
        let commits: Vec<i64> = commits.map(|(days, ..)| *days).collect();
        let sum = |days: &[i64]| days.iter().map(|&days| recent(days)).sum::<f64>();
        let score = 2.0 * (1.0 + sum(&created)).ln() + (1.0 + sum(&commits)).ln();
        let touched = files
            .iter()
            .filter(|file| counts.touches.contains_key(&((**file).clone(), person)));
        let last = *commits.iter().min().unwrap();
        expected.push((
            score,
            person,
            created.len(),
            commits.len(),
            touched.count(),
            last,
        ));
    }
    expected.sort_by(|a, b| b.0.total_cmp(&a.0));
    let found = found["candidates"].as_array().unwrap();
    let names: Vec<String> = found.iter().map(name).collect();
    let wanted: Vec<&str> = expected.iter().map(|each| each.1).collect();
    assert_eq!(names, wanted, "{what}");
    for (found, (score, _, created, commits, touched, last)) in found.iter().zip(expected) {
        let of_it = found["score"].as_f64().unwrap();
        assert!((of_it - score).abs() < 1e-4, "{what}: {found} has {score}");
        assert_eq!(found["created"], created, "{what}");
        assert_eq!(found["commits"], commits, "{what}");
        assert_eq!(found["files"], touched, "{what}");
        let day = owners::text::date::day(NEW_YEAR - last * 86_400);
        assert_eq!(found["last_seen"], day, "{what}");
    }
}

fn risk(what: &str, found: &Value, files: &[&String], owners: &[&str], counts: &Counts) {
    let (mut one, mut none) = (BTreeMap::<&str, u64>::new(), 0);
    let mut authors: Vec<Vec<&str>> = Vec::new();
    for &file in files {
        let touches: BTreeMap<&str, u32> = counts
            .touches
            .iter()
            .filter(|((path, _), _)| path == file)
            .map(|((_, person), count)| (*person, *count))
            .collect();
        let knowing: Vec<&&str> = owners
            .iter()
            .filter(|owner| touches.contains_key(**owner))
            .collect();
        match knowing.as_slice() {
            [only] => *one.entry(only).or_default() += 1,
            [] if !owners.is_empty() => none += 1,
            _ => {}
        }
        let all: u32 = touches.values().sum();
        let degree = |person: &str, own: u32| {
            let first = counts
                .creations
                .get(file)
                .is_some_and(|(_, by)| by.contains(person));
            let others = f64::from(all - own);
            3.293 + if first { 1.098 } else { 0.0 } + 0.164 * f64::from(own)
                - 0.321 * (1.0 + others).ln()
        };
        let degrees: Vec<(&str, f64)> = touches
            .iter()
            .map(|(&who, &own)| (who, degree(who, own)))
            .collect();
        let highest = degrees.iter().map(|each| each.1).fold(f64::MIN, f64::max);
        let is_author = |each: &&(&str, f64)| each.1 >= 3.293 && each.1 / highest > 0.75;
        authors.push(
            degrees
                .iter()
                .filter(is_author)
                .map(|each| each.0)
                .collect(),
        );
    }
    authors.retain(|authors| !authors.is_empty());
    let found_one: BTreeMap<&str, u64> = found["one_owner"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| {
            let owner = each["owner"].as_str().unwrap();
            (
                owner.trim_start_matches('@'),
                each["files"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(found_one, one, "{what}");
    assert_eq!(found["no_owner"], none, "{what}");
    assert_eq!(found["authored"], authors.len(), "{what}");
    // The same people in any order: which of two with equally many files leaves first is a detail,
    // so only the numbers are compared.
    let mut gone: Vec<&str> = Vec::new();
    let mut left = authors.clone();
    while !left.is_empty()
        && left.iter().filter(|each| !each.is_empty()).count() * 2 >= authors.len()
    {
        let next = &found["key_people"][gone.len()];
        let next_files = next["files"].as_u64().unwrap();
        let files_of =
            |person: &str| authors.iter().filter(|each| each.contains(&person)).count() as u64;
        let most = left
            .iter()
            .flatten()
            .map(|person| files_of(person))
            .max()
            .unwrap();
        let person = name(next);
        assert_eq!((files_of(&person), next_files), (most, most), "{what}");
        let person = authors
            .iter()
            .flatten()
            .find(|each| **each == person)
            .unwrap();
        gone.push(person);
        left.iter_mut()
            .for_each(|each| each.retain(|author| author != person));
    }
    assert_eq!(
        found["key_people"].as_array().unwrap().len(),
        gone.len(),
        "{what}"
    );
}
