//! The last check of the output: nothing in it may control a terminal or a CI job.
//!
//! A command escapes the names and values that it quotes, because only the command knows where each
//! of them starts and ends. This module escapes what a single name does not show: a line that
//! starts with the name `::add-mask::x` is a command for GitHub Actions, and so is `##[add-mask]x`
//! anywhere in a line. It also escapes any character that a command forgot to escape.
//!
//! CI systems read these commands from the log of a job:
//!
//! - GitHub Actions: a line that begins, behind blanks, with `::`, and `##[` anywhere in a line. Source:
//!   `actions/runner`, `src/Runner.Common/ActionCommand.cs`.
//! - Azure Pipelines: `##vso[` anywhere in a line; `##[` formats it. Source:
//!   `microsoft/azure-pipelines-agent`, `src/Microsoft.VisualStudio.Services.Agent/Command.cs`.
//! - `TeamCity`: `##teamcity[`. Source: its documentation, "Service messages".
//! - GitLab: `section_start:` and `section_end:`, with a carriage return and an escape sequence. These
//!   are control characters, and escaped as such. Source: its documentation, "Job logs".

use std::borrow::Cow;

use memchr::memmem;
use owners::text::{escaped_except, is_invisible};

/// Whole lines of text for people. Colors are kept if they are wanted, and removed otherwise.
///
/// With `has_commands`, lines start with our own workflow commands.
pub(super) fn text(block: &[u8], is_colored: bool, has_commands: bool) -> Cow<'_, [u8]> {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
    // Without an early exit, the compiler vectorizes this.
    let is_plain = block.iter().fold(true, |all, byte| all & is_plain(byte));
    if is_plain
        && memmem::find(block, b"##").is_none()
        && (has_commands || memmem::find(block, b"::").is_none())
    {
        return block.into();
    }
    let mut shown = String::with_capacity(block.len() + 64);
    for line in block.split_inclusive(|&byte| byte == b'\n') {
        push_line(&mut shown, line, is_colored, has_commands);
    }
    shown.into_bytes().into()
}

fn push_line(shown: &mut String, line: &[u8], is_colored: bool, has_commands: bool) {
    let (text, end) = match line {
        [text @ .., b'\r', b'\n'] => (text, "\r\n"),
        [text @ .., b'\n'] => (text, "\n"),
        text => (text, ""),
    };
    let text = without_controls(text, is_colored);
    let text = match has_commands {
        true => text,
        false => without_leading_colons(text),
    };
    shown.push_str(&without_brackets(text, "\\u{23}"));
    shown.push_str(end);
}

/// The line with all invisible characters escaped, except our colors.
fn without_controls(line: &[u8], is_colored: bool) -> Cow<'_, str> {
    const KEPT: &[char] = &['\t'];
    if memchr::memchr(ESCAPE, line).is_none() {
        return escaped_except(line, KEPT);
    }
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = memchr::memchr(ESCAPE, rest) {
        let (before, from) = rest.split_at(at);
        shown.push_str(&escaped_except(before, KEPT));
        let length = color(from);
        let (sequence, behind) = from.split_at(length.max(1));
        if length == 0 || is_colored {
            let kept: &[char] = if length == 0 { &[] } else { &['\x1b'] };
            shown.push_str(&escaped_except(sequence, kept));
        }
        rest = behind;
    }
    shown.push_str(&escaped_except(rest, KEPT));
    shown.into()
}

const ESCAPE: u8 = b'\x1b';

/// The length of the color sequence at the start of the text; 0 if there is none.
fn color(text: &[u8]) -> usize {
    let Some(parameters) = text.strip_prefix(b"\x1b[") else {
        return 0;
    };
    let is_parameter = |byte: &u8| byte.is_ascii_digit() || b";:".contains(byte);
    match parameters.iter().position(|byte| !is_parameter(byte)) {
        Some(length) if parameters[length] == b'm' => "\x1b[".len() + length + 1,
        _ => 0,
    }
}

