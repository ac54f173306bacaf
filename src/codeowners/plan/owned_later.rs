//! Why GitLab cannot have an exclusion, and what to do.
//!
//! An exclusion is needed for a rule for nobody. It is needed, too, for the exceptions of a rule, where no
//! rule before it matches:
//!
//! ```text
//! "/docs/b/" = "@docs"                             * @y
//! "**" = { add = "@y", except = "/docs/" }         !/docs/       would take away /docs/b/
//! ```

use super::{Inexact, PlannedLineId, Planner};
use crate::pattern::Pattern;
use crate::pattern::algebra::{disjoint, plainly_covers};
use crate::pattern::budget::Budget;
use crate::ruleset::{LineId, Rule, RuleId, RuleSet};
use crate::text::FileId;
use crate::text::toml::quoted;

/// The maximum number of steps to find the rule that a line comes from.
const STEPS: usize = 1_000_000;

impl Planner<'_> {
    /// The line `id` must be an exclusion, but the later line `other` owns some of its paths.
    pub(super) fn owned_later(
        &self,
        rules: &RuleSet,
        id: PlannedLineId,
        other: PlannedLineId,
    ) -> Inexact {
        let (line, later) = (&self.lines[id], &self.lines[other]);
        let nobody = line.origin.or_else(|| {
            let is_nobody = |rule: &Rule| rule.owners.is_empty();
            self.source(rules, line.rule, &line.pattern, is_nobody)
        });
        let adds = rules[later.rule].adds();
        match nobody {
            Some(nobody) if adds => self.added_to_nobody(rules, later.rule, nobody),
            Some(nobody) => self.nobody_too_wide(rules, nobody, later.rule, &later.pattern),
            None if adds && later.rule != line.rule => {
                self.added_to_excepted(rules, later.rule, line.rule, &line.pattern)
            }
            None => self.owned_beside_exception(rules, id, other),
        }
    }

    /// The last line of a rule before `rule` that covers `pattern`.
    fn source(
        &self,
        rules: &RuleSet,
        rule: RuleId,
        pattern: &Pattern,
        is_wanted: impl Fn(&Rule) -> bool,
    ) -> Option<LineId> {
        let budget = &mut Budget::new(STEPS);
        let mut before = rules.lines().with_ids().rev();
        before.find_map(|(line, each)| {
            let is_source = each.rule < rule
                && is_wanted(&rules[each.rule])
                && plainly_covers(&each.pattern, pattern, budget)?;
            is_source.then_some(line)
        })
    }

    fn inexact(&self, rule: RuleId, reason: &str, help: String) -> Inexact {
        Inexact {
            forge: self.forge,
            approval: None,
            rule,
            line: None,
            reason: format!("on {} {reason}", self.forge.title),
            help,
            others: Vec::new(),
            except: None,
        }
    }

    fn added_to_nobody(&self, rules: &RuleSet, adding: RuleId, nobody: LineId) -> Inexact {
        let pattern = &rules[nobody].pattern;
        let reason = format!(
            "a rule for nobody excludes its paths permanently, but this adds owners to some of the paths of `{pattern}`"
        );
        let help = format!(
            "{}, or narrow the rule for nobody",
            except(&rules[adding], pattern)
        );
        Inexact {
            others: vec![(nobody, "this rule says that nobody owns them")],
            except: Some(pattern.to_string()),
            ..self.inexact(adding, &reason, help)
        }
    }

    fn nobody_too_wide(
        &self,
        rules: &RuleSet,
        nobody: LineId,
        owning: RuleId,
        later: &Pattern,
    ) -> Inexact {
        let pattern = &rules[nobody].pattern;
        let reason = format!(
            "a rule for nobody excludes its paths permanently, but the later `{later}` owns some of `{pattern}`"
        );
        let help = "narrow the rule for nobody to paths that no later rule owns, such as `/docs/{a,b}/` for `/docs/`";
        let owning = rules[owning].lines.iter().next();
        Inexact {
            line: Some(nobody),
            others: owning
                .map(|line| (line, "this rule owns some of them"))
                .into_iter()
                .collect(),
            ..self.inexact(rules[nobody].rule, &reason, help.into())
        }
    }

    /// A rule adds owners to paths that an earlier rule excepts, and that no rule matched before.
    fn added_to_excepted(
        &self,
        rules: &RuleSet,
        adding: RuleId,
        excepting: RuleId,
        pattern: &Pattern,
    ) -> Inexact {
        let reason = format!(
            "an exception of `{}` must exclude `{pattern}` permanently, since no rule before it matches there, but this adds owners to some of these paths",
            rules[excepting].pattern.value
        );
        let help = format!(
            "{}, or {}",
            except(&rules[adding], pattern),
            self.own(rules, pattern)
        );
        let others = rules[excepting].lines.iter().next();
        Inexact {
            others: others
                .map(|line| (line, "this rule excepts them"))
                .into_iter()
                .collect(),
            except: Some(pattern.to_string()),
            ..self.inexact(adding, &reason, help)
        }
    }

    /// A rule excepts paths of which no rule before it owns some, and another rule owns others.
    fn owned_beside_exception(
        &self,
        rules: &RuleSet,
        id: PlannedLineId,
        other: PlannedLineId,
    ) -> Inexact {
        let (line, later) = (&self.lines[id], &self.lines[other]);
        let owning = match later.rule == line.rule {
            false => later
                .origin
                .or_else(|| rules[later.rule].lines.iter().next()),
            true => self.source(rules, line.rule, &later.pattern, |rule| {
                !rule.owners.is_empty()
            }),
        };
        let by = owning.map_or(&later.pattern, |line| &rules[line].pattern);
        let excepting = &rules[line.rule];
        let mut exceptions = rules.exceptions()[excepting.exceptions].iter();
        let exception = exceptions.find(|each| !disjoint(&each.pattern, &line.pattern));
        let exception = exception.map_or(&line.pattern, |each| &each.pattern);
        let reason = format!(
            "paths that it excepts and no rule before it matches must be excluded permanently: but of `{exception}`, `{by}` owns some"
        );
        let help = self.own(rules, &line.pattern);
        Inexact {
            others: owning
                .map(|line| (line, "this rule owns some of them"))
                .into_iter()
                .collect(),
            ..self.inexact(line.rule, &reason, help)
        }
    }

    /// The help to give owners to what no rule before an exception matches.
    fn own(&self, rules: &RuleSet, pattern: &Pattern) -> String {
        let key = quoted(&pattern.to_string());
        let is_known = rules.lines().iter().any(|line| line.pattern == *pattern);
        match self.approval {
            Some(name) => format!(
                "say who approves these paths in an entry of the approval before the others: `name = {}`, `paths = {key}`",
                quoted(name)
            ),
            None if is_known => {
                format!("give owners to the paths of `{pattern}` with the first rule of `[paths]`")
            }
            None => {
                format!("give these paths owners at the start of `[paths]`: `{key} = \"<group>\"`")
            }
        }
    }
}

/// The help to except a pattern.
fn except(rule: &Rule, pattern: &Pattern) -> String {
    if rule.file == FileId::ROOT {
        return format!("except `{pattern}` from it");
    }
    // In a nested file, a pattern is relative to its directory.
    format!("except the paths of `{pattern}` from it")
}
