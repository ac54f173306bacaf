//! Decides whether there are colors.
//!
//! `--color always` and `--color never` decide. Otherwise the first of these that is set and not
//! empty:
//!
//! | variable | colors |
//! |---|---|
//! | `NO_COLOR` | never |
//! | `FORCE_COLOR` | always, but never for `0` and `false` |
//! | `CLICOLOR_FORCE` | always, but `0` decides nothing |
//! | `CLICOLOR` | never for `0`; other values decide nothing |
//!
//! Otherwise there are colors on a terminal, unless `TERM` is `dumb` or, on Unix, not set.
//!
//! Sources: <https://no-color.org>, <https://force-color.org>, <https://bixense.com/clicolors>.

use std::env;
use std::ffi::OsString;
use std::sync::OnceLock;

use clap::ValueEnum;

/// When to use colors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colors {
    Auto,
    Always,
    Never,
}

static CHOICE: OnceLock<Colors> = OnceLock::new();

/// Decides for all output of the process.
pub(crate) fn choose(colors: Colors) {
    // The command line is read once.
    let _ = CHOICE.set(colors);
}

/// How a stream is written.
pub(super) fn of_stream(is_terminal: bool) -> anstream::ColorChoice {
    let choice = CHOICE.get().copied().unwrap_or(Colors::Auto);
    match is_wanted(choice, is_terminal, |name| env::var_os(name)) {
        true => anstream::ColorChoice::Always,
        false => anstream::ColorChoice::Never,
    }
}

fn is_wanted(
    choice: Colors,
    is_terminal: bool,
    variable: impl Fn(&str) -> Option<OsString>,
) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    match choice {
        Colors::Always => return true,
        Colors::Never => return false,
        Colors::Auto => {}
    }
    if set("NO_COLOR").is_some() {
        return false;
    }
    if let Some(value) = set("FORCE_COLOR") {
        return value != "0" && value != "false";
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    if set("CLICOLOR").is_some_and(|value| value == "0") {
        return false;
    }
    let can_color = match set("TERM") {
        Some(term) => term != "dumb",
        None => cfg!(windows),
    };
    is_terminal && can_color
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decides() {
        use Colors::{Always, Auto, Never};
        for (choice, variables, on_terminal, in_pipe) in [
            (Auto, "", false, false),
            (Auto, "TERM=xterm", true, false),
            (Auto, "TERM=dumb", false, false),
            (Auto, "TERM=xterm NO_COLOR=1", false, false),
            (Auto, "TERM=xterm NO_COLOR=", true, false),
            (Auto, "FORCE_COLOR=1", true, true),
            (Auto, "FORCE_COLOR=true", true, true),
            (Auto, "TERM=xterm FORCE_COLOR=0", false, false),
            (Auto, "TERM=xterm FORCE_COLOR=", true, false),
            (Auto, "FORCE_COLOR=1 NO_COLOR=1", false, false),
            (Auto, "CLICOLOR_FORCE=1", true, true),
            (Auto, "TERM=xterm CLICOLOR_FORCE=0", true, false),
            (Auto, "TERM=xterm CLICOLOR=0", false, false),
            (Auto, "CLICOLOR=0 CLICOLOR_FORCE=1", true, true),
            (Always, "NO_COLOR=1", true, true),
            (Never, "FORCE_COLOR=1 TERM=xterm", false, false),
        ] {
            let variable = |name: &str| {
                let mut all = variables.split(' ').filter_map(|each| each.split_once('='));
                all.find(|(known, _)| *known == name)
                    .map(|(_, value)| OsString::from(value))
            };
            for (is_terminal, expected) in [(true, on_terminal), (false, in_pipe)] {
                let wanted = is_wanted(choice, is_terminal, variable);
                // On Windows, no variable is needed for colors on a terminal.
                if !cfg!(windows) || variables.contains("TERM") {
                    assert_eq!(wanted, expected, "{choice:?} {variables} {is_terminal}");
                }
            }
        }
    }
}
