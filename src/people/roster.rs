//! Reads a roster: the people whom a Markdown file names.
//!
//! A login counts if it is a mention (`@login` in a list, a table, a link text or a code span) or
//! part of a profile URL (`https://github.com/login`). Comments do not count.

use rustc_hash::FxHashSet;

use crate::forge::Forge;

/// The logins in a Markdown text, in lowercase. They may contain dots if one of the forges allows it.
pub fn logins(text: &str, forges: impl IntoIterator<Item = Forge>) -> FxHashSet<String> {
    let has_dots = (forges.into_iter()).any(|forge| forge.has_dots_in_logins);
    let text = without_comments(text);
    let mut logins = FxHashSet::default();
    let mut take = |name: &str| {
        if !name.is_empty() {
            logins.insert(name.to_ascii_lowercase());
        }
    };
    for (at, _) in text.match_indices('@') {
        let name = name_at(&text, at + 1, has_dots);
        let behind = text[at + 1 + name.len()..].chars().next();
        // `docs@example.com` is not a mention, and `@org/team` is not a person.
        if !is_in_word(&text, at) && !matches!(behind, Some('/' | '@')) {
            take(name);
        }
    }
    for host in Forge::ALL.iter().map(|forge| forge.profiles) {
        for (at, _) in text.match_indices(host) {
            let start = at + host.len();
            let rest = text[start..].strip_prefix('@').unwrap_or(&text[start..]);
            let start = text.len() - rest.len();
            let name = name_at(&text, start, has_dots);
            let behind = &text[start + name.len()..];
            let behind = behind.strip_prefix('/').unwrap_or(behind);
            // A longer path is the URL of a repository.
            let is_longer = behind.starts_with(|c: char| c.is_alphanumeric() || "/_-".contains(c));
            let start = if text[..at].ends_with("www.") {
                at - 4
            } else {
                at
            };
            if !is_in_word(&text, start) && !is_longer {
                take(name);
            }
        }
    }
    logins
}

/// The longest name that starts at an offset. A full stop at the end belongs to the sentence.
fn name_at(text: &str, start: usize, has_dots: bool) -> &str {
    let rest = &text[start..];
    let is_part =
        |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_' || (has_dots && c == '.');
    let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    rest[..end].trim_end_matches('.')
}

/// Whether the text at an offset continues a word.
fn is_in_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    before.is_some_and(|c| c.is_alphanumeric() || "_-.+%".contains(c))
}

/// The text without `<!-- … -->`.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        kept.push_str(before);
        kept.push(' ');
        // A comment without an end extends to the end of the text, as in HTML.
        rest = comment.split_once("-->").map_or("", |(_, behind)| behind);
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_roster_names() {
        for (text, expected) in [
            ("@alice and @Bob.", &["alice", "bob"][..]),
            ("* [@a](https://github.com/A) (maintainer)", &["a"]),
            ("- [Carol](https://github.com/carol/)", &["carol"]),
            (
                "| `@code` | <https://www.github.com/table> |",
                &["code", "table"],
            ),
            ("https://github.com/org/repo, github.com/orgs/x/people", &[]),
            ("@org/team, docs@example.com", &[]),
            ("(@x-y_z), **@bold**, @x's", &["bold", "x", "x-y_z"]),
            ("<!-- @gone\n@too --> @here <!-- @open", &["here"]),
            ("@\u{e9}t\u{e9} \u{e9}@a @", &[]),
            ("@bob.smith", &["bob"]),
            ("https://github.com/@d", &["d"]),
            ("notgithub.com/x", &[]),
            ("@a,@b;@c", &["a", "b", "c"]),
        ] {
            let mut found: Vec<String> = logins(text, [Forge::GITHUB]).into_iter().collect();
            found.sort();
            assert_eq!(found, expected, "{text}");
        }
        assert!(logins("@bob.smith.", [Forge::GITLAB]).contains("bob.smith"));
    }
}
