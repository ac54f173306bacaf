//! Lints: the checks of `owners check`.
//!
//! A lint is a module with a `check` function, a row in [`LINTS`] and a page in `docs/lints`. It
//! reads plain data (the project, the facts about the repository, and a survey) and reports
//! diagnostics. This module sets their level.

mod addition;
mod approvals;
mod baseline;
mod by_hand;
mod dead_pattern;
mod default_only_path;
mod directory_as_file;
mod duplicate_pattern;
mod floating_directory;
mod forge_error;
mod ineffective_pattern;
mod inexact_output;
mod levels;
mod literal_braces;
mod loose_requirement;
mod misread_pattern;
mod misspelled_pattern;
mod named;
mod near_duplicate_owner;
mod output_size;
mod outranked_file;
mod overridden_output;
mod owner_without_access;
mod placeholder_owner;
mod roster;
mod shadowed_rule;
mod skipped_line;
mod small_group;
mod stale_output;
mod suggestion;
mod team_drift;
mod two_meanings;
mod unenforced_approval;
mod unknown_owner;
mod unmatched;
mod unmet_requirement;
mod unowned_config;
mod unowned_path;
mod unread_config;
mod unused_group;
mod useless_exemption;

pub use crate::forge::{Answers, Demand, Demands, Members, RejectedLine, Standing};
pub use baseline::Baseline;
pub use inexact_output::diagnostic as inexact_output;
pub use levels::{Levels, Lints, is_of_others, unknown_names};
pub use outranked_file::OutrankedFile;
pub use stale_output::conflict_by_hand;
pub use suggestion::rule_for;
pub use unmatched::{Past, missing_paths};
pub use unread_config::UntrackedConfig;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use crate::codeowners::{Renderings, Unmerged};
use crate::config::Level;
use crate::forge::Forge;
use crate::ids::IdVec;
use crate::parallel;
use crate::paths::{PathId, PathSet};
use crate::project::Project;
use crate::ruleset::shadow::{self, Shadow};
use crate::ruleset::survey::Survey;
use crate::ruleset::{LineId, RuleMatcher, RuleSet};
use crate::text::{Diagnostic, FileId, Location, Severity, owners_command, shell_word};

use unmatched::Unmatched;

/// A lint.
pub struct Lint {
    /// The name, in kebab case. That of a lint which is not [built in](LINTS) has a prefix, as in
    /// `acme/license`, so that `[lints]` of every `owners.toml` may have it.
    pub name: &'static str,
    /// The default level.
    pub level: Level,
    /// What it reports, in a few words.
    pub summary: &'static str,
    /// The documentation, in Markdown: what is reported and why, an example, how to fix and how to
    /// silence it.
    pub page: &'static str,
    /// Reports what is wrong.
    pub check: &'static Check,
}

/// What a lint does. It does not know its level.
pub type Check = dyn Fn(&Context<'_>, &mut Findings<'_>) + Sync;

impl fmt::Debug for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lint").field(&self.name).finish()
    }
}

/// A row of [`LINTS`]. The lint `$name` is the module `$module`, and its page is in `docs/lints`.
macro_rules! lint {
    ($name:literal, $module:ident, $level:ident, $summary:literal) => {
        Lint {
            name: $name,
            level: Level::$level,
            summary: $summary,
            page: include_str!(concat!("../../docs/lints/", $name, ".md")),
            check: &$module::check,
        }
    };
}

