//! Gitea and Forgejo. Sources: their code (`GetCodeOwnersFromContent`, `TokenizeCodeOwnersLine`,
//! `ParseCodeOwnersLine`) and the documentation of Gitea, "Code Owners".
//!
//! A pattern is a regular expression for the whole path, and every line that matches a path asks its
//! owners. So a line for what an earlier rule owns and later rules do not must leave these out. With
//! `(?!…)`, it can say so. Forgejo, and older versions of Gitea, have no `(?!…)`: `without` makes one
//! expression of both, which every version reads.

mod automaton;
mod expression;
mod meaning;
mod node;
mod owner;
mod pattern;
mod read;
mod set;
mod syntax;
mod without;

use std::borrow::Cow;

use super::{
    Abilities, Approvals, Below, Decides, Dialect, File, FileLine, Nobody, Profile, Repeated,
    Spelling,
};
use crate::owner::{Owner, OwnerError, OwnerKind};
use crate::pattern::Pattern;
use crate::pattern::budget::Budget;

pub(super) const GITEA: Profile = Profile {
    name: "gitea",
    title: "Gitea",
    locations: &["CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS"],
    default_file: ".gitea/CODEOWNERS",
    marker: None,
    // `MAX_DISPLAY_FILE_SIZE` of `[ui]` in `app.ini`, by default.
    size_limit: Some(8 << 20),
    profiles: "gitea.com/",
    id_separator: '+',
    has_dots_in_logins: true,
    dialect: &Expressions(Engine::Backtracking),
    #[cfg(feature = "live")]
    api: &super::unasked::Unasked {
        title: "Gitea",
        host: "gitea.com",
        job: "GITEA_ACTIONS",
    },
};

pub(super) const FORGEJO: Profile = Profile {
    name: "forgejo",
    title: "Forgejo",
    locations: &[
        "CODEOWNERS",
        "docs/CODEOWNERS",
        ".gitea/CODEOWNERS",
        ".forgejo/CODEOWNERS",
    ],
    default_file: ".forgejo/CODEOWNERS",
    profiles: "codeberg.org/",
    dialect: &Expressions(Engine::Re2),
    #[cfg(feature = "live")]
    api: &super::unasked::Unasked {
        title: "Forgejo",
        host: "codeberg.org",
        job: "FORGEJO_ACTIONS",
    },
    ..GITEA
};

/// What reads the regular expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    /// Go's `regexp`.
    Re2,
    /// `regexp2`, which has `(?!…)`. Gitea then also drops a slash at the start.
    Backtracking,
}

/// Regular expressions for the whole path; every line that matches counts.
#[derive(Debug)]
struct Expressions(Engine);

impl Dialect for Expressions {
    fn abilities(&self) -> Abilities {
        Abilities {
            below: Below::Either,
            one_level: true,
            decides: Decides::Every,
            repeated: Repeated::Both,
            nobody: Nobody::NoLine,
            inline_comments: true,
            approvals: Approvals::Settings {
                help: "demand approvals in the protection of the branch; then set this lint to `allow`",
            },
        }
    }

    fn check_owner(&self, text: &str) -> Result<(), OwnerError> {
        owner::check(text)
    }

    fn is_team(&self, owner: &Owner) -> bool {
        owner.kind() == OwnerKind::Team
    }

