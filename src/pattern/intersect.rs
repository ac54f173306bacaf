//! Intersection: the paths that two patterns share, as patterns.
//!
//! An exception is said to a forge, which knows none, by repeating earlier lines for the paths that
//! the rule and its exception have in common. For that the common paths must be patterns again, and
//! they are: the intersection of two patterns is a finite union of patterns.
//!
//! # One algebra at two levels
//!
//! A pattern is a word of segments with gaps in it; a [`Glob`] is a word of characters with gaps in
//! it (`?` is a gap of one, `*` an open gap). Both are a `Sequence` here, over a different
//! `Alphabet`: two characters are equal or have nothing in common, where two globs may include
//! each other, overlap, or be disjoint, which is the same question one level further down.
//! [`cover`](super::cover) asks its questions of the same two types.
//!
//! Nothing here is empty by accident: words are not empty (there is no empty name and no empty
//! path), and a glob that no name matches (an escaped `/` in a CODEOWNERS file) makes its pattern
//! match nothing.
//!
//! # How it works
//!
//! Two sequences are walked side by side from letter to letter. The next letter of a common word is
//! one of the left sequence while the right one is in a gap, or the reverse, or both at once, and
//! each of the three gives members of the union:
//!
//! - What stands between two letters is in a gap of both. If both are open, so is the result, and
//!   it is enough to choose how many segments it has *at least*; if either is closed, the number is
//!   exact.
//! - If the left letter is included in the right one, both at once is as good as left alone, for
//!   whatever follows, as long as the gap behind the right letter is open. That prunes the bulk of
//!   what would be found redundant later: `**/a/**/a/**/b` and `**/a/**/a/**/c` share the `a`s.
//! - Positions from which no common word can be finished are remembered, so that every dead end is
//!   walked once.
//!
//! `**/a/` a hundred times and `**/b/` a hundred times have more interleavings than there are
//! atoms, and all of them are needed: the number of members is limited by the caller, the work and
//! the memory by a constant. Nothing recurses, since a pattern may have a million letters.

use std::fmt;
use std::hash::Hash;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::budget::Budget;
use super::cover::disjoint;
use super::{Gap, Glob, Pattern, Piece};

/// How many elementary steps one intersection may take, and as many again to tidy its result.
const WORK: usize = 1_000_000;

/// The intersection has more members than the caller wanted, or finding them is too much work.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::intersect::intersect;
///
/// let (a, b) = (Pattern::github("a/").unwrap(), Pattern::github("b/").unwrap());
/// let error = intersect(&a, &b, 1).unwrap_err();
/// assert_eq!(error.limit, 1);
/// assert_eq!(error.to_string(), "the patterns overlap in more than 1 way");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// The limit that the caller gave.
    pub limit: usize,
}

impl fmt::Display for TooMany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.limit == 1 { "" } else { "s" };
        write!(
            f,
            "the patterns overlap in more than {} way{plural}",
            self.limit
        )
    }
}

impl std::error::Error for TooMany {}

/// The paths that both `a` and `b` match, as a union of patterns.
///
/// The union is exact. It has no two equal members, and none that is plainly included in another;
/// its order depends on the arguments alone. It is empty if the patterns are
/// [disjoint].
///
/// A member may end exactly at a glob, which stands for a file and not for a directory of that
/// name: the model has such patterns although GitHub has no text for them.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::intersect::intersect;
///
/// let texts = |a: &str, b: &str| -> Vec<String> {
///     let (a, b) = (Pattern::github(a).unwrap(), Pattern::github(b).unwrap());
///     let members = intersect(&a, &b, 100).unwrap();
///     members.iter().map(Pattern::to_string).collect()
/// };
/// assert_eq!(texts("**/a/", "**/b/"), ["**/a/**/b/", "**/b/**/a/"]);
/// assert_eq!(texts("ab*", "*ba"), ["**/aba", "**/ab*ba", "**/ab*/**/*ba", "**/*ba/**/ab*"]);
/// assert!(texts("/a/", "/b/").is_empty());
/// ```
///
/// # Errors
///
/// [`TooMany`] as soon as there are more than `limit` members, before redundant ones are removed,
/// or if the work is out of all proportion: `Ok` is always the whole intersection. The same, if one
/// of them has a [class](super::Class), unless even `?` in its place leaves nothing in common.
pub fn intersect(a: &Pattern, b: &Pattern, limit: usize) -> Result<Vec<Pattern>, TooMany> {
    if a.has_classes() || b.has_classes() {
        return match disjoint(a, b) {
            true => Ok(Vec::new()),
            false if a == b && limit > 0 => Ok(vec![a.clone()]),
            false => Err(TooMany { limit }),
        };
    }
    let mut names = Names::default();
    let (Some(a), Some(b)) = (names.sequence(a), names.sequence(b)) else {
        return Ok(Vec::new());
    };
    let members =
        members(&a, &b, &mut names, limit, &mut Budget::new(WORK)).ok_or(TooMany { limit })?;
    let members = without_covered(members, &mut names, &mut Budget::new(WORK));
    Ok(members.iter().map(|member| names.pattern(member)).collect())
}

