//! The reader of GitLab's files against Ruby, whose `File.fnmatch?` is what GitLab matches with.
//!
//! Without Ruby there is nothing to compare with, and a note says so. `RUBY_CASES` asks
//! for more files than the few thousand of a usual run; a file has about a dozen paths.

mod support;

use owners::Forge;
use owners::Owner;
use owners::codeowners::read;

use support::random::Random;
use support::ruby::Ruby;

/// Characters of names, those with a meaning in a class among them.
const CHARACTERS: &[&str] = &[
    "a", "b", "c", "-", "!", "^", "]", "[", "é", "ê", "\\", ".", "0", "日",
];

/// A class of any kind: negated, with ranges both ways, a slash, escapes, a `]` first, none at the end.
fn class(random: &mut Random) -> String {
    let mut class = String::from("[");
    class += random.pick(&["", "", "", "!", "^"]);
    for _ in 0..random.below(4) {
        match random.below(8) {
            0..=2 => class += random.pick(CHARACTERS),
            3 | 4 => {
                let ends = [random.pick(CHARACTERS), random.pick(CHARACTERS)];
                class += &ends.join("-");
            }
            5 => class += "/",
            6 => {
                class += "\\";
                class += random.pick(CHARACTERS);
            }
            _ => class += random.pick(&["-", "\\]", "\\\\", "a-\\]", "\\ ", "!", "a-c", "c-a"]),
        }
    }
    class += random.pick(&["]", "]", "]", "]", "]", ""]);
    class
}

/// A pattern, and a path made for it, which it may match.
fn pattern(random: &mut Random) -> (String, String) {
    let (mut pattern, mut path) = (String::new(), String::new());
    pattern += random.pick(&["/", "", "**/", "/**/"]);
    for _ in 0..1 + random.below(6) {
        match random.below(16) {
            0..=3 => {
                let character = random.pick(&["a", "b", "c", "é", "-", ".", "日", "#", "!"]);
                pattern += character;
                path += character;
            }
            4..=8 => {
                pattern += &class(random);
                path += random.pick(CHARACTERS);
            }
            9 => {
                pattern += random.pick(&["*", "**", "***"]);
                path += random.pick(&["", "a", "é]"]);
            }
            10 => {
                pattern += "?";
                path += random.pick(CHARACTERS);
            }
            11 | 12 => {
                pattern += random.pick(&["/", "/", "/", "/**/", "\\/", "//"]);
                path += random.pick(&["/", "/", "/a/"]);
            }
            13 => {
                let character = random.pick(CHARACTERS);
                pattern += "\\";
                pattern += character;
                path += character;
            }
            14 => {
                pattern += "\\ ";
                path += " ";
            }
            _ => {
                let character = random.pick(&["]", "{", "}", ",", "^", "["]);
                pattern += character;
                path += character;
            }
        }
    }
    pattern += random.pick(&["", "", "", "/", "\\"]);
    (pattern, path)
}

/// Paths near to `path`.
fn paths(random: &mut Random, path: &str, count: usize) -> Vec<String> {
    let mut paths = vec![path.to_string(), format!("a/{path}"), format!("{path}/b")];
    while paths.len() < count {
        let mut characters: Vec<&str> = path.split("").collect();
        for _ in 0..1 + random.below(2) {
            let at = random.below(characters.len());
            characters[at] = match random.below(8) {
                0 => "",
                1 => "/",
                _ => random.pick(CHARACTERS),
            };
        }
        paths.push(characters.concat());
    }
    // What no tree has.
    let is_path = |path: &String| !path.is_empty() && path.split('/').all(|name| !name.is_empty());
    paths.retain(is_path);
    paths
}

/// What Ruby says of each path of each file.
fn by_ruby(cases: &[(String, Vec<String>)]) -> Option<Vec<Vec<String>>> {
    let mut ruby = Ruby::start()?;
    let answers = cases.iter().map(|(text, paths)| {
        let paths: Vec<&[u8]> = paths.iter().map(String::as_bytes).collect();
        let answers = ruby.owners(text, &paths).into_iter();
        let owners = answers.map(|sections| sections.expect("a path in UTF-8").concat());
        owners.map(|owners| owners.join(" ")).collect()
    });
    Some(answers.collect())
}

