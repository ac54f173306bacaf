//! Plans the lines that add owners to those that earlier rules give.
//!
//! A rule with pattern P adds the owners A. For a path of P, the last earlier line that matches must
//! give its own owners and A, and if none matches, A alone. So after the earlier lines comes a line
//! for what none of them matches, and every earlier line is repeated in the same order, intersected
//! with P:
//!
//! ```text
//! *             @all
//! /docs/        @docs           "*.lock" = { add = "@sec" }
//! *.lock        @all @sec       * ∩ *.lock
//! /docs/**/*.lock @docs @sec    /docs/ ∩ *.lock
//! ```
//!
//! The line for what no line matches is left out if a single line covers P (here `*`).
//!
//! A line that P covers needs no second line: A is added in its place, unless a line of the rule
//! already overlaps it, which would then decide. So a rule that adds to every path (`*`) after a
//! thousand rules adds no line to the file.
//!
//! The paths that the rule excepts are restored afterwards, as those of every rule are (see
//! `restore`).

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::block::{Candidate, LaterCandidates, RuleBlock, Source, common, length, within_budget};
use super::restore::Exceptions;
use super::{PlannedLineId, Planner, Refusal, STEPS_PER_PAIR};
use crate::ids::IdRange;
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::algebra::plainly_covers;
use crate::pattern::budget::Budget;
use crate::ruleset::{LineId, MAX_RULE_OWNERS, RuleId, RuleSet, composed};

/// A part of a rule that adds: a pattern that the forge can express, and its line in the rules.
type Part = (Pattern, LineId);

/// Why a rule cannot add to the paths of another pattern.
pub(super) type Failure = (Refusal, Option<Pattern>);

