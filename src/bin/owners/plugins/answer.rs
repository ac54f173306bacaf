//! What a check answers: JSON, which becomes diagnostics.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use owners::Project;
use owners::config::Level;
use owners::git::{Repo, Revision};
use owners::lint::{Baseline, Levels};
use owners::text::{Diagnostic, FileId, Severity, Source, Sources, escaped};
use serde::Deserialize;

use super::process::{Running, failed, shown};
use crate::failure::Result;
use crate::print::say;
use crate::workspace::keep;

/// The version of the protocol.
pub(super) const VERSION: u32 = 1;
/// The maximum size of all files that findings point into, in bytes. Findings in other files name them
/// without an excerpt.
const MAX_SHOWN: usize = 32 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    version: u32,
    findings: Vec<Finding>,
}

#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    lint: String,
    level: Strength,
    message: String,
    path: Option<String>,
    path_bytes: Option<Vec<u8>>,
    place: Option<Place>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    helps: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Strength {
    Error,
    Warning,
}

/// Where a finding is. Lines and columns count from 1, columns in characters. The end is the position
/// after the last character.
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    file: String,
    line: usize,
    column: usize,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

/// The findings of all checks, and the files that they point into.
pub(crate) struct Merged<'r> {
    diagnostics: Vec<Diagnostic>,
    /// The files of the configuration, and those that findings point into.
    sources: Sources,
    /// The other files by name; none if it cannot be shown.
    files: HashMap<String, Option<FileId>>,
    shown: usize,
    repo: &'r Repo,
    revision: Option<&'r Revision<'r>>,
    project: &'static Project,
}

impl<'r> Merged<'r> {
    /// `revision` is what the checks are about, if that is not the working tree.
    pub(crate) fn new(
        repo: &'r Repo,
        revision: Option<&'r Revision<'r>>,
        project: &'static Project,
    ) -> Self {
        let sources = project.sources.clone();
        let files = sources.iter();
        let files = files.map(|(id, file)| (file.name.clone(), Some(id)));
        Merged {
            diagnostics: Vec::new(),
            files: files.collect(),
            sources,
            shown: 0,
            repo,
            revision,
            project,
        }
    }

    /// The findings, and the project with the files that they point into.
    pub(crate) fn finish(self) -> (Vec<Diagnostic>, &'static Project) {
        let has_more = self.sources.iter().count() > self.project.sources.iter().count();
        let project = match has_more {
            true => keep(Project {
                sources: self.sources,
                ..self.project.clone()
            }),
            false => self.project,
        };
        (self.diagnostics, project)
    }

    /// Waits for the checks, and adds their findings.
    pub(crate) fn with_answers(
        mut self,
        running: Vec<Running>,
        levels: &Levels,
        baseline: Option<&Baseline>,
        is_verbose: bool,
    ) -> Result<Self> {
        for check in running {
            let name = check.name.clone();
            let (answer, said) = check.finish()?;
            if is_verbose && !said.is_empty() {
                say(format_args!("{}", shown(&said)));
            }
            let added = self.add(&name, &answer, levels, baseline);
            added.map_err(|why| failed(&name, &format!("its answer is wrong: {why}"), &said))?;
        }
        Ok(self)
    }

    /// Adds the findings that the check `name` answered, each once, unless their level is allow, or a
    /// change did not cause them.
    fn add(
        &mut self,
        name: &str,
        answer: &[u8],
        levels: &Levels,
        baseline: Option<&Baseline>,
    ) -> Result<(), String> {
        let answer = parsed(answer)?;
        if answer.version != VERSION {
            let version = answer.version;
            return Err(format!(
                "its version is {version}, and this `owners` knows {VERSION}"
            ));
        }
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for (index, finding) in answer.findings.into_iter().enumerate() {
            if !seen.insert(finding.clone()) {
                continue;
            }
            let fault = |why: String| format!("findings[{index}]: {why}");
            let is_caused = baseline.is_none_or(|baseline| finding.is_caused(baseline));
            let diagnostic = self.diagnostic(name, finding, levels).map_err(fault)?;
            found.extend(diagnostic.filter(|_| is_caused));
        }
        // Those of a lint stand together in the report.
        found.sort_by_key(|each| each.lint);
        self.diagnostics.append(&mut found);
        Ok(())
    }

