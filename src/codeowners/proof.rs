//! Proves that a rendered file means what the rules say.
//!
//! The text is read back with the reader of its forge, and must give exactly the planned lines.
//! Patterns are compared in normal form, so equal values match the same paths. If the planned lines
//! are the rules' own lines ([`is_line_for_line`]), this is a proof for every tree. Otherwise the
//! plan must be checked too: the paths of the repository, and some made up for each line, are
//! decided by the rules and by the file.
//!
//! Where [every](Decides::Every) line counts, a line may leave patterns out. If its text says that in
//! another form than the plan, its forge compares what both match.

use std::fmt;

use super::matcher::FileMatcher;
use super::{File, FileLine, PlannedLine, Rendered, read, with_written_meaning};
use crate::forge::{Decides, Forge, MAX_WRITING_STEPS};
use crate::ids::{Id as _, IdRange};
use crate::matcher::Walk;
use crate::owner::Owner;
use crate::paths::PathSet;
use crate::pattern::algebra::witnesses_of;
use crate::pattern::budget::Budget;
use crate::ruleset::{Ownership, RuleSet, RuleWalk, composed};
use crate::text::escaped;

/// A difference between a rendered file and the rules. It is a bug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The line of the file, or the path.
    pub place: String,
    /// What the rules say.
    pub expected: String,
    /// What the file says.
    pub found: String,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Disagreement {
            place,
            expected,
            found,
        } = self;
        write!(
            f,
            "{place}: the rules say `{expected}`, the file says `{found}`"
        )
    }
}

/// Whether the planned lines for `forge` are the rules' own lines, one for one.
#[must_use]
pub fn is_line_for_line(rules: &RuleSet, forge: Forge) -> bool {
    forge.dialect.abilities().is_line_for_line()
        && rules.exceptions().is_empty()
        && !rules.has_additions()
}

/// Proves that `rendered` means what `rules` say. The proof holds for every tree if the lines are
/// [the rules' own](is_line_for_line), and otherwise for `paths` and made-up paths.
///
/// # Errors
///
/// The first difference.
pub fn prove(rules: &RuleSet, rendered: &Rendered, paths: &PathSet) -> Result<(), Disagreement> {
    let forge = rendered.forge;
    // If a character is written as `?`, the line matches more than the rule. `inexact-output`
    // reports that, so the proof compares with the wider patterns.
    let rules = &*with_written_meaning(rules, forge);
    let lines = &*rendered.lines;
    let file = read(&rendered.text, forge);
    if let Some(fault) = file.faults.first() {
        return Err(Disagreement {
            place: format!("line {}", fault.line),
            expected: "nothing".into(),
            found: format!("a line in error: {}", fault.reason),
        });
    }
    if file.sections.len() < 2 && rendered.sections.is_empty() {
        return prove_part(rules, lines, &file, forge, paths);
    }
    prove_headings(rules, rendered, &file)?;
    prove_part(rules, lines, &file.section(0), forge, paths)?;
    for (index, section) in (1..).zip(&*rendered.sections) {
        let rules = with_written_meaning(&rules[section.approval].rules, forge);
        prove_part(&rules, &section.lines, &file.section(index), forge, paths)?;
    }
    Ok(())
}

/// Proves that a section, or a file without sections, has these lines, and means what the rules say.
fn prove_part(
    rules: &RuleSet,
    lines: &[PlannedLine],
    file: &File,
    forge: Forge,
    paths: &PathSet,
) -> Result<(), Disagreement> {
    prove_text(lines, file, forge)?;
    if is_line_for_line(rules, forge) {
        return prove_line_for_line(rules, lines);
    }
    let made_up: PathSet = witnesses_of(lines.iter().map(|line| &line.pattern)).collect();
    let all = [&made_up, paths];
    match file.decides {
        Decides::Last => prove_paths(rules, file, all),
        // What a text says in another form takes longer to match, and means what the plan says.
        Decides::Every => prove_paths(rules, &of_plan(lines), all),
    }
}

/// Checks that the file has the sections of the approvals, each with what it asks for, and no others.
fn prove_headings(rules: &RuleSet, rendered: &Rendered, file: &File) -> Result<(), Disagreement> {
    let expected = rendered.sections.iter().map(|section| {
        let approval = &rules[section.approval];
        (&*approval.name, approval.count, approval.is_optional)
    });
    let found = file.sections.iter().skip(1);
    let found = found.map(|each| (&*each.name, each.approvals, each.is_optional));
    let is_uniform = |line: &FileLine| line.approvals == file.sections[line.section].approvals;
    if expected.clone().eq(found.clone()) && file.entries.iter().all(is_uniform) {
        return Ok(());
    }
    let shown = |all: &mut dyn Iterator<Item = (&str, usize, bool)>| {
        let one = |(name, count, is_optional)| {
            let mark = if is_optional { "^" } else { "" };
            format!("{mark}[{name}][{count}]")
        };
        all.map(one).collect::<Vec<_>>().join(" ")
    };
    let (mut expected, mut found) = (expected, found);
    Err(Disagreement {
        place: "the sections".into(),
        expected: shown(&mut expected),
        found: shown(&mut found),
    })
}

