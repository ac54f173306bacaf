//! Random trees, rule sets and CODEOWNERS files. Equal seeds make equal ones.

use std::collections::BTreeMap;

use crate::model::{Config, Group, Model, Rule, RuleSet};
use crate::support::random::Random;

const PLAIN: [&[u8]; 10] = [
    b"a", b"b", b"ab", b"axb", b"src", b"docs", b"x.rs", b"x.md", b".a", b"b1",
];
const AWKWARD: [&[u8]; 36] = [
    b"a b",
    b"[a]",
    b"a]",
    b"#a",
    b"a#b",
    b"c#",
    b"{a}",
    b"a{b",
    b"<a>",
    b"!a",
    b"@a",
    b"\\",
    b"a\\b",
    b"a*b",
    b"a?",
    "\u{e9}".as_bytes(),
    "e\u{301}".as_bytes(),
    "\u{65e5}\u{672c}".as_bytes(),
    b"~",
    b"a,b",
    b"$x",
    b"-a",
    b" a",
    b"a ",
    b"a\tb",
    b"a\nb",
    b"...",
    b"..a",
    b"\"a\"",
    b"'a'",
    b"a|b",
    b"\xff",
    b"a\xe9",
    b"\xe2\x82",
    "\u{202e}x".as_bytes(),
    "\u{2060}".as_bytes(),
];

/// What kind of thing an entry of the index is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Executable,
    Symlink,
    Submodule,
}

/// The paths of a tree. No path is a directory of another.
pub(crate) type Tree = BTreeMap<Vec<u8>, Kind>;

/// Paths made from a few names, so that files are called as directories elsewhere are.
pub(crate) fn tree(random: &mut Random) -> Tree {
    let mut names: Vec<&[u8]> = Vec::new();
    for _ in 0..3 + random.below(4) {
        names.push(random.pick(&PLAIN));
        if random.chance(70) {
            names.push(random.pick(&AWKWARD));
        }
    }
    let mut tree = Tree::new();
    for _ in 0..15 + random.below(45) {
        let depth = 1 + random.below(4);
        let parts: Vec<&[u8]> = (0..depth).map(|_| random.pick(&names)).collect();
        let kind = match random.below(20) {
            0 => Kind::Executable,
            1 | 2 => Kind::Symlink,
            3 | 4 => Kind::Submodule,
            _ => Kind::File,
        };
        insert(&mut tree, parts.join(&b'/'), kind);
    }
    tree
}

/// Adds a path, unless it is a directory, or a file where this one needs a directory.
pub(crate) fn insert(tree: &mut Tree, path: Vec<u8>, kind: Kind) {
    let is_directory = tree.keys().any(|other| is_below(other, &path));
    let is_blocked = tree.keys().any(|other| is_below(&path, other));
    if !is_directory && !is_blocked {
        tree.insert(path, kind);
    }
}

fn is_below(path: &[u8], directory: &[u8]) -> bool {
    path.strip_prefix(directory)
        .is_some_and(|rest| rest.first() == Some(&b'/'))
}

/// All directories of a tree.
pub(crate) fn directories(tree: &Tree) -> Vec<Vec<u8>> {
    let mut directories: Vec<Vec<u8>> = Vec::new();
    for path in tree.keys() {
        let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        directories.extend(slashes.map(|(at, _)| path[..at].to_vec()));
    }
    directories.sort();
    directories.dedup();
    directories
}

/// Paths that are not in the tree and no directories of it: for `who`, which answers for them too.
pub(crate) fn strangers(random: &mut Random, tree: &Tree) -> Vec<Vec<u8>> {
    let tracked: Vec<&Vec<u8>> = tree.keys().collect();
    let directories = directories(tree);
    let mut strangers = Vec::new();
    for _ in 0..30 {
        let path = random.pick(&tracked);
        let mut parts: Vec<&[u8]> = path.split(|&byte| byte == b'/').collect();
        let at = random.below(parts.len());
        let names: &[&[u8]] = if random.chance(60) { &PLAIN } else { &AWKWARD };
        let other = random.pick(names);
        if random.chance(50) {
            parts[at] = other;
        } else {
            parts.insert(at, other);
        }
        let path = parts.join(&b'/');
        if !tree.contains_key(&path) && !directories.contains(&path) {
            strangers.push(path);
        }
    }
    strangers.sort();
    strangers.dedup();
    strangers
}

