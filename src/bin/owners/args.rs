//! The command line, as types.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use owners::forge::Forge;
use owners::text::Holds;

use crate::print::Printer;

/// Code ownership that can be checked: `owners.toml` in, CODEOWNERS out.
#[derive(Debug, Parser)]
#[command(
    name = "owners",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Run as if started in DIR
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(crate) directory: Option<PathBuf>,
    /// Read this file instead of owners.toml at the root of the repository
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// When to use colors
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
    /// Say less
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more: list every path
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Decides for all output of the process.
    pub(crate) fn write_global(self) {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the CODEOWNERS file that owners.toml describes
    Gen(Gen),
    /// Check that every tracked path has an owner and that the rules are alive
    Check(Check),
    /// Say who owns paths
    Who(Who),
    /// List tracked paths by who owns them
    Ls(Ls),
    /// Count how much of the repository who owns
    Stats(Stats),
    /// Show which paths a change gives to other owners
    Diff(Diff),
    /// Say whom the forge will ask to review a change, and who is enough
    Reviewers(Reviewers),
    /// Start an owners.toml, from an existing CODEOWNERS file if there is one
    Init(Init),
    /// Say what a lint is about
    Explain(Explain),
    /// Print the JSON Schema of owners.toml, for editors
    Schema,
    /// Print the completions of a shell
    Completions {
        /// The shell to print them for
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Gen {
    /// Write nothing; show what would change, and exit with 1 if anything would
    #[arg(long, conflicts_with_all = ["stdout", "force", "stage"])]
    pub(crate) check: bool,
    /// Print the text instead of writing it
    #[arg(long, conflicts_with_all = ["force", "stage"])]
    pub(crate) stdout: bool,
    /// Overwrite a file that was not generated
    #[arg(long)]
    pub(crate) force: bool,
    /// Run `git add` on what is written
    #[arg(long)]
    pub(crate) stage: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Make findings of LINT errors (`warnings`: of all lints that warn)
    #[arg(short = 'D', long, value_name = "LINT", action = ArgAction::Append)]
    pub(crate) deny: Vec<String>,
    /// Make findings of LINT warnings
    #[arg(short = 'W', long, value_name = "LINT", action = ArgAction::Append)]
    pub(crate) warn: Vec<String>,
    /// Do not look for LINT
    #[arg(short = 'A', long, value_name = "LINT", action = ArgAction::Append)]
    pub(crate) allow: Vec<String>,
    /// Report only what differs from the merge base with BASE: its paths, and what is newly wrong
    #[arg(long, value_name = "BASE", conflicts_with_all = ["untracked", "config"])]
    pub(crate) changed: Option<String>,
    /// Look at a commit instead of the index and the working tree
    #[arg(long, value_name = "REV", conflicts_with_all = ["untracked", "changed", "config"])]
    pub(crate) rev: Option<String>,
    /// Look at files that git does not track (and does not ignore) as well
    #[arg(long)]
    pub(crate) untracked: bool,
    /// How to show findings; human unless given, with annotations in GitHub Actions
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// Fix what can be fixed while every path keeps its owners: in any tree (the default), or in the
    /// present one. Edits owners.toml, writes the generated file, and reports the rest
    #[arg(
        long,
        value_name = "TREES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "any",
        conflicts_with = "rev"
    )]
    pub(crate) fix: Option<FixIn>,
    /// With `--fix`: write nothing, show the difference
    #[arg(long, requires = "fix", conflicts_with = "format")]
    pub(crate) dry_run: bool,
}

/// In which trees a fix has to leave every path its owners.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FixIn {
    Any,
    Tree,
}

impl From<FixIn> for Holds {
    fn from(fix: FixIn) -> Self {
        match fix {
            FixIn::Any => Holds::AnyTree,
            FixIn::Tree => Holds::ThisTree,
        }
    }
}

/// How `check` shows findings: `report` has a file for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Human,
    Short,
    Json,
    Github,
    Sarif,
    Gitlab,
}

