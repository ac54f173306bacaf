//! Pauses the workflow commands of GitHub Actions.
//!
//! The escapes of [`guard`](super::guard) are enough for the current runner. A pause is the
//! documented way, and still works if a future runner has other commands. It is only for texts that
//! no program reads, because it adds two lines.
//!
//! Source: GitHub's documentation, "Workflow commands for GitHub Actions", "Stopping and starting
//! workflow commands".

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;

/// A pause, which may have started.
#[derive(Debug)]
pub(super) struct Pause {
    has_begun: bool,
}

impl Pause {
    /// A pause, if this is a job of GitHub Actions.
    pub(super) fn if_needed() -> Option<Self> {
        is_github_actions().then_some(Pause { has_begun: false })
    }

    /// The line that starts it, if it has not started.
    pub(super) fn begin(&mut self) -> Option<String> {
        if std::mem::replace(&mut self.has_begun, true) {
            return None;
        }
        Some(format!("::stop-commands::{}\n", word()))
    }

    /// The line that ends it, if it has started.
    pub(super) fn end(self) -> Option<String> {
        self.has_begun.then(|| format!("::{}::\n", word()))
    }
}

/// The word that ends a pause. It is random, because text inside the pause could end it with a word
/// that can be guessed. Both streams use the same word: the runner reads them together, and the end
/// of one pause ends both.
fn word() -> &'static str {
    static WORD: OnceLock<String> = OnceLock::new();
    WORD.get_or_init(|| {
        // The keys come from the random numbers of the system.
        let random = || RandomState::new().build_hasher().finish();
        format!("{:016x}{:016x}", random(), random())
    })
}

/// Whether this is a job of GitHub Actions, where workflow commands annotate files.
pub(crate) fn is_github_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}
