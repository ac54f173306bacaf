//! What `owners suggest` and `owners risk` have in common: they read the history, and count who did
//! what in the areas of the command line.

mod areas;
pub(crate) mod json;
pub(crate) mod people;

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use owners::git::{Repo, Revision};
use owners::people::roster;
use owners::reports::contributions::areas::{AreaId, Areas};
use owners::reports::contributions::{Contributions, Counting, Totals};
use owners::reports::suggest::{Candidate, KnownOwners, candidates};
use owners::text::date::DAY;
use owners::text::{Diagnostic, counted};
use owners::{Forge, Id as _, PathSet, Project, Question};
use rustc_hash::FxHashSet;

use crate::failure::Result;
use crate::print::{Progress, say};
use crate::workspace::{Workspace, project_at};

pub(crate) use areas::Title;
use people::Shown;

/// Said if there is no area to show.
const NOTHING: &str = "there is no group, and no rule with owners that decides a tracked file: name a \
                       file or directory, such as `.`";

/// A year has 12 months, and on average so many days.
const YEAR: f64 = 365.25;
/// What `--max-files` and `--inactive-months` are without the option.
pub(crate) const MAX_FILES: u32 = 50;
pub(crate) const INACTIVE_MONTHS: u32 = 12;

/// What the command line asks for.
pub(crate) struct Wanted<'w> {
    pub(crate) areas: &'w [std::path::PathBuf],
    /// Commits that change more files do not count.
    pub(crate) max_files: u32,
    /// Whether the addresses of people are shown.
    pub(crate) emails: bool,
    /// A commit in the place of the index and `HEAD`.
    pub(crate) rev: Option<&'w str>,
    pub(crate) half_life_days: u32,
    /// Commits that were written before do not count. In seconds since 1970.
    pub(crate) since: Option<i64>,
}

/// Who did what in which area.
pub(crate) struct Worked {
    titles: Vec<Title>,
    /// Whether the areas were not named on the command line.
    is_everything: bool,
    pub(crate) areas: Areas,
    /// The tracked paths.
    pub(crate) paths: PathSet,
    pub(crate) contributions: Contributions,
    pub(crate) owners: KnownOwners,
    pub(crate) counting: Counting,
    /// The people of the roster, if there is one.
    roster: Option<Roster>,
    pub(crate) is_shallow: bool,
    emails: bool,
}

impl Worked {
    pub(crate) fn new(workspace: &Workspace, wanted: &Wanted<'_>) -> Result<Self> {
        let repo = &workspace.repo;
        let name = wanted.rev;
        let revision = name.map(|name| repo.revision(name)).transpose()?;
        let (project, paths) = match (&revision, name) {
            (Some(revision), Some(name)) => {
                (project_at(revision, name)?, Cow::Borrowed(&revision.paths))
            }
            _ => {
                ensure_commits(repo)?;
                let (project, paths) = workspace.project_and_paths()?;
                (project, Cow::Owned(paths))
            }
        };
        let roster = roster(workspace, &project, revision.as_ref())?;
        let (titles, selections) = areas::select(workspace, wanted.areas, &project, &paths)?;
        let counting = Counting {
            now: match &revision {
                Some(revision) => revision.time()?,
                None => now(),
            },
            since: wanted.since,
            half_life_days: wanted.half_life_days,
            max_files: wanted.max_files as usize,
            forge: forge(&project),
        };
        let commit = revision.as_ref().map(Revision::commit);
        let question = Question {
            rules: &project.rules,
            paths: &paths,
            selections: &selections,
            commit,
            counting,
        };
        let mut progress = Progress::new("commits read", !workspace.quiet);
        let found = repo.contributions(question, |count| progress.set(count));
        drop(progress);
        let (areas, contributions) = found?;
        let is_shallow = repo.is_shallow()?;
        if is_shallow && !workspace.quiet {
            say(format_args!(
                "note: this is a shallow clone: what is older is missing, and a commit at its end \
                 seems to create every file; `git fetch --unshallow` fetches the rest"
            ));
        }
        let paths = match paths {
            Cow::Owned(paths) => paths,
            Cow::Borrowed(_) => revision.map_or_else(PathSet::default, |each| each.paths),
        };
        Ok(Worked {
            paths,
            owners: KnownOwners::new(&areas, &contributions),
            titles,
            is_everything: wanted.areas.is_empty(),
            areas,
            contributions,
            counting,
            roster,
            is_shallow,
            emails: wanted.emails,
        })
    }

