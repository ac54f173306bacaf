//! A minimal reader of git's configuration format. It finds a repository's layout without starting
//! a process.
//!
//! Only the repository's own `config` counts for `core.worktree`, `core.bare` and
//! `extensions.objectFormat`. Git reads these keys before any other file, and without includes.

use std::path::Path;
use std::{fs, io};

use super::error::{ErrorContext, Result};
use bstr::ByteSlice;

/// The last value of `section.key` in `text`. A key without `=` is `true`.
pub(super) fn value(text: &[u8], section: &str, key: &str) -> Option<Vec<u8>> {
    let mut inside = false;
    let mut found = None;
    let mut rest = text;
    loop {
        rest = rest.trim_ascii_start();
        match rest.first()? {
            b'[' => {
                let (header, after) = rest.split_once_str("]").unwrap_or((rest, b""));
                inside = header[1..]
                    .trim_ascii()
                    .eq_ignore_ascii_case(section.as_bytes());
                rest = after;
            }
            b'#' | b';' => rest = rest.split_once_str("\n").map_or(b"", |(_, after)| after),
            _ => {
                let end = rest.find_byteset(b"=\n").unwrap_or(rest.len());
                let name = rest[..end].trim_ascii();
                let (value, after) = match rest.get(end) {
                    Some(b'=') => read_value(&rest[end + 1..]),
                    _ => (b"true".to_vec(), &rest[end..]),
                };
                if inside && name.eq_ignore_ascii_case(key.as_bytes()) {
                    found = Some(value);
                }
                rest = after;
            }
        }
        if rest.trim_ascii_start().is_empty() {
            return found;
        }
    }
}

/// Reads a value up to the end of its line. Returns the value and the rest.
fn read_value(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut value = Vec::new();
    // The length up to the last quoted or escaped character. Trailing blanks are trimmed only after
    // it.
    let mut keep = 0;
    let mut quoted = false;
    let mut bytes = text.iter().enumerate();
    let mut end = text.len();
    while let Some((at, &byte)) = bytes.next() {
        match byte {
            b'\n' => {
                end = at;
                break;
            }
            b'#' | b';' if !quoted => {
                end = text[at..]
                    .find_byte(b'\n')
                    .map_or(text.len(), |length| at + length);
                break;
            }
            b'"' => {
                quoted = !quoted;
                keep = value.len();
            }
            b'\\' => {
                match bytes.next() {
                    Some((_, b'n')) => value.push(b'\n'),
                    Some((_, b't')) => value.push(b'\t'),
                    Some((_, b'b')) => value.push(8),
                    Some((_, b'\n')) | None => {}
                    Some((_, &other)) => value.push(other),
                }
                keep = value.len();
            }
            b' ' | b'\t' | b'\r' if !quoted && value.is_empty() => {}
            _ => value.push(byte),
        }
    }
    while value.len() > keep && value.last().is_some_and(u8::is_ascii_whitespace) {
        value.pop();
    }
    (value, &text[end..])
}

/// Whether git takes a value as true.
pub(super) fn is_true(value: &[u8]) -> bool {
    let yes = ["true", "yes", "on", "1"];
    yes.iter()
        .any(|yes| value.eq_ignore_ascii_case(yes.as_bytes()))
}

/// The contents of a file, or `None` if it does not exist.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

/// Whether the error says that nothing is at the path, and not that the path cannot be accessed.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::value;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = value(text.as_bytes(), "core", "worktree");
        assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{text:?}");
    }

    #[test]
    fn values() {
        check("[core]\n\tworktree = ../x\n", Some("../x"));
        check(
            "[CORE]\r\n\tWorkTree = ../x y \r\n[other]\nworktree = no\n",
            Some("../x y"),
        );
        check("[core] worktree=/a ; why\n", Some("/a"));
        check("[core]\nworktree = \"C:\\\\a b \" # c", Some("C:\\a b "));
        check("[core]\nworktree = a\\\nb\nbare = true\n", Some("ab"));
        check("[core]\nworktree = a\n[core]\nworktree = b", Some("b"));
        check("[core]\nworktree\nbare", Some("true"));
        check("[core]\nworktree =\nbare = x", Some(""));
        check("[core \"sub\"]\nworktree = a\n", None);
        check(
            "# [core]\n;worktree = a\n[core]\n#worktree = a\nbare = true",
            None,
        );
        for broken in [
            "",
            "[",
            "[core",
            "=",
            "[core]\nworktree",
            "[core]\nx=\"\\",
            "[core]=",
        ] {
            value(broken.as_bytes(), "core", "worktree");
        }
    }
}
