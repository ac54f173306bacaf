//! Messages over standard input and output.
//!
//! `lsp-server` has the types of messages. Its own reader ends at the first message that it cannot
//! read, and takes any length for a good one. This one tells what is wrong, and goes on. What is sent
//! becomes JSON at once, and not a tree of values first, which takes longer than many an answer.

use std::io::{self, BufRead, Read as _, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use lsp_server::{Message, Request, RequestId, ResponseError};
use serde::{Deserialize, Serialize};

/// The maximum length of a message. A file has at most 8 MiB, and JSON may need six bytes for one.
const MAX_MESSAGE: u64 = 64 << 20;
/// The maximum length of a line of a header.
const MAX_HEADER: u64 = 4096;
/// How long the last messages may take to be read by the client.
const PATIENCE: Duration = Duration::from_secs(2);

/// What was read.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// A message.
    Message(Message),
    /// Something that is no message, with its id if it has one.
    Malformed(Option<RequestId>, String),
    /// There will be nothing more.
    End,
}

/// Reads messages on a thread of its own, until the end.
pub(crate) fn read(mut take: impl FnMut(Incoming) -> bool + Send + 'static) {
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        loop {
            let next = next(&mut input).unwrap_or_else(|error| {
                crate::log::error(format_args!("cannot read standard input: {error}"));
                Incoming::End
            });
            let is_end = matches!(next, Incoming::End);
            if !take(next) || is_end {
                return;
            }
        }
    });
}

/// Reads the next message.
fn next(input: &mut impl BufRead) -> io::Result<Incoming> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        input
            .by_ref()
            .take(MAX_HEADER)
            .read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(Incoming::End);
        }
        let line = line.trim_ascii();
        if line.is_empty() {
            break;
        }
        let Some(colon) = line.iter().position(|&byte| byte == b':') else {
            let line = String::from_utf8_lossy(line);
            return Ok(malformed(format!("`{line}` is no line of a header")));
        };
        if line[..colon].eq_ignore_ascii_case(b"Content-Length") {
            let value = str::from_utf8(line[colon + 1..].trim_ascii());
            length = value.ok().and_then(|value| value.parse::<u64>().ok());
        }
    }
    let Some(length) = length else {
        return Ok(malformed("the header has no `Content-Length`".to_string()));
    };
    let mut body = input.by_ref().take(length);
    if length > MAX_MESSAGE {
        io::copy(&mut body, &mut io::sink())?;
        let reason = format!("it has {length} bytes; the limit is {MAX_MESSAGE}");
        return Ok(malformed(reason));
    }
    let mut text = Vec::new();
    body.read_to_end(&mut text)?;
    if (text.len() as u64) < length {
        return Ok(Incoming::End);
    }
    Ok(match serde_json::from_slice(&text) {
        Ok(message) => Incoming::Message(message),
        Err(error) => Incoming::Malformed(id_of(&text), error.to_string()),
    })
}

fn malformed(reason: String) -> Incoming {
    Incoming::Malformed(None, reason)
}

/// The id of what is JSON, but no message.
fn id_of(text: &[u8]) -> Option<RequestId> {
    #[derive(Deserialize)]
    struct Identified {
        id: RequestId,
    }
    let identified: Identified = serde_json::from_slice(text).ok()?;
    Some(identified.id)
}

/// Prints what is no message. That nobody reads it is no error.
pub(crate) fn print(text: &[u8]) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is what prints here")]
    match io::stdout().write_all(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// A message to the client, as JSON.
#[derive(Debug)]
pub(crate) struct Outbound(String);

impl Outbound {
    /// The answer to a request.
    pub(crate) fn response<T: Serialize>(
        id: &RequestId,
        answer: Result<&T, &ResponseError>,
    ) -> Self {
        Outbound::new(&Frame {
            id: Some(id),
            result: answer.ok(),
            error: answer.err(),
            ..Frame::default()
        })
    }

    /// A request to the client.
    pub(crate) fn request(request: &Request) -> Self {
        Outbound::new(&Frame {
            id: Some(&request.id),
            method: Some(&request.method),
            params: Some(&request.params).filter(|params| !params.is_null()),
            ..Frame::default()
        })
    }

    /// A notification.
    pub(crate) fn notification<T: Serialize>(method: &str, params: &T) -> Self {
        Outbound::new(&Frame {
            method: Some(method),
            params: Some(params),
            ..Frame::default()
        })
    }

    fn new<T: Serialize>(frame: &Frame<'_, T>) -> Self {
        let text = serde_json::to_string(frame).unwrap_or_else(|error| {
            // No type of the protocol leads here.
            crate::log::error(format_args!("cannot write a message: {error}"));
            r#"{"jsonrpc":"2.0","method":"$/unwritten"}"#.to_string()
        });
        Outbound(text)
    }
}

/// What messages consist of. Each kind has some of these.
#[derive(Serialize)]
struct Frame<'m, T> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'m RequestId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'m str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<&'m T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'m T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'m ResponseError>,
}

