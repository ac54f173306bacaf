//! Real repositories for random trees: every shape of index that git writes.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::input::{Kind, Tree, directories};
use crate::support::random::Random;
use crate::support::{Sandbox, git_output, output, owners};

/// How the index is written, or where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Version2,
    /// Some entries have the bit that says `skip-worktree`.
    Version3,
    Version4,
    Split,
    Conflicted,
    /// A sparse checkout, with directories for entries.
    SparseIndex,
    /// A sparse checkout with an entry for each path.
    Sparse,
    /// Named by `GIT_INDEX_FILE`.
    Elsewhere,
    /// Of a linked worktree.
    Worktree,
}

pub(crate) const SHAPES: [Shape; 9] = [
    Shape::Version2,
    Shape::Version3,
    Shape::Version4,
    Shape::Split,
    Shape::Conflicted,
    Shape::SparseIndex,
    Shape::Sparse,
    Shape::Elsewhere,
    Shape::Worktree,
];

/// A repository whose index holds a tree, the `owners.toml` files of a rule set, and the generated
/// files.
pub(crate) struct World {
    sandbox: Sandbox,
    pub(crate) root: PathBuf,
    pub(crate) shape: Shape,
    pub(crate) tree: Tree,
    /// What every file of the tree holds.
    blob: String,
    /// Which directories a sparse checkout has.
    cone: Vec<u8>,
    /// The `owners.toml` files that are on disk.
    written: Vec<String>,
}

