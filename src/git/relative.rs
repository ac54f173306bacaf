//! Converts a path as the user writes it to the bytes that git uses.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::error::{ErrorContext, Result, bail, ensure};
use bstr::ByteSlice;

pub(super) fn relative(root: &Path, cwd: &Path, path: &Path) -> Result<Vec<u8>> {
    ensure!(!path.as_os_str().is_empty(), "an empty path names no file");
    let full = normalize(&cwd.join(path));
    let inner = match full.strip_prefix(root) {
        Ok(inner) => inner.to_owned(),
        Err(_) => match through_symlinks(root, &full) {
            Some(inner) => inner,
            None => bail!(
                "`{}` is outside the repository, whose root is `{}`",
                path.display(),
                root.display(),
            ),
        },
    };
    let mut bytes = slashed(&inner)?;
    let ends_in_slash = path
        .as_os_str()
        .as_encoded_bytes()
        .last()
        .is_some_and(|&last| is_separator(last));
    if ends_in_slash && !bytes.is_empty() {
        bytes.push(b'/');
    }
    Ok(bytes)
}

/// Resolves `.` and `..` without looking at the disk.
pub(super) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// `full` relative to `root` if it leads there through a symlink, as `/tmp` does on macOS.
///
/// Only the part up to the repository is resolved. A symlink inside the repository is a path of its
/// own.
pub(super) fn through_symlinks(root: &Path, full: &Path) -> Option<PathBuf> {
    let root = fs::canonicalize(root).ok()?;
    let mut ancestors: Vec<_> = full.ancestors().collect();
    ancestors.reverse();
    for entrance in ancestors {
        let resolved = fs::canonicalize(entrance).ok()?;
        if let (Ok(inner), Ok(rest)) = (resolved.strip_prefix(&root), full.strip_prefix(entrance)) {
            return Some(inner.join(rest));
        }
    }
    None
}

/// The bytes of a relative path, with slashes on every platform.
pub(super) fn slashed(path: &Path) -> Result<Vec<u8>> {
    let bytes = <[u8]>::from_path(path)
        .with_context(|| format!("`{}` is not valid Unicode", path.display()))?;
    Ok(with_slashes(bytes, is_separator))
}

fn with_slashes(path: &[u8], is_separator: impl Fn(u8) -> bool) -> Vec<u8> {
    let slash = |&byte| if is_separator(byte) { b'/' } else { byte };
    path.iter().map(slash).collect()
}

fn is_separator(byte: u8) -> bool {
    std::path::is_separator(byte.into())
}

#[cfg(test)]
mod tests {
    use super::with_slashes;

    #[test]
    fn separators_become_slashes() {
        let windows = |byte| matches!(byte, b'/' | b'\\');
        assert_eq!(with_slashes(br"a\b/c", windows), b"a/b/c");
        assert_eq!(with_slashes(br"a\b/c", |byte| byte == b'/'), br"a\b/c");
    }
}
