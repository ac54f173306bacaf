//! What works in a bare repository, which has commits and no files: on a server, for example in a
//! `pre-receive` hook. For other commands, the error says what to type instead.

use std::path::Path;

use owners::text::Diagnostic;

use crate::args::{Command, names_both_sides};
use crate::failure::{Failure, Result};

/// An error if the command needs the index or the working tree.
pub(crate) fn ensure_commits_only(command: &Command, repository: &Path) -> Result<()> {
    let help = match command {
        Command::Check(args) if args.rev.is_none() => "name a commit: `owners check --rev HEAD`",
        Command::Ls(args) if args.rev.is_none() => "name a commit: `owners ls --rev HEAD`",
        Command::Stats(args) if args.rev.is_none() => "name a commit: `owners stats --rev HEAD`",
        Command::Export(args) if args.rev.is_none() => "name a commit: `owners export --rev HEAD`",
        Command::Map(args)
            if args.rev.is_none() && !names_both_sides(args.base.as_ref(), args.head.as_ref()) =>
        {
            "name a commit: `owners map --rev HEAD`"
        }
        Command::Diff(args) if !names_both_sides(args.base.as_ref(), args.head.as_ref()) => {
            "name two commits: `owners diff HEAD~1..HEAD`"
        }
        Command::Reviewers(args) if args.head.is_none() => {
            "name two commits: `owners reviewers main TOPIC`"
        }
        Command::Suggest(args) if args.history.rev.is_none() => {
            "name a commit: `owners suggest --rev HEAD`"
        }
        Command::Risk(args) if args.history.rev.is_none() => {
            "name a commit: `owners risk --rev HEAD`"
        }
        Command::Gen(_)
        | Command::Who(_)
        | Command::Init(_)
        | Command::Add(_)
        | Command::Remove(_)
        | Command::Rename(_) => "run it in a clone or a worktree, or name one with GIT_WORK_TREE",
        _ => return Ok(()),
    };
    let message = format!(
        "`{}` is a bare repository: no files are checked out there",
        repository.display()
    );
    Err(Failure::from(Diagnostic::error(message).help(help)))
}
