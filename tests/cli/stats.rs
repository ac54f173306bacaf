//! `owners stats`: how much of the repository who owns.

use snapbox::{file, str};

use crate::support::Sandbox;

fn sandbox() -> Sandbox {
    Sandbox::repo([
        (
            "owners.toml",
            r#"[groups]
core = "@org/core"
wasi = ["@alice", "@bob"]
both = ["core", "wasi"]
idle = "@idle"

[check]
exempt = ["third_party/"]

[paths]
"/*" = "core"
"/crates/" = "core"
"/crates/wasi/" = "wasi"
"/crates/both/" = "both"
"/crates/alice/" = "@alice"
"*.lock" = []
"#,
        ),
        ("Cargo.lock", ""),
        ("crates/wasi/src/a.rs", ""),
        ("crates/wasi/src/b.rs", ""),
        ("crates/both/a.rs", ""),
        ("crates/alice/a.rs", ""),
        ("crates/core/a.rs", ""),
        ("docs/a/1.md", ""),
        ("docs/a/2.md", ""),
        ("docs/x.lock", ""),
        ("third_party/a.c", ""),
    ])
}

#[test]
fn by_group() {
    let sandbox = sandbox();
    sandbox.owners("stats").prints(str![[r#"
11 paths, 6 owned (54.5%), 2 nobody (18.2%), 1 exempt (9.1%), 2 unowned (18.2%)

group       paths  share  alone
core            3  27.3%      2
wasi            3  27.3%      2
(no group)      1   9.1%
both            1   9.1%      1
idle            0   0.0%      0

unowned
docs/a/  (2 paths)

"#]]);
}

#[test]
fn by_group_as_json() {
    let sandbox = sandbox();
    sandbox
        .owners("stats --json")
        .prints_rows(file!["stats/by_group.json"]);
}

#[test]
fn by_owner() {
    let sandbox = sandbox();
    sandbox.owners("stats --by owner").prints(str![[r#"
11 paths, 6 owned (54.5%), 2 nobody (18.2%), 1 exempt (9.1%), 2 unowned (18.2%)

owner      paths  share  alone
@alice         4  36.4%      1
@bob           3  27.3%      0
@org/core      3  27.3%      2

unowned
docs/a/  (2 paths)

"#]]);
}

#[test]
fn by_owner_as_json() {
    let sandbox = sandbox();
    sandbox
        .owners("stats --by owner --json")
        .prints_rows(file!["stats/by_owner.json"]);
}

#[test]
fn by_directory() {
    let sandbox = sandbox();
    sandbox.owners("stats --by dir").prints(str![[r#"
11 paths, 6 owned (54.5%), 2 nobody (18.2%), 1 exempt (9.1%), 2 unowned (18.2%)

directory            paths   owned  nobody  unowned
crates/                  5  100.0%    0.0%     0.0%
docs/                    3    0.0%   33.3%    66.7%
(files at the root)      2   50.0%   50.0%     0.0%
third_party/             1    0.0%    0.0%   100.0%

unowned
docs/a/  (2 paths)

"#]]);
}

#[test]
fn by_directory_as_json() {
    let sandbox = sandbox();
    sandbox
        .owners("stats --by dir --json")
        .prints_rows(file!["stats/by_directory.json"]);
}

/// As before, with directories further down.
fn deep_sandbox() -> Sandbox {
    let sandbox = sandbox();
    sandbox.write("crates/wasi/src/deep/er/a.rs", "");
    sandbox.git("add -A");
    sandbox
}

#[test]
fn by_directory_further_down() {
    let sandbox = deep_sandbox();
    sandbox.owners("stats --by dir --depth 3").prints(str![[r#"
12 paths, 7 owned (58.3%), 2 nobody (16.7%), 1 exempt (8.3%), 2 unowned (16.7%)

directory            paths   owned  nobody  unowned
crates/                  6  100.0%    0.0%     0.0%
crates/wasi/             3  100.0%    0.0%     0.0%
crates/wasi/src/         3  100.0%    0.0%     0.0%
crates/alice/            1  100.0%    0.0%     0.0%
crates/both/             1  100.0%    0.0%     0.0%
crates/core/             1  100.0%    0.0%     0.0%
docs/                    3    0.0%   33.3%    66.7%
docs/a/                  2    0.0%    0.0%   100.0%
(files at the root)      2   50.0%   50.0%     0.0%
third_party/             1    0.0%    0.0%   100.0%

unowned
docs/a/  (2 paths)

"#]]);
}

#[test]
fn by_directory_as_far_down_as_there_are_any() {
    let sandbox = deep_sandbox();
    sandbox
        .owners("stats --by dir --depth 255")
        .prints(str![[r#"
12 paths, 7 owned (58.3%), 2 nobody (16.7%), 1 exempt (8.3%), 2 unowned (16.7%)

directory                 paths   owned  nobody  unowned
crates/                       6  100.0%    0.0%     0.0%
crates/wasi/                  3  100.0%    0.0%     0.0%
crates/wasi/src/              3  100.0%    0.0%     0.0%
crates/wasi/src/deep/         1  100.0%    0.0%     0.0%
crates/wasi/src/deep/er/      1  100.0%    0.0%     0.0%
crates/alice/                 1  100.0%    0.0%     0.0%
crates/both/                  1  100.0%    0.0%     0.0%
crates/core/                  1  100.0%    0.0%     0.0%
docs/                         3    0.0%   33.3%    66.7%
docs/a/                       2    0.0%    0.0%   100.0%
(files at the root)           2   50.0%   50.0%     0.0%
third_party/                  1    0.0%    0.0%   100.0%

unowned
docs/a/  (2 paths)

"#]]);
}

#[test]
fn by_directory_further_down_as_json() {
    let sandbox = deep_sandbox();
    sandbox
        .owners("stats --by dir --depth 2 --json")
        .prints_rows(file!["stats/by_directory_further_down.json"]);
}

#[test]
fn a_depth_is_about_directories() {
    let sandbox = sandbox();
    sandbox.owners("stats --depth 2").refuses(str![[r#"
error: `--depth` needs `--by dir`
 = help: run `owners stats --by dir --depth N`

"#]]);
    sandbox.owners("stats --by dir --depth 0").refuses(str![[r#"
error: invalid value '0' for '--depth <N>': 0 is not in 1..=255

For more information, try '--help'.

"#]]);
}

#[test]
fn fits_the_width() {
    let name = "a-directory-with-a-name-that-is-longer-than-most-people-would-care-to-type";
    let file = format!("{name}/x");
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r#"[paths]
"*" = "@a"
"#,
        ),
        (&*file, ""),
    ]);
    let run = sandbox.owners("stats --by dir").env("COLUMNS", "60");
    run.prints(str![[r#"
2 paths, 2 owned (100.0%)

directory                     paths   owned  nobody  unowned
(files at the root)               1  100.0%    0.0%     0.0%
a-directory-w…-care-to-type/      1  100.0%    0.0%     0.0%

"#]]);
}

#[test]
fn long_lists_of_gaps() {
    let names: Vec<String> = (0..50).map(|n| format!("d{n:02}/{}", n % 2)).collect();
    let files = names.iter().map(|name| (name.as_str(), ""));
    let sandbox = Sandbox::repo(files.chain([(
        "owners.toml",
        r#"[paths]
"1" = "@a"
"#,
    )]));
    sandbox.owners("stats").prints(str![[r#"
51 paths, 25 owned (49.0%), 26 unowned (51.0%)

group       paths  share  alone
(no group)     25  49.0%

unowned
d00/0
d02/0
d04/0
d06/0
d08/0
d10/0
d12/0
d14/0
d16/0
d18/0
d20/0
d22/0
d24/0
d26/0
d28/0
d30/0
d32/0
d34/0
d36/0
d38/0
… and 6 more; `-v` shows all

"#]]);
    let output = sandbox.owners("stats -v").output();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("d48/0\n") && !text.contains('…'), "{text}");
}

#[test]
fn nothing_there() {
    let sandbox = Sandbox::plain();
    sandbox.git("init -q");
    sandbox.write("owners.toml", "[paths]\n");
    sandbox.owners("stats").prints(str![[r#"
0 paths

"#]]);
    sandbox.owners("stats --by dir").prints(str![[r#"
0 paths

"#]]);
}

#[test]
fn of_a_commit() {
    let sandbox = sandbox();
    sandbox.git("commit -qm x");
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@new"
"#,
    );
    sandbox.git("rm -rq --cached crates");
    sandbox
        .owners("stats --by owner --rev HEAD")
        .prints(str![[r#"
11 paths, 6 owned (54.5%), 2 nobody (18.2%), 1 exempt (9.1%), 2 unowned (18.2%)

owner      paths  share  alone
@alice         4  36.4%      1
@bob           3  27.3%      0
@org/core      3  27.3%      2

unowned
docs/a/  (2 paths)

"#]]);
    sandbox.owners("stats --by owner").prints(str![[r#"
6 paths, 6 owned (100.0%)

owner  paths   share  alone
@new       6  100.0%      6

"#]]);
    sandbox
        .owners("ls --name-only --group wasi --rev HEAD")
        .prints(str![[r#"
crates/both/a.rs
crates/wasi/src/a.rs
crates/wasi/src/b.rs

"#]]);
    sandbox.owners("stats --rev nowhere").refuses(str![[r#"
error: there is no commit `nowhere`

"#]]);
    sandbox.git("rm -q --cached owners.toml");
    sandbox.git("commit -qm y");
    sandbox.owners("stats --rev HEAD").refuses(str![[r#"
error: there is neither `owners.toml` nor a CODEOWNERS file in `HEAD`
 = note: a CODEOWNERS file is found where a forge looks for it: `.github/CODEOWNERS`, `CODEOWNERS`, `docs/CODEOWNERS`, `.gitlab/CODEOWNERS`, `.gitea/CODEOWNERS`, `.forgejo/CODEOWNERS`, `.bitbucket/CODEOWNERS`

"#]]);
}

/// The groups of a rule are a set.
#[test]
fn a_group_that_a_rule_names_twice_counts_once() {
    let sandbox = Sandbox::repo([
        (
            "owners.toml",
            r"[groups]
g = '@a'
h = 'g'
[paths]
'/a' = ['g', 'g']
'/b' = ['h', 'g', 'h']
",
        ),
        ("a", ""),
        ("b", ""),
    ]);
    sandbox.owners("stats").prints(str![[r#"
3 paths, 2 owned (66.7%), 1 unowned (33.3%)

group  paths  share  alone
g          2  66.7%      2
h          1  33.3%      1

unowned
owners.toml

"#]]);
    // So they are everywhere.
    let output = sandbox.owners("who --json b").output();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(r#""groups":["h","g"]"#), "{said}");
}
