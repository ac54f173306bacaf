//! What is written for other programs, held against what they demand: the published schema of SARIF,
//! GitLab's list of fields, and our own `docs/json.md`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use owners::lint::{LINTS, Lint};
use serde_json::{Value, json};

use crate::formats::specimens;
#[cfg(feature = "live")]
use crate::live::Scene;
use crate::support::Sandbox;
use crate::support::json_schema;
#[cfg(feature = "live")]
use crate::support::stub::Answer;

/// Names that mean something to a URI, a JSON string, a terminal, a workflow command or a table.
const ODD_NAMES: [&[u8]; 14] = [
    b"a b.md",
    b"#hash?query",
    b"100%/25%20",
    b"c:/drive",
    b"//host".split_at(1).1,
    b"quote\"'\\",
    b"new\nline",
    b"tab\tbell\x07",
    b"\x1b[31mred",
    "caf\u{e9} \u{1f600}".as_bytes(),
    "right\u{202e}left".as_bytes(),
    b"latin-1 \xe9\xff",
    b"[id]{a,b}<c>|`",
    b"::error::x%0A##[error]",
];

/// A repository in which paths of odd names have no owner, and what `specimens` cannot have.
fn odd() -> Sandbox {
    let lines = (0..900)
        .map(|n| format!("a{n:035}"))
        .collect::<Vec<_>>()
        .join(",");
    let owners = (0..100)
        .map(|n| format!("\"@m{n:035}\""))
        .collect::<Vec<_>>()
        .join(",");
    let sandbox = Sandbox::repo([(
        "owners.toml",
        &*format!(
            r"[lints]
default-only-path = 'warn'
[paths]
'*.default' = '@a'
'*' = '@a'
'/odd/' = []
'/{{{lines}}}' = [{owners}]
[[approval]]
name = '%0A::error::|`'
paths = '/x\n/'
owners = '@b'
[[require]]
paths = '/d*/'
owners = '@b'
reason = '%0A::error::|`'
[[require]]
paths = '/new/'
owners = '@b'
"
        ),
    )]);
    add_odd_names(&sandbox);
    sandbox
}

fn unowned() -> Sandbox {
    let sandbox = Sandbox::repo([("owners.toml", "[paths]\n'/owners.toml' = '@a'\n")]);
    add_odd_names(&sandbox);
    sandbox
}

/// A repository without owners.toml, with the findings that only it can have.
fn by_hand() -> Sandbox {
    Sandbox::repo([
        (
            ".github/CODEOWNERS",
            "* @org/maintainers\n/[a] @a\n/{a,b} @org/maintianers\n",
        ),
        ("CODEOWNERS", "* @b\n"),
    ])
}

/// The same, where a pattern is a regular expression.
fn expressions() -> Sandbox {
    Sandbox::repo([
        (".gitea/CODEOWNERS", "x/.* @a\n*.go @b\n"),
        ("x.go", ""),
        ("cargo", ""),
        ("unowned", ""),
    ])
}

/// Into the index: not every file system has them.
fn add_odd_names(sandbox: &Sandbox) {
    let mut records = Vec::new();
    for (number, name) in ODD_NAMES.iter().enumerate() {
        let name = name.strip_prefix(b"/").unwrap_or(name);
        records.extend_from_slice(format!("100644 {} 0\td{number}/", "1".repeat(40)).as_bytes());
        records.extend_from_slice(name);
        records.push(0);
        records.extend_from_slice(format!("100644 {} 0\t", "1".repeat(40)).as_bytes());
        records.extend_from_slice(name);
        records.push(0);
    }
    sandbox.git_with_input("update-index -z --index-info", &records);
}

