//! `placeholder-owner`: the placeholder of a new configuration was never replaced.

use snapbox::str;

use super::repo;

/// In groups, teams and rules, in any case and in nested files.
#[test]
fn everywhere() {
    let sandbox = repo(
        &["a/x"],
        r#"nested = true
[groups]
one = ["@a", "@Org/Team"]
[groups.two]
team = "@org/team"
members = ["@b"]
[paths]
"*" = ["one", "two"]
"#,
    );
    sandbox.write("a/owners.toml", "[paths]\n\"x\" = \"@org/team\"\n");
    sandbox.git("add -A");
    sandbox.owners("gen -q").prints("");
    sandbox.owners("check").finds(str![[r#"
error[placeholder-owner]: `@org/team` is a placeholder, not an owner
 --> owners.toml:3:14
  |
3 | one = ["@a", "@Org/Team"]
  |              ^^^^^^^^^^^ replace it
4 | [groups.two]
5 | team = "@org/team"
  |        ----------- and here
  |
 ::: a/owners.toml:2:7
  |
2 | "x" = "@org/team"
  |       ----------- and here
  |
  = help: write who reviews changes: a user such as `@alice`, or a team with its organization, such as `@your-org/team`

1 error, 0 warnings; 4 tracked paths: 4 owned

"#]]);
    let output = sandbox.owners("check --format json").output();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(report["findings"][0]["lint"], "placeholder-owner");
    sandbox
        .owners("check -q --format short -A placeholder-owner")
        .prints("");
}

/// Other teams with such a name are owners.
#[test]
fn other_teams() {
    repo(
        &["x"],
        "[paths]\n'*' = ['@org/teams', '@my-org/team', '@org/team-a', '@team']\n",
    )
    .owners("check -q --format short")
    .prints("");
}
