//! Inclusion: whether the paths of one pattern are all among those of others, in every possible
//! tree.
//!
//! A rule that later rules cover can never decide anything, and a line that changes nothing need
//! not be written. Both are claims about paths that nobody has created yet, so they are proven on
//! the patterns or not made at all: each question here has an answer for "proven", and what is not
//! proven within bounded work counts as not true.
//!
//! # How it works
//!
//! Three ways, cheap ones first; `Sequence` and `embeds` are those of [`intersect`](super::intersect).
//!
//! 1. **Refute.** A few [`witnesses`] of the narrow pattern are tried on the wide ones: names that
//!    no rule mentions, gaps as short as they can be and longer. Nearly all that is not covered ends
//!    here.
//! 2. **Single inclusion.** The wide pattern's globs are laid over the narrow one's.
//! 3. **Subset construction**, for unions (`/a/*` and `/a/*/` cover `/a/`) and for the rare single
//!    pattern that covers another without lying over it. All paths of the narrow pattern are walked
//!    segment by segment, with the set of places in the wide patterns that each may have reached,
//!    until one ends where no wide pattern does, or none is left to try. Two things keep the number
//!    of sets down:
//!    - *Less is worse.* A path that has reached a subset of the places that another has reached is
//!      the better witness, so only the minimal sets are pursued. For the same reason a name is
//!      nothing but the set of wide globs that it matches, and only names with a minimal set count.
//!    - *Further is better.* Within one wide pattern, all places before the furthest open gap that
//!      was reached add nothing to it.
//!
//! Which sets of globs a name can match is the same question about characters, and is answered by
//! the same walk. There it is simpler: a character that occurs in no glob matches the least, so
//! only the number of characters in each `*` is open.
//!
//! That character is the byte `FF`, which is part of no text: no literal in any pattern can ask for
//! it, so a witness made of it is fresh without looking.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::budget::Budget;
use super::intersect::{Alphabet, Characters, NameId, Names, Sequence, embeds, meets};
use super::{Gap, Glob, Pattern, Piece, Step as PatternStep};

/// How many elementary steps a question may take whose budget is not the caller's.
const WORK: usize = 4_000_000;

/// The most bytes and segments that a witness may have.
const MAX_WITNESS: usize = 1 << 14;

/// How many witnesses there are of many patterns.
const MOST_WITNESSES: usize = 20_000;

/// How many bytes the witnesses of many patterns may have.
const MOST_BYTES: usize = 20_000_000;

/// How many globs may be compared with names to see at a glance that a pattern covers another.
const PLAIN: usize = 1000;

/// What no literal matches: see the [module](self).
const FRESH: u8 = 0xff;

/// By how much the gaps and stars of the canonical witnesses exceed what they must have.
const EXCESS: [usize; 4] = [0, 1, 2, 5];

/// Whether `wide` matches every path that `narrow` matches, in any tree.
///
/// `true` is a proof. `false` is one too for all patterns but those on which bounded work is not
/// enough: thousands of globs that repeat each other, or dozens of overlapping globs in a row in
/// which single characters and longer names are told apart (`?` and `??*`); and for patterns with a
/// [class](super::Class), of which nothing is proven that does not hold with `?` in its place.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::cover::covers;
///
/// let pattern = |text| Pattern::github(text).unwrap();
/// assert!(covers(&pattern("/docs/"), &pattern("/docs/*.md")));
/// assert!(covers(&pattern("*.md"), &pattern("/docs/a*b.md")));
/// assert!(!covers(&pattern("/docs/*"), &pattern("/docs/*.md")));
/// ```
#[must_use]
pub fn covers(wide: &Pattern, narrow: &Pattern) -> bool {
    covers_within(wide, narrow, &mut Budget::new(WORK)) == Some(true)
}

/// The same, paid from a budget: `None` if that is used up.
pub(crate) fn covers_within(wide: &Pattern, narrow: &Pattern, budget: &mut Budget) -> Option<bool> {
    if wide.is_everything() || lies_over(wide, narrow) || wide == narrow {
        return Some(true);
    }
    if wide.has_classes() {
        return Some(false);
    }
    let narrow = &*narrow.without_classes();
    budget.spend(wide.size() + narrow.size())?;
    let mut names = Names::default();
    let Some(narrow_words) = names.sequence(narrow) else {
        // It matches nothing, so anything covers it.
        return Some(true);
    };
    let Some(wide_words) = names.sequence(wide) else {
        return Some(false);
    };
    if embeds(&wide_words, &narrow_words, &mut names, budget)? {
        return Some(true);
    }
    let proof = prove(
        (narrow, &narrow_words),
        &[(wide, wide_words)],
        names,
        budget,
    )?;
    Some(proof == Proof::Covered)
}

