//! What an editor asks about a place: hover, completion, definition, references, rename, contents,
//! folds, counts. `src/ide` has the tests of what is answered; these are about the protocol.

use std::path::PathBuf;

use owners::ide::{Analysis, Document, Known};
use owners::ruleset::survey::Survey;
use owners::{PathSet, Project};
use serde_json::{Value, json};

use crate::client::Client;
use crate::support::Sandbox;

const ROOT: &str = "nested = true
[groups]
wasi = ['@ann', '@bob'] # é😀
[paths]
'*' = 'wasi'
'/😀/<a,b>/' = ['wasi', '@ann']
";
const NESTED: &str = "[groups]\nown = 'wasi'\n[paths]\n'*.rs' = ['own', 'wasi']\n";

fn sandbox() -> Sandbox {
    Sandbox::repo([
        ("owners.toml", ROOT),
        ("sub/owners.toml", NESTED),
        ("sub/x.rs", ""),
        ("😀/a/1", ""),
        ("😀/a/2", ""),
        ("README.md", ""),
    ])
}

/// A client that can do what most can.
fn client() -> Client {
    Client::with(json!({
        "workspace": { "workspaceEdit": { "documentChanges": true } },
        "textDocument": {
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "completion": { "completionItem": { "documentationFormat": ["markdown"] } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            "foldingRange": { "lineFoldingOnly": true },
            "rename": { "prepareSupport": true },
        },
    }))
}

/// A text without its mark `$0`, and the position of the mark, in UTF-16.
fn marked(text: &str) -> (String, Value) {
    let (before, behind) = text.split_once("$0").unwrap();
    let line = before.matches('\n').count();
    let start = before.rsplit('\n').next().unwrap();
    let column: usize = start.chars().map(char::len_utf16).sum();
    let position = json!({ "line": line, "character": column });
    (format!("{before}{behind}"), position)
}

/// An editor with a document open, and the cursor in it.
struct Editor {
    sandbox: Sandbox,
    client: Client,
    uri: String,
    position: Value,
}

impl Editor {
    /// With a text that is not saved. What is on disk was checked before.
    fn new(text: &str) -> Self {
        let sandbox = sandbox();
        let mut client = client();
        let uri = client.open_file(&sandbox.root.join("owners.toml"));
        client.diagnostics(&uri);
        let (text, position) = marked(text);
        client.change(&uri, &text);
        Editor {
            sandbox,
            client,
            uri,
            position,
        }
    }

    fn with(sandbox: Sandbox, mut client: Client, file: &str, text: &str) -> Self {
        let (text, position) = marked(text);
        let uri = client.open(&sandbox.root.join(file), &text);
        Editor {
            sandbox,
            client,
            uri,
            position,
        }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.sandbox.root.join(file)
    }

    fn try_ask(&mut self, method: &str, more: &Value) -> Result<Value, Value> {
        let mut params = json!({
            "textDocument": { "uri": self.uri },
            "position": self.position,
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            params[key] = value.clone();
        }
        self.client.ask(&format!("textDocument/{method}"), params)
    }

    fn ask(&mut self, method: &str) -> Value {
        self.try_ask(method, &Value::Null).unwrap()
    }

    /// The places of an answer: the name of the file, line and column.
    fn places(&self, answer: &Value) -> Vec<String> {
        let root = crate::client::uri(&self.sandbox.root);
        let place = |place: &Value| {
            let uri = place["uri"].as_str().unwrap();
            let file = uri.strip_prefix(&root).unwrap();
            let start = &place["range"]["start"];
            format!("{file}:{}:{}", start["line"], start["character"])
        };
        answer.as_array().unwrap().iter().map(place).collect()
    }

    /// The text after the completion with a label.
    fn completed(&mut self, label: &str) -> String {
        let answer = self.ask("completion");
        let items = answer["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["label"] == label);
        let item = item.unwrap_or_else(|| panic!("no {label} in {items:?}"));
        let edit = json!({ "changes": { self.uri.clone(): [item["textEdit"]] } });
        self.client.edited(&edit)[&self.uri].clone()
    }
}

fn replaced(from: &str, to: &str) -> String {
    assert!(ROOT.contains(from), "{from}");
    ROOT.replacen(from, to, 1)
}

#[test]
fn hover() {
    let mut editor = Editor::new(&replaced("<a,b>", "<$0a,b>"));
    let hover = editor.ask("hover");
    assert_eq!(hover["contents"]["kind"], "markdown");
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(
        text.starts_with("Alternative `a`: owned by `@ann`, `@bob`\n\nDecides 2 tracked files."),
        "{text}"
    );
    // The emoji are two units each.
    assert_eq!(hover["range"], crate::client::range((5, 6), (5, 7)));
    // A client that said nothing of Markdown.
    let mut editor = Editor::with(
        sandbox(),
        Client::plain(),
        "owners.toml",
        &replaced("'wasi', '@ann'", "'wa$0si', '@ann'"),
    );
    let hover = editor.ask("hover");
    assert_eq!(hover["contents"]["kind"], "plaintext");
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(
        text.starts_with("Group wasi\n\n- 2 owners: @ann, @bob\n"),
        "{text}"
    );
    assert_eq!(
        editor.ask("hover")["range"],
        crate::client::range((5, 16), (5, 22))
    );
}

#[test]
fn completion() {
    let text = format!("{ROOT}'/new/' = [\"$0\n[check]\nexempt = []\n");
    let mut editor = Editor::new(&text);
    let answer = editor.ask("completion");
    let labels: Vec<&str> = (answer["items"].as_array().unwrap().iter())
        .map(|item| item["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["wasi", "@ann", "@bob"]);
    assert_eq!(answer["items"][0]["detail"], "@ann @bob");
    assert_eq!(editor.completed("wasi"), text.replace("$0", "wasi\""));
    let text = replaced("'/😀/<a,b>/'", "'/😀/<a,$0>/'");
    assert_eq!(Editor::new(&text).completed("a/"), text.replace("$0", "a/"));
    let text = replaced("'/😀/<a,b>/'", "\"/$0");
    assert_eq!(
        Editor::new(&text).completed("😀/"),
        text.replace("$0", "😀/")
    );
    let text = format!("{ROOT}[lints]\ndead$0\n");
    let mut editor = Editor::new(&text);
    assert_eq!(
        editor.completed("dead-pattern"),
        text.replace("dead$0", "dead-pattern = ")
    );
    let answer = editor.ask("completion");
    let about = answer["items"][0]["documentation"]["kind"].as_str();
    assert_eq!(about, Some("markdown"));
}

#[test]
fn definition_and_references() {
    let mut editor = Editor::new(&replaced("['wasi', ", "['wa$0si', "));
    let found = editor.ask("definition");
    assert_eq!(editor.places(&found), ["/owners.toml:2:0"]);
    let with = |declared: bool| json!({ "context": { "includeDeclaration": declared } });
    let found = editor.try_ask("references", &with(true)).unwrap();
    let mut expected = vec![
        "/owners.toml:2:0",
        "/owners.toml:4:7",
        "/owners.toml:5:17",
        "/sub/owners.toml:1:7",
        "/sub/owners.toml:3:18",
    ];
    assert_eq!(editor.places(&found), expected);
    let found = editor.try_ask("references", &with(false)).unwrap();
    assert_eq!(editor.places(&found), expected.split_off(1));
    // From a nested file, whose text is not saved.
    let text = NESTED.replacen("own = ", "# new\nown = ", 1);
    let text = text.replace("['own', 'wasi']", "['own', 'was$0i']");
    let mut editor = Editor::with(sandbox(), client(), "sub/owners.toml", &text);
    let found = editor.ask("definition");
    assert_eq!(editor.places(&found), ["/owners.toml:2:0"]);
    let found = editor.try_ask("references", &with(false)).unwrap();
    assert_eq!(
        editor.places(&found)[2..],
        ["/sub/owners.toml:2:7", "/sub/owners.toml:4:18"]
    );
}

#[test]
fn rename() {
    let mut editor = Editor::new(&replaced("['wasi', ", "['wa$0si', "));
    let nested = editor.path("sub/owners.toml");
    let nested = editor.client.open(&nested, &NESTED.replace("own", "mine"));
    let found = editor.ask("prepareRename");
    assert_eq!(found["placeholder"], "wasi");
    assert_eq!(found["range"], crate::client::range((5, 17), (5, 21)));
    let edit = editor
        .try_ask("rename", &json!({ "newName": "w" }))
        .unwrap();
    let edited = editor.client.edited(&edit);
    assert_eq!(edited[&editor.uri], ROOT.replace("wasi", "w"));
    assert_eq!(
        edited[&nested],
        NESTED.replace("own", "mine").replace("wasi", "w")
    );
    for (new, reason) in [
        (
            "mine",
            "there is a group `mine` already (sub/owners.toml:2:1); ",
        ),
        ("a b", "`a b` is not a group name; use letters"),
        ("@x", "`wasi` is a group, and `@x` would be an owner"),
    ] {
        let error = editor.try_ask("rename", &json!({ "newName": new }));
        let error = error.unwrap_err();
        assert_eq!(error["code"], -32803);
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(reason), "{message}");
    }
    let mut editor = Editor::new(&replaced("[paths]", "[pa$0ths]"));
    let error = editor.try_ask("prepareRename", &Value::Null).unwrap_err();
    assert_eq!(error["message"], "only a group or an owner can be renamed");
    // An owner, for a client without `documentChanges`.
    let text = replaced("'@bob'", "'@b$0ob'");
    let mut editor = Editor::with(sandbox(), Client::plain(), "owners.toml", &text);
    let edit = editor
        .try_ask("rename", &json!({ "newName": "@o/team" }))
        .unwrap();
    assert!(edit.get("documentChanges").is_none());
    assert_eq!(
        editor.client.edited(&edit)[&editor.uri],
        ROOT.replace("@bob", "@o/team")
    );
}

/// The names of symbols, with their level.
fn names(symbols: &Value, level: usize, listed: &mut Vec<String>) {
    for symbol in symbols.as_array().into_iter().flatten() {
        let name = symbol["name"].as_str().unwrap();
        let detail = symbol["detail"].as_str().unwrap_or("-");
        listed.push(format!("{}{name} {detail}", "  ".repeat(level)));
        names(&symbol["children"], level + 1, listed);
    }
}

#[test]
fn contents_and_folds() {
    let text = format!("{ROOT}[check]$0\nexempt = [\n  'a',\n]\n");
    let mut editor = Editor::new(&text);
    let mut listed = Vec::new();
    names(&editor.ask("documentSymbol"), 0, &mut listed);
    assert_eq!(
        listed,
        [
            "nested true",
            "groups -",
            "  wasi @ann, @bob",
            "paths -",
            "  * wasi",
            "  /😀/<a,b>/ wasi, @ann",
            "check -",
            "  exempt a",
        ]
    );
    let folds = editor.ask("foldingRange");
    let folds: Vec<_> = (folds.as_array().unwrap().iter())
        .map(|fold| {
            (
                fold["startLine"].as_u64().unwrap(),
                fold["endLine"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(folds, [(1, 2), (3, 5), (6, 9), (7, 8)]);
    // A client that knows no tree, and folds characters.
    let mut editor = Editor::with(sandbox(), Client::plain(), "owners.toml", &text);
    let symbols = editor.ask("documentSymbol");
    assert_eq!(symbols[2]["name"], "wasi");
    assert_eq!(symbols[2]["containerName"], "groups");
    assert_eq!(symbols[2]["location"]["range"]["start"]["line"], 2);
    let folds = editor.ask("foldingRange");
    assert_eq!(folds[3]["endLine"], 9);
    assert_eq!(folds[3]["endCharacter"], 1);
}

#[test]
fn counts() {
    let mut editor = Editor::new(&format!("{ROOT}$0"));
    let range = json!({ "range": crate::client::range((0, 0), (9, 0)) });
    let shown = |hints: &Value| -> Vec<String> {
        let hints = hints.as_array().unwrap().iter();
        hints
            .map(|hint| {
                let position = &hint["position"];
                let label = hint["label"].as_str().unwrap();
                let blank = if hint["paddingLeft"] == true { " " } else { "" };
                format!(
                    "{}:{}{blank}{label}",
                    position["line"], position["character"]
                )
            })
            .collect()
    };
    let hints = editor.try_ask("inlayHint", &range).unwrap();
    assert_eq!(
        shown(&hints),
        ["4:3 3 files", "5:72", "5:90", "5:12 2 files"]
    );
    let part = json!({ "range": crate::client::range((4, 0), (4, 2)) });
    let hints = editor.try_ask("inlayHint", &part).unwrap();
    assert_eq!(shown(&hints), ["4:3 3 files"]);
    // They are of the text that is not saved.
    editor
        .client
        .change(&editor.uri, &ROOT.replace("'*'", "'/README.md'"));
    let hints = editor.try_ask("inlayHint", &part).unwrap();
    assert_eq!(shown(&hints), ["4:12 1 file"]);
}

/// A client asks again if what it shows is out of date and it cannot know.
#[test]
fn counts_after_a_change_elsewhere() {
    let refreshes = json!({ "workspace": { "inlayHint": { "refreshSupport": true } } });
    let sandbox = sandbox();
    let mut client = Client::with(refreshes);
    let root = client.open_file(&sandbox.root.join("owners.toml"));
    client.diagnostics(&root);
    // The client knows of its own change.
    client.change(&root, &ROOT.replace("ann", "amy"));
    client.diagnostics(&root);
    assert!(client.is_silent());
    let is_refresh = |message: &Value| message["method"] == "workspace/inlayHint/refresh";
    sandbox.write("new", "");
    sandbox.git("add new");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
    client.wait(is_refresh);
    let nested = client.open_file(&sandbox.root.join("sub/owners.toml"));
    client.change(&nested, &NESTED.replace("*.rs", "*.c"));
    client.wait(is_refresh);
}

#[test]
fn a_codeowners_file() {
    let text = "* @ann\n/src/ @$0ann @bob # x\n";
    let sandbox = Sandbox::repo([("CODEOWNERS", ""), ("src/a", ""), ("src/b", "")]);
    let mut editor = Editor::with(sandbox, client(), "CODEOWNERS", text);
    let hover = editor.ask("hover");
    let hover = hover["contents"]["value"].as_str().unwrap();
    assert_eq!(
        hover,
        "User `@ann`\n\n- 2 rules, which give it 3 tracked files"
    );
    assert_eq!(editor.ask("definition"), json!([]));
    let edit = editor
        .try_ask("rename", &json!({ "newName": "@cat" }))
        .unwrap();
    assert_eq!(
        editor.client.edited(&edit)[&editor.uri],
        "* @cat\n/src/ @cat @bob # x\n"
    );
    editor
        .client
        .change(&editor.uri, "* @ann @bob\n/src/ @an \n");
    assert_eq!(editor.completed("@bob"), "* @ann @bob\n/src/ @bob \n");
    editor
        .client
        .change(&editor.uri, text.replace("$0", "").as_str());
    let mut listed = Vec::new();
    names(&editor.ask("documentSymbol"), 0, &mut listed);
    assert_eq!(listed, ["* @ann", "/src/ @ann, @bob"]);
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark() {
    let text = format!("\u{feff}{}", replaced("['wasi', ", "['wa$0si', ")).replace('\n', "\r\n");
    let mut editor = Editor::new(&text);
    let edit = editor
        .try_ask("rename", &json!({ "newName": "w" }))
        .unwrap();
    let expected = format!("\u{feff}{}", ROOT.replace("wasi", "w")).replace('\n', "\r\n");
    assert_eq!(editor.client.edited(&edit)[&editor.uri], expected);
    let text = format!("\u{feff}{}", replaced("nested", "nes$0ted"));
    let hover = Editor::new(&text).ask("hover");
    assert_eq!(hover["range"], crate::client::range((0, 1), (0, 7)));
}

#[test]
fn other_files_are_left_alone() {
    for file in ["README.md", "sub/Cargo.toml", ".github/CODEOWNERS"] {
        let text = "[gro$0ups]\n'*' = '@ann'\n";
        let mut editor = Editor::with(sandbox(), client(), file, text);
        for method in [
            "hover",
            "completion",
            "definition",
            "prepareRename",
            "documentSymbol",
            "foldingRange",
        ] {
            assert_eq!(editor.ask(method), Value::Null, "{file} {method}");
        }
    }
}

/// No place of a whole configuration is a panic, with names that need care.
#[test]
fn any_place_of_the_examples() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let files = std::fs::read_dir(examples).unwrap();
    let files = files.map(|example| example.unwrap().path().join("owners.toml"));
    let mut count = 0;
    for text in files.filter_map(|file| std::fs::read_to_string(file).ok()) {
        let project = Project::from_text(&text).unwrap();
        let paths: PathSet = ["a/b", "c"].iter().collect();
        let survey = Survey::new(&project.rules.matcher(), &paths);
        let document = Document::toml("owners.toml", "", text.as_str());
        let analysis = Analysis {
            documents: vec![&document],
            paths: &paths,
            known: Some(Known {
                project: &project,
                survey: Some(&survey),
            }),
        };
        for at in (0..=text.len()).step_by(3) {
            let spans = analysis.complete(0, at).items.into_iter();
            let spans = spans.map(|item| item.span);
            let hover = analysis.hover(0, at).map(|hover| hover.span);
            let places = analysis.references(0, at, true).into_iter();
            for span in spans.chain(hover).chain(places.map(|place| place.span)) {
                assert!(text.get(span.clone()).is_some(), "{span:?}");
            }
        }
        let hints = analysis.hints(0, &(0..text.len()));
        let rules = hints.iter().filter(|hint| hint.is_behind).count();
        assert_eq!(rules, project.rules.rules().len());
        count += 1;
    }
    assert!(count > 2);
}
