//! The part of `owners check --live` that asks the forge. A build without the feature `live` says so
//! instead.

#[cfg(feature = "live")]
pub(super) use with_network::answers;
#[cfg(not(feature = "live"))]
pub(super) use without_network::answers;

#[cfg(feature = "live")]
mod with_network {
    use owners::Project;
    use owners::lint::Answers;
    use owners::live::NoAnswer;
    use owners::text::Diagnostic;

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
        let mut say_wait = |text: &str| {
            if !workspace.quiet {
                say(format_args!("{text}"));
            }
        };
        let answers = owners::live::ask(&workspace.repo, project, revision.as_ref(), &mut say_wait);
        answers.map_err(failure)
    }

    fn failure(why: NoAnswer) -> Failure {
        let fault = Diagnostic::error(why.message);
        let fault = why.notes.into_iter().fold(fault, Diagnostic::note);
        Failure::from(why.helps.into_iter().fold(fault, Diagnostic::help))
    }
}

#[cfg(not(feature = "live"))]
mod without_network {
    use owners::Project;
    use owners::lint::Answers;
    use owners::text::Diagnostic;

    use crate::failure::{Failure, Result};
    use crate::workspace::Workspace;

    /// The error of a build that cannot ask.
    pub(in crate::commands) fn answers(
        _: &Workspace,
        _: Option<&str>,
        _: &Project,
    ) -> Result<Answers> {
        let fault =
            Diagnostic::error("this build of owners cannot ask a forge: it has no network code")
                .note("it was built without the feature `live`")
                .help("use a released build, or build it with `cargo install owners-cli`");
        Err(Failure::from(fault))
    }
}
