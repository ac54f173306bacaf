//! Paths in JSON. A path is bytes, and JSON has only text.

use std::borrow::Cow;

use owners::text::escaped;
use serde::Serialize;

/// A path, which is flattened into its object.
#[derive(Debug, Serialize)]
pub(crate) struct JsonPath<'a> {
    path: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_bytes: Option<&'a [u8]>,
}

impl<'a> JsonPath<'a> {
    /// The root, as a directory, is `./`.
    pub(crate) fn new(path: &'a [u8]) -> Self {
        let path = if path.is_empty() { b"./" } else { path };
        JsonPath {
            path: escaped_only_if_needed(path),
            path_bytes: raw_if_not_utf8(path),
        }
    }
}

/// A JSON string can represent every UTF-8 path exactly.
pub(crate) fn escaped_only_if_needed(path: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(path) {
        Ok(path) => path.into(),
        Err(_) => escaped(path).into(),
    }
}

pub(crate) fn raw_if_not_utf8(path: &[u8]) -> Option<&[u8]> {
    std::str::from_utf8(path).is_err().then_some(path)
}
