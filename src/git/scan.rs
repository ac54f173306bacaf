//! Reads only the paths from an index file.
//!
//! From each entry (`gitformat-index(5)`), a path set needs the mode and the name, less than half
//! of its bytes. A general decoder also keeps the rest: times, object names, flags. This scanner
//! reads the file through a small buffer, which stays in the processor's cache, and copies only the
//! names. That takes a third of a decoder's time, and less memory than half the file.
//!
//! Two threads scan a large index. The second thread starts at an offset in the middle where the
//! bytes look like entries in order. This guess need not be right. The first thread reads from the
//! first entry on. If it arrives exactly at that offset, and the second thread has found exactly
//! the missing number of entries, then both together have read what one thread would have read.
//! Otherwise the first thread continues alone. (Git can record where blocks of entries begin, but
//! does not by default.)
//!
//! Anything unusual is an error, and another reader is used: entries out of order, modes that files
//! do not have, a sparse or split index, a later version, a required extension, a byte too many.

use std::fs::File;
use std::io;
use std::path::Path;

use super::error::{Error, ErrorContext, Result, bail, ensure};
use super::window::Window;
use crate::parallel;
use crate::paths::{PathKind, PathSet};

/// The number of bytes read at once.
const CHUNK_BYTES: usize = 1 << 18;
/// The size of an entry's fields before its object name.
const STAT_BYTES: usize = 40;
/// The offset of the mode in these fields.
const MODE_OFFSET: usize = 24;
const DUPLICATE: &str = "a path is listed twice";
/// From this number of entries on, a second thread is worth its start.
const PARALLEL_ENTRIES: usize = 50_000;
/// This many entries in order are not found by chance.
const PROBE_ENTRIES: usize = 16;
/// The number of bytes read at once when looking for them.
const PROBE_CHUNK_BYTES: usize = 1 << 12;
/// The number of offsets tried. They cover the length of a long path.
const MAX_PROBES: u64 = 512;

/// Reads the paths of the index at `path`. `hash` is the length of its object names. A missing file
/// is an empty index.
pub(super) fn paths(path: &Path, hash: usize) -> Result<PathSet> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(PathSet::default()),
        Err(error) => return Err(error.into()),
    };
    let size = file.metadata()?.len();
    let end = size
        .checked_sub(hash as u64)
        .context("it is too short for a checksum")?;
    let scanner = Scanner {
        file: &file,
        end,
        hash,
    };
    scanner.scan()
}

struct Scanner<'f> {
    file: &'f File,
    /// The offset of the checksum.
    end: u64,
    hash: usize,
}

/// Reads entries one after the other.
struct EntryReader<'f> {
    version: u32,
    hash: usize,
    window: Window<'f>,
    entries: usize,
    found: ScannedPaths,
    /// A buffer for a name.
    name: Vec<u8>,
}

/// The paths read so far.
#[derive(Default)]
struct ScannedPaths {
    paths: PathSet,
    /// Whether the last entry is not in conflict, so that its path does not follow again in another
    /// stage.
    is_merged: bool,
}

impl ScannedPaths {
    #[inline]
    fn push(&mut self, name: &[u8], kind: PathKind, flags: u16) -> Result<()> {
        let before = self.paths.len();
        self.paths.try_push(name, kind)?;
        ensure!(!self.is_merged || self.paths.len() > before, "{DUPLICATE}");
        self.is_merged = flags & 0x3000 == 0;
        Ok(())
    }

    /// Appends the paths of the entries that follow.
    fn append(&mut self, other: ScannedPaths) -> Result<()> {
        let all = self.paths.len() + other.paths.len();
        self.paths.append(other.paths)?;
        ensure!(!self.is_merged || self.paths.len() == all, "{DUPLICATE}");
        Ok(())
    }
}

