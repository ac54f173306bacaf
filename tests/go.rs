//! The files for Gitea and Forgejo against Go, whose `regexp` (or `regexp2`) these match with.
//!
//! Without Go there is nothing to compare with, and a note says so. `GO_CASES` asks for more files than
//! the few thousand of a usual run.

mod support;

use owners::Forge;
use owners::codeowners::read;
use owners::import::{ImportOptions, import};
use owners::{Ownership, PathSet, Project};

use support::go::Go;
use support::random::Random;

const FORGES: [Forge; 2] = [Forge::GITEA, Forge::FORGEJO];

fn cases() -> usize {
    let asked = std::env::var("GO_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(2000)
}

fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "));
    rows.map(|row| row.split('\t').collect())
}

/// All owners, each once.
fn union(lines: &[String]) -> Vec<String> {
    let mut owners: Vec<String> = Vec::new();
    for owner in lines.iter().flat_map(|line| line.split(' ')) {
        if !owners.iter().any(|known| known.eq_ignore_ascii_case(owner)) {
            owners.push(owner.to_string());
        }
    }
    owners
}

/// The tables of what Gitea and Forgejo match, row by row.
#[test]
fn conformance() {
    let Some(mut go) = Go::start() else {
        return;
    };
    for row in rows(include_str!("conformance/gitea.tsv")) {
        for (forge, expected) in FORGES.into_iter().zip(&row[2..4]) {
            let found = go.owners(forge, &format!("{} @x\n", row[0]), &[row[1]]);
            assert_eq!(
                !found[0].is_empty(),
                *expected == "yes",
                "{} {row:?}",
                forge.title
            );
        }
    }
    for row in rows(include_str!("conformance/files.tsv")) {
        let forge = Forge::from_name(row[0]).filter(|forge| FORGES.contains(forge));
        if let Some(forge) = forge {
            let text = row[1]
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\\\", "\\");
            let found = go.owners(forge, &text, &[row[2]]).concat().join(" | ");
            assert_eq!(found, row[3].trim_start_matches('-'), "{row:?}");
        }
    }
}

const NAMES: [&str; 12] = [
    "a", "b", "ab", "docs", "src", "x.rs", "x.md", ".a", "a b", "#a", "[a]", "é",
];

fn glob(random: &mut Random) -> String {
    match random.below(10) {
        0 => random
            .pick(&["*", "?", "a*", "*b", "*.rs", "?*", "*a*", "a?b"])
            .to_string(),
        1 => "**".to_string(),
        _ => random.pick(&NAMES).to_string(),
    }
}

fn pattern(random: &mut Random) -> String {
    if random.below(12) == 0 {
        return random
            .pick(&["*", "/*", "*/", "**/*.rs", "*.md"])
            .to_string();
    }
    let globs: Vec<String> = (0..1 + random.below(3)).map(|_| glob(random)).collect();
    let before = random.pick(&["/", "/", "/", ""]);
    let after = random.pick(&["/", "/", ""]);
    format!("{before}{}{after}", globs.join("/"))
}

fn path(random: &mut Random) -> String {
    let names: Vec<&str> = (0..1 + random.below(4))
        .map(|_| random.pick(&NAMES))
        .collect();
    names.join("/")
}

/// An `owners.toml` for both forges.
fn config(random: &mut Random) -> String {
    let mut toml = String::from(
        "[[output]]\nplatform = \"gitea\"\n[[output]]\nplatform = \"forgejo\"\n[paths]\n",
    );
    let mut seen = std::collections::HashSet::new();
    for _ in 0..1 + random.below(7) {
        let pattern = pattern(random);
        if !seen.insert(pattern.clone()) {
            continue;
        }
        let owners = random.pick(&["[]", "'@a'", "'@b'", "['@a', '@b']", "'@o/t'", "'@A'"]);
        let key = match random.below(4) {
            0 if owners != "[]" => "add",
            _ => "owners",
        };
        let except = match random.below(5) {
            0 => format!(", except = ['{}']", self::pattern(random)),
            _ => String::new(),
        };
        toml += &format!("'{pattern}' = {{ {key} = {owners}{except} }}\n");
    }
    toml
}

