//! The repository side against real `git`: whatever it lists, [`Repo`] must list too.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use owners::git::{Env, Repo};
use owners::{PathKind, PathSet};
use std::time::Duration;
use tempfile::TempDir;

/// How often two threads may try to get in each other's way.
const ATTEMPTS: usize = 20_000;

/// A directory for a test's repositories, and the environment its git commands see.
struct Sandbox {
    /// Kept for its `Drop`.
    _dir: TempDir,
    top: PathBuf,
}

impl Sandbox {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let top = dunce::canonicalize(dir.path()).unwrap();
        Sandbox { _dir: dir, top }
    }

    /// A sandbox with a repository `r` in it: a few files, all committed.
    fn with_repo() -> Self {
        let sandbox = Self::new();
        sandbox.init("r", &[]);
        sandbox
    }

    fn init(&self, name: &str, options: &[&str]) {
        self.git(
            "",
            &[
                &["-c", "init.defaultBranch=main", "init", "-q", name],
                options,
            ]
            .concat(),
        );
        for file in ["README.md", "src/a.rs", "src/b/c.rs", "src-x/d", "z"] {
            self.write(&format!("{name}/{file}"), file);
        }
        self.commit(name);
    }

    fn commit(&self, name: &str) {
        self.git(name, &["add", "-A"]);
        self.git(name, &["commit", "-q", "-m", "x"]);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.top.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn command(&self, cwd: &str) -> Command {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("GIT_") {
                command.env_remove(name);
            }
        }
        command
            .current_dir(self.path(cwd))
            .env("HOME", &self.top)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .args(["-c", "user.name=T", "-c", "user.email=t@example.com"])
            .args([
                "-c",
                "protocol.file.allow=always",
                "-c",
                "core.autocrlf=false",
            ]);
        command
    }

    #[track_caller]
    fn git(&self, cwd: &str, arguments: &[&str]) -> Vec<u8> {
        success(self.command(cwd).args(arguments).output().unwrap())
    }

    /// What git lists in `cwd`, each path once.
    fn listed(&self, cwd: &str, options: &[&str]) -> Vec<Vec<u8>> {
        let listing = self.git(
            cwd,
            &[&["ls-files", "-z", "--deduplicate"], options].concat(),
        );
        split(&listing)
    }

    fn repo(&self, start: &str) -> Repo {
        self.repo_with(start, Env::default())
    }

    fn repo_with(&self, start: &str, mut env: Env) -> Repo {
        env.ceilings.push(self.top.clone());
        Repo::discover_with(&self.path(start), &env).unwrap()
    }

    fn discover_error(&self, start: &str, mut env: Env) -> String {
        env.ceilings.push(self.top.clone());
        format!(
            "{:#}",
            Repo::discover_with(&self.path(start), &env).unwrap_err()
        )
    }

    /// Checks that the repository found from `start` lists what git lists at its root.
    #[track_caller]
    fn check(&self, start: &str) -> PathSet {
        let repo = self.repo(start);
        let tracked = repo.tracked().unwrap();
        let root = repo
            .root()
            .strip_prefix(&self.top)
            .unwrap()
            .to_str()
            .unwrap();
        assert_eq!(shown(&paths(&tracked)), shown(&self.listed(root, &[])));
        let mut command = self.command(root);
        let head = command.args(["rev-parse", "-q", "--verify", "HEAD"]);
        if head.output().unwrap().status.success() {
            self.check_revision(root, "HEAD");
        }
        tracked
    }

    /// Checks that a commit has the paths, of the kinds, that git lists for it.
    #[track_caller]
    fn check_revision(&self, root: &str, name: &str) {
        let listing = self.git(root, &["ls-tree", "-r", "-z", "--full-tree", name]);
        let mut expected: Vec<(Vec<u8>, PathKind)> = split(&listing)
            .iter()
            .map(|entry| {
                let tab = entry.iter().position(|&byte| byte == b'\t').unwrap();
                let kind = match &entry[..3] {
                    b"120" => PathKind::Symlink,
                    b"160" => PathKind::Submodule,
                    _ => PathKind::File,
                };
                (entry[tab + 1..].to_vec(), kind)
            })
            .collect();
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        let repo = self.repo(root);
        let found = repo.revision(name).unwrap().paths;
        let found: Vec<(Vec<u8>, PathKind)> = (found.tracked())
            .map(|path| (path.bytes.to_vec(), path.kind))
            .collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[track_caller]
fn success(output: Output) -> Vec<u8> {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn split(listing: &[u8]) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = listing
        .split(|&byte| byte == 0)
        .filter(|path| !path.is_empty())
        .map(<[u8]>::to_vec)
        .collect();
    paths.sort();
    paths
}

fn paths(set: &PathSet) -> Vec<Vec<u8>> {
    set.iter().map(<[u8]>::to_vec).collect()
}

fn shown(paths: &[Vec<u8>]) -> Vec<String> {
    paths
        .iter()
        .map(|path| path.escape_ascii().to_string())
        .collect()
}

fn kind(set: &PathSet, path: &str) -> Option<PathKind> {
    set.find(path.as_bytes()).map(|found| found.kind)
}

fn error<T>(result: owners::git::Result<T>) -> String {
    match result {
        Ok(_) => panic!("should have failed"),
        Err(error) => format!("{error:#}"),
    }
}

mod discovery {
    use super::*;

    #[test]
    fn root_is_found_from_below() {
        let sandbox = Sandbox::with_repo();
        for start in ["r", "r/src/b", "r/.git", "r/.git/refs"] {
            let repo = sandbox.repo(start);
            assert_eq!(repo.root(), sandbox.path("r"), "{start}");
            assert!(repo.is_git());
        }
        // Not a repository, so git looks further up.
        fs::create_dir(sandbox.path("r/src/.git")).unwrap();
        assert_eq!(sandbox.repo("r/src").root(), sandbox.path("r"));
    }

    #[test]
    fn without_git_the_config_marks_the_root() {
        let sandbox = Sandbox::new();
        sandbox.write("p/owners.toml", "");
        sandbox.write("p/a/b", "");
        let repo = sandbox.repo("p/a");
        assert_eq!(repo.root(), sandbox.path("p"));
        assert!(!repo.is_git());
        assert!(error(repo.stage(&[b"a/b"])).contains("not a git repository"));
        assert_eq!(repo.ignored(&[b"a/b"]).unwrap(), [false]);
    }

    #[test]
    fn nothing_found_says_where_and_what() {
        let sandbox = Sandbox::new();
        let said = sandbox.discover_error("", Env::default());
        for part in [
            ".git",
            "owners.toml",
            "-C DIR",
            sandbox.top.to_str().unwrap(),
        ] {
            assert!(said.contains(part), "{said}");
        }
        assert!(
            sandbox
                .discover_error("gone", Env::default())
                .contains("gone")
        );
    }

    #[test]
    fn a_ceiling_hides_what_is_at_and_above_it() {
        let sandbox = Sandbox::with_repo();
        let env = Env {
            ceilings: vec![sandbox.path("r")],
            ..Env::default()
        };
        assert!(
            sandbox
                .discover_error("r/src", env.clone())
                .contains("no repository")
        );
        assert!(sandbox.repo_with("r", env).is_git());
    }

    #[test]
    fn git_dir_and_work_tree_decide() {
        let sandbox = Sandbox::with_repo();
        sandbox.write("elsewhere/x/y", "");
        let dir = Some(PathBuf::from("../r/.git"));
        let env = Env {
            git_dir: dir.clone(),
            ..Env::default()
        };
        assert_eq!(
            sandbox.repo_with("elsewhere", env).root(),
            sandbox.path("elsewhere")
        );
        let env = Env {
            git_dir: dir,
            work_tree: Some("x".into()),
            ..Env::default()
        };
        let repo = sandbox.repo_with("elsewhere", env);
        assert_eq!(repo.root(), sandbox.path("elsewhere/x"));
        assert_eq!(paths(&repo.tracked().unwrap()), sandbox.listed("r", &[]));
        assert_eq!(repo.ignored(&[b"y"]).unwrap(), [false]);
        let env = Env {
            work_tree: Some("src".into()),
            ..Env::default()
        };
        assert_eq!(sandbox.repo_with("r", env).root(), sandbox.path("r/src"));
        let env = Env {
            git_dir: Some("src".into()),
            ..Env::default()
        };
        assert!(sandbox.discover_error("r", env).contains("GIT_DIR"));
    }

    #[test]
    fn core_worktree_decides() {
        let sandbox = Sandbox::with_repo();
        sandbox.write("else where/README.md", "");
        sandbox.git("r", &["config", "core.worktree", "../../else where"]);
        let repo = sandbox.repo("r");
        assert_eq!(repo.root(), sandbox.path("else where"));
        assert_eq!(repo.tracked().unwrap().len(), 5);
        repo.stage(&[b"README.md"]).unwrap();
        assert_eq!(
            sandbox.git("r", &["diff", "--cached", "--name-only"]),
            b"README.md\n"
        );
    }

    #[test]
    fn a_bare_repository_has_no_files() {
        let sandbox = Sandbox::with_repo();
        sandbox.git("", &["clone", "-q", "--bare", "r", "bare.git"]);
        let repo = sandbox.repo("bare.git/refs");
        assert!(repo.is_bare() && !sandbox.repo("r").is_bare());
        assert_eq!(repo.root(), sandbox.path("bare.git"));
        let head = repo.revision("HEAD").unwrap();
        assert_eq!(head.paths.len(), 5);
        for said in [
            error(repo.tracked()),
            error(repo.tracked_and_untracked()),
            error(repo.read(b"z")),
            error(repo.write(b"HEAD", b"x")),
            error(repo.stage(&[b"z"])),
            error(repo.changed_since(&head)),
            error(repo.side()),
        ] {
            assert!(said.contains("is a bare repository"), "{said}");
        }
    }

    #[test]
    fn broken_repositories_are_errors() {
        let sandbox = Sandbox::new();
        sandbox.write("broken/.git", "gitdir: ../nowhere\n");
        assert!(
            sandbox
                .discover_error("broken", Env::default())
                .contains("nowhere")
        );
        sandbox.write("broken/.git", "what?");
        assert!(
            sandbox
                .discover_error("broken", Env::default())
                .contains("gitdir")
        );
    }
}

mod index {
    use super::*;

    #[test]
    fn versions() {
        let sandbox = Sandbox::with_repo();
        for version in ["2", "3", "4"] {
            sandbox.git("r", &["update-index", "--index-version", version]);
            assert_eq!(sandbox.check("r/src").len(), 5);
        }
    }

    #[test]
    fn no_index_and_no_commits() {
        let sandbox = Sandbox::new();
        sandbox.git("", &["init", "-q", "r"]);
        assert!(sandbox.check("r").is_empty());
        sandbox.write("r/a", "");
        sandbox.git("r", &["add", "a"]);
        assert_eq!(sandbox.check("r").len(), 1);
    }

    #[test]
    fn flagged_entries_count() {
        let sandbox = Sandbox::with_repo();
        sandbox.write("r/new", "");
        sandbox.git("r", &["add", "-N", "new"]);
        sandbox.git("r", &["update-index", "--skip-worktree", "z"]);
        sandbox.git("r", &["update-index", "--assume-unchanged", "src/a.rs"]);
        fs::remove_file(sandbox.path("r/README.md")).unwrap();
        assert_eq!(sandbox.check("r").len(), 6);
    }

    #[test]
    fn split_index() {
        let sandbox = Sandbox::with_repo();
        for version in ["2", "4"] {
            sandbox.git(
                "r",
                &["update-index", "--index-version", version, "--split-index"],
            );
            assert_eq!(sandbox.check("r").len(), 5);
            sandbox.write("r/a-new", "");
            sandbox.write("r/z", "changed");
            sandbox.git("r", &["add", "."]);
            sandbox.git("r", &["rm", "-q", "src/a.rs"]);
            assert_eq!(sandbox.check("r").len(), 5);
            sandbox.git("r", &["update-index", "--no-split-index"]);
            sandbox.git("r", &["reset", "-q", "--hard"]);
        }
    }

    #[test]
    fn temporary_index_of_a_split_one() {
        let sandbox = Sandbox::with_repo();
        sandbox.git("r", &["update-index", "--split-index"]);
        // Outside `.git`, where the shared half is not beside it.
        fs::copy(sandbox.path("r/.git/index"), sandbox.path("r/copy")).unwrap();
        let env = Env {
            index_file: Some("copy".into()),
            ..Env::default()
        };
        assert_eq!(sandbox.repo_with("r/src", env).tracked().unwrap().len(), 5);
    }

    #[test]
    fn sparse_index() {
        let sandbox = Sandbox::with_repo();
        sandbox.git("r", &["sparse-checkout", "set", "--sparse-index", "src-x"]);
        assert!(!sandbox.path("r/src").exists());
        let sparse = sandbox.git("r", &["ls-files", "--sparse", "src/"]);
        assert_eq!(sparse, b"src/\n");
        assert_eq!(sandbox.check("r").len(), 5);
    }

    #[test]
    fn sha256() {
        let sandbox = Sandbox::new();
        sandbox.init("r", &["--object-format=sha256"]);
        for version in ["2", "4"] {
            sandbox.git("r", &["update-index", "--index-version", version]);
            assert_eq!(sandbox.check("r").len(), 5);
        }
        sandbox.git("r", &["worktree", "add", "-q", "../w"]);
        assert_eq!(sandbox.check("w/src").len(), 5);
        sandbox.git("r", &["update-index", "--split-index"]);
        assert_eq!(sandbox.check("r").len(), 5);
    }

    #[test]
    fn conflict_stages_count_once() {
        let sandbox = Sandbox::with_repo();
        sandbox.git("r", &["checkout", "-q", "-b", "other"]);
        sandbox.write("r/z", "theirs");
        sandbox.commit("r");
        sandbox.git("r", &["checkout", "-q", "main"]);
        sandbox.write("r/z", "ours");
        sandbox.commit("r");
        let merge = sandbox
            .command("r")
            .args(["merge", "-q", "other"])
            .output()
            .unwrap();
        assert!(!merge.status.success());
        assert_eq!(sandbox.check("r").len(), 5);
    }

    #[cfg(unix)]
    #[test]
    fn a_commit_that_differs_from_the_index_in_every_way() {
        let sandbox = Sandbox::with_repo();
        std::os::unix::fs::symlink("z", sandbox.path("r/link")).unwrap();
        std::os::unix::fs::symlink("z", sandbox.path("r/was-link")).unwrap();
        sandbox.write("r/gone/last", "");
        sandbox.write("r/a/first", "");
        sandbox.write("r/mode", "");
        sandbox.write("r/\n line", "");
        sandbox.commit("r");
        sandbox.git(
            "r",
            &[
                "rm",
                "-q",
                "-r",
                "gone",
                "a",
                "README.md",
                "was-link",
                "\n line",
            ],
        );
        sandbox.write("r/was-link", "no longer");
        sandbox.git("r", &["rm", "-q", "src-x/d"]);
        sandbox.write("r/src-x/d/now-a-directory", "");
        sandbox.write("r/zz/new", "");
        sandbox.write("r/z", "changed");
        sandbox.git("r", &["add", "-A"]);
        sandbox.git("r", &["update-index", "--chmod=+x", "mode"]);
        sandbox.write("r/later", "");
        sandbox.git("r", &["add", "-N", "later"]);
        sandbox.check("r");
        sandbox.check_revision("r", "HEAD~1");
        // An index that has nothing at all.
        sandbox.git("r", &["rm", "-q", "-r", "-f", "--cached", "."]);
        sandbox.check_revision("r", "HEAD");
        fs::remove_file(sandbox.path("r/.git/index")).unwrap();
        sandbox.check_revision("r", "HEAD");
    }

    #[test]
    fn linked_worktree() {
        let sandbox = Sandbox::with_repo();
        sandbox.git("r", &["worktree", "add", "-q", "../w"]);
        sandbox.write("w/src/only-here", "");
        sandbox.git("w", &["add", "."]);
        let repo = sandbox.repo("w/src");
        assert_eq!(repo.root(), sandbox.path("w"));
        assert_eq!(sandbox.check("w/src").len(), 6);
        assert_eq!(sandbox.check("r").len(), 5);
    }

    #[test]
    fn linked_worktree_of_a_bare_repository() {
        let sandbox = Sandbox::with_repo();
        sandbox.git("", &["clone", "-q", "--bare", "r", "b.git"]);
        sandbox.git("b.git", &["worktree", "add", "-q", "../w"]);
        assert_eq!(sandbox.check("w/src").len(), 5);
    }

    #[test]
    fn submodules_and_symlinks_have_their_kind() {
        let sandbox = Sandbox::with_repo();
        sandbox.init("lib", &[]);
        sandbox.git(
            "r",
            &["submodule", "--quiet", "add", "../lib", "vendor/lib"],
        );
        #[cfg(unix)]
        std::os::unix::fs::symlink("z", sandbox.path("r/link")).unwrap();
        sandbox.commit("r");
        let tracked = sandbox.check("r");
        assert_eq!(kind(&tracked, "vendor/lib"), Some(PathKind::Submodule));
        assert_eq!(kind(&tracked, "z"), Some(PathKind::File));
        #[cfg(unix)]
        assert_eq!(kind(&tracked, "link"), Some(PathKind::Symlink));

        let submodule = sandbox.repo("r/vendor/lib/src");
        assert_eq!(submodule.root(), sandbox.path("r/vendor/lib"));
        assert_eq!(sandbox.check("r/vendor/lib/src").len(), 5);

        // The same through `git ls-files`.
        for split_or_sparse in [
            &["update-index", "--split-index"][..],
            &["sparse-checkout", "set", "--sparse-index", "src-x"],
        ] {
            sandbox.git("r", split_or_sparse);
            let tracked = sandbox.check("r");
            assert_eq!(kind(&tracked, "vendor/lib"), Some(PathKind::Submodule));
            #[cfg(unix)]
            assert_eq!(kind(&tracked, "link"), Some(PathKind::Symlink));
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_are_bytes() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let sandbox = Sandbox::with_repo();
        for name in [
            &b"caf\xe9"[..],
            b"new\nline",
            b"tab\there",
            "日本".as_bytes(),
            b"\"q\"",
            b" ",
        ] {
            fs::write(sandbox.path("r").join(OsStr::from_bytes(name)), "").unwrap();
        }
        sandbox.git("r", &["add", "-A"]);
        assert_eq!(sandbox.check("r").len(), 11);
    }

    /// Where git runs, with `GIT_DIR` and `GIT_WORK_TREE`.
    const PLACES: [(&str, Option<&str>, Option<&str>); 7] = [
        ("r", None, None),
        ("r/src", None, None),
        ("r", Some(".git"), None),
        ("r/src", Some("../.git"), None),
        ("r/src", Some("../.git"), Some("..")),
        ("r/src", None, Some("..")),
        ("", Some("r/.git"), Some("r")),
    ];

    /// What a relative `GIT_INDEX_FILE` is relative to depends on what else is set.
    #[test]
    fn git_index_file_as_git_reads_it() {
        let sandbox = Sandbox::with_repo();
        for (at, count) in [("r/one", 1), ("r/src/two", 2), ("one", 3)] {
            fs::copy(sandbox.path("r/.git/index"), sandbox.path(at)).unwrap();
            for file in ["z", "README.md", "src/a.rs", "src-x/d"]
                .iter()
                .take(5 - count)
            {
                let mut git = sandbox.command("r");
                git.env("GIT_INDEX_FILE", sandbox.path(at))
                    .args(["rm", "-q", "--cached", file]);
                success(git.output().unwrap());
            }
        }
        let absolute = sandbox.path("one");
        let files = [
            "one",
            "two",
            "src/two",
            "../one",
            "r/one",
            ".git/index",
            absolute.to_str().unwrap(),
        ];
        for (cwd, git_dir, work_tree) in PLACES {
            for file in files {
                let mut git = sandbox.command(cwd);
                git.env("GIT_INDEX_FILE", file);
                git_dir.map(|dir| git.env("GIT_DIR", dir));
                work_tree.map(|dir| git.env("GIT_WORK_TREE", dir));
                let top = success(git.args(["rev-parse", "--show-toplevel"]).output().unwrap());
                // From the top, so that all is listed; the variables are read before `-C`'s place.
                let mut git = sandbox.command(cwd);
                git.env("GIT_INDEX_FILE", file);
                git_dir.map(|dir| git.env("GIT_DIR", dir));
                work_tree.map(|dir| git.env("GIT_WORK_TREE", dir));
                git.args(["ls-files", "-z", "--full-name", ":/"]);
                let listed = split(&success(git.output().unwrap()));

                let env = Env {
                    git_dir: git_dir.map(PathBuf::from),
                    work_tree: work_tree.map(PathBuf::from),
                    index_file: Some(file.into()),
                    ..Env::default()
                };
                let repo = sandbox.repo_with(cwd, env);
                let case = format!("{cwd} {git_dir:?} {work_tree:?} {file}");
                assert_eq!(
                    repo.root().as_os_str().as_encoded_bytes(),
                    top.trim_ascii_end(),
                    "{case}"
                );
                assert_eq!(
                    shown(&paths(&repo.tracked().unwrap())),
                    shown(&listed),
                    "{case}"
                );
            }
        }
    }

    #[test]
    fn what_git_cannot_read_either_is_an_error_with_both_reasons() {
        let sandbox = Sandbox::with_repo();
        let file = sandbox.path("r/.git/index");
        let mut index = fs::read(&file).unwrap();
        index[7] = 9;
        // No checksum, as with `index.skipHash`.
        let end = index.len() - 20;
        index[end..].fill(0);
        fs::write(&file, &index).unwrap();
        let said = error(sandbox.repo("r").tracked());
        for part in [
            ".git/index",
            "its version is 9",
            "git ls-files",
            "bad index version",
        ] {
            assert!(said.contains(part), "{said}");
        }
    }

    /// Git never does so, but what copies files may: all paths, or an error.
    #[test]
    fn an_index_that_is_written_in_place_while_it_is_read() {
        let sandbox = Sandbox::with_repo();
        for n in 0..3_000 {
            sandbox.write(&format!("r/many/{n}"), "");
        }
        sandbox.git("r", &["add", "-A"]);
        let file = sandbox.path("r/.git/index");
        let index = fs::read(&file).unwrap();
        let is_over = std::sync::atomic::AtomicBool::new(false);
        let order = std::sync::atomic::Ordering::Relaxed;
        let (mut good, mut bad) = (0, 0);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(order) {
                    for part in [&index[..index.len() / 3], &index] {
                        fs::write(&file, part).unwrap();
                        std::thread::sleep(Duration::from_millis(1));
                    }
                }
            });
            let repo = sandbox.repo("r");
            while (good < 20 || bad < 20) && good + bad < ATTEMPTS {
                match repo.tracked().map(|paths| paths.len()) {
                    Ok(3_005) => good += 1,
                    Err(_) => bad += 1,
                    Ok(other) => {
                        is_over.store(true, order);
                        panic!("{other} paths");
                    }
                }
            }
            is_over.store(true, order);
        });
        assert!(good > 0 && bad > 0, "{good} and {bad}");
    }

    #[test]
    fn a_truncated_index_is_an_error() {
        let sandbox = Sandbox::with_repo();
        let file = sandbox.path("r/.git/index");
        for version in ["2", "4"] {
            sandbox.git("r", &["update-index", "--index-version", version]);
            let index = fs::read(&file).unwrap();
            for length in 0..index.len() {
                fs::write(&file, &index[..length]).unwrap();
                match sandbox.repo("r").tracked() {
                    // Cut within the extensions, which hold no paths.
                    Ok(tracked) => assert_eq!(tracked.len(), 5, "{length}"),
                    Err(error) => {
                        let said = format!("{error:#}");
                        assert!(
                            said.contains(".git/index") && said.contains("damaged"),
                            "{said}"
                        );
                    }
                }
            }
            fs::write(&file, &index).unwrap();
        }
    }
}

