//! How many bytes the parts of a tree take in the page, at most.

use super::leaf::{LabelBytes, Leaf};
use crate::text::{escaped_except, is_plain};

/// `{"n":"","c":[]},` without the name.
const DIRECTORY: usize = 16;
/// `{}` without its fields, each of which has a comma. Instead of the last one, there is one behind it.
const LEAF: usize = 2;
/// `{},`
const EMPTY: usize = 3;
/// `"",` without the name.
const PLAIN: usize = 3;
/// `"n":"",` without the name, and `"f":,` and `"l":,` without their numbers.
const NAME: usize = 7;
const NUMBER: usize = 5;

/// The bytes of a directory without what is in it.
pub(super) fn directory_bytes(name: &[u8]) -> usize {
    DIRECTORY + text_bytes(name)
}

/// The bytes of a leaf, whose label may be the usual one of its directory.
pub(super) fn leaf_bytes(leaf: &Leaf<'_>, label: LabelBytes, is_usual: bool) -> usize {
    let number = |count: u64, usual: u64| match count == usual {
        true => 0,
        false => NUMBER + digits(count),
    };
    let numbers = number(leaf.size.files, 1) + number(leaf.size.lines, 0) + label.more;
    match leaf.name.map(text_bytes) {
        Some(name) if is_usual && numbers == 0 => PLAIN + name,
        name => {
            let name = name.map_or(0, |name| NAME + name);
            let decision = if is_usual { 0 } else { label.decision };
            (LEAF + name + decision + numbers).max(EMPTY)
        }
    }
}

/// The digits of a number.
#[must_use]
pub fn digits(number: u64) -> usize {
    number
        .checked_ilog10()
        .map_or(1, |power| power as usize + 1)
}

/// A name, as text in the JSON of a page: a character may be written as `\u003c`.
fn text_bytes(name: &[u8]) -> usize {
    let bytes = |text: &str| {
        let byte = |byte: u8| match byte {
            b'<' | b'>' | b'&' | b'#' => 6,
            b'"' | b'\\' => 2,
            _ => 1,
        };
        text.bytes().map(byte).sum()
    };
    match str::from_utf8(name) {
        Ok(text) if is_plain(text) => bytes(text),
        _ => bytes(&escaped_except(name, &[])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_digits() {
        for (number, count) in [(0, 1), (9, 1), (10, 2), (99, 2), (100, 3), (u64::MAX, 20)] {
            assert_eq!(digits(number), count);
        }
    }
}