    fn widened<'p>(&self, pattern: &'p Pattern) -> Cow<'p, Pattern> {
        Cow::Borrowed(pattern)
    }

    fn write(&self, pattern: &Pattern, _: bool) -> Result<String, String> {
        Ok(escaped(&pattern::expression(pattern).whole_text()))
    }

    fn write_without(
        &self,
        pattern: &Pattern,
        without: &[Pattern],
        budget: &mut Budget,
    ) -> Result<String, (String, String)> {
        let node = match self.0 {
            Engine::Backtracking => pattern::expression_without(pattern, without),
            Engine::Re2 => without::expression(pattern, without, budget)?,
        };
        Ok(escaped(&node.whole_text()))
    }

    fn spell(&self, _: Spelling<'_>) -> Option<String> {
        None
    }

    fn read_pattern(&self, text: &str) -> Option<Pattern> {
        let found = expression::read(&read::unescaped(text), self.0).ok()?;
        let mut all = meaning::meaning(&found)?;
        let only = all
            .pop()
            .filter(|each| all.is_empty() && each.except.is_empty())?;
        let mut patterns = only.patterns.into_iter();
        patterns.next().filter(|_| patterns.next().is_none())
    }

    fn says(
        &self,
        line: &[FileLine],
        pattern: &Pattern,
        without: &[Pattern],
        budget: &mut Budget,
    ) -> bool {
        let [first, rest @ ..] = line else {
            return false;
        };
        let by_value = rest.is_empty()
            && first.pattern.as_ref() == Some(pattern)
            && first.except == without
            && first.test.is_none();
        let text = read::unescaped(&first.text);
        by_value
            || expression::read(&text, self.0)
                .is_ok_and(|found| without::is_same(&found, pattern, without, budget))
    }

    fn instead(&self, text: &str) -> Option<String> {
        // A slash at the start, in an expression.
        if let Some(rest) = text.strip_prefix('/').filter(|_| self.0 == Engine::Re2)
            && is_expression(rest.as_bytes())
        {
            return Some(rest.to_string());
        }
        if is_glob(text) && is_expression(text.as_bytes()) {
            return Some(with_dots(text));
        }
        let is_glob = is_glob(text) || text.starts_with('/') || text.ends_with('/');
        if let Some(pattern) = Pattern::github(text).filter(|_| is_glob) {
            return self.write(&pattern, false).ok();
        }
        // Alternatives of which not each is for the whole path.
        let found = expression::read(&read::unescaped(text), self.0).ok()?;
        let has_several = found.alternatives.len() > 1 && !found.is_negated;
        has_several.then(|| format!("({text})"))
    }

    fn claims(&self, text: &[u8]) -> bool {
        text.split(|&byte| byte == b'\n').any(is_expression)
    }

    fn first_word<'l>(&self, line: &'l str) -> &'l str {
        read::first_word(line)
    }

    fn read(&self, text: &str) -> File {
        read::read(text, self.0)
    }
}