mod untracked {
    use super::*;

    #[test]
    fn as_git_lists_them() {
        let sandbox = Sandbox::with_repo();
        sandbox.init("lib", &[]);
        sandbox.git(
            "r",
            &["submodule", "--quiet", "add", "../lib", "vendor/lib"],
        );
        sandbox.write("r/.gitignore", "*.log\n/build/\n!keep.log\n");
        sandbox.write("r/src/.gitignore", "a.tmp\n");
        sandbox.write("r/forced.log", "");
        sandbox.git("r", &["add", "-f", "forced.log", ".gitignore"]);
        sandbox.commit("r");
        for file in [
            ".hidden/x",
            ".ignore",
            "a.log",
            "build/out",
            "keep.log",
            "src/a.tmp",
            "src/new",
            "b.tmp",
            "vendor/lib/untracked",
            "vendor/other",
            "secret",
            "A",
        ] {
            sandbox.write(&format!("r/{file}"), "*\n");
        }
        fs::write(sandbox.path("r/.git/info/exclude"), "secret\n").unwrap();
        fs::remove_file(sandbox.path("r/z")).unwrap();
        let expected = sandbox.listed("r", &["--cached", "--others", "--exclude-standard"]);
        let found = sandbox.repo("r/src").tracked_and_untracked().unwrap();
        assert_eq!(shown(&paths(&found)), shown(&expected));
        assert_eq!(kind(&found, "vendor/lib"), Some(PathKind::Submodule));
        assert!(found.contains(b"z") && found.contains(b"src/new") && !found.contains(b"secret"));
    }

