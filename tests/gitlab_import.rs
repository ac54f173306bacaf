//! Random files of GitLab through `init`: it takes each of them, and what it generates gives every
//! tracked path the owners that the file gave it.
//!
//! `GITLAB_FILES` asks for more than the few hundred of a usual run. What is refused is counted by
//! reason.

mod support;

use std::collections::BTreeMap;

use owners::Forge;
use owners::PathSet;
use owners::import::{ImportOptions, import};

use support::models::gitlab::GitlabFile;
use support::random::Random;
use support::ruby::Ruby;

/// A file with lines of every kind that fight each other: names that are directories as well,
/// exclusions, lines without owners, repeated patterns, classes.
fn file(random: &mut Random) -> String {
    const COMMON: &[&str] = &[
        "* @all",
        "/docs/ @d",
        "*.rb @r",
        "/lib/ @l",
        "!*.md",
        "!/docs/",
    ];
    const SEGMENTS: &[&str] = &[
        "a", "b", "ab", "docs", "lib", "x.rb", "y.md", "*", "*.rb", "*.md", "a*", "*b", "?",
        "[ab]", "**",
    ];
    const OWNERS: &[&str] = &[
        "@a", "@b", "@c @d", "@g/h", "@a", "@b", "@a", "@b", "@c", "",
    ];
    let mut text = String::new();
    for _ in 0..1 + random.below(10) {
        if random.below(3) == 0 {
            text += random.pick(COMMON);
        } else {
            let count = 1 + random.below(3);
            let segments: Vec<&str> = (0..count).map(|_| random.pick(SEGMENTS)).collect();
            if random.below(8) == 0 {
                text.push('!');
            }
            // A line that starts with a bracket is a section.
            if random.below(2) == 0 || segments[0].starts_with('[') {
                text.push('/');
            }
            text += &segments.join("/");
            text += random.pick(&["", "", "/"]);
            text.push(' ');
            text += random.pick(OWNERS);
        }
        text.push('\n');
    }
    text
}

