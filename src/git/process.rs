//! The git part of a repository, and the `git` processes that run in it.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::error::{Error, ErrorContext, Result, bail};
use bstr::ByteSlice;
use rustc_hash::FxHashSet;

use super::config;
use super::hash::ObjectHash;
use crate::parallel;

/// The message if a process does not start.
pub(super) const CANNOT_RUN: &str = "cannot run `git`; is it installed?";

/// A git repository.
#[derive(Clone, Debug)]
pub(super) struct Git {
    /// The repository's own directory. For a linked worktree, its directory in `.git/worktrees`.
    pub dir: PathBuf,
    /// The directory shared by all worktrees. The same as `dir` in the main one.
    pub common_dir: PathBuf,
    /// `GIT_INDEX_FILE`, made absolute.
    pub index: Option<PathBuf>,
    /// Whether the environment names the repository. Otherwise git processes find it themselves,
    /// because naming it would switch off git's check of its owner.
    pub is_explicit: bool,
    /// Whether the search started inside the repository directory itself, so that no `.git` led to
    /// it.
    pub is_found_inside: bool,
    /// The top of the working tree. `None` in a bare repository.
    pub work_tree: Option<PathBuf>,
    /// The directory where git processes run.
    pub cwd: PathBuf,
}

impl Git {
    /// The index in use.
    pub(super) fn index_file(&self) -> PathBuf {
        self.index.clone().unwrap_or_else(|| self.own_index())
    }

    fn own_index(&self) -> PathBuf {
        self.dir.join("index")
    }

    /// The hash function of object names. It determines the layout of the index.
    pub(super) fn object_hash(&self) -> Result<ObjectHash> {
        let text = config::read_if_there(&self.common_dir.join("config"))?.unwrap_or_default();
        match config::value(&text, "extensions", "objectformat").as_deref() {
            Some(b"sha1") => return Ok(ObjectHash::Sha1),
            Some(b"sha256") => return Ok(ObjectHash::Sha256),
            None if !text.to_ascii_lowercase().contains_str("objectformat") => {
                return Ok(ObjectHash::Sha1);
            }
            _ => {}
        }
        let mut command = self.command();
        command.args(["rev-parse", "--show-object-format"]);
        match output(&mut command)?.trim_ascii_end() {
            b"sha1" => Ok(ObjectHash::Sha1),
            b"sha256" => Ok(ObjectHash::Sha256),
            other => bail!("unknown object format `{}`", other.as_bstr()),
        }
    }

    /// A `git` command for exactly this repository. Pass it absolute paths.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.cwd).env("LC_ALL", "C");
        // Even if git's search differs from `discover`, it must not use a bare repository inside
        // the tree.
        if !self.is_found_inside {
            command.args(["-c", "safe.bareRepository=explicit"]);
        }
        // Relative values would be resolved from `cwd`, so set absolute ones.
        let explicit = |path| Some(path).filter(|_| self.is_explicit);
        let variables = [
            ("GIT_DIR", explicit(&self.dir)),
            ("GIT_WORK_TREE", self.work_tree.as_ref().and_then(explicit)),
            ("GIT_INDEX_FILE", self.index.as_ref()),
            // The user's settings for pathspecs must not change these commands.
            ("GIT_LITERAL_PATHSPECS", None),
            ("GIT_GLOB_PATHSPECS", None),
            ("GIT_NOGLOB_PATHSPECS", None),
            ("GIT_ICASE_PATHSPECS", None),
        ];
        for (name, value) in variables {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// For each of the absolute paths, whether git ignores it. One process answers for all.
    pub(super) fn ignored(&self, paths: &[PathBuf]) -> Result<Vec<bool>> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let mut questions = Vec::new();
        for path in paths {
            questions.extend_from_slice(path.as_os_str().as_encoded_bytes());
            questions.push(0);
        }
        let mut command = self.command();
        command.args(["check-ignore", "-z", "--stdin"]);
        // Exit code 1 means that none of them is ignored.
        let listing = answer_to(&mut command, &questions)?.unwrap_or_default();
        let ignored: FxHashSet<&[u8]> = listing.split(|&byte| byte == 0).collect();
        let is_ignored = |path: &PathBuf| ignored.contains(path.as_os_str().as_encoded_bytes());
        Ok(paths.iter().map(is_ignored).collect())
    }

    /// The short names of branches and tags. Names that are not UTF-8 are left out.
    pub(super) fn names_of_revisions(&self) -> Result<Vec<String>> {
        let mut command = self.command();
        command.args(["for-each-ref", "--count=1000", "--format=%(refname:short)"]);
        command.args(["refs/heads", "refs/remotes", "refs/tags"]);
        let listing = output(&mut command)?;
        let names = listing.lines().filter_map(|name| name.to_str().ok());
        Ok(["HEAD"]
            .into_iter()
            .chain(names)
            .map(str::to_string)
            .collect())
    }

