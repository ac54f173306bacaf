//! URIs of files, and paths.

use std::path::{Component, Path, PathBuf};

use gen_lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What is escaped in a path: all but what RFC 3986 calls unreserved, slashes, and the colon behind a drive.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b':')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// The absolute path of a file, without `.` and `..`. `None` if the URI names something else.
pub(crate) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let text = uri.0.as_str();
    let (scheme, rest) = text.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("file") {
        return None;
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/')?),
        None => ("", rest),
    };
    let bytes: Vec<u8> = percent_decode_str(path).collect();
    if bytes.contains(&0) || !bytes.starts_with(b"/") {
        return None;
    }
    let host = Some(host).filter(|host| !host.is_empty() && *host != "localhost");
    let path = native(host, bytes)?;
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
    Some(normal)
}

#[cfg(unix)]
fn native(host: Option<&str>, path: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    // A file of another machine.
    host.is_none()
        .then(|| std::ffi::OsString::from_vec(path).into())
}

#[cfg(not(unix))]
fn native(host: Option<&str>, path: Vec<u8>) -> Option<PathBuf> {
    let path = String::from_utf8(path).ok()?.replace('/', "\\");
    Some(match host {
        Some(host) => format!("\\\\{host}{path}").into(),
        // `/c:/x`
        None => path.trim_start_matches('\\').into(),
    })
}

/// The URI of the file at an absolute path.
pub(crate) fn uri_of(path: &Path) -> Uri {
    let bytes = path.as_os_str().as_encoded_bytes();
    #[cfg(windows)]
    let bytes = &bytes
        .iter()
        .map(|&byte| if byte == b'\\' { b'/' } else { byte })
        .collect::<Vec<u8>>()[..];
    let escaped = percent_encode(bytes, ESCAPED);
    match bytes {
        [b'/', b'/', ..] if cfg!(windows) => Uri(format!("file:{escaped}")),
        [b'/', ..] => Uri(format!("file://{escaped}")),
        _ => Uri(format!("file:///{escaped}")),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (path, uri) in [
            ("/a/b.toml", "file:///a/b.toml"),
            ("/a b/ü#?%", "file:///a%20b/%C3%BC%23%3F%25"),
            ("/", "file:///"),
        ] {
            assert_eq!(uri_of(Path::new(path)).0, uri);
            assert_eq!(path_of(&Uri(uri.to_string())).unwrap(), Path::new(path));
        }
    }

    #[test]
    fn other_spellings() {
        for uri in [
            "file:///a/%62/",
            "FILE://localhost/a/b",
            "file:/a/c/../b",
            "file:///a/b#x",
        ] {
            assert_eq!(path_of(&Uri(uri.to_string())).unwrap(), Path::new("/a/b"));
        }
    }

    #[test]
    fn no_files_of_this_machine() {
        for uri in [
            "untitled:Untitled-1",
            "git:/a/b",
            "file://host/a",
            "file:",
            "file:///a%00",
            "a",
            "",
            "file://",
        ] {
            assert_eq!(path_of(&Uri(uri.to_string())), None, "{uri}");
        }
    }
}