/// Paths in directories that have the names of files, as a name is either.
fn tree(random: &mut Random) -> Vec<String> {
    const NAMES: &[&str] = &["a", "b", "ab", "docs", "lib", "x.rb", "y.md", "c"];
    let is_below = |path: &str, other: &str| {
        let below = path.strip_prefix(other);
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut paths: Vec<String> = Vec::new();
    for _ in 0..3 + random.below(25) {
        let depth = 1 + random.below(4);
        let names: Vec<&str> = (0..depth).map(|_| random.pick(NAMES)).collect();
        let path = names.join("/");
        let mut others = paths.iter();
        if !others.any(|other| is_below(&path, other) || is_below(other, &path)) {
            paths.push(path);
        }
    }
    paths
}

#[test]
fn every_file_is_taken() {
    let asked = std::env::var("GITLAB_FILES").ok();
    let files = asked.and_then(|files| files.parse().ok()).unwrap_or(120);
    let mut refused: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for seed in 0..files {
        let mut random = Random::new(seed);
        let (text, tree) = (file(&mut random), tree(&mut random));
        let paths: PathSet = tree.iter().collect();
        let options = ImportOptions {
            forge: Forge::GITLAB,
            output: None,
            fold: true,
            full_names: false,
            paths: &paths,
            exempt_unowned: false,
        };
        match import(&text, options) {
            Ok(imported) => {
                assert_eq!(imported.departure, None);
                let generated = imported.rendered.text;
                let (before, after) = (GitlabFile::new(&text), GitlabFile::new(&generated));
                for path in &tree {
                    let (before, after) = (before.owners(path), after.owners(path));
                    assert_eq!(before, after, "{path} by\n{text}\nand by\n{generated}");
                }
            }
            Err(error) => {
                let reason = error.to_string();
                // Without the places and patterns in it.
                let unquoted: Vec<&str> = reason.split('`').step_by(2).collect();
                let reason = unquoted.join("…").replace(|c: char| c.is_ascii_digit(), "");
                let known = refused.entry(reason).or_default();
                *known = (known.0 + 1, format!("{text}with {tree:?}: {error}"));
            }
        }
    }
    for (reason, (count, example)) in &refused {
        println!("{count}: {reason}\n{example}\n");
    }
    let count: usize = refused.values().map(|(count, _)| count).sum();
    println!("{count} of {files} files refused");
    assert_eq!(count, 0);
}

/// A file with sections: some that are opened again, some that ask for more approvals or none.
fn file_with_sections(random: &mut Random) -> String {
    const HEADINGS: &[&str] = &[
        "[A] @s",
        "[A]",
        "[a] @t @u",
        "[B] @s",
        "[B][2] @s",
        "^[B]",
        "^[C] @v",
        "[C]",
        "[D][3]",
        "[] @w",
        "[E] @a, @b",
        "[codeowners] @x",
        "^[F][2] @y",
    ];
    let mut text = String::new();
    for _ in 0..1 + random.below(4) {
        if random.chance(80) {
            text += random.pick(HEADINGS);
            text.push('\n');
        }
        text += &file(random);
    }
    text
}

/// What each path needs by Ruby: of each section, how many must approve, and who. Without the names:
/// sections that add nothing up become one.
fn needed(ruby: &mut Ruby, text: &str, paths: &[&[u8]]) -> Vec<Vec<String>> {
    let of_path = |sections: Option<Vec<(String, String)>>| {
        let sections = sections.expect("a path in UTF-8").into_iter();
        let mut all: Vec<String> = sections
            .map(|(heading, owners)| {
                let (_, count) = heading.rsplit_once("][").expect("a heading");
                match heading.starts_with('^') {
                    true => format!("optional {owners}"),
                    false => format!("[{count} {owners}"),
                }
            })
            .collect();
        all.sort_unstable();
        all
    };
    ruby.approvals(text, paths)
        .into_iter()
        .map(of_path)
        .collect()
}

/// Every file is taken, and what is generated demands the same of every tracked path.
#[test]
fn every_file_with_sections_is_taken() {
    let asked = std::env::var("GITLAB_FILES").ok();
    let files = asked.and_then(|files| files.parse().ok()).unwrap_or(120);
    let Some(mut ruby) = Ruby::start() else {
        return;
    };
    let (mut refused, mut approvals, mut compared) = (Vec::new(), 0, 0);
    for seed in 0..files {
        let mut random = Random::new(1_000_000 + seed);
        let (text, tree) = (file_with_sections(&mut random), tree(&mut random));
        let paths: PathSet = tree.iter().collect();
        let options = ImportOptions {
            forge: Forge::GITLAB,
            output: None,
            fold: true,
            full_names: false,
            paths: &paths,
            exempt_unowned: false,
        };
        let imported = match import(&text, options) {
            Ok(imported) => imported,
            Err(error) => {
                refused.push(format!("{error}:\n{text}with {tree:?}"));
                continue;
            }
        };
        assert_eq!(imported.departure, None);
        approvals += imported.approvals;
        let generated = imported.rendered.text;
        let bytes: Vec<&[u8]> = tree.iter().map(String::as_bytes).collect();
        let before = needed(&mut ruby, &text, &bytes);
        let after = needed(&mut ruby, &generated, &bytes);
        for ((path, before), after) in tree.iter().zip(before).zip(after) {
            assert_eq!(before, after, "{path} by\n{text}\nand by\n{generated}");
            compared += 1;
        }
    }
    println!("{files} files, {approvals} approvals, {compared} paths compared");
    for refused in &refused {
        println!("{refused}\n");
    }
    assert_eq!(refused.len(), 0, "so many of {files} files are refused");
}

/// Negated classes become exceptions, or the file is refused with the line. Nothing else happens to it.
#[test]
fn negated_classes() {
    const NEGATED: &[&str] = &[
        "[!ab]", "[!d]*", "*[^b]", "a[!b]", "[!.]*.rb", "[!x].rb", "*[!a]*",
    ];
    const OTHERS: &[&str] = &[
        "* @all",
        "/docs/ @d",
        "*.md @m",
        "/lib/a @l",
        "!/docs/",
        "b @b",
    ];
    let asked = std::env::var("GITLAB_FILES").ok();
    let files: u64 = asked.and_then(|files| files.parse().ok()).unwrap_or(120);
    let Some(mut ruby) = Ruby::start() else {
        return;
    };
    let mut taken = 0;
    for seed in 0..files {
        let mut random = Random::new(2_000_000 + seed);
        let mut text = String::new();
        for _ in 0..random.below(3) {
            text += &format!("{}\n", random.pick(OTHERS));
        }
        let (before, after) = (
            random.pick(&["/", "/lib/", "/**/", "/a/**/"]),
            random.pick(&["", "/"]),
        );
        text += &format!("{before}{}{after} @negated\n", random.pick(NEGATED));
        for _ in 0..random.below(2) {
            text += &format!("{}\n", random.pick(OTHERS));
        }
        let tree = tree(&mut random);
        let paths: PathSet = tree.iter().collect();
        let options = ImportOptions {
            forge: Forge::GITLAB,
            output: None,
            fold: true,
            full_names: false,
            paths: &paths,
            exempt_unowned: false,
        };
        match import(&text, options) {
            Ok(imported) => {
                taken += 1;
                let bytes: Vec<&[u8]> = tree.iter().map(String::as_bytes).collect();
                let before = needed(&mut ruby, &text, &bytes);
                let after = needed(&mut ruby, &imported.rendered.text, &bytes);
                assert_eq!(before, after, "{text}\nand\n{}", imported.rendered.text);
            }
            Err(error) => {
                let error = error.to_string();
                assert!(
                    error.contains("any character except these"),
                    "{error} of\n{text}"
                );
            }
        }
    }
    println!("{taken} of {files} files with a negated class are taken");
    assert!(taken * 3 > files, "only {taken}");
}

/// Real files and the paths of their repositories, in the directory that `GITLAB_REAL` names: `x.owners`
/// and `x.paths`, a path a line.
#[test]
fn real_files() {
    let Some(directory) = std::env::var_os("GITLAB_REAL") else {
        return;
    };
    let mut ruby = Ruby::start().expect("Ruby");
    let mut names: Vec<_> = std::fs::read_dir(directory)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "owners"))
        .collect();
    names.sort();
    for name in names {
        let text = std::fs::read_to_string(&name).expect("UTF-8");
        let listed = std::fs::read_to_string(name.with_extension("paths")).expect("UTF-8");
        let paths: PathSet = listed.lines().collect();
        let options = ImportOptions {
            forge: Forge::GITLAB,
            output: None,
            fold: true,
            full_names: false,
            paths: &paths,
            exempt_unowned: false,
        };
        let start = std::time::Instant::now();
        let imported = import(&text, options).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        let time = start.elapsed();
        assert_eq!(imported.departure, None);
        let bytes: Vec<&[u8]> = listed.lines().map(str::as_bytes).collect();
        let before = needed(&mut ruby, &text, &bytes);
        let after = needed(&mut ruby, &imported.rendered.text, &bytes);
        let mut differences = 0;
        for ((path, before), after) in bytes.iter().zip(&before).zip(&after) {
            differences += usize::from(before != after);
            assert_eq!(before, after, "{:?}", String::from_utf8_lossy(path));
        }
        let name = name.file_stem().unwrap_or_default().to_string_lossy();
        println!(
            "{name}: {} lines, {} rules, {} approvals, {} paths, {differences} differences, {time:?}",
            text.lines().count(),
            imported.rules,
            imported.approvals,
            bytes.len()
        );
    }
}
