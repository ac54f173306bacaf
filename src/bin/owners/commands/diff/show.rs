//! What `owners diff` shows to people, as text and as Markdown.

use std::fmt::Write as _;
use std::io::{self, Write};

use owners::Owner;
use owners::config::CONFIG_NAME;
use owners::reports::diff::{Answer, Change, Comparison, Delta, GroupChange, Kind};
use owners::text::{counted, escaped};

use super::{MERGE_BASE, WORKING_TREE};
use crate::here;
use crate::print::terminal_width;
use crate::report::markdown::{CELL, Room, code};
use crate::report::table::shortened;
use crate::report::{ADDED, BOLD, REMOVED};

/// How many rules, and other texts, are shown without `-v`.
const RULES: usize = 20;
/// What happened to the texts of a list.
const CHANGED: &str = "changed";
const ADDED_OR_REMOVED: &str = "added or removed";

/// The differences to show.
pub(in crate::commands) struct Shown<'c> {
    pub(in crate::commands) from: &'c str,
    pub(in crate::commands) to: &'c str,
    /// The CODEOWNERS file of the side before, if `owners.toml` takes its place.
    pub(in crate::commands) adopted: Option<&'c str>,
    pub(in crate::commands) comparison: &'c Comparison,
    /// Whether to show every path and every rule.
    pub(in crate::commands) is_verbose: bool,
}

/// The parts of the list of paths.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    /// Changed owners, moved or not.
    Owners,
    Moved,
    New,
    Gone,
}

impl Section {
    const ALL: [Section; 4] = [Section::Owners, Section::Moved, Section::New, Section::Gone];

    fn of(change: &Change) -> Self {
        match change.kind {
            Kind::Changed => Section::Owners,
            // What a reviewer looks for is a change of owners, wherever the file is now.
            Kind::Moved if change.changes_owners() => Section::Owners,
            Kind::Moved => Section::Moved,
            Kind::New => Section::New,
            Kind::Gone => Section::Gone,
        }
    }
}

