//! The position of a finding, for formats that name one file and at most one range in it.

use owners::text::{Diagnostic, Label, Location, Sources, escaped};

use super::Report;

/// A range in a file. Lines and columns count from 1, columns in characters. The end is the
/// position after the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

impl Region {
    pub(super) fn of(location: &Location, sources: &Sources) -> Self {
        let source = &sources[location.file];
        let (line, column) = source.line_column(location.span.start);
        let (end_line, end_column) = source.line_column(location.span.end);
        Region {
            line,
            column,
            end_line,
            end_column,
        }
    }
}

/// The file at which a finding is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its path, relative to the root of the repository.
    pub(super) path: Vec<u8>,
    /// None if the finding is about the whole file.
    pub(super) region: Option<Region>,
}

impl Place {
    /// The first label of a finding, or else its path. CI systems show findings in files: for a
    /// directory, this is the first file in it; for the whole repository, the configuration.
    pub(super) fn of(diagnostic: &Diagnostic, report: &Report<'_>) -> Self {
        let sources = &report.project.sources;
        if let Some(location) = diagnostic.location() {
            return Place {
                path: sources[location.file].name.clone().into_bytes(),
                region: Some(Region::of(location, sources)),
            };
        }
        let path = match diagnostic.path.as_deref() {
            None | Some([]) => sources[report.project.config.file].name.as_bytes(),
            Some(path) if path.ends_with(b"/") => {
                let mut below = report.facts.paths.below(path);
                below.next().map_or(path, |first| first.bytes)
            }
            Some(path) => path,
        };
        Place {
            path: path.to_vec(),
            region: None,
        }
    }
}

/// ` (see owners.toml:12)`: another line that a finding is about, for formats that show one place.
/// It is no part of the message, which stays the same if lines are added above. `shown` is for the
/// name of the file.
pub(super) fn other_line(
    diagnostic: &Diagnostic,
    sources: &Sources,
    shown: impl Fn(&str) -> String,
) -> Option<String> {
    let line = |label: &Label| {
        let source = &sources[label.location.file];
        let (line, _) = source.line_column(label.location.span.start);
        (&source.name, line)
    };
    let (first, rest) = diagnostic.labels.split_first()?;
    let mut others = rest.iter().map(line);
    let (name, number) = others.find(|other| *other != line(first))?;
    Some(format!(" (see {}:{number})", shown(name)))
}

/// The whole text of a finding in plain lines, for formats that have one text and one place.
pub(super) fn full_text_with_other_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let other = other_line(diagnostic, sources, |name| escaped(name.as_bytes()));
    text(diagnostic, &other.unwrap_or_default())
}

/// The whole text of a finding in plain lines, for formats that have one text.
pub(super) fn full_text(diagnostic: &Diagnostic) -> String {
    text(diagnostic, "")
}

/// The text, with `other` after the first line.
fn text(diagnostic: &Diagnostic, other: &str) -> String {
    let label = diagnostic.labels.first().map(|label| label.text.as_str());
    let label = label.filter(|text| !text.is_empty());
    let mut text = match label {
        Some(label) => format!("{}: {label}{other}", diagnostic.message),
        None => [&diagnostic.message, other].concat(),
    };
    for (kind, lines) in [("note", &diagnostic.notes), ("help", &diagnostic.helps)] {
        for line in lines {
            text.push_str(&format!("\n{kind}: {line}"));
        }
    }
    text
}

/// A fingerprint for a finding, which stays the same if lines around it are added or removed. It
/// depends on the lint, the path and the texts; equal findings are numbered.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    seen: std::collections::HashMap<u128, u32>,
}

impl Fingerprints {
    pub(super) fn next(&mut self, diagnostic: &Diagnostic, path: &[u8]) -> String {
        let lint = diagnostic.lint.unwrap_or_default();
        let parts = [lint.as_bytes(), path, diagnostic.message.as_bytes()];
        let hash = fnv1a(parts.join(&0).as_slice());
        let count = self.seen.entry(hash).or_insert(0);
        *count += 1;
        match *count {
            1 => format!("{hash:032x}"),
            count => format!("{hash:032x}-{count}"),
        }
    }
}

/// The 128-bit hash of Fowler, Noll and Vo: the same on every machine and with every compiler.
fn fnv1a(bytes: &[u8]) -> u128 {
    bytes
        .iter()
        .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, &byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(fnv1a(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