impl<'f> Scanner<'f> {
    fn scan(&self) -> Result<PathSet> {
        let mut header = Window::new(self.file, 0, self.end, 12);
        let header = header.need(12)?;
        ensure!(header.starts_with(b"DIRC"), "it is not an index");
        let version = be32(header, 4);
        ensure!((2..=4).contains(&version), "its version is {version}");
        let count = be32(header, 8) as usize;
        // Check this before memory is allocated for them.
        let least = if version == 4 { 2 } else { 1 } + STAT_BYTES + 2 + self.hash;
        let room = (self.end - 12).checked_sub(count as u64 * least as u64);
        let room = room.context("it is too short for its entries")? as usize;

        let mut reader = self.reader(12, version, CHUNK_BYTES);
        // In version 4, a name lacks the prefix that it shares with the name before. So a second
        // thread cannot start in the middle.
        if version < 4
            && count >= PARALLEL_ENTRIES
            && let Some(offset) = self.middle(version)
        {
            reader.found.paths = PathSet::with_capacity(count / 2, room / 2);
            let front = || {
                while reader.offset() < offset && reader.entries < count {
                    reader.read_entry()?;
                }
                Ok::<_, Error>(reader)
            };
            let back = || {
                let mut rest = self.reader(offset, version, CHUNK_BYTES);
                rest.found.paths = PathSet::with_capacity(count / 2, room / 2);
                // Ignore errors. The first thread reports them when it gets there.
                while rest.entries < count && rest.read_entry().is_ok() {}
                rest
            };
            let (front, rest) = parallel::both(front, back);
            reader = front?;
            if reader.offset() == offset && reader.entries + rest.entries == count {
                self.check_extensions(rest.offset())?;
                reader.found.append(rest.found)?;
                return Ok(reader.found.paths);
            }
        } else {
            reader.found.paths = PathSet::with_capacity(count, room);
        }
        while reader.entries < count {
            reader.read_entry()?;
        }
        self.check_extensions(reader.offset())?;
        Ok(reader.found.paths)
    }

    /// A reader of the entries from `start` on.
    fn reader(&self, start: u64, version: u32, chunk: usize) -> EntryReader<'f> {
        EntryReader {
            version,
            hash: self.hash,
            window: Window::new(self.file, start, self.end, chunk),
            entries: 0,
            found: ScannedPaths::default(),
            name: Vec::new(),
        }
    }

    /// An offset near the middle where an entry seems to start. Entry sizes are multiples of eight
    /// bytes.
    fn middle(&self, version: u32) -> Option<u64> {
        let middle = 12 + ((self.end - 12) / 2).next_multiple_of(8);
        let mut offsets = (0..MAX_PROBES).map(|step| middle + 8 * step);
        offsets.find(|&offset| {
            let mut reader = self.reader(offset, version, PROBE_CHUNK_BYTES);
            (0..PROBE_ENTRIES).all(|_| reader.read_entry().is_ok())
        })
    }

    /// Checks that only optional extensions follow the entries, up to the checksum.
    fn check_extensions(&self, start: u64) -> Result<()> {
        let mut offset = start;
        while offset < self.end {
            let (name, size) = self.extension(offset)?;
            ensure!(
                name[0].is_ascii_uppercase(),
                "it has the extension `{}`",
                name.escape_ascii()
            );
            offset += 8 + u64::from(size);
        }
        ensure!(
            offset == self.end,
            "it does not end where its last part does"
        );
        Ok(())
    }

    fn extension(&self, offset: u64) -> Result<([u8; 4], u32)> {
        let mut window = Window::new(self.file, offset, self.end, 8);
        let bytes = window.need(8)?;
        Ok(([bytes[0], bytes[1], bytes[2], bytes[3]], be32(bytes, 4)))
    }
}

