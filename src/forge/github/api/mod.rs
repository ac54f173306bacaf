//! How GitHub is asked about owners. Source: its REST API description, version 2022-11-28.
//!
//! | question | request | a token needs |
//! |---|---|---|
//! | the repository | `/repos/O/R` | to see it |
//! | GitHub's own verdict | `/repos/O/R/codeowners/errors?ref=COMMIT` | Contents: read |
//! | a user | `/repos/O/R/collaborators/U/permission` | Metadata: read, of a user or app that may push |
//! | the same, without access | `/users/U` | nothing |
//! | the teams with access | `/repos/O/R/teams` | Administration: read |
//! | another team | `/orgs/O/teams/T`, or `/orgs/O/teams/T/repos/O/R` | Members: read (organization) |
//! | the approvals that are demanded | `/repos/O/R/rules/branches/BRANCH`, and the ids of the teams | Metadata: read |
//! | the members of a team | `/orgs/O/teams/T/members` | Members: read (organization) |
//!
//! The second request answers for every owner of the commit's file. So the token of a job, which sees
//! no team, is enough for what is already in the file.

mod verdict;

use rustc_hash::FxHashMap;
use serde_json::Value;

use self::verdict::Verdict;
use super::ruleset::demanded;
use super::site;
use crate::forge::api::{
    Api, Env, Listing, NoAnswer, Origin, Published, Questions, Request, Site, Transport, Unplaced,
    encoded, list, number, text,
};
use crate::forge::{Answers, Demands, Forge, Members, Standing, TeamIds};
use crate::owner::{Owner, OwnerKind};

/// Asks GitHub.
#[derive(Debug)]
pub(super) struct GitHubApi;

impl Api for GitHubApi {
    fn is_ci(&self, env: Env<'_>) -> bool {
        env("GITHUB_ACTIONS").is_some() || env("GITHUB_API_URL").is_some()
    }

    fn host(&self) -> &'static str {
        "github.com"
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("accept", "application/vnd.github+json, application/json"),
            ("x-github-api-version", "2022-11-28"),
        ]
    }

    fn site(&self, env: Env<'_>, origin: Option<&Origin>) -> Result<Site, Unplaced> {
        site::site(env, origin)
    }

    fn is_refusal(&self, body: &Value) -> bool {
        body.get("message").is_some_and(Value::is_string)
    }

    fn ask(
        &self,
        site: &Site,
        questions: &Questions,
        transport: &mut dyn Transport,
    ) -> Result<Answers, NoAnswer> {
        let mut asking = Asking::new(site, transport)?;
        let verdict = match &questions.published {
            Some(published) => asking.verdict(published)?,
            None => Verdict::default(),
        };
        let teams = questions
            .owners
            .iter()
            .filter(|it| it.kind() == OwnerKind::Team);
        if teams.count() > 0 {
            asking.list_teams()?;
        }
        for (team, members) in &questions.people {
            asking.members(team)?;
            for member in members {
                asking.person(Some(team), member, &verdict)?;
            }
        }
        for team in &questions.teams {
            asking.members(team)?;
        }
        for other in &questions.others {
            asking.person(None, other, &verdict)?;
        }
        for owner in &questions.owners {
            let found = asking.owner(owner)?;
            let standing = verdict.over(owner, found);
            asking.answers.set(owner, standing);
        }
        if !questions.approvers.is_empty() {
            asking.demands(&questions.approvers)?;
        }
        asking.answers.rejected = verdict.rejected;
        Ok(asking.answers)
    }

    fn team_ids(
        &self,
        site: &Site,
        teams: &[Owner],
        transport: &mut dyn Transport,
    ) -> Result<TeamIds, NoAnswer> {
        let mut asking = Asking::new(site, transport)?;
        let mut ids = TeamIds::default();
        for team in teams {
            if ids.id(team).is_none() {
                let id = asking.team_id(team)?;
                ids.set(team, id);
            }
        }
        Ok(ids)
    }
}