/// The line with its first colon escaped, if it starts with `::` and a name. The runner skips
/// blanks before it, and some programs remove colors between them.
fn without_leading_colons(line: Cow<'_, str>) -> Cow<'_, str> {
    let mut rest = line.trim_start();
    loop {
        match color(rest.as_bytes()) {
            0 => break,
            length => rest = rest[length..].trim_start(),
        }
    }
    // The name of a command never starts with a colon. The renderer writes `:::` before the
    // position of another file.
    let name = rest.strip_prefix("::");
    if name.is_none_or(|name| name.starts_with(':')) {
        return line;
    }
    let (before, behind) = line.split_at(line.len() - rest.len());
    format!("{before}\\u{{3a}}{}", &behind[1..]).into()
}

/// The text with the second `#` of `##[`, `##vso[` and the like escaped.
fn without_brackets<'t>(text: Cow<'t, str>, escape: &str) -> Cow<'t, str> {
    let is_command = |behind: &str| {
        behind
            .trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "._-".contains(c))
            .starts_with('[')
    };
    let finder = memmem::find_iter(text.as_bytes(), b"##");
    if finder.clone().next().is_none() {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + escape.len());
    let mut done = 0;
    // Of three `#` in a row, the last two start the command.
    for (at, _) in text.match_indices('#') {
        let behind = &text[at + 1..];
        if text[..at].ends_with('#') && is_command(behind) {
            shown.push_str(&text[done..at]);
            shown.push_str(escape);
            done = at + 1;
        }
    }
    shown.push_str(&text[done..]);
    shown.into()
}

/// A piece of JSON that ends after a quotation mark, or the last piece. Its value stays the same:
/// everything that must be escaped is in strings, and JSON has escapes for it.
pub(super) fn json(block: &[u8]) -> Cow<'_, [u8]> {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n');
    let is_plain = block.iter().fold(true, |all, byte| all & is_plain(byte));
    if is_plain && memmem::find(block, b"##").is_none() {
        return block.into();
    }
    // The serializer writes only UTF-8.
    let text = String::from_utf8_lossy(block);
    let mut shown = String::with_capacity(text.len() + 64);
    for character in text.chars() {
        if !is_invisible(character) || character == '\n' {
            shown.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            shown.push_str(&format!("\\u{unit:04x}"));
        }
    }
    without_brackets(shown.into(), "\\u0023")
        .into_owned()
        .into_bytes()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(raw: &str, expected: &str) {
        let shown = text(raw.as_bytes(), false, false);
        assert_eq!(str::from_utf8(&shown).unwrap(), expected, "{raw:?}");
    }

    #[test]
    fn commands_are_escaped() {
        shows("::add-mask::x\n", "\\u{3a}:add-mask::x\n");
        shows("a\n \t\u{a0}::x::\n", "a\n \t\u{a0}\\u{3a}:x::\n");
        shows("\x1b[1m ::x::\x1b[0m\n", " \\u{3a}:x::\n");
        shows("a ::x::\n", "a ::x::\n");
        shows(" ::: a/owners.toml:1:1\n", " ::: a/owners.toml:1:1\n");
        shows("a ##[add-mask]x\n", "a #\\u{23}[add-mask]x\n");
        shows("####[x]\n", "###\\u{23}[x]\n");
        shows("##vso[a]##teamcity[b]", "#\\u{23}vso[a]#\\u{23}teamcity[b]");
        shows("## [x] ##x, [y]\n", "## [x] ##x, [y]\n");
        shows("#\x1b[0m#[x]\n", "#\\u{23}[x]\n");
    }

    #[test]
    fn what_is_forgotten_is_escaped() {
        shows("a\tb\r\nc\rd\n", "a\tb\r\nc\\rd\n");
        shows("\x1b[2J\x1b[31mx\n", "\\u{1b}[2Jx\n");
        shows("\u{2060}\u{9b}1m\n", "\\u{2060}\\u{9b}1m\n");
        let colored = text(b"\x1b[1;31mx\x1b[0m\x1b[", true, false);
        assert_eq!(&*colored, b"\x1b[1;31mx\x1b[0m\\u{1b}[");
        assert_eq!(&*text(b"\xff\n", false, false), b"\\xFF\n");
    }

    #[test]
    fn commands_of_our_own_are_kept() {
        let raw = "::error file=a::b ##[x]\n";
        let shown = text(raw.as_bytes(), false, true);
        assert_eq!(&*shown, b"::error file=a::b #\\u{23}[x]\n");
    }

    #[test]
    fn json_keeps_what_it_stands_for() {
        let value = "\u{1b}\u{7f}\u{9b}\u{ad}\u{202e}\u{2060}\u{e0061}##[x] ##vso[y] \u{e9}\n";
        let raw = serde_json::to_vec_pretty(&[value, ""]).unwrap();
        let shown = json(&raw);
        let read: Vec<String> = serde_json::from_slice(&shown).unwrap();
        assert_eq!(read, [value, ""]);
        let shown = str::from_utf8(&shown).unwrap();
        assert!(!shown.contains(|c| is_invisible(c) && c != '\n'), "{shown}");
        assert!(shown.contains(r"\udb40\udc61#\u0023[x]"), "{shown}");
    }
}
