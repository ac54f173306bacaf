//! `owners suggest`: who has worked somewhere and is not listed as an owner.

use std::io::Write;

use owners::reports::contributions::PersonId;
use owners::reports::contributions::areas::AreaId;
use owners::reports::risk::is_person;
use owners::reports::suggest::Candidate;
use owners::text::counted;
use owners::text::date::day;
use owners::text::escaped;
use serde::Serialize;

use super::history::json::{Head, JsonArea};
use super::history::people::{JsonPerson, Shown, rounded, share};
use super::history::{Title, Wanted, Worked};
use crate::Outcome;
use crate::args::{self, ChangeFormat};
use crate::failure::Result;
use crate::print::terminal_width;
use crate::report::BOLD;
use crate::report::markdown::{Room, code};
use crate::report::table::Table;
use crate::workspace::Workspace;

/// Increased if a key of the JSON changes its meaning or is removed.
const VERSION: u32 = 1;
/// How many people are shown without `--limit`.
const PEOPLE: usize = 10;
/// How many owners are named in a note.
const NAMED: usize = 10;

pub(crate) fn run(workspace: &Workspace, args: &args::Suggest) -> Result<Outcome> {
    let worked = Worked::new(
        workspace,
        &Wanted {
            areas: &args.areas,
            max_files: args.history.max_files,
            emails: args.history.emails,
            rev: args.history.rev.as_deref(),
            half_life_days: args.half_life,
            since: args.since,
        },
    )?;
    let format = args.history.format.chosen().unwrap_or(ChangeFormat::Human);
    let limit = match args.limit {
        Some(limit) => limit as usize,
        None if workspace.verbose => usize::MAX,
        None => PEOPLE,
    };
    let report = Report {
        people: worked.shown(),
        worked: &worked,
        limit,
    };
    let mut out = format.printer();
    match format {
        ChangeFormat::Human => report.human(&mut out)?,
        ChangeFormat::Markdown => report.markdown(&mut out)?,
        ChangeFormat::Json => report.json(&mut out, args)?,
    }
    out.finish()?;
    Ok(Outcome::Fine)
}

struct Report<'r> {
    worked: &'r Worked,
    people: Shown<'r>,
    limit: usize,
}