struct Asking<'a> {
    transport: &'a mut dyn Transport,
    /// `/repos/org/name`, as GitHub writes it.
    repo: String,
    /// The account that owns the repository.
    account: String,
    /// The default branch.
    branch: Option<String>,
    answers: Answers,
    /// The teams with access, if the token may list them: each with its entry.
    teams: Option<FxHashMap<String, Value>>,
    /// The teams that were asked for one by one: the entry of each, or why it is not known.
    looked_up: FxHashMap<String, Result<Value, String>>,
    /// Why the token may not see the permissions of users, once it was refused.
    no_permissions: Option<String>,
    /// Why the token may not see the teams of an organization, once it was refused.
    no_teams: FxHashMap<String, String>,
}

impl<'a> Asking<'a> {
    fn new(site: &Site, transport: &'a mut dyn Transport) -> Result<Self, NoAnswer> {
        let request = Request::new(format!("/repos/{}", site.repository));
        let reply = transport.get(&request)?;
        if !reply.is_answer() {
            return Err(NoAnswer::new(format!(
                "GitHub shows no repository `{}` to this token",
                site.repository
            ))
            .note(reply.refusal())
            .note(format!("the token is from {}", site.token_from))
            .help(
                "use a token that can read the repository, or set GITHUB_REPOSITORY to its name",
            ));
        }
        // After a rename, the reply has the new name.
        let name = text(&reply.body, "full_name", &request)?;
        let account = name.split('/').next().unwrap_or_default();
        Ok(Asking {
            transport,
            repo: format!("/repos/{name}"),
            account: account.to_ascii_lowercase(),
            branch: (reply.body.get("default_branch").and_then(Value::as_str)).map(str::to_string),
            answers: Answers::new(Forge::GITHUB, name),
            teams: None,
            looked_up: FxHashMap::default(),
            no_permissions: None,
            no_teams: FxHashMap::default(),
        })
    }

    fn verdict(&mut self, published: &Published) -> Result<Verdict, NoAnswer> {
        let request = Request::new(format!(
            "{}/codeowners/errors?ref={}",
            self.repo,
            encoded(&published.commit)
        ));
        let reply = self.transport.get(&request)?;
        match reply.is_answer() {
            true => Verdict::read(&reply.body, &request, published),
            // GitHub does not have the commit, or the file.
            false => Ok(Verdict::default()),
        }
    }

    /// Lists the teams with access. A token that may not is not an error.
    fn list_teams(&mut self) -> Result<(), NoAnswer> {
        let path = format!("{}/teams?per_page=100", self.repo);
        let request = Request::new(path.clone());
        if let Listing::Whole(teams) = list(self.transport, path)? {
            let slug = |team: &Value| text(team, "slug", &request).map(str::to_ascii_lowercase);
            let teams = teams.into_iter().map(|team| Ok((slug(&team)?, team)));
            self.teams = Some(teams.collect::<Result<_, _>>()?);
        }
        Ok(())
    }

    fn owner(&mut self, owner: &Owner) -> Result<Standing, NoAnswer> {
        match owner.kind() {
            OwnerKind::User => self.user(owner, true),
            OwnerKind::Team => self.team(owner),
            OwnerKind::Email => Ok(Standing::Unknown(
                "GitHub does not say whose address this is".to_string(),
            )),
            OwnerKind::Role => Ok(Standing::Missing("GitHub has no roles".to_string())),
        }
    }

    /// Somebody who need not have access: a member of a group with a team, which has it, or nobody's owner.
    fn person(
        &mut self,
        team: Option<&Owner>,
        member: &Owner,
        verdict: &Verdict,
    ) -> Result<(), NoAnswer> {
        if member.kind() != OwnerKind::User || self.answers.standing(member).is_some() {
            return Ok(());
        }
        let members = team.and_then(|team| self.answers.members(team));
        let is_member = match members {
            Some(Members::Known(known)) => known.iter().any(|known| known.is_same(member)),
            _ => false,
        };
        let standing = match is_member {
            true => Standing::Valid,
            false => verdict.over(member, self.user(member, false)?),
        };
        self.answers.set(member, standing);
        Ok(())
    }

