//! The formats of `owners diff`.

use std::fmt::Write as _;
use std::io::{self, Write};

use owners::Owner;
use owners::reports::diff::{Answer, Change, Kind};
use owners::text::{counted, escaped};
use serde::Serialize;

use super::{MERGE_BASE, WORKING_TREE};
use crate::print::terminal_width;
use crate::report::json_path::{JsonPath, escaped_only_if_needed};
use crate::report::markdown::{CELL, Room, code};
use crate::report::table::shortened;
use crate::report::{ADDED, BOLD, REMOVED};

/// Increased if a key of the JSON changes its meaning or is removed.
const VERSION: u32 = 1;

/// The differences to show.
pub(super) struct Shown<'c> {
    pub(super) from: &'c str,
    pub(super) to: &'c str,
    pub(super) changes: &'c [Change],
}

impl Shown<'_> {
    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Change> + Clone {
        self.changes
            .iter()
            .filter(move |change| change.kind == kind)
    }

    /// The number of paths of a kind.
    fn count(&self, kind: Kind) -> usize {
        self.of_kind(kind).map(|change| change.paths).sum()
    }

    fn sections(&self) -> impl Iterator<Item = (Kind, String)> {
        let kinds = [Kind::Changed, Kind::Moved, Kind::New, Kind::Gone];
        kinds.into_iter().filter_map(|kind| {
            let count = self.count(kind);
            (count > 0).then(|| (kind, heading(kind, count)))
        })
    }

    fn summary(&self, from: &str, to: &str) -> String {
        let changed = self.changes.iter().filter(|each| each.changes_owners());
        match changed.map(|each| each.paths).sum() {
            0 => format!("No path changed owners between {from} and {to}."),
            1 => format!("1 path changed owners between {from} and {to}."),
            count => format!("{count} paths changed owners between {from} and {to}."),
        }
    }

    pub(super) fn human(&self, out: &mut impl Write) -> io::Result<()> {
        let (from, to) = (escaped(self.from.as_bytes()), escaped(self.to.as_bytes()));
        writeln!(out, "{BOLD}{}{BOLD:#}", self.summary(&from, &to))?;
        let width = terminal_width();
        for (kind, heading) in self.sections() {
            writeln!(out, "\n{BOLD}{heading}{BOLD:#}")?;
            let rows: Vec<(String, &Change)> = self
                .of_kind(kind)
                .map(|change| (what(change), change))
                .collect();
            let longest = rows
                .iter()
                .map(|(what, _)| what.chars().count())
                .max()
                .unwrap_or(0);
            let column = width.map_or(longest, |width| longest.min((width / 2).max(20)));
            for (what, change) in rows {
                let what = shortened(&what, column);
                writeln!(out, "  {what:column$}  {}", colored(change))?;
            }
        }
        Ok(())
    }

    pub(super) fn markdown(&self, out: &mut impl Write) -> io::Result<()> {
        let summary = self.summary(&name_in_markdown(self.from), &name_in_markdown(self.to));
        writeln!(out, "### Code ownership\n\n{summary}")?;
        let mut room = Room::default();
        for (kind, heading) in self.sections() {
            // Changes of owners are shown; the other sections are collapsed.
            let is_folded = kind != Kind::Changed;
            match is_folded {
                true => writeln!(out, "\n<details><summary>{heading}</summary>\n")?,
                false => writeln!(out, "\n{heading}:\n")?,
            }
            self.table(out, kind, &mut room)?;
            if is_folded {
                writeln!(out, "\n</details>")?;
            }
        }
        Ok(())
    }

    fn table(&self, out: &mut impl Write, kind: Kind, room: &mut Room) -> io::Result<()> {
        let (header, rule) = match kind {
            Kind::Changed | Kind::Moved => ("| path | before | after |", "|---|---|---|"),
            Kind::New => ("| path | owners |", "|---|---|"),
            Kind::Gone => ("| path | owners before |", "|---|---|"),
        };
        writeln!(out, "{header}\n{rule}")?;
        let rows = self.of_kind(kind).map(|change| {
            let path = path_in_markdown(change);
            let answers = [&change.before, &change.after].into_iter().flatten();
            let cells: Vec<String> = answers.map(answer_in_markdown).collect();
            format!("| {path} | {} |\n", cells.join(" | "))
        });
        let left = room.write_rows(out, rows)?;
        if left > 0 {
            writeln!(out, "\n… and {}.", counted(left, "more row"))?;
        }
        Ok(())
    }

    pub(super) fn json(&self, out: &mut impl Write) -> io::Result<()> {
        let changed = self.changes.iter().filter(|each| each.changes_owners());
        let document = Document {
            version: VERSION,
            from: self.from,
            to: self.to,
            changes: self.changes.iter().map(JsonChange::new).collect(),
            summary: Summary {
                other_owners: changed.map(|each| each.paths).sum(),
                changed: self.count(Kind::Changed),
                moved: self.count(Kind::Moved),
                new: self.count(Kind::New),
                gone: self.count(Kind::Gone),
            },
        };
        serde_json::to_writer(&mut *out, &document)?;
        writeln!(out)
    }
}

