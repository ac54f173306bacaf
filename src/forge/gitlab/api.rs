//! How GitLab is asked about owners. Source: its REST API documentation, version 4.
//!
//! | question | request |
//! |---|---|
//! | the project | `/projects/P` |
//! | who has access | `/projects/P/members/all` |
//! | the groups that were invited, also to a group above the project | `/projects/P/invited_groups` |
//! | another name without `/` | `/namespaces/N/exists`, then `/users?username=N` |
//! | another group | `/groups/G` |
//! | the members of a group | `/groups/G/members` |
//!
//! All need the scope `read_api`, and that the token can see the project. A job token may do none of
//! it. Only the direct members of a group count as code owners. The roles `@@developer`,
//! `@@maintainer` and `@@owner` always exist.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::forge::api::{
    Api, Env, Listing, NoAnswer, Origin, Questions, Request, Secret, Site, Transport, Unplaced,
    encoded, first_set, list, text,
};
use crate::forge::{Answers, Forge, Members, Standing};
use crate::owner::{Owner, OwnerKind};

/// The access level from which GitLab counts an owner: Developer.
const DEVELOPER: u64 = 30;

/// Asks GitLab.
#[derive(Debug)]
pub(super) struct GitLabApi;

impl Api for GitLabApi {
    fn is_ci(&self, env: Env<'_>) -> bool {
        env("GITLAB_CI").is_some() || env("CI_API_V4_URL").is_some()
    }

    fn host(&self) -> &'static str {
        "gitlab.com"
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[("accept", "application/json")]
    }

    fn site(&self, env: Env<'_>, origin: Option<&Origin>) -> Result<Site, Unplaced> {
        let named = env("CI_API_V4_URL").map(|base| base.trim_end_matches('/').to_string());
        let repository = first_set(env, &["CI_PROJECT_ID", "CI_PROJECT_PATH"]).map(|set| set.1);
        let base = match named {
            Some(base) => base,
            // Only the environment names a server that is not gitlab.com: the URL of `origin` may
            // have come with a copy of the repository.
            None => {
                let host = env("GITLAB_HOST").unwrap_or_else(|| "gitlab.com".to_string());
                let host = host.split_once("://").map_or(&*host, |(_, rest)| rest);
                let host = host.trim_end_matches('/').to_ascii_lowercase();
                let is_elsewhere = |origin: &&Origin| {
                    origin.host != host && origin.host != format!("altssh.{host}")
                };
                if let Some(origin) = origin.filter(is_elsewhere)
                    && repository.is_none()
                {
                    return Err(Unplaced::new(
                        format!(
                            "the remote `origin` is on `{}`, not on `{host}`",
                            origin.host
                        ),
                        format!(
                            "if that is a GitLab server, set GITLAB_HOST={}",
                            origin.host
                        ),
                    ));
                }
                format!("https://{host}/api/v4")
            }
        };
        let Some(repository) = repository.or_else(|| origin.map(|origin| origin.path.clone()))
        else {
            return Err(Unplaced::new(
                "the path of the project on GitLab is not known",
                "set CI_PROJECT_PATH, such as `group/name`, or add the remote `origin`",
            ));
        };
        let Some((token_from, token)) = first_set(env, &["GITLAB_TOKEN", "CI_JOB_TOKEN"]) else {
            return Err(Unplaced::new(
                format!("there is no token for `{base}`"),
                "set GITLAB_TOKEN to one with the scope `read_api`",
            ));
        };
        let header = match token_from {
            "CI_JOB_TOKEN" => "job-token",
            _ => "private-token",
        };
        Ok(Site {
            base,
            repository,
            token_from,
            token: (header, Secret::new("", token)),
            authorities: Some("CI_SERVER_TLS_CA_FILE"),
        })
    }

    fn is_refusal(&self, body: &Value) -> bool {
        let says = |key| body.get(key).is_some_and(|said| !said.is_null());
        says("message") || says("error")
    }

    fn ask(
        &self,
        site: &Site,
        questions: &Questions,
        transport: &mut dyn Transport,
    ) -> Result<Answers, NoAnswer> {
        let mut asking = Asking::new(site, transport)?;
        for (team, members) in &questions.people {
            asking.members(team)?;
            for member in members {
                asking.person(Some(team), member)?;
            }
        }
        for team in &questions.teams {
            asking.members(team)?;
        }
        for other in &questions.others {
            asking.person(None, other)?;
        }
        for owner in &questions.owners {
            let standing = asking.owner(owner)?;
            asking.answers.set(owner, standing);
        }
        Ok(asking.answers)
    }
}

