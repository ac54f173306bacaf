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
            "[paths]\n'/a/x' = '@a'\n'/a/' = '@b'\n'*' = { owners = '@c', except = '/a/' }\n",
            "[paths]\n'/a/' = '@b'\n'*' = { owners = '@c', except = '/a/' }\n",
            "[paths]\n'/a/' = '@b'\n'*' = { owners = '@c', except = '/a/' }\n",
        ),
        // By several together.
        (
            "[paths]\n'*' = '@a'\n'/c/' = '@a'\n'/c/*' = '@b'\n'/c/*/' = '@c'\n",
            "[paths]\n'*' = '@a'\n'/c/*' = '@b'\n'/c/*/' = '@c'\n",
            "[paths]\n'*' = '@a'\n'/c/*/' = '@c'\n",
        ),
        // Duplicates: the last one wins, so it stays.
        (
            "[paths]\n'*' = '@a'\n'/a/' = '@b'\n'a/**' = '@c'\n",
            "[paths]\n'*' = '@a'\n'a/**' = '@c'\n",
            "[paths]\n'*' = '@a'\n'a/**' = '@c'\n",
        ),
        // One alternative is a duplicate, another shadowed, another dead.
        (
            "[paths]\n'*' = '@a'\n'/{a,c/x,gone,b}/' = '@b'\n'/a/' = '@c'\n'/c/' = '@d'\n",
            "[paths]\n'*' = '@a'\n'/{gone,b}/' = '@b'\n'/a/' = '@c'\n'/c/' = '@d'\n",
            "[paths]\n'*' = '@a'\n'/b/' = '@b'\n'/a/' = '@c'\n'/c/' = '@d'\n",
        ),
        // All of a rule that is left by alternatives for several reasons.
        (
            "[paths]\n'*' = '@a'\n'/{a,gone}/' = '@b'\n'/a/' = '@c'\n",
            "[paths]\n'*' = '@a'\n'/gone/' = '@b'\n'/a/' = '@c'\n",
            "[paths]\n'*' = '@a'\n'/a/' = '@c'\n",
        ),
        // A product has lines, not alternatives, that are covered: nothing can go.
        (
            "[paths]\n'*' = '@a'\n'/{a,b}/{x,y}' = '@b'\n'/a/x' = '@c'\n",
            "[paths]\n'*' = '@a'\n'/{a,b}/{x,y}' = '@b'\n'/a/x' = '@c'\n",
            // In this tree one goes, and what is left of the other is a duplicate.
            "[paths]\n'*' = '@a'\n'/b/x' = '@b'\n'/a/x' = '@c'\n",
        ),
        // What a later rule excepts is not its own.
        (
            "[paths]\n'*' = '@a'\n'/c/x/' = '@b'\n'/c/' = { owners = '@c', except = '/c/x/y' }\n",
            "[paths]\n'*' = '@a'\n'/c/x/' = '@b'\n'/c/' = { owners = '@c', except = '/c/x/y' }\n",
            "[paths]\n'*' = '@a'\n'/c/x/' = '@b'\n'/c/' = { owners = '@c', except = '/c/x/y' }\n",
        ),
        // A rule that covers several before it stands in the wrong place: a person has to look.
        (
            "[paths]\n'/a/' = '@a'\n'/b/' = '@b'\n'*' = '@c'\n",
            "[paths]\n'/a/' = '@a'\n'/b/' = '@b'\n'*' = '@c'\n",
            "[paths]\n'/a/' = '@a'\n'/b/' = '@b'\n'*' = '@c'\n",
        ),
        // What decides nothing only in this tree may be needed in the next.
        (
            "[paths]\n'*' = '@a'\n'/a/' = '@b'\n'/a/x' = '@c'\n",
            "[paths]\n'*' = '@a'\n'/a/' = '@b'\n'/a/x' = '@c'\n",
            "[paths]\n'*' = '@a'\n'/a/' = '@b'\n'/a/x' = '@c'\n",
        ),
        // Exceptions; a list of which nothing is left goes.
        (
            "[paths]\n'*' = '@a'\n'/c/' = { owners = '@b', except = ['/c/{x,z}', '*.no'] }\n",
            "[paths]\n'*' = '@a'\n'/c/' = { owners = '@b', except = ['/c/{x,z}', '*.no'] }\n",
            "[paths]\n'*' = '@a'\n'/c/' = { owners = '@b', except = ['/c/x'] }\n",
        ),
        (
            "[paths]\n'*' = '@a'\n'/a/' = { except = '*.no', owners = '@b' }\n",
            "[paths]\n'*' = '@a'\n'/a/' = { except = '*.no', owners = '@b' }\n",
            "[paths]\n'*' = '@a'\n'/a/' = { owners = '@b' }\n",
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
            "[paths.'*']\nowners = '@a'\n\n# gone\n[paths.'/gone']\nowners = '@b'\n# why\nexcept = 'x'\n\n[paths.'/a/']\nowners = '@c'\n",
            "[paths.'*']\nowners = '@a'\n\n# gone\n[paths.'/gone']\nowners = '@b'\n# why\nexcept = 'x'\n\n[paths.'/a/']\nowners = '@c'\n",
            "[paths.'*']\nowners = '@a'\n\n[paths.'/a/']\nowners = '@c'\n",
        ),
        // Groups, in all forms; one that goes may be what named another.
        (
            "[groups]\na = '@a'\nb = 'c'\nc.team = '@o/c'\nc.members = ['d']\n\n[groups.d]\nmembers = '@d'\n\n[groups.e]\nmembers = 'a'\n[paths]\n'*' = 'e'\n",
            "[groups]\na = '@a'\n\n[groups.e]\nmembers = 'a'\n[paths]\n'*' = 'e'\n",
            "[groups]\na = '@a'\n\n[groups.e]\nmembers = 'a'\n[paths]\n'*' = 'e'\n",
        ),
        (
            "groups = { old = '@a' }\npaths = { '*' = '@b' }\n",
            "groups = {}\npaths = { '*' = '@b' }\n",
            "groups = {}\npaths = { '*' = '@b' }\n",
        ),
        // Exemptions.
        (
            "[check]\nexempt = ['/gone/', '/a/', '/never']\n[paths]\n'/{b,c,.github}/' = '@b'\n'/*' = '@b'\n",
            "[check]\nexempt = ['/gone/', '/a/', '/never']\n[paths]\n'/{b,c,.github}/' = '@b'\n'/*' = '@b'\n",
            "[check]\nexempt = ['/a/']\n[paths]\n'/{b,c,.github}/' = '@b'\n'/*' = '@b'\n",
        ),
        (
            "[check]\nexempt = [\n  # soon\n  '/gone/', # in May\n\n  '/a/', '/never',\n  '/x', '/y', # both\n]\n[paths]\n'/{b,c,.github}/' = '@b'\n'/*' = '@b'\n",
            "[check]\nexempt = [\n  # soon\n  '/gone/', # in May\n\n  '/a/', '/never',\n  '/x', '/y', # both\n]\n[paths]\n'/{b,c,.github}/' = '@b'\n'/*' = '@b'\n",
            "[check]\nexempt = [\n\n  '/a/',\n]\n[paths]\n'/{b,c,.github}/' = '@b'\n'/*' = '@b'\n",
        ),
        (
            "[check]\nexempt = '/gone/' # why\nmin-members = 1\n[paths]\n'*' = '@b'\n",
            "[check]\nexempt = '/gone/' # why\nmin-members = 1\n[paths]\n'*' = '@b'\n",
            "[check]\nmin-members = 1\n[paths]\n'*' = '@b'\n",
        ),
        (
            "check = { exempt = '/gone/', min-members = 1 }\n[paths]\n'*' = '@b'\n",
            "check = { exempt = '/gone/', min-members = 1 }\n[paths]\n'*' = '@b'\n",
            "check = { min-members = 1 }\n[paths]\n'*' = '@b'\n",
        ),
        // Quotes and escapes stay as they are.
        (
            "[paths]\n'*' = '@a'\n\"/{a,gon\\u0065,b}/\" = '@b'\n'/{c,\\{\\,\\}}/' = '@c'\n",
            "[paths]\n'*' = '@a'\n\"/{a,gon\\u0065,b}/\" = '@b'\n'/{c,\\{\\,\\}}/' = '@c'\n",
            "[paths]\n'*' = '@a'\n\"/{a,b}/\" = '@b'\n'/c/' = '@c'\n",
        ),
        (
            "[paths]\n'*' = '@a'\n\"/<\\u00e9,a\\u002f>x\" = '@b'\n",
            "[paths]\n'*' = '@a'\n\"/<\\u00e9,a\\u002f>x\" = '@b'\n",
            "[paths]\n'*' = '@a'\n\"/a\\u002fx\" = '@b'\n",
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
            "[paths]\n\n# all\n'*' = '@a'\n# gone\n# for good\n'/gone' = '@b' # or not\n# a\n'/a' = '@c'\n",
            "[paths]\n\n# all\n'*' = '@a'\n# gone\n# for good\n'/gone' = '@b' # or not\n# a\n'/a' = '@c'\n",
            "[paths]\n\n# all\n'*' = '@a'\n# a\n'/a' = '@c'\n",
        ),
        // What heads a paragraph stays with what is left of it, and goes with the last of it.
        (
            "[paths]\n'*' = '@a'\n\n# Two.\n'/gone' = '@b'\n'/a' = '@c'\n\n# One.\n'/gone2' = '@b'\n\n'/b' = '@c'\n",
            "[paths]\n'*' = '@a'\n\n# Two.\n'/gone' = '@b'\n'/a' = '@c'\n\n# One.\n'/gone2' = '@b'\n\n'/b' = '@c'\n",
            "[paths]\n'*' = '@a'\n\n# Two.\n'/a' = '@c'\n\n'/b' = '@c'\n",
        ),
        // What an empty line separates stays.
        (
            "# Head.\n\n[paths]\n# Rules.\n\n'/gone' = '@b'\n# tail of it\n\n'*' = '@a'\n# end\n",
            "# Head.\n\n[paths]\n# Rules.\n\n# tail of it\n\n'*' = '@a'\n# end\n",
            "# Head.\n\n[paths]\n# Rules.\n\n# tail of it\n\n'*' = '@a'\n# end\n",
        ),
        // What begins the file is about all of it.
        (
            "# ours\n[groups.old]\nmembers = '@b'\n[paths]\n'*' = '@a'\n",
            "# ours\n[paths]\n'*' = '@a'\n",
            "# ours\n[paths]\n'*' = '@a'\n",
        ),
        // A string is no comment.
        (
            "[groups.a]\nmembers = '@a'\ndescription = '''\n# text'''\n[paths]\n'/gone' = 'a'\n'/*' = 'a'\n",
            "[groups.a]\nmembers = '@a'\ndescription = '''\n# text'''\n[paths]\n'/gone' = 'a'\n'/*' = 'a'\n",
            "[groups.a]\nmembers = '@a'\ndescription = '''\n# text'''\n[paths]\n'/*' = 'a'\n",
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
    let config = "\
[groups]
core = \"@org/core\"
old = \"@old\"

[paths]
\"*\" = \"core\"
# The old team's.
\"/a/x\" = \"old\"
\"/{a,gone}/\" = \"@a\"
";
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
    let sandbox = sandbox("[paths]\n'*' = '@a'\n'/a/' = '@b'\n");
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
    sandbox.write("owners.toml", "[paths]\n'/a/' = '@b'\n'*' = '@a'\n");
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
    sandbox.write("owners.toml", "[paths]\n'/a/' = '@b'\n'*' = '@c'\n");
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
    sandbox.write("owners.toml", "[paths]\n'/a/' = '@b'\n'*' = '@c'\n");
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
    let config = "[groups]\nold = '@a'\n[paths]\n'/a/x' = '@a'\n'/a/' = '@b'\n'*' = { owners = '@c', except = '/a/' }\n";
    for allowed in ["shadowed-rule", "unused-group"] {
        let left = fixed(&format!("check --fix -A {allowed}"), config);
        assert_eq!(left.contains("old"), allowed == "unused-group");
        assert_eq!(left.contains("'/a/x'"), allowed == "shadowed-rule");
    }
    // What is left and denied fails the run.
    let sandbox = sandbox("[paths]\n'/a/' = '@a'\n'gone/*' = '@b'\n'/gone' = '@c'\n");
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
    let sandbox = self::sandbox("[paths]\n'*' = '@a'\n'/gone' = '@b'\n");
    sandbox.git("commit -qm base");
    sandbox.write(
        "owners.toml",
        "[paths]\n'*' = '@a'\n'/gone' = '@b'\n'/{a,new}' = '@c'\n",
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
        "[paths]\n'*' = '@a'\n'/gone' = '@b'\n'/a' = '@c'\n"
    );
}

