//! GitLab, Premium and Ultimate. Sources: its documentation, "Code Owners" and "Code Owners syntax",
//! and its code (`Gitlab::CodeOwners::File`).

#[cfg(feature = "live")]
mod api;
mod owner;
mod pattern;
mod read;

use std::borrow::Cow;

use super::file::first_word;
use super::{
    Abilities, Approvals, Below, Decides, Dialect, File, Nobody, Profile, Repeated, Spelling,
};
use crate::owner::{Owner, OwnerError, OwnerKind};
use crate::pattern::Pattern;

pub(super) const PROFILE: Profile = Profile {
    name: "gitlab",
    title: "GitLab",
    locations: &["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"],
    default_file: ".gitlab/CODEOWNERS",
    marker: Some(".gitlab-ci.yml"),
    // No limit is documented.
    size_limit: None,
    profiles: "gitlab.com/",
    id_separator: '-',
    has_dots_in_logins: true,
    dialect: &GitLab,
    #[cfg(feature = "live")]
    api: &api::GitLabApi,
};

/// Patterns of Ruby's `fnmatch`, in sections. Each section decides on its own.
#[derive(Debug)]
struct GitLab;

impl Dialect for GitLab {
    fn abilities(&self) -> Abilities {
        Abilities {
            below: Below::Apart,
            one_level: true,
            decides: Decides::Last,
            repeated: Repeated::FirstPlace,
            nobody: Nobody::Exclusion,
            // A name that such a comment mentions becomes an owner.
            inline_comments: false,
            approvals: Approvals::Sections,
        }
    }

    fn check_owner(&self, text: &str) -> Result<(), OwnerError> {
        owner::check(text)
    }

    fn is_team(&self, owner: &Owner) -> bool {
        // The name of a top-level group looks like that of a user.
        owner.kind() != OwnerKind::Email
    }

    fn widened<'p>(&self, pattern: &'p Pattern) -> Cow<'p, Pattern> {
        Cow::Borrowed(pattern)
    }

    fn write(&self, pattern: &Pattern, is_whole_line: bool) -> Result<String, String> {
        pattern::write(pattern, is_whole_line)
    }

    fn spell(&self, spelling: Spelling<'_>) -> Option<String> {
        pattern::spell(spelling)
    }

    fn instead(&self, text: &str) -> Option<String> {
        // `**` is special only before a slash.
        let directory = text.strip_suffix("**")?;
        (directory.len() > 1 && directory.ends_with('/')).then(|| directory.to_string())
    }

    fn read_pattern(&self, text: &str) -> Option<Pattern> {
        pattern::read(&pattern::normalise(text))
    }

    fn claims(&self, text: &[u8]) -> bool {
        text.split(|&byte| byte == b'\n').any(is_heading)
    }

    fn first_word<'l>(&self, line: &'l str) -> &'l str {
        first_word(line, read::is_separator)
    }

    fn read(&self, text: &str) -> File {
        read::read(text)
    }
}

/// Whether a line is the heading of a section, such as `^[Name][2] @owner`. A pattern may also start
/// with a class, but is seldom one alone.
fn is_heading(line: &[u8]) -> bool {
    let Ok(line) = str::from_utf8(line) else {
        return false;
    };
    let line = line.trim();
    let text = line.strip_prefix('^').unwrap_or(line);
    let Some((name, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) else {
        return false;
    };
    let count = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let rest = match count {
        Some((count, behind)) if count.bytes().all(|byte| byte.is_ascii_digit()) => behind,
        _ => rest,
    };
    !name.is_empty() && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings() {
        for text in ["[Docs]", " ^[Docs][2] @a\r", "[a b] @a"] {
            assert!(is_heading(text.as_bytes()), "{text}");
        }
        for text in [
            "[ab].txt @x",
            "/[ab]",
            "[] @a",
            "[Docs",
            "[A]@a",
            "[A][x]",
            "# [A]",
        ] {
            assert!(!is_heading(text.as_bytes()), "{text}");
        }
    }
}
