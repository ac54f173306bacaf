//! Files in directories below the root.

use snapbox::{file, str};

use crate::support::Sandbox;

const MONOREPO: [(&str, &str); 7] = [
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
];

#[test]
fn each_file_of_a_monorepo_is_fixed() {
    let sandbox = Sandbox::current(MONOREPO);
    sandbox.owners("check --fix").exits(
        0,
        file!["monorepo.txt"],
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
}

#[test]
fn each_file_of_a_monorepo_is_fixed_for_its_tree() {
    let sandbox = Sandbox::current(MONOREPO);
    let fixed = sandbox.owners("check --fix").output();
    assert_eq!(fixed.status.code(), Some(0));
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