    fn user(&mut self, owner: &Owner, needs_access: bool) -> Result<Standing, NoAnswer> {
        let login = owner.as_str().trim_start_matches('@');
        if needs_access && self.no_permissions.is_none() {
            let path = format!("{}/collaborators/{}/permission", self.repo, encoded(login));
            let request = Request::new(path);
            let reply = self.transport.get(&request)?;
            if reply.is_answer() {
                let permission = text(&reply.body, "permission", &request)?;
                let found = reply.body.get("user").and_then(|user| user.get("login"));
                if let Some(renamed) = renamed(login, found.and_then(Value::as_str)) {
                    return Ok(renamed);
                }
                return Ok(match permission {
                    "admin" | "write" => Standing::Valid,
                    other => Standing::WithoutAccess(format!(
                        "the permission of `{owner}` in `{}` is `{other}`, not `write`",
                        self.answers.repository
                    )),
                });
            }
            if reply.status == 404 {
                return Ok(Standing::Missing(format!("GitHub has no user `{login}`")));
            }
            self.no_permissions = Some(reply.refusal());
        }
        let request = Request::new(format!("/users/{}", encoded(login)));
        let reply = self.transport.get(&request)?;
        if reply.is_answer() {
            let found = text(&reply.body, "login", &request)?;
            if let Some(renamed) = renamed(login, Some(found)) {
                return Ok(renamed);
            }
            return Ok(match &self.no_permissions {
                Some(refusal) if needs_access => Standing::Unknown(format!(
                    "the user exists, but the token cannot see who may write: {refusal}"
                )),
                _ => Standing::Valid,
            });
        }
        Ok(match reply.status {
            // Users that an enterprise manages have an underscore in their login, and others do not
            // see them.
            404 if login.contains('_') => Standing::Unknown(
                "the token cannot see whether the enterprise manages such a user".to_string(),
            ),
            404 => Standing::Missing(format!("GitHub has no user `{login}`")),
            _ => Standing::Unknown(reply.refusal()),
        })
    }

    fn team(&mut self, owner: &Owner) -> Result<Standing, NoAnswer> {
        let Some((organization, slug)) = org_and_slug(owner) else {
            return Ok(Standing::Missing("it is not a team".to_string()));
        };
        let repository = &self.answers.repository;
        if organization != self.account {
            return Ok(Standing::WithoutAccess(format!(
                "a team of `{organization}` cannot have access to `{repository}`"
            )));
        }
        if let Some(team) = self.teams.as_ref().and_then(|teams| teams.get(&slug)) {
            return Ok(with_access(owner, team, repository));
        }
        if self.teams.is_some() {
            let team = self.look_up(&organization, &slug)?;
            return Ok(match team {
                Ok(team) => self.unlisted(owner, &team),
                Err(why) => Standing::Unknown(why),
            });
        }
        if let Some(refusal) = self.no_teams.get(&organization) {
            return Ok(Standing::Unknown(unseen(refusal)));
        }
        let path = format!("{}{}", path_of_team(&organization, &slug), self.repo);
        let reply = self.transport.get(&Request::new(path))?;
        if reply.is_answer() {
            // 204 is an answer without permissions: the team has some access.
            return Ok(with_access(owner, &reply.body, &self.answers.repository));
        }
        let refusal = reply.refusal();
        Ok(Standing::Unknown(match reply.status {
            404 => format!(
                "there is no such team, it has no access, or the token cannot see it: {refusal}"
            ),
            status => self.unseen(&organization, status, refusal),
        }))
    }

    /// The entry of a team that is not among those with access, or why it is not known. It is asked for
    /// once.
    fn look_up(
        &mut self,
        organization: &str,
        slug: &str,
    ) -> Result<Result<Value, String>, NoAnswer> {
        if let Some(known) = self.looked_up.get(slug) {
            return Ok(known.clone());
        }
        if let Some(refusal) = self.no_teams.get(organization) {
            return Ok(Err(unseen(refusal)));
        }
        let request = Request::new(path_of_team(organization, slug));
        let reply = self.transport.get(&request)?;
        let found = match reply.is_answer() {
            true => {
                text(&reply.body, "slug", &request)?;
                Ok(reply.body)
            }
            false => Err(self.unseen(organization, reply.status, reply.refusal())),
        };
        self.looked_up.insert(slug.to_string(), found.clone());
        Ok(found)
    }