/// A user with access.
struct Access {
    level: u64,
    is_active: bool,
}

struct Asking<'a> {
    transport: &'a mut dyn Transport,
    answers: Answers,
    /// The users with access, or why the token may not list them.
    users: Result<FxHashMap<String, Access>, String>,
    /// The groups with access, folded: those that contain the project, and those invited to it.
    groups: FxHashSet<String>,
    /// The groups that were invited, folded, here or to a group above. Their access is not said.
    invited: FxHashSet<String>,
}

impl<'a> Asking<'a> {
    fn new(site: &Site, transport: &'a mut dyn Transport) -> Result<Self, NoAnswer> {
        let project = format!("/projects/{}", encoded(&site.repository));
        let request = Request::new(project.clone());
        let reply = transport.get(&request)?;
        if !reply.is_answer() {
            return Err(NoAnswer::new(format!(
                "GitLab shows no project `{}` to this token",
                site.repository
            ))
            .note(reply.refusal())
            .note(format!("the token is from {}", site.token_from))
            .help(
                "set GITLAB_TOKEN to a token with the scope `read_api` that can see the project",
            ));
        }
        let path = text(&reply.body, "path_with_namespace", &request)?.to_string();
        let mut groups = containing(&path, &reply.body);
        let mut too_low = FxHashSet::default();
        for (group, level) in shared_with(&reply.body) {
            match level >= DEVELOPER {
                true => groups.insert(group),
                false => too_low.insert(group),
            };
        }
        // Older servers do not have this list, and count no group that was invited above.
        let invited = format!("{project}/invited_groups?per_page=100");
        let request = Request::new(invited.clone());
        let invited = match list(transport, invited)? {
            Listing::Whole(invited) => invited,
            Listing::Refused(_) => Vec::new(),
        };
        let path_of = |group| text(group, "full_path", &request).map(str::to_ascii_lowercase);
        let invited = invited.iter().map(path_of);
        let mut invited = invited.collect::<Result<FxHashSet<_>, _>>()?;
        invited.retain(|group| !too_low.contains(group));
        let users = members_of_project(transport, &project)?;
        Ok(Asking {
            transport,
            answers: Answers::new(Forge::GITLAB, path),
            users,
            groups,
            invited,
        })
    }

    fn owner(&mut self, owner: &Owner) -> Result<Standing, NoAnswer> {
        match owner.kind() {
            OwnerKind::Role => Ok(Standing::Valid),
            OwnerKind::Email => Ok(Standing::Unknown(
                "GitLab does not say whose address this is".to_string(),
            )),
            OwnerKind::Team => self.group(owner),
            OwnerKind::User => self.name(owner, true),
        }
    }

