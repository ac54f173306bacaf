//! Files for GitLab: sections, exclusions, names, classes.

use snapbox::str;

use super::{gitlab, imports};
use crate::support::Sandbox;
use crate::support::models::gitlab::GitlabFile;

#[test]
fn gitlab_means_names_and_not_what_is_below() {
    let sandbox =
        gitlab("* @top\n/lib/a.rb @a\n*.rb @group/sub/ruby @@maintainer\n/docs/[ab].md @b\n");
    sandbox.owners("init").exits(0, "", str![[r#"
wrote owners.toml: 4 lines of .gitlab/CODEOWNERS became 4 rules; 5 tracked paths compared, no difference
2 lines matched only an entry; the rules also match what is in a directory of that name, but there is none
next: `owners gen --force` replaces .gitlab/CODEOWNERS
add to .gitattributes: /.gitlab/CODEOWNERS text eol=lf linguist-generated

"#]]);
    sandbox.file_is(
        "owners.toml",
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[output]
platform = "gitlab"

[groups]
ruby = "@group/sub/ruby"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*"                 = "@top"
"/lib/a.rb"         = "@a"
"*.rb"              = { owners = ["ruby", "@@maintainer"], except = ["**/*.rb/"] }
"/docs/{a.md,b.md}" = "@b"

"##]],
    );
    sandbox
        .owners("ls --name-only --owner @group/sub/ruby")
        .prints("lib/a.rb\n");
    sandbox.owners("gen -q --force").prints("");
}

#[test]
fn gitlab_repeats_and_excludes() {
    let sandbox = gitlab(
        "*.md @a\ndocs/ @b\n*.md @c nobody # ask @d\n!*.lock @e\n*.lock @f\n/docs/[ab],x @g\n",
    );
    imports(
        &sandbox,
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[output]
platform = "gitlab"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*.md"                    = ["@c", "@d"]
"docs/"                   = "@b"
#: *.md @c nobody # ask @d   (no rule of its own: it repeats an earlier pattern, which has its owners now)
"*.lock"                  = "@f"
#: *.lock @f   (no rule of its own: it repeats an earlier pattern, which has its owners now)
'{/docs/a\,x,/docs/b\,x}' = "@g"

"##]],
    );
}

#[test]
fn gitlab_sections_of_different_paths_become_one_list() {
    let sandbox = gitlab(
        "# Who reviews\n[Docs] @org/docs\n/docs/\n\n[Code][1]\n/lib/ @a @b\n[docs]\n/docs/b/ @c\n",
    );
    sandbox.owners("init").exits(0, "", str![[r#"
wrote owners.toml: 3 lines of .gitlab/CODEOWNERS became 3 rules; 5 tracked paths compared, no difference
nobody owns .gitlab/CODEOWNERS, so anybody can change who owns what: add a rule for it and for owners.toml
next: `owners gen --force` replaces .gitlab/CODEOWNERS
add to .gitattributes: /.gitlab/CODEOWNERS text eol=lf linguist-generated

"#]]);
    sandbox.file_is(
        "owners.toml",
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[output]
platform = "gitlab"

[groups]
docs = "@org/docs"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
# Who reviews
# Docs
"/docs/" = "docs"

# Code
"/lib/"    = ["@a", "@b"]
# Docs
"/docs/b/" = "@c"

"##]],
    );
    sandbox.owners("gen -q --force").prints("");
}

#[test]
fn gitlab_sections_that_may_meet_are_pointed_out() {
    let sandbox = gitlab("[Docs]\n/docs/ @a\n[Locks]\n*.lock @b\n");
    sandbox.owners("init").exits(0, "", str![[r#"
wrote owners.toml: 2 lines of .gitlab/CODEOWNERS became 2 rules; 5 tracked paths compared, no difference
1 line matched only an entry; the rules also match what is in a directory of that name, but there is none
lines 2 and 4 are in different sections and may both match a future path, such as `docs/.lock`: then the later rule alone decides
nobody owns .gitlab/CODEOWNERS, so anybody can change who owns what: add a rule for it and for owners.toml
next: `owners gen --force` replaces .gitlab/CODEOWNERS
add to .gitattributes: /.gitlab/CODEOWNERS text eol=lf linguist-generated

"#]]);
}

/// Sections that add up are approvals, and the generated file has the same sections.
#[test]
fn gitlab_sections_that_add_up_are_approvals() {
    let sandbox =
        gitlab("* @top\n[Docs] @a\n/docs/\n!*.txt\n[Ruby][2]\n*.rb @b\n^[Lib] @c\n/lib/\n");
    sandbox.owners("init").exits(0, "", str![[r#"
wrote owners.toml: 5 lines of .gitlab/CODEOWNERS became 5 rules, those of 3 approvals among them; 5 tracked paths compared, no difference
1 line matched only an entry; the rules also match what is in a directory of that name, but there is none
next: `owners gen --force` replaces .gitlab/CODEOWNERS
add to .gitattributes: /.gitlab/CODEOWNERS text eol=lf linguist-generated

"#]]);
    sandbox.file_is(
        "owners.toml",
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[output]
platform = "gitlab"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*" = "@top"

[[approval]]
name = "Docs"
owners = "@a"
paths = "/docs/"

[[approval]]
name = "Docs"
owners = []
paths = [
    "*.txt",  #: excluded permanently, so this rule is last
]

[[approval]]
name = "Ruby"
count = 2
owners = "@b"
paths = "*.rb"
except = "**/*.rb/"

[[approval]]
name = "Lib"
optional = true
owners = "@c"
paths = "/lib/"

"##]],
    );
    sandbox.owners("gen -q --force").prints("");
    sandbox.file_is(
        ".gitlab/CODEOWNERS",
        str![[r#"
# @generated by `owners gen` from owners.toml: do not edit.
# Change owners.toml and run `owners gen`.

* @top

[Docs] @a
/docs/
!*.txt
!*.txt/

[Ruby][2] @b
# *.rb except **/*.rb/
*.rb
!**/*.rb/**/*.rb

^[Lib] @c
/lib/

"#]],
    );
    sandbox.git("add -A");
    sandbox.owners("check").prints(str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]]);
}

/// If every section asks for more or less than one approval, nobody owns a path.
#[test]
fn gitlab_sections_that_own_nothing() {
    let sandbox = gitlab("^[Docs] @a\n/docs/\n[Ruby][2]\n*.rb @b\n");
    sandbox.owners("init").exits(0, "", str![[r#"
wrote owners.toml: 2 lines of .gitlab/CODEOWNERS became 2 rules, those of 2 approvals among them; 5 tracked paths compared, no difference
nobody owns .gitlab/CODEOWNERS, so anybody can change who owns what: add a rule for it and for owners.toml
next: `owners gen --force` replaces .gitlab/CODEOWNERS
add to .gitattributes: /.gitlab/CODEOWNERS text eol=lf linguist-generated

"#]]);
    sandbox.file_is(
        "owners.toml",
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[output]
platform = "gitlab"

# Nobody owns a path yet: each section of the old file asks for more or less than one
# approval, so it is an `[[approval]]`. Rules go here: "/src/" = "@group"
[paths]

[[approval]]
name = "Docs"
optional = true
owners = "@a"
paths = "/docs/"

[[approval]]
name = "Ruby"
count = 2
owners = "@b"
paths = "*.rb"
except = "**/*.rb/"

"##]],
    );
}

#[test]
fn gitlab_lines_for_a_directory_and_what_is_below() {
    let sandbox = gitlab("/lib @a\n/lib/ @a\n/docs/b/ @b\n/docs/b @b\n/x @a\n/y/ @a\nold.rb @c\n");
    sandbox.owners("init").exits(0, "", str![[r#"
wrote owners.toml: 7 lines of .gitlab/CODEOWNERS became 4 rules; 5 tracked paths compared, no difference
1 line had no effect: see the comments
1 line matched only an entry; the rules also match what is in a directory of that name, but there is none
nobody owns .gitlab/CODEOWNERS, so anybody can change who owns what: add a rule for it and for owners.toml
next: `owners gen --force` replaces .gitlab/CODEOWNERS
add to .gitattributes: /.gitlab/CODEOWNERS text eol=lf linguist-generated

"#]]);
    sandbox.file_is(
        "owners.toml",
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[output]
platform = "gitlab"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"/lib"    = "@a"
"/docs/b" = "@b"
"/x"      = "@a"
"/y/"     = "@a"
#: old.rb @c   (matches nothing: on GitLab, a directory needs a slash at the end)

"##]],
    );
}

/// Who owns the tracked paths by the rules of owners.toml, and by the file that was replaced by the
/// generated one, is the same as before.
#[track_caller]
fn imports_and_replaces(sandbox: &Sandbox, expected: impl snapbox::IntoData) {
    let before = sandbox.read(".gitlab/CODEOWNERS");
    let output = sandbox.owners("init -q --write-output").output();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let config = sandbox.read("owners.toml");
    let (_, rules) = config.split_once("[paths]\n").unwrap();
    sandbox.assert_eq(rules.as_bytes(), expected);
    let after = sandbox.read(".gitlab/CODEOWNERS");
    let (before, after) = (GitlabFile::new(&before), GitlabFile::new(&after));
    for path in sandbox.git("ls-files").lines() {
        assert_eq!(before.owners(path), after.owners(path), "{path}");
    }
}

/// Below a name that is taken there is another of that name: as many rules as there are levels.
#[test]
fn gitlab_names_below_names() {
    let sandbox = Sandbox::repo([("a/a/a", ""), ("a/a/b", ""), ("b/a", ""), ("a/c", "")]);
    sandbox.write(".gitlab/CODEOWNERS", "* @top\na @a\n");
    imports_and_replaces(
        &sandbox,
        str![[r#"
"*"              = "@top"
"a"              = { owners = "@a", except = ["**/a/"] }
"**/a/**/a"      = { owners = "@a", except = ["**/a/**/a/"] }
"**/a/**/a/**/a" = { owners = "@a", except = ["**/a/**/a/**/a/"] }

"#]],
    );
}

/// Where the exceptions would have to exclude for good what a later line may own, there is a rule for
/// each depth.
#[test]
fn gitlab_names_by_their_depth() {
    let sandbox = Sandbox::repo([("x/a/b.md", ""), ("a", ""), ("y/a", ""), ("z.md", "")]);
    sandbox.write(".gitlab/CODEOWNERS", "a @a\n*.md @md\n");
    imports_and_replaces(
        &sandbox,
        str![[r##"
#: a   (at the depths of the paths that are tracked now)
"/a"   = { owners = "@a", except = ["/a/"] }
"/*/a" = { owners = "@a", except = ["/*/a/"] }
"*.md" = "@md"

"##]],
    );
}

/// A line without owners is not final on GitLab, and an exclusion is: where later lines own some of
/// what it matches, its rule names what is left.
#[test]
fn gitlab_lines_without_owners() {
    let files = [
        ("docs/a/x", ""),
        ("docs/a/y", ""),
        ("docs/b", ""),
        ("docs/c/z", ""),
    ];
    let sandbox = Sandbox::repo(files);
    sandbox.write(".gitlab/CODEOWNERS", "* @top\n/docs/\n/docs/c/ @c\n");
    sandbox.owners("init").exits(0, "", str![[r#"
wrote owners.toml: 3 lines of .gitlab/CODEOWNERS became 3 rules; 4 tracked paths compared, no difference
1 line became rules for the paths that are tracked now: see the comments
next: `owners gen --force` replaces .gitlab/CODEOWNERS
add to .gitattributes: /.gitlab/CODEOWNERS text eol=lf linguist-generated

"#]]);
    std::fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    imports_and_replaces(
        &sandbox,
        str![[r#"
"*"                  = "@top"
#: /docs/   (no owners: only the paths that are tracked now, since later lines own the rest)
"{/docs/a/,/docs/b}" = []
"/docs/c/"           = "@c"

"#]],
    );
    // A later line may own what is yet to come in those directories.
    let sandbox = Sandbox::repo(files);
    sandbox.write(".gitlab/CODEOWNERS", "* @top\n/docs/\n*.md @md\n");
    imports_and_replaces(
        &sandbox,
        str![[r#"
"*"                                       = "@top"
#: /docs/   (no owners: only the paths that are tracked now, since later lines own the rest)
"{/docs/a/x,/docs/a/y,/docs/b,/docs/c/z}" = { owners = [], except = ["/docs/a/x/", "/docs/a/y/", "/docs/b/", "/docs/c/z/"] }
"*.md"                                    = "@md"

"#]],
    );
}

#[test]
fn gitlab_has_classes_that_cannot_be_said() {
    let sandbox = gitlab("* @top\n/lib/*[!a]* @a\n");
    sandbox.owners("init").refuses(str![[r#"
error: cannot import `.gitlab/CODEOWNERS`
 = note: line 2: the forge accepts it, but owners.toml has no pattern for `any character except these`, and exceptions would not mean the same
 = help: write the line in another way, then try again

"#]]);
    assert!(!sandbox.root.join("owners.toml").exists());
}
