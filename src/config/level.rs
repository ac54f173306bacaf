//! Lint levels: the values of `[lints]`.

/// What happens to the findings of a lint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The lint does not run.
    Allow,
    /// They are reported.
    Warn,
    /// They are reported, and the command fails.
    Deny,
}

impl Level {
    /// The level with this name in `owners.toml`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "allow" => Some(Level::Allow),
            "warn" => Some(Level::Warn),
            "deny" => Some(Level::Deny),
            _ => None,
        }
    }

    /// The name in `owners.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }
}
