//! The repositories of the open documents, each with its worker.
//!
//! Nothing is assumed about folders of a workspace: a document is in the repository that is found from
//! its directory, and it is looked for again whenever the document or its files change. So a repository
//! may appear or go at any time, and a document in none is left alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types as lsp;
use owners::git::{Env, Repo};

use crate::client::Client;
use crate::documents::Documents;
use crate::snapshot::{Inputs, is_ours};
use crate::uri::path_of;
use crate::worker::{Ask, Outgoing, Worker};

/// A document or another file in a repository.
struct Place {
    repo: Repo,
    /// Its path, relative to the root.
    path: Vec<u8>,
    /// The root, as the client spells it.
    seen_root: PathBuf,
}

struct Root {
    repo: Repo,
    seen_root: PathBuf,
    worker: Worker,
}

pub(crate) struct Repositories {
    env: Env,
    send: Arc<dyn Fn(Outgoing) + Send + Sync>,
    /// By the path of the root.
    roots: BTreeMap<PathBuf, Root>,
    /// The root and the relative path of each open document that is in a repository.
    places: BTreeMap<PathBuf, (PathBuf, Vec<u8>)>,
    /// Grows whenever files may have changed.
    disk: u64,
}

impl Repositories {
    /// Without any. Workers send with `send`.
    pub(crate) fn new(send: impl Fn(Outgoing) + Send + Sync + 'static) -> Self {
        Repositories {
            // An editor that git has started has variables that name one repository. This server has
            // many.
            env: Env {
                ceilings: Env::from_process().ceilings,
                ..Env::default()
            },
            send: Arc::new(send),
            roots: BTreeMap::new(),
            places: BTreeMap::new(),
            disk: 0,
        }
    }

    /// A document was opened, changed, saved or closed.
    pub(crate) fn changed(&mut self, path: &Path, documents: &Documents, client: &Arc<Client>) {
        let before = self.places.remove(path);
        let is_open = documents.get(path).is_some();
        let found = is_open.then(|| self.locate(path)).flatten();
        let mut roots: BTreeSet<PathBuf> = before.into_iter().map(|(root, _)| root).collect();
        if let Some(place) = found {
            let root = place.repo.root().to_owned();
            self.places
                .insert(path.to_owned(), (root.clone(), place.path.clone()));
            self.remember(place, client);
            roots.insert(root);
        }
        for root in roots {
            self.update(&root, documents, client);
        }
    }

    /// Files may have changed on disk, or the settings.
    pub(crate) fn reload(&mut self, documents: &Documents, client: &Arc<Client>) {
        self.disk += 1;
        let open: Vec<PathBuf> = documents.iter().map(|(path, _)| path.clone()).collect();
        let mut roots: BTreeSet<PathBuf> = self.roots.keys().cloned().collect();
        self.places.clear();
        for path in open {
            if let Some(place) = self.locate(&path) {
                let root = place.repo.root().to_owned();
                self.places.insert(path, (root.clone(), place.path.clone()));
                self.remember(place, client);
                roots.insert(root);
            }
        }
        for root in roots {
            self.update(&root, documents, client);
        }
    }

    /// Has a request answered about a file. Gives it back if the file is in no repository.
    pub(crate) fn ask(
        &mut self,
        uri: &lsp::Uri,
        mut ask: Ask,
        documents: &Documents,
        client: &Arc<Client>,
    ) -> Result<(), Ask> {
        let Some(mut place) = path_of(uri).and_then(|path| self.locate(&path)) else {
            return Err(ask);
        };
        ask.path = std::mem::take(&mut place.path);
        let root = place.repo.root().to_owned();
        let is_new = !self.roots.contains_key(&root);
        self.remember(place, client);
        if let Some(root) = self.roots.get(&root) {
            root.worker.ask(ask);
        }
        if is_new {
            // Nothing is open there, so nothing is kept. The answer is still given.
            self.update(&root, documents, client);
        }
        Ok(())
    }

    /// Finds the repository of a file. A bare one has no files.
    fn locate(&self, path: &Path) -> Option<Place> {
        let directory = path.ancestors().skip(1).find(|above| above.is_dir())?;
        let repo = match Repo::discover_with(directory, &self.env) {
            Ok(repo) if !repo.is_bare() => repo,
            Ok(_) => return None,
            Err(error) => {
                crate::log::info(format_args!("{}: {error}", path.display()));
                return None;
            }
        };
        let relative = repo.relative(repo.root(), path).ok()?;
        // What is in git's own directory is no file of the repository.
        let mut names = relative.split(|&byte| byte == b'/');
        if names.any(|name| name.eq_ignore_ascii_case(b".git")) {
            return None;
        }
        let depth = relative.split(|&byte| byte == b'/').count();
        let seen = path.ancestors().nth(depth);
        let seen = seen.filter(|seen| {
            seen.canonicalize()
                .is_ok_and(|seen| repo.root().canonicalize().is_ok_and(|root| root == seen))
        });
        let seen_root = seen.unwrap_or(repo.root()).to_owned();
        Some(Place {
            path: relative,
            seen_root,
            repo,
        })
    }

    /// Starts a worker for the repository of a place, or tells it how the repository was found last.
    fn remember(&mut self, place: Place, client: &Arc<Client>) {
        let Place {
            repo, seen_root, ..
        } = place;
        if let Some(root) = self.roots.get_mut(repo.root()) {
            root.repo = repo;
            return;
        }
        let send = Arc::clone(&self.send);
        let inputs = Inputs {
            client: Arc::clone(client),
            repo: repo.clone(),
            seen_root: seen_root.clone(),
            documents: BTreeMap::new(),
            is_watched: false,
            disk: self.disk,
        };
        let root = Root {
            worker: Worker::start(inputs, move |message| send(message)),
            seen_root,
            repo: repo.clone(),
        };
        self.roots.insert(repo.root().to_owned(), root);
    }

    /// Tells a worker what has changed. One without open documents ends.
    fn update(&mut self, root: &Path, documents: &Documents, client: &Arc<Client>) {
        let of_root = self.places.iter().filter(|(_, (of, _))| of == root);
        let documents: BTreeMap<_, _> = of_root
            .filter_map(|(full, (_, path))| Some((path.clone(), documents.get(full)?.clone())))
            .collect();
        if documents.is_empty() {
            self.roots.remove(root);
            return;
        }
        let Some(root) = self.roots.get(root) else {
            return;
        };
        root.worker.change(Inputs {
            client: Arc::clone(client),
            repo: root.repo.clone(),
            seen_root: root.seen_root.clone(),
            is_watched: documents.keys().any(|path| is_ours(path)),
            documents,
            disk: self.disk,
        });
    }
}
