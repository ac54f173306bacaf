//! The smallest set of owners whose approvals cover every path.
//!
//! One approval by any owner of a path is enough for that path, and an approval may ask for several of
//! its owners. So the set has as many members in common with each list of owners as must approve. A
//! team counts as all of them: several of its members may approve. With up to [`EXACT`] owners, all sets
//! are tried. With more, the search is greedy: it repeatedly takes the owner who is in most of the
//! lists that still need approvals. Example: for the lists `@x @y` and `@y @z`, `@y` is enough.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Up to this number of owners, the result is certainly the smallest set.
pub const EXACT: usize = 20;

/// Owners, of whom some must approve.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Demand {
    /// The owners, each once.
    pub(super) owners: Vec<usize>,
    /// How many of them approve. If there are fewer, all of them do.
    pub(super) count: usize,
}

impl Demand {
    fn count(&self) -> usize {
        self.count.min(self.owners.len())
    }
}

/// A set of owners that meets all demands. `is_team` says of each owner whether it is a team.
pub(super) fn enough(demands: &[Demand], is_team: &[bool]) -> Vec<usize> {
    match is_team.len() <= EXACT {
        true => smallest(demands, is_team),
        false => greedy(demands, is_team),
    }
}

/// The smallest set. Of several, the one whose members come first.
fn smallest(demands: &[Demand], is_team: &[bool]) -> Vec<usize> {
    let owners = is_team.len();
    let mask =
        |list: &mut dyn Iterator<Item = usize>| list.fold(0u32, |mask, each| mask | 1 << each);
    let teams = mask(&mut (0..owners).filter(|&owner| is_team[owner]));
    let mut masks: Vec<(u32, u32)> = demands
        .iter()
        .map(|each| (mask(&mut each.owners.iter().copied()), each.count() as u32))
        .collect();
    // Short lists exclude most sets.
    masks.sort_unstable_by_key(|(mask, _)| mask.count_ones());
    let meets = |set: u32, (mask, count): &(u32, u32)| {
        (mask & set).count_ones() >= *count || mask & set & teams != 0
    };
    let settles = |set: u32| masks.iter().all(|each| meets(set, each));
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

/// Repeatedly takes the owner who is in most of the lists that still need approvals. Of several, a team,
/// and the first.
fn greedy(demands: &[Demand], is_team: &[bool]) -> Vec<usize> {
    // The lists of each owner, and the number of those that still need approvals.
    let mut own: Vec<Vec<usize>> = vec![Vec::new(); is_team.len()];
    for (index, each) in demands.iter().enumerate() {
        each.owners.iter().for_each(|&owner| own[owner].push(index));
    }
    let mut counts: Vec<usize> = own.iter().map(Vec::len).collect();
    let mut left: Vec<usize> = demands.iter().map(Demand::count).collect();
    // Counts only decrease. An entry with an outdated count is pushed again with the current one.
    let mut heap: BinaryHeap<(usize, bool, Reverse<usize>)> = counts
        .iter()
        .enumerate()
        .map(|(owner, &count)| (count, is_team[owner], Reverse(owner)))
        .collect();
    let mut chosen = Vec::new();
    while let Some((count, _, Reverse(owner))) = heap.pop() {
        if counts[owner] < count {
            heap.push((counts[owner], is_team[owner], Reverse(owner)));
            continue;
        }
        if count == 0 {
            break;
        }
        chosen.push(owner);
        for &list in &own[owner] {
            if left[list] == 0 {
                continue;
            }
            left[list] = if is_team[owner] { 0 } else { left[list] - 1 };
            if left[list] == 0 {
                let members = &demands[list].owners;
                members.iter().for_each(|&member| counts[member] -= 1);
            }
        }
    }
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Demands of one approval each.
    fn of_one(lists: &[&[usize]]) -> Vec<Demand> {
        let demand = |list: &&[usize]| Demand {
            owners: list.to_vec(),
            count: 1,
        };
        lists.iter().map(demand).collect()
    }

    /// The greedy search takes 0, which is in most lists, and then needs two more.
    #[test]
    fn exact_is_better_than_greedy() {
        let lists: &[&[usize]] = &[&[0, 1], &[0, 1, 3], &[0, 2], &[0, 2, 3], &[1], &[2]];
        let demands = of_one(lists);
        assert_eq!(smallest(&demands, &[false; 4]), [1, 2]);
        assert_eq!(greedy(&demands, &[false; 4]).len(), 3);
        // No two lists share an owner.
        let lists: Vec<Vec<usize>> = (0..EXACT).map(|owner| vec![owner]).collect();
        let lists: Vec<&[usize]> = lists.iter().map(Vec::as_slice).collect();
        let demands = of_one(&lists);
        assert_eq!(smallest(&demands, &[false; EXACT]).len(), EXACT);
        assert_eq!(greedy(&demands, &[false; EXACT]).len(), EXACT);
    }

    #[test]
    fn several_of_a_list() {
        let demand = |owners: &[usize], count| Demand {
            owners: owners.to_vec(),
            count,
        };
        for (demands, teams, expected) in [
            (vec![demand(&[0, 1, 2], 2)], &[][..], &[0, 1][..]),
            // A team has several members.
            (vec![demand(&[0, 1, 2], 2)], &[2], &[2]),
            // Of too few, all approve.
            (vec![demand(&[1], 3)], &[], &[1]),
            // Somebody of another list counts here, too.
            (vec![demand(&[0, 1, 2], 2), demand(&[2], 1)], &[], &[0, 2]),
            (
                vec![demand(&[0, 1], 2), demand(&[1, 2], 2)],
                &[],
                &[0, 1, 2],
            ),
        ] {
            let is_team: Vec<bool> = (0..3).map(|owner| teams.contains(&owner)).collect();
            assert_eq!(smallest(&demands, &is_team), expected, "{demands:?}");
            assert_eq!(greedy(&demands, &is_team), expected, "{demands:?}");
        }
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