impl Planner<'_> {
    /// Plans a rule that adds.
    ///
    /// # Errors
    ///
    /// The reason, and the earlier pattern that cannot be added to.
    pub(super) fn addition(&mut self, rules: &RuleSet, id: RuleId) -> Result<(), Failure> {
        let exceptions = Exceptions::new(rules, id);
        let mut block = RuleBlock::new(id, &rules[id]);
        let matched = self.add_owners(rules, &mut block, &exceptions)?;
        if !exceptions.is_empty() {
            self.restore(&mut block, &matched, &exceptions)
                .map_err(|refusal| match refusal {
                    Refusal::FilesAtAnyDepth => (Refusal::FilesOfExceptions, None),
                    other => (other, None),
                })?;
        }
        Ok(())
    }

    /// Plans a run of rules that add (see `combined`). Each adds to what stands before the run, and its
    /// lines take the paths that the rules above it except.
    ///
    /// # Errors
    ///
    /// The rule, and why.
    pub(super) fn run(
        &mut self,
        rules: &RuleSet,
        run: IdRange<RuleId>,
    ) -> Result<(), (RuleId, Failure)> {
        let mut block: Option<RuleBlock> = None;
        for id in run {
            let block = block.get_or_insert_with(|| RuleBlock::new(id, &rules[id]));
            block.rule = id;
            (self.add_owners(rules, block, &Exceptions::none()))
                .map_err(|failure| (id, failure))?;
        }
        Ok(())
    }

    /// Adds the owners of the rule of `block`. Returns its patterns that exceptions may overlap.
    fn add_owners(
        &mut self,
        rules: &RuleSet,
        block: &mut RuleBlock,
        exceptions: &Exceptions<'_>,
    ) -> Result<Vec<Pattern>, Failure> {
        let id = block.rule;
        let own = self.own_patterns(rules, id, exceptions).map_err(alone)?;
        for candidate in self.with_more_owners(&own.forms, &rules[id].owners, block)? {
            self.add(block, &candidate, exceptions)
                .map_err(|refusal| (refusal, self.source_pattern(candidate.source)))?;
        }
        Ok(own.matched)
    }

    /// The lines that give the paths of `parts` the owners that they have before the rule and those
    /// that it adds.
    fn with_more_owners(
        &mut self,
        parts: &[Part],
        added: &[Owner],
        block: &RuleBlock,
    ) -> Result<Vec<Candidate>, Failure> {
        let mut pairs: Vec<(PlannedLineId, usize)> = Vec::new();
        for (number, (part, _)) in parts.iter().enumerate() {
            let lines = self.earlier.possible_overlaps(part);
            let steps = STEPS_PER_PAIR * lines.len();
            within_budget(self.budget.spend(steps)).map_err(alone)?;
            pairs.extend(lines.into_iter().map(|id| (id, number)));
        }
        pairs.sort_unstable();
        let mut adding = Adding {
            parts,
            is_open: vec![true; parts.len()],
            later: LaterCandidates::new(block.limit),
            owners: Composer::new(added),
        };
        // Go from the last line to the first. Once a line covers a part, earlier lines decide nothing
        // in it.
        for pairs in pairs.chunk_by(|a, b| a.0 == b.0).rev() {
            let id = pairs[0].0;
            let numbers = pairs.iter().map(|&(_, number)| number);
            self.add_to_line(id, numbers, block, &mut adding)
                .map_err(|refusal| (refusal, Some(self.lines[id].pattern.clone())))?;
        }
        for (number, (part, origin)) in parts.iter().enumerate().rev() {
            if adding.is_open[number] {
                let candidate = Candidate {
                    pattern: part.clone(),
                    owners: added.into(),
                    source: Source::Unmatched,
                    origin: Some(*origin),
                };
                (adding.later.add(candidate, self.budget)).map_err(alone)?;
            }
        }
        Ok(adding.later.into_first_to_last())
    }

    /// Adds candidates for what an earlier line and some parts have in common.
    fn add_to_line(
        &mut self,
        id: PlannedLineId,
        numbers: impl Iterator<Item = usize> + Clone,
        block: &RuleBlock,
        adding: &mut Adding<'_>,
    ) -> Result<(), Refusal> {
        let line = &self.lines[id];
        let before = block.changed.get(&id).unwrap_or(&line.owners);
        let budget = &mut *self.budget;
        let open: Vec<usize> = numbers.filter(|&number| adding.is_open[number]).collect();
        let mut is_whole = false;
        for &number in &open {
            let part = &adding.parts[number].0;
            is_whole |= within_budget(plainly_covers(part, &line.pattern, budget))?;
            if within_budget(plainly_covers(&line.pattern, part, budget))? {
                adding.is_open[number] = false;
            }
        }
        if is_whole {
            return adding.later.add_anyway(Candidate {
                pattern: line.pattern.clone(),
                owners: adding.owners.with_more(before, budget)?,
                source: Source::Whole(id),
                origin: None,
            });
        }
        for &number in open.iter().rev() {
            let (part, origin) = &adding.parts[number];
            for pattern in common(&line.pattern, part, budget)?.into_iter().rev() {
                let candidate = Candidate {
                    origin: (pattern == *part).then_some(*origin),
                    pattern,
                    owners: adding.owners.with_more(before, budget)?,
                    source: Source::Narrowed(id),
                };
                adding.later.add(candidate, budget)?;
            }
        }
        Ok(())
    }

    /// Adds owners to a line in its place, or appends a candidate.
    fn add(
        &mut self,
        block: &mut RuleBlock,
        candidate: &Candidate,
        exceptions: &Exceptions<'_>,
    ) -> Result<(), Refusal> {
        if exceptions.cover(&candidate.pattern, self.budget)? {
            return Ok(());
        }
        match candidate.source {
            Source::Whole(id) if !self.meets(block, &candidate.pattern)? => {
                let line = &mut self.lines[id];
                if line.owners != candidate.owners {
                    self.size += length(&candidate.owners) - length(&line.owners);
                    let before = std::mem::replace(&mut line.owners, candidate.owners.clone());
                    block.changed.entry(id).or_insert(before);
                }
                Ok(())
            }
            _ => self.write(block, candidate),
        }
    }

    fn source_pattern(&self, source: Source) -> Option<Pattern> {
        match source {
            Source::Unmatched => None,
            Source::Narrowed(id) | Source::Whole(id) => Some(self.lines[id].pattern.clone()),
        }
    }
}

fn alone(refusal: Refusal) -> Failure {
    (refusal, None)
}

/// The state of the search for candidates.
struct Adding<'p> {
    parts: &'p [Part],
    /// For each part, whether no later line covers it.
    is_open: Vec<bool>,
    later: LaterCandidates,
    owners: Composer<'p>,
}

