//! A repository as the editor sees it at one moment: the index, the files, the open documents, and what
//! they mean together.
//!
//! It lives on the thread of its repository (see `worker`). A change only marks it as stale. What a
//! request or the diagnostics need is then read again, and what cannot have changed is kept: the index
//! of a million files is read only if its file was replaced.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::mem;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types as lsp;
use owners::config::CONFIG_NAME;
use owners::git::{self, FileStamp, Repo, UnsavedTexts};
use owners::lint::{self, Context, Facts, Levels};
use owners::ruleset::survey::Survey;
use owners::text::{Diagnostic, FileId, Location, Source, Sources};
use owners::{Forge, PathSet, Project, Unsound, parallel};

use crate::client::Client;
use crate::documents::Document;
use crate::position::{Lines, MARK};
use crate::uri::uri_of;

/// What a snapshot is made from, besides the disk.
#[derive(Clone, Debug)]
pub(crate) struct Inputs {
    pub(crate) client: Arc<Client>,
    /// As it was found last.
    pub(crate) repo: Repo,
    /// The root of the repository, as the client spells it.
    pub(crate) seen_root: PathBuf,
    /// The open documents, by root-relative path.
    pub(crate) documents: BTreeMap<Vec<u8>, Document>,
    /// Whether diagnostics are wanted, because a configuration is open.
    pub(crate) is_watched: bool,
    /// Grows whenever files may have changed on disk.
    pub(crate) disk: u64,
}

/// What the files say, if that is not a sound configuration.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is neither an `owners.toml` nor a CODEOWNERS file.
    Nothing,
    /// The configuration has errors.
    Unsound(Unsound),
    /// Something cannot be read.
    Failed(Box<Diagnostic>),
}

/// A sound configuration.
#[derive(Debug)]
pub(crate) struct Sound {
    pub(crate) project: Project,
    survey: OnceCell<Survey>,
    /// What `owners check` reports about it.
    findings: OnceCell<Vec<Diagnostic>>,
}

impl Sound {
    fn new(project: Project) -> Self {
        Sound {
            project,
            survey: OnceCell::new(),
            findings: OnceCell::new(),
        }
    }

    /// The result of the rules on all paths.
    pub(crate) fn survey(&self, paths: &PathSet) -> &Survey {
        let survey = || Survey::new(&self.project.rules.matcher(), paths);
        self.survey.get_or_init(survey)
    }

    /// What `owners check` reports. `None` if that is out of date before it is found.
    pub(crate) fn findings(
        &self,
        facts: &Facts,
        is_outdated: &(dyn Fn() -> bool + Sync),
    ) -> Option<&[Diagnostic]> {
        if self.findings.get().is_none() {
            let found = self.check(facts, is_outdated)?;
            let _ = self.findings.set(found);
        }
        self.findings.get().map(Vec::as_slice)
    }

    fn check(
        &self,
        facts: &Facts,
        is_outdated: &(dyn Fn() -> bool + Sync),
    ) -> Option<Vec<Diagnostic>> {
        if is_outdated() {
            return None;
        }
        let project = &self.project;
        let matcher = project.rules.matcher();
        let survey = || {
            self.survey
                .get_or_init(|| Survey::new(&matcher, &facts.paths))
        };
        let (survey, rendered) = parallel::both(survey, || project.render_all());
        let mut context = Context::new(project, facts, &matcher, survey, &rendered);
        context.is_outdated = Some(is_outdated);
        let found = lint::run(&context, &Levels::new(project));
        if is_outdated() {
            return None;
        }
        Some(owners::without_impossible_fixes(project, found))
    }
}

/// Whether this is a git repository, and the index or, outside git, the version of the disk.
pub(crate) type IndexKey = (bool, Option<FileStamp>, u64);

/// The repository at one moment.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) inputs: Inputs,
    /// Whether something may have changed since the last [`load`](Self::load).
    is_stale: bool,
    /// Whether something was loaded since the diagnostics were published.
    pub(crate) is_new: bool,
    /// The index that the paths are from.
    index: Option<IndexKey>,
    /// What [`look_back`](Self::look_back) was about: the missing paths, and the versions of disk and index.
    past_key: Option<(Vec<Vec<u8>>, u64, Option<IndexKey>)>,
    /// What the facts are from.
    facts_key: Option<FactsKey>,
    /// The paths and, if the configuration is sound, all facts about them.
    pub(crate) facts: Facts,
    /// The last sound configuration. Its text is the current one unless there is trouble.
    pub(crate) sound: Option<Sound>,
    /// The one before, until there is time to drop it.
    retired: Option<Sound>,
    /// Why the current texts are no sound configuration.
    pub(crate) trouble: Option<Trouble>,
    /// The documents of the last request about a place.
    pub(crate) views: Views,
}

