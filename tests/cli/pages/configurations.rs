//! Loads the `toml` blocks of the pages: a block with `[paths]` as it is, and any other as a part of a
//! configuration.

use super::{blocks, none, pages};

#[test]
fn every_configuration_loads() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        for block in blocks(&page.text).0 {
            let is_other =
                ["# Cargo.toml", "# languages.toml", "# team-ids.toml"].contains(&&*block.lines[0]);
            if block.language == "toml" && !is_other {
                count += 1;
                let fault = fault(&block.lines.join("\n"));
                faults.extend(fault.map(|fault| format!("{}:{}: {fault}", page.name, block.line)));
            }
        }
    }
    assert!(count > 50, "only {count} blocks are found");
    none(&faults);
}

/// What is wrong with a block.
fn fault(text: &str) -> Option<String> {
    let has = |table: &str| text.lines().any(|line| line.starts_with(table));
    let is_table = text.lines().any(|line| line.starts_with('['));
    let is_rule = text.lines().any(|line| line.starts_with(['"', '\'']));
    // What a part leaves out: the table that it is in, or the rules.
    let whole = match () {
        () if has("[paths]") => text.to_string(),
        () if is_rule && !is_table => format!("[paths]\n{text}"),
        () => format!("{text}\n[paths]\n"),
    };
    let draft = owners::draft("owners.toml", whole.into());
    let loaded = draft.and_then(owners::Draft::finish);
    // A part, or the file of a directory, may use a group that is defined elsewhere.
    let is_part = !has("[groups]") || text.starts_with("# ");
    let message = loaded.err()?.to_string();
    (!is_part || !message.contains("unknown group")).then_some(message)
}

#[test]
fn wrong_configurations_are_noticed() {
    assert_eq!(fault("[paths]\n\"*\" = '@a'"), None);
    assert_eq!(fault("[lints]\ndead-pattern = 'deny'"), None);
    assert_eq!(fault("\"/docs/\" = 'docs'"), None);
    for text in [
        "[paths]\n\"*\" = 1",
        "[lints]\ndead = 'deny'",
        "[check]\nexmpt = 'a'",
        "\"a//b\" = '@a'",
    ] {
        assert!(fault(text).is_some(), "{text}");
    }
}
