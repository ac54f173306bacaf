//! Witnesses: paths that a pattern matches and that few others do.
//!
//! Their names are made of the byte `FF` (`·` below), which is part of no text: no literal in any
//! pattern matches it. Gaps and stars are as short as they can be, and a little longer. For
//! `/docs/**/a*`:
//!
//! ```text
//! docs/a        docs/a·        docs/a··          docs/a·····
//! docs/·/a/·    docs/·/a·/·    docs/··/a··/··    and so on
//! ```
//!
//! A pattern that does not match one of these does not cover `/docs/**/a*`. A pattern that matches
//! all of them may still not: that takes a proof.

use crate::pattern::{Gap, Glob, Pattern, Piece};

/// The most bytes and segments that a witness may have.
pub(super) const MAX_WITNESS: usize = 1 << 14;

/// How many witnesses there are of many patterns.
const MOST_WITNESSES: usize = 20_000;

/// How many bytes the witnesses of many patterns may have.
const MOST_BYTES: usize = 20_000_000;

/// A byte that no literal matches.
pub(crate) const FRESH: u8 = 0xff;

/// How much longer than necessary the gaps and stars of witnesses are.
const EXCESS: [usize; 4] = [0, 1, 2, 5];

/// A few paths that `pattern` matches and that few other patterns do: names made of a byte that no
/// pattern mentions, with gaps and stars as short as possible and a little longer. The shortest path
/// comes first.
///
/// A claim about all paths of the pattern is false if it is false for one of these. It is not proven
/// by them. There are none if the pattern matches nothing, or only paths of absurd length. Some may
/// come twice.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::algebra::witnesses;
///
/// let pattern = Pattern::github("/docs/*.md").unwrap();
/// assert_eq!(witnesses(&pattern).next().unwrap(), b"docs/.md");
/// assert!(witnesses(&pattern).all(|path| pattern.matches(&path)));
/// ```
pub fn witnesses(pattern: &Pattern) -> impl Iterator<Item = Vec<u8>> {
    let has_gap = pattern.head().open || pattern.steps().iter().any(|step| step.gap.open);
    let pieces = pattern.steps().iter().flat_map(|step| step.glob.pieces());
    let has_star = pieces.into_iter().any(|piece| *piece == Piece::Star);
    // Without open gaps, or without stars, there is only one length. A name in a gap is never empty.
    let more_segments = &EXCESS[..if has_gap { EXCESS.len() } else { 1 }];
    let more_characters = match (has_star, has_gap) {
        (true, _) => &EXCESS[..],
        (false, true) => &EXCESS[1..],
        (false, false) => &EXCESS[..1],
    };
    more_segments.iter().flat_map(move |&more_segments| {
        let one = move |&more_characters| witness(pattern, more_segments, more_characters);
        more_characters.iter().filter_map(one)
    })
}

/// Witnesses of many patterns: several of each pattern; where that would be too many, one of each, or
/// one of every second pattern, and so on.
pub(crate) fn witnesses_of<'p>(
    patterns: impl ExactSizeIterator<Item = &'p Pattern>,
) -> impl Iterator<Item = Vec<u8>> {
    let each = (MOST_WITNESSES / patterns.len().max(1)).max(1);
    let every = patterns.len().div_ceil(MOST_WITNESSES).max(1);
    let mut bytes = 0;
    patterns
        .step_by(every)
        .flat_map(move |pattern| witnesses(pattern).take(each))
        .take_while(move |path| {
            bytes += path.len();
            bytes <= MOST_BYTES
        })
}

/// The witness with `more_segments` more than necessary in each open gap, and `more_characters` in each
/// star.
fn witness(pattern: &Pattern, more_segments: usize, more_characters: usize) -> Option<Vec<u8>> {
    let fresh = vec![FRESH; more_characters.max(1)];
    let mut path = Vec::new();
    let push = |path: &mut Vec<u8>, name: &[u8]| {
        path.extend_from_slice(name);
        path.push(b'/');
        (path.len() <= MAX_WITNESS).then_some(())
    };
    let push_gap = |path: &mut Vec<u8>, gap: Gap| {
        let more = if gap.open { more_segments } else { 0 };
        (0..gap.min as usize + more).try_for_each(|_| push(path, &fresh))
    };
    push_gap(&mut path, pattern.head())?;
    for step in pattern.steps() {
        push(&mut path, &name(&step.glob, more_characters)?)?;
        push_gap(&mut path, step.gap)?;
    }
    if path.is_empty() && pattern.head().open {
        push(&mut path, &fresh)?;
    }
    path.pop()?;
    Some(path)
}

/// A name that `glob` matches, with `in_star` characters in each star.
fn name(glob: &Glob, in_star: usize) -> Option<Vec<u8>> {
    let mut name = Vec::new();
    for piece in glob.pieces() {
        match piece {
            Piece::Text(text) => name.extend_from_slice(text.as_bytes()),
            Piece::One => name.push(FRESH),
            // The byte is in no set of characters, so each negated class matches it.
            Piece::Class(class) if class.is_negated() => name.push(FRESH),
            Piece::Class(class) => {
                let character = class.first_listed();
                name.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Piece::Star => name.extend(std::iter::repeat_n(FRESH, in_star)),
        }
        if name.len() > MAX_WITNESS {
            return None;
        }
    }
    (!name.is_empty() && !name.contains(&b'/')).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{self, pattern, text};
    use super::*;

    #[test]
    fn the_example_at_the_top() {
        let all: Vec<String> = witnesses(&pattern("/docs/**/a*"))
            .map(|path| String::from_utf8_lossy(&path).replace('\u{fffd}', "·"))
            .collect();
        assert_eq!(
            all[..6],
            [
                "docs/a",
                "docs/a·",
                "docs/a··",
                "docs/a·····",
                "docs/·/a/·",
                "docs/·/a·/·"
            ]
        );
        assert_eq!(all.len(), 16);
    }

    #[test]
    fn a_pattern_that_matches_nothing_has_none() {
        // GitHub's reader takes an escaped slash as a character, which no name has.
        assert_eq!(witnesses(&pattern(r"/a\/b")).count(), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(testing::cases()))]

        #[test]
        fn witnesses_match(pattern in testing::any_pattern()) {
            for path in witnesses(&pattern) {
                prop_assert!(pattern.matches(&path), "{}", text(&path));
            }
        }
    }
}
