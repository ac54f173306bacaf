//! Patterns: what they expand to, what they match and decide, and who takes the rest.

use std::ops::Range;

use super::super::Analysis;
use super::super::effect::{self, Counts, Effect, Taken};
use super::super::known::{Known, RuleAt};
use super::super::markup::{Line, Markup};
use super::super::token::{PatternOf, Token};
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::alternation::Alternation;
use crate::ruleset::{LineId, Rule, RuleId};

/// How many patterns, alternatives or rules are listed.
const MOST: usize = 12;
/// How many owners are listed.
const OWNERS: usize = 8;

/// The text about a pattern, or about the alternative of it at a place.
pub(super) fn hover(
    analysis: &Analysis<'_>,
    document: usize,
    index: usize,
    of: PatternOf,
    offset: usize,
) -> Option<(Range<usize>, Markup)> {
    let shown = analysis.documents[document];
    let token = &shown.outline.tokens[index];
    let value = shown.value(token);
    let page = Page {
        analysis,
        value: &value,
    };
    if of == PatternOf::Rule {
        let found = analysis
            .known
            .and_then(|known| Some((known, known.rules_of(shown).find(token)?)));
        if let Some((known, RuleAt::Rule(rule))) = found {
            // In a CODEOWNERS file, brackets are no alternatives.
            let is_toml = shown.forge.is_none();
            let alternative = is_toml.then(|| page.alternative_at(&shown.text, token, offset));
            let (part, span) = match alternative.flatten() {
                Some((part, span)) => (Some(part), span),
                None => (None, token.span.clone()),
            };
            return Some((span, page.rule(known, rule, part)));
        }
    }
    let patterns: Vec<Pattern> = match shown.forge {
        Some(forge) => forge.dialect.read_pattern(&value).into_iter().collect(),
        None => {
            let expansions = Alternation::parse(&value).ok()?.expansions.into_iter();
            let patterns = expansions.map(|expansion| expansion.pattern);
            match shown.directory.as_str() {
                "" => patterns.collect(),
                directory => patterns.map(|each| each.below(directory)).collect(),
            }
        }
    };
    Some((token.span.clone(), page.matches(&patterns, of)))
}

/// The text about a pattern.
struct Page<'p, 'a> {
    analysis: &'p Analysis<'a>,
    /// The pattern as it is written.
    value: &'p str,
}

impl Page<'_, '_> {
    /// The innermost alternative of the pattern at a place, and its bytes in the file.
    fn alternative_at(
        &self,
        text: &str,
        token: &Token,
        offset: usize,
    ) -> Option<(usize, Range<usize>)> {
        if !token.touches(offset) || !self.value.contains(['{', '<']) {
            return None;
        }
        let at = token.offset_in_value(text, offset);
        let alternation = Alternation::parse(self.value).ok()?;
        let all = alternation.alternatives.iter().enumerate();
        let here = all.filter(|(_, each)| each.span.start <= at && at <= each.span.end);
        // An inner one comes after those around it. Where two meet, the left one ends.
        let (index, found) = here.min_by_key(|(_, each)| each.span.len())?;
        Some((index, token.locate(text, found.span.clone())))
    }

    fn rule(&self, known: Known<'_>, id: RuleId, part: Option<usize>) -> Markup {
        let rules = &known.project.rules;
        let rule = &rules[id];
        let is_wanted = |line: LineId| match part {
            Some(part) => rules[line].alternatives.contains(&(part as u32)),
            None => true,
        };
        let effect = effect::of_rule(rules, self.analysis.paths, id, is_wanted);
        let mut text = Markup::new();
        text.paragraph(self.title(rule, part));
        text.paragraph(summary(effect.counts));
        let lines: Vec<LineId> = rule.lines.iter().filter(|&line| is_wanted(line)).collect();
        if part.is_none() && !rule.alternatives.is_empty() {
            alternatives(&mut text, rule, &effect);
        }
        if lines.len() > 1 || rule.alternatives.is_empty() || part.is_some() {
            let patterns = lines.iter().map(|&line| &rules[line].pattern);
            expansions(&mut text, self.value, &patterns.collect::<Vec<_>>());
        }
        self.examples(&mut text, &effect.examples);
        if effect.excepted > 0 {
            let line = Line::new().count(effect.excepted, "tracked file");
            text.item(line.words(" left to earlier rules by ").name("except"));
        }
        self.takers(&mut text, known, &effect.takers);
        text
    }