#[derive(Debug, Args)]
pub(crate) struct Who {
    /// Files or directories, relative to the current directory; they need not exist
    #[arg(value_name = "PATH", required_unless_present = "stdin")]
    pub(crate) paths: Vec<PathBuf>,
    /// Show which rule decides, where it stands, and which rules it overrides
    #[arg(long)]
    pub(crate) explain: bool,
    /// Show the people of groups instead of the teams that stand for them
    #[arg(long)]
    pub(crate) members: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Read paths from standard input, one a line
    #[arg(long, conflicts_with = "paths")]
    pub(crate) stdin: bool,
    /// Paths on standard input, and records of the output, end in NUL instead of a newline
    #[arg(short = '0', long = "null", conflicts_with = "json")]
    pub(crate) null: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Ls {
    /// Only the paths of this group or owner (all, if nothing is asked for)
    #[arg(value_name = "GROUP|@OWNER")]
    pub(crate) name: Option<String>,
    /// Only the paths that no rule matches
    #[arg(long, conflicts_with_all = ["name", "nobody"])]
    pub(crate) unowned: bool,
    /// Only the paths that are deliberately nobody's
    #[arg(long, conflicts_with = "name")]
    pub(crate) nobody: bool,
    /// End each path in NUL instead of a newline, and show it as it is
    #[arg(short = '0', long = "null")]
    pub(crate) null: bool,
    /// Look at a commit instead of the index and the working tree
    #[arg(long, value_name = "REV", conflicts_with = "config")]
    pub(crate) rev: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Stats {
    /// What to count by
    #[arg(long, value_name = "WHAT", default_value = "group")]
    pub(crate) by: By,
    /// With `--by dir`: how many levels of directories to show [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) depth: Option<u8>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Look at a commit instead of the index and the working tree
    #[arg(long, value_name = "REV", conflicts_with = "config")]
    pub(crate) rev: Option<String>,
}

/// What `stats` counts by.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum By {
    /// The groups of owners.toml
    Group,
    /// Users, teams and addresses
    Owner,
    /// Directories
    Dir,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// What to compare: a revision, `A..B`, or `A...B` for what B did since it left A [default: HEAD]
    #[arg(value_name = "BASE")]
    pub(crate) base: Option<String>,
    /// The revision to compare with, instead of the index and the working tree
    #[arg(value_name = "HEAD")]
    pub(crate) head: Option<String>,
    /// How to show it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ChangeFormat,
    /// Exit with 1 if any path has other owners than before
    #[arg(long)]
    pub(crate) exit_code: bool,
}

impl Diff {
    /// Whether both sides are commits.
    pub(crate) fn names_both_sides(&self) -> bool {
        let is_range = |base: &String| base.contains("..");
        self.head.is_some() || self.base.as_ref().is_some_and(is_range)
    }
}

#[derive(Debug, Args)]
pub(crate) struct Reviewers {
    /// The branch that the change goes into [default: origin/HEAD, main or master]
    #[arg(value_name = "BASE")]
    pub(crate) base: Option<String>,
    /// The tip of the change, instead of HEAD with the index and the working tree
    #[arg(value_name = "HEAD")]
    pub(crate) head: Option<String>,
    /// How to show it
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: ChangeFormat,
    /// Print JSON
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    /// Who wrote the change, and is not asked to review it
    #[arg(long, value_name = "@LOGIN")]
    pub(crate) author: Option<String>,
    /// The forge that reads the file [default: that of owners.toml]
    #[arg(long = "platform", value_name = "PLATFORM", value_parser = forge())]
    pub(crate) forge: Option<Forge>,
}

/// How a change is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChangeFormat {
    Human,
    /// For a comment on a pull request
    Markdown,
    Json,
}

impl ChangeFormat {
    /// Where it is written.
    pub(crate) fn printer(self) -> Printer {
        match self {
            ChangeFormat::Human => Printer::document(),
            // What posts a comment takes every line for a part of it.
            ChangeFormat::Markdown => Printer::lines(),
            ChangeFormat::Json => Printer::json(),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The CODEOWNERS file to import (the one that the forge reads, if not given)
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// The forge whose dialect that file is written in
    #[arg(long = "platform", value_name = "PLATFORM", value_parser = forge())]
    pub(crate) forge: Option<Forge>,
    /// Keep one rule for each line
    #[arg(long)]
    pub(crate) no_fold: bool,
    /// List the paths that nobody owns yet under `[check] exempt`
    #[arg(long)]
    pub(crate) exempt_unowned: bool,
    /// Replace the CODEOWNERS file by the generated one
    #[arg(long)]
    pub(crate) write_output: bool,
    /// Replace an owners.toml that exists
    #[arg(long)]
    pub(crate) force: bool,
}

/// Takes a forge by the name that it has in owners.toml.
fn forge() -> impl TypedValueParser<Value = Forge> {
    PossibleValuesParser::new(Forge::ALL.iter().map(|forge| forge.name))
        .map(|name| Forge::from_name(&name).unwrap_or_default())
}

/// Say what a lint is about.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The name of a lint, such as unowned-path; without one, all are listed
    #[arg(value_name = "LINT")]
    pub(crate) lint: Option<String>,
}
