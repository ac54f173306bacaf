//! The format for people: each finding with an excerpt, and a summary.
//!
//! A repository that adopts `owners` may have thousands of findings, and nobody reads them all. So
//! findings about paths in one directory are shown as one, and only the first findings of a lint are
//! shown. `-v` shows each of them. The formats for programs are always complete.

mod draw;
mod excerpt;

use std::collections::HashSet;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use owners::lint::Facts;
use owners::text::{Diagnostic, Holds, Location, Severity, counted, escaped};

use super::{ADDED, REMOVED, Report, Reporter, seen_together};
use crate::here;

pub(super) use draw::Drawer;

/// How many findings of a lint are shown.
pub(crate) const MOST: usize = 20;
/// How many names of a directory are shown.
const NAMES: usize = 10;
/// How many rules are shown that decide paths of one finding.
const RULES: usize = 3;

/// The format for people.
pub(super) struct Human {
    pub(super) is_colored: bool,
}

impl Reporter for Human {
    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        if report.is_quiet {
            return self.summary(report, out);
        }
        match report.is_verbose {
            true => self.draw(report.diagnostics, report, out)?,
            false => self.first_of_each_lint(report, out)?,
        }
        if !report.diagnostics.is_empty() {
            writeln!(out)?;
        }
        self.summary(report, out)?;
        if report.can_fix {
            fixes(report, out)?;
        }
        backlog(report, out)?;
        // `init` joins sections only if no path is in two of them.
        if report.project.codeowners.is_some() && !report.project.rules.has_sections() {
            writeln!(
                out,
                "`owners init` would add groups, alternatives such as `{{a,b}}`, and exemptions for \
                 paths that may stay unowned"
            )?;
        }
        Ok(())
    }
}

impl Human {
    fn draw(
        &self,
        diagnostics: &[Diagnostic],
        report: &Report<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        super::draw(diagnostics, &report.project.sources, self.is_colored, out)
    }

    /// Draws the first findings of each lint.
    fn first_of_each_lint(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        for (index, findings) in report.by_lint().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let (shown, left) = first(findings, report.facts);
            self.draw(&shown, report, out)?;
            if left > 0 {
                let lint = findings[0].lint.unwrap_or("other");
                writeln!(out, "\n… and {left} more of `{lint}` (`-v` shows all)")?;
            }
        }
        Ok(())
    }

    /// The line at the end of `check`.
    fn summary(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let (errors, warnings) = (
            report.count_seen(Severity::Error),
            report.count_seen(Severity::Warning),
        );
        let style = match (errors, warnings) {
            _ if !self.is_colored => Style::new(),
            (0, 0) => ADDED.bold(),
            (0, _) => AnsiColor::Yellow.on_default().bold(),
            _ => REMOVED.bold(),
        };
        writeln!(
            out,
            "{style}{}{style:#}; {}",
            report.verdict_seen(),
            report.coverage()
        )
    }
}

/// The first findings of a lint, with those of one directory as one, and how many are left.
fn first(findings: &[Diagnostic], facts: &Facts) -> (Vec<Diagnostic>, usize) {
    let seen = seen_together(findings);
    let shown = seen.iter().take(MOST).map(|findings| one(findings, facts));
    (shown.collect(), seen.len().saturating_sub(MOST))
}

/// One finding for several of one directory.
fn one(findings: &[&Diagnostic], facts: &Facts) -> Diagnostic {
    let (&first, rest) = findings.split_first().unwrap_or_else(|| unreachable!());
    let together = first.together.as_ref().filter(|_| !rest.is_empty());
    let Some(together) = together else {
        return first.clone();
    };
    let directory = &*together.directory;
    let mut paths = 0;
    let mut names: Vec<String> = Vec::new();
    for finding in findings {
        let path = finding.path.as_deref().unwrap_or_default();
        let name = path.strip_prefix(directory).unwrap_or(path);
        let name = escaped(name);
        match path.ends_with(b"/") {
            false => {
                paths += 1;
                names.push(format!("`{name}`"));
            }
            true => {
                let count = facts.paths.below(path).count();
                paths += count;
                names.push(format!("`{name}` ({})", counted(count, "path")));
            }
        }
    }
    let left = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    if left > 0 {
        names.push(format!("and {left} more"));
    }
    let message = format!(
        "{} in `{}` {}",
        counted(paths, "path"),
        here::shown(directory),
        together.what
    );
    let mut one = Diagnostic::error(message)
        .about(directory)
        .note(names.join(", "))
        .help(&together.help);
    one.severity = first.severity;
    one.lint = first.lint;
    add_labels(&mut one, findings);
    one
}

/// Adds the labels of several findings, each once: the first rules, and what all have in common.
fn add_labels(one: &mut Diagnostic, findings: &[&Diagnostic]) {
    let mut common = None;
    let mut known: HashSet<&Location> = HashSet::new();
    for finding in findings {
        let Some((last, own)) = finding.labels.split_last() else {
            continue;
        };
        common.get_or_insert(last);
        for label in own {
            if known.insert(&label.location) {
                one.labels.push(label.clone());
            }
        }
    }
    let left = one.labels.len().saturating_sub(RULES);
    one.labels.truncate(RULES);
    one.labels.extend(common.cloned());
    if left > 0 {
        one.notes.push(format!(
            "{} decide such paths, too",
            counted(left, "more rule")
        ));
    }
}

/// What to do about more findings than anybody wants to fix at once.
fn backlog(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut long = report.by_lint().filter(|findings| findings.len() > MOST);
    let Some(first) = long.next() else {
        return Ok(());
    };
    if !report.is_of_change {
        writeln!(
            out,
            "for a backlog: `owners check --changed <base>` reports only what a change to that branch causes"
        )?;
    }
    let is_unowned = |findings: &[Diagnostic]| findings[0].lint == Some("unowned-path");
    if is_unowned(first) || long.any(is_unowned) {
        writeln!(
            out,
            "paths that need no owner yet: {}",
            match report.project.codeowners {
                Some(_) => "`-A unowned-path` does not report them",
                None => "`owners check --exempt-unowned` lists them in owners.toml",
            }
        )?;
    }
    Ok(())
}

/// How many of the findings `--fix` can fix, if any.
fn fixes(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let count = |holds: Holds| {
        let fixes = report
            .diagnostics
            .iter()
            .filter_map(|each| each.fix.as_ref());
        fixes.filter(|fix| fix.holds == holds).count()
    };
    match (count(Holds::AnyTree), count(Holds::ThisTree)) {
        (0, 0) => Ok(()),
        (any, 0) => writeln!(out, "`--fix` can fix {any}"),
        (0, tree) => writeln!(out, "`--fix=tree` can fix {tree}"),
        (any, tree) => writeln!(out, "`--fix` can fix {any}, `--fix=tree` {tree} more"),
    }
}