#[test]
fn a_group_that_an_older_one_names_stays() {
    let sandbox = sandbox("[groups]\na = '@a'\nold = 'a'\n[paths]\n'*' = 'a'\n");
    sandbox.git("commit -qm base");
    let config = "[groups]\na = '@a'\nold = 'a'\n[paths]\n'*' = '@a'\n";
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
        "[groups]\n[paths]\n'*' = '@a'\n"
    );
}

#[test]
fn untracked_files_keep_a_rule_alive() {
    let config = "[paths]\n'*' = '@a'\n'/new' = '@b'\n";
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
    let config = "[paths]\n'*' = '@a'\n'/{owners.toml,.github/CODEOWNERS,gone}' = '@b'\n";
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
        "[paths]\n'*' = '@a'\n'/{owners.toml,.github/CODEOWNERS}' = '@b'\n"
    );
}

#[test]
fn a_pattern_that_has_to_stay() {
    // `/a` would then be there twice, or be a key of two.
    let config =
        "[paths]\n'*' = '@a'\n'/{a,gone}' = '@b'\n'/a' = { owners = '@c', except = '/a/x' }\n";
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
    let config = "[paths]\n'*' = '@a'\n'/{a,gone}'.owners = '@b'\n'/{a,gone}'.except = '/a/x'\n";
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
    let config = "[paths]\n'*' = '@a'\n'/a/' = '@b'\n'/gone' = '@b'\n'/a' = '@c'\n";
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
            "nested = true\n[groups]\nold = '@old'\nlib = '@lib'\n[paths]\n'*' = '@a'\n'/lib/z' = 'lib'\n",
        ),
        (
            "lib/owners.toml",
            "# lib\n[groups]\ninner = 'old'\n[check]\nexempt = ['/no']\n[paths]\n'x/**' = 'inner'\n'/{y,gone}' = 'lib'\n'/x' = '@x'\n",
        ),
        (
            "lib/deep/owners.toml",
            "[paths]\n'a' = '@a'\n'/gone' = '@b'\n",
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
    let config = "[paths]\n'*' = '@a'\n'/gone' = '@b'\n";
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
    sandbox.write("owners.toml", "[paths]\n'*' = 'nobody'\n'/gone/' = '@a'\n");
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
        "[paths]\n'*' = 'nobody'\n'/gone/' = '@a'\n"
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

    let config = "[paths]\n'*' = '@a'\n'/gone' = '@b'\n";
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