/// Checks that the file has exactly these lines.
fn prove_text(lines: &[PlannedLine], file: &File, forge: Forge) -> Result<(), Disagreement> {
    let fail = |line: usize, expected: Option<&PlannedLine>, found: String| {
        Err(Disagreement {
            place: format!("line {line}"),
            expected: expected.map_or("nothing".into(), |line| {
                show(&line.pattern.to_string(), &line.owners)
            }),
            found,
        })
    };
    let mut count = 0;
    let mut budget = Budget::new(MAX_WRITING_STEPS);
    for entries in file.entries.chunk_by(|a, b| a.line == b.line) {
        let (expected, entry) = (lines.get(count), &entries[0]);
        let is_same = expected.is_some_and(|line| {
            (forge.dialect).says(entries, &line.pattern, &line.except, &mut budget)
                && entry.owners == *line.owners
                && entry.is_exclusion == line.is_exclusion
                && entry.section == 0
        });
        if !is_same {
            return fail(entry.line, expected, show(&entry.text, &entry.owners));
        }
        count += 1;
    }
    match lines.get(count) {
        None => Ok(()),
        missing => fail(
            file.entries.last().map_or(1, |last| last.line + 1),
            missing,
            "nothing".into(),
        ),
    }
}

/// Checks that the lines are those of the rules.
fn prove_line_for_line(rules: &RuleSet, lines: &[PlannedLine]) -> Result<(), Disagreement> {
    let ours = rules.lines().iter().map(|line| {
        let owners = &rules[line.rule].owners;
        (&line.pattern, owners)
    });
    if ours.eq(lines.iter().map(|line| (&line.pattern, &line.owners))) {
        return Ok(());
    }
    Err(Disagreement {
        place: "the plan".into(),
        expected: format!("{} lines, one for one", rules.lines().len()),
        found: format!("{} lines", lines.len()),
    })
}

/// Checks that rules and file give each path the same owners. A forge cannot tell nobody from
/// unowned.
///
/// Of a directory in which both decide all paths alike, one path is enough. A file may have a hundred
/// sections, each for a few directories.
fn prove_paths(rules: &RuleSet, file: &File, sets: [&PathSet; 2]) -> Result<(), Disagreement> {
    let (expected, found) = (rules.matcher(), file.matcher());
    let (mut expected_walk, mut found_walk) = (expected.walk(), found.walk());
    for paths in sets {
        let ids = paths.ids();
        let mut id = ids.start;
        while id < ids.end {
            let path = &paths[id];
            prove_path(path, &mut expected_walk, (&found, &mut found_walk))?;
            let decided = expected_walk.decided_directory();
            let alike = decided.zip(found_walk.decided_directory());
            id = match alike {
                Some((a, b)) => paths.end_of(&path[..a.max(b)], IdRange::new(id.next(), ids.end)),
                None => id.next(),
            };
        }
    }
    Ok(())
}

/// Checks that rules and file give a path the same owners.
fn prove_path(
    path: &[u8],
    rules: &mut RuleWalk<'_, '_>,
    (file, walk): (&FileMatcher<'_>, &mut Walk<'_>),
) -> Result<(), Disagreement> {
    let expected = match rules.ownership(path) {
        Ownership::Owned(owners) => owners,
        Ownership::Nobody | Ownership::Unowned => &[],
    };
    let lists = file.owners(walk, path);
    let all;
    let found = match file.decides() {
        Decides::Last => lists.first().copied().unwrap_or_default(),
        Decides::Every => {
            all = composed(lists.iter().copied());
            &*all
        }
    };
    let is_section = file.decides() == Decides::Last && lists.len() > 1;
    if is_section || expected != found {
        return Err(Disagreement {
            place: format!("the path `{}`", escaped(path)),
            expected: show("", expected),
            found: show("", found),
        });
    }
    Ok(())
}

/// The planned lines as a file.
fn of_plan(lines: &[PlannedLine]) -> File {
    let entries = (1..).zip(lines).map(|(number, line)| FileLine {
        line: number,
        pattern: Some(line.pattern.clone()),
        except: line.except.clone(),
        owners: line.owners.to_vec(),
        ..FileLine::default()
    });
    File {
        entries: entries.collect(),
        decides: Decides::Every,
        ..File::default()
    }
}

