//! Import: creates an `owners.toml` from an existing CODEOWNERS file.
//!
//! Every line with an effect becomes a rule, in the same order and with the same spelling. Comments
//! and blank lines stay where they are, so the generated file has the layout of the old one. Teams
//! become groups. Neighbouring rules with the same owners are folded into alternatives where that
//! reads better. A line that the forge ignores becomes a comment with the reason.
//!
//! `owners.toml` decides who owns what, just as the CODEOWNERS file does. If no line gives it the
//! owners of that file, another rule does.
//!
//! Two things differ on GitLab. There, `*.rb` matches the paths with that name; in `owners.toml`,
//! as on GitHub, it also matches what is below a directory with that name. `below` excepts these
//! paths if some are tracked. And a rule for nobody becomes an exclusion in the file for GitLab,
//! which no later line changes. So if later lines own some paths of a line without owners, `narrow`
//! replaces the line by the paths that it decides.
//!
//! On Gitea and Forgejo, every line that matches a path counts: see `every`.
//!
//! The result is checked in three ways. [`import`] loads it and compares its patterns and owners
//! with those of the chosen lines. It decides every tracked path by the old file and by the new
//! rules. And it generates the file again, proves it, and compares that file on every tracked path.

mod below;
mod choosing;
mod error;
mod every;
mod folding;
mod forms;
mod groups;
mod kept;
mod narrow;
mod negated;
mod notice;
mod own_rule;
mod parts;
mod reading;
mod sections;
pub mod starter;
mod verify;
mod wider;
mod write;

pub use error::{Expression, ImportError};
pub use own_rule::ConfigOwners;
pub use sections::Overlap;

use self::groups::ImportedGroups;
use self::kept::{ChosenLines, KeptLine, LineForm, key};
use self::own_rule::OwnRule;
use self::parts::Part;
use self::reading::{LineIndex, PathsItem};
use self::verify::{compare, prove};
use self::write::ConfigWriter;
use rustc_hash::FxHashSet;

use crate::codeowners::{File, Inexact, Rendered, ensure_readable, proof, read};
use crate::forge::{Decides, Forge};
use crate::matcher::Matcher;
use crate::owner::Owner;
use crate::paths::folded::fold;
use crate::paths::{PathId, PathSet};
use crate::pattern::Pattern;
use crate::project::Project;
use crate::ruleset::{ApprovalId, RuleSet};
use crate::text::escaped;

/// The options of an import.
#[derive(Clone, Copy, Debug)]
pub struct ImportOptions<'o> {
    /// The forge of the file.
    pub forge: Forge,
    /// The location of the generated file, if it is not the default one.
    pub output: Option<&'o str>,
    /// Whether to fold rules into alternatives, if that makes them fewer by a fifth.
    pub fold: bool,
    /// Whether groups have the whole names of their teams.
    pub full_names: bool,
    /// The tracked paths.
    pub paths: &'o PathSet,
    /// Whether to exempt the tracked paths that no line matches.
    pub exempt_unowned: bool,
}

/// Rules are folded if at least one in so many is saved.
const WORTH_FOLDING: usize = 5;

