//! Negated classes. `owners.toml` has no pattern for "any character except these". But `/v?` except `/va`
//! means `/v[!a]`, if it is certain which character of a path a class is about:
//!
//! ```text
//! /[!.]*      the first of a name at the root
//! *[!~]       the last of a name
//! *[!a]*      not certain: of `ab`, it is about the `b`, and the exception `*a*` would take it
//! ```

use super::ImportError;
use crate::codeowners::File;
use crate::pattern::{Class, Gap, OneOf, Pattern, Piece};

/// A pattern with `?` for each negated class, and the patterns of what these classes exclude. Other classes
/// stay. `None` if a class is not about a certain character.
pub(super) fn split(pattern: &Pattern) -> Option<(Pattern, Vec<Pattern>)> {
    let negated = pattern.classes().filter(|class| class.is_negated()).count();
    if negated == 0 {
        return Some((pattern.clone(), Vec::new()));
    }
    if !are_certain(pattern) {
        return None;
    }
    // `which` of the negated classes becomes the characters that it lists, the others become `?`.
    let with = |which: Option<usize>| {
        let mut index = 0;
        pattern.map_classes(|class| {
            if !class.is_negated() {
                return OneOf::Class(class.clone());
            }
            index += 1;
            match which == Some(index - 1) {
                true => class.listed(),
                false => OneOf::Anything,
            }
        })
    };
    let excluded = (0..negated).map(|which| with(Some(which)));
    Some((with(None)?, excluded.collect::<Option<Vec<_>>>()?))
}

/// The number of the first line with a negated class.
pub(super) fn first_line(file: &File) -> Option<usize> {
    let mut entries = file.entries.iter();
    let line = entries.find(|entry| {
        let pattern = entry.pattern.as_ref();
        pattern.is_some_and(|pattern| pattern.classes().any(Class::is_negated))
    });
    line.map(|line| line.line)
}

/// The error for a line with a negated class.
pub(super) fn refused(line: usize) -> ImportError {
    ImportError::Line {
        line,
        reason: "the forge accepts it, but owners.toml has no pattern for `any character except \
                 these`, and exceptions would not mean the same"
            .into(),
    }
}

/// Whether each negated class is about the same character of a path, however the path matches.
fn are_certain(pattern: &Pattern) -> bool {
    let is_closed = |gap: Gap| !gap.open;
    let steps = pattern.steps();
    steps.iter().enumerate().all(|(index, step)| {
        let pieces = step.glob.pieces();
        let is_negated = |piece: &Piece| matches!(piece, Piece::Class(class) if class.is_negated());
        let (Some(first), Some(last)) = (
            pieces.iter().position(is_negated),
            pieces.iter().rposition(is_negated),
        ) else {
            return true;
        };
        let before =
            std::iter::once(pattern.head()).chain(steps[..index].iter().map(|step| step.gap));
        let mut after = steps[index..].iter().map(|step| step.gap);
        let is_segment_certain = before.into_iter().all(is_closed) || after.all(is_closed);
        let has_star = |pieces: &[Piece]| pieces.iter().any(|each| matches!(each, Piece::Star));
        // Each of them may be counted from another end.
        let stars = pieces[first..=last]
            .iter()
            .filter(|each| matches!(each, Piece::Star));
        let is_place_certain = match stars.count() {
            0 => !has_star(&pieces[..first]) || !has_star(&pieces[last..]),
            1 => !has_star(&pieces[..first]) && !has_star(&pieces[last..]),
            _ => false,
        };
        is_segment_certain && is_place_certain
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::Forge;

    #[test]
    fn what_a_class_is_about() {
        for (text, expected) in [
            ("/v[!a]", Some("/v? except /va")),
            // Names are not empty, so `?*` is `*`.
            ("/[!.]*/", Some("/*/ except /.*/")),
            ("x*[!~]", Some("**/x?* except **/x*~")),
            ("/a/**/[!x]y", Some("/a/**/?y except /a/**/xy")),
            (
                "/[!ab][c-e]/**/x",
                Some("/?[c-e]/**/x except /[ab][c-e]/**/x"),
            ),
            ("/[!a]x*y[!b]", Some("/?x*y? except /ax*y?, /?x*yb")),
            ("/[!a]b[!c]", Some("/?b? except /ab?, /?bc")),
            ("/[a-c]", Some("/[a-c]")),
            ("*[!a]*", None),
            ("**/[!a]/**/b", None),
            ("/*[!a]*[!b]", None),
            ("/[!a]*[!b]*[!c]", None),
        ] {
            let pattern = Forge::GITLAB.dialect.read_pattern(text).unwrap();
            let shown = split(&pattern).map(|(wide, except)| {
                let except: Vec<String> = except.iter().map(ToString::to_string).collect();
                match except.is_empty() {
                    true => wide.to_string(),
                    false => format!("{wide} except {}", except.join(", ")),
                }
            });
            let file_only = shown.as_deref();
            assert_eq!(file_only, expected, "{text}");
        }
    }
}
