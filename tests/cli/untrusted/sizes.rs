//! Files that are too large, and patterns that multiply.

use std::fs;

use crate::support::Sandbox;

/// The files themselves take no time or memory to refuse.
#[test]
fn files_that_are_too_large_are_not_read() {
    let big = |sandbox: &Sandbox, name: &str| {
        sandbox.write(name, "");
        let file = fs::File::options()
            .write(true)
            .open(sandbox.root.join(name))
            .unwrap();
        file.set_len((8 << 20) + 1).unwrap();
    };
    for (name, config) in [
        ("owners.toml", "[paths]\n"),
        (".github/CODEOWNERS", "[paths]\n'*' = '@a'\n"),
        (
            "roster.md",
            r"[check]
roster = 'roster.md'
[paths]
'*' = '@a'
",
        ),
        (
            "sub/owners.toml",
            r"nested = true
[paths]
'*' = '@a'
",
        ),
    ] {
        let sandbox = Sandbox::repo([("owners.toml", config)]);
        let file = sandbox.root.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "").unwrap();
        sandbox.git("add -A");
        big(&sandbox, name);
        let output = sandbox.owners("check").output();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        for part in [
            "error: cannot read `",
            name,
            "8388609 bytes; the limit is 8388608",
        ] {
            assert!(said.contains(part), "{name}: {said}");
        }
    }
}

/// So many rules that each stand for 8,192 patterns.
fn rules_of_braces(count: usize) -> String {
    (0..count)
        .map(|n| format!("'/{n}{}' = '@a'\n", "{a,b}".repeat(13)))
        .collect()
}

/// What one rule of a few bytes must not stand for, nor many of them together.
#[test]
fn what_multiplies_is_counted_first() {
    let hundred: Vec<String> = (0..100).map(|n| format!("a{n}")).collect();
    let hundred = format!("{{{}}}", hundred.join(","));
    let owners: Vec<String> = (0..800).map(|n| format!("'@o{n}'")).collect();
    let owners = owners.join(",");
    for (config, fault) in [
        (
            format!("[paths]\n'/{hundred}{hundred}{hundred}' = '@a'\n"),
            "expands to 1000000 patterns",
        ),
        (
            format!("[paths]\n{}", rules_of_braces(25)),
            "more than 100000 patterns in all",
        ),
        (
            format!(
                "[paths]\n'/{}{hundred}{hundred}' = '@a'\n",
                "a/".repeat(100)
            ),
            "more than 1000000 segments and wildcards in all",
        ),
        (
            format!("[paths]\n'*' = {{ owners = '@a', except = [{}] }}\n", {
                let each = format!("'/{}', ", "{a,b}".repeat(13));
                each.repeat(25)
            }),
            "more than 100000 patterns in all",
        ),
        (
            format!("[paths]\n'/{}' = '@a'\n", "{a,b}".repeat(64)),
            "expands to",
        ),
        (
            format!(
                r"[groups]
g = [{owners}]
[paths]
'/{hundred}{hundred}' = 'g'
"
            ),
            "expand to more than 5000000 characters in all",
        ),
    ] {
        let sandbox = Sandbox::repo([("owners.toml", &*config)]);
        let output = sandbox.owners("gen").output();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(
            said.contains(fault),
            "{fault}: {}",
            &said[..said.len().min(2_000)]
        );
        assert!(!sandbox.root.join(".github").exists());
    }
}
