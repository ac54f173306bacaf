//! A configuration, loaded: what every command starts from.

use std::fmt;

use crate::codeowners::{self, Inexact, Rendered};
use crate::config::{self, Config, Output};
use crate::diagnostic::{Diagnostic, FileId, Source, Sources};
use crate::ruleset::{self, RuleSet};

/// The name of the configuration file.
pub const CONFIG_NAME: &str = "owners.toml";

/// An `owners.toml` that is sound.
#[derive(Clone, Debug)]
pub struct Project {
    /// The texts that diagnostics point into.
    pub sources: Sources,
    /// What is written.
    pub config: Config,
    /// What it means.
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

impl Project {
    /// Loads a configuration from the bytes of a file called `name`.
    ///
    /// # Errors
    ///
    /// All that is wrong in it.
    pub fn load(name: &str, bytes: Vec<u8>) -> Result<Self, Unsound> {
        let source = Source::from_bytes(name, bytes).map_err(|fault| {
            let (source, diagnostic) = *fault;
            Unsound {
                sources: Sources::new(source),
                diagnostics: vec![diagnostic],
            }
        })?;
        let sources = Sources::new(source);
        let (config, mut diagnostics) = match config::parse(FileId::ROOT, &sources[FileId::ROOT]) {
            Ok(parsed) => parsed,
            Err(diagnostics) => {
                return Err(Unsound {
                    sources,
                    diagnostics,
                });
            }
        };
        match ruleset::resolve(&config, &sources) {
            Ok(rules) if diagnostics.is_empty() => {
                return Ok(Project {
                    sources,
                    config,
                    rules,
                });
            }
            Ok(_) => {}
            Err(faults) => diagnostics.extend(faults),
        }
        // The parser's map is sorted by name; people read from top to bottom.
        diagnostics.sort_by_key(|fault| fault.location().map_or(0, |place| place.span.start));
        Err(Unsound {
            sources,
            diagnostics,
        })
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

    /// The text of one of the outputs.
    ///
    /// # Errors
    ///
    /// Every pattern that its platform cannot express.
    pub fn render(&self, output: &Output) -> Result<Rendered, Vec<Inexact>> {
        codeowners::render(
            &self.rules,
            output.platform,
            &self.sources[self.config.file].name,
        )
    }
}
