//! Tree objects. Each lists the entries of one directory.
//!
//! Git writes the entries of a directory in order, and each name once. But anybody can create and
//! push a tree object that breaks this rule. Programs then disagree about the contents of the
//! commit. So such a tree is an error here, and the error names the entry.

use std::fmt;

use bstr::ByteSlice;

use super::error::Error;
use super::objects::{ObjectKind, Objects};
use crate::paths::PathKind;
use crate::text::escaped;

/// The name of an object: as many bytes as its hash has, then zeros.
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

    /// The name as hexadecimal digits, as git reads and prints it.
    pub(super) fn hex(&self) -> Vec<u8> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let bytes = self.bytes[..usize::from(self.length)].iter();
        let digits = bytes.flat_map(|byte| [byte >> 4, byte & 15]);
        digits.map(|digit| DIGITS[usize::from(digit)]).collect()
    }
}

/// An entry of a tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct TreeEntry<'t> {
    pub(super) name: &'t [u8],
    /// What it is. `None` for a directory.
    pub(super) kind: Option<PathKind>,
    pub(super) object: ObjectName,
}

impl TreeEntry<'_> {
    /// A byte of the name for sorting. Entries sort like the paths below them, so the name of a
    /// directory ends in a slash.
    fn byte(&self, at: usize) -> u8 {
        let end = if self.kind.is_none() { b'/' } else { 0 };
        self.name.get(at).copied().unwrap_or(end)
    }

    fn sorts_before(&self, other: &TreeEntry<'_>) -> bool {
        let common = self.name.len().min(other.name.len());
        let (this, that) = (&self.name[..common], &other.name[..common]);
        this < that || this == that && self.byte(common) < other.byte(common)
    }
}

/// What is wrong with a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TreeFault {
    /// The object ends inside an entry, or its bytes are not an entry.
    NoEntry,
    /// The name is empty.
    NoName,
    /// No file can have this name.
    BadName(Vec<u8>),
    Twice(Vec<u8>),
    /// A name, and the name before it, which should come after it.
    Unsorted(Vec<u8>, Vec<u8>),
}

impl TreeFault {
    /// Describes the fault. `above` is the path of the directory, which is empty or ends in a
    /// slash.
    pub(super) fn describe(&self, above: &[u8]) -> String {
        let path = |name: &[u8]| escaped(&[above, name].concat());
        let directory = if above.is_empty() {
            "the root directory".to_string()
        } else {
            format!("`{}`", escaped(above))
        };
        match self {
            TreeFault::NoEntry => format!("{directory} has bytes that are not an entry"),
            TreeFault::NoName => format!("{directory} has an entry without a name"),
            TreeFault::BadName(name) if name.contains(&b'/') => format!(
                "{directory} has an entry called `{}`, with a slash in its name",
                escaped(name)
            ),
            TreeFault::BadName(name) => {
                format!("{directory} has an entry called `{}`", escaped(name))
            }
            TreeFault::Twice(name) => format!("`{}` is in it twice", path(name)),
            TreeFault::Unsorted(name, before) => format!(
                "`{}` comes after `{}`, out of order",
                path(name),
                path(before)
            ),
        }
    }
}

impl fmt::Display for TreeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe(b""))
    }
}

impl std::error::Error for TreeFault {}

impl From<TreeFault> for Error {
    fn from(fault: TreeFault) -> Self {
        Error::Refused(fault.to_string())
    }
}

/// The entry at `offset` of a tree, and the offset of its end.
pub(super) fn entry_at(
    tree: &[u8],
    offset: usize,
    hash: usize,
) -> Result<(TreeEntry<'_>, usize), TreeFault> {
    // `MODE NAME<nul>HASH`, with the mode in octal digits.
    let rest = tree.get(offset..).unwrap_or_default();
    let end = rest.find_byte(0).ok_or(TreeFault::NoEntry)?;
    let (mode, name) = rest[..end].split_once_str(b" ").ok_or(TreeFault::NoEntry)?;
    let object = rest
        .get(end + 1..end + 1 + hash)
        .ok_or(TreeFault::NoEntry)?;
    let is_octal = !mode.is_empty() && mode.iter().all(|digit| matches!(digit, b'0'..=b'7'));
    if !is_octal {
        return Err(TreeFault::NoEntry);
    }
    let mode = mode
        .iter()
        .fold(0_u32, |mode, digit| (mode << 3) | u32::from(digit - b'0'));
    let kind = match mode >> 12 & 0o17 {
        0o04 => None,
        0o10 => Some(PathKind::File),
        0o12 => Some(PathKind::Symlink),
        // Git reads every other mode as a submodule.
        _ => Some(PathKind::Submodule),
    };
    let entry = TreeEntry {
        name,
        kind,
        object: ObjectName::new(object),
    };
    Ok((entry, offset + end + 1 + hash))
}

