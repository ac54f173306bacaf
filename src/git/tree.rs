//! Tree objects: the entries of one directory of a commit.
//!
//! Git writes the entries of a directory in order, each name once. But anybody can make an object
//! that does not keep to that, and push it. Programs that read it then disagree about what is in the
//! commit, so such a tree is an error here, with the entry that is wrong.

use std::fmt;

use bstr::ByteSlice;

use super::error::Error;
use super::objects::{ObjectKind, Objects};
use crate::paths::PathKind;
use crate::text::escaped;

/// The name of an object, in as many bytes as its hash has; the rest is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ObjectName {
    bytes: [u8; 32],
    length: u8,
}

impl ObjectName {
    fn new(hash: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes[..hash.len()].copy_from_slice(hash);
        ObjectName {
            bytes,
            length: hash.len() as u8,
        }
    }

    /// As git takes it and shows it.
    pub(super) fn hex(&self) -> Vec<u8> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let bytes = self.bytes[..usize::from(self.length)].iter();
        let digits = bytes.flat_map(|byte| [byte >> 4, byte & 15]);
        digits.map(|digit| DIGITS[usize::from(digit)]).collect()
    }
}

/// One name in a directory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'t> {
    pub(super) name: &'t [u8],
    /// What it is; none for a directory.
    pub(super) kind: Option<PathKind>,
    pub(super) object: ObjectName,
}

impl Entry<'_> {
    /// The order of a tree is that of the paths below it: the name of a directory counts with its
    /// slash.
    fn byte(&self, at: usize) -> u8 {
        let end = if self.kind.is_none() { b'/' } else { 0 };
        self.name.get(at).copied().unwrap_or(end)
    }

    fn sorts_before(&self, other: &Entry<'_>) -> bool {
        let common = self.name.len().min(other.name.len());
        let (this, that) = (&self.name[..common], &other.name[..common]);
        this < that || this == that && self.byte(common) < other.byte(common)
    }
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The object ends inside of an entry, or has something else where an entry should be.
    NoEntry,
    /// The name is empty.
    NoName,
    /// The name is one that no file can have.
    BadName(Vec<u8>),
    Twice(Vec<u8>),
    /// The name, and the one before, which sorts after it.
    Unsorted(Vec<u8>, Vec<u8>),
}

impl Fault {
    /// Says what is wrong with the entry of the directory `above`, which is empty or ends in a slash.
    pub(super) fn describe(&self, above: &[u8]) -> String {
        let path = |name: &[u8]| escaped(&[above, name].concat());
        let directory = if above.is_empty() {
            "the root directory".to_string()
        } else {
            format!("`{}`", escaped(above))
        };
        match self {
            Fault::NoEntry => format!("{directory} has bytes that are not an entry"),
            Fault::NoName => format!("{directory} has an entry without a name"),
            Fault::BadName(name) if name.contains(&b'/') => format!(
                "{directory} has an entry called `{}`, with a slash in its name",
                escaped(name)
            ),
            Fault::BadName(name) => {
                format!("{directory} has an entry called `{}`", escaped(name))
            }
            Fault::Twice(name) => format!("`{}` is in it twice", path(name)),
            Fault::Unsorted(name, before) => format!(
                "`{}` comes after `{}`, out of order",
                path(name),
                path(before)
            ),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(b""))
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::Refused(fault.to_string())
    }
}

