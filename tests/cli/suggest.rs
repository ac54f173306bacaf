//! `owners suggest`: who has worked somewhere and is not listed as an owner.

mod model;

use snapbox::{file, str};

use crate::support::history::History;
use crate::support::{Sandbox, as_text};

const CONFIG: &str = "owners.toml=[groups]\ncore = '@org/core'\nwasi = ['@alice', '@bob']\nidle = '@idle'\n\
[paths]\n'*' = 'core'\n'/wasi/' = 'wasi'\n'/docs/' = '@carol'\n'/gone/' = '@x'\n";

const ALICE: &str = "Alice <1+alice@users.noreply.github.com>";
const DAVE: &str = "Dave Doe <4+dave@users.noreply.github.com>";
const EVE: &str = "Eve Adams <eve@example.org>";
const BOT: &str = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>";

/// Alice owns `wasi`; Dave, Eve and a bot work there.
fn history() -> History {
    let mut history = History::default();
    history
        .commit(720, &[ALICE], &[CONFIG, "wasi/a", "docs/x"])
        .commit(360, &[EVE], &["wasi/b", "wasi/c"])
        .commit(180, &[DAVE], &["wasi/a"])
        .commit(180, &[DAVE, EVE], &["wasi/d"])
        .commit(90, &["Dave Doe <dave@example.org>"], &["wasi/d"])
        .commit(30, &[BOT], &["wasi/a", "wasi/b"])
        .commit(0, &[ALICE], &["README.md"]);
    history
}

/// The candidates of the first area: name, created, commits, files, day.
#[track_caller]
fn rows(sandbox: &Sandbox, arguments: &str) -> Vec<String> {
    let output = sandbox
        .owners(&format!("suggest --json --rev HEAD {arguments}"))
        .output();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let candidates = document["areas"][0]["candidates"].as_array().unwrap();
    let row = |each: &serde_json::Value| {
        let name = each["login"].as_str().or(each["name"].as_str()).unwrap();
        let day = each["last_seen"].as_str().unwrap();
        let [created, commits, files] = ["created", "commits", "files"].map(|key| &each[key]);
        format!("{name} {created} {commits} {files} {day}")
    };
    candidates.iter().map(row).collect()
}