    /// Why a team is not known. A token that may not see one team of an organization may see none.
    fn unseen(&mut self, organization: &str, status: u16, refusal: String) -> String {
        let why = unseen(&refusal);
        if status == 403 {
            self.no_teams.insert(organization.to_string(), refusal);
        }
        why
    }

    /// A team that exists, and is not among those with access. A parent may give it access.
    fn unlisted(&self, owner: &Owner, team: &Value) -> Standing {
        let repository = &self.answers.repository;
        let parent = team.get("parent").and_then(|parent| parent.get("slug"));
        match parent.and_then(Value::as_str) {
            None => Standing::WithoutAccess(format!(
                "the team `{owner}` exists, and has no access to `{repository}`"
            )),
            Some(parent) => {
                let listed = self.teams.as_ref();
                match listed.and_then(|teams| teams.get(&parent.to_ascii_lowercase())) {
                    Some(parent) => with_access(owner, parent, repository),
                    None => Standing::Unknown(format!(
                        "the team exists; whether a parent of `{parent}` gives it access is not known"
                    )),
                }
            }
        }
    }

    /// The number of a team, or why it is not known.
    fn team_id(&mut self, team: &Owner) -> Result<Result<u64, String>, NoAnswer> {
        let Some((organization, slug)) = org_and_slug(team) else {
            return Ok(Err("it is not a team".to_string()));
        };
        if organization != self.account {
            return Ok(Err(format!(
                "`{}` belongs to `{}`, and a required reviewer must be a team of that",
                self.answers.repository, self.account
            )));
        }
        let listed = self.teams.as_ref().and_then(|teams| teams.get(&slug));
        let team = match listed {
            Some(team) => Ok(team.clone()),
            None => self.look_up(&organization, &slug)?,
        };
        let request = Request::new(path_of_team(&organization, &slug));
        match team {
            Ok(team) => number(&team, "id", &request).map(Ok),
            Err(why) => Ok(Err(why)),
        }
    }

    /// Asks what the rulesets of the default branch demand of these teams.
    fn demands(&mut self, teams: &[Owner]) -> Result<(), NoAnswer> {
        let Some(branch) = &self.branch else {
            let request = Request::new(self.repo.clone());
            return Err(NoAnswer::unexpected(
                &request,
                "it has no text `default_branch`",
            ));
        };
        let path = format!(
            "{}/rules/branches/{}?per_page=100",
            self.repo,
            encoded(branch)
        );
        let request = Request::new(path.clone());
        let rules = match list(self.transport, path)? {
            Listing::Whole(rules) => rules,
            Listing::Refused(reply) => {
                let why = format!("the token cannot see the rulesets: {}", reply.refusal());
                for team in teams {
                    let unknown = Demands::Unknown(why.clone());
                    self.answers.set_demands(team, unknown);
                }
                return Ok(());
            }
        };
        let demanded = demanded(&rules, &request)?;
        for team in teams {
            // Without any, nothing is demanded of the team, whatever its id.
            let id = match demanded.is_empty() {
                true => Ok(0),
                false => self.team_id(team)?,
            };
            let own = |id| {
                let own = demanded.iter().filter(move |(other, _)| *other == id);
                own.map(|(_, demand)| demand.clone()).collect()
            };
            let demands = id.map_or_else(Demands::Unknown, |id| Demands::Known(own(id)));
            self.answers.set_demands(team, demands);
        }
        Ok(())
    }

