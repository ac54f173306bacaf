//! Programs that add to `owners`: `owners-NAME` is a command, and `owners-check-NAME` a check.
//!
//! They are found in `PATH` and nowhere else. What is in the working tree may be a stranger's, so
//! nothing there is run, even if `PATH` names it: a relative directory in `PATH` is skipped, and so is
//! one in the working tree of the repository.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use owners::config::CONFIG_NAME;
use owners::git::Repo;
use owners::text::{Diagnostic, escaped};

use crate::failure::Result;

/// What the names of all these programs start with.
const COMMAND: &str = "owners-";
/// What the names of checks start with.
const CHECK: &str = "owners-check-";
/// The variable that tells a check, and nothing else, the version of its protocol.
pub(crate) const PROTOCOL: &str = "OWNERS_PLUGIN_PROTOCOL";

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
    /// There is only a file of this name that is not run, and why.
    Refused(String),
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
            if program.is_file() {
                match self.refusal(&program) {
                    None => return Found::Program(program),
                    why => refused = refused.or(why),
                }
            }
        }
        refused.map_or(Found::Nothing, Found::Refused)
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
                let is_new = !all.contains_key(&key);
                if is_new && program.is_file() && self.refusal(&program).is_none() {
                    all.insert(key, program);
                }
            }
        }
        all
    }

    /// Why a file is not run, if it is not.
    fn refusal(&self, program: &Path) -> Option<String> {
        let why = if self.is_in_tree(program) {
            "is in the working tree, from which nothing is run"
        } else if !is_executable(program) {
            "may not be run: `chmod +x` makes it executable"
        } else {
            return None;
        };
        let path = escaped(program.as_os_str().as_encoded_bytes());
        Some(format!("`{path}` {why}"))
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
            // `C:` alone is the current directory of that drive.
            if matches!(name, Component::Prefix(_)) {
                continue;
            }
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
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).is_ok_and(|file| file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> bool {
    true
}

/// Adds to a fault why a program that is there may not start.
pub(crate) fn with_reason(fault: Diagnostic, error: &io::Error) -> Diagnostic {
    match error.kind() {
        io::ErrorKind::NotFound => fault.note(
            "the file is there: its first line probably names a program that is not installed",
        ),
        _ => fault,
    }
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
    let variables: [(&str, Option<OsString>); 4] = [
        (PROTOCOL, None),
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

    /// Also if the tree is the current directory, which `C:` alone stands for on Windows.
    #[test]
    fn only_programs_of_the_tree_are_refused() {
        let tree = env::current_dir().unwrap();
        let programs = Programs {
            directories: Vec::new(),
            tree: Some(fs::canonicalize(&tree).unwrap()),
        };
        assert!(programs.is_in_tree(&tree.join("owners-x")));
        assert!(!programs.is_in_tree(&tree.with_file_name("owners-x")));
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