/// Documents by their root-relative path, as they were last.
pub(crate) type Views = BTreeMap<String, Arc<owners::ide::Document>>;

/// What facts depend on, besides the paths.
#[derive(Debug, PartialEq)]
struct FactsKey {
    disk: u64,
    outputs: Vec<(Forge, String)>,
    /// Each file that is read: its stamp on disk, and its open text.
    files: Vec<(Vec<u8>, Option<FileStamp>, Option<OpenText>)>,
}

/// The text of an open document. Two are equal if they are the same one. The version of the document
/// does not tell: it starts again when the document is opened again, and a client may repeat it.
#[derive(Debug)]
struct OpenText(Arc<String>);

impl PartialEq for OpenText {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Snapshot {
    pub(crate) fn new(inputs: Inputs) -> Self {
        Snapshot {
            inputs,
            is_stale: true,
            is_new: true,
            index: None,
            past_key: None,
            facts_key: None,
            facts: Facts::default(),
            sound: None,
            retired: None,
            trouble: None,
            views: Views::new(),
        }
    }

    /// Takes a change in. Nothing is read yet.
    pub(crate) fn change(&mut self, inputs: Inputs) {
        let decisive = |inputs: &Inputs| {
            let open = inputs.documents.iter();
            let open = open.filter(|(path, _)| self.decides(path));
            open.map(|(path, document)| (path.clone(), OpenText(Arc::clone(&document.text))))
                .collect::<Vec<_>>()
        };
        let is_same = self.inputs.disk == inputs.disk
            && self.inputs.repo.is_git() == inputs.repo.is_git()
            && decisive(&self.inputs) == decisive(&inputs);
        self.is_stale |= !is_same;
        self.inputs = inputs;
    }

    /// Whether what is in a file matters: a configuration, a CODEOWNERS file, a roster.
    fn decides(&self, path: &[u8]) -> bool {
        let files = self.facts_key.iter().flat_map(|key| &key.files);
        is_ours(path) || { files }.any(|(file, ..)| file == path)
    }

    /// The repository, with the open texts in place of the files.
    pub(crate) fn repo(&self) -> Repo {
        let documents = self.inputs.documents.iter();
        let texts: UnsavedTexts = documents
            .map(|(path, document)| (path.clone(), Arc::clone(&document.text)))
            .collect();
        self.inputs.repo.clone().with_unsaved(texts)
    }

    /// Reads what may have changed. The index is looked at every time.
    pub(crate) fn load(&mut self) {
        let index = self.index_key();
        if !self.is_stale && self.index.as_ref() == Some(&index) {
            return;
        }
        self.is_stale = false;
        self.is_new = true;
        self.trouble = None;
        let repo = self.repo();
        let loaded = self.read_index(&repo, index).and_then(|()| {
            let project = project(&repo, &self.facts.paths)?;
            if let Some(project) = &project {
                self.gather_facts(&repo, project)?;
            }
            Ok(project)
        });
        match loaded {
            Ok(Some(project)) => {
                self.retired = self.sound.replace(Sound::new(project));
            }
            Ok(None) => {
                self.sound = None;
                self.trouble = Some(Trouble::Nothing);
            }
            Err(trouble) => self.trouble = Some(trouble),
        }
    }

    /// Asks git what became of the paths that patterns without a match name. `owners check` does so at once,
    /// but it may take long. Returns whether findings may be others now.
    pub(crate) fn look_back(&mut self) -> bool {
        let Some(sound) = self.current() else {
            return false;
        };
        let paths = &self.facts.paths;
        let missing = lint::missing_paths(&sound.project.rules, sound.survey(paths), paths);
        let key = (missing, self.inputs.disk, self.index);
        if self.past_key.as_ref() == Some(&key) {
            return false;
        }
        // It only makes findings more precise. So if git fails, they are as without it.
        let past = self.inputs.repo.past(None, &key.0, paths);
        let past = past.unwrap_or_default();
        let is_new = !(past.existed.is_empty() && self.facts.past.existed.is_empty());
        self.past_key = Some(key);
        if is_new {
            self.facts.past = past;
            self.is_new = true;
            if let Some(sound) = &mut self.sound {
                sound.findings = OnceCell::new();
            }
        }
        is_new
    }

