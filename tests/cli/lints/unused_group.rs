//! `unused-group`: no rule uses a group.

use snapbox::str;

use crate::configured;

#[test]
fn an_unused_group() {
    configured(
        r#"[groups]
a = "@a"
b = "c"
c = "@c"
d = "@d"
e = "d"

[paths]
"*" = ["a", "e"]
"#,
    )
    .owners("check")
    .prints(str![[r#"
warning[unused-group]: no rule uses group `b`
 --> owners.toml:3:1
  |
3 | b = "c"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "b"`

warning[unused-group]: no rule uses group `c`
 --> owners.toml:4:1
  |
4 | c = "@c"
  | ^ nothing refers to it
  |
  = help: remove it, or name it in a rule: `"pattern" = "c"`

0 errors, 2 warnings; 7 tracked paths: 7 owned
`--fix` can fix 2

"#]]);
}
