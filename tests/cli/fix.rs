//! `owners check --fix`: what becomes of each way to write a rule, what is left alone, and what
//! happens when something is in the way.

use std::fs;

use snapbox::str;

use crate::support::Sandbox;

/// The files that the tables are about.
const FILES: [&str; 5] = ["a/x", "b/x", "c/x/y", "README.md", ".github/x"];

fn sandbox(config: &str) -> Sandbox {
    let files = FILES.iter().map(|&file| (file, ""));
    Sandbox::current(files.chain([("owners.toml", config)]))
}

/// What `check` with these arguments makes of a configuration; the generated file is right before
/// and after.
#[track_caller]
fn fixed(arguments: &str, config: &str) -> String {
    let sandbox = sandbox(config);
    let output = sandbox.owners(arguments).output();
    let shown = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() < Some(2), "{config}\n{shown}");
    sandbox.owners("gen --check").prints("");
    sandbox.read("owners.toml")
}

/// Rows of a configuration, what `--fix` makes of it, and what `--fix=tree` does.
#[track_caller]
fn table(rows: &[(&str, &str, &str)]) {
    for (config, any, tree) in rows {
        assert_eq!(fixed("check --fix", config), *any, "--fix of\n{config}");
        assert_eq!(
            fixed("check --fix=tree", config),
            *tree,
            "--fix=tree of\n{config}"
        );
    }
}

#[test]
fn rules() {
    table(&[
        // Shadowed.
        (
            r"[paths]
'/a/x' = '@a'
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
",
            r"[paths]
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
",
            r"[paths]
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
",
        ),
        // By several together.
        (
            r"[paths]
'*' = '@a'
'/c/' = '@a'
'/c/*' = '@b'
'/c/*/' = '@c'
",
            r"[paths]
'*' = '@a'
'/c/*' = '@b'
'/c/*/' = '@c'
",
            r"[paths]
'*' = '@a'
'/c/*/' = '@c'
",
        ),
        // Duplicates: the last one wins, so it stays.
        (
            r"[paths]
'*' = '@a'
'/a/' = '@b'
'a/**' = '@c'
",
            r"[paths]
'*' = '@a'
'a/**' = '@c'
",
            r"[paths]
'*' = '@a'
'a/**' = '@c'
",
        ),
        // One alternative is a duplicate, another shadowed, another dead.
        (
            r"[paths]
'*' = '@a'
'/{a,c/x,gone,b}/' = '@b'
'/a/' = '@c'
'/c/' = '@d'
",
            r"[paths]
'*' = '@a'
'/{gone,b}/' = '@b'
'/a/' = '@c'
'/c/' = '@d'
",
            r"[paths]
'*' = '@a'
'/b/' = '@b'
'/a/' = '@c'
'/c/' = '@d'
",
        ),
        // All of a rule that is left by alternatives for several reasons.
        (
            r"[paths]
'*' = '@a'
'/{a,gone}/' = '@b'
'/a/' = '@c'
",
            r"[paths]
'*' = '@a'
'/gone/' = '@b'
'/a/' = '@c'
",
            r"[paths]
'*' = '@a'
'/a/' = '@c'
",
        ),
        // A product has lines, not alternatives, that are covered: nothing can go.
        (
            r"[paths]
'*' = '@a'
'/{a,b}/{x,y}' = '@b'
'/a/x' = '@c'
",
            r"[paths]
'*' = '@a'
'/{a,b}/{x,y}' = '@b'
'/a/x' = '@c'
",
            // In this tree one goes, and what is left of the other is a duplicate.
            r"[paths]
'*' = '@a'
'/b/x' = '@b'
'/a/x' = '@c'
",
        ),
        // What a later rule excepts is not its own.
        (
            r"[paths]
'*' = '@a'
'/c/x/' = '@b'
'/c/' = { owners = '@c', except = '/c/x/y' }
",
            r"[paths]
'*' = '@a'
'/c/x/' = '@b'
'/c/' = { owners = '@c', except = '/c/x/y' }
",
            r"[paths]
'*' = '@a'
'/c/x/' = '@b'
'/c/' = { owners = '@c', except = '/c/x/y' }
",
        ),
        // A rule that covers several before it stands in the wrong place: a person has to look.
        (
            r"[paths]
'/a/' = '@a'
'/b/' = '@b'
'*' = '@c'
",
            r"[paths]
'/a/' = '@a'
'/b/' = '@b'
'*' = '@c'
",
            r"[paths]
'/a/' = '@a'
'/b/' = '@b'
'*' = '@c'
",
        ),
        // What decides nothing only in this tree may be needed in the next.
        (
            r"[paths]
'*' = '@a'
'/a/' = '@b'
'/a/x' = '@c'
",
            r"[paths]
'*' = '@a'
'/a/' = '@b'
'/a/x' = '@c'
",
            r"[paths]
'*' = '@a'
'/a/' = '@b'
'/a/x' = '@c'
",
        ),
        // Exceptions; a list of which nothing is left goes.
        (
            r"[paths]
'*' = '@a'
'/c/' = { owners = '@b', except = ['/c/{x,z}', '*.no'] }
",
            r"[paths]
'*' = '@a'
'/c/' = { owners = '@b', except = ['/c/{x,z}', '*.no'] }
",
            r"[paths]
'*' = '@a'
'/c/' = { owners = '@b', except = ['/c/x'] }
",
        ),
        (
            r"[paths]
'*' = '@a'
'/a/' = { except = '*.no', owners = '@b' }
",
            r"[paths]
'*' = '@a'
'/a/' = { except = '*.no', owners = '@b' }
",
            r"[paths]
'*' = '@a'
'/a/' = { owners = '@b' }
",
        ),
    ]);
}