/// The same, paid from a budget. `None` if there are more than `limit` members, or if the budget is
/// [used up](Budget::is_used_up). What is returned depends on the patterns alone.
pub(crate) fn intersect_within(
    a: &Pattern,
    b: &Pattern,
    limit: usize,
    budget: &mut Budget,
) -> Option<Vec<Pattern>> {
    if a.has_classes() || b.has_classes() {
        return intersect(a, b, limit).ok();
    }
    budget.spend(a.size() + b.size())?;
    let mut names = Names::default();
    let (Some(a), Some(b)) = (names.sequence(a), names.sequence(b)) else {
        return Some(Vec::new());
    };
    let members = members(&a, &b, &mut names, limit, budget)?;
    let members = without_covered(members, &mut names, budget);
    // With nothing left, some that are covered may still be there.
    budget.spend(1)?;
    Some(members.iter().map(|member| names.pattern(member)).collect())
}

/// A non-empty set of non-empty words: letters with a gap before, between and after them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sequence<L> {
    /// What stands before the first letter.
    pub(super) head: Gap,
    /// The letters and what stands behind each.
    pub(super) steps: Vec<(L, Gap)>,
}

impl<L: Copy> Sequence<L> {
    /// The words of this shape, if there are any.
    fn new(mut head: Gap, steps: Vec<(L, Gap)>) -> Option<Self> {
        if steps.is_empty() && head.min == 0 {
            // The only word that would be lost is the empty one, which is none.
            if !head.open {
                return None;
            }
            head.min = 1;
        }
        Some(Sequence { head, steps })
    }

    /// Any word at all.
    pub(super) fn anything() -> Self {
        Sequence {
            head: Gap::SOME,
            steps: Vec::new(),
        }
    }

    /// The gap before letter `index`, or behind the last one.
    pub(super) fn gap(&self, index: usize) -> Gap {
        match index.checked_sub(1) {
            None => self.head,
            Some(before) => self.steps[before].1,
        }
    }

    /// Letter `index`, if there are so many.
    pub(super) fn letter(&self, index: usize) -> Option<L> {
        self.steps.get(index).map(|&(letter, _)| letter)
    }

    /// The index of the gap behind the last letter.
    pub(super) fn last(&self) -> usize {
        self.steps.len()
    }
}

impl Sequence<char> {
    /// The names that `glob` matches, if there are any.
    fn of(glob: &Glob) -> Option<Self> {
        let mut head = Gap::NONE;
        let mut steps: Vec<(char, Gap)> = Vec::new();
        for piece in glob.pieces() {
            let gap = steps.last_mut().map_or(&mut head, |(_, gap)| gap);
            match piece {
                // Whoever asks takes the classes out first.
                Piece::One | Piece::Class(_) => gap.min = gap.min.saturating_add(1),
                Piece::Star => gap.open = true,
                // No name has a slash in it, whoever escaped one.
                Piece::Text(text) if text.contains('/') => return None,
                Piece::Text(text) => {
                    steps.extend(text.chars().map(|character| (character, Gap::NONE)));
                }
            }
        }
        Sequence::new(head, steps)
    }

    /// The glob that says so.
    fn glob(&self) -> Glob {
        let mut glob = Glob::new();
        let push_gap = |glob: &mut Glob, gap: Gap| {
            (0..gap.min).for_each(|_| glob.push_one());
            if gap.open {
                glob.push_star();
            }
        };
        push_gap(&mut glob, self.head);
        for &(character, gap) in &self.steps {
            glob.push_char(character);
            push_gap(&mut glob, gap);
        }
        glob
    }
}

/// What letters have to do with each other. Every answer may be refused for lack of budget.
pub(super) trait Alphabet {
    /// A set of things of which one stands at one place of a word. Never empty, never all things.
    type Letter: Copy + Eq + Hash;

    /// Whether all of `narrow` is in `wide`.
    fn includes(
        &mut self,
        wide: Self::Letter,
        narrow: Self::Letter,
        budget: &mut Budget,
    ) -> Option<bool>;

    /// Whether `a` and `b` have something in common.
    fn meets(&mut self, a: Self::Letter, b: Self::Letter, budget: &mut Budget) -> Option<bool>;

    /// What `a` and `b` have in common, as a union of at most `limit` letters.
    fn meet(
        &mut self,
        a: Self::Letter,
        b: Self::Letter,
        limit: usize,
        budget: &mut Budget,
    ) -> Option<Rc<[Self::Letter]>>;
}

/// The alphabet of a glob: each letter is one character.
#[derive(Debug)]
pub(super) struct Characters;

impl Alphabet for Characters {
    type Letter = char;

    fn includes(&mut self, wide: char, narrow: char, _: &mut Budget) -> Option<bool> {
        Some(wide == narrow)
    }

    fn meets(&mut self, a: char, b: char, _: &mut Budget) -> Option<bool> {
        Some(a == b)
    }

    fn meet(&mut self, a: char, b: char, limit: usize, _: &mut Budget) -> Option<Rc<[char]>> {
        match a == b {
            true if limit == 0 => None,
            true => Some([a].into()),
            false => Some([].into()),
        }
    }
}

/// The number of a glob in [`Names`].
pub(super) type NameId = u32;

/// The alphabet of a pattern: each letter is a glob, numbered here, and what is found out about two
/// of them is found out once.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: FxHashMap<Glob, NameId>,
    globs: Vec<(Glob, Sequence<char>)>,
    includes: FxHashMap<(NameId, NameId), bool>,
    meets: FxHashMap<(NameId, NameId), bool>,
    meet: FxHashMap<(NameId, NameId), Rc<[NameId]>>,
}

