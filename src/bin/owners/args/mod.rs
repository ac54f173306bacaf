//! The command line, as types.

mod format;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use owners::Forge;
use owners::text::{Diagnostic, Holds, date};

use crate::commands::{INACTIVE_MONTHS, MAX_FILES};
use crate::complete;
use crate::failure::Failure;
use crate::print::Colors;

pub(crate) use format::{ChangeFormat, DataFormat, ExportFormat, Format, Formatted};

/// Generate CODEOWNERS from owners.toml, and check that every path is owned
#[derive(Debug, Parser)]
#[command(
    name = "owners",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// List the commands, with the external ones in PATH
    #[arg(long)]
    pub(crate) list: bool,
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Change to DIR before doing anything
    #[arg(short = 'C', value_name = "DIR", global = true, add = complete::paths())]
    pub(crate) directory: Option<PathBuf>,
    /// Read this file instead of owners.toml at the root of the repository
    #[arg(long, value_name = "FILE", global = true, add = complete::paths())]
    pub(crate) config: Option<PathBuf>,
    /// When to use colors
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Colors,
    /// Print less: for `check` only the summary
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Print more: every path and every finding
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the CODEOWNERS file that owners.toml describes
    Gen(Gen),
    /// Check that no tracked path is unowned and that every rule takes effect
    Check(Check),
    /// Show who owns paths
    Who(Who),
    /// List tracked paths with their owners
    Ls(Ls),
    /// Show how many tracked paths each owner has
    Stats(Stats),
    /// Write a page that shows who owns what, as a map to zoom into
    Map(Map),
    /// Print groups, rules, requirements and approvals, or every path, as data for other programs
    Export(Export),
    /// Show which paths changed owners between two revisions
    Diff(Diff),
    /// Show who will be requested to review a change, and the smallest set that covers every file
    Reviewers(Reviewers),
    /// Show who has worked somewhere and is not listed as an owner, best first
    Suggest(Suggest),
    /// Show what depends on few people: files that one owner knows, the truck factor, owners who are gone
    Risk(Risk),
    /// Create owners.toml, from an existing CODEOWNERS file if there is one
    Init(Init),
    /// Add a person or team to a group of owners.toml
    Add(Add),
    /// Remove an owner from every group, rule, requirement and approval of owners.toml
    Remove(Remove),
    /// Rename a group, or an owner, everywhere in owners.toml
    Rename(Rename),
    /// Explain a lint
    Explain(Explain),
    /// Print the JSON Schema of owners.toml, for editors, or of `owners export`
    Schema(Schema),
    /// Print completions for a shell
    Completions {
        /// The shell to print them for
        shell: clap_complete::Shell,
    },
    /// Print a page of the manual
    Man(Man),
    /// A program `owners-NAME` in PATH, with its arguments
    #[command(external_subcommand)]
    External(Vec<OsString>),
}

#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The command whose page to print [default: the page of owners]
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// Write all pages into this directory, such as `~/.local/share/man/man1`
    // Not named as the value of `-C`, which would take its place.
    #[arg(long = "dir", value_name = "DIR", conflicts_with = "command", add = complete::paths())]
    pub(crate) into: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Gen {
    /// Write nothing; show what would change, and exit with 1 if anything would change
    #[arg(long, conflicts_with_all = ["stdout", "force", "stage"])]
    pub(crate) check: bool,
    /// Print the text instead of writing it
    #[arg(long, conflicts_with_all = ["force", "stage"])]
    pub(crate) stdout: bool,
    /// Overwrite a file that `owners gen` did not write
    #[arg(long)]
    pub(crate) force: bool,
    /// Run `git add` on the files that were written
    #[arg(long)]
    pub(crate) stage: bool,
}

