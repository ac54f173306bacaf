//! `owners who`: shows who owns paths.

mod explain;
pub(crate) mod json;

pub(crate) use explain::{approvers, verb};

use std::borrow::Cow;
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use bstr::ByteSlice;
use owners::Owner;
use owners::Project;
use owners::git::unquoted;
use owners::ruleset::{
    ApprovalId, ApprovalWalk, LineId, Needed, NotifyWalk, RuleId, RuleMatcher, RuleSet, RuleWalk,
};
use owners::text::{Diagnostic, counted};
use owners::{PathKind, PathSet};
use rustc_hash::FxHashMap;
use serde::Serialize;
use smallvec::SmallVec;

use crate::Outcome;
use crate::args::Who;
use crate::failure::{Failure, Result};
use crate::here;
use crate::print::Printer;
use crate::report::json_path::JsonPath;
use crate::workspace::{Workspace, keep};
use json::{JsonAnswer, JsonApproval, JsonBelow, JsonDirectory, JsonRule};

/// The most bytes of a path on standard input. No file system has longer paths.
const LONGEST: usize = 1 << 20;

/// The name of a file that is not there yet. No pattern but one for any name should match it, so it has
/// characters that nobody uses, and more than one.
const NEW_FILE: &[u8] = b"\x01new file\x01";

pub(crate) fn run(workspace: &Workspace, args: &Who) -> Result<Outcome> {
    if args.null && args.format.is_json() && !args.stdin {
        let error = Diagnostic::error("`-0` has no effect on JSON");
        return Err(error.help("leave it out: each path is a string").into());
    }
    let arguments = arguments(workspace, args)?;
    let is_directory =
        |argument: &Argument| argument.path.is_empty() || argument.path.ends_with(b"/");
    let paths: Vec<&[u8]> = arguments
        .iter()
        .map(|argument| &argument.path[..])
        .collect();
    let needs_all = args.stdin || arguments.iter().any(is_directory);
    let project = keep(if needs_all {
        workspace.project()?
    } else {
        workspace.project_for(&paths)?
    });
    let matcher = keep(if needs_all {
        project.rules.matcher()
    } else {
        RuleMatcher::for_paths(&project.rules, &paths)
    });
    let mut answers = Answers {
        workspace,
        args,
        project,
        walk: matcher.walk(),
        approvals: (project.rules.approval_matcher())
            .filter(|_| args.explain)
            .map(|matcher| keep(matcher).walk()),
        notifier: project
            .rules
            .notifier()
            .map(|notifier| keep(notifier).walk()),
        tracked: None,
        width: 0,
        is_first: true,
        any_unowned: false,
        out: printer(args),
    };
    if args.format.is_json() {
        answers.out.write_all(b"{\"version\":1,\"paths\":[")?;
    }
    if args.stdin {
        answers.answer_stdin()?;
    } else {
        answers.answer_arguments(&arguments)?;
    }
    if args.format.is_json() {
        answers.out.write_all(b"\n]}\n")?;
    }
    let any_unowned = answers.any_unowned;
    answers.out.finish()?;
    Ok(Outcome::findings_if(any_unowned))
}

/// The writer of the answers.
fn printer(args: &Who) -> Printer {
    match args {
        _ if args.format.is_json() => Printer::json(),
        Who { null: true, .. } => Printer::bytes(),
        Who { explain: true, .. } => Printer::document(),
        _ => Printer::lines(),
    }
}

/// A path from the command line.
struct Argument {
    /// Relative to the root. A directory ends with a slash, and the root is empty.
    path: Vec<u8>,
    /// The path on disk, if it exists.
    full: PathBuf,
}

fn arguments(workspace: &Workspace, args: &Who) -> Result<Vec<Argument>> {
    let argument = |named: &PathBuf| {
        let mut path = workspace.relative(named)?;
        let full = workspace.directory.join(named);
        let is_directory = full.symlink_metadata().is_ok_and(|found| found.is_dir());
        if is_directory && !path.is_empty() && !path.ends_with(b"/") {
            path.push(b'/');
        }
        Ok(Argument { path, full })
    };
    args.paths.iter().map(argument).collect()
}