/// Every lint, in the order of the report: a mistake in a rule comes before the unowned paths and the
/// outdated file that it causes. To add one, write its module, its row and its page.
#[rustfmt::skip]
pub static LINTS: &[Lint] = &[
    lint!("skipped-line", skipped_line, Deny, "the forge skips a line of a CODEOWNERS file written by hand, or a word of it"),
    lint!("literal-braces", literal_braces, Warn, "the forge does not expand the `{a,b}` or `<a,b>` of a CODEOWNERS file written by hand"),
    lint!("misread-pattern", misread_pattern, Warn, "a pattern of a CODEOWNERS file written by hand matches other paths than it seems to"),
    lint!("misspelled-pattern", misspelled_pattern, Deny, "a pattern matches no tracked path, but nearly names one"),
    lint!("duplicate-pattern", duplicate_pattern, Deny, "two rules have the same pattern"),
    lint!("placeholder-owner", placeholder_owner, Deny, "the placeholder that `owners init` writes is an owner"),
    lint!("unread-config", unread_config, Deny, "an owners.toml in a directory is not read"),
    lint!("inexact-output", inexact_output, Deny, "the forge cannot express a pattern exactly"),
    lint!("unmet-requirement", unmet_requirement, Deny, "a tracked path lacks an owner that `[[require]]` demands"),
    lint!("loose-requirement", loose_requirement, Warn, "no tracked path misses a requirement, but a new path could"),
    lint!("unenforced-approval", unenforced_approval, Warn, "the CODEOWNERS file of a forge cannot demand an approval"),
    lint!("roster", roster, Deny, "a user in a group or rule is not in the roster (`[check] roster`)"),
    lint!("unknown-owner", unknown_owner, Deny, "with `--live`: the forge has no such user or team"),
    lint!("owner-without-access", owner_without_access, Deny, "with `--live`: the forge ignores an owner, which cannot write to the repository"),
    lint!("team-drift", team_drift, Deny, "with `--live`: the members of a group are not those of its team"),
    lint!("forge-error", forge_error, Deny, "with `--live`: the forge reports an error in the CODEOWNERS file of the commit"),
    lint!("small-group", small_group, Deny, "a group has fewer people than `[check] min-members`"),
    lint!("near-duplicate-owner", near_duplicate_owner, Warn, "two owners differ by a letter or a separator"),
    lint!("shadowed-rule", shadowed_rule, Warn, "later rules cover everything that a rule can match"),
    lint!("dead-pattern", dead_pattern, Warn, "no tracked path matches a pattern, or one of its alternatives"),
    lint!("ineffective-pattern", ineffective_pattern, Warn, "later rules decide every tracked path that a pattern matches"),
    lint!("directory-as-file", directory_as_file, Warn, "a pattern for a directory names a submodule or symlink"),
    lint!("floating-directory", floating_directory, Allow, "a pattern that is not anchored matches several directories"),
    lint!("unused-group", unused_group, Warn, "no rule uses a group"),
    lint!("useless-exemption", useless_exemption, Warn, "an entry of `exempt` has no effect"),
    lint!("outranked-file", outranked_file, Deny, "the forge reads one CODEOWNERS file and never another one"),
    lint!("overridden-output", overridden_output, Deny, "the forge reads another CODEOWNERS file instead of the generated one"),
    lint!("output-size", output_size, Deny, "a generated file is so large that the forge ignores it"),
    lint!("unowned-config", unowned_config, Warn, "neither owners.toml nor a generated file is owned"),
    lint!("unowned-path", unowned_path, Deny, "a tracked path is unowned and not exempt"),
    lint!("default-only-path", default_only_path, Allow, "only the rule for every path matches a path"),
    lint!("stale-output", stale_output, Deny, "a generated file is missing, untracked, ignored or out of date"),
];

/// The lint with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Lint> {
    LINTS.iter().find(|lint| lint.name == name)
}

/// What is known about the repository, as plain data.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The paths to check, usually the tracked ones.
    pub paths: PathSet,
    /// Whether untracked paths are among them.
    pub has_untracked: bool,
    /// Whether this is a git repository. Otherwise the paths are the files on disk.
    pub is_git: bool,
    /// The generated files as they are on disk, in the order of the configuration's outputs.
    pub outputs: Vec<OutputOnDisk>,
    /// The other existing files at locations where the forge of an output looks for its file.
    pub rivals: Vec<String>,
    /// The tracked CODEOWNERS files that no forge reads, because it reads another one first: a
    /// generated one or, without an `owners.toml`, the one that decides. Only those with a different
    /// content.
    pub outranked: Vec<OutrankedFile>,
    /// The tracked files that were generated from this configuration for another forge than those of
    /// its outputs, each with a forge that reads it.
    pub former: Vec<(String, Forge)>,
    /// The `owners.toml` at the root, if git does not track it. Unknown outside git.
    pub untracked_root: Option<UntrackedConfig>,
    /// The content of each file of `[check] roster`. `None` if it does not exist.
    pub roster: Vec<Option<Vec<u8>>>,
    /// The files called `owners.toml` in directories that git does not track, if they were looked
    /// for and not read.
    pub untracked_configs: Vec<UntrackedConfig>,
    /// What became of the paths that patterns without a match name.
    pub past: Past,
    /// What the forge said about the owners, if it was asked.
    pub answers: Option<Answers>,
}

