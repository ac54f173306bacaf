//! Who owns a file: `owners/owner`, and the lens.

use serde_json::{Value, json};

use crate::client::{Client, range, uri};
use crate::support::Sandbox;
use crate::{CONFIG, sandbox};

fn of(client: &mut Client, path: &std::path::Path) -> Value {
    let params = json!({ "textDocument": { "uri": uri(path) } });
    client.ask("owners/owner", params).unwrap()
}

#[test]
fn a_file_has_owners_and_the_rule_that_decides() {
    let sandbox = sandbox();
    let mut client = Client::plain();
    let config = uri(&sandbox.root.join("owners.toml"));
    let expected = json!({
        "path": "src/lib.rs",
        "state": "owned",
        "owners": ["@a", "@b"],
        "rules": [{
            "pattern": "'/src/'",
            "location": { "uri": config, "range": range((6, 0), (6, 7)) },
        }],
    });
    assert_eq!(of(&mut client, &sandbox.root.join("src/lib.rs")), expected);
    // A file need not exist, and nothing is open: nothing else is said.
    assert_eq!(
        of(&mut client, &sandbox.root.join("src/new.rs"))["owners"],
        json!(["@a", "@b"])
    );
    assert!(client.is_silent());
}

#[test]
fn unsaved_rules_decide() {
    let sandbox = sandbox();
    let mut client = Client::plain();
    let config = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    let file = sandbox.root.join("src/lib.rs");
    client.change(&config, "[paths]\n'/src/' = []\n");
    assert_eq!(of(&mut client, &file)["state"], "nobody");
    client.change(&config, "[paths]\n'/docs/' = '@a'\n");
    assert_eq!(of(&mut client, &file)["state"], "unowned");
    // The last sound configuration stays.
    client.change(&config, "[paths]\n'/src/' = ");
    assert_eq!(of(&mut client, &file)["state"], "unowned");
}

#[test]
fn a_question_in_between_does_not_keep_the_diagnostics() {
    let sandbox = sandbox();
    let mut client = Client::plain();
    let config = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    let file = sandbox.root.join("src/lib.rs");
    client.diagnostics(&config);
    for number in 0..20 {
        client.change(&config, &format!("{CONFIG}# {number}\n"));
        assert_eq!(of(&mut client, &file)["state"], "owned");
        assert_eq!(client.diagnostics(&config).len(), 4);
    }
}

#[test]
fn outside_there_is_no_owner() {
    let sandbox = Sandbox::plain();
    sandbox.write("a/file", "");
    let mut client = Client::plain();
    assert_eq!(of(&mut client, &sandbox.root.join("a/file")), Value::Null);
    let untitled = json!({ "textDocument": { "uri": "untitled:Untitled-1" } });
    assert_eq!(client.ask("owners/owner", untitled), Ok(Value::Null));
    sandbox.git("init -q");
    // Nothing says who owns what.
    assert_eq!(of(&mut client, &sandbox.root.join("a/file")), Value::Null);
}

#[test]
fn the_lens_is_off_unless_the_user_wants_it() {
    let sandbox = sandbox();
    let lens = |client: &mut Client, file: &str| {
        let params = json!({ "textDocument": { "uri": uri(&sandbox.root.join(file)) } });
        client.ask("textDocument/codeLens", params).unwrap()
    };
    let mut client = Client::plain();
    client.open_file(&sandbox.root.join("src/lib.rs"));
    assert_eq!(lens(&mut client, "src/lib.rs"), Value::Null);
    let settings = json!({ "settings": { "owners": { "codeLens": { "enable": true } } } });
    client.notify("workspace/didChangeConfiguration", settings);
    let expected = json!([{
        "range": range((0, 0), (0, 0)),
        "command": { "title": "@a @b", "tooltip": "'/src/'", "command": "" },
    }]);
    assert_eq!(lens(&mut client, "src/lib.rs"), expected);
    assert_eq!(lens(&mut client, "owners.toml"), Value::Null);
    assert!(client.is_silent());

    let mut client = Client::start(&[]);
    client.initialize(json!({}), json!({ "codeLens": { "enable": true } }));
    client.open_file(&sandbox.root.join("src/lib.rs"));
    assert_eq!(lens(&mut client, "src/lib.rs"), expected);
}
