//! Mistakes about the syntax of patterns: what other tools read in another way.
//!
//! In `owners.toml`, `!`, `[` and `]` are ordinary characters, a backslash removes the meaning of a
//! brace, and patterns of a nested file are relative to its directory.

use std::ops::Range;

use super::edit::TextEdit;

/// The maximum number of characters in a class that become alternatives.
const MAX_CLASS: usize = 8;

/// A text that may have been meant.
pub(super) struct Reading {
    /// Why the pattern does not mean this, for the label.
    pub(super) why: String,
    pub(super) edit: TextEdit,
    /// Whether the edit says what is meant. Otherwise it only shows which paths are meant.
    pub(super) is_fix: bool,
}

/// What `part` of the text of a pattern may have been meant to say. `directory` is that of its file.
pub(super) fn readings(text: &str, part: &Range<usize>, directory: &str) -> Vec<Reading> {
    let written = &text[part.clone()];
    let whole = |new: String| TextEdit {
        range: part.clone(),
        new,
    };
    let mut found = Vec::new();
    if let Some(rest) = written.strip_prefix('!').filter(|_| part.start == 0) {
        found.push(Reading {
            why: "`!` is part of the name here: no pattern is negated".to_string(),
            edit: whole(rest.to_string()),
            is_fix: false,
        });
    }
    if let Some((class, new)) = without_classes(written) {
        found.push(Reading {
            why: format!("`{class}` stands for these characters, not for one of them"),
            edit: whole(new),
            is_fix: true,
        });
    }
    let unescaped = ['{', '}', '<', '>', ',']
        .iter()
        .fold(written.to_string(), |text, character| {
            text.replace(&format!("\\{character}"), &character.to_string())
        });
    if unescaped != written {
        found.push(Reading {
            why: "the backslashes make the braces part of the name".to_string(),
            edit: whole(unescaped),
            is_fix: true,
        });
    }
    let below = written.strip_prefix('/').unwrap_or(written);
    let below = (below.strip_prefix(directory)).and_then(|rest| rest.strip_prefix('/'));
    if let Some(rest) = below.filter(|_| !directory.is_empty()) {
        let new = if rest.is_empty() {
            "*".to_string()
        } else {
            format!("/{rest}")
        };
        found.push(Reading {
            why: format!("patterns of this file are relative to `{directory}/`"),
            edit: whole(new),
            is_fix: true,
        });
    }
    found
}

/// The first class of a text, and the text with `{a,b}` for each `[ab]`, and `?` for a range or a
/// negated class.
fn without_classes(text: &str) -> Option<(String, String)> {
    let mut first = None;
    let mut new = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('[') {
        let Some((class, behind)) = behind.split_once(']') else {
            break;
        };
        let count = class.chars().count();
        if class.contains(['/', '[', '\\', '{', '}', '<', '>', ',', '*', '?']) || count == 0 {
            return None;
        }
        first.get_or_insert_with(|| format!("[{class}]"));
        new.push_str(before);
        let is_set = !class.contains('-') && !class.starts_with(['!', '^']);
        match class {
            single if count == 1 => new.push_str(single),
            _ if is_set && count <= MAX_CLASS => {
                let each: Vec<String> = class.chars().map(String::from).collect();
                new.push_str(&format!("{{{}}}", each.join(",")));
            }
            _ => new.push('?'),
        }
        rest = behind;
    }
    new.push_str(rest);
    Some((first?, new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for (text, expected) in [
            ("[Cc]argo.lock", Some("{C,c}argo.lock")),
            ("v[0-9].[!a]x", Some("v?.?x")),
            ("a[b]", Some("ab")),
            ("app/[id]/x", Some("app/{i,d}/x")),
            ("a[b", None),
            ("a[]b", None),
            ("a[{b,c}]", None),
            ("plain", None),
        ] {
            let found = without_classes(text).map(|(_, new)| new);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
