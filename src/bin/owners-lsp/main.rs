//! `owners-lsp`: a language server for owners.toml and CODEOWNERS files. `owners lsp` runs it.
//!
//! The main thread (`server`) reads messages and keeps the open documents. Each repository with an open
//! document has a thread (`worker`) with a `snapshot` of it, which answers requests (`requests/`, a file
//! for each) and checks. Everything about owners is in the library.

mod args;
mod client;
mod diagnostics;
mod documents;
mod edits;
mod insert;
mod log;
mod plan;
mod position;
mod repositories;
mod requests;
mod server;
mod snapshot;
mod uri;
mod view;
mod wire;
mod worker;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let args = args::Args::parse();
    log::choose(args.log);
    if let Some(text) = args.printed() {
        return match text.and_then(|text| wire::print(&text)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                log::error(format_args!("cannot print: {error}"));
                ExitCode::from(2)
            }
        };
    }
    if std::io::stdin().is_terminal() && !args.stdio {
        log::error(format_args!(
            "an editor starts this program; there is nothing to type here (`--help` says more)"
        ));
        return ExitCode::from(2);
    }
    server::run()
}