impl EntryReader<'_> {
    /// The offset of the next entry in the file.
    fn offset(&self) -> u64 {
        self.window.offset()
    }

    /// Reads one entry. If that fails, the entry is not counted.
    #[inline]
    fn read_entry(&mut self) -> Result<()> {
        let head = STAT_BYTES + self.hash + 2;
        // For most entries this one peek is enough: the header, a short name and its padding.
        let bytes = self.window.peek(head + 2 + 256)?;
        ensure!(bytes.len() > head, "an entry is cut off");
        let kind = match be32(bytes, MODE_OFFSET) >> 12 {
            0o10 => PathKind::File,
            0o12 => PathKind::Symlink,
            0o16 => PathKind::Submodule,
            other => bail!("an entry has the type {other:o}"),
        };
        let flags = u16::from_be_bytes([bytes[head - 2], bytes[head - 1]]);
        let is_extended = flags & 0x4000 != 0;
        ensure!(
            !is_extended || self.version >= 3,
            "an entry has flags of a later version"
        );
        let head = head + if is_extended { 2 } else { 0 };
        let length = usize::from(flags & 0xfff);
        if self.version == 4 {
            let length = (length < 0xfff).then_some(length);
            let before = self.found.paths.last().unwrap_or_default();
            read_suffix(&mut self.window, head, length, before, &mut self.name)?;
            self.found.push(&self.name, kind, flags)?;
            self.entries += 1;
            return Ok(());
        }
        let length = if length < 0xfff {
            length
        } else {
            // The length does not fit into the field. The name ends where the padding begins.
            self.window.find_nul(head)?
        };
        // The entry is padded with one to eight zeros.
        let total = (head + length + 8) & !7;
        let bytes = self.window.need(total)?;
        let name = &bytes[head..head + length];
        ensure!(
            length > 0 && bytes[head + length] == 0 && memchr::memchr(0, name).is_none(),
            "an entry's name is damaged"
        );
        self.found.push(name, kind, flags)?;
        self.window.skip(total);
        self.entries += 1;
        Ok(())
    }
}

/// Reads a name of version 4 into `name`: the number of bytes to cut off the previous name, then
/// the new suffix, up to a zero.
fn read_suffix(
    window: &mut Window<'_>,
    head: usize,
    length: Option<usize>,
    previous: &[u8],
    name: &mut Vec<u8>,
) -> Result<()> {
    let bytes = window.peek(head + 8)?;
    let mut at = head;
    let mut cut = 0_usize;
    loop {
        let byte = *bytes.get(at).context("a name is cut off")?;
        at += 1;
        cut += usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            break;
        }
        ensure!(at < head + 5, "a name shares too much");
        // Git's variable-length numbers have only one form each.
        cut = (cut + 1) << 7;
    }
    let kept = previous.len().checked_sub(cut);
    let kept = kept.context("a name shares more than there is")?;
    let suffix = window.find_nul(at)?;
    let bytes = window.need(at + suffix + 1)?;
    name.clear();
    name.extend_from_slice(&previous[..kept]);
    name.extend_from_slice(&bytes[at..at + suffix]);
    let is_right = match length {
        Some(length) => name.len() == length,
        None => name.len() >= 0xfff,
    };
    ensure!(is_right && !name.is_empty(), "an entry's name is damaged");
    window.skip(at + suffix + 1);
    Ok(())
}

