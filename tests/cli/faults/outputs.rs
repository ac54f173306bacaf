//! Outputs behind links, outputs that are something else on disk, and names that no output may have.

use std::fs;

use super::said;
use crate::PROJECT;
use crate::support::Sandbox;

/// Demands that an output behind a link is written, or not for this reason, and that nothing else is.
#[track_caller]
fn output_behind_link(link: &str, target: &str, reason: Option<&str>) {
    const KEPT: &str = "kept";
    let file = if link == "docs" {
        "docs/CODEOWNERS"
    } else {
        link
    };
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            &*format!(
                r"[paths]
'*' = '@a'
[output]
file = '{file}'
"
            ),
        ),
        ("real", ""),
        ("dir/x", ""),
    ]);
    let outside = sandbox.root.join("../outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), KEPT).unwrap();
    fs::create_dir_all(sandbox.root.join(".git/hooks")).unwrap();
    let git_config = sandbox.read(".git/config");
    let target = target.replace("ROOT", sandbox.root.to_str().unwrap());
    sandbox.link(link, &target);
    for arguments in ["gen", "gen --force"] {
        let output = sandbox.owners(arguments).output();
        let said = said(&output);
        match reason {
            None => assert_eq!(output.status.code(), Some(0), "{link} → {target}: {said}"),
            Some(reason) => {
                assert_eq!(output.status.code(), Some(2), "{link} → {target}: {said}");
                assert!(said.contains(reason), "{link} → {target}: {said}");
            }
        }
    }
    assert!(
        fs::symlink_metadata(sandbox.root.join(link))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(fs::read_to_string(outside.join("file")).unwrap(), KEPT);
    assert_eq!(
        fs::read_dir(&outside).unwrap().count(),
        1,
        "{link} → {target}"
    );
    assert_eq!(sandbox.read(".git/config"), git_config);
    assert!(!sandbox.root.join(".git/hooks/post-checkout").exists());
    assert!(!sandbox.root.join(".git/hooks/CODEOWNERS").exists());
    if reason.is_none() {
        assert!(sandbox.read(file).ends_with("* @a\n"), "{link} → {target}");
    }
}

/// Out and in again is no way out.
#[test]
fn links_within_the_repository_are_followed() {
    output_behind_link("CODEOWNERS", "real", None);
    output_behind_link("CODEOWNERS", "dir/../real", None);
    output_behind_link("docs", "dir", None);
    output_behind_link("CODEOWNERS", "../r/real", None);
    output_behind_link("docs", "../r/dir", None);
    output_behind_link("docs", "ROOT/dir", None);
}

#[test]
fn links_out_of_the_repository_are_not_followed() {
    output_behind_link(
        "CODEOWNERS",
        "../outside/file",
        Some("leads out of the repository"),
    );
    output_behind_link(
        "CODEOWNERS",
        "../outside/missing",
        Some("leads out of the repository"),
    );
    output_behind_link(
        "CODEOWNERS",
        "/dev/null",
        Some("leads out of the repository"),
    );
    output_behind_link("docs", "../outside", Some("leads out of the repository"));
}

#[test]
fn links_into_the_git_directory_are_not_followed() {
    output_behind_link("docs", "../r/../r/.git/hooks", Some("leads into `.git`"));
    output_behind_link("docs", "ROOT/.git", Some("leads into `.git`"));
    output_behind_link("CODEOWNERS", ".git/config", Some("leads into `.git`"));
    output_behind_link(
        "CODEOWNERS",
        ".git/hooks/post-checkout",
        Some("leads into `.git`"),
    );
    output_behind_link("docs", ".git/hooks", Some("leads into `.git`"));
}

#[test]
fn links_that_lead_to_no_file_are_refused() {
    output_behind_link("CODEOWNERS", "missing", Some("cannot follow"));
    output_behind_link("docs", "real", Some("a file has that name"));
    output_behind_link("CODEOWNERS", "CODEOWNERS", Some("symbolic links"));
    output_behind_link("CODEOWNERS", "dir", Some("it is a directory"));
    output_behind_link("docs", "missing", Some("cannot follow"));
}

/// Where what is written in `owners.toml` does not say what it leads to.
#[test]
fn outputs_that_are_something_else_on_disk() {
    let config = |file: &str| {
        format!(
            r"[paths]
'*' = '@a'
[output]
file = '{file}'
"
        )
    };
    let sandbox = Sandbox::repo([("owners.toml", &*config("link")), ("nested/x", "")]);
    sandbox.git("init -q --separate-git-dir own-git");
    sandbox.git("worktree add -q --orphan -b other inner");
    sandbox.link("link", "owners.toml");
    sandbox.write("nested/owners.toml", "[paths]\n'*' = '@b'\n");
    sandbox.link("nested-link", "nested/owners.toml");
    sandbox.link("to-git", "own-git");
    for (file, reason) in [
        ("link", "it is a link to a configuration, `owners.toml`"),
        (
            "nested-link",
            "it is a link to a configuration, `owners.toml`",
        ),
        ("own-git/hooks/post-checkout", "leads into `.git`"),
        ("own-git/x/y", "leads into `.git`"),
        ("to-git/hooks/post-checkout", "leads into `.git`"),
        ("nested/../own-git/config", "it is not a plain file path"),
    ] {
        sandbox.write("owners.toml", config(file));
        let output = sandbox.owners("gen --force").output();
        assert_eq!(output.status.code(), Some(2), "{file}: {}", said(&output));
        assert!(said(&output).contains(reason), "{file}: {}", said(&output));
        assert_eq!(sandbox.read("owners.toml"), config(file));
    }
    assert!(!sandbox.root.join("own-git/hooks/post-checkout").exists());
    assert!(!sandbox.root.join("own-git/x").exists());
    // The main repository is no part of a worktree, wherever that lies.
    sandbox.write("inner/owners.toml", config("CODEOWNERS"));
    sandbox.owners("gen -q").within("inner").prints("");
}

/// Names that no output may have, as `owners.toml` has them.
const REFUSED: [&str; 34] = [
    "../x",
    "a/../../x",
    "/tmp/x",
    "~/x",
    "C:/x",
    "..",
    ".",
    "a//b",
    "a/",
    "a\\\\b",
    "a\\nb",
    "a\\u0000b",
    "",
    ".git/config",
    ".git/hooks/post-checkout",
    ".GIT/config",
    "sub/.Git/hooks/x",
    ".git./config",
    ".git /config",
    "GIT~1/config",
    ".g\\u200cit/config",
    ".git::$INDEX_ALLOCATION/config",
    ".git",
    "owners.toml",
    "crates/owners.toml",
    "OWNERS.TOML",
    "owners.toml. ",
    "owners.t\\u200Coml",
    "crates/owners.toml\\u200C",
    "owner\\u017F.toml",
    "OWNERS~1.TOM",
    "crates/owners~2.tom",
    "OWNER~10.TOM",
    "OWC0DE~1.TOM",
];

#[test]
fn outputs_that_are_refused_by_name() {
    let sandbox = Sandbox::committed(PROJECT);
    let before = sandbox.read(".git/config");
    for file in REFUSED {
        let config = format!(
            r#"[output]
file = "{file}"
[paths]
"*" = "@a"
"#
        );
        sandbox.write("owners.toml", &config);
        for arguments in ["gen", "gen --force", "gen --check", "check"] {
            let output = sandbox.owners(arguments).output();
            let said = said(&output);
            assert_eq!(output.status.code(), Some(2), "{file}: {said}");
            assert!(
                said.starts_with("error: the output cannot be `"),
                "{file}: {said}"
            );
        }
        assert_eq!(sandbox.read("owners.toml"), config);
    }
    assert_eq!(sandbox.read(".git/config"), before);
    let status = sandbox.git("status --porcelain --untracked-files=all");
    assert_eq!(status, " M owners.toml\n");
}
