//! Walks a directory of clones, bare or not, and says how much of each is owned. A repository that
//! fails is a line with its error, not the end of the run.
//!
//! ```text
//! cargo run --release --example clones -- DIR
//! ```

use std::error::Error;
use std::fs;
use std::path::Path;

use owners::git::{Env, Repo};
use owners::ruleset::survey::Survey;

/// How much of a repository is owned.
fn coverage(directory: &Path) -> Result<String, Box<dyn Error>> {
    // A directory that is no clone must not stand for a repository around it.
    let env = Env {
        ceilings: directory.parent().map(Into::into).into_iter().collect(),
        ..Env::default()
    };
    let repo = Repo::discover_with(directory, &env)?;
    let Some((project, paths)) = repo.rules_and_paths(None)? else {
        return Ok("no rules".to_string());
    };
    let survey = Survey::new(&project.rules.matcher(), &paths);
    Ok(format!(
        "{} paths: {} owned, {} nobody, {} unowned",
        paths.len(),
        survey.owned,
        survey.nobody,
        survey.unowned.len(),
    ))
}

/// A line for each directory in this one.
pub(crate) fn lines(directory: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut clones = Vec::new();
    for entry in fs::read_dir(directory)? {
        clones.push(entry?.path());
    }
    clones.sort();
    let lines = clones.iter().filter(|path| path.is_dir()).map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match coverage(path) {
            Ok(said) => format!("{name}: {said}"),
            Err(error) => format!("{name}: error: {error}"),
        }
    });
    Ok(lines.collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("name a directory")?;
    #[expect(clippy::print_stdout, reason = "an example")]
    for line in lines(Path::new(&directory))? {
        println!("{line}");
    }
    Ok(())
}
