//! Paths as people see them: relative to the current directory, as git shows them.
//!
//! Everything else, such as JSON, names paths relative to the root of the repository. The current
//! directory belongs to the process, so it is known here once, and not passed to everything that
//! prints.

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

use owners::git::Repo;
use owners::text::{Diagnostic, Location, Sources, escaped};

static HERE: OnceLock<Here> = OnceLock::new();

#[derive(Debug, Default)]
struct Here {
    /// The current directory relative to the root, with a trailing slash; empty at the root.
    prefix: Vec<u8>,
    outside: Option<Outside>,
}

/// A configuration that is not in the repository.
#[derive(Debug)]
pub(crate) struct Outside {
    /// Its name in the generated file. This is no path in the repository.
    pub(crate) name: String,
    /// Its path on the command line.
    pub(crate) path: String,
}

/// Remembers the current directory.
pub(crate) fn remember(repo: &Repo, directory: &Path, outside: Option<Outside>) {
    let prefix = match repo.is_bare() {
        // There is no directory in its tree where the process could be.
        true => Vec::new(),
        false => repo.relative(directory, Path::new(".")).unwrap_or_default(),
    };
    let prefix = match prefix.is_empty() {
        true => prefix,
        false => [&prefix[..], b"/"].concat(),
    };
    // Only the first workspace counts; a process has one.
    let _ = HERE.set(Here { prefix, outside });
}

fn here() -> &'static Here {
    HERE.get_or_init(Here::default)
}

/// The current directory relative to the root, with a trailing slash; empty at the root.
pub(crate) fn prefix() -> &'static [u8] {
    &here().prefix
}

/// The current directory relative to the root: several files may define a group of the same name.
pub(crate) fn directory() -> String {
    let prefix = String::from_utf8_lossy(prefix());
    prefix.trim_end_matches('/').to_string()
}

/// A path of the repository, relative to the current directory. The current directory itself is
/// `./`.
pub(crate) fn relative(path: &[u8]) -> Cow<'_, [u8]> {
    relative_to(prefix(), path)
}

/// The same, escaped.
pub(crate) fn shown(path: &[u8]) -> String {
    escaped(&relative(path))
}

/// The name of a configuration file, escaped.
pub(crate) fn shown_source(name: &str) -> String {
    match &here().outside {
        Some(outside) if outside.name == name => escaped(outside.path.as_bytes()),
        _ => shown(name.as_bytes()),
    }
}

/// The message of a diagnostic. If it quotes the path that it is about, the path is relative.
pub(crate) fn message(diagnostic: &Diagnostic) -> Cow<'_, str> {
    let message = diagnostic.message.as_str();
    match &diagnostic.path {
        Some(path) if !prefix().is_empty() => {
            let quoted = format!("`{}`", escaped(path));
            message
                .replacen(&quoted, &format!("`{}`", shown(path)), 1)
                .into()
        }
        _ => message.into(),
    }
}

/// `file:line:column` of a location.
pub(crate) fn place(sources: &Sources, location: &Location) -> String {
    let source = &sources[location.file];
    let (line, column) = source.line_column(location.span.start);
    format!("{}:{line}:{column}", shown_source(&source.name))
}

fn relative_to<'p>(prefix: &[u8], path: &'p [u8]) -> Cow<'p, [u8]> {
    if prefix.is_empty() {
        return match path.is_empty() {
            true => b"./".into(),
            false => path.into(),
        };
    }
    let same = prefix.iter().zip(path).take_while(|(a, b)| a == b).count();
    let common = memchr::memrchr(b'/', &path[..same]).map_or(0, |slash| slash + 1);
    let levels = memchr::memchr_iter(b'/', &prefix[common..]).count();
    let rest = &path[common..];
    match (levels, rest.is_empty()) {
        (0, true) => b"./".into(),
        (0, false) => rest.into(),
        _ => [&b"../".repeat(levels), rest].concat().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_git_shows_them() {
        for (prefix, path, expected) in [
            ("", "a/b", "a/b"),
            ("", "", "./"),
            ("a/", "a/b", "b"),
            ("a/", "a/", "./"),
            ("a/", "ab", "../ab"),
            ("a/", "", "../"),
            ("a/b/", "a/", "../"),
            ("a/b/", "a/c/d", "../c/d"),
            ("a/b/", "x", "../../x"),
            ("a/b/", "a/b", "../b"),
            ("aa/b/", "aa/bc/d", "../bc/d"),
        ] {
            let shown = relative_to(prefix.as_bytes(), path.as_bytes());
            assert_eq!(
                String::from_utf8_lossy(&shown),
                expected,
                "{path} from {prefix}"
            );
        }
    }
}