impl Names {
    /// The number of `glob`, if any name matches it.
    fn id(&mut self, glob: &Glob) -> Option<NameId> {
        if let Some(&id) = self.ids.get(glob) {
            return Some(id);
        }
        let sequence = Sequence::of(glob)?;
        let id = NameId::try_from(self.globs.len()).ok()?;
        self.ids.insert(glob.clone(), id);
        self.globs.push((glob.clone(), sequence));
        Some(id)
    }

    /// The names that glob `id` matches.
    pub(super) fn word(&self, id: NameId) -> &Sequence<char> {
        &self.globs[id as usize].1
    }

    /// The paths of `pattern`, if there are any.
    pub(super) fn sequence(&mut self, pattern: &Pattern) -> Option<Sequence<NameId>> {
        let steps: Option<Vec<_>> = pattern
            .steps()
            .iter()
            .map(|step| Some((self.id(&step.glob)?, step.gap)))
            .collect();
        Sequence::new(pattern.head(), steps?)
    }

    /// The pattern that says so.
    fn pattern(&self, sequence: &Sequence<NameId>) -> Pattern {
        let mut pattern = Pattern::new(sequence.head);
        for &(id, gap) in &sequence.steps {
            pattern.push(self.globs[id as usize].0.clone());
            pattern.widen(gap);
        }
        pattern
    }
}

impl Alphabet for Names {
    type Letter = NameId;

    fn includes(&mut self, wide: NameId, narrow: NameId, budget: &mut Budget) -> Option<bool> {
        if wide == narrow {
            return Some(true);
        }
        if let Some(&known) = self.includes.get(&(wide, narrow)) {
            return Some(known);
        }
        let answer = embeds(self.word(wide), self.word(narrow), &mut Characters, budget)?;
        self.includes.insert((wide, narrow), answer);
        Some(answer)
    }

    fn meets(&mut self, a: NameId, b: NameId, budget: &mut Budget) -> Option<bool> {
        if a == b {
            return Some(true);
        }
        let key = (a.min(b), a.max(b));
        if let Some(&known) = self.meets.get(&key) {
            return Some(known);
        }
        let answer = meets(self.word(a), self.word(b), &mut Characters, budget)?;
        self.meets.insert(key, answer);
        Some(answer)
    }

    fn meet(
        &mut self,
        a: NameId,
        b: NameId,
        limit: usize,
        budget: &mut Budget,
    ) -> Option<Rc<[NameId]>> {
        if let Some(known) = self.meet.get(&(a, b)) {
            return Some(known.clone());
        }
        let words = members(self.word(a), self.word(b), &mut Characters, limit, budget)?;
        let words = without_covered(words, &mut Characters, budget);
        let mut ids = Vec::with_capacity(words.len());
        for word in &words {
            // In a glob each `?` of a gap takes its place.
            budget.spend(usize::try_from(Layout::of(word).total).ok()?)?;
            ids.push(self.id(&word.glob())?);
        }
        let answer: Rc<[NameId]> = ids.into();
        self.meet.insert((a, b), answer.clone());
        Some(answer)
    }
}

/// Where the letters of a sequence stand in its shortest words.
#[derive(Debug)]
struct Layout {
    /// The place of each letter.
    at: Vec<u64>,
    /// How many open gaps stand before each letter. Letters of one run keep their distance.
    run: Vec<usize>,
    /// The length of the shortest words.
    total: u64,
    /// How many open gaps there are.
    last_run: usize,
}

impl Layout {
    fn of<L: Copy>(sequence: &Sequence<L>) -> Self {
        let mut total = u64::from(sequence.head.min);
        let mut last_run = usize::from(sequence.head.open);
        let mut layout = Layout {
            at: Vec::with_capacity(sequence.steps.len()),
            run: Vec::with_capacity(sequence.steps.len()),
            total: 0,
            last_run: 0,
        };
        for (_, gap) in &sequence.steps {
            layout.at.push(total);
            layout.run.push(last_run);
            total += 1 + u64::from(gap.min);
            last_run += usize::from(gap.open);
        }
        Layout {
            total,
            last_run,
            ..layout
        }
    }

    /// Whether all words are equally long.
    fn is_closed(&self) -> bool {
        self.last_run == 0
    }

    /// The letters before the first open gap end here.
    fn first_end(&self) -> usize {
        self.run.partition_point(|&run| run == 0)
    }

    /// The letters behind the last open gap start here.
    fn last_start(&self) -> usize {
        self.run.partition_point(|&run| run < self.last_run)
    }

    /// The letter that stands at `place`.
    fn letter_at(&self, place: u64) -> Option<usize> {
        self.at.binary_search(&place).ok()
    }

    /// The end of the run that starts with letter `start`.
    fn run_end(&self, start: usize) -> usize {
        start + self.run[start..].partition_point(|&run| run == self.run[start])
    }
}