    #[test]
    fn not_those_of_another_repository() {
        let sandbox = Sandbox::with_repo();
        sandbox.init("r/nested", &[]);
        sandbox.write("r/src/new", "");
        let found = sandbox.repo("r").tracked_and_untracked().unwrap();
        assert_eq!(found.len(), 6 + usize::from(found.contains(b"nested")));
        assert_eq!(found.below(b"nested/").count(), 0);
    }

    #[test]
    fn outside_git_all_that_is_not_ignored() {
        let sandbox = Sandbox::new();
        sandbox.write(".gitignore", "b\n");
        for file in [
            "owners.toml",
            "b",
            "a/c",
            "a-d",
            ".h/x",
            "x.log",
            ".git/config",
        ] {
            sandbox.write(&format!("p/{file}"), "");
        }
        sandbox.write("p/.gitignore", "*.log\n");
        #[cfg(unix)]
        std::os::unix::fs::symlink("a", sandbox.path("p/link")).unwrap();
        let found = sandbox.repo("p/a").tracked().unwrap();
        let expected = [
            ".gitignore",
            ".h/x",
            "a-d",
            "a/c",
            "b",
            "link",
            "owners.toml",
        ];
        assert_eq!(shown(&paths(&found)), expected);
        assert_eq!(kind(&found, "link"), Some(PathKind::Symlink));
    }
}

