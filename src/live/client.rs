//! Sends requests to one server: with a token, within a time, and never anywhere else.
//!
//! - The token is sent to the server of the [`Site`] only. A redirect or a next page on another host is
//!   an error.
//! - A server that is too busy is asked again: after failures of the connection and after 5xx a few
//!   times, after a rate limit when the server says. All of it takes at most the time of
//!   `OWNERS_LIVE_TIMEOUT`.
//! - No reply is read beyond a limit, and none counts that is not in the form of the forge.

use std::fs;
use std::io;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use ureq::http::{HeaderMap, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Proxy};

use crate::forge::Forge;
use crate::forge::api::{Env, NoAnswer, Reply, Request, Secret, Site, Transport, shortened};

/// How long everything may take, in seconds, unless [`TIMEOUT`] says otherwise.
const USUAL_SECONDS: u64 = 300;
/// The most that it may say: a day.
const MAX_SECONDS: u64 = 24 * 60 * 60;
/// The variable that says otherwise.
const TIMEOUT: &str = "OWNERS_LIVE_TIMEOUT";
/// The variable that allows `http://` for other hosts than this one.
const ALLOW_HTTP: &str = "OWNERS_LIVE_ALLOW_HTTP";
/// How long one attempt may take.
const MAX_ATTEMPT: Duration = Duration::from_secs(30);
/// How long connecting may take.
const MAX_CONNECT: Duration = Duration::from_secs(10);
/// How often a request is sent, if the server fails.
const ATTEMPTS: u32 = 3;
/// How long to wait after the first failure; after each further one twice as long.
const BACKOFF: Duration = Duration::from_millis(500);
/// How long to wait after a rate limit that does not say how long, as GitHub's documentation asks.
const UNKNOWN_WAIT: Duration = Duration::from_secs(60);
/// How often to wait for the end of a rate limit, for one request.
const MAX_WAITS: u32 = 5;
/// How long to wait at least, whatever the server says.
const LEAST_WAIT: Duration = Duration::from_secs(1);
/// The most redirects to follow for one request.
const MAX_MOVES: u32 = 3;
/// The size limit of a reply. A page of 100 users has about 150 kB.
const MAX_REPLY: u64 = 8 << 20;

/// Sends the requests to a site.
pub(super) struct Client<'c> {
    agent: Agent,
    forge: Forge,
    base: String,
    /// The scheme, host and port of `base`.
    server: String,
    token: (&'static str, Secret),
    token_from: &'static str,
    seconds: u64,
    deadline: Instant,
    say: &'c mut dyn FnMut(&str),
}

/// A response, whatever its status.
struct Response {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Response {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.trim().parse().ok()
    }

    fn says(&self, words: &str) -> bool {
        String::from_utf8_lossy(&self.body)
            .to_ascii_lowercase()
            .contains(words)
    }

    /// How long the server asks to wait, if this is a rate limit.
    fn wait(&self, now: u64) -> Option<Duration> {
        let is_used_up = ["x-ratelimit-remaining", "ratelimit-remaining"]
            .iter()
            .any(|name| self.number(name) == Some(0));
        let asked = self.number("retry-after").map(Duration::from_secs);
        let is_limit = match self.status {
            429 => true,
            403 => asked.is_some() || is_used_up || self.says("rate limit"),
            _ => false,
        };
        let reset = ["x-ratelimit-reset", "ratelimit-reset"]
            .iter()
            .find_map(|name| self.number(name))
            .filter(|_| is_used_up);
        // The clocks may differ by a second.
        let until = |reset: u64| Duration::from_secs(reset.saturating_sub(now).saturating_add(1));
        is_limit.then(|| asked.or(reset.map(until)).unwrap_or(UNKNOWN_WAIT))
    }
}