#[test]
fn ways_of_writing() {
    table(&[
        // Inline, on one line and on several.
        (
            "paths = { '*' = '@a', '/gone/' = '@b', '/a/' = '@c', '/a' = '@d' }\n",
            "paths = { '*' = '@a', '/gone/' = '@b', '/a' = '@d' }\n",
            "paths = { '*' = '@a', '/a' = '@d' }\n",
        ),
        (
            "paths = { '/{gone,a}/x' = '@a', '/a' = '@d' }\n",
            "paths = { '/gone/x' = '@a', '/a' = '@d' }\n",
            "paths = { '/a' = '@d' }\n",
        ),
        (
            "paths = {\n  '*' = '@a',\n  '/gone' = '@b' # last\n}\n",
            "paths = {\n  '*' = '@a',\n  '/gone' = '@b' # last\n}\n",
            "paths = {\n  '*' = '@a'\n}\n",
        ),
        // Dotted, and as tables.
        (
            "paths.'*' = '@a'\npaths.'/gone'.owners = '@b'\npaths.'/a/' = '@c'\npaths.'/gone'.except = 'x'\n",
            "paths.'*' = '@a'\npaths.'/gone'.owners = '@b'\npaths.'/a/' = '@c'\npaths.'/gone'.except = 'x'\n",
            "paths.'*' = '@a'\npaths.'/a/' = '@c'\n",
        ),
        (
            r"[paths.'*']
owners = '@a'

# gone
[paths.'/gone']
owners = '@b'
# why
except = 'x'

[paths.'/a/']
owners = '@c'
",
            r"[paths.'*']
owners = '@a'

# gone
[paths.'/gone']
owners = '@b'
# why
except = 'x'

[paths.'/a/']
owners = '@c'
",
            r"[paths.'*']
owners = '@a'

[paths.'/a/']
owners = '@c'
",
        ),
        // Groups, in all forms; one that goes may be what named another.
        (
            r"[groups]
a = '@a'
b = 'c'
c.team = '@o/c'
c.members = ['d']

[groups.d]
members = '@d'

[groups.e]
members = 'a'
[paths]
'*' = 'e'
",
            r"[groups]
a = '@a'

[groups.e]
members = 'a'
[paths]
'*' = 'e'
",
            r"[groups]
a = '@a'

[groups.e]
members = 'a'
[paths]
'*' = 'e'
",
        ),
        (
            "groups = { old = '@a' }\npaths = { '*' = '@b' }\n",
            "groups = {}\npaths = { '*' = '@b' }\n",
            "groups = {}\npaths = { '*' = '@b' }\n",
        ),
        // Exemptions.
        (
            r"[check]
exempt = ['/gone/', '/a/', '/never']
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
            r"[check]
exempt = ['/gone/', '/a/', '/never']
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
            r"[check]
exempt = ['/a/']
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
        ),
        (
            r"[check]
exempt = [
  # soon
  '/gone/', # in May

  '/a/', '/never',
  '/x', '/y', # both
]
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
            r"[check]
exempt = [
  # soon
  '/gone/', # in May

  '/a/', '/never',
  '/x', '/y', # both
]
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
            r"[check]
exempt = [

  '/a/',
]
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
        ),
        (
            r"[check]
exempt = '/gone/' # why
min-members = 1
[paths]
'*' = '@b'
",
            r"[check]
exempt = '/gone/' # why
min-members = 1
[paths]
'*' = '@b'
",
            r"[check]
min-members = 1
[paths]
'*' = '@b'
",
        ),
        (
            r"check = { exempt = '/gone/', min-members = 1 }
[paths]
'*' = '@b'
",
            r"check = { exempt = '/gone/', min-members = 1 }
[paths]
'*' = '@b'
",
            r"check = { min-members = 1 }
[paths]
'*' = '@b'
",
        ),
        // Quotes and escapes stay as they are.
        (
            r#"[paths]
'*' = '@a'
"/{a,gon\u0065,b}/" = '@b'
'/{c,\{\,\}}/' = '@c'
"#,
            r#"[paths]
'*' = '@a'
"/{a,gon\u0065,b}/" = '@b'
'/{c,\{\,\}}/' = '@c'
"#,
            r#"[paths]
'*' = '@a'
"/{a,b}/" = '@b'
'/c/' = '@c'
"#,
        ),
        (
            r#"[paths]
'*' = '@a'
"/<\u00e9,a\u002f>x" = '@b'
"#,
            r#"[paths]
'*' = '@a'
"/<\u00e9,a\u002f>x" = '@b'
"#,
            r#"[paths]
'*' = '@a'
"/a\u002fx" = '@b'
"#,
        ),
        // Nothing is left but the table that must be there.
        (
            "[paths]\n'/gone' = '@a'\n",
            "[paths]\n'/gone' = '@a'\n",
            "[paths]\n",
        ),
        ("paths.'/gone' = '@a'", "paths.'/gone' = '@a'", "[paths]\n"),
    ]);
}

