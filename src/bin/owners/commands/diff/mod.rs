//! `owners diff`: which paths changed owners.

mod json;
pub(super) mod show;

use owners::Decider;
use owners::config::CONFIG_NAME;
use owners::git::{self, Repo, Revision};
use owners::reports::diff::{Change, DiffOptions, Side, diff};
use owners::text::Diagnostic;

use crate::Outcome;
use crate::args::{self, ChangeFormat};
use crate::failure::{Failure, Result};
use crate::print::say;
use crate::workspace::Workspace;

/// The names of the sides that are not a revision from the command line.
const WORKING_TREE: &str = "the working tree";
const MERGE_BASE: &str = "the merge base with ";

/// One side of the comparison, with its name.
pub(super) struct End<'r> {
    pub(super) name: String,
    /// None: the index and the working tree.
    pub(super) revision: Option<Revision<'r>>,
}

pub(crate) fn run(workspace: &Workspace, args: &args::Diff) -> Result<Outcome> {
    workspace.forbid_config("each side has its own owners.toml")?;
    let repo = &workspace.repo;
    let (from, to) = ends(repo, args.base.as_deref(), args.head.as_deref())?;
    let (before, from_decider) = side(repo, &from)?;
    let (after, to_decider) = side(repo, &to)?;
    let renames = match &from.revision {
        Some(revision) => repo.renames(revision, to.revision.as_ref(), &after.paths)?,
        None => Vec::new(),
    };
    let format = args.format.chosen().unwrap_or(ChangeFormat::Human);
    let options = DiffOptions {
        unfolded: workspace.verbose,
        by_delta: format != ChangeFormat::Json,
    };
    let comparison = diff(&before, &after, &renames, options);
    let adopted = match (&from_decider, &to_decider) {
        (Decider::File(file), Decider::Config) => Some(&**file),
        _ => None,
    };
    // Of an adoption, the comparison itself says what decides. A CODEOWNERS file that decides on
    // both sides is what the user expects.
    let is_by_hand = matches!(from_decider, Decider::File(_)) && from_decider == to_decider;
    let is_said = adopted.is_some() && format != ChangeFormat::Json;
    if !workspace.quiet && !is_by_hand && !is_said {
        say_what_decides(&from.name, &from_decider);
        say_what_decides(&to.name, &to_decider);
    }
    let shown = show::Shown {
        from: &from.name,
        to: &to.name,
        adopted,
        comparison: &comparison,
        is_verbose: workspace.verbose,
    };
    let mut out = format.printer();
    match format {
        ChangeFormat::Human => shown.human(&mut out)?,
        ChangeFormat::Markdown => shown.markdown(&mut out)?,
        ChangeFormat::Json => shown.json(&mut out)?,
    }
    out.finish()?;
    let is_different = comparison.changes.iter().any(Change::changes_owners);
    Ok(Outcome::findings_if(args.exit_code && is_different))
}

/// The two sides that the arguments name. They are read as `git diff` reads them.
pub(super) fn ends<'r>(
    repo: &'r Repo,
    base: Option<&str>,
    head: Option<&str>,
) -> Result<(End<'r>, End<'r>)> {
    let at = |name: &str| -> Result<End<'r>> {
        let name = if name.is_empty() { "HEAD" } else { name };
        Ok(End {
            name: name.to_string(),
            revision: Some(repo.revision(name)?),
        })
    };
    let working_tree = End {
        name: WORKING_TREE.to_string(),
        revision: None,
    };
    let base = base.unwrap_or("HEAD");
    if let Some((from, to)) = base.split_once("...") {
        forbid_head(base, head)?;
        let to = at(to)?;
        let other = if from.is_empty() { "HEAD" } else { from };
        let from = End {
            name: format!("{MERGE_BASE}{other}"),
            revision: Some(repo.merge_base_of(other, &to.name)?),
        };
        return Ok((from, to));
    }
    if let Some((from, to)) = base.split_once("..") {
        forbid_head(base, head)?;
        return Ok((at(from)?, at(to)?));
    }
    let from = at(base)?;
    match head {
        Some(head) => Ok((from, at(head)?)),
        None => Ok((from, working_tree)),
    }
}

fn forbid_head(base: &str, head: Option<&str>) -> Result<()> {
    let Some(head) = head else {
        return Ok(());
    };
    Err(Failure::from(
        Diagnostic::error(format!(
            "`{base}` names both sides already; `{head}` is one revision too many"
        ))
        .help("name a range, or two revisions"),
    ))
}

fn side(repo: &Repo, end: &End<'_>) -> Result<(Side, Decider)> {
    let side = match &end.revision {
        Some(revision) => repo.side_at(revision),
        None => repo.side(),
    };
    Ok(side.inspect_err(|error| say_whose(&end.name, error))?)
}

/// Errors of a configuration name a file that exists on both sides: says whose they are.
pub(super) fn say_whose(name: &str, error: &git::Error) {
    if matches!(error.root(), git::Error::Unsound(_)) {
        say(format_args!("note: this is {CONFIG_NAME} in {name}"));
    }
}

/// Says what decides on a side without `owners.toml`.
pub(super) fn say_what_decides(name: &str, decider: &Decider) {
    match decider {
        Decider::Config => {}
        Decider::File(file) => say(format_args!(
            "note: there is no {CONFIG_NAME} in {name}; {file} is used instead"
        )),
        Decider::Nothing => say(format_args!(
            "note: there is neither {CONFIG_NAME} nor a CODEOWNERS file in {name}; every path is unowned there"
        )),
    }
}
