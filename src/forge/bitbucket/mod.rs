//! Bitbucket Cloud. Source: Atlassian's documentation, "Set up and use code owners".
//!
//! Its patterns "follow most of the same rules as .gitignore syntax". GitHub's do, too, but some texts mean
//! one thing to gitignore and another on GitHub, and nobody documents which of the two Bitbucket follows.
//! So only texts are written that mean the same to both, without escapes, which are not documented
//! either. `docs/*` is one of the texts that do not: there is no pattern for one level only.

mod owner;
mod pattern;
mod read;

use std::borrow::Cow;

use super::file::{first_word, is_unescaped_blank};
use super::{
    Abilities, Approvals, Below, Decides, Dialect, File, Nobody, Profile, Repeated, Selectors,
    Spelling,
};
use crate::owner::{Owner, OwnerError, OwnerKind};
use crate::pattern::Pattern;

pub(super) const PROFILE: Profile = Profile {
    name: "bitbucket",
    title: "Bitbucket Cloud",
    locations: &[".bitbucket/CODEOWNERS"],
    default_file: ".bitbucket/CODEOWNERS",
    marker: None,
    // No limit is documented.
    size_limit: None,
    profiles: "bitbucket.org/",
    id_separator: '+',
    has_dots_in_logins: true,
    dialect: &Bitbucket,
    #[cfg(feature = "live")]
    api: &super::unasked::Unasked {
        title: "Bitbucket Cloud",
        host: "bitbucket.org",
        job: "BITBUCKET_BUILD_NUMBER",
    },
};

/// Patterns that mean the same to gitignore and on GitHub; the last line that matches a path decides.
#[derive(Debug)]
struct Bitbucket;

impl Dialect for Bitbucket {
    fn abilities(&self) -> Abilities {
        Abilities {
            below: Below::Included,
            one_level: false,
            decides: Decides::Last,
            repeated: Repeated::Both,
            // What a line without owners means is not documented.
            nobody: Nobody::NoLine,
            // "at the start of line or inline with any text"
            inline_comments: true,
            approvals: Approvals::Settings {
                help: "demand approvals with the merge checks of the branch; then set this lint to `allow`",
            },
        }
    }

    fn check_owner(&self, text: &str) -> Result<(), OwnerError> {
        owner::check(text)
    }

    fn read_owner(&self, word: &str) -> Result<Owner, OwnerError> {
        owner::read(word)
    }

    fn selectors(&self) -> Option<&'static Selectors> {
        Some(&owner::SELECTORS)
    }

    fn is_team(&self, owner: &Owner) -> bool {
        owner.kind() == OwnerKind::Team
    }

    fn widened<'p>(&self, pattern: &'p Pattern) -> Cow<'p, Pattern> {
        pattern::widened(pattern)
    }

    fn write(&self, pattern: &Pattern, _: bool) -> Result<String, String> {
        pattern::write(pattern)
    }

    fn spell(&self, spelling: Spelling<'_>) -> Option<String> {
        pattern::spell(spelling)
    }

    fn read_pattern(&self, text: &str) -> Option<Pattern> {
        pattern::read(text).ok()
    }

    fn also(&self, text: &str) -> Option<Pattern> {
        pattern::also(text)
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
