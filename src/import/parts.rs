//! The parts of a file: the lines that become `[paths]`, and for each approval its lines.
//!
//! A section asks for an approval of its own. If it asks for one, and no path is in it and also in the
//! rest of the file, it adds nothing up: then its heading can be dropped without a change, because the
//! last matching line is that of the only section that matches. This is checked for every tracked path.
//! These sections, and the lines without a section, become `[paths]`, those with most paths first. Every
//! other section becomes an approval.
//!
//! Within a section, lines below different headings may ask for different numbers of approvals. Each
//! number is an approval, in which nobody needs to approve the lines of the others.

use rustc_hash::{FxHashMap, FxHashSet};

use super::choosing::can_match;
use crate::codeowners::{File, FileLine};
use crate::paths::PathSet;
use crate::text::fold_case;

/// A part of the file that becomes the rules of `[paths]`, or of an approval.
#[derive(Debug)]
pub(super) struct Part {
    /// Its lines with a pattern.
    pub(super) file: File,
    /// What it asks for. `None` for `[paths]`.
    pub(super) approval: Option<PartApproval>,
    /// The numbers of the lines of the text that belong to it, ascending.
    pub(super) lines: Vec<usize>,
}

/// The approval that a part becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PartApproval {
    pub(super) name: String,
    pub(super) count: usize,
    pub(super) is_optional: bool,
}

/// Splits a file into its parts. `[paths]` is the first.
pub(super) fn split(file: &File, text: &str, paths: &PathSet) -> Vec<Part> {
    let is_folded = folded(file, paths);
    let of_lines = sections_of_lines(file, text);
    let of_text = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
        let lines = (1..).zip(&of_lines);
        let lines = lines.filter(|(_, section)| wanted(**section));
        lines.map(|(number, _)| number).collect()
    };
    let mut entries: Vec<Vec<&FileLine>> = vec![Vec::new(); file.sections.len()];
    for entry in &file.entries {
        entries[entry.section].push(entry);
    }
    let first = file.entries.iter().filter(|entry| is_folded[entry.section]);
    let mut parts = vec![Part {
        file: part_of(file, first.cloned().collect()),
        approval: None,
        lines: of_text(&|section| is_folded[section]),
    }];
    let mut names = Names::default();
    let others = (file.sections.iter().enumerate()).filter(|(index, _)| !is_folded[*index]);
    for (index, section) in others {
        let mut lines = of_text(&|other| other == index);
        let name = names.free(&section.name);
        let counts = match section.is_optional {
            true => vec![1],
            false => counts(&entries[index]),
        };
        for (which, &count) in counts.iter().enumerate() {
            let own = entries[index].iter().map(|entry| FileLine {
                owners: match section.is_optional || entry.approvals == count {
                    true => entry.owners.clone(),
                    false => Vec::new(),
                },
                section: 0,
                ..(*entry).clone()
            });
            parts.push(Part {
                file: part_of(file, own.collect()),
                approval: Some(PartApproval {
                    name: match which {
                        0 => name.clone(),
                        _ => names.free(&name),
                    },
                    count,
                    is_optional: section.is_optional,
                }),
                lines: lines.clone(),
            });
            if which == 0 {
                // Comments are written once.
                let with_pattern: FxHashSet<usize> =
                    entries[index].iter().map(|entry| entry.line).collect();
                lines.retain(|line| with_pattern.contains(line));
            }
        }
    }
    parts
}

fn part_of(file: &File, entries: Vec<FileLine>) -> File {
    File {
        entries,
        faults: file.faults.clone(),
        sections: file.sections.clone(),
        decides: file.decides,
    }
}

/// The numbers of approvals that the lines of a section ask for, in the order of the lines.
fn counts(entries: &[&FileLine]) -> Vec<usize> {
    let mut counts: Vec<usize> = Vec::new();
    for entry in entries.iter().filter(|entry| !entry.owners.is_empty()) {
        if !counts.contains(&entry.approvals) {
            counts.push(entry.approvals);
        }
    }
    if counts.is_empty() {
        counts.push(1);
    }
    counts
}

