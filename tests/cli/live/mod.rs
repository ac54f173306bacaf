//! `check --live`: a server on 127.0.0.1 stands for the forge. The replies have the shapes of the
//! published descriptions of both APIs; `tests/packages/live.sh` holds the requests to these.

mod failures;
mod fix;
pub(crate) mod github;
mod gitlab;
mod places;
mod rulesets;

use std::process::Output;

use snapbox::IntoData;

use crate::support::stub::{Answer, Stub};
use crate::support::{Run, Sandbox};

/// A token that must not be seen anywhere.
const TOKEN: &str = "ghp_n0body5hallSee7hi5";

/// What GitHub says to a token that may not see something.
pub(crate) const NOT_ALLOWED: &str =
    r#"{"message":"Resource not accessible by integration","status":"403"}"#;

/// A repository and a server.
pub(crate) struct Scene {
    pub(crate) sandbox: Sandbox,
    pub(crate) stub: Stub,
}

impl Scene {
    /// A repository with this configuration, committed with its generated file.
    fn new(config: &str) -> Self {
        let sandbox = Sandbox::current([("owners.toml", config), ("src/a", "")]);
        sandbox.git("commit -qm base");
        Scene {
            sandbox,
            stub: Stub::new(),
        }
    }

    /// The same, with a GitHub that has the repository and reports no error in its file.
    pub(crate) fn github(config: &str) -> Self {
        let scene = Scene::new(config);
        scene.on("/repos/org/repo", repository("org/repo"));
        scene.on(&scene.errors(), Answer::json(r#"{"errors":[]}"#));
        scene
    }

    pub(crate) fn on(&self, path: &str, answer: Answer) -> &Self {
        self.stub.on(path, [answer]);
        self
    }

    /// The path of GitHub's verdict on the commit.
    pub(crate) fn errors(&self) -> String {
        let commit = self.sandbox.git("rev-parse HEAD");
        format!("/repos/org/repo/codeowners/errors?ref={}", commit.trim())
    }

    /// A user with a permission in the repository.
    pub(crate) fn user(&self, login: &str, permission: &str) -> &Self {
        let path = format!("/repos/org/repo/collaborators/{login}/permission");
        let body = format!(
            r#"{{"permission":"{permission}","role_name":"{permission}","user":{{"login":"{login}","id":1,"type":"User"}}}}"#
        );
        self.on(&path, Answer::json(&body))
    }

    /// `owners`, in a job of GitHub Actions whose server is the stub.
    pub(crate) fn owners(&self, arguments: &str) -> Run<'_> {
        self.sandbox
            .owners(arguments)
            .env("GITHUB_API_URL", self.stub.url())
            .env("GITHUB_REPOSITORY", "org/repo")
            .env("GITHUB_TOKEN", TOKEN)
    }

    /// Runs `check`, and demands this exit code and output, without the token in it.
    #[track_caller]
    pub(crate) fn check(&self, arguments: &str, expected: impl IntoData) {
        self.outcome(self.owners(&format!("check {arguments}")), expected);
    }

    #[track_caller]
    fn outcome(&self, run: Run<'_>, expected: impl IntoData) {
        let seen = self.seen(&run.output());
        self.sandbox.assert_eq(seen.as_bytes(), expected);
    }

    /// The exit code and both outputs.
    fn seen(&self, output: &Output) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        for shown in [&stdout, &stderr] {
            assert!(
                !shown.contains(TOKEN),
                "the token is in the output:\n{shown}"
            );
        }
        let address = self.stub.url();
        let port = address.rsplit(':').next().unwrap();
        let between = if stdout.is_empty() || stderr.is_empty() {
            ""
        } else {
            "---\n"
        };
        let code = output.status.code();
        let code = code.map_or("none".to_string(), |code| code.to_string());
        format!("{stdout}{between}{stderr}exit code {code}\n")
            .replace(&address, "[API]")
            .replace(&format!("127.0.0.1:{port}"), "[API]")
    }
}

/// A repository of an organization.
pub(crate) fn repository(name: &str) -> Answer {
    let owner = name.split('/').next().unwrap();
    Answer::json(&format!(
        r#"{{"id":1,"full_name":"{name}","private":true,"default_branch":"main","owner":{{"login":"{owner}","type":"Organization"}}}}"#
    ))
}

/// A team, as GitHub lists those of a repository.
pub(crate) fn team(slug: &str, permission: &str, privacy: &str) -> String {
    let may_push = matches!(permission, "push" | "admin" | "maintain");
    format!(
        r#"{{"id":1,"slug":"{slug}","name":"{slug}","privacy":"{privacy}","permission":"{permission}","parent":null,"permissions":{{"pull":true,"triage":{may_push},"push":{may_push},"maintain":false,"admin":false}}}}"#
    )
}

pub(crate) fn users(logins: &[&str]) -> String {
    let users = logins.iter();
    let users = users.map(|login| format!(r#"{{"login":"{login}","id":1,"type":"User"}}"#));
    format!("[{}]", users.collect::<Vec<_>>().join(","))
}