/// Whether `wide` can be laid over `narrow`, glob over glob: the way of covering that takes no search,
/// and that says no only to patterns of which one single glob is covered by several
/// (`**/?/??*` covers `/?/**/??*`). The answer depends on the patterns alone; `None` if the budget is
/// used up.
pub(crate) fn plainly_covers(
    wide: &Pattern,
    narrow: &Pattern,
    budget: &mut Budget,
) -> Option<bool> {
    if part_ways(wide, narrow) {
        return Some(false);
    }
    if wide.is_everything() || lies_over(wide, narrow) || wide == narrow {
        return Some(true);
    }
    if wide.has_classes() {
        return Some(false);
    }
    let narrow = &*narrow.without_classes();
    budget.spend(wide.size() + narrow.size())?;
    let mut names = Names::default();
    match (names.sequence(wide), names.sequence(narrow)) {
        (_, None) => Some(true),
        (None, _) => Some(false),
        (Some(wide), Some(narrow)) => embeds(&wide, &narrow, &mut names, budget),
    }
}

/// Whether the patterns of `wide` taken together match every path that `narrow` matches, in any
/// tree.
///
/// `Some(true)` if that is proven, `Some(false)` if there is a path of `narrow` that none of them
/// matches, `None` if `budget` steps were not enough to tell. A step is about the comparison of two
/// names and takes some nanoseconds; memory is bounded by the budget too. A hundred thousand is
/// plenty for patterns that people write. With [classes](super::Class) there is no proof of the
/// contrary.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::cover::covered_by;
///
/// let pattern = |text| Pattern::github(text).unwrap();
/// let (files, below) = (pattern("/a/*"), pattern("/a/*/"));
/// assert_eq!(covered_by(&pattern("/a/"), &[&files, &below], 100_000), Some(true));
/// assert_eq!(covered_by(&pattern("/a/"), &[&files], 100_000), Some(false));
/// assert_eq!(covered_by(&pattern("/a/"), &[&files, &below], 1), None);
/// ```
#[must_use]
pub fn covered_by(narrow: &Pattern, wide: &[&Pattern], budget: usize) -> Option<bool> {
    covered_by_within(narrow, wide, &mut Budget::new(budget))
}

/// The same, paid from a budget that other questions share.
pub(crate) fn covered_by_within(
    narrow: &Pattern,
    wide: &[&Pattern],
    budget: &mut Budget,
) -> Option<bool> {
    let has_classes = narrow.has_classes() || wide.iter().any(|pattern| pattern.has_classes());
    let narrow = &*narrow.without_classes();
    let mut names = Names::default();
    let Some(narrow_words) = names.sequence(narrow) else {
        return Some(true);
    };
    budget.spend(narrow.size())?;
    let mut candidates = Vec::new();
    for &pattern in wide.iter().filter(|pattern| !pattern.has_classes()) {
        budget.spend(pattern.size())?;
        if let Some(words) = names.sequence(pattern)
            && meets(&words, &narrow_words, &mut names, budget)?
        {
            candidates.push((pattern, words));
        }
    }
    let proof = prove((narrow, &narrow_words), &candidates, names, budget)?;
    match proof {
        Proof::Covered => Some(true),
        Proof::Refuted(_) => (!has_classes).then_some(false),
    }
}

/// Whether no path matches both `a` and `b`, in any tree.
///
/// `true` is a proof. So is `false`, but for patterns with thousands of globs that repeat each
/// other, and with [classes](super::Class), which count as `?`. Takes linear time if neither or both of the patterns have a gap of any length, and at
/// most the product of their lengths (cut off at some milliseconds) otherwise.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::cover::disjoint;
///
/// let pattern = |text| Pattern::github(text).unwrap();
/// assert!(disjoint(&pattern("/docs/*"), &pattern("/docs/*/")));
/// assert!(!disjoint(&pattern("/src/*.r?"), &pattern("/src/*.?s")));
/// assert!(disjoint(&pattern("/src/*.rs"), &pattern("/docs/*.rs")));
/// ```
#[must_use]
pub fn disjoint(a: &Pattern, b: &Pattern) -> bool {
    disjoint_within(a, b, &mut Budget::new(WORK)) == Some(true)
}

/// The same, paid from a budget: `None` if that is used up.
pub(crate) fn disjoint_within(a: &Pattern, b: &Pattern, budget: &mut Budget) -> Option<bool> {
    if part_ways(a, b) {
        return Some(true);
    }
    let (a, b) = (&*a.without_classes(), &*b.without_classes());
    budget.spend(a.size() + b.size())?;
    let mut names = Names::default();
    let (Some(a), Some(b)) = (names.sequence(a), names.sequence(b)) else {
        return Some(true);
    };
    Some(!meets(&a, &b, &mut names, budget)?)
}

/// Whether both patterns begin with literal segments at the root, and these differ: most pairs of
/// rules do, and it takes no memory to see it.
pub(crate) fn part_ways(a: &Pattern, b: &Pattern) -> bool {
    if a.head() != Gap::NONE || b.head() != Gap::NONE {
        return false;
    }
    for (a, b) in a.steps().iter().zip(b.steps()) {
        match (a.glob.as_literal(), b.glob.as_literal()) {
            (Some(a), Some(b)) if a != b => return true,
            (Some(_), Some(_)) => {}
            _ => return false,
        }
        if a.gap != Gap::NONE || b.gap != Gap::NONE {
            return false;
        }
    }
    false
}

