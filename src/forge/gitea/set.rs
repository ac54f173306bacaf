//! Sets of characters, as a regular expression says them: `a`, `[a-z]`, `[^/]`, `.`.

/// The last code point.
const LAST: u32 = 0x0010_FFFF;

/// A set of characters: ranges of code points, in order, with others between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Set(Vec<(u32, u32)>);

impl Set {
    /// The characters in these ranges, which may overlap.
    pub(super) fn new(mut ranges: Vec<(u32, u32)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Set(merged)
    }

    /// One character.
    pub(super) fn of(character: char) -> Self {
        Set(vec![(u32::from(character), u32::from(character))])
    }

    /// Every character.
    pub(super) fn all() -> Self {
        Set(vec![(0, LAST)])
    }

    /// What `.` matches: every character but a line end.
    pub(super) fn any() -> Self {
        Set::of('\n').negated()
    }

    /// What a name in a path consists of: every character but the slash and a line end.
    pub(super) fn in_name() -> Self {
        Set::of('/').or(&Set::of('\n')).negated()
    }

    pub(super) fn negated(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for &(first, last) in &self.0 {
            if next < first {
                ranges.push((next, first - 1));
            }
            next = last + 1;
        }
        if next <= LAST {
            ranges.push((next, LAST));
        }
        Set(ranges)
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        Set::new([&*self.0, &*other.0].concat())
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        self.negated().or(&other.negated()).negated()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, character: u32) -> bool {
        let behind = self.0.partition_point(|&(first, _)| first <= character);
        behind > 0 && character <= self.0[behind - 1].1
    }

    /// The only character, if there is only one.
    pub(super) fn only(&self) -> Option<char> {
        match *self.0 {
            [(first, last)] if first == last => char::from_u32(first),
            _ => None,
        }
    }

    pub(super) fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    /// The same set, without regard to case.
    pub(super) fn folded(&self) -> Self {
        let mut ranges = self.0.clone();
        let ascii = |from: char, to: char, ranges: &mut Vec<(u32, u32)>| {
            let (start, end) = (u32::from(from), u32::from(from) + 25);
            for &(first, last) in &self.0 {
                let (first, last) = (first.max(start), last.min(end));
                if first <= last {
                    let shift = |each: u32| each - start + u32::from(to);
                    ranges.push((shift(first), shift(last)));
                }
            }
        };
        ascii('a', 'A', &mut ranges);
        ascii('A', 'a', &mut ranges);
        // The Kelvin sign and the long s are the only others that fold to these.
        for (letter, sign) in [('k', '\u{212a}'), ('s', '\u{17f}')] {
            let upper = letter.to_ascii_uppercase();
            let all = [letter, upper, sign].map(u32::from);
            if all.iter().any(|&each| self.contains(each)) {
                ranges.extend(all.map(|each| (each, each)));
            }
        }
        // Of other letters, only those that are written one by one.
        for &(first, last) in self.0.iter().filter(|range| range.1 - range.0 < 64) {
            for letter in (first.max(128)..=last).filter_map(char::from_u32) {
                let both = letter.to_lowercase().chain(letter.to_uppercase());
                ranges.extend(both.map(|each| (u32::from(each), u32::from(each))));
            }
        }
        Set::new(ranges)
    }
}
