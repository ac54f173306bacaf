//! The smallest set of owners whose approvals cover every path.
//!
//! One approval by any owner of a path is enough for that path. So it is a hitting set: it has a member
//! in common with each list of owners. With up to [`EXACT`] owners, all sets are tried. With more, the
//! search is greedy: it repeatedly takes the owner who covers most of the remaining lists. Example: for
//! the lists `@x @y` and `@y @z`, `@y` is enough.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Up to this number of owners, the result is certainly the smallest set.
pub const EXACT: usize = 20;

/// A set of owners with one from each list, of so many owners.
pub(super) fn enough(lists: &[Vec<usize>], owners: usize) -> Vec<usize> {
    match owners <= EXACT {
        true => smallest(lists, owners),
        false => greedy(lists, owners),
    }
}

/// The smallest set. Of several, the one whose members come first.
fn smallest(lists: &[Vec<usize>], owners: usize) -> Vec<usize> {
    let mut masks: Vec<u32> = lists
        .iter()
        .map(|list| list.iter().fold(0, |mask, &owner| mask | 1 << owner))
        .collect();
    // Short lists exclude most sets.
    masks.sort_unstable_by_key(|mask| mask.count_ones());
    let settles = |set: u32| masks.iter().all(|mask| mask & set != 0);
    let members = |set: u32| (0..owners).filter(move |&owner| set & (1 << owner) != 0);
    let sets = (0..=owners as u32).flat_map(|size| of_size(size, owners as u32));
    sets.into_iter()
        .find(|&set| settles(set))
        .map_or_else(Vec::new, |set| members(set).collect())
}

/// All sets of `size` of the `owners`, as bit masks, in ascending order. Gosper's hack computes the
/// next mask with the same number of bits: `0b0011`, `0b0101`, `0b0110`, `0b1001`.
fn of_size(size: u32, owners: u32) -> impl Iterator<Item = u32> {
    let first = (1u32 << size) - 1;
    std::iter::successors(Some(first), |&set| {
        let lowest = set & set.wrapping_neg();
        let ripple = set.checked_add(lowest).filter(|_| set != 0)?;
        Some(ripple | (((set ^ ripple) >> 2) / lowest))
    })
    .take_while(move |&set| set < 1 << owners)
}

/// Repeatedly takes the owner who covers most of the remaining lists. Of several, the first.
fn greedy(lists: &[Vec<usize>], owners: usize) -> Vec<usize> {
    // The lists of each owner, and the number of those that remain.
    let mut own: Vec<Vec<usize>> = vec![Vec::new(); owners];
    for (index, list) in lists.iter().enumerate() {
        list.iter().for_each(|&owner| own[owner].push(index));
    }
    let mut counts: Vec<usize> = own.iter().map(Vec::len).collect();
    let mut is_left = vec![true; lists.len()];
    // Counts only decrease. An entry with an outdated count is pushed again with the current one.
    let mut heap: BinaryHeap<(usize, Reverse<usize>)> = counts
        .iter()
        .enumerate()
        .map(|(owner, &count)| (count, Reverse(owner)))
        .collect();
    let mut chosen = Vec::new();
    while let Some((count, Reverse(owner))) = heap.pop() {
        if counts[owner] < count {
            heap.push((counts[owner], Reverse(owner)));
            continue;
        }
        if count == 0 {
            break;
        }
        chosen.push(owner);
        for &list in &own[owner] {
            if std::mem::replace(&mut is_left[list], false) {
                lists[list].iter().for_each(|&member| counts[member] -= 1);
            }
        }
    }
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The greedy search takes 0, which is in most lists, and then needs two more.
    #[test]
    fn exact_is_better_than_greedy() {
        let lists = [
            vec![0, 1],
            vec![0, 1, 3],
            vec![0, 2],
            vec![0, 2, 3],
            vec![1],
            vec![2],
        ];
        assert_eq!(smallest(&lists, 4), [1, 2]);
        assert_eq!(greedy(&lists, 4).len(), 3);
        // No two lists share an owner.
        let lists: Vec<Vec<usize>> = (0..EXACT).map(|owner| vec![owner]).collect();
        assert_eq!(smallest(&lists, EXACT).len(), EXACT);
        assert_eq!(greedy(&lists, EXACT).len(), EXACT);
    }

    #[test]
    fn all_sets_of_a_size() {
        for owners in 0..8 {
            for size in 0..=owners {
                let sets: Vec<u32> = of_size(size, owners).collect();
                assert!(
                    sets.iter()
                        .all(|set| set.count_ones() == size && *set < 1 << owners)
                );
                let all = (0u32..1 << owners).filter(|set| set.count_ones() == size);
                assert_eq!(sets.len(), all.count(), "{size} of {owners}");
            }
        }
    }
}
