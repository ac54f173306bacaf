//! How much of one file is read: the same limit for files on disk and for objects of git.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::{Result, ensure};

/// The size of the largest file that is read: GitHub takes 3 MB of a CODEOWNERS file.
pub(super) const LARGEST: u64 = 8 << 20;

/// An error for a file that would take long to read and longer to understand.
pub(super) fn ensure_not_large(size: u64) -> Result<()> {
    ensure!(
        size <= LARGEST,
        "it has {size} bytes; the limit is {LARGEST}"
    );
    Ok(())
}

/// Reads a file that the user names. It may be anywhere, and may be a pipe.
///
/// # Errors
///
/// If it cannot be read, or is larger than 8 MiB.
pub fn read_named(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path)?;
    ensure_not_large(file.metadata()?.len())?;
    read_all(file)
}

/// Reads all there is, up to the limit: a file may grow, and a pipe has no size.
pub(super) fn read_all(from: impl Read) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut text)?;
    ensure!(
        text.len() as u64 <= LARGEST,
        "it has more than {LARGEST} bytes, which is the limit"
    );
    Ok(text)
}
