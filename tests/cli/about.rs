//! What people are told of the command line.

use crate::support::{Sandbox, skipped};

const COMMANDS: [&str; 17] = [
    "gen",
    "check",
    "who",
    "ls",
    "stats",
    "map",
    "export",
    "diff",
    "reviewers",
    "suggest",
    "risk",
    "init",
    "add",
    "remove",
    "rename",
    "explain",
    "schema",
];

/// Outside a repository as well.
fn printed(arguments: &str) -> String {
    let sandbox = Sandbox::plain();
    let output = sandbox.owners(arguments).output();
    assert_eq!(output.status.code(), Some(0), "{arguments}");
    String::from_utf8(output.stdout).unwrap()
}

/// A page for each command, with the sections that the manual of a command has.
#[test]
fn the_manual_has_a_page_for_each_command() {
    let text = printed("man");
    assert!(text.contains(".TH owners 1"));
    for command in COMMANDS {
        assert!(text.contains(&format!("owners\\-{command}")), "{command}");
        let page = printed(&format!("man {command}"));
        assert!(page.contains(&format!(".TH owners-{command} 1")), "{page}");
        for section in ["EXAMPLES", "EXIT STATUS", "SEE ALSO"] {
            let heads = [format!(".SH {section}\n"), format!(".SH \"{section}\"\n")];
            assert!(
                heads.iter().any(|head| page.contains(head)),
                "{command}: {section}"
            );
        }
    }
    for command in ["check", "gen", "who", "diff", "init"] {
        assert!(
            printed(&format!("man {command}")).contains("\n.SH FILES\n"),
            "{command}"
        );
    }
    let sandbox = Sandbox::plain();
    sandbox
        .owners("man chek")
        .refuses("error: there is no command `chek`\n = help: did you mean `check`?\n");
    sandbox
        .owners("man --dir a/b")
        .exits(0, "", "wrote 20 pages to a/b\n");
    assert_eq!(sandbox.read("a/b/owners-check.1"), printed("man check"));
    assert_eq!(sandbox.read("a/b/owners.1"), text);
    sandbox.write("file", "");
    let output = sandbox.owners("man --dir file").output();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_manual_of_another_directory_is_printed() {
    let sandbox = Sandbox::plain();
    sandbox.write("sub/file", "");
    let page = sandbox.owners("-C sub man check").output();
    assert!(
        String::from_utf8(page.stdout)
            .unwrap()
            .contains(".TH owners-check 1")
    );
    let files = std::fs::read_dir(sandbox.root.join("sub")).unwrap();
    assert_eq!(files.count(), 1);
}

/// `man` renders every page without a warning. What it warns about, readers see as missing text.
#[test]
fn the_manual_is_rendered_without_warnings() {
    let sandbox = Sandbox::plain();
    sandbox.owners("man --dir pages -q").prints("");
    let pages: Vec<_> = std::fs::read_dir(sandbox.root.join("pages"))
        .unwrap()
        .collect();
    assert!(pages.len() > 10);
    for page in pages {
        let page = page.unwrap().path();
        let mut man = sandbox.command("man");
        man.args(["--warnings", "-E", "UTF-8", "-l"])
            .arg(&page)
            .env("MANWIDTH", "80")
            .env("LC_ALL", "C.UTF-8");
        let Ok(output) = man.output() else {
            return skipped("`man` is not installed");
        };
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("troff: command not found") || said.contains("has been minimized") {
            return skipped("`man` has no groff");
        }
        assert!(output.status.success(), "{said}");
        assert_eq!(said, "", "{}", page.display());
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(shown.contains("EXIT STATUS"), "{shown}");
    }
}
