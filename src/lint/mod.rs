//! Lints: what `owners check` looks for.
//!
//! A lint is a module with a `check` function and a row in [`LINTS`]. It reads plain data (the
//! project, what is tracked and on disk, one survey of the two) and reports diagnostics; what level
//! they get is decided here.

mod dead_pattern;
mod duplicate_pattern;
mod inexact_output;
mod overridden_output;
mod stale_output;
mod unowned_path;
mod unused_group;

pub use inexact_output::diagnostic as inexact_output;

use crate::codeowners::{Inexact, Rendered};
use crate::diagnostic::{Diagnostic, Severity};
use crate::paths::PathSet;
use crate::project::Project;
use crate::survey::Survey;

/// What a finding of a lint does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing: it is not even looked for.
    Allow,
    /// It is reported.
    Warn,
    /// It is reported, and the command fails.
    Deny,
}

impl Level {
    /// The level of that name in `owners.toml`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "allow" => Some(Level::Allow),
            "warn" => Some(Level::Warn),
            "deny" => Some(Level::Deny),
            _ => None,
        }
    }
}

/// A lint.
#[derive(Debug)]
pub struct Lint {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// Its level where nothing else is said.
    pub level: Level,
    /// When it fires, in a few words.
    pub summary: &'static str,
    check: fn(&Context<'_>, &mut Findings<'_>),
}

/// Every lint. To add one, write its module and its row.
pub static LINTS: &[Lint] = &[
    Lint {
        name: "unowned-path",
        level: Level::Deny,
        summary: "a tracked path matches no rule and is not exempt",
        check: unowned_path::check,
    },
    Lint {
        name: "stale-output",
        level: Level::Deny,
        summary: "a generated file is missing, untracked, ignored or out of date",
        check: stale_output::check,
    },
    Lint {
        name: "overridden-output",
        level: Level::Deny,
        summary: "another CODEOWNERS file outranks the generated one",
        check: overridden_output::check,
    },
    Lint {
        name: "inexact-output",
        level: Level::Deny,
        summary: "the platform cannot express a pattern exactly",
        check: inexact_output::check,
    },
    Lint {
        name: "duplicate-pattern",
        level: Level::Deny,
        summary: "two rules have the same pattern",
        check: duplicate_pattern::check,
    },
    Lint {
        name: "dead-pattern",
        level: Level::Warn,
        summary: "no tracked path matches a pattern, or one of its alternatives",
        check: dead_pattern::check,
    },
    Lint {
        name: "unused-group",
        level: Level::Warn,
        summary: "no rule reaches a group",
        check: unused_group::check,
    },
];

/// The lint of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Lint> {
    LINTS.iter().find(|lint| lint.name == name)
}

/// What is known of the repository: read elsewhere, plain data here.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The tracked paths.
    pub paths: PathSet,
    /// Whether git tracks them; otherwise they are what was found on disk.
    pub is_git: bool,
    /// The generated files as they are on disk, in the order of the configuration's outputs.
    pub outputs: Vec<OutputOnDisk>,
    /// Which other files exist in the places where a platform of an output looks for its file.
    pub rivals: Vec<String>,
}

/// A generated file as it is on disk.
#[derive(Clone, Debug, Default)]
pub struct OutputOnDisk {
    /// What it holds, if it exists.
    pub text: Option<Vec<u8>>,
    /// Whether git ignores it.
    pub is_ignored: bool,
}

/// What a lint looks at.
pub struct Context<'c> {
    /// The configuration.
    pub project: &'c Project,
    /// The repository.
    pub facts: &'c Facts,
    /// What the first does to the second.
    pub survey: &'c Survey,
    /// What `gen` would write, in the order of the configuration's outputs.
    pub rendered: &'c [Result<Rendered, Vec<Inexact>>],
    /// Whether every path is to be listed, however many there are.
    pub is_verbose: bool,
}

/// Takes what a lint finds.
pub struct Findings<'f> {
    lint: &'static Lint,
    severity: Severity,
    diagnostics: &'f mut Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Reports a finding; its lint and severity are filled in.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(Diagnostic {
            lint: Some(self.lint.name),
            severity: self.severity,
            ..diagnostic
        });
    }
}

/// The level of each of [`LINTS`].
#[derive(Clone, Debug)]
pub struct Levels {
    levels: Vec<Level>,
}

impl Levels {
    /// The defaults, changed by `[lints]`.
    #[must_use]
    pub fn new(project: &Project) -> Self {
        let mut levels = Levels {
            levels: LINTS.iter().map(|lint| lint.level).collect(),
        };
        for (name, level) in &project.config.lints {
            levels.set(&name.value, *level);
        }
        levels
    }

    /// Sets the level of the lint called `name`, or, for `warnings`, of all that would warn.
    /// Returns whether there is such a name.
    pub fn set(&mut self, name: &str, level: Level) -> bool {
        let mut is_known = name == "warnings";
        for (lint, current) in LINTS.iter().zip(&mut self.levels) {
            if lint.name == name || (name == "warnings" && *current == Level::Warn) {
                *current = level;
                is_known = true;
            }
        }
        is_known
    }
}

/// Runs every lint that is not allowed. The findings come lint by lint, in the order of [`LINTS`].
#[must_use]
pub fn run(context: &Context<'_>, levels: &Levels) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (lint, level) in LINTS.iter().zip(&levels.levels) {
        let severity = match level {
            Level::Allow => continue,
            Level::Warn => Severity::Warning,
            Level::Deny => Severity::Error,
        };
        (lint.check)(
            context,
            &mut Findings {
                lint,
                severity,
                diagnostics: &mut diagnostics,
            },
        );
    }
    diagnostics
}