/// Reads each file, and compares the owners of its paths with what Ruby says.
#[expect(clippy::print_stdout, reason = "`--nocapture` shows it")]
fn compare(what: &str, cases: &[(String, Vec<String>)]) {
    let Some(expected) = by_ruby(cases) else {
        return;
    };
    assert_eq!(expected.len(), cases.len());
    let (mut compared, mut owned) = (0, 0);
    for ((text, paths), expected) in cases.iter().zip(&expected) {
        let file = read(text, Forge::GITLAB);
        let matcher = file.matcher();
        let mut walk = matcher.walk();
        for (path, expected) in paths.iter().zip(expected) {
            let owners = matcher.owners(&mut walk, path.as_bytes()).concat();
            let found: Vec<&str> = owners.iter().map(Owner::as_str).collect();
            assert_eq!(found.join(" "), *expected, "`{path}` by\n{text}");
            compared += 1;
            owned += usize::from(!expected.is_empty());
        }
    }
    println!("{what}: {compared} paths compared, {owned} of them owned");
    assert!(owned * 20 > compared, "hardly anything matches");
}

fn cases() -> usize {
    let asked = std::env::var("RUBY_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(4000)
}

/// The table of what GitLab matches, row by row.
#[test]
fn conformance() {
    let rows: Vec<Vec<&str>> = include_str!("conformance/gitlab.tsv")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|row| row.split('\t').collect())
        .collect();
    let cases: Vec<(String, Vec<String>)> = rows
        .iter()
        .map(|row| (format!("{} @x\n", row[0]), vec![row[1].to_string()]))
        .collect();
    let Some(answers) = by_ruby(&cases) else {
        return;
    };
    for (row, answer) in rows.iter().zip(answers) {
        assert_eq!(answer == ["@x"], row[2] == "yes", "{row:?}");
    }
}

#[test]
fn patterns() {
    let mut all = Vec::new();
    for seed in 0..cases() as u64 {
        let mut random = Random::new(seed);
        let (pattern, path) = pattern(&mut random);
        let paths = paths(&mut random, &path, 12);
        // What would be taken for something else at the start of a line.
        let before = if pattern.starts_with(['[', '#', '!', '^']) {
            "/"
        } else {
            ""
        };
        if !paths.is_empty() {
            all.push((format!("{before}{pattern} @x\n"), paths));
        }
    }
    compare("patterns", &all);
}

#[test]
fn files() {
    let lines = [
        "[A] @a",
        "[a]",
        "[A][2] @b @c",
        "^[B] @b",
        "[]",
        "[codeowners] @d",
        "[CodeOwners]",
        "[É] @e",
        "[é]",
        "[A] @a, @b",
        "# a @b",
        "  ",
        "/a",
        "a",
        "!a",
        "!/b/",
        "/b/",
        "b/ @b",
        "* @all",
        "!*",
        "/ @r",
        "/a/ user",
        "\t/b/\t@b",
        "/c\\  @c",
        "\\#a @h",
    ];
    let mut all = Vec::new();
    for seed in 0..cases() as u64 / 2 {
        let mut random = Random::new(seed + (1 << 40));
        let mut text = String::new();
        let mut made = vec![
            "a".to_string(),
            "b/a".into(),
            "b/é/c".into(),
            "c ".into(),
            "#a".into(),
        ];
        for _ in 0..1 + random.below(9) {
            if random.below(2) == 0 {
                text += random.pick(&lines);
            } else {
                let (pattern, path) = pattern(&mut random);
                text += random.pick(&["", "", "", "!"]);
                text += &pattern;
                text += random.pick(&[" @x", " @y @z", "", " no", " @x @x"]);
                made.extend(paths(&mut random, &path, 4));
            }
            text.push('\n');
        }
        all.push((text, made));
    }
    compare("files", &all);
}

/// What the sections of a file demand: the rows of the table, asked again.
#[test]
fn the_table_of_sections() {
    let Some(mut ruby) = Ruby::start() else {
        return;
    };
    let table = include_str!("conformance/sections.tsv").lines();
    for row in table.filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        let [content, path, expected, _] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not a row: {row}");
        };
        let answers = ruby.approvals(&content.replace("\\n", "\n"), &[path.as_bytes()]);
        let sections = answers[0].clone().expect("a path in UTF-8").into_iter();
        let shown = sections.map(|(heading, owners)| {
            let heading = heading
                .strip_prefix("[codeowners]")
                .unwrap_or(&heading)
                .to_string();
            format!("{heading} {owners}")
        });
        let found = shown.collect::<Vec<_>>().join(" | ");
        assert_eq!(found, expected.trim_start_matches('-'), "{row}");
    }
}
