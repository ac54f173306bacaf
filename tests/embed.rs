//! `examples/embed.rs` and `examples/own_lint.rs` answer as their comments say, so they can be copied.

#[allow(dead_code, reason = "its `main` is run by people")]
#[path = "../examples/embed.rs"]
mod embed;

#[allow(dead_code, reason = "its `main` is run by people")]
#[path = "../examples/own_lint.rs"]
mod own_lint;

#[test]
fn the_example_answers_who_and_check() {
    let directory = tempfile::tempdir().unwrap();
    let config = r#"
        nested = true
        [groups]
        docs = ["@alice", "@bob"]
        [paths]
        "/docs/" = "docs"
        "/docs/old/" = []
        "a.md" = { add = ["@BOB", "@erin"] }
        "/gone/" = "@carol"
    "#;
    let files = [
        ("owners.toml", config),
        ("docs/a.md", ""),
        ("docs/old/b.md", ""),
        ("src/owners.toml", "[paths]\n\"*.rs\" = \"@dora\"\n"),
        ("src/lib.rs", ""),
    ];
    for (file, text) in files {
        let file = directory.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let paths = ["docs/a.md", "docs/old/b.md", "src/lib.rs", "README.md"].map(String::from);
    let answers = embed::answers(directory.path(), &paths).unwrap();
    assert_eq!(
        answers[..4],
        [
            "docs/a.md: @alice @bob @erin",
            "docs/old/b.md: nobody",
            "src/lib.rs: @dora",
            "README.md: unowned",
        ]
    );
    assert!(
        answers.contains(&"no tracked path matches `/gone/`".to_string()),
        "{answers:#?}"
    );
}

/// `examples/own_lint.rs` adds a lint, whose level `[lints]` sets as that of any other.
#[test]
fn the_example_adds_a_lint() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("owners.toml");
    std::fs::write(directory.path().join("a"), "").unwrap();
    for (lints, expected) in [
        (
            "",
            Some("Warning acme/bus-factor: `@alice` alone owns 2 paths"),
        ),
        (
            "'acme/*' = 'deny'",
            Some("Error acme/bus-factor: `@alice` alone owns 2 paths"),
        ),
        ("'acme/bus-factor' = 'allow'", None),
    ] {
        std::fs::write(
            &file,
            format!("[paths]\n'*' = '@alice'\n[lints]\n{lints}\n"),
        )
        .unwrap();
        let found = own_lint::findings(directory.path()).unwrap();
        let own = found.iter().find(|each| each.contains("acme/"));
        assert_eq!(own.map(String::as_str), expected, "{found:#?}");
        // The built-in lints ran as well.
        assert!(
            found.iter().any(|each| each.contains(" stale-output: ")),
            "{found:#?}"
        );
    }
}
