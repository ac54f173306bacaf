//! What `--fix` refuses to do.

use std::fs;

use snapbox::str;

use super::sandbox;

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
