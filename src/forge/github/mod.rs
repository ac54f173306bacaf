//! GitHub. Source: its documentation, "About code owners".

#[cfg(feature = "live")]
mod api;
mod owner;
mod pattern;
mod read;
mod ruleset;
#[cfg(feature = "live")]
mod site;

use std::borrow::Cow;

use super::file::{first_word, is_unescaped_blank};
use super::{
    Abilities, Approvals, Below, Decides, Dialect, File, Nobody, Profile, Repeated, Spelling,
};
use crate::owner::{Owner, OwnerError, OwnerKind};
use crate::pattern::Pattern;

pub(super) const PROFILE: Profile = Profile {
    name: "github",
    title: "GitHub",
    locations: &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"],
    default_file: ".github/CODEOWNERS",
    marker: None,
    // "CODEOWNERS files must be under 3 MB in size."
    size_limit: Some(3 * 1024 * 1024),
    profiles: "github.com/",
    id_separator: '+',
    has_dots_in_logins: false,
    dialect: &GitHub,
    #[cfg(feature = "live")]
    api: &api::GitHubApi,
};

/// Patterns as in a `.gitignore`; the last line that matches a path decides.
#[derive(Debug)]
struct GitHub;

impl Dialect for GitHub {
    fn abilities(&self) -> Abilities {
        Abilities {
            below: Below::Included,
            one_level: true,
            decides: Decides::Last,
            repeated: Repeated::Both,
            nobody: Nobody::WithoutOwners,
            // "*.js @js-owner #This is an inline comment."
            inline_comments: true,
            approvals: Approvals::Document(&ruleset::Ruleset),
        }
    }

    fn check_owner(&self, text: &str) -> Result<(), OwnerError> {
        owner::check(text)
    }

    fn is_team(&self, owner: &Owner) -> bool {
        owner.kind() == OwnerKind::Team
    }

    fn widened<'p>(&self, pattern: &'p Pattern) -> Cow<'p, Pattern> {
        pattern::widened(pattern)
    }

    fn write(&self, pattern: &Pattern, is_whole_line: bool) -> Result<String, String> {
        pattern::write(pattern, is_whole_line)
    }

    fn spell(&self, spelling: Spelling<'_>) -> Option<String> {
        pattern::spell(spelling)
    }

    fn read_pattern(&self, text: &str) -> Option<Pattern> {
        pattern::read(text).ok().flatten()
    }

    fn claims(&self, _: &[u8]) -> bool {
        false
    }

    fn first_word<'l>(&self, line: &'l str) -> &'l str {
        first_word(line, is_unescaped_blank)
    }

    fn read(&self, text: &str) -> File {
        read::read(text)
    }
}
