//! Plans the lines for a forge on which every line that matches a path counts.
//!
//! There, a line must not match what a later rule gives to others. So each line has patterns that it
//! leaves out:
//!
//! ```text
//! *            @all               *        @all   without /docs/
//! /docs/       @docs              /docs/   @docs  without /docs/api/
//! /docs/api/   []
//! *.md         adds @md           *.md     @md
//! ```
//!
//! - A rule that replaces is left out of every earlier line, unless that has the same owners: to ask
//!   them twice is to ask them once.
//! - A rule that adds is a line of its own, and left out of none.
//! - A rule for nobody has no line.
//! - A line is left out of the file if patterns that it leaves out are all of it.
//!
//! A rule with exceptions leaves their paths to the earlier lines. These cannot say "without A, but
//! with what is in A and B". So the common paths of an earlier line and an exception are another line,
//! behind that line.

use std::sync::Arc;

use super::block::{common, length, within_budget};
use super::index::PatternIndex;
use super::{MAX_STEPS, PlannedLine, Refusal, STEPS_PER_PAIR};
use crate::codeowners::Inexact;
use crate::forge::Forge;
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::algebra::{covered_by, disjoint_within, plainly_covers};
use crate::pattern::budget::Budget;
use crate::ruleset::{LineId, MAX_PATTERNS, MAX_TEXT, Rule, RuleId, RuleSet};

/// The maximum number of steps to prove that patterns leave nothing of a line.
const JOINT_PROOF_STEPS: usize = 100_000;
/// The maximum number of patterns in such a proof.
const MAX_UNION: usize = 64;

/// Plans the lines, with the steps of a budget.
///
/// # Errors
///
/// The rule up to which it is too much.
pub(super) fn plan(
    rules: &RuleSet,
    forge: Forge,
    budget: &mut Budget,
) -> Result<Vec<PlannedLine>, Vec<Inexact>> {
    let mut planner = EveryPlanner {
        lines: Vec::new(),
        index: PatternIndex::default(),
        size: 0,
        budget,
    };
    for id in rules.rules().ids() {
        let planned = planner.rule(rules, id);
        planned.map_err(|refusal| vec![refused(forge, id, refusal)])?;
    }
    let last = rules.rules().with_ids().next_back().map(|(id, _)| id);
    let lines = planner.finish();
    lines.map_err(|refusal| {
        last.map(|id| refused(forge, id, refusal))
            .into_iter()
            .collect()
    })
}

fn refused(forge: Forge, rule: RuleId, refusal: Refusal) -> Inexact {
    let limit = match refusal {
        Refusal::TooLarge => format!("{MAX_PATTERNS} lines, or {MAX_TEXT} characters"),
        _ => format!("{MAX_STEPS} steps to compute"),
    };
    Inexact {
        forge,
        approval: None,
        rule,
        line: None,
        reason: format!(
            "every line counts, so each must leave out what later rules own: up to this rule, that takes more than {limit}"
        ),
        help: "anchor the rules, or those before them, with a `/` at their start, or let them add owners with `add`".into(),
        others: Vec::new(),
        except: None,
    }
}

/// A line under construction.
#[derive(Clone)]
struct Line {
    pattern: Pattern,
    except: Vec<Pattern>,
    owners: Arc<[Owner]>,
    rule: RuleId,
    origin: Option<LineId>,
    /// The line behind which it stands, or itself.
    place: usize,
    /// Whether later rules own all of it.
    is_gone: bool,
}

struct EveryPlanner<'b> {
    lines: Vec<Line>,
    index: PatternIndex<usize>,
    /// About how many characters the lines have.
    size: usize,
    budget: &'b mut Budget,
}

