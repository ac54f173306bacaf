//! The pages that are made from the program: all keys from its schema, all commands from their help,
//! the index of the lints from their table. What stands above the marker is written by hand.

use std::fmt::Write as _;
use std::fs;

use owners::lint::LINTS;
use serde_json::Value;

use super::project;
use crate::support::Sandbox;

const MARKER: &str =
    "<!-- The rest is generated: `SNAPSHOTS=overwrite cargo test --test cli pages` -->\n";

/// Compares what follows the marker of a page, or writes it.
#[track_caller]
fn is_fresh(name: &str, generated: &str) {
    let file = project().join("docs").join(name);
    let written = fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    let (by_hand, rest) = written.split_once(MARKER).expect("the page has no marker");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs::write(&file, format!("{by_hand}{MARKER}{generated}")).unwrap();
    } else {
        assert!(
            rest == generated,
            "docs/{name} is out of date: SNAPSHOTS=overwrite writes it"
        );
    }
}

fn printed(arguments: &str) -> String {
    let run = Sandbox::plain()
        .owners(arguments)
        .env("COLUMNS", "80")
        .output();
    assert_eq!(run.status.code(), Some(0), "{arguments}");
    String::from_utf8(run.stdout).unwrap()
}

#[test]
fn the_index_of_the_lints() {
    let mut page = "\n| lint | default | fires when |\n|---|---|---|\n".to_string();
    for lint in LINTS {
        let (name, level) = (lint.name, lint.level.name());
        writeln!(
            page,
            "| [`{name}`]({name}.md) | {level} | {} |",
            lint.summary
        )
        .unwrap();
    }
    is_fresh("lints/index.md", &page);
}

#[test]
fn the_commands() {
    let overview = printed("--help");
    let (_, listed) = overview.split_once("Commands:\n").unwrap();
    let listed = listed.split("\n\n").next().unwrap();
    let mut page = String::new();
    let mut names: Vec<&str> = Vec::new();
    for line in listed.lines().filter(|line| !line.starts_with("    ")) {
        let name = line.split_whitespace().next().unwrap();
        if name != "help" {
            names.push(name);
            let help = printed(&format!("{name} --help"));
            let (about, rest) = help.split_once("\n\n").unwrap();
            let (own, global) = rest.split_once("Global options:\n").unwrap();
            let examples = global
                .split_once("\n\n")
                .map_or("", |(_, examples)| examples);
            let about = about.split_whitespace().collect::<Vec<_>>().join(" ");
            write!(
                page,
                "\n## `owners {name}`\n\n{about}.\n\n```text\n{}\n\n{}\n```\n",
                own.trim_end(),
                examples.trim_end()
            )
            .unwrap();
        }
    }
    assert!(names.contains(&"gen") && names.len() > 10, "{names:?}");
    let global = overview.split("Global options:\n").nth(1).unwrap();
    let global = global.split("\n\n").next().unwrap();
    is_fresh(
        "commands.md",
        &format!("\n## Options of every command\n\n```text\n{global}\n```\n{page}"),
    );
}

#[test]
fn the_example_of_the_library() {
    let example = fs::read_to_string(project().join("examples/embed.rs")).unwrap();
    let example = example.replace("\r\n", "\n");
    is_fresh("library.md", &format!("\n```rust\n{example}```\n"));
}

#[test]
fn the_example_of_a_lint() {
    let example = fs::read_to_string(project().join("examples/own_lint.rs")).unwrap();
    let example = example.replace("\r\n", "\n");
    is_fresh("plugins.md", &format!("\n```rust\n{example}```\n"));
}

#[test]
fn the_keys() {
    let schema: Value = serde_json::from_str(&printed("schema")).unwrap();
    let keys = Keys { root: &schema };
    let mut page = String::new();
    for (name, key) in schema["properties"].as_object().unwrap() {
        write!(
            page,
            "\n## `{name}`\n\n{}: {}\n",
            capital(&keys.kind(key)),
            keys.description(key)
        )
        .unwrap();
        if name == "lints" {
            page.push_str(
                "\nEach key is the name of a [lint](lints/index.md), each value a level.\n",
            );
            continue;
        }
        let mut rows = Vec::new();
        keys.rows(name, key, &mut rows);
        if !rows.is_empty() {
            page.push_str("\n| key | value | meaning |\n|---|---|---|\n");
            page.push_str(&rows.concat());
        }
    }
    is_fresh("keys.md", &page);
}

fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

/// The schema, read for people.
struct Keys<'s> {
    root: &'s Value,
}

impl<'s> Keys<'s> {
    /// A row for each key below a key, at any depth.
    fn rows(&self, name: &str, schema: &'s Value, rows: &mut Vec<String>) {
        let schema = self.resolved(schema);
        for form in schema["oneOf"].as_array().into_iter().flatten() {
            if form["type"] != "array" {
                self.rows(name, form, rows);
            }
        }
        let any = if name == "paths" {
            "\"PATTERN\""
        } else {
            "NAME"
        };
        let named = schema["properties"].as_object().into_iter().flatten();
        let named = named.map(|(key, schema)| (key.as_str(), schema));
        let any = schema
            .get("additionalProperties")
            .filter(|value| value.is_object())
            .map(|schema| (any, schema));
        for (key, schema) in named.chain(any) {
            let key = format!("{name}.{key}");
            rows.push(format!(
                "| `{key}` | {} | {} |\n",
                self.kind(schema),
                self.description(schema)
            ));
            self.rows(&key, schema, rows);
        }
    }

    fn resolved(&self, schema: &'s Value) -> &'s Value {
        let inner = schema.get("allOf").map_or(schema, |all| &all[0]);
        match inner.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.resolved(self.root.pointer(&reference[1..]).unwrap()),
            None => inner,
        }
    }

    /// What a value may be.
    fn kind(&self, schema: &Value) -> String {
        let inner = schema.get("allOf").map_or(schema, |all| &all[0]);
        if let Some(reference) = inner.get("$ref").and_then(Value::as_str) {
            let definition = self.root.pointer(&reference[1..]).unwrap();
            let name = reference.rsplit('/').next().unwrap();
            let is_simple = definition["type"] == "string";
            return if is_simple {
                name.to_string()
            } else {
                self.kind(definition)
            };
        }
        // An object may say which of its keys belong together.
        let forms = inner["oneOf"].as_array();
        if let Some(forms) = forms.filter(|_| inner.get("type").is_none()) {
            let forms: Vec<String> = forms.iter().map(|form| self.kind(form)).collect();
            return forms.join(" or ");
        }
        if let Some(values) = inner["enum"].as_array() {
            let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            return values.join(" or ");
        }
        match inner["type"].as_str().expect("a type") {
            "array" => format!("array of {}s", self.kind(&inner["items"])),
            "object" => "table".to_string(),
            simple => simple.to_string(),
        }
    }

    fn description(&self, schema: &'s Value) -> &'s str {
        let own = schema["description"].as_str();
        own.or(self.resolved(schema)["description"].as_str())
            .unwrap_or("")
    }
}
