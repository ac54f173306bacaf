//! The main thread: what the client says, in its order. It answers nothing that needs a file to be read,
//! so it always has time for the next message.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use gen_lsp_types as lsp;
use lsp::{Notification as _, Request as _};
use lsp_server::{
    ErrorCode, Message, Notification, ReqQueue, Request, RequestId, Response, ResponseError,
};
use serde_json::Value;

use crate::args::LogLevel;
use crate::client::{Client, Settings};
use crate::documents::Documents;
use crate::log;
use crate::repositories::Repositories;
use crate::requests::{self, FEATURES, read, refused};
use crate::wire::{self, Incoming, Outbound, Writer};
use crate::worker::{Ask, Outgoing};

/// What happens.
enum Event {
    Incoming(Incoming),
    Outgoing(Outgoing),
    /// Nobody reads what is written.
    Unread,
}

/// How far the conversation is.
#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// Before `initialize`.
    New,
    /// Between `initialize` and `shutdown`.
    Running,
    /// Behind `shutdown`.
    Stopping,
}

/// What the server has asked the client.
enum Asked {
    /// To watch files. Nothing depends on the answer.
    Watch,
    /// For the settings.
    Settings,
    /// To ask again what it shows. Nothing depends on the answer.
    Refresh,
}

struct Server {
    phase: Phase,
    client: Arc<Client>,
    documents: Documents,
    repositories: Repositories,
    /// Requests without an answer, from the client with what cancels them, and from the server.
    queue: ReqQueue<Arc<AtomicBool>, Asked>,
    writer: Writer,
}

/// Serves the client on standard input and output until it ends.
pub(crate) fn run() -> ExitCode {
    let (events, queue): (Sender<Event>, Receiver<Event>) = channel();
    let unread = events.clone();
    let writer = Writer::start(move || {
        let _ = unread.send(Event::Unread);
    });
    let incoming = events.clone();
    wire::read(move |message| incoming.send(Event::Incoming(message)).is_ok());
    let mut server = Server {
        phase: Phase::New,
        client: Arc::default(),
        documents: Documents::default(),
        repositories: Repositories::new(move |message| {
            let _ = events.send(Event::Outgoing(message));
        }),
        queue: ReqQueue::default(),
        writer,
    };
    let code = server.serve(&queue);
    server.writer.finish();
    code
}

impl Server {
    fn serve(&mut self, events: &Receiver<Event>) -> ExitCode {
        for event in events {
            match event {
                Event::Incoming(Incoming::Message(Message::Notification(notification)))
                    if notification.method == lsp::ExitNotification::METHOD.as_str() =>
                {
                    return match self.phase {
                        Phase::Stopping => ExitCode::SUCCESS,
                        Phase::New | Phase::Running => ExitCode::FAILURE,
                    };
                }
                Event::Incoming(Incoming::Message(message)) => self.message(message),
                Event::Incoming(Incoming::Malformed(id, reason)) => {
                    log::error(format_args!("cannot read a message: {reason}"));
                    if let Some(id) = id {
                        self.refuse(&id, ErrorCode::InvalidRequest, &reason);
                    }
                }
                Event::Outgoing(message) => self.send(message),
                Event::Incoming(Incoming::End) => {
                    log::error(format_args!("the client has gone without `exit`"));
                    return ExitCode::FAILURE;
                }
                Event::Unread => return ExitCode::FAILURE,
            }
        }
        ExitCode::FAILURE
    }

    fn message(&mut self, message: Message) {
        match message {
            Message::Request(request) => {
                log::log(LogLevel::Debug, format_args!("request {}", request.method));
                self.request(request);
            }
            Message::Notification(notification) => {
                let method = &notification.method;
                log::log(LogLevel::Debug, format_args!("notification {method}"));
                if self.phase == Phase::Running {
                    self.notification(notification);
                }
            }
            Message::Response(response) => self.response(response),
        }
    }

