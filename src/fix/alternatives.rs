//! Taking alternatives out of a pattern's text.
//!
//! Only bytes are taken away, so what stays is spelled as it was. What is left of a group is a group
//! (`{a,b,c}` to `{a,c}`) or, since a group needs a comma, its one alternative without the braces
//! (`{a,b}` to `a`). Each expansion that is left has the tokens that it had: whether it is tied to
//! the root, and all else that it means, cannot change.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::pattern::alternation::Alternative;

/// The alternatives of one pair of brackets, as indices.
struct Group {
    members: Vec<usize>,
    parent: Option<usize>,
}

/// The bytes of `text`, whose alternatives are given, that must go with those that are `gone`; none
/// if nothing is left of it.
pub(super) fn cuts(
    text: &str,
    alternatives: &[Alternative],
    gone: &FxHashSet<u32>,
) -> Option<Vec<Range<usize>>> {
    let groups = groups(text, alternatives);
    let mut is_gone: Vec<bool> = (0..alternatives.len() as u32)
        .map(|index| gone.contains(&index))
        .collect();
    // From the inside out: what holds a group of which nothing is left has no expansion either.
    for group in groups.iter().rev() {
        if group.members.iter().all(|&member| is_gone[member]) {
            is_gone[group.parent?] = true;
        }
    }
    let mut cuts = Vec::new();
    for Group { members, .. } in &groups {
        let span = |member: usize| alternatives[member].span.clone();
        let kept: Vec<Range<usize>> = (members.iter())
            .filter(|&&member| !is_gone[member])
            .map(|&member| span(member))
            .collect();
        let (Some(first), Some(last)) = (kept.first(), kept.last()) else {
            // It goes with what holds it.
            continue;
        };
        // Without a comma the brackets go as well.
        let bracket = usize::from(kept.len() == 1);
        let start = span(members[0]).start - bracket;
        let end = span(members[members.len() - 1]).end + bracket;
        cuts.push(start..first.start);
        cuts.push(last.end..end);
        // Of the commas between two that stay, one stays.
        let between = kept.windows(2).map(|pair| pair[0].end..pair[1].start - 1);
        cuts.extend(between);
    }
    cuts.retain(|cut| !cut.is_empty());
    Some(cuts)
}

/// The groups, each before those inside it.
fn groups(text: &str, alternatives: &[Alternative]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // Where a comma is, if one follows, and which group it goes on with.
    let mut open: FxHashMap<usize, usize> = FxHashMap::default();
    for (index, Alternative { span, parent }) in alternatives.iter().enumerate() {
        let before = span.start - 1;
        let known = (text.as_bytes()[before] == b',').then(|| open.get(&before).copied());
        let group = known.flatten().unwrap_or_else(|| {
            groups.push(Group {
                members: Vec::new(),
                parent: *parent,
            });
            groups.len() - 1
        });
        groups[group].members.push(index);
        open.insert(span.end, group);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::alternation::Alternation;

    /// The text without the alternatives that read so, or `-` if nothing is left.
    fn without(text: &str, gone: &[&str]) -> String {
        let alternatives = Alternation::parse(text).unwrap().alternatives;
        let gone = (0..alternatives.len() as u32)
            .filter(|&index| gone.contains(&&text[alternatives[index as usize].span.clone()]))
            .collect();
        match cuts(text, &alternatives, &gone) {
            None => "-".to_string(),
            Some(cuts) => super::super::edit::cut(text, cuts),
        }
    }

    #[test]
    fn table() {
        for (text, gone, expected) in [
            ("crates/{wasi,gone}", &["gone"][..], "crates/wasi"),
            ("crates/{gone,wasi}", &["gone"], "crates/wasi"),
            ("crates/{a,b,c}/", &["a"], "crates/{b,c}/"),
            ("crates/{a,b,c}/", &["b"], "crates/{a,c}/"),
            ("crates/{a,b,c}/", &["c"], "crates/{a,b}/"),
            ("crates/{a,b,c}/", &["a", "c"], "crates/b/"),
            ("crates/{a,b,c,d,e}/", &["a", "c", "e"], "crates/{b,d}/"),
            ("crates/{a,b}/", &["a", "b"], "-"),
            ("crates/<a,b,c>", &["b"], "crates/<a,c>"),
            ("crates/<a,b>", &["b"], "crates/a"),
            // Empty alternatives.
            ("wasi{,-http}", &["-http"], "wasi"),
            ("wasi{,-http}", &[""], "wasi-http"),
            ("wasi{,-http,-nn}", &[""], "wasi{-http,-nn}"),
            ("wasi{-http,,-nn}", &[""], "wasi{-http,-nn}"),
            ("wasi{-http,-nn,}", &["-nn"], "wasi{-http,}"),
            // Nested ones.
            ("{a,{b,c}d}/x", &["b"], "{a,cd}/x"),
            ("{a,{b,c}d}/x", &["b", "c"], "a/x"),
            ("{a,{b,c}d}/x", &["a"], "{b,c}d/x"),
            ("{a,{b,c}d}/x", &["a", "b"], "cd/x"),
            ("{a,{b,c}d}/x", &["a", "b", "c"], "-"),
            ("{a,<b,{c,d}>}", &["d"], "{a,<b,c>}"),
            ("{{a,b},{c,d}}", &["a", "b"], "{c,d}"),
            // Several groups in a row.
            ("{a,b}{c,d}", &["a"], "b{c,d}"),
            ("{a,b}/{c,d}", &["a", "d"], "b/c"),
            ("{a,b}/{c,d}", &["c", "d"], "-"),
            ("{a,b},{c,d}", &["a", "c"], "b,d"),
            // Whether it is tied to the root is as it was.
            ("{/,}a", &[""], "/a"),
            ("{/,}a", &["/"], "a"),
            ("{a,b/c}", &["a"], "b/c"),
            ("{docs/,*.md}", &["*.md"], "docs/"),
            // Escapes.
            (r"{a\,b,c}", &["c"], r"a\,b"),
            (r"{a\,b,c}", &[r"a\,b"], "c"),
            (r"{\{,\}}", &[r"\}"], r"\{"),
            ("{é,ü}ö", &["é"], "üö"),
        ] {
            assert_eq!(without(text, gone), expected, "{text} without {gone:?}");
        }
    }

    #[test]
    fn what_is_left_means_what_it_meant() {
        for text in [
            "{a,b,c}/{d,e}",
            "x{,-{b,c{1,2}},<d,e>}y{/,q}",
            "{{a,b},{c,d}}",
            "{**,a}/b",
        ] {
            let before = Alternation::parse(text).unwrap();
            for chosen in 0..1u32 << before.alternatives.len() {
                let is_gone = |index: u32| chosen & 1 << index != 0;
                let gone = (0..before.alternatives.len() as u32)
                    .filter(|&each| is_gone(each))
                    .collect();
                let expected: Vec<_> = (before.expansions.iter())
                    .filter(|each| !each.alternatives.iter().any(|&taken| is_gone(taken)))
                    .map(|each| &each.pattern)
                    .collect();
                let Some(cuts) = cuts(text, &before.alternatives, &gone) else {
                    assert!(expected.is_empty(), "{text} {chosen:b}");
                    continue;
                };
                let left = super::super::edit::cut(text, cuts);
                let after = Alternation::parse(&left).unwrap_or_else(|e| panic!("{left}: {e:?}"));
                let found: Vec<_> = after.expansions.iter().map(|each| &each.pattern).collect();
                assert_eq!(found, expected, "{left}");
            }
        }
    }
}
