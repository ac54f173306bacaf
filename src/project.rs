//! A loaded configuration. Every command starts from it.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

use rustc_hash::FxHashMap;

use crate::codeowners::{self, FileLine, Inexact, Rendered, Renderings, TooLarge};
use crate::config::{self, CONFIG_NAME, Config, Output};
use crate::forge::Forge;
use crate::matcher::Matcher;
use crate::owner::Owner;
use crate::pattern::Pattern;
use crate::pattern::alternation::Unexpanded;
use crate::ruleset::{self, ApprovalId, GroupId, ResolvedGroup, RuleSet};
use crate::text::{Diagnostic, Faults, FileId, Source, Sources};

/// The maximum size of all files of a configuration together, in bytes.
const MAX_BYTES: usize = 8 << 20;
/// The maximum number of TOML tokens of all files together.
const MAX_TOKENS: usize = 2_000_000;

/// A configuration without errors.
#[derive(Clone, Debug)]
pub struct Project {
    /// The files that diagnostics point into.
    pub sources: Sources,
    /// The content of the root file.
    pub config: Config,
    /// The content of the nested files, in the order in which they apply.
    pub nested: Vec<Config>,
    /// The meaning of all files.
    pub rules: RuleSet,
    /// The CODEOWNERS file that the rules were read from, if that was not an `owners.toml`. It is
    /// then the root file, and `config` is empty.
    pub codeowners: Option<Handwritten>,
}

/// A CODEOWNERS file that somebody wrote by hand, in a repository without `owners.toml`.
#[derive(Clone, Debug)]
pub struct Handwritten {
    /// The forge that reads it.
    pub forge: Forge,
    /// How the forge reads it. Of its lines with a pattern, only those are kept that say something
    /// beside the rules: they can never match, or are repeated.
    pub file: codeowners::File,
}

/// Why a configuration could not be loaded: its files, and their errors.
#[derive(Clone, Debug)]
pub struct Unsound {
    /// The files that the diagnostics point into.
    pub sources: Sources,
    /// The errors, at least one.
    pub diagnostics: Vec<Diagnostic>,
    /// The number of errors not listed.
    pub more: usize,
}

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self
            .diagnostics
            .first()
            .map_or("", |first| first.message.as_str());
        write!(f, "the configuration has errors: {first}")
    }
}

impl std::error::Error for Unsound {}

/// A configuration under construction: first the root file, then nested files if it allows them.
///
/// ```
/// use owners::Draft;
///
/// let mut draft = Draft::new("owners.toml", b"nested = true\n[paths]\n'*' = '@org/team'\n".into())?;
/// assert!(draft.is_nested());
/// draft.add("crates/wasi", b"[paths]\n'*.rs' = '@alice'\n".into());
/// let project = draft.finish()?;
/// assert_eq!(project.rules.lines().as_slice()[1].pattern.to_string(), "/crates/wasi/**/*.rs");
/// # Ok::<_, owners::Unsound>(())
/// ```
#[derive(Debug)]
pub struct Draft {
    sources: Sources,
    configs: Vec<Config>,
    /// Matches the files that `nested.except` excludes.
    excluded: Matcher,
    /// The directories whose files could not be read. Files below them may need their groups, so
    /// these are not resolved.
    unread: Vec<String>,
    diagnostics: Faults,
    size: ConfigSize,
    /// The fault of a configuration that is too large. Nothing is added to it any more.
    too_large: Option<Diagnostic>,
}

/// The size of all files of a configuration.
#[derive(Debug, Default)]
struct ConfigSize {
    bytes: usize,
    /// Counting tokens takes time, and there are fewer tokens than bytes. So this is the number of
    /// bytes until that exceeds [`MAX_TOKENS`].
    tokens: usize,
    is_counted: bool,
}

impl ConfigSize {
    /// Adds the size of a file. Fails if a limit is exceeded.
    fn add(&mut self, sources: &Sources, file: FileId) -> Result<(), Box<Diagnostic>> {
        let text = &sources[file].text;
        self.bytes += text.len();
        if self.bytes > MAX_BYTES {
            return Err(Box::new(too_large(file, MAX_BYTES, "bytes")));
        }
        self.tokens += if self.is_counted {
            config::count_tokens(text)
        } else {
            text.len()
        };
        if self.tokens > MAX_TOKENS && !self.is_counted {
            self.is_counted = true;
            let texts = sources.iter().map(|(_, source)| &source.text);
            self.tokens = texts.map(|text| config::count_tokens(text)).sum();
        }
        if self.tokens > MAX_TOKENS {
            return Err(Box::new(too_large(file, MAX_TOKENS, "TOML tokens")));
        }
        Ok(())
    }
}