impl EveryPlanner<'_> {
    fn rule(&mut self, rules: &RuleSet, id: RuleId) -> Result<(), Refusal> {
        let rule = &rules[id];
        if !rule.adds() {
            self.leave_out(rules, rule)?;
        }
        if rule.owners.is_empty() {
            return Ok(());
        }
        let exceptions: Vec<&Pattern> = exceptions(rules, rule);
        for origin in rule.lines {
            let pattern = rules[origin].pattern.clone();
            let Some(except) = self.left_of(&pattern, exceptions.iter().copied())? else {
                continue;
            };
            self.push(Line {
                pattern,
                except,
                owners: rule.owners.clone(),
                rule: id,
                origin: Some(origin),
                place: self.lines.len(),
                is_gone: false,
            })?;
        }
        Ok(())
    }

    /// Those of `others` that have a path in common with `pattern`. `None` if one of them covers it.
    fn left_of<'p>(
        &mut self,
        pattern: &Pattern,
        others: impl Iterator<Item = &'p Pattern>,
    ) -> Result<Option<Vec<Pattern>>, Refusal> {
        let mut left = Vec::new();
        for other in others {
            within_budget(self.budget.spend(STEPS_PER_PAIR))?;
            if within_budget(disjoint_within(other, pattern, self.budget))? {
                continue;
            }
            if within_budget(plainly_covers(other, pattern, self.budget))? {
                return Ok(None);
            }
            left.push(other.clone());
        }
        Ok(Some(left))
    }

    fn push(&mut self, line: Line) -> Result<(), Refusal> {
        self.size += line.pattern.size() + length(&line.owners);
        self.size += line.except.iter().map(Pattern::size).sum::<usize>();
        self.index.add(&line.pattern, self.lines.len());
        self.lines.push(line);
        self.check_size()
    }

    fn check_size(&self) -> Result<(), Refusal> {
        match self.lines.len() > MAX_PATTERNS || self.size > MAX_TEXT {
            true => Err(Refusal::TooLarge),
            false => Ok(()),
        }
    }

    /// Leaves the paths of a rule out of all earlier lines.
    fn leave_out(&mut self, rules: &RuleSet, rule: &Rule) -> Result<(), Refusal> {
        let mut pairs: Vec<(usize, LineId)> = Vec::new();
        for id in rule.lines {
            let overlaps = self.index.possible_overlaps(&rules[id].pattern);
            within_budget(self.budget.spend(STEPS_PER_PAIR * overlaps.len()))?;
            pairs.extend(overlaps.into_iter().map(|line| (line, id)));
        }
        pairs.sort_unstable();
        let exceptions = exceptions(rules, rule);
        for pairs in pairs.chunk_by(|a, b| a.0 == b.0) {
            let line = &self.lines[pairs[0].0];
            if line.is_gone || line.owners == rule.owners {
                continue;
            }
            let taken = pairs.iter().map(|&(_, id)| &rules[id].pattern);
            self.leave_out_of(pairs[0].0, taken, &exceptions)?;
        }
        Ok(())
    }

    fn leave_out_of<'p>(
        &mut self,
        number: usize,
        taken: impl Iterator<Item = &'p Pattern>,
        exceptions: &[&Pattern],
    ) -> Result<(), Refusal> {
        let pattern = self.lines[number].pattern.clone();
        let mut overlapping = Vec::new();
        let mut is_gone = false;
        for each in taken {
            if within_budget(disjoint_within(each, &pattern, self.budget))? {
                continue;
            }
            is_gone |= within_budget(plainly_covers(each, &pattern, self.budget))?;
            overlapping.push(each);
        }
        if overlapping.is_empty() {
            return Ok(());
        }
        // An exception that is all of the line leaves the line as it is.
        for exception in exceptions {
            if within_budget(plainly_covers(exception, &pattern, self.budget))? {
                return Ok(());
            }
        }
        let before = self.lines[number].except.clone();
        let mut kept: Vec<Line> = Vec::new();
        for exception in exceptions {
            for part in common(exception, &pattern, self.budget)? {
                let is_known = kept.iter().any(|line| line.pattern == part);
                let is_taken = self.left_of(&part, overlapping.iter().copied())?;
                if is_known || is_taken.is_some_and(|left| left.is_empty()) {
                    continue;
                }
                if let Some(except) = self.left_of(&part, before.iter())? {
                    kept.push(Line {
                        pattern: part,
                        except,
                        origin: None,
                        ..self.lines[number].clone()
                    });
                }
            }
        }
        let line = &mut self.lines[number];
        line.is_gone = is_gone;
        if !is_gone {
            self.size += overlapping.iter().map(|each| each.size()).sum::<usize>();
            line.except.extend(overlapping.into_iter().cloned());
        }
        kept.into_iter().try_for_each(|line| self.push(line))?;
        self.check_size()
    }

    /// The lines that are written, in order.
    fn finish(mut self) -> Result<Vec<PlannedLine>, Refusal> {
        let mut lines: Vec<Line> = std::mem::take(&mut self.lines);
        lines.retain(|line| !line.is_gone);
        lines.sort_by_key(|line| line.place);
        let mut planned = Vec::with_capacity(lines.len());
        for line in lines {
            let except = self.without_covered(line.except)?;
            let wide: Vec<&Pattern> = except.iter().collect();
            let is_nothing = (1..=MAX_UNION).contains(&wide.len())
                && self.budget.lend(JOINT_PROOF_STEPS, |budget| {
                    covered_by(&line.pattern, &wide, budget)
                }) == Some(true);
            if !is_nothing {
                planned.push(PlannedLine {
                    pattern: line.pattern,
                    except,
                    owners: line.owners,
                    is_exclusion: false,
                    rule: line.rule,
                    origin: line.origin,
                });
            }
        }
        Ok(planned)
    }

    /// The patterns that no other of them covers, each once.
    fn without_covered(&mut self, patterns: Vec<Pattern>) -> Result<Vec<Pattern>, Refusal> {
        if patterns.len() < 2 {
            return Ok(patterns);
        }
        let mut index = PatternIndex::default();
        for (number, pattern) in patterns.iter().enumerate() {
            index.add(pattern, number);
        }
        let mut kept = Vec::with_capacity(patterns.len());
        for (number, pattern) in patterns.iter().enumerate() {
            let covers = index.possible_covers(pattern);
            within_budget(self.budget.spend(STEPS_PER_PAIR * covers.len()))?;
            let mut is_covered = false;
            for other in covers.into_iter().filter(|&other| other != number) {
                is_covered |= match patterns[other] == *pattern {
                    true => other < number,
                    false => within_budget(plainly_covers(&patterns[other], pattern, self.budget))?,
                };
                if is_covered {
                    break;
                }
            }
            if !is_covered {
                kept.push(pattern.clone());
            }
        }
        Ok(kept)
    }
}

