//! Forges that are not asked about owners: `check --live` says so.

use serde_json::Value;

use super::Answers;
use super::api::{Api, Env, NoAnswer, Origin, Questions, Site, Transport, Unplaced};

/// A forge that is not asked.
#[derive(Debug)]
pub(super) struct Unasked {
    pub(super) title: &'static str,
    pub(super) host: &'static str,
    /// The variable that its CI sets.
    pub(super) job: &'static str,
}

impl Api for Unasked {
    fn is_ci(&self, env: Env<'_>) -> bool {
        env(self.job).is_some()
    }

    fn host(&self) -> &'static str {
        self.host
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    fn site(&self, _: Env<'_>, _: Option<&Origin>) -> Result<Site, Unplaced> {
        Err(Unplaced::new(
            format!("`owners` does not ask {} about owners", self.title),
            "leave out `--live`: everything else is checked without it",
        ))
    }

    fn is_refusal(&self, _: &Value) -> bool {
        false
    }

    fn ask(&self, _: &Site, _: &Questions, _: &mut dyn Transport) -> Result<Answers, NoAnswer> {
        Err(NoAnswer::new(format!(
            "`owners` does not ask {} about owners",
            self.title
        )))
    }
}
