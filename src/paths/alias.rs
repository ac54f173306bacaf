//! Other names of `.git` and `owners.toml` on some file system, and names of devices. `.git` holds files
//! that name programs to run. A path that a stranger writes must not lead to any of them, whatever name
//! it uses.
//!
//! The rules are those of git's `core.protectHFS` and `core.protectNTFS`, and slightly stricter. To
//! refuse a harmless name does no damage.

use bstr::ByteSlice;

use crate::text::is_invisible;

/// Whether `name` means `.git` on some file system.
pub(crate) fn is_dot_git(name: &[u8]) -> bool {
    let name = folded_name(name);
    name == ".git" || name == "git~1"
}

/// Whether `name` means `long` on some file system. `long` is in lowercase.
pub(crate) fn is_alias(name: &[u8], long: &str) -> bool {
    let name = folded_name(name);
    name == long || is_short(&name, long)
}

/// Whether `name` is a device on Windows, in every directory. Some names are devices also with an
/// extension.
///
/// Source: Microsoft's documentation, "Naming Files, Paths, and Namespaces".
pub(crate) fn is_device(name: &[u8]) -> bool {
    let name = folded_name(name);
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let is_port = |port: &str| {
        let number = ["com", "lpt"]
            .iter()
            .find_map(|kind| port.strip_prefix(kind));
        number.is_some_and(|number| {
            let mut digits = number.chars();
            matches!(digits.next(), Some('1'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
        })
    };
    matches!(stem, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$") || is_port(stem)
}

/// The name as the most lenient file system compares it: in lowercase, without invisible characters
/// (HFS+, and ext4 with `casefold`, ignore most of them), without dots and blanks at the end, and
/// without everything after a colon (NTFS).
fn folded_name(name: &[u8]) -> String {
    let name = name.split(|&byte| byte == b':').next().unwrap_or(name);
    let seen = name.chars().filter(|&c| !is_invisible(c));
    let mut folded: String = seen.map(fold).collect();
    folded.truncate(folded.trim_end_matches(['.', ' ']).len());
    folded
}

/// Lowercases ASCII, and the characters whose lowercase is ASCII: the long s and the kelvin sign.
fn fold(c: char) -> char {
    match c {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        c => c.to_ascii_lowercase(),
    }
}

/// Whether `name`, in lowercase, may be the short name (8.3) of a file called `long` on Windows.
/// Such a name begins with the first characters of the long name, or with two of them and four
/// digits of a hash. Then follow `~` and a number, and the first three characters of the extension.
/// The number and the hash depend on the other files in the directory, so all are accepted.
fn is_short(name: &str, long: &str) -> bool {
    let split = |name| str::rsplit_once(name, '.').unwrap_or((name, ""));
    let ((name, extension), (long_name, long_extension)) = (split(name), split(long));
    let Some((start, number)) = name.rsplit_once('~') else {
        return false;
    };
    let is_hashed = |hash: &str| hash.len() <= 4 && hash.bytes().all(|b| b.is_ascii_hexdigit());
    let is_start = long_name.starts_with(start)
        || long_name
            .get(..2)
            .and_then(|two| start.strip_prefix(two))
            .is_some_and(is_hashed);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let first_three = &long_extension[..long_extension.len().min(3)];
    name.len() <= 8 && is_number && is_start && extension == first_three
}

#[cfg(test)]
mod tests {
    use super::{is_alias, is_device, is_dot_git};

    #[test]
    fn of_dot_git() {
        for name in [
            ".git",
            ".GIT",
            "GIT~1",
            ".git. .",
            ".git::$INDEX_ALLOCATION",
            ".g\u{200c}it",
            ".g\u{ad}it",
            "\u{feff}.git",
            ".git.\u{200b}",
        ] {
            assert!(is_dot_git(name.as_bytes()), "{name}");
        }
        for name in ["", ".", "git", ".gitx", ".github", "git~2", ".gi", "x:.git"] {
            assert!(!is_dot_git(name.as_bytes()), "{name}");
        }
        assert!(!is_dot_git(b".g\xffit"));
    }

    #[test]
    fn of_a_device() {
        for name in [
            "NUL",
            "nul.txt",
            "con",
            "Aux.tar.gz",
            "PRN .x",
            "COM1",
            "lpt9",
            "com\u{b9}",
            "CONOUT$",
            "nul:x",
        ] {
            assert!(is_device(name.as_bytes()), "{name}");
        }
        for name in [
            "CODEOWNERS",
            "null",
            "com",
            "com0",
            "com10",
            "lpt",
            "auxiliary",
            "x.nul",
            ".con",
        ] {
            assert!(!is_device(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn of_a_configuration() {
        for name in [
            "owners.toml",
            "OWNERS.TOML",
            "owners.toml. .",
            "owners.toml::$DATA",
            "owners.t\u{200c}oml",
            "owners.toml\u{200c}",
            "owner\u{17f}.toml",
            "owners\u{e0020}.toml",
            "OWNERS~1.TOM",
            "owners~4.tom",
            "OWNER~10.TOM",
            "OW0A1F~1.TOM",
            "ow12~123.tom",
            "o~1.tom",
            "owners~1.tom. ",
        ] {
            assert!(is_alias(name.as_bytes(), "owners.toml"), "{name}");
        }
        for name in [
            "CODEOWNERS",
            "owners",
            "owners.tom",
            "owners.toml.txt",
            "owners~1.toml",
            "owners~1.txt",
            "owners~1",
            "owners~.tom",
            "owners~x.tom",
            "owners~10.tom",
            "owxyz~1.tom",
            "my-owners.toml",
        ] {
            assert!(!is_alias(name.as_bytes(), "owners.toml"), "{name}");
        }
    }
}
