//! `owners reviewers`: who will be requested to review a change, and the smallest set that covers
//! every file.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use owners::CodeownersFile;
use owners::Forge;
use owners::Owner;
use owners::PathId;
use owners::PathSet;
use owners::codeowners::{Decides, File};
use owners::git::{self, Revision};
use owners::reports::reviewers::{
    Absent, NeededApproval, Request, Reviewers, notified, places, reviewers_and_approvals,
};
use owners::ruleset::section_heading;
use owners::text::{Diagnostic, counted, escaped};
use owners::{Project, people};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::Outcome;
use crate::args::{self, ChangeFormat};
use crate::commands::who::{approvers, verb};
use crate::failure::Result;
use crate::here;
use crate::report::BOLD;
use crate::report::json_path::escaped_only_if_needed;
use crate::report::markdown::{CELL, Room, code};
use crate::report::table::shortened;
use crate::workspace::Workspace;

/// Increased if a key of the JSON changes its meaning or is removed.
const VERSION: u32 = 1;
/// How many paths or directories of each list are shown without `-v`.
const PATHS: usize = 10;
/// How many owners of a set are named in Markdown.
const OWNERS: usize = 50;
/// The start of a line that mentions people. The step of the GitHub Action that writes the comment looks
/// for it.
const NOTIFY: &str = "**notify**: ";

