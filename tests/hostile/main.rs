//! Repositories that a stranger made to break something, and every command on each of them: it ends
//! as a program does, changes and shows nothing outside of the repository, takes over no terminal
//! and no CI job, and answers soon.
//!
//! A test run has small inputs. With those that the limits are about, and a table of what they cost
//! (needs Python 3, and 10 GB in the temporary directory for a while):
//!
//! ```text
//! HOSTILE=full cargo test --release --locked --test hostile -- --nocapture
//! ```
//!
//! `HOSTILE_ONLY=TEXT` is for repositories with that in their name, `HOSTILE_COMMANDS=check,gen` for
//! these commands; `HOSTILE_PATIENCE=SECONDS` ends what takes longer, and `OWNERS=FILE` names another
//! binary.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod judge;
mod repositories;
mod run;
mod sizes;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::sync::Mutex;
use std::time::Instant;

use repositories::{BUILDERS, Builder, Size};
use run::{Cost, LOOKING, WRITING, run};

/// An answer takes at most so many seconds,
const SECONDS: f64 = 5.0;
/// and so many megabytes.
const MEGABYTES: f64 = 500.0;
/// An input for which so many commands had to be ended is given up.
const GIVEN_UP: usize = 3;

/// Runs every command on a repository. All faults, and the table's rows.
fn every_command(
    &(name, build): &Builder,
    size: Size,
    patience: Option<u64>,
) -> (Vec<String>, String) {
    let repository = build(size);
    let mut faults = Vec::new();
    let (mut slowest, mut largest) = ((Cost::default(), ""), (Cost::default(), ""));
    let mut ended = 0;
    let only = std::env::var("HOSTILE_COMMANDS").ok();
    for command in LOOKING.iter().chain(WRITING) {
        let is_wanted = |only: &String| only.split(',').any(|each| each == *command);
        if !only.as_ref().is_none_or(is_wanted) {
            continue;
        }
        let before = judge::outside(&repository);
        let (output, cost) = run(&repository, command, patience);
        let mut found = Vec::new();
        if cost.is_ended {
            ended += 1;
        } else {
            found = judge::faults(&repository, command, &output, &before);
        }
        // What one command left behind is not to be blamed on the next.
        let _ = fs::remove_file(repository.sandbox.root.join("../outside/marker"));
        if cost.seconds() > SECONDS || cost.is_ended || cost.memory > MEGABYTES {
            found.push(format!("takes {}", shown(cost)));
        }
        faults.extend(
            found
                .iter()
                .map(|fault| format!("{name}: owners {command}: {fault}")),
        );
        if cost.seconds() > slowest.0.seconds() {
            slowest = (cost, command);
        }
        if cost.memory > largest.0.memory {
            largest = (cost, command);
        }
        if ended == GIVEN_UP {
            break;
        }
    }
    let ((slow, slowest), (large, largest)) = (slowest, largest);
    let row = format!(
        "| {name} | {} | `{slowest}` {} | `{largest}` {:.0} MB |",
        repository.size,
        shown_time(slow),
        large.memory
    );
    (faults, row)
}

fn shown(cost: Cost) -> String {
    format!("{} and {:.0} MB", shown_time(cost), cost.memory)
}

fn shown_time(cost: Cost) -> String {
    let over = if cost.is_ended { "over " } else { "" };
    format!("{over}{:.2} s", cost.seconds())
}

/// `owners check | head` is as bad as `owners check`.
#[test]
fn a_reader_that_hangs_up_changes_no_exit_code() {
    let (_, build) = BUILDERS
        .iter()
        .find(|(name, _)| name.starts_with("names"))
        .unwrap();
    let repository = build(Size::Small);
    for command in LOOKING {
        let (expected, _) = run(&repository, command, None);
        let found = run::hung_up(&repository, command);
        assert_eq!(found.code(), expected.status.code(), "{command}");
    }
}

#[test]
fn every_command_on_every_hostile_repository() {
    let is_full = std::env::var_os("HOSTILE").is_some_and(|size| size == "full");
    let only = std::env::var("HOSTILE_ONLY").unwrap_or_default();
    let large = sizes::BUILDERS.iter().filter(|_| is_full);
    let builders: Vec<&Builder> = (BUILDERS.iter().chain(large))
        .filter(|(name, _)| name.contains(&only))
        .collect();
    let all_faults = Mutex::new(Vec::new());
    if is_full {
        let patience = std::env::var("HOSTILE_PATIENCE").ok();
        let patience = patience.and_then(|text| text.parse().ok()).unwrap_or(60);
        println!("| input | size | slowest command | largest command |");
        println!("|---|---|---|---|");
        for builder in builders {
            let (faults, row) = every_command(builder, Size::Full, Some(patience));
            println!("{row}");
            all_faults.lock().unwrap().extend(faults);
        }
    } else {
        let next = Mutex::new(builders.into_iter());
        let work = || {
            loop {
                let builder = next.lock().unwrap().next();
                let Some(builder) = builder else {
                    return;
                };
                let start = Instant::now();
                let (faults, _) = every_command(builder, Size::Small, None);
                let seconds = start.elapsed().as_secs_f64();
                println!("{seconds:5.2} s  {}", builder.0);
                all_faults.lock().unwrap().extend(faults);
            }
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .for_each(|thread| thread.join().unwrap());
        });
    }
    let faults = all_faults.into_inner().unwrap();
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
