//! The forges: where each reads its CODEOWNERS file, and what it allows in one.

/// A forge whose CODEOWNERS dialect can be written and read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Platform {
    /// GitHub. Source: its documentation, "About code owners".
    #[default]
    GitHub,
    /// GitLab, Premium and Ultimate. Source: its documentation, "Code Owners" and "Code Owners
    /// syntax", and its code (`Gitlab::CodeOwners::File`).
    GitLab,
}

impl Platform {
    /// Every platform.
    pub const ALL: &[Platform] = &[Platform::GitHub, Platform::GitLab];

    /// The name in `owners.toml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Platform::GitHub => "github",
            Platform::GitLab => "gitlab",
        }
    }

    /// The name as its makers write it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Platform::GitHub => "GitHub",
            Platform::GitLab => "GitLab",
        }
    }

    /// The platform of that name in `owners.toml`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Platform::ALL
            .iter()
            .copied()
            .find(|platform| platform.name() == name)
    }

    /// Where the platform looks for the file; the first that exists is the only one read.
    #[must_use]
    pub fn locations(self) -> &'static [&'static str] {
        match self {
            Platform::GitHub => &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"],
            Platform::GitLab => &["CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"],
        }
    }

    /// Where the file is generated unless `owners.toml` says otherwise.
    #[must_use]
    pub fn default_file(self) -> &'static str {
        match self {
            Platform::GitHub => ".github/CODEOWNERS",
            Platform::GitLab => ".gitlab/CODEOWNERS",
        }
    }

    /// The size in bytes from which on the platform ignores the whole file.
    #[must_use]
    pub fn size_limit(self) -> Option<usize> {
        match self {
            // "CODEOWNERS files must be under 3 MB in size."
            Platform::GitHub => Some(3 * 1024 * 1024),
            // None is documented.
            Platform::GitLab => None,
        }
    }
}