    /// Frees what is not needed any more. That takes a while, in which nobody should wait for an answer.
    pub(crate) fn tidy(&mut self) {
        self.retired = None;
    }

    /// The configuration, if the current texts are sound.
    pub(crate) fn current(&self) -> Option<&Sound> {
        self.sound.as_ref().filter(|_| self.trouble.is_none())
    }

    /// Whether this is a git repository, and the index or, outside git, the version of the disk.
    pub(crate) fn index_key(&self) -> IndexKey {
        let repo = &self.inputs.repo;
        match repo.is_git() {
            true => (true, repo.index_stamp(), 0),
            false => (false, None, self.inputs.disk),
        }
    }

    fn read_index(&mut self, repo: &Repo, key: IndexKey) -> Result<(), Trouble> {
        if self.index.as_ref() == Some(&key) {
            return Ok(());
        }
        self.index = None;
        self.facts = Facts {
            paths: repo.tracked()?,
            ..Facts::default()
        };
        self.facts_key = None;
        self.index = Some(key);
        if let Some(sound) = &mut self.sound {
            sound.survey = OnceCell::new();
        }
        Ok(())
    }

    fn gather_facts(&mut self, repo: &Repo, project: &Project) -> Result<(), Trouble> {
        let key = FactsKey::new(&self.inputs, project);
        if self.facts_key.as_ref() == Some(&key) {
            return Ok(());
        }
        self.facts_key = None;
        let Facts { paths, past, .. } = mem::take(&mut self.facts);
        match repo.facts(project, paths) {
            Ok(facts) => self.facts = Facts { past, ..facts },
            Err(error) => {
                // The paths are gone with the error.
                self.index = None;
                return Err(error.into());
            }
        }
        self.facts_key = Some(key);
        Ok(())
    }

    /// The URI of a file of the repository: as the client opened it, or made from its path.
    pub(crate) fn uri(&self, path: &[u8]) -> lsp::Uri {
        match self.inputs.documents.get(path) {
            Some(document) => document.uri.clone(),
            None => uri_of(&joined(&self.inputs.seen_root, path)),
        }
    }

    /// Whether a file is open or on disk.
    pub(crate) fn exists(&self, path: &[u8]) -> bool {
        let on_disk = || joined(self.inputs.repo.root(), path).is_file();
        self.document(path).is_some() || on_disk()
    }

    /// The text of a file, open or on disk. `Some(None)` if it does not exist, and `None` if it is no text.
    pub(crate) fn text(&self, path: &[u8]) -> Option<Option<String>> {
        match self.repo().read(path).ok()? {
            None => Some(None),
            Some(bytes) => {
                let mut text = String::from_utf8(bytes).ok()?;
                // An editor that opens the file has no byte order mark in its text.
                if text.starts_with(MARK) && self.document(path).is_none() {
                    text.remove(0);
                }
                Some(Some(text))
            }
        }
    }

    /// The open document at a root-relative path.
    pub(crate) fn document(&self, path: &[u8]) -> Option<&Document> {
        self.inputs.documents.get(path)
    }

    /// Calls `ask` with the rules that can decide a path. If a configuration is open, these are all
    /// rules. Otherwise only the files above the path are read, and not the index.
    pub(crate) fn with_rules_for<T>(
        &mut self,
        path: &[u8],
        ask: impl FnOnce(&Snapshot, &Project) -> T,
    ) -> Option<T> {
        if self.inputs.is_watched {
            self.load();
            let sound = self.sound.as_ref()?;
            return Some(ask(self, &sound.project));
        }
        let repo = self.repo();
        let project = rules_for(&repo, path).unwrap_or_else(|error| {
            crate::log::info(format_args!("{error}"));
            None
        })?;
        Some(ask(self, &project))
    }

    /// The lines of the text of a file, for positions in it. If the file is open, as the client counts
    /// them: it may have a byte order mark that the text does not have.
    pub(crate) fn lines(&self, path: &[u8], text: &str) -> Lines {
        let lines = Lines::new(text, self.inputs.client.encoding);
        let document = self.document(path);
        let has_mark = document.is_some_and(|document| document.text.starts_with(MARK));
        match has_mark && !text.starts_with(MARK) {
            true => lines.behind_mark(),
            false => lines,
        }
    }
}

/// Whether a file says who owns what: an `owners.toml`, or a CODEOWNERS file.
pub(crate) fn is_ours(path: &[u8]) -> bool {
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or(path);
    name == CONFIG_NAME.as_bytes() || name == b"CODEOWNERS"
}

/// Converts places in the files of a configuration, and remembers their lines.
pub(crate) struct Places<'s> {
    snapshot: &'s Snapshot,
    pub(crate) sources: &'s Sources,
    lines: BTreeMap<FileId, Lines>,
}