    fn diagnostic(
        &mut self,
        name: &str,
        finding: Finding,
        levels: &Levels,
    ) -> Result<Option<Diagnostic>, String> {
        let lint = lint(name, &finding.lint)?;
        if finding.message.trim().is_empty() {
            return Err("`message` is empty".to_string());
        }
        let default = match finding.level {
            Strength::Error => Level::Deny,
            Strength::Warning => Level::Warn,
        };
        let mut diagnostic = Diagnostic::error(finding.message);
        diagnostic.lint = Some(lint);
        diagnostic.path = match (finding.path, finding.path_bytes) {
            (_, Some(bytes)) => Some(checked(bytes)?),
            (Some(path), None) => Some(checked(path.into_bytes())?),
            (None, None) => None,
        };
        if let Some(place) = finding.place {
            diagnostic = self.at(diagnostic, &place)?;
        }
        let diagnostic = finding.notes.into_iter().fold(diagnostic, Diagnostic::note);
        let mut diagnostic = finding.helps.into_iter().fold(diagnostic, Diagnostic::help);
        diagnostic.severity = match levels.of_other(lint, default) {
            Level::Allow => return Ok(None),
            Level::Warn => Severity::Warning,
            Level::Deny => Severity::Error,
        };
        Ok(Some(diagnostic))
    }

    /// Points at a place. If its file cannot be shown, a note names the place.
    fn at(&mut self, mut diagnostic: Diagnostic, place: &Place) -> Result<Diagnostic, String> {
        let name = checked(place.file.clone().into_bytes())?;
        match self.file(&place.file) {
            Some(file) => {
                let span = span(&self.sources[file], place)?;
                Ok(diagnostic.at(file, span, ""))
            }
            None => {
                let Place { line, column, .. } = place;
                let shown = escaped(&name);
                diagnostic.path.get_or_insert(name);
                Ok(diagnostic.note(format!("at {shown}:{line}:{column}")))
            }
        }
    }

    /// The file of this name, if it can be shown.
    fn file(&mut self, name: &str) -> Option<FileId> {
        if let Some(known) = self.files.get(name) {
            return *known;
        }
        let read = || match self.revision {
            None => self.repo.read_or_skipped(name.as_bytes()),
            Some(revision) => revision.read(name.as_bytes()),
        };
        let text = (self.shown < MAX_SHOWN).then(|| read().ok().flatten());
        let text = text.flatten();
        self.shown += text.as_ref().map_or(0, Vec::len);
        let source = text.and_then(|text| Source::from_bytes(name, text).ok());
        let file = source.map(|source| self.sources.add(source));
        self.files.insert(name.to_string(), file);
        file
    }
}

impl Finding {
    /// Whether a change caused it: it is about a changed path, or about none.
    fn is_caused(&self, baseline: &Baseline) -> bool {
        let bytes = self.path_bytes.as_deref();
        let path = bytes.or(self.path.as_deref().map(str::as_bytes));
        let file = self.place.as_ref().map(|place| place.file.as_bytes());
        let mut paths = [path, file].into_iter().flatten().peekable();
        paths.peek().is_none() || paths.any(|path| baseline.touches(path))
    }
}

/// The answer in a text.
fn parsed(text: &[u8]) -> Result<Answer, String> {
    match text.trim_ascii_start() {
        [] => Err("it is empty".to_string()),
        // An array of the values would be read as well.
        [b'{', ..] => serde_json::from_slice(text).map_err(|error| error.to_string()),
        _ => Err("it is not a JSON object".to_string()),
    }
}

