//! What `--fix` refuses to do.

use std::fs;

use snapbox::str;

use super::sandbox;

const CONFIG: &str = r"[paths]
'*' = '@a'
'/gone' = '@b'
";

#[test]
fn arguments_that_contradict_each_other() {
    let sandbox = sandbox(CONFIG);
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
}

#[test]
fn a_configuration_with_mistakes_is_left_alone() {
    let sandbox = sandbox(CONFIG);
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
  = help: if nobody owns it, write `[]` as its owners

1 error in the configuration

"#]]);
    assert_eq!(
        sandbox.read("owners.toml"),
        r"[paths]
'*' = 'nobody'
'/gone/' = '@a'
"
    );
}

#[test]
fn a_configuration_outside_of_the_repository_is_not_fixed() {
    let sandbox = sandbox(CONFIG);
    fs::write(sandbox.root.join("../other.toml"), CONFIG).unwrap();
    sandbox
        .owners("check --fix=tree --config ../other.toml")
        .refuses(str![[r#"
error: cannot edit the configuration that `--config` names
 = note: `../other.toml` is outside the repository, whose root is `[ROOT]`

"#]]);
}

#[test]
fn another_configuration_is_fixed_alone() {
    let sandbox = sandbox(CONFIG);
    sandbox.write("sub/other.toml", CONFIG);
    sandbox
        .owners("check --fix=tree --config other.toml")
        .within("sub")
        .exits(
            0,
            str![[r#"
0 errors, 0 warnings; 7 tracked paths: 7 owned

"#]],
            str![[r#"
updated other.toml
updated ../.github/CODEOWNERS
fixed 2 findings

"#]],
        );
    assert_eq!(sandbox.read("sub/other.toml"), "[paths]\n'*' = '@a'\n");
    assert_eq!(sandbox.read("owners.toml"), CONFIG);
}

#[cfg(unix)]
#[test]
fn a_read_only_file_is_not_fixed() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = sandbox(CONFIG);
    let permissions = fs::Permissions::from_mode(0o444);
    fs::set_permissions(sandbox.root.join("owners.toml"), permissions).unwrap();
    sandbox.owners("check --fix=tree").refuses(str![[r#"
error: cannot edit `owners.toml`: it is read-only
 = help: make it writable, or make the edits that `--dry-run` shows

"#]]);
    assert_eq!(sandbox.read("owners.toml"), CONFIG);
}

#[cfg(unix)]
#[test]
fn a_link_within_the_repository_stays_one() {
    let sandbox = sandbox(CONFIG);
    fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    sandbox.write("sub/real.toml", CONFIG);
    sandbox.link("owners.toml", "sub/real.toml");
    sandbox
        .owners("check --fix=tree -q --format short -A stale-output")
        .prints("");
    assert!(sandbox.root.join("owners.toml").is_symlink());
    assert_eq!(sandbox.read("sub/real.toml"), "[paths]\n'*' = '@a'\n");
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_outside_is_neither_read_nor_written() {
    let sandbox = sandbox(CONFIG);
    fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    fs::write(sandbox.root.join("../outside.toml"), CONFIG).unwrap();
    sandbox.link("owners.toml", "../outside.toml");
    let output = sandbox.owners("check --fix=tree").output();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        fs::read_to_string(sandbox.root.join("../outside.toml")).unwrap(),
        CONFIG
    );
}