pub(crate) fn run(workspace: &Workspace, args: &args::Reviewers) -> Result<Outcome> {
    workspace.forbid_config("it uses the CODEOWNERS file that the forge reads")?;
    let repo = &workspace.repo;
    let name = match &args.base {
        Some(base) => base.as_str(),
        None => repo.default_base()?,
    };
    let tip = repo.revision(name)?;
    let head = args.head.as_deref();
    let merge_base = repo.merge_base_of(name, head.unwrap_or("HEAD"))?;
    let paths = match head {
        Some(head) => repo.changed_between(&merge_base, &repo.revision(head)?)?,
        None => repo.changed_since(&merge_base)?,
    };
    let project = match tip.project() {
        Ok(project) => project,
        // The forge ignores errors in owners.toml.
        Err(error) if matches!(error.root(), git::Error::Unsound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let found = codeowners(&tip, project.as_ref(), args.forge)?;
    let file = match &found {
        Some(found) => found.read()?,
        None => File::default(),
    };
    let absent = absent(workspace, args, project.as_ref())?;
    let notified = match &project {
        Some(project) => notified(&project.rules, &paths, &absent).map_err(anyhow::Error::new)?,
        None => Vec::new(),
    };
    // Sections of the file demand them, where files have sections.
    let is_elsewhere = found
        .as_ref()
        .is_some_and(|found| !found.forge.has_sections());
    let rules = project
        .as_ref()
        .filter(|_| is_elsewhere)
        .map(|each| &each.rules);
    let reviewers =
        reviewers_and_approvals(&file, rules, &paths, &absent).map_err(anyhow::Error::new)?;
    let shown = Shown {
        base: name,
        merge_base: merge_base.commit(),
        file: found.as_ref(),
        paths: &paths,
        reviewers: &reviewers,
        notified: &notified,
        away: &absent.away,
        is_any_enough: file.sections.len() <= 1 && file.decides == Decides::Last,
        unfolded: workspace.verbose,
    };
    let format = args.format.chosen().unwrap_or(ChangeFormat::Human);
    let mut out = format.printer();
    match format {
        ChangeFormat::Human => shown.human(&mut out)?,
        ChangeFormat::Markdown => shown.markdown(&mut out)?,
        ChangeFormat::Json => shown.json(&mut out)?,
    }
    out.finish()?;
    Ok(Outcome::Fine)
}

/// The CODEOWNERS file that the forge reads: the one at the tip of the base. `project` is what
/// `owners.toml` says there.
fn codeowners(
    tip: &Revision<'_>,
    project: Option<&Project>,
    forge: Option<Forge>,
) -> Result<Option<CodeownersFile>> {
    let forges = match (forge, project) {
        (Some(forge), _) => vec![forge],
        (None, Some(project)) => project
            .config
            .outputs
            .iter()
            .map(|each| each.forge)
            .collect(),
        (None, None) => Vec::new(),
    };
    Ok(tip.codeowners(&forges)?)
}

/// The author, and who is away: those of the command line, and the teams of groups whose members are all
/// away.
fn absent(
    workspace: &Workspace,
    args: &args::Reviewers,
    project: Option<&Project>,
) -> Result<Absent> {
    let author = args.author.as_ref().map(|author| {
        let login = author.strip_prefix('@').unwrap_or(author);
        Owner::unchecked(&format!("@{login}"))
    });
    let mut absent = Absent {
        author,
        away: Vec::new(),
    };
    for value in &args.away {
        absent.away.extend(away(workspace, value)?);
    }
    let groups = project
        .into_iter()
        .flat_map(|each| each.rules.groups().iter());
    for group in groups.filter(|group| group.people != group.owners) {
        let is_away = |person: &Owner| absent.away.iter().any(|away| away.is_same(person));
        if group.people.iter().all(is_away) {
            absent.away.extend(group.owners.iter().cloned());
        }
    }
    Ok(absent)
}

/// A value of `--away`: `@x,@y`, or a file that mentions people.
fn away(workspace: &Workspace, value: &str) -> Result<Vec<Owner>> {
    if value.starts_with('@') {
        let names = value
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        return names
            .map(|name| match name.strip_prefix('@') {
                Some(login) if !login.is_empty() => Ok(Owner::unchecked(name)),
                _ => {
                    let message = format!("`{name}` in `--away {value}` is not a login");
                    Err(Diagnostic::error(message)
                        .help("write `@login,@login`")
                        .into())
                }
            })
            .collect();
    }
    let text = workspace.read_named(Path::new(value)).map_err(|error| {
        Diagnostic::error(format!("cannot read `{value}`: {error}"))
            .help("`--away` takes a file, or logins: `--away @alice,@bob`")
    })?;
    let logins =
        people::roster::logins(&String::from_utf8_lossy(&text), Forge::ALL.iter().copied());
    let mut names: Vec<String> = logins.iter().map(|login| format!("@{login}")).collect();
    names.sort_unstable();
    Ok(names.iter().map(|name| Owner::unchecked(name)).collect())
}

/// The reviewers to show.
struct Shown<'r> {
    base: &'r str,
    merge_base: &'r str,
    file: Option<&'r CodeownersFile>,
    /// The changed paths.
    paths: &'r PathSet,
    reviewers: &'r Reviewers,
    /// Who is told, without being asked.
    notified: &'r [Request],
    /// Who is away.
    away: &'r [Owner],
    /// Whether one approval per path is enough: the file has no sections.
    is_any_enough: bool,
    /// Whether to show every path.
    unfolded: bool,
}

/// Requests grouped by equal lists of paths.
fn grouped(requests: &[Request]) -> Vec<(Vec<&str>, &[PathId])> {
    let mut grouped: Vec<(Vec<&str>, &[PathId])> = Vec::new();
    let mut places: FxHashMap<&[PathId], usize> = FxHashMap::default();
    for Request { owner, paths } in requests {
        let place = *places.entry(paths).or_insert(grouped.len());
        if place == grouped.len() {
            grouped.push((Vec::new(), paths));
        }
        grouped[place].0.push(owner.as_str());
    }
    grouped
}

impl<'r> Shown<'r> {
    /// A changed path.
    fn name(&self, id: PathId) -> &'r [u8] {
        &self.paths[id]
    }

    /// How many paths changed, and which file has the owners; `name` formats the name of the base.
    fn source(&self, name: impl Fn(&str) -> String) -> String {
        let paths = counted(self.paths.len(), "path");
        let base = name(&escaped(self.base.as_bytes()));
        match self.file {
            Some(file) => format!(
                "{paths} changed since {base}; the owners are from its {}",
                file.path
            ),
            None => {
                format!("{paths} changed since {base}, which has no CODEOWNERS file")
            }
        }
    }

    fn lists(&self) -> [(&'static str, &'r [PathId]); 3] {
        [
            ("all owners are away", &self.reviewers.away),
            ("unowned or nobody", &self.reviewers.unowned),
            ("owned by the author alone", &self.reviewers.authors_own),
        ]
    }

    /// Whether the set is the smallest.
    fn certainty(&self) -> &'static str {
        let is_needed = |each: &NeededApproval| !each.is_optional;
        if self.reviewers.is_exact && self.reviewers.approvals.iter().any(is_needed) {
            "no smaller set covers every owned path and every approval"
        } else if self.reviewers.is_exact {
            "no smaller set covers every owned path"
        } else {
            "there are too many owners to try every set; a smaller set may exist"
        }
    }

    fn human(&self, out: &mut impl Write) -> Result<()> {
        writeln!(out, "{BOLD}{}{BOLD:#}", self.source(str::to_string))?;
        for (owners, paths) in grouped(&self.reviewers.requests) {
            let any = if owners.len() > 1 && self.is_any_enough {
                ", any of them"
            } else {
                ""
            };
            writeln!(
                out,
                "\n{BOLD}{}{BOLD:#}  ({}{any})",
                escaped(owners.join(" ").as_bytes()),
                counted(paths.len(), "path")
            )?;
            self.list(out, paths)?;
        }
        for (what, paths) in self.lists() {
            if !paths.is_empty() {
                writeln!(
                    out,
                    "\n{BOLD}{what}{BOLD:#}  ({})",
                    counted(paths.len(), "path")
                )?;
                self.list(out, paths)?;
            }
        }
        for (owners, paths) in grouped(self.notified) {
            let owners = escaped(owners.join(" ").as_bytes());
            let paths_text = counted(paths.len(), "path");
            writeln!(out, "\nnotify {BOLD}{owners}{BOLD:#}  ({paths_text})")?;
            self.list(out, paths)?;
        }
        for approval in &self.reviewers.approvals {
            let paths = counted(approval.paths.len(), "path");
            let what = escaped(needed(approval).as_bytes());
            writeln!(out, "\n{BOLD}{what}{BOLD:#}  ({paths})")?;
            self.list(out, &approval.paths)?;
        }
        if !self.away.is_empty() {
            let away = escaped(Owner::join(self.away).as_bytes());
            writeln!(out, "\naway: {away}")?;
        }
        let enough = &self.reviewers.enough;
        if !enough.is_empty() {
            writeln!(
                out,
                "\nenough: {BOLD}{}{BOLD:#}  ({})",
                escaped(Owner::join(enough).as_bytes()),
                self.certainty()
            )?;
        }
        Ok(())
    }

    fn list(&self, out: &mut impl Write, paths: &[PathId]) -> Result<()> {
        if self.unfolded {
            for &path in paths {
                writeln!(out, "  {}", here::shown(self.name(path)))?;
            }
            return Ok(());
        }
        let places = places(self.paths, paths, PATHS);
        for place in places.iter().take(PATHS) {
            write!(out, "  {}", here::shown(&place.path))?;
            if place.paths > 1 {
                write!(out, "  ({})", counted(place.paths, "path"))?;
            }
            writeln!(out)?;
        }
        let left: usize = places.iter().skip(PATHS).map(|place| place.paths).sum();
        if left > 0 {
            writeln!(
                out,
                "  … and {}; `-v` shows all",
                counted(left, "more path")
            )?;
        }
        Ok(())
    }

    fn markdown(&self, out: &mut impl Write) -> Result<()> {
        let mut room = Room::default();
        writeln!(out, "### Reviewers\n\n{}.", self.source(code))?;
        let requests = grouped(&self.reviewers.requests);
        if !requests.is_empty() {
            writeln!(out, "\n| requested | paths |\n|---|---|")?;
        }
        let rows = requests.iter().map(|(owners, paths)| {
            format!("| {} | {} |\n", codes(owners, OWNERS), self.cell(paths))
        });
        let left = room.write_rows(out, rows)?;
        if left > 0 {
            writeln!(out, "\n… and {}.", counted(left, "more row"))?;
        }
        for (what, paths) in self.lists() {
            if !paths.is_empty() {
                writeln!(out, "\n**{what}**: {}", self.cell(paths))?;
            }
        }
        let approvals = &self.reviewers.approvals;
        if !approvals.is_empty() {
            writeln!(out, "\n| approval | paths |\n|---|---|")?;
        }
        let rows = approvals.iter().map(|approval| {
            let what = code(&escaped(needed(approval).as_bytes()));
            format!("| {what} | {} |\n", self.cell(&approval.paths))
        });
        let left = room.write_rows(out, rows)?;
        if left > 0 {
            writeln!(out, "\n… and {}.", counted(left, "more row"))?;
        }
        let enough: Vec<&str> = self.reviewers.enough.iter().map(Owner::as_str).collect();
        if !enough.is_empty() {
            let enough = codes(&enough, OWNERS);
            writeln!(out, "\nEnough: {enough} ({}).", self.certainty())?;
        }
        if !self.away.is_empty() {
            let away: Vec<&str> = self.away.iter().map(Owner::as_str).collect();
            writeln!(out, "\nAway: {}.", codes(&away, OWNERS))?;
        }
        for (people, paths) in grouped(self.notified).iter().take(OWNERS) {
            // Not as code: the forge tells whom a comment mentions.
            let mentions: Vec<&str> = people.iter().copied().take(OWNERS).collect();
            let mentions = escaped(mentions.join(" ").as_bytes());
            writeln!(out, "\n{NOTIFY}{mentions} ({})", self.cell(paths))?;
        }
        Ok(())
    }

    fn cell(&self, paths: &[PathId]) -> String {
        let places = places(self.paths, paths, PATHS);
        let shown: Vec<String> = (places.iter().take(PATHS))
            .map(|place| {
                let path = code(&shortened(&escaped(&place.path), CELL));
                match place.paths {
                    1 => path,
                    count => format!("{path} ({})", counted(count, "path")),
                }
            })
            .collect();
        let mut text = shown.join(", ");
        let left: usize = places.iter().skip(PATHS).map(|place| place.paths).sum();
        if left > 0 {
            let _ = write!(text, " and {left} more");
        }
        text
    }

    fn json(&self, out: &mut impl Write) -> Result<()> {
        let text = |paths: &'r [PathId]| {
            let names = paths.iter().map(|&path| self.name(path));
            names.map(escaped_only_if_needed).collect()
        };
        let request = |request: &'r Request| JsonRequest {
            owner: request.owner.as_str(),
            paths: text(&request.paths),
        };
        let document = Document {
            version: VERSION,
            base: self.base,
            merge_base: self.merge_base,
            file: self.file.map(|file| file.path.as_str()),
            platform: self.file.map(|file| file.forge.name),
            paths: self.paths.len(),
            requests: self.reviewers.requests.iter().map(request).collect(),
            notify: self.notified.iter().map(request).collect(),
            approvals: (self.reviewers.approvals.iter())
                .map(|approval| JsonApproval {
                    name: &approval.name,
                    count: approval.count,
                    optional: approval.is_optional,
                    owners: approval.owners.iter().map(Owner::as_str).collect(),
                    paths: text(&approval.paths),
                })
                .collect(),
            unowned: text(&self.reviewers.unowned),
            authors_own: text(&self.reviewers.authors_own),
            away: text(&self.reviewers.away),
            enough: Enough {
                owners: self.reviewers.enough.iter().map(Owner::as_str).collect(),
                exact: self.reviewers.is_exact,
            },
        };
        serde_json::to_writer(&mut *out, &document).map_err(std::io::Error::from)?;
        writeln!(out)?;
        Ok(())
    }
}

