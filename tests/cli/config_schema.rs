//! `owners schema`, held against what the parser takes.

use std::collections::BTreeSet;

use owners::lint::LINTS;
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use crate::support::Sandbox;
use crate::support::json_schema;

fn schema() -> Value {
    // Outside a repository as well: editors ask for it.
    let output = Sandbox::plain().owners("schema").output();
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => number.as_str().parse::<i64>().unwrap().into(),
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => object(table),
        other => panic!("no key takes {other:?}"),
    }
}

fn object(table: &DeTable<'_>) -> Value {
    let entries = table.iter();
    let entries = entries.map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())));
    Value::Object(entries.collect::<Map<_, _>>())
}

fn faults(text: &str) -> Vec<String> {
    json_schema::faults(&schema(), &object(DeTable::parse(text).unwrap().get_ref()))
}

fn load(text: &str) -> Result<(), String> {
    let draft = owners::draft("owners.toml", text.into());
    let loaded = draft.and_then(owners::Draft::finish);
    loaded.map(|_| ()).map_err(|error| error.to_string())
}

/// Every form of every key.
const SOUND: &[&str] = &[
    "[output]\nplatform = 'bitbucket'\n[groups]\na = { team = '@o/a', select = 'random(2)' }\n[paths]",
    "[paths]\n'*' = '@a'",
    r"required-version = '>=0.0.1'
nested = true
[paths]
'*' = []",
    "nested = false\n[paths]\n'*' = ['@a', 'b@example.com']",
    "nested = { except = 'tests/' }\n[paths]\n'*' = { owners = '@a' }",
    "nested = { except = ['tests/'] }\n[paths]\n'*' = { owners = [], except = '/a' }",
    "[paths]\n'*' = { owners = [], notify = '@a' }\n'/a' = { add = '@a', notify = ['@b'] }\n'/b' = { notify = '@a' }",
    "[paths]\n'*' = { add = '@a' }\n'/a' = { add = ['@a', '@b'], except = '/a/b' }",
    r"[groups]
a = '@a'
b = ['@b', 'a']
[paths]
'*' = { owners = ['b'], except = ['/a', '/b'] }",
    r"[groups.a]
members = '@a'
team = '@o/a'
description = 'A'
contact = '#a'
meta.label = 'a'
meta.list = [1, { x = true }]
[paths]
'*' = 'a'",
    r"[groups.a]
team = '@o/a'
members = ['@a']
[paths]
'*' = 'a'",
    "[paths]\n[[approval]]\nname = 'S'\npaths = '/a'\nowners = '@a'",
    r"[paths]
[approval]
name = 'Sécurité [x'
paths = ['/a', '/b/']
except = ['/b/c']
owners = ['@a', '@b']
count = 2
optional = false",
    r"approval = [{ name = 'S', paths = '/a', owners = [], optional = true, except = '/b' }]
[paths]",
    r"[paths]
'*' = '@a'
[output]
platform = 'gitlab'
header = 'See CONTRIBUTING.md'
file = 'CODEOWNERS'",
    r"[paths]
'*' = '@a'
[[output]]
[[output]]
platform = 'gitlab'",
    r"[paths]
'*' = '@a'
[check]
exempt = '/a'
roster = 'PEOPLE.md'
min-members = 2",
    r"[paths]
'*' = '@a'
[check]
exempt = ['/a', '/b/']
[lints]
'contacts/missing' = 'deny'
'contacts/*' = 'allow'
dead-pattern = 'deny'",
];

/// What is wrong in form, at any depth.
const UNSOUND: &[&str] = &[
    "[output]\nplatform = 'bitbucket'\n[groups]\na = { team = '@o/a', select = 2 }\n[paths]",
    "[path]\n'*' = '@a'\n[paths]",
    "nested = 1\n[paths]",
    "nested = { accept = [] }\n[paths]",
    "required-version = 1\n[paths]",
    "[paths]\n'*' = 1",
    "[paths]\n'*' = [['@a']]",
    "[paths]\n'*' = { owner = '@a' }",
    "[paths]\n'*' = { owners = '@a', except = 1 }",
    "[paths]\n'*' = { except = '/a' }",
    "[paths]\n'*' = { owners = '@a', add = '@b' }",
    "[paths]\n'*' = { owners = [], add = '@b' }",
    "[paths]\n'*' = { add = [] }",
    "[paths]\n'*' = { notify = [] }",
    "[paths]\n'*' = { notify = 1 }",
    "[paths]\n'*' = { add = 1 }",
    "[paths]\n'*' = { adds = '@a' }",
    "[groups]\na = 1\n[paths]",
    "[groups.a]\nmember = '@a'\n[paths]",
    "[groups.a]\nmembers = 1\n[paths]",
    "approval = 1\n[paths]",
    "[[approval]]\nname = 'S'\npaths = '/a'\n[paths]",
    "[[approval]]\nname = 'S'\nowners = '@a'\n[paths]",
    "[[approval]]\npaths = '/a'\nowners = '@a'\n[paths]",
    "[[approval]]\nname = 'S'\npaths = '/a'\nowners = '@a'\ncount = 0\n[paths]",
    "[[approval]]\nname = 'S'\npaths = '/a'\nowners = '@a'\noptional = 'no'\n[paths]",
    "[[approval]]\nname = 'S'\npath = '/a'\nowners = '@a'\n[paths]",
    "[[approval]]\nname = 'a]b'\npaths = '/a'\nowners = '@a'\n[paths]",
    "[[approval]]\nname = ' '\npaths = '/a'\nowners = '@a'\n[paths]",
    "output = 'CODEOWNERS'\n[paths]",
    "[output]\nplatform = 'sourcehut'\n[paths]",
    "[output]\nheader = 1\n[paths]",
    "[output]\nfiles = 'CODEOWNERS'\n[paths]",
    "[check]\nexempt = 1\n[paths]",
    "[check]\nmin-members = 0\n[paths]",
    "[check]\nrosters = 'a'\n[paths]",
    "[lints]\ndead-pattern = 'error'\n[paths]",
    "[lints]\ndead-patterns = 'deny'\n[paths]",
    "[lints]\n'a/b' = 'error'\n[paths]",
    "[lints]\n'a/b/c' = 'deny'\n[paths]",
];

