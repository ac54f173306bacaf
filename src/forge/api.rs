//! What all forges have in common when they are asked: requests, replies, and who sends them.
//!
//! What to ask, and how to read a reply, differs from forge to forge: each has an [`Api`]. It does no
//! I/O. It is given a [`Transport`], which sends a request to the one server that the token is for.

use std::fmt;

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::{Answers, TeamIds};
use crate::owner::Owner;

/// How a forge is asked about owners.
pub trait Api: fmt::Debug + Sync {
    /// Whether the environment is that of a job of this forge's CI.
    fn is_ci(&self, env: Env<'_>) -> bool;

    /// The host of the forge's own service.
    fn host(&self) -> &'static str;

    /// The server, the repository and the token, from the environment and the remote `origin`.
    ///
    /// # Errors
    ///
    /// If one of them is missing, with what to set.
    fn site(&self, env: Env<'_>, origin: Option<&Origin>) -> Result<Site, Unplaced>;

    /// The headers of every request, except that of the token.
    fn headers(&self) -> &'static [(&'static str, &'static str)];

    /// Whether the JSON of a refusal has the form that this forge documents. What answers in another
    /// form is not the forge.
    fn is_refusal(&self, body: &Value) -> bool;

    /// Asks about everything.
    ///
    /// # Errors
    ///
    /// If the forge does not answer, or the answer makes no sense.
    fn ask(
        &self,
        site: &Site,
        questions: &Questions,
        transport: &mut dyn Transport,
    ) -> Result<Answers, NoAnswer>;

    /// Asks for the numbers of teams. By default, there is nothing to ask them for.
    ///
    /// # Errors
    ///
    /// If the forge does not answer, or the answer makes no sense.
    fn team_ids(&self, _: &Site, _: &[Owner], _: &mut dyn Transport) -> Result<TeamIds, NoAnswer> {
        Ok(TeamIds::default())
    }
}

/// Looks up an environment variable. A variable that is set to nothing counts as not set.
pub(crate) type Env<'e> = &'e dyn Fn(&str) -> Option<String>;

/// What to ask.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    /// Owners that must exist and have write access.
    pub owners: Vec<Owner>,
    /// Members of groups with a team, by that team. They must exist; the team has the access.
    pub people: Vec<(Owner, Vec<Owner>)>,
    /// Users who must exist, and own nothing: people to notify, and members of groups that own nothing.
    pub others: Vec<Owner>,
    /// Teams whose members are compared with something.
    pub teams: Vec<Owner>,
    /// Teams whose approval the configuration demands beside that of owners.
    pub approvers: Vec<Owner>,
    /// The CODEOWNERS file of a commit.
    pub published: Option<Published>,
}

/// A CODEOWNERS file that the forge may have.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// The commit.
    pub commit: String,
    /// The path of the file.
    pub path: String,
    /// The owners in it, folded.
    pub owners: FxHashSet<String>,
}

/// A server, a repository, and a token.
#[derive(Clone, Debug)]
pub struct Site {
    /// The URL of the API, without a slash at the end.
    pub base: String,
    /// The repository: `org/name`, or a number.
    pub repository: String,
    /// The variable that the token is from.
    pub token_from: &'static str,
    /// The header of the token: its name and value.
    pub token: (&'static str, Secret),
    /// A variable that names a file with the certificates of authorities, if the forge's CI has one.
    pub authorities: Option<&'static str>,
}

/// A text that is never shown.
#[derive(Clone)]
pub struct Secret {
    /// What is sent.
    sent: String,
    /// The token in it.
    token: String,
}

impl Secret {
    /// A token, with a text before it in the header.
    pub(super) fn new(before: &str, token: String) -> Self {
        Secret {
            sent: format!("{before}{token}"),
            token,
        }
    }

    /// The value of the header.
    pub(crate) fn sent(&self) -> &str {
        &self.sent
    }

    /// The text with the token replaced, if a server or a URL repeats it: as it is or
    /// percent-encoded, in any case, whole or cut off by [`shortened`].
    pub(crate) fn redact(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = self.length_in(rest.as_bytes());
            let length = length.filter(|&length| length > 0);
            match length {
                Some(_) => shown.push_str("***"),
                None => shown.push(first),
            }
            rest = &rest[length.unwrap_or(first.len_utf8())..];
        }
        shown
    }

