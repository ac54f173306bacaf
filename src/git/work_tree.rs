//! Resolves a path of the working tree.
//!
//! Paths come from `owners.toml`, and links from the tree. In CI, both come from the author of the
//! pull request. So a path is resolved name by name, in directories that are held open ([`Dir`]).
//! It must lead neither out of the working tree nor into `.git`. And nobody can replace a directory
//! on the way by a link between the check and the use.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::error::{Error, ErrorContext, Result, bail, ensure};
use bstr::ByteSlice as _;

use super::Repo;
use super::dir::{Dir, DirEntry, DirId};
use super::relative::{normalize, through_symlinks};
use crate::paths::alias::is_dot_git;

/// The maximum number of links followed in one path, as in Linux.
const MAX_LINKS: usize = 40;

/// The working tree of a repository, held open.
pub(crate) struct WorkTree<'r> {
    repo: &'r Repo,
    root: Rc<Dir>,
    /// Git's own directories, wherever they are.
    git_dirs: Vec<DirId>,
    /// The directories of the last path resolved without links. The next path often shares some of
    /// them.
    last: RefCell<Vec<(OsString, Rc<Dir>)>>,
}

/// How to resolve a path.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum ResolveMode {
    /// Follows links.
    FollowLinks,
    /// Treats links as missing files.
    NoLinks,
    /// Follows links, and creates missing directories.
    CreateDirectories,
}

/// A resolved path. The file need not exist.
#[derive(Debug)]
pub(super) struct ResolvedPath {
    pub directory: Rc<Dir>,
    pub name: OsString,
    /// What exists there. Never a link.
    pub found: Option<DirEntry>,
    /// The path of the directory, for messages.
    pub shown: PathBuf,
}

impl<'r> WorkTree<'r> {
    pub(crate) fn open(repo: &'r Repo) -> Result<Self> {
        let at = |path: &Path| {
            let cannot = || format!("cannot enter `{}`", path.display());
            Dir::at(path).with_context(cannot)
        };
        let root = at(repo.root())?;
        let root_id = root.id()?;
        let mut git_dirs = Vec::new();
        for path in repo.git.iter().flat_map(|git| [&git.dir, &git.common_dir]) {
            let id = at(path)?.id()?;
            if id != root_id && !git_dirs.contains(&id) {
                git_dirs.push(id);
            }
        }
        Ok(WorkTree {
            repo,
            root: Rc::new(root),
            git_dirs,
            last: RefCell::default(),
        })
    }

    /// The full path of the root-relative `path`, for messages.
    pub(super) fn shown(&self, path: &[u8]) -> PathBuf {
        let inner = path.to_path_lossy();
        self.repo.root().join(inner)
    }

    /// Resolves the root-relative `path`. `None` if a directory on the way is missing.
    pub(super) fn find(&self, path: &Path, mode: ResolveMode) -> Result<Option<ResolvedPath>> {
        let mut resolver = PathResolver {
            tree: self,
            mode,
            directories: Vec::new(),
            remaining: Vec::new(),
            link: PathBuf::new(),
            links: 0,
        };
        resolver.add(path, false);
        if mode == ResolveMode::NoLinks {
            resolver.directories = self.last.take();
            resolver.skip_known();
        }
        resolver.resolve()
    }
}

impl ResolvedPath {
    /// Opens the file for reading. Returns it with its size.
    pub(crate) fn open(&self) -> Result<(File, u64)> {
        let file = self.directory.open_file(&self.name)?;
        let found = file.metadata()?;
        ensure!(found.is_file(), "it is not a regular file");
        Ok((file, found.len()))
    }
}

/// The state while a path is resolved.
struct PathResolver<'t> {
    tree: &'t WorkTree<'t>,
    mode: ResolveMode,
    /// The directories from the root to the current one, with their names.
    directories: Vec<(OsString, Rc<Dir>)>,
    /// The remaining names, in reverse order. Those from links come first.
    remaining: Vec<PathName>,
    /// The last link followed.
    link: PathBuf,
    /// The number of links followed.
    links: usize,
}

struct PathName {
    name: OsString,
    is_from_link: bool,
}