/// The documents of one format, of repositories that have a finding of every lint among them.
fn documents(format: &str) -> Vec<Value> {
    let read = |sandbox: Sandbox| {
        let output = sandbox.owners("check --format").arg(format).output();
        assert_eq!(output.status.code(), Some(1));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let documents = [specimens(), odd(), unowned(), by_hand(), expressions()].map(read);
    #[cfg(feature = "live")]
    let documents = documents.into_iter().chain([read_live(format)]);
    documents.into_iter().collect()
}

/// The document of a repository about which the forge was asked, with every kind of answer.
#[cfg(feature = "live")]
fn read_live(format: &str) -> Value {
    let scene = Scene::github(
        "[groups.core]\nteam = '@org/core'\nmembers = ['@alice']\n\
         [paths]\n'*' = ['core', '@gone', '@reader', 'docs@example.com']\n",
    );
    scene.user("reader", "read");
    let errors = r#"{"errors":[{"line":1,"column":1,"kind":"Invalid %0A::error::|`",
        "message":"\u001b[31m ##[error]","path":"a b/CODEOWNERS"}]}"#;
    scene.on(&scene.errors(), Answer::json(errors));
    scene.on(
        "/orgs/org/teams/core/members?per_page=100",
        Answer::json(r#"[{"login":"bob"}]"#),
    );
    let output = scene.owners("check --live --format").arg(format).output();
    assert_eq!(output.status.code(), Some(1));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[track_caller]
fn assert_every_lint<'n>(found: impl Iterator<Item = &'n Value>) {
    let found: HashSet<&str> = found.map(|name| name.as_str().unwrap()).collect();
    let is_built =
        |lint: &&Lint| cfg!(feature = "live") || !lint.summary.starts_with("with `--live`");
    for lint in LINTS.iter().filter(is_built) {
        assert!(
            found.contains(lint.name),
            "nothing of {} is shown",
            lint.name
        );
    }
}

fn schema() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/sarif-2.1.0.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn sarif_is_as_published() {
    let schema = schema();
    let logs = documents("sarif");
    for (number, log) in logs.iter().enumerate() {
        assert_eq!(json_schema::faults(&schema, log), [""; 0]);
        // For the validator that `.ci/run` asks.
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("specimen-{number}.sarif"));
        fs::write(file, log.to_string()).unwrap();
    }
    let results = || {
        logs.iter()
            .flat_map(|log| log["runs"][0]["results"].as_array().unwrap())
    };
    assert_every_lint(results().map(|result| &result["ruleId"]));
    for result in results() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(result["ruleId"], LINTS[index].name);
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let uri = place["uri"].as_str().unwrap();
        // A viewer joins it to a directory: it must not begin like an address or a root.
        let first = uri.split('/').next().unwrap();
        assert!(!first.is_empty() && !first.contains(':'), "{uri}");
    }
    // Every path comes back from its address.
    let uris: HashSet<Vec<u8>> = results()
        .map(|result| &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        .map(|uri| decoded(uri.as_str().unwrap()))
        .collect();
    for name in ODD_NAMES {
        let name = name.strip_prefix(b"/").unwrap_or(name);
        assert!(uris.contains(name), "{}", name.escape_ascii());
    }
}

fn decoded(uri: &str) -> Vec<u8> {
    let mut parts = uri.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}

/// A validator that finds nothing wrong is worth nothing.
#[test]
fn the_validator_finds_what_is_wrong() {
    let (schema, sound) = (schema(), documents("sarif").swap_remove(0));
    let result = |place: &str| format!("/runs/0/results/0/{place}");
    for (place, value, fault) in [
        ("/version", json!("2.0.0"), "$.version: breaks `enum"),
        ("/runs", json!(1), "$.runs: breaks `type"),
        ("/runs/0/tool/driver", json!({}), "driver: breaks `required"),
        (
            "/runs/0/columnKind",
            json!("bytes"),
            "columnKind: breaks `enum",
        ),
        (&result("level"), json!("fatal"), "level: breaks `enum"),
        (
            &result("ruleIndex"),
            json!(-2),
            "ruleIndex: breaks `minimum",
        ),
        (&result("ruleIndex"), json!(0.5), "ruleIndex: breaks `type"),
        (&result("message"), json!({"text": 1}), "text: breaks `type"),
        (&result("message"), json!({"test": "x"}), "test: is no key"),
        (
            &result("locations/0/physicalLocation/artifactLocation/uri"),
            json!("a b"),
            "uri: breaks `format",
        ),
        (
            "/runs/0/tool/driver/rules/1/id",
            Value::Null,
            "id: breaks `type",
        ),
    ] {
        let mut broken = sound.clone();
        *broken.pointer_mut(place).unwrap() = value;
        let faults = json_schema::faults(&schema, &broken);
        assert!(
            faults.iter().any(|found| found.contains(fault)),
            "{place}: {faults:?}"
        );
    }
}