impl Shown<'_> {
    /// The changes of a section. Those that a changed group explains are shown with the group.
    fn section(&self, section: Section) -> impl Iterator<Item = &Change> + Clone {
        let changes = self.comparison.changes.iter();
        changes.filter(move |change| {
            Section::of(change) == section && (self.is_verbose || !change.is_explained)
        })
    }

    /// The number of paths of a kind.
    pub(super) fn count(&self, kind: Kind) -> usize {
        let changes = self.comparison.changes.iter();
        let such = changes.filter(|change| change.kind == kind);
        such.map(|change| change.paths).sum()
    }

    fn sections(&self) -> impl Iterator<Item = (Section, String)> {
        Section::ALL.into_iter().filter_map(|section| {
            let count: usize = self.section(section).map(|change| change.paths).sum();
            (count > 0).then(|| (section, self.heading(section, count)))
        })
    }

    fn heading(&self, section: Section, count: usize) -> String {
        let paths = counted(count, "path");
        match section {
            Section::Owners if count < self.changed() => {
                format!("{} changed owners", counted(count, "other path"))
            }
            Section::Owners => format!("{paths} changed owners"),
            Section::Moved => format!("{paths} moved"),
            Section::New => format!("{paths} new"),
            Section::Gone => format!("{paths} gone"),
        }
    }

    /// The number of paths that changed owners.
    pub(super) fn changed(&self) -> usize {
        let changes = self.comparison.changes.iter();
        let changed = changes.filter(|each| each.changes_owners());
        changed.map(|each| each.paths).sum()
    }

    fn summary(&self, from: &str, to: &str, file: &str) -> String {
        let paths = match self.changed() {
            0 => "no path changed owners".to_string(),
            count => format!("{} changed owners", counted(count, "path")),
        };
        if self.adopted.is_some() {
            return format!(
                "Between {from} and {to}, owners.toml takes the place of {file}: {paths}."
            );
        }
        let paths = match paths.strip_prefix("no") {
            Some(rest) => format!("No{rest}"),
            None => paths,
        };
        format!("{paths} between {from} and {to}.")
    }

    pub(in crate::commands) fn human(&self, out: &mut impl Write) -> io::Result<()> {
        let plain = |text: &str| escaped(text.as_bytes());
        let file = plain(self.adopted.unwrap_or_default());
        let summary = self.summary(&plain(self.from), &plain(self.to), &file);
        writeln!(out, "{BOLD}{summary}{BOLD:#}")?;
        self.requirements(out)?;
        self.groups(out)?;
        self.rules(out)?;
        let width = terminal_width();
        for (section, heading) in self.sections() {
            writeln!(out, "\n{BOLD}{heading}{BOLD:#}")?;
            let changes = self.section(section);
            let rows: Vec<Row> = changes.map(Row::new).collect();
            let column = column(rows.iter().map(Row::width), width);
            for row in rows {
                row.write(out, column)?;
            }
        }
        Ok(())
    }

    fn requirements(&self, out: &mut impl Write) -> io::Result<()> {
        let requirements = &self.comparison.requirements;
        let each = requirements.iter();
        let each = each.map(|each| (&each.before, &each.after, String::new()));
        self.list(out, "requirement", CHANGED, each)?;
        let approvals = self.comparison.approvals.iter();
        let approvals = approvals.map(|each| (&each.before, &each.after, String::new()));
        self.list(out, "approval", CHANGED, approvals)
    }

    fn groups(&self, out: &mut impl Write) -> io::Result<()> {
        let groups = self.changed_groups();
        if !groups.is_empty() {
            let heading = format!("{} changed", counted(groups.len(), "group"));
            writeln!(out, "\n{BOLD}{heading}{BOLD:#}")?;
        }
        for group in groups {
            let name = group_name(group);
            if !group.owners.is_empty() {
                let delta = colored_delta(&group.owners);
                writeln!(out, "  {name}: {delta}  ({})", counted(group.paths, "path"))?;
            }
            if !group.people.is_empty() {
                let delta = colored_delta(&group.people);
                writeln!(out, "  {name}: {delta}  (members of its team)")?;
            }
        }
        let others = self.other_groups();
        self.list(out, "group", ADDED_OR_REMOVED, changes_of(&others))
    }

    /// The groups whose members changed.
    fn changed_groups(&self) -> Vec<&GroupChange> {
        let groups = self.comparison.groups.iter();
        groups.filter(|group| group.kind == Kind::Changed).collect()
    }

    /// The groups that are new or gone: their texts before and after, and where they are.
    fn other_groups(&self) -> Vec<(Option<String>, Option<String>, String)> {
        let groups = self.comparison.groups.iter();
        let text = |group: &GroupChange| match group.kind {
            Kind::New => Some((None, Some(group_text(group)), of_file(&group.file))),
            Kind::Gone => Some((Some(group_text(group)), None, of_file(&group.file))),
            Kind::Changed | Kind::Moved => None,
        };
        groups.filter_map(text).collect()
    }

    fn rules(&self, out: &mut impl Write) -> io::Result<()> {
        let Comparison {
            rules,
            is_reordered,
            ..
        } = self.comparison;
        if *is_reordered {
            writeln!(out, "\n{BOLD}the order of the rules changed{BOLD:#}")?;
        }
        let each = rules.iter();
        let each = each.map(|each| (&each.before, &each.after, of_file(&each.file)));
        self.list(out, "rule", CHANGED, each)
    }

    /// Lists texts that changed: before, after, and where.
    fn list<'t>(
        &self,
        out: &mut impl Write,
        noun: &str,
        verb: &str,
        changes: impl ExactSizeIterator<Item = TextChange<'t>>,
    ) -> io::Result<()> {
        let count = changes.len();
        if count == 0 {
            return Ok(());
        }
        let heading = format!("{} {verb}", counted(count, noun));
        writeln!(out, "\n{BOLD}{heading}{BOLD:#}")?;
        let most = if self.is_verbose { count } else { RULES };
        for (before, after, place) in changes.take(most) {
            for (text, sign, style) in [(before, '-', REMOVED), (after, '+', ADDED)] {
                if let Some(text) = text {
                    let text = escaped(text.as_bytes());
                    writeln!(out, "  {style}{sign} {text}{style:#}{place}")?;
                }
            }
        }
        let left = count.saturating_sub(most);
        if left > 0 {
            writeln!(out, "  … and {left} more; `-v` shows all")?;
        }
        Ok(())
    }

    pub(super) fn markdown(&self, out: &mut impl Write) -> io::Result<()> {
        let file = code(&escaped(self.adopted.unwrap_or_default().as_bytes()));
        let (from, to) = (name_in_markdown(self.from), name_in_markdown(self.to));
        writeln!(
            out,
            "### Code ownership\n\n{}",
            self.summary(&from, &to, &file)
        )?;
        let mut room = Room::default();
        let requirements = self.comparison.requirements.iter();
        let requirements = requirements.map(|each| (&each.before, &each.after, String::new()));
        list_in_markdown(out, &mut room, "requirement", CHANGED, requirements)?;
        let approvals = self.comparison.approvals.iter();
        let approvals = approvals.map(|each| (&each.before, &each.after, String::new()));
        list_in_markdown(out, &mut room, "approval", CHANGED, approvals)?;
        self.groups_in_markdown(out, &mut room)?;
        self.rules_in_markdown(out, &mut room)?;
        for (section, heading) in self.sections() {
            // Changes of owners are shown; the other sections are collapsed.
            let is_folded = section != Section::Owners;
            match is_folded {
                true => writeln!(out, "\n<details><summary>{heading}</summary>\n")?,
                false => writeln!(out, "\n{heading}:\n")?,
            }
            self.table(out, section, &mut room)?;
            if is_folded {
                writeln!(out, "\n</details>")?;
            }
        }
        Ok(())
    }

    fn groups_in_markdown(&self, out: &mut impl Write, room: &mut Room) -> io::Result<()> {
        let groups = self.changed_groups();
        if !groups.is_empty() {
            writeln!(out, "\n{} changed:\n", counted(groups.len(), "group"))?;
        }
        let rows = groups.iter().map(|group| {
            let mut row = String::new();
            let name = code(&group_name(group));
            if !group.owners.is_empty() {
                let delta = delta_in_markdown(&group.owners);
                row.push_str(&format!(
                    "- {name}: {delta} ({})\n",
                    counted(group.paths, "path")
                ));
            }
            if !group.people.is_empty() {
                let delta = delta_in_markdown(&group.people);
                row.push_str(&format!("- {name}: {delta} (members of its team)\n"));
            }
            row
        });
        let left = room.write_rows(out, rows)?;
        rest(out, left)?;
        let others = self.other_groups();
        list_in_markdown(out, room, "group", ADDED_OR_REMOVED, changes_of(&others))
    }

    fn rules_in_markdown(&self, out: &mut impl Write, room: &mut Room) -> io::Result<()> {
        let Comparison {
            rules,
            is_reordered,
            ..
        } = self.comparison;
        if *is_reordered {
            writeln!(out, "\nThe order of the rules changed.")?;
        }
        let each = rules.iter();
        let each = each.map(|each| (&each.before, &each.after, of_file(&each.file)));
        list_in_markdown(out, room, "rule", CHANGED, each)
    }

    fn table(&self, out: &mut impl Write, section: Section, room: &mut Room) -> io::Result<()> {
        let header = match section {
            Section::Owners => "| path | change |\n|---|---|",
            Section::Moved | Section::New => "| path | owners |\n|---|---|",
            Section::Gone => "| path | owners before |\n|---|---|",
        };
        writeln!(out, "{header}")?;
        let rows = self.section(section).map(|change| {
            let path = path_in_markdown(change);
            format!("| {path} | {} |\n", change_in_markdown(change))
        });
        let left = room.write_rows(out, rows)?;
        rest(out, left)
    }
}

