//! The picture in README.md: a session in a terminal, drawn from what the binary prints, for light and
//! dark pages. `SNAPSHOTS=overwrite cargo test --test cli picture` draws it again.

use std::fmt::Write as _;
use std::path::Path;

use anstyle_svg::{Palette, Term};
use snapbox::{Assert, Data};

use crate::support::Sandbox;

/// The colors of a page.
struct Page {
    name: &'static str,
    text: anstyle::RgbColor,
    background: anstyle::RgbColor,
    palette: Palette,
}

const fn rgb(color: u32) -> anstyle::RgbColor {
    anstyle::RgbColor((color >> 16) as u8, (color >> 8) as u8, color as u8)
}

/// The eight colors, used for their bright forms as well.
const fn palette(colors: [u32; 8]) -> Palette {
    let [a, b, c, d, e, f, g, h] = colors;
    let all = [
        rgb(a),
        rgb(b),
        rgb(c),
        rgb(d),
        rgb(e),
        rgb(f),
        rgb(g),
        rgb(h),
        rgb(a),
        rgb(b),
        rgb(c),
        rgb(d),
        rgb(e),
        rgb(f),
        rgb(g),
        rgb(h),
    ];
    Palette(all)
}

/// Every color has a contrast of at least 4.5 to its background.
const PAGES: [Page; 2] = [
    Page {
        name: "light",
        text: rgb(0x1f2328),
        background: rgb(0xf6f8fa),
        palette: palette([
            0x24292f, 0xcf222e, 0x116329, 0x7d4e00, 0x0969da, 0x8250df, 0x1b6d78, 0x57606a,
        ]),
    },
    Page {
        name: "dark",
        text: rgb(0xe6edf3),
        background: rgb(0x161b22),
        palette: palette([
            0x8b949e, 0xff7b72, 0x56d364, 0xe3b341, 0x79c0ff, 0xd2a8ff, 0x56d4dd, 0xe6edf3,
        ]),
    },
];

/// A new directory, and an alternative that is misspelled.
fn session() -> String {
    let sandbox = Sandbox::repo([
        ("Cargo.lock", ""),
        ("cranelift/src/lib.rs", ""),
        ("crates/wasi/src/lib.rs", ""),
        ("crates/wasi-common/src/lib.rs", ""),
        ("crates/wasi-http/src/lib.rs", ""),
        ("crates/wasi-nn/src/lib.rs", ""),
        ("crates/wasmtime/src/lib.rs", ""),
        (
            "owners.toml",
            r#"[groups]
core     = "@bytecodealliance/wasmtime-core-reviewers"
compiler = "@bytecodealliance/wasmtime-compiler-reviewers"
wasi     = ["@pchickey", "@badeend", "@rvolosatovs"]

[paths] # later rules win
"/{owners.toml,.github/,crates/}"            = "core"
"/cranelift/"                                = "compiler"
"crates/{wasi,wasi-htp,wasi-nn,wasi-common}" = "wasi"
"Cargo.lock"                                 = [] # nobody
"#,
        ),
    ]);
    sandbox.owners("gen -q").prints("");
    sandbox.write("tools/release.sh", "");
    sandbox.git("add -A");
    let mut printed = String::new();
    for command in ["check", "who crates/wasi-http/src/lib.rs --explain"] {
        let run = sandbox.owners(command).args("--color always");
        let output = run.env("COLUMNS", "90").env("NO_COLOR", "").output();
        let _ = writeln!(printed, "\x1b[1m$ owners {command}\x1b[0m");
        printed.push_str(&String::from_utf8(output.stderr).unwrap());
        printed.push_str(&String::from_utf8(output.stdout).unwrap());
        printed.push('\n');
    }
    printed.truncate(printed.trim_end().len());
    printed
}

#[test]
fn is_what_the_binary_prints() {
    let session = session();
    assert!(session.contains("\x1b["), "{session}");
    for page in PAGES {
        let term = Term::new()
            .fg_color(page.text.into())
            .bg_color(page.background.into());
        let drawn = term
            .palette(page.palette)
            .min_width_px(760)
            .render_svg(&session);
        let name = format!("docs/pictures/session-{}.svg", page.name);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        Assert::new()
            .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
            .eq(Data::text(drawn).raw(), Data::read_from(&file, None).raw());
    }
}