/// Source: GitLab's documentation, "Code Quality", "Code Quality report format".
#[test]
fn gitlab_has_the_fields_that_gitlab_reads() {
    let reports = documents("gitlab");
    for report in &reports {
        let mut fingerprints = HashSet::new();
        for issue in report.as_array().unwrap() {
            let text = |place: &str| issue.pointer(place).and_then(Value::as_str).unwrap();
            assert!(!text("/description").is_empty());
            assert!(!text("/check_name").is_empty());
            assert!(fingerprints.insert(text("/fingerprint")), "{issue}");
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&text("/severity")));
            let path = text("/location/path");
            let is_relative = !path.is_empty() && !path.starts_with('/') && !path.starts_with("./");
            assert!(is_relative, "{path}");
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        }
    }
    let issues = || reports.iter().flat_map(|report| report.as_array().unwrap());
    assert_every_lint(issues().map(|issue| &issue["check_name"]));
}

/// The keys and types of the tables in `docs/json.md`, by heading.
fn documented() -> BTreeMap<String, BTreeMap<String, String>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    let text = fs::read_to_string(file).unwrap();
    let (_, section) = text.split_once("\n## `owners check --json`").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let mut tables: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut heading = "";
    for line in section.lines() {
        if let Some(name) = line.strip_prefix("### ") {
            heading = name;
        } else if line.starts_with("| `") {
            let mut cells = line.split(" | ");
            let keys = cells.next().unwrap().trim_start_matches("| ");
            let kind = cells.next().unwrap();
            for key in keys.split(", ") {
                let table = tables.entry(heading.to_string()).or_default();
                table.insert(key.trim_matches('`').to_string(), kind.to_string());
            }
        }
    }
    tables
}

#[test]
fn json_is_as_documented() {
    let tables = documented();
    let documents = documents("json");
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut check = |table: &'static str, object: &Value| {
        for (key, value) in object.as_object().unwrap() {
            let kind = tables[table].get(key);
            let kind = kind.unwrap_or_else(|| panic!("`{key}` of {table} is not documented"));
            let is_right = kind.split(" or ").any(|kind| match kind {
                "string" => value.is_string(),
                "integer" => value.is_u64(),
                "null" => value.is_null(),
                "array" => value.is_array(),
                "array of strings" => value
                    .as_array()
                    .is_some_and(|all| all.iter().all(Value::is_string)),
                "array of integers" => value
                    .as_array()
                    .is_some_and(|all| all.iter().all(Value::is_u64)),
                other => panic!("the type `{other}` is not known"),
            });
            assert!(is_right, "`{key}` of {table} is no {kind}: {value}");
            seen.entry(table).or_default().insert(key.clone());
        }
    };
    for document in &documents {
        let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["findings", "summary", "version"]);
        assert_eq!(document["version"], 1);
        check("The summary", &document["summary"]);
        for finding in document["findings"].as_array().unwrap() {
            check("A finding", finding);
            for label in finding["labels"].as_array().unwrap() {
                check("A label", label);
            }
        }
    }
    for (table, keys) in &tables {
        let seen = &seen[table.as_str()];
        for key in keys.keys() {
            assert!(
                seen.contains(key),
                "`{key}` of {table} is documented and never written"
            );
        }
    }
    let findings = documents
        .iter()
        .flat_map(|document| document["findings"].as_array().unwrap());
    assert_every_lint(findings.map(|finding| &finding["lint"]));
}
