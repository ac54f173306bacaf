//! Where a file is written: what is in its place, its mode, symlinks, several writers.

use std::fs;

use snapbox::str;

use super::{OUTPUT, names_in};
use crate::PROJECT;
use crate::support::{Sandbox, owners};

#[test]
fn a_directory_at_the_output() {
    let sandbox = Sandbox::repo(PROJECT);
    fs::create_dir_all(sandbox.root.join(OUTPUT)).unwrap();
    sandbox.owners("gen").refuses(str![[r#"
error: cannot read `[ROOT]/.github/CODEOWNERS`
 = note: it is a directory

"#]]);
    sandbox.owners("gen --force").refuses(str![[r#"
error: cannot read `[ROOT]/.github/CODEOWNERS`
 = note: it is a directory

"#]]);
    sandbox.owners("gen --check").refuses(str![[r#"
error: cannot read `[ROOT]/.github/CODEOWNERS`
 = note: it is a directory

"#]]);
}

#[test]
fn a_file_where_the_directory_should_be() {
    let sandbox = Sandbox::repo(PROJECT);
    sandbox.write(".github", "");
    sandbox.owners("gen").refuses(str![[r#"
error: cannot write `[ROOT]/.github/CODEOWNERS`
 = note: cannot create the directory `[ROOT]/.github`: a file has that name

"#]]);
}

#[cfg(unix)]
#[test]
fn a_directory_that_cannot_be_written_to() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::repo(PROJECT);
    let directory = sandbox.root.join(".github");
    fs::create_dir(&directory).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o555)).unwrap();
    if let Some(run) = sandbox.owners_unprivileged("gen") {
        run.refuses(str![[r#"
error: cannot write `[ROOT]/.github/CODEOWNERS`
 = note: cannot replace it by a new file in `[ROOT]/.github`
 = note: Permission denied (os error 13)

"#]]);
        assert!(names_in(&directory).is_empty());
    }
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn the_mode_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = Sandbox::current(PROJECT);
    let file = sandbox.root.join(OUTPUT);
    sandbox.write(OUTPUT, format!("{}# x\n", sandbox.read(OUTPUT)));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    sandbox.owners("gen -q").prints("");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_through_a_symlink() {
    let sandbox = Sandbox::repo(PROJECT);
    fs::create_dir(sandbox.root.join("../outside")).unwrap();
    sandbox.link(".github", "../outside");
    sandbox.owners("gen").refuses(str![[r#"
error: cannot read `[ROOT]/.github/CODEOWNERS`
 = note: `[ROOT]/.github` leads out of the repository, to `[TOP]/outside`

"#]]);
    assert!(names_in(&sandbox.root.join("../outside")).is_empty());
}

#[test]
fn two_at_once_leave_one_whole_file() {
    let sandbox = Sandbox::repo(PROJECT);
    let runs: Vec<_> = (0..8)
        .map(|_| {
            sandbox
                .command(owners())
                .args(["gen", "-q"])
                .spawn()
                .unwrap()
        })
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    sandbox.owners("gen --check").prints("");
    assert_eq!(names_in(&sandbox.root.join(".github")), ["CODEOWNERS"]);
}
