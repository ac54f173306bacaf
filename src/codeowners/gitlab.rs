//! The text of a pattern in a CODEOWNERS file of GitLab.
//!
//! Source: GitLab's code (`Gitlab::CodeOwners::File`), which normalises a pattern and hands it to
//! Ruby's `File.fnmatch?` with `FNM_DOTMATCH | FNM_PATHNAME`: the whole path must match, so a name
//! does not own what is below it; a pattern without a leading slash matches at any depth; `**` is
//! special only where a slash follows.

use super::write_glob;
use crate::diagnostic::escaped;
use crate::pattern::syntax::write_normal_form;
use crate::pattern::{Gap, Glob, Pattern, Piece};

/// The most patterns that the classes of one pattern (`[a-z]`) may stand for.
const MAX_CHOICES: usize = 1000;

/// The patterns that say the same on GitLab: what is there, and what is below it, are two.
pub fn split(pattern: &Pattern) -> Vec<Pattern> {
    if pattern.tail() != Gap::ANY || pattern.steps().is_empty() {
        return vec![pattern.clone()];
    }
    vec![pattern.with_tail(Gap::NONE), pattern.with_tail(Gap::SOME)]
}

/// Writes a pattern as it must stand in the file.
///
/// # Errors
///
/// The reason why the file cannot say it.
pub fn write(pattern: &Pattern) -> Result<String, String> {
    let texts = pattern.steps().iter().flat_map(|step| step.glob.pieces());
    for piece in texts {
        if let Piece::Text(text) = piece
            && let Some(character) = text.chars().find(|c| c.is_control())
        {
            return Err(format!(
                "a CODEOWNERS file of GitLab cannot hold `{}`",
                escaped(character.to_string().as_bytes())
            ));
        }
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_normal_form(pattern, &mut text, |glob, out| {
        write_glob(glob, out, |_| false)
    });
    if text.ends_with('\\') {
        return Err("a backslash at the end of a pattern would take the blank behind it".into());
    }
    Ok(text)
}

/// A pattern as GitLab stores it: what two spellings have in common that it takes for one.
pub(super) fn normalise(text: &str) -> String {
    if text == "*" {
        return "/**/*".into();
    }
    let text = match text.strip_prefix("\\#") {
        Some(rest) => format!("#{rest}"),
        None => text.to_string(),
    };
    let mut normal = String::with_capacity(text.len() + 8);
    if !text.starts_with('/') {
        normal.push_str("/**/");
    }
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\\' && characters.peek().is_some_and(char::is_ascii_whitespace) {
            while characters.next_if(char::is_ascii_whitespace).is_some() {}
            normal.push(' ');
        } else {
            normal.push(character);
        }
    }
    if normal.ends_with('/') {
        normal.push_str("**/*");
    }
    normal
}

/// What a [normalised](normalise) pattern matches: as many patterns as its classes have choices,
/// none if it can never match.
///
/// # Errors
///
/// Why it cannot be said in patterns, although GitLab can match it.
pub(super) fn read(normal: &str) -> Result<Vec<Pattern>, String> {
    let mut choices = vec![Pattern::new(Gap::NONE)];
    let mut segments = normal.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if segment == "**" && !is_last {
            choices
                .iter_mut()
                .for_each(|pattern| pattern.widen(Gap::ANY));
            continue;
        }
        let Some(globs) = read_segment(segment)? else {
            return Ok(Vec::new());
        };
        if choices.len() * globs.len() > MAX_CHOICES {
            return Err(format!(
                "its classes stand for more than {MAX_CHOICES} patterns"
            ));
        }
        choices = choices
            .iter()
            .flat_map(|pattern| {
                globs.iter().map(|glob| {
                    let mut longer = pattern.clone();
                    longer.push(glob.clone());
                    longer
                })
            })
            .collect();
    }
    Ok(choices)
}

