//! Lines of a file for GitHub, and what becomes of them.

use snapbox::str;

use super::{github, imports};
use crate::support::Sandbox;

/// Lines that have the same owners, beside each other and apart.
const ALIKE: &str = "\
*.rs @a
*.toml @a
/src/a/ @b
/src/b/ @b

/src/c/ @b
/src/d/ @b
# why
/src/e/ @b
/src/f/ @b # apart
/x/one/y @c
/x/two/z @c
/l @d
/a/very/long/way/down @d
/a/very/long/way/up @d
";

#[test]
fn folding() {
    let sandbox = github(ALIKE);
    imports(
        &sandbox,
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*.{rs,toml}" = "@a"
"/src/{a,b}/" = "@b"

"/src/{c,d}/"                = "@b"
# why
"/src/e/"                    = "@b"
"/src/f/"                    = "@b"  # apart
"/x/one/y"                   = "@c"
"/x/two/z"                   = "@c"
"/l"                         = "@d"
"/a/very/long/way/{down,up}" = "@d"

"##]],
    );
}

#[test]
fn no_folding() {
    let sandbox = github(ALIKE);
    sandbox.owners("init -q --no-fold").prints("");
    sandbox.file_is(
        "owners.toml",
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*.rs"    = "@a"
"*.toml"  = "@a"
"/src/a/" = "@b"
"/src/b/" = "@b"

"/src/c/"               = "@b"
"/src/d/"               = "@b"
# why
"/src/e/"               = "@b"
"/src/f/"               = "@b"  # apart
"/x/one/y"              = "@c"
"/x/two/z"              = "@c"
"/l"                    = "@d"
"/a/very/long/way/down" = "@d"
"/a/very/long/way/up"   = "@d"

"##]],
    );
}

