//! The rules of a CODEOWNERS file that somebody wrote by hand.
//!
//! In a repository without `owners.toml`, the lines of this file are the rules, so that the lints
//! and the reports work on it as they do on `owners.toml`. A line is a rule with one pattern, and
//! its place is that of the pattern.
//!
//! On GitLab each section decides on its own. So the rules are sorted by section, and within a
//! section the exclusions come last, because no other line of the section changes what they exclude.
//! After that, the last rule of a section that matches decides for the section, as in every other
//! file.
//!
//! Where every line counts, each is a rule that adds its owners. A line may be several entries there,
//! with patterns that it does not match.

use std::sync::Arc;

use super::{LineId, Rule, RuleException, RuleId, RuleLine, RuleSet, SectionId};
use crate::config::Text;
use crate::forge::{Decides, File, FileLine, Forge, line_span};
use crate::ids::{Id as _, IdRange, IdVec};
use crate::pattern::Pattern;
use crate::text::{FileId, Source};

impl RuleSet {
    /// The rules of a file as `forge` reads it. `source` is its text. Lines that can never match are
    /// left out.
    #[must_use]
    pub fn of_file(file: &File, source: &Source, forge: Forge) -> Self {
        let mut entries: Vec<&FileLine> = file.entries.iter().collect();
        // The sort is stable: the lines of a section stay in their order.
        entries.sort_by_key(|entry| (entry.section, entry.is_exclusion));
        let mut set = RuleSet::default();
        let is_one = |a: &&FileLine, b: &&FileLine| a.line == b.line && a.except == b.except;
        for entries in entries.chunk_by(is_one) {
            let first = set.lines.next_id();
            for entry in entries {
                let Some(pattern) = &entry.pattern else {
                    continue;
                };
                set.has_tests |= entry.test.is_some();
                set.lines.push(RuleLine {
                    rule: set.rules.next_id(),
                    pattern: pattern.clone(),
                    test: entry.test.clone(),
                    alternatives: Box::default(),
                });
            }
            let lines = IdRange::new(first, set.lines.next_id());
            if lines.is_empty() {
                continue;
            }
            let mut rule = rule(entries[0], source, forge, lines);
            if file.decides == Decides::Every {
                set.has_additions = true;
                rule.added = vec![rule.pattern.clone()];
                set.except(&mut rule, &entries[0].except);
            }
            set.rules.push(rule);
        }
        let first = set
            .rules
            .get(RuleId::from_number(0))
            .map(|rule| rule.section);
        set.has_sections = set.rules.iter().any(|rule| Some(rule.section) != first);
        set
    }

    /// Gives a rule its exceptions.
    fn except(&mut self, rule: &mut Rule, patterns: &[Pattern]) {
        let first = self.exceptions.next_id();
        for pattern in patterns {
            let entry = rule.except.push(Text {
                value: pattern.to_string(),
                span: rule.pattern.span.clone(),
            });
            self.exceptions.push(RuleException {
                rule: self.rules.next_id(),
                entry,
                pattern: pattern.clone(),
            });
        }
        rule.exceptions = IdRange::new(first, self.exceptions.next_id());
    }
}

