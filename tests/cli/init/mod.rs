//! `owners init`: from an existing CODEOWNERS file, proved equal, or from nothing.

mod adoption;
mod bitbucket;
mod gitea;
mod gitlab;
mod groups;
mod lines;
mod source;
mod starter;

use crate::support::Sandbox;

/// A repository with this CODEOWNERS in GitHub's usual place, and some files.
fn github(codeowners: &str) -> Sandbox {
    let sandbox = Sandbox::repo([
        (
            ".gitattributes",
            "/.github/CODEOWNERS text eol=lf linguist-generated\n",
        ),
        ("README.md", ""),
        ("docs/a.md", ""),
        ("docs/b/c.md", ""),
        ("src/main.rs", ""),
        ("src/my file.rs", ""),
    ]);
    sandbox.write(".github/CODEOWNERS", codeowners);
    sandbox
}

fn gitlab(codeowners: &str) -> Sandbox {
    let sandbox = Sandbox::repo([
        ("docs/a.md", ""),
        ("docs/b/c.md", ""),
        ("lib/a.rb", ""),
        ("lib/old.rb/x.txt", ""),
        ("x.lock", ""),
    ]);
    sandbox.write(".gitlab/CODEOWNERS", codeowners);
    sandbox
}

/// Imports, and demands that the CODEOWNERS file was left alone and that `gen` follows from it.
#[track_caller]
fn imports(sandbox: &Sandbox, expected: impl snapbox::IntoData) {
    let output = sandbox.owners("init -q").output();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.stderr, b"");
    sandbox.file_is("owners.toml", expected);
    let output = sandbox.owners("gen --force").output();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
