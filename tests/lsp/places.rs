//! Where repositories are: none, several, those that appear and go, and other kinds than the usual one.

use std::fs;

use serde_json::json;

use crate::client::{Client, uri};
use crate::support::Sandbox;

const DEAD: &str = "[paths]\n'*' = '@a'\n'/gone/' = '@b'\n[lints]\nstale-output = 'allow'\n";
const FOUND: &str = "2:0-2:8 dead-pattern: no tracked path matches `/gone/`: matches nothing";

#[test]
fn outside_of_repositories_nothing_is_said() {
    let sandbox = Sandbox::plain();
    sandbox.write("Cargo.toml", "[paths]\n'/gone' = 1\n");
    sandbox.write("CODEOWNERS", "/gone/ @a\n");
    let mut client = Client::plain();
    client.open_file(&sandbox.root.join("Cargo.toml"));
    client.open_file(&sandbox.root.join("CODEOWNERS"));
    client.open(&sandbox.root.join("missing/owners.toml"), DEAD);
    assert!(client.is_silent());
}

#[test]
fn other_files_of_a_repository_are_left_alone() {
    let sandbox = Sandbox::repo([
        ("owners.toml", DEAD),
        ("Cargo.toml", "[paths]\n"),
        ("a.rs", ""),
    ]);
    let mut client = Client::plain();
    let cargo = client.open_file(&sandbox.root.join("Cargo.toml"));
    client.open_file(&sandbox.root.join("a.rs"));
    client.change(&cargo, "[paths]\n'/gone' = 1\n");
    assert!(client.is_silent());
    let config = client.open_file(&sandbox.root.join("owners.toml"));
    assert_eq!(client.summary(&config), [FOUND]);
    client.change(&cargo, "[paths]\n");
    assert!(client.is_silent());
}

#[test]
fn a_repository_appears_and_goes() {
    let sandbox = Sandbox::plain();
    sandbox.write("a/b", "");
    sandbox.write("CODEOWNERS", "/gone/ @a\n");
    let mut client = Client::plain();
    let file = client.open_file(&sandbox.root.join("CODEOWNERS"));
    assert!(client.is_silent());
    sandbox.git("init -q");
    sandbox.git("add -A");
    client.change(&file, "/gone/ @b\n");
    assert!(!client.diagnostics(&file).is_empty());
    fs::remove_dir_all(sandbox.root.join(".git")).unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(client.summary(&file), [""; 0]);
}

#[test]
fn a_directory_without_git() {
    let sandbox = Sandbox::plain();
    sandbox.write("owners.toml", DEAD);
    let mut client = Client::plain();
    let config = client.open_file(&sandbox.root.join("owners.toml"));
    assert_eq!(client.summary(&config), [FOUND]);
    sandbox.write("gone/new", "");
    client.notify(
        "textDocument/didSave",
        json!({ "textDocument": { "uri": config } }),
    );
    assert_eq!(client.summary(&config), [""; 0]);
}

#[test]
fn the_index_is_read_again_when_it_has_changed() {
    let sandbox = Sandbox::repo([("owners.toml", DEAD), ("a", "")]);
    let mut client = Client::plain();
    let config = client.open_file(&sandbox.root.join("owners.toml"));
    assert_eq!(client.summary(&config), [FOUND]);
    sandbox.write("gone/new", "");
    sandbox.git("add -A");
    // Nobody tells the server: it looks before it answers.
    client.change(&config, &format!("{DEAD}# x\n"));
    assert_eq!(client.summary(&config), [""; 0]);
    sandbox.git("rm -q -r --cached gone");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(client.summary(&config), [FOUND]);
}

#[test]
fn a_damaged_index_is_said() {
    let sandbox = Sandbox::repo([("owners.toml", DEAD)]);
    fs::write(sandbox.root.join(".git/index"), "DIRC").unwrap();
    let mut client = Client::plain();
    let config = client.open_file(&sandbox.root.join("owners.toml"));
    let found = client.summary(&config);
    assert!(found[0].contains("cannot read the index"), "{found:?}");
    fs::remove_file(sandbox.root.join(".git/index")).unwrap();
    sandbox.git("add -A");
    client.change(&config, DEAD);
    assert_eq!(client.summary(&config), [FOUND]);
}

