//! Asks a forge about the owners of a configuration, over the network.
//!
//! This module and `client` below it are the only code that opens a connection, and only the feature
//! `live` builds them. What to ask, and what a reply means, is in the `api` of each forge, which does no
//! I/O. The server is the one that the environment names, or the forge's own: no file of the
//! repository chooses where the token goes.

mod client;

use std::env;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::{Config, Text};
use crate::forge::api::{Env, Origin, Published, Questions, Site};
use crate::forge::{Answers, Forge, TeamIds};
use crate::git::{Repo, Revision};
use crate::owner::{Owner, OwnerKind};
use crate::project::Project;

pub use crate::forge::api::NoAnswer;

use client::Client;

/// Asks the forge about all owners of `project`. `revision` is the commit that it was read from; `None`
/// for the working tree. `say` is told about waits.
///
/// # Errors
///
/// If it is not known whom to ask, if there is no token, or if the forge does not answer.
pub fn ask(
    repo: &Repo,
    project: &Project,
    revision: Option<&Revision<'_>>,
    say: &mut dyn FnMut(&str),
) -> Result<Answers, NoAnswer> {
    let origin = origin(repo)?;
    let forge = forge(&variable, origin.as_ref(), &forges_of(project))?;
    let site = site(forge, origin.as_ref())?;
    // What a server repeats, and what a variable holds, may contain the token. Everything that is
    // shown passes here.
    let shown = |text: &str| site.token.1.redact(text);
    let mut say = |text: &str| say(&shown(text));
    let mut answers = ask_forge(forge, &site, repo, project, revision, &variable, &mut say)
        .map_err(|why| why.with_texts(shown))?;
    answers.change_texts(shown);
    Ok(answers)
}

/// Asks a forge for its numbers of some teams. `say` is told about waits.
///
/// # Errors
///
/// If it is not known whom to ask, if there is no token, or if the forge does not answer.
pub fn team_ids(
    repo: &Repo,
    forge: Forge,
    teams: &[Owner],
    say: &mut dyn FnMut(&str),
) -> Result<TeamIds, NoAnswer> {
    let site = site(forge, origin(repo)?.as_ref())?;
    let shown = |text: &str| site.token.1.redact(text);
    let mut say = |text: &str| say(&shown(text));
    let mut client =
        Client::new(forge, &site, &variable, &mut say).map_err(|why| why.with_texts(shown))?;
    let ids = forge.api.team_ids(&site, teams, &mut client);
    let mut ids = ids.map_err(|why| why.with_texts(shown))?;
    ids.change_texts(shown);
    Ok(ids)
}

/// A variable of the environment. An empty one counts as not set: a job sets a secret that does not
/// exist to nothing.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn origin(repo: &Repo) -> Result<Option<Origin>, NoAnswer> {
    let origin = repo.origin().map_err(|error| cannot_read(&error))?;
    Ok(origin.as_deref().and_then(Origin::from_url))
}

/// Whom to ask.
fn site(forge: Forge, origin: Option<&Origin>) -> Result<Site, NoAnswer> {
    let site = forge.api.site(&variable, origin);
    site.map_err(|fault| {
        NoAnswer::new(format!("cannot ask {}: {}", forge.title, fault.message)).help(fault.help)
    })
}

fn ask_forge(
    forge: Forge,
    site: &Site,
    repo: &Repo,
    project: &Project,
    revision: Option<&Revision<'_>>,
    env: Env<'_>,
    say: &mut dyn FnMut(&str),
) -> Result<Answers, NoAnswer> {
    let mut questions = questions(project);
    questions.approvers = approvers(forge, project);
    questions.published = match revision {
        Some(revision) => published(forge, revision)?,
        None => match repo.revision("HEAD") {
            Ok(head) => published(forge, &head)?,
            // There is no commit yet, or no git: nothing is published.
            Err(_) => None,
        },
    };
    let mut client = Client::new(forge, site, env, say)?;
    forge.api.ask(site, &questions, &mut client)
}

fn cannot_read(error: &crate::git::Error) -> NoAnswer {
    NoAnswer::new(format!("{error:#}"))
}

/// The forges that read the files of a project.
fn forges_of(project: &Project) -> Vec<Forge> {
    match &project.codeowners {
        Some(by_hand) => vec![by_hand.forge],
        None => project
            .config
            .outputs
            .iter()
            .map(|output| output.forge)
            .collect(),
    }
}

/// The forge to ask: that of the job, that of `origin`, or the only one.
fn forge(env: Env<'_>, origin: Option<&Origin>, of_project: &[Forge]) -> Result<Forge, NoAnswer> {
    let of_job = Forge::ALL.iter().find(|forge| forge.api.is_ci(env));
    let is_on = |forge: &&Forge| origin.is_some_and(|origin| origin.host == forge.api.host());
    let found = of_job.or_else(|| Forge::ALL.iter().find(is_on)).copied();
    match (found, of_project) {
        (Some(forge), _) if !of_project.contains(&forge) => Err(NoAnswer::new(format!(
            "cannot ask {0}: no output is for {0}",
            forge.title
        ))
        .help(format!(
            "add `[[output]]` with `platform = \"{}\"`, or run this where the other forge is",
            forge.name
        ))),
        (Some(forge), _) => Ok(forge),
        (None, [first, rest @ ..]) if rest.iter().all(|other| other == first) => Ok(*first),
        _ => Err(
            NoAnswer::new("cannot tell which forge to ask: there are outputs for several")
                .help("run this in a job of the forge, or add the remote `origin`"),
        ),
    }
}

