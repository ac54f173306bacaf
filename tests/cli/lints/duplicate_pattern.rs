//! `duplicate-pattern`: two rules have the same pattern.

use snapbox::str;

use crate::configured;

#[test]
fn a_duplicate_pattern() {
    configured(
        r#"[paths]
"*" = "@a"
"/crates/{wasi,wasi-tls}/" = "@b"
"crates/wasi/**" = "@c"
"#,
    )
    .owners("check")
    .finds(str![[r#"
error[duplicate-pattern]: two rules have the pattern `/crates/wasi/`
 --> owners.toml:3:11
  |
3 | "/crates/{wasi,wasi-tls}/" = "@b"
  |           ^^^^ this rule can never take effect
4 | "crates/wasi/**" = "@c"
  | ---------------- because this rule comes later
  |
  = help: remove one of them

1 error, 0 warnings; 7 tracked paths: 7 owned
`--fix` can fix 1

"#]]);
}
