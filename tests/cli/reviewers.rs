//! `owners reviewers`: whom the forge will ask to review a change, and who is enough.

use snapbox::{file, str};

use crate::support::{Sandbox, one_row_a_line};

/// A base with a generated file, and a branch that changes both the rules and some files.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            r#"[groups]
core = "@org/core"
wasi = ["@alice", "@bob"]

[paths]
"/crates/" = "core"
"/crates/wasi/" = "wasi"
"/crates/both/" = ["core", "@alice"]
"#,
        ),
        ("README.md", ""),
        ("crates/both/a.rs", ""),
        ("crates/core/a.rs", ""),
        ("crates/wasi/a.rs", ""),
        ("crates/wasi/b.rs", ""),
    ]);
    sandbox.git("commit -qm base");
    sandbox.git("checkout -qb change");
    sandbox
}

/// A commit on the branch `change` that changes these files.
fn change(sandbox: &Sandbox, files: &[&str]) {
    sandbox.git("checkout -qB change");
    for file in files {
        sandbox.write(file, "changed");
    }
    sandbox.git("add -A");
    sandbox.git("commit -qm change");
}

/// A change of paths with one owner, with two, with another set, and with none.
fn change_of_several() -> Sandbox {
    let sandbox = sandbox();
    change(
        &sandbox,
        &[
            "README.md",
            "crates/both/a.rs",
            "crates/wasi/a.rs",
            "crates/wasi/new.rs",
        ],
    );
    sandbox
}

