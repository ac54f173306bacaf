//! `owners map`: a page that shows who owns what.

mod page;
mod tables;
mod tree;

use std::io::Write as _;

use owners::IdVec;
use owners::reports::map::{Decisions, Files, Label, LabelId, Labels, fold};
use owners::text::escaped;
use serde::Serialize;

use crate::Outcome;
use crate::args;
use crate::failure::Result;
use crate::print::{Printer, say};
use crate::workspace::{Workspace, keep, project_at};
use tables::Tables;
use tree::{JsonDirectory, Numbers};

/// Increased if a key of the data changes its meaning or is removed.
const VERSION: u32 = 1;
/// How many bytes the data takes at most.
const BUDGET: usize = 2_800_000;

#[derive(Serialize)]
struct Data<'d> {
    version: u32,
    title: &'d str,
    revision: Option<&'d str>,
    before: Option<()>,
    after: Option<()>,
    #[serde(flatten)]
    tables: &'d Tables,
    has: Has,
    history: [(); 0],
    tree: JsonDirectory<'d>,
}

#[derive(Serialize)]
struct Has {
    lines: bool,
    risk: bool,
    history: bool,
}

pub(crate) fn run(workspace: &Workspace, args: &args::Map) -> Result<Outcome> {
    let title = title(workspace)?;
    let (project, paths, commit) = match args.rev.as_deref() {
        None => {
            let (project, paths) = workspace.project_and_paths()?;
            (project, paths, None)
        }
        Some(name) => {
            let revision = workspace.repo.revision(name)?;
            let commit = revision.commit().to_string();
            (project_at(&revision, name)?, revision.paths, Some(commit))
        }
    };
    let (project, paths) = (keep(project), keep(paths));
    let decisions = Decisions::new(&project.rules, paths);
    let labels = Labels::new(&decisions, None);
    let mut tables = Tables::default();
    tables.add(project, &decisions);
    let numbers = |label: &Label| Numbers::new(label, 0);
    let numbers: IdVec<LabelId, Numbers> = labels.all.iter().map(numbers).collect();
    let bytes = numbers.iter().map(|numbers| numbers.bytes()).collect();
    let files = Files {
        paths,
        labels: &labels.of,
        lines: None,
    };
    let tree = fold(files, &bytes, BUDGET);
    let data = Data {
        version: VERSION,
        title: &title,
        revision: commit.as_deref(),
        before: None,
        after: None,
        tables: &tables,
        has: Has {
            lines: false,
            risk: false,
            history: false,
        },
        history: [],
        tree: JsonDirectory {
            tree: &tree,
            labels: &numbers,
            id: tree.root(),
        },
    };
    let data = serde_json::to_string(&data).map_err(std::io::Error::from)?;
    let page = page::page(&title, &data);
    if args.output.as_os_str() == "-" {
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

/// The name of the repository: that of its origin or, without one, of its directory.
fn title(workspace: &Workspace) -> Result<String> {
    let repo = &workspace.repo;
    let origin = repo.origin()?;
    let origin = origin
        .as_deref()
        .and_then(|url| url.trim_end_matches('/').rsplit(['/', ':']).next());
    let directory = repo.root().file_name().map(|name| name.to_string_lossy());
    let name = origin.map(Into::into).or(directory).unwrap_or("/".into());
    let name = name
        .strip_suffix(".git")
        .filter(|name| !name.is_empty())
        .unwrap_or(&name);
    Ok(escaped(name.as_bytes()))
}