/// Owners that both forges take, some of them the same but for their case.
const OWNERS: [&str; 7] = [
    "@o1",
    "@o2",
    "@O1",
    "@org/team",
    "@o-3",
    "x@example.com",
    "@Org/Other",
];

/// Rules for a tree; `nested` says whether directories of it get an `owners.toml`, too.
pub(crate) fn rule_set(random: &mut Random, tree: &Tree, nested: bool) -> RuleSet {
    loop {
        let set = attempt(random, tree, nested);
        if Model::new(&set).is_some() {
            return set;
        }
    }
}

fn attempt(random: &mut Random, tree: &Tree, nested: bool) -> RuleSet {
    let forges = match random.below(10) {
        0 => vec!["github", "gitlab"],
        1..=5 => vec!["github"],
        _ => vec!["gitlab"],
    };
    let mut configs = vec![config(random, tree, "", &[])];
    let mut nested_except = Vec::new();
    if nested {
        let all = directories(tree);
        let mut chosen: Vec<String> = Vec::new();
        for _ in 0..random.below(4) {
            let Some(directory) = (!all.is_empty()).then(|| random.pick(&all)) else {
                break;
            };
            // TOML and messages are text; a directory that is none cannot be named in either.
            if let Ok(text) = String::from_utf8(directory.clone())
                && !chosen.contains(&text)
            {
                chosen.push(text);
            }
        }
        chosen.sort();
        for directory in chosen {
            let visible: Vec<Group> = configs
                .iter()
                .filter(|above| {
                    above.directory.is_empty()
                        || is_below(directory.as_bytes(), above.directory.as_bytes())
                })
                .flat_map(|above| above.groups.clone())
                .collect();
            configs.push(config(random, tree, &directory, &visible));
        }
        if random.chance(15) {
            nested_except.push(pattern(random, tree, ""));
        }
    }
    RuleSet {
        configs,
        nested_except,
        forges,
    }
}

fn config(random: &mut Random, tree: &Tree, directory: &str, visible: &[Group]) -> Config {
    let mut groups: Vec<Group> = Vec::new();
    for number in 0..random.below(4) {
        let known: Vec<&Group> = visible.iter().chain(&groups).collect();
        let mut members = vec![random.pick(&OWNERS).to_string()];
        if random.chance(40) {
            members.push(random.pick(&OWNERS).to_string());
        }
        if random.chance(30) && !known.is_empty() {
            members.push(random.pick(&known).name.clone());
        }
        // Names differ between all directories, which the documentation does not ask for.
        let place: usize = directory.bytes().map(usize::from).sum();
        groups.push(Group {
            name: format!("g{place}-{}-{number}", directory.len()),
            members,
            team: random.chance(25).then(|| "@org/stands-for-it".to_string()),
        });
    }
    let known: Vec<String> = visible
        .iter()
        .chain(&groups)
        .map(|group| group.name.clone())
        .collect();
    let mut rules: Vec<Rule> = Vec::new();
    for _ in 0..1 + random.below(if directory.is_empty() { 9 } else { 4 }) {
        let pattern = pattern(random, tree, directory);
        // TOML has each key once.
        if rules.iter().any(|rule| rule.pattern == pattern) {
            continue;
        }
        let except = match random.below(10) {
            0..=1 => vec![self::pattern(random, tree, directory)],
            2 => (0..2)
                .map(|_| self::pattern(random, tree, directory))
                .collect(),
            _ => Vec::new(),
        };
        let owners = owners(random, &known);
        rules.push(Rule {
            pattern,
            adds: !owners.is_empty() && random.chance(25),
            owners,
            except,
        });
    }
    let exempt = if random.chance(25) {
        vec![pattern(random, tree, directory)]
    } else {
        Vec::new()
    };
    Config {
        directory: directory.to_string(),
        groups,
        rules,
        exempt,
    }
}

fn owners(random: &mut Random, groups: &[String]) -> Vec<String> {
    if random.chance(15) {
        return Vec::new();
    }
    let mut owners = Vec::new();
    for _ in 0..1 + random.below(2) {
        let name = if !groups.is_empty() && random.chance(50) {
            random.pick(groups)
        } else {
            random.pick(&OWNERS).to_string()
        };
        owners.push(name);
    }
    owners
}