mod git_processes {
    use super::*;

    #[test]
    fn ignored() {
        let sandbox = Sandbox::with_repo();
        sandbox.write("r/.gitignore", "*.log\n:odd\n");
        sandbox.write("r/in.log", "");
        sandbox.git("r", &["add", "-f", "in.log"]);
        let repo = sandbox.repo("r/src");
        let paths: [&[u8]; 5] = [b"a.log", b"src/x.log", b"in.log", b"z", b":odd"];
        let expected = [true, true, false, false, true];
        assert_eq!(repo.ignored(&paths).unwrap(), expected);
        assert_eq!(repo.ignored(&[b"z", b"in.log"]).unwrap(), [false, false]);
        assert!(repo.ignored(&[]).unwrap().is_empty());
        assert!(error(repo.ignored(&[b"../x"])).contains("not a path below"));
    }

    /// The renames from `HEAD` to the index, as `OLD NEW`.
    fn staged_renames(sandbox: &Sandbox) -> Vec<String> {
        sandbox.git("r", &["add", "-A"]);
        let repo = sandbox.repo("r");
        let head = repo.revision("HEAD").unwrap();
        let renames = repo.renames(&head, None, &repo.tracked().unwrap()).unwrap();
        let shown = renames.iter().map(|rename| {
            let (old, new) = (
                String::from_utf8_lossy(&rename.old),
                String::from_utf8_lossy(&rename.new),
            );
            format!("{old} {new}")
        });
        shown.collect()
    }