impl World {
    pub(crate) fn new(random: &mut Random, shape: Shape, mut tree: Tree) -> Self {
        for output in [".github/CODEOWNERS", ".gitlab/CODEOWNERS"] {
            tree.insert(output.into(), Kind::File);
        }
        let sandbox = Sandbox::plain();
        let format = if random.chance(25) { "sha256" } else { "sha1" };
        sandbox.git(&format!("init -q --object-format={format}"));
        let mut cone = Vec::new();
        for directory in directories(&tree) {
            let is_plain = directory
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'/');
            if is_plain && random.chance(25) {
                cone.extend_from_slice(&directory);
                cone.push(b'\n');
            }
        }
        let mut world = World {
            root: sandbox.root.clone(),
            sandbox,
            shape,
            tree,
            blob: String::new(),
            cone,
            written: Vec::new(),
        };
        world.blob = world.hash("x");
        world
    }

    /// A program in the repository.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.sandbox.command(program);
        command.current_dir(&self.root);
        if self.shape == Shape::Elsewhere {
            command.env("GIT_INDEX_FILE", self.root.join(".git/another-index"));
        }
        command
    }

    pub(crate) fn owners(&self, arguments: &str, input: &[u8]) -> Output {
        let mut command = self.command(owners());
        command.args(arguments.split_whitespace());
        output(command, input.to_vec())
    }

    fn git(&self, arguments: &str, input: &[u8]) -> String {
        let mut command = self.command("git");
        command.args(arguments.split_whitespace());
        git_output(command, input.to_vec()).trim_end().to_string()
    }

    fn hash(&self, text: &str) -> String {
        self.git("hash-object -w --stdin", text.as_bytes())
    }

    /// All paths of the index when these files are in it.
    pub(crate) fn tracked(&self, files: &[(String, String)]) -> BTreeSet<Vec<u8>> {
        let configs = files.iter().map(|(path, _)| path.clone().into_bytes());
        self.tree.keys().cloned().chain(configs).collect()
    }

    /// Commits the tree with these `owners.toml` files, and makes the index of it. The commit.
    pub(crate) fn install(&mut self, random: &mut Random, files: &[(String, String)]) -> String {
        let mut records = Vec::new();
        for (path, kind) in &self.tree {
            records.push((kind, self.blob.clone(), path.clone()));
        }
        for (path, text) in files {
            records.push((&Kind::File, self.hash(text), path.clone().into_bytes()));
        }
        let records: Vec<Record> = records
            .into_iter()
            .map(|(kind, blob, path)| Record {
                mode: mode(*kind),
                blob,
                path,
            })
            .collect();
        let commit = self.commit(&records, "");
        self.make_index(random, &commit, &records);
        if !self.is_sparse() {
            for old in self.written.drain(..) {
                fs::remove_file(self.root.join(old)).unwrap();
            }
            for (path, text) in files {
                self.write(path, text);
                self.written.push(path.clone());
            }
        }
        commit
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A commit that holds a CODEOWNERS file alone, and one after it that has the whole tree.
    pub(crate) fn before_and_after(&self, place: &str, text: &str) -> [String; 2] {
        let file = Record {
            mode: mode(Kind::File),
            blob: self.hash(text),
            path: place.as_bytes().to_vec(),
        };
        let mut all: Vec<Record> = (self.tree.iter())
            .filter(|(path, _)| **path != file.path)
            .map(|(path, kind)| Record {
                mode: mode(*kind),
                blob: self.blob.clone(),
                path: path.clone(),
            })
            .collect();
        let before = self.commit(std::slice::from_ref(&file), "");
        all.push(file);
        let after = self.commit(&all, &format!("-p {before}"));
        [before, after]
    }

    fn commit(&self, records: &[Record], parent: &str) -> String {
        let full = self.sandbox.root.join(".git/full-index");
        let _ = fs::remove_file(&full);
        let with_full_index = |arguments: &str, input: &[u8]| {
            let mut command = self.sandbox.command("git");
            command
                .args(arguments.split_whitespace())
                .env("GIT_INDEX_FILE", &full);
            git_output(command, input.to_vec()).trim_end().to_string()
        };
        let lines: Vec<Vec<u8>> = records.iter().map(|record| record.line(0)).collect();
        with_full_index("update-index -z --index-info", &lines.concat());
        let tree = with_full_index("write-tree", b"");
        with_full_index(&format!("commit-tree {parent} -m x {tree}"), b"")
    }

    fn make_index(&mut self, random: &mut Random, commit: &str, records: &[Record]) {
        let sample = |random: &mut Random| -> Vec<&Record> {
            let is_file = |record: &&Record| {
                record.mode == "100644" && !record.path.ends_with(b"owners.toml")
            };
            let files: Vec<&Record> = records.iter().filter(is_file).collect();
            let files = files.into_iter().filter(|_| random.chance(20));
            files.collect()
        };
        if self.shape == Shape::Worktree && self.root == self.sandbox.root {
            self.sandbox.git(&format!(
                "worktree add -q --detach --no-checkout ../linked {commit}"
            ));
            self.root = self.sandbox.root.join("../linked").canonicalize().unwrap();
        }
        self.git(&format!("update-ref HEAD {commit}"), b"");
        match self.shape {
            Shape::Sparse | Shape::SparseIndex => {
                self.git(&format!("read-tree {commit}"), b"");
                if self.git("config --default false core.sparseCheckout", b"") != "true" {
                    let option = if self.shape == Shape::Sparse {
                        "--no-sparse-index"
                    } else {
                        "--sparse-index"
                    };
                    self.git(
                        &format!("sparse-checkout set --cone {option} --stdin"),
                        &self.cone,
                    );
                }
                self.git("reset -q --hard", b"");
                return;
            }
            Shape::Split => {
                let moved = sample(random);
                self.git("read-tree --empty", b"");
                self.git("update-index --no-split-index", b"");
                self.git(&format!("read-tree {commit}"), b"");
                let mut before = vec![
                    Record {
                        path: b"zz-extra".into(),
                        ..moved_like(&self.blob)
                    }
                    .line(0),
                ];
                before.extend(moved.iter().map(|record| record.removal()));
                self.git("update-index -z --index-info", &before.concat());
                self.git("update-index --split-index", b"");
                let mut after = vec![
                    Record {
                        path: b"zz-extra".into(),
                        ..moved_like(&self.blob)
                    }
                    .removal(),
                ];
                after.extend(moved.iter().map(|record| record.line(0)));
                let arguments = "-c splitIndex.maxPercentChange=100 -c core.splitIndex=true update-index -z --index-info";
                self.git(arguments, &after.concat());
                return;
            }
            _ => {}
        }
        self.git(&format!("read-tree --reset {commit}"), b"");
        match self.shape {
            Shape::Version3 => {
                let paths: Vec<Vec<u8>> = sample(random)
                    .iter()
                    .map(|record| [&record.path[..], b"\0"].concat())
                    .collect();
                self.git("update-index -z --skip-worktree --stdin", &paths.concat());
            }
            Shape::Version4 => {
                self.git("update-index --index-version 4", b"");
            }
            Shape::Conflicted => {
                let mut lines = Vec::new();
                for record in sample(random) {
                    lines.push(record.removal());
                    let stages = random.pick(&[&[1, 2, 3][..], &[2, 3], &[1, 2], &[1, 3], &[3]]);
                    lines.extend(stages.iter().map(|stage| record.line(*stage)));
                }
                self.git("update-index -z --index-info", &lines.concat());
            }
            _ => {}
        }
    }

    /// What is on disk under this name.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    pub(crate) fn is_sparse(&self) -> bool {
        matches!(self.shape, Shape::Sparse | Shape::SparseIndex)
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// Whether the index is of the shape that was wanted: where nothing is left out, git writes a
    /// full one.
    pub(crate) fn has_sparse_index(&self) -> bool {
        let index = fs::read(self.root.join(".git/index")).unwrap_or_default();
        index.windows(4).any(|four| four == b"sdir")
    }
}

/// An entry of an index.
struct Record {
    mode: &'static str,
    blob: String,
    path: Vec<u8>,
}

fn moved_like(blob: &str) -> Record {
    Record {
        mode: "100644",
        blob: blob.to_string(),
        path: Vec::new(),
    }
}

impl Record {
    fn line(&self, stage: u8) -> Vec<u8> {
        let start = format!("{} {} {stage}\t", self.mode, self.blob);
        [start.as_bytes(), &self.path, b"\0"].concat()
    }

    fn removal(&self) -> Vec<u8> {
        let start = format!("0 {} 0\t", "0".repeat(self.blob.len()));
        [start.as_bytes(), &self.path, b"\0"].concat()
    }
}

fn mode(kind: Kind) -> &'static str {
    match kind {
        Kind::File => "100644",
        Kind::Executable => "100755",
        Kind::Symlink => "120000",
        // Any object's name will do.
        Kind::Submodule => "160000",
    }
}
