//! Finds out which authors are the same person.
//!
//! `.mailmap` is applied before. Beyond that, two authors are the same person if
//!
//! 1. they have the same address; or
//! 2. their addresses, which a forge made, have the same login; or
//! 3. they have the same name, all such addresses with that name have one login, and the name says
//!    enough: it has at least two words, or it is the login itself. The name `Alex` alone may be that
//!    of many people.
//!
//! Case makes no difference.

use rustc_hash::FxHashMap;

use super::{AuthorId, Person, PersonId};
use crate::forge::Forge;
use crate::ids::IdVec;
use crate::people;

/// An author who was seen in some commit.
#[derive(Clone, Debug)]
pub(super) struct KnownAuthor {
    pub name: Box<str>,
    pub address: Box<str>,
}

/// The person of each author, and the people: the author with the latest commit decides their order.
/// Authors must be in the order of their latest commits.
pub(super) fn join(
    authors: &IdVec<AuthorId, KnownAuthor>,
    forge: Forge,
) -> (IdVec<AuthorId, PersonId>, IdVec<PersonId, Person>) {
    let mut same = Same::new(authors.len());
    let mut first: FxHashMap<(Key, String), usize> = FxHashMap::default();
    let logins: Vec<Option<&str>> = (authors.iter())
        .map(|author| people::of_address(&author.address, forge))
        .collect();
    for (index, author) in authors.iter().enumerate() {
        let address = (Key::Address, author.address.to_lowercase());
        let login = logins[index].map(|login| (Key::Login, login.to_lowercase()));
        let keys = [Some(address), login].into_iter().flatten();
        for key in keys.filter(|(_, text)| !text.is_empty()) {
            same.join(*first.entry(key).or_insert(index), index);
        }
    }
    let without_names = same.clone().roots();
    join_names(authors, &logins, &mut same);
    let roots = same.roots();
    let mut people: IdVec<PersonId, Person> = IdVec::default();
    let mut person_of: FxHashMap<usize, PersonId> = FxHashMap::default();
    let mut persons: IdVec<AuthorId, PersonId> = IdVec::default();
    for (index, author) in authors.iter().enumerate() {
        let root = roots[index];
        let person = *person_of.entry(root).or_insert_with(|| {
            people.push(Person {
                login: None,
                is_joined_by_name: false,
                name: String::new(),
                addresses: Vec::new(),
            })
        });
        persons.push(person);
        let person = &mut people[person];
        person.is_joined_by_name |= without_names[index] != without_names[root];
        if person.name.is_empty() {
            person.name = author.name.to_string();
        }
        if person.login.is_none() {
            person.login = logins[index].map(str::to_string);
        }
        let is_known = |known: &String| known.eq_ignore_ascii_case(&author.address);
        if !author.address.is_empty() && !person.addresses.iter().any(is_known) {
            person.addresses.push(author.address.to_string());
        }
    }
    (persons, people)
}

/// Joins authors by the third rule.
fn join_names(authors: &IdVec<AuthorId, KnownAuthor>, logins: &[Option<&str>], same: &mut Same) {
    // For each name: an author with a login, and whether all logins with that name are the same.
    let mut of_name: FxHashMap<String, (usize, bool)> = FxHashMap::default();
    let names: Vec<String> = (authors.iter())
        .map(|author| author.name.trim().to_lowercase())
        .collect();
    for (index, name) in names.iter().enumerate() {
        let Some(login) = logins[index] else {
            continue;
        };
        let (known, is_one) = of_name.entry(name.clone()).or_insert((index, true));
        *is_one &= logins[*known].is_some_and(|other| other.eq_ignore_ascii_case(login));
    }
    for (index, name) in names.iter().enumerate() {
        let Some(&(known, true)) = of_name.get(name) else {
            continue;
        };
        let is_login = logins[known].is_some_and(|login| login.eq_ignore_ascii_case(name));
        // An author with a login of their own has the same one.
        if is_login || name.split_whitespace().count() > 1 {
            same.join(known, index);
        }
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Address,
    Login,
}

/// Disjoint sets of numbers. The smallest number stands for its set.
#[derive(Clone)]
struct Same(Vec<usize>);

impl Same {
    fn new(count: usize) -> Self {
        Same((0..count).collect())
    }

    fn root(&mut self, mut number: usize) -> usize {
        while self.0[number] != number {
            // Later walks from here are half as long.
            self.0[number] = self.0[self.0[number]];
            number = self.0[number];
        }
        number
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    /// The number that stands for the set of each number.
    fn roots(mut self) -> Vec<usize> {
        // What a number points to is smaller, so it points to its root already.
        for number in 0..self.0.len() {
            self.0[number] = self.0[self.0[number]];
        }
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The people, as `LOGIN NAME: ADDRESSES`, with `~` if joined by name.
    fn joined(authors: &[(&str, &str)]) -> Vec<String> {
        let authors = authors.iter().map(|(name, address)| KnownAuthor {
            name: (*name).into(),
            address: (*address).into(),
        });
        let (persons, people) = join(&authors.collect(), Forge::GITHUB);
        assert!(persons.iter().all(|&person| people.get(person).is_some()));
        let shown = |person: &Person| {
            let login = person.login.as_deref().unwrap_or("?");
            let tilde = if person.is_joined_by_name { "~" } else { "" };
            format!(
                "{login}{tilde} {}: {}",
                person.name,
                person.addresses.join(" ")
            )
        };
        people.iter().map(shown).collect()
    }

    #[test]
    fn who_is_the_same() {
        let noreply = "1+alice@users.noreply.github.com";
        assert_eq!(
            joined(&[
                ("Alice", "A@x.org"),
                ("Al", "a@X.org"),
                ("Alice", "b@x.org")
            ]),
            ["? Alice: A@x.org", "? Alice: b@x.org"]
        );
        assert_eq!(
            joined(&[("Al", "alice@users.noreply.github.com"), ("Alice", noreply)]),
            ["alice Al: alice@users.noreply.github.com 1+alice@users.noreply.github.com"]
        );
        // By name: two words, or the login itself.
        assert_eq!(
            joined(&[("Alice Smith", "a@x.org"), ("alice smith", noreply)]),
            ["alice~ Alice Smith: a@x.org 1+alice@users.noreply.github.com"]
        );
        assert_eq!(
            joined(&[("Alice", "a@x.org"), ("alice", noreply)]),
            ["alice~ Alice: a@x.org 1+alice@users.noreply.github.com"]
        );
        assert_eq!(joined(&[("Alex", "a@x.org"), ("Alex", noreply)]).len(), 2);
        // Two people with one name are not joined, and their third address belongs to neither.
        let other = "2+bob@users.noreply.github.com";
        let three = joined(&[("A B", "a@x.org"), ("A B", noreply), ("A B", other)]);
        assert_eq!(three.len(), 3);
        // Without a login, a name alone joins nobody.
        assert_eq!(joined(&[("A B", "a@x.org"), ("A B", "b@x.org")]).len(), 2);
        assert_eq!(joined(&[("", ""), ("", "")]).len(), 2);
    }
}
