//! Reads a file through a small buffer, for a reader that goes from front to back and looks ahead a
//! little.
//!
//! The buffer stays in the processor's cache, whatever the size of the file. Several windows can
//! share one open file, since each has its own position.

use std::fs::File;
use std::io;

use super::error::{Result, ensure};

/// The maximum length of a path.
const MAX_PATH_LENGTH: usize = 1 << 20;

/// A file, read from front to back through a buffer.
pub(super) struct Window<'f> {
    file: &'f File,
    /// The bytes from `used` to `filled` are read but not consumed.
    buffer: Vec<u8>,
    used: usize,
    filled: usize,
    /// The offset in the file of the buffer's `filled`.
    next: u64,
    /// The offset in the file where to stop.
    end: u64,
}

impl<'f> Window<'f> {
    pub(super) fn new(file: &'f File, start: u64, end: u64, size: usize) -> Self {
        Window {
            file,
            buffer: vec![0; size],
            used: 0,
            filled: 0,
            next: start,
            end,
        }
    }

    /// The offset in the file of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.next - (self.filled - self.used) as u64
    }

    /// The next bytes: `wanted` or more, unless the file ends before.
    #[inline]
    pub(super) fn peek(&mut self, wanted: usize) -> Result<&[u8]> {
        if self.filled - self.used < wanted {
            self.fill(wanted)?;
        }
        Ok(&self.buffer[self.used..self.filled])
    }

    /// The next bytes: at least `wanted`.
    #[inline]
    pub(super) fn need(&mut self, wanted: usize) -> Result<&[u8]> {
        let bytes = self.peek(wanted)?;
        ensure!(bytes.len() >= wanted, "it is cut off");
        Ok(bytes)
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.used += count;
    }

    /// The distance from `from` to the next zero.
    pub(super) fn find_nul(&mut self, from: usize) -> Result<usize> {
        let mut wanted = from + 256;
        loop {
            let bytes = self.peek(wanted)?;
            if let Some(length) = bytes.get(from..).and_then(|rest| memchr::memchr(0, rest)) {
                return Ok(length);
            }
            ensure!(
                bytes.len() >= wanted && wanted < MAX_PATH_LENGTH,
                "a name has no end"
            );
            wanted = bytes.len() * 2;
        }
    }

    #[cold]
    pub(super) fn fill(&mut self, wanted: usize) -> Result<()> {
        self.buffer.copy_within(self.used..self.filled, 0);
        self.filled -= self.used;
        self.used = 0;
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted, 0);
        }
        while self.filled < wanted && self.next < self.end {
            let left = usize::try_from(self.end - self.next).unwrap_or(usize::MAX);
            let room = left.min(self.buffer.len() - self.filled);
            let target = &mut self.buffer[self.filled..self.filled + room];
            match read_at(self.file, target, self.next) {
                Ok(0) => break,
                Ok(count) => {
                    self.filled += count;
                    self.next += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Reads at an offset. Two threads would share the position of the file.
#[cfg(unix)]
fn read_at(file: &File, target: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, target, offset)
}

#[cfg(windows)]
fn read_at(file: &File, target: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, target, offset)
}

#[cfg(not(any(unix, windows)))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}
