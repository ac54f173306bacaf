//! Reads names as git prints them if they are not plain: in double quotes, with C escapes.

use std::borrow::Cow;

/// Unquotes a line if git quoted it: `"caf\303\251"` is `café`.
#[must_use]
pub fn unquoted(line: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = line
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""))
    else {
        return line.into();
    };
    let mut path = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            path.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'a') => path.push(7),
            Some(b'b') => path.push(8),
            Some(b't') => path.push(b'\t'),
            Some(b'n') => path.push(b'\n'),
            Some(b'v') => path.push(11),
            Some(b'f') => path.push(12),
            Some(b'r') => path.push(b'\r'),
            Some(first @ b'0'..=b'3') => {
                let mut value = first - b'0';
                for _ in 0..2 {
                    let Some(digit) = bytes.next_if(|digit| matches!(digit, b'0'..=b'7')) else {
                        return line.into();
                    };
                    value = (value << 3) | (digit - b'0');
                }
                path.push(value);
            }
            Some(escaped @ (b'"' | b'\\')) => path.push(escaped),
            // Git does not write this, so the quotes belong to the name itself.
            _ => return line.into(),
        }
    }
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_quoting_is_undone() {
        assert_eq!(
            &*unquoted(br#""caf\303\251 \"x\"\t""#),
            "café \"x\"\t".as_bytes()
        );
        assert_eq!(&*unquoted(b"plain"), b"plain");
        assert_eq!(&*unquoted(br#""odd\q""#), br#""odd\q""#);
    }
}