    /// How much of the start of a text is the token.
    fn length_in(&self, text: &[u8]) -> Option<usize> {
        /// The least that counts as the start of a token that is cut off.
        const LEAST: usize = 4;
        let mut length = 0;
        for (index, wanted) in self.token.bytes().enumerate() {
            let rest = &text[length..];
            let hex = rest.strip_prefix(b"%").and_then(|rest| rest.get(..2));
            let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
            let decoded = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
            let is_it = |byte: u8| byte.eq_ignore_ascii_case(&wanted);
            match (rest.first(), decoded) {
                (Some(&byte), _) if is_it(byte) => length += 1,
                (_, Some(byte)) if is_it(byte) => length += 3,
                _ => {
                    let end = rest
                        .windows(CUT.len())
                        .position(|it| it == CUT.as_bytes())?;
                    // What is before it can be the start of `%xx`.
                    let is_start = end == 0 || (end < 3 && rest[0] == b'%');
                    return (index >= LEAST && is_start).then_some(length + end);
                }
            }
        }
        Some(length)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Why the server, the repository or the token is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// What is missing.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Unplaced {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Unplaced {
            message: message.into(),
            help: help.into(),
        }
    }
}

/// The place of a remote repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The host, without a port, in lowercase.
    pub host: String,
    /// The path, without `.git` and slashes around it.
    pub path: String,
}

impl Origin {
    /// Reads the URL of a remote, in any of the forms that git takes. `None` for a local path.
    #[must_use]
    pub fn from_url(url: &str) -> Option<Self> {
        let (authority, path) = match url.split_once("://") {
            Some((scheme, rest)) => {
                let is_remote = ["https", "http", "ssh", "git", "git+ssh"].contains(&scheme);
                rest.split_once('/').filter(|_| is_remote)?
            }
            // `git@host:path`, but not `C:\path` or `./a:b`.
            None => {
                let (authority, path) = url.split_once(':')?;
                let is_host = authority.len() > 1 && !authority.contains(['/', '\\']);
                (is_host && !path.starts_with('\\')).then_some((authority, path))?
            }
        };
        let host = authority.rsplit('@').next()?;
        let host = host.split(':').next()?.to_ascii_lowercase();
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let is_plain = |part: &str| {
            !matches!(part, "" | "." | "..")
                && (part.chars()).all(|c| c.is_ascii_alphanumeric() || "-_.~".contains(c))
        };
        (!host.is_empty() && path.split('/').all(is_plain)).then(|| Origin {
            host,
            path: path.to_string(),
        })
    }
}

/// A request: what is read from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The path below the URL of the API, with its query.
    pub path: String,
}

impl Request {
    pub(super) fn new(path: impl Into<String>) -> Self {
        Request { path: path.into() }
    }
}

/// The reply to a request: a page of JSON, or a refusal.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status: 2xx, or 4xx for a refusal that concerns this request only.
    pub status: u16,
    /// The JSON. That of a refusal has the form of the forge: see [`Api::is_refusal`].
    pub body: Value,
    /// The path of the next page.
    pub next: Option<String>,
}

impl Reply {
    /// Whether the server answered the question.
    pub(super) fn is_answer(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What the server says about a refusal.
    pub(super) fn refusal(&self) -> String {
        let said = ["message", "error"].iter();
        let mut said = said.filter_map(|key| self.body.get(key)?.as_str());
        match said.next() {
            Some(message) => format!("{} ({})", shortened(message), self.status),
            None => format!("status {}", self.status),
        }
    }
}

/// What is written where a text is cut off.
const CUT: &str = "…";

/// The start of a text from a server.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    let line = text.lines().next().unwrap_or_default().trim();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}{CUT}", &line[..end]),
        None => line.to_string(),
    }
}

/// A list of several pages, or a refusal.
pub(super) enum Listing {
    /// All entries.
    Whole(Vec<Value>),
    /// The server refused.
    Refused(Reply),
}

/// The most pages of a list.
const MAX_PAGES: usize = 500;

/// Sends requests to the server of a [`Site`].
pub trait Transport {
    /// Sends a request, until there is a reply.
    ///
    /// # Errors
    ///
    /// If there is none, or it concerns all requests, like a token that is not valid.
    fn get(&mut self, request: &Request) -> Result<Reply, NoAnswer>;
}

