//! What the rulesets of a branch demand: reads what `body` writes, from the reply about the rules of the
//! branch.

use serde_json::Value;

use crate::forge::Demand;
use crate::forge::api::{NoAnswer, Request, number};

/// The required reviewers in the rules of a branch: the id of each team, and what is demanded of it.
pub(in crate::forge::github) fn demanded(
    rules: &[Value],
    request: &Request,
) -> Result<Vec<(u64, Demand)>, NoAnswer> {
    let lists = rules.iter().filter_map(|rule| {
        let parameters = rule.get("parameters")?;
        parameters.get("required_reviewers")?.as_array()
    });
    let demand = |entry: &Value| {
        let unexpected = |why| NoAnswer::unexpected(request, why);
        let reviewer = entry.get("reviewer").unwrap_or(&Value::Null);
        let patterns = entry.get("file_patterns").and_then(Value::as_array);
        let patterns = patterns.ok_or_else(|| unexpected("it has no list `file_patterns`"))?;
        let texts = patterns
            .iter()
            .map(|text| text.as_str().map(str::to_string));
        let texts: Option<Vec<String>> = texts.collect();
        let demand = Demand {
            count: number(entry, "minimum_approvals", request)?,
            patterns: texts.ok_or_else(|| unexpected("a file pattern is not a text"))?,
        };
        Ok((number(reviewer, "id", request)?, demand))
    };
    lists.flatten().map(demand).collect()
}
