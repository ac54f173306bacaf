//! The part of `owners check --live` and `owners export --live` that asks the forge. A build without the
//! feature `live` says that it cannot.

#[cfg(feature = "live")]
pub(super) use with_network::{answers, team_ids};
#[cfg(not(feature = "live"))]
pub(super) use without_network::{answers, team_ids};

#[cfg(feature = "live")]
mod with_network {
    use owners::config::TeamIds;
    use owners::lint::Answers;
    use owners::live::NoAnswer;
    use owners::text::Diagnostic;
    use owners::{Forge, Owner, Project};

    use crate::failure::{Failure, Result};
    use crate::print::say;
    use crate::workspace::Workspace;

    /// What the forge says about the owners of `project`, which is that of `rev` if there is one.
    pub(in crate::commands) fn answers(
        workspace: &Workspace,
        rev: Option<&str>,
        project: &Project,
    ) -> Result<Answers> {
        let revision = match rev {
            Some(name) => Some(workspace.repo.revision(name)?),
            None => None,
        };
        let say = &mut say_wait(workspace);
        let answers = owners::live::ask(&workspace.repo, project, revision.as_ref(), say);
        answers.map_err(failure)
    }

    /// The ids that the forge has for these teams.
    pub(in crate::commands) fn team_ids(
        workspace: &Workspace,
        forge: Forge,
        teams: &[Owner],
    ) -> Result<TeamIds> {
        let say = &mut say_wait(workspace);
        owners::live::team_ids(&workspace.repo, forge, teams, say).map_err(failure)
    }

    fn say_wait(workspace: &Workspace) -> impl FnMut(&str) + use<> {
        let is_quiet = workspace.quiet;
        move |text: &str| {
            if !is_quiet {
                say(format_args!("{text}"));
            }
        }
    }

    fn failure(why: NoAnswer) -> Failure {
        let fault = Diagnostic::error(why.message);
        let fault = why.notes.into_iter().fold(fault, Diagnostic::note);
        Failure::from(why.helps.into_iter().fold(fault, Diagnostic::help))
    }
}

#[cfg(not(feature = "live"))]
mod without_network {
    use owners::config::TeamIds;
    use owners::lint::Answers;
    use owners::text::Diagnostic;
    use owners::{Forge, Owner, Project};

    use crate::failure::{Failure, Result};
    use crate::workspace::Workspace;

    pub(in crate::commands) fn answers(
        _: &Workspace,
        _: Option<&str>,
        _: &Project,
    ) -> Result<Answers> {
        Err(cannot_ask())
    }

    pub(in crate::commands) fn team_ids(_: &Workspace, _: Forge, _: &[Owner]) -> Result<TeamIds> {
        Err(cannot_ask())
    }

    /// The error of a build that cannot ask.
    fn cannot_ask() -> Failure {
        let fault =
            Diagnostic::error("this build of owners cannot ask a forge: it has no network code")
                .note("it was built without the feature `live`")
                .help("use a released build, or build it with `cargo install owners-cli`");
        Failure::from(fault)
    }
}
