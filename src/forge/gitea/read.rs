//! Reading a CODEOWNERS file as Gitea and Forgejo do.
//!
//! Tabs are blanks, a backslash takes the next character as it is, and a `#` without one before it
//! starts a comment anywhere. A line without owners is dropped. Every line that matches a path counts.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::automaton::{Dfa, Nfa, difference};
use super::expression::{self, Alternative, Expression};
use super::meaning::meaning;
use super::node::Node;
use super::syntax::Fault;
use super::{Engine, owner};
use crate::forge::file::{
    File, FileLine, LineFault, PathTest, RawLine, drop_repeated_owners, is_unescaped,
    is_unescaped_blank, words,
};
use crate::forge::{Decides, MAX_WRITING_STEPS};
use crate::owner::Owner;
use crate::pattern::budget::Budget;
use crate::pattern::{Gap, Glob, Pattern};

pub(super) fn read(text: &str, engine: Engine) -> File {
    let file = File {
        decides: Decides::Every,
        ..File::empty()
    };
    // For the tests of all lines.
    let mut budget = Budget::new(MAX_WRITING_STEPS);
    file.with_lines(text, |line, file| add_line(line, file, engine, &mut budget))
}

/// Adds the entries of a line, one for each pattern, and the words that the forge ignores.
fn add_line(
    line: &mut RawLine<'_>,
    file: &mut File,
    engine: Engine,
    budget: &mut Budget,
) -> Result<(), LineFault> {
    let words = words(without_comment(line.trimmed()), is_unescaped_blank);
    let Some((&text, rest)) = words.split_first() else {
        return Ok(());
    };
    if rest.is_empty() {
        return Err(line.fault(text, "a line without owners is dropped"));
    }
    let found = expression::read(&unescaped(text), engine);
    let found = found.map_err(|fault| match fault {
        Fault::Invalid(reason) => line.fault(text, format!("not a regular expression: {reason}")),
        Fault::Unknown(reason) => LineFault {
            is_unread: true,
            ..line.fault(text, reason)
        },
    })?;
    let mut owners = Vec::new();
    let mut faults = Vec::new();
    for word in rest {
        match owner_of(word) {
            Ok(owner) => owners.push(owner),
            Err(reason) => {
                faults.push(line.fault(word, format!("`{word}` is not an owner: {reason}")));
            }
        }
    }
    drop_repeated_owners(&mut owners);
    if owners.is_empty() {
        return Err(faults.swap_remove(0));
    }
    let entry = FileLine {
        line: line.number,
        text: text.to_string(),
        owners,
        approvals: 1,
        ..FileLine::default()
    };
    let Some(entries) = with_meaning(&entry, &found, budget) else {
        return Err(LineFault {
            is_unread: true,
            ..line.fault(text, "the regular expression is too large")
        });
    };
    file.entries.extend(entries);
    file.faults.extend(faults);
    Ok(())
}

/// An entry for each pattern of an expression. If patterns cannot say it, the entry has a wider one,
/// and a test. `None` if that is too large.
fn with_meaning(
    entry: &FileLine,
    expression: &Expression,
    budget: &mut Budget,
) -> Option<Vec<FileLine>> {
    let Some(all) = meaning(expression) else {
        if never_matches(expression) {
            return Some(vec![entry.clone()]);
        }
        return Some(vec![FileLine {
            pattern: Some(wide(expression)),
            test: Some(test(expression, budget)?),
            ..entry.clone()
        }]);
    };
    let mut entries: Vec<FileLine> = Vec::new();
    for each in all {
        for pattern in each.patterns {
            entries.push(FileLine {
                pattern: Some(pattern),
                except: each.except.clone(),
                ..entry.clone()
            });
        }
    }
    if entries.is_empty() {
        entries.push(entry.clone());
    }
    Some(entries)
}

/// Whether an expression is for texts with a slash at their start or end alone, which no path has.
fn never_matches(expression: &Expression) -> bool {
    let is_slash = |node: Option<&Rc<Node>>| node.is_some_and(|node| **node == Node::literal('/'));
    let is_no_path = |alternative: &Alternative| match &alternative.whole {
        Node::Concat(parts) => is_slash(parts.first()) || is_slash(parts.last()),
        _ => false,
    };
    !expression.is_negated && expression.alternatives.iter().all(is_no_path)
}

/// Tests whether a path matches an expression, in a time that depends on the path alone. `None` if the
/// automata for that are too large.
fn test(expression: &Expression, budget: &mut Budget) -> Option<PathTest> {
    let alternatives = expression.alternatives.iter();
    let all: Vec<Dfa> = alternatives
        .map(|each| {
            let nfa = Nfa::new([&each.whole].into_iter().chain(&each.without))?;
            difference(&nfa, budget)
        })
        .collect::<Option<_>>()?;
    let is_negated = expression.is_negated;
    Some(PathTest(Arc::new(move |path: &[u8]| {
        all.iter().any(|each| each.matches(path)) != is_negated
    })))
}

