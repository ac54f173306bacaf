//! The names of git's own directory. Who may put a file there runs what he likes, as a hook or by the
//! configuration; so neither `owners.toml` nor a link may lead there, by any of its names.

use bstr::ByteSlice;

/// Whether some file system takes `name` for `.git`: one that ignores case, what is invisible
/// (HFS+), or dots and blanks at the end and all behind a colon (NTFS). As in git's `core.protectHFS`
/// and `core.protectNTFS`.
pub(crate) fn is_dot_git(name: &[u8]) -> bool {
    let name = name.split(|&byte| byte == b':').next().unwrap_or(name);
    let name = name.trim_end_with(|c| matches!(c, '.' | ' '));
    let ignored = |c: &char| matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let seen = || name.chars().filter(|c| !ignored(c));
    [".git", "git~1"]
        .iter()
        .any(|git| seen().map(|c| c.to_ascii_lowercase()).eq(git.chars()))
}

#[cfg(test)]
mod tests {
    use super::is_dot_git;

    #[test]
    fn names() {
        for name in [
            ".git",
            ".GIT",
            "GIT~1",
            ".git. .",
            ".git::$INDEX_ALLOCATION",
            ".g\u{200c}it",
        ] {
            assert!(is_dot_git(name.as_bytes()), "{name}");
        }
        for name in ["", ".", "git", ".gitx", ".github", "git~2", ".gi", "x:.git"] {
            assert!(!is_dot_git(name.as_bytes()), "{name}");
        }
        assert!(!is_dot_git(b".g\xffit"));
    }
}