/// Checks a whole tree, and passes its directories to `directory`.
pub(super) fn check(
    tree: &[u8],
    hash: usize,
    mut directory: impl FnMut(ObjectName),
) -> Result<(), TreeFault> {
    let mut before: Option<TreeEntry<'_>> = None;
    // The earlier files whose name is a prefix of the current one. A directory may repeat the name
    // of a file with such names in between: `a`, `a-b`, `a/`.
    let mut files: Vec<&[u8]> = Vec::new();
    let mut offset = 0;
    while offset < tree.len() {
        let (entry, end) = entry_at(tree, offset, hash)?;
        offset = end;
        let name = entry.name;
        if name.is_empty() {
            return Err(TreeFault::NoName);
        }
        if name == b"." || name == b".." || name.contains(&b'/') {
            return Err(TreeFault::BadName(name.to_vec()));
        }
        while files.last().is_some_and(|file| !name.starts_with(file)) {
            files.pop();
        }
        if files.last() == Some(&name) || before.is_some_and(|before| before.name == name) {
            return Err(TreeFault::Twice(name.to_vec()));
        }
        if let Some(before) = before.filter(|before| !before.sorts_before(&entry)) {
            return Err(TreeFault::Unsorted(name.to_vec(), before.name.to_vec()));
        }
        match entry.kind {
            Some(_) => files.push(name),
            None => directory(entry.object),
        }
        before = Some(entry);
    }
    Ok(())
}

/// Finds the objects of files of a commit, directory by directory.
///
/// The directories above the last file stay open, each with the offset of its last entry. So
/// looking up files in path order takes one pass over each directory. Git, asked for each file by
/// path, would read all directories above it every time.
pub(super) struct Finder<'o> {
    objects: &'o mut Objects,
    hash: usize,
    root: String,
    open: Vec<OpenTree>,
}

/// A directory that is open in a [`Finder`].
struct OpenTree {
    /// Its name in its parent. Empty for the root.
    name: Vec<u8>,
    tree: Vec<u8>,
    /// The offset of the entry found last.
    offset: usize,
}

impl<'o> Finder<'o> {
    /// `hash` is the length of object names.
    pub(super) fn new(objects: &'o mut Objects, commit: &str, hash: usize) -> Self {
        Finder {
            objects,
            hash,
            root: format!("{commit}^{{tree}}"),
            open: Vec::new(),
        }
    }

    /// The object name of the file at `path`. `None` if there is no such file.
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

    /// Opens a directory. False if the object is not a tree.
    fn enter(&mut self, name: &[u8], object: &[u8]) -> Result<bool, Error> {
        let object = self.objects.get(object)?;
        let Some(tree) = object.filter(|object| object.kind == ObjectKind::Tree) else {
            return Ok(false);
        };
        self.open.push(OpenTree {
            name: name.to_vec(),
            tree: tree.contents,
            offset: 0,
        });
        Ok(true)
    }

    /// The entry with this name in the innermost open directory. The search starts at the last
    /// entry found, then from the start.
    fn look_up(&mut self, name: &[u8]) -> Option<(Option<PathKind>, ObjectName)> {
        let directory = self.open.last_mut()?;
        for start in [directory.offset, 0] {
            let mut offset = start;
            while let Ok((entry, end)) = entry_at(&directory.tree, offset, self.hash) {
                if entry.name == name {
                    directory.offset = offset;
                    return Some((entry.kind, entry.object));
                }
                offset = end;
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

    fn checked(entries: &[(&str, &str)]) -> Result<(), TreeFault> {
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
            // Modes that git no longer writes.
            &[("040000", "a"), ("100664", "b"), ("0", "c")],
        ];
        for entries in sound {
            assert_eq!(checked(entries), Ok(()), "{entries:?}");
        }
    }

    #[test]
    fn what_git_does_not_write() {
        let unsorted = |name: &str, before: &str| TreeFault::Unsorted(name.into(), before.into());
        let rows: &[(&[(&str, &str)], TreeFault)] = &[
            (&[(FILE, "b"), (FILE, "a")], unsorted("a", "b")),
            (&[(TREE, "a"), (FILE, "a.b")], unsorted("a.b", "a")),
            (&[(FILE, "a"), (FILE, "a")], TreeFault::Twice("a".into())),
            (&[(FILE, "a"), (TREE, "a")], TreeFault::Twice("a".into())),
            (&[(TREE, "a"), (FILE, "a")], TreeFault::Twice("a".into())),
            (
                &[(FILE, "a"), (FILE, "a.b"), (TREE, "a")],
                TreeFault::Twice("a".into()),
            ),
            (
                &[(FILE, "a"), (FILE, "a.b"), (FILE, "a.b.c"), (TREE, "a")],
                TreeFault::Twice("a".into()),
            ),
            (&[(FILE, "")], TreeFault::NoName),
            (&[(FILE, ".")], TreeFault::BadName(".".into())),
            (&[(TREE, "..")], TreeFault::BadName("..".into())),
            (&[(FILE, "a/b")], TreeFault::BadName("a/b".into())),
            (&[(FILE, "/")], TreeFault::BadName("/".into())),
            (&[("", "a")], TreeFault::NoEntry),
            (&[("10x", "a")], TreeFault::NoEntry),
        ];
        for (entries, fault) in rows {
            assert_eq!(checked(entries).as_ref(), Err(fault), "{entries:?}");
        }
        let sound = tree(&[(FILE, "a")]);
        for length in 1..sound.len() {
            let cut = check(&sound[..length], 20, |_| {});
            assert_eq!(cut, Err(TreeFault::NoEntry), "{length}");
        }
    }
}
