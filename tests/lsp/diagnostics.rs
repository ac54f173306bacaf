//! What `owners check` says, in the editor.

use serde_json::json;

use crate::client::{Client, range};
use crate::support::Sandbox;
use crate::{CONFIG, sandbox};

#[test]
fn findings_have_their_place_their_page_and_their_helps() {
    let sandbox = sandbox();
    let mut client = Client::usual();
    let uri = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    let all = client.diagnostics(&uri);
    let codes: Vec<&str> = all
        .iter()
        .filter_map(|each| each["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        [
            "misspelled-pattern",
            "dead-pattern",
            "unused-group",
            "stale-output"
        ]
    );
    let dead = &all[1];
    assert_eq!(dead["range"], range((7, 8), (7, 12)));
    assert_eq!(dead["severity"], 2);
    assert_eq!(dead["source"], "owners");
    assert_eq!(dead["tags"], json!([1]));
    let page = dead["codeDescription"]["href"].as_str().unwrap();
    assert!(page.ends_with("/lints/dead-pattern.html"), "{page}");
    let message = dead["message"].as_str().unwrap();
    assert!(message.contains("\nhelp: remove it"), "{message}");
    assert_eq!(all[0]["severity"], 1);
    // What has no place is at the rules.
    assert_eq!(all[3]["range"], range((4, 0), (4, 7)));
}

#[test]
fn the_unsaved_text_counts_and_the_last_version_wins() {
    let sandbox = sandbox();
    let mut client = Client::plain();
    let uri = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    client.diagnostics(&uri);
    for number in 0..30 {
        client.change(&uri, &format!("{CONFIG}'/{number}' = '@a'\n"));
    }
    client.change(
        &uri,
        "[paths]\n'*' = '@a'\n[lints]\nstale-output = 'allow'\n",
    );
    assert_eq!(client.summary(&uri), [""; 0]);
    // The file on disk is what counts after the document is closed.
    client.close(&uri);
    assert_eq!(client.summary(&uri), [""; 0]);
    let uri = client.open_file(&sandbox.root.join("owners.toml"));
    assert_eq!(client.diagnostics(&uri).len(), 4);
}

/// A client may count versions as it likes.
#[test]
fn a_version_that_comes_twice_is_another_text() {
    let sandbox = sandbox();
    let mut client = Client::plain();
    let uri = client.open(&sandbox.root.join("owners.toml"), "[paths]\n'*' = 'gone'\n");
    assert_eq!(client.diagnostics(&uri).len(), 1);
    client.notify(
        "textDocument/didChange",
        json!({
            "textDocument": { "uri": uri, "version": 1 },
            "contentChanges": [{ "text": CONFIG }],
        }),
    );
    assert_eq!(client.diagnostics(&uri).len(), 4);
}

#[test]
fn all_errors_of_a_configuration_are_shown() {
    let sandbox = sandbox();
    let mut client = Client::plain();
    let uri = client.open(
        &sandbox.root.join("owners.toml"),
        "[paths]\n'*' = 'cor'\n'/a' = 'x'\n[group]\ncore = '@a'\n",
    );
    assert_eq!(
        client.summary(&uri),
        [
            "1:6-1:11 -: unknown group `cor`: not defined in `[groups]`",
            "2:7-2:10 -: unknown group `x`: not defined in `[groups]`",
            "3:1-3:6 -: unknown table or key `group`: not known",
        ]
    );
    client.change(&uri, "[paths]\n'*' = \n'/a = 1\n");
    assert!(client.summary(&uri).len() >= 2);
}

