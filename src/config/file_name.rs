//! Checks the names of files in `owners.toml`: those of outputs and of the roster.

use super::value::ConfigReader;
use super::{Text, is_config_name};
use crate::paths::alias;
use crate::text::floor_char_boundary;

impl ConfigReader<'_> {
    /// Whether the file is in the repository and has a plain name.
    pub(super) fn is_file(&mut self, file: &Text, what: &str, example: &str) -> bool {
        let fault = fault_of_file(&file.value);
        if let Some(reason) = fault {
            self.fault(
                file.span.clone(),
                format!(
                    "the {what} cannot be `{}`",
                    shortened(&file.value).escape_debug()
                ),
                reason,
                &format!("write a path relative to the repository root, such as \"{example}\""),
            );
        }
        fault.is_none()
    }
}

/// The start of a name that may be megabytes long.
fn shortened(name: &str) -> &str {
    &name[..floor_char_boundary(name, 1024)]
}

/// Why the file name is not allowed. It must be a plain path inside the repository.
fn fault_of_file(file: &str) -> Option<&'static str> {
    let fault = if file.is_empty() {
        "it is empty"
    } else if file.len() > 1024 {
        "it is longer than 1024 bytes"
    } else if file.starts_with(['/', '\\', '~']) || file.contains(':') {
        "it does not start at the root of the repository"
    } else if file.contains('\\') {
        "it holds a backslash"
    } else if file.chars().any(char::is_control) {
        "it holds a control character"
    } else if file
        .split('/')
        .any(|segment| matches!(segment, "" | "." | ".."))
    {
        "it is not a plain file path"
    } else if file
        .split('/')
        .any(|segment| alias::is_dot_git(segment.as_bytes()))
    {
        "it is in git's own directory"
    } else if file
        .split('/')
        .any(|segment| alias::is_device(segment.as_bytes()))
    {
        "Windows has a device of that name"
    } else if file
        .rsplit('/')
        .next()
        .is_some_and(|name| is_config_name(name.as_bytes()))
    {
        "that is the name of a configuration"
    } else {
        return None;
    };
    Some(fault)
}