fn exceptions<'r>(rules: &'r RuleSet, rule: &Rule) -> Vec<&'r Pattern> {
    let all = rules.exceptions()[rule.exceptions].iter();
    all.map(|each| &each.pattern).collect()
}

#[cfg(test)]
mod tests {
    use crate::codeowners::plan;
    use crate::forge::Forge;
    use crate::owner::Owner;
    use crate::project::Project;

    fn lines(rules: &str) -> Vec<String> {
        let project = Project::from_text(&format!("[paths]\n{rules}")).unwrap();
        let lines = plan(&project.rules, Forge::GITEA).unwrap();
        let shown = lines.iter().map(|line| {
            let except: String = (line.except.iter())
                .map(|each| format!(" -{each}"))
                .collect();
            format!("{}{except} {}", line.pattern, Owner::join(&line.owners))
        });
        shown.collect()
    }

    #[test]
    fn what_is_left_out() {
        for (rules, expected) in [
            ("'*' = '@a'\n'/d/' = '@d'", &["* -/d/ @a", "/d/ @d"][..]),
            // The same owners are asked once.
            ("'*' = '@a'\n'/d/' = '@a'", &["* @a", "/d/ @a"]),
            ("'*' = '@a'\n'/d/' = []", &["* -/d/ @a"]),
            // Disjoint.
            ("'/c/' = '@a'\n'/d/' = '@d'", &["/c/ @a", "/d/ @d"]),
            // Covered.
            ("'/d/e/' = '@a'\n'/d/' = '@d'", &["/d/ @d"]),
            (
                "'*' = '@a'\n'/d/e/' = '@e'\n'/d/' = '@d'",
                &["* -/d/ @a", "/d/ @d"],
            ),
            (
                "'*' = '@a'\n'/d/' = '@d'\n'/d/e/' = '@e'",
                &["* -/d/ @a", "/d/ -/d/e/ @d", "/d/e/ @e"],
            ),
            // A rule that adds is a line.
            (
                "'*' = '@a'\n'*.md' = { add = '@m' }",
                &["* @a", "**/*.md @m"],
            ),
            (
                "'*' = '@a'\n'*.md' = { add = '@m' }\n'/d/' = '@d'",
                &["* -/d/ @a", "**/*.md -/d/ @m", "/d/ @d"],
            ),
            // An exception is the rule's own, and the earlier owners remain.
            (
                "'*' = '@a'\n'/d/' = { owners = '@d', except = '/d/e/' }",
                &["* -/d/ @a", "/d/e/ @a", "/d/ -/d/e/ @d"],
            ),
            (
                "'*.md' = '@a'\n'/d/' = { owners = [], except = '/d/e/' }",
                &["**/*.md -/d/ @a", "/d/e/**/*.md @a"],
            ),
            (
                "'*.md' = '@a'\n'/d/' = { owners = '@d', except = '*.md' }",
                &["**/*.md @a", "/d/ -**/*.md @d"],
            ),
            // All of a line.
            (
                "'/*/' = '@a'\n'/?/' = '@b'\n'/??*/' = '@c'",
                &["/?/ @b", "/??*/ @c"],
            ),
        ] {
            assert_eq!(lines(rules), expected, "{rules}");
        }
    }
}