impl<T> Default for Frame<'_, T> {
    fn default() -> Self {
        Frame {
            jsonrpc: "2.0",
            id: None,
            method: None,
            params: None,
            result: None,
            error: None,
        }
    }
}

/// Writes messages on a thread of its own.
pub(crate) struct Writer {
    messages: Sender<Outbound>,
    ended: Receiver<()>,
}

impl Writer {
    /// Starts the thread. `failed` is called if nobody reads any more.
    pub(crate) fn start(failed: impl FnOnce() + Send + 'static) -> Self {
        let (messages, queue) = channel::<Outbound>();
        let (end, ended) = channel();
        thread::spawn(move || {
            #[expect(clippy::disallowed_methods, reason = "this is what prints here")]
            let mut output = io::stdout().lock();
            for Outbound(text) in queue {
                let length = text.len();
                let written = write!(output, "Content-Length: {length}\r\n\r\n{text}");
                if written.and_then(|()| output.flush()).is_err() {
                    failed();
                    break;
                }
            }
            drop(end);
        });
        Writer { messages, ended }
    }

    /// Sends a message.
    pub(crate) fn send(&self, message: Outbound) {
        // If the thread has ended, so has the client.
        let _ = self.messages.send(message);
    }

    /// Waits until everything is written, but not forever: the client may have stopped reading.
    pub(crate) fn finish(self) {
        drop(self.messages);
        let ended = self.ended.recv_timeout(PATIENCE);
        if ended == Err(RecvTimeoutError::Timeout) {
            crate::log::error(format_args!("the client does not read its messages"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<String> {
        let mut input = text;
        let mut found = Vec::new();
        loop {
            match next(&mut input).unwrap() {
                Incoming::Message(Message::Notification(read)) => found.push(read.method),
                Incoming::Message(other) => found.push(format!("{other:?}")),
                Incoming::Malformed(id, reason) => {
                    found.push(format!("{:?} {reason}", id.map(|id| id.to_string())));
                }
                Incoming::End => return found,
            }
        }
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn messages_behind_broken_ones_are_read() {
        let good = framed(r#"{"jsonrpc":"2.0","method":"a"}"#);
        for (broken, reason) in [
            ("x\r\n".to_string(), "None `x` is no line of a header"),
            (
                "A: b\r\n\r\n".to_string(),
                "None the header has no `Content-Length`",
            ),
            (
                "Content-Length: -1\r\n\r\n".to_string(),
                "None the header has no `Content-Length`",
            ),
            (
                framed("{"),
                "None EOF while parsing an object at line 1 column 1",
            ),
            (
                framed(r#"{"id":3}"#),
                "Some(\"3\") data did not match any variant of untagged enum Message",
            ),
            (
                framed(&"[".repeat(1000)),
                "None recursion limit exceeded at line 1 column 128",
            ),
        ] {
            let text = [&good, &broken, &good].map(String::as_str).concat();
            assert_eq!(all(text.as_bytes()), ["a", reason, "a"]);
        }
    }

    #[test]
    fn what_is_sent() {
        let id = RequestId::from(7);
        let error = ResponseError {
            code: -1,
            message: "no".to_string(),
            data: None,
        };
        let nothing = serde_json::Value::Null;
        for (message, expected) in [
            (
                Outbound::response(&id, Ok(&nothing)),
                r#"{"jsonrpc":"2.0","id":7,"result":null}"#,
            ),
            (
                Outbound::response::<()>(&id, Err(&error)),
                r#"{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":"no"}}"#,
            ),
            (
                Outbound::request(&Request::new(id.clone(), "a".to_string(), ())),
                r#"{"jsonrpc":"2.0","id":7,"method":"a"}"#,
            ),
            (
                Outbound::notification("b", &[1]),
                r#"{"jsonrpc":"2.0","method":"b","params":[1]}"#,
            ),
        ] {
            assert_eq!(message.0, expected);
        }
    }

    #[test]
    fn what_is_cut_off_is_no_message() {
        assert_eq!(all(b""), [""; 0]);
        assert_eq!(all(b"Content-Length: 5\r\n\r\n{}"), [""; 0]);
        let huge = b"content-length: 18446744073709551615\r\n\r\n{}";
        assert_eq!(
            all(huge),
            ["None it has 18446744073709551615 bytes; the limit is 67108864"]
        );
    }
}
