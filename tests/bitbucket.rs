//! Files for Bitbucket Cloud mean the same to git and to GitHub's rules.
//!
//! Random rules are written for Bitbucket. Three readers must agree on the owners of every path: the rules
//! themselves, in a dozen lines of loops; the file by a model of GitHub's rules; and the file by git, which
//! is asked for each pattern what it ignores. None of them shares code with the library.
//! `BITBUCKET_CASES` asks for more files than a usual run.

mod support;

use std::collections::HashMap;
use std::fmt::Write as _;

use owners::{Forge, Project};

use support::models::github::GithubModel;
use support::random::Random;
use support::{Sandbox, git_output};

/// How many files are written between two questions to git.
const CHUNK: usize = 250;

fn cases() -> usize {
    let asked = std::env::var("BITBUCKET_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(300)
}

/// Which of the paths a pattern matches.
type Hits = Vec<bool>;

/// The paths: all of up to three names, and some deeper ones.
fn paths() -> Vec<String> {
    let names = ["a", "b", "ab", "axb", "a b", "#a", "[a]", "x.rs"];
    let mut paths: Vec<String> = names.iter().map(ToString::to_string).collect();
    for outer in names {
        for inner in ["a", "b", "ab", "a b"] {
            paths.push(format!("{outer}/{inner}"));
            for last in ["a", "b", "x.rs"] {
                paths.push(format!("{outer}/{inner}/{last}"));
                paths.push(format!("{outer}/{inner}/b/{last}"));
            }
            paths.push(format!("{outer}/{inner}/a/b/a/{outer}"));
        }
    }
    paths
}

/// What git matches, by the text of a pattern.
struct Git {
    sandbox: Sandbox,
    known: HashMap<String, Hits>,
}

impl Git {
    fn new() -> Self {
        Git {
            sandbox: Sandbox::repo([]),
            known: HashMap::new(),
        }
    }

    /// Asks about these patterns: each is the `.gitignore` of a directory of its own.
    fn ask<'t>(&mut self, texts: impl IntoIterator<Item = &'t String>, paths: &[String]) {
        let mut asked: Vec<String> = Vec::new();
        let mut input = String::new();
        for text in texts {
            if self.known.contains_key(text) {
                continue;
            }
            self.known.insert(text.clone(), vec![false; paths.len()]);
            let directory = format!("p{}", self.known.len());
            self.sandbox
                .write(format!("{directory}/.gitignore"), format!("{text}\n"));
            for path in paths {
                let _ = write!(input, "{directory}/{path}\0");
            }
            asked.push(text.clone());
        }
        if asked.is_empty() {
            return;
        }
        let mut command = self.sandbox.command("git");
        // Otherwise it writes after each path.
        command.env("GIT_FLUSH", "0");
        command.args(["check-ignore", "--no-index", "-z", "-v", "-n", "--stdin"]);
        let said = git_output(command, input.into_bytes());
        // The file, the line, the pattern, the path. The first three are empty where nothing matches.
        let fields: Vec<&str> = said.split_terminator('\0').collect();
        assert_eq!(fields.len(), 4 * asked.len() * paths.len());
        for (text, said) in asked.iter().zip(fields.chunks(4 * paths.len())) {
            let hits = said.chunks(4).map(|each| !each[0].is_empty()).collect();
            self.known.insert(text.clone(), hits);
        }
    }
}

/// A rule of `owners.toml`.
struct Rule {
    pattern: String,
    owners: Vec<&'static str>,
    adds: bool,
    except: Vec<String>,
}

fn pattern(random: &mut Random) -> String {
    const SEGMENTS: [&str; 13] = [
        "a", "b", "ab", "*", "*", "a*", "?", "*b", "**", "a b", "#a", "[a]", "*.rs",
    ];
    loop {
        let count = 1 + random.below(3);
        let segments: Vec<&str> = (0..count).map(|_| random.pick(&SEGMENTS)).collect();
        let is_double = |two: &[&str]| two == ["**", "**"];
        let text = format!(
            "{}{}{}",
            random.pick(&["", "/", "/"]),
            segments.join("/"),
            random.pick(&["", "/"])
        );
        if !segments.windows(2).any(is_double) && !matches!(&*text, "**/" | "/**/") {
            return text;
        }
    }
}

