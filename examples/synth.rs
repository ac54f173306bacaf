//! Makes a repository of any size to measure on: an index, a configuration and its output, and
//! no files besides.
//!
//! ```text
//! cargo run --release --example synth -- DIRECTORY FILES RULES [SEED]
//! ```
//!
//! The same arguments make the same repository. There are about 17 files to a directory, in trees
//! up to eight deep, names recur as they do in real trees, and the rules are of the kinds that real
//! files have: 70 of 100 take a directory, 10 an extension below one, 10 every directory of a
//! name, 5 a single file, 5 have a wildcard within a segment. One in two hundred has no owner, and a
//! first rule owns what no other does.
//! `DIRECTORY.paths` lists the files, one a line, for `owners who --stdin`.

#![expect(clippy::print_stdout, reason = "a word for a person")]

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

const SYLLABLES: [&str; 24] = [
    "ba", "be", "bo", "ca", "ce", "da", "di", "fe", "ga", "go", "ha", "ka", "le", "li", "ma", "mo",
    "ne", "pa", "ri", "so", "ta", "te", "vo", "zu",
];
const COMMON: [&str; 16] = [
    "src", "test", "docs", "internal", "pkg", "lib", "utils", "api", "core", "config", "server",
    "client", "models", "views", "services", "types",
];
const EXTENSIONS: [&str; 12] = [
    "ts", "py", "go", "java", "rs", "tsx", "json", "md", "yaml", "proto", "css", "sh",
];
const TEAMS: usize = 300;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize| -> Result<Option<usize>> {
        let text = arguments.get(index);
        text.map(|text| {
            text.parse()
                .with_context(|| format!("`{text}` is no number"))
        })
        .transpose()
    };
    let (Some(directory), Some(files), Some(rules)) = (arguments.first(), number(1)?, number(2)?)
    else {
        anyhow::bail!("usage: synth DIRECTORY FILES RULES [SEED]");
    };
    let mut random = Random(number(3)?.unwrap_or(1) as u64);
    let words = words(&mut random);
    let directories = directories(&mut random, &words, (files / 17).max(40));
    let files = self::files(&mut random, &words, &directories, files);
    let config = config(&mut random, &words, &directories, &files, rules);
    write(Path::new(directory), &files, &config)
}

/// A small generator whose numbers will never change (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    /// One of the first more often than one of the last, as names recur in real trees.
    fn pick_early<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        let unit = self.below(1 << 20) as f64 / f64::from(1 << 20);
        &from[(unit.powi(3) * from.len() as f64) as usize]
    }
}

