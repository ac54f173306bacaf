//! Models of git and of the forges that share no code with the library: what a plain reading of
//! their documentation gives.

pub(crate) mod git;
pub(crate) mod gitea;
pub(crate) mod github;
pub(crate) mod gitlab;

use owners::Forge;

/// A CODEOWNERS file as the documentation of its forge's dialect reads it.
pub(crate) enum FileModel {
    Github(Vec<(github::GithubModel, Vec<String>)>),
    Gitlab(gitlab::GitlabFile),
    Gitea(gitea::GiteaFile),
}

impl FileModel {
    pub(crate) fn new(text: &str, forge: Forge) -> Self {
        match dialect(forge).as_str() {
            // Its lines mean the same on GitHub and to gitignore, which `tests/bitbucket.rs` asks.
            "GitHub" | "Bitbucket" => FileModel::Github(github::lines(text)),
            "GitLab" => FileModel::Gitlab(gitlab::GitlabFile::new(text)),
            "Expressions(Re2)" => FileModel::Gitea(gitea::GiteaFile::new(text, false)),
            "Expressions(Backtracking)" => FileModel::Gitea(gitea::GiteaFile::new(text, true)),
            other => panic!("tests/support/models has none of the dialect {other}"),
        }
    }

    pub(crate) fn owners(&self, path: &str) -> Vec<String> {
        match self {
            FileModel::Github(lines) => github::last_owners(lines, path),
            FileModel::Gitlab(file) => file.owners(path),
            FileModel::Gitea(file) => file.owners(path),
        }
    }
}

/// What the pattern of a line matches.
pub(crate) fn pattern(text: &str, forge: Forge) -> Box<dyn Fn(&str) -> bool> {
    match dialect(forge).as_str() {
        "GitHub" | "Bitbucket" => {
            let model = github::GithubModel::new(text);
            Box::new(move |path| model.matches(path))
        }
        "GitLab" => {
            let regex = gitlab::pattern(text);
            Box::new(move |path| {
                (regex.as_ref()).is_some_and(|regex| regex.is_match(&format!("/{path}")))
            })
        }
        "Expressions(Re2)" => Box::new(gitea::pattern(text, false)),
        "Expressions(Backtracking)" => Box::new(gitea::pattern(text, true)),
        other => panic!("tests/support/models has none of the dialect {other}"),
    }
}

/// The name of a forge's dialect, which several forges may share.
fn dialect(forge: Forge) -> String {
    format!("{:?}", forge.dialect)
}
