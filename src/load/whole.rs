//! A whole repository in one call, for programs that look at many of them.

use crate::git::Repo;
use crate::git::error::Result;
use crate::paths::PathSet;
use crate::project::Project;

impl Repo {
    /// The rules of a repository, and its paths: of the index and the working tree, or of the commit
    /// `rev`. In a bare repository without `rev`, of `HEAD`. Without `owners.toml`, the rules are those of
    /// the CODEOWNERS file that the forge reads. `None` if there is neither, or if that file was generated
    /// from an `owners.toml` that is gone.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or git fails; [`Error::Unsound`](crate::git::Error::Unsound) if the
    /// configuration has errors.
    pub fn rules_and_paths(&self, rev: Option<&str>) -> Result<Option<(Project, PathSet)>> {
        let rev = rev.or(self.is_bare().then_some("HEAD"));
        let (project, by_hand, paths) = match rev {
            Some(name) => {
                let revision = self.revision(name)?;
                let project = revision.project()?;
                let by_hand = match &project {
                    None => revision.codeowners(&[])?,
                    Some(_) => None,
                };
                (project, by_hand, revision.paths)
            }
            None => {
                let paths = self.tracked()?;
                let project = self.project(&paths)?;
                let by_hand = match &project {
                    None => self.codeowners(&[])?,
                    Some(_) => None,
                };
                (project, by_hand, paths)
            }
        };
        let project = match (project, by_hand) {
            (None, Some(file)) if !file.is_generated() => Some(file.project()?),
            (project, _) => project,
        };
        Ok(project.map(|project| (project, paths)))
    }
}
