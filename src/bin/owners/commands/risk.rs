//! `owners risk`: what depends on few people.

use std::io::Write;

use owners::reports::contributions::areas::{AreaId, OwnerId};
use owners::reports::contributions::{Activity, PersonId};
use owners::reports::risk::{Risk, risk};
use owners::reports::suggest::Candidate;
use owners::text::date::day;
use owners::text::{counted, escaped};
use serde::Serialize;

use super::history::json::{Head, JsonArea};
use super::history::people::{JsonPerson, Shown};
use super::history::{Title, Wanted, Worked};
use crate::Outcome;
use crate::args::{self, ChangeFormat};
use crate::failure::Result;
use crate::report::BOLD;
use crate::report::markdown::{Room, code};
use crate::workspace::Workspace;

/// Increased if a key of the JSON changes its meaning or is removed.
const VERSION: u32 = 1;
/// How many people are shown in each list without `--limit`.
const PEOPLE: usize = 5;
/// The order of the people who own nothing follows `owners suggest` with its default.
const HALF_LIFE: u32 = 180;

pub(crate) fn run(workspace: &Workspace, args: &args::Risk) -> Result<Outcome> {
    let worked = Worked::new(
        workspace,
        &Wanted {
            areas: &args.areas,
            max_files: args.history.max_files,
            emails: args.history.emails,
            rev: args.history.rev.as_deref(),
            half_life_days: HALF_LIFE,
            since: None,
        },
    )?;
    let format = args.history.format.chosen().unwrap_or(ChangeFormat::Human);
    let report = Report {
        people: worked.shown(),
        worked: &worked,
        months: args.inactive_months,
        active_since: worked.active_since(args.inactive_months),
        limit: match args.limit {
            Some(limit) => limit as usize,
            None if workspace.verbose => usize::MAX,
            None => PEOPLE,
        },
    };
    let mut out = format.printer();
    match format {
        ChangeFormat::Human => report.human(&mut out)?,
        ChangeFormat::Markdown => report.markdown(&mut out)?,
        ChangeFormat::Json => report.json(&mut out)?,
    }
    out.finish()?;
    Ok(Outcome::Fine)
}

struct Report<'r> {
    worked: &'r Worked,
    people: Shown<'r>,
    months: u32,
    /// Who did something since then is active.
    active_since: i64,
    limit: usize,
}

/// A fact about an area: what it is about, and the names and numbers.
struct Fact {
    about: &'static str,
    text: String,
    people: Vec<String>,
}

