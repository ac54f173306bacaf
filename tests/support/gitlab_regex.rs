//! GitLab's matching, a second time: what its documentation and code say, translated to regular
//! expressions, with nothing taken from the crate.
//!
//! GitLab normalises a pattern and gives it to Ruby's `File.fnmatch?(pattern, "/" + path,
//! FNM_DOTMATCH | FNM_PATHNAME)`. Entries live in a hash by normalised pattern: a repeated pattern
//! keeps its first place, with its last owners. An exclusion is final.

use regex::Regex;

/// A generated file: one section, no headings.
#[derive(Debug)]
pub(crate) struct GitlabFile {
    entries: Vec<(String, Regex, Vec<String>)>,
    exclusions: Vec<Regex>,
}

impl GitlabFile {
    pub(crate) fn new(text: &str) -> Self {
        let mut file = GitlabFile {
            entries: Vec::new(),
            exclusions: Vec::new(),
        };
        // Ruby strips what is blank in ASCII.
        for line in text
            .lines()
            .map(|line| line.trim_matches(|c: char| c.is_ascii_whitespace()))
        {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            assert!(
                !line.starts_with('[') && !line.starts_with("^["),
                "a section: {line}"
            );
            let end = line
                .match_indices(' ')
                .map(|(at, _)| at)
                .find(|&at| !line[..at].ends_with('\\'))
                .unwrap_or(line.len());
            let (pattern, owners) = line.split_at(end);
            let owners: Vec<String> = owners.split_whitespace().map(String::from).collect();
            if let Some(excluded) = pattern.strip_prefix('!') {
                file.exclusions.push(fnmatch(&normalise(excluded)));
                continue;
            }
            let normal = normalise(pattern);
            match file.entries.iter_mut().find(|(known, ..)| *known == normal) {
                Some((.., known)) => *known = owners,
                None => {
                    let regex = fnmatch(&normal);
                    file.entries.push((normal, regex, owners));
                }
            }
        }
        file
    }

    pub(crate) fn owners(&self, path: &str) -> Vec<String> {
        let path = format!("/{path}");
        if self.exclusions.iter().any(|regex| regex.is_match(&path)) {
            return Vec::new();
        }
        let last = self
            .entries
            .iter()
            .rev()
            .find(|(_, regex, _)| regex.is_match(&path));
        last.map_or_else(Vec::new, |(.., owners)| owners.clone())
    }
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
    let pattern = Regex::new(r"\\[ \t]+")
        .expect("a regular expression")
        .replace_all(&pattern, " ");
    let prefix = if pattern.starts_with('/') { "" } else { "/**/" };
    let suffix = if pattern.ends_with('/') { "**/*" } else { "" };
    format!("{prefix}{pattern}{suffix}")
}

/// Ruby's `fnmatch`: `**/` at the start of a segment is any number of directories, every other star
/// stays within a segment; `?` is one character; a class is a class; `\` takes the next literally.
fn fnmatch(pattern: &str) -> Regex {
    let mut regex = String::from("(?s)^");
    let mut rest = pattern;
    let mut at_segment_start = true;
    while let Some(character) = rest.chars().next() {
        if at_segment_start && rest.starts_with("**/") {
            regex.push_str("(?:[^/]+/)*");
            rest = &rest[3..];
            continue;
        }
        rest = &rest[character.len_utf8()..];
        at_segment_start = character == '/';
        match character {
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '[' => {
                let end = rest.find(']').expect("a generated class is closed");
                regex.push_str(&format!("[{}]", &rest[..end].replace('!', "^")));
                rest = &rest[end + 1..];
            }
            '\\' => {
                let literal = rest
                    .chars()
                    .next()
                    .expect("no backslash at the end is generated");
                regex.push_str(&regex::escape(&literal.to_string()));
                rest = &rest[literal.len_utf8()..];
            }
            _ => regex.push_str(&regex::escape(&character.to_string())),
        }
    }
    regex.push('$');
    Regex::new(&regex).expect("a translated pattern is a regular expression")
}
