//! A CODEOWNERS file of Gitea or Forgejo, by the `regex` crate, whose expressions are those of Go's
//! `regexp`. What `regexp2` adds, `(?!…)` at the start, is matched apart.

use regex::Regex;

/// A file: for each line, its expression and its owners.
pub(crate) struct GiteaFile(Vec<(Line, Vec<String>)>);

struct Line {
    is_negated: bool,
    without: Option<Regex>,
    whole: Regex,
}

impl Line {
    /// `None` for what is not compiled.
    fn new(token: &str, has_lookahead: bool) -> Option<Self> {
        let (is_negated, text) = match token.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, token),
        };
        let mut text = text;
        let mut without = None;
        if has_lookahead {
            text = text.strip_prefix('/').unwrap_or(text);
            if let Some(rest) = text.strip_prefix("(?!") {
                let end = end_of_group(rest)?;
                without = Some(Regex::new(&format!("^{}", &rest[..end])).ok()?);
                text = &rest[end + 1..];
            }
        }
        Some(Line {
            is_negated,
            without,
            whole: Regex::new(&format!("^{text}$")).ok()?,
        })
    }

    fn matches(&self, path: &str) -> bool {
        let is_without = self
            .without
            .as_ref()
            .is_some_and(|regex| regex.is_match(path));
        (self.whole.is_match(path) && !is_without) != self.is_negated
    }
}

/// Where the group ends, behind whose start `text` begins.
fn end_of_group(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '[' => {
                while let Some((_, inner)) = characters.next() {
                    match inner {
                        '\\' => drop(characters.next()),
                        ']' => break,
                        _ => {}
                    }
                }
            }
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The words of a line.
pub(crate) fn tokens(line: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let mut is_escaped = false;
    for character in line.trim().replace('\t', " ").chars() {
        match character {
            _ if is_escaped => {
                token.push(character);
                is_escaped = false;
            }
            '\\' => is_escaped = true,
            '#' => break,
            ' ' if token.is_empty() => {}
            ' ' => tokens.push(std::mem::take(&mut token)),
            _ => token.push(character),
        }
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

impl GiteaFile {
    pub(crate) fn new(text: &str, has_lookahead: bool) -> Self {
        let line = |line: &str| {
            let tokens = tokens(line);
            let (first, owners) = tokens.split_first()?;
            let owners: Vec<String> = owners
                .iter()
                .filter(|word| word.starts_with('@'))
                .cloned()
                .collect();
            let line = Line::new(first, has_lookahead)?;
            (!owners.is_empty()).then_some((line, owners))
        };
        GiteaFile(text.lines().filter_map(line).collect())
    }

    pub(crate) fn owners(&self, path: &str) -> Vec<String> {
        let mut owners: Vec<String> = Vec::new();
        for owner in (self.0.iter())
            .filter(|(line, _)| line.matches(path))
            .flat_map(|each| &each.1)
        {
            if !owners.iter().any(|known| known.eq_ignore_ascii_case(owner)) {
                owners.push(owner.clone());
            }
        }
        owners
    }
}

/// What the pattern of a line matches.
pub(crate) fn pattern(text: &str, has_lookahead: bool) -> impl Fn(&str) -> bool + use<> {
    let file = GiteaFile::new(&format!("{text} @x"), has_lookahead);
    move |path| !file.owners(path).is_empty()
}
