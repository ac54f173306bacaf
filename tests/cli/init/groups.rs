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
        str![[r#"
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

"#]],
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

#[test]
fn people_in_a_line_more_than_once() {
    imports(
        &github("/docs/ @b @a @B\n/src/ @b @b\n"),
        str![[r##"
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
        str![[r#"
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

"#]],
    );
}
