//! An editor that speaks with the real binary over its standard input and output.

#![expect(
    clippy::needless_pass_by_value,
    reason = "calls with `json!` are shorter"
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long nothing must come to be sure that nothing comes: longer than the server waits before it asks git
/// what became of missing paths.
const SILENCE: Duration = Duration::from_millis(600);

pub(crate) struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    next_id: i64,
    /// What came while something else was awaited.
    early: Vec<Value>,
    /// The open documents, by URI, with their version.
    texts: BTreeMap<String, (i64, String)>,
}

impl Client {
    /// Starts the server, and says nothing yet.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_owners-lsp"))
            .args(arguments)
            // As if git had started the editor.
            .env("GIT_DIR", "/nonexistent")
            .env("GIT_CONFIG_GLOBAL", "/nonexistent")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, receiver) = channel();
        thread::spawn(move || {
            let mut line = String::new();
            while output.read_line(&mut line).is_ok_and(|length| length > 0) {
                let length = line.strip_prefix("Content-Length: ").unwrap().trim_end();
                let mut body = vec![0; length.parse().unwrap()];
                line.clear();
                output.read_line(&mut line).unwrap();
                assert_eq!(line, "\r\n");
                output.read_exact(&mut body).unwrap();
                if sender.send(serde_json::from_slice(&body).unwrap()).is_err() {
                    return;
                }
                line.clear();
            }
        });
        Client {
            input: child.stdin.take(),
            child,
            output: receiver,
            next_id: 0,
            early: Vec::new(),
            texts: BTreeMap::new(),
        }
    }

    /// A client that can do nothing special, initialized.
    pub(crate) fn plain() -> Self {
        Client::with(json!({}))
    }

    /// A client like most: it creates files, and resolves code actions.
    pub(crate) fn usual() -> Self {
        Client::with(json!({
            "workspace": { "workspaceEdit": {
                "documentChanges": true,
                "resourceOperations": ["create", "rename", "delete"],
            } },
            "textDocument": {
                "codeAction": { "dataSupport": true, "resolveSupport": { "properties": ["edit"] } },
                "publishDiagnostics": { "relatedInformation": true },
            },
        }))
    }

    pub(crate) fn with(capabilities: Value) -> Self {
        let mut client = Client::start(&[]);
        client.initialize(capabilities, Value::Null);
        client
    }

    /// Returns what the server can do.
    pub(crate) fn initialize(&mut self, capabilities: Value, options: Value) -> Value {
        let params = json!({
            "processId": null,
            "rootUri": null,
            "capabilities": capabilities,
            "initializationOptions": options,
        });
        let result = self.ask("initialize", params).unwrap();
        self.notify("initialized", json!({}));
        result["capabilities"].clone()
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().unwrap();
        input.write_all(bytes).unwrap();
        input.flush().unwrap();
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request, and returns its id.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The first message that is wanted.
    pub(crate) fn wait(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(index) = self.early.iter().position(&is_wanted) {
            return self.early.remove(index);
        }
        loop {
            let message = self.output.recv_timeout(PATIENCE).unwrap();
            if is_wanted(&message) {
                return message;
            }
            self.early.push(message);
        }
    }

    /// The result or the error of a request.
    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let answer = self.wait(|message| message["id"] == id && message.get("method").is_none());
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["result"].clone()),
        }
    }

    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.request(method, params);
        self.answer(id)
    }

    /// Opens a document with a text, whatever is on disk.
    pub(crate) fn open(&mut self, path: &Path, text: &str) -> String {
        let uri = uri(path);
        self.texts.insert(uri.clone(), (1, text.to_string()));
        let document = json!({ "uri": uri, "languageId": "x", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        uri
    }

    /// Opens a document as it is on disk.
    pub(crate) fn open_file(&mut self, path: &Path) -> String {
        let text = std::fs::read_to_string(path).unwrap();
        self.open(path, &text)
    }

    /// Gives an open document another text.
    pub(crate) fn change(&mut self, uri: &str, text: &str) {
        let (version, old) = self.texts.get_mut(uri).unwrap();
        *version += 1;
        *old = text.to_string();
        let document = json!({ "uri": uri, "version": version });
        let changes = json!([{ "text": text }]);
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    pub(crate) fn close(&mut self, uri: &str) {
        self.texts.remove(uri);
        let params = json!({ "textDocument": { "uri": uri } });
        self.notify("textDocument/didClose", params);
    }

    /// The diagnostics of the present version of a document, or of one that is closed or in no repository.
    pub(crate) fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        let version = self.texts.get(uri).map(|(version, _)| *version);
        let message = self.wait(|message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == *uri
                && (params["version"].is_null() || params["version"].as_i64() == version)
        });
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// `line:column-line:column CODE: the first line of the message` of each diagnostic.
    pub(crate) fn summary(&mut self, uri: &str) -> Vec<String> {
        self.diagnostics(uri).iter().map(summary).collect()
    }

    /// Whether the server says nothing more, once it has answered everything before.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.early.is_empty() && self.output.recv_timeout(SILENCE) == Err(RecvTimeoutError::Timeout)
    }

    /// The code actions in a range of a document, by title, with their edits.
    pub(crate) fn actions(&mut self, uri: &str, range: &Value, only: &[&str]) -> Vec<Value> {
        let mut context = json!({ "diagnostics": [] });
        if !only.is_empty() {
            context["only"] = json!(only);
        }
        let document = json!({ "uri": uri });
        let params = json!({ "textDocument": document, "range": range, "context": context });
        let actions = self.ask("textDocument/codeAction", params).unwrap();
        let actions = actions.as_array().unwrap().clone();
        let mut resolved = Vec::new();
        for action in actions {
            resolved.push(match action.get("edit") {
                Some(_) => action,
                None => self.ask("codeAction/resolve", action).unwrap(),
            });
        }
        resolved
    }

    /// The texts of the documents after an edit, those that are created too.
    pub(crate) fn edited(&self, edit: &Value) -> BTreeMap<String, String> {
        let mut changes: Vec<(String, Value)> = Vec::new();
        for change in edit["documentChanges"].as_array().into_iter().flatten() {
            match change.get("textDocument") {
                Some(document) => {
                    let uri = document["uri"].as_str().unwrap().to_string();
                    let version = self.texts.get(&uri).map(|(version, _)| *version);
                    assert_eq!(document["version"].as_i64(), version);
                    changes.push((uri, change["edits"].clone()));
                }
                None => assert_eq!(change["kind"], "create"),
            }
        }
        for (uri, edits) in edit["changes"].as_object().into_iter().flatten() {
            changes.push((uri.clone(), edits.clone()));
        }
        let apply = |(uri, edits): (String, Value)| {
            let old = self.texts.get(&uri).map(|(_, text)| text.as_str());
            let text = applied(old.unwrap_or_default(), &edits);
            (uri, text)
        };
        changes.into_iter().map(apply).collect()
    }

    /// Ends as a client should, and returns the exit code of the server.
    pub(crate) fn finish(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Value::Null), Ok(Value::Null));
        self.exit()
    }

    /// Ends without `shutdown`.
    pub(crate) fn exit(mut self) -> i32 {
        self.send(&json!({ "jsonrpc": "2.0", "method": "exit" }));
        self.child.wait().unwrap().code().unwrap()
    }

    /// Dies.
    pub(crate) fn die(mut self) -> i32 {
        drop(self.input.take());
        self.child.wait().unwrap().code().unwrap()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The URI of a file, for paths that need no escapes.
pub(crate) fn uri(path: &Path) -> String {
    let path = path.to_str().unwrap().replace('\\', "/");
    format!(
        "file://{}{path}",
        if path.starts_with('/') { "" } else { "/" }
    )
}

fn summary(diagnostic: &Value) -> String {
    let range = &diagnostic["range"];
    let message = diagnostic["message"].as_str().unwrap();
    format!(
        "{}:{}-{}:{} {}: {}",
        range["start"]["line"],
        range["start"]["character"],
        range["end"]["line"],
        range["end"]["character"],
        diagnostic["code"].as_str().unwrap_or("-"),
        message.lines().next().unwrap()
    )
}

/// A range of lines and columns.
pub(crate) fn range(start: (u32, u32), end: (u32, u32)) -> Value {
    json!({
        "start": { "line": start.0, "character": start.1 },
        "end": { "line": end.0, "character": end.1 },
    })
}

/// A text after edits, whose columns count units of UTF-16. None overlaps another.
fn applied(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let (line, column) = (
            usize::try_from(position["line"].as_u64().unwrap()).unwrap(),
            usize::try_from(position["character"].as_u64().unwrap()).unwrap(),
        );
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut units = 0;
        let mut characters = text[start..].char_indices();
        let end = characters.find(|(_, character)| {
            let is_there = units >= column;
            units += character.len_utf16();
            is_there
        });
        end.map_or(text.len(), |(index, _)| start + index)
    };
    let mut spans: Vec<(usize, usize, &str)> = (edits.as_array().unwrap().iter())
        .map(|edit| {
            let (start, end) = (&edit["range"]["start"], &edit["range"]["end"]);
            let new = edit["newText"].as_str().unwrap();
            (offset(start), offset(end), new)
        })
        .collect();
    spans.sort_unstable();
    let mut new = text.to_string();
    for (start, end, with) in spans.into_iter().rev() {
        new.replace_range(start..end, with);
    }
    new
}
