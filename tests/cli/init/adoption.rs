//! The first diff: what is generated after an import differs from the old file in its header, and
//! where the forge did not read the old file.

use std::fmt::Write as _;

use snapbox::str;

use crate::support::Sandbox;

/// Imports without folding, generates, and returns the lines that differ, apart from blanks, below
/// the header.
fn changed(sandbox: &Sandbox, file: &str) -> String {
    let old = sandbox.read(file);
    sandbox.owners("init -q --no-fold").exits(0, "", "");
    sandbox.owners("gen -q --force").exits(0, "", "");
    let new = sandbox.read(file);
    let (_, new) = new.split_once("`owners gen`.\n\n").unwrap();
    sandbox.write("../old", old);
    sandbox.write("../new", new);
    let mut diff = sandbox.command("git");
    diff.args(["diff", "--no-index", "-w", "-U0", "../old", "../new"]);
    let output = diff.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| {
        line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---")
    });
    lines.fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "{}", line.trim_end());
        all
    })
}

fn github(text: &str) -> Sandbox {
    let sandbox = Sandbox::repo([("README.md", ""), ("src/a.rs", ""), ("docs/b.md", "")]);
    sandbox.write(".github/CODEOWNERS", text);
    sandbox
}

/// Short lists of what is in the files of real projects.
#[test]
fn nothing_changes() {
    for text in [
        // No comment at all.
        "*                @costinm @linsun\n/.gitignore      @istio/wg-test\nMakefile*        @istio/wg-test\n/releasenotes/notes\narchitecture/ambient  @istio/wg-pilot @istio/wg-ztunnel\n",
        // A policy, a comment between paragraphs, and one that ends the file.
        "# We use CODEOWNERS to identify people.\n#\n# - \"I intend to review this,\n#   but later.\"\n\n# Everyone.\n* @org/default\n\n# Some parts\n# are special.\n\n# Wasmtime\n/crates/   @org/core\n/src/      @org/core\n\n/crates/wasi* @org/wasi\n# The end.\n",
        // Every spelling of a name, and paragraphs apart by more than one line.
        "# Order matters\n\n# Core\nddtrace/internal/  @org/core\nscripts/**   @org/guild\ntests/**/*appsec*  @org/asm\ntests/snapshots/tests.contrib.*  @org/asm @org/guild\n\n\n# Next\n*.md @org/docs\ndocs/* @org/docs\n.gitlab/   @org/guild  @org/core\nesphome/components/**/x @a\n/My\\ Docs/ @a\n/app/\\[id\\]/ @a\n",
        // Lines without owners, inline comments, a header of its own.
        "####################\n## Owners\n####################\n* @nf-core/ops # everything\nmodules\nsubworkflows\n\n# Opt-in\nDockerfile @a @b\n",
        "* @a\r\n\r\n# b\r\n/b @b\r\n",
    ] {
        assert_eq!(changed(&github(text), ".github/CODEOWNERS"), "", "{text}");
    }
}

