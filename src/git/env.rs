//! The environment variables that select a repository, as a value, so that tests can pass their
//! own.

use std::env;
use std::path::PathBuf;

/// The environment variables with which git and `owners` find a repository.
///
/// By default, none of them is set.
#[derive(Clone, Debug, Default)]
pub struct Env {
    /// `GIT_DIR`: the repository, instead of the nearest `.git`.
    pub git_dir: Option<PathBuf>,
    /// `GIT_WORK_TREE`: the top of the working tree.
    pub work_tree: Option<PathBuf>,
    /// `GIT_INDEX_FILE`: the index, instead of the repository's own. Git sets it for hooks.
    pub index_file: Option<PathBuf>,
    /// `GIT_CEILING_DIRECTORIES`: the search for a repository stops below these directories.
    pub ceilings: Vec<PathBuf>,
}

impl Env {
    /// The environment of this process. An empty variable counts as unset.
    #[must_use]
    pub fn from_process() -> Self {
        let variable = |name| env::var_os(name).filter(|value| !value.is_empty());
        Env {
            git_dir: variable("GIT_DIR").map(PathBuf::from),
            work_tree: variable("GIT_WORK_TREE").map(PathBuf::from),
            index_file: variable("GIT_INDEX_FILE").map(PathBuf::from),
            ceilings: variable("GIT_CEILING_DIRECTORIES")
                .map(|value| env::split_paths(&value).collect())
                .unwrap_or_default(),
        }
    }
}