/// The globs that one segment stands for; none if it can never match.
fn read_segment(segment: &str) -> Result<Option<Vec<Glob>>, String> {
    let mut globs = vec![Glob::new()];
    let mut characters = segment.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' => globs.iter_mut().for_each(Glob::push_star),
            '?' => globs.iter_mut().for_each(Glob::push_one),
            '[' => {
                let Some((class, rest)) = read_class(characters.as_str())? else {
                    return Ok(None);
                };
                characters = rest.chars();
                if class.len() * globs.len() > MAX_CHOICES {
                    return Err(format!(
                        "its classes stand for more than {MAX_CHOICES} patterns"
                    ));
                }
                globs = globs
                    .iter()
                    .flat_map(|glob| {
                        class.iter().map(|&character| {
                            let mut longer = glob.clone();
                            longer.push_char(character);
                            longer
                        })
                    })
                    .collect();
            }
            '\\' => {
                let literal = characters.next().unwrap_or('\\');
                globs.iter_mut().for_each(|glob| glob.push_char(literal));
            }
            _ => globs.iter_mut().for_each(|glob| glob.push_char(character)),
        }
    }
    // No name is empty.
    Ok((!segment.is_empty()).then_some(globs))
}

/// Reads a class behind its `[`: its characters, and the text behind its `]`. `None` if it is never
/// closed, which matches nothing.
fn read_class(text: &str) -> Result<Option<(Vec<char>, &str)>, String> {
    if text.starts_with(['!', '^']) {
        return Err("owners has no way to say `any character but these`".into());
    }
    let mut class = Vec::new();
    let mut characters = text.chars();
    loop {
        let first = match characters.next() {
            None => return Ok(None),
            Some(']') => break,
            Some('\\') => characters.next().unwrap_or('\\'),
            Some(character) => character,
        };
        let mut ahead = characters.clone();
        let last = match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) if last != ']' => {
                characters = ahead;
                if last == '\\' {
                    characters.next().unwrap_or('\\')
                } else {
                    last
                }
            }
            _ => first,
        };
        if (last as usize).saturating_sub(first as usize) > MAX_CHOICES {
            return Err(format!(
                "its class stands for more than {MAX_CHOICES} characters"
            ));
        }
        class.extend((first..=last).filter(|&character| character != '/'));
    }
    class.sort_unstable();
    class.dedup();
    Ok((!class.is_empty()).then_some((class, characters.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_means_the_pattern() {
        for text in [
            "*",
            "/*",
            "/a/",
            "**/a/",
            "/a/**/*.rs/",
            "/a b/[c]/",
            r"/a\*b/",
            "/#a/",
            "/{x}/",
            r"/a\\b/",
            "*/",
            "/a/*",
            "/a/*/*",
            "/?*/a/*",
        ] {
            let pattern = Pattern::github(text).unwrap();
            let written = write(&pattern).unwrap();
            assert_eq!(
                read(&normalise(&written)),
                Ok(vec![pattern]),
                "{text} as {written}"
            );
        }
    }

    #[test]
    fn what_is_there_and_what_is_below() {
        for (text, expected) in [
            ("/a/b", &["/a/b", "/a/b/"][..]),
            ("*.rs", &["**/*.rs", "**/*.rs/"]),
            ("/a/*", &["/a/*"]),
            ("/a/", &["/a/"]),
            ("*", &["*"]),
        ] {
            let pattern = Pattern::github(text).unwrap();
            let written: Vec<_> = split(&pattern)
                .iter()
                .map(|each| write(each).unwrap())
                .collect();
            assert_eq!(written, expected, "{text}");
        }
    }

    #[test]
    fn classes_are_choices() {
        let texts = |text: &str| {
            let patterns = read(&normalise(text)).unwrap();
            patterns.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            texts("/[ab]/x[0-2]"),
            ["/a/x0", "/a/x1", "/a/x2", "/b/x0", "/b/x1", "/b/x2"]
        );
        assert_eq!(texts("/[a"), [""; 0]);
        assert!(read("/[!a]").is_err());
        assert!(read("/[a-z][a-z][a-z]").is_err());
    }
}