/// Writes an expression with the escapes of the file.
fn escaped(expression: &str) -> String {
    let mut text = String::with_capacity(expression.len() + 8);
    // A `!` at the start would negate the line, and other blanks there would be lost.
    let first = expression.chars().next();
    if let Some(first) = first.filter(|&c| c == '!' || c != ' ' && c.is_whitespace()) {
        text.extend(['[', first, ']']);
    }
    for character in expression.chars().skip(usize::from(!text.is_empty())) {
        if matches!(character, '\\' | ' ' | '#') {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

/// Whether a text has a `*` or `?` that stands for any characters in files of other forges, and repeats
/// the character before it here.
fn is_glob(text: &str) -> bool {
    let is_wildcard = |(at, _): (usize, &str)| !text[..at].ends_with(is_operand);
    let has_groups = text.contains(['(', '[', '|', '{', '\\', '+', '^', '$']);
    !has_groups && text.match_indices(['*', '?']).any(is_wildcard)
}

/// An expression in which some `*` stand for any characters, with `.*` in place of these.
fn with_dots(text: &str) -> String {
    let mut new = String::with_capacity(text.len() + 4);
    for character in text.chars() {
        if character == '*' && !new.ends_with(is_operand) {
            new.push('.');
        }
        new.push(character);
    }
    new
}

/// Whether a character before `*` or `?` shows that these repeat something.
fn is_operand(character: char) -> bool {
    matches!(character, '.' | ')' | ']' | '}' | '*' | '+' | '?' | '\\')
}

/// Whether a line starts with what only a regular expression has.
fn is_expression(line: &[u8]) -> bool {
    let Ok(line) = str::from_utf8(line) else {
        return false;
    };
    let word = read::first_word(line.trim());
    let marks = [".*/", "/.*", "[^/]", "(?", "\\\\."];
    !word.starts_with('#') && (word == ".*" || marks.iter().any(|mark| word.contains(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::{Forge, MAX_WRITING_STEPS};

    const ALL: [Forge; 2] = [Forge::GITEA, Forge::FORGEJO];

    #[test]
    fn patterns_are_read_back() {
        for (text, expected) in [
            ("*", ".*"),
            ("/*", "[^/]*"),
            ("/*/*", "[^/]*/[^/]*"),
            ("/*/", "[^/]*/.*"),
            ("/a/b/", "a/b/.*"),
            ("/a/b.c", r"a/b\\.c(/.*)?"),
            ("/a/*", "a/[^/]*"),
            ("n", "(.*/)?n(/.*)?"),
            ("n/", "(.*/)?n/.*"),
            ("/a/**/*.rs", r"a/(.*/)?[^/]*\\.rs(/.*)?"),
            ("/a/?*b?/", "a/[^/]+b[^/]/.*"),
            ("/a/*/**/b", "a/[^/]*/(.*/)?b(/.*)?"),
            ("/a b/#c/", r"a\ b/\#c/.*"),
            ("/!a", "[!]a(/.*)?"),
            ("/[id](x)+$^|", r"\\[id\\]\\(x\\)\\+\\$\\^\\|(/.*)?"),
            (r"/a\\b", r"a\\\\b(/.*)?"),
            ("/é", "é(/.*)?"),
            ("/\u{a0}x/", "[\u{a0}]x/.*"),
        ] {
            let pattern = Pattern::github(text).unwrap();
            for forge in ALL {
                let written = forge.dialect.write(&pattern, false).unwrap();
                assert_eq!(written, expected, "{text}");
                assert_eq!(
                    forge.dialect.read_pattern(&written),
                    Some(pattern.clone()),
                    "{text}"
                );
                for tail in [pattern.with_tail(crate::pattern::Gap::NONE)] {
                    let written = forge.dialect.write(&tail, false).unwrap();
                    if tail.steps().is_empty() {
                        continue;
                    }
                    assert_eq!(forge.dialect.read_pattern(&written), Some(tail), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_others_have_is_left_out() {
        let all = ["/docs/", "/src/*"].map(|text| Pattern::github(text).unwrap());
        let everything = Pattern::everything();
        for (without, gitea, forgejo) in [
            (&all[..1], "(?!docs/.*$).*", ""),
            (&all[..], "(?!(docs/.*|src/[^/]*)$).*", ""),
        ] {
            for (forge, expected) in ALL.into_iter().zip([gitea, forgejo]) {
                let written = forge
                    .dialect
                    .write_without(&everything, without, &mut Budget::new(MAX_WRITING_STEPS))
                    .unwrap();
                if !expected.is_empty() {
                    assert_eq!(written, expected);
                }
                let file = forge.dialect.read(&format!("{written} @a\n"));
                assert!(!file.entries.is_empty(), "{written}: {:?}", file.faults);
                let says = |without| {
                    let budget = &mut Budget::new(MAX_WRITING_STEPS);
                    forge
                        .dialect
                        .says(&file.entries, &everything, without, budget)
                };
                assert!(says(without), "{written}");
                assert!(!says(&all[1..]), "{written}");
            }
        }
    }

    #[test]
    fn files_of_expressions() {
        for text in [".* @a", "docs/.* @a", "a/[^/]*\\\\.go @b", "(?i)x @b"] {
            assert!(is_expression(text.as_bytes()), "{text}");
        }
        for text in [
            "* @a",
            "# docs/.* @a",
            "/a/*.go @a",
            "/.github/ @a",
            "a/b\\ c @d",
        ] {
            assert!(!is_expression(text.as_bytes()), "{text}");
        }
    }
}