/// Whether `wide` takes all that is below a place that every path of `narrow` goes through: the
/// plainest way to cover it, and it takes no memory to see.
///
/// The globs of `wide` must match successive names of `narrow`, from the root or, if it may start
/// anywhere, from any place on.
fn lies_over(wide: &Pattern, narrow: &Pattern) -> bool {
    let (over, under) = (wide.steps(), narrow.steps());
    let has_gap = |steps: &[PatternStep]| steps.iter().any(|step| step.gap != Gap::NONE);
    let Some((_, inner)) = over.split_last() else {
        return false;
    };
    let is_plain_start = match wide.head() {
        Gap::NONE => narrow.head() == Gap::NONE,
        head => head == Gap::ANY,
    };
    if !is_plain_start || !wide.tail().open || over.len() * under.len() > PLAIN || has_gap(inner) {
        return false;
    }
    let lies_on = |part: &[PatternStep]| {
        let (last, inner) = (&part[over.len() - 1], &part[..over.len() - 1]);
        let is_name = |(over, under): (&PatternStep, &PatternStep)| {
            (under.glob.as_literal()).is_some_and(|name| over.glob.matches(name.as_bytes()))
        };
        // What is below must be so far below as the pattern asks for.
        let rest = part.len() - over.len();
        !has_gap(inner)
            && rest + last.gap.min as usize >= wide.tail().min as usize
            && over.iter().zip(part).all(is_name)
    };
    let places = if wide.head() == Gap::NONE {
        0..1
    } else {
        0..under.len()
    };
    (places.map(|place| &under[place..])).any(|part| part.len() >= over.len() && lies_on(part))
}

/// A few paths that `pattern` matches and that few others do: names made of a character that no
/// pattern mentions, with gaps and stars as short as possible and a little longer, the shortest
/// path first.
///
/// What these paths refute is refuted; what they don't refute is not proven by that. There are none
/// if the pattern matches nothing, or only paths of absurd length. Some may come twice.
///
/// ```
/// use owners::pattern::Pattern;
/// use owners::pattern::cover::witnesses;
///
/// let pattern = Pattern::github("/docs/*.md").unwrap();
/// assert_eq!(witnesses(&pattern).next().unwrap(), b"docs/.md");
/// assert!(witnesses(&pattern).all(|path| pattern.matches(&path)));
/// ```
pub fn witnesses(pattern: &Pattern) -> impl Iterator<Item = Vec<u8>> {
    let has_gap = pattern.head().open || pattern.steps().iter().any(|step| step.gap.open);
    let pieces = pattern.steps().iter().flat_map(|step| step.glob.pieces());
    let has_star = pieces.into_iter().any(|piece| *piece == Piece::Star);
    // What there is none of cannot be any longer, and a name in a gap has a character.
    let more_segments = &EXCESS[..if has_gap { EXCESS.len() } else { 1 }];
    let more_characters = match (has_star, has_gap) {
        (true, _) => &EXCESS[..],
        (false, true) => &EXCESS[1..],
        (false, false) => &EXCESS[..1],
    };
    more_segments.iter().flat_map(move |&more_segments| {
        let one = move |&more_characters| witness(pattern, more_segments, more_characters);
        more_characters.iter().filter_map(one)
    })
}

/// Witnesses of many patterns: several of each, or where that would be too many, one of some.
pub(crate) fn witnesses_of<'p>(
    patterns: impl ExactSizeIterator<Item = &'p Pattern>,
) -> impl Iterator<Item = Vec<u8>> {
    let each = (MOST_WITNESSES / patterns.len().max(1)).max(1);
    let every = patterns.len().div_ceil(MOST_WITNESSES).max(1);
    let mut bytes = 0;
    patterns
        .step_by(every)
        .flat_map(move |pattern| witnesses(pattern).take(each))
        .take_while(move |path| {
            bytes += path.len();
            bytes <= MOST_BYTES
        })
}

/// The witness with so many segments more than necessary in each gap that may have them, and so
/// many characters more in each star.
fn witness(pattern: &Pattern, more_segments: usize, more_characters: usize) -> Option<Vec<u8>> {
    let fresh = vec![FRESH; more_characters.max(1)];
    let mut path = Vec::new();
    let push = |path: &mut Vec<u8>, name: &[u8]| {
        path.extend_from_slice(name);
        path.push(b'/');
        (path.len() <= MAX_WITNESS).then_some(())
    };
    let push_gap = |path: &mut Vec<u8>, gap: super::Gap| {
        let more = if gap.open { more_segments } else { 0 };
        (0..gap.min as usize + more).try_for_each(|_| push(path, &fresh))
    };
    push_gap(&mut path, pattern.head())?;
    for step in pattern.steps() {
        push(&mut path, &name(&step.glob, more_characters)?)?;
        push_gap(&mut path, step.gap)?;
    }
    if path.is_empty() && pattern.head().open {
        push(&mut path, &fresh)?;
    }
    path.pop()?;
    Some(path)
}

