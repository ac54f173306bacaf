//! Reading a CODEOWNERS file of Bitbucket Cloud.
//!
//! What Bitbucket does with a line that it cannot read is not documented. Such lines are taken to have no
//! effect, and words that are not owners to be ignored.

use super::pattern::Fault;
use super::{owner, pattern};
use crate::forge::file::{
    File, FileLine, LineFault, RawLine, drop_repeated_owners, is_unescaped_blank, words,
};

pub(super) fn read(text: &str) -> File {
    File::empty().with_lines(text, entry)
}

/// Adds a line, unless it is blank, and the words in it that are not owners.
fn entry(line: &mut RawLine<'_>, file: &mut File) -> Result<(), LineFault> {
    let words = words(line.trimmed(), is_unescaped_blank);
    let Some((&text, rest)) = words.split_first() else {
        return Ok(());
    };
    if let Some(reason) = of_the_app(text) {
        return Err(line.fault(text, reason));
    }
    let pattern = pattern::read(text).map_err(|fault| match fault {
        Fault::Useless(reason) => line.fault(text, reason),
        Fault::Unknown(reason) => LineFault {
            is_unread: true,
            ..line.fault(text, reason)
        },
    })?;
    let mut owners = Vec::new();
    let mut ignored = Vec::new();
    for word in rest.iter().take_while(|word| !word.starts_with('#')) {
        match owner::read(word) {
            Ok(owner) => owners.push(owner),
            Err(error) => ignored
                .push(line.fault(word, format!("`{word}` is not an owner: {}", error.reason))),
        }
    }
    drop_repeated_owners(&mut owners);
    if owners.is_empty() {
        return Err(match ignored.into_iter().next() {
            Some(fault) => fault,
            None => LineFault {
                is_unread: true,
                ..line.fault(
                    text,
                    "Bitbucket Cloud does not document a line without owners",
                )
            },
        });
    }
    file.faults.extend(ignored);
    file.entries.push(FileLine {
        line: line.number,
        text: text.to_string(),
        pattern: Some(pattern),
        owners,
        approvals: 1,
        ..FileLine::default()
    });
    Ok(())
}

/// Why a line has no effect that starts with something of the Marketplace's app "Code Owners".
fn of_the_app(word: &str) -> Option<&'static str> {
    if word.starts_with("@@@") {
        return Some(
            "groups of the file (`@@@`) belong to an app of the Marketplace: Bitbucket itself has teams in `.bitbucket/teams.yaml`",
        );
    }
    let is_check = ["Check(", "OverallCheck("];
    if is_check.iter().any(|start| word.starts_with(start)) {
        return Some(
            "merge checks in the file belong to an app of the Marketplace: those of Bitbucket are settings of the repository",
        );
    }
    let is_setting = word.starts_with("CODEOWNERS.");
    is_setting.then_some("settings in the file belong to an app of the Marketplace")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::owner::Owner;

    #[test]
    fn forms_of_lines() {
        let text = "\u{FEFF}\t* \t@a  @w/team:random(2) # no @c\r\n\r\n#x\n/docs/ u@example.com @teams/sre\n";
        let file = read(text);
        let shown: Vec<String> = (file.entries.iter())
            .map(|each| format!("{} {} {}", each.line, each.text, Owner::line(&each.owners)))
            .collect();
        assert_eq!(
            shown,
            [
                "1 * @a @w/team:random(2)",
                "4 /docs/ u@example.com @teams/sre"
            ]
        );
        assert_eq!(file.faults, []);
    }

    #[test]
    fn lines_that_have_no_effect() {
        for (line, column, is_unread, reason) in [
            ("  /[ab]/ @a", 3, false, "character ranges"),
            ("!/a @a", 1, false, "negate"),
            ("\\#a @a", 1, false, "\\#"),
            ("/a\\ b @a", 1, true, "no escapes"),
            ("/a#b @a", 1, true, "comment"),
            ("/a**b @a", 1, true, "may match a slash"),
            ("**/ @a", 1, true, "differently"),
            ("\"a b\" @a", 1, true, "quotes"),
            ("/docs/", 1, true, "without owners"),
            ("/docs/ # @a", 1, true, "without owners"),
            ("* user", 3, false, "`user` is not an owner"),
            ("@@@Devs @a", 1, false, "Marketplace"),
            ("Check(@@Devs >= 2)", 1, false, "Marketplace"),
        ] {
            let file = read(line);
            assert_eq!(file.entries, [], "{line}");
            let [fault] = &file.faults[..] else {
                panic!("{line}: {:?}", file.faults);
            };
            assert!(fault.skips_line, "{line}");
            assert_eq!((fault.line, fault.column), (1, column), "{line}");
            assert_eq!(fault.is_unread, is_unread, "{line}");
            assert!(fault.reason.contains(reason), "{line}: {}", fault.reason);
        }
    }

    #[test]
    fn words_that_are_no_owners() {
        let file = read("* @a user @@g\n");
        assert_eq!(Owner::join(&file.entries[0].owners), "@a");
        let columns: Vec<usize> = file.faults.iter().map(|fault| fault.column).collect();
        assert_eq!(columns, [6, 11]);
        assert!(file.faults.iter().all(|fault| !fault.skips_line));
    }
}
