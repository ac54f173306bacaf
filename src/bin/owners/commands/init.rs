//! `owners init`: creates `owners.toml`.

use bstr::ByteSlice;
use owners::Forge;
use owners::Owner;
use owners::PathSet;
use owners::Project;
use owners::codeowners;
use owners::config::CONFIG_NAME;
use owners::config::Output;
use owners::git;
use owners::import::starter::{Activity, starter};
use owners::import::{
    self, ConfigOwners, Departure, ImportError, ImportOptions, Imported, Overlap,
};
use owners::text::{Diagnostic, counted, escaped};

use crate::Outcome;
use crate::args::Init;
use crate::failure::{Failure, Result};
use crate::print::say;
use crate::workspace::{BY_HAND_AGAIN, Workspace};

pub(crate) fn run(workspace: &Workspace, args: &Init) -> Result<Outcome> {
    workspace.forbid_config("it writes owners.toml at the root of the repository")?;
    let repo = &workspace.repo;
    if repo.read_or_skipped(CONFIG_NAME.as_bytes())?.is_some() && !args.force {
        return Err(Failure::from(
            Diagnostic::error(format!("`{CONFIG_NAME}` exists already"))
                .help("edit it, or run `owners init --force` to replace it"),
        ));
    }
    let tracked = repo.tracked()?;
    match existing(workspace, args)? {
        Some(existing) => import(workspace, args, &existing, &tracked),
        None => start(workspace, args, &tracked),
    }
}

/// Without a CODEOWNERS file: writes a starter.
fn start(workspace: &Workspace, args: &Init, tracked: &PathSet) -> Result<Outcome> {
    if args.write_output {
        return Err(Failure::from(
            Diagnostic::error("there is no CODEOWNERS file to replace")
                .help("run `owners init`, edit owners.toml, then run `owners gen`"),
        ));
    }
    let forge = args.forge.unwrap_or_default();
    let mut activity = Activity::new(tracked, forge, args.emails);
    workspace.repo.last_year(|commit| activity.add(&commit))?;
    let text = starter(&activity);
    let sound = Project::from_text(&text).map_err(git::Error::from);
    sound.map_err(|error| error.context("the starter has errors: this is a bug in owners"))?;
    workspace
        .repo
        .write(CONFIG_NAME.as_bytes(), text.as_bytes())?;
    if !workspace.quiet {
        say(format_args!(
            "wrote {CONFIG_NAME}: edit it, then run `owners gen`"
        ));
        for (file, other) in of_other_forges(workspace, forge)? {
            say(format_args!(
                "`{file}` was not imported, because {} does not read it: \
                 `owners init --force --platform {}` imports it; \
                 then set `platform = \"{}\"` under `[output]`",
                forge.title, other.name, forge.name
            ));
        }
    }
    Ok(Outcome::Fine)
}

fn import(
    workspace: &Workspace,
    args: &Init,
    existing: &Existing,
    tracked: &PathSet,
) -> Result<Outcome> {
    let is_default = existing.file == existing.forge.default_file;
    let locations = existing.forge.locations;
    let is_read = locations.contains(&existing.file.as_str());
    let output = (is_read && !is_default).then_some(existing.file.as_str());
    // The new file will be tracked, too.
    let new = [CONFIG_NAME, output.unwrap_or(existing.forge.default_file)];
    let paths = (tracked.iter().map(<[u8]>::to_vec))
        .chain(new.iter().map(|path| path.as_bytes().to_vec()))
        .collect();
    let options = ImportOptions {
        forge: existing.forge,
        output,
        fold: !args.no_fold,
        full_names: args.full_names,
        paths: &paths,
        exempt_unowned: args.exempt_unowned,
    };
    let refused = |error: ImportError| {
        let message = format!("cannot import `{}`", existing.file);
        let diagnostic = Diagnostic::error(message).note(error.to_string());
        Failure::from(diagnostic.help(error.help()))
    };
    let imported = import::import(&existing.text, options).map_err(refused)?;
    // Everything is proved before anything is written.
    let output = &imported.project.config.outputs[0];
    if args.write_output {
        ensure_replaceable(workspace, args, existing, output)?;
        if let Some(departure) = &imported.departure {
            return Err(Failure::from(
                Diagnostic::error(format!("cannot replace `{}`", output.file))
                    .note(departs(departure))
                    .help(
                        "run `owners init` without `--write-output`, then `owners check`, which says \
                         what to change before `owners gen`",
                    ),
            ));
        }
    }
    let repo = &workspace.repo;
    repo.write(CONFIG_NAME.as_bytes(), imported.text.as_bytes())?;
    if args.write_output {
        repo.write(output.file.as_bytes(), imported.rendered.text.as_bytes())?;
    }
    if !workspace.quiet {
        report(workspace, args, existing, &imported, output, tracked.len())?;
    }
    Ok(Outcome::Fine)
}

