//! `owners stats`: how many tracked paths each group, owner or directory has.

use std::io::Write;

use owners::reports::stats::{self, By, Row, Stats};
use owners::text::{Diagnostic, FileId, counted, escaped};
use serde::Serialize;

use crate::Outcome;
use crate::args;
use crate::failure::{Failure, Result};
use crate::here;
use crate::print::{Printer, terminal_width};
use crate::report::BOLD;
use crate::report::json_path::JsonPath;
use crate::report::table::Table;
use crate::workspace::Workspace;

/// How many unowned directories and files are shown without `-v`.
const GAPS: usize = 20;
/// Increased if a key of the JSON changes its meaning or is removed.
const VERSION: u32 = 1;

pub(crate) fn run(workspace: &Workspace, args: &args::Stats) -> Result<Outcome> {
    if args.depth.is_some() && !matches!(args.by, Some(args::By::Dir)) {
        let help = "run `owners stats --by dir --depth N`";
        let diagnostic = Diagnostic::error("`--depth` needs `--by dir`").help(help);
        return Err(Failure::from(diagnostic));
    }
    let (project, paths) = workspace.project_and_paths_at(args.rev.as_deref())?;
    let by = match (args.by, &project.codeowners) {
        (Some(args::By::Dir), _) => By::Directory {
            depth: args.depth.unwrap_or(1),
        },
        (Some(args::By::Owner), _) | (None, Some(_)) => By::Owner,
        (None | Some(args::By::Group), None) => By::Group,
        (Some(args::By::Group), Some(_)) => {
            let file = escaped(project.sources[FileId::ROOT].name.as_bytes());
            let fault = Diagnostic::error(format!("`{file}` has no groups"));
            let help = "run `owners stats --by owner`; `owners init` makes groups";
            return Err(Failure::from(fault.help(help)));
        }
    };
    let stats = stats::stats(&project.rules, &paths, by);
    if args.format.is_json() {
        let mut out = Printer::json();
        serde_json::to_writer(&mut out, &json(&stats, by)).map_err(std::io::Error::from)?;
        writeln!(out)?;
        out.finish()?;
    } else {
        let mut out = Printer::document();
        human(&mut out, &stats, by, workspace.verbose)?;
        out.finish()?;
    }
    Ok(Outcome::Fine)
}

fn human(out: &mut impl Write, stats: &Stats, by: By, is_verbose: bool) -> Result<()> {
    write!(out, "{BOLD}{}{BOLD:#}", counted(stats.paths, "path"))?;
    for (count, what) in [
        (stats.owned, "owned"),
        (stats.nobody, "nobody"),
        (stats.exempt, "exempt"),
        (stats.unowned, "unowned"),
    ] {
        if count > 0 {
            write!(out, ", {count} {what} ({})", share(count, stats.paths))?;
        }
    }
    writeln!(out)?;
    if !stats.rows.is_empty() {
        writeln!(out)?;
        table(stats, by).write(out, terminal_width())?;
    }
    gaps(out, stats, is_verbose)
}

fn table(stats: &Stats, by: By) -> Table {
    if matches!(by, By::Directory { .. }) {
        let mut table = Table::new(&["directory", "paths", "owned", "nobody", "unowned"]);
        for row in &stats.rows {
            table.row(vec![
                directory(row),
                row.paths.to_string(),
                share(row.owned, row.paths),
                share(row.nobody, row.paths),
                share(row.paths - row.owned - row.nobody, row.paths),
            ]);
        }
        return table;
    }
    let mut table = Table::new(&[by.name(), "paths", "share", "alone"]);
    for row in &stats.rows {
        let alone = if row.name.is_empty() {
            String::new()
        } else {
            row.alone.to_string()
        };
        table.row(vec![
            name(row),
            row.paths.to_string(),
            share(row.paths, stats.paths),
            alone,
        ]);
    }
    table
}

fn directory(row: &Row) -> String {
    if row.name.is_empty() {
        "(files at the root)".to_string()
    } else {
        here::shown(&row.name)
    }
}

fn name(row: &Row) -> String {
    if row.name.is_empty() {
        "(no group)".to_string()
    } else {
        escaped(&row.name)
    }
}

/// In tenths of a percent.
fn share(part: usize, whole: usize) -> String {
    let share = if whole == 0 {
        0.0
    } else {
        part as f64 * 100.0 / whole as f64
    };
    format!("{share:.1}%")
}

fn gaps(out: &mut impl Write, stats: &Stats, is_verbose: bool) -> Result<()> {
    if stats.gaps.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{BOLD}unowned{BOLD:#}")?;
    let shown = if is_verbose { stats.gaps.len() } else { GAPS };
    for gap in stats.gaps.iter().take(shown) {
        write!(out, "{}", here::shown(&gap.path))?;
        if gap.path.is_empty() || gap.path.ends_with(b"/") {
            write!(out, "  ({})", counted(gap.paths, "path"))?;
        }
        writeln!(out)?;
    }
    let left = stats.gaps.len().saturating_sub(shown);
    if left > 0 {
        writeln!(out, "… and {left} more; `-v` shows all")?;
    }
    Ok(())
}

#[derive(Serialize)]
struct JsonStats<'s> {
    version: u32,
    by: &'static str,
    paths: usize,
    owned: usize,
    nobody: usize,
    exempt: usize,
    unowned: usize,
    rows: Vec<JsonRow<'s>>,
    gaps: Vec<JsonGap<'s>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonRow<'s> {
    /// A group or an owner; the paths without a group have no name.
    Owner {
        name: Option<String>,
        paths: usize,
        alone: usize,
    },
    Directory {
        #[serde(flatten)]
        path: JsonPath<'s>,
        paths: usize,
        owned: usize,
        nobody: usize,
        unowned: usize,
    },
}

#[derive(Serialize)]
struct JsonGap<'s> {
    #[serde(flatten)]
    path: JsonPath<'s>,
    paths: usize,
}

fn json(stats: &Stats, by: By) -> JsonStats<'_> {
    let row = |row| json_row(row, by);
    let gaps = stats.gaps.iter().map(|gap| JsonGap {
        path: JsonPath::new(&gap.path),
        paths: gap.paths,
    });
    JsonStats {
        version: VERSION,
        by: by.name(),
        paths: stats.paths,
        owned: stats.owned,
        nobody: stats.nobody,
        exempt: stats.exempt,
        unowned: stats.unowned,
        rows: stats.rows.iter().map(row).collect(),
        gaps: gaps.collect(),
    }
}

fn json_row(row: &Row, by: By) -> JsonRow<'_> {
    if matches!(by, By::Directory { .. }) {
        return JsonRow::Directory {
            path: JsonPath::new(&row.name),
            paths: row.paths,
            owned: row.owned,
            nobody: row.nobody,
            unowned: row.paths - row.owned - row.nobody,
        };
    }
    JsonRow::Owner {
        name: (!row.name.is_empty()).then(|| String::from_utf8_lossy(&row.name).into_owned()),
        paths: row.paths,
        alone: row.alone,
    }
}
