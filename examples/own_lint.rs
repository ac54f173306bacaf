//! Runs a lint of its own beside the built-in ones.
//!
//! ```text
//! cargo run --example own_lint
//! ```
//!
//! `[lints]` of `owners.toml` sets its level by its name: `"acme/bus-factor" = "deny"`.

use std::error::Error;
use std::path::Path;

use owners::config::Level;
use owners::git::Repo;
use owners::lint::{Context, Findings, Levels, Lint, Lints};
use owners::text::Diagnostic;

/// The lints of this program. A name has a prefix, so that it is never that of a built-in lint.
const OWN: &[Lint] = &[Lint {
    name: "acme/bus-factor",
    level: Level::Warn,
    summary: "one person alone owns more than half of the paths",
    page: "# acme/bus-factor\n\nAsk somebody else to join.\n",
    check: &bus_factor,
}];

/// A lint reads what is known and reports diagnostics. It does not know its level.
fn bus_factor(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rules = &context.project.rules;
    for rule in rules.rules() {
        let [person] = &*rule.people else {
            continue;
        };
        let decided = rule
            .lines
            .into_iter()
            .map(|line| context.survey.decided[line]);
        let paths: usize = decided.sum();
        if paths * 2 > context.facts.paths.len() {
            let message = format!("`{person}` alone owns {paths} paths");
            let diagnostic = Diagnostic::error(message)
                .at(rule.file, rule.pattern.span.clone(), "by this rule")
                .help("add a second owner");
            findings.report(diagnostic);
        }
    }
}

/// The names and messages of all findings.
pub(crate) fn findings(directory: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let repo = Repo::discover(directory)?;
    let tracked = repo.tracked()?;
    let project = repo.project(&tracked)?.ok_or("there is no owners.toml")?;
    let facts = repo.facts(&project, tracked)?;
    let levels = Levels::new(&project);
    let found = owners::check_with(Lints::with(OWN), &project, &facts, &levels);
    let shown = found.into_iter().map(|each| {
        let lint = each.lint.unwrap_or_default();
        format!("{:?} {lint}: {}", each.severity, each.message)
    });
    Ok(shown.collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    #[expect(clippy::print_stdout, reason = "an example")]
    for finding in findings(Path::new("."))? {
        println!("{finding}");
    }
    Ok(())
}