    /// Lists the members of a team, once.
    fn members(&mut self, team: &Owner) -> Result<(), NoAnswer> {
        if self.answers.members(team).is_some() {
            return Ok(());
        }
        let Some((organization, slug)) = org_and_slug(team) else {
            return Ok(());
        };
        let refusal = self.no_teams.get(&organization).cloned();
        let members = match refusal {
            Some(refusal) => Members::Unknown(unseen(&refusal)),
            None => self.list_members(&organization, &slug)?,
        };
        self.answers.set_members(team, members);
        Ok(())
    }

    fn list_members(&mut self, organization: &str, slug: &str) -> Result<Members, NoAnswer> {
        let path = format!("{}/members?per_page=100", path_of_team(organization, slug));
        let request = Request::new(path.clone());
        Ok(match list(self.transport, path)? {
            Listing::Whole(users) => {
                let login = |user| text(user, "login", &request);
                let owner = |login: &str| Owner::unchecked(&format!("@{login}"));
                let owners = users.iter().map(|user| login(user).map(owner));
                Members::Known(owners.collect::<Result<_, _>>()?)
            }
            Listing::Refused(reply) => {
                Members::Unknown(self.unseen(organization, reply.status, reply.refusal()))
            }
        })
    }
}

/// Whether a team with access can own a file. GitHub ignores one that is secret, or may only read.
fn with_access(owner: &Owner, team: &Value, repository: &str) -> Standing {
    match may_write(team) {
        Some(true) => {}
        Some(false) => {
            return Standing::WithoutAccess(format!(
                "the team `{owner}` may read `{repository}`, but not write"
            ));
        }
        None => return Standing::Unknown("GitHub does not say which access it has".to_string()),
    }
    match team.get("privacy").and_then(Value::as_str) {
        Some("secret") => Standing::WithoutAccess(format!(
            "the team `{owner}` is secret, and GitHub ignores secret teams"
        )),
        _ => Standing::Valid,
    }
}

/// Whether a team may write, if GitHub says it. `permissions` is optional, and has a truth value for each
/// of the usual roles. `permission` is a role, and may be one that an organization made.
fn may_write(team: &Value) -> Option<bool> {
    const WRITES: [&str; 3] = ["push", "maintain", "admin"];
    if let Some(permissions) = team.get("permissions").and_then(Value::as_object) {
        let has = |role: &str| permissions.get(role).and_then(Value::as_bool);
        return WRITES.map(has).into_iter().flatten().reduce(|a, b| a | b);
    }
    match team.get("permission").and_then(Value::as_str)? {
        role if WRITES.contains(&role) => Some(true),
        "pull" | "triage" => Some(false),
        _ => None,
    }
}

/// The new name of a user, if it is another one than was asked for.
fn renamed(login: &str, found: Option<&str>) -> Option<Standing> {
    let found = found?;
    let is_other = !found.eq_ignore_ascii_case(login);
    is_other.then(|| Standing::Renamed(format!("@{found}")))
}

fn org_and_slug(team: &Owner) -> Option<(String, String)> {
    let name = team.folded();
    let (organization, slug) = name.strip_prefix('@')?.split_once('/')?;
    Some((organization.to_string(), slug.to_string()))
}

fn path_of_team(organization: &str, slug: &str) -> String {
    format!("/orgs/{}/teams/{}", encoded(organization), encoded(slug))
}

fn unseen(refusal: &str) -> String {
    format!("there is no such team, or the token cannot see it: {refusal}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_access_of_a_team() {
        for (team, expected) in [
            (
                json!({ "permissions": { "pull": true, "push": true } }),
                Some(true),
            ),
            (
                json!({ "permissions": { "push": false, "admin": true } }),
                Some(true),
            ),
            (
                json!({ "permission": "push", "permissions": { "pull": true, "push": false } }),
                Some(false),
            ),
            (json!({ "permission": "push" }), Some(true)),
            (
                json!({ "permission": "admin", "permissions": null }),
                Some(true),
            ),
            (json!({ "permission": "pull" }), Some(false)),
            (json!({ "permission": "triage" }), Some(false)),
            (json!({ "permission": "security" }), None),
            (json!({ "permissions": {} }), None),
            (json!({}), None),
        ] {
            assert_eq!(may_write(&team), expected, "{team}");
        }
    }
}
