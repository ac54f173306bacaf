//! A configuration, loaded: what every command starts from.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::ControlFlow;

use crate::codeowners::{self, Inexact, Rendered, Renderings};
use crate::config::{self, CONFIG_NAME, Config, Output};
use crate::matcher::Matcher;
use crate::pattern::Pattern;
use crate::pattern::alternation::Alternation;
use crate::ruleset::{self, RuleSet};
use crate::text::{Diagnostic, Faults, FileId, Source, Sources};

/// The most bytes that all files of a configuration may have together.
const MAX_BYTES: usize = 8 << 20;
/// The most TOML tokens that they may have together.
const MAX_TOKENS: usize = 2_000_000;

/// An `owners.toml` that is sound.
#[derive(Clone, Debug)]
pub struct Project {
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// What is written in the file at the root.
    pub config: Config,
    /// What is written in the files below the root, in the order in which they apply.
    pub nested: Vec<Config>,
    /// What all of it means.
    pub rules: RuleSet,
}

/// Why a configuration could not be loaded: texts, and all that is wrong in them.
#[derive(Clone, Debug)]
pub struct Unsound {
    /// The texts that the diagnostics point into.
    pub sources: Sources,
    /// At least one.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there are.
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

/// A configuration that is being put together: the file at the root first, and then, if it allows
/// them, those of directories below.
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
    /// Matches the files that are said to be something else.
    excluded: Matcher,
    /// The directories whose files could not be read: what is below them may need their groups.
    unread: Vec<String>,
    diagnostics: Faults,
    size: Size,
    /// The fault of a configuration that is too large. Nothing is added to it any more.
    too_large: Option<Diagnostic>,
}

/// How large all files of a configuration are together.
#[derive(Debug, Default)]
struct Size {
    bytes: usize,
    /// As long as the bytes do not exceed [`MAX_TOKENS`], they stand for the tokens, which are fewer
    /// and take time to count.
    tokens: usize,
    is_counted: bool,
}

impl Size {
    /// Adds the file that was added to `sources` last, or says which limit it exceeds.
    fn add(&mut self, sources: &Sources, file: FileId) -> Result<(), Box<Diagnostic>> {
        let text = &sources[file].text;
        self.bytes += text.len();
        if self.bytes > MAX_BYTES {
            return Err(Box::new(too_large(file, MAX_BYTES, "bytes")));
        }
        self.tokens += match self.is_counted {
            true => config::count_tokens(text),
            false => text.len(),
        };
        if self.tokens > MAX_TOKENS && !self.is_counted {
            self.is_counted = true;
            let texts = sources.iter().map(|(_, source)| &source.text);
            self.tokens = texts.map(|text| config::count_tokens(text)).sum();
        }
        match self.tokens > MAX_TOKENS {
            true => Err(Box::new(too_large(file, MAX_TOKENS, "TOML tokens"))),
            false => Ok(()),
        }
    }
}

fn too_large(file: FileId, most: usize, what: &str) -> Diagnostic {
    let message = format!("the configuration has more than {most} {what}");
    Diagnostic::error(message)
        .at(file, 0..0, "too many with this file")
        .help("use wildcards in place of long lists of paths, and groups in place of long lists of owners")
}

impl Draft {
    /// Reads the configuration at the root from the bytes of a file called `name`.
    ///
    /// # Errors
    ///
    /// If it is not TOML at all.
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
        let mut size = Size::default();
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

