//! The thread of a repository. It keeps the snapshot, answers requests in their order, and checks when
//! there is nothing else to do.
//!
//! A run of the lints that is out of date ends early: as soon as something new is waiting.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use gen_lsp_types as lsp;
use lsp::Notification as _;
use lsp_server::RequestId;

use crate::diagnostics;
use crate::log;
use crate::requests::Feature;
use crate::snapshot::{IndexKey, Inputs, Snapshot, is_ours};
use crate::wire::Outbound;

/// How long nothing must happen before a check begins. Right behind a change, an editor asks for completions,
/// counts or contents, which should not have to wait for it.
const PAUSE: Duration = Duration::from_millis(2);
/// How long nothing must happen before git is asked what became of missing paths. Nobody waits for that while
/// typing.
const IDLE: Duration = Duration::from_millis(300);

/// What a worker sends to the main thread.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// The answer to the request with this id.
    Response(RequestId, Outbound),
    Notification(Outbound),
    /// The counts that the editor shows are out of date, and it cannot know.
    RefreshHints,
}

/// A request for a worker.
pub(crate) struct Ask {
    pub(crate) id: RequestId,
    pub(crate) feature: &'static Feature,
    /// The file that it is about, relative to the root.
    pub(crate) path: Vec<u8>,
    pub(crate) params: serde_json::Value,
    /// Set once nobody waits for the answer any more.
    pub(crate) is_cancelled: Arc<AtomicBool>,
}

enum Job {
    Change(Box<Inputs>),
    Ask(Ask),
}

/// The thread, from the outside. It ends when this is dropped.
pub(crate) struct Worker {
    jobs: Sender<Job>,
    /// How many jobs wait.
    waiting: Arc<AtomicUsize>,
}

impl Worker {
    pub(crate) fn start(inputs: Inputs, send: impl Fn(Outgoing) + Send + 'static) -> Self {
        let (jobs, queue) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let desk = Desk {
            snapshot: Snapshot::new(inputs),
            queue,
            waiting: Arc::clone(&waiting),
            published: BTreeMap::new(),
            is_published: false,
            counted: None,
            send: Box::new(send),
        };
        thread::spawn(move || desk.work());
        Worker { jobs, waiting }
    }

    /// Something has changed.
    pub(crate) fn change(&self, inputs: Inputs) {
        self.give(Job::Change(Box::new(inputs)));
    }

    pub(crate) fn ask(&self, ask: Ask) {
        self.give(Job::Ask(ask));
    }

    fn give(&self, job: Job) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        // The thread ends only after this value is dropped.
        let _ = self.jobs.send(job);
    }
}

/// The thread, from the inside.
struct Desk {
    snapshot: Snapshot,
    queue: Receiver<Job>,
    waiting: Arc<AtomicUsize>,
    /// The files that the editor has diagnostics of, as it spells them.
    published: BTreeMap<Vec<u8>, lsp::Uri>,
    /// Whether these are the diagnostics of the snapshot.
    is_published: bool,
    /// The index that the editor was last told counts of.
    counted: Option<IndexKey>,
    send: Box<dyn Fn(Outgoing) + Send>,
}

impl Desk {
    fn work(mut self) {
        let (mut is_due, mut is_rough) = (true, false);
        loop {
            let job = match (is_due, is_rough) {
                (true, _) => self.queue.recv_timeout(PAUSE),
                (false, true) => self.queue.recv_timeout(IDLE),
                (false, false) => self.queue.recv().map_err(RecvTimeoutError::from),
            };
            match job {
                Ok(job) => {
                    self.waiting.fetch_sub(1, Ordering::Relaxed);
                    is_due |= matches!(job, Job::Change(_));
                    self.take(job);
                }
                Err(RecvTimeoutError::Timeout) if is_due => {
                    is_due = !self.check();
                    is_rough = !is_due && self.snapshot.inputs.is_watched;
                    self.snapshot.tidy();
                }
                Err(RecvTimeoutError::Timeout) => {
                    is_rough = false;
                    is_due = self.snapshot.look_back();
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        // The documents are closed.
        self.snapshot.inputs.documents.clear();
        self.publish(diagnostics::ByFile::default());
    }

    fn take(&mut self, job: Job) {
        match job {
            Job::Change(inputs) => self.snapshot.change(*inputs),
            Job::Ask(ask) => self.answer(ask),
        }
    }

    fn answer(&mut self, ask: Ask) {
        if ask.is_cancelled.load(Ordering::Relaxed) {
            return;
        }
        let started = Instant::now();
        let answer = (ask.feature.answer)(&mut self.snapshot, &ask.path, ask.params);
        log::info(format_args!(
            "{}: {:.1} ms",
            ask.feature.method,
            started.elapsed().as_secs_f64() * 1000.0
        ));
        let response = Outbound::response(&ask.id, answer.as_ref());
        (self.send)(Outgoing::Response(ask.id, response));
    }

    /// Checks and publishes. Returns false if something new came in between.
    fn check(&mut self) -> bool {
        if !self.snapshot.inputs.is_watched {
            self.publish(diagnostics::ByFile::default());
            self.is_published = false;
            return true;
        }
        let started = Instant::now();
        self.snapshot.load();
        if self.is_published && !self.snapshot.is_new {
            return true;
        }
        self.is_published = false;
        let waiting = &self.waiting;
        let is_outdated = || waiting.load(Ordering::Relaxed) > 0;
        let Some(found) = diagnostics::of(&self.snapshot, &is_outdated) else {
            return false;
        };
        log::info(format_args!(
            "checked {}: {:.1} ms",
            self.snapshot.inputs.repo.root().display(),
            started.elapsed().as_secs_f64() * 1000.0
        ));
        self.snapshot.is_new = false;
        self.publish(found);
        self.is_published = true;
        self.refresh();
        true
    }

    /// Has the counts asked for again that may have changed without a change of their document: by the
    /// index, or by another document.
    fn refresh(&mut self) {
        let key = self.snapshot.index_key();
        let is_new = self.counted.replace(key).is_some_and(|old| old != key);
        let open = self.snapshot.inputs.documents.keys();
        if is_new || open.filter(|path| is_ours(path)).count() > 1 {
            (self.send)(Outgoing::RefreshHints);
        }
    }

    /// Sends the diagnostics of each file, and that those of other files are gone.
    fn publish(&mut self, found: diagnostics::ByFile) {
        let mut before = std::mem::take(&mut self.published);
        for (path, diagnostics) in found {
            let uri = self.snapshot.uri(&path);
            before.remove(&path);
            self.publish_one(&path, uri.clone(), diagnostics);
            self.published.insert(path, uri);
        }
        for (path, uri) in before {
            self.publish_one(&path, uri, Vec::new());
        }
    }

    fn publish_one(&self, path: &[u8], uri: lsp::Uri, diagnostics: Vec<lsp::Diagnostic>) {
        let document = self.snapshot.document(path);
        let params = lsp::PublishDiagnosticsParams {
            uri,
            version: document.map(|document| document.version),
            diagnostics,
        };
        let method = lsp::PublishDiagnosticsNotification::METHOD.as_str();
        let notification = Outbound::notification(method, &params);
        (self.send)(Outgoing::Notification(notification));
    }
}