#[derive(Debug, Args)]
#[command(mut_arg("format", |format| {
    format.help("Output format [default: human, with annotations in GitHub Actions]")
}))]
pub(crate) struct Check {
    /// Report LINT as an error (`warnings` stands for every lint that warns)
    #[arg(short = 'D', long, value_name = "LINT", action = ArgAction::Append, add = complete::lints(true))]
    pub(crate) deny: Vec<String>,
    /// Report LINT as a warning
    #[arg(short = 'W', long, value_name = "LINT", action = ArgAction::Append, add = complete::lints(true))]
    pub(crate) warn: Vec<String>,
    /// Do not report LINT
    #[arg(short = 'A', long, value_name = "LINT", action = ArgAction::Append, add = complete::lints(true))]
    pub(crate) allow: Vec<String>,
    /// Report only the paths that changed since the merge base with BASE, and new findings
    #[arg(long, value_name = "BASE", add = complete::revisions(), conflicts_with_all = ["untracked", "config"])]
    pub(crate) changed: Option<String>,
    /// Run the check NAME, too: the program `owners-check-NAME` in PATH
    #[arg(long = "plugin", value_name = "NAME", action = ArgAction::Append, add = complete::checks())]
    pub(crate) plugins: Vec<String>,
    /// How long each check of `--plugin` may take [default: 60]
    #[arg(long, value_name = "SECONDS", requires = "plugins", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) plugin_timeout: Option<u32>,
    /// Check a commit instead of the index and the working tree
    #[arg(long, value_name = "REV", add = complete::revisions(), conflicts_with_all = ["untracked", "changed", "config"])]
    pub(crate) rev: Option<String>,
    /// Include untracked files that are not ignored
    #[arg(long)]
    pub(crate) untracked: bool,
    /// Ask the forge whether the owners exist and have write access, with the token of the environment
    #[arg(long)]
    pub(crate) live: bool,
    /// Treat what could not be checked as an error
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) format: Formatted<Format>,
    /// Apply fixes that are right in any tree (the default) or in the current tree. Only the correction
    /// of a misspelled pattern, with `=tree`, and the removal of an owner who does not exist, with
    /// `--live`, change owners.
    /// Edits owners.toml, writes the generated file, and reports what is left
    #[arg(
        long,
        value_name = "TREES",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "any",
        group = "edit",
        conflicts_with = "rev"
    )]
    pub(crate) fix: Option<FixIn>,
    /// List the unowned paths under `[check] exempt` of owners.toml, and report what is left: a
    /// baseline, to be shortened over time
    #[arg(
        long,
        alias = "baseline",
        group = "edit",
        conflicts_with_all = ["rev", "changed"]
    )]
    pub(crate) exempt_unowned: bool,
    /// With `--fix` or `--exempt-unowned`: write nothing, show the diff
    #[arg(long, requires = "edit", conflicts_with_all = ["format", "json"])]
    pub(crate) dry_run: bool,
}

/// Adds a hint to the error about `--fix tree`. The value of `--fix` is optional, so it needs a `=`.
pub(crate) fn add_hint(error: &mut clap::Error) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else {
        return;
    };
    let is_value = FixIn::from_str(word, false).is_ok();
    let has_fix = || std::env::args_os().any(|argument| argument == "--fix");
    if !is_value || error.kind() != ErrorKind::UnknownArgument || !has_fix() {
        return;
    }
    let hint = format!("write `--fix={word}`: the value of `--fix` follows an equals sign");
    let hint = ContextValue::StyledStrs(vec![hint.into()]);
    error.insert(ContextKind::Suggested, hint);
}

