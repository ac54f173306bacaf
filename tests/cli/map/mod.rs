//! `owners map`: the data of the page, the file that is written, and what strangers cannot do to it.

mod sha256;

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};
use snapbox::str;

use crate::support::history::History;
use crate::support::{Run, Sandbox};
use sha256::{base64, sha256};

/// What stands between two texts.
#[track_caller]
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, text) = text.split_once(before).unwrap();
    text.split_once(after).unwrap().0
}

/// The page that a run prints.
#[track_caller]
fn page(run: Run<'_>) -> String {
    let output = run.args("-o -").output();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

fn data_of(page: &str) -> Value {
    let data = between(
        page,
        "<script type=\"application/json\" id=\"data\">",
        "</script>",
    );
    serde_json::from_str(data).unwrap()
}

#[track_caller]
fn data(run: Run<'_>) -> Value {
    data_of(&page(run))
}

/// A leaf of the tree: the path of its directory and its name, and its numbers.
struct Leaf {
    path: String,
    /// Whether it is a file, and not several.
    is_file: bool,
    decision: i64,
    before: i64,
    files: u64,
    lines: u64,
    risk: u64,
}

/// All leaves, read as docs/map.md describes them.
fn leaves(data: &Value) -> Vec<Leaf> {
    let mut all = Vec::new();
    collect(&data["tree"], "", &mut all);
    all
}

fn collect(directory: &Value, above: &str, all: &mut Vec<Leaf>) {
    for child in directory["c"].as_array().unwrap() {
        let name = child.as_str().or(child["n"].as_str());
        let path = format!("{above}{}", name.unwrap_or("*"));
        if child.get("c").is_some() {
            collect(child, &format!("{path}/"), all);
            continue;
        }
        let number = |key: &str| child.get(key).and_then(Value::as_i64);
        let decision = number("d").or(directory["d"].as_i64()).unwrap();
        let count = |key: &str, usual| {
            child
                .get(key)
                .map_or(usual, |count| count.as_u64().unwrap())
        };
        all.push(Leaf {
            path,
            is_file: name.is_some(),
            decision,
            before: number("b").unwrap_or(decision),
            files: count("f", 1),
            lines: count("l", 0),
            risk: count("r", 0),
        });
    }
}

/// What a decision says: its state, its owners, and the places of its rules.
fn decision(data: &Value, number: i64) -> String {
    let Ok(number) = usize::try_from(number) else {
        return "-".to_string();
    };
    let decision = &data["decisions"][number];
    let listed = |key: &str, table: &str, name: &str| -> String {
        let numbers = decision[key].as_array().unwrap().iter();
        let entries = numbers.map(|number| &data[table][number.as_u64().unwrap() as usize]);
        let texts = entries.map(|entry| entry.as_str().or(entry[name].as_str()).unwrap());
        texts.collect::<Vec<_>>().join(" ")
    };
    let parts = [
        decision["state"].as_str().unwrap().to_string(),
        listed("owners", "owners", ""),
        listed("groups", "groups", "name"),
        listed("rules", "rules", "place"),
    ];
    parts.map(|part| part.replace("owners.toml:", "")).join("|")
}

/// Each leaf as a line.
fn shown(data: &Value) -> String {
    let line = |leaf: &Leaf| {
        let mut line = format!("{} {}", leaf.path, decision(data, leaf.decision));
        if leaf.before != leaf.decision {
            line.push_str(&format!(" before {}", decision(data, leaf.before)));
        }
        for (count, usual, name) in [
            (leaf.files, 1, "files"),
            (leaf.lines, 0, "lines"),
            (leaf.risk, 0, "risk"),
        ] {
            if count != usual {
                line.push_str(&format!(" {name} {count}"));
            }
        }
        line + "\n"
    };
    leaves(data).iter().map(line).collect()
}

const CONFIG: &str = "\
[groups]
core = ['@a', '@b']
all = ['core', '@c']
[groups.docs]
team = '@org/docs'
members = ['@d']
[check]
exempt = ['/old/']
[paths]
'/{README.md,docs/}' = 'docs'
'*.rs' = 'all'
'/src/' = 'core'
'/vendor/' = []
";

fn sandbox() -> Sandbox {
    Sandbox::repo([
        ("owners.toml", CONFIG),
        ("README.md", "one\ntwo\n"),
        ("build.rs", "fn main() {}\n"),
        ("docs/a/b/index.md", "no end of line"),
        ("docs/a/b/other.md", ""),
        ("old/x", "x\n"),
        ("src/lib.rs", "1\n2\n3\n"),
        ("vendor/v.c", "\0binary\n"),
    ])
}

#[test]
fn what_each_path_has() {
    let sandbox = sandbox();
    let data = data(sandbox.owners("map"));
    sandbox.assert_eq(
        shown(&data).as_bytes(),
        str![[r#"
docs/a/b/index.md owned|@org/docs|docs|10:1
docs/a/b/other.md owned|@org/docs|docs|10:1
old/x exempt|||
src/lib.rs owned|@a @b|core|12:1
vendor/v.c nobody|||13:1
README.md owned|@org/docs|docs|10:1
build.rs owned|@a @b @c|all core|11:1
owners.toml unowned|||

"#]],
    );
    assert_eq!(data["version"], 1);
    assert_eq!(data["title"], "r");
    for key in ["revision", "before", "after"] {
        assert_eq!(data[key], Value::Null, "{key}");
    }
    assert_eq!(
        data["has"],
        json!({"lines": false, "risk": false, "history": false})
    );
    assert_eq!(data["history"], json!([]));
    let docs = data["groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["name"] == "docs");
    let people = docs.unwrap()["people"][0].as_u64().unwrap() as usize;
    assert_eq!(data["owners"][people], "@d");
    assert_eq!(data["rules"][0]["pattern"], "/{README.md,docs/}");
}

/// A rule for every path is no owner of its own.
#[test]
fn what_only_the_default_owns() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            "[paths]\n'*' = '@a'\n'*.rs' = { add = '@rust' }\n'/b/' = '@b'\n'/b/*.rs' = '@a'\n",
        ),
        ("a/x.rs", ""),
        ("a/y", ""),
        ("b/x.rs", ""),
        ("b/y", ""),
    ]);
    let data = data(sandbox.owners("map"));
    sandbox.assert_eq(
        shown(&data).as_bytes(),
        str![[r#"
a/x.rs default|@a @rust||2:1 3:1
a/y default|@a||2:1
b/x.rs owned|@a||5:1
b/y owned|@b||4:1
owners.toml default|@a||2:1

"#]],
    );
}

#[test]
fn lines_are_those_of_the_index_or_of_a_commit() {
    let sandbox = sandbox();
    sandbox.git("commit -qm x");
    sandbox.write("src/lib.rs", "1\n2\n3\n4\n");
    sandbox.git("add -A");
    sandbox.write("src/lib.rs", "not staged\n");
    let lines = |arguments: &str| {
        let data = data(sandbox.owners(arguments));
        assert_eq!(data["has"]["lines"], true);
        let leaves = leaves(&data).into_iter();
        leaves
            .map(|leaf| (leaf.path, leaf.lines))
            .collect::<BTreeMap<_, _>>()
    };
    let staged = lines("map --lines");
    let counts = [
        ("README.md", 2),
        ("docs/a/b/index.md", 1),
        ("docs/a/b/other.md", 0),
        ("src/lib.rs", 4),
        ("vendor/v.c", 0),
    ];
    for (path, count) in counts {
        assert_eq!(staged[path], count, "{path}");
    }
    assert_eq!(lines("map --lines --rev HEAD")["src/lib.rs"], 3);
    sandbox.git("rm -q --cached README.md");
    let compared = lines("map --lines HEAD");
    // A path that is gone has the lines that it had.
    assert_eq!((compared["README.md"], compared["src/lib.rs"]), (2, 4));
}

#[test]
fn two_trees_are_compared() {
    let sandbox = sandbox();
    sandbox.git("commit -qm x");
    sandbox.git("branch base");
    let config = CONFIG
        .replace("'/src/' = 'core'", "'/src/' = ['@z']")
        .replace("[]", "'core'");
    sandbox.write("owners.toml", format!("# moved\n{config}"));
    sandbox.write("src/new.rs", "");
    sandbox.git("rm -qr docs");
    sandbox.git("add -A");
    let working_tree = data(sandbox.owners("map base"));
    sandbox.assert_eq(
        shown(&working_tree).as_bytes(),
        str![[r#"
docs/a/b/index.md - before owned|@org/docs|docs|10:1
docs/a/b/other.md - before owned|@org/docs|docs|10:1
src/lib.rs owned|@z||13:1 before owned|@a @b|core|12:1
src/new.rs owned|@z||13:1 before -
old/x exempt|||
vendor/v.c owned|@a @b|core|14:1 before nobody|||13:1
README.md owned|@org/docs|docs|11:1
build.rs owned|@a @b @c|all core|12:1
owners.toml unowned|||

"#]],
    );
    let base = sandbox.git("rev-parse base");
    let name = json!({"name": "base", "commit": base.trim()});
    assert_eq!(working_tree["before"], name);
    assert_eq!(
        working_tree["after"],
        json!({"name": "the working tree", "commit": null})
    );
    assert_eq!(working_tree["revision"], Value::Null);
    sandbox.git("commit -qm y");
    let head = sandbox.git("rev-parse HEAD");
    let same = shown(&working_tree);
    for range in ["base..HEAD", "base...HEAD", "base HEAD"] {
        let compared = data(sandbox.owners(&format!("map {range}")));
        assert_eq!(shown(&compared), same, "{range}");
        assert_eq!(compared["revision"], head.trim(), "{range}");
        assert_eq!(compared["after"]["name"], "HEAD");
    }
    let nothing = data(sandbox.owners("map HEAD..HEAD"));
    // What both trees have in common is written once.
    assert_eq!(
        nothing["decisions"],
        data(sandbox.owners("map"))["decisions"]
    );
    assert!(
        leaves(&nothing)
            .iter()
            .all(|leaf| leaf.before == leaf.decision)
    );
}

/// A side may have no rules.
#[test]
fn the_rules_are_new() {
    let sandbox = Sandbox::repo([("a", "")]);
    sandbox.git("commit -qm x");
    sandbox.write("owners.toml", "[paths]\n'/a' = '@a'\n");
    sandbox.git("add -A");
    let output = sandbox.owners("map HEAD -o -").output();
    sandbox.assert_eq(
        &output.stderr,
        str![[r#"
note: there is neither owners.toml nor a CODEOWNERS file in HEAD; every path is unowned there

"#]],
    );
    let data = data_of(&String::from_utf8(output.stdout).unwrap());
    let expected = "a owned|@a||2:1 before unowned|||\nowners.toml unowned||| before -\n";
    assert_eq!(shown(&data), expected);
}

const ALICE: &str = "Alice <1+alice@users.noreply.github.com>";
const BOB: &str = "Bob <2+bob@users.noreply.github.com>";
const RULES: &str = "owners.toml=[groups]\ncore = ['@alice', '@bob']\nteam = '@org/team'\n\
                     [paths]\n'/core/' = 'core'\n'/solo/' = '@alice'\n'/team/' = 'team'\n";

/// As `owners risk` counts it.
#[test]
fn risks() {
    let mut history = History::default();
    history
        .commit(
            900,
            &[ALICE],
            &[RULES, "core/alice", "core/both", "solo/x", "team/x"],
        )
        .commit(10, &[BOB], &["core/both", "core/none"])
        .commit(
            5,
            &["Eve <eve@example.org>"],
            &["core/none=", "solo/eve", "other"],
        );
    let sandbox = history.repo();
    let data = data(sandbox.owners("map --risk --rev HEAD"));
    assert_eq!(data["has"]["risk"], true);
    let risks: Vec<(String, u64)> = leaves(&data)
        .into_iter()
        .map(|leaf| (leaf.path, leaf.risk))
        .collect();
    let expected = [
        ("core/alice", 1),
        ("core/both", 0),
        ("core/none", 1),
        // Alice is the only owner, and has done nothing for more than a year.
        ("solo/eve", 3),
        ("solo/x", 3),
        // Nothing is known of teams.
        ("team/x", 0),
        ("other", 0),
        ("owners.toml", 0),
    ];
    assert_eq!(risks, expected.map(|(path, risk)| (path.to_string(), risk)));
}

#[test]
fn the_history_of_a_year() {
    let mut history = History::default();
    history
        .commit(700, &[ALICE], &["a", "b"])
        .commit(400, &[ALICE], &["CODEOWNERS=* @alice\n"])
        .commit(
            300,
            &[ALICE],
            &["owners.toml=[groups]\ncore = '@alice'\n[paths]\n'/a' = 'core'\n"],
        )
        .commit(200, &[ALICE], &["owners.toml=[paths\n"])
        .commit(
            100,
            &[ALICE],
            &["owners.toml=[paths]\n'*' = '@alice'\n'/a' = []\n", "c"],
        )
        .commit(0, &[ALICE], &["owners.toml=[paths]\n'*' = '@bob'\n", "d"]);
    let sandbox = history.repo();
    let points = |arguments: &str| -> Vec<Value> {
        let data = data(sandbox.owners(arguments));
        assert_eq!(data["has"]["history"], true);
        data["history"].as_array().unwrap().clone()
    };
    let all = points("map --history 366 --rev HEAD");
    let of = |key: &str| {
        all.iter()
            .map(|point| point[key].clone())
            .collect::<Vec<_>>()
    };
    // What was there a year ago is from a commit that is older.
    assert_eq!(
        of("date"),
        [
            "2024-11-27",
            "2025-03-07",
            "2025-06-15",
            "2025-09-23",
            "2026-01-01"
        ]
    );
    assert_eq!(of("files"), [3, 4, 0, 5, 6]);
    assert_eq!(of("default"), [3, 0, 0, 4, 6]);
    assert_eq!(of("owned"), [0, 1, 0, 0, 0]);
    assert_eq!(of("nobody"), [0, 0, 0, 1, 0]);
    assert_eq!(of("unowned"), [0, 3, 0, 0, 0]);
    assert_eq!(
        of("groups"),
        [
            json!({}),
            json!({"core": 1}),
            json!({}),
            json!({}),
            json!({})
        ]
    );
    let errors = of("error");
    assert!(
        errors[2]
            .as_str()
            .unwrap()
            .starts_with("the configuration has errors"),
        "{errors:?}"
    );
    assert_eq!(errors.iter().filter(|error| error.is_null()).count(), 4);
    let head = sandbox.git("rev-parse HEAD");
    assert_eq!(all[4]["commit"], head.trim());
    assert_eq!(
        points("map --history 2 --rev HEAD"),
        [all[0].clone(), all[4].clone()]
    );
    // The index may differ from HEAD. The history ends there anyway.
    sandbox.git("read-tree HEAD");
    sandbox.git("checkout-index -f owners.toml");
    assert_eq!(points("map --history 366"), all);
    assert_eq!(points("map --history 366 HEAD~1..HEAD"), all);
}

/// The branches that were merged are not part of it.
#[test]
fn the_history_follows_first_parents() {
    let mut history = History::default();
    let rules = "owners.toml=[paths]\n'*' = '@a'\n";
    let first = history.commit_on(&[], 90, &[ALICE], &[rules]);
    let side = history.commit_on(&[first], 80, &[ALICE], &["x"]);
    let main = history.commit_on(&[first], 70, &[ALICE], &["y"]);
    history.commit_on(&[main, side], 60, &[ALICE], &["x", "z"]);
    let sandbox = history.repo();
    let data = data(sandbox.owners("map --history 9 --rev HEAD"));
    let points = data["history"].as_array().unwrap();
    let files: Vec<_> = points
        .iter()
        .map(|point| point["files"].as_u64().unwrap())
        .collect();
    assert_eq!(files, [1, 2, 4]);
}

#[test]
fn the_file_is_named_after_what_is_in_it() {
    let sandbox = sandbox();
    sandbox.owners("map").exits(0, "", "wrote ownership.html\n");
    let written = sandbox.read("ownership.html");
    assert!(written.starts_with("<!doctype html>\n"));
    assert_eq!(written, page(sandbox.owners("map")));
    sandbox
        .owners("map -q -o ../elsewhere.html")
        .exits(0, "", "");
    assert_eq!(sandbox.read("../elsewhere.html"), written);
    // Relative to the current directory, as everywhere.
    sandbox.owners("-C src map -q").exits(0, "", "");
    assert_eq!(sandbox.read("src/ownership.html"), written);
    // An older page is replaced.
    sandbox.write("ownership.html", "old");
    sandbox.owners("map -q").exits(0, "", "");
    assert_eq!(sandbox.read("ownership.html"), written);
}

#[test]
fn the_title_is_that_of_the_origin() {
    let sandbox = sandbox();
    for (url, title) in [
        ("https://user:secret@example.org/org/widgets.git", "widgets"),
        ("git@example.org:widgets", "widgets"),
        ("../widgets/", "widgets"),
        ("https://example.org/<b>&\"'", "<b>&\"'"),
    ] {
        let mut command = sandbox.command("git");
        assert!(
            command
                .args(["config", "remote.origin.url", url])
                .status()
                .unwrap()
                .success()
        );
        let page = page(sandbox.owners("map"));
        assert!(!page.contains("secret"));
        assert_eq!(data_of(&page)["title"], title);
        if title.contains('<') {
            assert!(page.contains("<title>&lt;b&gt;&amp;&quot;'"), "{page}");
        }
    }
}

#[test]
fn without_commits_and_without_git() {
    let sandbox = sandbox();
    for command in ["map --history 3", "map --risk"] {
        sandbox.owners(command).refuses(str![[r#"
error: there are no commits yet
 = help: commit something, or name a commit with `--rev`

"#]]);
    }
    sandbox.owners("map --rev HEAD").refuses(str![[r#"
error: there is no commit `HEAD`

"#]]);
    assert_eq!(leaves(&data(sandbox.owners("map --lines"))).len(), 8);
    let plain = Sandbox::plain();
    plain.write("owners.toml", "[paths]\n'*' = '@a'\n");
    assert_eq!(leaves(&data(plain.owners("map"))).len(), 1);
    for command in ["map --lines", "map --history 3", "map --risk", "map HEAD"] {
        plain.owners(command).refuses(str![[r#"
error: `[ROOT]` is not a git repository

"#]]);
    }
    assert!(!plain.root.join("ownership.html").exists());
}

#[test]
fn what_cannot_be_asked() {
    let sandbox = Sandbox::committed([("owners.toml", "[paths]\n'*' = '@a'\n")]);
    sandbox
        .owners("map --config owners.toml HEAD")
        .refuses(str![[r#"
error: this command does not take `--config`
 = note: each side has its own owners.toml

"#]]);
    sandbox.owners("map HEAD..HEAD HEAD").refuses(str![[r#"
error: `HEAD..HEAD` names both sides already; `HEAD` is one revision too many
 = help: name a range, or two revisions

"#]]);
    for command in [
        "map --history 1",
        "map --history 367",
        "map --rev HEAD HEAD",
        "map --rev HEAD --config owners.toml",
        "map --history 3 --config owners.toml",
    ] {
        assert_eq!(
            sandbox.owners(command).output().status.code(),
            Some(2),
            "{command}"
        );
    }
}

#[test]
fn what_cannot_be_written() {
    let sandbox = sandbox();
    let before = fs::read_dir(&sandbox.root).unwrap().count();
    sandbox.owners("map -o src").refuses(str![[r#"
error: cannot write `src`
 = note: it is a directory; name a file in it

"#]]);
    sandbox.owners("map -o new/page.html").refuses(str![[r#"
error: cannot write `new/page.html`
 = note: there is no directory `new`

"#]]);
    sandbox.owners("map -o page.html/").refuses(str![[r#"
error: cannot write `page.html/`
 = note: it ends with a slash, like a directory; name a file

"#]]);
    sandbox
        .owners("map -o src/lib.rs/page.html")
        .refuses(str![[r#"
error: cannot write `src/lib.rs/page.html`
 = note: there is no directory `src/lib.rs`

"#]]);
    assert_eq!(fs::read_dir(&sandbox.root).unwrap().count(), before);
}

#[cfg(unix)]
#[test]
fn links_devices_and_directories_without_write_permission() {
    use std::os::unix::fs::PermissionsExt as _;

    let sandbox = sandbox();
    sandbox.write("pages/old.html", "old");
    sandbox.link("link.html", "pages/old.html");
    sandbox.owners("map -q -o link.html").exits(0, "", "");
    assert!(sandbox.root.join("link.html").is_symlink());
    let written = sandbox.read("pages/old.html");
    assert_eq!(written, page(sandbox.owners("map")));
    sandbox.link("dangling.html", "pages/gone.html");
    let output = sandbox.owners("map -q -o dangling.html").output();
    assert_eq!(output.status.code(), Some(2));
    sandbox.owners("map -q -o /dev/null").exits(0, "", "");
    if cfg!(target_os = "linux") {
        let full = sandbox.owners("map -q -o /dev/full").output();
        let said = String::from_utf8(full.stderr).unwrap();
        assert!(
            said.starts_with("error: cannot write `/dev/full`\n"),
            "{said}"
        );
    }
    // As another user, where root could write anywhere.
    let pages = sandbox.root.join("pages");
    fs::set_permissions(&pages, fs::Permissions::from_mode(0o555)).unwrap();
    let run = sandbox.owners_unprivileged("map -q -o pages/old.html");
    let said = run.map(|run| String::from_utf8(run.output().stderr).unwrap());
    fs::set_permissions(&pages, fs::Permissions::from_mode(0o755)).unwrap();
    if let Some(said) = said {
        let expected =
            "error: cannot write `pages/old.html`\n = note: cannot make a new file in `pages`\n";
        assert!(said.starts_with(expected), "{said}");
    }
    assert_eq!(sandbox.read("pages/old.html"), written);
    assert_eq!(fs::read_dir(&pages).unwrap().count(), 1);
}

/// Names that are markup, script, comments, or the end of either, wherever there are names.
const MARKUP: [&str; 6] = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "-->]]>",
    "{{data}}{{script}}",
    "\"onload='alert(1)'&lt;",
    "\u{202e}\u{2028}\u{2029}##[add-mask]",
];

#[test]
fn names_are_never_markup() {
    let sandbox = Sandbox::repo([("a", "")]);
    let quoted = MARKUP.map(|name| serde_json::to_string(&name.replace(['*', '?'], "")).unwrap());
    let mut config = String::new();
    for (index, name) in quoted.iter().enumerate() {
        let plain = name
            .replace('{', "(")
            .replace('}', ")")
            .replace(['<', '>'], "!");
        config.push_str(&format!(
            "[groups.g{index}]\nmembers = ['@a']\ndescription = {name}\n"
        ));
        config.push_str(&format!("contact = {name} # {plain}\n"));
    }
    config.push_str("[paths]\n");
    for (index, name) in MARKUP.iter().enumerate() {
        let pattern = name.replace(
            [
                '{', '}', '<', '>', '!', '[', ']', '#', '\u{2028}', '\u{2029}',
            ],
            "?",
        );
        let pattern = json!(format!("/d{index}/{pattern}"));
        config.push_str(&format!("{pattern} = 'g{index}'\n"));
    }
    sandbox.write("owners.toml", config);
    for (index, name) in MARKUP.iter().enumerate() {
        for path in [
            format!("d{index}/{name}"),
            format!("{index}{name}/{name}"),
            format!("d/{index}{name}"),
        ] {
            let record = format!("100644 {} 0\t{path}\0", "1".repeat(40));
            sandbox.git_with_input("update-index -z --index-info", record.as_bytes());
        }
    }
    let usual = page(self::sandbox().owners("map"));
    let page = page(sandbox.owners("map"));
    // Without its data and title, the page is as every other.
    let without = |page: &str| {
        let data = between(page, " id=\"data\">", "</script>");
        page.replace(data, "")
    };
    assert_eq!(without(&page), without(&usual));
    let data = between(&page, " id=\"data\">", "</script>");
    let is_bad = |c: char| c.is_control() || matches!(c, '<' | '>' | '&' | '\u{2028}'..='\u{202e}');
    assert!(!data.contains(is_bad) && !data.contains("##["), "{data}");
    let names: Vec<String> = leaves(&data_of(&page))
        .into_iter()
        .map(|leaf| leaf.path)
        .collect();
    assert!(
        names.contains(&"d/0</script><script>alert(1)</script>".to_string()),
        "{names:?}"
    );
    assert!(
        names.contains(&"d5/\\u{202e}\\u{2028}\\u{2029}##[add-mask]".to_string()),
        "{names:?}"
    );
}

/// `SNAPSHOTS=overwrite` writes the policy again.
#[test]
fn the_policy_allows_only_the_style_and_the_script() {
    let page = page(sandbox().owners("map"));
    let hash = |text: &str| format!("'sha256-{}'", base64(&sha256(text.as_bytes())));
    let style = hash(between(&page, "<style>", "</style>"));
    let script = hash(between(&page, "<script>", "</script>"));
    assert_eq!(page.matches("<style").count(), 1);
    assert_eq!(page.matches("<script").count(), 2);
    let policy = format!(
        "default-src 'none'; script-src {script}; style-src {style}; img-src data:; base-uri 'none'; \
         form-action 'none'"
    );
    let found = between(
        &page,
        "http-equiv=\"Content-Security-Policy\" content=\"",
        "\"",
    );
    if std::env::var_os("SNAPSHOTS").is_some_and(|wish| wish == "overwrite") && found != policy {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bin/owners/map/policy.txt");
        fs::write(file, format!("{policy}\n")).unwrap();
        return;
    }
    assert_eq!(found, policy);
    // No other resource, and nothing that runs in an attribute.
    for wrong in [
        "http:",
        "//cdn",
        " src=",
        "onclick",
        "onload",
        "javascript:",
        "@import",
        "url(",
    ] {
        let markup = page.replace(between(&page, "<script>", "</script>"), "");
        assert!(!markup.contains(wrong), "{wrong}");
    }
}

/// A tree that is too large for a page is folded, and nothing is lost.
#[test]
fn large_trees_are_folded() {
    let sandbox = Sandbox::repo([(
        "owners.toml",
        "[paths]\n'/d1?/' = '@a'\n'/d2?/**/*7.rs' = '@b'\n'/d3?/' = []\n",
    )]);
    let mut records = String::new();
    let object = "1".repeat(40);
    for file in 0..100_000 {
        let (directory, inner) = (file / 1000, file % 37);
        records.push_str(&format!(
            "100644 {object} 0\td{directory:02}/directory-{inner}/a-file-with-quite-a-long-name-{file}.rs\0"
        ));
    }
    sandbox.git_with_input("update-index -z --index-info", records.as_bytes());
    let page = page(sandbox.owners("map"));
    assert!(
        (2_000_000..3_000_000).contains(&page.len()),
        "{}",
        page.len()
    );
    let data = data_of(&page);
    let leaves = leaves(&data);
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for leaf in &leaves {
        let state = data["decisions"][leaf.decision as usize]["state"]
            .as_str()
            .unwrap();
        *counts.entry(state).or_default() += leaf.files;
    }
    let expected = [("nobody", 10_000), ("owned", 11_000), ("unowned", 79_001)];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected);
    assert!(leaves.iter().any(|leaf| !leaf.is_file && leaf.files > 1));
    assert!(leaves.iter().filter(|leaf| leaf.is_file).count() > 20_000);
}
