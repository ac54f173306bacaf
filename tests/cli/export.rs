//! `owners export`: the model and the paths, as its schema and docs/export.md have them.

use serde_json::{Value, json};
use snapbox::str;

use crate::support::json_schema;
use crate::support::{Run, Sandbox};

/// Something of everything that a model has.
const CONFIG: &str = r#"nested = true

[groups]
core = "@org/core"

[groups.wasi]
team = "@org/wasi"
members = ["@a", "core"]
description = "WASI"
contact = "chat"

[groups.wasi.meta]
label = "area: wasi"
since = 2026-01-31
numbers = [1, 2.5, inf, nan]
rota = { "week 1" = "@a", on = true }

[paths]
"*" = "core"
"/crates/{wasi,nn}/" = { owners = "wasi", except = "*.md", notify = "@n" }
"*.lock" = { add = ["@sec", "core"] }
"/vendor/" = []
"*.rs" = { notify = "@rust", except = "b.rs" }

[[require]]
paths = ["/crates/{wasi,nn}/"]
except = "*.md"
owners = "wasi"
any-of = ["@a", "core"]
min-owners = 1
reason = "they know it"

[check]
exempt = ["/x/{y,z}"]

[[output]]
platform = "gitlab"

[[output]]
file = "CODEOWNERS"
"#;

fn sandbox() -> Sandbox {
    Sandbox::committed([
        ("owners.toml", CONFIG),
        ("docs/owners.toml", "[paths]\n'/api/' = 'core'\n"),
        ("Cargo.lock", ""),
        ("crates/wasi/a.rs", ""),
        ("crates/wasi/b.rs", ""),
        ("crates/wasi/c.md", ""),
        ("docs/api/x", ""),
        ("vendor/v.lock", ""),
        ("vendor/w", ""),
    ])
}

/// The schema, for a value of this kind.
fn schema(definition: &str) -> Value {
    let output = Sandbox::plain().owners("schema export").output();
    assert_eq!(output.status.code(), Some(0));
    let mut schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    schema["anyOf"] = json!([{ "$ref": format!("#/definitions/{definition}") }]);
    schema
}

/// The values of lines of JSON, which are as the schema says.
#[track_caller]
fn values(run: Run<'_>, definition: &str) -> Vec<Value> {
    let output = run.output();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*said), (Some(0), ""));
    let schema = schema(definition);
    let text = String::from_utf8(output.stdout).unwrap();
    let values = text.lines().map(|line| {
        let value = serde_json::from_str(line).unwrap();
        assert_eq!(json_schema::faults(&schema, &value), [""; 0], "{line}");
        value
    });
    values.collect()
}

#[track_caller]
fn model(run: Run<'_>) -> Value {
    let mut models = values(run, "model");
    assert_eq!(models.len(), 1);
    models.remove(0)
}

#[test]
fn the_model() {
    let sandbox = sandbox();
    let model = model(sandbox.owners("export").within("crates"));
    let pretty = serde_json::to_string_pretty(&model).unwrap() + "\n";
    sandbox.assert_eq(pretty.as_bytes(), snapbox::file!["export/model.json"]);
}

#[test]
fn the_name_and_the_commit() {
    let sandbox = sandbox();
    let model = model(sandbox.owners("export --rev HEAD --repository org/a"));
    assert_eq!(model["repository"], "org/a");
    assert_eq!(model["commit"], sandbox.git("rev-parse HEAD").trim_end());
    // The commit counts, not the working tree.
    sandbox.write("owners.toml", "[paths]\n'*' = '@later'\n");
    let of = |arguments: &str| values(sandbox.owners(arguments), "path").remove(0);
    let first = of("export --paths --rev HEAD --repository org/a");
    assert_eq!(first["repository"], "org/a");
    assert_eq!(first["owners"], json!(["@org/core", "@sec"]));
    assert_eq!(of("export --paths")["owners"], json!(["@later"]));
}

