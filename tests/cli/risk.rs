//! `owners risk`: what depends on few people.

use snapbox::{file, str};

use crate::support::history::History;

const CONFIG: &str = "owners.toml=[groups]\ncore = ['@alice', '@bob']\nteam = '@org/team'\nidle = '@idle'\n\
[paths]\n'/core/' = 'core'\n'/team/' = 'team'\n'/solo/' = '@carol'\n";

const ALICE: &str = "Alice <1+alice@users.noreply.github.com>";
const BOB: &str = "bob <bob@example.org>";
const CAROL: &str = "Carol <3+carol@users.noreply.github.com>";
const DAVE: &str = "Dave <4+dave@users.noreply.github.com>";

/// Alice and Bob own `core`. Alice left more than a year ago, Dave is new.
fn history() -> History {
    let mut history = History::default();
    history
        .commit(
            900,
            &[ALICE],
            &[CONFIG, "core/a", "core/b", "core/c", "core/d"],
        )
        .commit(800, &[ALICE], &["core/a", "core/b"])
        .commit(700, &[BOB], &["core/e", "core/d"])
        .commit(400, &[CAROL], &["core/f", "core/f2"])
        .commit(50, &[BOB], &["core/e"])
        .commit(20, &[DAVE], &["core/f", "core/g", "team/a"])
        .commit(10, &[DAVE], &["core/g"])
        .commit(0, &[CAROL], &["README.md"]);
    history
}