/// Folding is for files that get shorter by it.
#[test]
fn too_little_to_fold() {
    let apart: String = (0..7).map(|n| format!("/{n}/ @o{n}\n")).collect();
    let sandbox = github(&format!("{apart}/src/x1 @a\n/src/x2 @a\n"));
    sandbox.owners("init").exits(
        0,
        "",
        str![[r#"
wrote owners.toml: 9 lines of .github/CODEOWNERS became 9 rules; 6 tracked paths compared, no difference
each line kept its own rule: alternatives would save only 1 of 9 rules
nobody owns .github/CODEOWNERS, so anybody can change who owns what: add a rule for it and for owners.toml
next: `owners gen --force` replaces .github/CODEOWNERS

"#]],
    );
    assert!(sandbox.read("owners.toml").contains("\"/src/x2\""));
}

/// Names with a common stem are joined, and all of them or none.
#[test]
fn families() {
    let long: String = ["alpha", "beta", "gamma", "delta", "epsilon"]
        .map(|name| format!("/modules/{name}-with-a-rather-long-name/ @long\n"))
        .concat();
    imports(
        &github(&format!(
            "Tasks/CliV1/ @a @b\n\nTasks/CliV2/ @a @b\n\nTasks/CliV3/ @a @b\n\nTasks/DotNetV1/ @a @b\n\n\
             /setup.py @c\n/setup.cfg @c\n/tox.ini @c\n\n{long}"
        )),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
tasks = ["@a", "@b"]

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"Tasks/CliV{1,2,3}/" = "tasks"

"Tasks/DotNetV1/" = "tasks"

"/setup.{py,cfg}" = "@c"
"/tox.ini"        = "@c"

"/modules/alpha-with-a-rather-long-name/"   = "@long"
"/modules/beta-with-a-rather-long-name/"    = "@long"
"/modules/gamma-with-a-rather-long-name/"   = "@long"
"/modules/delta-with-a-rather-long-name/"   = "@long"
"/modules/epsilon-with-a-rather-long-name/" = "@long"

"##]],
    );
}

#[test]
fn repeated_patterns() {
    imports(
        &github("/docs/ @a\n*.md @b\ndocs/** @c\n/docs/ @d\n* @e\n*.md @b\n"),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
#: /docs/ @a   (repeated below)
#: *.md @b   (repeated below)
#: docs/** @c   (repeated below)
"/docs/" = "@d"
"*"      = "@e"
"*.md"   = "@b"

"##]],
    );
}

#[test]
fn lines_that_the_forge_ignores() {
    let sandbox = github(
        "* @org/core\n!/docs/ @a\n/src/[ab] @a\n/docs/ @a nobody\n/x#y @a\n/ @a\n/a/*** @a\n./docs @a\n",
    );
    sandbox.owners("init").exits(0, "", str![[r#"
wrote owners.toml: 8 lines of .github/CODEOWNERS became 1 rule; 6 tracked paths compared, no difference
7 lines had no effect: see the comments
next: `owners gen --force` replaces .github/CODEOWNERS

"#]]);
    sandbox.file_is("owners.toml", str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
core = "@org/core"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*" = "core"
#: !/docs/ @a   (ignored by the forge: GitHub does not support `!`: the line has no effect)
#: /src/[ab] @a   (ignored by the forge: both `[` and `]` must be escaped with a `\`)
#: /docs/ @a nobody   (ignored by the forge: `nobody` is not an owner: it is neither a name that starts with `@` nor an e-mail address)
#: /x#y @a   (ignored by the forge: GitHub takes `#` as the start of a comment: write `?`)
#: / @a   (never matches)
#: /a/*** @a   (never matches)
#: ./docs @a   (never matches)

"##]]);
}

#[test]
fn characters_that_need_care() {
    imports(
        &github(
            "/src/my\\ file.rs @a\n/app/\\[id\\]/ @b\n/app/a\\*b @c\n/x{y} @d\n/a,b/<c> @e\n\
             /it's @f\n/it's\\*a @g\n/say\"so\" @h\n/café/ @i\n/a.b/**/c?d @j\n",
        ),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"/src/my file.rs" = "@a"
"/app/[id]/"      = "@b"
'/app/a\*b'       = "@c"
'/x\{y\}'         = "@d"
'/a\,b/\<c\>'     = "@e"
"/it's"           = "@f"
"/it's\\*a"       = "@g"
'/say"so"'        = "@h"
"/café/"          = "@i"
"/a.b/**/c?d"     = "@j"

"##]],
    );
}

#[test]
fn windows_line_ends_and_a_mark() {
    imports(
        &github("\u{feff}# first\r\n* @org/core\r\n\r\n/docs/ @a # last\r\n"),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
core = "@org/core"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
# first
"*" = "core"

"/docs/" = "@a"  # last

"##]],
    );
    imports(
        &github("* @org/core\n/docs/ @a"),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
core = "@org/core"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*"      = "core"
"/docs/" = "@a"

"##]],
    );
}

#[test]
fn nothing_in_it() {
    imports(
        &github(""),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

# Nobody owns a path yet: no line of the old file has an effect. Rules go here:
# "/src/" = "@group"
[paths]

"##]],
    );
    imports(
        &github("# to be written\n\n"),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

# Nobody owns a path yet: no line of the old file has an effect. Rules go here:
# "/src/" = "@group"
[paths]
# to be written

"##]],
    );
}

#[test]
fn not_text() {
    let sandbox = Sandbox::repo([("a", "")]);
    sandbox.write("CODEOWNERS", b"* @caf\xe9\n");
    sandbox.owners("init").refuses(str![[r#"
error: `CODEOWNERS` is not UTF-8

"#]]);
}

#[test]
fn what_cannot_be_generated_again() {
    let sandbox = github("/a\\\\b @a\n");
    sandbox.owners("init").refuses(str![[r#"
error: cannot import `.github/CODEOWNERS`
 = note: the file could not be generated again, for the pattern `/a\\b`: GitHub has no reliable way to write `\`
 = help: write `?` in its place (it matches any other character too), or rename the path

"#]]);
    assert!(!sandbox.root.join("owners.toml").exists());
    let sandbox = github("/a\u{1}b @a\n");
    sandbox.owners("init").refuses(str![[r#"
error: cannot import `.github/CODEOWNERS`
 = note: line 1: owners.toml has no way to write the pattern "/a\u{1}b"
 = help: write the line in another way, then try again

"#]]);
}

/// The generated file is read as the forge will read it, where it says less than the rules do.
#[test]
fn what_the_generated_file_would_change() {
    let sandbox = Sandbox::repo([("{a", ""), ("ba", "")]);
    sandbox.write(".github/CODEOWNERS", "/{a @y\n");
    sandbox.owners("init --write-output").refuses(str![[r#"
error: cannot replace `.github/CODEOWNERS`
 = note: the generated file gives `ba` to @y (line `/?a`); the current file gives it to nobody
 = help: run `owners init` without `--write-output`, then `owners check`, which says what to change before `owners gen`

"#]]);
    assert!(!sandbox.root.join("owners.toml").exists());
    assert_eq!(sandbox.read(".github/CODEOWNERS"), "/{a @y\n");
    sandbox.owners("init").exits(0, "", str![[r#"
wrote owners.toml: 1 line of .github/CODEOWNERS became 1 rule; 2 tracked paths compared, no difference
the generated file gives `ba` to @y (line `/?a`); the current file gives it to nobody: run `owners check` before `owners gen`
nobody owns .github/CODEOWNERS, so anybody can change who owns what: add a rule for it and for owners.toml
next: `owners gen --force` replaces .github/CODEOWNERS
add to .gitattributes: /.github/CODEOWNERS text eol=lf linguist-generated

"#]]);
    // Where nothing else is taken, it may.
    let sandbox = Sandbox::repo([("{a", ""), ("ba/x", "")]);
    sandbox.write(".github/CODEOWNERS", "/{a @y\n/ba/ @y\n");
    sandbox.owners("init -q --write-output").prints("");
}

#[test]
fn paths_without_an_owner() {
    let sandbox = github("*.rs @org/core\n/docs/b/\n");
    sandbox
        .owners("init --exempt-unowned --write-output")
        .exits(0, "", str![[r#"
wrote owners.toml: 2 lines of .github/CODEOWNERS became 2 rules; 6 tracked paths compared, no difference
5 paths unowned: see `[check] exempt`
nobody owns .github/CODEOWNERS, so anybody can change who owns what: add a rule for it and for owners.toml
wrote .github/CODEOWNERS

"#]]);
    sandbox.file_is(
        "owners.toml",
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
core = "@org/core"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*.rs"     = "core"
"/docs/b/" = []

[check]
# Unowned when this list was made. Shorten it over time.
exempt = [
    "/.gitattributes",
    "/.github/CODEOWNERS",
    "/README.md",
    "/docs/a.md",
    "/owners.toml",
]

"##]],
    );
    sandbox.git("add -A");
    sandbox
        .owners("check -D warnings -A unowned-config")
        .prints(str![[r#"
0 errors, 0 warnings; 8 tracked paths: 2 owned, 1 nobody, 5 exempt

"#]]);
    // A list of nothing is not written.
    let sandbox = github("* @org/core\n");
    sandbox.owners("init -q --exempt-unowned").prints("");
    assert!(!sandbox.read("owners.toml").contains("exempt"));
}