/// A name that `glob` matches, with so many characters in each star.
fn name(glob: &Glob, more: usize) -> Option<Vec<u8>> {
    let mut name = Vec::new();
    for piece in glob.pieces() {
        match piece {
            Piece::Text(text) => name.extend_from_slice(text.as_bytes()),
            Piece::One => name.push(FRESH),
            // What is in no set is in each negated one.
            Piece::Class(class) if class.is_negated() => name.push(FRESH),
            Piece::Class(class) => {
                let character = class.first_listed();
                name.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            Piece::Star => name.extend(std::iter::repeat_n(FRESH, more)),
        }
        if name.len() > MAX_WITNESS {
            return None;
        }
    }
    (!name.is_empty() && !name.contains(&b'/')).then_some(name)
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Proof {
    /// Every path is covered.
    Covered,
    /// Some path is not: this one, if it was spelled out.
    Refuted(Option<Vec<u8>>),
}

/// A pattern, both ways.
type Both<'a> = (&'a Pattern, Sequence<NameId>);

/// Whether `wide` covers `narrow`: the three ways of the [module](self), in turn.
fn prove(
    (narrow, words): (&Pattern, &Sequence<NameId>),
    wide: &[Both<'_>],
    mut names: Names,
    budget: &mut Budget,
) -> Option<Proof> {
    for path in witnesses(narrow) {
        if !any_matches(wide, &path, budget)? {
            return Some(Proof::Refuted(Some(path)));
        }
    }
    for (_, words_of_wide) in wide {
        budget.spend(words_of_wide.last() + words.last())?;
        if embeds(words_of_wide, words, &mut names, budget)? {
            return Some(Proof::Covered);
        }
    }

    let classes = Classes::find(words, wide, &mut names, budget)?;
    if classes.plain && wide.len() == 1 {
        // The case in which `embeds`, which said no, is the whole truth.
        return Some(Proof::Refuted(None));
    }
    search(words, wide, &classes, budget)
}

/// The subset construction.
fn search(
    narrow: &Sequence<NameId>,
    wide: &[Both<'_>],
    classes: &Classes,
    budget: &mut Budget,
) -> Option<Proof> {
    let wide: Vec<&Sequence<NameId>> = wide.iter().map(|(_, words)| words).collect();
    let mut search = Search::new(narrow, &wide, classes);
    let uncovered = search.run(budget, |search, node, ends| {
        if ends.iter().any(|&end| search.stays_at(end)) {
            Step::Prune
        } else if ends.is_empty() && search.is_end(node) {
            Step::Stop
        } else {
            Step::Pursue
        }
    })?;
    let Some(node) = uncovered else {
        return Some(Proof::Covered);
    };
    let path: Vec<&[u8]> = search
        .spelling(node)
        .iter()
        .map(|class| class.name.as_slice())
        .collect();
    Some(Proof::Refuted(Some(path.join(&b'/'))))
}

/// Whether any of the patterns matches `path`.
fn any_matches(wide: &[Both<'_>], path: &[u8], budget: &mut Budget) -> Option<bool> {
    let segments = path.split(|&byte| byte == b'/').count();
    for (pattern, words) in wide {
        // What matching takes at worst is rarely what it takes.
        budget.spend(1 + segments * (words.last() + 1) / 8)?;
        if pattern.matches(path) {
            return Some(true);
        }
    }
    Some(false)
}

/// What can stand at one place of a path: all names that match the same of the wide globs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Class {
    /// One of them.
    name: Vec<u8>,
    /// The wide globs that it matches, ascending.
    globs: Vec<NameId>,
}

/// For each glob of the narrow pattern the names that match the fewest of the wide globs: no other
/// name matches a proper subset. The same for a gap.
#[derive(Debug)]
struct Classes {
    of: FxHashMap<Option<NameId>, Vec<Class>>,
    /// Whether each glob has a name, and a gap has one, that matches no wide glob but those that
    /// all of its names match.
    plain: bool,
}

impl Classes {
    fn find(
        narrow: &Sequence<NameId>,
        wide: &[Both<'_>],
        names: &mut Names,
        budget: &mut Budget,
    ) -> Option<Self> {
        let mut globs: Vec<NameId> = wide
            .iter()
            .flat_map(|(_, words)| words.steps.iter().map(|&(glob, _)| glob))
            .collect();
        budget.spend(globs.len())?;
        globs.sort_unstable();
        globs.dedup();
        let mut classes = Classes {
            of: FxHashMap::default(),
            plain: true,
        };
        let letters = narrow.steps.iter().map(|&(glob, _)| Some(glob));
        for letter in letters.chain([None]) {
            if let Entry::Vacant(entry) = classes.of.entry(letter) {
                let (minimal, plain) = minimal_classes(letter, &globs, names, budget)?;
                entry.insert(minimal);
                classes.plain &= plain;
            }
        }
        Some(classes)
    }
}

/// The [`Class`]es of the names that `letter` matches, or of all names, and whether one of them
/// matches only what all names do.
fn minimal_classes(
    letter: Option<NameId>,
    globs: &[NameId],
    names: &mut Names,
    budget: &mut Budget,
) -> Option<(Vec<Class>, bool)> {
    let (mut always, mut sometimes) = (Vec::new(), Vec::new());
    for &glob in globs {
        budget.spend(1)?;
        match letter {
            Some(letter) if names.includes(glob, letter, budget)? => always.push(glob),
            Some(letter) if !names.meets(glob, letter, budget)? => {}
            _ => sometimes.push(glob),
        }
    }
    let anything = Sequence::anything();
    let words = letter.map_or(&anything, |letter| names.word(letter));
    let wide: Vec<&Sequence<char>> = sometimes.iter().map(|&glob| names.word(glob)).collect();

    let mut minimal: Vec<Class> = Vec::new();
    let mut search = Search::new(words, &wide, Characters);
    search.run(budget, |search, node, ends| {
        if search.is_end(node) {
            let ends = ends.iter().map(|end| sometimes[end.wide as usize]);
            let globs: Vec<NameId> = ends.collect();
            if !minimal.iter().any(|known| is_subset(&known.globs, &globs)) {
                minimal.retain(|known| !is_subset(&globs, &known.globs));
                let name = spell(&search.spelling(node));
                let none = globs.is_empty();
                minimal.push(Class { name, globs });
                if none {
                    return Step::Stop;
                }
            }
        }
        Step::Pursue
    })?;
    let plain = minimal.iter().any(|class| class.globs.is_empty());
    for class in &mut minimal {
        class.globs.extend_from_slice(&always);
        class.globs.sort_unstable();
    }
    Some((minimal, plain))
}

/// The bytes of a name, where a fresh character is none in particular.
fn spell(characters: &[Option<char>]) -> Vec<u8> {
    let mut name = Vec::new();
    for character in characters {
        match character {
            Some(character) => {
                name.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            None => name.push(FRESH),
        }
    }
    name
}

/// Whether all of `few` is in `many`. Both are sorted.
fn is_subset<T: Ord>(few: &[T], many: &[T]) -> bool {
    let mut rest = many.iter();
    few.len() <= many.len() && few.iter().all(|item| rest.any(|other| other == item))
}

/// What may be put for the letters and gaps of the narrow sequence of a [`Search`].
trait Choices {
    /// A letter of the wide sequences and of the narrow one.
    type Letter: Copy;
    /// Something that stands for all that match the same letters of the wide sequences.
    type Choice: Copy;

    /// What can be put for this letter, or for one of a gap. Whatever else could be put matches all
    /// that one of these matches, and more.
    fn choices(&self, letter: Option<Self::Letter>) -> impl Iterator<Item = Self::Choice>;

    /// Whether `letter` matches the choice.
    fn fits(choice: Self::Choice, letter: Self::Letter) -> bool;
}

impl Choices for Characters {
    type Letter = char;
    type Choice = Option<char>;

    fn choices(&self, letter: Option<char>) -> impl Iterator<Item = Option<char>> {
        std::iter::once(letter)
    }

    fn fits(choice: Option<char>, letter: char) -> bool {
        choice == Some(letter)
    }
}

impl<'a> Choices for &'a Classes {
    type Letter = NameId;
    type Choice = &'a Class;

    fn choices(&self, letter: Option<NameId>) -> impl Iterator<Item = &'a Class> {
        self.of.get(&letter).into_iter().flatten()
    }

    fn fits(choice: &'a Class, letter: NameId) -> bool {
        choice.globs.binary_search(&letter).is_ok()
    }
}

/// A place in a wide sequence: in which gap, and how much of its minimum is behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    wide: u32,
    gap: u32,
    taken: u32,
}

/// A word of the narrow sequence as far as it was walked, and where it may have got to.
#[derive(Debug)]
struct Node<C> {
    /// The gap of the narrow sequence, and how much of its minimum is behind.
    gap: usize,
    taken: u32,
    /// The places in the wide sequences, ascending.
    places: Vec<Place>,
    /// The word without its last choice, and that choice.
    came_by: Option<(usize, C)>,
}

/// What to do about a [`Node`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Pursue,
    Prune,
    Stop,
}

/// The subset construction: a breadth-first walk over the words of a narrow sequence with the sets
/// of places that each reaches in wide ones.
struct Search<'a, S: Choices> {
    narrow: &'a Sequence<S::Letter>,
    wide: &'a [&'a Sequence<S::Letter>],
    choices: S,
    nodes: Vec<Node<S::Choice>>,
    /// The nodes of each place in the narrow sequence.
    seen: FxHashMap<(usize, u32), Vec<usize>>,
}