#[test]
fn every_group_and_every_rule_without_one() {
    let sandbox = history().repo();
    sandbox.owners("risk --rev HEAD").prints(str![[r#"
8 commits

core  (group, 8 files)
one owner     only one of its owners has changed 4 of 8 files
              @alice 3
              @bob 1
no owner      none of its owners has changed 3 of 8 files
truck factor  2: without these people, more than half of 8 files have no author
              @alice 4
              @carol 2
inactive      1 of 2 owners did nothing here in 12 months
              @alice 2023-10-24
not owners    1 active person owns nothing here
              @dave 2025-12-22

team  (group, 1 file)
truck factor  1: without this person, more than half of 1 file has no author
              @dave 1
not owners    1 active person owns nothing here
              @dave 2025-12-12
unknown       no commit is known to be by these owners: nothing is said about them and their files
              @org/team

idle  (group, 0 files)
the group owns no tracked file

a @login is from the address in commits, which anybody can write

"#]]);
}

#[test]
fn as_json() {
    let sandbox = history().repo();
    let run = sandbox.owners("risk --rev HEAD core team --json");
    run.prints_rows(file!["risk/risk.json"]);
}

#[test]
fn as_markdown() {
    let sandbox = history().repo();
    let run = sandbox.owners("risk --rev HEAD core solo team --format markdown");
    run.refuses(str![[r#"
error: `solo` is no group and no tracked path
 = help: name a group of owners.toml, a tracked file or directory, or a pattern such as `/src/**/*.rs`

"#]]);
    let run = sandbox.owners("risk --rev HEAD core team --format markdown");
    run.prints(file!["risk/risk.md"]);
}

/// A directory and a pattern, seen from below.
#[test]
fn in_a_directory() {
    let sandbox = history().repo();
    sandbox
        .owners("risk --rev HEAD . /core/{a,b}")
        .within("core")
        .prints(str![[r#"
8 commits

./  (8 files)
one owner     only one of its owners has changed 4 of 8 files
              @alice 3
              @bob 1
no owner      none of its owners has changed 3 of 8 files
truck factor  2: without these people, more than half of 8 files have no author
              @alice 4
              @carol 2
inactive      1 of 2 owners did nothing here in 12 months
              @alice 2023-10-24
not owners    1 active person owns nothing here
              @dave 2025-12-22

/core/{a,b}  (pattern, 2 files)
one owner     only one of its owners has changed 2 of 2 files
              @alice 2
truck factor  1: without this person, more than half of 2 files have no author
              @alice 2
inactive      2 of 2 owners did nothing here in 12 months
              @alice 2023-10-24
              @bob never

a @login is from the address in commits, which anybody can write

"#]]);
}

#[test]
fn who_is_inactive_depends_on_the_months() {
    let sandbox = history().repo();
    let inactive = |months: u32| {
        let run = sandbox.owners(&format!(
            "risk --rev HEAD core --json --inactive-months {months}"
        ));
        let document: serde_json::Value = serde_json::from_slice(&run.output().stdout).unwrap();
        let seen = document["areas"][0]["owners_seen"].as_array().unwrap();
        let gone = seen.iter().filter(|owner| owner["inactive"] == true);
        let gone: Vec<String> = gone
            .map(|owner| owner["owner"].as_str().unwrap().to_string())
            .collect();
        let own_nothing = document["areas"][0]["own_nothing"].as_array().unwrap();
        (gone.join(" "), own_nothing.len())
    };
    assert_eq!(inactive(1), ("@alice @bob".to_string(), 1));
    // 50 days are more than a month and less than two.
    assert_eq!(inactive(2), ("@alice".to_string(), 1));
    assert_eq!(inactive(12), ("@alice".to_string(), 1));
    // Carol did something 400 days ago.
    assert_eq!(inactive(14), ("@alice".to_string(), 2));
    assert_eq!(inactive(28), (String::new(), 2));
    sandbox
        .owners("risk --inactive-months 0")
        .exits(2, "", "...");
}

/// Of an owner without a commit under a known login, nothing is said.
#[test]
fn owners_who_are_unknown() {
    let mut history = history();
    let config = CONFIG.replace("'@bob'", "'@robert'");
    history.commit(0, &[CAROL], &[&config]);
    let sandbox = history.repo();
    sandbox.owners("risk --rev HEAD core").prints(str![[r#"
9 commits

core  (group, 8 files)
truck factor  2: without these people, more than half of 8 files have no author
              @alice 4
              @carol 2
inactive      1 of 1 owner did nothing here in 12 months
              @alice 2023-10-24
not owners    2 active people own nothing here
              @dave 2025-12-22
              bob 2025-11-12
unknown       no commit is known to be by these owners: nothing is said about them and their files
              @robert

a @login is from the address in commits, which anybody can write

"#]]);
    // With a line in `.mailmap`, it is known.
    history.commit(
        0,
        &[CAROL],
        &[".mailmap=Bob <2+robert@users.noreply.github.com> <bob@example.org>\n"],
    );
    history.import(&sandbox);
    let known = sandbox.owners("risk --rev HEAD core").output().stdout;
    let known = String::from_utf8(known).unwrap();
    assert!(
        known.contains("@robert 1") && !known.contains("unknown"),
        "{known}"
    );
}

/// More areas than a comment can hold are counted.
#[test]
fn a_comment_has_a_limit() {
    let rules: String = (0..200).map(|n| format!("'/d{n}/' = '@alice'\n")).collect();
    let config = format!("owners.toml=[paths]\n{rules}");
    let files: Vec<String> = (0..200).map(|n| format!("d{n}/x")).collect();
    let mut history = History::default();
    for chunk in files.chunks(40) {
        let chunk: Vec<&str> = chunk.iter().map(String::as_str).collect();
        history.commit(1, &[DAVE], &chunk);
    }
    history.commit(0, &[ALICE], &[&config]);
    let sandbox = history.repo();
    for command in ["risk", "suggest"] {
        let run = sandbox.owners(&format!("{command} --rev HEAD --format markdown"));
        let text = String::from_utf8(run.output().stdout).unwrap();
        assert!(text.len() < 65_536, "{}", text.len());
        assert!(text.contains("more areas."), "{text}");
    }
}

/// An author has more than 75 % of the highest degree of authorship: 4.694 of Carol and 3.374 of Dave
/// are 72 %.
#[test]
fn who_is_an_author() {
    let mut history = history();
    for days in 0..4 {
        history.commit(300 - days, &[CAROL], &["core/f"]);
    }
    for days in 0..3 {
        history.commit(200 - days, &[DAVE], &["core/f"]);
    }
    let sandbox = history.repo();
    let run = sandbox.owners("risk --rev HEAD core/f --json");
    let document: serde_json::Value = serde_json::from_slice(&run.output().stdout).unwrap();
    let area = &document["areas"][0];
    assert_eq!(area["truck_factor"], 1);
    assert_eq!(area["key_people"][0]["login"], "carol");
    // With one commit more, Dave is one, too: 3.538 of 4.636.
    history.commit(100, &[DAVE], &["core/f"]);
    history.import(&sandbox);
    let run = sandbox.owners("risk --rev HEAD core/f --json");
    let document: serde_json::Value = serde_json::from_slice(&run.output().stdout).unwrap();
    assert_eq!(document["areas"][0]["truck_factor"], 2);
}

/// What was done to a file before it was deleted and created again does not count.
#[test]
fn files_that_were_created_again() {
    let mut history = history();
    history
        .commit(9, &[ALICE], &["core/y"])
        .commit(8, &[BOB], &["-core/y"])
        .commit(7, &[DAVE], &["core/y"]);
    let sandbox = history.repo();
    sandbox.owners("risk --rev HEAD core/y").prints(str![[r#"
11 commits

core/y  (1 file)
no owner      none of its owners has changed 1 of 1 file
truck factor  1: without this person, more than half of 1 file has no author
              @dave 1
inactive      2 of 2 owners did nothing here in 12 months
              @alice never
              @bob never
not owners    1 active person owns nothing here
              @dave 2025-12-25

a @login is from the address in commits, which anybody can write

"#]]);
}
