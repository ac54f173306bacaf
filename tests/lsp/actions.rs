//! Code actions, and the texts that they lead to.

use serde_json::json;

use crate::client::{Client, range, uri};
use crate::support::Sandbox;
use crate::{CONFIG, sandbox};

/// The titles of actions.
fn titles(actions: &[serde_json::Value]) -> Vec<&str> {
    actions
        .iter()
        .filter_map(|action| action["title"].as_str())
        .collect()
}

/// The edit of the action with a title that starts like this.
fn edit<'a>(actions: &'a [serde_json::Value], title: &str) -> &'a serde_json::Value {
    let starts = |action: &&serde_json::Value| action["title"].as_str().unwrap().starts_with(title);
    let action = actions.iter().find(starts);
    &action.unwrap_or_else(|| panic!("{title} is not in {:?}", titles(actions)))["edit"]
}

#[test]
fn each_fix_is_an_action() {
    let sandbox = sandbox();
    for mut client in [Client::usual(), Client::plain()] {
        let uri = client.open(&sandbox.root.join("owners.toml"), CONFIG);
        for (line, title, old, new) in [
            (2, "Remove `old`", "old = ['@c']\n", ""),
            (7, "Remove the alternative `gone`", "{docs,gone}", "docs"),
            (
                8,
                "Replace `'/docs/giude.md'` with `'/docs/guide.md'`",
                "giude",
                "guide",
            ),
        ] {
            let actions = client.actions(&uri, &range((line, 0), (line, 20)), &["quickfix"]);
            let texts = client.edited(edit(&actions, title));
            assert_eq!(texts[&uri], CONFIG.replace(old, new), "{title}");
            let is_preferred = actions[0]["isPreferred"].as_bool();
            assert_eq!(is_preferred, Some(true), "{title}");
        }
    }
}

#[test]
fn all_fixes_are_those_of_check() {
    for flag in ["--fix", "--fix=tree"] {
        let sandbox = sandbox();
        let mut client = Client::usual();
        let uri = client.open(&sandbox.root.join("owners.toml"), CONFIG);
        let actions = client.actions(&uri, &range((0, 0), (0, 0)), &["source"]);
        let title = actions.iter().find(|action| {
            let title = action["title"].as_str().unwrap();
            title.ends_with(&format!("(`owners check {flag}`)"))
        });
        let texts = client.edited(&title.unwrap()["edit"]);
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_owners"));
        assert!(command.args(["check", flag, "-q"]).output().is_ok());
        assert_eq!(texts[&uri], sandbox.read("owners.toml"), "{flag}");
        let output = crate::client::uri(&sandbox.root.join(".github/CODEOWNERS"));
        assert_eq!(texts[&output], sandbox.read(".github/CODEOWNERS"), "{flag}");
    }
}

#[test]
fn only_what_the_client_wants() {
    let sandbox = sandbox();
    let mut client = Client::usual();
    let uri = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    let all = range((0, 0), (99, 0));
    for (only, kinds) in [
        (&["source.fixAll"][..], &["source.fixAll.owners"][..]),
        (
            &["source"],
            &["source.fixAll.owners", "source.owners.fixTree"],
        ),
        (&["source.fixAll.other", "refactor", "sourc"], &[]),
        (&["quickfix"], &["quickfix"]),
    ] {
        let actions = client.actions(&uri, &all, only);
        let mut found: Vec<&str> = actions
            .iter()
            .filter_map(|each| each["kind"].as_str())
            .collect();
        found.dedup();
        assert_eq!(found, kinds, "{only:?}");
    }
}

#[test]
fn what_was_meant_replaces_what_is_wrong() {
    let sandbox = sandbox();
    let mut client = Client::usual();
    let uri = client.open(
        &sandbox.root.join("owners.toml"),
        "[groups]\ncore = '@a'\n[paths]\n'*' = 'cor'\n[lints]\ndead-patern = 'warn'\n[outputs]\nplatform = 'x'\n",
    );
    client.diagnostics(&uri);
    let actions = client.actions(&uri, &range((0, 0), (99, 0)), &[]);
    assert_eq!(
        titles(&actions),
        [
            "Replace `'cor'` with `\"core\"`",
            "Replace `dead-patern` with `dead-pattern`",
            "Replace `outputs` with `output`",
        ]
    );
    let texts = client.edited(&actions[0]["edit"]);
    assert!(texts[&uri].contains("'*' = \"core\"\n"), "{texts:?}");
    let text = "[paths]\n'*' = '@a'\n[[output]]\nplatform = 'gitlub'\n";
    client.change(&uri, text);
    let actions = client.actions(&uri, &range((3, 0), (3, 19)), &[]);
    let texts = client.edited(&actions[0]["edit"]);
    assert!(texts[&uri].contains("platform = \"git"), "{texts:?}");
}

#[test]
fn several_things_may_have_been_meant() {
    let sandbox = Sandbox::repo([
        ("owners.toml", ""),
        ("docs1/a", ""),
        ("src/docs-a/x", ""),
        ("src/docs-b/x", ""),
    ]);
    let mut client = Client::usual();
    let config = sandbox.root.join("owners.toml");
    let uri = client.open(
        &config,
        "[paths]\n'*' = '@a'\n'/src/docs_a/' = '@b'\n'/docs/a' = '@c'\n",
    );
    let found = client.summary(&uri);
    let actions = client.actions(&uri, &range((2, 0), (3, 9)), &["quickfix"]);
    let replaces = titles(&actions)
        .into_iter()
        .filter(|title| title.starts_with("Replace"));
    assert_eq!(
        replaces.collect::<Vec<_>>(),
        [
            "Replace `'/src/docs_a/'` with `'/src/docs-a/'`",
            "Replace `/docs/a` with `/docs1/a`",
        ],
        "{found:?}"
    );
}

