//! Answers `who` and `check` from another program, as the command does.
//!
//! ```text
//! cargo run --example embed -- PATH ...
//! ```

use std::error::Error;
use std::path::Path;

use owners::Ownership;
use owners::git::Repo;
use owners::lint::Levels;

/// Who owns each path, and then what is wrong with the configuration.
pub(crate) fn answers(directory: &Path, paths: &[String]) -> Result<Vec<String>, Box<dyn Error>> {
    let repo = Repo::discover(directory)?;
    let tracked = repo.tracked()?;
    let project = repo.project(&tracked)?.ok_or("there is no owners.toml")?;

    let matcher = project.rules.matcher();
    let mut walk = matcher.walk();
    let who = |path: &String| match walk.ownership(path.as_bytes()) {
        Ownership::Owned(owners) => {
            let owners: Vec<&str> = owners.iter().map(owners::Owner::as_str).collect();
            format!("{path}: {}", owners.join(" "))
        }
        Ownership::Nobody => format!("{path}: nobody"),
        Ownership::Unowned => format!("{path}: unowned"),
    };
    let mut answers: Vec<String> = paths.iter().map(who).collect();

    let facts = repo.facts(&project, tracked)?;
    let findings = owners::check(&project, &facts, &Levels::new(&project));
    answers.extend(findings.into_iter().map(|finding| finding.message));
    Ok(answers)
}

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    #[expect(clippy::print_stdout, reason = "an example")]
    for answer in answers(Path::new("."), &paths)? {
        println!("{answer}");
    }
    Ok(())
}