/// The error for a command line without a command, or with one beside `--list`.
pub(crate) fn no_command(has_list: bool) -> Failure {
    let error = match has_list {
        true => Diagnostic::error("`--list` stands alone: it lists the commands and runs none"),
        false => Diagnostic::error("there is no command"),
    };
    error.help("`owners --list` lists the commands").into()
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

#[derive(Debug, Args)]
pub(crate) struct Who {
    /// Files or directories, relative to the current directory; they need not exist
    #[arg(value_name = "PATH", required_unless_present = "stdin", add = complete::paths())]
    pub(crate) paths: Vec<PathBuf>,
    /// Show which rule decides, where it stands, and which rules it overrides
    #[arg(long)]
    pub(crate) explain: bool,
    /// Show the members of groups instead of their teams
    #[arg(long)]
    pub(crate) members: bool,
    #[command(flatten)]
    pub(crate) format: Formatted<DataFormat>,
    /// Read paths from standard input, one per line
    #[arg(long, conflicts_with = "paths")]
    pub(crate) stdin: bool,
    /// Separate paths on standard input and records of the output by NUL instead of newline
    #[arg(short = '0', long = "null")]
    pub(crate) null: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Ls {
    /// Only these files, and the files in these directories [default: the current directory]
    #[arg(value_name = "PATH", add = complete::paths())]
    pub(crate) paths: Vec<PathBuf>,
    /// Only the paths of this owner: a user, a team or an address
    #[arg(long = "owner", value_name = "OWNER", action = ArgAction::Append, add = complete::owners())]
    pub(crate) owners: Vec<String>,
    /// Only the paths of this group of owners.toml
    #[arg(long = "group", value_name = "GROUP", action = ArgAction::Append, add = complete::groups())]
    pub(crate) groups: Vec<String>,
    /// Only the unowned paths: no rule matches them
    #[arg(long)]
    pub(crate) unowned: bool,
    /// Only the paths that a rule gives to nobody
    #[arg(long)]
    pub(crate) nobody: bool,
    /// Print only the paths, without their owners
    #[arg(long, conflicts_with_all = ["format", "json"])]
    pub(crate) name_only: bool,
    #[command(flatten)]
    pub(crate) format: Formatted<DataFormat>,
    /// End each record with NUL instead of newline, and do not escape paths
    #[arg(short = '0', long = "null", conflicts_with = "json")]
    pub(crate) null: bool,
    /// Use a commit instead of the index and the working tree
    #[arg(long, value_name = "REV", add = complete::revisions(), conflicts_with = "config")]
    pub(crate) rev: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Stats {
    /// What to count by [default: group; owner without owners.toml]
    #[arg(long, value_name = "WHAT")]
    pub(crate) by: Option<By>,
    /// With `--by dir`: how many levels of directories to show [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) depth: Option<u8>,
    #[command(flatten)]
    pub(crate) format: Formatted<DataFormat>,
    /// Use a commit instead of the index and the working tree
    #[arg(long, value_name = "REV", add = complete::revisions(), conflicts_with = "config")]
    pub(crate) rev: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Map {
    /// Show what changed owners: since a revision, or in `A..B` or `A...B`, as `owners diff` compares
    #[arg(value_name = "BASE", add = complete::range())]
    pub(crate) base: Option<String>,
    /// The revision to compare with, instead of the index and the working tree
    #[arg(value_name = "HEAD", add = complete::revisions())]
    pub(crate) head: Option<String>,
    /// The page to write; `-` is standard output
    #[arg(short, long, value_name = "FILE", default_value = "ownership.html", add = complete::paths())]
    pub(crate) output: PathBuf,
    /// Count lines, so that the page can show files by their size; reads all files
    #[arg(long)]
    pub(crate) lines: bool,
    /// Mark files that at most one of their owners knows, and those whose owners are inactive; reads all
    /// commits
    #[arg(long)]
    pub(crate) risk: bool,
    /// Show how ownership changed: at N commits spread over the last year of the branch
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=366), conflicts_with = "config")]
    pub(crate) history: Option<u16>,
    /// Use a commit instead of the index and the working tree
    #[arg(long, value_name = "REV", add = complete::revisions(), conflicts_with_all = ["config", "base"])]
    pub(crate) rev: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Print every tracked path with its owners, a line each, instead of the model
    #[arg(long)]
    pub(crate) paths: bool,
    /// How the paths are written [default: ndjson], or what the approvals are printed as
    #[arg(long, value_name = "FORMAT", requires_ifs = [("ndjson", "paths"), ("csv", "paths")])]
    pub(crate) format: Option<ExportFormat>,
    /// For the approvals: the ids of the teams, as lines `"@org/team" = 1234567` (TOML)
    #[arg(long, value_name = "FILE", requires = "format", conflicts_with = "live", add = complete::paths())]
    pub(crate) team_ids: Option<PathBuf>,
    /// For the approvals: ask the forge for the ids of the teams, with the token of the environment
    #[arg(long, requires = "format")]
    pub(crate) live: bool,
    /// A name for the repository, which is in the model and in each line
    #[arg(long, value_name = "NAME")]
    pub(crate) repository: Option<String>,
    /// Use a commit instead of the index and the working tree
    #[arg(long, value_name = "REV", add = complete::revisions(), conflicts_with = "config")]
    pub(crate) rev: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// What it describes
    #[arg(value_name = "OF", default_value = "config")]
    pub(crate) of: SchemaOf,
}

/// What has a schema: owners.toml, and the output of `owners export`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemaOf {
    Config,
    Export,
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
    /// What to compare: a revision, `A..B`, or `A...B` to compare B with the merge base [default: HEAD]
    #[arg(value_name = "BASE", add = complete::range())]
    pub(crate) base: Option<String>,
    /// The revision to compare with, instead of the index and the working tree
    #[arg(value_name = "HEAD", add = complete::revisions())]
    pub(crate) head: Option<String>,
    #[command(flatten)]
    pub(crate) format: Formatted<ChangeFormat>,
    /// Exit with 1 if any path changed owners
    #[arg(long)]
    pub(crate) exit_code: bool,
}