#[test]
fn comments() {
    table(&[
        // A rule goes with its comments.
        (
            r"[paths]

# all
'*' = '@a'
# gone
# for good
'/gone' = '@b' # or not
# a
'/a' = '@c'
",
            r"[paths]

# all
'*' = '@a'
# gone
# for good
'/gone' = '@b' # or not
# a
'/a' = '@c'
",
            r"[paths]

# all
'*' = '@a'
# a
'/a' = '@c'
",
        ),
        // What heads a paragraph stays with what is left of it, and goes with the last of it.
        (
            r"[paths]
'*' = '@a'

# Two.
'/gone' = '@b'
'/a' = '@c'

# One.
'/gone2' = '@b'

'/b' = '@c'
",
            r"[paths]
'*' = '@a'

# Two.
'/gone' = '@b'
'/a' = '@c'

# One.
'/gone2' = '@b'

'/b' = '@c'
",
            r"[paths]
'*' = '@a'

# Two.
'/a' = '@c'

'/b' = '@c'
",
        ),
        // What an empty line separates stays.
        (
            r"# Head.

[paths]
# Rules.

'/gone' = '@b'
# tail of it

'*' = '@a'
# end
",
            r"# Head.

[paths]
# Rules.

# tail of it

'*' = '@a'
# end
",
            r"# Head.

[paths]
# Rules.

# tail of it

'*' = '@a'
# end
",
        ),
        // What begins the file is about all of it.
        (
            r"# ours
[groups.old]
members = '@b'
[paths]
'*' = '@a'
",
            r"# ours
[paths]
'*' = '@a'
",
            r"# ours
[paths]
'*' = '@a'
",
        ),
        // A string is no comment.
        (
            r"[groups.a]
members = '@a'
description = '''
# text'''
[paths]
'/gone' = 'a'
'/*' = 'a'
",
            r"[groups.a]
members = '@a'
description = '''
# text'''
[paths]
'/gone' = 'a'
'/*' = 'a'
",
            r"[groups.a]
members = '@a'
description = '''
# text'''
[paths]
'/*' = 'a'
",
        ),
    ]);
}