#[test]
fn nested_files_count_with_their_unsaved_texts() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            "nested = true\n[groups]\ncore = '@a'\n[paths]\n'*' = 'core'\n[lints]\nstale-output = 'allow'\n",
        ),
        ("a/owners.toml", "[paths]\n'*.rs' = 'core'\n"),
        ("a/b.rs", ""),
    ]);
    let mut client = Client::plain();
    let root = client.open_file(&sandbox.root.join("owners.toml"));
    let nested = client.open_file(&sandbox.root.join("a/owners.toml"));
    client.change(&nested, "[paths]\n'*.rs' = 'gone'\n");
    assert_eq!(
        client.summary(&nested),
        ["1:9-1:15 -: unknown group `gone`: not defined in `[groups]`"]
    );
    // The group of the root file, which is not saved either.
    client.change(&root, "nested = true\n[groups]\ngone = '@a'\n[paths]\n'*' = 'gone'\n[lints]\nstale-output = 'allow'\n");
    assert_eq!(client.summary(&nested), [""; 0]);
}

#[test]
fn errors_in_a_nested_file_that_is_not_open_are_shown_there() {
    let sandbox = Sandbox::repo([
        ("owners.toml", "nested = true\n[paths]\n'*' = '@a'\n"),
        ("a/owners.toml", "[paths]\n'x' = 'gone'\n"),
    ]);
    let mut client = Client::plain();
    client.open_file(&sandbox.root.join("owners.toml"));
    let nested = crate::client::uri(&sandbox.root.join("a/owners.toml"));
    assert_eq!(client.diagnostics(&nested).len(), 1);
    sandbox.write("a/owners.toml", "[paths]\n'*' = '@b'\n");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    assert_eq!(client.diagnostics(&nested).len(), 0);
}

#[test]
fn a_file_written_by_hand_is_checked() {
    let sandbox = Sandbox::repo([(".github/CODEOWNERS", "* @a\n/gone/ @b\n"), ("a", "")]);
    let mut client = Client::plain();
    let uri = client.open_file(&sandbox.root.join(".github/CODEOWNERS"));
    let found = client.summary(&uri);
    assert_eq!(
        found,
        ["1:0-1:6 dead-pattern: no tracked path matches `/gone/`: matches nothing"]
    );
    client.change(&uri, "* @a\n!/a @b\n");
    let found = client.summary(&uri);
    assert!(found[0].contains("skipped-line"), "{found:?}");
    // From now on, an `owners.toml` decides.
    client.open(&sandbox.root.join("owners.toml"), "[paths]\n'*' = '@a'\n");
    let found = client.summary(&uri);
    assert!(found[0].contains("stale-output"), "{found:?}");
}

#[test]
fn a_generated_file_without_its_configuration() {
    let sandbox = Sandbox::current([("owners.toml", "[paths]\n'*' = '@a'\n")]);
    std::fs::remove_file(sandbox.root.join("owners.toml")).unwrap();
    let mut client = Client::plain();
    let uri = client.open_file(&sandbox.root.join(".github/CODEOWNERS"));
    assert_eq!(
        client.summary(&uri),
        ["0:0-0:0 -: there is no `owners.toml`"]
    );
}

#[test]
fn a_generated_file_is_compared_as_it_is_open() {
    let sandbox = Sandbox::current([("owners.toml", "[paths]\n'*' = '@a'\n")]);
    let mut client = Client::plain();
    let config = client.open_file(&sandbox.root.join("owners.toml"));
    assert_eq!(client.summary(&config), [""; 0]);
    let output = client.open_file(&sandbox.root.join(".github/CODEOWNERS"));
    let text = sandbox.read(".github/CODEOWNERS");
    client.change(&output, &format!("{text}/x @b\n"));
    assert_eq!(client.diagnostics(&output)[0]["code"], "stale-output");
    client.change(&output, &text);
    assert_eq!(client.summary(&output), [""; 0]);
}

