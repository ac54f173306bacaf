//! The frame of the protocol: how a conversation begins and ends, and what is no part of it.

use serde_json::{Value, json};

use crate::client::{Client, uri};
use crate::{CONFIG, sandbox};

#[test]
fn exit_is_a_success_only_after_shutdown() {
    assert_eq!(Client::plain().finish(), 0);
    assert_eq!(Client::plain().exit(), 1);
    assert_eq!(Client::start(&[]).exit(), 1);
    assert_eq!(Client::plain().die(), 1);
    assert_eq!(Client::start(&["--stdio", "--log", "debug"]).die(), 1);
}

#[test]
fn a_client_that_dies_in_the_middle_ends_the_server() {
    let mut client = Client::plain();
    client.send_raw(b"Content-Length: 100\r\n\r\n{\"jsonrpc\"");
    assert_eq!(client.die(), 1);
}

#[test]
fn requests_at_the_wrong_time_are_refused() {
    let mut client = Client::start(&[]);
    let hover = json!({ "textDocument": { "uri": "file:///x" } });
    let code = |answer: Result<Value, Value>| answer.unwrap_err()["code"].clone();
    assert_eq!(code(client.ask("owners/owner", hover.clone())), -32002);
    client.initialize(json!({}), Value::Null);
    assert_eq!(
        code(client.ask("initialize", json!({ "capabilities": {} }))),
        -32600
    );
    assert_eq!(client.ask("shutdown", Value::Null), Ok(Value::Null));
    assert_eq!(code(client.ask("owners/owner", hover)), -32600);
    assert_eq!(client.exit(), 0);
}

#[test]
fn what_is_not_known_is_refused_and_not_the_end() {
    let sandbox = sandbox();
    let mut client = Client::plain();
    let code = |answer: Result<Value, Value>| answer.unwrap_err()["code"].clone();
    assert_eq!(code(client.ask("textDocument/moniker", json!({}))), -32601);
    assert_eq!(code(client.ask("nonsense", Value::Null)), -32601);
    assert_eq!(code(client.ask("owners/owner", json!({}))), -32602);
    assert_eq!(code(client.ask("owners/owner", json!([]))), -32602);
    assert_eq!(
        code(client.ask("textDocument/codeAction", json!({ "textDocument": 1 }))),
        -32602
    );
    let here = json!({ "textDocument": { "uri": uri(&sandbox.root.join("owners.toml")) } });
    assert_eq!(code(client.ask("textDocument/codeAction", here)), -32602);
    for (method, params) in [
        ("$/nonsense", json!({})),
        ("textDocument/didOpen", json!({})),
        ("textDocument/didOpen", Value::Null),
        (
            "textDocument/didChange",
            json!({ "textDocument": { "uri": "file:///x", "version": 1 }, "contentChanges": [{ "text": "" }] }),
        ),
        (
            "textDocument/didClose",
            json!({ "textDocument": { "uri": "nonsense" } }),
        ),
        (
            "workspace/didChangeConfiguration",
            json!({ "settings": { "owners": { "codeLens": 5 } } }),
        ),
        ("$/cancelRequest", json!({ "id": "never" })),
        ("exit/not", Value::Null),
    ] {
        client.notify(method, params);
    }
    client.send(&json!({ "jsonrpc": "2.0", "id": 77, "result": null }));
    client.send(&json!({ "jsonrpc": "2.0", "id": "x", "error": { "code": 1, "message": "m" } }));
    for bytes in [
        &b"Content-Length: 2\r\n\r\n[]"[..],
        b"Content-Length: 7\r\nContent-Type: x\r\n\r\n{\"a\":1}",
        b"Content-Length: 3\r\n\r\n\xff\xfe\xfd",
        b"nonsense\r\n\r\n",
        b"Content-Length: -5\r\n\r\n",
    ] {
        client.send_raw(bytes);
    }
    client.send_raw(b"Content-Length: 18\r\n\r\n{\"id\":9,\"method\":5");
    client.send_raw(b"Content-Length: 19\r\n\r\n{\"id\":9,\"method\":5}");
    assert_eq!(code(client.answer(9)), -32600);
    let uri = client.open_file(&sandbox.root.join("owners.toml"));
    assert!(!client.diagnostics(&uri).is_empty());
    assert_eq!(client.finish(), 0);
}

#[test]
fn canceled_requests_are_answered_once() {
    let sandbox = sandbox();
    let mut client = Client::plain();
    let uri = client.open(&sandbox.root.join("owners.toml"), CONFIG);
    let params = json!({ "textDocument": { "uri": uri } });
    let ids: Vec<i64> = (0..50)
        .map(|_| {
            let id = client.request("owners/owner", params.clone());
            client.notify("$/cancelRequest", json!({ "id": id }));
            id
        })
        .collect();
    for id in ids {
        // The answer may have been faster.
        match client.answer(id) {
            Ok(result) => assert_eq!(result["state"], "owned"),
            Err(error) => assert_eq!(error["code"], -32800),
        }
    }
    client.diagnostics(&uri);
    assert!(client.is_silent());
}

#[test]
fn the_server_asks_only_what_the_client_can_answer() {
    let mut client = Client::plain();
    assert!(client.is_silent());
    let mut client = Client::with(json!({ "workspace": {
        "configuration": true,
        "didChangeWatchedFiles": { "dynamicRegistration": true },
    } }));
    let registration = client.wait(|message| message["method"] == "client/registerCapability");
    let globs = &registration["params"]["registrations"][0]["registerOptions"]["watchers"];
    assert_eq!(globs[0]["globPattern"], "**/owners.toml");
    let settings = client.wait(|message| message["method"] == "workspace/configuration");
    assert_eq!(
        settings["params"],
        json!({ "items": [{ "section": "owners" }] })
    );
    for request in [registration, settings] {
        client.send(&json!({ "jsonrpc": "2.0", "id": request["id"], "result": null }));
    }
    assert_eq!(client.finish(), 0);
}

#[test]
fn help_and_version() {
    let run = |argument: &str| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_owners-lsp"))
            .arg(argument)
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let version = format!("owners-lsp {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run("--version"), (Some(0), version));
    let (code, help) = run("--help");
    assert_eq!(code, Some(0));
    assert!(help.contains("--log <LEVEL>"), "{help}");
    assert_eq!(run("--nonsense"), (Some(2), String::new()));
}