/// Adds owners to lists of owners. Many lines share a list, and so do the results.
struct Composer<'a> {
    added: &'a [Owner],
    /// The results, by the address and length of the list.
    known: FxHashMap<(*const Owner, usize), Arc<[Owner]>>,
}

impl<'a> Composer<'a> {
    fn new(added: &'a [Owner]) -> Self {
        Composer {
            added,
            known: FxHashMap::default(),
        }
    }

    /// A list with the added owners. The same list, if they are in it already.
    fn with_more(
        &mut self,
        owners: &Arc<[Owner]>,
        budget: &mut Budget,
    ) -> Result<Arc<[Owner]>, Refusal> {
        let key = (owners.as_ptr(), owners.len());
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        within_budget(budget.spend(owners.len() + self.added.len()))?;
        let all = composed([owners, self.added].into_iter());
        if all.len() > MAX_RULE_OWNERS {
            return Err(Refusal::TooManyOwners);
        }
        let all = match all.len() == owners.len() {
            true => owners.clone(),
            false => all.into(),
        };
        self.known.insert(key, all.clone());
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::codeowners::plan;
    use crate::forge::{Below, Decides, Forge};
    use crate::owner::Owner;
    use crate::project::Project;

    /// The planned lines, or why there are none.
    fn lines(rules: &str, forge: Forge) -> Vec<String> {
        let project = Project::from_text(&format!("[paths]\n{rules}")).unwrap();
        match plan(&project.rules, forge) {
            Ok(lines) => (lines.iter())
                .map(|line| format!("{} {}", line.pattern, Owner::join(&line.owners)))
                .collect(),
            Err(inexact) => inexact.into_iter().map(|each| each.reason).collect(),
        }
    }

    #[test]
    fn what_is_written() {
        for (rules, expected) in [
            ("'*' = { add = '@x' }", &["* @x"][..]),
            ("'*' = '@a'\n'**' = { add = '@x' }", &["* @a @x"]),
            // Who is there already is not added, and no line changes.
            ("'*' = ['@a', '@X']\n'*.md' = { add = '@x' }", &["* @a @X"]),
            (
                "'*' = ['@a', '@x']\n'/d/' = '@d'\n'*.md' = { add = '@x' }",
                &["* @a @x", "/d/ @d", "/d/**/*.md @d @x"],
            ),
            // A line that a later one covers is not narrowed.
            (
                "'*' = '@a'\n'/d/e/' = '@e'\n'/d/' = '@d'\n'*.md' = { add = '@x' }",
                &[
                    "* @a",
                    "/d/e/ @e",
                    "/d/ @d",
                    "**/*.md @a @x",
                    "/d/**/*.md @d @x",
                ],
            ),
            // The line in its place would no longer decide, so it is repeated.
            (
                "'/d/x.md' = '@d'\n'*.md' = { add = '@x' }",
                &["**/*.md @x", "/d/x.md @d @x"],
            ),
            // Several patterns of one rule.
            (
                "'*' = '@a'\n'/d/' = '@d'\n'/{d,e}/' = { add = '@x' }",
                &["* @a", "/d/ @d @x", "/e/ @a @x"],
            ),
            // What an exception covers is left alone.
            (
                "'*' = '@a'\n'/d/' = '@d'\n'/e/' = '@e'\n'**' = { add = '@x', except = '/d/' }",
                &["* @a @x", "/d/ @d", "/e/ @e @x"],
            ),
            (
                "'*' = '@a'\n'/d/*' = '@d'\n'**' = { add = '@x', except = '/d/' }",
                &["* @a @x", "/d/ @a", "/d/* @d"],
            ),
            (
                "'/d/' = { add = '@x', except = '/d/' }\n'/e/' = '@e'",
                &["/e/ @e"],
            ),
        ] {
            assert_eq!(lines(rules, Forge::GITHUB), expected, "{rules}");
        }
    }

    #[test]
    fn one_level() {
        for (rules, expected) in [
            (
                "'*' = '@a'\n'/d/*' = '@d'",
                &["* @a", "/d/ @d", "/d/*/ @a"][..],
            ),
            ("'*' = '@a'\n'/*' = '@d'", &["* @a", "* @d", "/*/ @a"]),
            (
                "'*' = '@a'\n'/d/e/' = '@e'\n'/d/*' = '@d'",
                &["* @a", "/d/ @d", "/d/*/ @a", "/d/e/ @e"],
            ),
            (
                "'*' = '@a'\n'/d/*' = { add = '@d' }",
                &["* @a", "/d/ @a @d", "/d/*/ @a"],
            ),
            (
                "'*' = '@a'\n'/d/*' = { owners = '@d', except = '*.md' }",
                &["* @a", "/d/ @d", "/d/*/ @a", "/d/*.md @a"],
            ),
            (
                "'*' = '@a'\n'/d/{e/,*}' = '@d'",
                &["* @a", "/d/ @d", "/d/*/ @a", "/d/e/ @d"],
            ),
            // Who owns what is deeper later need not own it before.
            ("'/d/*' = '@d'\n'/d/*/' = '@e'", &["/d/ @d", "/d/*/ @e"]),
            ("'/d/x/' = []\n'/e/' = '@e'", &["/e/ @e"]),
            (
                "'*' = '@a'\n'/d/' = []\n'/d/**' = '@d'",
                &["* @a", "/d/ @d"],
            ),
        ] {
            assert_eq!(lines(rules, Forge::BITBUCKET), expected, "{rules}");
        }
        for (rules, reason) in [
            ("'/d/*' = '@d'", "no certain pattern for `/d/*`"),
            ("'*' = '@a'\n'/d/' = []", "and `*` owns some of these paths"),
            (
                "'*' = { owners = '@a', except = '/d/' }",
                "no rule before this one owns `/d/`, which it excepts",
            ),
            ("'*' = '@a'\n'**/d/*' = '@d'", "may be in each other"),
        ] {
            let said = lines(rules, Forge::BITBUCKET);
            assert!(
                said.len() == 1 && said[0].contains(reason),
                "{rules}: {said:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_written() {
        let rules = "'**/d/*' = '@d'\n'*.md' = { add = '@x' }";
        let said = lines(rules, Forge::GITHUB);
        assert!(said[0].starts_with("to add to `**/d/*`, it needs a pattern"));
        let nobody = "'*' = '@a'\n'/d/' = []\n'/e/' = []\n'*.md' = { add = '@x', except = '/e/' }";
        let said = lines(nobody, Forge::GITLAB);
        assert!(said[0].contains("adds owners to some of the paths of `/d/`"));
        assert_eq!(said.len(), 1, "{said:?}");
        let excepted = nobody.replace("'/e/' }", "['/d/', '/e/'] }");
        let whole = nobody.replace("*.md", "/d/**");
        for (rules, expected) in [
            (
                excepted,
                &["* @a", "/d/ ", "/e/ ", "**/*.md @a @x", "**/*.md/ @a @x"][..],
            ),
            (whole, &["* @a", "/d/ @x", "/e/ "]),
        ] {
            assert_eq!(lines(&rules, Forge::GITLAB), expected, "{rules}");
        }
    }

    /// One for each rule, whatever the number of additions.
    #[test]
    fn additions_do_not_multiply() {
        let mut rules = String::new();
        for number in 0..500 {
            let _ = writeln!(rules, "'/d{}/e{number}/' = '@a'", number % 50);
        }
        let mut added = String::new();
        for number in 0..100 {
            let _ = writeln!(added, "'/d{number}/' = {{ add = '@x{number}' }}");
        }
        let every = "'*' = { add = '@y' }\n'**' = { add = '@z', except = '*.md' }\n";
        let decides_by_last = |forge: &&Forge| forge.dialect.abilities().decides == Decides::Last;
        for &forge in Forge::ALL.iter().filter(decides_by_last) {
            let few = lines(&format!("{rules}{every}"), forge);
            let is_apart = forge.dialect.abilities().below == Below::Apart;
            let files = if is_apart { 2 } else { 1 };
            // The restored lines are as many again.
            assert_eq!(few.len(), 501 * (1 + files), "{forge:?}");
            let many = lines(&format!("{rules}{added}{every}"), forge);
            assert_eq!(many.len(), 601 * (1 + files), "{forge:?}");
            let base = lines(
                &format!("'**' = '@all'\n{rules}'*' = {{ add = '@y' }}\n"),
                forge,
            );
            assert_eq!(base.len(), 501);
            assert!(base.iter().all(|line| line.ends_with(" @y")));
        }
    }
}