impl Report<'_> {
    fn risk(&self, area: AreaId) -> Risk {
        let Worked {
            areas,
            contributions,
            owners,
            ..
        } = self.worked;
        risk(area, areas, contributions, owners)
    }

    fn is_active(&self, activity: Option<Activity>) -> bool {
        activity.is_some_and(|activity| activity.last >= self.active_since)
    }

    /// Those who did something lately and own nothing there, best first.
    fn newcomers(&self, area: AreaId) -> Vec<Candidate> {
        let mut candidates = self.worked.candidates(area);
        candidates.retain(|each| each.owned == 0 && self.is_active(Some(each.activity)));
        candidates
    }

    fn owner(&self, owner: OwnerId) -> String {
        escaped(self.worked.areas.owners()[owner].as_str().as_bytes())
    }

    /// Which files few of their owners have changed.
    fn facts_of_files(&self, risk: &Risk, files: usize) -> Vec<Fact> {
        let mut facts = Vec::new();
        let one: usize = risk.one_owner.iter().map(|(_, count)| count).sum();
        if one > 0 {
            facts.push(Fact {
                about: "one owner",
                text: format!("only one of its owners has changed {}", of(one, files)),
                people: (risk.one_owner.iter())
                    .map(|&(owner, count)| format!("{} {count}", self.owner(owner)))
                    .collect(),
            });
        }
        if risk.no_owner > 0 {
            facts.push(Fact {
                about: "no owner",
                text: format!(
                    "none of its owners has changed {}",
                    of(risk.no_owner, files)
                ),
                people: Vec::new(),
            });
        }
        facts
    }

    fn facts(&self, area: AreaId) -> Vec<Fact> {
        let risk = self.risk(area);
        let files = self.worked.areas.all()[area].paths.len();
        let mut facts = self.facts_of_files(&risk, files);
        facts.push(self.truck_factor(&risk));
        let inactive = risk
            .owners
            .iter()
            .filter(|(_, activity)| !self.is_active(*activity));
        let inactive: Vec<String> = inactive
            .map(|&(owner, activity)| format!("{} {}", self.owner(owner), last_seen(activity)))
            .collect();
        if !inactive.is_empty() {
            facts.push(Fact {
                about: "inactive",
                text: format!(
                    "{} of {} did nothing here in {}",
                    inactive.len(),
                    counted(risk.owners.len(), "owner"),
                    counted(self.months as usize, "month")
                ),
                people: inactive,
            });
        }
        let newcomers = self.newcomers(area);
        if !newcomers.is_empty() {
            facts.push(Fact {
                about: "not owners",
                text: match newcomers.len() {
                    1 => "1 active person owns nothing here".to_string(),
                    count => format!("{count} active people own nothing here"),
                },
                people: (newcomers.iter())
                    .map(|each| {
                        let name = self.people.cell(each.person);
                        format!("{name} {}", day(each.activity.last))
                    })
                    .collect(),
            });
        }
        if !risk.unknown.is_empty() {
            facts.push(Fact {
                about: "unknown",
                text: "no commit is known to be by these owners: nothing is said about them and \
                       their files"
                    .to_string(),
                people: risk
                    .unknown
                    .iter()
                    .map(|&owner| self.owner(owner))
                    .collect(),
            });
        }
        facts
    }

    fn truck_factor(&self, risk: &Risk) -> Fact {
        let count = risk.key_people.len();
        Fact {
            about: "truck factor",
            text: match count {
                0 => "unknown: nobody is an author of any file".to_string(),
                _ => format!(
                    "{count}: without {}, more than half of {} no author",
                    if count == 1 {
                        "this person"
                    } else {
                        "these people"
                    },
                    match risk.authored {
                        1 => "1 file has".to_string(),
                        files => format!("{files} files have"),
                    }
                ),
            },
            people: (risk.key_people.iter())
                .map(|&(person, files)| format!("{} {files}", self.people.cell(person)))
                .collect(),
        }
    }

    fn human(&self, out: &mut impl Write) -> Result<()> {
        writeln!(out, "{BOLD}{}{BOLD:#}", self.worked.summary())?;
        if let Some(nothing) = self.worked.nothing() {
            writeln!(out, "\n{nothing}")?;
        }
        let mut shown: Vec<PersonId> = Vec::new();
        for (area, title) in self.worked.all() {
            let (name, what) = (title.name(), title.what(str::to_string));
            writeln!(
                out,
                "\n{BOLD}{name}{BOLD:#}  ({what}{})",
                self.worked.size(area)
            )?;
            if let Some(why) = self.worked.why_empty(area, title) {
                writeln!(out, "{why}")?;
                continue;
            }
            for fact in self.facts(area) {
                writeln!(out, "{:12}  {}", fact.about, fact.text)?;
                for person in fact.people.iter().take(self.limit) {
                    writeln!(out, "{:14}{person}", "")?;
                }
                let left = fact.people.len().saturating_sub(self.limit);
                if left > 0 {
                    writeln!(out, "{:14}… and {left} more; `-v` shows all", "")?;
                }
            }
            self.note_people(area, &mut shown);
        }
        let notes = self.people.footnotes(&shown);
        if !notes.is_empty() {
            writeln!(out)?;
        }
        for note in notes {
            writeln!(out, "{note}")?;
        }
        Ok(())
    }

    /// Adds the people who are shown for an area.
    fn note_people(&self, area: AreaId, shown: &mut Vec<PersonId>) {
        let key_people = self.risk(area).key_people;
        shown.extend(key_people.iter().take(self.limit).map(|(person, _)| person));
        let newcomers = self.newcomers(area);
        shown.extend(newcomers.iter().take(self.limit).map(|each| each.person));
    }

    fn markdown(&self, out: &mut impl Write) -> Result<()> {
        let mut room = Room::default();
        writeln!(out, "### Risks\n\n{}.", self.worked.summary())?;
        if let Some(nothing) = self.worked.nothing() {
            writeln!(out, "\n{nothing}.")?;
        }
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
            if let Some(why) = self.worked.why_empty(area, title) {
                writeln!(out, "\n{why}.")?;
                continue;
            }
            writeln!(out, "\n| risk | what | who |\n|---|---|---|")?;
            let rows = self.facts(area).into_iter().map(|fact| {
                let mut who: Vec<String> = fact
                    .people
                    .iter()
                    .take(self.limit)
                    .map(|name| code(name))
                    .collect();
                let left = fact.people.len().saturating_sub(self.limit);
                if left > 0 {
                    who.push(format!("and {left} more"));
                }
                format!("| {} | {} | {} |\n", fact.about, fact.text, who.join(", "))
            });
            let left = room.write_rows(out, rows)?;
            if left > 0 {
                writeln!(out, "\n… and {}.", counted(left, "more row"))?;
            }
        }
        if left_areas > 0 {
            writeln!(out, "\n… and {}.", counted(left_areas, "more area"))?;
        }
        Ok(())
    }

    fn json(&self, out: &mut impl Write) -> Result<()> {
        let areas = self
            .worked
            .all()
            .map(|(area, title)| self.json_area(area, title));
        let document = Document {
            version: VERSION,
            head: Head::new(self.worked),
            inactive_months: self.months,
            areas: areas.collect(),
        };
        serde_json::to_writer(&mut *out, &document).map_err(std::io::Error::from)?;
        writeln!(out)?;
        Ok(())
    }

    fn json_area<'r>(&'r self, area: AreaId, title: &'r Title) -> JsonRisk<'r> {
        let risk = self.risk(area);
        let owner = |owner: OwnerId| self.worked.areas.owners()[owner].as_str();
        let newcomers = self.newcomers(area);
        JsonRisk {
            area: JsonArea::new(self.worked, area, title),
            one_owner: (risk.one_owner.iter())
                .map(|&(id, files)| JsonOwner {
                    owner: owner(id),
                    files,
                })
                .collect(),
            no_owner: risk.no_owner,
            authored: risk.authored,
            truck_factor: (!risk.key_people.is_empty()).then_some(risk.key_people.len()),
            key_people: (risk.key_people.iter())
                .map(|&(person, files)| JsonAuthor {
                    person: self.people.json(person),
                    files,
                })
                .collect(),
            owners_seen: (risk.owners.iter())
                .map(|&(id, activity)| JsonSeen {
                    owner: owner(id),
                    commits: activity.map_or(0, |activity| activity.commits),
                    last_seen: activity.map(|activity| day(activity.last)),
                    inactive: !self.is_active(activity),
                })
                .collect(),
            unknown_owners: risk.unknown.iter().map(|&id| owner(id)).collect(),
            own_nothing: (newcomers.iter())
                .map(|each| JsonNewcomer {
                    person: self.people.json(each.person),
                    commits: each.activity.commits,
                    last_seen: day(each.activity.last),
                })
                .collect(),
        }
    }
}