fn rules(random: &mut Random) -> Vec<Rule> {
    const OWNERS: [&str; 5] = ["@a", "@b", "c@example.com", "@w/team", "@teams/x"];
    let mut rules: Vec<Rule> = Vec::new();
    if random.chance(90) {
        rules.push(Rule {
            pattern: "*".into(),
            owners: vec!["@base"],
            adds: false,
            except: Vec::new(),
        });
    }
    for _ in 0..1 + random.below(6) {
        let pattern = pattern(random);
        if rules.iter().any(|rule| rule.pattern == pattern) {
            continue;
        }
        let adds = random.chance(25);
        let owners = match random.below(20) {
            0 if !adds => Vec::new(),
            number if number < 5 => vec!["@a", "@b"],
            _ => vec![random.pick(&OWNERS)],
        };
        let count = if random.chance(30) { 1 } else { 0 };
        let except = (0..count).map(|_| self::pattern(random)).collect();
        rules.push(Rule {
            pattern,
            owners,
            adds,
            except,
        });
    }
    rules
}

fn toml(rules: &[Rule]) -> String {
    let mut toml = String::from("[output]\nplatform = \"bitbucket\"\n[paths]\n");
    for rule in rules {
        let key = ["owners", "add"][usize::from(rule.adds)];
        let _ = writeln!(
            toml,
            "{:?} = {{ {key} = {:?}, except = {:?} }}",
            rule.pattern, rule.owners, rule.except
        );
    }
    toml
}

/// What a pattern of the rules matches, with `?` for what the file cannot say.
fn hits_of<'k>(known: &'k mut HashMap<String, Hits>, pattern: &str, paths: &[String]) -> &'k Hits {
    known.entry(pattern.to_string()).or_insert_with(|| {
        let model = GithubModel::new(&pattern.replace([' ', '#', '[', ']'], "?"));
        paths.iter().map(|path| model.matches(path)).collect()
    })
}

/// The owners of each path, by the rules.
fn by_rules(
    rules: &[Rule],
    known: &mut HashMap<String, Hits>,
    paths: &[String],
) -> Vec<Vec<&'static str>> {
    let mut owners = vec![Vec::new(); paths.len()];
    for rule in rules {
        let mut hits = hits_of(known, &rule.pattern, paths).clone();
        for pattern in &rule.except {
            let excepted = hits_of(known, pattern, paths);
            for (hit, excepted) in hits.iter_mut().zip(excepted) {
                *hit &= !excepted;
            }
        }
        for (owners, _) in owners.iter_mut().zip(hits).filter(|(_, hit)| *hit) {
            if !rule.adds {
                owners.clear();
            }
            for owner in &rule.owners {
                if !owners.contains(owner) {
                    owners.push(*owner);
                }
            }
        }
    }
    owners
}

/// A line of a file: its pattern and its owners.
type Line = (String, Vec<String>);

fn lines(text: &str) -> Vec<Line> {
    let lines = text.lines().map(|line| line.split_whitespace());
    lines
        .filter_map(|mut words| {
            let pattern = words.next().filter(|word| !word.starts_with('#'))?;
            let owners = words.take_while(|word| !word.starts_with('#'));
            Some((pattern.to_string(), owners.map(String::from).collect()))
        })
        .collect()
}

/// The owners of each path, by the last line that matches.
fn by_lines<'l>(
    lines: &'l [Line],
    paths: usize,
    hits: &HashMap<String, Hits>,
) -> Vec<&'l [String]> {
    let mut owners: Vec<&[String]> = vec![&[]; paths];
    for (pattern, theirs) in lines {
        let own = owners.iter_mut().zip(&hits[pattern]);
        own.filter(|(_, hit)| **hit)
            .for_each(|(owners, _)| *owners = theirs);
    }
    owners
}