#[test]
fn bytes_that_are_not_cut_stay() {
    for (config, expected) in [
        (
            "\u{feff}[paths]\r\n'*' = '@a'\r\n\r\n# c\r\n'/gone' = '@b'\r\n",
            "\u{feff}[paths]\r\n'*' = '@a'\r\n",
        ),
        (
            "[paths]\n'*'  =\t'@a'   \n'/gone' = '@b'",
            "[paths]\n'*'  =\t'@a'",
        ),
        (
            "[paths]\r\n'*' = '@a'\n'/gone' = '@b'\r\n\t'/a' = '@e'\n\n\n",
            "[paths]\r\n'*' = '@a'\n\t'/a' = '@e'\n\n\n",
        ),
    ] {
        assert_eq!(fixed("check --fix=tree", config), expected);
    }
}

/// What is shown, and when it is said to be done.
#[test]
fn the_whole_run() {
    let config = r#"[groups]
core = "@org/core"
old = "@old"

[paths]
"*" = "core"
# The old team's.
"/a/x" = "old"
"/{a,gone}/" = "@a"
"#;
    let sandbox = sandbox(config);
    sandbox.owners("check --fix=tree --dry-run").exits(
        0,
        str![[r#"
--- a/owners.toml
+++ b/owners.toml
@@ -1,9 +1,6 @@
 [groups]
 core = "@org/core"
-old = "@old"
 
 [paths]
 "*" = "core"
-# The old team's.
-"/a/x" = "old"
-"/{a,gone}/" = "@a"
+"/a/" = "@a"
--- a/.github/CODEOWNERS
+++ b/.github/CODEOWNERS
@@ -2,10 +2,4 @@
 # Change owners.toml and run `owners gen`.
 
 * @org/core
-
-# The old team's.
-/a/x @old
-
-# /{a,gone}/
-/a/    @a
-/gone/ @a
+/a/ @a

"#]],
        str![[r#"
would fix 3 findings; 0 errors, 0 warnings would remain

"#]],
    );
    assert_eq!(sandbox.read("owners.toml"), config);
    sandbox.owners("gen --check").prints("");

    sandbox.owners("check").prints(str![[r#"
warning[shadowed-rule]: `/a/x` can never decide anything
 --> owners.toml:8:1
  |
8 | "/a/x" = "old"
  | ^^^^^^ covered by later rules, in any tree
9 | "/{a,gone}/" = "@a"
  |    - this one comes later
  |
  = help: move it below line 9 if it is meant to win, or remove it

warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:9:6
  |
9 | "/{a,gone}/" = "@a"
  |      ^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1, `--fix=tree` 1 more

"#]]);
    sandbox.owners("check --fix").exits(
        0,
        str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:6:6
  |
6 | "/{a,gone}/" = "@a"
  |      ^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 1 warning; 7 tracked paths: 7 owned
`--fix=tree` can fix 1

"#]],
        str![[r#"
updated owners.toml
updated .github/CODEOWNERS
fixed 2 findings

"#]],
    );
    sandbox.owners("check --fix").exits(
        0,
        str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:6:6
  |
6 | "/{a,gone}/" = "@a"
  |      ^^^^ matches nothing
  |
  = help: remove it, or correct the path

0 errors, 1 warning; 7 tracked paths: 7 owned
`--fix=tree` can fix 1

"#]],
        str![[r#"
nothing to fix

"#]],
    );
    sandbox.owners("check --fix=tree -q").prints("");
    sandbox.owners("check --fix=tree").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
nothing to fix

"#]],
    );
    sandbox.owners("check --fix=tree --dry-run").exits(
        0,
        "",
        str![[r#"
nothing to fix; 0 errors, 0 warnings would remain

"#]],
    );
}

#[test]
fn the_generated_file() {
    let sandbox = sandbox(
        r"[paths]
'*' = '@a'
'/a/' = '@b'
",
    );
    // Out of date, and missing.
    sandbox.write("owners.toml", "[paths]\n'*' = '@a'\n");
    sandbox.owners("check -q").finds(str![[r#"
error[stale-output]: `.github/CODEOWNERS` is out of date
--> .github/CODEOWNERS
 = note: 1 line would change: `owners gen --check` shows the difference
 = help: run `owners gen`


"#]]);
    sandbox.owners("check --fix").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated .github/CODEOWNERS
fixed 1 finding

"#]],
    );
    fs::remove_file(sandbox.root.join(".github/CODEOWNERS")).unwrap();
    sandbox.owners("check --fix -q").prints("");
    sandbox.owners("gen --check").prints("");

    // What follows from an edit is written though nobody asks for it; what was wrong before is not.
    sandbox.write(
        "owners.toml",
        r"[paths]
'/a/' = '@b'
'*' = '@a'
",
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check --fix -A stale-output").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated owners.toml
updated .github/CODEOWNERS
fixed 1 finding

"#]],
    );
    sandbox.write(
        "owners.toml",
        r"[paths]
'/a/' = '@b'
'*' = '@c'
",
    );
    sandbox.owners("check --fix -A stale-output").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated owners.toml
fixed 1 finding

"#]],
    );

    // Nobody's work is overwritten.
    sandbox.write(".github/CODEOWNERS", "* @somebody\n");
    sandbox.write(
        "owners.toml",
        r"[paths]
'/a/' = '@b'
'*' = '@c'
",
    );
    sandbox.owners("check --fix").exits(
        1,
        str![[r#"
error[stale-output]: `.github/CODEOWNERS` was not written by `owners gen`
--> .github/CODEOWNERS
 = help: run `owners gen --force` to replace it

1 error, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated owners.toml
fixed 1 finding

"#]],
    );
    assert_eq!(sandbox.read(".github/CODEOWNERS"), "* @somebody\n");
    assert_eq!(sandbox.read("owners.toml"), "[paths]\n'*' = '@c'\n");
}

/// Only what is reported is fixed.
#[test]
fn levels_and_changes() {
    let config = r"[groups]
old = '@a'
[paths]
'/a/x' = '@a'
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
";
    for allowed in ["shadowed-rule", "unused-group"] {
        let left = fixed(&format!("check --fix -A {allowed}"), config);
        assert_eq!(left.contains("old"), allowed == "unused-group");
        assert_eq!(left.contains("'/a/x'"), allowed == "shadowed-rule");
    }
    // What is left and denied fails the run.
    let sandbox = sandbox(
        r"[paths]
'/a/' = '@a'
'gone/*' = '@b'
'/gone' = '@c'
",
    );
    sandbox
        .owners("check --fix -q --format short -A warnings -D dead-pattern")
        .finds(str![[r#"
.github/: error[unowned-path]: nothing in `.github/` is owned: 2 paths
README.md: error[unowned-path]: `README.md` has no owner
b/x: error[unowned-path]: `b/x` has no owner
c/x/y: error[unowned-path]: `c/x/y` has no owner
owners.toml: error[unowned-path]: `owners.toml` has no owner
owners.toml:3:1: error[dead-pattern]: no tracked path matches `gone/*`
owners.toml:4:1: error[dead-pattern]: no tracked path matches `/gone`

"#]]);

    // With a base, what is new.
    let sandbox = self::sandbox(
        r"[paths]
'*' = '@a'
'/gone' = '@b'
",
    );
    sandbox.git("commit -qm base");
    sandbox.write(
        "owners.toml",
        r"[paths]
'*' = '@a'
'/gone' = '@b'
'/{a,new}' = '@c'
",
    );
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check --fix=tree --changed HEAD").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
        str![[r#"
updated owners.toml
updated .github/CODEOWNERS
fixed 1 finding

"#]],
    );
    assert_eq!(
        sandbox.read("owners.toml"),
        r"[paths]
'*' = '@a'
'/gone' = '@b'
'/a' = '@c'
"
    );
}

#[test]
fn a_group_that_an_older_one_names_stays() {
    let sandbox = sandbox(
        r"[groups]
a = '@a'
old = 'a'
[paths]
'*' = 'a'
",
    );
    sandbox.git("commit -qm base");
    let config = r"[groups]
a = '@a'
old = 'a'
[paths]
'*' = '@a'
";
    sandbox.write("owners.toml", config);
    sandbox
        .owners("check -q --fix --changed HEAD --format short")
        .prints(str![[r#"
owners.toml:2:1: warning[unused-group]: group `a` is used by no rule

"#]]);
    assert_eq!(sandbox.read("owners.toml"), config);
    sandbox.owners("check -q --fix").prints("");
    assert_eq!(
        sandbox.read("owners.toml"),
        r"[groups]
[paths]
'*' = '@a'
"
    );
}

#[test]
fn untracked_files_keep_a_rule_alive() {
    let config = r"[paths]
'*' = '@a'
'/new' = '@b'
";
    let sandbox = sandbox(config);
    sandbox.write("new", "");
    sandbox.owners("check -q --untracked --fix=tree").prints("");
    assert_eq!(sandbox.read("owners.toml"), config);
    sandbox.owners("check -q --fix=tree").prints("");
    assert_eq!(sandbox.read("owners.toml"), "[paths]\n'*' = '@a'\n");
}

/// The generated file is written in the run that would find its rule dead.
#[test]
fn rules_for_its_own_files_are_alive() {
    let config = r"[paths]
'*' = '@a'
'/{owners.toml,.github/CODEOWNERS,gone}' = '@b'
";
    let sandbox = Sandbox::repo([("a", "")]);
    sandbox.write("owners.toml", config);
    sandbox
        .owners("check --fix=tree --format short")
        .exits(1, str![[r#"
.github/CODEOWNERS: error[stale-output]: `.github/CODEOWNERS` is not tracked, so the forge does not see it
owners.toml:3:1: warning[dead-pattern]: no tracked path matches `/{owners.toml,.github/CODEOWNERS}`

"#]], str![[r#"
updated owners.toml
wrote .github/CODEOWNERS
fixed 2 findings

"#]]);
    assert_eq!(
        sandbox.read("owners.toml"),
        r"[paths]
'*' = '@a'
'/{owners.toml,.github/CODEOWNERS}' = '@b'
"
    );
}

#[test]
fn a_pattern_that_has_to_stay() {
    // `/a` would then be there twice, or be a key of two.
    let config = r"[paths]
'*' = '@a'
'/{a,gone}' = '@b'
'/a' = { owners = '@c', except = '/a/x' }
";
    let sandbox = sandbox(config);
    sandbox.owners("check --fix=tree").exits(
        0,
        str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> owners.toml:3:6
  |
3 | '/{a,gone}' = '@b'
  |      ^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[ineffective-pattern]: `/a` decides no tracked path
 --> owners.toml:4:1
  |
4 | '/a' = { owners = '@c', except = '/a/x' }
  | ^^^^ excepts all it matches
  |
  = note: `a/x` is excepted, for example
  = help: narrow its `except`, or remove it

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix=tree` can fix 1

"#]],
        str![[r#"
owners.toml:3:1: left as it is: `/a` would be written twice
nothing to fix

"#]],
    );
    assert_eq!(sandbox.read("owners.toml"), config);
    let config = r"[paths]
'*' = '@a'
'/{a,gone}'.owners = '@b'
'/{a,gone}'.except = '/a/x'
";
    sandbox.write("owners.toml", config);
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check --fix=tree --format short").exits(
        0,
        str![[r#"
owners.toml:3:6: warning[dead-pattern]: no tracked path matches the alternative `gone`
owners.toml:3:1: warning[ineffective-pattern]: `/{a,gone}` decides no tracked path

"#]],
        str![[r#"
owners.toml:3:1: left as it is: its pattern is written more than once
nothing to fix

"#]],
    );
    assert_eq!(sandbox.read("owners.toml"), config);
}

#[test]
fn findings_in_every_format() {
    let config = r"[paths]
'*' = '@a'
'/a/' = '@b'
'/gone' = '@b'
'/a' = '@c'
";
    for format in ["human", "short", "json", "github", "sarif", "gitlab"] {
        let sandbox = sandbox(config);
        let run = sandbox
            .owners(&format!("check -q --fix --format {format}"))
            .output();
        let again = sandbox
            .owners(&format!("check -q --format {format}"))
            .output();
        assert_eq!(run.stdout, again.stdout, "{format}");
        assert!(run.stderr.is_empty() && !run.stdout.is_empty(), "{format}");
    }
}

#[test]
fn each_file_of_a_monorepo_has_its_own() {
    let sandbox = Sandbox::current([
        (
            "owners.toml",
            r"nested = true
[groups]
old = '@old'
lib = '@lib'
[paths]
'*' = '@a'
'/lib/z' = 'lib'
",
        ),
        (
            "lib/owners.toml",
            r"# lib
[groups]
inner = 'old'
[check]
exempt = ['/no']
[paths]
'x/**' = 'inner'
'/{y,gone}' = 'lib'
'/x' = '@x'
",
        ),
        (
            "lib/deep/owners.toml",
            r"[paths]
'a' = '@a'
'/gone' = '@b'
",
        ),
        ("lib/deep/a", ""),
        ("lib/x/1", ""),
        ("lib/y", ""),
        ("lib/z", ""),
    ]);
    sandbox.owners("check --fix").exits(
        0,
        str![[r#"
warning[dead-pattern]: no tracked path matches the alternative `gone`
 --> lib/owners.toml:6:6
  |
6 | '/{y,gone}' = 'lib'
  |      ^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[dead-pattern]: no tracked path matches `/gone`
 --> lib/deep/owners.toml:3:1
  |
3 | '/gone' = '@b'
  | ^^^^^^^ matches nothing
  |
  = help: remove it, or correct the path

warning[useless-exemption]: the exemption `/no` exempts nothing
 --> lib/owners.toml:4:11
  |
4 | exempt = ['/no']
  |           ^^^^^ no tracked path matches it
  |
  = help: remove it from `exempt`

0 errors, 3 warnings; 8 tracked paths: 8 owned
`--fix=tree` can fix 3

"#]],
        str![[r#"
updated lib/owners.toml
updated owners.toml
updated .github/CODEOWNERS
fixed 3 findings

"#]],
    );
    sandbox.assert_eq(
        sandbox.read("owners.toml").as_bytes(),
        str![[r#"
nested = true
[groups]
lib = '@lib'
[paths]
'*' = '@a'
'/lib/z' = 'lib'

"#]],
    );
    sandbox.assert_eq(
        sandbox.read("lib/owners.toml").as_bytes(),
        str![[r#"
# lib
[groups]
[check]
exempt = ['/no']
[paths]
'/{y,gone}' = 'lib'
'/x' = '@x'

"#]],
    );
    sandbox.owners("check --fix=tree").exits(
        0,
        str![[r#"
0 errors, 0 warnings; 8 tracked paths: 8 owned

"#]],
        str![[r#"
updated lib/deep/owners.toml
updated lib/owners.toml
updated .github/CODEOWNERS
fixed 3 findings

"#]],
    );
    sandbox.assert_eq(
        sandbox.read("lib/owners.toml").as_bytes(),
        str![[r#"
# lib
[groups]
[check]
exempt = []
[paths]
'/y' = 'lib'
'/x' = '@x'

"#]],
    );
    sandbox.assert_eq(
        sandbox.read("lib/deep/owners.toml").as_bytes(),
        str![[r#"
[paths]
'a' = '@a'

"#]],
    );
}

#[test]
fn what_is_refused() {
    let config = r"[paths]
'*' = '@a'
'/gone' = '@b'
";
    let sandbox = sandbox(config);
    sandbox.git("commit -qm base");
    for arguments in [
        "--fix --rev HEAD",
        "--dry-run",
        "--fix --dry-run --format json",
        "--fix=all",
    ] {
        let output = sandbox.owners(&format!("check {arguments}")).output();
        assert_eq!(output.status.code(), Some(2), "{arguments}");
    }
    sandbox.write(
        "owners.toml",
        r"[paths]
'*' = 'nobody'
'/gone/' = '@a'
",
    );
    sandbox.owners("check --fix=tree").refuses(str![[r#"
error: unknown group `nobody`
 --> owners.toml:2:7
  |
2 | '*' = 'nobody'
  |       ^^^^^^^^ not defined in `[groups]`
  |
  = help: define it under `[groups]`: `nobody = ["@user"]`; a user is written `@nobody`

1 error in the configuration

"#]]);
    assert_eq!(
        sandbox.read("owners.toml"),
        r"[paths]
'*' = 'nobody'
'/gone/' = '@a'
"
    );

    // A configuration that is no part of the repository.
    fs::write(sandbox.root.join("../other.toml"), config).unwrap();
    sandbox.write("owners.toml", config);
    sandbox
        .owners("check --fix=tree --config ../other.toml")
        .refuses(str![[r#"
error: cannot fix the configuration that `--config` names
 |
 = note: `../other.toml` is outside the repository, whose root is `[ROOT]`


"#]]);
    sandbox.write("sub/other.toml", config);
    sandbox
        .owners("check --fix=tree --config other.toml")
        .within("sub")
        .exits(
            0,
            str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
            str![[r#"
updated sub/other.toml
updated .github/CODEOWNERS
fixed 2 findings

"#]],
        );
    assert_eq!(sandbox.read("sub/other.toml"), "[paths]\n'*' = '@a'\n");
    assert_eq!(sandbox.read("owners.toml"), config);
}

#[cfg(unix)]
#[test]
fn files_that_are_links_or_read_only() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let config = r"[paths]
'*' = '@a'
'/gone' = '@b'
";
    let sandbox = sandbox(config);
    let root = &sandbox.root;
    let permissions = fs::Permissions::from_mode(0o444);
    fs::set_permissions(root.join("owners.toml"), permissions).unwrap();
    sandbox.owners("check --fix=tree").refuses(str![[r#"
error: cannot fix `owners.toml`: it is read-only
 |
 = help: let it be written, or edit it as `--dry-run` shows


"#]]);
    assert_eq!(sandbox.read("owners.toml"), config);

    // A link in the repository stays one.
    fs::remove_file(root.join("owners.toml")).unwrap();
    sandbox.write("sub/real.toml", config);
    symlink("sub/real.toml", root.join("owners.toml")).unwrap();
    sandbox
        .owners("check --fix=tree -q -A stale-output")
        .prints("");
    assert!(root.join("owners.toml").is_symlink());
    assert_eq!(sandbox.read("sub/real.toml"), "[paths]\n'*' = '@a'\n");

    // What it leads to outside is neither read nor written.
    fs::remove_file(root.join("owners.toml")).unwrap();
    fs::write(root.join("../outside.toml"), config).unwrap();
    symlink("../outside.toml", root.join("owners.toml")).unwrap();
    let output = sandbox.owners("check --fix=tree").output();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(root.join("../outside.toml")).unwrap(),
        config
    );
}
