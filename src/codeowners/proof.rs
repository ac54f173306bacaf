//! The proof that a rendered file means what the rules say.
//!
//! The text is read back with the reader for its platform, and the list of patterns and owners that
//! comes out must be the list that the rules expand to. Patterns are compared in normal form, where
//! equal values mean the same paths, so this settles every possible tree and needs none.

use std::fmt;

use super::github;
use super::read::read;
use super::render::Rendered;
use crate::owner::Owner;
use crate::platform::Platform;
use crate::ruleset::RuleSet;

/// Where a rendered file departs from the rules: a bug in the renderer or in the reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The line of the rendered file, from 1; one past its end where a line is missing.
    pub line: usize,
    /// What the rules say there.
    pub expected: String,
    /// What the file says there.
    pub found: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Disagreement {
            line,
            expected,
            found,
        } = self;
        write!(
            f,
            "line {line}: the rules say `{expected}`, the file says `{found}`"
        )
    }
}

/// Proves that `rendered` means what `rules` say.
///
/// # Errors
///
/// The first difference.
pub fn prove(rules: &RuleSet, rendered: &Rendered) -> Result<(), Disagreement> {
    let lines = read(&rendered.text, rendered.platform);
    for index in 0..lines.len().max(rules.lines.len()) {
        let expected = rules.lines.get(index).map(|line| {
            let meaning = match rendered.platform {
                Platform::GitHub => github::widened(&line.pattern),
            };
            (meaning, &rules.rules[line.rule as usize].owners[..])
        });
        let found = lines.get(index).map(Result::as_ref);
        let is_same = match (&expected, found) {
            (Some((pattern, owners)), Some(Ok(entry))) => {
                entry.pattern.as_ref() == Some(pattern) && entry.owners == *owners
            }
            _ => false,
        };
        if !is_same {
            return Err(Disagreement {
                line: match found {
                    Some(Ok(entry)) => entry.line,
                    Some(Err(fault)) => fault.line,
                    None => rendered.text.lines().count() + 1,
                },
                expected: expected.map_or("nothing".into(), |(pattern, owners)| {
                    show(&pattern.to_string(), owners)
                }),
                found: match found {
                    Some(Ok(entry)) => show(&entry.text, &entry.owners),
                    Some(Err(fault)) => format!("a line in error: {}", fault.reason),
                    None => "nothing".into(),
                },
            });
        }
    }
    Ok(())
}

fn show(pattern: &str, owners: &[Owner]) -> String {
    owners
        .iter()
        .fold(pattern.to_string(), |line, owner| format!("{line} {owner}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    /// Renders, lets `sabotage` change the text, and proves.
    fn prove_after(sabotage: impl Fn(&str) -> String) -> Result<(), Disagreement> {
        let project = Project::from_text(
            "[paths]\n\"*\" = \"@a\"\n\"/d/{x,y}/\" = [\"@b\", \"@c\"]\n\"/a b\" = []\n",
        )
        .unwrap();
        let mut rendered =
            super::super::render(&project.rules, Platform::GitHub, "owners.toml").unwrap();
        rendered.text = sabotage(&rendered.text);
        prove(&project.rules, &rendered)
    }

    #[test]
    fn a_right_text_passes() {
        assert_eq!(prove_after(str::to_string), Ok(()));
        // Spelling is not meaning.
        assert_eq!(
            prove_after(|text| text.replace("/d/x/", "d/x/**").replace('\n', "\r\n")),
            Ok(())
        );
    }

    #[test]
    fn every_sabotage_is_caught() {
        for (what, old, new) in [
            ("a leaked group", "/d/x/", "/d/{x,y}/"),
            ("a lost slash", "/d/x/", "/d/x"),
            ("a lost owner", "@b @c", "@b"),
            ("owners in another order", "@b @c", "@c @b"),
            ("an owner where there is none", "/a\\ b", "/a\\ b @a"),
            ("a lost escape", "/a\\ b", "/a b"),
            ("a lost line", "/d/y/ @b @c\n", ""),
            ("a line too many", "/a\\ b", "/a\\ b\n/z @z"),
            ("an owner who is none", "@b", "@b.c"),
            ("a wider pattern", "* @a", "/* @a"),
        ] {
            let result = prove_after(|text| {
                assert!(text.contains(old), "{what}: {text}");
                text.replace(old, new)
            });
            assert!(result.is_err(), "{what}");
        }
    }
}