#[test]
fn a_worktree_and_a_submodule_have_their_own_files() {
    let sandbox = Sandbox::committed([("owners.toml", DEAD), ("a", "")]);
    sandbox.git("worktree add -q ../tree");
    sandbox.git("-c protocol.file.allow=always submodule --quiet add ../r sub");
    let top = sandbox.root.parent().unwrap();
    let mut client = Client::plain();
    for path in [
        top.join("tree/owners.toml"),
        sandbox.root.join("sub/owners.toml"),
    ] {
        let config = client.open_file(&path);
        assert_eq!(client.summary(&config), [FOUND], "{}", path.display());
    }
    sandbox.git_in("../tree", "mv a gone.txt");
    let config = uri(&top.join("tree/owners.toml"));
    client.change(
        &config,
        "[paths]\n'*' = '@a'\n'/gone.txt' = '@b'\n[lints]\nstale-output = 'allow'\n",
    );
    assert_eq!(client.summary(&config), [""; 0]);
}

#[test]
fn a_bare_repository_has_no_files() {
    let sandbox = Sandbox::committed([("owners.toml", DEAD)]);
    sandbox.git("clone -q --bare . ../bare.git");
    let bare = sandbox.root.parent().unwrap().join("bare.git");
    let mut client = Client::plain();
    client.open(&bare.join("owners.toml"), DEAD);
    client.open(&sandbox.root.join(".git/owners.toml"), DEAD);
    let params = json!({ "textDocument": { "uri": uri(&bare.join("x")) } });
    assert_eq!(
        client.ask("owners/owner", params),
        Ok(serde_json::Value::Null)
    );
    assert!(client.is_silent());
}

#[test]
fn two_repositories_at_once() {
    let (one, other) = (
        Sandbox::repo([("owners.toml", DEAD)]),
        Sandbox::repo([("owners.toml", DEAD), ("gone/a", "")]),
    );
    let mut client = Client::plain();
    let first = client.open_file(&one.root.join("owners.toml"));
    let second = client.open_file(&other.root.join("owners.toml"));
    assert_eq!(client.summary(&first), [FOUND]);
    assert_eq!(client.summary(&second), [""; 0]);
    client.close(&first);
    assert_eq!(client.summary(&first), [""; 0]);
    client.change(&second, "[paths]\n");
    assert!(!client.diagnostics(&second).is_empty());
    assert!(client.is_silent());
}

#[test]
fn files_that_are_renamed_or_deleted_while_they_are_open() {
    let sandbox = Sandbox::repo([("owners.toml", DEAD), ("a", "")]);
    let mut client = Client::plain();
    let config = client.open_file(&sandbox.root.join("owners.toml"));
    assert_eq!(client.summary(&config), [FOUND]);
    // The editor still has the text.
    fs::rename(
        sandbox.root.join("owners.toml"),
        sandbox.root.join("other.toml"),
    )
    .unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(client.summary(&config)[0], FOUND);
    client.close(&config);
    assert_eq!(client.summary(&config), [""; 0]);
    client.open_file(&sandbox.root.join("other.toml"));
    assert!(client.is_silent());
    // Closed and opened under another name, as editors do.
    fs::rename(
        sandbox.root.join("other.toml"),
        sandbox.root.join("owners.toml"),
    )
    .unwrap();
    let config = client.open_file(&sandbox.root.join("owners.toml"));
    assert_eq!(client.summary(&config), [FOUND]);
}

#[cfg(unix)]
#[test]
fn a_repository_behind_a_link_has_the_names_of_the_client() {
    let sandbox = Sandbox::repo([
        ("owners.toml", "nested = true\n[paths]\n'*' = '@a'\n"),
        ("a/owners.toml", "[paths]\n'x' = 'gone'\n"),
    ]);
    let link = sandbox.root.parent().unwrap().join("link");
    std::os::unix::fs::symlink(&sandbox.root, &link).unwrap();
    let mut client = Client::plain();
    client.open_file(&link.join("owners.toml"));
    assert_eq!(
        client.diagnostics(&uri(&link.join("a/owners.toml"))).len(),
        1
    );
}

#[test]
fn names_with_blanks_and_other_letters() {
    let sandbox = Sandbox::repo([
        ("owners.toml", "nested = true\n[paths]\n'*' = '@a'\n"),
        ("ä ö/😀/owners.toml", "[paths]\n'x' = 'gone'\n"),
    ]);
    let mut client = Client::plain();
    client.open_file(&sandbox.root.join("owners.toml"));
    let escaped = format!(
        "{}/%C3%A4%20%C3%B6/%F0%9F%98%80/owners.toml",
        uri(&sandbox.root)
    );
    assert_eq!(client.diagnostics(&escaped).len(), 1);
    let text = "[paths]\n'x' = '@a'\n[lints]\n";
    let document = json!({ "uri": escaped, "languageId": "toml", "version": 3, "text": text });
    client.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let found = client.wait(|message| message["params"]["version"] == 3);
    assert_eq!(found["params"]["uri"], *escaped);
}