fn rule(entry: &FileLine, source: &Source, forge: Forge, lines: IdRange<LineId>) -> Rule {
    // Of a repeated pattern, the last line has the owners.
    let number = entry.repeated_at.last().copied().unwrap_or(entry.line);
    let span = line_span(source, number);
    let text = &source.text[span.clone()];
    // A line may repeat the pattern of another line in another spelling.
    let pattern = match entry.repeated_at.is_empty() && text.starts_with(&entry.text) {
        true => &text[..entry.text.len()],
        false => forge.dialect.first_word(text),
    };
    let owners: Arc<[_]> = entry.owners.as_slice().into();
    Rule {
        file: FileId::ROOT,
        pattern: Text {
            value: pattern.to_string(),
            span: span.start..span.start + pattern.len(),
        },
        span,
        alternatives: Vec::new(),
        lines,
        except: IdVec::default(),
        exceptions: IdRange::up_to(0),
        people: owners.clone(),
        owners,
        added: Vec::new(),
        notify: Arc::default(),
        groups: Vec::new(),
        section: SectionId::from_index(entry.section),
        is_exclusion: entry.is_exclusion,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::Forge;
    use crate::ruleset::Ownership;

    fn set(text: &str, forge: Forge) -> (RuleSet, Source) {
        let source = Source::new("CODEOWNERS", text);
        (
            RuleSet::of_file(&forge.dialect.read(text), &source, forge),
            source,
        )
    }

    #[test]
    fn places_of_lines() {
        let text = "# x\n\t/a/  @a # why\r\n\n/b\n/ @c\n";
        let (rules, source) = set(text, Forge::GITHUB);
        let shown: Vec<(&str, &str)> = (rules.rules().iter())
            .map(|rule| (&*rule.pattern.value, &source.text[rule.span.clone()]))
            .collect();
        assert_eq!(shown, [("/a/", "/a/  @a # why"), ("/b", "/b")]);
        assert_eq!(
            source.line_column(rules.rules().as_slice()[0].pattern.span.start),
            (2, 2)
        );
    }

    #[test]
    fn each_section_decides_and_exclusions_are_final() {
        let text = "* @a\n!*.md\n/docs/ @b\n[S] @s\n/docs/\n[T]\n/docs/x @a\n";
        let (rules, _) = set(text, Forge::GITLAB);
        assert!(rules.has_sections());
        let matcher = rules.matcher();
        let mut walk = matcher.walk();
        let mut owners = |path: &str| -> String {
            let lines = walk.decide_each(path.as_bytes()).to_vec();
            let owners = rules.owners_of(&lines);
            owners
                .iter()
                .map(crate::owner::Owner::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(owners("x"), "@a");
        assert_eq!(owners("docs/y"), "@b @s");
        assert_eq!(owners("docs/y"), "@b @s");
        assert_eq!(owners("docs/x"), "@b @s @a");
        assert_eq!(owners("docs/y.md"), "@s");
        assert_eq!(owners("y.md"), "");
        let state = |path: &str| rules.ownership(matcher.decide(path.as_bytes()));
        assert_eq!(state("y.md"), Ownership::Nobody);
        assert!(matches!(state("docs/y.md"), Ownership::Owned(_)));
    }

    /// Words that make lines with sections, exclusions, repeated patterns and owners.
    const WORDS: [&str; 22] = [
        "*",
        "/a/",
        "/a",
        "a/",
        "*.md",
        "/a/*",
        "/a/**/*",
        "!/a/",
        "!*.md",
        "!*",
        "/[ab]",
        "[A]",
        "^[B][2]",
        "[a]",
        "/",
        "b",
        "@x",
        "@y",
        "u@example.com",
        "bad",
        "\n",
        "# @z",
    ];

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            failure_persistence: None,
            cases: 2000,
            ..Default::default()
        })]

        /// The rules give each path the owners that the file gives it, by the matcher of files. No
        /// line that decides is proved to be covered by other lines.
        #[test]
        fn the_rules_mean_what_the_file_means(lines in proptest::collection::vec(
            (0..WORDS.len(), proptest::collection::vec(0..WORDS.len(), 0..4)), 0..12,
        )) {
            let line = |(pattern, words): &(usize, Vec<usize>)| {
                let words = std::iter::once(pattern).chain(words);
                words.map(|&word| WORDS[word]).collect::<Vec<_>>().join(" ")
            };
            let text = lines.iter().map(line).collect::<Vec<_>>().join("\n");
            for &forge in Forge::ALL {
                let file = forge.dialect.read(&text);
                let source = Source::new("CODEOWNERS", text.as_str());
                let rules = RuleSet::of_file(&file, &source, forge);
                let matcher = rules.matcher();
                let mut walk = matcher.walk();
                let shadows = crate::ruleset::shadow::shadows_of(&rules);
                for path in ["a", "a/b", "a/b/x.md", "a/x.md", "b", "b/a/c", "c", "x.md", "x.md/y"] {
                    let mut expected: Vec<_> = file.owners(path.as_bytes()).concat();
                    let mut seen = std::collections::HashSet::new();
                    expected.retain(|owner| seen.insert(owner.folded()));
                    let found = walk.decide_each(path.as_bytes()).to_vec();
                    proptest::prop_assert_eq!(rules.owners_of(&found), expected, "{} in {}", path, text);
                    for &line in &found {
                        proptest::prop_assert!(shadows[line].is_none(), "{} in {}", path, text);
                    }
                    let decided = walk.decide(path.as_bytes());
                    proptest::prop_assert_eq!(decided, rules.first_owning(&found));
                }
                for rule in rules.rules() {
                    let own = &source.text[rule.span.clone()];
                    proptest::prop_assert!(own.starts_with(&rule.pattern.value), "{own}");
                    proptest::prop_assert_eq!(&source.text[rule.pattern.span.clone()], &rule.pattern.value);
                }
            }
        }
    }

    #[test]
    fn a_repeated_pattern_is_shown_with_its_last_line() {
        let text = "/docs/ @a\n/docs/x @b\n/docs/**/* @c\n";
        let (rules, source) = set(text, Forge::GITLAB);
        let first = &rules.rules().as_slice()[0];
        assert_eq!(&source.text[first.span.clone()], "/docs/**/* @c");
        assert_eq!(first.pattern.value, "/docs/**/*");
        assert_eq!(first.owners[0].as_str(), "@c");
    }
}