fn too_large(file: FileId, most: usize, what: &str) -> Diagnostic {
    let message = format!("the configuration has more than {most} {what}");
    Diagnostic::error(message)
        .at(file, 0..0, "too many with this file")
        .help("use wildcards in place of long lists of paths, and groups in place of long lists of owners")
}

impl Draft {
    /// Reads the root file from its bytes. `name` is shown in messages.
    ///
    /// # Errors
    ///
    /// If it is not valid TOML.
    pub fn new(name: &str, bytes: Vec<u8>) -> Result<Self, Unsound> {
        let source = Source::from_bytes(name, bytes).map_err(|fault| {
            let (source, diagnostic) = *fault;
            Unsound {
                sources: Sources::new(source),
                diagnostics: vec![diagnostic],
                more: 0,
            }
        })?;
        let sources = Sources::new(source);
        let mut size = ConfigSize::default();
        if let Err(diagnostic) = size.add(&sources, FileId::ROOT) {
            return Err(Unsound {
                sources,
                diagnostics: vec![*diagnostic],
                more: 0,
            });
        }
        match config::parse(FileId::ROOT, &sources[FileId::ROOT], "") {
            Err(diagnostics) => Err(Unsound {
                sources,
                diagnostics,
                more: 0,
            }),
            Ok((config, diagnostics)) => {
                let excluded = excluded(&config);
                Ok(Draft {
                    sources,
                    configs: vec![config],
                    excluded,
                    unread: Vec::new(),
                    diagnostics,
                    size,
                    too_large: None,
                })
            }
        }
    }