/// The result of an import.
#[derive(Debug)]
pub struct Imported {
    /// The text of the `owners.toml`.
    pub text: String,
    /// The configuration, loaded.
    pub project: Project,
    /// The CODEOWNERS file generated from it.
    pub rendered: Rendered,
    /// The first tracked path with other owners by the generated file, because a pattern cannot be
    /// written exactly.
    pub departure: Option<Departure>,
    /// The number of lines with a pattern in the file.
    pub lines: usize,
    /// The number of rules.
    pub rules: usize,
    /// The number of approvals.
    pub approvals: usize,
    /// The number of rules that folding would have saved. 0 if the rules are folded, or if
    /// [`fold`](ImportOptions::fold) was not wanted.
    pub not_folded: usize,
    /// Who owns `owners.toml`.
    pub config: ConfigOwners,
    /// The comment that says that another program generates the file, with its line number.
    pub generator: Option<(usize, String)>,
    /// The number of lines that the forge ignores or that a later line repeats.
    pub dropped: usize,
    /// The number of lines without a rule that match no tracked path, because no pattern of
    /// `owners.toml` can express them.
    pub unmatched: usize,
    /// The number of lines without a rule that are patterns as on GitHub, in a file of regular
    /// expressions.
    pub foreign: usize,
    /// The number of patterns that now also match what is below a directory of their name. No
    /// tracked path makes a difference.
    pub widened: usize,
    /// The number of lines whose rules match only what is tracked now.
    pub narrowed: usize,
    /// Two lines of different sections that may match the same path, but match no tracked path
    /// together.
    pub overlap: Option<Overlap>,
    /// The number of tracked paths that `[check] exempt` exempts.
    pub exempt: usize,
}

/// A path that has other owners by the generated file than by the old one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The path.
    pub path: String,
    /// Its owners in the old file.
    pub before: Vec<Owner>,
    /// Its owners in the generated file.
    pub after: Vec<Owner>,
    /// The text of the deciding pattern in the generated file. `None` if no line matches.
    pub pattern: Option<String>,
}

/// The maximum number of lines with a pattern that are imported. Comparing the file with the rules,
/// and with the file that is generated from them, takes up to 7 KB for each. The limit is ten times
/// as many as the largest known file has.
const MAX_LINES: usize = 50_000;

/// Creates an `owners.toml` from the text of a CODEOWNERS file.
///
/// ```
/// use owners::import::{ImportOptions, import};
/// use owners::PathSet;
/// use owners::Forge;
///
/// let options = ImportOptions {
///     forge: Forge::GITHUB,
///     output: None,
///     fold: true,
///     full_names: false,
///     paths: &PathSet::default(),
///     exempt_unowned: false,
/// };
/// let imported = import("* @org/core\n/a/ @org/docs\n/b/ @org/docs\n", options).unwrap();
/// assert!(imported.text.contains("\"/{a,b}/\" = \"docs\""), "{}", imported.text);
/// ```
///
/// # Errors
///
/// If `owners.toml` cannot express the file.
pub fn import(text: &str, options: ImportOptions<'_>) -> Result<Imported, ImportError> {
    let error = match import_lines(text, options, |file| file) {
        Err(error @ (ImportError::Differs(_) | ImportError::Generated { .. })) => error,
        result => return result,
    };
    if let Some((wider, count)) = wider::wider(read(text, options.forge), options)
        && let Ok(imported) = import_lines(text, options, |_| wider)
    {
        let widened = imported.widened + count;
        return Ok(Imported {
            widened,
            ..imported
        });
    }
    // The exceptions of a negated class may make rules that are too much for the rest.
    match negated::first_line(&read(text, options.forge)) {
        Some(line) => Err(negated::refused(line)),
        None => Err(error),
    }
}

