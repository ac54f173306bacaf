//! As much of JSON Schema (draft 7) as the schema of SARIF uses, so that `cargo test` alone can hold
//! our output against it. The crates that know all of it bring some seventy others and double the
//! time to build the tests. A keyword that is not known here is an error, never taken for met; and
//! `.ci/run` asks a complete validator as well.

use std::collections::HashSet;

use regex::Regex;
use serde_json::Value;

/// All that is wrong with `value`, each with the place of it.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<String> {
    faults_below(schema, schema, value)
}

struct Check<'s> {
    root: &'s Value,
    faults: Vec<String>,
}

impl Check<'_> {
    fn fault(&mut self, at: &str, what: &str) {
        self.faults.push(format!("{at}: {what}"));
    }

    fn is_met(&self, schema: &Value, value: &Value) -> bool {
        faults_below(self.root, schema, value).is_empty()
    }

    fn value(&mut self, schema: &Value, value: &Value, at: &str) {
        let keywords = schema.as_object().unwrap();
        for (keyword, demand) in keywords {
            let count = |value: &Value| value.as_u64().map(|count| count as usize);
            let is_met = match keyword.as_str() {
                // They demand nothing.
                "$schema" | "$id" | "title" | "description" | "default" | "definitions" => true,
                "$ref" => {
                    let place = demand.as_str().unwrap().strip_prefix('#').unwrap();
                    let target = self.root.pointer(place).unwrap();
                    self.value(target, value, at);
                    true
                }
                "type" => match demand.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "boolean" => value.is_boolean(),
                    "integer" => value.is_i64() || value.is_u64(),
                    "number" => value.is_number(),
                    other => panic!("the type `{other}` is not known"),
                },
                "enum" => demand.as_array().unwrap().contains(value),
                "anyOf" => {
                    let mut several = demand.as_array().unwrap().iter();
                    several.any(|schema| self.is_met(schema, value))
                }
                "not" => !self.is_met(demand, value),
                "allOf" => {
                    let mut several = demand.as_array().unwrap().iter();
                    several.all(|schema| self.is_met(schema, value))
                }
                "oneOf" => {
                    let several = demand.as_array().unwrap().iter();
                    several.filter(|schema| self.is_met(schema, value)).count() == 1
                }
                "minimum" => value
                    .as_f64()
                    .is_none_or(|value| value >= demand.as_f64().unwrap()),
                "maximum" => value
                    .as_f64()
                    .is_none_or(|value| value <= demand.as_f64().unwrap()),
                "minItems" => value
                    .as_array()
                    .is_none_or(|items| Some(items.len()) >= count(demand)),
                "uniqueItems" => value.as_array().is_none_or(|items| {
                    let distinct: HashSet<String> = items.iter().map(Value::to_string).collect();
                    !demand.as_bool().unwrap() || distinct.len() == items.len()
                }),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.value(demand, item, &format!("{at}[{index}]"));
                    }
                    true
                }
                "required" => value.as_object().is_none_or(|object| {
                    let mut keys = demand.as_array().unwrap().iter();
                    keys.all(|key| object.contains_key(key.as_str().unwrap()))
                }),
                "properties" => {
                    for (key, inner) in value.as_object().into_iter().flatten() {
                        if let Some(schema) = demand.get(key) {
                            self.value(schema, inner, &format!("{at}.{key}"));
                        }
                    }
                    true
                }
                "patternProperties" => {
                    for (pattern, schema) in demand.as_object().unwrap() {
                        let pattern = Regex::new(pattern).unwrap();
                        let entries = value.as_object().into_iter().flatten();
                        for (key, inner) in entries.filter(|(key, _)| pattern.is_match(key)) {
                            self.value(schema, inner, &format!("{at}.{key}"));
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    let known = keywords.get("properties").and_then(Value::as_object);
                    let patterns = keywords.get("patternProperties").and_then(Value::as_object);
                    let patterns = patterns.into_iter().flat_map(|patterns| patterns.keys());
                    let patterns = patterns.map(|pattern| Regex::new(pattern).unwrap());
                    let patterns: Vec<Regex> = patterns.collect();
                    for (key, inner) in value.as_object().into_iter().flatten() {
                        let at = format!("{at}.{key}");
                        match demand {
                            _ if known.is_some_and(|known| known.contains_key(key)) => {}
                            _ if patterns.iter().any(|each| each.is_match(key)) => {}
                            Value::Bool(true) => {}
                            Value::Bool(false) => self.fault(&at, "is no key of this object"),
                            schema => self.value(schema, inner, &at),
                        }
                    }
                    true
                }
                "pattern" => {
                    let pattern = Regex::new(demand.as_str().unwrap()).unwrap();
                    value.as_str().is_none_or(|text| pattern.is_match(text))
                }
                "format" => value
                    .as_str()
                    .is_none_or(|text| match demand.as_str().unwrap() {
                        "uri" => is_uri_reference(text) && text.contains(':'),
                        "uri-reference" => is_uri_reference(text),
                        other => panic!("the format `{other}` is not known"),
                    }),
                other => panic!("the keyword `{other}` is not known"),
            };
            if !is_met {
                self.fault(at, &format!("breaks `{keyword}: {demand}`"));
            }
        }
    }
}

fn faults_below(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut check = Check {
        root,
        faults: Vec::new(),
    };
    check.value(schema, value, "$");
    check.faults
}

/// Whether a text has only characters that RFC 3986 allows, and is no file name taken for a scheme.
fn is_uri_reference(text: &str) -> bool {
    let form = "^([A-Za-z][A-Za-z0-9+.-]*:)?([A-Za-z0-9._~!$&'()*+,;=@/?-]|%[0-9A-F]{2})*$";
    Regex::new(form).unwrap().is_match(text)
}