    /// The root configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.configs[0]
    }

    /// Adds faults of the root file. [`finish`](Self::finish) reports them with its own.
    pub fn report(&mut self, faults: Vec<Diagnostic>) {
        self.diagnostics.extend(faults);
    }

    /// Whether directories may have files of their own.
    #[must_use]
    pub fn is_nested(&self) -> bool {
        self.configs[0].nested.is_some()
    }

    /// The directory whose rules the file at `path` holds. `None` if the file is not called
    /// `owners.toml`, is the root file, or is excluded.
    #[must_use]
    pub fn directory_of<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        let directory = path
            .strip_suffix(CONFIG_NAME.as_bytes())?
            .strip_suffix(b"/")?;
        let is_ours = self.is_nested() && self.excluded.last_match(path).is_none();
        is_ours.then_some(directory)
    }

    /// Whether more files can be added. Breaks once the files are too large together.
    pub fn wants_more(&self) -> ControlFlow<()> {
        match self.too_large {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    /// Adds the file of `directory`. The order does not matter.
    pub fn add(&mut self, directory: &str, bytes: Vec<u8>) {
        if self.too_large.is_some() {
            return;
        }
        let name = format!("{directory}/{CONFIG_NAME}");
        let (source, fault) = match Source::from_bytes(name, bytes) {
            Ok(source) => (source, None),
            Err(fault) => (fault.0, Some(fault.1)),
        };
        let file = self.sources.add(source);
        if let Err(fault) = self.size.add(&self.sources, file) {
            self.too_large = Some(*fault);
            return;
        }
        if let Some(mut fault) = fault {
            fault
                .labels
                .iter_mut()
                .for_each(|label| label.location.file = file);
            self.diagnostics.push(fault);
            self.unread.push(directory.to_string());
            return;
        }
        match config::parse(file, &self.sources[file], directory) {
            Ok((config, diagnostics)) => {
                self.configs.push(config);
                self.diagnostics.append(diagnostics);
            }
            Err(diagnostics) => {
                self.diagnostics.extend(diagnostics);
                self.unread.push(directory.to_string());
            }
        }
    }

    /// Resolves all files.
    ///
    /// # Errors
    ///
    /// All errors in any of the files.
    pub fn finish(mut self) -> Result<Project, Unsound> {
        if let Some(fault) = self.too_large {
            return Err(Unsound {
                sources: self.sources,
                diagnostics: vec![fault],
                more: 0,
            });
        }
        // A directory sorts before those below it. Directories beside each other have no path in
        // common, so any fixed order is correct for them.
        self.configs[1..].sort_by(|a, b| in_tree_order(&a.directory, &b.directory));
        let Draft {
            sources,
            mut configs,
            unread,
            mut diagnostics,
            ..
        } = self;
        drop_below(&mut configs, unread);
        match ruleset::resolve(&configs, &sources) {
            Ok(rules) if diagnostics.is_empty() => {
                let config = configs.remove(0);
                return Ok(Project {
                    sources,
                    config,
                    nested: configs,
                    rules,
                    codeowners: None,
                });
            }
            Ok(_) => {}
            Err(faults) => diagnostics.append(faults),
        }
        let count = diagnostics.len();
        let mut diagnostics = diagnostics.into_kept();
        let more = count - diagnostics.len();
        // Sort by position, from the root down: people read from top to bottom, but the parser's
        // map is sorted by name.
        diagnostics.sort_by_cached_key(|fault| {
            fault.location().map(|place| {
                let name = &sources[place.file].name;
                let directory = name.rsplit_once('/').map_or("", |(directory, _)| directory);
                let is_root = place.file == FileId::ROOT;
                // `a/b` sorts after `a`, and before `a-b`.
                let directory = (!is_root).then(|| directory.replace('/', "\0"));
                (directory, place.span.start)
            })
        });
        Err(Unsound {
            sources,
            diagnostics,
            more,
        })
    }
}

/// Compiles `nested.except`. Its errors and limits are reported by [`ruleset::resolve`].
fn excluded(config: &Config) -> Matcher {
    let mut patterns: Vec<Pattern> = Vec::new();
    let (mut patterns_left, mut text_left) = (ruleset::MAX_PATTERNS, ruleset::MAX_TEXT);
    for text in config.nested.iter().flat_map(|nested| &nested.except) {
        let Ok(unexpanded) = Unexpanded::read(&text.value) else {
            continue;
        };
        let left = (
            patterns_left.checked_sub(unexpanded.count),
            text_left.checked_sub(unexpanded.length),
        );
        let (Some(fewer_patterns), Some(less_text)) = left else {
            break;
        };
        (patterns_left, text_left) = (fewer_patterns, less_text);
        let expansions = unexpanded
            .expand()
            .into_iter()
            .flat_map(|each| each.expansions);
        patterns.extend(expansions.map(|expansion| expansion.pattern));
    }
    Matcher::new(&patterns)
}

/// Orders a directory before those below it, and these before its siblings.
fn in_tree_order(a: &str, b: &str) -> Ordering {
    a.split('/').cmp(b.split('/'))
}

/// Drops the configurations, given in tree order, that are below one of the directories.
fn drop_below(configs: &mut Vec<Config>, mut directories: Vec<String>) {
    directories.sort_by(|a, b| in_tree_order(a, b));
    let is_below = |directory: &str, above: &str| {
        let rest = directory.strip_prefix(above);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let mut next = directories.iter().peekable();
    // The last of the directories that is not inside another one. No other directory can contain
    // the current file.
    let mut outer: Option<&String> = None;
    configs.retain(|config| {
        let directory = config.directory.as_str();
        while let Some(above) =
            next.next_if(|above| in_tree_order(above, directory) == Ordering::Less)
        {
            if outer.is_none_or(|outer| !is_below(above, outer)) {
                outer = Some(above);
            }
        }
        outer.is_none_or(|outer| !is_below(directory, outer))
    });
}

impl Project {
    /// Loads a configuration of a single file from its bytes.
    ///
    /// # Errors
    ///
    /// All errors in it.
    pub fn load(name: &str, bytes: Vec<u8>) -> Result<Self, Unsound> {
        Draft::new(name, bytes)?.finish()
    }

    /// Loads a configuration from a text.
    ///
    /// ```
    /// let project = owners::Project::from_text("[paths]\n\"*\" = \"@org/team\"\n").unwrap();
    /// assert_eq!(project.rules.rules().len(), 1);
    /// ```
    ///
    /// # Errors
    ///
    /// All errors in it.
    pub fn from_text(text: &str) -> Result<Self, Unsound> {
        Project::load(CONFIG_NAME, text.into())
    }

    /// A project in which every path is unowned, for a tree in which nothing says who owns what.
    #[must_use]
    pub fn without_rules() -> Self {
        Project {
            sources: Sources::new(Source::new(CONFIG_NAME, "")),
            config: Config::without_rules(FileId::ROOT),
            nested: Vec::new(),
            rules: RuleSet::default(),
            codeowners: None,
        }
    }

    /// Makes the lines of a CODEOWNERS file the rules, so that a repository without `owners.toml`
    /// can be checked. Bytes that are not UTF-8 are replaced, because no owner contains them.
    ///
    /// ```
    /// use owners::{Forge, Project};
    ///
    /// let project = Project::from_codeowners("CODEOWNERS", b"* @a\n/x @b\n", Forge::GITHUB).unwrap();
    /// assert_eq!(project.rules.rules().len(), 2);
    /// ```
    ///
    /// # Errors
    ///
    /// If it is [too large](codeowners::ensure_readable).
    pub fn from_codeowners(name: &str, bytes: &[u8], forge: Forge) -> Result<Self, TooLarge> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let source = Source::new(name, String::from_utf8_lossy(bytes));
        codeowners::ensure_readable(&source.text)?;
        let mut file = codeowners::read(&source.text, forge);
        let rules = RuleSet::of_file(&file, &source, forge);
        let says_more = |line: &FileLine| line.pattern.is_none() || !line.repeated_at.is_empty();
        file.entries.retain(says_more);
        Ok(Project {
            sources: Sources::new(source),
            config: Config::without_rules(FileId::ROOT),
            nested: Vec::new(),
            rules,
            codeowners: Some(Handwritten { forge, file }),
        })
    }

    /// Loads the same configuration with new texts for some of its files. File ids stay the same.
    ///
    /// # Errors
    ///
    /// All errors in it.
    pub fn with_texts(&self, texts: &BTreeMap<FileId, String>) -> Result<Self, Unsound> {
        let text = |file: FileId| texts.get(&file).unwrap_or(&self.sources[file].text).clone();
        let root = &self.sources[FileId::ROOT].name;
        let mut draft = Draft::new(root, text(FileId::ROOT).into())?;
        let mut nested: Vec<&Config> = self.nested.iter().collect();
        nested.sort_by_key(|config| config.file);
        for config in nested {
            draft.add(&config.directory, text(config.file).into());
        }
        draft.finish()
    }

    /// The content of one of the files.
    pub(crate) fn config_of(&self, file: FileId) -> &Config {
        let nested = self.nested.iter().find(|config| config.file == file);
        nested.unwrap_or(&self.config)
    }

    /// The groups that a name means in a directory: the one that is visible there. If none is,
    /// all of that name.
    #[must_use]
    pub fn groups_named(&self, name: &str, directory: &str) -> Vec<GroupId> {
        let groups = self.rules.groups().with_ids();
        let same = groups.filter(|(_, group)| group.name == name);
        let all: Vec<GroupId> = same.map(|(id, _)| id).collect();
        let configs = std::iter::once(&self.config).chain(&self.nested);
        let here = configs.filter(|config| Path::new(directory).starts_with(&config.directory));
        let files: Vec<FileId> = here.map(|config| config.file).collect();
        let is_visible = |id: &&GroupId| files.contains(&self.rules[**id].location.file);
        match all.iter().find(is_visible) {
            Some(&visible) => vec![visible],
            None => all,
        }
    }

    /// The groups that have both a team and members, with the team.
    pub(crate) fn team_groups(&self) -> impl Iterator<Item = (&ResolvedGroup, Owner)> {
        let configs = std::iter::once(&self.config).chain(&self.nested);
        let with_team = configs.flat_map(|config| {
            let groups = config
                .groups
                .iter()
                .filter(|group| !group.members.is_empty());
            groups.filter_map(|group| {
                Some(((config.file, group.name.span.start), group.team.as_ref()?))
            })
        });
        let teams: FxHashMap<_, _> = with_team.collect();
        self.rules.groups().iter().filter_map(move |group| {
            let team = teams.get(&(group.location.file, group.location.span.start))?;
            Some((group, Owner::unchecked(&team.value)))
        })
    }

    /// A project whose rules are those of an approval, without anything else.
    #[must_use]
    pub fn of_approval(&self, approval: ApprovalId) -> Self {
        Project {
            sources: self.sources.clone(),
            config: Config {
                lints: self.config.lints.clone(),
                ..Config::without_rules(FileId::ROOT)
            },
            nested: Vec::new(),
            rules: self.rules[approval].rules.clone(),
            codeowners: None,
        }
    }

    /// Renders all outputs.
    #[must_use]
    pub fn render_all(&self) -> Renderings {
        Renderings::new(&self.rules, &self.config.outputs, &self.sources)
    }

    /// Renders one output.
    ///
    /// # Errors
    ///
    /// Every pattern that its forge cannot express.
    pub fn render(&self, output: &Output) -> Result<Rendered, Vec<Inexact>> {
        codeowners::render(&self.rules, output, &self.sources)
    }
}