#[test]
fn every_group_and_every_rule_without_one() {
    let sandbox = history().repo();
    sandbox.owners("suggest --rev HEAD").prints(str![[r#"
7 commits; not counted: 1 by programs

core  (group, 2 files)
candidate  score  created  commits  files   share   last seen
@alice      2.17        2        2      2  100.0%  2026-01-01
note: who is in @org/core is not known: candidates may be

wasi  (group, 4 files)
candidate  score  created  commits  files  share   last seen
Eve Adams   1.95        3        2      3  75.0%  2025-07-05
@dave~      1.81        1        3      2  50.0%  2025-10-03
note: no commit here is known to be by @bob: a candidate without a login may be one of them

idle  (group, 0 files)
no candidates: the group owns no tracked file

/docs/  (owners.toml:8:1, 1 file)
candidate  score  created  commits  files   share   last seen
@alice      0.18        1        1      1  100.0%  2024-01-12

a @login is from the address in commits, which anybody can write
~ also has commits with another address and the same name

"#]]);
}

#[test]
fn as_json() {
    let sandbox = history().repo();
    let run = sandbox.owners("suggest --rev HEAD --json");
    run.prints_rows(file!["suggest/suggest.json"]);
}

#[test]
fn as_markdown() {
    let sandbox = history().repo();
    let run = sandbox.owners("suggest --rev HEAD --format markdown");
    run.prints(file!["suggest/suggest.md"]);
}

/// A group, a directory, a file, a pattern: what the words name.
#[test]
fn what_an_argument_names() {
    let sandbox = history().repo();
    let everything = ["Eve Adams 3 2 3 2025-07-05", "dave 1 3 2 2025-10-03"];
    for area in ["wasi", "/wasi/", "/wasi/**", "./wasi", "wasi/"] {
        assert_eq!(rows(&sandbox, area), everything, "{area}");
    }
    assert_eq!(
        rows(&sandbox, "wasi/d"),
        ["dave 1 2 1 2025-10-03", "Eve Adams 1 1 1 2025-07-05"]
    );
    assert_eq!(
        rows(&sandbox, "/wasi/{b,c}"),
        ["Eve Adams 2 1 2 2025-01-06"]
    );
    // In a directory, only somebody who owns half of it is left out.
    assert_eq!(rows(&sandbox, ".").len(), 2);
    let run = |word: &str| sandbox.owners("suggest --rev HEAD").arg(word);
    assert_eq!(
        run("../wasi/d").within("docs").output().status.code(),
        Some(0)
    );
    run("was").refuses(str![[r#"
error: `was` is no group and no tracked path
 = help: did you mean `wasi`?
 = help: name a group of owners.toml, a tracked file or directory, or a pattern such as `/src/**/*.rs`

"#]]);
    run("b").refuses(str![[r#"
error: `b` is no group and no tracked path
 = help: name a group of owners.toml, a tracked file or directory, or a pattern such as `/src/**/*.rs`

"#]]);
    run("/wasi/{b").refuses(str![[r#"
error: `/wasi/{b` is not a pattern
 = note: `{` is never closed
 = help: close it with `}`; for the character itself, write '\{', in single quotes

"#]]);
    run("/no*thing/").prints(str![[r#"
7 commits; not counted: 1 by programs

/no*thing/  (pattern, 0 files)
no candidates: there is no tracked file

"#]]);
}

#[test]
fn a_group_goes_before_a_path() {
    let sandbox = history().repo();
    let run = sandbox.owners("suggest --rev HEAD --limit 1 wasi");
    run.prints(str![[r#"
7 commits; not counted: 1 by programs

wasi  (group, 4 files)
candidate  score  created  commits  files  share   last seen
Eve Adams   1.95        3        2      3  75.0%  2025-07-05
… and 1 more; `-v` shows all
note: no commit here is known to be by @bob: a candidate without a login may be one of them

"#]]);
    sandbox
        .owners("suggest --rev HEAD --limit 1 -q ./wasi")
        .prints(str![[r#"
7 commits; not counted: 1 by programs

wasi/  (4 files)
candidate  score  created  commits  files  share   last seen
Eve Adams   1.95        3        2      3  75.0%  2025-07-05
… and 1 more; `-v` shows all
note: no commit here is known to be by @bob: a candidate without a login may be one of them

"#]]);
    sandbox
        .owners("suggest --rev HEAD --limit 1 d")
        .within("wasi")
        .prints(str![[r#"
7 commits; not counted: 1 by programs

d  (1 file)
candidate  score  created  commits  files   share   last seen
@dave~      1.60        1        2      1  100.0%  2025-10-03
… and 1 more; `-v` shows all

a @login is from the address in commits, which anybody can write
~ also has commits with another address and the same name

"#]]);
}

#[test]
fn addresses_only_if_wanted() {
    let mut history = history();
    history.commit(0, &["frank@example.org <frank@example.org>"], &["wasi/b"]);
    let sandbox = history.repo();
    let text = |options: &str| {
        let run = sandbox.owners(&format!("suggest --rev HEAD wasi {options}"));
        String::from_utf8(run.output().stdout).unwrap()
    };
    for format in ["", "--json", "--format markdown"] {
        let (without, with) = (text(format), text(&format!("--emails {format}")));
        assert!(!without.contains("example.org"), "{without}");
        assert!(without.contains("frank@…"), "{without}");
        assert!(with.contains("eve@example.org"), "{with}");
        assert!(with.contains("frank@example.org"), "{with}");
    }
}

/// `.mailmap` maps authors, and co-authors, too.
#[test]
fn the_mailmap_applies_to_everybody() {
    let mut history = history();
    history.commit(0, &[ALICE], &[
        ".mailmap=Eve <7+eve@users.noreply.github.com> <eve@example.org>\n<5+bob@users.noreply.github.com> <dave@example.org>\n",
    ]);
    let sandbox = history.repo();
    assert_eq!(
        rows(&sandbox, "wasi"),
        ["eve 3 2 3 2025-07-05", "dave 1 2 2 2025-07-05"]
    );
    // In a bare repository, it is that of the commit.
    sandbox.git("clone -q --bare . ../bare");
    let run = sandbox
        .owners("suggest --rev HEAD /wasi/ --json")
        .within("../bare");
    let from_bare = run.output().stdout;
    assert_eq!(
        from_bare,
        sandbox
            .owners("suggest --rev HEAD /wasi/ --json")
            .output()
            .stdout
    );
    let old = sandbox
        .owners("suggest --rev HEAD~1 /wasi/ --json")
        .within("../bare")
        .output();
    assert!(String::from_utf8(old.stdout).unwrap().contains("Eve Adams"));
}

#[test]
fn who_is_on_the_roster() {
    let mut history = history();
    let config = CONFIG.replace("[paths]", "[check]\nroster = 'people.md'\n[paths]");
    history.commit(0, &[ALICE], &[&config, "people.md=- @alice\n- @Dave\n"]);
    let sandbox = history.repo();
    sandbox
        .owners("suggest --rev HEAD -q wasi")
        .prints(str![[r#"
8 commits; not counted: 1 by programs

wasi  (group, 4 files)
candidate  score  created  commits  files  share   last seen  roster
Eve Adams   1.95        3        2      3  75.0%  2025-07-05       ?
@dave~      1.81        1        3      2  50.0%  2025-10-03     yes
note: no commit here is known to be by @bob: a candidate without a login may be one of them

a @login is from the address in commits, which anybody can write
~ also has commits with another address and the same name

"#]]);
    let on_disk = sandbox.owners("suggest -q wasi").output().stdout;
    assert!(String::from_utf8(on_disk).unwrap().contains("yes"));
    history.commit(0, &[ALICE], &["-people.md"]);
    history.import(&sandbox);
    let without = sandbox.owners("suggest --rev HEAD -q wasi").output().stdout;
    assert!(!String::from_utf8(without).unwrap().contains("roster"));
}

/// Merges, programs, mass changes, generated and vendored files, and moves count for nobody.
#[test]
fn what_does_not_count() {
    let mut history = history();
    let many: Vec<String> = (0..50).map(|n| format!("wasi/many{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let attributes = ".gitattributes=*.pb.go linguist-generated\n/wasi/dep/** linguist-vendored=true\n/wasi/dep/own -linguist-vendored\n";
    let gil = "Gil <gil@example.org>";
    history
        .commit(9, &[gil], &[&many[..], &["wasi/a"]].concat())
        .commit(8, &[gil], &[attributes, "wasi/x.pb.go", "wasi/dep/y"])
        .commit(7, &[gil], &["wasi/a>wasi/moved"])
        .commit(6, &["Some Bot <bot@example.org>"], &["wasi/b"]);
    history.commit_on(&[11, 7], 5, &[gil], &["wasi/b"]);
    let sandbox = history.repo();
    let was = ["Eve Adams 3 2 3 2025-07-05", "dave 1 3 2 2025-10-03"];
    assert_eq!(rows(&sandbox, "wasi"), was);
    assert_eq!(
        rows(&sandbox, "wasi --max-files 51")[0],
        "Gil 50 1 51 2025-12-23"
    );
    assert_eq!(rows(&sandbox, "wasi/dep/"), [""; 0]);
    sandbox
        .owners("suggest --rev HEAD wasi/dep/")
        .prints(str![[r#"
11 commits; not counted: 1 changed more than 50 files, 2 by programs

wasi/dep/  (0 files, without 1 generated or vendored)
no candidates: all files are generated or vendored

"#]]);
    // What a person changes beside a program does count.
    history.commit(4, &[BOT, gil], &["wasi/dep/own", "wasi/b"]);
    history.import(&sandbox);
    assert!(rows(&sandbox, "wasi").contains(&"Gil 1 1 2 2025-12-28".to_string()));
}

/// The commits before a move count for the file, unless another file had its name then.
#[test]
fn files_that_moved() {
    let mut history = history();
    history
        .commit(9, &[DAVE], &["wasi/b>wasi/new"])
        .commit(8, &[EVE], &["docs/x>wasi/x", "wasi/new>docs/new"])
        .commit(7, &[DAVE], &["docs/x", "wasi/b"]);
    let sandbox = history.repo();
    // A move is no change.
    assert_eq!(rows(&sandbox, "docs/new"), ["Eve Adams 1 1 1 2025-01-06"]);
    assert_eq!(rows(&sandbox, "docs/x"), ["dave 1 1 1 2025-12-25"]);
    assert_eq!(rows(&sandbox, "wasi/b"), ["dave 1 1 1 2025-12-25"]);
    let x = rows(&sandbox, "wasi/x");
    assert_eq!(x, [""; 0], "Alice created it, and owns it now");
}

/// Groups of the same name in different files are different groups.
#[test]
fn groups_of_the_same_name() {
    let nested = |owner: &str| format!("[groups]\ng = ['{owner}']\n[paths]\n'*' = 'g'\n");
    let (x, y) = (nested("@alice"), nested("@dave"));
    let mut history = History::default();
    history
        .commit(9, &[ALICE], &[
            "owners.toml=nested = true\n[groups]\nall = ['@alice', '@eve']\n[paths]\n'*' = 'all'\n",
            &format!("libs/x_x/owners.toml={x}"),
            &format!("libs/@y/owners.toml={y}"),
            "libs/x_x/1",
            "libs/@y/1",
        ])
        .commit(8, &[DAVE], &["libs/x_x/1", "libs/@y/2"])
        .commit(7, &[EVE], &["libs/@y/2"]);
    let sandbox = history.repo();
    let suggest = |words: &str| sandbox.owners(&format!("suggest --rev HEAD {words}"));
    // Where it is visible, and below, it is the only one.
    for below in ["libs/x_x", "libs/@y"] {
        let run = suggest("g --json").within(below);
        let document: serde_json::Value = serde_json::from_slice(&run.output().stdout).unwrap();
        let areas = document["areas"].as_array().unwrap();
        assert_eq!(areas.len(), 1);
        assert_eq!(areas[0]["at"], format!("{below}/owners.toml:2:1"));
    }
    suggest("g").within("libs/x_x").prints(str![[r#"
3 commits

g  (group of owners.toml, 2 files)
candidate  score  created  commits  files  share   last seen
@dave       0.69        0        1      1  50.0%  2025-12-24

a @login is from the address in commits, which anybody can write

"#]]);
    suggest("g").prints(str![[r#"
3 commits

g  (group of libs/@y/owners.toml, 3 files)
candidate  score  created  commits  files  share   last seen
@alice      2.88        2        1      2  66.7%  2025-12-23
Eve Adams   0.69        0        1      1  33.3%  2025-12-25

g  (group of libs/x_x/owners.toml, 2 files)
candidate  score  created  commits  files  share   last seen
@dave       0.69        0        1      1  50.0%  2025-12-24

a @login is from the address in commits, which anybody can write

"#]]);
    suggest("g --format markdown").prints(str![[r#"
### Who could become an owner

3 commits.

#### `g`

group of `libs/@y/owners.toml`, 3 files.

| candidate | score | created | commits | files | share | last seen |
|---|---:|---:|---:|---:|---:|---:|
| `@alice` | 2.88 | 2 | 1 | 2 | 66.7% | 2025-12-23 |
| `Eve Adams` | 0.69 | 0 | 1 | 1 | 33.3% | 2025-12-25 |

#### `g`

group of `libs/x_x/owners.toml`, 2 files.

| candidate | score | created | commits | files | share | last seen |
|---|---:|---:|---:|---:|---:|---:|
| `@dave` | 0.69 | 0 | 1 | 1 | 50.0% | 2025-12-24 |

a `@login` is from the address in commits, which anybody can write.

"#]]);
    suggest("").prints(str![[r#"
3 commits

all  (group, 1 file)
no candidates: only owners have changed these files

g  (group of libs/@y/owners.toml, 3 files)
candidate  score  created  commits  files  share   last seen
@alice      2.88        2        1      2  66.7%  2025-12-23
Eve Adams   0.69        0        1      1  33.3%  2025-12-25

g  (group of libs/x_x/owners.toml, 2 files)
candidate  score  created  commits  files  share   last seen
@dave       0.69        0        1      1  50.0%  2025-12-24

a @login is from the address in commits, which anybody can write

"#]]);
    let run = sandbox.owners("risk --rev HEAD g").within("libs");
    run.prints(str![[r#"
3 commits

g  (group of @y/owners.toml, 3 files)
one owner     only one of its owners has changed 1 of 3 files
              @dave 1
no owner      none of its owners has changed 2 of 3 files
truck factor  1: without this person, more than half of 3 files have no author
              @alice 2
not owners    2 active people own nothing here
              @alice 2025-12-23
              Eve Adams 2025-12-25

g  (group of x_x/owners.toml, 2 files)
one owner     only one of its owners has changed 2 of 2 files
              @alice 2
truck factor  1: without this person, more than half of 2 files have no author
              @alice 2
not owners    1 active person owns nothing here
              @dave 2025-12-24

a @login is from the address in commits, which anybody can write

"#]]);
}

/// Who is added owns the files, too. Who is only told owns nothing, and neither does a group of such
/// people.
#[test]
fn rules_that_add_or_notify() {
    const SAM: &str = "Sam <5+sam@users.noreply.github.com>";
    const VERA: &str = "Vera <6+vera@users.noreply.github.com>";
    let config = "owners.toml=[groups]\ncore = '@alice'\nsec = '@sam'\ntold = '@vera'\n[paths]\n'*' = 'core'\n\
'/a/' = { add = '@dave' }\n'/b/' = { add = 'sec' }\n'/c/' = { notify = 'told' }\n'/d/' = { notify = '@vera' }\n";
    let mut history = History::default();
    history.commit(9, &[ALICE], &[config, "a/1", "b/1", "c/1", "d/1"]);
    for who in [DAVE, SAM, VERA] {
        history.commit(8, &[who], &["a/1", "b/1", "c/1", "d/1"]);
    }
    let sandbox = history.repo();
    sandbox.owners("suggest --rev HEAD").prints(str![[r#"
4 commits

core  (group, 5 files)
candidate  score  created  commits  files  share   last seen
@vera       0.69        0        1      4  80.0%  2025-12-24
@sam*       0.69        0        1      4  80.0%  2025-12-24
@dave*      0.69        0        1      4  80.0%  2025-12-24

sec  (group, 1 file)
candidate  score  created  commits  files   share   last seen
@vera       0.69        0        1      1  100.0%  2025-12-24
@dave       0.69        0        1      1  100.0%  2025-12-24

told  (group, 0 files)
no candidates: the group owns no tracked file

/a/  (owners.toml:7:1, 1 file)
candidate  score  created  commits  files   share   last seen
@vera       0.69        0        1      1  100.0%  2025-12-24
@sam        0.69        0        1      1  100.0%  2025-12-24

a @login is from the address in commits, which anybody can write
* owns some of these files, but less than half

"#]]);
    sandbox
        .owners("suggest --rev HEAD c /d/ told")
        .prints(str![[r#"
4 commits

c/  (1 file)
candidate  score  created  commits  files   share   last seen
@vera       0.69        0        1      1  100.0%  2025-12-24
@sam        0.69        0        1      1  100.0%  2025-12-24
@dave       0.69        0        1      1  100.0%  2025-12-24

/d/  (pattern, 1 file)
candidate  score  created  commits  files   share   last seen
@vera       0.69        0        1      1  100.0%  2025-12-24
@sam        0.69        0        1      1  100.0%  2025-12-24
@dave       0.69        0        1      1  100.0%  2025-12-24

told  (group, 0 files)
no candidates: the group owns no tracked file

a @login is from the address in commits, which anybody can write

"#]]);
    sandbox.owners("risk --rev HEAD told a b").prints(str![[r#"
4 commits

told  (group, 0 files)
the group owns no tracked file

a/  (1 file)
truck factor  1: without this person, more than half of 1 file has no author
              @alice 1
not owners    2 active people own nothing here
              @vera 2025-12-24
              @sam 2025-12-24

b/  (1 file)
truck factor  1: without this person, more than half of 1 file has no author
              @alice 1
not owners    2 active people own nothing here
              @vera 2025-12-24
              @dave 2025-12-24

a @login is from the address in commits, which anybody can write

"#]]);
}

/// Without any area, the reason is said.
#[test]
fn where_there_is_nothing_to_show() {
    for rule in ["'*' = []", "'/gone/' = '@a'", "'*' = { notify = '@a' }"] {
        let mut history = History::default();
        history.commit(9, &[EVE], &[&format!("owners.toml=[paths]\n{rule}\n")]);
        let sandbox = history.repo();
        for command in ["suggest", "risk"] {
            sandbox
                .owners(&format!("{command} --rev HEAD"))
                .prints(str![[r#"
1 commit

there is no group, and no rule with owners that decides a tracked file: name a file or directory, such as `.`

"#]]);
            let run = sandbox.owners(&format!("{command} --rev HEAD --format markdown"));
            let text = String::from_utf8(run.output().stdout).unwrap();
            assert!(text.ends_with("1 commit.\n\nthere is no group, and no rule with owners that decides a tracked file: name a file or directory, such as `.`.\n"), "{text}");
            let run = sandbox.owners(&format!("{command} --rev HEAD --json"));
            let text = String::from_utf8(run.output().stdout).unwrap();
            assert!(text.contains(r#""areas":[]"#), "{text}");
            let run = sandbox.owners(&format!("{command} --rev HEAD ."));
            let text = String::from_utf8(run.output().stdout).unwrap();
            assert!(
                text.contains("./  (1 file)") && text.contains("Eve"),
                "{text}"
            );
        }
    }
}

/// Who created the file that is there now is its creator, and what was done to an older file of that
/// name does not count.
#[test]
fn files_that_were_created_again() {
    let mut history = history();
    history
        .commit(20, &[EVE], &["new/y", "new/m"])
        .commit(19, &[EVE], &["new/y"])
        .commit(18, &[ALICE], &["-new/y", "-new/m"])
        .commit(17, &[DAVE], &["new/y", "new/x"])
        // The same, but the new file has another name first.
        .commit(16, &[DAVE], &["new/x>new/m"]);
    let sandbox = history.repo();
    assert_eq!(rows(&sandbox, "new/y"), ["dave 1 1 1 2025-12-15"]);
    assert_eq!(rows(&sandbox, "new/m"), ["dave 1 1 1 2025-12-15"]);
    assert_eq!(rows(&sandbox, "new"), ["dave 2 1 2 2025-12-15"]);
    // Created again by many files at once, which counts for nobody.
    let many: Vec<String> = (0..50).map(|n| format!("new/many{n}")).collect();
    let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
    many.push("new/y");
    history
        .commit(9, &[ALICE], &["-new/y"])
        .commit(8, &[ALICE], &many)
        .commit(7, &[EVE], &["new/y"]);
    history.import(&sandbox);
    assert_eq!(rows(&sandbox, "new/y"), ["Eve Adams 0 1 1 2025-12-25"]);
    // Deleted on a branch only, where the merge keeps it.
    let end = history.commit_on(&[15], 6, &[ALICE], &["-new/m"]);
    history.commit_on(&[15, end], 5, &[ALICE], &[]);
    history.import(&sandbox);
    assert_eq!(rows(&sandbox, "new/m"), ["dave 1 1 1 2025-12-15"]);
}

#[test]
fn only_since_a_day() {
    let sandbox = history().repo();
    assert_eq!(
        rows(&sandbox, "wasi --since 2025-07-01")[0],
        "dave 1 3 2 2025-10-03"
    );
    // Older commits count for nothing, but still tell who somebody is.
    assert_eq!(
        rows(&sandbox, "wasi --since 2025-09-01"),
        ["dave 0 1 1 2025-10-03"]
    );
    sandbox
        .owners("suggest wasi --since yesterday")
        .refuses(str![[r#"
error: invalid value 'yesterday' for '--since <DAY>': write a day as YYYY-MM-DD, such as 2026-01-31

For more information, try '--help'.

"#]]);
    sandbox
        .owners("suggest wasi --since 2025-02-29")
        .exits(2, "", "...");
    for option in [
        "--half-life 0",
        "--max-files 0",
        "--limit 0",
        "--half-life x",
    ] {
        let output = sandbox.owners(&format!("suggest {option}")).output();
        assert_eq!(output.status.code(), Some(2), "{option}");
    }
}

/// The date of the author decides, as for ages. `git log --since` would go by the other date, and stop
/// at the first commit that is too old.
#[test]
fn since_a_day_whatever_the_order_of_dates() {
    let mut history = History::default();
    history.commit(360, &[ALICE], &[CONFIG, "wasi/a"]);
    for days in [95, 94, 93, 92, 91] {
        history.commit(days, &[DAVE], &["wasi/a"]);
    }
    history.committed(2000).commit(80, &[EVE], &["wasi/a"]);
    // Rebased lately.
    history.committed(70).commit(
        300,
        &["Old Hand <old@example.org>"],
        &["wasi/a>wasi/b", "wasi/c"],
    );
    history.commit(60, &[ALICE], &["wasi/b"]);
    let sandbox = history.repo();
    let recent = rows(&sandbox, "wasi --since 2025-09-01");
    assert_eq!(
        recent,
        ["dave 0 5 1 2025-10-02", "Eve Adams 0 1 1 2025-10-13"]
    );
    sandbox
        .owners("suggest --rev HEAD wasi --since 2025-12-01")
        .prints(str![[r#"
0 commits

wasi  (group, 2 files)
no candidates: no commit that counts changed these files

"#]]);
    let run = sandbox.owners("suggest --rev HEAD wasi --since 2025-09-01");
    let text = String::from_utf8(run.output().stdout).unwrap();
    assert!(text.starts_with("7 commits\n"), "{text}");
}

/// A longer half-life makes what is old count more.
#[test]
fn another_half_life() {
    let mut history = History::default();
    history
        .commit(720, &[EVE], &[CONFIG, "wasi/a"])
        .commit(719, &[EVE], &["wasi/a"])
        .commit(718, &[EVE], &["wasi/a"])
        .commit(0, &[DAVE], &["wasi/a"]);
    let sandbox = history.repo();
    let first = |options: &str| rows(&sandbox, &format!("wasi {options}")).remove(0);
    assert!(first("").starts_with("dave"));
    assert!(first("--half-life 2000").starts_with("Eve"));
}

#[test]
fn as_many_as_wanted() {
    let mut history = history();
    for n in 0..12 {
        history.commit(1, &[&format!("Person {n} <{n}@example.org>")], &["wasi/a"]);
    }
    let sandbox = history.repo();
    let lines = |options: &str| {
        let run = sandbox.owners(&format!("suggest --rev HEAD ./wasi {options}"));
        String::from_utf8(run.output().stdout).unwrap()
    };
    assert!(lines("").contains("\n… and 4 more; `-v` shows all\n"));
    assert!(lines("--limit 3").contains("\n… and 11 more"));
    assert!(!lines("-v").contains('…'));
    assert!(lines("-v --limit 3").contains("\n… and 11 more"));
    assert!(lines("--format markdown").contains("\n… and 4 more.\n"));
    assert!(lines("--json").contains(r#""more":4"#));
}

/// Without `owners.toml`, each line of the CODEOWNERS file is an area.
#[test]
fn with_a_file_that_is_written_by_hand() {
    let mut history = History::default();
    history
        .commit(
            9,
            &[ALICE],
            &[
                "CODEOWNERS=/a/ @alice eve@example.org\n/b/\n/none/ @x\n",
                "a/1",
                "b/1",
            ],
        )
        .commit(8, &[DAVE], &["a/1", "b/1"])
        .commit(7, &[EVE], &["a/1"]);
    let sandbox = history.repo();
    sandbox.owners("suggest --rev HEAD").prints(str![[r#"
3 commits

/a/  (CODEOWNERS:1:1, 1 file)
candidate  score  created  commits  files   share   last seen
@dave       0.69        0        1      1  100.0%  2025-12-24

a @login is from the address in commits, which anybody can write

"#]]);
    assert_eq!(
        rows(&sandbox, "b"),
        ["alice 1 1 1 2025-12-23", "dave 0 1 1 2025-12-24"]
    );
}

/// The clock decides without `--rev`, and the working tree has the rules.
#[test]
fn the_working_tree() {
    let sandbox = history().repo();
    sandbox.write(
        "owners.toml",
        "[groups]\nwasi = ['@dave', 'eve@example.org']\n[paths]\n'/wasi/' = 'wasi'\n",
    );
    sandbox.owners("suggest").prints(str![[r#"
7 commits; not counted: 1 by programs

wasi  (group, 4 files)
candidate  score  created  commits  files  share   last seen
@alice     [..]        1        1      1  25.0%  2024-01-12

a @login is from the address in commits, which anybody can write

"#]]);
}

#[test]
fn where_there_is_no_history() {
    let sandbox = Sandbox::repo([("owners.toml", "[paths]\n'*' = '@a'\n")]);
    sandbox.owners("suggest").refuses(str![[r#"
error: there are no commits yet
 = help: commit something, or name a commit with `--rev`

"#]]);
    sandbox.owners("risk").exits(2, "", "...");
    let plain = Sandbox::plain();
    plain.write("owners.toml", "[paths]\n'*' = '@a'\n");
    let output = plain.owners("suggest").output();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("is not a git repository"), "{said}");
}

#[test]
fn a_shallow_clone() {
    let sandbox = history().repo();
    let url = format!("file://{}", sandbox.root.display());
    sandbox.git(&format!("clone -q --depth 2 {url} ../shallow"));
    sandbox
        .owners("suggest --rev HEAD wasi --json")
        .within("../shallow")
        .exits(0, "...", str![[r#"
note: this is a shallow clone: what is older is missing, and a commit at its end seems to create every file; `git fetch --unshallow` fetches the rest

"#]]);
    let run = sandbox
        .owners("suggest --rev HEAD wasi -q")
        .within("../shallow");
    run.exits(0, "...", "");
}

/// Without the contents of old files, the answer is the same. Without old trees, there is none.
#[test]
fn partial_clones() {
    let sandbox = history().repo();
    sandbox.git("config uploadpack.allowFilter true");
    let url = format!("file://{}", sandbox.root.display());
    sandbox.git(&format!("clone -q --filter=blob:none {url} ../blobless"));
    let expected = sandbox
        .owners("suggest --rev HEAD wasi --json")
        .output()
        .stdout;
    let run = sandbox
        .owners("suggest --rev HEAD wasi --json")
        .within("../blobless");
    assert_eq!(run.output().stdout, expected);
    sandbox.git(&format!("clone -q --filter=tree:0 {url} ../treeless"));
    let output = sandbox
        .owners("suggest wasi")
        .within("../treeless")
        .output();
    let said = String::from_utf8(output.stderr).unwrap();
    // Old versions of git fetch what is missing.
    if output.status.code() != Some(0) {
        assert_eq!(output.status.code(), Some(2));
        assert!(said.contains("--filter=blob:none"), "{said}");
    }
}

/// What a user or a stranger configures changes no answer.
#[test]
fn nothing_that_is_configured_changes_the_answer() {
    let mut history = history();
    history
        .commit(9, &[EVE], &["wasi/b>wasi/\u{e9}"])
        .commit(8, &[DAVE, EVE], &["wasi/\u{e9}"]);
    let sandbox = history.repo();
    let answer = || {
        sandbox
            .owners("suggest --rev HEAD wasi core --json")
            .output()
            .stdout
    };
    let expected = answer();
    assert!(
        String::from_utf8(expected.clone())
            .unwrap()
            .contains("dave")
    );
    sandbox.write("../map", "Nobody <nobody@example.org> <eve@example.org>\n");
    sandbox.write("../attributes", "* linguist-generated\n");
    for (key, value) in [
        ("log.showSignature", "true"),
        ("log.showRoot", "false"),
        ("log.mailmap", "false"),
        ("log.date", "relative"),
        ("log.decorate", "full"),
        ("log.follow", "true"),
        ("log.diffMerges", "first-parent"),
        ("format.pretty", "oneline"),
        ("diff.renames", "copies"),
        ("diff.renameLimit", "1"),
        ("diff.external", "false"),
        ("diff.noprefix", "true"),
        ("diff.relative", "true"),
        ("diff.orderFile", "../missing"),
        ("diff.ignoreSubmodules", "all"),
        ("core.quotePath", "false"),
        ("core.abbrev", "40"),
        ("color.ui", "always"),
        ("color.diff", "always"),
        ("mailmap.file", "../map"),
        ("mailmap.blob", "HEAD:../map"),
        ("core.attributesFile", "../attributes"),
        ("trailer.separators", "="),
        ("trailer.co-authored-by.key", "Reviewed-by"),
        ("i18n.logOutputEncoding", "latin1"),
        ("grep.column", "true"),
    ] {
        sandbox.git(&format!("config {key} {value}"));
        assert_eq!(as_text(&answer()), as_text(&expected), "{key}");
    }
    for (name, value) in [
        ("GIT_FLUSH", "0"),
        ("GIT_EXTERNAL_DIFF", "false"),
        ("LC_ALL", "de_DE"),
    ] {
        let run = sandbox
            .owners("suggest --rev HEAD wasi core --json")
            .env(name, value);
        assert_eq!(run.output().stdout, expected, "{name}");
    }
}

/// Names that try to be something else.
#[test]
fn odd_authors() {
    let mut history = history();
    history
        .commit(9, &["\u{1b}[31mRed <red@example.org>"], &["wasi/a"])
        .commit(8, &["@N Ommit <C>"], &["wasi/b"])
        .commit(
            7,
            &[
                " <>",
                "No address",
                "Two <a@x> <b@x>",
                "<only@example.org>",
                "A <a b>",
                "> <x@y>",
            ],
            &["wasi/c"],
        )
        .commit(6, &["x <::error::@example.org>"], &["wasi/c"])
        .commit(5, &[DAVE], &["wasi/\u{e9}\u{1f600}", "wasi/new\u{a0}space"]);
    let sandbox = history.repo();
    sandbox
        .owners("suggest --rev HEAD /wasi/ -v --emails")
        .prints(str![[r#"
12 commits; not counted: 1 by programs

/wasi/  (pattern, 6 files)
candidate                        score  created  commits  files  share   last seen
@dave~                            3.83        3        4      4  66.7%  2025-12-27
Eve Adams <eve@example.org>       1.97        3        2      3  50.0%  2025-07-05
x <::error::@example.org>         0.69        0        1      1  16.7%  2025-12-26
Two <a@x>                         0.69        0        1      1  16.7%  2025-12-25
only@example.org                  0.69        0        1      1  16.7%  2025-12-25
N Ommit <C>                       0.69        0        1      1  16.7%  2025-12-24
\u{1b}[31mRed <red@example.org>   0.69        0        1      1  16.7%  2025-12-23
note: no commit here is known to be by @bob: a candidate without a login may be one of them

a @login is from the address in commits, which anybody can write
~ also has commits with another address and the same name

"#]]);
    for format in ["--json", "--format markdown"] {
        let run = sandbox.owners(&format!("suggest --rev HEAD /wasi/ -v --emails {format}"));
        let text = run.output().stdout;
        assert!(!text.contains(&0x1b), "{}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn as_a_naive_model_says() {
    for seed in 0..6 {
        model::compare(seed);
    }
}

/// What is too long to be a name or a message is cut or left out, and the rest counts.
#[test]
fn names_and_messages_of_any_length() {
    let long = format!("{} <long@example.org>", "x".repeat(2000));
    let mut history = history();
    history
        .commit(3, &[&long, EVE], &["wasi/a"])
        .commit(
            2,
            &[
                "Gil <gil@example.org>",
                &format!("{}\n{DAVE}", "y".repeat(2 << 20)),
            ],
            &["wasi/b"],
        )
        .commit(1, &[EVE], &[&format!("wasi/{}", ["z"; 1500].join("/"))]);
    // More co-authors than anybody reads.
    let crowd: Vec<String> = (0..1500)
        .map(|n| format!("P{n} <p{n}@example.org>"))
        .collect();
    let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    history.commit(1, &crowd, &["docs/x"]);
    let sandbox = history.repo();
    let found = rows(&sandbox, "/wasi/ -v");
    assert_eq!(found[0], "Eve Adams 4 4 5 2025-12-31");
    assert!(
        found.contains(&"Gil 0 1 1 2025-12-30".to_string()),
        "{found:?}"
    );
    assert!(found.iter().all(|row| row.len() < 100), "{found:?}");
    assert_eq!(rows(&sandbox, "docs -v").len(), 1001);
}
