//! `examples/embed.rs` answers as its comment says, so it can be copied.

#[allow(dead_code, reason = "its `main` is run by people")]
#[path = "../examples/embed.rs"]
mod embed;

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
