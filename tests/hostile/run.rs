//! Every command, run and measured.

use std::fs;
use std::path::PathBuf;
use std::process::{ExitStatus, Output, Stdio};

use crate::repositories::Repository;
use crate::support::{output, owners};

/// What `who --stdin` is asked about.
const PATHS: &[u8] = b"a/b\nREADME.md\n";

/// What only looks.
pub(crate) const LOOKING: &[&str] = &[
    "check",
    "check --format short",
    "check --format json",
    "check --format github",
    "check --format sarif",
    "check --format gitlab",
    "check --rev HEAD",
    "check --changed main",
    "check --untracked",
    "check --fix --dry-run",
    "check --fix=tree --dry-run",
    "gen --check",
    "gen --stdout",
    "who a/b README.md",
    "who --explain a/b",
    "who --members --json a/b",
    "who a/",
    "who --stdin",
    "ls",
    "ls --unowned",
    "ls --name-only -0 --nobody",
    "ls --rev HEAD",
    "export",
    "export --paths",
    "export --paths --format csv --rev HEAD",
    "stats",
    "stats -v --by owner",
    "stats --by dir",
    "stats --json --rev HEAD",
    "map -o -",
    "map -o - --lines --risk --history 4 --rev HEAD",
    "map -o - --lines main HEAD",
    "diff",
    "diff main HEAD",
    "diff -v main HEAD --format markdown",
    "diff main HEAD --format json",
    "reviewers main",
    "suggest",
    "suggest --rev HEAD --json -v",
    "risk -v",
    "reviewers main HEAD --format markdown",
    "reviewers main HEAD --json",
    "explain dead-pattern",
    "schema",
    "completions bash",
    "man",
];

/// What writes, in an order in which each has something to do.
pub(crate) const WRITING: &[&str] = &[
    "gen",
    "gen --force --stage",
    "check --fix",
    "check --fix=tree",
    "init",
    "init --force --write-output",
    "init --force --no-fold --exempt-unowned --platform gitlab",
];

/// What a run cost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// Of the clock, in seconds.
    pub(crate) wall: f64,
    /// Of processors, in seconds.
    pub(crate) processor: f64,
    /// Peak memory of the largest process, in MB.
    pub(crate) memory: f64,
    /// It took too long and was ended.
    pub(crate) is_ended: bool,
}

impl Cost {
    /// What other processes on the machine take counts on the clock, and a second thread for
    /// processors, so that the lesser of both is nearer to the time on a quiet machine.
    pub(crate) fn seconds(&self) -> f64 {
        self.wall.min(self.processor)
    }
}

/// Runs the rest of its arguments; writes its costs to the first, after so many seconds of a processor
/// as the second says at the latest. What waits for other processes has ten times as long.
const MEASURE: &str = r#"
import os, resource, signal, sys, threading, time
report, patience, *command = sys.argv[1:]
patience = int(patience)
resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (patience, patience + 1))
start = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ, setpgroup=0)
timer = threading.Timer(10 * patience, lambda: os.killpg(child, signal.SIGKILL))
timer.start()
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - start
timer.cancel()
is_ended = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
scale = 1 if sys.platform == "darwin" else 1024
with open(report, "w") as file:
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 1e6, int(is_ended), status, file=file)
"#;

/// Runs a command in a repository; with `patience`, measures it.
pub(crate) fn run(repository: &Repository, command: &str, patience: Option<u64>) -> (Output, Cost) {
    let sandbox = &repository.sandbox;
    let report = std::env::temp_dir().join(format!("owners-cost-{}", std::process::id()));
    let mut process = match patience {
        None => sandbox.command(owners()),
        Some(patience) => {
            let mut process = sandbox.command("python3");
            process.args(["-c", MEASURE]).arg(&report);
            process.arg(patience.to_string()).arg(owners());
            process
        }
    };
    process
        .args(command.split_whitespace())
        .current_dir(sandbox.root.join(repository.start))
        // Where people read, commands for CI must be paused; nowhere else is it different.
        .env("GITHUB_ACTIONS", "true");
    let mut output = output(process, PATHS.to_vec());
    let mut cost = Cost::default();
    if patience.is_some() {
        let (measured, status) = read_report(&report);
        (cost, output.status) = (measured, status);
    }
    (output, cost)
}

/// Runs a command whose standard output nobody reads any more.
pub(crate) fn hung_up(repository: &Repository, command: &str) -> ExitStatus {
    // Hung up before anything is written, however busy the machine is.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let paths = repository.sandbox.root.join("../paths");
    fs::write(&paths, PATHS).unwrap();
    let mut process = repository.sandbox.command(owners());
    process
        .args(command.split_whitespace())
        .stdin(fs::File::open(paths).unwrap())
        .stdout(writer)
        .stderr(Stdio::null());
    process.env("GITHUB_ACTIONS", "true").status().unwrap()
}

fn read_report(report: &PathBuf) -> (Cost, ExitStatus) {
    use std::os::unix::process::ExitStatusExt as _;

    let text = fs::read_to_string(report).unwrap();
    fs::remove_file(report).unwrap();
    let numbers: Vec<f64> = text
        .split_whitespace()
        .map(|number| number.parse().unwrap())
        .collect();
    let cost = Cost {
        wall: numbers[0],
        processor: numbers[1],
        memory: numbers[2],
        is_ended: numbers[3] > 0.0,
    };
    (cost, ExitStatus::from_raw(numbers[4] as i32))
}