impl<'a, S: Choices> Search<'a, S> {
    fn new(
        narrow: &'a Sequence<S::Letter>,
        wide: &'a [&'a Sequence<S::Letter>],
        choices: S,
    ) -> Self {
        Search {
            narrow,
            wide,
            choices,
            nodes: Vec::new(),
            seen: FxHashMap::default(),
        }
    }

    /// Walks all words, shortest first, until `judge` says to stop: `Some(None)` if it never does.
    /// It is told each node and those of its places that end a wide sequence, one for each.
    fn run(
        &mut self,
        budget: &mut Budget,
        mut judge: impl FnMut(&Self, usize, &[Place]) -> Step,
    ) -> Option<Option<usize>> {
        let start = (0u32..).zip(self.wide).map(|(wide, _)| Place {
            wide,
            gap: 0,
            taken: 0,
        });
        let start = start.collect();
        self.add(0, 0, start, None, budget)?;
        let mut node = 0;
        while node < self.nodes.len() {
            let places = self.nodes[node].places.iter().copied();
            let ends: Vec<Place> = places.filter(|&place| self.ends_at(place)).collect();
            match judge(self, node, &ends) {
                Step::Pursue => self.pursue(node, budget)?,
                Step::Prune => {}
                Step::Stop => return Some(Some(node)),
            }
            node += 1;
        }
        Some(None)
    }

    /// Goes on from a node in all ways.
    fn pursue(&mut self, node: usize, budget: &mut Budget) -> Option<()> {
        let Node { gap, taken, .. } = self.nodes[node];
        let here = self.narrow.gap(gap);
        if taken < here.min || here.open {
            self.step(
                node,
                None,
                (gap, here.min.min(taken.saturating_add(1))),
                budget,
            )?;
        }
        if taken >= here.min
            && let Some(letter) = self.narrow.letter(gap)
        {
            self.step(node, Some(letter), (gap + 1, 0), budget)?;
        }
        Some(())
    }

    /// Goes on from a node by everything that can be put for `letter`.
    fn step(
        &mut self,
        node: usize,
        letter: Option<S::Letter>,
        (gap, taken): (usize, u32),
        budget: &mut Budget,
    ) -> Option<()> {
        let choices: Vec<S::Choice> = self.choices.choices(letter).collect();
        for choice in choices {
            budget.spend(2 * self.nodes[node].places.len() + 1)?;
            let places = self.advance(&self.nodes[node].places, choice);
            self.add(gap, taken, places, Some((node, choice)), budget)?;
        }
        Some(())
    }

    /// Where `places` get to by `choice`.
    fn advance(&self, places: &[Place], choice: S::Choice) -> Vec<Place> {
        let mut next = Vec::with_capacity(places.len() + 1);
        for &place in places {
            let words = self.wide[place.wide as usize];
            let gap = words.gap(place.gap as usize);
            if place.taken < gap.min {
                let taken = place.taken + 1;
                next.push(Place { taken, ..place });
                continue;
            }
            if gap.open {
                next.push(place);
            }
            if words
                .letter(place.gap as usize)
                .is_some_and(|letter| S::fits(choice, letter))
            {
                let gap = place.gap + 1;
                next.push(Place {
                    gap,
                    taken: 0,
                    ..place
                });
            }
        }
        next.sort_unstable();
        next.dedup();
        self.keep_furthest(&mut next);
        next
    }

    /// Drops what adds nothing: whatever can still follow before an open gap, or earlier in it, can
    /// also be taken by that gap and what is behind it.
    fn keep_furthest(&self, places: &mut Vec<Place>) {
        let mut passed: Option<u32> = None;
        let mut kept = places.len();
        for index in (0..places.len()).rev() {
            let place = places[index];
            if passed == Some(place.wide) {
                continue;
            }
            if self.wide[place.wide as usize].gap(place.gap as usize).open {
                passed = Some(place.wide);
            }
            kept -= 1;
            places[kept] = place;
        }
        places.drain(..kept);
    }

    /// Takes down a node, unless another at the same place of the narrow sequence has reached less.
    fn add(
        &mut self,
        gap: usize,
        taken: u32,
        places: Vec<Place>,
        came_by: Option<(usize, S::Choice)>,
        budget: &mut Budget,
    ) -> Option<()> {
        budget.spend(8 + places.len())?;
        let seen = self.seen.entry((gap, taken)).or_default();
        for &other in seen.iter() {
            let other = &self.nodes[other].places;
            budget.spend(1 + other.len().min(places.len()))?;
            if is_subset(other, &places) {
                return Some(());
            }
        }
        seen.push(self.nodes.len());
        self.nodes.push(Node {
            gap,
            taken,
            places,
            came_by,
        });
        Some(())
    }

    /// Whether the word of `node` may end there.
    fn is_end(&self, node: usize) -> bool {
        let Node { gap, taken, .. } = self.nodes[node];
        gap == self.narrow.last() && taken >= self.narrow.gap(gap).min
    }

    /// Whether a wide sequence may end at `place`.
    fn ends_at(&self, place: Place) -> bool {
        let words = self.wide[place.wide as usize];
        let gap = place.gap as usize;
        gap == words.last() && place.taken >= words.gap(gap).min
    }

    /// Whether a wide sequence, which may end at `place`, may also end anywhere behind it.
    fn stays_at(&self, place: Place) -> bool {
        self.wide[place.wide as usize].gap(place.gap as usize).open
    }

    /// The choices that led to `node`.
    fn spelling(&self, node: usize) -> Vec<S::Choice> {
        let mut choices = Vec::new();
        let mut came_by = self.nodes[node].came_by;
        while let Some((node, choice)) = came_by {
            choices.push(choice);
            came_by = self.nodes[node].came_by;
        }
        choices.reverse();
        choices
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Gap;
    use super::super::intersect::testing::{self, pattern, text};
    use super::*;

    /// The subset construction alone, without the shortcuts before it.
    fn search_only(narrow: &Pattern, wide: &[&Pattern]) -> Option<Proof> {
        let mut names = Names::default();
        let budget = &mut Budget::new(400_000);
        let words = names.sequence(narrow)?;
        let wide: Vec<Both<'_>> = wide
            .iter()
            .filter_map(|&pattern| Some((pattern, names.sequence(pattern)?)))
            .collect();
        let classes = Classes::find(&words, &wide, &mut names, budget)?;
        search(&words, &wide, &classes, budget)
    }

    #[test]
    fn covering() {
        for (wide, narrow, expected) in [
            ("*", "/a", true),
            ("*", "*/", true),
            ("*/", "*", false),
            ("/a", "/a/", true),
            ("/a/", "/a", false),
            ("/a/", "/a/*", true),
            ("/a/*", "/a/", false),
            ("a", "/a", true),
            ("a", "/x/a/*", true),
            ("/a", "a", false),
            ("*.md", "/docs/*.md", true),
            ("/docs/", "/docs/*.md", true),
            ("/docs/*", "/docs/*.md", false),
            ("a*", "ab*", true),
            ("a*b", "a*c*b", true),
            ("a*b", "ab", true),
            ("a?*b", "ab", false),
            ("a?*", "a*", false),
            ("*a*", "?a", true),
            ("?", "??", false),
            ("??*", "?*?*?", true),
            ("?", "é", true),
            ("**/a/**/b/", "/x/a/b/*", true),
            ("**/a/*/b/", "a/**/b/", false),
            ("**/a/**/b/", "**/b/**/a/", false),
            ("**/a/", "**/b/**/a/", true),
            ("*/*/", "**/a/*/*/", true),
            ("/*/*/", "/a/**/b/", true),
            // No name is neither one character long nor longer.
            ("**/?/??*", "/?/**/??*", true),
            ("**/?/??*", "/?/**/?", false),
            // A different star is open for each way to fit: one path refutes them all.
            ("**/a/b/**/c/*/*/**/d", "/a/**/b/c/x/x/d/a/b/c/**/d", false),
        ] {
            let [wide_pattern, narrow_pattern] = [wide, narrow].map(pattern);
            assert_eq!(
                covers(&wide_pattern, &narrow_pattern),
                expected,
                "{wide} covers {narrow}"
            );
        }
    }

    #[test]
    fn covering_together() {
        for (narrow, wide, expected) in [
            ("/a/", &["/a/*", "/a/*/"][..], true),
            ("/a/", &["/a/*"], false),
            ("/a/", &[], false),
            ("/a", &["/a/", "/b"], false),
            ("*", &["/*", "*/"], true),
            ("*", &["/*", "/*/*", "/*/*/"], true),
            ("*", &["/*", "/*/*/"], false),
            ("/a/", &["/a/?", "/a/??*"], true),
            ("/a/", &["/a/?", "/a/???*"], false),
            ("/a/*", &["/a/?", "/a/??", "/a/???*"], true),
            ("/a*", &["/a", "/a?*"], true),
            ("/a*", &["/a", "/a??*"], false),
            ("/a*", &["/ab", "/a?*"], false),
            ("a", &["/a", "*/a"], false),
            ("a", &["/a", "/*/**/a"], true),
            ("/x/**/y", &["/x/y", "/x/*/y", "/x/*/*/**/y"], true),
            ("/x/**/y", &["/x/y", "/x/*/*/**/y"], false),
        ] {
            let wide_patterns: Vec<Pattern> = wide.iter().map(|text| pattern(text)).collect();
            let wide_patterns: Vec<&Pattern> = wide_patterns.iter().collect();
            assert_eq!(
                covered_by(&pattern(narrow), &wide_patterns, 100_000),
                Some(expected),
                "{narrow} by {wide:?}"
            );
        }
    }

    #[test]
    fn disjointness() {
        for (a, b, expected) in [
            ("/a", "/b", true),
            ("a", "b", false),
            ("/a/*", "/a/*/", true),
            ("/a/*", "/a/*.md", false),
            ("/a/*", "/*/*/", true),
            ("/a*", "/*b", false),
            ("/a*/", "/b*/", true),
            ("/?/", "/??*/", true),
            ("**/a/*", "/b/*/*", false),
            ("**/a/*", "/b/*", true),
            ("**/a/", "/b/*", true),
            ("/x/**/a/**/y", "/x/*/y/z", false),
            ("*a*b*", "/?a?b/", false),
            ("/*a*b*/", "/bb?a/", true),
        ] {
            let (a_pattern, b_pattern) = (pattern(a), pattern(b));
            assert_eq!(disjoint(&a_pattern, &b_pattern), expected, "{a} and {b}");
            assert_eq!(disjoint(&b_pattern, &a_pattern), expected, "{b} and {a}");
        }
    }

    #[test]
    fn patterns_that_match_nothing() {
        // GitHub's reader takes an escaped slash as a character, which no name has.
        let nothing = pattern(r"/a\/b");
        let something = pattern("/a");
        assert!(covers(&something, &nothing) && covers(&nothing, &nothing));
        assert!(!covers(&nothing, &something));
        assert!(disjoint(&nothing, &nothing));
        assert_eq!(witnesses(&nothing).count(), 0);
        assert_eq!(covered_by(&nothing, &[], 0), Some(true));
        assert_eq!(covered_by(&something, &[&nothing], 1000), Some(false));
        assert_eq!(covered_by(&Pattern::new(Gap::NONE), &[], 1000), Some(true));
    }

    #[test]
    fn hostile_patterns_end() {
        let repeat = |text: &str, times: usize| text.repeat(times);
        let long = 50_000;
        let deep = pattern(&format!("/{}", repeat("a/", long)));
        let floating = pattern(&format!("**/{}b/", repeat("a/", long / 2)));
        let stars = pattern(&repeat("*/", long));
        let doubles = pattern(&repeat("**/a/", 100));
        let glob_a = pattern(&format!("/{}", repeat("*a", 500)));
        let glob_b = pattern(&format!("/{}b", repeat("a?", 500)));
        let vast = Pattern::new(Gap {
            min: u32::MAX,
            open: true,
        });
        let all = [deep, floating, stars, doubles, glob_a, glob_b, vast];
        for a in &all {
            assert!(witnesses(a).all(|path| path.len() <= MAX_WITNESS));
            for b in &all {
                assert!(!covers(a, b) || !disjoint(a, b));
                let _ = covered_by(a, &[b, &all[0]], 10_000);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(testing::cases()))]

        #[test]
        fn witnesses_match(pattern in testing::any_pattern()) {
            for path in witnesses(&pattern) {
                prop_assert!(pattern.matches(&path), "{}", text(&path));
            }
        }

        #[test]
        fn covers_is_sound_and_complete(
            wide in testing::any_pattern(),
            narrow in testing::any_pattern(),
        ) {
            let claimed = covers(&wide, &narrow);
            let seen = testing::paths()
                .find(|path| narrow.matches(path) && !wide.matches(path));
            if claimed {
                prop_assert!(seen.is_none(), "{}", text(&seen.unwrap_or_default()));
            }
            match search_only(&narrow, &[&wide]) {
                Some(Proof::Covered) => prop_assert!(claimed),
                Some(Proof::Refuted(Some(path))) => {
                    prop_assert!(!claimed);
                    prop_assert!(narrow.matches(&path) && !wide.matches(&path), "{}", text(&path));
                }
                _ => prop_assert!(testing::is_empty(&narrow), "out of budget"),
            }
        }

        #[test]
        fn covered_by_raises_no_false_alarm(
            narrow in testing::any_pattern(),
            wide in proptest::collection::vec(testing::any_pattern(), 0..5),
        ) {
            let wide: Vec<&Pattern> = wide.iter().collect();
            let seen = testing::paths().find(|path| {
                narrow.matches(path) && !wide.iter().any(|pattern| pattern.matches(path))
            });
            let claimed = covered_by(&narrow, &wide, 100_000);
            if claimed == Some(true) {
                prop_assert!(seen.is_none(), "{}", text(&seen.unwrap_or_default()));
            }
            if let Some(Proof::Refuted(Some(path))) = search_only(&narrow, &wide) {
                prop_assert_eq!(claimed, Some(false));
                prop_assert!(narrow.matches(&path));
                prop_assert!(!wide.iter().any(|pattern| pattern.matches(&path)));
            } else {
                prop_assert!(seen.is_none());
            }
        }

        #[test]
        fn disjoint_is_exact(a in testing::any_pattern(), b in testing::any_pattern()) {
            let common = testing::paths().find(|path| a.matches(path) && b.matches(path));
            if disjoint(&a, &b) {
                prop_assert!(common.is_none(), "{}", text(&common.unwrap_or_default()));
            } else if common.is_none() {
                // It takes a longer path: the intersection has one.
                let members = super::super::intersect::intersect(&a, &b, 10_000).unwrap();
                let path = witnesses(&members[0]).next().unwrap();
                prop_assert!(a.matches(&path) && b.matches(&path), "{}", text(&path));
            }
        }
    }
}
