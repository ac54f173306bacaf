//! Files in directories below the root.

use snapbox::str;

use crate::support::Sandbox;

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
    sandbox.file_is(
        "owners.toml",
        str![[r#"
nested = true
[groups]
lib = '@lib'
[paths]
'*' = '@a'
'/lib/z' = 'lib'

"#]],
    );
    sandbox.file_is(
        "lib/owners.toml",
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
    sandbox.file_is(
        "lib/owners.toml",
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
    sandbox.file_is(
        "lib/deep/owners.toml",
        str![[r#"
[paths]
'a' = '@a'

"#]],
    );
}
