//! Names that are hard to show.

use crate::configured;

#[cfg(unix)]
#[test]
fn names_that_are_hard_to_show() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use snapbox::file;

    let sandbox = configured(
        r#"[paths]
"/*.*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    let names: [&[u8]; 8] = [
        b"new\nline",
        b"tab\t",
        b"quote\"'",
        b"\xff\xfe",
        b"back\\slash",
        b" blanks ",
        b"[x]{y}<z>*?",
        b"#hash",
    ];
    for name in names {
        sandbox.write(OsStr::from_bytes(name), "");
    }
    sandbox.git("add -A");
    sandbox.owners("check").finds(file!["names.txt"]);
}

/// What changes the direction of text can make a message say what it does not.
#[test]
fn nothing_turns_the_text_around() {
    let sandbox = configured(
        r#"[paths]
"/*.*" = "@a"
"/crates/" = "@a"
"/.github/" = "@a"
"#,
    );
    sandbox.write("\u{202e}left", "");
    sandbox.git("add -A");
    let output = sandbox.owners("check").output();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains(r"`\u{202e}left` is unowned"),
        "{}",
        text.escape_unicode()
    );
    assert!(
        !text.contains('\u{202e}'),
        "{}",
        text.replace('\u{202e}', "<U+202E>")
    );
}
