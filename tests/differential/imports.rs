//! A random CODEOWNERS file: what `init` makes of it gives every tracked path the same owners, and
//! so does the file that is then generated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Counts;
use crate::input::codeowners;
use crate::rules::same;
use crate::support::as_text;
use crate::support::models::github;
use crate::support::random::Random;
use crate::support::ruby::Ruby;
use crate::world::World;

/// The owners that each section of a file names for each path, by independent readers; `None` for a
/// path that they refuse.
type Sections = Vec<Option<Vec<Vec<String>>>>;

pub(crate) fn import(
    random: &mut Random,
    world: &World,
    ruby: &mut Option<Ruby>,
    counts: &mut Counts,
) -> Result<(), String> {
    let is_gitlab = random.chance(50);
    let forge = if is_gitlab { "gitlab" } else { "github" };
    let text = codeowners(random, &world.tree, is_gitlab);
    let place = format!(".{forge}/CODEOWNERS");
    world.write(&place, &text);
    let options = random.pick(&["", " --no-fold", " --write-output", " --exempt-unowned"]);
    let command = format!("init --force --from {place} --platform {forge}{options}");
    let tracked: BTreeSet<Vec<u8>> = world.tracked(&[("owners.toml".to_string(), String::new())]);
    let tracked: Vec<&[u8]> = tracked.iter().map(Vec::as_slice).collect();
    let output = world.owners(&command, b"");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let compared = reviewers(world, ruby, counts, forge, &text);
    let compared = compared.and_then(|()| match output.status.code() {
        Some(0) => compare(world, ruby, counts, forge, &text, &tracked),
        Some(1 | 2) if said.starts_with("error: ") => {
            counts.refused += 1;
            Ok(())
        }
        _ => Err(format!("{}: {said}", output.status)),
    });
    compared.map_err(|fault| {
        format!(
            "{command}: {fault}\n--- {place}\n{text}\n--- tracked\n{:?}",
            tracked.iter().map(|path| as_text(path)).collect::<Vec<_>>()
        )
    })
}

/// Whom `reviewers` asks about each path is whom the file names.
fn reviewers(
    world: &World,
    ruby: &mut Option<Ruby>,
    counts: &mut Counts,
    forge: &str,
    text: &str,
) -> Result<(), String> {
    let place = format!(".{forge}/CODEOWNERS");
    let [before, after] = world.before_and_after(&place, text);
    let command = format!("reviewers {before} {after} --json --platform {forge}");
    let output = world.owners(&command, b"");
    let found: Value = serde_json::from_slice(&output.stdout).map_err(|error| {
        format!(
            "{command}: {error}: {}",
            String::from_utf8_lossy(&output.stderr)
        )
    })?;
    let mut asked: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for request in found["requests"].as_array().ok_or("requests")? {
        let owner = request["owner"].as_str().ok_or("owner")?.to_lowercase();
        for path in request["paths"].as_array().ok_or("paths")? {
            let path = path.as_str().ok_or("path")?;
            asked.entry(path).or_default().insert(owner.clone());
        }
    }
    let paths: Vec<&[u8]> = world.tree.keys().map(Vec::as_slice).collect();
    let Some(expected) = sections(ruby, forge, text, &paths) else {
        return Ok(());
    };
    for (path, expected) in paths.iter().zip(expected) {
        // The one file was there before; a name that is not UTF-8 is only for people to read here.
        let (Some(expected), Ok(name)) = (expected, std::str::from_utf8(path)) else {
            continue;
        };
        if name != place {
            let found = asked.get(name).cloned().unwrap_or_default();
            same(
                &format!("{command}: {name:?}"),
                &found,
                &set(&expected.concat()),
            )?;
        }
    }
    counts.reviewers += 1;
    Ok(())
}