/// Whether the letters of `wide` can be laid over letters of `narrow` that they include, so that
/// it holds for every word of `narrow` at once: letters of one run of `wide` over letters of one run
/// at the same distances, the first and the last run at the ends, and the open gaps over enough.
///
/// Then all words of `narrow` are words of `wide`. The converse holds as well if a gap of `narrow`
/// can be filled, and each of its letters be chosen, so that only those letters of `wide` match that
/// always do: then a word with long gaps so filled has room for `wide` in this way only. Among
/// characters there is always another one, so for globs this is the whole truth. Among names there
/// is not: each is a `?` or a `??*`, and so `/?/**/??*` is in `**/?/??*` without being laid under it.
///
/// The leftmost place for each run is as good as any, so there is no going back.
pub(super) fn embeds<A: Alphabet>(
    wide: &Sequence<A::Letter>,
    narrow: &Sequence<A::Letter>,
    alphabet: &mut A,
    budget: &mut Budget,
) -> Option<bool> {
    budget.spend(wide.last() + narrow.last())?;
    let (over, under) = (Layout::of(wide), Layout::of(narrow));
    embeds_as_laid_out((wide, &over), (narrow, &under), alphabet, budget)
}

/// [`embeds`] for those who ask it often.
fn embeds_as_laid_out<A: Alphabet>(
    (wide, over): (&Sequence<A::Letter>, &Layout),
    (narrow, under): (&Sequence<A::Letter>, &Layout),
    alphabet: &mut A,
    budget: &mut Budget,
) -> Option<bool> {
    budget.spend(1)?;
    if under.total < over.total
        || (over.is_closed() && !(under.is_closed() && under.total == over.total))
    {
        return Some(false);
    }

    let mut fits = |index: usize, place: u64, run: usize, budget: &mut Budget| {
        budget.spend(1)?;
        match under.letter_at(place) {
            Some(found) if under.run[found] == run => {
                alphabet.includes(wide.steps[index].0, narrow.steps[found].0, budget)
            }
            _ => Some(false),
        }
    };
    let mut cursor = 0;
    for index in 0..over.first_end() {
        if !fits(index, over.at[index], 0, budget)? {
            return Some(false);
        }
        cursor = over.at[index] + 1;
    }
    if over.is_closed() {
        return Some(true);
    }
    let last_start = over.last_start();
    let shift = under.total - over.total;
    let mut limit = under.total;
    for index in (last_start..wide.last()).rev() {
        limit = over.at[index] + shift;
        if !fits(index, limit, under.last_run, budget)? {
            return Some(false);
        }
    }

    let mut start = over.first_end();
    while start < last_start {
        let end = over.run_end(start);
        let earliest = cursor + u64::from(wide.gap(start).min);
        let mut candidate = under.at.partition_point(|&at| at < earliest);
        'candidates: loop {
            let (Some(&first), Some(&run)) = (under.at.get(candidate), under.run.get(candidate))
            else {
                return Some(false);
            };
            for index in start..end {
                if !fits(index, first + over.at[index] - over.at[start], run, budget)? {
                    candidate += 1;
                    continue 'candidates;
                }
            }
            cursor = first + over.at[end - 1] - over.at[start] + 1;
            break;
        }
        start = end;
    }
    Some(cursor + u64::from(wide.gap(last_start).min) <= limit)
}

/// Whether `a` and `b` have a word in common.
///
/// Two open sequences have unless they disagree before both first open gaps or behind both last
/// ones: all that is between can follow each other. A closed one has so many places, and an open
/// one is laid over them from the left.
pub(super) fn meets<A: Alphabet>(
    a: &Sequence<A::Letter>,
    b: &Sequence<A::Letter>,
    alphabet: &mut A,
    budget: &mut Budget,
) -> Option<bool> {
    budget.spend(1 + a.last() + b.last())?;
    let (at_a, at_b) = (Layout::of(a), Layout::of(b));
    match (at_a.is_closed(), at_b.is_closed()) {
        (true, false) => meets_closed((b, &at_b), (a, &at_a), alphabet, budget),
        (false, true) => meets_closed((a, &at_a), (b, &at_b), alphabet, budget),
        (true, true) if at_a.total != at_b.total => Some(false),
        _ => {
            let from_start = |sequence: &Sequence<A::Letter>, layout: &Layout| {
                let ends = layout.first_end();
                (0..ends)
                    .map(|index| (layout.at[index], sequence.steps[index].0))
                    .collect::<Vec<_>>()
            };
            let from_end = |sequence: &Sequence<A::Letter>, layout: &Layout| {
                (layout.last_start()..sequence.last())
                    .rev()
                    .map(|index| (layout.total - layout.at[index], sequence.steps[index].0))
                    .collect::<Vec<_>>()
            };
            Some(
                agree(
                    &from_start(a, &at_a),
                    &from_start(b, &at_b),
                    alphabet,
                    budget,
                )? && agree(&from_end(a, &at_a), &from_end(b, &at_b), alphabet, budget)?,
            )
        }
    }
}