/// A generated file as it is on disk.
#[derive(Clone, Debug, Default)]
pub struct OutputOnDisk {
    /// The content, if it exists.
    pub text: Option<Vec<u8>>,
    /// Whether git tracks it.
    pub is_tracked: bool,
    /// Whether git ignores it.
    pub is_ignored: bool,
    /// Its merge conflict in the index.
    pub unmerged: Option<Unmerged>,
}

/// The input of a lint.
pub struct Context<'c> {
    /// The lints to run.
    pub lints: Lints<'c>,
    /// The configuration.
    pub project: &'c Project,
    /// The repository.
    pub facts: &'c Facts,
    /// The rules of the project, compiled.
    pub matcher: &'c RuleMatcher<'c>,
    /// The result of the rules on the paths.
    pub survey: &'c Survey,
    /// What `gen` would write.
    pub rendered: &'c Renderings,
    /// Whether to list every path.
    pub is_verbose: bool,
    /// The file named by `--config`, if any. Commands in helps must name it too.
    pub config: Option<&'c str>,
    /// Whether git runs below the root of the repository, so that paths in its commands are
    /// relative to another directory.
    pub is_below_root: bool,
    /// The base of a change, if only findings caused by the change are reported. See also
    /// [`Baseline::retain`].
    pub baseline: Option<&'c Baseline>,
    /// Says that nobody needs the findings any more. The lints that have not begun are then left out.
    pub is_outdated: Option<&'c (dyn Fn() -> bool + Sync)>,
    shadows: OnceLock<IdVec<LineId, Option<Shadow>>>,
    unmatched: OnceLock<Vec<Unmatched>>,
    trials: addition::Trials,
}

impl<'c> Context<'c> {
    /// Creates a context.
    #[must_use]
    pub fn new(
        project: &'c Project,
        facts: &'c Facts,
        matcher: &'c RuleMatcher<'c>,
        survey: &'c Survey,
        rendered: &'c Renderings,
    ) -> Self {
        Context {
            lints: Lints::default(),
            project,
            facts,
            matcher,
            survey,
            rendered,
            is_verbose: false,
            config: None,
            is_below_root: false,
            baseline: None,
            is_outdated: None,
            shadows: OnceLock::new(),
            unmatched: OnceLock::new(),
            trials: addition::Trials::default(),
        }
    }

    /// A command of `owners` for the same configuration, to be pasted.
    fn owners(&self, command: &str) -> String {
        owners_command(command, self.config)
    }

    /// A command of git about a file, to be pasted.
    fn git(&self, command: &str, file: &str) -> String {
        git_command(command, file, self.is_below_root)
    }

    /// The paths to report. With a baseline, these are the new ones, where `before` selects the
    /// paths of the baseline.
    fn new_among<'p>(
        &self,
        paths: &'p [PathId],
        before: impl Fn(&Baseline) -> &PathSet,
    ) -> Cow<'p, [PathId]> {
        let Some(baseline) = self.baseline else {
            return Cow::Borrowed(paths);
        };
        let before = before(baseline);
        let is_new = |&&id: &&PathId| baseline.is_new(&self.facts.paths[id], before);
        paths.iter().filter(is_new).copied().collect()
    }

    /// For each line, the proof that it never takes effect in any tree, if there is one.
    fn shadows(&self) -> &IdVec<LineId, Option<Shadow>> {
        self.shadows
            .get_or_init(|| shadow::find(self.matcher, self.survey))
    }

    /// The patterns, alternatives and exceptions that match no tracked path.
    fn unmatched(&self) -> &[Unmatched] {
        self.unmatched.get_or_init(|| unmatched::find(self))
    }

    /// Returns the shadows without the context. Empty if no lint has used them.
    pub(crate) fn into_shadows(self) -> IdVec<LineId, Option<Shadow>> {
        self.shadows.into_inner().unwrap_or_default()
    }
}