/// How many of how many files.
fn of(part: usize, whole: usize) -> String {
    format!("{part} of {}", counted(whole, "file"))
}

fn last_seen(activity: Option<Activity>) -> String {
    activity.map_or_else(|| "never".to_string(), |activity| day(activity.last))
}

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    #[serde(flatten)]
    head: Head,
    inactive_months: u32,
    areas: Vec<JsonRisk<'r>>,
}

#[derive(Serialize)]
struct JsonRisk<'r> {
    #[serde(flatten)]
    area: JsonArea<'r>,
    one_owner: Vec<JsonOwner<'r>>,
    no_owner: usize,
    authored: usize,
    truck_factor: Option<usize>,
    key_people: Vec<JsonAuthor<'r>>,
    owners_seen: Vec<JsonSeen<'r>>,
    unknown_owners: Vec<&'r str>,
    own_nothing: Vec<JsonNewcomer<'r>>,
}

#[derive(Serialize)]
struct JsonOwner<'r> {
    owner: &'r str,
    files: usize,
}

#[derive(Serialize)]
struct JsonAuthor<'r> {
    #[serde(flatten)]
    person: JsonPerson<'r>,
    files: usize,
}

#[derive(Serialize)]
struct JsonSeen<'r> {
    owner: &'r str,
    commits: u32,
    last_seen: Option<String>,
    inactive: bool,
}

#[derive(Serialize)]
struct JsonNewcomer<'r> {
    #[serde(flatten)]
    person: JsonPerson<'r>,
    commits: u32,
    last_seen: String,
}
