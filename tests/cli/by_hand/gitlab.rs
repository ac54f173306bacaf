//! The same for GitLab, where each section decides on its own.

use snapbox::str;

use crate::support::Sandbox;

const LINES: &str = "\
*          @all
/docs/     @docs
!/docs/gen/
/docs/gen/x.md @lost

[Backend][2] @back
/src/
/src/      @other
*.rb       @ruby

^[Docs]    @writers
*.md
/src/      @src-docs
/lib       @lib
";

fn sandbox() -> Sandbox {
    Sandbox::repo([
        (".gitlab/CODEOWNERS", LINES),
        ("docs/a.md", ""),
        ("docs/gen/x.md", ""),
        ("docs/gen/y", ""),
        ("lib/l", ""),
        ("src/a.rb", ""),
        ("src/b.c", ""),
    ])
}

/// No line is compared with a line of another section: `/src/` stands in two.
#[test]
fn check() {
    sandbox().owners("check").finds(str![[r#"
error[duplicate-pattern]: two lines have the pattern `/src/`
 --> .gitlab/CODEOWNERS:7:1
  |
7 | /src/
  | ^^^^^ GitLab takes the place of this line
8 | /src/      @other
  | ----------------- and the owners of this line
  |
  = note: so lines between them still win over it
  = help: remove one of them

warning[shadowed-rule]: `/docs/gen/x.md` can never take effect
 --> .gitlab/CODEOWNERS:4:1
  |
3 | !/docs/gen/
  | ----------- this exclusion is final
4 | /docs/gen/x.md @lost
  | ^^^^^^^^^^^^^^ later rules cover it in any tree
  |
  = help: narrow the exclusion, or remove it

warning[dead-pattern]: no tracked path matches `/lib`
  --> .gitlab/CODEOWNERS:14:1
   |
14 | /lib       @lib
   | ^^^^ matches only a file of that name
   |
   = help: GitLab needs a slash at the end of a directory: `/lib/`

1 error, 2 warnings; 7 tracked paths: 6 owned, 1 nobody

"#]]);
}

/// A path is unowned only if no section owns it.
#[test]
fn unowned_paths() {
    let sandbox = Sandbox::repo([
        (
            "CODEOWNERS",
            "/a @a\n!/c\n[S]\n/b @b\n/c @c\n!/d\n/CODEOWNERS @b\n",
        ),
        (".gitlab-ci.yml", ""),
        ("a", ""),
        ("b", ""),
        ("c", ""),
        ("d", ""),
        ("e/f", ""),
    ]);
    sandbox.owners("check -A unowned-config").finds(str![[r#"
error[unowned-path]: 2 paths in `./` are unowned
 = note: `.gitlab-ci.yml`, `e/f`
 = help: add a line for each: `/.gitlab-ci.yml <owners>`, `/e/ <owners>`; or `!` before the pattern for nobody

1 error, 0 warnings; 7 tracked paths: 4 owned, 1 nobody, 2 unowned

"#]]);
    sandbox.owners("ls --name-only --unowned").prints(str![[r#"
.gitlab-ci.yml
e/f

"#]]);
    sandbox.owners("ls --name-only --nobody").prints("d\n");
    sandbox.owners("who a b c d").prints(str![[r#"
a  @a
b  @b
c  @c
d  (nobody)

"#]]);
}

#[test]
fn who() {
    let sandbox = sandbox();
    sandbox
        .owners("who --explain docs/a.md docs/gen/x.md docs/gen/y src/a.rb")
        .prints(str![[r#"
docs/a.md      @docs @writers
    decided by .gitlab/CODEOWNERS:2:1: /docs/ @docs
    decided by .gitlab/CODEOWNERS:12:1: *.md in section `Docs`
    overrides .gitlab/CODEOWNERS:1:1: * @all
docs/gen/x.md  @writers
    decided by .gitlab/CODEOWNERS:3:1: !/docs/gen/
    decided by .gitlab/CODEOWNERS:12:1: *.md in section `Docs`
    overrides .gitlab/CODEOWNERS:4:1: /docs/gen/x.md @lost
    overrides .gitlab/CODEOWNERS:2:1: /docs/ @docs
    overrides .gitlab/CODEOWNERS:1:1: * @all
docs/gen/y     (nobody)
    decided by .gitlab/CODEOWNERS:3:1: !/docs/gen/
    overrides .gitlab/CODEOWNERS:2:1: /docs/ @docs
    overrides .gitlab/CODEOWNERS:1:1: * @all
src/a.rb       @all @ruby @src-docs
    decided by .gitlab/CODEOWNERS:1:1: * @all
    decided by .gitlab/CODEOWNERS:9:1: *.rb @ruby in section `Backend`
    decided by .gitlab/CODEOWNERS:13:1: /src/ @src-docs in section `Docs`
    overrides .gitlab/CODEOWNERS:8:1: /src/ @other

"#]]);
    sandbox.owners("who ./ --explain").prints(str![[r#"
./  @all  (2 paths)
    decided by .gitlab/CODEOWNERS:1:1: * @all
./  @docs @writers  (1 path)
    decided by .gitlab/CODEOWNERS:2:1: /docs/ @docs
    decided by .gitlab/CODEOWNERS:12:1: *.md in section `Docs`
./  @writers  (1 path)
    decided by .gitlab/CODEOWNERS:3:1: !/docs/gen/
    decided by .gitlab/CODEOWNERS:12:1: *.md in section `Docs`
./  (nobody)  (1 path)
    decided by .gitlab/CODEOWNERS:3:1: !/docs/gen/
./  @all @ruby @src-docs  (1 path)
    decided by .gitlab/CODEOWNERS:1:1: * @all
    decided by .gitlab/CODEOWNERS:9:1: *.rb @ruby in section `Backend`
    decided by .gitlab/CODEOWNERS:13:1: /src/ @src-docs in section `Docs`
./  @all @other @src-docs  (1 path)
    decided by .gitlab/CODEOWNERS:1:1: * @all
    decided by .gitlab/CODEOWNERS:8:1: /src/ @other in section `Backend`
    decided by .gitlab/CODEOWNERS:13:1: /src/ @src-docs in section `Docs`

"#]]);
    sandbox.owners("who --json src/a.rb lib/").prints(str![[r#"
{"version":1,"paths":[
{"path":"src/a.rb","state":"owned","owners":["@all","@ruby","@src-docs"],"rule":{"file":".gitlab/CODEOWNERS","line":1,"column":1,"pattern":"*","expanded":"*","alternatives":[],"groups":[]},"more_rules":[{"file":".gitlab/CODEOWNERS","line":9,"column":1,"pattern":"*.rb","expanded":"**/*.rb","alternatives":[],"groups":[],"section":"Backend"},{"file":".gitlab/CODEOWNERS","line":13,"column":1,"pattern":"/src/","expanded":"/src/","alternatives":[],"groups":[],"section":"Docs"}]},
{"path":"lib/","below":[{"state":"owned","owners":["@all"],"paths":1}]}
]}

"#]]);
    // In agreement with `diff` and `reviewers`, which read the file in their own way.
    sandbox.git("commit -qm x");
    sandbox.git("rm -q .gitlab/CODEOWNERS");
    let diff = sandbox.owners("diff -v --format json").output();
    let diff: serde_json::Value = serde_json::from_slice(&diff.stdout).unwrap();
    assert!(
        diff.to_string().contains(r#"["@all","@ruby","@src-docs"]"#),
        "{diff}"
    );
}

#[test]
fn ls_and_stats() {
    let sandbox = sandbox();
    sandbox.owners("ls --owner @src-docs").prints(str![[r#"
src/a.rb  @all @ruby @src-docs
src/b.c   @all @other @src-docs

"#]]);
    sandbox.owners("stats").prints(str![[r#"
7 paths, 6 owned (85.7%), 1 nobody (14.3%)

owner      paths  share  alone
@all           4  57.1%      2
@src-docs      2  28.6%      0
@writers       2  28.6%      1
@docs          1  14.3%      0
@other         1  14.3%      0
@ruby          1  14.3%      0

"#]]);
    sandbox.owners("stats --by dir").prints(str![[r#"
7 paths, 6 owned (85.7%), 1 nobody (14.3%)

directory  paths   owned  nobody  unowned
docs/          3   66.7%   33.3%     0.0%
src/           2  100.0%    0.0%     0.0%
.gitlab/       1  100.0%    0.0%     0.0%
lib/           1  100.0%    0.0%     0.0%

"#]]);
}

/// A root file without a marker of GitLab is for GitLab if it has sections.
#[test]
fn a_file_with_sections_is_for_gitlab() {
    let sandbox = Sandbox::repo([("CODEOWNERS", "[A] @a\n*\n"), ("x", "")]);
    sandbox.owners("check --format short").prints("");
    sandbox.owners("who x").prints("x  @a\n");
    // GitHub alone looks there.
    let sandbox = Sandbox::repo([(".github/CODEOWNERS", "[A] @a\n* @a\n"), ("x", "")]);
    sandbox.owners("check --format short").finds(str![[r#"
.github/CODEOWNERS:1:1: error[skipped-line]: GitHub skips the line of `[A]`

"#]]);
}

/// The work does not grow with the number of sections times that of paths.
/// Each line with a comment asks whether its section has default owners.
#[test]
fn a_long_heading_above_many_comments() {
    let heading = format!("[S] {}", format!("{} ", "x".repeat(1_000)).repeat(900));
    let text = format!("{heading}\n{}", "/a # x\n".repeat(3_000));
    let sandbox = Sandbox::repo([(".gitlab/CODEOWNERS", &*text), ("a", "")]);
    let run = sandbox.owners("check -q").processor_seconds(10).output();
    assert_eq!(run.status.code(), Some(1));
}

#[test]
fn many_sections() {
    use std::fmt::Write as _;

    let mut text = String::new();
    for n in 0..20_000 {
        let _ = writeln!(text, "[s{n}]\n/d{n}/ @a\n* @b{n}");
    }
    let sandbox = Sandbox::repo([(".gitlab/CODEOWNERS", &*text), ("d1/a", ""), ("b", "")]);
    let run = sandbox
        .owners("stats --by dir")
        .processor_seconds(10)
        .output();
    assert_eq!(run.status.code(), Some(0));
    let run = sandbox
        .owners("check --format short")
        .processor_seconds(20)
        .output();
    assert!(run.status.code().is_some(), "{run:?}");
}