impl PathResolver<'_> {
    /// Adds the names of `path` before the remaining ones.
    fn add(&mut self, path: &Path, is_from_link: bool) {
        let names = path.components().rev().map(|part| PathName {
            name: part.as_os_str().to_owned(),
            is_from_link,
        });
        self.remaining.extend(names);
    }

    /// Keeps the open directories that are also the first ones of the new path.
    fn skip_known(&mut self) {
        // The first remaining name is at the end, and the last name is not a directory.
        let on_the_way = self.remaining.iter().skip(1).rev();
        let known = self.directories.iter().zip(on_the_way);
        let known = known.take_while(|((name, _), step)| *name == step.name);
        let count = known.count();
        self.directories.truncate(count);
        self.remaining.truncate(self.remaining.len() - count);
    }

    fn resolve(mut self) -> Result<Option<ResolvedPath>> {
        while let Some(step) = self.remaining.pop() {
            if step.name == "." {
                continue;
            }
            if step.name == ".." {
                if self.directories.pop().is_none() {
                    self.leave_root()?;
                }
                continue;
            }
            self.ensure(!is_dot_git(step.name.as_encoded_bytes()), &step.name)?;
            if self.remaining.is_empty() {
                match self.current().entry(&step.name)? {
                    Some(DirEntry::Link) if self.mode == ResolveMode::NoLinks => return Ok(None),
                    Some(DirEntry::Link) => self.follow(&step.name)?,
                    None if step.is_from_link && self.mode == ResolveMode::CreateDirectories => {
                        return Err(self.leads_to_nothing(&step.name));
                    }
                    found => return Ok(Some(self.finish(step.name, found))),
                }
            } else if !self.enter_or_follow(step)? {
                return Ok(None);
            }
        }
        bail!("it is a directory")
    }

    /// Enters a directory or follows a link. Returns false if there is neither.
    fn enter_or_follow(&mut self, step: PathName) -> Result<bool> {
        let name = step.name.as_os_str();
        // Most names are directories, so try that first, and find out what it is only if that
        // fails.
        let error = match self.current().directory(name) {
            Ok(dir) => return self.enter(step.name, dir).map(|()| true),
            Err(error) => error,
        };
        match self.current().entry(name)? {
            Some(DirEntry::Link) if self.mode == ResolveMode::NoLinks => Ok(false),
            Some(DirEntry::Link) => self.follow(name).map(|()| true),
            None if step.is_from_link && self.mode == ResolveMode::CreateDirectories => {
                Err(self.leads_to_nothing(name))
            }
            None if self.mode == ResolveMode::CreateDirectories => {
                self.make(step.name).map(|()| true)
            }
            Some(DirEntry::Directory) => {
                Err(error).with_context(|| format!("cannot enter `{}`", self.shown(name).display()))
            }
            Some(_) if self.mode == ResolveMode::CreateDirectories => bail!(
                "cannot create the directory `{}`: a file has that name",
                self.shown(name).display()
            ),
            _ => Ok(false),
        }
    }

    fn enter(&mut self, name: OsString, dir: Dir) -> Result<()> {
        if !self.tree.git_dirs.is_empty() {
            let is_git_dir = self.tree.git_dirs.contains(&dir.id()?);
            self.ensure(!is_git_dir, &name)?;
        }
        self.directories.push((name, Rc::new(dir)));
        Ok(())
    }

    fn make(&mut self, name: OsString) -> Result<()> {
        let made = self.current().create_directory(&name);
        let dir = match made {
            // Another process may have created it.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => self.current().directory(&name),
        };
        let cannot = || {
            format!(
                "cannot create the directory `{}`",
                self.shown(&name).display()
            )
        };
        let dir = dir.with_context(cannot)?;
        self.enter(name, dir)
    }

    fn follow(&mut self, name: &OsStr) -> Result<()> {
        self.link = self.shown(name);
        self.links += 1;
        ensure!(
            self.links <= MAX_LINKS,
            "`{}` leads through more than {MAX_LINKS} symbolic links",
            self.link.display()
        );
        let target = self.current().read_link(name);
        let target = target.with_context(|| format!("cannot follow `{}`", self.link.display()))?;
        if target.has_root() || target.is_absolute() {
            self.directories.clear();
            return self.reenter(&target);
        }
        self.add(&target, true);
        Ok(())
    }

    /// Handles a link that leads to the directory above the root.
    fn leave_root(&mut self) -> Result<()> {
        let root = self.tree.repo.root();
        let mut outside = root.parent().unwrap_or(root).to_owned();
        while let Some(step) = self.remaining.pop_if(|step| step.is_from_link) {
            outside.push(step.name);
        }
        self.reenter(&outside)
    }

    /// Continues at the root if the absolute `path` leads into the repository. Fails otherwise.
    fn reenter(&mut self, path: &Path) -> Result<()> {
        let root = self.tree.repo.root();
        let Some(inner) = through_symlinks(root, &root.join(path)) else {
            bail!(
                "`{}` leads out of the repository, to `{}`",
                self.link.display(),
                normalize(path).display()
            );
        };
        self.add(&inner, true);
        Ok(())
    }

    fn finish(self, name: OsString, found: Option<DirEntry>) -> ResolvedPath {
        let resolved = ResolvedPath {
            directory: Rc::clone(self.current()),
            name,
            found,
            shown: self.tree.repo.root().join(self.inner()),
        };
        if self.mode == ResolveMode::NoLinks {
            self.tree.last.replace(self.directories);
        }
        resolved
    }

    fn current(&self) -> &Rc<Dir> {
        self.directories
            .last()
            .map_or(&self.tree.root, |(_, dir)| dir)
    }

    /// The path of a name in the current directory.
    fn shown(&self, name: &OsStr) -> PathBuf {
        self.tree.repo.root().join(self.inner()).join(name)
    }

    /// The path from the root to the current directory.
    fn inner(&self) -> PathBuf {
        self.directories.iter().map(|(name, _)| name).collect()
    }

    /// Fails if the name belongs to git's own directory.
    fn ensure(&self, is_ours: bool, name: &OsStr) -> Result<()> {
        let path = if self.links > 0 {
            self.link.clone()
        } else {
            self.shown(name)
        };
        ensure!(is_ours, "`{}` leads into `.git`", path.display());
        Ok(())
    }

    fn leads_to_nothing(&self, name: &OsStr) -> Error {
        Error::Refused(format!(
            "cannot follow `{}`: there is no `{}`",
            self.link.display(),
            self.shown(name).display()
        ))
    }
}
