//! Reading a CODEOWNERS file as its forge reads it.

use super::github;
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::platform::Platform;

/// A line that has a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number of the line, from 1.
    pub line: usize,
    /// The pattern as it stands there.
    pub text: String,
    /// What it means; `None` if it can never match.
    pub pattern: Option<Pattern>,
    /// Who owns what it matches; nobody, if it is empty.
    pub owners: Vec<Owner>,
}

/// A line that the forge ignores, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineFault {
    /// The number of the line, from 1.
    pub line: usize,
    /// The column of the word at fault, in characters from 1.
    pub column: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads a whole file. No text is an error: what the forge ignores is reported in its place.
///
/// A byte order mark, CRLF line ends, blanks and tabs between words and a missing final newline
/// make no difference.
///
/// ```
/// use owners::codeowners::read;
/// use owners::platform::Platform;
///
/// let lines = read("* @a # everyone\n/x/[id]/ @b\n", Platform::GitHub);
/// assert_eq!(lines[0].as_ref().unwrap().owners[0].as_str(), "@a");
/// assert_eq!(lines[1].as_ref().unwrap_err().line, 2);
/// ```
#[must_use]
pub fn read(text: &str, platform: Platform) -> Vec<Result<Entry, LineFault>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| read_line(line, index + 1, platform))
        .collect()
}

fn read_line(line: &str, number: usize, platform: Platform) -> Option<Result<Entry, LineFault>> {
    let words = words(line);
    let fault = |word: &str, reason: String| {
        let offset = word.as_ptr() as usize - line.as_ptr() as usize;
        let column = line[..offset].chars().count() + 1;
        Some(Err(LineFault {
            line: number,
            column,
            reason,
        }))
    };
    let (&text, rest) = words.split_first()?;
    if text.starts_with('#') {
        return None;
    }
    let pattern = match platform {
        Platform::GitHub => github::read(text),
    };
    let pattern = match pattern {
        Ok(pattern) => pattern,
        Err(reason) => return fault(text, reason),
    };
    let mut owners = Vec::new();
    for word in rest.iter().take_while(|word| !word.starts_with('#')) {
        match Owner::parse(word, platform) {
            Ok(owner) => owners.push(owner),
            Err(error) => {
                return fault(word, format!("`{word}` is not an owner: {}", error.reason));
            }
        }
    }
    Some(Ok(Entry {
        line: number,
        text: text.to_string(),
        pattern,
        owners,
    }))
}

/// Splits at blanks and tabs that no backslash precedes.
fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    let mut characters = line.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            ' ' | '\t' | '\r' => words.extend(start.take().map(|start| &line[start..at])),
            _ => {
                start.get_or_insert(at);
                if character == '\\' {
                    characters.next();
                }
            }
        }
    }
    words.extend(start.map(|start| &line[start..]));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn github(text: &str) -> Vec<Result<Entry, LineFault>> {
        read(text, Platform::GitHub)
    }

    #[test]
    fn forms_of_lines() {
        let lines =
            github("\u{FEFF}\t* \t@a  @org/t # no @c\r\n\r\n#x\n/My\\ Docs/ u@example.com\n/none");
        let shown: Vec<String> = lines
            .iter()
            .map(|line| {
                let entry = line.as_ref().unwrap();
                let owners: Vec<&str> = entry.owners.iter().map(Owner::as_str).collect();
                format!("{} {} {}", entry.line, entry.text, owners.join(" "))
            })
            .collect();
        assert_eq!(
            shown,
            ["1 * @a @org/t", "4 /My\\ Docs/ u@example.com", "5 /none "]
        );
    }

    #[test]
    fn lines_that_are_skipped() {
        for (line, column, reason) in [
            ("  /[id]/ @a", 3, "must be escaped"),
            ("!/a @a", 1, "no effect"),
            ("\\#a @a", 1, "no effect"),
            ("/a#b @a", 1, "comment"),
            ("/a\\#b @a", 1, "comment"),
            ("\\[a\\] @a", 1, "drops a backslash"),
            ("* user", 3, "`user` is not an owner"),
            ("* @a @x.y", 6, "`@x.y` is not an owner"),
        ] {
            let fault = github(line)[0].clone().unwrap_err();
            assert_eq!((fault.line, fault.column), (1, column), "{line}");
            assert!(fault.reason.contains(reason), "{line}: {}", fault.reason);
        }
    }

    #[test]
    fn a_pattern_that_never_matches_is_no_fault() {
        assert_eq!(github("/ @a")[0].as_ref().unwrap().pattern, None);
    }
}
