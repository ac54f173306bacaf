//! Merge conflicts that git wrote into a file, and that nobody resolved yet.
//!
//! ```text
//! <<<<<<< HEAD
//! what our side has
//! =======
//! what their side has
//! >>>>>>> topic
//! ```
//!
//! With the setting `merge.conflictStyle`, a line `|||||||` may start a third side: what both sides
//! had before.

use std::ops::Range;

/// A conflict in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The line `<<<<<<<`, without its line end.
    pub start: Range<usize>,
    /// The line `>>>>>>>`, without its line end.
    pub end: Range<usize>,
    /// The lines of each side.
    pub sides: Vec<Range<usize>>,
}

/// All conflicts in a text. A marker that does not belong to a whole conflict is ignored.
///
/// ```
/// use owners::text::conflicts;
///
/// let text = b"a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> topic\n";
/// let found = conflicts(text);
/// let sides: Vec<&[u8]> = found[0].sides.iter().map(|side| &text[side.clone()]).collect();
/// assert_eq!(sides, [b"b\n", b"c\n"]);
/// assert!(conflicts(b"=======\n").is_empty());
/// ```
#[must_use]
pub fn conflicts(text: &[u8]) -> Vec<Conflict> {
    let mut found = Vec::new();
    let mut open: Option<Conflict> = None;
    let mut side = 0;
    let mut at = 0;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        let (span, next) = (at..at + bare.len(), at + line.len());
        match (marker(bare), &mut open) {
            (Some(b'<'), _) => {
                open = Some(Conflict {
                    start: span,
                    end: 0..0,
                    sides: Vec::new(),
                });
                side = next;
            }
            (Some(b'|' | b'='), Some(conflict)) => {
                conflict.sides.push(side..at);
                side = next;
            }
            (Some(b'>'), Some(conflict)) if !conflict.sides.is_empty() => {
                conflict.sides.push(side..at);
                conflict.end = span;
                found.extend(open.take());
            }
            _ => {}
        }
        at = next;
    }
    found
}

/// The character of a line that is a marker: seven of the same character, and nothing or a name.
fn marker(line: &[u8]) -> Option<u8> {
    let &first = line.first().filter(|&first| b"<|=>".contains(first))?;
    let count = line.iter().take_while(|&&byte| byte == first).count();
    let ends = line.get(7).is_none_or(|&byte| byte == b' ');
    (count == 7 && ends).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_conflict() {
        for (text, sides) in [
            ("<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", vec!["x\n", "y\n"]),
            ("<<<<<<< a\r\n=======\r\ny\r\n>>>>>>> b", vec!["", "y\r\n"]),
            (
                "<<<<<<< a\nx\n||||||| c\nz\n=======\n>>>>>>> b\n",
                vec!["x\n", "z\n", ""],
            ),
            ("<<<<<<< a\nx\n=======\ny\n", vec![]),
            ("<<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", vec![]),
            ("<<<<<<<a\nx\n=======\ny\n>>>>>>> b\n", vec![]),
            ("x\n=======\ny\n>>>>>>> b\n", vec![]),
            ("<<<<<<< a\nx\n>>>>>>> b\n", vec![]),
            ("", vec![]),
        ] {
            let found = conflicts(text.as_bytes());
            let all = found.iter().flat_map(|each| each.sides.clone());
            let shown: Vec<&str> = all.map(|side| &text[side]).collect();
            assert_eq!(shown, sides, "{text:?}");
        }
    }
}
