//! `owners map`: a page that shows who owns what.

mod data;
mod history;
mod page;
mod risk;
mod tables;
mod tree;
mod trees;

use std::io::Write as _;

use owners::reports::map::{Labels, ids_of_both};
use owners::text::escaped;
use owners::{IdVec, PathId, PathSet};

use crate::Outcome;
use crate::args;
use crate::failure::Result;
use crate::print::{Printer, Progress, say};
use crate::workspace::{Workspace, keep};
use data::{Content, Has, Head};
use tables::{Decided, Tables};
use trees::{Tree, Trees};

pub(crate) fn run(workspace: &Workspace, args: &args::Map) -> Result<Outcome> {
    let is_file = args.output.as_os_str() != "-";
    if is_file {
        // What is asked for may take minutes.
        owners::git::ensure_writable(&args.output)?;
    }
    let page = page(workspace, args)?;
    if !is_file {
        let mut out = Printer::bytes();
        out.write_all(page.as_bytes())?;
        out.finish()?;
        return Ok(Outcome::Fine);
    }
    owners::git::write_named(&args.output, page.as_bytes())?;
    if !workspace.quiet {
        let shown = escaped(args.output.as_os_str().as_encoded_bytes());
        say(format_args!("wrote {shown}"));
    }
    Ok(Outcome::Fine)
}

fn page(workspace: &Workspace, args: &args::Map) -> Result<String> {
    let title = title(workspace);
    let trees = keep(Trees::new(workspace, args)?);
    let Trees { before, after } = trees;
    let commit = after.end.commit.as_deref();
    let risks = match args.risk {
        true => Some(risk::risks(workspace, commit, &after.paths)?),
        false => None,
    };
    let history = match args.history {
        Some(count) => history::points(workspace, commit, count.into())?,
        None => Vec::new(),
    };
    let risks = risks.as_ref();
    let mut tables = Tables::default();
    let now = tables.add(&after.project, &after.decisions);
    let (paths, labels, earlier) = match before {
        None => {
            let labels = Labels::new(&after.decisions, risks);
            (&after.paths, labels, Decided::default())
        }
        Some(before) => {
            let paths = keep(before.paths.union(&after.paths)?);
            let labels = Labels::compared(paths, before.side(), after.side(), risks);
            (
                paths,
                labels,
                tables.add(&before.project, &before.decisions),
            )
        }
    };
    let lines = match args.lines {
        true => Some(lines(workspace, paths, trees)?),
        false => None,
    };
    let head = Head {
        title: &title,
        revision: commit,
        before: before.as_ref().map(|before| &before.end),
        after: before.as_ref().map(|_| &after.end),
        tables: &tables,
        has: Has {
            lines: args.lines,
            risk: args.risk,
            history: args.history.is_some(),
        },
        history: &history,
    };
    let content = Content {
        paths,
        labels: &labels,
        lines: lines.as_ref(),
        now: &now,
        before: &earlier,
    };
    Ok(page::page(&title, &data::data(&head, &content)?))
}

/// How many lines each of the paths has, or had if it is gone.
fn lines(workspace: &Workspace, paths: &PathSet, trees: &Trees) -> Result<IdVec<PathId, u32>> {
    let count = |tree: &Tree| {
        let mut progress = Progress::new("files counted", !workspace.quiet);
        let commit = tree.end.commit.as_deref();
        let progress = |count| progress.set(count);
        workspace.repo.lines(&tree.paths, commit, progress)
    };
    let after = count(&trees.after)?;
    let Some(before) = &trees.before else {
        return Ok(after);
    };
    let earlier = count(before)?;
    let lines = |ids| match ids {
        (_, Some(new)) => after[new],
        (Some(old), None) => earlier[old],
        (None, None) => 0,
    };
    let ids = ids_of_both(paths, &before.paths, &trees.after.paths);
    Ok(ids.map(lines).collect())
}

/// The name of the repository: that of its origin or, without one, of its directory.
fn title(workspace: &Workspace) -> String {
    let repo = &workspace.repo;
    let origin = repo.own_origin();
    let last = |url: &str| {
        url.trim_end_matches('/')
            .rsplit(['/', ':'])
            .next()
            .map(str::to_string)
    };
    let origin = origin.as_deref().and_then(last);
    let directory = repo.root().file_name();
    let directory = directory.map(|name| name.to_string_lossy().into_owned());
    let name = origin.filter(|name| !name.is_empty()).or(directory);
    let name = name.unwrap_or_else(|| "repository".to_string());
    let bare = name.strip_suffix(".git").filter(|name| !name.is_empty());
    escaped(bare.unwrap_or(&name).as_bytes())
}
