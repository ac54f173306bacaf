//! The same for Bitbucket Cloud: lines that it does not document are not guessed.

use snapbox::str;

use crate::support::Sandbox;

const LINES: &str = "\
# Everything
*             @acme/core
docs/*        @ann # one level?
/web/*        @bob
/src/[ab].rs  @ann
/my dir/      @ann
/src/a\\ b.rs @ann
!/docs/       @ann
/gone/
/src/         @Ann @@Devs acme/Core
*.rs          @acme/Rust ann@example.com
@@@Devs       @ann
Check(@@Devs >= 1)
";

fn sandbox() -> Sandbox {
    Sandbox::repo([
        (".bitbucket/CODEOWNERS", LINES),
        ("docs/a/b.md", ""),
        ("my dir/x", ""),
        ("src/a.rs", ""),
        ("web/x", ""),
    ])
}

#[test]
fn check() {
    sandbox().owners("check").finds(str![[r#"
error[skipped-line]: cannot tell what the line of `docs/*` matches
 --> .bitbucket/CODEOWNERS:3:1
  |
3 | docs/*        @ann # one level?
  | ^^^^^^ may mean `/docs/`, as in a `.gitignore`; it is read as on GitHub here
  |
  = note: then `@ann` owns `docs/a/b.md`, otherwise `@acme/core`
  = help: write `/docs/` if it is for everything below; otherwise write that, and a line behind it for what is deeper: `/docs/*/ <owners>`

error[skipped-line]: Bitbucket Cloud skips the line of `/src/[ab].rs`
 --> .bitbucket/CODEOWNERS:5:1
  |
5 | /src/[ab].rs  @ann
  | ^^^^^^^^^^^^ `[ ]` are no character ranges on Bitbucket Cloud
  |
  = help: write a line for each:
          `/src/a.rs @ann`
          `/src/b.rs @ann`

error[skipped-line]: Bitbucket Cloud ignores `dir/` in the line of `/my`
 --> .bitbucket/CODEOWNERS:6:1
  |
6 | /my dir/      @ann
  | ^^^^^^^^ a blank ends the pattern
  |
  = help: write `/my?dir/`

error[skipped-line]: cannot tell what the line of `/src/a\ b.rs` matches
 --> .bitbucket/CODEOWNERS:7:1
  |
7 | /src/a\ b.rs @ann
  | ^^^^^^^^^^^^ Bitbucket Cloud documents no escapes: write `?` in place of the character
  |
  = note: its owners are left out, here and elsewhere
  = help: write it in another way

error[skipped-line]: Bitbucket Cloud skips the line of `!/docs/`
 --> .bitbucket/CODEOWNERS:8:1
  |
8 | !/docs/       @ann
  | ^^^^^^^ `!` does not negate a pattern on Bitbucket Cloud
  |
  = help: narrow the lines that own it: no line says that nobody owns a path

error[skipped-line]: cannot tell what the line of `/gone/` means
 --> .bitbucket/CODEOWNERS:9:1
  |
9 | /gone/
  | ^^^^^^ Bitbucket Cloud does not document a line without owners
  |
  = help: name owners behind it, or remove the line

error[skipped-line]: Bitbucket Cloud ignores `@@Devs` in the line of `/src/`
  --> .bitbucket/CODEOWNERS:10:20
   |
10 | /src/         @Ann @@Devs acme/Core
   |                    ^^^^^^ --------- ignored too
   |                    |
   |                    `@@Devs` is not an owner: names with `@@` belong to an app of the Marketplace
   |
   = help: write `@workspace/group` for a group of the workspace, or `@teams/team` for a team of `.bitbucket/teams.yaml`

error[skipped-line]: Bitbucket Cloud ignores `@acme/Rust` in the line of `*.rs`
  --> .bitbucket/CODEOWNERS:11:15
   |
11 | *.rs          @acme/Rust ann@example.com
   |               ^^^^^^^^^^ `@acme/Rust` is not an owner: a group is written with its slug, which has only lowercase letters, digits, `-`, `_` and `.`
   |
   = help: look up the slug in the group's address; it may be `@acme/rust`

error[skipped-line]: Bitbucket Cloud skips the line of `@@@Devs`
  --> .bitbucket/CODEOWNERS:12:1
   |
12 | @@@Devs       @ann
   | ^^^^^^^ groups of the file (`@@@`) belong to an app of the Marketplace: Bitbucket itself has teams in `.bitbucket/teams.yaml`
   |
   = help: remove it

error[skipped-line]: Bitbucket Cloud skips the line of `Check(@@Devs`
  --> .bitbucket/CODEOWNERS:13:1
   |
13 | Check(@@Devs >= 1)
   | ^^^^^^^^^^^^ merge checks in the file belong to an app of the Marketplace: those of Bitbucket are settings of the repository
   |
   = help: remove it

warning[dead-pattern]: no tracked path matches `docs/*`
 --> .bitbucket/CODEOWNERS:3:1
  |
3 | docs/*        @ann # one level?
  | ^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: no tracked path matches `/my`
 --> .bitbucket/CODEOWNERS:6:1
  |
6 | /my dir/      @ann
  | ^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[ineffective-pattern]: `/src/` has no effect on any tracked path
  --> .bitbucket/CODEOWNERS:10:1
   |
10 | /src/         @Ann @@Devs acme/Core
   | ^^^^^ later rules decide every path that it matches
11 | *.rs          @acme/Rust ann@example.com
   | ---- this rule decides `src/a.rs`
   |
   = note: the rule may take effect for paths that are added later
   = help: move the rule below the rules that decide its paths, or remove it

10 errors, 3 warnings; 5 tracked paths: 5 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

#[test]
fn who() {
    sandbox()
        .owners("who docs/a/b.md web/x src/a.rs")
        .prints(str![[r#"
docs/a/b.md  @acme/core
web/x        @bob
src/a.rs     ann@example.com

"#]]);
    sandbox().owners("who --explain src/a.rs").prints(str![[r#"
src/a.rs  ann@example.com
    decided by .bitbucket/CODEOWNERS:11:1: *.rs @acme/Rust ann@example.com
    overrides .bitbucket/CODEOWNERS:10:1: /src/ @Ann @@Devs acme/Core
    overrides .bitbucket/CODEOWNERS:2:1: * @acme/core

"#]]);
}

/// A line with two meanings is reported if a tracked path tells them apart.
#[test]
fn two_meanings() {
    let sandbox = Sandbox::repo([
        (
            ".bitbucket/CODEOWNERS",
            "/* @root\ndocs/**/ @docs\n/a/*/* @a\n/b/* @b\n",
        ),
        ("README.md", ""),
        ("a/b/c/d", ""),
        ("b/c", ""),
        ("docs/x", ""),
    ]);
    sandbox.owners("check -A unowned-path").finds(str![[r#"
error[skipped-line]: cannot tell what the line of `/*` matches
 --> .bitbucket/CODEOWNERS:1:1
  |
1 | /* @root
  | ^^ may mean `*`, as in a `.gitignore`; it is read as on GitHub here
  |
  = note: then `@root` owns `.bitbucket/CODEOWNERS`, otherwise nobody
  = help: write `*` if it is for everything below; otherwise write that, and a line behind it for what is deeper: `/*/ <owners>`

error[skipped-line]: cannot tell what the line of `docs/**/` matches
 --> .bitbucket/CODEOWNERS:2:1
  |
2 | docs/**/ @docs
  | ^^^^^^^^ may mean `/docs/*/`, as in a `.gitignore`; it is read as on GitHub here
  |
  = note: then `@root` owns `docs/x`, otherwise `@docs`
  = help: write `/docs/` or `/docs/*/`

error[skipped-line]: cannot tell what the line of `/a/*/*` matches
 --> .bitbucket/CODEOWNERS:3:1
  |
3 | /a/*/* @a
  | ^^^^^^ may mean `/a/*/`, as in a `.gitignore`; it is read as on GitHub here
  |
  = note: then `@a` owns `a/b/c/d`, otherwise nobody
  = help: write `/a/*/` if it is for everything below; otherwise write that, and a line behind it for what is deeper: `/a/*/*/ <owners>`

warning[dead-pattern]: no tracked path matches `/a/*/*`
 --> .bitbucket/CODEOWNERS:3:1
  |
3 | /a/*/* @a
  | ^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[unowned-config]: anybody can change who owns what: `.bitbucket/CODEOWNERS` is not owned
--> .bitbucket/CODEOWNERS
 = help: add a line: `/.bitbucket/CODEOWNERS <owners>`

3 errors, 2 warnings; 5 tracked paths: 3 owned, 2 unowned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// Names in quotes: one help for all words of a line.
#[test]
fn names_in_quotes() {
    let sandbox = Sandbox::repo([
        (
            ".bitbucket/CODEOWNERS",
            "* @a\n/x/ @\"Ann Lee\" @\"Bo Li\"\n",
        ),
        ("x/a", ""),
    ]);
    sandbox.owners("check").finds(str![[r#"
error[skipped-line]: Bitbucket Cloud skips the line of `/x/`
 --> .bitbucket/CODEOWNERS:2:5
  |
2 | /x/ @"Ann Lee" @"Bo Li"
  |     ^^^^^ `@"Ann` is not an owner: names in quotes belong to an app of the Marketplace
  |
  = note: `Lee"`, `@"Bo`, `Li"` are not owners, either
  = help: write `@user`, `@workspace/group`, `@teams/team` or an e-mail address

1 error, 0 warnings; 2 tracked paths: 2 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}
