//! GitLab's matching, a second time: what its documentation and code say, translated to regular
//! expressions, with nothing taken from the crate.
//!
//! GitLab normalises a pattern and gives it to Ruby's `File.fnmatch?(pattern, "/" + path,
//! FNM_DOTMATCH | FNM_PATHNAME)`. Entries live in a hash by normalised pattern: a repeated pattern
//! keeps its first place, with its last owners. An exclusion is final.

use regex::Regex;

/// A file: its sections, the one without a heading first.
#[derive(Debug)]
pub(crate) struct GitlabFile(Vec<Section>);

#[derive(Debug, Default)]
struct Section {
    name: String,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    normal: String,
    regex: Option<Regex>,
    is_exclusion: bool,
    owners: Vec<String>,
}

impl GitlabFile {
    pub(crate) fn new(text: &str) -> Self {
        let heading =
            Regex::new(r"^\^?\[(.*?)\](?:\[[0-9]*\])?([ \t\v\f\r]+[@0-9A-Za-z_./+ \t\v\f\r-]*)?");
        let heading = heading.expect("a regular expression");
        let separator = Regex::new(r"[^\\]([ \t\v\f\r]+)").expect("a regular expression");
        let mut sections = vec![Section {
            name: "codeowners".into(),
            ..Section::default()
        }];
        let (mut current, mut defaults) = (0, Vec::new());
        // Ruby strips what is blank in ASCII.
        for line in text
            .lines()
            .map(|line| line.trim_matches(|c: char| c.is_ascii_whitespace()))
        {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(found) = heading.captures(line) {
                let name = &found[1];
                let known = sections
                    .iter()
                    .position(|section| section.name.eq_ignore_ascii_case(name));
                current = known.unwrap_or(sections.len());
                if known.is_none() {
                    sections.push(Section {
                        name: name.into(),
                        ..Section::default()
                    });
                }
                defaults = words(found.get(2).map_or("", |owners| owners.as_str()));
                continue;
            }
            let end = separator.captures(line).map_or(line.len(), |found| {
                found.get(1).map_or(line.len(), |blanks| blanks.start())
            });
            let (pattern, owners) = line.split_at(end);
            let (is_exclusion, pattern) = match pattern.strip_prefix('!') {
                Some(pattern) => (true, pattern),
                None => (false, pattern),
            };
            let owners = match words(owners) {
                _ if is_exclusion => Vec::new(),
                owners if owners.is_empty() => defaults.clone(),
                owners => owners,
            };
            let normal = normalise(pattern);
            let entry = Entry {
                regex: fnmatch(&normal),
                normal,
                is_exclusion,
                owners,
            };
            let entries = &mut sections[current].entries;
            match entries
                .iter_mut()
                .find(|known| known.normal == entry.normal)
            {
                Some(known) => *known = entry,
                None => entries.push(entry),
            }
        }
        GitlabFile(sections)
    }

    /// The owners of all sections together.
    pub(crate) fn owners(&self, path: &str) -> Vec<String> {
        let path = format!("/{path}");
        let of_section = |section: &Section| {
            let matching: Vec<&Entry> = (section.entries.iter())
                .filter(|entry| (entry.regex.as_ref()).is_some_and(|regex| regex.is_match(&path)))
                .collect();
            match matching.last() {
                Some(last) if !matching.iter().any(|entry| entry.is_exclusion) => {
                    last.owners.clone()
                }
                _ => Vec::new(),
            }
        };
        self.0.iter().flat_map(of_section).collect()
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_ascii_whitespace().map(String::from).collect()
}

#[allow(
    dead_code,
    reason = "not every test that has this model asks for one pattern"
)]
/// What a pattern of a line matches; `None`, if that is nothing.
pub(crate) fn pattern(text: &str) -> Option<Regex> {
    fnmatch(&normalise(text))
}

/// "`*` → `/**/*`; leading `\#` → `#`; `\` + blanks → one space; no leading `/` → prefix `/**/`;
/// trailing `/` → append `**/*`."
fn normalise(pattern: &str) -> String {
    if pattern == "*" {
        return "/**/*".into();
    }
    let pattern = Regex::new(r"^\\#")
        .expect("a regular expression")
        .replace(pattern, "#");
    let pattern = Regex::new(r"\\[ \t\n\v\f\r]+")
        .expect("a regular expression")
        .replace_all(&pattern, " ");
    let prefix = if pattern.starts_with('/') { "" } else { "/**/" };
    let suffix = if pattern.ends_with('/') { "**/*" } else { "" };
    format!("{prefix}{pattern}{suffix}")
}

/// Ruby's `fnmatch`: `**/` at the start of a segment is any number of directories, every other star
/// stays within a segment; `?` is one character; `\` takes the next literally. `None`, if nothing can
/// match.
fn fnmatch(pattern: &str) -> Option<Regex> {
    let mut regex = String::from("(?s)^");
    let mut rest = pattern;
    let mut at_segment_start = true;
    while let Some(character) = rest.chars().next() {
        if at_segment_start && rest.starts_with("**/") {
            regex.push_str("(?:[^/]+/)*");
            rest = &rest[3..];
            continue;
        }
        let was_start = std::mem::take(&mut at_segment_start);
        rest = &rest[character.len_utf8()..];
        match character {
            '/' => {
                at_segment_start = true;
                // An empty name, but for the one before the first slash.
                if was_start && regex.len() > 5 {
                    return None;
                }
                regex.push('/');
            }
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '[' => {
                let (class, behind) = class(rest)?;
                regex.push_str(&class);
                rest = behind;
            }
            '\\' if rest.starts_with('/') => {}
            '\\' if rest.is_empty() && was_start => return None,
            '\\' if rest.is_empty() => {}
            '\\' => {
                let literal = rest.chars().next()?;
                regex.push_str(&regex::escape(&literal.to_string()));
                rest = rest.strip_prefix(literal).unwrap_or_default();
            }
            _ => regex.push_str(&regex::escape(&character.to_string())),
        }
    }
    regex.push('$');
    Some(Regex::new(&regex).expect("a translated pattern is a regular expression"))
}

/// A class, from behind its `[`, and what stands behind its `]`. It ends at the first `]` that is not
/// escaped, whatever is in it. Of a range that is reversed, only its ends are in it.
fn class(text: &str) -> Option<(String, &str)> {
    let item = r"(?:\\(?s:.)|[^\\])";
    let parser = Regex::new(r"(?s)^([!^]?)((?:(?:\\.|[^\\\]])(?:-(?:\\.|[^\\\]]))?)*)\]")
        .expect("a regular expression");
    let found = parser.captures(text)?;
    let ranges = Regex::new(&format!("(?s)({item})(?:-({item}))?")).expect("a regular expression");
    // Something that is in no name, so that the class is not empty.
    let mut listed = String::from(r"/");
    let literal = |text: &str| format!(r"\x{{{:x}}}", text.chars().last().map_or(0, u32::from));
    for range in ranges.captures_iter(&found[2]) {
        let first = literal(&range[1]);
        listed.push_str(&first);
        if let Some(last) = range.get(2) {
            let is_forward = range[1].chars().last() <= last.as_str().chars().last();
            let last = literal(last.as_str());
            if is_forward {
                listed.push_str(&format!("{first}-{last}"));
            }
            listed.push_str(&last);
        }
    }
    let negation = if found[1].is_empty() { "" } else { "^" };
    Some((
        format!("[[{negation}{listed}]&&[^/]]"),
        &text[found[0].len()..],
    ))
}
