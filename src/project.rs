//! A configuration, loaded: what every command starts from.

use std::collections::BTreeMap;
use std::fmt;

use crate::codeowners::{self, Inexact, Rendered};
use crate::config::{self, Config, Output};
use crate::diagnostic::{Diagnostic, FileId, Source, Sources};
use crate::pattern::Pattern;
use crate::pattern::alternation::Alternation;
use crate::platform::Platform;
use crate::ruleset::{self, RuleSet};

/// The name of the configuration file.
pub const CONFIG_NAME: &str = "owners.toml";

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
/// use owners::project::Draft;
///
/// let mut draft = Draft::new("owners.toml", b"nested = true\n[paths]\n'*' = '@org/team'\n".into())?;
/// assert!(draft.is_nested());
/// draft.add("crates/wasi", b"[paths]\n'*.rs' = '@alice'\n".into());
/// let project = draft.finish()?;
/// assert_eq!(project.rules.lines[1].pattern.to_string(), "/crates/wasi/**/*.rs");
/// # Ok::<_, owners::project::Unsound>(())
/// ```
#[derive(Debug)]
pub struct Draft {
    sources: Sources,
    configs: Vec<Config>,
    excluded: Vec<Pattern>,
    /// The directories whose files could not be read: what is below them may need their groups.
    unread: Vec<String>,
    diagnostics: Vec<Diagnostic>,
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
            }
        })?;
        let sources = Sources::new(source);
        match config::parse(FileId::ROOT, &sources[FileId::ROOT], "") {
            Err(diagnostics) => Err(Unsound {
                sources,
                diagnostics,
            }),
            Ok((config, diagnostics)) => {
                let except = config.nested.iter().flat_map(|nested| &nested.except);
                // What is wrong with one is reported when all is resolved.
                let excluded = except
                    .filter_map(|text| Alternation::parse(&text.value).ok())
                    .flat_map(|expanded| expanded.expansions)
                    .map(|expansion| expansion.pattern)
                    .collect();
                Ok(Draft {
                    sources,
                    configs: vec![config],
                    excluded,
                    unread: Vec::new(),
                    diagnostics,
                })
            }
        }
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
        let is_excluded = self.excluded.iter().any(|pattern| pattern.matches(path));
        (self.is_nested() && !is_excluded).then_some(directory)
    }

    /// Adds the file of `directory`, in any order.
    pub fn add(&mut self, directory: &str, bytes: Vec<u8>) {
        let name = format!("{directory}/{CONFIG_NAME}");
        let (source, fault) = match Source::from_bytes(name, bytes) {
            Ok(source) => (source, None),
            Err(fault) => (fault.0, Some(fault.1)),
        };
        let file = self.sources.add(source);
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
                self.diagnostics.extend(diagnostics);
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
        // A directory sorts before those in it. Those beside each other have no path in common, so
        // any order would do, as long as it is always the same.
        self.configs[1..].sort_by(|a, b| a.directory.split('/').cmp(b.directory.split('/')));
        let Draft {
            sources,
            mut configs,
            unread,
            mut diagnostics,
            ..
        } = self;
        if !unread.is_empty() {
            let is_below = |directory: &str, above: &String| {
                let rest = directory.strip_prefix(above.as_str());
                rest.is_some_and(|rest| rest.starts_with('/'))
            };
            configs.retain(|config| {
                let directory = config.directory.as_str();
                !unread.iter().any(|above| is_below(directory, above))
            });
        }
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
            Err(faults) => diagnostics.extend(faults),
        }
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
        })
    }
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
    /// assert_eq!(project.rules.rules.len(), 1);
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

    /// The text of one of the outputs.
    ///
    /// # Errors
    ///
    /// Every pattern that its platform cannot express.
    pub fn render(&self, output: &Output) -> Result<Rendered, Vec<Inexact>> {
        codeowners::render(&self.rules, output.platform, &self.sources)
    }

    /// The texts of all outputs, in the order of the configuration. Outputs for one platform have one
    /// text.
    #[must_use]
    pub fn render_all(&self) -> Vec<Result<Rendered, Vec<Inexact>>> {
        let mut known: BTreeMap<Platform, Result<Rendered, Vec<Inexact>>> = BTreeMap::new();
        let outputs = self.config.outputs.iter();
        outputs
            .map(|output| {
                let rendered = known.entry(output.platform);
                rendered.or_insert_with(|| self.render(output)).clone()
            })
            .collect()
    }
}