fn git_command(command: &str, file: &str, is_below_root: bool) -> String {
    let root = if is_below_root { ":/" } else { "" };
    format!("git {command} {}", shell_word(&[root, file].concat()))
}

/// Collects the findings of a lint.
pub struct Findings<'f> {
    lint: &'static str,
    severity: Severity,
    /// The severity of what could not be checked.
    note: Severity,
    /// Whether `owners check --fix` can edit the files.
    is_fixable: bool,
    diagnostics: &'f mut Vec<Diagnostic>,
}

impl Findings<'_> {
    /// Reports a finding. Sets its lint and severity. A CODEOWNERS file that is written by hand is
    /// not edited, so its findings have no fix.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.push(diagnostic, self.severity);
    }

    /// Says what could not be checked, and why.
    pub fn note(&mut self, diagnostic: Diagnostic) {
        self.push(diagnostic, self.note);
    }

    fn push(&mut self, diagnostic: Diagnostic, severity: Severity) {
        self.diagnostics.push(Diagnostic {
            lint: Some(self.lint),
            severity,
            fix: diagnostic.fix.filter(|_| self.is_fixable),
            meant: match self.is_fixable {
                true => diagnostic.meant,
                false => Vec::new(),
            },
            ..diagnostic
        });
    }
}

/// The location of a line: its innermost alternative, or the whole pattern of its rule if there is
/// not exactly one.
fn place(project: &Project, line: LineId) -> Location {
    place_in(&project.rules, project, line)
}

/// The same for a line of some of the rules of the project.
fn place_in(rules: &RuleSet, project: &Project, line: LineId) -> Location {
    match rules
        .alternative_locations(line, &project.sources)
        .as_slice()
    {
        [only] if !only.span.is_empty() => only.clone(),
        _ => rules.rule_of(line).location(),
    }
}

/// The directory of a file, which is empty at the root.
fn directory_of(project: &Project, file: FileId) -> &str {
    match project.sources[file].name.rsplit_once('/') {
        Some((directory, _)) if file != FileId::ROOT => directory,
        _ => "",
    }
}

/// Runs a lint, unless it is allowed.
fn run_one(
    context: &Context<'_>,
    levels: &Levels,
    lint: &Lint,
    is_fixable: bool,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if context.is_outdated.is_some_and(|is_outdated| is_outdated()) {
        return diagnostics;
    }
    let severity = match levels.of(lint) {
        Level::Allow => return diagnostics,
        Level::Warn => Severity::Warning,
        Level::Deny => Severity::Error,
    };
    let findings = &mut Findings {
        lint: lint.name,
        severity,
        note: match levels.is_strict() {
            true => Severity::Error,
            false => Severity::Note,
        },
        is_fixable,
        diagnostics: &mut diagnostics,
    };
    (lint.check)(context, findings);
    diagnostics
}

/// From this number of paths and lines on, a second thread is worth its start.
const PARALLEL_SIZE: usize = 20_000;

/// Runs every lint of the context that is not allowed. The findings are in the order of the lints,
/// whatever the number of threads.
#[must_use]
pub fn run(context: &Context<'_>, levels: &Levels) -> Vec<Diagnostic> {
    let is_fixable = context.project.codeowners.is_none();
    let run_one = |index: usize| run_one(context, levels, context.lints.get(index), is_fixable);
    let size = context.facts.paths.len() + context.project.rules.lines().len();
    let mut found: Vec<Vec<Diagnostic>> = if size < PARALLEL_SIZE {
        (0..context.lints.len()).map(run_one).collect()
    } else {
        parallel::map(context.lints.len(), run_one)
    };
    approvals::add(context, levels, &mut found);
    found.into_iter().flatten().collect()
}
