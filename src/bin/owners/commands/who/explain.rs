//! `owners who --explain`: which rules decide, which they override, and whose approval a path needs.

use std::fmt::Write as _;
use std::io::Write;
use std::ops::Range;

use owners::Owner;
use owners::ruleset::{LineId, Needed};
use owners::text::{Location, escaped};

use super::Answers;
use super::json::section;
use crate::failure::Result;
use crate::here;

/// How many characters of a rule are shown.
const SHOWN: usize = 100;

impl Answers<'_> {
    /// The lines of other rules that match but do not decide, the last rule first, with the last
    /// matching line of each rule. A rule may match with several of its alternatives, and does not
    /// override itself.
    pub(super) fn overridden(&mut self, path: &[u8], lines: &[LineId]) -> Vec<LineId> {
        let rule = |line: LineId| self.project.rules[line].rule;
        let mut all = self.walk.applicable(path);
        all.reverse();
        all.dedup_by_key(|&mut line| rule(line));
        all.retain(|&other| lines.iter().all(|&line| rule(other) != rule(line)));
        all
    }

    /// Writes which rules decide: the base and those that add to it or, with sections, one for each
    /// section. `detail` writes more about each.
    pub(super) fn decided_by(
        &mut self,
        lines: &[LineId],
        detail: impl Fn(&mut Self, LineId) -> Result<()>,
    ) -> Result<()> {
        let rules = &self.project.rules;
        for (index, &line) in lines.iter().enumerate() {
            let text = self.describe(line);
            let section = match section(self.project, line) {
                Some(name) => format!(" in section `{}`", escaped(name.as_bytes())),
                None => String::new(),
            };
            if rules.rule_of(line).adds() {
                let before = rules.owners_of(&lines[..index]).len();
                let note = match rules.owners_of(&lines[..=index]).len() > before {
                    true => "",
                    false => " (nobody new)",
                };
                writeln!(self.out, "    added by {text}{note}")?;
            } else {
                writeln!(self.out, "    decided by {text}{section}")?;
            }
            detail(self, line)?;
        }
        Ok(())
    }

    pub(super) fn explain(&mut self, path: &[u8], lines: &[LineId]) -> Result<()> {
        self.decided_by(lines, Self::explain_line)?;
        if lines.is_empty() {
            writeln!(self.out, "    no rule matches")?;
        }
        let notices = self.notifier.as_mut();
        for notice in notices.map_or(Vec::new(), |walk| walk.notices(path, lines)) {
            let text = self.described(&notice.location(), notice.span.clone());
            writeln!(self.out, "    notified by {text}")?;
        }
        self.overrides(path, lines)?;
        for needed in self.needed(path).into_iter().flatten() {
            self.needs(needed)?;
        }
        Ok(())
    }

    /// Writes an approval that a path needs.
    pub(super) fn needs(&mut self, needed: Needed) -> Result<()> {
        let rules = &self.project.rules;
        let approval = &rules[needed.approval];
        let rule = approval.rules.rule_of(needed.line);
        let heading = approval.heading();
        let verb = verb(approval.is_optional);
        let owners = match self.args.members {
            true => &rule.people,
            false => &rule.owners,
        };
        let by = self.described(&rule.location(), rule.span.clone());
        writeln!(
            self.out,
            "    {verb} approval {}: {} by {by}",
            escaped(heading.as_bytes()),
            approvers(approval.count, owners)
        )?;
        Ok(())
    }

    /// Writes the alternatives of a line and the groups of its rule.
    pub(super) fn explain_line(&mut self, line: LineId) -> Result<()> {
        let rules = &self.project.rules;
        let rule = rules.rule_of(line);
        for location in rules.alternative_locations(line, &self.project.sources) {
            let text = &self.project.sources[location.file].text[location.span.clone()];
            let text = escaped(text.as_bytes());
            let place = here::place(&self.project.sources, &location);
            let pattern = rules[line].pattern.to_string();
            let pattern = escaped(pattern.as_bytes());
            writeln!(
                self.out,
                "    alternative {place}: `{text}` expands to {pattern}"
            )?;
        }
        for &group in &rule.groups {
            let group = &rules[group];
            let place = here::place(&self.project.sources, &group.location);
            let mut text = format!("{} = {}", group.name, Owner::line(&group.owners));
            if group.people != group.owners {
                let _ = write!(text, "; members: {}", Owner::join(&group.people));
            }
            for (what, value) in [("", &group.description), ("contact: ", &group.contact)] {
                if let Some(value) = value {
                    let _ = write!(text, "; {what}{}", escaped(value.as_bytes()));
                }
            }
            writeln!(self.out, "    group {place}: {text}")?;
        }
        Ok(())
    }

    pub(super) fn overrides(&mut self, path: &[u8], lines: &[LineId]) -> Result<()> {
        for other in self.overridden(path, lines) {
            writeln!(self.out, "    overrides {}", self.describe(other))?;
        }
        Ok(())
    }

    /// `owners.toml:9:1: "crates/<wasi,wasi-http>" = wasi`
    pub(super) fn describe(&self, line: LineId) -> String {
        let rule = self.project.rules.rule_of(line);
        self.described(&rule.location(), rule.span.clone())
    }

    /// A rule with this location of its pattern, whose whole text is at `span`.
    pub(super) fn described(&self, location: &Location, span: Range<usize>) -> String {
        let place = here::place(&self.project.sources, location);
        let value = &self.project.sources[location.file].text[span];
        // The rule is shown on one line, even if it is written on several.
        let mut words = String::new();
        for word in value.split_whitespace() {
            if words.len() > 4 * SHOWN {
                break;
            }
            words.push_str(if words.is_empty() { "" } else { " " });
            words.extend(word.chars().take(SHOWN + 1));
        }
        let shown = escaped(words.as_bytes());
        match shown.char_indices().nth(SHOWN) {
            None => format!("{place}: {shown}"),
            Some(_) => {
                let shown: String = shown.chars().take(SHOWN - 1).collect();
                format!("{place}: {shown}…")
            }
        }
    }
}

/// What a path has to do with an approval.
pub(crate) fn verb(is_optional: bool) -> &'static str {
    match is_optional {
        true => "may have",
        false => "needs",
    }
}

/// Who gives an approval: `@a`, `one of @a @b`, `2 of @org/team`.
pub(crate) fn approvers(count: usize, owners: &[Owner]) -> String {
    let names = Owner::join(owners);
    match (count, owners) {
        (0 | 1, [_]) => names,
        (0 | 1, _) => format!("one of {names}"),
        (count, _) => format!("{count} of {names}"),
    }
}