    /// Somebody who need not have access: a member of a group with a team, which has it, or nobody's owner.
    fn person(&mut self, team: Option<&Owner>, member: &Owner) -> Result<(), NoAnswer> {
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
            false => self.name(member, false)?,
        };
        self.answers.set(member, standing);
        Ok(())
    }

    /// A name without `/`: a user, or a group at the top.
    fn name(&mut self, owner: &Owner, needs_access: bool) -> Result<Standing, NoAnswer> {
        let folded = owner.folded();
        let name = folded.trim_start_matches('@');
        let repository = &self.answers.repository;
        if self.groups.contains(name) {
            return Ok(Standing::Valid);
        }
        if self.invited.contains(name) {
            return Ok(invited_above(owner));
        }
        if let Some(access) = self.users.as_ref().ok().and_then(|users| users.get(name)) {
            return Ok(standing_of(owner, access, needs_access, repository));
        }
        let exists = Request::new(format!("/namespaces/{}/exists", encoded(name)));
        let reply = self.transport.get(&exists)?;
        if !reply.is_answer() {
            return Ok(Standing::Unknown(reply.refusal()));
        }
        match reply.body.get("exists").and_then(Value::as_bool) {
            Some(true) => self.outsider(owner, name, needs_access),
            Some(false) => Ok(Standing::Missing(format!(
                "GitLab has neither a user nor a group `{name}`"
            ))),
            None => Err(NoAnswer::unexpected(
                &exists,
                "it has no truth value `exists`",
            )),
        }
    }

    /// A user who is no member, or a group that is not known to have access.
    fn outsider(
        &mut self,
        owner: &Owner,
        name: &str,
        needs_access: bool,
    ) -> Result<Standing, NoAnswer> {
        let request = Request::new(format!("/users?username={}", encoded(name)));
        let reply = self.transport.get(&request)?;
        if !reply.is_answer() {
            return Ok(Standing::Unknown(reply.refusal()));
        }
        let Value::Array(users) = &reply.body else {
            return Err(NoAnswer::unexpected(&request, "it is not a list"));
        };
        for user in users {
            text(user, "username", &request)?;
        }
        Ok(match (users.is_empty(), &self.users) {
            (true, _) => Standing::Unknown(format!(
                "`{name}` is a group, and the token cannot see whether it was invited to the project"
            )),
            (false, _) if !needs_access => Standing::Valid,
            (false, Ok(_)) => Standing::WithoutAccess(format!(
                "`{owner}` is not a member of `{}`",
                self.answers.repository
            )),
            (false, Err(refusal)) => Standing::Unknown(format!(
                "the user exists, but the token cannot see who has access: {refusal}"
            )),
        })
    }

    fn group(&mut self, owner: &Owner) -> Result<Standing, NoAnswer> {
        let folded = owner.folded();
        let path = folded.trim_start_matches('@');
        if self.groups.contains(path) {
            return Ok(Standing::Valid);
        }
        if self.invited.contains(path) {
            return Ok(invited_above(owner));
        }
        let request = format!("/groups/{}?with_projects=false", encoded(path));
        let request = Request::new(request);
        let reply = self.transport.get(&request)?;
        if !reply.is_answer() {
            return Ok(Standing::Unknown(format!(
                "there is no such group, or the token cannot see it: {}",
                reply.refusal()
            )));
        }
        let found = text(&reply.body, "full_path", &request)?;
        if !found.eq_ignore_ascii_case(path) {
            return Ok(Standing::Renamed(format!("@{found}")));
        }
        Ok(Standing::WithoutAccess(format!(
            "the group `{owner}` exists, but was not invited to `{}` with at least the role Developer",
            self.answers.repository
        )))
    }

    /// Lists the direct members of a group, once.
    fn members(&mut self, team: &Owner) -> Result<(), NoAnswer> {
        if self.answers.members(team).is_some() || team.kind() == OwnerKind::Role {
            return Ok(());
        }
        let folded = team.folded();
        let path = encoded(folded.trim_start_matches('@'));
        let path = format!("/groups/{path}/members?per_page=100");
        let request = Request::new(path.clone());
        let members = match list(self.transport, path)? {
            Listing::Whole(users) => {
                let name = |user| text(user, "username", &request);
                let owner = |name: &str| Owner::unchecked(&format!("@{name}"));
                let owners = users.iter().map(|user| name(user).map(owner));
                Members::Known(owners.collect::<Result<_, _>>()?)
            }
            Listing::Refused(reply) => Members::Unknown(format!(
                "there is no such group, or the token cannot see it: {}",
                reply.refusal()
            )),
        };
        self.answers.set_members(team, members);
        Ok(())
    }
}

fn members_of_project(
    transport: &mut dyn Transport,
    project: &str,
) -> Result<Result<FxHashMap<String, Access>, String>, NoAnswer> {
    let path = format!("{project}/members/all?per_page=100");
    let request = Request::new(path.clone());
    let users = match list(transport, path)? {
        Listing::Whole(users) => users,
        Listing::Refused(reply) => return Ok(Err(reply.refusal())),
    };
    let mut found: FxHashMap<String, Access> = FxHashMap::default();
    for user in &users {
        let name = text(user, "username", &request)?.to_ascii_lowercase();
        let Some(level) = user.get("access_level").and_then(Value::as_u64) else {
            return Err(NoAnswer::unexpected(
                &request,
                "it has no number `access_level`",
            ));
        };
        let state = user.get("state").and_then(Value::as_str);
        let is_active = state.is_none_or(|state| state == "active");
        found.insert(name, Access { level, is_active });
    }
    Ok(Ok(found))
}

