//! What may happen to a path or a group between two sides.

/// What happened to paths, or to a group. Ordered as shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It has changed owners, or members.
    Changed,
    /// It has moved.
    Moved,
    /// It is new.
    New,
    /// It is gone.
    Gone,
}

impl Kind {
    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Changed => "changed",
            Kind::Moved => "moved",
            Kind::New => "new",
            Kind::Gone => "gone",
        }
    }
}