/// The entry that starts at `place` of a tree, and where it ends.
pub(super) fn entry_at(
    tree: &[u8],
    place: usize,
    hash: usize,
) -> Result<(Entry<'_>, usize), Fault> {
    // `MODE NAME<nul>HASH`, with the mode in octal digits.
    let rest = tree.get(place..).unwrap_or_default();
    let end = rest.find_byte(0).ok_or(Fault::NoEntry)?;
    let (mode, name) = rest[..end].split_once_str(b" ").ok_or(Fault::NoEntry)?;
    let object = rest.get(end + 1..end + 1 + hash).ok_or(Fault::NoEntry)?;
    let is_octal = !mode.is_empty() && mode.iter().all(|digit| matches!(digit, b'0'..=b'7'));
    if !is_octal {
        return Err(Fault::NoEntry);
    }
    let mode = mode
        .iter()
        .fold(0_u32, |mode, digit| (mode << 3) | u32::from(digit - b'0'));
    let kind = match mode >> 12 & 0o17 {
        0o04 => None,
        0o10 => Some(PathKind::File),
        0o12 => Some(PathKind::Symlink),
        // Git takes every other mode for a submodule's.
        _ => Some(PathKind::Submodule),
    };
    let entry = Entry {
        name,
        kind,
        object: ObjectName::new(object),
    };
    Ok((entry, place + end + 1 + hash))
}

/// Checks a whole tree, and gives the directories in it to `directory`.
pub(super) fn check(
    tree: &[u8],
    hash: usize,
    mut directory: impl FnMut(ObjectName),
) -> Result<(), Fault> {
    let mut before: Option<Entry<'_>> = None;
    // Between a file and a directory of one name, other names may stand, which begin with it.
    let mut files: Vec<&[u8]> = Vec::new();
    let mut place = 0;
    while place < tree.len() {
        let (entry, end) = entry_at(tree, place, hash)?;
        place = end;
        let name = entry.name;
        if name.is_empty() {
            return Err(Fault::NoName);
        }
        if name == b"." || name == b".." || name.contains(&b'/') {
            return Err(Fault::BadName(name.to_vec()));
        }
        while files.last().is_some_and(|file| !name.starts_with(file)) {
            files.pop();
        }
        if files.last() == Some(&name) || before.is_some_and(|before| before.name == name) {
            return Err(Fault::Twice(name.to_vec()));
        }
        if let Some(before) = before.filter(|before| !before.sorts_before(&entry)) {
            return Err(Fault::Unsorted(name.to_vec(), before.name.to_vec()));
        }
        match entry.kind {
            Some(_) => files.push(name),
            None => directory(entry.object),
        }
        before = Some(entry);
    }
    Ok(())
}

/// Finds files of a commit, directory by directory.
///
/// The directories above the last file stay open, each at the entry that was found. Files in the
/// order of their paths therefore cost one pass over each directory; git reads all directories above
/// a file again for each file that it is asked for by path.
pub(super) struct Finder<'o> {
    objects: &'o mut Objects,
    hash: usize,
    root: String,
    open: Vec<Directory>,
}

/// A directory that a [`Finder`] has open.
struct Directory {
    /// Its name in the directory above; empty for the root.
    name: Vec<u8>,
    tree: Vec<u8>,
    /// Where the entry that was found last starts.
    place: usize,
}

impl<'o> Finder<'o> {
    /// `hash` is the length of the names of objects.
    pub(super) fn new(objects: &'o mut Objects, commit: &str, hash: usize) -> Self {
        Finder {
            objects,
            hash,
            root: format!("{commit}^{{tree}}"),
            open: Vec::new(),
        }
    }

    /// The name of the file at `path`; none if there is no such file.
    pub(super) fn find(&mut self, path: &[u8]) -> Result<Option<ObjectName>, Error> {
        let names: Vec<&[u8]> = path.split_str(b"/").collect();
        let Some((file, directories)) = names.split_last() else {
            return Ok(None);
        };
        let above = self.open.iter().skip(1).zip(directories);
        let common = above.take_while(|(open, name)| open.name == **name).count();
        self.open.truncate(common + 1);
        if self.open.is_empty() && !self.enter(b"", self.root.clone().as_bytes())? {
            return Ok(None);
        }
        for name in &directories[common..] {
            let Some((None, object)) = self.look_up(name) else {
                return Ok(None);
            };
            if !self.enter(name, &object.hex())? {
                return Ok(None);
            }
        }
        Ok(match self.look_up(file) {
            Some((Some(PathKind::File), object)) => Some(object),
            _ => None,
        })
    }

