//! Size limits for CODEOWNERS files that somebody else wrote.
//!
//! A line takes about a hundred times its length in memory once it is compiled, and each of its
//! owners may be listed for each path. The limits are far above those of the forges: GitHub ignores
//! a file of 3 MB.

use std::fmt;

use crate::ruleset::{MAX_OWNERS, MAX_PARTS, MAX_PATTERNS, MAX_RULE_OWNERS};

/// A limit that a file exceeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLarge {
    /// The line that exceeds it, counted from 1.
    pub line: usize,
    most: usize,
    what: &'static str,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there are more than {} {}", self.most, self.what)
    }
}

impl std::error::Error for TooLarge {}

/// Checks a text before it is [read](super::read()).
///
/// # Errors
///
/// If reading it might take seconds or hundreds of megabytes.
pub fn ensure_readable(text: &str) -> Result<(), TooLarge> {
    let mut lines_left = MAX_PATTERNS;
    let mut segments_left = MAX_PARTS;
    let mut owners_left = MAX_OWNERS;
    // On GitLab, lines without owners have the default owners of their section.
    let mut defaults = 0;
    for (line, text) in (1..).zip(text.lines()) {
        let text = text.trim_start_matches([' ', '\t']);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let words = text.split_whitespace().skip(1);
        let owners = words.take(MAX_RULE_OWNERS + 1).count();
        if text.starts_with(['[', '^']) {
            defaults = owners;
        }
        let owners_meant = if owners == 0 { defaults } else { owners };
        let segments = 1 + memchr::memchr_iter(b'/', text.as_bytes()).count();
        let (most, what) = if owners > MAX_RULE_OWNERS {
            (MAX_RULE_OWNERS, "owners on a line")
        } else if lines_left == 0 {
            (MAX_PATTERNS, "lines with a pattern")
        } else if segments > segments_left {
            (MAX_PARTS, "slashes in all lines")
        } else if owners_meant > owners_left {
            (MAX_OWNERS, "owners in all lines")
        } else {
            lines_left -= 1;
            segments_left -= segments;
            owners_left -= owners_meant;
            continue;
        };
        return Err(TooLarge { line, most, what });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_the_sum_over_all_lines() {
        let most = "a\n".repeat(MAX_PATTERNS);
        assert_eq!(ensure_readable(&most), Ok(()));
        assert_eq!(ensure_readable(&(most.clone() + "\n  \t\n# a\n")), Ok(()));
        let error = ensure_readable(&(most + "b")).unwrap_err();
        assert_eq!(error.line, MAX_PATTERNS + 1);
        assert_eq!(
            error.to_string(),
            "there are more than 100000 lines with a pattern"
        );
        let deep = format!("{}\n", "/a".repeat(99_999)).repeat(10);
        assert_eq!(ensure_readable(&deep), Ok(()));
        assert_eq!(ensure_readable(&(deep + "/b\n")).unwrap_err().line, 11);
        let wide = format!("* {}", "@a ".repeat(1000));
        assert_eq!(ensure_readable(&wide), Ok(()));
        assert_eq!(ensure_readable(&(wide + "@b")).unwrap_err().line, 1);
        let inherited = format!("[s] {}\n{}", "@a ".repeat(1000), "a\n".repeat(4_000));
        assert_eq!(ensure_readable(&inherited).unwrap_err().line, 4_001);
    }
}