    /// Sends what a worker has made, unless nobody waits for it any more.
    fn send(&mut self, message: Outgoing) {
        match message {
            Outgoing::Notification(notification) => self.writer.send(notification),
            Outgoing::RefreshHints => {
                if self.client.refreshes_hints() {
                    let method = lsp::InlayHintRefreshRequest::METHOD.as_str();
                    self.ask_client(method, Value::Null, Asked::Refresh);
                }
            }
            Outgoing::Response(id, response) => {
                if self.queue.incoming.complete(&id).is_some() {
                    self.writer.send(response);
                }
            }
        }
    }

    fn answer<T: serde::Serialize>(&self, id: &RequestId, answer: Result<&T, &ResponseError>) {
        self.writer.send(Outbound::response(id, answer));
    }

    fn refuse(&self, id: &RequestId, code: ErrorCode, reason: &str) {
        self.answer::<()>(id, Err(&refused(code, &reason)));
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        match (self.phase, method.as_str()) {
            (Phase::New, "initialize") => self.initialize(&id, params),
            (Phase::New, _) => {
                let reason = format!("`{method}` came before `initialize`");
                self.refuse(&id, ErrorCode::ServerNotInitialized, &reason);
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::Stopping;
                self.answer(&id, Ok(&()));
            }
            (Phase::Running, "initialize") | (Phase::Stopping, _) => {
                let reason = format!("`{method}` came too late");
                self.refuse(&id, ErrorCode::InvalidRequest, &reason);
            }
            (Phase::Running, _) => self.ask(id, &method, params),
        }
    }

    /// Has a request about a file answered.
    fn ask(&mut self, id: RequestId, method: &str, params: Value) {
        let Some(feature) = requests::find(method) else {
            let reason = format!("this server has no `{method}`");
            self.refuse(&id, ErrorCode::MethodNotFound, &reason);
            return;
        };
        let Some(uri) = requests::document_of(&params) else {
            let reason = format!("`{method}` needs a `textDocument` with a `uri`");
            self.refuse(&id, ErrorCode::InvalidParams, &reason);
            return;
        };
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let ask = Ask {
            id: id.clone(),
            feature,
            path: Vec::new(),
            params,
            is_cancelled: Arc::clone(&is_cancelled),
        };
        self.queue.incoming.register(id, is_cancelled);
        let asked = self
            .repositories
            .ask(&uri, ask, &self.documents, &self.client);
        if let Err(ask) = asked {
            self.queue.incoming.complete(&ask.id);
            self.answer(&ask.id, Ok(&()));
        }
    }

    fn initialize(&mut self, id: &RequestId, params: Value) {
        let params: lsp::InitializeParams = match read(params) {
            Ok(params) => params,
            Err(error) => {
                self.answer::<()>(id, Err(&error));
                return;
            }
        };
        self.client = Arc::new(Client::new(&params));
        self.phase = Phase::Running;
        let mut capabilities = lsp::ServerCapabilities {
            position_encoding: Some(self.client.encoding.kind()),
            text_document_sync: Some(lsp::TextDocumentSync::Options(
                lsp::TextDocumentSyncOptions {
                    open_close: Some(true),
                    change: Some(lsp::TextDocumentSyncKind::Incremental),
                    save: Some(lsp::Save::Bool(true)),
                    ..Default::default()
                },
            )),
            ..Default::default()
        };
        for feature in FEATURES {
            (feature.offer)(&mut capabilities, &self.client);
        }
        let result = lsp::InitializeResult {
            capabilities,
            server_info: Some(lsp::ServerInfo {
                name: "owners-lsp".to_string(),
                version: Some(env!("CARGO_PKG_VERSION").to_string()),
            }),
        };
        self.answer(id, Ok(&result));
    }