/// An approval in one line.
fn needed(approval: &NeededApproval) -> String {
    let heading = section_heading(&approval.name, approval.count, approval.is_optional);
    let by = approvers(approval.count, &approval.owners);
    format!("{} approval {heading}: {by}", verb(approval.is_optional))
}

fn codes(texts: &[&str], limit: usize) -> String {
    let left = texts.len().saturating_sub(limit);
    let texts = texts.iter().take(limit);
    let codes: Vec<String> = texts.map(|text| code(&escaped(text.as_bytes()))).collect();
    let mut text = codes.join(" ");
    if left > 0 {
        let _ = write!(text, " and {left} more");
    }
    text
}

type Texts<'r> = Vec<std::borrow::Cow<'r, str>>;

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    base: &'r str,
    merge_base: &'r str,
    file: Option<&'r str>,
    platform: Option<&'static str>,
    paths: usize,
    requests: Vec<JsonRequest<'r>>,
    notify: Vec<JsonRequest<'r>>,
    /// Only if there are some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    approvals: Vec<JsonApproval<'r>>,
    unowned: Texts<'r>,
    authors_own: Texts<'r>,
    away: Texts<'r>,
    enough: Enough<'r>,
}

#[derive(Serialize)]
struct JsonApproval<'r> {
    name: &'r str,
    count: usize,
    optional: bool,
    owners: Vec<&'r str>,
    paths: Texts<'r>,
}

#[derive(Serialize)]
struct JsonRequest<'r> {
    owner: &'r str,
    paths: Texts<'r>,
}

#[derive(Serialize)]
struct Enough<'r> {
    owners: Vec<&'r str>,
    exact: bool,
}