fn import_lines(
    text: &str,
    options: ImportOptions<'_>,
    change: impl FnOnce(File) -> File,
) -> Result<Imported, ImportError> {
    ensure_readable(text).map_err(|fault| ImportError::TooLarge {
        line: fault.line,
        reason: fault.to_string(),
    })?;
    let mut file = change(read(text, options.forge));
    if let Some(line) = file.entries.get(MAX_LINES) {
        return Err(ImportError::TooLarge {
            line: line.line,
            reason: format!("there are more than {MAX_LINES} lines with a pattern"),
        });
    }
    if let Some(fault) = file.faults.iter().find(|fault| fault.is_unread) {
        return Err(ImportError::Line {
            line: fault.line,
            reason: fault.reason.clone(),
        });
    }
    if file.decides == Decides::Every {
        file = every::merged(file);
    }
    let parts = parts::split(&file, text, options.paths);
    let mut drafts = Vec::with_capacity(parts.len());
    for part in &parts {
        drafts.push(Draft {
            part,
            lines: match file.decides {
                Decides::Last => choosing::choose_lines(&part.file, options.paths)?,
                Decides::Every => every::choose_lines(&part.file, options.forge, options.paths)?,
            },
            own: OwnRule::new(&part.file, options),
        });
    }
    let mut attempt = 1;
    loop {
        let written = write_config(text, &drafts, options)?;
        for (draft, rules) in written.gates(&drafts) {
            compare(draft, rules, options.paths)?;
        }
        let inexact = match generate(&written.project, options.paths)? {
            Ok(rendered) => {
                return Ok(Imported {
                    generator: notice::generator(text),
                    foreign: foreign(text, &file, &drafts, options.forge),
                    ..imported(&file, &drafts, written, rendered, options)
                });
            }
            Err(inexact) => inexact,
        };
        let forms = forms::forms(&drafts, &written, &inexact, attempt, options);
        let mut is_changed = false;
        for (draft, forms) in drafts.iter_mut().zip(&forms) {
            let (file, kept) = (&draft.part.file, &mut draft.lines.kept);
            is_changed |= forms::change_forms(kept, forms, file, options.paths)?;
        }
        if !is_changed {
            let mut own = drafts.iter_mut().map(|draft| &mut draft.own);
            if own.any(OwnRule::give_up) {
                continue;
            }
            let first = &inexact[0];
            let rule = &written.project.rules.gate(first.approval)[first.rule];
            return Err(ImportError::Generated {
                pattern: rule.pattern.value.clone(),
                reason: first.reason.clone(),
                help: first.help.clone(),
            });
        }
        attempt += 1;
    }
}

/// A part of the file with the rules that it becomes.
struct Draft<'f> {
    part: &'f Part,
    lines: ChosenLines<'f>,
    own: OwnRule,
}

impl Draft<'_> {
    /// The number of rules.
    fn has_rules(&self) -> bool {
        self.lines.kept.iter().any(|kept| !kept.rules.is_empty()) || self.own.pattern().is_some()
    }
}

/// An `owners.toml` with the rules of the lines.
struct Written {
    text: String,
    project: Project,
    rules: usize,
    not_folded: usize,
    exempt: usize,
}

impl Written {
    /// For each part, its approval, or `Some(None)` for `[paths]`. `None` if it has no rules.
    fn approvals<'d>(
        &self,
        drafts: &'d [Draft<'_>],
    ) -> impl Iterator<Item = Option<Option<ApprovalId>>> + 'd {
        let mut ids = self.project.rules.approvals().ids().iter();
        drafts.iter().map(move |draft| match draft.part.approval {
            None => Some(None),
            Some(_) if draft.has_rules() => ids.next().map(Some),
            Some(_) => None,
        })
    }

    /// The parts that have rules, or are `[paths]`, with their rules.
    fn gates<'w, 'd, 'f>(
        &'w self,
        drafts: &'d [Draft<'f>],
    ) -> impl Iterator<Item = (&'d Draft<'f>, &'w RuleSet)> {
        let gates = drafts.iter().zip(self.approvals(drafts));
        gates.filter_map(|(draft, approval)| Some((draft, self.project.rules.gate(approval?))))
    }
}

/// The items of each part, without blank lines at both ends.
fn items_of<'d>(
    text: &str,
    drafts: &'d [Draft<'_>],
    options: ImportOptions<'_>,
) -> Vec<Vec<PathsItem<'d>>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let text: Vec<&str> = text.lines().collect();
    let is_blank = |item: &PathsItem<'_>| matches!(item, PathsItem::Blank);
    let items = drafts.iter().map(|draft| {
        let mut items = LineIndex::new(draft.part, &draft.lines, options.forge).items(&text);
        while items.last().is_some_and(is_blank) {
            items.pop();
        }
        let blanks = items.iter().take_while(|item| is_blank(item)).count();
        items.drain(..blanks);
        items
    });
    items.collect()
}