/// Whether both sides of a comparison are commits.
pub(crate) fn names_both_sides(base: Option<&String>, head: Option<&String>) -> bool {
    head.is_some() || base.is_some_and(|base| base.contains(".."))
}

#[derive(Debug, Args)]
pub(crate) struct Reviewers {
    /// The branch that the change goes into [default: origin/HEAD, main or master]
    #[arg(value_name = "BASE", add = complete::revisions())]
    pub(crate) base: Option<String>,
    /// The tip of the change, instead of HEAD with the index and the working tree
    #[arg(value_name = "HEAD", add = complete::revisions())]
    pub(crate) head: Option<String>,
    #[command(flatten)]
    pub(crate) format: Formatted<ChangeFormat>,
    /// The author of the change, who is not requested
    #[arg(long, value_name = "@LOGIN", add = complete::people())]
    pub(crate) author: Option<String>,
    /// Who is away and not requested: `@x,@y`, or a file that mentions them as `@login`
    #[arg(long, value_name = "FILE|@LOGIN,…", action = ArgAction::Append, add = complete::people_or_paths())]
    pub(crate) away: Vec<String>,
    /// The forge that reads the file [default: that of owners.toml]
    #[arg(long = "platform", value_name = "PLATFORM", value_parser = forge())]
    pub(crate) forge: Option<Forge>,
}

#[derive(Debug, Args)]
pub(crate) struct Suggest {
    /// Groups, patterns, files or directories [default: every group, and every rule without one]
    #[arg(value_name = "GROUP|PATTERN|PATH", add = complete::areas())]
    pub(crate) areas: Vec<PathBuf>,
    /// After so many days, a commit counts half
    #[arg(long, value_name = "DAYS", default_value_t = 180, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) half_life: u32,
    /// Only commits that were written since this day, such as 2026-01-31
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) since: Option<i64>,
    /// How many people to show [default: 10; all with -v]
    #[arg(long, value_name = "N", value_parser = at_least_one())]
    pub(crate) limit: Option<u32>,
    #[command(flatten)]
    pub(crate) history: HistoryOptions,
}

