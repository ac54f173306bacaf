//! Removes alternatives from the text of a pattern.
//!
//! Only bytes are removed, so the rest keeps its spelling. The rest of a pair of brackets stays in
//! brackets (`{a,b,c}` becomes `{a,c}`). If one alternative is left, the brackets go too, since they
//! need a comma (`{a,b}` becomes `a`). The remaining expansions keep their tokens, so their meaning
//! does not change, including whether they are anchored.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::pattern::alternation::Alternative;

/// The alternatives of one pair of brackets, as indices.
struct BracketPair {
    members: Vec<usize>,
    parent: Option<usize>,
}

/// The byte ranges to remove from `text` so that the alternatives `gone` disappear. `None` if
/// nothing would be left.
pub(super) fn cuts(
    text: &str,
    alternatives: &[Alternative],
    gone: &FxHashSet<u32>,
) -> Option<Vec<Range<usize>>> {
    let pairs = pairs(text, alternatives);
    let mut is_gone: Vec<bool> = (0..alternatives.len() as u32)
        .map(|index| gone.contains(&index))
        .collect();
    // From the inside out: if all alternatives of a pair of brackets are gone, the alternative that
    // contains it has no expansion left, so it goes too.
    for brackets in pairs.iter().rev() {
        if brackets.members.iter().all(|&member| is_gone[member]) {
            is_gone[brackets.parent?] = true;
        }
    }
    let mut cuts = Vec::new();
    for BracketPair { members, .. } in &pairs {
        let span = |member: usize| alternatives[member].span.clone();
        let kept: Vec<Range<usize>> = members
            .iter()
            .filter(|&&member| !is_gone[member])
            .map(|&member| span(member))
            .collect();
        let (Some(first), Some(last)) = (kept.first(), kept.last()) else {
            // It is removed with the alternative that contains it.
            continue;
        };
        // Without a comma the brackets go as well.
        let bracket = usize::from(kept.len() == 1);
        let start = span(members[0]).start - bracket;
        let end = span(members[members.len() - 1]).end + bracket;
        cuts.push(start..first.start);
        cuts.push(last.end..end);
        // Keep one of the commas between two remaining alternatives.
        let between = kept.windows(2).map(|pair| pair[0].end..pair[1].start - 1);
        cuts.extend(between);
    }
    cuts.retain(|cut| !cut.is_empty());
    Some(cuts)
}

/// All pairs of brackets, each before those inside it.
fn pairs(text: &str, alternatives: &[Alternative]) -> Vec<BracketPair> {
    let mut pairs: Vec<BracketPair> = Vec::new();
    // For the end of each alternative, where a comma may follow, its pair of brackets.
    let mut open: FxHashMap<usize, usize> = FxHashMap::default();
    for (index, Alternative { span, parent }) in alternatives.iter().enumerate() {
        let before = span.start - 1;
        let known = (text.as_bytes()[before] == b',').then(|| open.get(&before).copied());
        let brackets = known.flatten().unwrap_or_else(|| {
            pairs.push(BracketPair {
                members: Vec::new(),
                parent: *parent,
            });
            pairs.len() - 1
        });
        pairs[brackets].members.push(index);
        open.insert(span.end, brackets);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::alternation::Alternation;

    /// The text without these alternatives, or `-` if nothing is left.
    fn without(text: &str, gone: &[&str]) -> String {
        let alternatives = Alternation::parse(text).unwrap().alternatives;
        let gone = (0..alternatives.len() as u32)
            .filter(|&index| gone.contains(&&text[alternatives[index as usize].span.clone()]))
            .collect();
        match cuts(text, &alternatives, &gone) {
            None => "-".to_string(),
            Some(cuts) => crate::text::toml::splice::cut(text, cuts),
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
            // Several pairs in a row.
            ("{a,b}{c,d}", &["a"], "b{c,d}"),
            ("{a,b}/{c,d}", &["a", "d"], "b/c"),
            ("{a,b}/{c,d}", &["c", "d"], "-"),
            ("{a,b},{c,d}", &["a", "c"], "b,d"),
            // A pattern stays anchored.
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
                let expected: Vec<_> = before
                    .expansions
                    .iter()
                    .filter(|each| !each.alternatives.iter().any(|&taken| is_gone(taken)))
                    .map(|each| &each.pattern)
                    .collect();
                let Some(cuts) = cuts(text, &before.alternatives, &gone) else {
                    assert!(expected.is_empty(), "{text} {chosen:b}");
                    continue;
                };
                let left = crate::text::toml::splice::cut(text, cuts);
                let after = Alternation::parse(&left).unwrap_or_else(|e| panic!("{left}: {e:?}"));
                let found: Vec<_> = after.expansions.iter().map(|each| &each.pattern).collect();
                assert_eq!(found, expected, "{left}");
            }
        }
    }
}