/// The lines that decide a path: one, or none if it is unowned. There are more if rules add to it, or
/// with sections in a CODEOWNERS file.
pub(super) type Deciding = SmallVec<[LineId; 2]>;

/// What is the same for several paths of a directory.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Below {
    /// The lines that decide.
    lines: Deciding,
    /// Who is told.
    notified: Vec<Owner>,
    /// With `--explain`, the approvals that they need. `None` if there are no approvals.
    needed: Option<Vec<Needed>>,
}

/// Who is told about changes, behind the owners of a path.
fn suffix(notified: &[Owner]) -> String {
    match notified {
        [] => String::new(),
        notified => format!("  (notify {})", Owner::join(notified)),
    }
}

/// The key by which the paths of a directory are grouped.
#[derive(PartialEq, Eq, Hash)]
struct Key<'a> {
    alike: Alike<'a>,
    notified: Vec<Owner>,
    /// The rules of the approvals.
    needed: Vec<(ApprovalId, RuleId)>,
}

/// What groups the paths of a directory by their owners.
#[derive(PartialEq, Eq, Hash)]
enum Alike<'a> {
    Unowned,
    Owners(Cow<'a, [Owner]>),
    Rules(SmallVec<[RuleId; 2]>),
}

struct Answers<'a> {
    workspace: &'a Workspace,
    args: &'a Who,
    project: &'a Project,
    walk: RuleWalk<'a, 'a>,
    /// `None` if no rule notifies anybody.
    notifier: Option<NotifyWalk<'a>>,
    /// `None` without `--explain`, or if there are no approvals.
    approvals: Option<ApprovalWalk<'a, 'a>>,
    /// The tracked paths. They are read for the first directory.
    tracked: Option<PathSet>,
    /// The width of the column of paths.
    width: usize,
    is_first: bool,
    any_unowned: bool,
    out: Printer,
}

impl<'a> Answers<'a> {
    fn answer_arguments(&mut self, arguments: &[Argument]) -> Result<()> {
        // Align the owners, unless a single long path would move all of them off the screen.
        self.width = arguments
            .iter()
            .map(|argument| here::shown(&argument.path).chars().count())
            .max()
            .unwrap_or(0)
            .min(60);
        for Argument { path, full } in arguments {
            if path.is_empty() || path.ends_with(b"/") {
                self.directory(path.clone(), full)?;
            } else {
                self.path(path)?;
            }
        }
        Ok(())
    }

    /// Answers one path after another, in constant memory.
    fn answer_stdin(&mut self) -> Result<()> {
        let mut input = io::stdin().lock();
        let end = if self.args.null { 0 } else { b'\n' };
        let mut record = Vec::new();
        loop {
            record.clear();
            let count = (&mut input)
                .take(LONGEST as u64 + 1)
                .read_until(end, &mut record)
                .context("cannot read standard input")?;
            if count == 0 {
                return Ok(());
            }
            if count > LONGEST {
                let diagnostic = Diagnostic::error(format!(
                    "a path on standard input has more than {LONGEST} bytes"
                ));
                return Err(match self.args.null {
                    true => Failure::from(diagnostic.help("end each path with a NUL byte")),
                    false => Failure::from(diagnostic.help("write one path a line")),
                });
            }
            if record.last() == Some(&end) {
                record.pop();
            }
            // A carriage return at the end comes from a line that was written on Windows.
            if !self.args.null && record.last() == Some(&b'\r') {
                record.pop();
            }
            let path = if self.args.null {
                Cow::Borrowed(&record[..])
            } else {
                unquoted(&record)
            };
            if path.is_empty() {
                continue;
            }
            let path = self.relative(&path)?;
            if path.is_empty() || path.ends_with(b"/") {
                let full = self.workspace.repo.root().join(path.to_path_lossy());
                self.directory(path.into_owned(), &full)?;
            } else {
                self.path(&path)?;
            }
        }
    }