impl<'c> Client<'c> {
    pub(super) fn new(
        forge: Forge,
        site: &Site,
        env: Env<'_>,
        say: &'c mut dyn FnMut(&str),
    ) -> Result<Self, NoAnswer> {
        let refused = |why: &str| NoAnswer::new(format!("cannot ask {}: {why}", forge.title));
        let (server, is_loopback) = server(&site.base, env(ALLOW_HTTP).as_deref() == Some("1"))
            .map_err(|why| refused(&why))?;
        let is_plain = |text: &str| {
            text.bytes()
                .all(|byte| (0x21..0x7f).contains(&byte) || byte == b' ')
        };
        if !is_plain(site.token.1.sent()) {
            let why = format!("{} holds a character that no token has", site.token_from);
            return Err(refused(&why).help("set it to the token alone, without line breaks"));
        }
        let seconds = match env(TIMEOUT) {
            None => USUAL_SECONDS,
            Some(text) => seconds_of(&text).ok_or_else(|| {
                refused(&format!(
                    "{TIMEOUT} is not a whole number of seconds from 1 to {MAX_SECONDS}"
                ))
                .help(format!("write it as `{TIMEOUT}={USUAL_SECONDS}`"))
            })?,
        };
        let mut tls = TlsConfig::builder();
        if let Some((variable, file)) = authorities(site, env) {
            tls = tls.root_certs(certificates(&file).map_err(|why| {
                refused(&format!("{variable} names `{file}`: {why}"))
                    .help("name a file with certificates in the format PEM")
            })?);
        }
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .https_only(server.starts_with("https:"))
            .timeout_connect(Some(MAX_CONNECT))
            .user_agent(concat!("owners/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls.build())
            // What stays on this machine passes no proxy.
            .proxy(if is_loopback {
                None
            } else {
                Proxy::try_from_env()
            })
            .build();
        Ok(Client {
            agent: config.into(),
            forge,
            base: site.base.clone(),
            server,
            token: site.token.clone(),
            token_from: site.token_from,
            seconds,
            deadline: Instant::now() + Duration::from_secs(seconds),
            say,
        })
    }

    /// The time that is left.
    fn left(&self) -> Result<Duration, NoAnswer> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if !left.is_zero() {
            return Ok(left);
        }
        Err(NoAnswer::new(format!(
            "{} took more than {} s to answer",
            self.forge.title, self.seconds
        ))
        .help(format!(
            "run it again, or allow more seconds with {TIMEOUT}"
        )))
    }

    fn send(&self, url: &str) -> Result<Result<Response, ureq::Error>, NoAnswer> {
        let timeout = self.left()?.min(MAX_ATTEMPT);
        let mut request = self.agent.get(url);
        for (name, value) in self.forge.api.headers() {
            request = request.header(*name, *value);
        }
        let request = request
            .header(self.token.0, self.token.1.sent())
            .config()
            .timeout_global(Some(timeout))
            .build();
        Ok(request.call().and_then(|mut response| {
            let body = response
                .body_mut()
                .with_config()
                .limit(MAX_REPLY)
                .read_to_vec()?;
            Ok(Response {
                status: response.status().as_u16(),
                headers: response.headers().clone(),
                body,
            })
        }))
    }

    /// Waits, if there is time for it.
    fn wait(&mut self, wait: Duration, why: &str) -> Result<(), NoAnswer> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if wait >= left {
            let after = match wait.as_millis().div_ceil(1000) {
                seconds @ ..=120 => format!("{seconds} s"),
                seconds => format!("{} min", seconds.div_ceil(60)),
            };
            return Err(NoAnswer::new(format!(
                "{} {why}: the next attempt would be in {after}",
                self.forge.title
            ))
            .note(format!(
                "`--live` takes at most {} s in total",
                self.seconds
            ))
            .help(format!(
                "run it again later, or allow more seconds with {TIMEOUT}"
            )));
        }
        if wait > Duration::from_secs(2) {
            (self.say)(&format!(
                "{} {why}: waiting for {} s",
                self.forge.title,
                wait.as_secs()
            ));
        }
        thread::sleep(wait);
        Ok(())
    }