    /// Comparing the contents of large files would take minutes.
    #[test]
    fn renames_of_large_files_are_found_if_they_did_not_change() {
        let sandbox = Sandbox::with_repo();
        let text = |size: usize, end: &str| format!("{}{end}", "one line\n".repeat(size));
        sandbox.write("r/old/changed", &text(10, "x"));
        sandbox.write("r/old/same", &text(20, "x"));
        sandbox.git("r", &["add", "-A"]);
        sandbox.git("r", &["commit", "-qm", "small"]);
        fs::create_dir(sandbox.path("r/new")).unwrap();
        for name in ["changed", "same"] {
            let [old, new] = ["old", "new"].map(|dir| sandbox.path(&format!("r/{dir}/{name}")));
            fs::rename(old, new).unwrap();
        }
        sandbox.write("r/new/changed", &text(10, "y"));
        assert_eq!(
            staged_renames(&sandbox),
            ["old/changed new/changed", "old/same new/same"]
        );
        sandbox.write("r/new/large", &text(8 << 20, ""));
        assert_eq!(staged_renames(&sandbox), ["old/same new/same"]);
    }

    #[test]
    fn stage() {
        let sandbox = Sandbox::with_repo();
        sandbox.write("r/.github/CODEOWNERS", "x");
        sandbox.write("r/[z]", "x");
        sandbox.write("r/z", "changed");
        let repo = sandbox.repo("r/src");
        repo.stage(&[b".github/CODEOWNERS"]).unwrap();
        repo.stage(&[b"[z]"]).unwrap();
        assert_eq!(
            sandbox.git("r", &["diff", "--cached", "--name-only"]),
            b".github/CODEOWNERS\n[z]\n"
        );
        assert!(error(repo.stage(&[b"gone"])).contains("did not match any files"));
    }

