//! Writes approvals as sections of a CODEOWNERS file, on a forge whose files have them.
//!
//! A section has the place of the first `[[approval]]` with its name, and its lines are those of all
//! entries with that name, in document order. What stands above an entry in `owners.toml`, and around
//! its `paths`, is mirrored as it is for rules.
//!
//! ```text
//! # Whatever touches login.          # Whatever touches login.
//! [[approval]]                       [Security][2] @org/security
//! name = "Security"                  /auth/
//! count = 2                          # Signs tokens.
//! owners = "@org/security"           /lib/jwt/
//! paths = [
//!     "/auth/",
//!     # Signs tokens.
//!     "/lib/jwt/",
//! ]
//! ```

use super::layout::{self, Filler};
use super::render::{Body, Item, is_block};
use super::{File, PlannedLine, PlannedSection};
use crate::owner::Owner;
use crate::ruleset::{Approval, Rule};
use crate::text::Sources;

impl<'a> Body<'a> {
    /// Adds the section of an approval.
    pub(super) fn section(
        &mut self,
        approval: &'a Approval,
        section: &'a PlannedSection,
        sources: &'a Sources,
    ) {
        let known = self.inexact.len();
        let shared = shared_owners(&section.lines);
        self.gap();
        let mut left = section.lines.as_slice();
        for (index, part) in approval.parts.iter().enumerate() {
            let text = &sources[part.location.file].text;
            let above = layout::above(text, 0, part.location.span.start);
            let after_blank = above.iter().rposition(|line| *line == Filler::Blank);
            let above = &above[after_blank.map_or(0, |blank| blank + 1)..];
            if index > 0 && !above.is_empty() {
                self.gap();
            }
            self.fillers(above);
            if index == 0 {
                self.items.push(Item::Heading {
                    text: approval.heading(),
                    owners: shared.unwrap_or_default(),
                });
            }
            let mut from = 0;
            let mut previous: Option<&Rule> = None;
            for id in part.rules {
                let own = left.iter().take_while(|line| line.rule <= id).count();
                let (own, rest) = left.split_at(own);
                left = rest;
                let rule = &approval.rules[id];
                let above = layout::above(text, from, rule.span.start);
                let is_apart = is_block(rule) || previous.is_some_and(is_block);
                if previous.is_some() && is_apart && above.first() != Some(&Filler::Blank) {
                    self.gap();
                }
                self.fillers(&above);
                let note = layout::item_note(text, rule.span.end);
                self.rule(rule, own, note, shared.is_none());
                (from, previous) = (rule.span.end, Some(rule));
            }
        }
        for inexact in &mut self.inexact[known..] {
            inexact.approval = Some(section.approval);
        }
    }
}

/// The owners that the heading can have: those of all lines, if they are the same.
fn shared_owners(lines: &[PlannedLine]) -> Option<&[Owner]> {
    /// The characters of owners of a heading.
    fn is_taken(character: char) -> bool {
        character.is_ascii_alphanumeric() || "@_.-/+".contains(character)
    }
    let mut owned = lines.iter().filter(|line| !line.is_exclusion);
    let first = &owned.next()?.owners[..];
    let is_plain = |owner: &Owner| owner.as_str().chars().all(is_taken);
    let is_same = owned.all(|line| line.owners[..] == *first);
    (is_same && !first.is_empty() && first.iter().all(is_plain)).then_some(first)
}

impl File {
    /// The lines of one section, as a file without sections.
    #[must_use]
    pub fn section(&self, index: usize) -> File {
        let lines = self.entries.iter().filter(|line| line.section == index);
        let lines = lines
            .cloned()
            .map(|line| super::FileLine { section: 0, ..line });
        File {
            entries: lines.collect(),
            faults: Vec::new(),
            decides: self.decides,
            sections: self.sections.get(index).into_iter().cloned().collect(),
        }
    }
}
