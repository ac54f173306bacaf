//! Commands that are programs of their own: `owners NAME …` runs `owners-NAME` if there is no
//! built-in command NAME. `owners --list` lists both kinds.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use owners::git::{self, Repo};
use owners::text::{Diagnostic, escaped, nearest, shell_word};

use crate::Outcome;
use crate::args::{Cli, Global};
use crate::failure::{Failure, Result};
use crate::pages;
use crate::print::{Colors, Printer};
use crate::programs::{self, Found, Programs, Purpose};
use crate::workspace;

/// Runs a program with the words of the command line. The first one is the name of the command.
pub(crate) fn run(global: &Global, words: &[OsString]) -> Result<Outcome> {
    let Some((word, arguments)) = words.split_first() else {
        unreachable!("an external command has a name");
    };
    let repo = enter(global)?;
    let programs = Programs::new(repo.as_ref());
    let name = word.to_string_lossy();
    let program = match programs.find(Purpose::Command, &name) {
        Found::Program(program) => program,
        Found::Refused(why) => return Err(unknown(&programs, &name, Some(why))),
        Found::Nothing => return Err(unknown(&programs, &name, None)),
    };
    if let Some(option) = without_effect(global) {
        let error = Diagnostic::error(format!(
            "`{option}` has no effect on `{}`",
            Purpose::Command.program(&name)
        ));
        let help = format!("if the program has this option, write it after `{name}`");
        return Err(error.help(help).into());
    }
    let mut command = Command::new(&program);
    command.args(arguments);
    programs::describe(&mut command, repo.as_ref(), global.config.as_deref())?;
    choose_colors(&mut command, global.color);
    replace(command, &program)
}

/// Changes the directory, and finds the repository if there is one.
fn enter(global: &Global) -> Result<Option<Repo>> {
    let directory = workspace::enter(global)?;
    match Repo::discover(&directory) {
        Ok(repo) => Ok(Some(repo)),
        Err(error) if matches!(error.root(), git::Error::NoRepository(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// An option before the name of the command that a program does not learn of.
fn without_effect(global: &Global) -> Option<&'static str> {
    match global {
        Global { quiet: true, .. } => Some("--quiet"),
        Global { verbose: true, .. } => Some("--verbose"),
        _ => None,
    }
}

/// Passes `--color` on, in the variables that `owners` itself reads.
fn choose_colors(command: &mut Command, colors: Colors) {
    match colors {
        Colors::Auto => {}
        Colors::Always => {
            command.env_remove("NO_COLOR").env("FORCE_COLOR", "1");
        }
        Colors::Never => {
            command.env("NO_COLOR", "1");
        }
    }
}

/// The program takes the place of this process, so a signal that ends it, and its exit code, are seen
/// by who started `owners`.
#[cfg(unix)]
fn replace(mut command: Command, program: &Path) -> Result<Outcome> {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(cannot_run(program, &error))
}

#[cfg(not(unix))]
fn replace(mut command: Command, program: &Path) -> Result<Outcome> {
    let status = command
        .status()
        .map_err(|error| cannot_run(program, &error))?;
    std::process::exit(status.code().unwrap_or(2));
}

fn cannot_run(program: &Path, error: &io::Error) -> Failure {
    let path = escaped(program.as_os_str().as_encoded_bytes());
    let fault = Diagnostic::error(format!("cannot run `{path}`: {error}"));
    programs::with_reason(fault, error).into()
}

/// The error for a command that is neither built in nor a program. `refused` says why a program of this
/// name is not run.
fn unknown(programs: &Programs, name: &str, refused: Option<String>) -> Failure {
    let shown = escaped(name.as_bytes());
    let error = Diagnostic::error(format!("there is no command `{shown}`"));
    let external = programs.all();
    let is_check = |check: &&str| external.contains_key(&(Purpose::Check, (*check).to_string()));
    if let Some(check) = name.strip_prefix("check-").filter(is_check) {
        let help = format!("it is a check: run `owners check --plugin {check}`");
        return error.help(help).into();
    }
    let program = Purpose::Command.program(&shown);
    let error = error.note(refused.unwrap_or_else(|| {
        format!("it is not built in, and no directory of PATH has a program `{program}`")
    }));
    let command = pages::command();
    let built_in = command.get_subcommands().map(clap::Command::get_name);
    let external = external
        .keys()
        .filter(|(purpose, _)| *purpose == Purpose::Command);
    let external = external.map(|(_, name)| name.as_str());
    let names = built_in.chain(["help"]).chain(external);
    let help = match nearest::did_you_mean(name, names) {
        Some(nearest) => nearest,
        None if Path::new(name).symlink_metadata().is_ok() => {
            format!("to see who owns it, run `owners who {}`", shell_word(name))
        }
        None => "`owners --list` lists the commands".to_string(),
    };
    error.help(help).into()
}

/// `owners help NAME` for an external command: the command line `owners NAME --help`.
///
/// # Errors
///
/// The same error, if it is about something else.
pub(crate) fn help(error: clap::Error) -> Result<clap::ArgMatches, clap::Error> {
    let (ErrorKind::InvalidSubcommand, Some(ContextValue::String(name))) =
        (error.kind(), error.get(ContextKind::InvalidSubcommand))
    else {
        return Err(error);
    };
    let mut words: Vec<OsString> = env::args_os().collect();
    let is_help = |pair: &[OsString]| pair[0] == "help" && pair[1] == OsStr::new(name);
    let Some(at) = words.windows(2).position(is_help) else {
        return Err(error);
    };
    words.truncate(at);
    words.extend([name.into(), "--help".into()]);
    Cli::command().try_get_matches_from(words)
}

/// `owners --list`: the commands, with what each is about or where it is.
pub(crate) fn list(global: &Global) -> Result<Outcome> {
    let repo = enter(global)?;
    let built_in = pages::command();
    let built_in = built_in.get_subcommands().map(|command| {
        let about = command.get_about().map(ToString::to_string);
        (command.get_name().to_string(), about.unwrap_or_default())
    });
    let mut rows: Vec<(String, String)> = built_in.collect();
    let known: Vec<String> = rows.iter().map(|(name, _)| name.clone()).collect();
    for ((purpose, name), program) in Programs::new(repo.as_ref()).all() {
        let path = escaped(program.as_os_str().as_encoded_bytes());
        match purpose {
            // The built-in command is the one that runs.
            Purpose::Command if known.contains(&name) || name == "help" => {}
            Purpose::Command => rows.push((name, path)),
            Purpose::Check => rows.push((format!("check --plugin {name}"), path)),
        }
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or(0);
    let mut out = Printer::lines();
    for (name, about) in rows {
        writeln!(out, "{:width$}  {about}", escaped(name.as_bytes()))?;
    }
    out.finish()?;
    Ok(Outcome::Fine)
}