#[test]
fn an_unowned_path_gets_a_rule_or_is_exempt() {
    let text = "[groups]\ncore = '@a'\n[paths]\n'/src/lib.rs' = 'core'\n[lints]\nunowned-config = 'allow'\n";
    let sandbox = Sandbox::repo([
        ("owners.toml", text),
        ("src/lib.rs", ""),
        ("src/new.rs", ""),
    ]);
    let mut client = Client::usual();
    let uri = client.open(&sandbox.root.join("owners.toml"), text);
    let actions = client.actions(&uri, &range((2, 0), (2, 0)), &["quickfix"]);
    let texts = client.edited(edit(&actions, "Add the rule `\"/src/new.rs\" = \"core\"`"));
    let expected = "[groups]\ncore = '@a'\n[paths]\n'/src/lib.rs' = 'core'\n\"/src/new.rs\" = \"core\"\n[lints]\nunowned-config = 'allow'\n";
    assert_eq!(texts[&uri], expected);
    let texts = client.edited(edit(&actions, "Exempt 2 unowned paths"));
    client.change(&uri, &texts[&uri]);
    let found = client.summary(&uri);
    assert!(
        !found.iter().any(|each| each.contains("unowned-path")),
        "{found:?}"
    );
}

#[test]
fn what_is_for_several_findings_is_offered_once() {
    let text = "[paths]\n'/owners.toml' = '@a'\n'o' = '@a'\n[lints]\nstale-output = 'allow'\n";
    let files = ["a/o", "a/x", "a/y", "b/o", "b/x", "b/y"].map(|file| (file, ""));
    let sandbox = Sandbox::repo(files.into_iter().chain([("owners.toml", text)]));
    for mut client in [Client::usual(), Client::plain()] {
        let uri = client.open_file(&sandbox.root.join("owners.toml"));
        assert_eq!(client.diagnostics(&uri).len(), 2);
        let actions = client.actions(&uri, &range((0, 0), (0, 0)), &["quickfix"]);
        for title in ["Exempt 4 unowned paths", "Allow `unowned-path`"] {
            let starts =
                |action: &&serde_json::Value| action["title"].as_str().unwrap().starts_with(title);
            let found: Vec<_> = actions.iter().filter(starts).collect();
            assert_eq!(found.len(), 1, "{:?}", titles(&actions));
            assert_eq!(found[0]["diagnostics"].as_array().unwrap().len(), 2);
        }
    }
}

#[test]
fn a_lint_is_allowed() {
    let sandbox = sandbox();
    let mut client = Client::usual();
    let uri = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    let actions = client.actions(&uri, &range((2, 0), (2, 0)), &["quickfix"]);
    let texts = client.edited(edit(&actions, "Allow `unused-group`"));
    assert_eq!(
        texts[&uri],
        format!("{CONFIG}\n[lints]\nunused-group = \"allow\"\n")
    );
    client.change(&uri, &texts[&uri]);
    let found = client.summary(&uri);
    assert!(
        !found.iter().any(|each| each.contains("unused-group")),
        "{found:?}"
    );
}

#[test]
fn the_generated_file_is_written_if_the_client_can() {
    let sandbox = sandbox();
    let output = uri(&sandbox.root.join(".github/CODEOWNERS"));
    let mut client = Client::usual();
    let config = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    let actions = client.actions(&config, &range((4, 0), (4, 0)), &["quickfix"]);
    let texts = client.edited(edit(&actions, "Write `.github/CODEOWNERS`"));
    assert!(texts[&output].starts_with("# @generated"), "{texts:?}");
    let mut client = Client::plain();
    let config = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    let actions = client.actions(&config, &range((4, 0), (4, 0)), &["quickfix"]);
    assert!(
        !titles(&actions)
            .iter()
            .any(|title| title.starts_with("Write"))
    );
    // One that exists is only changed, with its line ends.
    let text = texts[&output].replace('\n', "\r\n");
    sandbox.write(".github/CODEOWNERS", "");
    let old = format!("{text}/more @x\r\n");
    let open = client.open(&sandbox.root.join(".github/CODEOWNERS"), &old);
    let actions = client.actions(&open, &range((0, 0), (0, 0)), &["quickfix"]);
    assert_eq!(client.edited(edit(&actions, "Write"))[&open], text);
}

#[test]
fn an_action_of_an_older_text_does_nothing() {
    let sandbox = sandbox();
    let mut client = Client::usual();
    let uri = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    let params = json!({
        "textDocument": { "uri": uri },
        "range": range((2, 0), (2, 0)),
        "context": { "diagnostics": [] },
    });
    let actions = client.ask("textDocument/codeAction", params).unwrap();
    client.change(&uri, "[paths]\n'*' = '@a'\n");
    let resolved = client
        .ask("codeAction/resolve", actions[0].clone())
        .unwrap();
    assert_eq!(resolved.get("edit"), None);
}

#[test]
fn a_file_written_by_hand_is_not_edited() {
    let sandbox = Sandbox::repo([("CODEOWNERS", "* @a\n/gone/ @b\n"), ("a", "")]);
    let mut client = Client::usual();
    let uri = client.open_file(&sandbox.root.join("CODEOWNERS"));
    assert_eq!(client.diagnostics(&uri).len(), 1);
    assert_eq!(
        titles(&client.actions(&uri, &range((0, 0), (9, 0)), &[])),
        [""; 0]
    );
}
