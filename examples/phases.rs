//! Where the time of `owners check`, `who` and `gen` goes, stage by stage, in one process.
//!
//! ```text
//! cargo run --release --example phases -- REPOSITORY
//! ```
//!
//! Each figure is the median of several runs in milliseconds. The stages run one after another
//! here; the command overlaps some of them.

#![expect(clippy::print_stdout, reason = "figures for a person")]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use owners::PathSet;
use owners::codeowners::proof;
use owners::config;
use owners::git::Repo;
use owners::lint::{self, Context, Levels};
use owners::ruleset::survey::Survey;
use owners::text::{FileId, Source, Sources};
use owners::{Project, ruleset};

const RUNS: usize = 9;

fn main() -> anyhow::Result<()> {
    let directory = std::env::args_os().nth(1).map_or(".".into(), PathBuf::from);
    let repo = Repo::discover(&directory)?;
    let bytes = repo.read(b"owners.toml")?.unwrap_or_default();
    let project = Project::load("owners.toml", bytes.clone())?;
    let source = || Source::from_bytes("owners.toml", bytes.clone()).map_err(|_| ());
    let sources = Sources::new(source().unwrap_or_else(|()| unreachable!()));
    let parse = || config::parse(FileId::ROOT, &sources[FileId::ROOT], "");
    // It was loaded before.
    let (config, _) = parse().unwrap_or_else(|_| unreachable!());
    let configs = [config];
    let rules = &project.rules;
    let output = &project.config.outputs[0];
    let rendered = project.render_all();
    let paths = repo.tracked()?;
    let facts = repo.facts(&project, paths.clone())?;
    let matcher = rules.matcher();
    let survey = Survey::new(&matcher, &paths);
    println!(
        "{} paths, {} lines of rules",
        paths.len(),
        rules.lines().len()
    );

    stage("TOML to configuration", parse);
    stage("configuration to rules", || {
        ruleset::resolve(&configs, &sources)
    });
    stage("dropping the rules", || rules.clone());
    stage("compiling the matcher", || rules.matcher());
    stage("reading the index", || repo.tracked());
    stage("survey", || Survey::new(&matcher, &paths));
    stage("deciding every path", || {
        let mut walk = matcher.walk();
        paths.iter().filter_map(|path| walk.decide(path)).count()
    });
    stage("facts", || repo.facts(&project, PathSet::default()));
    stage("rendering", || project.render(output));
    if let Some(Ok(rendered)) = rendered.of(output) {
        stage("proof", || proof::prove(rules, rendered, &paths));
    }
    let context = Context::new(&project, &facts, &matcher, &survey, &rendered);
    stage("lints", || lint::run(&context, &Levels::new(&project)));
    println!(
        "{} findings",
        lint::run(&context, &Levels::new(&project)).len()
    );
    Ok(())
}

fn stage<T>(name: &str, mut run: impl FnMut() -> T) {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:30} {:8.1} ms", times[RUNS / 2]);
}