/// For each section, whether it becomes a part of `[paths]`.
fn folded(file: &File, paths: &PathSet) -> Vec<bool> {
    let mut is_plain = vec![true; file.sections.len()];
    let mut has_lines = vec![false; file.sections.len()];
    for entry in file.entries.iter().filter(|entry| can_match(entry)) {
        let section = &file.sections[entry.section];
        has_lines[entry.section] = true;
        is_plain[entry.section] &= !section.is_optional && section.approvals == 1;
    }
    // Lines that have no effect are comments in `[paths]`.
    let mut is_folded: Vec<bool> = has_lines.iter().map(|&has_lines| !has_lines).collect();
    // The lines without a section have no name, so they cannot be an approval, unless they ask for more.
    let (mut order, meetings) = (candidates(&is_plain, &has_lines), meetings(file, paths));
    order.sort_by_key(|&section| {
        let paths: usize = meetings.of_section[section]
            .iter()
            .map(|&at| meetings.counts[at])
            .sum();
        (section != 0, std::cmp::Reverse(paths))
    });
    let mut is_taken = vec![false; meetings.counts.len()];
    for section in order {
        let own = &meetings.of_section[section];
        if own.iter().all(|&at| !is_taken[at]) {
            is_folded[section] = true;
            for &at in own {
                is_taken[at] = true;
            }
        }
    }
    is_folded
}

fn candidates(is_plain: &[bool], has_lines: &[bool]) -> Vec<usize> {
    let all = 0..is_plain.len();
    all.filter(|&section| is_plain[section] && has_lines[section])
        .collect()
}

/// The sets of sections that tracked paths are in.
#[derive(Default)]
struct Meetings {
    /// The number of paths of each set.
    counts: Vec<usize>,
    /// For each section, the sets that it is in.
    of_section: Vec<Vec<usize>>,
}

/// Finds which sections tracked paths are in. An exclusion counts as well.
fn meetings(file: &File, paths: &PathSet) -> Meetings {
    let mut meetings = Meetings {
        counts: Vec::new(),
        of_section: vec![Vec::new(); file.sections.len()],
    };
    let mut known: FxHashMap<Vec<usize>, usize> = FxHashMap::default();
    let matcher = file.matcher();
    let mut walk = matcher.walk();
    let mut sections = Vec::new();
    for path in paths.iter() {
        sections.clear();
        sections.extend(matcher.entries(&mut walk, path).map(|entry| entry.section));
        sections.sort_unstable();
        sections.dedup();
        if let Some(&at) = known.get(&sections) {
            meetings.counts[at] += 1;
            continue;
        }
        let at = meetings.counts.len();
        meetings.counts.push(1);
        for &section in &sections {
            meetings.of_section[section].push(at);
        }
        known.insert(sections.clone(), at);
    }
    meetings
}

/// The section of each line of the text. Comments directly above a heading are about it.
fn sections_of_lines(file: &File, text: &str) -> Vec<usize> {
    let headings = file.sections.iter().enumerate();
    let headings = headings.flat_map(|(index, section)| {
        section
            .headings
            .iter()
            .map(move |&heading| (heading, index))
    });
    let headings: FxHashMap<usize, usize> = headings.collect();
    let mut sections: Vec<usize> = Vec::new();
    let (mut current, mut comments) = (0, 0);
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(&section) = headings.get(&number) {
            current = section;
            let above = sections.len() - comments;
            sections[above..].fill(section);
        }
        comments = match line.starts_with('#') {
            true => comments + 1,
            false => 0,
        };
        sections.push(current);
    }
    sections
}

/// The names of approvals, each once.
#[derive(Default)]
struct Names(FxHashSet<String>);

impl Names {
    /// The name that an approval can have for this one.
    fn free(&mut self, name: &str) -> String {
        let name = name.replace(char::is_control, " ");
        let name = match name.trim() {
            "" => "Unnamed",
            name if name.eq_ignore_ascii_case("codeowners") => "Code owners",
            _ => &name,
        };
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let mut all = std::iter::once(name.to_string()).chain(numbered);
        let free = all.find(|name| self.0.insert(fold_case(name)));
        free.unwrap_or_default()
    }
}
