//! A part of `skipped-line`: a line whose pattern may have either of two meanings to the forge, if tracked
//! paths have other owners by the one than by the other.

use super::Context;
use super::by_hand::{LineTexts, written};
use crate::codeowners::{self, File, FileLine};
use crate::owner::Owner;
use crate::pattern::{Gap, Pattern};
use crate::text::{Diagnostic, FileId, escaped};

/// The most looks at a line and a path.
const MAX_STEPS: usize = 10_000_000;

/// The findings, each with the number of its line.
pub(super) fn findings(context: &Context<'_>, lines: LineTexts<'_>) -> Vec<(usize, Diagnostic)> {
    let project = context.project;
    let also = |text: &str| lines.forge.dialect.also(text);
    let mut rules = project.rules.rules().iter();
    if rules.all(|rule| also(&rule.pattern.value).is_none()) {
        return Vec::new();
    }
    let file = codeowners::read(&project.sources[FileId::ROOT].text, lines.forge);
    let entries = file.entries.iter().enumerate();
    let open = entries.filter_map(|(index, entry)| {
        let also = also(&entry.text)?;
        Some(Open { index, entry, also })
    });
    let mut open: Vec<Open<'_>> = open.collect();
    let other = other_file(&file, &open);
    let (matcher, other_matcher) = (file.matcher(), other.matcher());
    let (mut walk, mut other_walk) = (matcher.walk(), other_matcher.walk());
    let mut found = Vec::new();
    let mut steps = 0;
    for path in context.facts.paths.iter() {
        let here = matcher.all_owners(&mut walk, path);
        let there = other_matcher.all_owners(&mut other_walk, path);
        if here == there {
            continue;
        }
        steps += open.len();
        if open.is_empty() || steps > MAX_STEPS {
            break;
        }
        let differs = |line: &Open<'_>| {
            let pattern = line.entry.pattern.as_ref();
            pattern.is_some_and(|it| it.matches(path)) != line.also.matches(path)
        };
        if let Some(last) = open.iter().rposition(differs) {
            let line = open.remove(last);
            let finding = describe(lines, &line, path, [&here, &there]);
            found.push((line.entry.line, finding));
        }
    }
    found
}

/// A line with two meanings.
struct Open<'f> {
    index: usize,
    entry: &'f FileLine,
    /// The other meaning.
    also: Pattern,
}

/// The file with the other meanings.
fn other_file(file: &File, open: &[Open<'_>]) -> File {
    let mut other = file.clone();
    for line in open {
        other.entries[line.index].pattern = Some(line.also.clone());
    }
    other
}

fn describe(
    lines: LineTexts<'_>,
    line: &Open<'_>,
    path: &[u8],
    [here, there]: [&[Owner]; 2],
) -> Diagnostic {
    let (forge, text) = (lines.forge, &line.entry.text);
    let owned = |owners: &[Owner]| match owners {
        [] => "nobody".to_string(),
        _ => format!("`{}`", Owner::line(owners)),
    };
    let wide = written(forge, &line.also);
    let pattern = line.entry.pattern.as_ref();
    let help = match pattern.filter(|pattern| pattern.tail().open) {
        Some(pattern) => format!("write `{}` or `{wide}`", written(forge, pattern)),
        None => {
            let tail = line.also.tail();
            let deeper = line.also.with_tail(Gap {
                min: tail.min + 1,
                ..tail
            });
            format!(
                "write `{wide}` if it is for everything below; otherwise write that, and a line behind it for what is deeper: `{} <owners>`",
                written(forge, &deeper)
            )
        }
    };
    Diagnostic::error(format!("cannot tell what the line of `{text}` matches"))
        .at(
            FileId::ROOT,
            lines.first_word(line.entry.line),
            format!("may mean `{wide}`, as in a `.gitignore`; it is read as on GitHub here"),
        )
        .note(format!(
            "then {} owns `{}`, otherwise {}",
            owned(there),
            escaped(path),
            owned(here)
        ))
        .help(help)
}
