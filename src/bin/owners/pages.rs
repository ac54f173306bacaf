//! What help and manual say of each command beyond its options: examples, exit codes and files.
//!
//! `--help` shows the examples, and the manual shows everything.

use std::fmt::Write as _;

use clap::error::ErrorKind;
use clap::{Command, CommandFactory};

use crate::args::Cli;

/// The texts of one command.
pub(crate) struct Page {
    /// The name of the command; empty for `owners` itself.
    name: &'static str,
    /// What the example does, and the command line.
    pub(crate) examples: &'static [(&'static str, &'static str)],
    /// When the exit code is 0, and when it is 1, if it can be.
    pub(crate) exit: (&'static str, Option<&'static str>),
    /// The files that it reads or writes.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// When the exit code is 2, for every command.
pub(crate) const CANNOT_RUN: &str = "The command could not run: wrong usage, an error in \
    owners.toml, no repository, or a file that cannot be read or written.";

const CONFIG: (&str, &str) = (
    "owners.toml",
    "The rules, at the root of the repository. With `nested = true`, directories may have their own.",
);
const GENERATED: (&str, &str) = (
    ".github/CODEOWNERS, .gitlab/CODEOWNERS",
    "The generated file that the forge reads. `[output] file` names another one.",
);
const SUMMARY: (&str, &str) = (
    "$GITHUB_STEP_SUMMARY",
    "In a job of GitHub Actions: the whole result is added to this file, as Markdown.",
);

const PAGES: &[Page] = &[
    Page {
        name: "",
        examples: &[
            (
                "Start: create owners.toml from the CODEOWNERS file, and replace that",
                "owners init && owners gen --force",
            ),
            (
                "Show who owns a file, and which rule decides",
                "owners who --explain src/lib.rs",
            ),
        ],
        exit: (
            "Success.",
            Some("There is something to do, for example a finding of `owners check`."),
        ),
        files: &[CONFIG, GENERATED],
    },
    Page {
        name: "gen",
        examples: &[
            ("Write the generated files", "owners gen"),
            (
                "In CI: show what would change, and fail if anything would",
                "owners gen --check",
            ),
        ],
        exit: (
            "The files were written, or they were up to date.",
            Some("`--check` found an outdated file, or the forge cannot express a pattern."),
        ),
        files: &[CONFIG, GENERATED],
    },
    Page {
        name: "check",
        examples: &[
            (
                "Check everything, with warnings as errors",
                "owners check -D warnings",
            ),
            (
                "Report only what the current branch causes",
                "owners check --changed origin/main",
            ),
            (
                "Remove patterns that match nothing in this tree",
                "owners check --fix=tree",
            ),
            (
                "Run the program owners-check-contacts as well",
                "owners check --plugin contacts",
            ),
            (
                "Ask the forge whether the owners exist and have write access",
                "owners check --live",
            ),
        ],
        exit: (
            "There is no finding of level deny.",
            Some("There is a finding of level deny."),
        ),
        files: &[CONFIG, GENERATED, SUMMARY],
    },
    Page {
        name: "who",
        examples: &[
            (
                "Show the owners of a file and of everything in a directory",
                "owners who src/lib.rs docs/",
            ),
            (
                "Show the owners of the files of a change, as JSON",
                "git diff --relative --name-only main | owners who --stdin --json",
            ),
        ],
        exit: (
            "Every path is owned, or a rule gives it to nobody.",
            Some("A path is unowned: no rule matches it."),
        ),
        files: &[CONFIG],
    },
    Page {
        name: "ls",
        examples: &[
            ("List the paths in `src` with their owners", "owners ls src"),
            (
                "Pass the unowned files to another program",
                "owners ls --unowned --name-only -0 | xargs -0 wc -l",
            ),
        ],
        exit: ("The paths were listed, also if there are none.", None),
        files: &[CONFIG],
    },
    Page {
        name: "stats",
        examples: &[
            (
                "Show how many paths each user and team has",
                "owners stats --by owner",
            ),
            (
                "Show two levels of directories",
                "owners stats --by dir --depth 2",
            ),
        ],
        exit: ("The numbers were shown.", None),
        files: &[CONFIG],
    },
    Page {
        name: "map",
        examples: &[
            (
                "Write ownership.html, and open it",
                "owners map && xdg-open ownership.html",
            ),
            (
                "Write a page of a commit to another file",
                "owners map --rev v1.2 -o public/map.html",
            ),
        ],
        exit: ("The page was written.", None),
        files: &[CONFIG],
    },
    Page {
        name: "export",
        examples: &[
            (
                "List the groups with a label",
                "owners export | jq '.groups[] | select(.meta.label) | .name'",
            ),
            (
                "Add the paths of a repository to those of others",
                "owners export -C api --paths --repository api >> paths.ndjson",
            ),
            (
                "Print the approvals as a ruleset, with the ids that GitHub has for the teams",
                "owners export --format github-ruleset --live > ruleset.json",
            ),
        ],
        exit: ("It was printed.", None),
        files: &[CONFIG],
    },
    Page {
        name: "diff",
        examples: &[
            ("Compare HEAD with the working tree", "owners diff"),
            (
                "For a comment on a pull request: what a branch changes",
                "owners diff main...topic --format markdown",
            ),
        ],
        exit: (
            "The comparison was shown.",
            Some("With `--exit-code`: a path changed owners."),
        ),
        files: &[CONFIG, GENERATED],
    },
    Page {
        name: "reviewers",
        examples: &[
            (
                "Show who will be requested to review the current branch",
                "owners reviewers origin/main",
            ),
            (
                "For a branch that is not checked out, without its author",
                "owners reviewers main topic --author @alice",
            ),
        ],
        exit: ("The reviewers were shown.", None),
        files: &[GENERATED],
    },
    Page {
        name: "suggest",
        examples: &[
            (
                "Show who could become an owner of a group",
                "owners suggest wasi",
            ),
            (
                "Show who has worked in a directory since a day, for a comment",
                "owners suggest src/net --since 2026-01-01 --format markdown",
            ),
        ],
        exit: ("The candidates were shown, also if there are none.", None),
        files: &[CONFIG],
    },
    Page {
        name: "risk",
        examples: &[
            ("Show the risks of each group", "owners risk"),
            (
                "Show which owners did nothing in a directory for half a year",
                "owners risk src/net --inactive-months 6",
            ),
        ],
        exit: ("The risks were shown, also if there are none.", None),
        files: &[CONFIG],
    },
    Page {
        name: "init",
        examples: &[
            (
                "Import the CODEOWNERS file that the forge reads, or write a starter",
                "owners init",
            ),
            (
                "Import a file for GitLab, and replace it with the generated one",
                "owners init --from CODEOWNERS --platform gitlab --write-output",
            ),
        ],
        exit: ("owners.toml was written.", None),
        files: &[CONFIG, GENERATED],
    },
    Page {
        name: "add",
        examples: &[
            ("Add @alice to the group wasi", "owners add @alice wasi"),
            (
                "Show what adding a team would change",
                "owners add @org/docs docs --dry-run",
            ),
        ],
        exit: (
            "The owner was added, and the generated file is up to date.",
            Some(
                "The owner was not added: the roster refuses them, or they are in the group already.",
            ),
        ),
        files: &[CONFIG, GENERATED],
    },
    Page {
        name: "remove",
        examples: &[
            ("Remove @bob everywhere", "owners remove @bob"),
            (
                "Let @carol take over from @bob",
                "owners remove @bob --replace-with @carol",
            ),
        ],
        exit: (
            "The owner was removed, and the generated file is up to date.",
            Some(
                "The owner was not removed: something would be left without owners, or the roster \
                 refuses the one who takes over.",
            ),
        ),
        files: &[CONFIG, GENERATED],
    },
    Page {
        name: "rename",
        examples: &[
            ("Rename the group wasi", "owners rename wasi wasi-reviewers"),
            (
                "Follow a user who changed their login",
                "owners rename @bob @robert",
            ),
        ],
        exit: (
            "Every mention was renamed, and the generated file is up to date.",
            Some("Nothing was renamed: the new name is taken, or the roster refuses it."),
        ),
        files: &[CONFIG, GENERATED],
    },
    Page {
        name: "explain",
        examples: &[
            ("List all lints", "owners explain"),
            ("Explain a lint", "owners explain unowned-path"),
        ],
        exit: ("The page was printed.", None),
        files: &[],
    },
    Page {
        name: "schema",
        examples: &[
            (
                "Write the schema to a file",
                "owners schema > owners.schema.json",
            ),
            (
                "Show the keys of `[check]`",
                "owners schema | jq .properties.check.properties",
            ),
            (
                "Write the schema of exported data to a file",
                "owners schema export > export.schema.json",
            ),
        ],
        exit: ("The schema was printed.", None),
        files: &[],
    },
    Page {
        name: "completions",
        examples: &[
            (
                "For bash, in ~/.bashrc",
                "source <(owners completions bash)",
            ),
            (
                "For fish, in ~/.config/fish/config.fish",
                "owners completions fish | source",
            ),
        ],
        exit: ("The script was printed.", None),
        files: &[],
    },
    Page {
        name: "man",
        examples: &[
            ("Read the page of a command", "owners man check | man -l -"),
            (
                "Install all pages",
                "owners man --dir ~/.local/share/man/man1",
            ),
        ],
        exit: ("The page was printed, or the pages were written.", None),
        files: &[],
    },
];

/// The texts of a command; `owners` itself has no name.
pub(crate) fn page(name: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.name == name)
}

