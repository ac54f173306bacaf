//! What git itself says of an index and of a commit, whatever bytes they are made of.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use owners::git::{Env, Repo};
use owners::{PathKind, PathSet};
use tempfile::TempDir;

/// The paths of something, each with what it is.
pub(crate) type Paths = Vec<(Vec<u8>, PathKind)>;

/// The name of the object that every file and submodule is.
const OBJECT: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/// A repository to try bytes in.
pub(crate) struct Scratch {
    /// Kept for its `Drop`.
    _dir: TempDir,
    root: PathBuf,
    repo: Repo,
}

impl Scratch {
    /// A repository with some files in its index, and nothing in the working tree.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let top = dunce::canonicalize(dir.path()).unwrap();
        let root = top.join("r");
        fs::create_dir(&root).unwrap();
        let run = git(&root, &["init", "-q", "--object-format=sha1"], b"");
        assert!(run.is_some(), "git works");
        let env = Env {
            ceilings: vec![top],
            ..Env::default()
        };
        let repo = Repo::discover_with(&root, &env).unwrap();
        let scratch = Scratch {
            _dir: dir,
            root,
            repo,
        };
        let names = ["a", "a.b", "a0", "b/a", "b/c/d", "owners.toml"];
        let entries = names.map(|name| format!("100644 {OBJECT} 0\t{name}\0"));
        let entries = entries.concat();
        scratch.git(&["update-index", "-z", "--index-info"], entries.as_bytes());
        scratch
    }

    /// What git prints; none if it fails.
    fn git(&self, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
        git(&self.root, arguments, input)
    }

    /// What is read from an index of these bytes, and what git reads; none for an error.
    pub(crate) fn index(&self, bytes: &[u8]) -> (Option<Paths>, Option<Paths>) {
        fs::write(self.root.join(".git/index"), bytes).unwrap();
        let found = self.repo.tracked().ok();
        let listed = self.git(&["ls-files", "--stage", "-z"], b"");
        (
            found.map(|found| all(&found)),
            listed.map(|all| listing(&all)),
        )
    }

    /// Writes a tree, however wrong, and gives its name.
    pub(crate) fn tree(&self, entries: &[Entry<'_>]) -> String {
        let mut contents = Vec::new();
        for entry in entries {
            contents.extend_from_slice(&[entry.mode, b" ", entry.name, b"\0"].concat());
            let object = entry.tree.as_deref().unwrap_or(OBJECT);
            contents.extend(
                (0..20).map(|at| u8::from_str_radix(&object[2 * at..2 * at + 2], 16).unwrap()),
            );
        }
        self.object("tree", &contents)
    }

    fn object(&self, kind: &str, contents: &[u8]) -> String {
        let arguments = ["hash-object", "-w", "--literally", "--stdin", "-t", kind];
        let name = self.git(&arguments, contents).unwrap();
        String::from_utf8(name).unwrap().trim().to_string()
    }

    /// What is read from a commit with this tree, and what git reads; none for an error.
    pub(crate) fn commit(&self, tree: &str) -> (Option<Paths>, Option<Paths>) {
        let person = "T <t@example.com> 0 +0000";
        let text = format!("tree {tree}\nauthor {person}\ncommitter {person}\n\nx\n");
        let commit = self.object("commit", text.as_bytes());
        let found = self.repo.revision(&commit).ok();
        let listed = self.git(&["ls-tree", "-r", "-z", "--full-tree", &commit], b"");
        (
            found.map(|found| all(&found.paths)),
            listed.map(|all| listing(&all)),
        )
    }
}

/// An entry of a tree.
#[derive(Clone)]
pub(crate) struct Entry<'e> {
    pub(crate) mode: &'e [u8],
    pub(crate) name: &'e [u8],
    /// The tree that it is, if it is one.
    pub(crate) tree: Option<String>,
}

/// Whether git writes trees with these entries.
pub(crate) fn is_sound(entries: &[Entry<'_>]) -> bool {
    let is_name =
        |name: &[u8]| !name.is_empty() && name != b"." && name != b".." && !name.contains(&b'/');
    let key = |entry: &Entry<'_>| {
        let end: &[u8] = if entry.tree.is_some() { b"/" } else { b"" };
        [entry.name, end].concat()
    };
    let mut names: Vec<&[u8]> = entries.iter().map(|entry| entry.name).collect();
    names.sort_unstable();
    names.dedup();
    names.len() == entries.len()
        && entries.is_sorted_by_key(key)
        && entries.iter().all(|entry| is_name(entry.name))
}

fn git(root: &std::path::Path, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    let mut child = command
        .args(arguments)
        .current_dir(root)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Few bytes, or none: they fit into the pipe.
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    output.status.success().then_some(output.stdout)
}

fn all(paths: &PathSet) -> Paths {
    (paths.tracked())
        .map(|path| (path.bytes.to_vec(), path.kind))
        .collect()
}

/// Each is `MODE … <tab>PATH<nul>`; a path in conflict comes several times.
fn listing(listing: &[u8]) -> Paths {
    let records = listing.split(|&byte| byte == 0);
    let mut paths: Paths = records
        .filter_map(|record| {
            let tab = record.iter().position(|&byte| byte == b'\t')?;
            let kind = match &record[..2] {
                b"12" => PathKind::Symlink,
                b"16" => PathKind::Submodule,
                _ => PathKind::File,
            };
            Some((record[tab + 1..].to_vec(), kind))
        })
        .collect();
    paths.dedup_by(|a, b| a.0 == b.0);
    paths
}
