//! `owners init`: an `owners.toml` to begin with.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use anyhow::{Context, Result, bail};
use bstr::ByteSlice;
use owners::codeowners::{self, read};
use owners::diagnostic::{Diagnostic, counted, escaped};
use owners::import::{self, Options};
use owners::paths::PathSet;
use owners::pattern::Pattern;
use owners::platform::Platform;
use owners::project::CONFIG_NAME;
use owners::{Ownership, Project};

use crate::Outcome;
use crate::args::Init;
use crate::report::Faulty;
use crate::workspace::Workspace;

/// How many people are suggested for a directory.
const SUGGESTIONS: usize = 3;

pub(crate) fn run(workspace: &Workspace, args: &Init) -> Result<Outcome> {
    let repo = &workspace.repo;
    if repo.read(CONFIG_NAME.as_bytes())?.is_some() && !args.force {
        return Err(Faulty::new(
            Diagnostic::error(format!("`{CONFIG_NAME}` exists already"))
                .about(CONFIG_NAME)
                .help("edit it, or run `owners init --force` to replace it"),
        )
        .into());
    }
    let tracked = repo.tracked()?;
    let Some(existing) = existing(workspace, args)? else {
        if args.write_output {
            bail!("there is no CODEOWNERS file to replace");
        }
        let text = starter(workspace, &tracked)?;
        Project::from_text(&text).context("the starter is not sound: this is a bug in owners")?;
        repo.write(CONFIG_NAME.as_bytes(), text.as_bytes())?;
        let mut err = anstream::stderr().lock();
        writeln!(
            err,
            "wrote {CONFIG_NAME}, to be edited; then run `owners gen`"
        )?;
        return Ok(Outcome::Fine);
    };

    let is_default = existing.file == existing.platform.default_file();
    let is_read = existing
        .platform
        .locations()
        .contains(&existing.file.as_str());
    let options = Options {
        platform: existing.platform,
        output: (is_read && !is_default).then_some(existing.file.as_str()),
        fold: !args.no_fold,
    };
    let imported = import::import(&existing.text, options)
        .with_context(|| format!("cannot import `{}`", existing.file))?;
    let project = Project::from_text(&imported.text)?;
    compare(&project, &existing, &tracked)?;
    // Both are known to be right before either is written.
    let output = &project.config.outputs[0];
    let rendered = match project.render(output) {
        Ok(rendered) => rendered,
        Err(inexact) => bail!("the file cannot be generated again: {}", inexact[0].reason),
    };
    codeowners::proof::prove(&project.rules, &rendered, &tracked)
        .map_err(|difference| anyhow::anyhow!("{difference}"))
        .context("the generated file would differ; this is a bug in owners")?;
    repo.write(CONFIG_NAME.as_bytes(), imported.text.as_bytes())?;
    if args.write_output {
        repo.write(output.file.as_bytes(), rendered.text.as_bytes())?;
    }

    let mut err = anstream::stderr().lock();
    writeln!(
        err,
        "wrote {CONFIG_NAME}: {} of {} became {}; {} compared, no difference",
        counted(imported.lines, "line"),
        existing.file,
        counted(imported.rules, "rule"),
        counted(tracked.len(), "tracked path"),
    )?;
    if imported.dropped > 0 {
        writeln!(
            err,
            "{} had no effect: see the comments",
            counted(imported.dropped, "line")
        )?;
    }
    if !args.write_output {
        writeln!(err, "next: `owners gen --force` replaces {}", output.file)?;
    }
    writeln!(
        err,
        "add to .gitattributes: /{} text eol=lf linguist-generated",
        output.file
    )?;
    Ok(Outcome::Fine)
}

/// A CODEOWNERS file to import.
struct Existing {
    file: String,
    text: String,
    platform: Platform,
}

/// The file that is named, or that a forge would find.
fn existing(workspace: &Workspace, args: &Init) -> Result<Option<Existing>> {
    let repo = &workspace.repo;
    if let Some(from) = &args.from {
        let bytes =
            std::fs::read(from).with_context(|| format!("cannot read `{}`", from.display()))?;
        let file = match repo.relative(&workspace.directory, from) {
            Ok(path) => escaped(&path),
            Err(_) => from.display().to_string(),
        };
        let platform = args.platform.map_or_else(
            || {
                if file.starts_with(".gitlab/") {
                    Platform::GitLab
                } else {
                    Platform::GitHub
                }
            },
            Into::into,
        );
        return Ok(Some(Existing {
            text: text(&file, bytes)?,
            file,
            platform,
        }));
    }
    let platforms = match args.platform {
        Some(platform) => vec![platform.into()],
        // `CODEOWNERS` at the root may be anybody's.
        None if repo.read(b".gitlab-ci.yml")?.is_some() => vec![Platform::GitLab, Platform::GitHub],
        None => vec![Platform::GitHub, Platform::GitLab],
    };
    for platform in platforms {
        for file in platform.locations() {
            if let Some(bytes) = repo.read(file.as_bytes())? {
                let text = text(file, bytes)?;
                return Ok(Some(Existing {
                    file: (*file).to_string(),
                    text,
                    platform,
                }));
            }
        }
    }
    Ok(None)
}