    /// Sends a request until the server neither fails nor asks to wait.
    fn patiently(&mut self, url: &str, request: &Request) -> Result<Response, NoAnswer> {
        let (mut failures, mut waits) = (0, 0);
        loop {
            let failure = match self.send(url)? {
                Ok(response) if response.status >= 500 => {
                    let asked = response.number("retry-after").map(Duration::from_secs);
                    (format!("status {}", response.status), asked)
                }
                Ok(response) => match response.wait(now()) {
                    None => return Ok(response),
                    Some(_) if waits == MAX_WAITS => return Err(self.limited()),
                    Some(wait) => {
                        waits += 1;
                        self.wait(wait.max(LEAST_WAIT), "has a rate limit")?;
                        continue;
                    }
                },
                Err(error) => match permanent(&error) {
                    Some(why) => return Err(self.no_answer(request, &why)),
                    None => (described(&error), None),
                },
            };
            let (why, asked) = failure;
            failures += 1;
            if failures == ATTEMPTS {
                let often = format!("it failed {ATTEMPTS} times");
                return Err(self.no_answer(request, &why).note(often));
            }
            self.left()?;
            let backoff = BACKOFF * 2_u32.pow(failures - 1);
            self.wait(asked.unwrap_or(backoff), "does not work now")?;
        }
    }

    fn limited(&self) -> NoAnswer {
        NoAnswer::new(format!(
            "{} has a rate limit, which did not end after {MAX_WAITS} waits",
            self.forge.title
        ))
        .help("run it again later")
    }

    fn no_answer(&self, request: &Request, why: &str) -> NoAnswer {
        NoAnswer::new(format!("{} does not answer: {why}", self.forge.title)).note(format!(
            "the request was `GET {}{}`",
            self.base, request.path
        ))
    }

    /// The path below `base` of a URL, if that is on the same server.
    fn own_path(&self, url: &str) -> Option<String> {
        let path = match url.starts_with('/') {
            // With two slashes, it names a host: RFC 3986, section 4.2.
            true if url.starts_with("//") => {
                let scheme = self.server.split("//").next().unwrap_or_default();
                format!("{scheme}{url}")
            }
            true => format!("{}{url}", self.server),
            false => url.to_string(),
        };
        let path = path.strip_prefix(&self.base)?;
        path.starts_with('/').then(|| path.to_string())
    }

    fn elsewhere(&self, what: &str, url: &str) -> NoAnswer {
        let url = shortened(url);
        NoAnswer::new(format!(
            "{} {what} another server, which does not get the token",
            self.forge.title
        ))
        .note(format!(
            "it named `{url}`, and the API is at `{}`",
            self.base
        ))
        .help("check the URL of the API, and whether a proxy or a login page answers instead")
    }
}

impl Transport for Client<'_> {
    fn get(&mut self, request: &Request) -> Result<Reply, NoAnswer> {
        let mut path = request.path.clone();
        for _ in 0..=MAX_MOVES {
            let response = self.patiently(&format!("{}{path}", self.base), request)?;
            if !(300..400).contains(&response.status) {
                return self.reply(&response, request);
            }
            let Some(place) = response.header("location") else {
                let why = format!("status {}, without a place to go", response.status);
                return Err(self.no_answer(request, &why));
            };
            path = self
                .own_path(place)
                .ok_or_else(|| self.elsewhere("redirects to", place))?;
        }
        Err(self.no_answer(request, &format!("more than {MAX_MOVES} redirects")))
    }
}