fn be32(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use super::*;

    /// Creates a repository with an index of these `update-index --index-info` records.
    fn index(config: &[(&str, &str)], hash: usize, records: &str) -> tempfile::TempDir {
        let directory = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.arg("-C").arg(directory.path()).args(arguments);
            for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
                command.env_remove(name);
            }
            command
        };
        let format = if hash == 20 { "sha1" } else { "sha256" };
        let init = ["init", "-q", "--object-format", format];
        assert!(git(&init).status().unwrap().success());
        for (key, value) in config {
            assert!(git(&["config", key, value]).status().unwrap().success());
        }
        let mut update = git(&["update-index", "--index-info"]);
        let mut update = update.stdin(Stdio::piped()).spawn().unwrap();
        let mut input = update.stdin.take().unwrap();
        input.write_all(records.as_bytes()).unwrap();
        drop(input);
        assert!(update.wait().unwrap().success());
        directory
    }

    fn record(mode: &str, hash: usize, stage: u8, path: &str) -> String {
        format!("{mode} {} {stage}\t{path}\n", "12".repeat(hash))
    }

    /// The paths that git reads from the index of a repository. `None` if git fails.
    fn by_git(directory: &Path) -> Option<Vec<(Vec<u8>, PathKind)>> {
        let mut command = Command::new("git");
        command.arg("-C").arg(directory);
        command.args(["ls-files", "--stage", "-z"]);
        for name in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
            command.env_remove(name);
        }
        let output = command.output().unwrap();
        let records = output.stdout.split(|&byte| byte == 0);
        let mut paths: Vec<(Vec<u8>, PathKind)> = records
            .filter(|record| !record.is_empty())
            .map(|record| {
                let tab = memchr::memchr(b'\t', record).unwrap();
                let kind = match &record[..2] {
                    b"12" => PathKind::Symlink,
                    b"16" => PathKind::Submodule,
                    _ => PathKind::File,
                };
                (record[tab + 1..].to_vec(), kind)
            })
            .collect();
        paths.dedup_by(|a, b| a.0 == b.0);
        output.status.success().then_some(paths)
    }

    fn all(paths: &PathSet) -> Vec<(Vec<u8>, PathKind)> {
        paths
            .tracked()
            .map(|path| (path.bytes.to_vec(), path.kind))
            .collect()
    }

    /// Paths of every kind and of lengths around every edge of the format.
    fn records(hash: usize) -> String {
        let mut records = String::new();
        for length in (1..40).chain([255, 256, 257]) {
            records += &record("100644", hash, 0, &name_of(length));
        }
        records += &record("120000", hash, 0, "link");
        records += &record("160000", hash, 0, "module");
        records += &record("100755", hash, 0, "tool");
        for stage in 1..4 {
            records += &record("100644", hash, stage, "torn");
        }
        records
    }

    #[test]
    fn agrees_with_git_in_every_version() {
        for hash in [20, 32] {
            for version in ["2", "4"] {
                let config = [("index.version", version)];
                let directory = index(&config, hash, &records(hash));
                let file = directory.path().join(".git/index");
                let found = paths(&file, hash).unwrap();
                assert_eq!(all(&found), by_git(directory.path()).unwrap());
                assert_eq!(found.special().count(), 2);
            }
        }
    }

    /// A path of `length` bytes.
    fn name_of(length: usize) -> String {
        let end = "x".repeat(length % 5 + 5);
        "long/"
            .repeat((length - 1) / 5)
            .chars()
            .chain(end.chars())
            .take(length)
            .collect()
    }

    /// Names whose length does not fit into the entry.
    #[test]
    fn long_names() {
        let lengths = [4093, 4094, 4095, 4096, 4097, 9000];
        let names = lengths.map(name_of);
        for version in ["2", "4"] {
            let records = names.iter().map(|name| record("100644", 20, 0, name));
            let directory = index(
                &[("index.version", version)],
                20,
                &records.collect::<String>(),
            );
            let found = paths(&directory.path().join(".git/index"), 20).unwrap();
            let mut expected: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
            expected.sort_unstable();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn two_halves_are_one_whole() {
        let names = (0..PARALLEL_ENTRIES + 20_000)
            .map(|n| record("100644", 20, 0, &format!("d{}/{n}", n / 7)));
        let records: String = names.chain([record("120000", 20, 0, "z")]).collect();
        let directory = index(&[], 20, &records);
        let file = directory.path().join(".git/index");
        let opened = File::open(&file).unwrap();
        let end = opened.metadata().unwrap().len() - 20;
        let scanner = Scanner {
            file: &opened,
            end,
            hash: 20,
        };
        let middle = scanner.middle(2).unwrap();
        let expected = by_git(directory.path()).unwrap();
        assert_eq!(all(&paths(&file, 20).unwrap()), expected);

        // Git replaces an index by a rename, so both halves come from the index that was opened.
        let sound = std::fs::read(&file).unwrap();
        std::fs::write(file.with_extension("new"), "DIRC").unwrap();
        std::fs::rename(file.with_extension("new"), &file).unwrap();
        assert_eq!(all(&scanner.scan().unwrap()), expected);

        // Damages entries where the first thread reads, where the second starts, and where it ends:
        // the mode, the length of the name, and the name.
        let middle = usize::try_from(middle).unwrap();
        for entry in [12, middle, sound.len() - 20 - 64] {
            for at in [entry + 26, entry + 61, entry + 62] {
                let mut damaged = sound.clone();
                damaged[at] ^= 0x90;
                std::fs::write(&file, &damaged).unwrap();
                if let Ok(found) = paths(&file, 20) {
                    assert_eq!(Some(all(&found)), by_git(directory.path()), "byte {at}");
                }
            }
        }
    }

    /// The rest of a damaged entry may look like an extension, which would be skipped.
    #[test]
    fn a_last_entry_that_looks_like_an_extension() {
        let names =
            (0..PARALLEL_ENTRIES + 100).map(|n| record("100644", 20, 0, &format!("d/{n:06}")));
        let directory = index(&[], 20, &names.collect::<String>());
        let file = directory.path().join(".git/index");
        let mut bytes = std::fs::read(&file).unwrap();
        // The file may have an extension already.
        let last = memchr::memmem::rfind(&bytes, b"d/050099").unwrap() - 62;
        let rest = (bytes.len() - 20 - last - 8) as u32;
        bytes[last..last + 4].copy_from_slice(b"ZZZZ");
        bytes[last + 4..last + 8].copy_from_slice(&rest.to_be_bytes());
        // It is still counted as an entry.
        std::fs::write(&file, &bytes).unwrap();
        assert_eq!(paths(&file, 20).unwrap().len(), PARALLEL_ENTRIES + 100);
        for (at, byte) in [
            (MODE_OFFSET, 0xff),
            (MODE_OFFSET + 2, 0),
            (60, 0x40),
            (62, b'a'),
        ] {
            let mut crafted = bytes.clone();
            crafted[last + at] = byte;
            std::fs::write(&file, &crafted).unwrap();
            assert!(paths(&file, 20).is_err(), "byte {at}");
        }
    }

    #[test]
    fn what_is_damaged_is_an_error_or_read_as_it_stands() {
        for version in ["2", "4"] {
            let names = ["a/b", "abc/def", "abc/deg"];
            let records: String = names.map(|name| record("100644", 20, 0, name)).concat();
            let directory = index(&[("index.version", version)], 20, &records);
            let file = directory.path().join(".git/index");
            let sound = std::fs::read(&file).unwrap();
            let listed = all(&paths(&file, 20).unwrap());
            for length in 0..sound.len() {
                std::fs::write(&file, &sound[..length]).unwrap();
                assert!(paths(&file, 20).is_err(), "cut off at {length}");
            }
            for at in 0..sound.len() {
                for change in [1, 0x10, 0x80, 0xff] {
                    let mut damaged = sound.clone();
                    damaged[at] ^= change;
                    std::fs::write(&file, &damaged).unwrap();
                    let Ok(found) = paths(&file, 20) else {
                        continue;
                    };
                    // Most bytes are times and object names. One process per kind of change is
                    // enough, unless the paths differ.
                    let found = all(&found);
                    if (change == 0xff || found != listed)
                        && let Some(expected) = by_git(directory.path())
                    {
                        assert_eq!(found, expected, "byte {at} changed by {change}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_index_is_an_empty_one() {
        let directory = tempfile::tempdir().unwrap();
        let found = paths(&directory.path().join("index"), 20).unwrap();
        assert!(found.is_empty());
    }
}