    #[test]
    fn stage_takes_only_the_repository_s_own_index() {
        let sandbox = Sandbox::with_repo();
        sandbox.write("r/new", "x");
        let with = |index: &str| {
            sandbox.repo_with(
                "r/src",
                Env {
                    index_file: Some(index.into()),
                    ..Env::default()
                },
            )
        };
        for index in [".git/next-index-123.lock", "/tmp/index", "index"] {
            assert!(
                error(with(index).stage(&[b"new"])).contains("GIT_INDEX_FILE"),
                "{index}"
            );
        }
        // As in the hook of a plain `git commit`.
        with(".git/index").stage(&[b"new"]).unwrap();
        assert_eq!(sandbox.check("r").len(), 6);
    }

    /// What a hook really sees, in the main and in a linked worktree.
    #[cfg(unix)]
    #[test]
    fn hooks() {
        use std::os::unix::fs::PermissionsExt;
        let sandbox = Sandbox::with_repo();
        sandbox.git("r", &["worktree", "add", "-q", "../w"]);
        let hook = sandbox.path("r/.git/hooks/pre-commit");
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$PWD\" \"$GIT_DIR\" \"$GIT_INDEX_FILE\" >{0}/seen\n\
             git ls-files -z >{0}/listed\ncp \"$GIT_INDEX_FILE\" {0}/kept\n",
            sandbox.top.display()
        );
        sandbox.write("r/.git/hooks/pre-commit", &script);
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
        for (cwd, options) in [
            ("r/src", "-m"),
            ("r/src", "-am"),
            ("w", "-m"),
            ("w/src", "-am"),
        ] {
            sandbox.write(&format!("{cwd}/a.rs"), options);
            sandbox.write(&format!("{cwd}/added"), options);
            sandbox.git(cwd, &["add", "."]);
            sandbox.git(cwd, &["commit", "-q", options, "x"]);
            let seen = fs::read_to_string(sandbox.path("seen")).unwrap();
            let seen: Vec<_> = seen.lines().collect();
            let variable =
                |at: usize| Some(PathBuf::from(seen[at])).filter(|path| path != Path::new(""));
            // A temporary index is gone by now: its copy takes its place.
            let named = sandbox.path("kept");
            if let Some(index) = variable(2).map(|index| Path::new(seen[0]).join(index))
                && !index.exists()
            {
                fs::copy(&named, index).unwrap();
            }
            let env = Env {
                git_dir: variable(1),
                index_file: variable(2),
                ..Env::default()
            };
            let repo = Repo::discover_with(Path::new(seen[0]), &env).unwrap();
            assert_eq!(repo.root(), sandbox.path(&cwd[..1]));
            let listed = split(&fs::read(sandbox.path("listed")).unwrap());
            assert_eq!(
                shown(&paths(&repo.tracked().unwrap())),
                shown(&listed),
                "{cwd} {options}"
            );
            // Also into the index that `commit -a` makes: it becomes the real one.
            repo.stage(&[b"z"]).unwrap();
            if let Some(index) = variable(2).filter(|index| index.extension().is_some()) {
                fs::remove_file(Path::new(seen[0]).join(index)).unwrap();
            }
        }
    }
}