/// A pattern that matches at least what the expression does: the directories that all its paths start
/// with.
fn wide(expression: &Expression) -> Pattern {
    let [only] = expression.alternatives.as_slice() else {
        return Pattern::everything();
    };
    if expression.is_negated {
        return Pattern::everything();
    }
    let start = only.whole.literal_start();
    let Some((directories, _)) = start.rsplit_once('/') else {
        return Pattern::everything();
    };
    let mut pattern = Pattern::new(Gap::NONE);
    for name in directories.split('/') {
        if name.is_empty() {
            return Pattern::everything();
        }
        pattern.push(Glob::literal(name));
    }
    pattern.widen(Gap::SOME);
    pattern
}

/// The owner that a word names. The `@` may be left out.
fn owner_of(word: &str) -> Result<Owner, &'static str> {
    let word = unescaped(word);
    let name = match word.contains('@') {
        true => word,
        false => Cow::Owned(format!("@{word}")),
    };
    owner::check(&name).map_err(|error| error.reason)?;
    Ok(Owner::unchecked(&name))
}

/// A word without the escapes of the file.
pub(super) fn unescaped(word: &str) -> Cow<'_, str> {
    if !word.contains('\\') {
        return Cow::Borrowed(word);
    }
    let mut text = String::with_capacity(word.len());
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            _ => text.push(character),
        }
    }
    Cow::Owned(text)
}

/// The line up to a `#` that has no backslash before it.
fn without_comment(line: &str) -> &str {
    let mut comments = line.char_indices();
    let start = comments.find(|&(at, character)| character == '#' && is_unescaped(&line[..at]));
    &line[..start.map_or(line.len(), |(at, _)| at)]
}

/// The first word of a line that starts with it.
pub(super) fn first_word(line: &str) -> &str {
    crate::forge::file::first_word(without_comment(line), is_unescaped_blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, engine: Engine) -> Vec<String> {
        let file = read(text, engine);
        let shown = |entry: &FileLine| {
            let pattern = entry.pattern.as_ref().map(ToString::to_string);
            let except: String = (entry.except.iter())
                .map(|each| format!(" -{each}"))
                .collect();
            let test = if entry.test.is_some() { " ?" } else { "" };
            let pattern = pattern.unwrap_or("nothing".into());
            format!(
                "{} {pattern}{except}{test} {}",
                entry.line,
                Owner::join(&entry.owners)
            )
        };
        file.entries.iter().map(shown).collect()
    }

    #[test]
    fn forms_of_lines() {
        let text = "\u{FEFF}.*\t@a  b/c# no @c\r\n\r\n#x\n  a\\ b/.* @b\ndir/\\#x @d @d\n";
        for engine in [Engine::Re2, Engine::Backtracking] {
            assert_eq!(
                shown(text, engine),
                ["1 * @a @b/c", "4 /a b/ @b", "5 /dir/#x @d"]
            );
        }
    }

    #[test]
    fn lines_that_are_dropped() {
        for (line, column, reason) in [
            (".*", 1, "without owners"),
            (".* # @a", 1, "without owners"),
            ("**/x @a", 1, "is repeated"),
            (".* u@example.com", 4, "no e-mail"),
            ("  (a @b", 3, "has no `)`"),
        ] {
            let file = read(line, Engine::Re2);
            assert_eq!(file.entries, [], "{line}");
            let fault = &file.faults[0];
            assert!(fault.skips_line && !fault.is_unread, "{line}");
            assert_eq!((fault.line, fault.column), (1, column), "{line}");
            assert!(fault.reason.contains(reason), "{line}: {}", fault.reason);
        }
        let file = read("\\\\bx @a\n.* @a u@example.com", Engine::Re2);
        assert!(file.faults[0].is_unread);
        assert!(!file.faults[1].skips_line);
        assert_eq!(file.entries.len(), 1);
    }

    #[test]
    fn engines_differ() {
        let text = "/docs/.* @a\n(?!vendor/).*\\\\.rs @b\n";
        assert_eq!(
            shown(text, Engine::Backtracking),
            ["1 /docs/ @a", "2 **/*.rs -/vendor/ @b"]
        );
        assert_eq!(shown(text, Engine::Re2), ["1 nothing @a"]);
    }

    #[test]
    fn a_wider_pattern_has_a_test() {
        let text = "src/[a-z]+/x* @a\n";
        assert_eq!(shown(text, Engine::Re2), ["1 /src/ ? @a"]);
        let file = read(text, Engine::Re2);
        let test = file.entries[0].test.as_ref().unwrap();
        assert!(test.matches(b"src/ab/xx"));
        assert!(!test.matches(b"src/aB/xx"));
    }
}
