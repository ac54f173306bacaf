//! The same for Gitea and Forgejo, which report nothing about the file.

use snapbox::str;

use crate::support::Sandbox;

/// Lines that are dropped, that never match, and that mean something else than they seem to.
const LINES: &str = "\
libavcodec/.*aac.* @lynne @bob
libavcodec/mediacodec* @quink
docs/ @d
docs/* @e
*.go @g
/libavutil/.* @mich
**/x @a
.*
libavcodek/.* @n
libavcodec/x86/.* u@example.com @rb
(?i)readme\\\\.md @r
\\\\bfoo @q
[a-z]+/.*\\\\.c @cc
(?!lib).*\\\\.h @h
";

fn sandbox(file: &str) -> Sandbox {
    Sandbox::repo([
        (file, LINES),
        ("README.md", ""),
        ("docs/a.md", ""),
        ("include/a.h", ""),
        ("libavcodec/aacdec.c", ""),
        ("libavcodec/mediacodec.c", ""),
        ("libavcodec/x86/vp8.c", ""),
        ("libavutil/tx.c", ""),
        ("main.go", ""),
    ])
}

#[test]
fn gitea() {
    let sandbox = sandbox(".gitea/CODEOWNERS");
    sandbox.owners("check").finds(str![[r#"
error[skipped-line]: `docs/` never matches a path on Gitea
 --> .gitea/CODEOWNERS:3:1
  |
3 | docs/ @d
  | ^^^^^ matches nothing in any tree
  |
  = help: write `(.*/)?docs/.*`: it is a regular expression for a whole path

error[skipped-line]: Gitea skips the line of `**/x`
 --> .gitea/CODEOWNERS:7:1
  |
7 | **/x @a
  | ^^^^ not a regular expression: a repetition is repeated
  |
  = help: write `(.*/)?x(/.*)?`, if it is a pattern as on GitHub

error[skipped-line]: Gitea skips the line of `.*`
 --> .gitea/CODEOWNERS:8:1
  |
8 | .*
  | ^^ a line without owners is dropped
  |
  = help: name owners behind it, or remove the line

error[skipped-line]: Gitea ignores `u@example.com` in the line of `libavcodec/x86/.*`
  --> .gitea/CODEOWNERS:10:19
   |
10 | libavcodec/x86/.* u@example.com @rb
   |                   ^^^^^^^^^^^^^ `u@example.com` is not an owner: there are no e-mail addresses on Gitea and Forgejo
   |
   = help: write `@user` or `@org/team`

error[skipped-line]: cannot tell what the line of `\\bfoo` matches
  --> .gitea/CODEOWNERS:12:1
   |
12 | \\bfoo @q
   | ^^^^^^ `owners` cannot tell what `\b` matches
   |
   = note: its owners are left out, here and elsewhere
   = help: write it in another way

warning[dead-pattern]: no tracked path matches `docs/*`
 --> .gitea/CODEOWNERS:4:1
  |
4 | docs/* @e
  | ^^^^^^ matches only a file of that name
  |
  = help: Gitea needs an expression for what is in a directory: `docs/.*`

warning[dead-pattern]: no tracked path matches `libavcodec/mediacodec*`
 --> .gitea/CODEOWNERS:2:1
  |
2 | libavcodec/mediacodec* @quink
  | ^^^^^^^^^^^^^^^^^^^^^^ matches nothing
  |
  = help: write `libavcodec/mediacodec[^/]*(/.*)?`: it is a regular expression for a whole path

warning[dead-pattern]: no tracked path matches `libavcodek/.*`
 --> .gitea/CODEOWNERS:9:1
  |
9 | libavcodek/.* @n
  | ^^^^^^^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[unowned-config]: anybody can change who owns what: `.gitea/CODEOWNERS` is not owned
--> .gitea/CODEOWNERS
 = help: add a line: `\\.gitea/CODEOWNERS <owners>`

error[unowned-path]: 2 paths in `./` are unowned
 = note: `.gitea/CODEOWNERS`, `docs/a.md`
 = help: add a line for each: `\\.gitea/.* <owners>`, `docs/.* <owners>`

6 errors, 4 warnings; 9 tracked paths: 7 owned, 2 unowned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
    sandbox.owners("ls").prints(str![[r#"
.gitea/CODEOWNERS        (unowned)
README.md                @r
docs/a.md                (unowned)
include/a.h              @h
libavcodec/aacdec.c      @lynne @bob @cc
libavcodec/mediacodec.c  @cc
libavcodec/x86/vp8.c     @rb @cc
libavutil/tx.c           @mich @cc
main.go                  @g

"#]]);
    sandbox
        .owners("who --explain libavcodec/aacdec.c")
        .prints(str![[r#"
libavcodec/aacdec.c  @lynne @bob @cc
    added by .gitea/CODEOWNERS:1:1: libavcodec/.*aac.* @lynne @bob
    added by .gitea/CODEOWNERS:13:1: [a-z]+/.*\\.c @cc

"#]]);
}

/// There, no path starts with a slash, and there is no `(?!…)`.
#[test]
fn forgejo() {
    let sandbox = sandbox(".forgejo/CODEOWNERS");
    sandbox.owners("check --format short").finds(str![[r#"
.forgejo/CODEOWNERS:3:1: error[skipped-line]: `docs/` never matches a path on Forgejo
.forgejo/CODEOWNERS:6:1: error[skipped-line]: `/libavutil/.*` never matches a path on Forgejo
.forgejo/CODEOWNERS:7:1: error[skipped-line]: Forgejo skips the line of `**/x`
.forgejo/CODEOWNERS:8:1: error[skipped-line]: Forgejo skips the line of `.*`
.forgejo/CODEOWNERS:10:19: error[skipped-line]: Forgejo ignores `u@example.com` in the line of `libavcodec/x86/.*`
.forgejo/CODEOWNERS:12:1: error[skipped-line]: cannot tell what the line of `\\bfoo` matches
.forgejo/CODEOWNERS:14:1: error[skipped-line]: Forgejo skips the line of `(?!lib).*\\.h`
.forgejo/CODEOWNERS:4:1: warning[dead-pattern]: no tracked path matches `docs/*`
.forgejo/CODEOWNERS:2:1: warning[dead-pattern]: no tracked path matches `libavcodec/mediacodec*`
.forgejo/CODEOWNERS:9:1: warning[dead-pattern]: no tracked path matches `libavcodek/.*`
.forgejo/CODEOWNERS: warning[unowned-config]: anybody can change who owns what: `.forgejo/CODEOWNERS` is not owned
.forgejo/CODEOWNERS: error[unowned-path]: `.forgejo/CODEOWNERS` is unowned
docs/a.md: error[unowned-path]: `docs/a.md` is unowned
include/a.h: error[unowned-path]: `include/a.h` is unowned

"#]]);
}

/// Several forges look at the root: what only a regular expression has says which it is.
#[test]
fn at_the_root() {
    let sandbox = sandbox("CODEOWNERS");
    sandbox.owners("who main.go").prints(str![[r#"
main.go  @g

"#]]);
}

/// Of an expression with alternatives, one matches a directory only as a file of its name.
#[test]
fn alternatives_of_which_one_matches() {
    let sandbox = Sandbox::repo([
        (".gitea/CODEOWNERS", ".* @a\nsrc|docs @b\n(lib|docs) @c\n"),
        ("docs/a", ""),
        ("lib/a", ""),
        ("src/x", ""),
    ]);
    sandbox.owners("check").prints(str![[r#"
warning[dead-pattern]: no tracked path matches `(lib|docs)`
 --> .gitea/CODEOWNERS:3:1
  |
3 | (lib|docs) @c
  | ^^^^^^^^^^ matches only a file of that name
  |
  = help: Gitea needs an expression for what is in a directory: `lib/.*`, `docs/.*`

0 errors, 1 warning; 4 tracked paths: 4 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// Forgejo looks where Gitea does: its own directory says that it reads the file.
#[test]
fn where_forgejo_reads_the_file() {
    let sandbox = sandbox(".gitea/CODEOWNERS");
    let dropped = "/libavutil/.*` never matches a path on Forgejo";
    let is_forgejo = |sandbox: &Sandbox, args: &str| {
        let output = sandbox.owners(args).output();
        String::from_utf8(output.stdout).unwrap().contains(dropped)
    };
    assert!(!is_forgejo(&sandbox, "check"));
    sandbox.write(".forgejo/workflows/ci.yml", "");
    sandbox.git("add -A");
    sandbox.git("commit -qm 1");
    for args in ["check", "check --rev HEAD"] {
        assert!(is_forgejo(&sandbox, args), "{args}");
    }
    sandbox.git("mv .gitea/CODEOWNERS CODEOWNERS");
    assert!(is_forgejo(&sandbox, "check"));
}

/// Everybody is asked whom a line names.
#[test]
fn reviewers() {
    let sandbox = Sandbox::committed([
        (".gitea/CODEOWNERS", ".* @a\nsrc/.* @b @c\n"),
        ("src/x", ""),
    ]);
    sandbox.write("src/x", "changed");
    sandbox.git("commit -qam change");
    sandbox.owners("reviewers HEAD~1").prints(str![[r#"
1 path changed since HEAD~1; the owners are from its .gitea/CODEOWNERS

@a @b @c  (1 path)
  src/x

enough: @a @b  (no smaller set covers every owned path)

"#]]);
}

/// A pattern as on GitHub that matches nothing as an expression: the help says what was meant.
#[test]
fn patterns_for_another_forge() {
    let sandbox = sandbox(".forgejo/CODEOWNERS");
    sandbox.write("lib/vp8_dec.c", "");
    sandbox.write("lib/vp9.c", "");
    sandbox.write(
        ".forgejo/CODEOWNERS",
        ".* @a\nlib/vp* @b\nlib/.*_de* @b\nlib/q* @b\n/li*/ @c\n",
    );
    sandbox.git("add -A");
    sandbox.owners("check").finds(str![[r#"
error[skipped-line]: `/li*/` never matches a path on Forgejo
 --> .forgejo/CODEOWNERS:5:1
  |
5 | /li*/ @c
  | ^^^^^ matches nothing in any tree
  |
  = help: write `li[^/]*/.*`: it is a regular expression for a whole path

warning[dead-pattern]: no tracked path matches `lib/vp*`
 --> .forgejo/CODEOWNERS:2:1
  |
2 | lib/vp* @b
  | ^^^^^^^ matches nothing
  |
  = help: write `lib/vp[^/]*(/.*)?`: it is a regular expression for a whole path

warning[dead-pattern]: no tracked path matches `lib/.*_de*`
 --> .forgejo/CODEOWNERS:3:1
  |
3 | lib/.*_de* @b
  | ^^^^^^^^^^ matches nothing
  |
  = help: write `lib/.*_de.*`: it is a regular expression for a whole path

warning[dead-pattern]: no tracked path matches `lib/q*`
 --> .forgejo/CODEOWNERS:4:1
  |
4 | lib/q* @b
  | ^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

1 error, 3 warnings; 11 tracked paths: 11 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}