/// A text before and after a change, and where it is written.
type TextChange<'t> = (&'t Option<String>, &'t Option<String>, String);

fn changes_of(
    texts: &[(Option<String>, Option<String>, String)],
) -> impl ExactSizeIterator<Item = TextChange<'_>> {
    let texts = texts.iter();
    texts.map(|(before, after, place)| (before, after, place.clone()))
}

/// Lists texts that changed.
fn list_in_markdown<'t>(
    out: &mut impl Write,
    room: &mut Room,
    noun: &str,
    verb: &str,
    changes: impl ExactSizeIterator<Item = TextChange<'t>>,
) -> io::Result<()> {
    if changes.len() == 0 {
        return Ok(());
    }
    writeln!(out, "\n{} {verb}:\n", counted(changes.len(), noun))?;
    let rows = changes.map(|(before, after, place)| {
        let mut row = String::new();
        for (text, what) in [(before, "removed"), (after, "added")] {
            if let Some(text) = text {
                let text = code(&shortened(&escaped(text.as_bytes()), CELL));
                row.push_str(&format!("- {what}: {text}{place}\n"));
            }
        }
        row
    });
    let left = room.write_rows(out, rows)?;
    rest(out, left)
}

/// The line about what is left out.
fn rest(out: &mut impl Write, left: usize) -> io::Result<()> {
    match left {
        0 => Ok(()),
        _ => writeln!(out, "\n… and {}.", counted(left, "more row")),
    }
}

/// The name of a group, with its file if that is a nested one.
fn group_name(group: &GroupChange) -> String {
    let name = escaped(group.name.as_bytes());
    match group.file.contains('/') {
        true => format!("{name} in {}", escaped(group.file.as_bytes())),
        false => name,
    }
}