#[test]
fn positions_in_every_encoding() {
    let sandbox = Sandbox::repo([("owners.toml", ""), ("a", "")]);
    let text = "[paths]\r\n'*' = ['@a', '😀é']\r\n";
    for (encoding, columns) in [
        ("utf-8", (13, 21)),
        ("utf-16", (13, 18)),
        ("utf-32", (13, 17)),
    ] {
        let mut client = Client::start(&[]);
        let offered = json!(["nonsense", encoding, "utf-16"]);
        let capabilities = json!({ "general": { "positionEncodings": offered } });
        let offers = client.initialize(capabilities, serde_json::Value::Null);
        assert_eq!(offers["positionEncoding"], encoding);
        let uri = client.open(&sandbox.root.join("owners.toml"), text);
        let found = client.diagnostics(&uri);
        let (start, end) = columns;
        assert_eq!(found[0]["range"], range((1, start), (1, end)), "{encoding}");
        // A change behind the emoji.
        let document = json!({ "uri": uri, "version": 2 });
        let end_of_name = range((1, end - 1), (1, end - 1));
        let changes = json!([{ "range": end_of_name, "text": "x" }]);
        let params = json!({ "textDocument": document, "contentChanges": changes });
        client.notify("textDocument/didChange", params);
        let changed = client.wait(|message| message["params"]["version"] == 2);
        let found = &changed["params"]["diagnostics"][0];
        assert!(
            found["message"].as_str().unwrap().contains("`😀éx`"),
            "{found}"
        );
    }
}

#[test]
fn what_became_of_missing_paths_comes_a_little_later() {
    let text = "[paths]\n'*' = '@a'\n'/old/' = '@b'\n[lints]\nstale-output = 'allow'\n";
    let content = "fn main() {}\n".repeat(20);
    let sandbox = Sandbox::committed([("owners.toml", text), ("old/name.rs", &content)]);
    sandbox.git("mv old new");
    let mut client = Client::usual();
    let uri = client.open_file(&sandbox.root.join("owners.toml"));
    assert!(client.summary(&uri)[0].contains("dead-pattern"));
    let message = client.diagnostics(&uri)[0]["message"].to_string();
    assert!(message.contains("/new/"), "{message}");
    let actions = client.actions(&uri, &range((2, 0), (2, 1)), &["quickfix"]);
    let texts = client.edited(&actions[0]["edit"]);
    assert_eq!(texts[&uri], text.replace("/old/", "/new/"));
    // Nothing is asked again.
    assert!(client.is_silent());
}

#[test]
fn a_byte_order_mark_moves_the_first_line_only() {
    let sandbox = Sandbox::repo([("owners.toml", ""), ("a", "")]);
    let mut client = Client::plain();
    let uri = client.open(
        &sandbox.root.join("owners.toml"),
        "\u{feff}nonsense = 1\nx = 2\n[paths]\n",
    );
    assert_eq!(
        client.summary(&uri),
        [
            "0:1-0:9 -: unknown table or key `nonsense`: not known",
            "1:0-1:1 -: unknown table or key `x`: not known",
        ]
    );
}

#[test]
fn a_document_that_is_too_large_is_refused_like_a_file() {
    let sandbox = sandbox();
    let mut client = Client::plain();
    let text = format!("[paths]\n{}", "#".repeat(8 << 20));
    let uri = client.open(&sandbox.root.join("owners.toml"), &text);
    let found = client.summary(&uri);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("the limit is 8388608"), "{found:?}");
    client.change(&uri, CONFIG);
    assert_eq!(client.diagnostics(&uri).len(), 4);
}

#[test]
fn other_places_are_related_information_where_the_client_shows_it() {
    let sandbox = Sandbox::repo([("owners.toml", ""), ("a", "")]);
    let text = "[paths]\n'/a' = '@a'\n'a/../a' = '@b'\n'/a' = '@c'\n";
    let mut client = Client::usual();
    let uri = client.open(&sandbox.root.join("owners.toml"), text);
    let found = client.diagnostics(&uri);
    assert!(
        found
            .iter()
            .any(|each| each["relatedInformation"].is_array()),
        "{found:?}"
    );
}