fn heading(kind: Kind, count: usize) -> String {
    let paths = counted(count, "path");
    match kind {
        Kind::Changed => format!("{paths} changed owners"),
        Kind::Moved => format!("{paths} moved"),
        Kind::New => format!("{paths} new"),
        Kind::Gone => format!("{paths} gone"),
    }
}

fn shown_path(path: &[u8]) -> String {
    if path.is_empty() {
        "./".into()
    } else {
        escaped(path)
    }
}

/// `a/ → b/  (3 paths)`
fn what(change: &Change) -> String {
    let mut text = match &change.from {
        Some(from) => format!("{} → {}", shown_path(from), shown_path(&change.path)),
        None => shown_path(&change.path),
    };
    if change.paths > 1 || change.path.last().is_none_or(|&last| last == b'/') {
        let _ = write!(text, "  ({})", counted(change.paths, "path"));
    }
    text
}

fn answer(answer: &Answer) -> String {
    match answer {
        Answer::Unowned => "(unowned)".to_string(),
        Answer::Nobody => "(nobody)".to_string(),
        Answer::Owned(owners) => {
            let owners: Vec<&str> = owners.iter().map(Owner::as_str).collect();
            escaped(owners.join(" ").as_bytes())
        }
    }
}

fn colored(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if change.changes_owners() => format!(
            "{REMOVED}{}{REMOVED:#} → {ADDED}{}{ADDED:#}",
            answer(before),
            answer(after)
        ),
        (Some(before), Some(_)) => format!("{}, as before", answer(before)),
        (before, after) => before.iter().chain(after).map(answer).collect(),
    }
}

/// The name of a side; a revision is formatted as code.
fn name_in_markdown(name: &str) -> String {
    let name = &*escaped(name.as_bytes());
    if name == WORKING_TREE {
        return name.to_string();
    }
    match name.strip_prefix(MERGE_BASE) {
        Some(other) => format!("{MERGE_BASE}{}", code(other)),
        None => code(name),
    }
}

fn path_in_markdown(change: &Change) -> String {
    let path = code(&shortened(&shown_path(&change.path), CELL));
    let path = match &change.from {
        Some(from) => format!("{} → {path}", code(&shortened(&shown_path(from), CELL))),
        None => path,
    };
    match change.paths {
        1 => path,
        count => format!("{path} ({})", counted(count, "path")),
    }
}

fn answer_in_markdown(owners: &Answer) -> String {
    match owners {
        Answer::Owned(_) => code(&shortened(&answer(owners), CELL)),
        Answer::Nobody => "nobody".into(),
        Answer::Unowned => "**unowned**".into(),
    }
}

#[derive(Serialize)]
struct Document<'c> {
    version: u32,
    from: &'c str,
    to: &'c str,
    changes: Vec<JsonChange<'c>>,
    summary: Summary,
}

#[derive(Serialize)]
struct JsonChange<'c> {
    change: &'static str,
    #[serde(flatten)]
    path: JsonPath<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<std::borrow::Cow<'c, str>>,
    paths: usize,
    before: Option<JsonAnswer<'c>>,
    after: Option<JsonAnswer<'c>>,
}

#[derive(Serialize)]
struct JsonAnswer<'c> {
    state: &'static str,
    owners: Vec<&'c str>,
}

#[derive(Serialize)]
struct Summary {
    other_owners: usize,
    changed: usize,
    moved: usize,
    new: usize,
    gone: usize,
}

impl<'c> JsonChange<'c> {
    fn new(change: &'c Change) -> Self {
        let answer = |answer: &'c Option<Answer>| {
            answer.as_ref().map(|answer| JsonAnswer {
                state: answer.state(),
                owners: answer.owners().iter().map(Owner::as_str).collect(),
            })
        };
        let from = change.from.as_deref();
        JsonChange {
            change: change.kind.name(),
            path: JsonPath::new(&change.path),
            from: from
                .map(|from| escaped_only_if_needed(if from.is_empty() { b"./" } else { from })),
            paths: change.paths,
            before: answer(&change.before),
            after: answer(&change.after),
        }
    }
}
