//! The trees that the page shows: one, or two that are compared.

use owners::reports::map::{Decisions, Side};
use owners::text::{Diagnostic, escaped};
use owners::{PathSet, Project};
use serde::Serialize;

use crate::args;
use crate::commands::diff::{End, ends, say_what_decides, say_whose};
use crate::failure::{Failure, Result};
use crate::workspace::{Workspace, project_at};

/// A tree with its rules.
pub(super) struct Tree {
    pub(super) end: Name,
    pub(super) project: Project,
    pub(super) paths: PathSet,
    pub(super) decisions: Decisions,
}

/// What a tree is called, escaped.
#[derive(Serialize)]
pub(super) struct Name {
    pub(super) name: String,
    /// `None`: the index and the working tree.
    pub(super) commit: Option<String>,
}

/// The trees that the command line names.
pub(super) struct Trees {
    pub(super) before: Option<Tree>,
    pub(super) after: Tree,
}

impl Trees {
    pub(super) fn new(workspace: &Workspace, args: &args::Map) -> Result<Self> {
        if args.base.is_some() {
            workspace.forbid_config("each side has its own owners.toml")?;
            let repo = &workspace.repo;
            let (from, to) = ends(repo, args.base.as_deref(), args.head.as_deref())?;
            let before = Some(Tree::of_end(workspace, from)?);
            let after = Tree::of_end(workspace, to)?;
            return Ok(Trees { before, after });
        }
        let (project, paths, commit) = match args.rev.as_deref() {
            None => {
                let (project, paths) = workspace.project_and_paths()?;
                (project, paths, None)
            }
            Some(name) => {
                let revision = workspace.repo.revision(name)?;
                let project = project_at(&revision, name)?;
                let commit = revision.commit().to_string();
                (project, revision.paths, Some(commit))
            }
        };
        let name = Name::new(args.rev.as_deref().unwrap_or_default(), commit);
        let after = Tree::new(name, project, paths)?;
        Ok(Trees {
            before: None,
            after,
        })
    }
}

impl Name {
    fn new(name: &str, commit: Option<String>) -> Self {
        Name {
            name: escaped(name.as_bytes()),
            commit,
        }
    }
}

impl Tree {
    /// One side of a comparison.
    fn of_end(workspace: &Workspace, end: End<'_>) -> Result<Self> {
        let repo = &workspace.repo;
        let End { name, revision } = end;
        let (commit, found, paths) = match revision {
            Some(revision) => {
                let commit = revision.commit().to_string();
                (Some(commit), repo.deciding_at(&revision), revision.paths)
            }
            None => {
                let paths = repo.tracked()?;
                (None, repo.deciding(&paths), paths)
            }
        };
        let (project, decider) = found.inspect_err(|error| say_whose(&name, error))?;
        if !workspace.quiet {
            say_what_decides(&name, &decider);
        }
        Tree::new(Name::new(&name, commit), project, paths)
    }

    fn new(end: Name, project: Project, paths: PathSet) -> Result<Self> {
        let decisions = Decisions::new(&project.rules, &paths);
        let decisions = decisions.listable(&project.rules);
        let decisions =
            decisions.map_err(|fault| Failure::from(Diagnostic::error(fault.to_string())))?;
        Ok(Tree {
            end,
            project,
            paths,
            decisions,
        })
    }

    pub(super) fn side(&self) -> Side<'_> {
        Side {
            rules: &self.project.rules,
            paths: &self.paths,
            decisions: &self.decisions,
        }
    }
}
