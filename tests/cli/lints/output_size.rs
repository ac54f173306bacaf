//! `output-size`: a generated file that the forge ignores for its size.

use snapbox::str;

use super::repo;

#[test]
fn output_size() {
    let listed = |prefix: &str, count: usize| -> Vec<String> {
        (0..count)
            .map(|index| format!("{prefix}{index:035}"))
            .collect()
    };
    let config = format!(
        r#"[paths]
"*" = "@a"
"/{{{}}}" = ["{}"]
"#,
        listed("a", 900).join(","),
        listed("@m", 100).join("\",\""),
    );
    let sandbox = repo(&["a"], &config);
    let output = sandbox.owners("check -A warnings").output();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    let shown: Vec<&str> = text.lines().filter(|line| line.len() < 200).collect();
    sandbox.assert_eq(shown.join("\n").as_bytes(), str![[r#"
error[output-size]: GitHub ignores `.github/CODEOWNERS`: it has 3487615 bytes and must have fewer than 3145728
 --> owners.toml:3:1
  |
3 | "/{a00000000000000000000000000000000000,a0000...00000000000000000224,a00000000000000000000000
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^...^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expands to the most patterns: 900 patterns
  |
  = help: replace long alternatives with `*`, and groups of many members with a `team`

1 error, 0 warnings; 3 tracked paths: 3 owned
"#]]);
}
