//! Groups and owners.

use super::super::Analysis;
use super::super::known::Known;
use super::super::markup::{Line, Markup};
use super::super::token::{Role, Token};
use crate::ids::{Id as _, IdRange};
use crate::owner::{Owner, OwnerKind};
use crate::ruleset::{LineId, ResolvedGroup, Rule};

/// How many names are listed.
const MOST: usize = 20;

pub(super) fn hover(analysis: &Analysis<'_>, document: usize, token: &Token) -> Option<Markup> {
    let shown = analysis.documents[document];
    let name = shown.value(token);
    if name.contains('@') && token.role != Role::Group {
        return Some(owner(analysis, &name));
    }
    let known = analysis.known?;
    let groups = known.project.groups_named(&name, &shown.directory);
    let [group] = *groups else { return None };
    let resolved = &known.project.rules[group];
    Some(describe(analysis, known, resolved))
}

fn describe(analysis: &Analysis<'_>, known: Known<'_>, group: &ResolvedGroup) -> Markup {
    let rules = &known.project.rules;
    let mut text = Markup::new();
    text.paragraph(Line::new().words("Group ").name(&group.name));
    if let Some(about) = &group.description {
        text.paragraph(Line::new().foreign(about));
    }
    if let Some(contact) = &group.contact {
        text.paragraph(Line::new().words("Contact: ").foreign(contact));
    }
    let names = |owners: &[Owner]| Line::new().names(owners.iter().map(Owner::as_str), MOST);
    if group.owners != group.people {
        let team = names(&group.owners);
        text.item(team.words(" in the generated file"));
    }
    let people = Line::new().count(group.people.len(), "owner").words(": ");
    text.item(people.names(group.people.iter().map(Owner::as_str), MOST));
    let id = rules
        .groups()
        .with_ids()
        .find(|(_, each)| each.location == group.location);
    let names_it = |rule: &Rule| id.is_some_and(|(id, _)| rules.groups_of(rule).contains(&id));
    text.item(of_rules(analysis, known, names_it));
    let place = known.project.sources.place(&group.location);
    text.item(Line::new().words("Defined at ").name(place));
    text
}

fn owner(analysis: &Analysis<'_>, name: &str) -> Markup {
    let owner = Owner::unchecked(name);
    let mut text = Markup::new();
    let kind = match owner.kind() {
        OwnerKind::User => "User ",
        OwnerKind::Team => "Team ",
        OwnerKind::Email => "Address ",
        OwnerKind::Role => "Everybody with the role ",
    };
    text.paragraph(Line::new().words(kind).name(name));
    let Some(known) = analysis.known else {
        return text;
    };
    let has = |owners: &[Owner]| owners.iter().any(|each| each.is_same(&owner));
    let groups = known.project.rules.groups().iter();
    let groups = groups.filter(|group| has(&group.owners) || has(&group.people));
    let groups: Vec<&str> = groups.map(|group| group.name.as_str()).collect();
    if !groups.is_empty() {
        let line = Line::new().words("In ").count(groups.len(), "group");
        text.item(line.words(": ").names(groups.iter(), MOST));
    }
    text.item(of_rules(analysis, known, |rule| has(&rule.owners)));
    text
}

/// How many rules are wanted, and how many tracked paths they decide.
fn of_rules(analysis: &Analysis<'_>, known: Known<'_>, is_wanted: impl Fn(&Rule) -> bool) -> Line {
    let rules = &known.project.rules;
    let wanted: Vec<bool> = rules.rules().iter().map(is_wanted).collect();
    let is_wanted = |line: LineId| wanted[rules[line].rule.index()];
    let count = wanted.iter().filter(|&&wanted| wanted).count();
    let line = Line::new().count(count, "rule");
    if count == 0 {
        return line;
    }
    let owned = if rules.several_may_decide() {
        decided_by(analysis, known, is_wanted)
    } else {
        let Some(survey) = known.survey else {
            return line;
        };
        let decided = survey.decided.with_ids();
        let decided = decided.filter(|&(line, _)| is_wanted(line));
        decided.map(|(_, count)| count).sum()
    };
    let verb = match count {
        1 => ", which gives it ",
        _ => ", which give it ",
    };
    line.words(verb).count(owned, "tracked file")
}

/// How many paths one of the wanted lines decides, with others.
fn decided_by(
    analysis: &Analysis<'_>,
    known: Known<'_>,
    is_wanted: impl Fn(LineId) -> bool,
) -> usize {
    let paths = analysis.paths;
    let matcher = known.project.rules.matcher();
    let mut walk = matcher.walk();
    let (mut count, mut id) = (0, paths.ids().start);
    let all = paths.ids().end;
    while id < all {
        let path = &paths[id];
        let is_decided = walk.decide_each(path).iter().any(|&line| is_wanted(line));
        let end = match walk.decided_directory() {
            Some(length) => paths.end_of(&path[..length], IdRange::new(id.next(), all)),
            None => id.next(),
        };
        count += if is_decided {
            IdRange::new(id, end).len()
        } else {
            0
        };
        id = end;
    }
    count
}
