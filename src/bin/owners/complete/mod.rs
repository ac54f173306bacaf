//! Completions: a shell asks `owners` itself which values a word may have.
//!
//! `owners completions SHELL` prints a script that registers this. On each press of the tab key, the
//! script runs `owners` with the variable `OWNERS_COMPLETE` and the words of the line. The answer
//! never fails: what cannot be read, such as an `owners.toml` with errors, has no values.
//!
//! The names of branches, files and owners may be a stranger's, and a shell may insert them without
//! quotes. So a value with a character that has a meaning in a shell is not offered.

mod bash;
mod values;

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::Shell;
use clap_complete::env::{CompleteEnv, Elvish, Fish, Powershell, Shells, Zsh};

use bash::Bash;
pub(crate) use values::{
    areas, checks, groups, groups_and_people, lints, owners, paths, people, people_or_paths, range,
    revisions,
};

/// The variable with the name of the shell that asks. `clap_complete` uses `COMPLETE`, which other
/// programs may use as well; with it, every command of `owners` would print completions instead.
const VARIABLE: &str = "OWNERS_COMPLETE";
const SHELLS: Shells<'static> = Shells(&[&Bash, &Elvish, &Fish, &Powershell, &Zsh]);

/// Answers a shell, if one asks. Then there is nothing else to do.
pub(crate) fn answer(command: fn() -> Command) -> bool {
    if env::var_os(VARIABLE).is_none_or(|shell| shell.is_empty()) {
        return false;
    }
    let directory = env::current_dir().ok();
    let with_programs = || command().add(values::commands());
    let completer = CompleteEnv::with_factory(with_programs)
        .var(VARIABLE)
        .bin("owners")
        .shells(SHELLS);
    // Nothing can be said while somebody is typing.
    let _ = completer.try_complete(env::args_os(), directory.as_deref());
    true
}

/// The script that registers completions in a shell.
pub(crate) fn script(shell: Shell) -> std::io::Result<Vec<u8>> {
    let name = shell.to_string();
    let completer = SHELLS.completer(&name).unwrap_or(&Bash);
    let program = program(env::args_os().next(), env::current_dir().ok());
    let mut script = Vec::new();
    completer.write_registration(VARIABLE, "owners", "owners", &program, &mut script)?;
    Ok(script)
}

/// How the script runs `owners`: by its name, or by its path if it was run by a path.
fn program(argument: Option<OsString>, directory: Option<PathBuf>) -> String {
    let argument = argument.unwrap_or_else(|| "owners".into());
    let program = Path::new(&argument);
    match directory.filter(|_| program.components().count() > 1) {
        Some(directory) => directory.join(program).to_string_lossy().into_owned(),
        None => program.to_string_lossy().into_owned(),
    }
}