impl Client<'_> {
    fn reply(&self, response: &Response, request: &Request) -> Result<Reply, NoAnswer> {
        let status = response.status;
        if status == 401 {
            return Err(NoAnswer::new(format!(
                "{} refuses the token from {}",
                self.forge.title, self.token_from
            ))
            .note(format!(
                "the request was `GET {}{}`",
                self.base, request.path
            ))
            .help(self.help_about_token()));
        }
        let body = self.json(response, request)?;
        let next = match response.header("link").and_then(next_of) {
            None => None,
            Some(next) => Some(
                self.own_path(next)
                    .ok_or_else(|| self.elsewhere("continues a list on", next))?,
            ),
        };
        Ok(Reply { status, body, next })
    }

    /// The JSON of a reply. A refusal decides something, too: so it must be one of the forge, and not
    /// of a proxy or a login page.
    fn json(&self, response: &Response, request: &Request) -> Result<Value, NoAnswer> {
        let text = String::from_utf8_lossy(&response.body);
        let status = response.status;
        let fault = match serde_json::from_str(&text) {
            Ok(body) if status < 400 || self.forge.api.is_refusal(&body) => return Ok(body),
            Ok(_) => format!("it is not in the form of {}", self.forge.title),
            Err(_) if status < 400 && text.trim().is_empty() => return Ok(Value::Null),
            Err(_) => "it is not JSON".to_string(),
        };
        let fault = match status {
            ..400 => fault,
            _ => format!("the status is {status}, and {fault}"),
        };
        Err(NoAnswer::unexpected(request, &fault))
    }

    fn help_about_token(&self) -> String {
        match self.token_from {
            "CI_JOB_TOKEN" => "a job token may not ask this: set GITLAB_TOKEN to a token with the scope `read_api`".to_string(),
            variable => format!("set {variable} to a token that is valid, and not expired"),
        }
    }
}

/// The URL of the next page, in a header `link` (RFC 8288).
fn next_of(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (url, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = |parameter: &str| matches!(parameter.trim(), "rel=\"next\"" | "rel=next");
        parameters.split(';').any(is_next).then_some(url)
    })
}

fn seconds_of(text: &str) -> Option<u64> {
    let seconds = text.trim().parse().ok()?;
    (1..=MAX_SECONDS).contains(&seconds).then_some(seconds)
}

