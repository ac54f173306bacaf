//! The size limit for one file: the same for files on disk and for git objects.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::{Result, ensure};

/// The maximum size of a file. GitHub accepts a CODEOWNERS file up to 3 MB.
pub(super) const MAX_FILE_BYTES: u64 = 8 << 20;

/// Fails if a file is too large.
pub(super) fn ensure_not_large(size: u64) -> Result<()> {
    ensure!(
        size <= MAX_FILE_BYTES,
        "it has {size} bytes; the limit is {MAX_FILE_BYTES}"
    );
    Ok(())
}

/// Reads a file named by the user. It may be anywhere, and may be a pipe.
///
/// # Errors
///
/// If it cannot be read, or is larger than 8 MiB.
pub fn read_named(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path)?;
    ensure_not_large(file.metadata()?.len())?;
    read_all(file)
}

/// Reads to the end, up to the limit: a file may grow, and a pipe has no size.
pub(super) fn read_all(from: impl Read) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    from.take(MAX_FILE_BYTES + 1).read_to_end(&mut text)?;
    ensure!(
        text.len() as u64 <= MAX_FILE_BYTES,
        "it has more than {MAX_FILE_BYTES} bytes, which is the limit"
    );
    Ok(text)
}