/// The command line, with examples in the help of each command.
pub(crate) fn command() -> Command {
    let mut command = Cli::command();
    for page in PAGES {
        let examples = examples(page);
        command = match page.name {
            "" => command.after_help(examples),
            name => command.mut_subcommand(name, |subcommand| subcommand.after_help(examples)),
        };
    }
    command
}

/// Help with examples. To write all of them for each run would take longer than to read the arguments.
///
/// # Errors
///
/// The same error, or help.
pub(crate) fn with_examples(error: clap::Error) -> Result<clap::ArgMatches, clap::Error> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            command().try_get_matches()
        }
        _ => Err(error),
    }
}

fn examples(page: &Page) -> String {
    let mut text = "Examples:".to_string();
    for (what, line) in page.examples {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  # {what}\n  {line}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The command lines of the examples that start `owners`.
    fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
        let all =
            (PAGES.iter()).flat_map(|page| page.examples.iter().map(move |each| (page, each)));
        all.flat_map(|(page, (_, line))| {
            let parts = line.split(['|', '&', '>', '(', ')']);
            let runs = parts
                .map(str::trim)
                .filter(|part| part.starts_with("owners "));
            runs.map(|run| (page.name, run))
        })
    }

    #[test]
    fn every_command_has_two_examples_of_itself() {
        let command = Cli::command();
        for subcommand in command.get_subcommands() {
            let name = subcommand.get_name();
            let own = lines()
                .filter(|(page, line)| *page == name && line.split(' ').nth(1) == Some(name));
            assert!(own.count() >= 2, "{name}");
        }
        assert_eq!(page("").map(|page| page.examples.len()), Some(2));
    }

    #[test]
    fn every_example_is_a_command_line() {
        for (_, line) in lines() {
            let parsed = command().try_get_matches_from(line.split(' '));
            assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
        }
    }
}