    /// The path relative to the root. At the root, a plain path, as `git ls-files` prints it, is
    /// already relative to it.
    fn relative<'p>(&self, path: &'p [u8]) -> Result<Cow<'p, [u8]>> {
        let is_plain = !path.starts_with(b"/")
            && !path.starts_with(b".")
            && !path.contains_str("//")
            && !path.contains_str("/.")
            && !cfg!(windows);
        if is_plain && self.workspace.directory == self.workspace.repo.root() {
            return Ok(Cow::Borrowed(path));
        }
        let path = path.to_path().context("a path is not UTF-8")?;
        Ok(Cow::Owned(self.workspace.relative(path)?))
    }

    fn path(&mut self, path: &[u8]) -> Result<()> {
        let lines = self.decide(path);
        self.any_unowned |= lines.is_empty();
        if self.args.format.is_json() {
            let overridden = self.args.explain.then(|| self.overridden(path, &lines));
            let rule = |&line: &LineId| JsonRule::new(self.project, line);
            let needed = self.needed(path);
            let answer = JsonAnswer {
                path: JsonPath::new(path),
                state: self.state(&lines),
                owners: self.shown_owners(&lines),
                notify: self.notified(path, &lines),
                rule: lines.first().map(rule),
                more_rules: lines.iter().skip(1).map(rule).collect(),
                approvals: self.json_approvals(needed),
                overrides: overridden.map(|lines| lines.iter().map(rule).collect()),
            };
            return self.json(&answer);
        }
        let notified = self.notified(path, &lines);
        self.record(path, &lines, &suffix(&notified))?;
        if self.args.explain {
            self.explain(path, &lines)?;
        }
        Ok(())
    }

    fn decide(&mut self, path: &[u8]) -> Deciding {
        decide(&self.project.rules, &mut self.walk, path)
    }

    /// Who is told about changes of a path that these lines decide.
    fn notified(&mut self, path: &[u8], lines: &[LineId]) -> Vec<Owner> {
        let notifier = self.notifier.as_mut();
        notifier.map_or(Vec::new(), |walk| walk.notified(path, lines))
    }

    /// The approvals that a path needs. `None` if they are not asked for.
    fn needed(&mut self, path: &[u8]) -> Option<Vec<Needed>> {
        let walk = self.approvals.as_mut();
        walk.map(|walk| walk.needed(path))
    }

    fn json_approvals(&self, needed: Option<Vec<Needed>>) -> Option<Vec<JsonApproval<'a>>> {
        let approval = |each| JsonApproval::new(self.project, each, self.args.members);
        needed.map(|needed| needed.into_iter().map(approval).collect())
    }

    /// The name of the state of a path that these lines decide.
    fn state(&self, lines: &[LineId]) -> &'static str {
        let rules = &self.project.rules;
        rules.ownership(rules.first_owning(lines)).state()
    }

    /// The answer for a directory: the owners of the tracked paths in it.
    fn directory(&mut self, mut path: Vec<u8>, full: &Path) -> Result<()> {
        if self.tracked.is_none() {
            self.tracked = Some(self.workspace.repo.tracked()?);
        }
        let tracked = self.tracked.take().unwrap_or_default();
        let result = match tracked.find(path.strip_suffix(b"/").unwrap_or_default()) {
            // For a forge, a submodule is one path.
            Some(found) if found.kind == PathKind::Submodule => {
                path.pop();
                self.path(&path)
            }
            // A file or symlink with a trailing slash is answered as a file or symlink.
            Some(_) if !full.is_dir() => {
                path.pop();
                self.path(&path)
            }
            _ => self.contents(&path, &tracked),
        };
        self.tracked = Some(tracked);
        result
    }

    fn contents(&mut self, path: &[u8], tracked: &PathSet) -> Result<()> {
        // Grouped by owners, in the order of first appearance; with `--explain`, by rule.
        let mut counts: Vec<(Below, usize)> = Vec::new();
        let mut places: FxHashMap<Below, usize> = FxHashMap::default();
        let mut alike: FxHashMap<Key<'_>, usize> = FxHashMap::default();
        for file in tracked.below(path) {
            let below = self.below(file.bytes);
            let place = match places.get(&below) {
                Some(&place) => place,
                None => {
                    let place = *alike.entry(self.key(&below)).or_insert_with(|| {
                        counts.push((below.clone(), 0));
                        counts.len() - 1
                    });
                    places.insert(below, place);
                    place
                }
            };
            counts[place].1 += 1;
        }
        if counts.is_empty() {
            // No tracked path: the answer for a new file.
            let new_file = [path, NEW_FILE].concat();
            counts.push((self.below(&new_file), 0));
        }
        counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        if self.args.format.is_json() {
            let below = counts
                .iter()
                .map(|(below, count)| JsonBelow {
                    state: self.state(&below.lines),
                    owners: self.shown_owners(&below.lines),
                    notify: below.notified.clone(),
                    approvals: self.json_approvals(below.needed.clone()),
                    paths: *count,
                })
                .collect();
            self.any_unowned |= counts.iter().any(|(below, _)| below.lines.is_empty());
            let answer = JsonDirectory {
                path: JsonPath::new(path),
                below,
            };
            return self.json(&answer);
        }
        for (below, count) in counts {
            let lines = below.lines;
            self.any_unowned |= lines.is_empty();
            let count = if count == 0 {
                "no tracked paths".into()
            } else {
                counted(count, "path")
            };
            let suffix = format!("  ({count}){}", suffix(&below.notified));
            self.record(path, &lines, &suffix)?;
            if self.args.explain {
                self.decided_by(&lines, |_, _| Ok(()))?;
            }
            for needed in below.needed.into_iter().flatten() {
                self.needs(needed)?;
            }
        }
        Ok(())
    }

    /// Writes the line of a path.
    fn record(&mut self, path: &[u8], lines: &[LineId], suffix: &str) -> Result<()> {
        let owners = match (lines, &*self.shown_owners(lines)) {
            ([], _) => "(unowned)".to_string(),
            (_, []) => "(nobody)".to_string(),
            (_, owners) => Owner::line(owners),
        };
        if self.args.null {
            self.out.write_all(&here::relative(path))?;
            write!(self.out, "  {owners}{suffix}\0")?;
        } else {
            let path = here::shown(path);
            writeln!(
                self.out,
                "{path:width$}  {owners}{suffix}",
                width = self.width
            )?;
        }
        Ok(())
    }

    fn below(&mut self, path: &[u8]) -> Below {
        let lines = self.decide(path);
        let notified = self.notified(path, &lines);
        let needed = self.needed(path);
        Below {
            lines,
            notified,
            needed,
        }
    }

    fn key(&self, below: &Below) -> Key<'a> {
        let rules = &self.project.rules;
        let rule = |each: &Needed| rules[each.approval].rules[each.line].rule;
        let needed = below.needed.iter().flatten();
        Key {
            alike: self.alike(&below.lines),
            notified: below.notified.clone(),
            needed: needed.map(|each| (each.approval, rule(each))).collect(),
        }
    }

    /// What groups paths with these lines by their owners.
    fn alike(&self, lines: &[LineId]) -> Alike<'a> {
        let rule = |&line: &LineId| self.project.rules[line].rule;
        match lines {
            [] => Alike::Unowned,
            lines if self.args.explain => Alike::Rules(lines.iter().map(rule).collect()),
            lines => Alike::Owners(self.shown_owners(lines)),
        }
    }

    fn shown_owners(&self, lines: &[LineId]) -> Cow<'a, [Owner]> {
        let rules = &self.project.rules;
        match self.args.members {
            true => rules.people_of(lines),
            false => rules.owners_of(lines),
        }
    }

    fn json(&mut self, answer: &impl Serialize) -> Result<()> {
        let separator = if std::mem::take(&mut self.is_first) {
            "\n"
        } else {
            ",\n"
        };
        self.out.write_all(separator.as_bytes())?;
        serde_json::to_writer(&mut self.out, answer).map_err(io::Error::from)?;
        Ok(())
    }
}

/// The lines that decide a path.
pub(super) fn decide(rules: &RuleSet, walk: &mut RuleWalk<'_, '_>, path: &[u8]) -> Deciding {
    match rules.several_may_decide() {
        true => Deciding::from_slice(walk.decide_each(path)),
        false => walk.decide(path).into_iter().collect(),
    }
}