/// Whether letters at the same place always meet. Both lists are sorted by place.
fn agree<A: Alphabet>(
    a: &[(u64, A::Letter)],
    b: &[(u64, A::Letter)],
    alphabet: &mut A,
    budget: &mut Budget,
) -> Option<bool> {
    let mut rest = b;
    for &(place, letter) in a {
        budget.spend(1)?;
        rest = &rest[rest.partition_point(|&(other, _)| other < place)..];
        if let Some(&(other, other_letter)) = rest.first()
            && other == place
            && !alphabet.meets(letter, other_letter, budget)?
        {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether an open and a closed sequence have a word in common.
fn meets_closed<A: Alphabet>(
    (open, over): (&Sequence<A::Letter>, &Layout),
    (closed, under): (&Sequence<A::Letter>, &Layout),
    alphabet: &mut A,
    budget: &mut Budget,
) -> Option<bool> {
    if under.total < over.total {
        return Some(false);
    }
    let mut fits = |index: usize, place: u64, budget: &mut Budget| {
        budget.spend(1)?;
        match under.letter_at(place) {
            Some(found) => alphabet.meets(open.steps[index].0, closed.steps[found].0, budget),
            None => Some(true),
        }
    };
    let mut cursor = 0;
    for index in 0..over.first_end() {
        if !fits(index, over.at[index], budget)? {
            return Some(false);
        }
        cursor = over.at[index] + 1;
    }
    let last_start = over.last_start();
    let shift = under.total - over.total;
    let mut limit = under.total;
    for index in (last_start..open.last()).rev() {
        limit = over.at[index] + shift;
        if !fits(index, limit, budget)? {
            return Some(false);
        }
    }

    let mut start = over.first_end();
    while start < last_start {
        let end = over.run_end(start);
        let mut first = cursor + u64::from(open.gap(start).min);
        'candidates: loop {
            cursor = first + over.at[end - 1] - over.at[start] + 1;
            if cursor > limit {
                return Some(false);
            }
            for index in start..end {
                if !fits(index, first + over.at[index] - over.at[start], budget)? {
                    first += 1;
                    continue 'candidates;
                }
            }
            break;
        }
        start = end;
    }
    Some(cursor + u64::from(open.gap(last_start).min) <= limit)
}

/// The distinct sequences whose union is the intersection of `a` and `b`; `None` if there are more
/// than `limit`, or for lack of budget.
fn members<A: Alphabet>(
    a: &Sequence<A::Letter>,
    b: &Sequence<A::Letter>,
    alphabet: &mut A,
    limit: usize,
    budget: &mut Budget,
) -> Option<Vec<Sequence<A::Letter>>> {
    if !meets(a, b, alphabet, budget)? {
        return Some(Vec::new());
    }
    for (wide, narrow) in [(a, b), (b, a)] {
        if embeds(wide, narrow, alphabet, budget)? {
            budget.spend(narrow.steps.len())?;
            return (limit > 0).then(|| vec![narrow.clone()]);
        }
    }
    Walk {
        a,
        b,
        alphabet,
        limit,
        budget,
        stack: Vec::new(),
        dead: FxHashSet::default(),
        found: Vec::new(),
        known: FxHashSet::default(),
    }
    .run()
}

/// Removes members that another one plainly includes. Stops when out of budget: what is left is only
/// longer than it could be.
fn without_covered<A: Alphabet>(
    members: Vec<Sequence<A::Letter>>,
    alphabet: &mut A,
    budget: &mut Budget,
) -> Vec<Sequence<A::Letter>> {
    let layouts: Vec<Layout> = members.iter().map(Layout::of).collect();
    let laid_out: Vec<_> = members.iter().zip(&layouts).collect();
    let mut keep = vec![true; members.len()];
    'members: for narrow in 0..members.len() {
        for wide in 0..members.len() {
            if wide == narrow || !keep[wide] {
                continue;
            }
            match embeds_as_laid_out(laid_out[wide], laid_out[narrow], alphabet, budget) {
                Some(true) => {
                    keep[narrow] = false;
                    continue 'members;
                }
                Some(false) => {}
                None => break 'members,
            }
        }
    }
    let mut keep = keep.into_iter();
    let mut members = members;
    members.retain(|_| keep.next().unwrap_or(true));
    members
}

/// Where a walk stands: in a gap of each sequence, of whose minimum so much is behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct State {
    a: usize,
    a_taken: u32,
    b: usize,
    b_taken: u32,
}

/// Whose letter comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Both,
    Left,
    Right,
}

/// A way to go on: a gap of `from..=to` (at least, if open), then one of `letters`.
#[derive(Clone, Debug)]
struct Plan<L> {
    turn: Turn,
    from: u32,
    to: u32,
    letters: Rc<[L]>,
}

/// A position on the stack of a walk, and how far its ways to go on were tried.
#[derive(Debug)]
struct Frame<L> {
    state: State,
    /// The gap and the letter that led here; none for the first frame.
    entered: Option<(Gap, L)>,
    /// Ways to go on, the next one last. The first of its letters at `from` comes next.
    plans: Vec<Plan<L>>,
    /// Which letter of the last plan is next.
    letter: usize,
    /// Whether a common word was finished from here.
    live: bool,
}

/// The depth-first search for all members.
struct Walk<'a, A: Alphabet> {
    a: &'a Sequence<A::Letter>,
    b: &'a Sequence<A::Letter>,
    alphabet: &'a mut A,
    limit: usize,
    budget: &'a mut Budget,
    stack: Vec<Frame<A::Letter>>,
    dead: FxHashSet<State>,
    found: Vec<Sequence<A::Letter>>,
    known: FxHashSet<Sequence<A::Letter>>,
}