/// The groups that contain a project.
fn containing(path: &str, project: &Value) -> FxHashSet<String> {
    let namespace = project.get("namespace");
    let kind = namespace
        .and_then(|it| it.get("kind"))
        .and_then(Value::as_str);
    let path = path.to_ascii_lowercase();
    let ends = path
        .match_indices('/')
        .map(|(end, _)| path[..end].to_string());
    // The other kind is that of a user's own projects.
    ends.filter(|_| kind == Some("group")).collect()
}

/// A user who has access.
fn standing_of(owner: &Owner, access: &Access, needs_access: bool, repository: &str) -> Standing {
    if !access.is_active {
        return Standing::WithoutAccess(format!("the account `{owner}` is not active"));
    }
    if access.level >= DEVELOPER || !needs_access {
        return Standing::Valid;
    }
    Standing::WithoutAccess(format!(
        "`{owner}` has less than the role Developer in `{repository}` (access level {}, not {DEVELOPER})",
        access.level
    ))
}

/// A group that was invited to a group above the project. GitLab counts it since version 18.6.
fn invited_above(owner: &Owner) -> Standing {
    Standing::Unknown(format!(
        "`{owner}` was invited to a group above the project, and GitLab does not say with which role"
    ))
}

/// The groups that a project names as invited, with their access level.
fn shared_with(project: &Value) -> impl Iterator<Item = (String, u64)> {
    let groups = project.get("shared_with_groups").and_then(Value::as_array);
    groups.into_iter().flatten().filter_map(|group| {
        let level = group.get("group_access_level")?.as_u64()?;
        let path = group.get("group_full_path")?.as_str()?;
        Some((path.to_ascii_lowercase(), level))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn site(env: &[(&str, &str)], origin: &str) -> Result<Site, String> {
        let find = |name: &str| {
            let found = env.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_string())
        };
        let origin = Origin::from_url(origin);
        GitLabApi
            .site(&find, origin.as_ref())
            .map_err(|it| it.message)
    }

    #[test]
    fn a_token_goes_only_to_its_server() {
        let token = ("GITLAB_TOKEN", "t");
        let base = |env: &[(&str, &str)], origin| site(env, origin).map(|site| site.base);
        let own = base(&[token], "git@gitlab.com:a/b/c.git");
        assert_eq!(own.as_deref(), Ok("https://gitlab.com/api/v4"));
        let named = base(
            &[token, ("GITLAB_HOST", "git.example")],
            "https://git.example/a/b",
        );
        assert_eq!(named.as_deref(), Ok("https://git.example/api/v4"));
        let other = base(&[token], "https://evil.example/a/b");
        let message = "the remote `origin` is on `evil.example`, not on `gitlab.com`";
        assert_eq!(other.unwrap_err(), message);
        let job = [
            ("CI_API_V4_URL", "https://git.example/api/v4/"),
            ("CI_PROJECT_ID", "7"),
            ("CI_JOB_TOKEN", "j"),
        ];
        let job = site(&job, "").unwrap();
        assert_eq!(
            (&*job.base, &*job.repository),
            ("https://git.example/api/v4", "7")
        );
        assert_eq!((job.token.0, job.token.1.sent()), ("job-token", "j"));
    }

    #[test]
    fn groups_with_access() {
        let of_group = json!({ "namespace": { "kind": "group" } });
        let mut found: Vec<_> = containing("A/b/c", &of_group).into_iter().collect();
        found.sort();
        assert_eq!(found, ["a", "a/b"]);
        let of_user = json!({ "namespace": { "kind": "user" } });
        assert!(containing("alice/c", &of_user).is_empty());
        let shared = json!({ "shared_with_groups": [
            { "group_full_path": "X/y", "group_access_level": 30 },
            { "group_full_path": "z", "group_access_level": 20 },
        ] });
        let found: Vec<_> = shared_with(&shared).collect();
        assert_eq!(found, [("x/y".to_string(), 30), ("z".to_string(), 20)]);
    }
}
