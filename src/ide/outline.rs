//! The structure of a file: its tokens, and the entries and headers that they form.

use std::ops::Range;

use super::token::{Role, Token};

/// What a file consists of, in the order of the text.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// The keys, strings and words.
    pub(super) tokens: Vec<Token>,
    /// The keys with their values. An entry comes before those in its value.
    pub(super) entries: Vec<Entry>,
    /// The headers of tables or sections.
    pub(super) headers: Vec<Header>,
    /// The comments, without the line ends.
    pub(super) comments: Vec<Range<usize>>,
    /// The arrays and inline tables, from bracket to bracket.
    pub(super) brackets: Vec<Range<usize>>,
    /// The tokens that name a group where it is defined.
    pub(super) groups: Vec<usize>,
}

/// A key and its value, or a line of a CODEOWNERS file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The tokens of the key. There are several if it has dots.
    pub(super) keys: Range<usize>,
    /// The tokens of the value.
    pub(super) value: Range<usize>,
    /// From the key to the end of the value.
    pub(super) span: Range<usize>,
    /// The number of its table. Each header and each inline table has its own.
    pub(super) table: usize,
    /// The entry whose value it is in.
    pub(super) parent: Option<usize>,
    /// The header that it is under.
    pub(super) header: Option<usize>,
    /// Whether there is an `=`.
    pub(super) has_value: bool,
}

/// The header of a table: `[paths]`. Or of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The tokens of its name.
    pub(super) keys: Range<usize>,
    /// From bracket to bracket.
    pub(super) span: Range<usize>,
    /// Whether it is that of one of several tables: `[[require]]`.
    pub(super) is_array: bool,
    /// Whether its closing bracket is there.
    pub(super) is_closed: bool,
}

impl Outline {
    /// The same, with the groups found.
    pub(super) fn with_groups(mut self) -> Self {
        let tokens = self.tokens.iter().enumerate();
        let groups = tokens.filter(|(_, token)| token.role == Role::Group);
        self.groups = groups.map(|(index, _)| index).collect();
        self
    }

    /// The index of the token at a place. If two tokens meet there, the later one.
    pub(super) fn token_at(&self, offset: usize) -> Option<usize> {
        let after = self
            .tokens
            .partition_point(|token| token.span.start <= offset);
        let index = after.checked_sub(1)?;
        (offset <= self.tokens[index].span.end).then_some(index)
    }

    /// Whether a place is in a comment.
    pub(super) fn is_in_comment(&self, offset: usize) -> bool {
        let after = self
            .comments
            .partition_point(|comment| comment.start < offset);
        let comment = after
            .checked_sub(1)
            .and_then(|index| self.comments.get(index));
        comment.is_some_and(|comment| offset <= comment.end)
    }

    /// The tokens of these keys.
    pub(super) fn keys(&self, keys: &Range<usize>) -> &[Token] {
        &self.tokens[keys.clone()]
    }

    /// The keys that a token is among or below, from the innermost: of its entry, of the entries
    /// around that, of the header.
    pub(super) fn keys_around(&self, token: usize) -> impl Iterator<Item = &Token> {
        let entry = self.tokens[token].entry;
        let around = std::iter::successors(entry, |&entry| self.entries[entry].parent);
        let header = entry.and_then(|entry| self.entries[entry].header);
        let header = header.into_iter().flat_map(|header| {
            let keys = self.headers[header].keys.clone();
            self.keys(&keys).iter().rev()
        });
        let own = around.flat_map(move |entry| {
            let keys = self.entries[entry].keys.clone();
            keys.rev()
                .filter(move |&key| key <= token)
                .map(|key| &self.tokens[key])
        });
        own.chain(header)
    }

    /// The key with this role that a token is, or is below.
    pub(super) fn key_around(&self, token: usize, role: Role) -> Option<&Token> {
        self.keys_around(token).find(|key| key.role == role)
    }
}