impl<A: Alphabet> Walk<'_, A> {
    fn run(mut self) -> Option<Vec<Sequence<A::Letter>>> {
        self.enter(State::default(), None)?;
        while let Some(top) = self.stack.last_mut() {
            if let Some((turn, gap, letter)) = top.next() {
                let state = self.after(turn, gap);
                let gap = Gap {
                    min: gap,
                    open: self.is_open(),
                };
                self.enter(state, Some((gap, letter)))?;
            } else {
                let (state, live) = (top.state, top.live);
                self.stack.pop();
                if !live {
                    self.dead.insert(state);
                } else if let Some(parent) = self.stack.last_mut() {
                    parent.live = true;
                }
            }
        }
        Some(self.found)
    }

    /// Where the top of the stack gets by this turn.
    fn after(&self, turn: Turn, gap: u32) -> State {
        let state = self.stack.last().map_or(State::default(), |top| top.state);
        let passed = |sequence: &Sequence<A::Letter>, index: usize, taken: u32| {
            let taken = taken.saturating_add(gap).saturating_add(1);
            taken.min(sequence.gap(index).min)
        };
        let mut next = state;
        if turn == Turn::Right {
            next.a_taken = passed(self.a, state.a, state.a_taken);
        } else {
            (next.a, next.a_taken) = (state.a + 1, 0);
        }
        if turn == Turn::Left {
            next.b_taken = passed(self.b, state.b, state.b_taken);
        } else {
            (next.b, next.b_taken) = (state.b + 1, 0);
        }
        next
    }

    /// Whether the top of the stack is in two open gaps.
    fn is_open(&self) -> bool {
        self.stack
            .last()
            .is_some_and(|top| self.a.gap(top.state.a).open && self.b.gap(top.state.b).open)
    }

    /// Goes on to `state`, unless it is known to lead nowhere, and takes down the member that ends
    /// there, if one does.
    fn enter(&mut self, state: State, entered: Option<(Gap, A::Letter)>) -> Option<()> {
        self.budget.spend(1)?;
        if self.dead.contains(&state) {
            return Some(());
        }
        let plans = self.plans(state)?;
        self.stack.push(Frame {
            state,
            entered,
            plans,
            letter: 0,
            live: false,
        });
        if state.a == self.a.last()
            && state.b == self.b.last()
            && let Some(min) = self.finish_both(state)
        {
            let open = self.is_open();
            self.record(Gap { min, open })?;
            if let Some(top) = self.stack.last_mut() {
                top.live = true;
            }
        }
        Some(())
    }

    /// Takes down the member that the stack spells, with this gap behind it.
    fn record(&mut self, tail: Gap) -> Option<()> {
        self.budget.spend(self.stack.len())?;
        let (gaps, letters): (Vec<Gap>, Vec<A::Letter>) =
            self.stack.iter().filter_map(|frame| frame.entered).unzip();
        let mut gaps = gaps.into_iter().chain([tail]);
        let head = gaps.next().unwrap_or(tail);
        let member = Sequence::new(head, letters.into_iter().zip(gaps).collect())?;
        if self.known.insert(member.clone()) {
            self.found.push(member);
        }
        (self.found.len() <= self.limit).then_some(())
    }

    /// How much of its minimum each gap still needs.
    fn needs(&self, state: State) -> (u32, u32) {
        (
            self.a.gap(state.a).min.saturating_sub(state.a_taken),
            self.b.gap(state.b).min.saturating_sub(state.b_taken),
        )
    }

    /// How long the common gap is (at least, if open) when it ends both gaps, if it can.
    fn finish_both(&self, state: State) -> Option<u32> {
        let (need_a, need_b) = self.needs(state);
        let gap = need_a.max(need_b);
        let ends = |gap_of: Gap, need: u32| gap_of.open || need == gap;
        (ends(self.a.gap(state.a), need_a) && ends(self.b.gap(state.b), need_b)).then_some(gap)
    }

    /// The ways to go on from `state`, the first one last.
    fn plans(&mut self, state: State) -> Option<Vec<Plan<A::Letter>>> {
        let (letter_a, letter_b) = (self.a.letter(state.a), self.b.letter(state.b));
        let (need_a, need_b) = self.needs(state);
        let (gap_a, gap_b) = (self.a.gap(state.a), self.b.gap(state.b));
        let mut left = letter_a.and_then(|_| alone((gap_a, need_a), (gap_b, need_b)));
        let mut right = letter_b.and_then(|_| alone((gap_b, need_b), (gap_a, need_a)));
        let mut both = None;
        if let (Some(letter_a), Some(letter_b)) = (letter_a, letter_b) {
            // A letter alone is dominated where both at once are possible, if that loses nothing
            // now (it is included in the other letter) nor later (the other goes on at will).
            if left.is_some()
                && gap_b.open
                && self.b.gap(state.b + 1).open
                && self.alphabet.includes(letter_b, letter_a, self.budget)?
            {
                left = before(left, need_b);
            }
            if right.is_some()
                && gap_a.open
                && self.a.gap(state.a + 1).open
                && self.alphabet.includes(letter_a, letter_b, self.budget)?
            {
                right = before(right, need_a);
            }
            if let Some(gap) = self.finish_both(state)
                && self.alphabet.meets(letter_a, letter_b, self.budget)?
            {
                let letters = self
                    .alphabet
                    .meet(letter_a, letter_b, self.limit, self.budget)?;
                both = Some(Plan {
                    turn: Turn::Both,
                    from: gap,
                    to: gap,
                    letters,
                });
            }
        }
        let single = |turn, range: Option<(u32, u32)>, letter: Option<A::Letter>| {
            let ((from, to), letter) = (range?, letter?);
            Some(Plan {
                turn,
                from,
                to,
                letters: [letter].into(),
            })
        };
        let right = single(Turn::Right, right, letter_b);
        let left = single(Turn::Left, left, letter_a);
        Some([right, left, both].into_iter().flatten().collect())
    }
}

