//! The `owners` command: parses arguments, calls the library, prints results, and sets the exit
//! code.

mod args;
mod bare;
mod commands;
mod complete;
mod failure;
mod here;
mod pages;
mod plugins;
mod print;
mod programs;
mod report;
mod workspace;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::{Cli, Command};
use failure::Result;
use print::Printer;

/// The result of a command that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Exit code 0.
    Fine,
    /// Exit code 1: there is something to do.
    Findings,
}

impl Outcome {
    fn findings_if(condition: bool) -> Self {
        if condition {
            Outcome::Findings
        } else {
            Outcome::Fine
        }
    }
}

fn main() -> ExitCode {
    if complete::answer(pages::command) {
        return ExitCode::SUCCESS;
    }
    let arguments = Cli::command().try_get_matches();
    let arguments = arguments.or_else(commands::external::help);
    let arguments = arguments.or_else(pages::with_examples);
    let arguments = arguments.and_then(|matches| {
        let cli = Cli::from_arg_matches(&matches)?;
        Ok((cli, matches))
    });
    let result = match arguments {
        Ok((cli, matches)) => {
            print::choose_colors(cli.global.color);
            run(&cli, &matches)
        }
        Err(mut error) if error.use_stderr() => {
            args::add_hint(&mut error);
            print::complain(|out| write!(out, "{}", error.render().ansi()));
            return ExitCode::from(2);
        }
        Err(help) => show_help(&help),
    };
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(failure) => {
            match failure.unsound() {
                Some(unsound) => report::unsound(unsound),
                None => report::failure(failure),
            }
            ExitCode::from(2)
        }
    }
}

/// Shows the output of `--help` or `--version`.
fn show_help(help: &clap::Error) -> Result<Outcome> {
    let mut out = Printer::lines();
    write!(out, "{}", help.render().ansi())?;
    out.finish()?;
    Ok(Outcome::Fine)
}

fn run(cli: &Cli, matches: &clap::ArgMatches) -> Result<Outcome> {
    let command = match &cli.command {
        Some(command) if !cli.list => command,
        None if cli.list => return commands::external::list(&cli.global),
        _ => return Err(args::no_command(cli.list)),
    };
    // These need no repository.
    match command {
        Command::Explain(args) => return commands::explain::run(args),
        Command::Completions { shell } => return commands::about::completions(*shell),
        Command::Schema(args) => return commands::about::schema(args),
        Command::Man(args) => return commands::manual::run(args, cli.global.quiet),
        Command::External(words) => return commands::external::run(&cli.global, words),
        _ => {}
    }
    let workspace = workspace::Workspace::new(&cli.global)?;
    if workspace.repo.is_bare() {
        bare::ensure_commits_only(command, workspace.repo.root())?;
    }
    match command {
        Command::Gen(args) if args.stage => commands::stage::run(&workspace, args),
        Command::Gen(args) => commands::generate::run(&workspace, args),
        Command::Check(args) => {
            let matches = matches.subcommand_matches("check");
            commands::check::run(&workspace, args, matches.unwrap_or_else(|| unreachable!()))
        }
        Command::Ls(args) => commands::ls::run(&workspace, args),
        Command::Export(args) => commands::export::run(&workspace, args),
        Command::Stats(args) => commands::stats::run(&workspace, args),
        Command::Map(args) => commands::map::run(&workspace, args),
        Command::Diff(args) => commands::diff::run(&workspace, args),
        Command::Reviewers(args) => commands::reviewers::run(&workspace, args),
        Command::Suggest(args) => commands::suggest::run(&workspace, args),
        Command::Risk(args) => commands::risk::run(&workspace, args),
        Command::Init(args) => commands::init::run(&workspace, args),
        Command::Add(args) => commands::edit::add(&workspace, args),
        Command::Remove(args) => commands::edit::remove(&workspace, args),
        Command::Rename(args) => commands::edit::rename(&workspace, args),
        Command::Who(args) => commands::who::run(&workspace, args),
        Command::Explain(_)
        | Command::Schema(_)
        | Command::Completions { .. }
        | Command::Man(_)
        | Command::External(_) => unreachable!("needs no workspace"),
    }
}