const GLOBS: [&str; 16] = [
    "*", "*", "a*", "*b", "?", "*a*", "?*", "a?b", "*.rs", "*.md", "a*b", "*b*a", "??", ".*", "[*",
    "*#*",
];

/// A pattern of `owners.toml`, most of them for something in the tree below `directory`.
pub(crate) fn pattern(random: &mut Random, tree: &Tree, directory: &str) -> String {
    if random.chance(5) {
        return random
            .pick(&[
                "*", "**", "/*", "/**", "*/", "/*/", "**/*", "/**/*/", "/*/*",
            ])
            .to_string();
    }
    let mut parts = parts(random, tree, directory);
    if random.chance(20) {
        let at = random.below(parts.len());
        parts[at] = alternatives(random, tree, directory, &parts[at].clone());
    }
    let before = if random.chance(50) { "/" } else { "" };
    let after = if random.chance(35) { "/" } else { "" };
    format!("{before}{}{after}", parts.join("/"))
}

/// The segments of a pattern.
fn parts(random: &mut Random, tree: &Tree, directory: &str) -> Vec<String> {
    let prefix = format!("{directory}/");
    let inside = tree.keys().filter_map(|path| {
        if directory.is_empty() {
            Some(&path[..])
        } else {
            path.strip_prefix(prefix.as_bytes())
        }
    });
    let inside: Vec<&[u8]> = inside.collect();
    let mut parts: Vec<String> = if inside.is_empty() || random.chance(15) {
        (0..1 + random.below(3)).map(|_| name(random)).collect()
    } else {
        let path = random.pick(&inside);
        let parts: Vec<&[u8]> = path.split(|&byte| byte == b'/').collect();
        let (start, end) = if random.chance(70) {
            (0, 1 + random.below(parts.len()))
        } else {
            let start = random.below(parts.len());
            (start, start + 1 + random.below(parts.len() - start))
        };
        parts[start..end].iter().map(|part| literal(part)).collect()
    };
    for part in &mut parts {
        match random.below(12) {
            0 | 1 => *part = random.pick(&GLOBS).to_string(),
            2 => *part = "**".to_string(),
            3 => *part = name(random),
            _ => {}
        }
    }
    parts
}

fn name(random: &mut Random) -> String {
    let names: &[&[u8]] = if random.chance(70) { &PLAIN } else { &AWKWARD };
    let name: &[u8] = random.pick(names);
    literal(name)
}

/// A name as a pattern of `owners.toml` says it; `?` for what none can say.
fn literal(name: &[u8]) -> String {
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\\' | '*' | '?' | '{' | '}' | '<' | '>' | ',' => {
                    text.push('\\');
                    text.push(character);
                }
                _ if character.is_control() => text.push('?'),
                _ => text.push(character),
            }
        }
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    // A blank at an end is refused.
    if let Some(rest) = text.strip_prefix(' ') {
        text = format!("\\ {rest}");
    }
    match text.strip_suffix(' ') {
        Some(start) if !start.ends_with('\\') => format!("{start}\\ "),
        _ => text,
    }
}

/// `{a,b}` or `<a,b>` with this as one of them, perhaps within each other.
fn alternatives(random: &mut Random, tree: &Tree, directory: &str, one: &str) -> String {
    let mut all = vec![one.to_string()];
    for _ in 0..1 + random.below(2) {
        all.push(match random.below(8) {
            0 => String::new(),
            1 => parts(random, tree, directory).join("/"),
            2 => {
                let inner = name(random);
                alternatives(random, tree, directory, &inner)
            }
            _ => name(random),
        });
    }
    let at = random.below(all.len());
    all.swap(0, at);
    let (open, close) = random.pick(&[("{", "}"), ("<", ">")]);
    let before = if random.chance(25) { "a" } else { "" };
    format!("{before}{open}{}{close}", all.join(","))
}

