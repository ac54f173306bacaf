//! The layout of `owners.toml`: the blank lines and comments that the generated file mirrors.
//!
//! ```text
//! # Policy.                    preface: comments at the top, up to the last blank line
//!                              before the first table
//! [groups]                     nothing in here is mirrored
//! core = "@org/core"
//!
//! [paths]
//! # Everything.                above the rule `*`
//! "*" = "core"  # for now      note of the rule `*`
//!
//! #: stays here                a comment with `#:` is not mirrored
//! "/docs/" = []
//! # The end.                   end
//! ```
//!
//! The layout is read from the text of the file, between the positions of its rules.

/// A line without a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filler<'t> {
    /// A blank line.
    Blank,
    /// A comment, without the `#` at its start.
    Comment(&'t str),
}

/// The comments at the top of the file and the blank lines after them, up to the first table or key.
/// Comments directly above that are about it, so they are not included.
pub(super) fn preface(text: &str) -> Vec<Filler<'_>> {
    let mut lines: Vec<&str> = text.lines().take_while(|line| is_filler(line)).collect();
    let is_end = lines.len() == text.lines().count();
    if !is_end {
        let last_blank = lines.iter().rposition(|line| line.trim().is_empty());
        lines.truncate(last_blank.map_or(0, |index| index + 1));
    }
    fillers(&lines)
}

/// The lines directly above the rule whose key starts at `key`. The previous rule ends at `from`,
/// which is 0 for the first rule. Text before `from` is not read, because a line may hold a hundred
/// thousand rules.
pub(super) fn above(text: &str, from: usize, key: usize) -> Vec<Filler<'_>> {
    let Some(mut between) = text.get(from..key) else {
        return Vec::new();
    };
    // Without the start of the line with the key.
    between = &between[..between.rfind('\n').map_or(0, |newline| newline + 1)];
    if from > 0 {
        // The rest of the previous value's line is the note of that rule.
        between = match between.split_once('\n') {
            Some((_, rest)) => rest,
            None => return Vec::new(),
        };
    }
    if between.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<&str> = between
        .lines()
        .rev()
        .take_while(|line| is_filler(line))
        .collect();
    lines.reverse();
    fillers(&lines)
}

/// The comment after a value, on the same line. The value ends at `end`, and the next rule starts at
/// `next`.
pub(super) fn note(text: &str, end: usize, next: usize) -> Option<&str> {
    let rest = text.get(end..next)?.lines().next()?;
    let note = rest.trim().strip_prefix('#')?;
    let is_mirrored = !note.starts_with(':');
    Some(note.trim()).filter(|note| is_mirrored && !note.is_empty())
}

/// The comment after an item of an array, on the same line, behind the comma or bracket. The item ends
/// at `end`.
pub(super) fn item_note(text: &str, end: usize) -> Option<&str> {
    let line = text.get(end..)?.lines().next()?;
    let behind = line.trim_start_matches([' ', '\t', ',', ']']);
    let behind = text.len() - text[end..].len() + (line.len() - behind.len());
    note(text, behind, text.len())
}

/// The lines after the last rule, whose value ends at `from`. Comments directly above the next table
/// are about it, so they are not included.
pub(super) fn end(text: &str, from: usize) -> Vec<Filler<'_>> {
    let Some((_, rest)) = text.get(from..).and_then(|rest| rest.split_once('\n')) else {
        return Vec::new();
    };
    preface(rest)
}

fn is_filler(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// The mirrored lines. Where a comment is left out between two blank lines, one of these is left out
/// as well.
fn fillers<'t>(lines: &[&'t str]) -> Vec<Filler<'t>> {
    let mut fillers = Vec::with_capacity(lines.len());
    let mut is_left_out = false;
    for line in lines {
        let filler = match line.trim().strip_prefix('#') {
            None => Filler::Blank,
            Some(comment) if comment.starts_with(':') => {
                is_left_out = true;
                continue;
            }
            Some(comment) => Filler::Comment(comment),
        };
        let is_gap = matches!(fillers.last(), None | Some(Filler::Blank));
        if !(is_left_out && is_gap && filler == Filler::Blank) {
            fillers.push(filler);
        }
        is_left_out = false;
    }
    fillers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(fillers: &[Filler<'_>]) -> String {
        let lines = fillers.iter().map(|filler| match filler {
            Filler::Blank => "_".to_string(),
            Filler::Comment(text) => format!("#{text}"),
        });
        lines.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn the_preface_ends_at_the_last_blank_line() {
        for (text, expected) in [
            ("", ""),
            ("[groups]\n", ""),
            ("# about groups\n[groups]\n", ""),
            ("# a\n\n[groups]\n", "# a|_"),
            (
                "# a\r\n\r\n#b\r\n\r\n\r\n# groups\r\n[groups]\r\n",
                "# a|_|#b|_|_",
            ),
            ("#:schema x\n\n# a\n\n[groups]\n", "# a|_"),
            ("# a\n\n#: b\n\n# c\n\nx = 1", "# a|_|# c|_"),
            ("# only\n# comments", "# only|# comments"),
        ] {
            assert_eq!(shown(&preface(text)), expected, "{text}");
        }
    }

    #[test]
    fn the_lines_around_a_rule() {
        assert_eq!(shown(&above("x = 1\n\ny = 2", 5, 7)), "_");
        assert_eq!(shown(&above("x = 1\r\n\r\n\r\ny = 2", 5, 11)), "_|_");
        assert_eq!(shown(&above("x = 1\ny = 2", 5, 6)), "");
        let text =
            "[paths]\n\n# a\nx = 1 # note\n#: no\n\n# b\n  y = 2 #: no\n# end\n\n# table\n[t]\n";
        let key = |name: &str| text.find(name).unwrap();
        let (x, y) = (key("x ="), key("y ="));
        assert_eq!(shown(&above(text, 0, x)), "_|# a");
        assert_eq!(note(text, x + 5, y), Some("note"));
        assert_eq!(shown(&above(text, x + 5, y)), "# b");
        assert_eq!(note(text, y + 5, text.len()), None);
        assert_eq!(shown(&end(text, y + 5)), "# end|_");
    }

    #[test]
    fn several_rules_on_a_line() {
        let text = "paths = { x = 1, y = 2 } # end";
        assert_eq!(above(text, 0, 10), []);
        assert_eq!(note(text, 15, 17), None);
        assert_eq!(above(text, 15, 17), []);
        assert_eq!(note(text, 22, text.len()), None);
        assert_eq!(end(text, 22), []);
    }
}
