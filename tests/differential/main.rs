//! The real binary against independent models: random rule sets and CODEOWNERS files in real
//! repositories, whose indexes have every shape that git writes.
//!
//! - What `who` says is what a plain reading of the documentation says (`model`), and so is what
//!   `ls`, `check`, `stats` and `diff` make of it, of the index and of a commit.
//! - The generated file for GitHub, read by regular expressions, gives every path the same owners;
//!   the one for GitLab, read by Ruby's own `File.fnmatch?`, does so too.
//! - `check --fix` keeps the owners of every path, and `init` those of a CODEOWNERS file.
//!
//! A test run takes the same few cases each time. For a long one, with other cases:
//!
//! ```text
//! DIFFERENTIAL_SECONDS=600 cargo test --release --locked --test differential -- --nocapture
//! ```
//!
//! `DIFFERENTIAL_SEED=N` names the first case, as a failure prints it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod imports;
mod input;
mod model;
mod rules;
#[path = "../support/mod.rs"]
mod support;
mod world;

use std::time::{Duration, Instant, SystemTime};

use input::{rule_set, strangers, texts};
use model::RuleSet;
use rules::{Case, shrink};
use support::random::Random;
use support::ruby::Ruby;
use world::{SHAPES, World};

/// What a run of the binary left.
#[derive(Debug)]
struct Outcome {
    code: i32,
    stdout: Vec<u8>,
    stderr: String,
}

/// What was compared, to be quoted.
#[derive(Debug, Default)]
struct Counts {
    rule_sets: usize,
    /// Rule sets that every command was asked about.
    full: usize,
    paths: usize,
    github: usize,
    gitlab: usize,
    ruby: usize,
    /// Rule sets that a forge cannot say.
    inexact: usize,
    /// Generated files in which a widened line decides a tracked path, as `check` says.
    widened: usize,
    fixed: usize,
    imports: usize,
    refused: usize,
    /// CODEOWNERS files about which `reviewers` was asked.
    reviewers: usize,
    sparse: usize,
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        for (sum, count) in [
            (&mut self.rule_sets, other.rule_sets),
            (&mut self.full, other.full),
            (&mut self.paths, other.paths),
            (&mut self.github, other.github),
            (&mut self.gitlab, other.gitlab),
            (&mut self.ruby, other.ruby),
            (&mut self.inexact, other.inexact),
            (&mut self.widened, other.widened),
            (&mut self.fixed, other.fixed),
            (&mut self.imports, other.imports),
            (&mut self.refused, other.refused),
            (&mut self.reviewers, other.reviewers),
            (&mut self.sparse, other.sparse),
        ] {
            *sum += count;
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{} rule sets ({} with every command), {} paths: {} files for GitHub ({} widened), {} for \
             GitLab ({} read by Ruby), {} rule sets that a forge cannot say; {} edited by --fix; \
             {} CODEOWNERS files imported, {} refused, {} read by reviewers; {} sparse indexes",
            self.rule_sets,
            self.full,
            self.paths,
            self.github,
            self.widened,
            self.gitlab,
            self.ruby,
            self.inexact,
            self.fixed,
            self.imports,
            self.refused,
            self.reviewers,
            self.sparse
        )
    }
}

/// All of one seed: a tree in an index of some shape, rule sets and CODEOWNERS files for it.
///
/// Of `cheap` more rule sets, only the answers of `who` and the generated files are compared, and of
/// a third as many CODEOWNERS files what `init` makes of them.
fn world(seed: u64, cheap: usize, ruby: &mut Option<Ruby>, counts: &mut Counts) {
    let mut random = Random::new(seed);
    let shape = SHAPES[seed as usize % SHAPES.len()];
    let tree = input::tree(&mut random);
    let mut world = World::new(&mut random, shape, tree);
    let before = rule_set(&mut random, &world.tree, true);
    let old = world.install(&mut random, &texts(&before));
    let set = rule_set(&mut random, &world.tree, true);
    counts.rule_sets += 1;
    let others = strangers(&mut random, &world.tree);
    let commit = world.install(&mut random, &texts(&set));
    let case = Case::new(&world, &set, &others);
    let compared = (case.who_and_gen(ruby, counts))
        .and_then(|()| case.everything_else(&commit, counts))
        .and_then(|()| case.diff(&Case::new(&world, &before, &[]), [&old, &commit]))
        .and_then(|()| case.fix(counts));
    compared.unwrap_or_else(|fault| fail(seed, &world, &set, &fault));
    counts.sparse += usize::from(world.has_sparse_index());

    // One file at the root from here on: nothing of the index changes.
    let set = rule_set(&mut random, &world.tree, false);
    world.install(&mut random, &texts(&set));
    for _ in 0..cheap {
        let set = rule_set(&mut random, &world.tree, false);
        let others = strangers(&mut random, &world.tree);
        let mut differs = |set: &RuleSet, counts: &mut Counts| {
            world.write("owners.toml", &texts(set)[0].1);
            let case = Case::new(&world, set, &others);
            case.who_and_gen(ruby, counts).err()
        };
        counts.rule_sets += 1;
        if let Some(fault) = differs(&set, counts) {
            let (set, smaller) = shrink(&set, |set| differs(set, &mut Counts::default()));
            fail(seed, &world, &set, &smaller.unwrap_or(fault));
        }
    }
    for _ in 0..cheap.div_ceil(3) {
        imports::import(&mut random, &world, ruby, counts)
            .unwrap_or_else(|fault| panic!("DIFFERENTIAL_SEED={seed} ({shape:?}): {fault}"));
    }
}

fn fail(seed: u64, world: &World, set: &RuleSet, fault: &str) -> ! {
    let texts = texts(set);
    let files: Vec<String> = texts
        .iter()
        .map(|(path, text)| format!("--- {path}\n{text}"))
        .collect();
    let tracked: Vec<String> = world
        .tracked(&texts)
        .iter()
        .map(|path| support::as_text(path))
        .collect();
    panic!(
        "DIFFERENTIAL_SEED={seed} ({:?}): {fault}\n{}\n--- tracked\n{tracked:?}",
        world.shape,
        files.concat()
    );
}

/// Few cases in a test run; many, until the time is over, by hand.
#[test]
fn the_binary_says_what_the_models_say() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let seconds = number("DIFFERENTIAL_SECONDS");
    let clock = || {
        SystemTime::UNIX_EPOCH
            .elapsed()
            .map_or(1, |time| time.as_secs())
            * 1_000_000
    };
    let first = match (number("DIFFERENTIAL_SEED"), seconds) {
        (Some(seed), _) => seed,
        (None, Some(_)) => clock(),
        (None, None) => 0,
    };
    let deadline = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let threads = 2;
    let work = |thread: u64| {
        let mut ruby = Ruby::start();
        let mut counts = Counts::default();
        for step in 0.. {
            let is_over = match deadline {
                Some(deadline) => Instant::now() > deadline,
                None => first + thread + step * threads >= SHAPES.len() as u64,
            };
            if is_over {
                break;
            }
            let cheap = if deadline.is_some() { 30 } else { 4 };
            world(
                first + thread + step * threads,
                cheap,
                &mut ruby,
                &mut counts,
            );
        }
        counts
    };
    let mut sum = Counts::default();
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || work(thread)))
            .collect();
        for run in runs {
            match run.join() {
                Ok(counts) => sum.add(&counts),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    println!("from DIFFERENTIAL_SEED={first}: {sum}0 differences");
    assert!(sum.rule_sets > 0 && sum.paths > 0);
}
