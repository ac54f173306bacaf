//! `owners/owner`: who owns a file, for a status line. A request of our own.

use gen_lsp_types as lsp;
use owners::ruleset::RuleMatcher;
use owners::text::escaped;
use owners::{Ownership, Project};
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::client::Client;
use crate::snapshot::{Places, Snapshot};

/// The request. `null` is the answer for a file that is in no repository, or in one where nothing says
/// who owns what.
pub(crate) enum OwnerRequest {}

impl lsp::Request for OwnerRequest {
    type Params = OwnerParams;
    type Result = Option<OwnerResult>;
    const METHOD: lsp::LspRequestMethod<'static> = lsp::LspRequestMethod::Custom("owners/owner");
    const MESSAGE_DIRECTION: lsp::MessageDirection = lsp::MessageDirection::ClientToServer;
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnerParams {
    pub(crate) text_document: lsp::TextDocumentIdentifier,
}

/// Who owns a file.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnerResult {
    /// Relative to the root of the repository.
    pub(crate) path: String,
    /// `owned`, `nobody` or `unowned`.
    pub(crate) state: String,
    pub(crate) owners: Vec<String>,
    /// The rules that decide, in their order.
    pub(crate) rules: Vec<DecidingRule>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DecidingRule {
    /// As written.
    pub(crate) pattern: String,
    pub(crate) location: lsp::Location,
}

pub(super) fn offer(capabilities: &mut lsp::ServerCapabilities, _: &Client) {
    capabilities.experimental = Some(serde_json::json!({ "ownersOwner": true }));
}

pub(super) fn answer(
    snapshot: &mut Snapshot,
    path: &[u8],
    _: &OwnerParams,
) -> Answer<Option<OwnerResult>> {
    Ok(owner(snapshot, path))
}

/// Who owns the file at a root-relative path. While the configuration has errors, by its last sound
/// state.
pub(crate) fn owner(snapshot: &mut Snapshot, path: &[u8]) -> Option<OwnerResult> {
    snapshot.with_rules_for(path, |snapshot, project| of(snapshot, project, path))
}

fn of(snapshot: &Snapshot, project: &Project, path: &[u8]) -> OwnerResult {
    let matcher = RuleMatcher::for_paths(&project.rules, &[path]);
    let mut walk = matcher.walk();
    let (state, owners) = match walk.ownership(path) {
        Ownership::Owned(owners) => ("owned", owners.iter().map(ToString::to_string).collect()),
        Ownership::Nobody => ("nobody", Vec::new()),
        Ownership::Unowned => ("unowned", Vec::new()),
    };
    let mut places = Places::new(snapshot, &project.sources);
    let rules = walk.decide_each(path).iter().map(|&line| {
        let location = project.rules.rule_of(line).location();
        let text = &project.sources[location.file].text;
        DecidingRule {
            pattern: text
                .get(location.span.clone())
                .unwrap_or_default()
                .to_string(),
            location: places.location(&location),
        }
    });
    OwnerResult {
        path: escaped(path),
        state: state.to_string(),
        owners,
        rules: rules.collect(),
    }
}
