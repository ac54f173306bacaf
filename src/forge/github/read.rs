//! Reading a CODEOWNERS file as GitHub does.
//!
//! GitHub skips a line with any fault: "If any line in your CODEOWNERS file contains invalid
//! syntax, that line will be skipped."

use super::{owner, pattern};
use crate::forge::file::{
    File, FileLine, LineFault, RawLine, drop_repeated_owners, is_unescaped_blank, words,
};
use crate::owner::Owner;

pub(super) fn read(text: &str) -> File {
    File::empty().with_lines(text, entry)
}

/// Adds a line, unless it is blank.
fn entry(line: &mut RawLine<'_>, file: &mut File) -> Result<(), LineFault> {
    let words = words(line.trimmed(), is_unescaped_blank);
    let Some((&text, rest)) = words.split_first() else {
        return Ok(());
    };
    let pattern = pattern::read(text).map_err(|reason| line.fault(text, reason))?;
    let mut owners = Vec::new();
    for word in rest.iter().take_while(|word| !word.starts_with('#')) {
        owner::check(word).map_err(|error| {
            line.fault(word, format!("`{word}` is not an owner: {}", error.reason))
        })?;
        owners.push(Owner::unchecked(word));
    }
    drop_repeated_owners(&mut owners);
    file.entries.push(FileLine {
        line: line.number,
        text: text.to_string(),
        pattern,
        owners,
        approvals: 1,
        ..FileLine::default()
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(file: &File) -> Vec<String> {
        file.entries
            .iter()
            .map(|entry| {
                format!(
                    "{} {} {}",
                    entry.line,
                    entry.text,
                    Owner::join(&entry.owners)
                )
            })
            .collect()
    }

    #[test]
    fn forms_of_lines() {
        let text = "\u{FEFF}\t* \t@a  @org/t # no @c\r\n\r\n#x\n/My\\ Docs/ u@example.com\n/none";
        let file = read(text);
        assert_eq!(
            shown(&file),
            ["1 * @a @org/t", "4 /My\\ Docs/ u@example.com", "5 /none "]
        );
        assert_eq!(file.faults, []);
    }

    #[test]
    fn lines_that_are_skipped() {
        for (line, column, reason) in [
            ("  /[id]/ @a", 3, "must be escaped"),
            ("!/a @a", 1, "no effect"),
            ("\\#a @a", 1, "no effect"),
            ("/a#b @a", 1, "comment"),
            ("/a\\#b @a", 1, "comment"),
            ("\\[a\\] @a", 1, "drops a backslash"),
            ("* user", 3, "`user` is not an owner"),
            ("* @a @x.y", 6, "`@x.y` is not an owner"),
        ] {
            let file = read(line);
            assert_eq!(file.entries, [], "{line}");
            assert_eq!(
                (file.faults[0].line, file.faults[0].column),
                (1, column),
                "{line}"
            );
            assert!(
                file.faults[0].reason.contains(reason),
                "{line}: {}",
                file.faults[0].reason
            );
        }
    }

    #[test]
    fn a_pattern_that_never_matches_is_no_fault() {
        assert_eq!(read("/ @a").entries[0].pattern, None);
    }
}
