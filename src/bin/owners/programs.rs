//! Programs that add to `owners`: `owners-NAME` is a command, and `owners-check-NAME` a check.
//!
//! They are found in `PATH` and nowhere else. What is in the working tree may be a stranger's, so
//! nothing there is run, even if `PATH` names it: a relative directory in `PATH` is skipped, and so is
//! one in the working tree of the repository.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use owners::config::CONFIG_NAME;
use owners::git::Repo;
use owners::text::escaped;

use crate::failure::Result;

/// What the names of all these programs start with.
const COMMAND: &str = "owners-";
/// What the names of checks start with.
const CHECK: &str = "owners-check-";

/// What a program is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    Command,
    Check,
}

impl Purpose {
    /// The name of the program, without the ending of the system.
    pub(crate) fn program(self, name: &str) -> String {
        match self {
            Purpose::Command => [COMMAND, name].concat(),
            Purpose::Check => [CHECK, name].concat(),
        }
    }
}

/// The result of a search.
pub(crate) enum Found {
    Program(PathBuf),
    /// There is only one in the working tree, which is not run.
    InTree(PathBuf),
    Nothing,
}

/// The directories of `PATH`.
pub(crate) struct Programs {
    directories: Vec<PathBuf>,
    /// The top of the working tree, without links in its path.
    tree: Option<PathBuf>,
}

impl Programs {
    /// For somebody in this repository, or in none.
    pub(crate) fn new(repo: Option<&Repo>) -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        Programs {
            directories: env::split_paths(&path)
                .filter(|directory| directory.is_absolute())
                .collect(),
            tree: repo.and_then(|repo| fs::canonicalize(repo.root()).ok()),
        }
    }

    pub(crate) fn find(&self, purpose: Purpose, name: &str) -> Found {
        let file = purpose.program(name) + env::consts::EXE_SUFFIX;
        // A check is no command, though the name of its program starts like that of one.
        if !is_name(name) || named(OsStr::new(&file)).is_none_or(|(found, _)| found != purpose) {
            return Found::Nothing;
        }
        let mut refused = None;
        for directory in &self.directories {
            let program = directory.join(&file);
            match () {
                () if !is_program(&program) => {}
                () if self.is_in_tree(&program) => refused = refused.or(Some(program)),
                () => return Found::Program(program),
            }
        }
        refused.map_or(Found::Nothing, Found::InTree)
    }

    /// Every program that can be run, by its name. Of several with the same name, the first in `PATH`.
    pub(crate) fn all(&self) -> BTreeMap<(Purpose, String), PathBuf> {
        let mut all = BTreeMap::new();
        for directory in &self.directories {
            let entries = fs::read_dir(directory).into_iter().flatten();
            for entry in entries.filter_map(std::result::Result::ok) {
                let Some(key) = named(&entry.file_name()) else {
                    continue;
                };
                let program = entry.path();
                if !all.contains_key(&key) && is_program(&program) && !self.is_in_tree(&program) {
                    all.insert(key, program);
                }
            }
        }
        all
    }

    /// Whether the path of a program leads through the working tree, or into it.
    fn is_in_tree(&self, program: &Path) -> bool {
        let Some(tree) = &self.tree else {
            return false;
        };
        let leads_there =
            |path: &Path| fs::canonicalize(path).is_ok_and(|path| path.starts_with(tree));
        let mut path = PathBuf::new();
        let mut names = program.components().peekable();
        while let Some(name) = names.next() {
            path.push(name);
            // `tree/..` is not in the tree.
            if names.peek() != Some(&Component::ParentDir) && leads_there(&path) {
                return true;
            }
        }
        false
    }
}

/// Whether a word can be the name of a program: it is no path.
fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(char::is_alphanumeric);
    starts_well && (name.chars()).all(|c| c.is_alphanumeric() || "._-".contains(c))
}

/// What a file is for, and the name that runs it.
fn named(file: &OsStr) -> Option<(Purpose, String)> {
    let stem = file.to_str()?.strip_suffix(env::consts::EXE_SUFFIX)?;
    let (purpose, name) = match stem.strip_prefix(CHECK) {
        Some(name) => (Purpose::Check, name),
        None => (Purpose::Command, stem.strip_prefix(COMMAND)?),
    };
    is_name(name).then(|| (purpose, name.to_string()))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Why a program in the working tree is not run.
pub(crate) fn refusal(program: &Path) -> String {
    let path = escaped(program.as_os_str().as_encoded_bytes());
    format!("`{path}` is in the working tree, from which nothing is run")
}

/// Tells a program what it is about: this binary, the repository and the configuration.
pub(crate) fn describe(
    command: &mut Command,
    repo: Option<&Repo>,
    config: Option<&Path>,
) -> Result<()> {
    let binary = env::current_exe().context("cannot find the path of this program")?;
    let root = repo.map(Repo::root);
    let config = match config {
        Some(file) => Some(std::path::absolute(file).context("cannot find the current directory")?),
        None => root
            .map(|root| root.join(CONFIG_NAME))
            .filter(|file| file.is_file()),
    };
    let variables: [(&str, Option<OsString>); 3] = [
        ("OWNERS", Some(binary.into())),
        ("OWNERS_ROOT", root.map(Into::into)),
        ("OWNERS_CONFIG", config.map(Into::into)),
    ];
    for (name, value) in variables {
        // A program that `owners` ran may run `owners` elsewhere.
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Ok(())
}

/// The names of the external commands or checks, for completions.
pub(crate) fn names(wanted: Purpose) -> Vec<(String, String)> {
    let repo = env::current_dir().ok();
    let repo = repo.and_then(|directory| Repo::discover(&directory).ok());
    let all = Programs::new(repo.as_ref()).all().into_iter();
    all.filter(|((purpose, _), _)| *purpose == wanted)
        .map(|((_, name), program)| (name, program.to_string_lossy().into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_paths() {
        for name in ["labeler", "check2", "a-b_c.d", "é"] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "", "-a", ".", "../a", "a/b", r"a\b", "C:a", "a b", "a\n", "a*",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        let named = |stem: &str| {
            let file = [stem, env::consts::EXE_SUFFIX].concat();
            named(OsStr::new(&file)).map(|(purpose, name)| (purpose, name.clone()))
        };
        let of = |purpose, name: &str| Some((purpose, name.to_string()));
        assert_eq!(named("owners-labeler"), of(Purpose::Command, "labeler"));
        assert_eq!(named("owners-check-teams"), of(Purpose::Check, "teams"));
        assert_eq!(named("owners-checks"), of(Purpose::Command, "checks"));
        assert_eq!(named("owners-check"), of(Purpose::Command, "check"));
        assert_eq!(named("owners"), None);
        assert_eq!(named("owners-"), None);
        assert_eq!(named("owners-check-"), None);
    }
}