fn words(random: &mut Random) -> Vec<String> {
    let mut words: Vec<String> = COMMON.map(String::from).to_vec();
    let mut seen: HashSet<String> = words.iter().cloned().collect();
    while words.len() < 4000 {
        let syllables = 2 + random.below(3);
        let word: String = (0..syllables).map(|_| *random.pick(&SYLLABLES)).collect();
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

fn directories(random: &mut Random, words: &[String], count: usize) -> Vec<String> {
    let mut directories: Vec<String> = Vec::with_capacity(count);
    let mut seen = HashSet::new();
    while directories.len() < count {
        let mut path = String::new();
        if directories.len() >= 40 {
            let parent = random.pick(&directories);
            if depth(parent) == 8 {
                continue;
            }
            path = format!("{parent}/");
        }
        let name: &String = random.pick_early(words);
        path += name;
        if seen.contains(&path) {
            let _ = write!(path, "_{}", random.below(1000));
        }
        if seen.insert(path.clone()) {
            directories.push(path);
        }
    }
    directories
}

fn depth(directory: &str) -> usize {
    directory.split('/').count()
}

fn files(
    random: &mut Random,
    words: &[String],
    directories: &[String],
    count: usize,
) -> Vec<String> {
    let mut files: HashSet<String> = ["README.md", "Makefile", ".gitignore", "owners.toml"]
        .map(String::from)
        .into();
    files.insert(".github/CODEOWNERS".to_string());
    while files.len() < count {
        let directory = random.pick_early(directories);
        let name = match random.below(3) {
            0 => random.pick(words).clone(),
            1 => format!("{}_test", random.pick(words)),
            _ => format!("{}_{}", random.pick(words), random.pick(words)),
        };
        let extension = random.pick_early(&EXTENSIONS);
        files.insert(format!("{directory}/{name}.{extension}"));
    }
    let mut files: Vec<String> = files.into_iter().collect();
    files.sort_unstable();
    files
}

fn config(
    random: &mut Random,
    words: &[String],
    directories: &[String],
    files: &[String],
    rules: usize,
) -> String {
    let mut config = String::from("[groups]\n");
    for team in &words[words.len() - TEAMS..] {
        let _ = writeln!(config, "team-{team} = \"@acme/team-{team}\"");
    }
    // Without a rule for everything, `check` would spend its time on reporting paths without one.
    let _ = writeln!(
        config,
        "\n[paths]\n\"*\" = \"team-{}\"",
        words[words.len() - 1]
    );
    let inner: Vec<&String> = (directories.iter())
        .filter(|directory| (2..=6).contains(&depth(directory)))
        .collect();
    let mut seen = HashSet::new();
    // A small tree has not so many different patterns.
    for _ in 0..rules * 20 {
        if seen.len() + 1 >= rules {
            break;
        }
        let directory = random.pick(&inner).as_str();
        let pattern = match random.below(100) {
            0..70 => format!("/{directory}/"),
            70..77 => format!("/{directory}/*.{}", random.pick(&EXTENSIONS)),
            77..80 => format!("/{directory}/**/*.{}", random.pick(&EXTENSIONS)),
            // The rarer names: the rules are not to own everything.
            80..90 => format!("**/{}/", random.pick(&words[words.len() / 2..])),
            90..95 => format!("/{}", random.pick(files)),
            95..97 => format!("/{directory}/*_test.{}", random.pick(&EXTENSIONS)),
            _ => {
                let (outer, name) = directory.split_once('/').unwrap_or(("", directory));
                format!("/{outer}/{}*/", &name[..name.len().min(3)])
            }
        };
        if pattern.contains("/*/") || pattern.contains("//") || !seen.insert(pattern.clone()) {
            continue;
        }
        let owners: Vec<String> = (0..if random.one_in(200) {
            0
        } else {
            1 + random.below(10) / 8
        })
            .map(|_| format!("\"team-{}\"", random.pick(&words[words.len() - TEAMS..])))
            .collect();
        let _ = writeln!(config, "\"{pattern}\" = [{}]", owners.join(", "));
    }
    config
}

fn write(directory: &Path, files: &[String], config: &str) -> Result<()> {
    fs::create_dir_all(directory)?;
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(directory).args(arguments);
        command
    };
    ensure!(git(&["init", "-q"]).status()?.success(), "git failed");
    let _ = fs::remove_file(directory.join(".git/index"));
    let mut update = git(&["update-index", "-z", "--index-info"]);
    let mut update = update.stdin(Stdio::piped()).spawn()?;
    let mut records = String::new();
    for file in files {
        // The name of the empty blob; nothing that is measured reads it.
        let _ = write!(
            records,
            "100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\t{file}\0"
        );
    }
    let mut input = update.stdin.take().context("no standard input")?;
    input.write_all(records.as_bytes())?;
    drop(input);
    ensure!(update.wait()?.success(), "git update-index failed");

    fs::write(directory.join("owners.toml"), config)?;
    let project = owners::Project::load("owners.toml", config.into())?;
    let output = &project.config.outputs[0];
    let rendered = project.render(output);
    let rendered = rendered.map_err(|_| anyhow::anyhow!("a pattern cannot be written"))?;
    let file = directory.join(&output.file);
    fs::create_dir_all(file.parent().context("the output has no directory")?)?;
    fs::write(file, &*rendered.text)?;
    let mut name = directory.as_os_str().to_owned();
    name.push(".paths");
    fs::write(name, files.join("\n") + "\n")?;
    println!(
        "{}: {} files, {} lines of rules",
        directory.display(),
        files.len(),
        project.rules.lines().len()
    );
    Ok(())
}