/// The scheme, host and port of the URL of an API, and whether it is on this machine.
fn server(base: &str, allows_http: bool) -> Result<(String, bool), String> {
    let uri: Uri = base.parse().map_err(|_| format!("`{base}` is not a URL"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(format!("`{base}` is not a URL"));
    };
    if authority.as_str().contains('@') || uri.query().is_some() {
        return Err("the URL of the API holds a name, a password or a query".to_string());
    }
    let host = authority.host().trim_matches(['[', ']']);
    let is_loopback = host.eq_ignore_ascii_case("localhost")
        || host
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    match scheme {
        "https" => {}
        "http" if is_loopback || allows_http => {}
        "http" => {
            return Err(format!(
                "`{base}` is not encrypted, and the token would be readable on its way; {ALLOW_HTTP}=1 allows it"
            ));
        }
        other => return Err(format!("`{other}` is neither https nor http")),
    }
    Ok((format!("{scheme}://{authority}"), is_loopback))
}

/// The file with certificates of authorities, and the variable that names it.
fn authorities(site: &Site, env: Env<'_>) -> Option<(&'static str, String)> {
    let names = ["SSL_CERT_FILE"].into_iter().chain(site.authorities);
    names.into_iter().find_map(|name| Some((name, env(name)?)))
}

fn certificates(file: &str) -> Result<RootCerts, String> {
    let pem = fs::read(file).map_err(|error| error.to_string())?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => found.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    match found.is_empty() {
        true => Err("there is no certificate in it".to_string()),
        false => Ok(RootCerts::new_with_certs(&found)),
    }
}

/// Why it is of no use to send the request again.
fn permanent(error: &ureq::Error) -> Option<String> {
    match error {
        ureq::Error::BodyExceedsLimit(_) => {
            Some(format!("the reply is larger than {MAX_REPLY} bytes"))
        }
        ureq::Error::LargeResponseHeader(..) => {
            Some("the headers of the reply are too large".to_string())
        }
        ureq::Error::Rustls(_) | ureq::Error::Tls(_) | ureq::Error::Pem(_) => Some(format!(
            "{error}; SSL_CERT_FILE names a file with the certificates of other authorities"
        )),
        ureq::Error::Io(inner) if is_about_certificates(inner) => Some(format!(
            "{inner}; SSL_CERT_FILE names a file with the certificates of other authorities"
        )),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::InvalidProxyUrl => {
            Some(described(error))
        }
        _ => None,
    }
}

fn is_about_certificates(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}

/// An error in words. A proxy's answer may hold anything, and its URL a password.
fn described(error: &ureq::Error) -> String {
    match error {
        ureq::Error::ConnectProxyFailed(_) => "the proxy refuses the connection".to_string(),
        ureq::Error::InvalidProxyUrl => "the URL of the proxy is not valid".to_string(),
        ureq::Error::Timeout(_) => "it took too long".to_string(),
        ureq::Error::HostNotFound => "there is no such host".to_string(),
        other => other.to_string(),
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers() {
        for (base, expected) in [
            (
                "https://api.github.com",
                Some(("https://api.github.com", false)),
            ),
            (
                "https://git.example:8443/api/v3",
                Some(("https://git.example:8443", false)),
            ),
            ("http://127.0.0.1:9", Some(("http://127.0.0.1:9", true))),
            ("http://[::1]:9/x", Some(("http://[::1]:9", true))),
            ("http://localhost:9", Some(("http://localhost:9", true))),
            ("http://localhost.example", None),
            ("http://git.example/api", None),
            ("https://user:secret@git.example", None),
            ("https://git.example/?x=y", None),
            ("ftp://git.example", None),
            ("git.example", None),
            ("", None),
        ] {
            let found = server(base, false).ok();
            let found = found.as_ref().map(|(server, is_own)| (&**server, *is_own));
            assert_eq!(found, expected, "{base}");
        }
        assert!(server("http://git.example/api", true).is_ok());
        let message = server("https://user:secret@git.example", false).unwrap_err();
        assert!(!message.contains("secret"), "{message}");
    }

    #[test]
    fn the_next_page() {
        for (header, expected) in [
            (
                "<https://a/x?page=2>; rel=\"next\", <https://a/x?page=9>; rel=\"last\"",
                Some("https://a/x?page=2"),
            ),
            (
                "<https://a/x?page=1>; rel=\"prev\",<https://a/x?page=3>; foo; rel=\"next\"",
                Some("https://a/x?page=3"),
            ),
            ("<https://a/x?page=1>; rel=\"first\"", None),
            ("garbage, <", None),
        ] {
            assert_eq!(next_of(header), expected, "{header}");
        }
    }

    #[test]
    fn rate_limits() {
        let wait = |status, headers: &[(&'static str, &'static str)], body: &str| {
            let headers = headers.iter().map(|(name, value)| {
                (
                    ureq::http::HeaderName::from_static(name),
                    ureq::http::HeaderValue::from_static(value),
                )
            });
            let response = Response {
                status,
                headers: headers.collect(),
                body: body.into(),
            };
            response.wait(1000).map(|wait| wait.as_secs())
        };
        assert_eq!(wait(429, &[("retry-after", "7")], ""), Some(7));
        assert_eq!(wait(429, &[], ""), Some(60));
        assert_eq!(wait(403, &[("retry-after", "7")], ""), Some(7));
        let used_up = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1030"),
        ];
        assert_eq!(wait(403, &used_up, ""), Some(31));
        let used_up = [("ratelimit-remaining", "0"), ("ratelimit-reset", "900")];
        assert_eq!(wait(429, &used_up, ""), Some(1));
        assert_eq!(wait(403, &[("x-ratelimit-remaining", "9")], "{}"), None);
        let said = r#"{"message":"You have exceeded a secondary rate limit"}"#;
        assert_eq!(wait(403, &[], said), Some(60));
        assert_eq!(wait(200, &[("x-ratelimit-remaining", "0")], ""), None);
    }
}
