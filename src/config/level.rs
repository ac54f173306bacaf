//! What the findings of a lint do: the values of `[lints]`.

/// What a finding of a lint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing: it is not even looked for.
    Allow,
    /// It is reported.
    Warn,
    /// It is reported, and the command fails.
    Deny,
}

impl Level {
    /// The level of that name in `owners.toml`.
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
