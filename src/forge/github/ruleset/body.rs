//! The body of a request that creates or updates a ruleset, as GitHub describes it. The page for importing
//! a ruleset takes the same.

use serde::Serialize;

use crate::forge::required::RequiredReviewer;

/// By its name, a ruleset is found again.
const NAME: &str = "Approvals of owners.toml";

#[derive(Serialize)]
struct Body<'b> {
    name: &'b str,
    target: &'b str,
    enforcement: &'b str,
    conditions: Conditions<'b>,
    rules: [Rule<'b>; 1],
}

#[derive(Serialize)]
struct Conditions<'b> {
    ref_name: Names<'b>,
}

#[derive(Serialize)]
struct Names<'b> {
    include: [&'b str; 1],
    exclude: [&'b str; 0],
}

#[derive(Serialize)]
struct Rule<'b> {
    r#type: &'b str,
    parameters: Parameters<'b>,
}

/// Of several rules for a branch, the strictest counts. So the first five, which GitHub requires, demand
/// nothing.
#[derive(Serialize)]
struct Parameters<'b> {
    dismiss_stale_reviews_on_push: bool,
    require_code_owner_review: bool,
    require_last_push_approval: bool,
    required_approving_review_count: u32,
    required_review_thread_resolution: bool,
    required_reviewers: Vec<Entry<'b>>,
}

#[derive(Serialize)]
struct Entry<'b> {
    reviewer: Reviewer<'b>,
    minimum_approvals: usize,
    file_patterns: &'b [String],
}

#[derive(Serialize)]
struct Reviewer<'b> {
    id: u64,
    r#type: &'b str,
}

/// The text of the body. Each reviewer has the id of its team.
pub(super) fn text(reviewers: &[(RequiredReviewer, u64)]) -> String {
    let entries = reviewers.iter().map(|(reviewer, id)| Entry {
        reviewer: Reviewer {
            id: *id,
            r#type: "Team",
        },
        minimum_approvals: reviewer.count,
        file_patterns: &reviewer.patterns,
    });
    let body = Body {
        name: NAME,
        target: "branch",
        enforcement: "active",
        conditions: Conditions {
            ref_name: Names {
                include: ["~DEFAULT_BRANCH"],
                exclude: [],
            },
        },
        rules: [Rule {
            r#type: "pull_request",
            parameters: Parameters {
                dismiss_stale_reviews_on_push: false,
                require_code_owner_review: false,
                require_last_push_approval: false,
                required_approving_review_count: 0,
                required_review_thread_resolution: false,
                required_reviewers: entries.collect(),
            },
        }],
    };
    // Texts and numbers can always be written.
    let mut text = serde_json::to_string_pretty(&body).unwrap_or_default();
    text.push('\n');
    text
}