mod relative {
    use super::*;

    #[test]
    fn table() {
        let sandbox = Sandbox::with_repo();
        let repo = sandbox.repo("r");
        let absolute = sandbox.path("r/src/a.rs");
        for (cwd, path, expected) in [
            ("r", "src/a.rs", "src/a.rs"),
            ("r/src", "a.rs", "src/a.rs"),
            ("r/src", "./b//c.rs", "src/b/c.rs"),
            ("r/src", "../z", "z"),
            ("r/src", "../src/../gone/x", "gone/x"),
            ("r/src", "b/", "src/b/"),
            ("r/src", ".", "src"),
            ("r/src", "./", "src/"),
            ("r/src", "..", ""),
            ("r", "./", ""),
            ("", "r/src", "src"),
            ("", absolute.to_str().unwrap(), "src/a.rs"),
            ("r", "../r/z", "z"),
        ] {
            let found = repo.relative(&sandbox.path(cwd), Path::new(path)).unwrap();
            assert_eq!(
                String::from_utf8(found).unwrap(),
                expected,
                "{path} in {cwd}"
            );
        }
        for (cwd, path) in [
            ("r", ""),
            ("r", ".."),
            ("r/src", "../../x"),
            ("r", "/etc/passwd"),
            ("", "rx"),
        ] {
            assert!(
                repo.relative(&sandbox.path(cwd), Path::new(path)).is_err(),
                "{path} in {cwd}"
            );
        }
        let outside = error(repo.relative(&sandbox.path("r"), Path::new("../x")));
        assert!(outside.contains("../x") && outside.contains(repo.root().to_str().unwrap()));
    }

    #[cfg(unix)]
    #[test]
    fn through_symlinks() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;
        let sandbox = Sandbox::with_repo();
        symlink(sandbox.path("r"), sandbox.path("to-root")).unwrap();
        symlink(sandbox.path("r/src"), sandbox.path("to-src")).unwrap();
        symlink("src", sandbox.path("r/inner")).unwrap();
        symlink("/", sandbox.path("r/out")).unwrap();
        let repo = sandbox.repo("to-src/b");
        assert_eq!(repo.root(), sandbox.path("r"));
        for (cwd, path, expected) in [
            ("to-root", "z", "z"),
            ("to-root", ".", ""),
            ("to-root/src", "../gone/", "gone/"),
            ("to-root", "inner/a.rs", "inner/a.rs"),
            ("to-src", "a.rs", "src/a.rs"),
            ("to-src", "gone/x", "src/gone/x"),
            ("r", "../to-root/inner", "inner"),
            ("r", "out/x", "out/x"),
        ] {
            let found = repo.relative(&sandbox.path(cwd), Path::new(path)).unwrap();
            assert_eq!(
                String::from_utf8(found).unwrap(),
                expected,
                "{path} in {cwd}"
            );
        }
        let bytes = Path::new(OsStr::from_bytes(b"caf\xe9/x"));
        assert_eq!(
            repo.relative(&sandbox.path("r"), bytes).unwrap(),
            b"caf\xe9/x"
        );
    }
}

mod files {
    use super::*;