/// Which owners the generated file would change.
fn departs(departure: &Departure) -> String {
    let Departure {
        path,
        before,
        after,
        pattern,
    } = departure;
    let people = |owners: &[Owner]| match owners {
        [] => "nobody".to_string(),
        owners => Owner::join(owners),
    };
    let by = pattern
        .as_ref()
        .map_or(String::new(), |pattern| format!(" (line `{pattern}`)"));
    format!(
        "the generated file gives `{path}` to {}{by}; the current file gives it to {}",
        people(after),
        people(before)
    )
}

/// `--write-output` replaces the imported file, but no other file that was written by hand.
fn ensure_replaceable(
    workspace: &Workspace,
    args: &Init,
    existing: &Existing,
    output: &Output,
) -> Result<()> {
    let on_disk = workspace.repo.read_or_skipped(output.file.as_bytes())?;
    let is_foreign = on_disk.is_some_and(|text| !codeowners::is_generated(&text));
    if is_foreign && output.file != existing.file && !args.force {
        return Err(Failure::from(
            Diagnostic::error(format!(
                "`{}` is not the imported file `{}`",
                output.file, existing.file
            ))
            .help("run `owners init --write-output --force` to replace it"),
        ));
    }
    Ok(())
}

fn report(
    workspace: &Workspace,
    args: &Init,
    existing: &Existing,
    imported: &Imported,
    output: &Output,
    compared: usize,
) -> Result<()> {
    say(format_args!(
        "wrote {CONFIG_NAME}: {} of {} became {}{}; {} compared, no difference",
        counted(imported.lines, "line"),
        existing.file,
        counted(imported.rules, "rule"),
        match imported.approvals {
            0 => String::new(),
            count => format!(", those of {} among them", counted(count, "approval")),
        },
        counted(compared, "tracked path"),
    ));
    say_what_differs(imported);
    say_foreign(existing, imported);
    say_who_decides(imported, output);
    for (file, other) in of_other_forges(workspace, existing.forge)? {
        if file != existing.file {
            say(format_args!(
                "`{file}`, which {} reads, was not imported: \
                 `owners init --force --platform {}` imports it instead",
                other.title, other.name
            ));
        }
    }
    if args.write_output {
        say(format_args!("wrote {}", output.file));
    } else {
        let (command, what) = match workspace.repo.read_or_skipped(output.file.as_bytes())? {
            Some(text) if codeowners::is_generated(&text) => ("gen", "updates"),
            Some(_) => ("gen --force", "replaces"),
            None => ("gen", "writes"),
        };
        say(format_args!(
            "next: `owners {command}` {what} {}",
            output.file
        ));
    }
    // Both files are written already, so a `.gitattributes` that cannot be read is not an error.
    let attributes = workspace.repo.read_or_skipped(b".gitattributes");
    let attributes = attributes.ok().flatten().unwrap_or_default();
    let line = format!("/{} text eol=lf linguist-generated", output.file);
    if !attributes.contains_str(&line) {
        say(format_args!("add to .gitattributes: {line}"));
    }
    Ok(())
}

/// Says who owns the new file, and which program would overwrite the generated one.
fn say_who_decides(imported: &Imported, output: &Output) {
    match imported.config {
        ConfigOwners::Same => {}
        ConfigOwners::Added => say(format_args!(
            "{CONFIG_NAME} has the owners of {}: see the last rule",
            output.file
        )),
        ConfigOwners::Nobody => say(format_args!(
            "nobody owns {}, so anybody can change who owns what: add a rule for it and for {CONFIG_NAME}",
            output.file
        )),
        ConfigOwners::Different => say(format_args!(
            "{CONFIG_NAME} does not have the owners of {}: an exclusion matches it, which no rule can undo",
            output.file
        )),
    }
    if let Some((line, comment)) = &imported.generator {
        say(format_args!(
            "line {line} says that another program generates the file: \"{}\"; stop it, or it will overwrite what `owners gen` writes",
            escaped(comment.as_bytes())
        ));
    }
}

/// Says how to import a file most of which was written for another forge.
fn say_foreign(existing: &Existing, imported: &Imported) {
    if imported.foreign * 2 <= imported.lines {
        return;
    }
    let Existing { file, forge, .. } = existing;
    say(format_args!(
        "{} of {} have no effect on {}, and would have one on GitHub: \
         `owners init --force --platform github --from {file}` reads the file so; \
         then set `platform = \"{}\"` under `[output]`",
        imported.foreign,
        counted(imported.lines, "line"),
        forge.title,
        forge.name
    ));
}