/// How long the common gap can be (at least, if both are open) when it ends `gap`, and the next
/// letter still stands in `other`. Each comes with what it still needs of its minimum.
fn alone((gap, need): (Gap, u32), (other, other_need): (Gap, u32)) -> Option<(u32, u32)> {
    // The letter takes one of the other gap, too.
    let most = if other.open {
        other_need.saturating_sub(1).max(need)
    } else {
        other_need.checked_sub(1)?
    };
    let to = if gap.open { most } else { need.min(most) };
    (need <= to).then_some((need, to))
}

/// The part of `range` that is less than `end`.
fn before(range: Option<(u32, u32)>, end: u32) -> Option<(u32, u32)> {
    let ((from, to), last) = (range?, end.checked_sub(1)?);
    (from <= last).then_some((from, to.min(last)))
}

impl<L: Copy> Frame<L> {
    /// The next step to try.
    fn next(&mut self) -> Option<(Turn, u32, L)> {
        loop {
            let plan = self.plans.last_mut()?;
            if let Some(&letter) = plan.letters.get(self.letter) {
                self.letter += 1;
                return Some((plan.turn, plan.from, letter));
            }
            self.letter = 0;
            if plan.from < plan.to {
                plan.from += 1;
            } else {
                self.plans.pop();
            }
        }
    }
}

#[cfg(test)]
pub(super) mod testing {
    //! Random patterns, and all short paths.

    use proptest::prelude::*;

    use super::super::{Gap, Glob, Pattern};

    /// How many cases each property is tried on; more with `PROPTEST_CASES`.
    pub(in super::super) fn cases() -> u32 {
        let given = std::env::var("PROPTEST_CASES").ok();
        given.and_then(|given| given.parse().ok()).unwrap_or(64)
    }

    /// The longest path of [`paths`]; more with `ALGEBRA_DEPTH`.
    fn depth() -> u32 {
        let given = std::env::var("ALGEBRA_DEPTH").ok();
        given.and_then(|given| given.parse().ok()).unwrap_or(3)
    }

    pub(in super::super) fn pattern(text: &str) -> Pattern {
        Pattern::github(text).unwrap()
    }

    pub(in super::super) fn text(path: &[u8]) -> String {
        path.escape_ascii().to_string()
    }

    /// Whether the pattern matches nothing, by its looks.
    pub(in super::super) fn is_empty(pattern: &Pattern) -> bool {
        pattern.steps().is_empty() && pattern.head() == Gap::NONE
    }

    /// All names of up to `length` characters of which the last is in no pattern.
    fn names(length: usize) -> Vec<Vec<u8>> {
        let mut all: Vec<Vec<u8>> = Vec::new();
        let mut longest = vec![Vec::new()];
        for _ in 0..length {
            longest = longest
                .iter()
                .flat_map(|name| {
                    "ab\u{e9}".chars().map(move |letter| {
                        let mut name: Vec<u8> = name.clone();
                        name.extend_from_slice(letter.to_string().as_bytes());
                        name
                    })
                })
                .collect();
            all.extend_from_slice(&longest);
        }
        all
    }

    /// All short paths of short names, and long names alone.
    pub(in super::super) fn paths() -> impl Iterator<Item = Vec<u8>> {
        let short = names(2);
        let count = short.len();
        let deep = (2..=depth()).flat_map(move |segments| {
            let short = short.clone();
            (0..count.pow(segments)).map(move |mut index| {
                let mut path: Vec<&[u8]> = Vec::new();
                for _ in 0..segments {
                    path.push(&short[index % count]);
                    index /= count;
                }
                path.join(&b'/')
            })
        });
        names(5).into_iter().chain(deep)
    }

    fn any_glob() -> impl Strategy<Value = Glob> {
        let few =
            prop::sample::select(vec!["a", "b", "a", "b", "?", "a*", "*b", "??*", "ab", "a?"]);
        prop_oneof![
            2 => few.prop_map(str::to_owned),
            1 => "[ab?*]{1,5}",
        ]
        .prop_map(|text| text.parse().unwrap())
    }

    fn any_gap() -> impl Strategy<Value = Gap> {
        prop_oneof![
            4 => Just(Gap::NONE),
            4 => Just(Gap::ANY),
            2 => Just(Gap::SOME),
            1 => (0u32..3, any::<bool>()).prop_map(|(min, open)| Gap { min, open }),
        ]
    }