/// Why rules were refused. Nothing else is a reason.
fn reason(reasons: &[String]) -> &'static str {
    const KNOWN: [&str; 3] = ["no line for nobody", "may be in each other", "at any depth"];
    let is_known = |reason: &&str| reasons.iter().any(|said| said.contains(reason));
    let found = KNOWN.into_iter().find(is_known);
    assert!(
        reasons
            .iter()
            .all(|said| KNOWN.iter().any(|known| said.contains(known))),
        "{reasons:?}"
    );
    found.expect("a reason")
}

#[test]
fn both_readings_give_the_owners_of_the_rules() {
    let paths = paths();
    let mut random = Random::new(19);
    let (mut by_model, mut git) = (HashMap::new(), Git::new());
    let (mut written, mut refused): (usize, HashMap<&str, usize>) = (0, HashMap::new());
    let (mut compared, mut left) = (0, cases());
    while left > 0 {
        let mut files = Vec::new();
        for _ in 0..left.min(CHUNK) {
            let rules = rules(&mut random);
            let project = Project::from_text(&toml(&rules)).unwrap();
            match project.render(&Forge::BITBUCKET.into()) {
                Ok(rendered) => files.push((rules, rendered.text.to_string())),
                Err(inexact) => {
                    let reasons: Vec<String> = inexact.into_iter().map(|it| it.reason).collect();
                    *refused.entry(reason(&reasons)).or_default() += 1;
                }
            }
        }
        left -= left.min(CHUNK);
        let texts: Vec<String> = files
            .iter()
            .flat_map(|(_, text)| lines(text))
            .map(|(pattern, _)| pattern)
            .collect();
        git.ask(&texts, &paths);
        for (rules, text) in &files {
            let lines = lines(text);
            for (pattern, _) in &lines {
                hits_of(&mut by_model, pattern, &paths);
            }
            let expected = by_rules(rules, &mut by_model, &paths);
            let model = by_lines(&lines, paths.len(), &by_model);
            let git = by_lines(&lines, paths.len(), &git.known);
            for (index, path) in paths.iter().enumerate() {
                let shown = || format!("{path}\n{}\n{text}", toml(rules));
                assert_eq!(model[index], expected[index], "GitHub's rules: {}", shown());
                assert_eq!(git[index], expected[index], "git: {}", shown());
                compared += 2;
            }
            written += 1;
        }
    }
    let patterns = git.known.len();
    println!(
        "{written} files with {patterns} patterns: {compared} comparisons, 0 differences; refused: {refused:?}"
    );
    assert!(written * 2 > cases(), "most rules can be written");
}

/// The rows of the table that say that both readings agree.
#[test]
fn conformance() {
    let table = include_str!("conformance/bitbucket.tsv");
    let rows = table.lines().map(|row| row.split('\t').collect::<Vec<_>>());
    let rows: Vec<Vec<&str>> = rows.filter(|row| row.get(3) == Some(&"both")).collect();
    let paths: Vec<String> = rows.iter().map(|row| row[1].to_string()).collect();
    let texts: Vec<String> = rows.iter().map(|row| row[0].to_string()).collect();
    let mut git = Git::new();
    git.ask(&texts, &paths);
    for (index, row) in rows.iter().enumerate() {
        let (text, path, expected) = (row[0], row[1], row[2] == "yes");
        assert_eq!(git.known[text][index], expected, "git: {row:?}");
        assert_eq!(
            GithubModel::new(text).matches(path),
            expected,
            "GitHub's rules: {row:?}"
        );
    }
    assert!(rows.len() > 150, "the table has shrunk");
}

/// What the comparison can see: git and GitHub's rules differ on these texts, which are never written.
#[test]
fn git_and_githubs_rules_differ_elsewhere() {
    let paths = paths();
    let mut git = Git::new();
    let texts = ["/a/*", "/*", "a/**/", "***", "[a]"].map(String::from);
    git.ask(&texts, &paths);
    for text in &texts {
        let model = GithubModel::new(text);
        let hits: Hits = paths.iter().map(|path| model.matches(path)).collect();
        assert_ne!(git.known[text], hits, "{text}");
    }
}