#[test]
fn who_is_asked() {
    change_of_several()
        .owners("reviewers main")
        .prints(str![[r#"
4 paths changed since main; the owners are from its .github/CODEOWNERS

@alice  (3 paths)
  crates/both/a.rs
  crates/wasi/a.rs
  crates/wasi/new.rs

@bob  (2 paths)
  crates/wasi/a.rs
  crates/wasi/new.rs

@org/core  (1 path)
  crates/both/a.rs

unowned or nobody  (1 path)
  README.md

enough: @alice  (no smaller set covers every owned path)

"#]]);
}

#[test]
fn the_main_branch_is_the_base_if_none_is_named() {
    let sandbox = change_of_several();
    let named = sandbox.owners("reviewers main").output();
    let found = sandbox.owners("reviewers").output();
    assert_eq!((found.status, found.stdout), (named.status, named.stdout));
}

#[test]
fn who_is_asked_as_markdown() {
    change_of_several()
        .owners("reviewers main --format markdown")
        .prints(file!["reviewers/who_is_asked.md"]);
}

#[test]
fn who_is_asked_as_json() {
    let sandbox = change_of_several();
    let json = sandbox.owners("reviewers main --json").output();
    let base = sandbox.git("rev-parse main");
    let json = one_row_a_line(&json.stdout).replace(base.trim(), "[BASE]");
    sandbox.assert_eq(json.as_bytes(), file!["reviewers/who_is_asked.json"]);
}

#[test]
fn the_author_is_not_asked() {
    let sandbox = sandbox();
    change(&sandbox, &["crates/both/a.rs", "crates/wasi/a.rs"]);
    sandbox.owners("reviewers --author @Alice").prints(str![[r#"
2 paths changed since main; the owners are from its .github/CODEOWNERS

@bob  (1 path)
  crates/wasi/a.rs

@org/core  (1 path)
  crates/both/a.rs

enough: @org/core @bob  (no smaller set covers every owned path)

"#]]);
    sandbox.owners("reviewers --author alice").prints(str![[r#"
2 paths changed since main; the owners are from its .github/CODEOWNERS

@bob  (1 path)
  crates/wasi/a.rs

@org/core  (1 path)
  crates/both/a.rs

enough: @org/core @bob  (no smaller set covers every owned path)

"#]]);
    let sandbox = Sandbox::committed([(".github/CODEOWNERS", "* @alice\n"), ("a", "")]);
    change(&sandbox, &["a"]);
    sandbox.owners("reviewers --author alice").prints(str![[r#"
1 path changed since main; the owners are from its .github/CODEOWNERS

owned by the author alone  (1 path)
  a

"#]]);
}

/// The forge reads the file of the branch that the change goes to.
#[test]
fn the_file_at_the_tip_of_the_base_decides() {
    let sandbox = sandbox();
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@mallory"
"#,
    );
    sandbox.owners("gen -q").prints("");
    change(&sandbox, &["crates/core/a.rs"]);
    // The base moved on since: its tip decides, but what changed is what the branch changed.
    sandbox.git("checkout -q main");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@new"
"#,
    );
    sandbox.write("elsewhere", "");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.git("commit -qm moved-on");
    sandbox.git("checkout -q change");
    sandbox.owners("reviewers main").prints(str![[r#"
3 paths changed since main; the owners are from its .github/CODEOWNERS

@new  (3 paths)
  .github/CODEOWNERS
  crates/core/a.rs
  owners.toml

enough: @new  (no smaller set covers every owned path)

"#]]);
}

#[test]
fn both_names_of_a_moved_file_count() {
    let sandbox = sandbox();
    sandbox.git("mv crates/wasi/a.rs crates/core/b.rs");
    sandbox.git("commit -qm move");
    // A subdirectory, and a wish to see nothing else, make no difference.
    sandbox.git("config diff.relative true");
    sandbox
        .owners("reviewers")
        .within("crates/core")
        .prints(str![[r#"
2 paths changed since main; the owners are from its .github/CODEOWNERS

@alice @bob  (1 path, any of them)
  ../wasi/a.rs

@org/core  (1 path)
  b.rs

enough: @org/core @alice  (no smaller set covers every owned path)

"#]]);
}

#[test]
fn every_section_of_gitlab_wants_an_approval() {
    let sandbox = Sandbox::committed([
        (".gitlab/CODEOWNERS", "* @core\n[Docs]\ndocs/ @writer\n"),
        ("docs/a", ""),
    ]);
    change(&sandbox, &["docs/a"]);
    sandbox.owners("reviewers").prints(str![[r#"
1 path changed since main; the owners are from its .gitlab/CODEOWNERS

@core @writer  (1 path)
  docs/a

needs approval [Docs]: @writer  (1 path)
  docs/a

enough: @core @writer  (no smaller set covers every owned path and every approval)

"#]]);
    sandbox
        .owners("reviewers --platform github")
        .prints(str![[r#"
1 path changed since main, which has no CODEOWNERS file

unowned or nobody  (1 path)
  docs/a

"#]]);
}

/// What Ruby's `fnmatch` makes of classes: negated ones, ranges that are reversed, a slash within, and
/// the way to write a backslash at the end.
#[test]
fn classes_of_gitlab_match() {
    let lines = "* @top\n/[!a].rb @not-a\n/[c-b].md @ends\n/x[y/z] @slash\n/a[\\\\] @backslash\n";
    let sandbox = Sandbox::committed([(".gitlab/CODEOWNERS", lines)]);
    change(
        &sandbox,
        &["a.rb", "b.rb", "é.rb", "b.md", "xy", "xz", "a\\", "a/b.rb"],
    );
    sandbox.owners("reviewers").prints(str![[r#"
8 paths changed since main; the owners are from its .gitlab/CODEOWNERS

@not-a  (2 paths)
  b.rb
  é.rb

@slash  (2 paths)
  xy
  xz

@top  (2 paths)
  a.rb
  a/b.rb

@backslash  (1 path)
  a\

@ends  (1 path)
  b.md

enough: @top @backslash @ends @not-a @slash  (no smaller set covers every owned path)

"#]]);
}

/// GitLab keeps lines by their patterns, without the `!`: of an exclusion and a line with the same
/// pattern only the later one holds.
#[test]
fn an_exclusion_and_a_line_of_gitlab_are_one() {
    for (lines, asked) in [
        ("!/docs/\n/docs/ @b\n", true),
        ("/docs/ @b\n!/docs/\n", false),
        ("!/docs/**/*\n/docs/ @b\n", true),
        // These are two patterns.
        ("!/docs/a\n/docs/ @b\n", false),
        ("!/docs/\n[Docs]\n/docs/ @b\n", true),
    ] {
        let sandbox = Sandbox::committed([(".gitlab/CODEOWNERS", lines), ("docs/a", "")]);
        change(&sandbox, &["docs/a"]);
        let output = sandbox.owners("reviewers").output();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.contains("@b"), asked, "{lines}{text}");
    }
}

/// A section that is opened again has the owners of that heading only.
#[test]
fn sections_of_gitlab_that_are_opened_again() {
    let lines = "[Docs] @docs\n/docs/\n[Code] @code\n/src/\n[DOCS]\n/man/\n[docs] @man\n/man/b\n";
    let sandbox = Sandbox::committed([(".gitlab/CODEOWNERS", lines)]);
    change(&sandbox, &["docs/a", "man/a", "man/b"]);
    sandbox.owners("reviewers").prints(str![[r#"
3 paths changed since main; the owners are from its .gitlab/CODEOWNERS

@docs  (1 path)
  docs/a

@man  (1 path)
  man/b

unowned or nobody  (1 path)
  man/a

needs approval [Docs]: @docs  (1 path)
  docs/a

needs approval [Docs]: @man  (1 path)
  man/b

enough: @docs @man  (no smaller set covers every owned path and every approval)

"#]]);
}

#[test]
fn more_owners_than_can_be_tried() {
    let lines: Vec<String> = (0..25)
        .map(|n| format!("/f{n} @u{n} @u{}\n", (n + 1) % 25))
        .collect();
    let codeowners = lines.concat();
    let sandbox = Sandbox::committed([("CODEOWNERS", &*codeowners)]);
    sandbox.git("checkout -qb change");
    let files: Vec<String> = (0..25).map(|n| format!("f{n}")).collect();
    change(
        &sandbox,
        &files.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let output = sandbox.owners("reviewers").output();
    let text = String::from_utf8(output.stdout).unwrap();
    let last = text.lines().last().unwrap();
    assert!(last.contains("too many owners to try"), "{text}");
}

#[test]
fn long_lists() {
    let sandbox = sandbox();
    let files: Vec<String> = (0..20).map(|n| format!("crates/core/f{n:02}.rs")).collect();
    change(
        &sandbox,
        &files.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    sandbox.owners("reviewers").prints(str![[r#"
20 paths changed since main; the owners are from its .github/CODEOWNERS

@org/core  (20 paths)
  crates/core/f00.rs
  crates/core/f01.rs
  crates/core/f02.rs
  crates/core/f03.rs
  crates/core/f04.rs
  crates/core/f05.rs
  crates/core/f06.rs
  crates/core/f07.rs
  crates/core/f08.rs
  crates/core/f09.rs
  … and 10 more paths; `-v` shows all

enough: @org/core  (no smaller set covers every owned path)

"#]]);
    sandbox
        .owners("reviewers --format markdown")
        .prints(str![[r#"
### Reviewers

20 paths changed since `main`; the owners are from its .github/CODEOWNERS.

| requested | paths |
|---|---|
| `@org/core` | `crates/core/f00.rs`, `crates/core/f01.rs`, `crates/core/f02.rs`, `crates/core/f03.rs`, `crates/core/f04.rs`, `crates/core/f05.rs`, `crates/core/f06.rs`, `crates/core/f07.rs`, `crates/core/f08.rs`, `crates/core/f09.rs` and 10 more |

Enough: `@org/core` (no smaller set covers every owned path).

"#]]);
    let output = sandbox.owners("reviewers -v").output();
    assert!(String::from_utf8(output.stdout).unwrap().contains("f19.rs"));
}

#[test]
fn lists_that_do_not_fold() {
    let sandbox = sandbox();
    let files: Vec<String> = (0..12).map(|n| format!("d{n:02}/a/b/x")).collect();
    let mut files: Vec<&str> = files.iter().map(String::as_str).collect();
    files.extend(["d07/a/y", "d07/a/b/y"]);
    change(&sandbox, &files);
    sandbox.owners("reviewers").prints(str![[r#"
14 paths changed since main; the owners are from its .github/CODEOWNERS

unowned or nobody  (14 paths)
  d00/a/b/x
  d01/a/b/x
  d02/a/b/x
  d03/a/b/x
  d04/a/b/x
  d05/a/b/x
  d06/a/b/x
  d07/a/  (3 paths)
  d08/a/b/x
  d09/a/b/x
  … and 2 more paths; `-v` shows all

"#]]);
}

/// GitHub takes 65,536 characters.
#[test]
fn markdown_fits_a_comment() {
    let long = "x".repeat(100);
    let owned: Vec<String> = (0..60).map(|n| format!("{n:02}-{long}")).collect();
    let mut lines: Vec<String> = (owned.iter().enumerate())
        .map(|(n, file)| format!("{file} @owner-{n}"))
        .collect();
    lines.push(String::new());
    let sandbox = Sandbox::repo([(".github/CODEOWNERS", &*lines.join("\n"))]);
    let files: Vec<String> = (0..10)
        .flat_map(|n| owned.iter().map(move |file| format!("{n}/{file}")))
        .collect();
    sandbox.git("commit -qm base");
    change(
        &sandbox,
        &files.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    let output = sandbox.owners("reviewers main --format markdown").output();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("\n| `@owner-10` | `0/10-xx"), "{text}");
    assert!(text.contains("more rows."), "{text}");
    assert!(text.contains("and 10 more (there are too many"), "{text}");
    assert!((20_000..60_000).contains(&text.len()), "{}", text.len());
}

#[test]
fn nothing_to_review() {
    let sandbox = sandbox();
    sandbox.owners("reviewers").prints(str![[r#"
0 paths changed since main; the owners are from its .github/CODEOWNERS

"#]]);
    let sandbox = Sandbox::committed([("a", "")]);
    change(&sandbox, &["a"]);
    sandbox.owners("reviewers").prints(str![[r#"
1 path changed since main, which has no CODEOWNERS file

unowned or nobody  (1 path)
  a

"#]]);
    sandbox
        .owners("reviewers --json --format markdown")
        .refuses(str![[r#"
error: the argument '--json' cannot be used with '--format <FORMAT>'

Usage: owners reviewers --json [BASE] [HEAD]

For more information, try '--help'.

"#]]);
}

#[test]
fn bases_that_are_not_there() {
    let sandbox = sandbox();
    change(&sandbox, &["README.md"]);
    sandbox.owners("reviewers nowhere").refuses(str![[r#"
error: there is no commit `nowhere`

"#]]);
    let url = format!("file://{}", sandbox.root.display());
    sandbox.git_in(
        "..",
        &format!("clone -q --depth 1 --branch change {url} shallow"),
    );
    sandbox
        .owners("reviewers main")
        .within("../shallow")
        .refuses(str![[r#"
error: there is no commit `main` in this shallow clone: fetch it, with `fetch-depth: 0` in actions/checkout or `git fetch --unshallow`

"#]]);
    sandbox.git_in("../shallow", "fetch -q --depth 1 origin main:main");
    sandbox
        .owners("reviewers main")
        .within("../shallow")
        .refuses(str![[r#"
error: the merge base of `main` and `HEAD` is not in this shallow clone: fetch the whole history, with `fetch-depth: 0` in actions/checkout or `git fetch --unshallow`

"#]]);
    sandbox.git("branch -m main trunk");
    sandbox.owners("reviewers").refuses(str![[r#"
error: there is neither `origin/HEAD` nor `main` nor `master`: name the branch that the change goes into

"#]]);
}
