//! Tries a rule that adds before it is suggested: a forge may not be able to say it.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::Context;
use crate::codeowners::plan;
use crate::config::{RuleEntry, Text};
use crate::pattern::budget::Budget;
use crate::ruleset;

/// The maximum number of rules that are tried. Others are suggested without that.
const MAX_TRIALS: usize = 8;

/// The maximum number of patterns that a suggested rule excepts beside those that it was asked to.
const MAX_EXCEPTED: usize = 3;

/// For each rule that was tried, what [`exceptions_of`] says.
pub(super) type Trials = Mutex<FxHashMap<String, Option<Vec<String>>>>;

/// The patterns that a rule at the end of `[paths]` in the root file must except besides `except`, so that
/// the forges of all outputs can say it. Most often there are none. `None` if that does not help. If the
/// forges cannot say the rules as they are, that is another fault.
pub(super) fn exceptions_of(
    context: &Context<'_>,
    pattern: &str,
    owners: &[String],
    except: &[Text],
) -> Option<Vec<String>> {
    let except_key: Vec<&str> = except.iter().map(|text| text.value.as_str()).collect();
    let (owners_key, except_key) = (owners.join(" "), except_key.join(" "));
    let key = [pattern, &owners_key, &except_key].join("\n");
    // A panic elsewhere leaves the answers as they were.
    let mut trials = (context.trials.lock()).unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = trials.get(&key) {
        return known.clone();
    }
    if trials.len() >= MAX_TRIALS || context.rendered.by_forge().any(Result::is_err) {
        return Some(Vec::new());
    }
    let mut entry = RuleEntry {
        pattern: text(pattern),
        // A group that the user has yet to name counts as one owner.
        owners: (owners.iter())
            .map(|owner| {
                text(if owner.starts_with('<') {
                    "@owner"
                } else {
                    owner
                })
            })
            .collect(),
        adds: true,
        notify: Vec::new(),
        except: except.to_vec(),
        span: 0..0,
    };
    let mut more = Vec::new();
    let answer = loop {
        match try_rule(context, entry.clone()) {
            Ok(()) => break Some(more),
            Err(Some(except)) if more.len() < MAX_EXCEPTED && !more.contains(&except) => {
                entry.except.push(text(&except));
                more.push(except);
            }
            Err(_) => break None,
        }
    };
    trials.insert(key, answer.clone());
    answer
}

/// A text that stands in no file.
fn text(value: &str) -> Text {
    Text {
        value: value.to_string(),
        span: 0..0,
    }
}

/// # Errors
///
/// The pattern that the rule must except, if that may help.
fn try_rule(context: &Context<'_>, entry: RuleEntry) -> Result<(), Option<String>> {
    let project = context.project;
    let mut configs = vec![project.config.clone()];
    configs.extend(project.nested.iter().cloned());
    configs[0].rules.push(entry);
    let rules = ruleset::resolve(&configs, &project.sources).map_err(|_| None)?;
    for output in &project.config.outputs {
        plan::plan_within(&rules, output.forge, &mut Budget::new(plan::TRIAL_STEPS))
            .map_err(|inexact| inexact.into_iter().next()?.except)?;
    }
    Ok(())
}
