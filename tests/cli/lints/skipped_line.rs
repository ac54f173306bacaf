//! `skipped-line`: the forge skips a line of a CODEOWNERS file, or a word of it.

use snapbox::str;

use crate::support::Sandbox;

/// A repository with a CODEOWNERS file for GitHub that has these lines.
fn github(lines: &str, files: &[&str]) -> Sandbox {
    let files = files.iter().map(|&file| (file, ""));
    Sandbox::repo(files.chain([(".github/CODEOWNERS", lines)]))
}

/// The same for GitLab.
fn gitlab(lines: &str, files: &[&str]) -> Sandbox {
    let files = files.iter().map(|&file| (file, ""));
    Sandbox::repo(files.chain([(".gitlab/CODEOWNERS", lines), (".gitlab-ci.yml", "")]))
}

/// Each help says what to write in place of what stands there.
#[test]
fn patterns_on_github() {
    let sandbox = github(
        "* @a\n/app/[id]/ @b\n/src/[ab].rs  @b @c # two\n/src/[a-z].rs @b\n!/src/a.rs\n/ @a\n[S] @b\n",
        &["app/[id]/page.tsx", "src/a.rs", "src/b.rs"],
    );
    sandbox.owners("check").finds(str![[r#"
error[skipped-line]: GitHub skips the line of `/app/[id]/`
 --> .github/CODEOWNERS:2:1
  |
2 | /app/[id]/ @b
  | ^^^^^^^^^^ both `[` and `]` must be escaped with a `\`
  |
  = help: write `/app/\[id\]/`

error[skipped-line]: GitHub skips the line of `/src/[ab].rs`
 --> .github/CODEOWNERS:3:1
  |
3 | /src/[ab].rs  @b @c # two
  | ^^^^^^^^^^^^ both `[` and `]` must be escaped with a `\`
  |
  = help: write a line for each:
          `/src/a.rs @b @c # two`
          `/src/b.rs @b @c # two`

error[skipped-line]: GitHub skips the line of `/src/[a-z].rs`
 --> .github/CODEOWNERS:4:1
  |
4 | /src/[a-z].rs @b
  | ^^^^^^^^^^^^^ both `[` and `]` must be escaped with a `\`
  |
  = help: write `?` or `*` in place of a class, or `/src/\[a-z\].rs` if a path has these brackets

error[skipped-line]: GitHub skips the line of `!/src/a.rs`
 --> .github/CODEOWNERS:5:1
  |
5 | !/src/a.rs
  | ^^^^^^^^^^ GitHub does not support `!`: the line has no effect
  |
  = help: write `/src/a.rs` without owners, below the lines that own it: then nobody owns it

error[skipped-line]: `/` never matches a path on GitHub
 --> .github/CODEOWNERS:6:1
  |
6 | / @a
  | ^ matches nothing in any tree
  |
  = help: write `*` for every path, or `/*` for the files at the root

error[skipped-line]: GitHub skips the line of `[S]`
 --> .github/CODEOWNERS:7:1
  |
7 | [S] @b
  | ^^^ both `[` and `]` must be escaped with a `\`
  |
  = note: the heading of a section on GitLab; GitHub has no sections
  = help: write it as a comment: `# [S] @b`

6 errors, 0 warnings; 4 tracked paths: 4 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

#[test]
fn owners_on_github() {
    let sandbox = github(
        "* @a\n/b @b, @c\n/c c\n/d @d@e\n/e @org/a/b\n/f @f,@g\n/g d@e\n// @a\n/{a, b, c}.rs @a @b\n/<a, b\n",
        &["b"],
    );
    sandbox.owners("check -A dead-pattern").finds(str![[r#"
error[skipped-line]: GitHub skips the line of `/b`
 --> .github/CODEOWNERS:2:4
  |
2 | /b @b, @c
  |    ^^^ `@b,` is not an owner: a user or organization name has only letters, digits and hyphens, and does not start with a hyphen
  |
  = help: write `@b`: owners are separated by blanks only

error[skipped-line]: GitHub skips the line of `/c`
 --> .github/CODEOWNERS:3:4
  |
3 | /c c
  |    ^ `c` is not an owner: it is neither a name that starts with `@` nor an e-mail address
  |
  = help: write `@c` if that is an owner; a comment starts with `#`

error[skipped-line]: GitHub skips the line of `/d`
 --> .github/CODEOWNERS:4:4
  |
4 | /d @d@e
  |    ^^^^ `@d@e` is not an owner: two owners are written as one
  |
  = help: write a blank between them: `@d @e`

error[skipped-line]: GitHub skips the line of `/e`
 --> .github/CODEOWNERS:5:4
  |
5 | /e @org/a/b
  |    ^^^^^^^^ `@org/a/b` is not an owner: a team is written as `@org/team`, without its parent team
  |
  = help: write `@org/b`

error[skipped-line]: GitHub skips the line of `/f`
 --> .github/CODEOWNERS:6:4
  |
6 | /f @f,@g
  |    ^^^^^ `@f,@g` is not an owner: two owners are written as one
  |
  = help: write `@f @g`: owners are separated by blanks

error[skipped-line]: GitHub skips the line of `/g`
 --> .github/CODEOWNERS:7:4
  |
7 | /g d@e
  |    ^^^ `d@e` is not an owner: it is neither a name that starts with `@` nor an e-mail address
  |
  = help: write `@user`, `@org/team` or an e-mail address

error[skipped-line]: `//` never matches a path on GitHub
 --> .github/CODEOWNERS:8:1
  |
8 | // @a
  | ^^ matches nothing in any tree
  |
  = help: remove it, or correct the pattern

error[skipped-line]: GitHub skips the line of `/{a,`
 --> .github/CODEOWNERS:9:6
  |
9 | /{a, b, c}.rs @a @b
  |      ^^ `b,` is not an owner: it is neither a name that starts with `@` nor an e-mail address
  |
  = note: a blank ends the pattern
  = help: write a line for each:
          `/a.rs @a @b`
          `/b.rs @a @b`
          `/c.rs @a @b`

error[skipped-line]: GitHub skips the line of `/<a,`
  --> .github/CODEOWNERS:10:6
   |
10 | /<a, b
   |      ^ `b` is not an owner: it is neither a name that starts with `@` nor an e-mail address
   |
   = help: write `@b` if that is an owner; a comment starts with `#`

9 errors, 0 warnings; 2 tracked paths: 2 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// A line that GitHub skips decides nothing.
#[test]
fn the_line_has_no_effect() {
    let sandbox = github("* @a\n/b b\n", &["b"]);
    sandbox.owners("who b").prints(str![[r#"
b  @a

"#]]);
}

#[test]
fn words_on_gitlab() {
    let sandbox = gitlab(
        "* @a\n/b @b # as @c said\n/c @c # fine\n/d # nobody\n/e @e e f\n[ab].txt @x\n/q[ab @x\n[S] @a, @b\n/b\n[T] @t # fine, here\n/b # the owners of the section\n/c\n",
        &["b", "c", "d", "e"],
    );
    sandbox.owners("check").finds(str![[r#"
error[skipped-line]: GitLab takes `@c` in a comment for an owner
 --> .gitlab/CODEOWNERS:2:7
  |
2 | /b @b # as @c said
  |       ^^^^^^^^^^^^ GitLab has no comments after a pattern
  |
  = help: write the comment on a line of its own, above this line

error[skipped-line]: GitLab ignores `e` in the line of `/e`
 --> .gitlab/CODEOWNERS:5:7
  |
5 | /e @e e f
  |       ^ - ignored too
  |       |
  |       `e` is not an owner: it is neither a name that starts with `@` nor an e-mail address
  |
  = help: write `@e` if that is an owner; a comment starts with `#`

error[skipped-line]: GitLab takes `[ab].txt` for the section `[ab]`
 --> .gitlab/CODEOWNERS:6:1
  |
6 | [ab].txt @x
  | ^^^^^^^^ not a pattern
  |
  = help: write `/[ab].txt` for the root, or `**/[ab].txt` for any directory; after a heading, write a blank

error[skipped-line]: `/q[ab` never matches a path on GitLab
 --> .gitlab/CODEOWNERS:7:1
  |
7 | /q[ab @x
  | ^^^^^ matches nothing in any tree
  |
  = help: close the class with `]`, or write `\[` for a bracket

error[skipped-line]: GitLab ignores `,` in the line of `[S]`
 --> .gitlab/CODEOWNERS:8:7
  |
8 | [S] @a, @b
  |       ^ the owners of a section end here
  |
  = help: separate owners by blanks only

error[skipped-line]: GitLab takes the comment of `/b` for owners in place of those of its section
  --> .gitlab/CODEOWNERS:11:4
   |
11 | /b # the owners of the section
   |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ GitLab has no comments after a pattern
   |
   = help: write the comment on a line of its own, above this line

6 errors, 0 warnings; 6 tracked paths: 5 owned, 1 nobody

"#]]);
    // What the findings say is what decides.
    sandbox.owners("who b c d e").prints(str![[r#"
b  @b @c @a
c  @c @t
d  (nobody)
e  @e

"#]]);
}

/// Nothing is said of a file in order, nor of a comment where GitHub has comments.
#[test]
fn lines_in_order() {
    github(
        "# x\n\t* @a @org/b c@example.com # see @d [x]\r\n\r\n/x\\ y/\t@a\n",
        &["x y/z"],
    )
    .owners("check --format short")
    .prints("");
    gitlab("[S][2] @a\n*\n^[T] @a/b/c\n/.gitlab/ @@maintainer\n", &[])
        .owners("check --format short")
        .prints("");
}

/// On GitHub, an escaped backslash does not escape the blank behind it.
#[test]
fn a_backslash_at_the_end_of_the_pattern() {
    github("* @a\n/a\\\\ @b ö\n", &["a"])
        .owners("check --format short")
        .finds(str![[r#"
.github/CODEOWNERS:2:9: error[skipped-line]: GitHub skips the line of `/a\\`

"#]]);
}

/// Somewhere else than in the first column, and not in ASCII.
#[test]
fn the_place_is_that_of_the_word() {
    let sandbox = github("\u{feff}* @a\n\té\\ ü/  @a ö\n", &["é ü/x"]);
    sandbox.owners("check --format short").finds(str![[r#"
.github/CODEOWNERS:2:12: error[skipped-line]: GitHub skips the line of `é\ ü/`

"#]]);
    sandbox.owners("check --format github").finds(str![[r#"
::error file=.github/CODEOWNERS,line=2,endLine=2,col=12,endColumn=13,title=skipped-line::GitHub skips the line of `é\ ü/`: `ö` is not an owner: it is neither a name that starts with `@` nor an e-mail address%0Ahelp: write `@user`, `@org/team` or an e-mail address

"#]]);
}

/// A blank in a pattern needs a backslash, and every word that is not an owner is named.
#[test]
fn blanks_and_several_faults() {
    let sandbox = github(
        "* @a\n/my dir/ @a\n/the big file @a\n/c bob @a carol\n/d @org/a/b @a\n",
        &["my dir/x", "the big file"],
    );
    sandbox.owners("check -A dead-pattern").finds(str![[r#"
error[skipped-line]: GitHub skips the line of `/my`
 --> .github/CODEOWNERS:2:1
  |
2 | /my dir/ @a
  | ^^^^^^^^ a blank ends the pattern, unless a backslash is before it
  |
  = help: write `/my\ dir/`

error[skipped-line]: GitHub skips the line of `/the`
 --> .github/CODEOWNERS:3:1
  |
3 | /the big file @a
  | ^^^^^^^^^^^^^ a blank ends the pattern, unless a backslash is before it
  |
  = help: write `/the\ big\ file`

error[skipped-line]: GitHub skips the line of `/c`
 --> .github/CODEOWNERS:4:4
  |
4 | /c bob @a carol
  |    ^^^ `bob` is not an owner: it is neither a name that starts with `@` nor an e-mail address
  |
  = note: `carol` is not an owner, either
  = help: for `bob`: write `@bob` if that is an owner; a comment starts with `#`
  = help: for `carol`: write `@carol` if that is an owner; a comment starts with `#`

error[skipped-line]: GitHub skips the line of `/d`
 --> .github/CODEOWNERS:5:4
  |
5 | /d @org/a/b @a
  |    ^^^^^^^^ `@org/a/b` is not an owner: a team is written as `@org/team`, without its parent team
  |
  = help: write `@org/b`

4 errors, 0 warnings; 3 tracked paths: 3 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
    let sandbox = gitlab("* @a\n/my dir/ @a\n", &["my dir/x"]);
    sandbox.owners("check -A dead-pattern").finds(str![[r#"
error[skipped-line]: GitLab ignores `dir/` in the line of `/my`
 --> .gitlab/CODEOWNERS:2:1
  |
2 | /my dir/ @a
  | ^^^^^^^^ a blank ends the pattern, unless a backslash is before it
  |
  = help: write `/my\ dir/`

1 error, 0 warnings; 3 tracked paths: 3 owned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}

/// An address with an `@` before it, which a blank would not mend.
#[test]
fn addresses() {
    let sandbox = github("* @ann.lee@example.com\n/a @x@y\n", &["a"]);
    sandbox.owners("check -A unowned-path").finds(str![[r#"
error[skipped-line]: GitHub skips the line of `*`
 --> .github/CODEOWNERS:1:3
  |
1 | * @ann.lee@example.com
  |   ^^^^^^^^^^^^^^^^^^^^ `@ann.lee@example.com` is not an owner: an e-mail address has no `@` before it
  |
  = help: write `ann.lee@example.com`

error[skipped-line]: GitHub skips the line of `/a`
 --> .github/CODEOWNERS:2:4
  |
2 | /a @x@y
  |    ^^^^ `@x@y` is not an owner: two owners are written as one
  |
  = help: write a blank between them: `@x @y`

warning[unowned-config]: anybody can change who owns what: `.github/CODEOWNERS` is not owned
--> .github/CODEOWNERS
 = help: add a line: `/.github/CODEOWNERS <owners>`

2 errors, 1 warning; 2 tracked paths: 0 owned, 2 unowned
`owners init` would add groups, alternatives such as `{a,b}`, and exemptions for paths that may stay unowned

"#]]);
}