/// The file gives each path the owners of the rules.
#[test]
fn rules() {
    let Some(mut go) = Go::start() else {
        return;
    };
    let (mut files, mut refused, mut compared, mut owned) = (0, 0, 0, 0);
    for seed in 0..cases() as u64 {
        let mut random = Random::new(seed);
        let toml = config(&mut random);
        // Some patterns mean nothing.
        let Ok(project) = Project::from_text(&toml) else {
            continue;
        };
        let paths: Vec<String> = (0..30).map(|_| path(&mut random)).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let matcher = project.rules.matcher();
        let mut walk = matcher.walk();
        for forge in FORGES {
            let Ok(rendered) = project.render(&forge.into()) else {
                assert_eq!(forge, Forge::FORGEJO, "{toml}");
                refused += 1;
                continue;
            };
            files += 1;
            let found = go.owners(forge, &rendered.text, &paths);
            for (path, found) in paths.iter().zip(&found) {
                let expected: Vec<String> = match walk.ownership(path.as_bytes()) {
                    Ownership::Owned(owners) => owners.iter().map(ToString::to_string).collect(),
                    Ownership::Nobody | Ownership::Unowned => Vec::new(),
                };
                assert_eq!(
                    union(found),
                    expected,
                    "`{path}` by\n{toml}\n{}",
                    rendered.text
                );
                compared += 1;
                owned += usize::from(!expected.is_empty());
            }
        }
    }
    println!("rules: {files} files, {refused} refused; {compared} paths compared, {owned} owned");
    assert!(
        files * 3 > cases() * 4 && refused * 4 < files,
        "{files} files, {refused} refused"
    );
    assert!(owned * 5 > compared, "hardly anything is owned");
}

/// A regular expression, and a text that it may match.
fn expression(random: &mut Random, depth: usize) -> (String, String) {
    let (mut text, mut path) = (String::new(), String::new());
    for _ in 0..1 + random.below(4) {
        let (part, example): (String, &str) = match random.below(14) {
            0 | 1 => (".*".into(), random.pick(&["", "a", "b/c", "x.rs"])),
            2 => ("[^/]*".into(), random.pick(&["", "a", "x.rs"])),
            3 => ("[^/]+".into(), random.pick(&["a", "x.rs"])),
            4 => (".".into(), random.pick(&["a", ".", "/"])),
            5 | 6 => ("/".into(), "/"),
            7 => (
                random.pick(&["[ab]", "[^a]", "[a-c]", "[+]"]).into(),
                random.pick(&["a", "b", "+"]),
            ),
            8 if depth < 2 => {
                let (one, example) = expression(random, depth + 1);
                let (other, _) = expression(random, depth + 1);
                text += &format!("({one}|{other})");
                path += &example;
                continue;
            }
            9 if depth < 2 => {
                let (one, example) = expression(random, depth + 1);
                text += &format!("({one}){}", random.pick(&["?", "*", "+", "{2}"]));
                path += &example;
                continue;
            }
            10 => (
                random
                    .pick(&["a*", "b+", "a?", "a{2}", "a{1,2}", "a+?"])
                    .into(),
                "aa",
            ),
            11 => (
                random
                    .pick(&["\\\\.", "\\\\+", "\\ ", "\\#", "{", "^", "$", "**", "("])
                    .into(),
                ".",
            ),
            12 => (
                random
                    .pick(&["(.*/)?", "(/.*)?", "(?i)", "(?:a|b)", "\\\\d"])
                    .into(),
                "",
            ),
            _ => (
                random.pick(&["a", "b", "ab", "docs", "é"]).into(),
                random.pick(&["a", "b", "ab"]),
            ),
        };
        text += &part;
        path += example;
    }
    (text, path)
}

/// Files by hand: each line means here what it means to Go, or is not read.
#[test]
fn files_by_hand() {
    let Some(mut go) = Go::start() else {
        return;
    };
    let (mut unread, mut compared, mut owned, mut tested) = (0, 0, 0, 0);
    for seed in 0..2 * cases() as u64 {
        let mut random = Random::new(seed + (1 << 40));
        let (text, example) = expression(&mut random, 0);
        let before = random.pick(&["", "", "", "", "!", "/", "(?!a)", "(?!(a|b/.*)$)", "^"]);
        let file = format!("{before}{text} @x\n");
        let mut paths: Vec<String> = (0..12).map(|_| path(&mut random)).collect();
        paths.extend([
            example.clone(),
            format!("a/{example}"),
            format!("{example}/b"),
        ]);
        // What no tree has.
        let is_path = |path: &&str| path.split('/').all(|name| !name.is_empty());
        let paths: Vec<&str> = paths.iter().map(String::as_str).filter(is_path).collect();
        for forge in FORGES {
            let found = read(&file, forge);
            if found.faults.iter().any(|fault| fault.is_unread) {
                unread += 1;
                continue;
            }
            tested += usize::from(found.entries.iter().any(|entry| entry.test.is_some()));
            let expected = go.owners(forge, &file, &paths);
            let matcher = found.matcher();
            let mut walk = matcher.walk();
            for (path, expected) in paths.iter().zip(expected) {
                if expected == ["\u{1e}"] {
                    continue;
                }
                let is_owned = !matcher.owners(&mut walk, path.as_bytes()).is_empty();
                assert_eq!(
                    is_owned,
                    !expected.is_empty(),
                    "{} `{path}` by {file}",
                    forge.title
                );
                compared += 1;
                owned += usize::from(is_owned);
            }
        }
    }
    println!(
        "by hand: {compared} paths compared, {owned} owned; {tested} by a test, {unread} not read"
    );
    assert!(owned * 20 > compared, "hardly anything matches");
    assert!(unread < cases() / 2, "{unread} are not read");
}

