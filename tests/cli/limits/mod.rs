//! Large inputs that a pull request can bring: each is refused with the limit in the message, or
//! takes time in proportion to its size. `docs/security.md` has the limits, `tests/hostile`
//! measures release builds on inputs of full size.

#[cfg(unix)]
mod growth;
#[cfg(target_os = "linux")]
mod memory;
mod refused;

use std::fmt::Write as _;

/// A line for each number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "{}", line(number)).unwrap();
    }
    text
}

/// A list of TOML with an entry for each number.
fn list(count: usize, entry: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        write!(text, "{},", entry(number)).unwrap();
    }
    format!("[{text}]")
}