/// Says where the rules differ from the lines.
fn say_what_differs(imported: &Imported) {
    if imported.dropped > 0 {
        let lines = counted(imported.dropped, "line");
        say(format_args!("{lines} had no effect: see the comments"));
    }
    if imported.unmatched > 0 {
        let (lines, are, they) = match imported.unmatched {
            1 => ("line", "is a regular expression", "it matches"),
            _ => ("lines", "are regular expressions", "they match"),
        };
        say(format_args!(
            "{} {lines} {are} that owners.toml cannot say, and {they} no tracked path: see the comments",
            imported.unmatched
        ));
    }
    if imported.not_folded > 0 {
        say(format_args!(
            "each line kept its own rule: alternatives would save only {} of {}",
            imported.not_folded,
            counted(imported.rules, "rule"),
        ));
    }
    if imported.widened > 0 {
        say(format_args!(
            "{} matched only an entry; the rules also match what is in a directory of that name, but there is none",
            counted(imported.widened, "line")
        ));
    }
    if let Some(Overlap { lines, path }) = &imported.overlap {
        let path = path
            .as_ref()
            .map_or(String::new(), |path| format!(", such as `{path}`"));
        say(format_args!(
            "lines {} and {} are in different sections and may both match a future path{path}: then the later rule alone decides",
            lines[0], lines[1]
        ));
    }
    if imported.narrowed > 0 {
        say(format_args!(
            "{} became rules for the paths that are tracked now: see the comments",
            counted(imported.narrowed, "line")
        ));
    }
    if let Some(departure) = &imported.departure {
        say(format_args!(
            "{}: run `owners check` before `owners gen`",
            departs(departure)
        ));
    }
    if imported.exempt > 0 {
        let paths = counted(imported.exempt, "path");
        say(format_args!("{paths} unowned: see `[check] exempt`"));
    }
}

/// A CODEOWNERS file to import.
struct Existing {
    file: String,
    text: String,
    forge: Forge,
}

/// The files that were written by hand, and that other forges read and `forge` does not, each with the
/// first such forge.
fn of_other_forges(workspace: &Workspace, forge: Forge) -> Result<Vec<(&'static str, Forge)>> {
    let mut found: Vec<(&str, Forge)> = Vec::new();
    for &other in Forge::ALL {
        for &place in other.locations {
            let is_known = forge.locations.contains(&place)
                || found.iter().any(|&(file, by)| file == place || by == other);
            if is_known {
                continue;
            }
            let text = workspace.repo.read_or_skipped(place.as_bytes())?;
            if text.is_some_and(|text| !codeowners::is_generated(&text)) {
                found.push((place, other));
            }
        }
    }
    Ok(found)
}

/// The file from the command line, or the one that a forge would read.
fn existing(workspace: &Workspace, args: &Init) -> Result<Option<Existing>> {
    let repo = &workspace.repo;
    if let Some(from) = &args.from {
        let bytes = workspace
            .read_named(from)
            .map_err(|error| error.context(format!("cannot read `{}`", from.display())))?;
        let file = match repo.relative(&workspace.directory, from) {
            Ok(path) => escaped(&path),
            Err(_) => from.display().to_string(),
        };
        let forge = (args.forge.or_else(|| Forge::of_file(&file))).unwrap_or_default();
        return Ok(Some(Existing {
            text: text(workspace, &file, bytes)?,
            file,
            forge,
        }));
    }
    let forges: Vec<Forge> = args.forge.into_iter().collect();
    let Some(found) = repo.codeowners(&forges)? else {
        return Ok(None);
    };
    Ok(Some(Existing {
        text: text(workspace, &found.path, found.text)?,
        file: found.path,
        forge: found.forge,
    }))
}

fn text(workspace: &Workspace, file: &str, bytes: Vec<u8>) -> Result<String> {
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(Diagnostic::error(format!("`{file}` is not UTF-8")).into());
    };
    if codeowners::is_generated(text.as_bytes()) {
        let fault = Diagnostic::error(format!("cannot import `{file}`"))
            .note(format!("it was generated from an `{CONFIG_NAME}`"));
        let has_config = workspace.repo.read_or_skipped(CONFIG_NAME.as_bytes())?;
        let fault = match has_config {
            Some(_) => fault.help(format!("edit `{CONFIG_NAME}`, and run `owners gen`")),
            None => fault.help(workspace.restore_help()),
        };
        return Err(fault.help(BY_HAND_AGAIN).into());
    }
    Ok(text)
}