fn text(file: &str, bytes: Vec<u8>) -> Result<String> {
    let text = String::from_utf8(bytes)
        .ok()
        .with_context(|| format!("`{file}` is not UTF-8"))?;
    if codeowners::is_generated(text.as_bytes()) {
        bail!("`{file}` was written by `owners gen`: there is nothing to import");
    }
    Ok(text)
}

/// Every tracked path has the owners that the old file gives it.
fn compare(project: &Project, existing: &Existing, tracked: &PathSet) -> Result<()> {
    let file = read(&existing.text, existing.platform);
    let (old, new) = (file.matcher(), project.rules.matcher());
    let (mut old_walk, mut new_walk) = (old.walk(), new.walk());
    for path in tracked.iter() {
        let before = old.owners(&mut old_walk, path).concat();
        let after = match project.rules.ownership(new_walk.decide(path)) {
            Ownership::Owned(owners) => owners,
            Ownership::Nobody | Ownership::Unmatched => &[],
        };
        // A list names nobody twice.
        let is_same = before
            .iter()
            .all(|owner| after.iter().any(|other| owner.is_same(other)))
            && after
                .iter()
                .all(|owner| before.iter().any(|other| owner.is_same(other)));
        if !is_same {
            bail!(
                "`{}` would get other owners; nothing was written. This is a bug in owners: please \
                 report it with the file",
                escaped(path)
            );
        }
    }
    Ok(())
}

/// A configuration for a repository without any: one rule for all, and one for each directory at
/// the root, as a comment that names who worked there.
fn starter(workspace: &Workspace, tracked: &PathSet) -> Result<String> {
    let mut directories: BTreeMap<Vec<u8>, BTreeMap<String, usize>> = BTreeMap::new();
    for path in tracked.iter() {
        if let Some(slash) = path.find_byte(b'/') {
            directories.entry(path[..slash].to_vec()).or_default();
        }
    }
    if workspace.repo.is_git() {
        count_authors(workspace, &mut directories)?;
    }
    let mut text = "# Who reviews what. Run `owners gen` after every change.\n\
        # The last rule that matches a path decides. Formatters that sort keys change that.\n\
        \n\
        [groups]\n\
        maintainers = \"@org/team\" # to be replaced\n\
        \n\
        [paths]\n\
        \"*\" = \"maintainers\"\n"
        .to_string();
    if !directories.is_empty() {
        text.push_str("\n# A directory gets reviewers of its own by a rule; behind each, who worked there most in\n# the last year:\n");
    }
    for (directory, authors) in directories {
        let mut pattern = Pattern::entry(&directory).to_string();
        pattern.push('/');
        let mut authors: Vec<(String, usize)> = authors.into_iter().collect();
        authors.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let people: Vec<String> = authors
            .iter()
            .take(SUGGESTIONS)
            .map(|(who, count)| format!("{who} ({count})"))
            .collect();
        let quote = if pattern.contains('\\') { '\'' } else { '"' };
        let line = format!("# {quote}{pattern}{quote} = \"maintainers\"");
        let line = line.replace(|c: char| c.is_control(), "?");
        let _ = match people.is_empty() {
            true => writeln!(text, "{line}"),
            false => writeln!(text, "{line} # {}", escaped(people.join(", ").as_bytes())),
        };
    }
    Ok(text)
}

/// Counts, for each directory at the root, who made how many commits in it in the last year.
fn count_authors(
    workspace: &Workspace,
    directories: &mut BTreeMap<Vec<u8>, BTreeMap<String, usize>>,
) -> Result<()> {
    let mut command = workspace.repo.git_command()?;
    command.args([
        "log",
        "--since=1.year",
        "--no-merges",
        "--format=%x00%x00%aE",
        "--name-only",
        "-z",
    ]);
    let output = command
        .output()
        .context("cannot run `git`; is it installed?")?;
    // A repository without commits has no log, and nobody to suggest.
    if !output.status.success() {
        return Ok(());
    }
    for commit in output
        .stdout
        .split_str(b"\0\0")
        .filter(|commit| !commit.is_empty())
    {
        let mut fields = commit
            .split(|&byte| byte == 0 || byte == b'\n')
            .filter(|field| !field.is_empty());
        let Some(author) = fields.next() else {
            continue;
        };
        let author = handle(&author.to_str_lossy());
        let mut touched: Vec<&[u8]> = fields
            .filter_map(|path| Some(&path[..path.find_byte(b'/')?]))
            .collect();
        touched.sort_unstable();
        touched.dedup();
        for directory in touched {
            if let Some(authors) = directories.get_mut(directory) {
                *authors.entry(author.clone()).or_default() += 1;
            }
        }
    }
    Ok(())
}

/// A login, where the address is one that a forge made from it; else the address.
fn handle(email: &str) -> String {
    match email.split_once("@users.noreply.") {
        Some((user, _)) => format!("@{}", user.rsplit('+').next().unwrap_or(user)),
        None => email.to_string(),
    }
}