    /// The names in a directory, so that no temporary file goes unnoticed.
    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn read() {
        let sandbox = Sandbox::with_repo();
        let repo = sandbox.repo("r/src");
        assert_eq!(repo.read(b"src/a.rs").unwrap().unwrap(), b"src/a.rs");
        for missing in ["gone", "gone/x", "z/x"] {
            assert_eq!(repo.read(missing.as_bytes()).unwrap(), None, "{missing}");
        }
        let said = error(repo.read(b"src"));
        assert!(
            said.contains("src") && said.contains("it is a directory"),
            "{said}"
        );
        for outside in ["", "/etc/passwd", "../x", "src/../../x", ".", "a\0b"] {
            assert!(
                error(repo.read(outside.as_bytes())).contains("not a path below"),
                "{outside}"
            );
        }
    }

    #[test]
    fn write() {
        let sandbox = Sandbox::with_repo();
        let repo = sandbox.repo("r/src");
        repo.write(b"z", b"new").unwrap();
        assert_eq!(repo.read(b"z").unwrap().unwrap(), b"new");
        repo.write(b".github/deep/CODEOWNERS", b"x").unwrap();
        assert_eq!(names(&sandbox.path("r/.github/deep")), ["CODEOWNERS"]);
        assert_eq!(
            names(repo.root()),
            [".git", ".github", "README.md", "src", "src-x", "z"]
        );
    }

    #[test]
    fn write_refuses() {
        let sandbox = Sandbox::with_repo();
        let repo = sandbox.repo("r");
        for (path, reason) in [
            ("src", "directory"),
            ("z/x", "cannot create the directory"),
            (".git/hooks/pre-commit", "inside `.git`"),
            ("src/.GIT/x", "inside `.git`"),
            ("../x", "not a path below"),
            ("/tmp/x", "not a path below"),
        ] {
            let said = error(repo.write(path.as_bytes(), b"x"));
            assert!(said.contains(reason), "{path}: {said}");
        }
        assert!(!sandbox.path("r/.git/hooks/pre-commit").exists());
        assert_eq!(
            names(repo.root()),
            [".git", "README.md", "src", "src-x", "z"]
        );
    }

    #[cfg(unix)]
    #[test]
    fn modes() {
        use std::os::unix::fs::PermissionsExt;
        let sandbox = Sandbox::with_repo();
        let repo = sandbox.repo("r");
        let mode = |name: &str| {
            fs::metadata(sandbox.path(name))
                .unwrap()
                .permissions()
                .mode()
                & 0o777
        };
        for kept in [0o600, 0o755, 0o664, 0o444] {
            fs::set_permissions(sandbox.path("r/z"), fs::Permissions::from_mode(kept)).unwrap();
            repo.write(b"z", b"x").unwrap();
            assert_eq!(mode("r/z"), kept);
        }
        fs::File::create(sandbox.path("ordinary")).unwrap();
        repo.write(b"new", b"x").unwrap();
        assert_eq!(mode("r/new"), mode("ordinary") & 0o644);
    }

    #[cfg(unix)]
    #[test]
    fn symlinks_stay_inside() {
        use std::os::unix::fs::symlink;
        let sandbox = Sandbox::with_repo();
        let repo = sandbox.repo("r");
        sandbox.write("outside/f", "safe");
        for (link, target) in [
            ("file", "../outside/f"),
            ("dangling", "../outside/new"),
            ("dir", "../outside"),
            ("dangling-dir", "../nowhere"),
            ("to-git", ".git"),
            ("to-config", ".git/config"),
            ("to-src", "src"),
            ("to-z", "z"),
            ("loop", "loop"),
            ("up", ".."),
        ] {
            symlink(target, sandbox.path("r").join(link)).unwrap();
        }
        for path in [
            "file",
            "dangling",
            "dir/f",
            "dir/new",
            "dir/a/b",
            "dangling-dir/x",
            "to-git/x",
            "to-git/hooks/pre-commit",
            "to-config",
            "loop",
            "loop/x",
            "to-src",
            "up/x",
            "up/x/y",
        ] {
            let said = error(repo.write(path.as_bytes(), b"x"));
            assert!(said.contains("cannot write"), "{path}: {said}");
        }
        assert_eq!(names(&sandbox.path("outside")), ["f"]);
        assert_eq!(fs::read(sandbox.path("outside/f")).unwrap(), b"safe");
        assert_eq!(names(&sandbox.top), ["outside", "r"]);

        repo.write(b"to-z", b"new").unwrap();
        assert!(
            fs::symlink_metadata(sandbox.path("r/to-z"))
                .unwrap()
                .is_symlink()
        );
        assert_eq!(repo.read(b"z").unwrap().unwrap(), b"new");
        repo.write(b"to-src/a.rs", b"new").unwrap();
        assert_eq!(repo.read(b"src/a.rs").unwrap().unwrap(), b"new");
    }
}

/// Outside git, the search for `owners.toml` stops where that for `.git` does.
#[test]
fn a_configuration_above_a_ceiling() {
    let top = TempDir::new().unwrap();
    let top = dunce::canonicalize(top.path()).unwrap();
    let (around, inner) = (top.join("a"), top.join("a/b"));
    fs::create_dir_all(&inner).unwrap();
    fs::write(around.join("owners.toml"), "").unwrap();
    for (ceiling, is_found) in [(&top, true), (&around, false)] {
        let env = Env {
            ceilings: vec![ceiling.clone()],
            ..Env::default()
        };
        assert_eq!(Repo::discover_with(&inner, &env).is_ok(), is_found);
    }
}
