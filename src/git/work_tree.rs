//! Where a path of the working tree leads.
//!
//! Paths come from `owners.toml`, and links from the tree: in CI, both are from whoever opened the pull
//! request. So a path is followed name by name, in directories that are held open ([`Dir`]); it may
//! lead neither out of the working tree nor into `.git`, and nobody can exchange a directory on the
//! way for a link between the check and the use.

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::error::{Context, Error, Result, bail, ensure};
use bstr::ByteSlice as _;

use super::Repo;
use super::dir::{Dir, Entry, Id};
use super::relative::{normalize, through_symlinks};
use crate::paths::alias::is_dot_git;

/// As many links as Linux follows in one path.
const MOST_LINKS: usize = 40;

/// The working tree of a repository, held open.
pub(crate) struct WorkTree<'r> {
    repo: &'r Repo,
    root: Rc<Dir>,
    /// Git's own directories, wherever they are.
    git_dirs: Vec<Id>,
    /// The directories of the last path without links: the next one often lies in some of them.
    last: RefCell<Vec<(OsString, Rc<Dir>)>>,
}

/// What to do on the way to a file.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Way {
    /// Links are followed.
    ThroughLinks,
    /// There is nothing behind links.
    Plain,
    /// Links are followed, and directories that are missing are made.
    Making,
}

/// The place of a file, which need not be there yet.
#[derive(Debug)]
pub(super) struct Place {
    pub directory: Rc<Dir>,
    pub name: OsString,
    /// What is there; no link.
    pub found: Option<Entry>,
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

    /// The place where the root-relative `path` leads; none if a directory on the way is missing.
    pub(super) fn find(&self, path: &Path, way: Way) -> Result<Option<Place>> {
        let mut walk = Walk {
            tree: self,
            way,
            inside: Vec::new(),
            ahead: Vec::new(),
            link: PathBuf::new(),
            links: 0,
        };
        walk.add(path, false);
        if way == Way::Plain {
            walk.inside = self.last.take();
            walk.skip_known();
        }
        walk.place()
    }
}

impl Place {
    /// The file there, to be read, and its size.
    pub(crate) fn open(&self) -> Result<(File, u64)> {
        let file = self.directory.open_file(&self.name)?;
        let found = file.metadata()?;
        ensure!(found.is_file(), "it is not a regular file");
        Ok((file, found.len()))
    }
}

/// A path that is being followed.
struct Walk<'t> {
    tree: &'t WorkTree<'t>,
    way: Way,
    /// The directories from the root to where we are, with their names.
    inside: Vec<(OsString, Rc<Dir>)>,
    /// The names that are yet to be followed, the next one last. Those from links come first.
    ahead: Vec<Step>,
    /// The link that was followed last.
    link: PathBuf,
    /// How many links were followed.
    links: usize,
}

struct Step {
    name: OsString,
    is_from_link: bool,
}

impl Walk<'_> {
    /// Follows `path` before all that is ahead.
    fn add(&mut self, path: &Path, is_from_link: bool) {
        let names = path.components().rev().map(|part| Step {
            name: part.as_os_str().to_owned(),
            is_from_link,
        });
        self.ahead.extend(names);
    }

    /// Stays in those directories where we are that lie on the way.
    fn skip_known(&mut self) {
        // The first one ahead is last, and the last one is no directory.
        let on_the_way = self.ahead.iter().skip(1).rev();
        let known = self.inside.iter().zip(on_the_way);
        let known = known.take_while(|((name, _), step)| *name == step.name);
        let count = known.count();
        self.inside.truncate(count);
        self.ahead.truncate(self.ahead.len() - count);
    }

    fn place(mut self) -> Result<Option<Place>> {
        while let Some(step) = self.ahead.pop() {
            if step.name == "." {
                continue;
            }
            if step.name == ".." {
                if self.inside.pop().is_none() {
                    self.come_back()?;
                }
                continue;
            }
            self.ensure(!is_dot_git(step.name.as_encoded_bytes()), &step.name)?;
            if self.ahead.is_empty() {
                match self.here().entry(&step.name)? {
                    Some(Entry::Link) if self.way == Way::Plain => return Ok(None),
                    Some(Entry::Link) => self.follow(&step.name)?,
                    None if step.is_from_link && self.way == Way::Making => {
                        return Err(self.leads_to_nothing(&step.name));
                    }
                    found => return Ok(Some(self.arrived(step.name, found))),
                }
            } else if !self.pass(step)? {
                return Ok(None);
            }
        }
        bail!("it is a directory")
    }

    /// Goes into a directory on the way; says no if there is none.
    fn pass(&mut self, step: Step) -> Result<bool> {
        let name = step.name.as_os_str();
        // Most are directories. What else it may be is asked for only then.
        let error = match self.here().directory(name) {
            Ok(dir) => return self.enter(step.name, dir).map(|()| true),
            Err(error) => error,
        };
        match self.here().entry(name)? {
            Some(Entry::Link) if self.way == Way::Plain => Ok(false),
            Some(Entry::Link) => self.follow(name).map(|()| true),
            None if step.is_from_link && self.way == Way::Making => {
                Err(self.leads_to_nothing(name))
            }
            None if self.way == Way::Making => self.make(step.name).map(|()| true),
            Some(Entry::Directory) => {
                Err(error).with_context(|| format!("cannot enter `{}`", self.shown(name).display()))
            }
            Some(_) if self.way == Way::Making => bail!(
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
        self.inside.push((name, Rc::new(dir)));
        Ok(())
    }

    fn make(&mut self, name: OsString) -> Result<()> {
        let made = self.here().create_directory(&name);
        let dir = match made {
            // Somebody else was faster.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => self.here().directory(&name),
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
            self.links <= MOST_LINKS,
            "`{}` leads through more than {MOST_LINKS} symbolic links",
            self.link.display()
        );
        let target = self.here().read_link(name);
        let target = target.with_context(|| format!("cannot follow `{}`", self.link.display()))?;
        if target.has_root() || target.is_absolute() {
            self.inside.clear();
            return self.start_again(&target);
        }
        self.add(&target, true);
        Ok(())
    }

    /// A link has led to the directory above the root.
    fn come_back(&mut self) -> Result<()> {
        let root = self.tree.repo.root();
        let mut outside = root.parent().unwrap_or(root).to_owned();
        while let Some(step) = self.ahead.pop_if(|step| step.is_from_link) {
            outside.push(step.name);
        }
        self.start_again(&outside)
    }

    /// Goes on at the root, if that is where an absolute path leads through; else it leads out.
    fn start_again(&mut self, path: &Path) -> Result<()> {
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

    fn arrived(self, name: OsString, found: Option<Entry>) -> Place {
        let place = Place {
            directory: Rc::clone(self.here()),
            name,
            found,
            shown: self.tree.repo.root().join(self.inner()),
        };
        if self.way == Way::Plain {
            self.tree.last.replace(self.inside);
        }
        place
    }

    fn here(&self) -> &Rc<Dir> {
        self.inside.last().map_or(&self.tree.root, |(_, dir)| dir)
    }

    /// The path of a name in the directory where we are.
    fn shown(&self, name: &OsStr) -> PathBuf {
        self.tree.repo.root().join(self.inner()).join(name)
    }

    /// The path from the root to where we are.
    fn inner(&self) -> PathBuf {
        self.inside.iter().map(|(name, _)| name).collect()
    }

    /// An error unless a name is none of git's own directory.
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
