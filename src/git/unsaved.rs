//! Texts that stand in for files: what an editor has not saved yet.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use super::Repo;
use super::error::{ErrorContext, Result};
use super::limit::ensure_not_large;

/// The texts, by root-relative path.
pub type UnsavedTexts = BTreeMap<Vec<u8>, Arc<String>>;

/// What changes when a file does: its length, the time of its last change and, on Unix, its number. Git
/// replaces the index by a new file, so each version of it has another stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    length: u64,
    modified: Option<SystemTime>,
    number: u64,
}

impl FileStamp {
    /// The stamp of the file at `path`. `None` if there is none.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let found = path.metadata().ok()?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&found);
        #[cfg(not(unix))]
        let number = 0;
        Some(FileStamp {
            length: found.len(),
            modified: found.modified().ok(),
            number,
        })
    }
}

impl Repo {
    /// The repository as an editor sees it: these texts are read in place of the files at their paths,
    /// whether the files exist or not. The index is as it is, so an untracked file stays untracked.
    #[must_use]
    pub fn with_unsaved(mut self, texts: UnsavedTexts) -> Self {
        self.unsaved = Arc::new(texts);
        self
    }

    /// The text that stands in for the file at `path`.
    ///
    /// # Errors
    ///
    /// If it is larger than a file may be.
    pub(crate) fn unsaved(&self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        let Some(text) = self.unsaved.get(path) else {
            return Ok(None);
        };
        ensure_not_large(text.len() as u64)
            .with_context(|| format!("cannot read `{}`", crate::text::escaped(path)))?;
        Ok(Some(text.as_bytes().to_vec()))
    }

    /// The stamp of the index. `None` outside git, and if there is no index.
    #[must_use]
    pub fn index_stamp(&self) -> Option<FileStamp> {
        FileStamp::of(&self.git.as_ref()?.index_file())
    }
}

#[cfg(test)]
mod tests {
    use crate::git::{Env, Repo};

    #[test]
    fn unsaved_texts_are_read_first() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("owners.toml"), "old").unwrap();
        let env = Env {
            ceilings: vec![directory.path().to_owned()],
            ..Env::default()
        };
        let repo = Repo::discover_with(directory.path(), &env).unwrap();
        let text = |text: &str| std::sync::Arc::new(text.to_string());
        let texts = [
            (b"owners.toml".to_vec(), text("new")),
            (b"a/b".to_vec(), text("x")),
        ];
        let edited = repo.clone().with_unsaved(texts.into());
        let read = |repo: &Repo, path: &[u8]| repo.read(path).unwrap();
        assert_eq!(read(&edited, b"owners.toml").unwrap(), b"new");
        assert_eq!(read(&edited, b"a/b").unwrap(), b"x");
        assert_eq!(read(&edited, b"a/c"), None);
        assert_eq!(read(&repo, b"owners.toml").unwrap(), b"old");
        let large = [(b"owners.toml".to_vec(), text(&"#".repeat((8 << 20) + 1)))];
        let error = repo
            .with_unsaved(large.into())
            .read(b"owners.toml")
            .unwrap_err();
        assert_eq!(
            format!("{error:#}"),
            "cannot read `owners.toml`: it has 8388609 bytes; the limit is 8388608"
        );
    }
}
