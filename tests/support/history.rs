//! A git history with fixed dates and authors, made by `git fast-import`.

use super::Sandbox;

/// 2026-01-01, in seconds since 1970.
pub(crate) const NEW_YEAR: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

/// A stream of commits on `main`.
#[derive(Default)]
pub(crate) struct History {
    stream: Vec<u8>,
    commits: usize,
    /// When the next commit is committed, if not when it is written.
    committed: Option<i64>,
}

impl History {
    /// A commit, so many days before 2026. An author is `NAME <ADDRESS>`; those after the first are
    /// co-authors. A change is the path of a file that gets a new content, `-PATH`, `OLD>NEW`, or
    /// `PATH=TEXT`.
    pub(crate) fn commit(&mut self, days: i64, authors: &[&str], changes: &[&str]) -> &mut Self {
        let parents = match self.commits {
            0 => Vec::new(),
            last => vec![last],
        };
        self.commit_on(&parents, days, authors, changes);
        self
    }

    /// The next commit is committed so many days before 2026, and not when it is written.
    pub(crate) fn committed(&mut self, days: i64) -> &mut Self {
        self.committed = Some(days);
        self
    }

    /// A commit with these parents. Returns the number of the commit.
    pub(crate) fn commit_on(
        &mut self,
        parents: &[usize],
        days: i64,
        authors: &[&str],
        changes: &[&str],
    ) -> usize {
        self.commits += 1;
        let number = self.commits;
        let committed = self.committed.take().unwrap_or(days);
        let mut message = format!("change {number}\n\nWhy.\n\n");
        for author in &authors[1..] {
            message.push_str(&format!("Co-authored-by: {author}\n"));
        }
        let mut text = format!("commit refs/heads/main\nmark :{number}\n");
        for (who, days) in [("author", days), ("committer", committed)] {
            let time = NEW_YEAR - days * DAY;
            text.push_str(&format!("{who} {} {time} +0000\n", authors[0]));
        }
        text.push_str(&format!("data {}\n{message}", message.len()));
        for (index, parent) in parents.iter().enumerate() {
            let word = if index == 0 { "from" } else { "merge" };
            text.push_str(&format!("{word} :{parent}\n"));
        }
        for change in changes {
            let is_move = |(old, _): &(&str, &str)| !old.contains('=');
            text.push_str(&match change.split_once('>').filter(is_move) {
                Some((old, new)) => format!("R {old} {new}\n"),
                None => match change.strip_prefix('-') {
                    Some(path) => format!("D {path}\n"),
                    None => {
                        let other = format!("{change} in {number}\n");
                        let (path, text) = change.split_once('=').unwrap_or((change, &other));
                        format!("M 100644 inline {path}\ndata {}\n{text}\n", text.len())
                    }
                },
            });
        }
        self.stream.extend_from_slice(text.as_bytes());
        number
    }

    /// Writes the history into a repository, and checks out its end.
    pub(crate) fn import(&self, sandbox: &Sandbox) {
        sandbox.git_with_input("fast-import --quiet --force", &self.stream);
        sandbox.git("symbolic-ref HEAD refs/heads/main");
        sandbox.git("reset -q --hard");
    }

    /// A repository with the history.
    pub(crate) fn repo(&self) -> Sandbox {
        let sandbox = Sandbox::repo([]);
        self.import(&sandbox);
        sandbox
    }
}