#[derive(Debug, Args)]
pub(crate) struct Risk {
    /// Groups, patterns, files or directories [default: every group, and every rule without one]
    #[arg(value_name = "GROUP|PATTERN|PATH", add = complete::areas())]
    pub(crate) areas: Vec<PathBuf>,
    /// Who did nothing for so many months is inactive
    #[arg(long, value_name = "N", default_value_t = INACTIVE_MONTHS, value_parser = clap::value_parser!(u32).range(1..=1200))]
    pub(crate) inactive_months: u32,
    /// How many people to show in each list [default: 5; all with -v]
    #[arg(long, value_name = "N", value_parser = at_least_one())]
    pub(crate) limit: Option<u32>,
    #[command(flatten)]
    pub(crate) history: HistoryOptions,
}

/// The options of the commands that read the history.
#[derive(Debug, Args)]
pub(crate) struct HistoryOptions {
    /// Leave out commits that change more files than this
    #[arg(long, value_name = "N", default_value_t = MAX_FILES, value_parser = at_least_one())]
    pub(crate) max_files: u32,
    /// Show the e-mail address of people whose login is not known
    #[arg(long)]
    pub(crate) emails: bool,
    #[command(flatten)]
    pub(crate) format: Formatted<ChangeFormat>,
    /// Use a commit instead of the index and HEAD, and count ages from its date
    #[arg(long, value_name = "REV", add = complete::revisions(), conflicts_with = "config")]
    pub(crate) rev: Option<String>,
}

fn at_least_one() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..)
}

/// The time at which a day starts, in UTC.
fn day(text: &str) -> Result<i64, &'static str> {
    date::start_of(text).ok_or("write a day as YYYY-MM-DD, such as 2026-01-31")
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The CODEOWNERS file to import [default: the one that the forge reads]
    #[arg(long, value_name = "FILE", add = complete::paths())]
    pub(crate) from: Option<PathBuf>,
    /// The forge that reads that file
    #[arg(long = "platform", value_name = "PLATFORM", value_parser = forge())]
    pub(crate) forge: Option<Forge>,
    /// Keep one rule for each line
    #[arg(long)]
    pub(crate) no_fold: bool,
    /// Keep the whole names of teams, including what all of them start or end with
    #[arg(long)]
    pub(crate) full_names: bool,
    /// List the unowned paths under `[check] exempt`
    #[arg(long)]
    pub(crate) exempt_unowned: bool,
    /// Without a CODEOWNERS file: name people by e-mail address, if their login is not known
    #[arg(long)]
    pub(crate) emails: bool,
    /// Replace the CODEOWNERS file with the generated one
    #[arg(long)]
    pub(crate) write_output: bool,
    /// Overwrite an existing owners.toml
    #[arg(long)]
    pub(crate) force: bool,
}

/// Takes a forge by the name that it has in owners.toml.
fn forge() -> impl TypedValueParser<Value = Forge> {
    PossibleValuesParser::new(Forge::ALL.iter().map(|forge| forge.name))
        .map(|name| Forge::from_name(&name).unwrap_or_default())
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The owner to add: a user, a team or an address
    #[arg(value_name = "OWNER", add = complete::people())]
    pub(crate) owner: String,
    /// The group of owners.toml
    #[arg(value_name = "GROUP", add = complete::groups())]
    pub(crate) group: String,
    /// Write nothing; show what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The owner to remove: a user, a team or an address
    #[arg(value_name = "OWNER", add = complete::people())]
    pub(crate) owner: String,
    /// Write this owner in their place
    #[arg(long, value_name = "OWNER", conflicts_with = "allow_unowned", add = complete::people())]
    pub(crate) replace_with: Option<String>,
    /// Also if that leaves groups, rules, requirements, approvals or paths without owners
    #[arg(long)]
    pub(crate) allow_unowned: bool,
    /// Write nothing; show what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Rename {
    /// The group, or the owner
    #[arg(value_name = "OLD", add = complete::groups_and_people())]
    pub(crate) old: String,
    /// Its new name
    #[arg(value_name = "NEW")]
    pub(crate) new: String,
    /// Write nothing; show what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The name of a lint, such as unowned-path [default: list all lints]
    #[arg(value_name = "LINT", add = complete::lints(false))]
    pub(crate) lint: Option<String>,
}
