//! Telling GitHub Actions to take no workflow commands for a while.
//!
//! What [`guard`](super::guard) escapes is enough for the runner that there is. This is the means that
//! GitHub documents, and holds whatever the runner may come to take for a command. It is for texts
//! that nobody feeds to a program: to others it would add two lines.
//!
//! Source: GitHub's documentation, "Workflow commands for GitHub Actions", "Stopping and starting
//! workflow commands".

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

/// A pause that may have begun.
#[derive(Debug)]
pub(super) struct Pause {
    has_begun: bool,
}

impl Pause {
    /// A pause, if this is a job of GitHub Actions.
    pub(super) fn if_needed() -> Option<Self> {
        is_github_actions().then_some(Pause { has_begun: false })
    }

    /// The line that begins it, if it has not begun.
    pub(super) fn begin(&mut self) -> Option<String> {
        if std::mem::replace(&mut self.has_begun, true) {
            return None;
        }
        Some(format!("::stop-commands::{}\n", word()))
    }

    /// The line that ends it, if it has begun.
    pub(super) fn end(self) -> Option<String> {
        self.has_begun.then(|| format!("::{}::\n", word()))
    }
}

/// The word that ends a pause. Who could guess it could end the pause from within. There is one for
/// both streams: the runner reads them side by side, and takes the end of one for the end of both.
fn word() -> &'static str {
    static WORD: OnceLock<String> = OnceLock::new();
    WORD.get_or_init(|| {
        // The keys are from the system's random numbers.
        let random = || RandomState::new().build_hasher().finish();
        format!("{:016x}{:016x}", random(), random())
    })
}

/// Whether this is a job of GitHub Actions, where workflow commands annotate files.
pub(crate) fn is_github_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}
