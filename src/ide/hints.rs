//! How many tracked files patterns decide, beside the patterns: the numbers that an editor shows in the
//! line.

use std::ops::Range;

use super::Analysis;
use super::document::Document;
use super::known::RuleAt;
use super::token::{PatternOf, Role, Token};
use crate::ruleset::survey::Survey;
use crate::ruleset::{LineId, Rule, RuleSet};
use crate::text::counted;

/// A note in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The byte that it is shown before.
    pub at: usize,
    /// What it says.
    pub label: String,
    /// Whether it stands behind a pattern, with a blank between, and not inside.
    pub is_behind: bool,
}

impl Analysis<'_> {
    /// The hints for the rules whose patterns are in a range of a document.
    #[must_use]
    pub fn hints(&self, document: usize, range: &Range<usize>) -> Vec<Hint> {
        let (Some(&shown), Some(known)) = (self.documents.get(document), self.known) else {
            return Vec::new();
        };
        let Some(survey) = known.survey else {
            return Vec::new();
        };
        let rules = known.rules_of(shown);
        let mut hints = Vec::new();
        let tokens = &shown.outline.tokens;
        let first = tokens.partition_point(|token| token.span.end < range.start);
        let tokens = tokens[first..]
            .iter()
            .take_while(|token| token.span.start <= range.end);
        let is_rule = |token: &&Token| token.role == Role::Pattern(PatternOf::Rule);
        for token in tokens.filter(is_rule) {
            if let Some(RuleAt::Rule(rule)) = rules.find(token) {
                let rule = &known.project.rules[rule];
                of_rule(
                    shown,
                    token,
                    (&known.project.rules, survey),
                    rule,
                    &mut hints,
                );
            }
        }
        hints
    }
}

fn of_rule(
    document: &Document,
    token: &Token,
    (rules, survey): (&RuleSet, &Survey),
    rule: &Rule,
    hints: &mut Vec<Hint>,
) {
    let decided = |line: LineId| survey.decided[line];
    let mut counts = vec![0; rule.alternatives.len()];
    let mut all = 0;
    for line in rule.lines {
        all += decided(line);
        for &alternative in &rules[line].alternatives {
            counts[alternative as usize] += decided(line);
        }
    }
    for (alternative, count) in rule.alternatives.iter().zip(counts) {
        let place = token.locate(&document.text, alternative.span.clone());
        hints.push(Hint {
            at: place.end,
            label: count.to_string(),
            is_behind: false,
        });
    }
    hints.push(Hint {
        at: token.span.end,
        label: counted(all, "file"),
        is_behind: true,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing::World;

    /// The text with its hints in it.
    fn shown(world: &World, text: &str, range: Range<usize>) -> String {
        let documents = world.documents(text);
        let documents: Vec<&Document> = documents.iter().collect();
        let mut text = text.to_string();
        let mut hints = world.analysis(&documents).hints(0, &range);
        hints.sort_by_key(|hint| hint.at);
        for hint in hints.iter().rev() {
            let label = match hint.is_behind {
                true => format!(" ({})", hint.label),
                false => format!("({})", hint.label),
            };
            text.insert_str(hint.at, &label);
        }
        text
    }

    const PATHS: [&str; 6] = ["a/1", "a/2", "b/x.md", "c", "d/e/é😀", "d/e/f"];

    #[test]
    fn patterns_and_alternatives() {
        let text = "[paths]\n\"*\" = '@x'\n\"/<a,b/{x,y}\\u002emd,>d\" = '@y'\n'/{,d/}e/{\u{e9}😀,f}' = '@z'\n'/a/1' = { notify = '@n' }\n";
        let text = &text.replace("/<a,b/{x,y}\\u002emd,>d", "/{a,b/{x,y}\\u002emd}");
        let world = World::new(&PATHS, text);
        let all = shown(&world, text, 0..text.len());
        assert_eq!(
            all,
            "[paths]\n\"*\" (1 file) = '@x'\n\"/{a(2),b/{x(1),y(0)}\\u002emd(1)}\" (3 files) = '@y'\n'/{(0),d/(2)}e/{\u{e9}😀(1),f(1)}' (2 files) = '@z'\n'/a/1' = { notify = '@n' }\n"
        );
        let second = text.find("\"/{a").unwrap();
        let part = shown(&world, text, second..second + 1);
        assert_eq!(part.matches('(').count(), 5, "{part}");
        // While the text is broken, the numbers stay.
        let broken = format!("{text}\"/new/\" = [");
        assert_eq!(
            shown(&world, &broken, 0..text.len()),
            format!("{all}\"/new/\" = [")
        );
    }

    #[test]
    fn lines_of_a_codeowners_file() {
        let text = "* @a\r\n/a/ @b # x\r\n/a/ @c\r\n";
        let world = World::by_hand(&PATHS, text);
        assert_eq!(
            shown(&world, text, 0..text.len()),
            "* (4 files) @a\r\n/a/ (0 files) @b # x\r\n/a/ (2 files) @c\r\n"
        );
    }
}
