//! `directory-as-file`: a pattern for a directory names a submodule or a symlink.

use snapbox::str;

use crate::PROJECT;
use crate::support::Sandbox;

#[cfg(unix)]
#[test]
fn a_directory_as_file() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.link("link", "crates");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@a"
"/{link,crates}/" = "@b"
"/vendor/*/" = "@b"
"#,
    );
    let id = "1".repeat(40);
    sandbox.git(&format!(
        "update-index --add --cacheinfo 160000,{id},vendor/lib"
    ));
    sandbox.git("add link owners.toml");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add .github");
    sandbox.owners("check").prints(str![[r#"
warning[directory-as-file]: `/link/` never matches: `link` is a symlink, not a directory
 --> owners.toml:3:4
  |
3 | "/{link,crates}/" = "@b"
  |    ^^^^ matches only paths inside a directory
  |
  = help: remove the trailing slash: `/link`

warning[directory-as-file]: `/vendor/*/` never matches: `vendor/lib` is a submodule, not a directory
 --> owners.toml:4:1
  |
4 | "/vendor/*/" = "@b"
  | ^^^^^^^^^^^^ matches only paths inside a directory
  |
  = help: remove the trailing slash: `/vendor/*`

0 errors, 2 warnings; 9 tracked paths: 9 owned

"#]]);
}