fn write_config(
    text: &str,
    drafts: &[Draft<'_>],
    options: ImportOptions<'_>,
) -> Result<Written, ImportError> {
    let first = &drafts[0];
    let exempt = if options.exempt_unowned {
        unowned(&first.lines.kept, &first.own, options.paths)
    } else {
        Vec::new()
    };
    let mut all = items_of(text, drafts, options);
    let groups = ImportedGroups::new(&all.concat(), options.full_names);
    let mut approvals = all.split_off(1);
    let mut items = all.remove(0);
    let mut paths = items.split_off(preface_len(&items));
    for (draft, items) in drafts
        .iter()
        .zip(std::iter::once(&mut paths).chain(&mut approvals))
    {
        draft.own.add(items);
    }
    let mut not_folded = 0;
    if options.fold {
        let folded = folding::folded(&paths);
        let (before, after) = (count_rules(&paths), count_rules(&folded));
        if (before - after) * WORTH_FOLDING >= before {
            paths = folded;
        } else {
            not_folded = before - after;
        }
    }
    let mut writer = ConfigWriter::new(&groups);
    writer.preface(&items);
    writer.head(options);
    writer.paths(&paths, drafts.len() > 1);
    for (draft, items) in drafts[1..].iter().zip(&approvals) {
        if let Some(approval) = &draft.part.approval {
            writer.approval(approval, items);
        }
    }
    writer.exempt(&exempt);
    let config = writer.finish();
    match prove(&config, drafts) {
        Ok(project) => Ok(Written {
            text: config,
            project,
            rules: count_rules(&paths)
                + approvals
                    .iter()
                    .map(|each| count_rules(each))
                    .sum::<usize>(),
            not_folded,
            exempt: exempt.iter().map(|(_, count)| count).sum(),
        }),
        Err(error) if !options.fold => Err(error),
        // Folding only improves readability, so do without it if it fails.
        Err(_) => {
            let plain = ImportOptions {
                fold: false,
                ..options
            };
            write_config(text, drafts, plain)
        }
    }
}

/// The number of items at the start that are the preface: comments, up to the last blank line before
/// the first rule.
fn preface_len(items: &[PathsItem<'_>]) -> usize {
    let is_filler =
        |item: &&PathsItem<'_>| matches!(item, PathsItem::Blank | PathsItem::Comment(_));
    let fillers = items.iter().take_while(is_filler).count();
    let last_blank = items[..fillers]
        .iter()
        .rposition(|item| matches!(item, PathsItem::Blank));
    last_blank.map_or(0, |index| index + 1)
}

fn count_rules(items: &[PathsItem<'_>]) -> usize {
    let is_rule = |item: &&PathsItem<'_>| matches!(item, PathsItem::Rule { .. });
    items.iter().filter(is_rule).count()
}

/// Renders the file that `gen` will write, and proves it. The inner error lists what the forge
/// cannot express.
fn generate(
    project: &Project,
    paths: &PathSet,
) -> Result<Result<Rendered, Vec<Inexact>>, ImportError> {
    let rendered = match project.render(&project.config.outputs[0]) {
        Ok(rendered) => rendered,
        Err(inexact) => return Ok(Err(inexact)),
    };
    proof::prove(&project.rules, &rendered, paths)
        .map_err(|difference| ImportError::Differs(difference.to_string()))?;
    Ok(Ok(rendered))
}

fn imported(
    file: &File,
    drafts: &[Draft<'_>],
    written: Written,
    rendered: Rendered,
    options: ImportOptions<'_>,
) -> Imported {
    let skipped = file.faults.iter().filter(|fault| fault.skips_line);
    let lines_with_pattern = file.entries.chunk_by(|a, b| a.line == b.line);
    let count = lines_with_pattern.count() + skipped.count();
    let kept = || drafts.iter().flat_map(|draft| &draft.lines.kept);
    // A line may be in several parts.
    let known = kept().flat_map(|each| [Some(each.entry.line), each.joined]);
    let known: FxHashSet<usize> = known.flatten().collect();
    let unmatched = drafts.iter().map(|draft| draft.lines.unmatched.len()).sum();
    let new = read(&rendered.text, rendered.forge);
    let mut each = drafts.iter().zip(written.approvals(drafts));
    let departure = each.find_map(|(draft, approval)| {
        let sections = (1..).zip(&*rendered.sections);
        let mut of_approval =
            sections.filter(|(_, each)| Some(each.approval) == approval.flatten());
        let section = match approval {
            Some(None) => Some(0),
            _ => of_approval.next().map(|(section, _)| section),
        };
        let new = section.map_or_else(File::default, |section| new.section(section));
        departure(draft, &new, options.paths)
    });
    Imported {
        departure,
        rendered,
        rules: written.rules,
        approvals: written.project.rules.approvals().len(),
        not_folded: written.not_folded,
        config: drafts[0].own.state(),
        generator: None,
        lines: count,
        overlap: sections::overlap(&drafts[0].lines.kept),
        dropped: count - known.len() - unmatched,
        unmatched,
        foreign: 0,
        widened: kept().filter(|each| each.is_widened).count(),
        narrowed: kept().filter(|each| each.form != LineForm::General).count(),
        exempt: written.exempt,
        text: written.text,
        project: written.project,
    }
}

/// The number of lines that own nothing, and that are patterns as on GitHub in a file of expressions.
fn foreign(text: &str, file: &File, drafts: &[Draft<'_>], forge: Forge) -> usize {
    let text: Vec<&str> = text.lines().collect();
    let skipped = file.faults.iter().filter(|fault| fault.skips_line);
    let never = file.entries.iter().filter(|entry| entry.pattern.is_none());
    let unmatched = drafts.iter().flat_map(|draft| &draft.lines.unmatched);
    let lines: FxHashSet<usize> = (skipped.map(|fault| fault.line))
        .chain(never.map(|entry| entry.line))
        .chain(unmatched.copied())
        .collect();
    let is_foreign =
        |line: &&usize| reading::meant_elsewhere(text[**line - 1].trim(), forge).is_some();
    lines.iter().filter(is_foreign).count()
}

/// The first path that has other owners by the generated file, read as the forge reads it. `new` is the
/// part of it that is written for a part of the old file.
fn departure(draft: &Draft<'_>, new: &File, paths: &PathSet) -> Option<Departure> {
    let (old, own) = (&draft.part.file, &draft.own);
    let (old, new) = (old.matcher(), new.matcher());
    let (mut old_walk, mut new_walk) = (old.walk(), new.walk());
    paths.iter().find_map(|path| {
        if own.decides(path) {
            return None;
        }
        let before = old.all_owners(&mut old_walk, path);
        let after = new.all_owners(&mut new_walk, path);
        (key(&before) != key(&after)).then(|| Departure {
            path: escaped(path),
            before,
            after,
            pattern: new
                .entries(&mut new_walk, path)
                .next_back()
                .map(|entry| entry.text.clone()),
        })
    })
}

/// Patterns for the paths that no line matches, each with the number of these paths.
fn unowned(kept: &[KeptLine<'_>], own: &OwnRule, paths: &PathSet) -> Vec<(String, usize)> {
    let added = own.pattern();
    let patterns = kept.iter().flat_map(|each| each.exact.iter()).chain(added);
    let matcher = Matcher::new(patterns);
    let mut walk = matcher.walk();
    let unmatched: Vec<PathId> = paths
        .with_ids()
        .filter(|(_, path)| walk.last_match(path).is_none())
        .map(|(id, _)| id)
        .collect();
    let folded = fold(paths, &unmatched).into_iter();
    folded
        .map(|each| (Pattern::folded(each.path).to_string(), each.files.len()))
        .collect()
}

#[cfg(test)]
mod tests;