    /// After `initialized`, the server may ask.
    fn initialized(&mut self) {
        if self.client.watches_files() {
            let globs = [
                "**/owners.toml",
                "**/CODEOWNERS",
                "**/.git/index",
                "**/.git/HEAD",
            ];
            let watchers: Vec<Value> = globs
                .iter()
                .map(|glob| serde_json::json!({ "globPattern": glob }))
                .collect();
            let params = serde_json::json!({ "registrations": [{
                "id": "files",
                "method": lsp::DidChangeWatchedFilesNotification::METHOD.as_str(),
                "registerOptions": { "watchers": watchers },
            }] });
            self.ask_client(
                lsp::RegistrationRequest::METHOD.as_str(),
                params,
                Asked::Watch,
            );
        }
        self.ask_settings();
    }

    fn ask_settings(&mut self) {
        if self.client.has_settings() {
            let params = serde_json::json!({ "items": [{ "section": "owners" }] });
            let method = lsp::ConfigurationRequest::METHOD.as_str();
            self.ask_client(method, params, Asked::Settings);
        }
    }

    fn ask_client(&mut self, method: &str, params: Value, asked: Asked) {
        let outgoing = &mut self.queue.outgoing;
        let request = outgoing.register(method.to_string(), params, asked);
        self.writer.send(Outbound::request(&request));
    }

    /// The client has answered.
    fn response(&mut self, response: Response) {
        let asked = self.queue.outgoing.complete(response.id);
        match (asked, response.response_result) {
            (Some(Asked::Settings), Ok(Value::Array(values))) => {
                let value = values.first().unwrap_or(&Value::Null);
                if !value.is_null() {
                    self.set(Settings::read(value));
                }
            }
            (Some(_), Err(error)) => log::error(format_args!("the client says: {}", error.message)),
            _ => {}
        }
    }

    fn set(&mut self, settings: Settings) {
        if self.client.settings != settings {
            Arc::make_mut(&mut self.client).settings = settings;
            self.repositories.reload(&self.documents, &self.client);
        }
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let read = match method.as_str() {
            "initialized" => {
                self.initialized();
                Ok(())
            }
            "textDocument/didOpen" => read(params).map(|params| self.opened(params)),
            "textDocument/didChange" => read(params).map(|params| self.changed(params)),
            "textDocument/didClose" => read(params).map(|params| self.closed(&params)),
            "$/cancelRequest" => read(params).map(|params| self.cancel(params)),
            "textDocument/didSave"
            | "workspace/didChangeWatchedFiles"
            | "workspace/didChangeWorkspaceFolders" => {
                self.repositories.reload(&self.documents, &self.client);
                Ok(())
            }
            "workspace/didChangeConfiguration" => {
                if self.client.has_settings() {
                    self.ask_settings();
                } else if let Some(settings) = params.pointer("/settings/owners") {
                    self.set(Settings::read(settings));
                }
                Ok(())
            }
            // Others need no answer.
            _ => Ok(()),
        };
        if let Err(error) = read {
            log::error(format_args!("cannot read `{method}`: {}", error.message));
        }
    }

    fn opened(&mut self, params: lsp::DidOpenTextDocumentParams) {
        if let Some(path) = self.documents.open(params.text_document) {
            self.repositories
                .changed(&path, &self.documents, &self.client);
        }
    }

    fn changed(&mut self, params: lsp::DidChangeTextDocumentParams) {
        if let Some(path) = self.documents.change(params, self.client.encoding) {
            self.repositories
                .changed(&path, &self.documents, &self.client);
        }
    }

    fn closed(&mut self, params: &lsp::DidCloseTextDocumentParams) {
        if let Some(path) = self.documents.close(&params.text_document.uri) {
            self.repositories
                .changed(&path, &self.documents, &self.client);
        }
    }

    fn cancel(&mut self, params: lsp::CancelParams) {
        let id = match params.id {
            lsp::Id::Int(id) => RequestId::from(id),
            lsp::Id::String(id) => RequestId::from(id),
        };
        if let Some(is_cancelled) = self.queue.incoming.complete(&id) {
            is_cancelled.store(true, Ordering::Relaxed);
            self.refuse(&id, ErrorCode::RequestCanceled, "canceled by the client");
        }
    }
}