#[test]
fn what_the_forge_does_not_read_changes() {
    let sandbox = github(
        "* @a\n/x/ @b user\n*.js @a\n/docs/**/ @a\nfoo** @c\n**/* @d\n*.js @b\n/none # why\n{a,b} @a\n",
    );
    sandbox.assert_eq(
        changed(&sandbox, ".github/CODEOWNERS").as_bytes(),
        str![[r#"
-* @a
-/x/ @b user
-*.js @a
-/docs/**/ @a
-foo** @c
-**/* @d
+/docs/   @a
+**/foo*  @c
+*        @d
-/none # why
-{a,b} @a
+# why
+/none
+**/?a,b} @a

"#]],
    );
}

#[test]
fn gitlab() {
    let sandbox = Sandbox::repo([("a.rb", ""), ("docs/b.md", ""), ("lib/c", "")]);
    sandbox.write(
        ".gitlab/CODEOWNERS",
        "# Policy.\n\n# docs\ndocs/ @b\n*.rb @c # see @d\n\n[Lib] @e\n/lib/\n!*.lock\n",
    );
    sandbox.assert_eq(
        changed(&sandbox, ".gitlab/CODEOWNERS").as_bytes(),
        str![[r#"
-*.rb @c # see @d
+# see @d
+*.rb  @c @d
+*.rb/ @c @d
-[Lib] @e
-/lib/
+# Lib
+/lib/ @e
+!*.lock/

"#]],
    );
}

/// What was generated is right, and stays so.
#[test]
fn after_the_import_everything_is_in_order() {
    let sandbox = github("# All.\n* @org/all\n\n/docs/ @org/docs\n/src/ @org/src\n");
    sandbox.owners("init -q").exits(0, "", "");
    sandbox.owners("gen -q --force").exits(0, "", "");
    sandbox.git("add -A");
    sandbox.owners("gen --check").exits(0, "", "");
    sandbox
        .owners("check -D warnings -q --format short")
        .exits(0, "", "");
}

/// `owners.toml` gets the owners of the CODEOWNERS file.
#[test]
fn who_owns_the_new_file() {
    let sandbox = github("/.github/ @org/core\n/src/ @a\n/docs/ @a\n/README.md @a\n");
    sandbox.owners("init --no-fold").exits(
        0,
        "",
        str![[r#"
wrote owners.toml: 4 lines of .github/CODEOWNERS became 5 rules; 3 tracked paths compared, no difference
owners.toml has the owners of .github/CODEOWNERS: see the last rule
next: `owners gen --force` replaces .github/CODEOWNERS
add to .gitattributes: /.github/CODEOWNERS text eol=lf linguist-generated

"#]],
    );
    sandbox.file_is(
        "owners.toml",
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
core = "@org/core"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"/.github/"  = "core"
"/src/"      = "@a"
"/docs/"     = "@a"
"/README.md" = "@a"

#: This file decides who owns what, so it has the owners of .github/CODEOWNERS.
"/owners.toml" = "core"

"##]],
    );
    sandbox.owners("gen -q --force").exits(0, "", "");
    sandbox.git("add -A");
    sandbox.owners("check -D warnings").prints(str![[r#"
0 errors, 0 warnings; 5 tracked paths: 5 owned

"#]]);

    // It has a rule already, or the same owners.
    for text in [
        "* @a\n/owners.toml @b\n",
        "* @a\n",
        "/.github/ @a\n*.toml @a\n",
    ] {
        let sandbox = github(text);
        sandbox.owners("init -q --no-fold").exits(0, "", "");
        assert_eq!(sandbox.read("owners.toml").matches("This file").count(), 0);
    }

    // No rule of GitLab can own what is excluded.
    let sandbox = Sandbox::repo([("a", "")]);
    sandbox.write(".gitlab/CODEOWNERS", "* @a\n!*.toml\n");
    sandbox.owners("init").exits(
        0,
        "",
        str![[r#"
wrote owners.toml: 2 lines of .gitlab/CODEOWNERS became 2 rules; 1 tracked path compared, no difference
1 line matched only an entry; the rules also match what is in a directory of that name, but there is none
owners.toml does not have the owners of .gitlab/CODEOWNERS: an exclusion matches it, which no rule can undo
next: `owners gen --force` replaces .gitlab/CODEOWNERS
add to .gitattributes: /.gitlab/CODEOWNERS text eol=lf linguist-generated

"#]],
    );
}

#[test]
fn a_file_that_another_program_generates() {
    let sandbox = github("# This file is generated by script/owners.py\n\n* @a\n");
    sandbox.owners("init").exits(
        0,
        "",
        str![[r#"
wrote owners.toml: 1 line of .github/CODEOWNERS became 1 rule; 3 tracked paths compared, no difference
line 1 says that another program generates the file: "This file is generated by script/owners.py"; stop it, or it will overwrite what `owners gen` writes
next: `owners gen --force` replaces .github/CODEOWNERS
add to .gitattributes: /.github/CODEOWNERS text eol=lf linguist-generated

"#]],
    );
}