impl Report<'_> {
    fn header(&self) -> Vec<&'static str> {
        let mut header = vec![
            "candidate",
            "score",
            "created",
            "commits",
            "files",
            "share",
            "last seen",
        ];
        if self.people.has_roster() {
            header.push("roster");
        }
        header
    }

    fn cells(&self, area: AreaId, candidate: &Candidate) -> Vec<String> {
        let files = self.worked.areas.all()[area].paths.len();
        let mut cells = vec![
            self.people.cell(candidate.person),
            format!("{:.2}", candidate.score),
            candidate.created.to_string(),
            candidate.activity.commits.to_string(),
            candidate.files.to_string(),
            share(candidate.files, files),
            day(candidate.activity.last),
        ];
        if self.people.has_roster() {
            cells.push(self.people.roster_cell(candidate.person).to_string());
        }
        cells
    }

    /// Why there are no candidates.
    fn nobody(&self, area: AreaId, title: &Title) -> String {
        let has_commits = !self.worked.contributions.in_area(area).is_empty();
        let why = match self.worked.why_empty(area, title) {
            Some(why) => why,
            None if has_commits => "only owners have changed these files",
            None => "no commit that counts changed these files",
        };
        format!("no candidates: {why}")
    }

    /// What the table cannot know.
    fn doubts(&self, area: AreaId, candidates: &[Candidate]) -> Vec<String> {
        let mut doubts = Vec::new();
        let owners = &self.worked.areas.all()[area].owners;
        let named = |is_wanted: &dyn Fn(&owners::Owner) -> bool| {
            let all = owners
                .iter()
                .filter(|(owner, _)| self.worked.owners.person_of[*owner].is_none());
            let all = all.map(|(owner, _)| &self.worked.areas.owners()[*owner]);
            let names: Vec<String> = (all.filter(|owner| is_wanted(owner)))
                .map(|owner| escaped(owner.as_str().as_bytes()))
                .collect();
            names
        };
        let teams = named(&|owner| !is_person(owner));
        if !teams.is_empty() && !candidates.is_empty() {
            doubts.push(format!(
                "who is in {} is not known: candidates may be",
                some(&teams)
            ));
        }
        let unseen = named(&is_person);
        let is_unnamed = |candidate: &Candidate| !self.people.has_login(candidate.person);
        if !unseen.is_empty() && candidates.iter().any(is_unnamed) {
            doubts.push(format!(
                "no commit here is known to be by {}: a candidate without a login may be one of them",
                some(&unseen)
            ));
        }
        doubts
    }

    fn human(&self, out: &mut impl Write) -> Result<()> {
        writeln!(out, "{BOLD}{}{BOLD:#}", self.worked.summary())?;
        if let Some(nothing) = self.worked.nothing() {
            writeln!(out, "\n{nothing}")?;
        }
        let mut shown: Vec<PersonId> = Vec::new();
        let mut partial = false;
        for (area, title) in self.worked.all() {
            let (name, what) = (title.name(), title.what(str::to_string));
            writeln!(
                out,
                "\n{BOLD}{name}{BOLD:#}  ({what}{})",
                self.worked.size(area)
            )?;
            let candidates = self.worked.candidates(area);
            if candidates.is_empty() {
                writeln!(out, "{}", self.nobody(area, title))?;
                continue;
            }
            let listed = &candidates[..candidates.len().min(self.limit)];
            let mut table = Table::new(&self.header());
            for candidate in listed {
                let mut cells = self.cells(area, candidate);
                if candidate.owned > 0 {
                    partial = true;
                    cells[0].push('*');
                }
                table.row(cells);
            }
            table.write(out, terminal_width())?;
            let left = candidates.len() - listed.len();
            if left > 0 {
                writeln!(out, "… and {left} more; `-v` shows all")?;
            }
            for doubt in self.doubts(area, listed) {
                writeln!(out, "note: {doubt}")?;
            }
            shown.extend(listed.iter().map(|candidate| candidate.person));
        }
        let mut notes = self.people.footnotes(&shown);
        if partial {
            notes.push("* owns some of these files, but less than half");
        }
        if !notes.is_empty() {
            writeln!(out)?;
        }
        for note in notes {
            writeln!(out, "{note}")?;
        }
        Ok(())
    }

    fn markdown(&self, out: &mut impl Write) -> Result<()> {
        let mut room = Room::default();
        writeln!(
            out,
            "### Who could become an owner\n\n{}.",
            self.worked.summary()
        )?;
        if let Some(nothing) = self.worked.nothing() {
            writeln!(out, "\n{nothing}.")?;
        }
        let mut shown: Vec<PersonId> = Vec::new();
        let mut left_areas = 0;
        for (area, title) in self.worked.all() {
            if !room.takes_section() {
                left_areas += 1;
                continue;
            }
            let (name, what) = (title.name(), title.what(code));
            writeln!(
                out,
                "\n#### {}\n\n{what}{}.",
                code(&name),
                self.worked.size(area)
            )?;
            let candidates = self.worked.candidates(area);
            if candidates.is_empty() {
                writeln!(out, "\n{}.", self.nobody(area, title))?;
                continue;
            }
            let header = self.header();
            writeln!(
                out,
                "\n| {} |\n|---|{}",
                header.join(" | "),
                "---:|".repeat(header.len() - 1)
            )?;
            let listed = &candidates[..candidates.len().min(self.limit)];
            let rows = listed.iter().map(|candidate| {
                let mut cells = self.cells(area, candidate);
                cells[0] = code(&cells[0]);
                format!("| {} |\n", cells.join(" | "))
            });
            let left = room.write_rows(out, rows)? + candidates.len() - listed.len();
            if left > 0 {
                writeln!(out, "\n… and {left} more.")?;
            }
            for doubt in self.doubts(area, listed) {
                writeln!(out, "\nNote: {}.", code_words(&doubt))?;
            }
            shown.extend(listed.iter().map(|candidate| candidate.person));
        }
        if left_areas > 0 {
            writeln!(out, "\n… and {}.", counted(left_areas, "more area"))?;
        }
        for note in self.people.footnotes(&shown) {
            writeln!(out, "\n{}.", code_words(note))?;
        }
        Ok(())
    }

    fn json(&self, out: &mut impl Write, args: &args::Suggest) -> Result<()> {
        let areas = self.worked.all().map(|(area, title)| {
            let candidates = self.worked.candidates(area);
            let listed = candidates.len().min(self.limit);
            let candidate = |candidate: &Candidate| JsonCandidate {
                person: self.people.json(candidate.person),
                score: rounded(candidate.score),
                created: candidate.created,
                commits: candidate.activity.commits,
                files: candidate.files,
                last_seen: day(candidate.activity.last),
                owned: candidate.owned,
            };
            JsonSuggestions {
                area: JsonArea::new(self.worked, area, title),
                candidates: candidates.iter().take(listed).map(candidate).collect(),
                more: candidates.len() - listed,
            }
        });
        let document = Document {
            version: VERSION,
            head: Head::new(self.worked),
            half_life_days: args.half_life,
            since: args.since.map(day),
            areas: areas.collect(),
        };
        serde_json::to_writer(&mut *out, &document).map_err(std::io::Error::from)?;
        writeln!(out)?;
        Ok(())
    }
}

/// The first of some names.
fn some(names: &[String]) -> String {
    match names.len().checked_sub(NAMED) {
        Some(left) if left > 0 => format!("{} and {left} more", names[..NAMED].join(" ")),
        _ => names.join(" "),
    }
}

/// A note in Markdown, in which names are not mentions.
fn code_words(text: &str) -> String {
    let words = text.split(' ').map(|word| match word.starts_with('@') {
        true => {
            let name = word.trim_end_matches(':');
            format!("{}{}", code(name), &word[name.len()..])
        }
        false => word.to_string(),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    #[serde(flatten)]
    head: Head,
    half_life_days: u32,
    since: Option<String>,
    areas: Vec<JsonSuggestions<'r>>,
}

#[derive(Serialize)]
struct JsonSuggestions<'r> {
    #[serde(flatten)]
    area: JsonArea<'r>,
    candidates: Vec<JsonCandidate<'r>>,
    more: usize,
}

#[derive(Serialize)]
struct JsonCandidate<'r> {
    #[serde(flatten)]
    person: JsonPerson<'r>,
    score: f64,
    created: usize,
    commits: u32,
    files: usize,
    last_seen: String,
    owned: usize,
}