    /// The pattern or alternative, and who owns what it decides.
    fn title(&self, rule: &Rule, part: Option<usize>) -> Line {
        let name = match part {
            Some(part) => &self.value[rule.alternatives[part].span.clone()],
            None => self.value,
        };
        let line = match (part, name) {
            (Some(_), "") => Line::new().words("The empty alternative"),
            (Some(_), name) => Line::new().words("Alternative ").name(name),
            (None, name) => Line::new().name(name),
        };
        let verb = match rule.adds() {
            true => ": adds ",
            false => ": owned by ",
        };
        match &*rule.owners {
            [] => line.words(": owned by nobody"),
            owners => (line.words(verb)).names(owners.iter().map(Owner::as_str), OWNERS),
        }
    }

    fn examples(&self, text: &mut Markup, examples: &[crate::paths::PathId]) {
        if !examples.is_empty() {
            let examples = examples.iter().map(|&id| &self.analysis.paths[id]);
            text.item(Line::new().words("For example ").names(examples, MOST));
        }
    }

    /// The later rules that decide paths which the pattern matches.
    fn takers(&self, text: &mut Markup, known: Known<'_>, takers: &[(RuleId, Taken)]) {
        let project = known.project;
        for (rule, taken) in takers.iter().take(MOST) {
            let taker = &project.rules[*rule];
            let line = Line::new()
                .count(taken.count, "tracked file")
                .words(" taken by ");
            let line = line.name(&taker.pattern.value).words(" at ");
            let line = line.name(project.sources.place(&taker.location()));
            let example = &self.analysis.paths[taken.first];
            text.item(line.words(", for example ").name(example));
        }
        if let Some(rest) = takers.get(MOST..).filter(|rest| !rest.is_empty()) {
            let count = rest.iter().map(|(_, taken)| taken.count).sum();
            let line = Line::new().count(count, "tracked file").words(" taken by ");
            text.item(line.count(rest.len(), "other rule"));
        }
    }

    /// The text about a pattern that decides nothing.
    fn matches(&self, patterns: &[Pattern], of: PatternOf) -> Markup {
        let found = effect::matches(patterns, self.analysis.paths);
        let mut text = Markup::new();
        text.paragraph(Line::new().name(self.value).words(match of {
            PatternOf::Rule => "",
            PatternOf::Except => ": the rule leaves these paths to earlier rules",
            PatternOf::Requirement => ": the requirement is about these paths",
            PatternOf::RequirementExcept => ": the requirement is not about these paths",
            PatternOf::Approval => ": these paths need the approval",
            PatternOf::ApprovalExcept => ": the entry does not apply to these paths",
            PatternOf::Exempt => ": these paths may be unowned",
            PatternOf::Nested => ": these files are not read",
        }));
        let line = Line::new().words("Matches ");
        text.paragraph(line.count(found.count, "tracked file").words("."));
        if patterns.len() > 1 {
            for (pattern, &count) in patterns.iter().zip(&found.each).take(MOST) {
                let line = Line::new().name(pattern.to_string()).words(" matches ");
                text.item(line.number(count));
            }
            more(&mut text, patterns.len());
        } else {
            expansions(&mut text, self.value, &patterns.iter().collect::<Vec<_>>());
        }
        self.examples(&mut text, &found.examples);
        text
    }
}

fn summary(counts: Counts) -> Line {
    let line = Line::new().words("Decides ");
    let line = line.count(counts.decided, "tracked file");
    matched(line, counts).words(".")
}

/// How many paths match, if these are more than are decided.
fn matched(line: Line, counts: Counts) -> Line {
    match counts.matched > counts.decided {
        true => line.words(", and matches ").number(counts.matched),
        false => line,
    }
}