#[test]
fn the_paths() {
    let sandbox = sandbox();
    values(sandbox.owners("export --paths"), "path");
    sandbox.owners("export --paths").within("docs").prints(str![[r#"
{"path":"Cargo.lock","state":"owned","exempt":false,"owners":["@org/core","@sec"],"groups":["core"],"rule":"owners.toml:19","pattern":"*","more_rules":["owners.toml:21"],"notify":[]}
{"path":"crates/wasi/a.rs","state":"owned","exempt":false,"owners":["@org/wasi"],"groups":["wasi"],"rule":"owners.toml:20","pattern":"/crates/{wasi,nn}/","more_rules":[],"notify":["@n","@rust"]}
{"path":"crates/wasi/b.rs","state":"owned","exempt":false,"owners":["@org/wasi"],"groups":["wasi"],"rule":"owners.toml:20","pattern":"/crates/{wasi,nn}/","more_rules":[],"notify":["@n"]}
{"path":"crates/wasi/c.md","state":"owned","exempt":false,"owners":["@org/core"],"groups":["core"],"rule":"owners.toml:19","pattern":"*","more_rules":[],"notify":[]}
{"path":"docs/api/x","state":"owned","exempt":false,"owners":["@org/core"],"groups":["core"],"rule":"docs/owners.toml:2","pattern":"/api/","more_rules":[],"notify":[]}
{"path":"docs/owners.toml","state":"owned","exempt":false,"owners":["@org/core"],"groups":["core"],"rule":"owners.toml:19","pattern":"*","more_rules":[],"notify":[]}
{"path":"owners.toml","state":"owned","exempt":false,"owners":["@org/core"],"groups":["core"],"rule":"owners.toml:19","pattern":"*","more_rules":[],"notify":[]}
{"path":"vendor/v.lock","state":"nobody","exempt":false,"owners":[],"groups":[],"rule":"owners.toml:22","pattern":"/vendor/","more_rules":[],"notify":[]}
{"path":"vendor/w","state":"nobody","exempt":false,"owners":[],"groups":[],"rule":"owners.toml:22","pattern":"/vendor/","more_rules":[],"notify":[]}

"#]]);
    let csv = sandbox
        .owners("export --paths --format csv --repository")
        .arg("a,b");
    csv.prints(str![[r#"
repository,path,state,exempt,owners,groups,rule,pattern,more_rules,notify
"a,b",Cargo.lock,owned,false,@org/core @sec,core,owners.toml:19,*,owners.toml:21,
"a,b",crates/wasi/a.rs,owned,false,@org/wasi,wasi,owners.toml:20,"/crates/{wasi,nn}/",,@n @rust
"a,b",crates/wasi/b.rs,owned,false,@org/wasi,wasi,owners.toml:20,"/crates/{wasi,nn}/",,@n
"a,b",crates/wasi/c.md,owned,false,@org/core,core,owners.toml:19,*,,
"a,b",docs/api/x,owned,false,@org/core,core,docs/owners.toml:2,/api/,,
"a,b",docs/owners.toml,owned,false,@org/core,core,owners.toml:19,*,,
"a,b",owners.toml,owned,false,@org/core,core,owners.toml:19,*,,
"a,b",vendor/v.lock,nobody,false,,,owners.toml:22,/vendor/,,
"a,b",vendor/w,nobody,false,,,owners.toml:22,/vendor/,,

"#]]);
}

/// What approvals say, in the model and of each path, is what the schema says.
#[test]
fn approvals() {
    let sandbox = sandbox();
    let approvals = "\n[[approval]]\nname = 'S'\npaths = ['*.{rs,lock}']\nexcept = '/x'\nowners = ['core']\n\
                     count = 2\n[[approval]]\nname = 'T'\npaths = '*'\nowners = '@t'\noptional = true\n";
    sandbox.write("owners.toml", sandbox.read("owners.toml") + approvals);
    let model = model(sandbox.owners("export"));
    assert_eq!(model["approvals"][0]["rules"][0]["lines"][1], "**/*.lock");
    let rows = values(sandbox.owners("export --paths"), "path");
    assert!(
        rows.iter()
            .all(|row| row["approvals"][0]["name"].is_string())
    );
}

#[test]
fn without_owners_toml() {
    let file = "* @core\n[Docs][2] @docs\n/docs/\n!/docs/x\n^[Any]\n*.md @a @b\n";
    let sandbox = Sandbox::repo([
        (".gitlab/CODEOWNERS", file),
        ("docs/a.md", ""),
        ("docs/x", ""),
    ]);
    let model = model(sandbox.owners("export"));
    assert_eq!(model["source"], "codeowners");
    assert_eq!(
        model["outputs"],
        json!([{ "platform": "gitlab", "file": ".gitlab/CODEOWNERS", "generated": false }])
    );
    assert_eq!(
        model["sections"],
        json!([
            { "name": "Docs", "lines": [2], "optional": false, "approvals": 2 },
            { "name": "Any", "lines": [5], "optional": true, "approvals": 1 },
        ])
    );
    assert_eq!(model["rules"][2]["excludes"], true);
    assert_eq!(model["rules"][3]["section"], "Any");
    let paths = values(sandbox.owners("export --paths"), "path");
    assert_eq!(paths[1]["owners"], json!(["@core", "@docs", "@a", "@b"]));
    let places = json!([".gitlab/CODEOWNERS:3", ".gitlab/CODEOWNERS:6"]);
    assert_eq!(paths[1]["more_rules"], places);
}

#[test]
fn unowned_and_exempt() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            "[paths]\n'*.toml' = '@a'\n[check]\nexempt = '/old/'\n",
        ),
        ("new/a", ""),
        ("old/a", ""),
    ]);
    let paths = values(sandbox.owners("export --paths"), "path");
    let states = paths
        .iter()
        .map(|each| (each["state"].as_str(), each["exempt"].as_bool()));
    let expected = [("unowned", false), ("unowned", true), ("owned", false)];
    assert!(states.eq(expected.map(|(state, exempt)| (Some(state), Some(exempt)))));
    assert_eq!(paths[0]["rule"], Value::Null);
}

/// Names that JSON and CSV have to escape.
#[cfg(unix)]
#[test]
fn odd_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let sandbox = Sandbox::repo([("owners.toml", "[paths]\n'*' = '@a'\n")]);
    let names: [&[u8]; 6] = [
        b"a\nb",
        b"a \"b\"",
        b"a,b",
        b"\\",
        b"\xff",
        "\u{202e}é".as_bytes(),
    ];
    for name in names {
        sandbox.write(OsStr::from_bytes(name), "");
    }
    sandbox.git("add -A");
    let paths = values(sandbox.owners("export --paths"), "path");
    let path = |value: &Value| match value.get("path_bytes") {
        Some(bytes) => (bytes.as_array().unwrap().iter())
            .map(|byte| byte.as_u64().unwrap() as u8)
            .collect(),
        None => value["path"].as_str().unwrap().as_bytes().to_vec(),
    };
    let mut found: Vec<Vec<u8>> = paths.iter().map(path).collect();
    found.retain(|path| path != b"owners.toml");
    let mut expected: Vec<Vec<u8>> = names.iter().map(|name| name.to_vec()).collect();
    expected.sort();
    assert_eq!(found, expected);
    sandbox
        .owners("export --paths --format csv")
        .prints(str![[r#"
path,state,exempt,owners,groups,rule,pattern,more_rules,notify
\,owned,false,@a,,owners.toml:2,*,,
a\nb,owned,false,@a,,owners.toml:2,*,,
"a ""b""",owned,false,@a,,owners.toml:2,*,,
"a,b",owned,false,@a,,owners.toml:2,*,,
owners.toml,owned,false,@a,,owners.toml:2,*,,
\u{202e}é,owned,false,@a,,owners.toml:2,*,,
\xFF,owned,false,@a,,owners.toml:2,*,,

"#]]);
}

#[test]
fn what_cannot_be_exported() {
    let sandbox = sandbox();
    sandbox.owners("export --format csv").refuses(str![[r#"
error: the following required arguments were not provided:
  --paths

Usage: owners export --paths --format <FORMAT>

For more information, try '--help'.

"#]]);
    sandbox.owners("export --rev none").refuses(str![[r#"
error: there is no commit `none`

"#]]);
    Sandbox::repo([("a", "")])
        .owners("export")
        .refuses(str![[r#"
error: there is neither `owners.toml` nor a CODEOWNERS file in `[ROOT]`
 = note: `owners.toml` belongs at the root of the repository; `--config FILE` names another
 = note: a CODEOWNERS file is found where a forge looks for it: `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS`, `.gitlab/CODEOWNERS`, `.gitea/CODEOWNERS`, `.forgejo/CODEOWNERS`, `.bitbucket/CODEOWNERS`
 = help: run `owners init`: it writes a first `owners.toml`, from the history of the repository

"#]]);
    sandbox.git("clone -q --bare . ../bare.git");
    sandbox
        .owners("export --paths")
        .within("../bare.git")
        .refuses(str![[r#"
error: `[TOP]/bare.git` is a bare repository: no files are checked out there
 = help: name a commit: `owners export --rev HEAD`

"#]]);
    let bare = sandbox
        .owners("export --paths --rev HEAD")
        .within("../bare.git");
    assert_eq!(values(bare, "path").len(), 9);
    let model = model(sandbox.owners("export --rev HEAD").within("../bare.git"));
    assert_eq!(model["groups"][1]["meta"]["label"], "area: wasi");
}

/// What other programs know of a group is kept when the group is edited.
#[test]
fn metadata_is_kept() {
    let sandbox = sandbox();
    sandbox.owners("gen -q").prints("");
    let output = sandbox.owners("rename wasi wasm -q").output();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = sandbox.read("owners.toml");
    assert!(text.contains("\n[groups.wasm.meta]\nlabel"), "{text}");
    for command in ["add @b wasm -q", "remove @a --replace-with @c -q"] {
        let output = sandbox.owners(command).output();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let before = &model(sandbox.owners("export"))["groups"][1];
    assert_eq!(
        before["meta"]["rota"],
        json!({ "week 1": "@a", "on": true })
    );
    assert_eq!(before["members"], json!(["@c", "core", "@b"]));
    let output = sandbox
        .owners("remove @org/wasi --allow-unowned -q")
        .output();
    assert_eq!(output.status.code(), Some(0));
}

/// A group that goes takes its metadata with it.
#[test]
fn metadata_goes_with_its_group() {
    let sandbox = Sandbox::current([(
        "owners.toml",
        "[groups.a]\nmembers = '@a'\n\n[groups.a.meta]\nx = 1\n\n[[groups.a.meta.list]]\ny = 2\n\n\
         [paths]\n'*' = '@b'\n",
    )]);
    let output = sandbox.owners("check --fix -q").output();
    assert_eq!(output.status.code(), Some(0));
    sandbox.file_is("owners.toml", "[paths]\n'*' = '@b'\n");
}
