//! Groups that are made of owners, and their names.

use snapbox::str;

use super::{github, imports};

#[test]
fn names_that_collide() {
    imports(
        &github(
            "/a/ @org/web\n/b/ @Other/Web\n/c/ @ORG/WEB\n/d/ @other-web @org/web\n\
             /e/ @org/web @other-web\n/f/ @other-web @org/web\n/g/ @org/_x @org/x @org/-x\n",
        ),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
web       = "@org/web"
Other-Web = "@Other/Web"
x         = "@org/_x"
org-x     = "@org/x"
org--x    = "@org/-x"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"/a/" = "web"
"/b/" = "Other-Web"
"/c/" = "web"
"/d/" = ["@other-web", "web"]
"/e/" = ["web", "@other-web"]
"/f/" = ["@other-web", "web"]
"/g/" = ["x", "org-x", "org--x"]

"##]],
    );
}

#[test]
fn sets_of_people() {
    imports(
        &github(
            "/a/ @alice @bob\n/b/ @bob\n/c/ @alice @bob\n/d/ @Bob @carol d@example.com\n\
             /e/ @bob @carol d@example.com\n/f/ d@example.com @alice\n/g/ d@example.com @alice\n",
        ),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"/a/"     = ["@alice", "@bob"]
"/b/"     = "@bob"
"/c/"     = ["@alice", "@bob"]
"/{d,e}/" = ["@Bob", "@carol", "d@example.com"]
"/{f,g}/" = ["d@example.com", "@alice"]

"##]],
    );
}

/// Most teams are of one organization. A short name would claim those of others for it.
#[test]
fn teams_of_other_organizations() {
    let text = "* @org/core\n/a/ @Partner/engineering\n/b/ @Org/docs\n/c/ @partner/engineering\n";
    imports(
        &github(text),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
core                = "@org/core"
Partner-engineering = "@Partner/engineering"
docs                = "@Org/docs"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*"   = "core"
"/a/" = "Partner-engineering"
"/b/" = "docs"
"/c/" = "Partner-engineering"

"##]],
    );
}

/// What all names of teams start and end with is left out.
#[test]
fn what_all_teams_share_is_left_out() {
    let text =
        "* @org/w-default-reviewers\n/a/ @org/w-core-reviewers @org/w-core-s390x-reviewers\n";
    imports(
        &github(text),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
default    = "@org/w-default-reviewers"
core       = "@org/w-core-reviewers"
core-s390x = "@org/w-core-s390x-reviewers"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*"   = "default"
"/a/" = ["core", "core-s390x"]

"##]],
    );
    let sandbox = github(text);
    sandbox.owners("init -q --full-names").prints("");
    let full = sandbox.read("owners.toml");
    assert!(
        full.contains("\nw-core-s390x-reviewers = \"@org/w-core-s390x-reviewers\"\n"),
        "{full}"
    );
    // One that does not share it is enough to keep it.
    let text = format!("{text}/b/ @org/docs\n");
    let sandbox = github(&text);
    sandbox.owners("init -q").prints("");
    let kept = sandbox.read("owners.toml");
    assert!(kept.contains("\nw-core-reviewers "), "{kept}");
}

/// A set of owners is a group only if the file has a name for it.
#[test]
fn sets_with_a_name_in_the_file() {
    imports(
        &github(
            "* @a\n\n# Azure SDK\n/x/ @a @b @c\n*.azure @a @b @c\n\n# Web\n/docs/a.md @d @e\n/docs/b/ @d @e\n/src/ @d\n\n\
             # Other\n/y/ @f @g\n/z/ @f @g\n/w/ @f\n",
        ),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
azure-sdk = ["@a", "@b", "@c"]
docs      = ["@d", "@e"]

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*" = "@a"

# Azure SDK
"/x/"     = "azure-sdk"
"*.azure" = "azure-sdk"

# Web
"/docs/a.md" = "docs"
"/docs/b/"   = "docs"
"/src/"      = "@d"

# Other
"/y/" = ["@f", "@g"]
"/z/" = ["@f", "@g"]
"/w/" = "@f"

"##]],
    );
}

#[test]
fn people_in_a_line_more_than_once() {
    imports(
        &github("/docs/ @b @a @B\n/src/ @b @b\n"),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"/docs/" = ["@b", "@a"]
"/src/"  = "@b"

"##]],
    );
}

#[test]
fn names_of_sets() {
    let long = "@a-rather-long-name-of-somebody";
    imports(
        &github(&format!(
            "/a @x @y @z\n/b/ @x @y @z\n/c @x @y @w\n/d/ @x @y @w\n/e {long} {long}2\n/f/ {long} {long}2\n\
             /g a.b@example.com @x\n/h/ a.b@example.com @x\n/i @o/s @o/t\n/j/ @o/s @o/t\n"
        )),
        str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

[groups]
s = "@o/s"
t = "@o/t"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"/a"  = ["@x", "@y", "@z"]
"/b/" = ["@x", "@y", "@z"]
"/c"  = ["@x", "@y", "@w"]
"/d/" = ["@x", "@y", "@w"]
"/e"  = ["@a-rather-long-name-of-somebody", "@a-rather-long-name-of-somebody2"]
"/f/" = ["@a-rather-long-name-of-somebody", "@a-rather-long-name-of-somebody2"]
"/g"  = ["a.b@example.com", "@x"]
"/h/" = ["a.b@example.com", "@x"]
"/i"  = ["s", "t"]
"/j/" = ["s", "t"]

"##]],
    );
}