    /// The areas to show, with their titles. Rules that decide nothing are left out, unless they were
    /// named.
    pub(crate) fn all(&self) -> impl Iterator<Item = (AreaId, &Title)> {
        let is_empty = |area: AreaId| self.areas.all()[area].paths.is_empty();
        let is_dull = move |area, title: &Title| {
            self.is_everything && matches!(title, Title::Rule { .. }) && is_empty(area)
        };
        let titles = self.titles.iter().enumerate();
        let all = titles.map(|(index, title)| (AreaId::from_index(index), title));
        all.filter(move |(area, title)| !is_dull(*area, title))
    }

    /// Why there is nothing to show.
    pub(crate) fn nothing(&self) -> Option<&'static str> {
        self.all().next().is_none().then_some(NOTHING)
    }

    /// Why no file of an area counts.
    pub(crate) fn why_empty(&self, area: AreaId, title: &Title) -> Option<&'static str> {
        let area = &self.areas.all()[area];
        match title {
            _ if !area.paths.is_empty() => None,
            _ if area.left_out > 0 => Some("all files are generated or vendored"),
            Title::Group { .. } => Some("the group owns no tracked file"),
            _ => Some("there is no tracked file"),
        }
    }

    pub(crate) fn candidates(&self, area: AreaId) -> Vec<Candidate> {
        let Worked {
            areas,
            contributions,
            owners,
            counting,
            ..
        } = self;
        candidates(area, areas, contributions, owners, counting)
    }

    /// How people are shown.
    pub(crate) fn shown(&self) -> Shown<'_> {
        Shown {
            people: &self.contributions.people,
            roster: self.roster.as_ref(),
            emails: self.emails,
        }
    }

    /// Who did something since this time did so in the last months.
    pub(crate) fn active_since(&self, months: u32) -> i64 {
        let days = (f64::from(months) * YEAR / 12.0).round() as i64;
        self.counting.now.saturating_sub(days * DAY)
    }

    /// The first line: how many commits were read, and which do not count.
    pub(crate) fn summary(&self) -> String {
        let Totals {
            read,
            mass_changes,
            by_programs,
        } = self.contributions.totals;
        let mut text = counted(read, "commit");
        let most = self.counting.max_files;
        let reasons = [
            (
                mass_changes,
                format!("changed more than {}", counted(most, "file")),
            ),
            (by_programs, "by programs".to_string()),
        ];
        let reasons: Vec<String> = (reasons.iter())
            .filter(|(count, _)| *count > 0)
            .map(|(count, why)| format!("{count} {why}"))
            .collect();
        if !reasons.is_empty() {
            text.push_str(&format!("; not counted: {}", reasons.join(", ")));
        }
        text
    }

    /// How many files an area has.
    pub(crate) fn size(&self, area: AreaId) -> String {
        let area = &self.areas.all()[area];
        let mut text = counted(area.paths.len(), "file");
        if area.left_out > 0 {
            text.push_str(&format!(
                ", without {} generated or vendored",
                area.left_out
            ));
        }
        text
    }
}

/// Without a commit, there is no history. Outside git, the error says so.
pub(crate) fn ensure_commits(repo: &Repo) -> Result<()> {
    match repo.has_commits()? {
        true => Ok(()),
        false => Err(Diagnostic::error("there are no commits yet")
            .help("commit something, or name a commit with `--rev`")
            .into()),
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

/// The people of the roster.
#[derive(Debug, Default)]
struct Roster {
    /// The logins in its files, in lowercase.
    logins: FxHashSet<String>,
    /// Whether it names teams, whose members only the forge knows.
    has_teams: bool,
}

/// The forge of the logins.
fn forge(project: &Project) -> Forge {
    let output = project.config.outputs.first().map(|output| output.forge);
    let read = project.codeowners.as_ref().map(|file| file.forge);
    read.or(output).unwrap_or_default()
}

/// The people of the roster. A file of it that is missing is a finding of the lint `roster`.
fn roster(
    workspace: &Workspace,
    project: &Project,
    revision: Option<&Revision<'_>>,
) -> Result<Option<Roster>> {
    let mut roster: Option<Roster> = None;
    for file in project.config.roster_files() {
        let path = file.value.as_bytes();
        let text = match revision {
            Some(revision) => revision.read(path)?,
            None => workspace.repo.read_or_skipped(path)?,
        };
        let Some(text) = text else { continue };
        let forges = project.config.outputs.iter().map(|output| output.forge);
        let logins = roster::logins(&String::from_utf8_lossy(&text), forges);
        roster.get_or_insert_default().logins.extend(logins);
    }
    if project.config.roster_teams().next().is_some() {
        roster.get_or_insert_default().has_teams = true;
    }
    Ok(roster)
}