/// A group with all its owners.
fn group_text(group: &GroupChange) -> String {
    let all = |delta: &Delta| Owner::join(&[&*delta.removed, &*delta.added].concat());
    let text = format!("{}: {}", group.name, all(&group.owners));
    match group.people.is_empty() {
        true => text,
        false => format!("{text} (members of its team: {})", all(&group.people)),
    }
}

/// The nested file of a group or a rule.
fn of_file(file: &str) -> String {
    match file.ends_with(CONFIG_NAME) && file != CONFIG_NAME {
        true => format!("  ({})", escaped(file.as_bytes())),
        false => String::new(),
    }
}

/// A change for people: the path, and what happened to it.
struct Row {
    /// `a/ → b/  (3 paths)`, in parts that a line may end between.
    path: Vec<String>,
    owners: String,
}

impl Row {
    fn new(change: &Change) -> Self {
        let mut path = match &change.from {
            Some(from) => vec![
                here::shown(from),
                format!("→ {}", here::shown(&change.path)),
            ],
            None => vec![here::shown(&change.path)],
        };
        if (change.paths > 1 || change.path.last().is_none_or(|&last| last == b'/'))
            && let Some(last) = path.last_mut()
        {
            let _ = write!(last, "  ({})", counted(change.paths, "path"));
        }
        Row {
            path,
            owners: colored(change),
        }
    }

    fn width(&self) -> usize {
        self.path.join(" ").chars().count()
    }

    /// Writes the row. A path is never cut, because both of its ends matter: what does not fit
    /// into its column takes lines of its own.
    fn write(&self, out: &mut impl Write, column: usize) -> io::Result<()> {
        if self.width() <= column {
            let path = self.path.join(" ");
            return writeln!(out, "  {path:column$}  {}", self.owners);
        }
        for (index, part) in self.path.iter().enumerate() {
            let indent = if index == 0 { "" } else { "  " };
            writeln!(out, "  {indent}{part}")?;
        }
        writeln!(out, "      {}", self.owners)
    }
}

/// The width of the column of paths: as wide as the widest that leaves room for owners.
fn column(widths: impl Iterator<Item = usize>, terminal: Option<usize>) -> usize {
    let most = terminal.map_or(usize::MAX, |width| (width / 2).max(20));
    widths.filter(|&width| width <= most).max().unwrap_or(0)
}

fn answer(answer: &Answer) -> String {
    match answer {
        Answer::Unowned => "(unowned)".to_string(),
        Answer::Nobody => "(nobody)".to_string(),
        Answer::Owned(owners) => escaped(Owner::join(owners).as_bytes()),
    }
}

/// `- @alice + @bob`
fn signed(delta: &Delta, show: impl Fn(char, &str) -> String) -> String {
    let removed = delta.removed.iter().map(|owner| ('-', owner));
    let added = delta.added.iter().map(|owner| ('+', owner));
    let all = removed.chain(added);
    let all = all.map(|(sign, owner)| show(sign, &escaped(owner.as_str().as_bytes())));
    all.collect::<Vec<_>>().join(" ")
}

fn colored_delta(delta: &Delta) -> String {
    signed(delta, |sign, owner| {
        let style = if sign == '+' { ADDED } else { REMOVED };
        format!("{style}{sign} {owner}{style:#}")
    })
}

fn colored(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if change.changes_owners() => match change.delta() {
            Some(delta) => colored_delta(&delta),
            None => format!(
                "{REMOVED}{}{REMOVED:#} → {ADDED}{}{ADDED:#}",
                answer(before),
                answer(after)
            ),
        },
        (Some(before), Some(_)) => format!("{}, as before", answer(before)),
        (before, after) => before.iter().chain(after).map(answer).collect(),
    }
}

fn delta_in_markdown(delta: &Delta) -> String {
    signed(delta, |sign, owner| {
        // At the start of a line, a sign and a blank would start a list.
        format!("{sign}{}", code(&shortened(owner, CELL)))
    })
}

fn change_in_markdown(change: &Change) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if change.changes_owners() => match change.delta() {
            Some(delta) => delta_in_markdown(&delta),
            None => format!(
                "{} → {}",
                answer_in_markdown(before),
                answer_in_markdown(after)
            ),
        },
        (Some(owners), _) | (_, Some(owners)) => answer_in_markdown(owners),
        (None, None) => String::new(),
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
    let shown = |path: &[u8]| {
        let path = if path.is_empty() { b"./" } else { path };
        code(&shortened(&escaped(path), CELL))
    };
    let path = shown(&change.path);
    let path = match &change.from {
        Some(from) => format!("{} → {path}", shown(from)),
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