    /// The URL of the remote `origin`.
    pub(super) fn origin(&self) -> Result<Option<String>> {
        let mut command = self.command();
        command.args(["config", "--get", "remote.origin.url"]);
        // Exit code 1 means that it is not set.
        let found = answer(&mut command)?;
        Ok(found.and_then(|url| Some(url.lines().next()?.to_str().ok()?.to_string())))
    }

    /// For each of the root-relative paths, whether a commit has a file or directory there. A commit
    /// that does not exist has none.
    pub(super) fn exist_in(&self, commit: &str, paths: &[Vec<u8>]) -> Result<Vec<bool>> {
        // A request is one line. Git drops a carriage return at its end.
        let can_ask = |path: &[u8]| !path.contains(&b'\n') && !path.ends_with(b"\r");
        let mut questions = Vec::new();
        for path in paths.iter().filter(|path| can_ask(path)) {
            questions.extend_from_slice(&[commit.as_bytes(), b":", path, b"\n"].concat());
        }
        if questions.is_empty() {
            return Ok(vec![false; paths.len()]);
        }
        let mut command = self.command();
        command.args(["cat-file", "--batch-check=%(objecttype)"]);
        // A partial clone may lack a directory. It is not worth fetching.
        command.env("GIT_NO_LAZY_FETCH", "1");
        let answers = answer_to(&mut command, &questions)?.unwrap_or_default();
        // Each answer is a line: a type or, if there is no such object, the question and a reason.
        let mut answers = answers.lines();
        let is_there =
            |path: &Vec<u8>| can_ask(path) && matches!(answers.next(), Some(b"blob" | b"tree"));
        Ok(paths.iter().map(is_there).collect())
    }

    /// The index that `GIT_INDEX_FILE` names, if it is not the repository's own one.
    pub(super) fn temporary_index(&self) -> Option<&Path> {
        let index = self.index.as_deref();
        index.filter(|index| !same_file(index, &self.own_index()))
    }

    /// Fails if what is staged would be lost after the commit in progress. `git commit -a` makes a
    /// new index beside the own one, and puts it in its place. `git commit PATH` commits a temporary
    /// index, and what is staged there does not reach the real one.
    pub(super) fn ensure_lasting_index(&self) -> Result<()> {
        let next = self.dir.join("index.lock");
        let Some(index) = self
            .temporary_index()
            .filter(|index| !same_file(index, &next))
        else {
            return Ok(());
        };
        bail!(
            "refusing to stage into the temporary index `{}` (GIT_INDEX_FILE) of a commit of some \
             paths: the change would not reach the real index; run `git add` and then `git \
             commit` without --only or paths",
            index.display(),
        );
    }

    /// Stages the absolute paths. One process does it for all, because each one compares with every
    /// pattern of `.gitignore`.
    pub(super) fn stage(&self, paths: &[PathBuf]) -> Result<()> {
        self.ensure_lasting_index()?;
        let mut command = self.command();
        command
            .args(["--literal-pathspecs", "add", "--"])
            .args(paths);
        output(&mut command).map(drop)
    }
}

/// Whether both paths name the same file, which may be missing.
fn same_file(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| {
        Some((
            fs::canonicalize(path.parent()?).ok()?,
            path.file_name()?.to_owned(),
        ))
    };
    a == b || place(a).is_some_and(|place_of_a| Some(place_of_a) == place(b))
}

/// Runs a command and returns its output.
pub(super) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = run(command)?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(failure(command, &output))
    }
}

/// Like [`output`], for a command that prints nothing and exits with code 1 if there is no answer.
/// Any other failure is an error, since git may not even have looked.
pub(super) fn answer(command: &mut Command) -> Result<Option<Vec<u8>>> {
    let output = run(command)?;
    answer_of(command, output)
}

/// Like [`answer`], for a command that reads `input`.
pub(super) fn answer_to(command: &mut Command, input: &[u8]) -> Result<Option<Vec<u8>>> {
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context(CANNOT_RUN)?;
    let stdin = child.stdin.take();
    // Git starts to answer before it has read all input, so write and read at the same time. If git
    // stops reading, its exit code says why.
    let write = || stdin.map(|mut stdin| stdin.write_all(input));
    let (output, _) = parallel::both(|| child.wait_with_output(), write);
    answer_of(command, output.context(CANNOT_RUN)?)
}

fn answer_of(command: &Command, output: Output) -> Result<Option<Vec<u8>>> {
    match output.status.code() {
        Some(0) => Ok(Some(output.stdout)),
        Some(1) => Ok(None),
        _ => Err(failure(command, &output)),
    }
}

pub(super) fn run(command: &mut Command) -> Result<Output> {
    command.output().context(CANNOT_RUN)
}

fn failure(command: &Command, output: &Output) -> Error {
    // Leave out the options that `Git::command` adds. They do not help the user.
    let mut words: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    while matches!(words.first().map(AsRef::as_ref), Some("-C" | "-c")) {
        words.drain(..2);
    }
    let said = output.stderr.trim_ascii().to_str_lossy();
    let said = if said.is_empty() {
        output.status.to_string().into()
    } else {
        said
    };
    // Git's message may have several lines.
    Error::Git(said.into_owned()).context(format!("`git {}` failed", words.join(" ")))
}