/// A CODEOWNERS file as somebody writes it by hand.
pub(crate) fn codeowners(random: &mut Random, tree: &Tree, is_gitlab: bool) -> String {
    let mut text = String::new();
    let mut patterns: Vec<String> = Vec::new();
    for _ in 0..1 + random.below(10) {
        match random.below(30) {
            0 => text += "# a comment\n",
            1 => text += "\n",
            2 | 3 if is_gitlab => {
                let name = random.pick(&["One", "Two", "one", "codeowners"]);
                let owner = random.pick(&["", " @o1", " @o2 @org/team"]);
                text += &format!("[{name}]{owner}\n");
                continue;
            }
            _ => {}
        }
        let mut pattern = codeowners_pattern(random, tree, is_gitlab);
        if !patterns.is_empty() && random.chance(12) {
            pattern = random.pick(&patterns);
        }
        patterns.push(pattern.clone());
        if is_gitlab && random.chance(7) {
            pattern = format!("!{pattern}");
        }
        let mut owners: Vec<&str> = Vec::new();
        for _ in 0..random.below(3) {
            owners.push(random.pick(&OWNERS));
        }
        let gap = if owners.is_empty() { "" } else { " " };
        text += &format!("{pattern}{gap}{}\n", owners.join(" "));
    }
    text
}

/// What only GitLab reads as classes.
const CLASSES: [&str; 10] = [
    "[ab]", "a[!x]b", "[a-c]*", "[^a]", "[b]1", "[b-a]", "[a/b]", "[!-~]?", "[ab", "a[]b]",
];

fn codeowners_pattern(random: &mut Random, tree: &Tree, is_gitlab: bool) -> String {
    loop {
        let mut parts = parts(random, tree, "");
        for part in &mut parts {
            // What owners.toml escapes for its alternatives is an ordinary character here.
            for escaped in ["{", "}", "<", ">", ","] {
                *part = part.replace(&format!("\\{escaped}"), escaped);
            }
            *part = part.replace("\\ ", " ").replace(' ', "\\ ");
            if is_gitlab && random.chance(8) {
                *part = random.pick(&CLASSES).to_string();
            } else {
                *part = part.replace('[', "\\[").replace(']', "\\]");
            }
            if !is_gitlab && random.chance(2) {
                *part = format!("a**{part}");
            }
        }
        let before = if random.chance(60) { "/" } else { "" };
        let after = if random.chance(35) { "/" } else { "" };
        let text = format!("{before}{}{after}", parts.join("/"));
        // What begins so is a comment, a section, an exclusion or an owner. GitHub's readers disagree
        // about a `#` anywhere, a `\` at the start, and one at the end with the blank behind it.
        let is_odd = text.starts_with(['#', '!', '[', '\\', '@', '^'])
            || !is_gitlab && (text.ends_with('\\') || text.ends_with("\\ "))
            || text.contains('\t')
            || !is_gitlab && text.contains('#');
        if !is_odd && text != "/" {
            return text;
        }
    }
}

/// The texts of the `owners.toml` files of a rule set, each with its path.
pub(crate) fn texts(set: &RuleSet) -> Vec<(String, String)> {
    let several = set.configs.len() > 1 || !set.nested_except.is_empty();
    let text = |config: &Config| {
        let mut text = String::new();
        if config.directory.is_empty() {
            if !set.nested_except.is_empty() {
                text += &format!("nested = {{ except = {} }}\n", list(&set.nested_except));
            } else if several {
                text += "nested = true\n";
            }
            for forge in &set.forges {
                text += &format!("[[output]]\nplatform = \"{forge}\"\n");
            }
        }
        text += "[groups]\n";
        for group in &config.groups {
            let team = group.team.as_ref();
            let team = team.map_or(String::new(), |team| format!("team = {}, ", quoted(team)));
            text += &format!(
                "{} = {{ {team}members = {} }}\n",
                group.name,
                list(&group.members)
            );
        }
        if !config.exempt.is_empty() {
            text += &format!("[check]\nexempt = {}\n", list(&config.exempt));
        }
        text += "[paths]\n";
        for rule in &config.rules {
            let (pattern, owners) = (quoted(&rule.pattern), list(&rule.owners));
            let key = if rule.adds { "add" } else { "owners" };
            text += &match &rule.except[..] {
                [] if !rule.adds => format!("{pattern} = {owners}\n"),
                [] => format!("{pattern} = {{ {key} = {owners} }}\n"),
                except => format!(
                    "{pattern} = {{ {key} = {owners}, except = {} }}\n",
                    list(except)
                ),
            };
        }
        text
    };
    let path = |config: &Config| match config.directory.as_str() {
        "" => "owners.toml".to_string(),
        directory => format!("{directory}/owners.toml"),
    };
    set.configs
        .iter()
        .map(|config| (path(config), text(config)))
        .collect()
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| self::quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            _ if character.is_control() => quoted += &format!("\\u{:04X}", u32::from(character)),
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}