/// Paths that lines may match: the literal start of each expression, and something behind it.
fn paths_near(file: &str, random: &mut Random) -> Vec<String> {
    let mut paths = Vec::new();
    for line in file.lines() {
        let word = line.split_whitespace().next().unwrap_or_default();
        let plain = word
            .replace("\\\\", "")
            .replace(".*", random.pick(&["", "x", "_y.c", "/z.h"]));
        let plain = plain
            .replace("[^/]+", "m")
            .replace("[^/]*", "n")
            .replace(['^', '$', '?', '*'], "");
        let plain: String = match (plain.find('('), plain.find(')')) {
            (Some(open), Some(close)) => {
                let choices: Vec<&str> = plain[open + 1..close].split('|').collect();
                format!(
                    "{}{}{}",
                    &plain[..open],
                    random.pick(&choices),
                    &plain[close + 1..]
                )
            }
            _ => plain,
        };
        paths.extend([
            plain.clone(),
            format!("{plain}/q"),
            format!("other/{plain}"),
        ]);
    }
    paths.retain(|path| path.split('/').all(|name| !name.is_empty()));
    paths.sort();
    paths.dedup();
    // A name is a file or a directory, never both.
    let all = paths.clone();
    paths.retain(|path| {
        !all.iter()
            .any(|other| other.starts_with(&format!("{path}/")))
    });
    paths
}

/// Files of real projects: read as Go reads them; and what `init` and `gen` make of them means the same.
#[test]
fn real_files() {
    let Some(mut go) = Go::start() else {
        return;
    };
    for (name, forge, file) in [
        (
            "a media framework",
            Forge::FORGEJO,
            include_str!("conformance/forgejo-media.txt"),
        ),
        (
            "an operating system",
            Forge::GITEA,
            include_str!("conformance/gitea-system.txt"),
        ),
        (
            "a 3D suite",
            Forge::GITEA,
            include_str!("conformance/gitea-suite.txt"),
        ),
    ] {
        let paths = paths_near(file, &mut Random::new(7));
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let expected = go.owners(forge, file, &paths);
        let found = read(file, forge);
        assert!(
            !found.faults.iter().any(|fault| fault.is_unread),
            "{:?}",
            found.faults
        );
        for (path, expected) in paths.iter().zip(&expected) {
            let owners = found.owners(path.as_bytes()).into_iter();
            let owners: Vec<String> = owners
                .map(|line| {
                    line.iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join(" ")
                })
                .collect();
            assert_eq!(owners, *expected, "{name}: {path}");
        }
        // What only a regular expression can say stands in no owners.toml.
        let is_expressible = |line: &&str| {
            let file = read(line, forge);
            file.entries.iter().all(|entry| entry.test.is_none())
        };
        let plain: String = file.split_inclusive('\n').filter(is_expressible).collect();
        let left_out = file.lines().count() - plain.lines().count();
        let set: PathSet = paths.iter().collect();
        let options = ImportOptions {
            forge,
            output: None,
            fold: true,
            full_names: false,
            paths: &set,
            exempt_unowned: false,
        };
        // Of the whole file, only what matches no path is left out.
        for text in [file, &plain] {
            let imported = import(text, options).unwrap_or_else(|error| panic!("{name}: {error}"));
            let expected = go.owners(forge, text, &paths);
            let again = go.owners(forge, &imported.rendered.text, &paths);
            for ((path, expected), again) in paths.iter().zip(expected).zip(again) {
                let text = &imported.text;
                assert_eq!(union(&again), union(&expected), "{name}: {path}\n{text}");
            }
        }
        println!(
            "{name}: {} lines, {left_out} only expressions, {} paths",
            file.lines().count(),
            paths.len()
        );
    }
}
