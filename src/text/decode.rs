//! Decodes the bytes of a file: UTF-8, with or without a byte order mark.

use super::diagnostic::Diagnostic;
use super::source::{FileId, Source};

impl Source {
    /// Creates a source from the bytes of a file.
    ///
    /// # Errors
    ///
    /// If the bytes are not UTF-8: a source to show, with replacement characters, and a diagnostic
    /// that points at the first wrong byte.
    pub fn from_bytes(
        name: impl Into<String>,
        mut bytes: Vec<u8>,
    ) -> Result<Self, Box<(Source, Diagnostic)>> {
        let name = name.into();
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            let diagnostic = Diagnostic::error(format!("`{name}` is UTF-16"))
                .at(FileId::ROOT, 0..0, "")
                .help("save the file as UTF-8");
            return Err(Box::new((Source::new(name, ""), diagnostic)));
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Source::new(name, text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let byte = error.as_bytes()[at];
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let diagnostic = Diagnostic::error(format!("`{name}` is not UTF-8"))
                    .at(FileId::ROOT, at..at + '\u{FFFD}'.len_utf8(), format!("byte 0x{byte:02x}"))
                    .help("save the file as UTF-8; to match a name that is not UTF-8, use `?` for each such byte");
                Err(Box::new((Source::new(name, text), diagnostic)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_utf8() {
        let (source, diagnostic) =
            *Source::from_bytes("owners.toml", b"a\xffb".into()).unwrap_err();
        assert_eq!(source.text, "a\u{FFFD}b");
        assert_eq!(diagnostic.location().unwrap().span, 1..4);
        assert_eq!(
            Source::from_bytes("f", b"\xef\xbb\xbfa".into())
                .unwrap()
                .text,
            "a"
        );
    }
}