/// The name of a lint, which is kept as long as the process runs.
fn lint(check: &str, name: &str) -> Result<&'static str, String> {
    static NAMES: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let own = name
        .strip_prefix(check)
        .and_then(|rest| rest.strip_prefix('/'));
    if !own.is_some_and(|own| {
        own.starts_with(|c: char| c.is_ascii_alphanumeric()) && own.chars().all(is_allowed)
    }) {
        return Err(format!(
            "`lint` must be `{check}/` and a name of letters, digits, `.`, `_` and `-`, not `{}`",
            escaped(name.as_bytes())
        ));
    }
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return Ok(known);
    }
    let name: &'static str = Box::leak(name.into());
    names.insert(name);
    Ok(name)
}

/// A path relative to the root of the repository.
fn checked(path: Vec<u8>) -> Result<Vec<u8>, String> {
    let is_name = |name: &[u8]| !matches!(name, b"" | b"." | b"..") && !name.contains(&0);
    let inner = path.strip_suffix(b"/").unwrap_or(&path);
    match path.is_empty() || inner.split(|&byte| byte == b'/').all(is_name) {
        true => Ok(path),
        false => Err(format!(
            "`{}` is not a path relative to the root of the repository",
            escaped(&path)
        )),
    }
}

/// The bytes of a place.
fn span(source: &Source, place: &Place) -> Result<std::ops::Range<usize>, String> {
    let start = offset(source, "line", place.line, "column", place.column)?;
    let end = match (place.end_line, place.end_column) {
        (None, None) => start,
        (line, column) => {
            let line = line.unwrap_or(place.line);
            let column = column.ok_or("`end_line` needs `end_column`")?;
            offset(source, "end_line", line, "end_column", column)?
        }
    };
    match start <= end {
        true => Ok(start..end),
        false => Err("the end of `place` is before its start".to_string()),
    }
}

fn offset(
    source: &Source,
    line_key: &str,
    line: usize,
    column_key: &str,
    column: usize,
) -> Result<usize, String> {
    let name = escaped(source.name.as_bytes());
    let Some(range) = source.line_range(line) else {
        return Err(format!("`{name}` has no line {line} (`{line_key}`)"));
    };
    let text = &source.text[range.clone()];
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let mut ends = ends.skip(column.wrapping_sub(1));
    match ends.next() {
        Some(at) if column > 0 => Ok(range.start + at),
        _ => Err(format!(
            "line {line} of `{name}` has no column {column} (`{column_key}`)"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_offsets() {
        let source = Source::new("f", "aé b\nc\n");
        let place = |line, column, end_line, end_column| Place {
            file: "f".to_string(),
            line,
            column,
            end_line,
            end_column,
        };
        for (place, expected) in [
            (place(1, 1, None, None), Ok(0..0)),
            (place(1, 3, None, Some(5)), Ok(3..5)),
            (place(1, 5, Some(2), Some(2)), Ok(5..7)),
            (place(0, 1, None, None), Err("`f` has no line 0 (`line`)")),
            (place(9, 1, None, None), Err("`f` has no line 9 (`line`)")),
            (
                place(1, 0, None, None),
                Err("line 1 of `f` has no column 0 (`column`)"),
            ),
            (
                place(1, 6, None, None),
                Err("line 1 of `f` has no column 6 (`column`)"),
            ),
            (
                place(1, 2, None, Some(1)),
                Err("the end of `place` is before its start"),
            ),
            (
                place(1, 2, Some(2), None),
                Err("`end_line` needs `end_column`"),
            ),
        ] {
            assert_eq!(span(&source, &place), expected.map_err(String::from));
        }
    }

    #[test]
    fn paths_are_relative() {
        for path in ["", "a", "a/b", "a/", "..a"] {
            assert!(checked(path.into()).is_ok(), "{path}");
        }
        for path in ["/", "/a", "../a", "a/../b", "a//b", "./a", "a\0"] {
            assert!(checked(path.into()).is_err(), "{path}");
        }
    }
}