impl<'s> Places<'s> {
    pub(crate) fn new(snapshot: &'s Snapshot, sources: &'s Sources) -> Self {
        Places {
            snapshot,
            sources,
            lines: BTreeMap::new(),
        }
    }

    pub(crate) fn range(&mut self, file: FileId, span: &Range<usize>) -> lsp::Range {
        let Source { name, text, .. } = &self.sources[file];
        let lines = self.lines.entry(file);
        let lines = lines.or_insert_with(|| self.snapshot.lines(name.as_bytes(), text));
        lines.range(text, span)
    }

    pub(crate) fn location(&mut self, location: &Location) -> lsp::Location {
        let name = &self.sources[location.file].name;
        lsp::Location {
            uri: self.snapshot.uri(name.as_bytes()),
            range: self.range(location.file, &location.span),
        }
    }
}

impl FactsKey {
    fn new(inputs: &Inputs, project: &Project) -> Self {
        let outputs = project.config.outputs.iter();
        let outputs: Vec<(Forge, String)> = outputs
            .map(|output| (output.forge, output.file.clone()))
            .collect();
        let places = Forge::ALL
            .iter()
            .flat_map(|forge| forge.locations.iter().chain(&forge.marker))
            .map(|place| place.as_bytes());
        let rosters = project.config.roster_files();
        let mut files: Vec<Vec<u8>> = places.map(<[u8]>::to_vec).collect();
        files.extend(outputs.iter().map(|(_, file)| file.clone().into_bytes()));
        files.extend(rosters.map(|roster| roster.value.clone().into_bytes()));
        files.sort_unstable();
        files.dedup();
        let root = inputs.repo.root();
        let files = files.into_iter().map(|file| {
            let stamp = FileStamp::of(&joined(root, &file));
            let document = inputs.documents.get(&file);
            let text = document.map(|document| OpenText(Arc::clone(&document.text)));
            (file, stamp, text)
        });
        FactsKey {
            disk: inputs.disk,
            files: files.collect(),
            outputs,
        }
    }
}

/// The path of a file of the repository.
pub(crate) fn joined(root: &Path, path: &[u8]) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        root.join(std::ffi::OsStr::from_bytes(path))
    }
    #[cfg(not(unix))]
    root.join(String::from_utf8_lossy(path).as_ref())
}

/// What decides who owns the paths, as for `owners check`. `None` if nothing does.
fn project(repo: &Repo, paths: &PathSet) -> Result<Option<Project>, Trouble> {
    if let Some(project) = repo.project(paths)? {
        return Ok(Some(project));
    }
    match repo.codeowners(&[])? {
        None => Ok(None),
        Some(found) if found.is_generated() => {
            let fault = Diagnostic::error(format!("there is no `{CONFIG_NAME}`"))
                .note(format!("`{}` was generated from one", found.path))
                .about(found.path.clone())
                .help("restore it, or remove the first two lines of this file: then it is written by hand");
            Err(Trouble::Failed(Box::new(fault)))
        }
        Some(found) => Ok(Some(found.project()?)),
    }
}

/// The rules that can decide a path. `None` if there are none.
fn rules_for(repo: &Repo, path: &[u8]) -> git::Result<Option<Project>> {
    if let Some(bytes) = repo.read_or_skipped(CONFIG_NAME.as_bytes())? {
        let mut draft = owners::draft(CONFIG_NAME, bytes)?;
        repo.add_nested_above(&mut draft, &[path])?;
        return Ok(Some(draft.finish()?));
    }
    match repo.codeowners(&[])? {
        Some(found) if !found.is_generated() => Ok(Some(found.project()?)),
        _ => Ok(None),
    }
}

impl From<git::Error> for Trouble {
    fn from(error: git::Error) -> Self {
        match error.root() {
            git::Error::Unsound(unsound) => Trouble::Unsound((**unsound).clone()),
            _ => Trouble::Failed(Box::new(Diagnostic::error(format!("{error:#}")))),
        }
    }
}
