//! Edits a text: replaces ranges of its bytes, and keeps every other byte.

use std::ops::Range;

/// The replacement of a range of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) range: Range<usize>,
    /// What to write instead. Empty for a removal.
    pub(crate) new: String,
}

impl Splice {
    pub(crate) fn insert(at: usize, new: impl Into<String>) -> Self {
        let new = new.into();
        Splice { range: at..at, new }
    }

    pub(crate) fn remove(range: Range<usize>) -> Self {
        Splice {
            range,
            new: String::new(),
        }
    }
}

/// Removes byte ranges from a text. A line with only blanks left is removed too.
pub(crate) fn cut(text: &str, cuts: Vec<Range<usize>>) -> String {
    spliced(text, cuts.into_iter().map(Splice::remove).collect())
}

/// Applies splices. Removals may overlap, other splices may not. A line of which a removal leaves
/// only blanks is removed too.
pub(crate) fn spliced(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut merged: Vec<Splice> = Vec::new();
    for splice in splices {
        match merged.last_mut() {
            Some(last)
                if last.range.end >= splice.range.start
                    && last.new.is_empty()
                    && splice.new.is_empty() =>
            {
                last.range.end = last.range.end.max(splice.range.end);
            }
            _ => merged.push(splice),
        }
    }
    let mut left = String::with_capacity(text.len());
    let mut end = 0;
    for Splice { range, new } in merged {
        left.push_str(&text[end..range.start]);
        left.push_str(&new);
        end = range.end;
        if !new.is_empty() {
            continue;
        }
        // Only blanks are read: there may be a hundred thousand cuts on one line.
        let is_blank = |character: char| character.is_whitespace() && character != '\n';
        let before = left.trim_end_matches(is_blank);
        let behind = text[end..].trim_start_matches(is_blank);
        if !text[..end].ends_with('\n')
            && (before.is_empty() || before.ends_with('\n'))
            && behind.starts_with('\n')
        {
            left.truncate(before.len());
            end = text.len() - behind.len() + 1;
        }
    }
    left.push_str(&text[end..]);
    left
}
