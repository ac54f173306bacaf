//! GitHub's matching, a second time: PLATFORMS.md 1.3 translated to regular expressions, word by
//! word, and nothing taken from the crate. What this and the crate agree on has been said twice.

use regex::Regex;

/// The pattern of a line of CODEOWNERS, as a regular expression for whole paths.
#[derive(Debug)]
pub(crate) struct GithubModel(Option<Regex>);

impl GithubModel {
    /// Takes the text as it stands in the file, escapes included.
    pub(crate) fn new(text: &str) -> Self {
        GithubModel(translate(text).map(|regex| Regex::new(&regex).expect("a regular expression")))
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(path))
    }
}

/// `None` for what never matches.
fn translate(text: &str) -> Option<String> {
    // "`/` alone and anything with `***` never match."
    if text == "/" || text.contains("***") {
        return None;
    }
    // "Split on `/`. Leading empty segment = anchored."
    let mut segments: Vec<&str> = text.split('/').collect();
    // 1.2: "adjacent `**/**` segments and a bare `**/` compile to a regex that never matches".
    let is_bare = matches!(segments[..], ["**", ""] | ["", "**", ""]);
    if is_bare || segments.windows(2).any(|two| two == ["**", "**"]) {
        return None;
    }
    if segments[0].is_empty() {
        segments.remove(0);
    } else if segments.len() == 1 || (segments.len() == 2 && segments[1].is_empty()) {
        // "If there is no leading `/` and the pattern is one segment (optionally with a trailing
        // `/`), prepend `**`."
        segments.insert(0, "**");
    }
    // "A trailing `/` becomes a final `**`." `/a/**/` has one already, and means `/a/`.
    if segments.last() == Some(&"") {
        segments.pop();
        if segments.last() != Some(&"**") {
            segments.push("**");
        }
    }
    // `**` with `**` prepended.
    segments.dedup_by(|a, b| *a == "**" && *b == "**");

    let mut regex = String::from("(?s)^");
    let mut needs_slash = false;
    let last = segments.len() - 1;
    for (index, segment) in segments.iter().enumerate() {
        if *segment == "**" {
            // "`**` alone → `.+`; first → `(?:.+/)?`; last → `/.*`; inner → `(?:/.+)?`"
            regex.push_str(match index {
                0 if last == 0 => ".+",
                0 => "(?:.+/)?",
                _ if index == last => "/.*",
                _ => "(?:/.+)?",
            });
            needs_slash = index > 0;
            continue;
        }
        if needs_slash {
            regex.push('/');
        }
        needs_slash = true;
        if *segment == "*" {
            // "a segment that is exactly `*` → `[^/]+` and no recursive tail"
            regex.push_str("[^/]+");
            continue;
        }
        // "any other segment → glob (`*` = `[^/]*`; `?` = `[^/]`; `\x` literal) and, if last, the
        // tail `(?:/.*)?`"
        let mut characters = segment.chars();
        while let Some(character) = characters.next() {
            match character {
                '*' => regex.push_str("[^/]*"),
                '?' => regex.push_str("[^/]"),
                '\\' => {
                    let literal = characters.next().unwrap_or('\\');
                    regex.push_str(&regex::escape(literal.encode_utf8(&mut [0; 4])));
                }
                _ => regex.push_str(&regex::escape(character.encode_utf8(&mut [0; 4]))),
            }
        }
        if index == last {
            regex.push_str("(?:/.*)?");
        }
    }
    regex.push('$');
    Some(regex)
}

/// The lines of a CODEOWNERS file: each pattern and its owners.
pub(crate) fn lines(text: &str) -> Vec<(GithubModel, Vec<String>)> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let end = line
                .match_indices(' ')
                .map(|(at, _)| at)
                .find(|&at| !line[..at].ends_with('\\'))
                .unwrap_or(line.len());
            let owners = line[end..].split_whitespace().map(String::from).collect();
            (GithubModel::new(&line[..end]), owners)
        })
        .collect()
}

/// The owners that the last matching line names; none where no line matches.
pub(crate) fn last_owners(lines: &[(GithubModel, Vec<String>)], path: &str) -> Vec<String> {
    let last = lines.iter().rev().find(|(regex, _)| regex.matches(path));
    last.map_or_else(Vec::new, |(_, owners)| owners.clone())
}
