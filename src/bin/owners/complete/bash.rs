//! The script for bash.
//!
//! bash ends a word at each `@`, `=` and `:`, which owners, options and revisions contain. So the
//! script joins the pieces of the word, and removes from each answer what is before the last piece
//! (`$2`), which is all that bash replaces.
//!
//! For a path there is no answer, and bash completes file names as usual, with quotes.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use clap::Command;
use clap_complete::env::EnvCompleter;

/// A variable by which the completer of paths knows that bash completes them better.
pub(super) const PATHS: &str = "_OWNERS_SHELL_COMPLETES_PATHS";

#[derive(Debug)]
pub(super) struct Bash;

const SCRIPT: &str = r#"_owners_complete() {
    local -a words=()
    local rest=$COMP_LINE word index answer
    for ((index = 0; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if [[ $index -gt 0 && $rest == "${rest#[[:blank:]]}" ]]; then
            words[${#words[@]}-1]+=$word
        else
            words+=("$word")
        fi
        rest=${rest#"${rest%%[![:blank:]]*}"}
        rest=${rest#"$word"}
    done
    index=$((${#words[@]} - 1))
    local current=${words[index]}
    local head=${current%"$2"}
    COMPREPLY=()
    while IFS= read -r answer; do
        if [[ $answer == "$current"* ]]; then
            COMPREPLY+=("${answer#"$head"}")
        fi
    done < <(
        VARIABLE=bash PATHS=1 _OWNERS_INDEX=$index \
            PROGRAM -- "${words[@]}" 2>/dev/null
    )
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -o bashdefault -o default -F _owners_complete owners
"#;

impl EnvCompleter for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn is(&self, name: &str) -> bool {
        name == self.name()
    }

    fn write_registration(
        &self,
        variable: &str,
        _name: &str,
        _bin: &str,
        completer: &str,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let program = owners::text::shell_word(completer);
        let script = SCRIPT
            .replace("VARIABLE", variable)
            .replace("PATHS", PATHS)
            .replace("PROGRAM", &program);
        out.write_all(script.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        directory: Option<&Path>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let index = std::env::var("_OWNERS_INDEX").ok();
        let index = index.and_then(|index| index.parse().ok());
        let index = index.unwrap_or(words.len().saturating_sub(1));
        for candidate in clap_complete::engine::complete(command, words, index, directory)? {
            writeln!(out, "{}", candidate.get_value().to_string_lossy())?;
        }
        Ok(())
    }
}