fn show(pattern: &str, owners: &[Owner]) -> String {
    let owners = Owner::line(owners);
    let words = [pattern, &owners].into_iter();
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::Nobody;
    use crate::project::Project;

    /// Whether a line of the files says that nobody owns something.
    fn has_nobody(forge: Forge) -> bool {
        let abilities = forge.dialect.abilities();
        abilities.decides == Decides::Every || abilities.nobody != Nobody::NoLine
    }

    /// Renders, changes the text with `sabotage`, and proves.
    fn prove_after(forge: Forge, sabotage: impl Fn(&str) -> String) -> Result<(), Disagreement> {
        let nobody = if has_nobody(forge) { "[]" } else { "\"@e\"" };
        let rules = format!(
            "
            \"*\" = \"@a\"
            \"/d/{{x,y}}/\" = [\"@b\", \"@c\"]
            \"/a b/\" = {nobody}
            \"/core/\" = {{ owners = \"@d\", except = [\"/core/web/\"] }}
        "
        );
        let project = Project::from_text(&format!("[paths]{rules}")).unwrap();
        let mut rendered = project.render(&forge.into()).unwrap();
        rendered.text = sabotage(&rendered.text).into();
        prove(
            &project.rules,
            &rendered,
            &["core/web/x", "core/y"].iter().collect(),
        )
    }

    #[test]
    fn a_right_text_passes() {
        for &forge in Forge::ALL {
            assert_eq!(prove_after(forge, str::to_string), Ok(()));
        }
        // Another spelling has the same meaning.
        let respelled = |text: &str| text.replace("/d/x/", "d/x/**").replace('\n', "\r\n");
        assert_eq!(prove_after(Forge::GITHUB, respelled), Ok(()));
    }

    #[test]
    fn every_sabotage_is_caught() {
        let decides_by_last = |forge: &&Forge| forge.dialect.abilities().decides == Decides::Last;
        for &forge in Forge::ALL.iter().filter(decides_by_last) {
            for (what, old, new) in [
                ("a leaked group", "/d/x/", "/d/{x,y}/"),
                ("a lost slash", "/d/x/", "/d/x"),
                ("a lost owner", "@b @c", "@b"),
                ("owners in another order", "@b @c", "@c @b"),
                ("an owner where there is none", "/a\\ b/", "/a\\ b/ @a"),
                ("a lost escape", "/a\\ b/", "/a b/"),
                ("a lost line", "/d/y/ @b @c\n", ""),
                ("a line too many", "/core/ ", "/z @z\n/core/ "),
                ("a comment that owns", "@b @c\n", "@b @c # @d\n"),
                ("an owner who is none", "@b", "@-b"),
                ("a wider pattern", "* @a", "/* @a"),
                (
                    "a line repeated at the end",
                    "/core/web/ @a\n",
                    "/core/web/ @a\n* @a\n",
                ),
                ("a lost restoration", "/core/web/ @a\n", ""),
                ("a section", "/core/ ", "[core]\n/core/ "),
            ] {
                if !has_nobody(forge) && old.starts_with("/a") {
                    continue;
                }
                let result = prove_after(forge, |text| {
                    assert!(text.contains(old), "{what}: {text}");
                    text.replace(old, new)
                });
                let is_final = forge.dialect.abilities().nobody == Nobody::Exclusion;
                let is_harmless = match what {
                    "a comment that owns" => !is_final,
                    // An excluded path stays excluded whatever lines follow, and a repeated pattern
                    // keeps its first place.
                    "an owner where there is none" | "a line repeated at the end" => is_final,
                    _ => false,
                };
                assert_eq!(result.is_ok(), is_harmless, "{what} on {}", forge.title);
            }
        }
    }

    #[test]
    fn every_sabotage_is_caught_where_every_line_counts() {
        let every = |forge: &&Forge| forge.dialect.abilities().decides == Decides::Every;
        for &forge in Forge::ALL.iter().filter(every) {
            for (what, old, new) in [
                ("a leaked group", "d/x/.* ", "d/{x,y}/.* "),
                ("a file for a directory", "d/x/.* ", "d/x "),
                ("a lost owner", "@b @c", "@b"),
                ("owners in another order", "@b @c", "@c @b"),
                ("a lost line", "d/y/.* @b @c\n", ""),
                ("a line too many", "d/y/.* @b", "z @z\nd/y/.* @b"),
                ("a line that is dropped", "d/y/.* @b", "**/y @b"),
                ("an owner who is none", "@b @c", "@b @c u@example.com"),
                ("one level", "core/web/.* ", "core/web/[^/]* "),
                ("no group", "d/y/.* ", "d/y/.*|z "),
                ("a negated line", "d/y/.* ", "!d/y/.* "),
                ("alternatives of their own", "d/y/.* ", "(d/y/.*|z/.*) "),
                ("what nobody owns", "b/.*", "b/x/.*"),
            ] {
                let sabotage = |text: &str| {
                    // On Forgejo, this is no text of its own.
                    let old = if text.contains(old) { old } else { "[^d]" };
                    assert!(text.contains(old), "{what}: {text}");
                    text.replacen(old, new, 1)
                };
                let result = prove_after(forge, sabotage);
                assert!(result.is_err(), "{what} on {}", forge.title);
            }
            let respelled = |text: &str| text.replace("d/y/.* ", "(?:d)/y(/.*) ");
            assert_eq!(prove_after(forge, respelled), Ok(()));
        }
    }
}