    /// The configuration at the root.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.configs[0]
    }

    /// Adds faults that were found in it: [`finish`](Self::finish) reports them with its own.
    pub fn report(&mut self, faults: Vec<Diagnostic>) {
        self.diagnostics.extend(faults);
    }

    /// Whether directories may have files of their own.
    #[must_use]
    pub fn is_nested(&self) -> bool {
        self.configs[0].nested.is_some()
    }

    /// The directory whose rules the file at `path` holds: none, if it is not called `owners.toml`,
    /// is the one at the root, or is said to be something else.
    #[must_use]
    pub fn directory_of<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        let directory = path
            .strip_suffix(CONFIG_NAME.as_bytes())?
            .strip_suffix(b"/")?;
        let is_ours = self.is_nested() && self.excluded.last_match(path).is_none();
        is_ours.then_some(directory)
    }

    /// Whether to go on adding files: not when those that were added are too large together.
    pub fn wants_more(&self) -> ControlFlow<()> {
        match self.too_large {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    /// Adds the file of `directory`, in any order.
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

    /// Resolves all of it.
    ///
    /// # Errors
    ///
    /// All that is wrong in any of the files.
    pub fn finish(mut self) -> Result<Project, Unsound> {
        if let Some(fault) = self.too_large {
            return Err(Unsound {
                sources: self.sources,
                diagnostics: vec![fault],
                more: 0,
            });
        }
        // A directory sorts before those in it. Those beside each other have no path in common, so
        // any order would do, as long as it is always the same.
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
                });
            }
            Ok(_) => {}
            Err(faults) => diagnostics.append(faults),
        }
        let count = diagnostics.len();
        let mut diagnostics = diagnostics.into_kept();
        let more = count - diagnostics.len();
        // The parser's map is sorted by name; people read from top to bottom, and from the root down.
        diagnostics.sort_by_cached_key(|fault| {
            fault.location().map(|place| {
                let name = &sources[place.file].name;
                let directory = name.rsplit_once('/').map_or("", |(directory, _)| directory);
                let is_root = place.file == FileId::ROOT;
                // `a/b` belongs behind `a`, and before `a-b`.
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

/// Compiles `nested.except`. What is wrong with it is reported when all is resolved, and so is that it
/// expands to too much.
fn excluded(config: &Config) -> Matcher {
    let mut patterns: Vec<Pattern> = Vec::new();
    let mut segments = 0;
    for text in config.nested.iter().flat_map(|nested| &nested.except) {
        for expansion in Alternation::parse(&text.value)
            .into_iter()
            .flat_map(|each| each.expansions)
        {
            segments += expansion.pattern.steps().len();
            patterns.push(expansion.pattern);
        }
        if patterns.len() > ruleset::MAX_PATTERNS || segments > ruleset::MAX_PARTS {
            break;
        }
    }
    Matcher::new(&patterns)
}

/// A directory before those in it, and these before those beside it.
fn in_tree_order(a: &str, b: &str) -> Ordering {
    a.split('/').cmp(b.split('/'))
}

/// Drops the files, which are in tree order, that are below one of the directories.
fn drop_below(configs: &mut Vec<Config>, mut directories: Vec<String>) {
    directories.sort_by(|a, b| in_tree_order(a, b));
    let is_below = |directory: &str, above: &str| {
        let rest = directory.strip_prefix(above);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let mut next = directories.iter().peekable();
    // The latest of the directories that is not in another: nothing else can hold the present file.
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
    /// Loads a configuration that is one file from the bytes of a file called `name`.
    ///
    /// # Errors
    ///
    /// All that is wrong in it.
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
    /// All that is wrong in it.
    pub fn from_text(text: &str) -> Result<Self, Unsound> {
        Project::load(CONFIG_NAME, text.into())
    }

    /// The same configuration with other texts in some of its files, which keep their places.
    ///
    /// # Errors
    ///
    /// All that is wrong in it.
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

    /// The texts of all outputs.
    #[must_use]
    pub fn render_all(&self) -> Renderings {
        Renderings::new(&self.rules, &self.config.outputs, &self.sources)
    }

    /// The text of one of the outputs.
    ///
    /// # Errors
    ///
    /// Every pattern that its forge cannot express.
    pub fn render(&self, output: &Output) -> Result<Rendered, Vec<Inexact>> {
        codeowners::render(&self.rules, output.forge, &self.sources)
    }
}