    /// A pattern of up to three globs, or a glob alone.
    pub(in super::super) fn any_pattern() -> impl Strategy<Value = Pattern> {
        let build = |head, steps: Vec<(Glob, Gap)>| {
            let mut pattern = Pattern::new(head);
            for (glob, gap) in steps {
                pattern.push(glob);
                pattern.widen(gap);
            }
            pattern
        };
        let long = (
            any_gap(),
            prop::collection::vec((any_glob(), any_gap()), 0..4),
        )
            .prop_map(move |(head, steps)| build(head, steps));
        let alone = "[ab?*]{1,7}"
            .prop_map(move |text| build(Gap::NONE, vec![(text.parse().unwrap(), Gap::NONE)]));
        prop_oneof![3 => long, 1 => alone]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::testing::{self, pattern, text};
    use super::*;

    /// The members as texts; one that ends exactly at a glob, which has none, is marked.
    fn texts(a: &str, b: &str) -> Vec<String> {
        let members = intersect(&pattern(a), &pattern(b), 1000).unwrap();
        let text = |member: &Pattern| {
            let file = !member.steps().is_empty() && member.tail() == Gap::NONE;
            format!("{member}{}", if file { " (file)" } else { "" })
        };
        members.iter().map(text).collect()
    }

    #[test]
    fn table() {
        for (a, b, expected) in [
            ("*", "/a", &["/a"][..]),
            ("/a", "/b", &[]),
            ("a", "a", &["**/a"]),
            ("/a", "/a/", &["/a/"]),
            ("/a/", "*.md", &["/a/**/*.md"]),
            ("/core/", "*.lock", &["/core/**/*.lock"]),
            ("/core/", "/core/webapi/", &["/core/webapi/"]),
            ("**/foo/", "shared/**/", &["/shared/**/foo/"]),
            ("**/a/", "**/b/", &["**/a/**/b/", "**/b/**/a/"]),
            ("a", "b/", &["**/a/**/b/", "**/b/**/a"]),
            ("/docs/*", "*.md", &["/docs/*.md (file)"]),
            ("/*/*", "/a/", &["/a/*"]),
            ("/*a*", "/*b*", &["/*a*b*", "/*b*a*"]),
            ("/a*", "/*b", &["/a*b"]),
            ("/ab*", "/*ba", &["/aba", "/ab*ba"]),
            ("/a?*", "/?b*", &["/ab*"]),
            ("/a*", "/???", &["/a??"]),
            ("/?*a", "/a*", &["/a*a"]),
            ("/??*", "/*?", &["/??*"]),
            (
                "/a/**/b",
                "/a/*/*/*",
                &["/a/b/*/*", "/a/*/b/*", "/a/*/*/b (file)"],
            ),
            (
                "**/a/**/a/**/b/",
                "**/a/**/a/**/c/",
                &["**/a/**/a/**/b/**/c/", "**/a/**/a/**/c/**/b/"],
            ),
        ] {
            assert_eq!(texts(a, b), expected, "{a} and {b}");
        }
    }

    #[test]
    fn a_file_that_github_cannot_name() {
        let members = intersect(&pattern("/docs/*"), &pattern("*.md"), 10).unwrap();
        let [member] = members.as_slice() else {
            panic!("{members:?}");
        };
        assert_eq!(member.to_string(), "/docs/*.md");
        assert_eq!(member.tail(), Gap::NONE);
        assert!(member.matches(b"docs/a.md"));
        assert!(!member.matches(b"docs/a.md/b"));
    }

    #[test]
    fn the_limit_holds() {
        let (a, b) = (pattern(&"**/a/".repeat(100)), pattern(&"**/b/".repeat(100)));
        assert_eq!(intersect(&a, &b, 1000), Err(TooMany { limit: 1000 }));
        assert_eq!(intersect(&a, &a, 1).as_deref(), Ok(&[a.clone()][..]));
        assert_eq!(intersect(&a, &a, 0), Err(TooMany { limit: 0 }));

        let glob = |text: &str| pattern(&format!("/{}*", text.repeat(500)));
        let (a, b, ab) = (glob("*a"), glob("*b"), glob("*ab"));
        assert_eq!(intersect(&a, &b, 1000), Err(TooMany { limit: 1000 }));
        assert_eq!(intersect(&a, &ab, 1).as_deref(), Ok(&[ab][..]));
    }

    #[test]
    fn hostile_patterns_end() {
        let long = 20_000;
        let all = [
            pattern(&format!("/{}", "a/".repeat(long))),
            pattern(&format!("**/{}b/", "a/".repeat(long))),
            pattern(&"*/".repeat(long)),
            pattern(&"**/a/".repeat(1000)),
            pattern(&format!("/{}", "*a".repeat(500))),
            pattern(&format!("/{}b", "?".repeat(long))),
            Pattern::new(Gap {
                min: u32::MAX,
                open: true,
            }),
        ];
        for a in &all {
            for b in &all {
                if let Ok(members) = intersect(a, b, 100) {
                    assert!(members.len() <= 100);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(testing::cases()))]

        #[test]
        fn intersection_is_exact(a in testing::any_pattern(), b in testing::any_pattern()) {
            let members = intersect(&a, &b, 10_000).unwrap();
            for path in testing::paths() {
                prop_assert_eq!(
                    members.iter().any(|member| member.matches(&path)),
                    a.matches(&path) && b.matches(&path),
                    "{}", text(&path)
                );
            }
            prop_assert_eq!(&members, &intersect(&a, &b, 10_000).unwrap());
            for (index, narrow) in members.iter().enumerate() {
                // Longer paths than were enumerated.
                for path in super::super::cover::witnesses(narrow) {
                    prop_assert!(a.matches(&path) && b.matches(&path), "{}", text(&path));
                }
                for (other, wide) in members.iter().enumerate() {
                    prop_assert!(index == other || wide != narrow);
                }
            }
        }

        #[test]
        fn sides_do_not_matter(a in testing::any_pattern(), b in testing::any_pattern()) {
            // The members may differ where redundancy is not plain; what they mean may not.
            let one = intersect(&a, &b, 10_000).unwrap();
            let other = intersect(&b, &a, 10_000).unwrap();
            for (from, to) in [(&one, &other), (&other, &one)] {
                for path in from.iter().flat_map(super::super::cover::witnesses) {
                    prop_assert!(to.iter().any(|member| member.matches(&path)), "{}", text(&path));
                }
            }
        }
    }
}