/// What to ask about a project.
fn questions(project: &Project) -> Questions {
    let mut questions = Questions::default();
    let mut seen = FxHashSet::default();
    let mut add = |owner: &Owner| {
        if seen.insert(owner.folded()) {
            questions.owners.push(owner.clone());
        }
    };
    if project.codeowners.is_some() {
        let rules = project.rules.rules().iter();
        rules.flat_map(|rule| rule.owners.iter()).for_each(add);
        return questions;
    }
    let owning = owning_groups(project);
    let configs = || std::iter::once(&project.config).chain(&project.nested);
    for config in configs() {
        for group in config
            .groups
            .iter()
            .filter(|group| owning.contains(&*group.name.value))
        {
            let members = group.members.iter().filter(|_| group.team.is_none());
            let owners = group.team.iter().chain(members);
            owners
                .filter(|text| text.value.contains('@'))
                .for_each(|text| {
                    add(&Owner::unchecked(&text.value));
                });
        }
        let named = config
            .named_owners()
            .filter(|text| text.value.contains('@'));
        named.for_each(|text| add(&Owner::unchecked(&text.value)));
    }
    let is_user = |owner: &Owner| owner.kind() == OwnerKind::User;
    for config in configs() {
        let groups = config.groups.iter();
        let groups = groups.filter(|group| !owning.contains(&*group.name.value));
        let members = groups.flat_map(|group| &group.members);
        let others = members.chain(config.notified());
        let others = others.map(|text| Owner::unchecked(&text.value));
        let others = others.filter(|owner| owner.as_str().contains('@') && is_user(owner));
        let others = others.filter(|owner| !seen.contains(&owner.folded()));
        questions.others.extend(others);
    }
    for (group, team) in project.team_groups() {
        let people = group.people.iter().filter(|person| is_user(person));
        questions.people.push((team, people.cloned().collect()));
    }
    let roster = project.config.roster_teams();
    questions.teams = roster.map(|text| Owner::unchecked(&text.value)).collect();
    questions
}

/// The teams of the approvals that the forge can be told of.
fn approvers(forge: Forge, project: &Project) -> Vec<Owner> {
    let required = project.rules.required_reviewers(forge, &project.sources);
    let all = required.into_iter().flat_map(|all| all.by_approval);
    let mut seen = FxHashSet::default();
    all.flatten()
        .flatten()
        .map(|reviewer| reviewer.team)
        .filter(|team| seen.insert(team.folded()))
        .collect()
}

/// The names of the groups that rules or requirements name, directly or through other groups. The
/// others own nothing. Two groups of nested files with the same name count as one.
fn owning_groups(project: &Project) -> FxHashSet<&str> {
    let configs = || std::iter::once(&project.config).chain(&project.nested);
    let mut members: FxHashMap<&str, Vec<&Text>> = FxHashMap::default();
    for group in configs().flat_map(|config| &config.groups) {
        let same = members.entry(&*group.name.value).or_default();
        same.extend(&group.members);
    }
    let mut left: Vec<&str> = (configs().flat_map(Config::named_owners))
        .map(|text| text.value.as_str())
        .collect();
    let mut owning = FxHashSet::default();
    while let Some(name) = left.pop() {
        if owning.insert(name) {
            let inner = members.get(name).into_iter().flatten();
            left.extend(inner.map(|text| text.value.as_str()));
        }
    }
    owning
}

/// The CODEOWNERS file of a commit.
fn published(forge: Forge, revision: &Revision<'_>) -> Result<Option<Published>, NoAnswer> {
    let file = revision.codeowners(&[forge]);
    let Some(file) = file.map_err(|error| cannot_read(&error))? else {
        return Ok(None);
    };
    let Ok(lines) = file.read() else {
        return Ok(None);
    };
    let owners = lines.entries.iter().flat_map(|line| &line.owners);
    Ok(Some(Published {
        commit: revision.commit().to_string(),
        path: file.path,
        owners: owners.map(Owner::folded).collect(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_forge() {
        let [first, second] = [Forge::ALL[0], Forge::ALL[1]];
        let origin = |url| Origin::from_url(url);
        let none = |_: &str| None;
        let job = |name: &str| (name == "GITLAB_CI").then(|| "true".to_string());
        let found = |env: Env<'_>, url, of: &[Forge]| {
            forge(env, origin(url).as_ref(), of).map_err(|error| error.message)
        };
        assert_eq!(found(&none, "", &[second]), Ok(second));
        assert_eq!(
            found(&job, "https://github.com/o/r", &[first, second]),
            Ok(second)
        );
        assert_eq!(
            found(&none, "https://github.com/o/r", &[second, first]),
            Ok(first)
        );
        for (url, of) in [
            ("https://github.com/o/r", &[second][..]),
            ("", &[first, second]),
        ] {
            assert!(found(&none, url, of).is_err(), "{url} {of:?}");
        }
    }

    #[test]
    fn each_owner_is_asked_about_once() {
        let text = "[groups]\na = ['@x', '@X', 'b']\nb = { team = '@o/b', members = ['@y', '@x'] }\n\
                    unused = ['d@example.com']\n[paths]\n'*' = ['a', '@o/b', '@z']\n";
        let project = Project::from_text(text).unwrap();
        let asked = questions(&project);
        let names: Vec<&str> = asked.owners.iter().map(Owner::as_str).collect();
        assert_eq!(names, ["@x", "@o/b", "@z"]);
        let [(team, people)] = &asked.people[..] else {
            panic!("{:?}", asked.people);
        };
        assert_eq!((team.as_str(), people.len()), ("@o/b", 2));
    }
}