/// Reads all pages of a list.
pub(super) fn list(transport: &mut dyn Transport, path: String) -> Result<Listing, NoAnswer> {
    let mut entries = Vec::new();
    let mut request = Request::new(path);
    for _ in 0..MAX_PAGES {
        let reply = transport.get(&request)?;
        if !reply.is_answer() {
            return Ok(Listing::Refused(reply));
        }
        let Value::Array(page) = reply.body else {
            return Err(NoAnswer::unexpected(&request, "it is not a list"));
        };
        entries.extend(page);
        match reply.next {
            Some(next) => request = Request::new(next),
            None => return Ok(Listing::Whole(entries)),
        }
    }
    Err(NoAnswer::unexpected(
        &request,
        &format!("the list has more than {MAX_PAGES} pages"),
    ))
}

/// A text in a reply.
pub(super) fn text<'v>(
    value: &'v Value,
    key: &str,
    request: &Request,
) -> Result<&'v str, NoAnswer> {
    let found = value.get(key).and_then(Value::as_str);
    found.ok_or_else(|| NoAnswer::unexpected(request, &format!("it has no text `{key}`")))
}

/// A number in a reply.
pub(super) fn number(value: &Value, key: &str, request: &Request) -> Result<u64, NoAnswer> {
    let found = value.get(key).and_then(Value::as_u64);
    found.ok_or_else(|| NoAnswer::unexpected(request, &format!("it has no number `{key}`")))
}

/// Why the forge did not answer. No result of a check follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAnswer {
    /// What happened.
    pub message: String,
    /// Why, and other facts.
    pub notes: Vec<String>,
    /// What to do.
    pub helps: Vec<String>,
}

impl NoAnswer {
    /// An error with this message.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        NoAnswer {
            message: message.into(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }

    /// The same with every text changed by `shown`.
    #[must_use]
    pub(crate) fn with_texts(self, shown: impl Fn(&str) -> String) -> Self {
        let all = |texts: Vec<String>| texts.iter().map(|text| shown(text)).collect();
        NoAnswer {
            message: shown(&self.message),
            notes: all(self.notes),
            helps: all(self.helps),
        }
    }

    /// The reply to a request has another form than documented.
    #[must_use]
    pub fn unexpected(request: &Request, why: &str) -> Self {
        NoAnswer::new(format!(
            "cannot understand the reply to `GET {}`",
            request.path
        ))
        .note(why.to_string())
        .help(
            "check that the URL of the API is that of the forge, and that no proxy answers instead",
        )
    }
}

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NoAnswer {}

/// The first of these variables that is set, and its value without blanks around it.
pub(super) fn first_set(env: Env<'_>, names: &[&'static str]) -> Option<(&'static str, String)> {
    let set = |name: &&'static str| Some((*name, env(name)?.trim().to_string()));
    names.iter().find_map(set)
}

/// A name as a segment of a path, or the value of a query.
pub(super) fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        for (url, expected) in [
            (
                "https://github.com/org/name.git",
                Some(("github.com", "org/name")),
            ),
            (
                "https://u:token@GitHub.com/org/name/",
                Some(("github.com", "org/name")),
            ),
            ("git@gitlab.com:a/b/c.git", Some(("gitlab.com", "a/b/c"))),
            (
                "ssh://git@host.example:2222/org/name",
                Some(("host.example", "org/name")),
            ),
            ("host:org/name", Some(("host", "org/name"))),
            ("/srv/git/name.git", None),
            ("../name", None),
            ("C:\\git\\name", None),
            ("c:/git/name", None),
            ("file:///srv/name", None),
            ("https://github.com", None),
            ("https://github.com/org/../other", None),
            ("https://github.com/org/a?b=c", None),
            ("", None),
        ] {
            let found = Origin::from_url(url);
            let found = found.as_ref().map(|it| (&*it.host, &*it.path));
            assert_eq!(found, expected, "{url}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = Secret::new("Bearer ", "abc".into());
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(secret.redact("bad token abc, abc!"), "bad token ***, ***!");
        let secret = Secret::new("Bearer ", "se/cret1".into());
        for (text, expected) in [
            ("/x?t=se/cret1&u=se%2Fcret1", "/x?t=***&u=***"),
            ("%73e%2fcr%65t1é", "***é"),
            ("@SE/Cret1 se/cret2 se/", "@*** se/cret2 se/"),
            ("é se/c…", "é ***…"),
            ("se/c%72%6… se/c%…", "***… ***…"),
            ("se/… se/c se/c%zz…", "se/… se/c se/c%zz…"),
            ("%", "%"),
            ("", ""),
        ] {
            assert_eq!(secret.redact(text), expected, "{text}");
        }
    }
}