#[test]
fn takes_what_the_parser_takes() {
    for text in SOUND {
        assert_eq!(load(text), Ok(()), "{text}");
        assert_eq!(faults(text), [""; 0], "{text}");
    }
    for text in UNSOUND {
        assert!(load(text).is_err(), "{text}");
        assert!(!faults(text).is_empty(), "{text}");
    }
}

#[test]
fn takes_the_examples() {
    for example in ["wasmtime", "awkward", "monorepo"] {
        let file = format!(
            "{}/examples/{example}/owners.toml",
            env!("CARGO_MANIFEST_DIR")
        );
        assert_eq!(
            faults(&std::fs::read_to_string(file).unwrap()),
            [""; 0],
            "{example}"
        );
    }
}

/// A key that the forms above do not show would be a key that nobody has tried.
#[test]
fn shows_every_key() {
    let schema = schema();
    let keys = |pointer: &str| -> BTreeSet<String> {
        let properties = schema.pointer(pointer).and_then(Value::as_object);
        properties
            .unwrap_or_else(|| panic!("{pointer}"))
            .keys()
            .cloned()
            .collect()
    };
    for pointer in [
        "/properties",
        "/properties/nested/oneOf/1/properties",
        "/properties/check/properties",
        "/definitions/group/oneOf/1/properties",
        "/definitions/rule/oneOf/1/properties",
        "/definitions/output/properties",
    ] {
        for key in keys(pointer) {
            assert!(SOUND.iter().any(|text| text.contains(&key)), "{key}");
        }
    }
    let lints: BTreeSet<String> = LINTS.iter().map(|lint| lint.name.to_string()).collect();
    assert_eq!(keys("/properties/lints/properties"), lints);
}

/// Editors show the description of a key beside it.
#[test]
fn describes_every_key() {
    fn described(schema: &Value, root: &Value) -> bool {
        let target = schema.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|place| root.pointer(&place[1..]));
        let text = [Some(schema), target].into_iter().flatten();
        let mut text = text.filter_map(|schema| schema["description"].as_str());
        text.next().is_some_and(|text| text.ends_with('.'))
    }
    fn walk(at: &str, schema: &Value, root: &Value, missing: &mut Vec<String>) {
        match schema {
            Value::Object(fields) => {
                let properties = fields.get("properties").and_then(Value::as_object);
                for (key, value) in properties.into_iter().flatten() {
                    if !described(value, root) {
                        missing.push(format!("{at}/{key}"));
                    }
                }
                for (key, value) in fields {
                    walk(&format!("{at}/{key}"), value, root, missing);
                }
            }
            Value::Array(items) => {
                for item in items {
                    walk(at, item, root, missing);
                }
            }
            _ => {}
        }
    }
    let schema = schema();
    let mut missing = Vec::new();
    walk("", &schema, &schema, &mut missing);
    assert_eq!(missing, [""; 0]);
}

/// `init` names the published schema in the first line, with and without a file to import.
#[test]
fn is_named_by_a_new_configuration() {
    let schema = schema();
    let line = format!("#:schema {}", schema["$id"].as_str().unwrap());
    for file in ["CODEOWNERS", "README.md"] {
        let sandbox = Sandbox::repo([(file, "# By hand.\n\n* @a\n")]);
        sandbox.owners("init").output();
        let config = sandbox.read("owners.toml");
        assert_eq!(config.lines().next(), Some(line.as_str()), "{file}");
        let generated = sandbox.owners("gen --stdout").output().stdout;
        let generated = String::from_utf8(generated).unwrap();
        assert!(generated.contains("\n* @"), "{generated}");
        assert!(!generated.contains("schema"), "{generated}");
    }
}
