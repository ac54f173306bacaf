//! A file as an editor shows it.

use std::borrow::Cow;
use std::fmt;

use super::outline::Outline;
use super::token::{Role, Token};
use super::{by_hand, toml};
use crate::forge::Forge;

/// An `owners.toml`, or a CODEOWNERS file that is written by hand, with the text that it has now.
/// The text may be broken.
#[derive(Clone)]
pub struct Document {
    /// The path of the file, relative to the root of the repository.
    pub name: String,
    /// The directory whose paths the file is about. Empty for the root.
    pub directory: String,
    /// The text, without a byte order mark.
    pub text: String,
    /// The forge, if it is a CODEOWNERS file.
    pub forge: Option<Forge>,
    pub(super) outline: Outline,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Document").field(&self.name).finish()
    }
}

/// A text without a byte order mark.
fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_string(),
        None => text,
    }
}

impl Document {
    /// An `owners.toml`. `directory` is that of the file, and empty for the file at the root.
    #[must_use]
    pub fn toml(name: impl Into<String>, directory: &str, text: impl Into<String>) -> Self {
        let text = without_mark(text.into());
        Document {
            name: name.into(),
            directory: directory.to_string(),
            outline: toml::outline(&text).with_groups(),
            text,
            forge: None,
        }
    }

    /// A CODEOWNERS file, as `forge` reads it.
    #[must_use]
    pub fn codeowners(name: impl Into<String>, text: impl Into<String>, forge: Forge) -> Self {
        let text = without_mark(text.into());
        Document {
            name: name.into(),
            directory: String::new(),
            outline: by_hand::outline(&text, forge),
            text,
            forge: Some(forge),
        }
    }

    /// The key, string or word at a place.
    #[must_use]
    pub fn token_at(&self, offset: usize) -> Option<&Token> {
        let index = self.outline.token_at(offset)?;
        self.outline.tokens.get(index)
    }

    /// The value of a token, with escapes resolved.
    pub(super) fn value(&self, token: &Token) -> Cow<'_, str> {
        token.value(&self.text)
    }

    /// The tokens with this role.
    pub(super) fn tokens(&self, role: Role) -> impl Iterator<Item = &Token> {
        let tokens = self.outline.tokens.iter();
        tokens.filter(move |token| token.role == role)
    }
}