/// `owners.toml` is left out: `init` gives it the owners of the CODEOWNERS file.
fn compare(
    world: &World,
    ruby: &mut Option<Ruby>,
    counts: &mut Counts,
    forge: &str,
    text: &str,
    paths: &[&[u8]],
) -> Result<(), String> {
    let others: Vec<&[u8]> = (paths.iter().copied())
        .filter(|&path| path != b"owners.toml")
        .collect();
    let paths = others.as_slice();
    let config = world.read("owners.toml");
    let Some(expected) = reading(ruby, forge, text, paths)? else {
        return Ok(());
    };
    let output = world.owners("who --stdin -0", &paths.join(&0));
    if output.status.code().is_none_or(|code| code > 1) {
        return Err(format!(
            "who: {}\n--- owners.toml\n{config}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    for (index, answer) in output
        .stdout
        .split(|&byte| byte == 0)
        .take(paths.len())
        .enumerate()
    {
        let said = answer
            .strip_prefix(paths[index])
            .ok_or("the path comes first")?;
        let said = String::from_utf8_lossy(said);
        let owners = said
            .split_whitespace()
            .filter(|word| !word.starts_with('('));
        let what = format!("who of {:?}", as_text(paths[index]));
        let found: Vec<String> = owners.map(String::from).collect();
        let Some(expected) = &expected[index] else {
            continue;
        };
        same(&what, &set(&found), &set(expected))
            .map_err(|fault| format!("{fault}\n--- owners.toml\n{config}"))?;
    }
    let output = world.owners("gen --force", b"");
    if output.status.code() != Some(0) {
        return Err(format!(
            "gen: {}\n--- owners.toml\n{config}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    let generated = world.read(&format!(".{forge}/CODEOWNERS"));
    let again = reading(ruby, forge, &generated, paths)?.expect("read before");
    for (index, path) in paths.iter().enumerate() {
        let (Some(again), Some(expected)) = (&again[index], &expected[index]) else {
            continue;
        };
        if set(again) == set(expected) || forge == "github" && is_reported(world) {
            continue;
        }
        let what = format!("the generated file on {:?}", as_text(path));
        same(&what, &set(again), &set(expected))
            .map_err(|fault| format!("{fault}\n--- generated\n{generated}"))?;
    }
    counts.imports += 1;
    counts.paths += paths.len();
    Ok(())
}

/// Whether `check` reports that the generated file is not exact: a `{` of a file written by hand is
/// a `?` in it.
fn is_reported(world: &World) -> bool {
    let output = world.owners("check --format short", b"");
    String::from_utf8_lossy(&output.stdout).contains("inexact-output")
}

/// Owners without regard to case and order: `init` makes groups of them.
fn set(owners: &[String]) -> BTreeSet<String> {
    owners.iter().map(|owner| owner.to_lowercase()).collect()
}

/// `None` where there is no independent reader.
fn sections(ruby: &mut Option<Ruby>, forge: &str, text: &str, paths: &[&[u8]]) -> Option<Sections> {
    if forge == "gitlab" {
        return ruby.as_mut().map(|ruby| ruby.owners(text, paths));
    }
    let lines = github::lines(text);
    let owners = |path: &&[u8]| Some(vec![github::last_owners(&lines, &as_text(path))]);
    Some(paths.iter().map(owners).collect())
}

/// The same for a file in which no path lies in two sections.
fn reading(
    ruby: &mut Option<Ruby>,
    forge: &str,
    text: &str,
    paths: &[&[u8]],
) -> Result<Option<Vec<Option<Vec<String>>>>, String> {
    let Some(all) = sections(ruby, forge, text, paths) else {
        return Ok(None);
    };
    for (sections, path) in all.iter().zip(paths) {
        if sections.as_ref().is_some_and(|sections| sections.len() > 1) {
            return Err(format!("{:?} lies in two sections", as_text(path)));
        }
    }
    let flat = |sections: Vec<Vec<String>>| sections.concat();
    Ok(Some(
        all.into_iter().map(|sections| sections.map(flat)).collect(),
    ))
}