/// What each alternative decides and matches.
fn alternatives(text: &mut Markup, rule: &Rule, effect: &Effect) {
    let all = rule.alternatives.iter().zip(&effect.of_alternatives);
    for (alternative, &counts) in all.take(MOST) {
        let line = match &rule.pattern.value[alternative.span.clone()] {
            "" => Line::new().words("(empty)"),
            name => Line::new().name(name),
        };
        let line = line.words(" decides ").number(counts.decided);
        text.item(matched(line, counts));
    }
    more(text, rule.alternatives.len());
}

/// The patterns in normal form, unless that is what is written.
fn expansions(text: &mut Markup, written: &str, patterns: &[&Pattern]) {
    if patterns.is_empty() {
        return text.paragraph(Line::new().words("It can never match."));
    }
    let names: Vec<String> = patterns.iter().map(ToString::to_string).collect();
    let words = match &*names {
        [only] if only == written => return,
        [_] => "In full ",
        _ => "Expands to ",
    };
    text.item(Line::new().words(words).names(names.iter(), MOST));
}

fn more(text: &mut Markup, count: usize) {
    if count > MOST {
        text.item(
            Line::new()
                .words("and ")
                .number(count - MOST)
                .words(" more"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::ide::testing::World;

    fn hover(world: &World, text: &str) -> String {
        world.hover(text).unwrap_or_default()
    }

    const PATHS: [&str; 9] = [
        "README.md",
        "crates/nn/lib.rs",
        "crates/wasi-http/Cargo.lock",
        "crates/wasi-http/lib.rs",
        "crates/wasi/Cargo.lock",
        "crates/wasi/a.rs",
        "crates/wasi/b.rs",
        "crates/wasi/src/c.rs",
        "owners.toml",
    ];

    const CONFIG: &str = "[paths]\n'*' = '@all'\n\"/crates/<wasi,wasi-{http,tls}>/\" = { owners = '@w', except = '*.lock' }\n'/crates/wasi/src/' = '@c'\n";

    #[test]
    fn a_rule() {
        let world = World::new(&PATHS, CONFIG);
        assert_eq!(
            hover(&world, &CONFIG.replace("\"/crates", "\"/cr$0ates")),
            "`/crates/<wasi,wasi-{http,tls}>/`: owned by `@w`\n\n\
             Decides 3 tracked files, and matches 6.\n\n\
             - `wasi` decides 2, and matches 4\n\
             - `wasi-{http,tls}` decides 1, and matches 2\n\
             - `http` decides 1, and matches 2\n\
             - `tls` decides 0\n\
             - Expands to `/crates/wasi/`, `/crates/wasi-http/`, `/crates/wasi-tls/`\n\
             - For example `crates/wasi-http/lib.rs`, `crates/wasi/a.rs`, `crates/wasi/b.rs`\n\
             - 2 tracked files left to earlier rules by `except`\n\
             - 1 tracked file taken by `/crates/wasi/src/` at `owners.toml:4:1`, for example `crates/wasi/src/c.rs`"
        );
    }

    #[test]
    fn an_alternative() {
        let world = World::new(&PATHS, CONFIG);
        let shown = hover(&world, &CONFIG.replace("<wasi,", "<wa$0si,"));
        assert!(
            shown.starts_with(
                "Alternative `wasi`: owned by `@w`\n\nDecides 2 tracked files, and matches 4."
            ),
            "{shown}"
        );
        assert!(shown.contains("In full `/crates/wasi/`"), "{shown}");
        assert!(shown.contains("1 tracked file taken by"), "{shown}");
        let shown = hover(&world, &CONFIG.replace("http", "ht$0tp"));
        assert!(shown.starts_with("Alternative `http`: "), "{shown}");
    }

    #[test]
    fn other_patterns_and_texts_with_errors() {
        let world = World::new(&PATHS, CONFIG);
        assert_eq!(
            hover(&world, &CONFIG.replace("*.lock", "*.lo$0ck")),
            "`*.lock`: the rule leaves these paths to earlier rules\n\nMatches 2 tracked files.\n\n\
             - In full `**/*.lock`\n\
             - For example `crates/wasi-http/Cargo.lock`, `crates/wasi/Cargo.lock`"
        );
        // The text is broken now. The rule is known by its pattern.
        let broken = format!("{}\"/x/\" = [\n", CONFIG.replace("/src/' ", "/sr$0c/' "));
        let shown = hover(&world, &broken);
        assert!(
            shown.starts_with("`/crates/wasi/src/`: owned by `@c`"),
            "{shown}"
        );
        // This one is new.
        let shown = hover(&world, "[paths]\n'/crates/{wasi,n$0n}/' = 'x\n");
        assert!(shown.contains("Matches 5 tracked files."), "{shown}");
        assert!(shown.contains("- `/crates/nn/` matches 1"), "{shown}");
    }

    #[test]
    fn patterns_of_a_nested_file_are_about_its_directory() {
        let nested = [("crates/wasi", "[paths]\n'*.rs' = '@r'\n'/src/' = '@s'\n")];
        let world = World::nested(&PATHS, "nested = true\n[paths]\n'*' = '@all'\n", &nested);
        let shown = |text: &str| world.hover_in(1, text).unwrap();
        assert_eq!(
            shown("[paths]\n'*.rs$0' = '@r'\n'/src/' = '@s'\n"),
            "`*.rs`: owned by `@r`\n\nDecides 2 tracked files, and matches 3.\n\n\
             - In full `/crates/wasi/**/*.rs`\n\
             - For example `crates/wasi/a.rs`, `crates/wasi/b.rs`\n\
             - 1 tracked file taken by `/src/` at `crates/wasi/owners.toml:3:1`, for example `crates/wasi/src/c.rs`"
        );
        let new = shown("[paths]\n'{a,b}.rs$0' = ");
        assert!(new.contains("Matches 2 tracked files."), "{new}");
        assert!(new.contains("- `/crates/wasi/**/a.rs` matches 1"), "{new}");
    }

    #[test]
    fn a_line_of_a_codeowners_file() {
        let text = "* @all\n/crates/ @w # x\n/crates/wasi/ @o/wasi\n";
        let world = World::by_hand(&PATHS, text);
        let shown = hover(&world, &text.replace("/crates/ ", "/cra$0tes/ "));
        assert_eq!(
            shown,
            "`/crates/`: owned by `@w`\n\nDecides 3 tracked files, and matches 7.\n\n\
             - For example `crates/nn/lib.rs`, `crates/wasi-http/Cargo.lock`, `crates/wasi-http/lib.rs`\n\
             - 4 tracked files taken by `/crates/wasi/` at `CODEOWNERS:3:1`, for example `crates/wasi/Cargo.lock`"
        );
    }

    #[test]
    fn brackets_in_a_codeowners_file() {
        let text = "/{a,b}/ @w\n/<a,{b,c}> @x\n";
        let world = World::by_hand(&PATHS, text);
        for (from, to, start) in [
            ("a,b}", "a$0,b}", "`/{a,b}/`: owned by `@w`\n\nDecides 0"),
            ("b,c}", "b$0,c}", "`/<a,{b,c}>`: owned by `@x`\n\nDecides 0"),
        ] {
            let shown = hover(&world, &text.replacen(from, to, 1));
            assert!(shown.starts_with(start), "{shown}");
        }
    }

    #[test]
    fn names_that_are_markup() {
        let paths = ["a`b](c)/<img src=x>", "owners.toml"];
        let config = "[paths]\n\"/a`b](c)/\" = '@w'\n";
        let world = World::new(&paths, config);
        let shown = hover(&world, &config.replace("/a`", "/a$0`"));
        assert!(shown.starts_with("``/a`b](c)/``: owned by `@w`"), "{shown}");
        assert!(shown.contains("``a`b](c)/<img src=x>``"), "{shown}");
    }
}