    /// Opens a directory; false if the object is none.
    fn enter(&mut self, name: &[u8], object: &[u8]) -> Result<bool, Error> {
        let object = self.objects.get(object)?;
        let Some(tree) = object.filter(|object| object.kind == ObjectKind::Tree) else {
            return Ok(false);
        };
        self.open.push(Directory {
            name: name.to_vec(),
            tree: tree.contents,
            place: 0,
        });
        Ok(true)
    }

    /// The entry of a name in the innermost open directory. It is looked for from the last one on,
    /// then from the start.
    fn look_up(&mut self, name: &[u8]) -> Option<(Option<PathKind>, ObjectName)> {
        let directory = self.open.last_mut()?;
        for start in [directory.place, 0] {
            let mut place = start;
            while let Ok((entry, end)) = entry_at(&directory.tree, place, self.hash) {
                if entry.name == name {
                    directory.place = place;
                    return Some((entry.kind, entry.object));
                }
                place = end;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(entries: &[(&str, &str)]) -> Vec<u8> {
        let entry = |(mode, name): &(&str, &str)| {
            [mode.as_bytes(), b" ", name.as_bytes(), b"\0", &[7; 20]].concat()
        };
        entries.iter().flat_map(entry).collect()
    }

    fn checked(entries: &[(&str, &str)]) -> Result<(), Fault> {
        check(&tree(entries), 20, |_| {})
    }

    const FILE: &str = "100644";
    const TREE: &str = "40000";

    #[test]
    fn the_order_of_git() {
        let sound: &[&[(&str, &str)]] = &[
            &[],
            &[(FILE, "a"), (FILE, "b")],
            &[(FILE, "a.b"), (TREE, "a"), (FILE, "a0")],
            &[(FILE, "a"), (FILE, "a."), (FILE, "a0"), (FILE, "b")],
            &[
                (TREE, "a"),
                ("160000", "b"),
                ("120000", "c"),
                ("100755", "d"),
            ],
            // Modes that git does not write today.
            &[("040000", "a"), ("100664", "b"), ("0", "c")],
        ];
        for entries in sound {
            assert_eq!(checked(entries), Ok(()), "{entries:?}");
        }
    }

    #[test]
    fn what_git_does_not_write() {
        let unsorted = |name: &str, before: &str| Fault::Unsorted(name.into(), before.into());
        let rows: &[(&[(&str, &str)], Fault)] = &[
            (&[(FILE, "b"), (FILE, "a")], unsorted("a", "b")),
            (&[(TREE, "a"), (FILE, "a.b")], unsorted("a.b", "a")),
            (&[(FILE, "a"), (FILE, "a")], Fault::Twice("a".into())),
            (&[(FILE, "a"), (TREE, "a")], Fault::Twice("a".into())),
            (&[(TREE, "a"), (FILE, "a")], Fault::Twice("a".into())),
            (
                &[(FILE, "a"), (FILE, "a.b"), (TREE, "a")],
                Fault::Twice("a".into()),
            ),
            (
                &[(FILE, "a"), (FILE, "a.b"), (FILE, "a.b.c"), (TREE, "a")],
                Fault::Twice("a".into()),
            ),
            (&[(FILE, "")], Fault::NoName),
            (&[(FILE, ".")], Fault::BadName(".".into())),
            (&[(TREE, "..")], Fault::BadName("..".into())),
            (&[(FILE, "a/b")], Fault::BadName("a/b".into())),
            (&[(FILE, "/")], Fault::BadName("/".into())),
            (&[("", "a")], Fault::NoEntry),
            (&[("10x", "a")], Fault::NoEntry),
        ];
        for (entries, fault) in rows {
            assert_eq!(checked(entries).as_ref(), Err(fault), "{entries:?}");
        }
        let sound = tree(&[(FILE, "a")]);
        for length in 1..sound.len() {
            let cut = check(&sound[..length], 20, |_| {});
            assert_eq!(cut, Err(Fault::NoEntry), "{length}");
        }
    }
}
