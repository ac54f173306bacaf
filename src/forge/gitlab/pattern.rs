//! Writes and reads patterns of GitLab's CODEOWNERS files.
//!
//! Source: GitLab's code (`Gitlab::CodeOwners::File`). It normalises a pattern and passes it to
//! Ruby's `File.fnmatch?` with `FNM_DOTMATCH | FNM_PATHNAME`. The pattern must match the whole
//! path, so the name of a directory does not own what is below it. A pattern without a leading
//! slash matches at any depth. `**` is special only before a slash.

use std::str::Chars;

use crate::forge::spelling::{Spelling, write_glob};
use crate::pattern::syntax::write_normal_form;
use crate::pattern::{Gap, Glob, OneOf, Pattern, Piece};
use crate::text::escaped;

/// Writes a pattern for the file.
///
/// # Errors
///
/// The reason why the file cannot express the pattern.
pub(super) fn write(pattern: &Pattern, is_whole_line: bool) -> Result<String, String> {
    let texts = pattern.steps().iter().flat_map(|step| step.glob.pieces());
    for piece in texts {
        if let Piece::Text(text) = piece
            && let Some(character) = text.chars().find(|c| c.is_control())
        {
            return Err(format!(
                "a CODEOWNERS file for GitLab cannot contain `{}`",
                escaped(character.to_string().as_bytes())
            ));
        }
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_normal_form(pattern, &mut text, |glob, out| {
        write_glob(glob, out, |_| false)
    });
    // A backslash at the end would escape the blank after it, and GitLab strips a blank at the end
    // of a line. A class avoids both.
    let last = text
        .strip_suffix(r"\\")
        .map(|start| format!(r"{start}[\\]"));
    let blank = text.strip_suffix(r"\ ").filter(|_| is_whole_line);
    let blank = blank.map(|start| format!(r"{start}[\ ]"));
    Ok(last.or(blank).unwrap_or(text))
}

/// Writes a pattern as its author spelled it. `None` for a text with a control character.
pub(super) fn spell(spelling: Spelling<'_>) -> Option<String> {
    spelling.write(|_| false, char::is_control)
}

/// Ruby's `\s`.
pub(super) fn is_blank(character: &char) -> bool {
    character.is_ascii_whitespace() || *character == '\u{B}'
}

/// A pattern as GitLab stores it. Patterns with the same normal form are the same to GitLab.
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
        if character == '\\' && characters.peek().is_some_and(is_blank) {
            while characters.next_if(is_blank).is_some() {}
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

/// The meaning of a [normalised](normalise) pattern, or `None` if it can never match.
///
/// Reads from left to right as Ruby does. The next `]` closes a class even if a slash comes before
/// it, and `\/` is a slash.
pub(super) fn read(normal: &str) -> Option<Pattern> {
    let mut pattern = Pattern::new(Gap::NONE);
    let mut rest = normal.strip_prefix('/')?;
    pattern.reserve(1 + memchr::memchr_iter(b'/', rest.as_bytes()).count());
    loop {
        if let Some(behind) = rest.strip_prefix("**/") {
            pattern.widen(Gap::ANY);
            rest = behind;
            continue;
        }
        let (glob, behind) = read_segment(rest)?;
        pattern.push(glob);
        match behind {
            Some(behind) => rest = behind,
            None => return Some(pattern),
        }
    }
}

/// Reads the first segment. Returns its glob, and the text after the slash that ends it, if there
/// is one.
fn read_segment(text: &str) -> Option<(Glob, Option<&str>)> {
    let mut glob = Glob::new();
    let mut characters = text.chars();
    let mut is_empty = true;
    let behind = loop {
        let character = match characters.next() {
            None => break None,
            Some('/') => break Some(characters.as_str()),
            Some(character) => character,
        };
        match character {
            '*' => glob.push_star(),
            '?' => glob.push_one(),
            '[' => {
                let (set, behind) = read_class(characters.as_str())?;
                glob.push_one_of(set)?;
                characters = behind.chars();
            }
            '\\' => match characters.next() {
                // A backslash at the end means nothing.
                None => break None,
                Some('/') => break Some(characters.as_str()),
                Some(escaped) => glob.push_char(escaped),
            },
            _ => glob.push_char(character),
        }
        is_empty = false;
    };
    // A segment is never empty.
    (!is_empty).then_some((glob, behind))
}

/// Reads a class, given the text after its `[`. Returns its characters and the text after its `]`.
/// `None` if the class is never closed, because it then matches nothing.
fn read_class(text: &str) -> Option<(OneOf, &str)> {
    let listed = text.strip_prefix(['!', '^']);
    let mut characters = listed.unwrap_or(text).chars();
    let unescaped = |characters: &mut Chars<'_>| match characters.next()? {
        '\\' => characters.next(),
        character => Some(character),
    };
    let mut ranges = Vec::new();
    // An empty class ends at once: `[]a]` is an empty class, then text.
    while !characters.as_str().starts_with(']') {
        let first = unescaped(&mut characters)?;
        let rest = characters.as_str();
        match rest
            .strip_prefix('-')
            .filter(|behind| !behind.starts_with(']'))
        {
            None => ranges.push((first, first)),
            Some(behind) => {
                characters = behind.chars();
                let last = unescaped(&mut characters)?;
                // A reversed range stands for its two ends.
                ranges.extend([(first, last), (first, first), (last, last)]);
            }
        }
    }
    let set = OneOf::new(listed.is_some(), &ranges);
    Some((set, &characters.as_str()[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::Forge;

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
            let written = write(&pattern, false).unwrap();
            assert_eq!(
                read(&normalise(&written)),
                Some(pattern),
                "{text} as {written}"
            );
        }
    }

    #[test]
    fn classes() {
        let shown = |text: &str| read(&normalise(text)).map(|pattern| pattern.to_string());
        for (text, expected) in [
            ("/[ab]/x[0-2]", "/[ab]/x[0-2]"),
            ("/[a]", "/a"),
            ("/[a/b]x", "/[ab]x"),
            ("/[a/]/x", "/a/x"),
            ("/x[b-a]", "/x[ab]"),
            ("/x[a-]", "/x[\\-a]"),
            ("/x[\\]a]", "/x[\\]a]"),
            ("/x[a-\\]]", "/x[\\]a]"),
            ("/x[!]", "/x?"),
            ("/x[^/]", "/x?"),
            ("/x[]a]", ""),
            ("/[", ""),
            ("/[a", ""),
            ("/[a-", ""),
            ("/[a\\", ""),
            ("/[a/", ""),
            ("/[/]", ""),
            ("/a\\/b", "/a/b"),
            ("/a*\\/", "/a*/"),
            ("\\/a", ""),
            ("/a\\", "/a"),
            ("/\\", ""),
            ("/x[\\ ]", "/x\\ "),
            ("/x[\\\\]", "/x\\\\"),
        ] {
            assert_eq!(shown(text).unwrap_or_default(), expected, "{text}");
        }
    }

    #[test]
    fn what_would_be_lost_at_the_end_is_a_class() {
        for (text, expected, at_line_end) in [
            (r"/a\\", r"/a[\\]", r"/a[\\]"),
            (r"/a\ ", r"/a\ ", r"/a[\ ]"),
            (r"/a\\\ ", r"/a\\\ ", r"/a\\[\ ]"),
            (r"/a\\/", r"/a\\/", r"/a\\/"),
            (r"/a", r"/a", r"/a"),
        ] {
            for pattern in Forge::GITLAB.forms(&Pattern::github(text).unwrap()) {
                let written = write(&pattern, false).unwrap();
                let ended = write(&pattern, true).unwrap();
                if pattern.tail() == Gap::NONE || text.ends_with('/') {
                    assert_eq!((&*written, &*ended), (expected, at_line_end), "{text}");
                }
                for written in [written, ended] {
                    assert_eq!(
                        read(&normalise(&written)),
                        Some(pattern.clone()),
                        "{written}"
                    );
                }
            }
        }
    }
}
