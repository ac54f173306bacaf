//! Wrong configurations: `tests/cmd/mistakes/*.md`, one family of mistakes each.
//!
//! A mistake is a heading, a block of TOML and a block with what `owners gen --stdout` says of it.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use snapbox::{Assert, Data};

use crate::support::Sandbox;

/// One test for each file.
macro_rules! families {
    ($($name:ident)*) => {
        $(#[test] fn $name() { check(stringify!($name)); })*

        #[test]
        fn every_file_is_tested() {
            let mut files: Vec<String> = fs::read_dir(directory())
                .unwrap()
                .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().into())
                .collect();
            files.sort();
            assert_eq!(files, [$(stringify!($name)),*]);
        }
    };
}

families! { groups names owners patterns rules several syntax tables types }

fn directory() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "cmd", "mistakes"]
        .iter()
        .collect()
}

fn check(family: &str) {
    let file = directory().join(family).with_extension("md");
    let written = fs::read_to_string(&file).unwrap();
    let sandbox = Sandbox::plain();
    let mut now = String::new();
    let mut blocks = written.split("```toml\n");
    let mut before = blocks.next().unwrap();
    for block in blocks {
        let (config, rest) = block.split_once("```\n").unwrap();
        sandbox.write("owners.toml", config);
        let output = sandbox.owners("gen --stdout").output();
        let code = output.status.code().unwrap();
        let (stdout, stderr) = (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        );
        assert!(
            code == 2 && stdout.is_empty(),
            "{family}: {config}exits with {code}: {stdout}"
        );
        write!(
            now,
            "{before}```toml\n{config}```\n\n```text\n{stderr}```\n"
        )
        .unwrap();
        before = match rest.trim_start().strip_prefix("```text\n") {
            Some(rest) => rest.split_once("```\n").unwrap().1,
            None => rest,
        };
    }
    now.push_str(before);
    Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(Data::from(now).raw(), Data::read_from(&file, None).raw());
}
