//! The floors of the library, as ARCHITECTURE.md lists them: a module imports from the floors below
//! its own and from nowhere else, and no two files import each other in a circle, in the binaries neither.
//!
//! Imports are read as text: every path that starts with `crate::` or `super::` outside of comments
//! and of the tests at the end of a file.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// A path from `crate` or `super`, and the list in braces behind it.
static PATH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(crate|super)((?:::super)*)((?:::\w+)*)(::\{[^;]*?\};)?").unwrap()
});
/// An item of such a list.
static ITEM: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\w+(?:::\w+)*").unwrap());

/// The path of a module, such as `pattern::algebra::cover`.
type Module = String;

/// The library.
const LIBRARY: &str = "src";
/// The library and the binaries, each by its directory.
const CRATES: [&str; 3] = [LIBRARY, "src/bin/owners", "src/bin/owners-lsp"];

/// The code of every module of a crate, without comments and tests.
fn modules(root: &str) -> BTreeMap<Module, String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut modules = BTreeMap::new();
    let mut directories = vec![src.clone()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let inner = path
                .strip_prefix(&src)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            if path.is_dir() {
                if inner != "bin" {
                    directories.push(path);
                }
                continue;
            }
            let name = inner.strip_suffix(".rs");
            let Some(name) = name.filter(|name| !["lib", "main"].contains(name)) else {
                continue;
            };
            let name = name.strip_suffix("/mod").unwrap_or(name).replace('/', "::");
            if !name.ends_with("::tests") {
                modules.insert(name, code(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    modules
}

fn code(text: &str) -> String {
    let text = text
        .split("\n#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or(text);
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    text.lines()
        .filter(is_code)
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The modules that the code of `module` names.
fn imports<'m>(
    module: &str,
    code: &str,
    modules: &'m BTreeMap<Module, String>,
) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    for path in PATH.captures_iter(code) {
        let base = if &path[1] == "crate" {
            String::new()
        } else {
            let ups = 1 + path[2].matches("super").count();
            let names: Vec<&str> = module.split("::").collect();
            names[..names.len().saturating_sub(ups)].join("::")
        };
        let stem = format!("{base}{}", &path[3]);
        let items = path.get(4).map_or("", |list| list.as_str());
        let items = ITEM
            .find_iter(items)
            .map(|item| format!("{stem}::{}", item.as_str()));
        for named in items.chain([stem.clone()]) {
            found.extend(longest(&named, modules));
        }
    }
    found.remove(module);
    found
}

/// The innermost module of a path, such as `pattern` of `pattern::Pattern`.
fn longest<'m>(path: &str, modules: &'m BTreeMap<Module, String>) -> Option<&'m str> {
    let mut path = path.trim_start_matches("::");
    loop {
        if let Some((module, _)) = modules.get_key_value(path) {
            return Some(module);
        }
        path = path.rsplit_once("::")?.0;
    }
}

/// The number of the floor of each top module.
fn floors() -> BTreeMap<String, usize> {
    let page = include_str!("../ARCHITECTURE.md");
    let list = page.split("## Floors\n").nth(1).unwrap();
    let list = list.split("\n## ").next().unwrap();
    let row = Regex::new(r"(?m)^(\d+)\. (.*)$").unwrap();
    let name = Regex::new(r"`(\w+)`").unwrap();
    let mut floors = BTreeMap::new();
    for row in row.captures_iter(list) {
        let names = row[2].split(':').next().unwrap().to_string();
        for name in name.captures_iter(&names) {
            let known = floors.insert(name[1].to_string(), row[1].parse().unwrap());
            assert_eq!(known, None, "`{}` stands on two floors", &name[1]);
        }
    }
    floors
}

fn top(module: &str) -> &str {
    module.split("::").next().unwrap()
}

#[test]
fn no_module_imports_from_its_own_floor_or_above() {
    let (modules, floors) = (modules(LIBRARY), floors());
    let tops: BTreeSet<&str> = modules.keys().map(|module| top(module)).collect();
    let listed: BTreeSet<&str> = floors.keys().map(String::as_str).collect();
    assert_eq!(
        tops, listed,
        "the modules at the top of src, and those in ARCHITECTURE.md"
    );
    let mut wrong = Vec::new();
    for (module, code) in &modules {
        for import in imports(module, code, &modules) {
            if top(import) != top(module) && floors[top(import)] >= floors[top(module)] {
                wrong.push(format!("{module} imports {import}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that do not point down:\n{}",
        wrong.join("\n")
    );
}

/// Whoever asks which forge it is answers for two, and wrongly for a third.
#[test]
fn only_the_module_of_forges_names_one() {
    let name = Regex::new(r"\bForge::[A-Z]{2,}\b").unwrap();
    for (module, code) in modules(LIBRARY) {
        let named = name
            .find_iter(&code)
            .find(|name| name.as_str() != "Forge::ALL");
        if top(&module) != "forge" {
            assert_eq!(named.map(|name| name.as_str()), None, "in {module}");
        }
    }
}
/// A file may name its parent's types, and the parent its children: these two are one thing to a
/// reader. Files beside each other may not.
#[test]
fn no_files_import_each_other_in_a_circle() {
    for root in CRATES {
        let modules = modules(root);
        assert!(modules.len() > 10, "only {modules:?} are found in {root}");
        let circles = circles(&modules);
        assert!(
            circles.is_empty(),
            "in {root}, these import each other: {circles:#?}"
        );
    }
}

/// The files that import themselves by others, each with the way.
fn circles(modules: &BTreeMap<Module, String>) -> Vec<(&str, Vec<&str>)> {
    let imports: BTreeMap<&str, BTreeSet<&str>> = (modules.iter())
        .map(|(module, code)| {
            let is_parent =
                |a: &str, b: &str| b.strip_prefix(a).is_some_and(|rest| rest.starts_with("::"));
            let mut imports = imports(module, code, modules);
            imports.retain(|import| !is_parent(import, module) && !is_parent(module, import));
            (module.as_str(), imports)
        })
        .collect();
    (imports.keys())
        .filter_map(|module| Some((*module, way_back(module, &imports)?)))
        .collect()
}

/// The modules by which `module` imports itself, if it does.
fn way_back<'m>(
    module: &str,
    imports: &BTreeMap<&'m str, BTreeSet<&'m str>>,
) -> Option<Vec<&'m str>> {
    let mut ways: Vec<Vec<&str>> = imports[module].iter().map(|&next| vec![next]).collect();
    let mut seen: BTreeSet<&str> = imports[module].clone();
    while let Some(way) = ways.pop() {
        let last = way.last()?;
        if *last == module {
            return Some(way);
        }
        for next in &imports[last] {
            if *next == module || seen.insert(next) {
                ways.push([way.as_slice(), &[next]].concat());
            }
        }
    }
    None
}
