//! Checks of other programs: `owners check --plugin NAME` runs `owners-check-NAME` once, while the
//! built-in lints run, and merges the findings that it answers. docs/plugins.md has the protocol.
//!
//! The process is the isolation. It has a time limit, and an answer that is not sound is an error: a
//! check that did not run must not look like one that found nothing.

mod answer;
mod group;
mod process;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use owners::export::{Form, Model, Rows};
use owners::git::Repo;
use owners::lint::is_of_others;
use owners::text::{Diagnostic, escaped, nearest};
use owners::{PathSet, Project};

use crate::failure::Result;
use crate::programs::{self, Found, Programs, Purpose};
pub(crate) use answer::Merged;
use process::Running;

/// What the checks are about.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) project: &'static Project,
    pub(crate) paths: &'static PathSet,
    /// The commit, if it is not the working tree.
    pub(crate) commit: Option<&'static str>,
}

/// The checks of the command line, found and not started.
pub(crate) struct Plugins {
    programs: Vec<(String, PathBuf)>,
    /// How long each of them may take.
    timeout: Duration,
}

impl Plugins {
    /// Finds the program of each name, each once.
    pub(crate) fn find(repo: &Repo, names: &[String], timeout: Duration) -> Result<Self> {
        let all = Programs::new(Some(repo));
        let mut programs: Vec<(String, PathBuf)> = Vec::new();
        for name in names {
            match all.find(Purpose::Check, name) {
                _ if programs.iter().any(|(known, _)| known == name) => {}
                Found::Program(program) => programs.push((name.clone(), program)),
                Found::Refused(why) => return Err(unknown(&all, name, Some(why)).into()),
                Found::Nothing => return Err(unknown(&all, name, None).into()),
            }
        }
        Ok(Plugins { programs, timeout })
    }

    /// The name of the lint or lints that a word of the command line means: `teams` stands for
    /// `teams/*`.
    ///
    /// # Errors
    ///
    /// If it is that of a check that does not run.
    pub(crate) fn lint(&self, word: &str) -> Result<Option<String>> {
        let runs = |name: &str| self.programs.iter().any(|(known, _)| known == name);
        match word.split_once('/').filter(|_| is_of_others(word)) {
            None if runs(word) => Ok(Some(format!("{word}/*"))),
            None => Ok(None),
            Some((name, _)) if runs(name) => Ok(Some(word.to_string())),
            Some((name, _)) => {
                let error = Diagnostic::error(format!("the check of `{word}` does not run"));
                Err(error.help(format!("add `--plugin {name}`")).into())
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.programs.is_empty()
    }

    /// Starts all of them.
    pub(crate) fn start(
        &self,
        repo: &Repo,
        config: Option<&Path>,
        subject: Subject,
    ) -> Result<Vec<Running>> {
        let start = |(name, program): &(String, PathBuf)| {
            let mut command = Command::new(program);
            command.current_dir(repo.root());
            programs::describe(&mut command, Some(repo), config)?;
            // It tells a program that a later version of `owners` is more than it knows.
            command.env(programs::PROTOCOL, answer::VERSION.to_string());
            let input = move |out: &mut dyn Write| write_input(out, subject);
            Running::start(name, command, self.timeout, input)
        };
        self.programs.iter().map(start).collect()
    }
}

/// What a check reads: the model, and then a line for each path.
fn write_input(mut out: &mut dyn Write, subject: Subject) -> io::Result<()> {
    let model = Model::new(subject.project, None, subject.commit);
    serde_json::to_writer(&mut out, &model)?;
    out.write_all(b"\n")?;
    let rows = Rows {
        project: subject.project,
        paths: subject.paths,
        repository: None,
        form: Form::Ndjson,
    };
    rows.write(&mut out)
}

fn unknown(all: &Programs, name: &str, refused: Option<String>) -> Diagnostic {
    let shown = escaped(name.as_bytes());
    let program = Purpose::Check.program(&shown);
    let why = refused.unwrap_or_else(|| format!("no directory of PATH has a program `{program}`"));
    let error = Diagnostic::error(format!("there is no check `{shown}`")).note(why);
    let known = all.all();
    let known = known
        .keys()
        .filter(|(purpose, _)| *purpose == Purpose::Check);
    let names = known.map(|(_, name)| name.as_str());
    let help = nearest::did_you_mean(name, names);
    error.help(help.unwrap_or_else(|| "`owners --list` lists the checks that are there".into()))
}
