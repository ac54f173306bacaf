//! A random rule set in a real repository: every command must say what the model says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::input::texts;
use crate::model::{Model, RuleSet, State, expansions};
use crate::support::as_text;
use crate::support::models::github;
use crate::support::models::gitlab::GitlabFile;
use crate::support::ruby::Ruby;
use crate::world::World;
use crate::{Counts, Outcome};

/// A rule set in a world, with what the model says of every path.
pub(crate) struct Case<'w> {
    world: &'w World,
    set: &'w RuleSet,
    model: Model,
    /// The tracked paths, sorted; then paths that are not tracked.
    paths: Vec<Vec<u8>>,
    tracked: usize,
    states: Vec<State>,
}

type Fault = Result<(), String>;

impl<'w> Case<'w> {
    pub(crate) fn new(world: &'w World, set: &'w RuleSet, strangers: &[Vec<u8>]) -> Self {
        let model = Model::new(set).expect("only sound rule sets are made");
        let mut paths: Vec<Vec<u8>> = world.tracked(&texts(set)).into_iter().collect();
        let tracked = paths.len();
        paths.extend_from_slice(strangers);
        let states = paths
            .iter()
            .map(|path| model.state(&as_text(path)))
            .collect();
        Case {
            world,
            set,
            model,
            paths,
            tracked,
            states,
        }
    }

    fn tracked(&self) -> impl Iterator<Item = (&Vec<u8>, &State)> {
        self.paths.iter().zip(&self.states).take(self.tracked)
    }

    /// The cheap half: what `who` says, and what the generated files mean.
    pub(crate) fn who_and_gen(&self, ruby: &mut Option<Ruby>, counts: &mut Counts) -> Fault {
        self.who("who --stdin -0", &self.paths, &self.states)?;
        counts.paths += self.paths.len();
        self.generated(ruby, counts)
    }

    /// What the other commands say, with the index and with a commit of the same tree.
    pub(crate) fn everything_else(&self, commit: &str, counts: &mut Counts) -> Fault {
        for revision in ["", commit] {
            let option = if revision.is_empty() {
                String::new()
            } else {
                format!(" --rev {revision}")
            };
            self.ls(&option)?;
            self.check(&option)?;
            self.stats(&option)?;
        }
        counts.full += 1;
        Ok(())
    }

    fn who(&self, command: &str, paths: &[Vec<u8>], states: &[State]) -> Fault {
        let output = self.run(command, &paths.join(&0))?;
        let is_unowned = states.contains(&State::Unowned);
        same("exit code of who", &output.code, &i32::from(is_unowned))?;
        let answers = output.stdout.strip_suffix(b"\0").unwrap_or_default();
        let answers: Vec<&[u8]> = answers.split(|&byte| byte == 0).collect();
        same("answers of who", &answers.len(), &paths.len())?;
        for ((path, state), answer) in paths.iter().zip(states).zip(answers) {
            let said = answer
                .strip_prefix(&path[..])
                .ok_or("the path comes first")?;
            let said = String::from_utf8_lossy(said).trim_start().to_string();
            let expected = match state {
                State::Owned(owners) => owners.join(" "),
                State::Nobody => "(nobody)".to_string(),
                State::Unowned => "(unowned)".to_string(),
            };
            same(&format!("who of {:?}", as_text(path)), &said, &expected)?;
        }
        Ok(())
    }

    fn generated(&self, ruby: &mut Option<Ruby>, counts: &mut Counts) -> Fault {
        let output = self.run("gen --force", b"")?;
        if output.code == 1 {
            counts.inexact += 1;
            // `check` must know of it, too.
            let findings = self.json("check --format json")?;
            let is_known = lints(&findings).contains(&"inexact-output");
            return same("check reports inexact-output", &is_known, &true);
        }
        same("exit code of gen", &output.code, &0)?;
        for &forge in &self.set.forges {
            let text = self.world.read(&format!(".{forge}/CODEOWNERS"));
            if forge == "github" {
                counts.github += 1;
                self.github(&text, counts)
            } else {
                counts.gitlab += 1;
                self.gitlab(&text, ruby, counts)
            }
            .map_err(|fault| format!("{fault}\n--- the generated file\n{text}"))?;
        }
        Ok(())
    }

    /// GitHub cannot say `#` and `{`: `?` stands for them. Where that takes a tracked path, `check`
    /// must report it.
    fn github(&self, text: &str, counts: &mut Counts) -> Fault {
        let lines = github::lines(text);
        let mut is_widened = false;
        for (index, (path, state)) in self.paths.iter().zip(&self.states).enumerate() {
            let path = as_text(path);
            let found = github::last_owners(&lines, &path);
            if found == state.owners() {
                continue;
            }
            if !self.has_widened_literal() {
                same(
                    &format!("the file for GitHub on {path:?}"),
                    &found[..],
                    state.owners(),
                )?;
            }
            is_widened |= index < self.tracked;
        }
        if self.has_widened_literal() {
            let is_reported = lints(&self.json("check --format json")?).contains(&"inexact-output");
            same(
                "inexact-output where a widened line decides",
                &is_reported,
                &is_widened,
            )?;
            counts.widened += usize::from(is_widened);
        }
        Ok(())
    }

    fn gitlab(&self, text: &str, ruby: &mut Option<Ruby>, counts: &mut Counts) -> Fault {
        let file = GitlabFile::new(text);
        let paths: Vec<&[u8]> = self.paths.iter().map(Vec::as_slice).collect();
        let by_ruby = ruby.as_mut().map(|ruby| ruby.owners(text, &paths));
        counts.ruby += usize::from(by_ruby.is_some());
        for (index, (path, state)) in self.paths.iter().zip(&self.states).enumerate() {
            let path = as_text(path);
            let found = file.owners(&path);
            same(
                &format!("the file for GitLab on {path:?}"),
                &found[..],
                state.owners(),
            )?;
            let answer = by_ruby.as_ref().and_then(|answers| answers[index].as_ref());
            if let Some(sections) = answer {
                let found = sections.concat();
                same(&format!("Ruby on {path:?}"), &found[..], state.owners())?;
            }
        }
        Ok(())
    }

    fn has_widened_literal(&self) -> bool {
        let rules = self.set.configs.iter().flat_map(|config| &config.rules);
        let mut texts = rules.flat_map(|rule| rule.except.iter().chain([&rule.pattern]));
        let directories = self.set.configs.iter().map(|config| &config.directory);
        let mut directories = directories.filter(|directory| directory.contains(['#', '{']));
        directories.next().is_some() || texts.any(|text| is_widened(text))
    }

    fn ls(&self, option: &str) -> Fault {
        let all: BTreeSet<&Vec<u8>> = self.tracked().map(|(path, _)| path).collect();
        let those = |wanted: &dyn Fn(&State) -> bool| -> BTreeSet<&Vec<u8>> {
            let wanted = self.tracked().filter(|(_, state)| wanted(state));
            wanted.map(|(path, _)| path).collect()
        };
        let owned_by = |name: &str| {
            those(&|state| {
                state
                    .owners()
                    .iter()
                    .any(|owner| owner.eq_ignore_ascii_case(name))
            })
        };
        for (arguments, expected) in [
            ("", all),
            ("--unowned", those(&|state| *state == State::Unowned)),
            ("--nobody", those(&|state| *state == State::Nobody)),
            ("--owner @o1", owned_by("@o1")),
        ] {
            let command = format!("ls --name-only -0 {arguments}{option}");
            let output = self.ends(&command, b"")?;
            // Nobody of that name is in the configuration.
            if output.code == 2 && arguments == "--owner @o1" && expected.is_empty() {
                continue;
            }
            let listed = output.stdout.split(|&byte| byte == 0).map(<[u8]>::to_vec);
            let listed: Vec<Vec<u8>> = listed.filter(|path| !path.is_empty()).collect();
            let expected: Vec<Vec<u8>> = expected.into_iter().cloned().collect();
            same(&command, &shown(&listed), &shown(&expected))?;
        }
        Ok(())
    }

    /// The sums, and that the findings of `unowned-path` cover what is unowned and nothing owned.
    fn check(&self, option: &str) -> Fault {
        let found = self.json(&format!("check --format json{option}"))?;
        self.sums(&format!("check{option}"), &found["summary"])?;
        let findings = found["findings"].as_array().ok_or("findings")?;
        let findings = findings
            .iter()
            .filter(|each| each["lint"] == "unowned-path");
        let reported: Vec<Vec<u8>> = findings.map(path_of).collect();
        for (path, state) in self.tracked() {
            let covers = |reported: &&Vec<u8>| {
                reported.is_empty()
                    || *reported == path
                    || reported.ends_with(b"/") && path.starts_with(reported)
            };
            let is_reported = reported.iter().any(|reported| covers(&reported));
            let is_unowned = *state == State::Unowned && !self.model.is_exempt(&as_text(path));
            if is_unowned || matches!(state, State::Owned(_)) {
                same(
                    &format!("check{option} on {:?}", as_text(path)),
                    &is_reported,
                    &is_unowned,
                )?;
            }
        }
        Ok(())
    }

    fn sums(&self, what: &str, found: &Value) -> Fault {
        let count = |wanted: &dyn Fn(&Vec<u8>, &State) -> bool| {
            self.tracked()
                .filter(|(path, state)| wanted(path, state))
                .count()
        };
        let exempt = |path: &Vec<u8>| self.model.is_exempt(&as_text(path));
        for (key, expected) in [
            ("paths", self.tracked),
            ("owned", count(&|_, state| matches!(state, State::Owned(_)))),
            ("nobody", count(&|_, state| *state == State::Nobody)),
            (
                "exempt",
                count(&|path, state| *state == State::Unowned && exempt(path)),
            ),
            (
                "unowned",
                count(&|path, state| *state == State::Unowned && !exempt(path)),
            ),
        ] {
            same(
                &format!("{what}: {key}"),
                &found[key],
                &Value::from(expected),
            )?;
        }
        Ok(())
    }

    fn stats(&self, option: &str) -> Fault {
        let mut by_owner: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for (_, state) in self.tracked() {
            for owner in state.owners() {
                let row = by_owner.entry(owner.to_lowercase()).or_default();
                row.0 += 1;
                row.1 += usize::from(state.owners().len() == 1);
            }
        }
        let found = self.json(&format!("stats --json --by owner{option}"))?;
        self.sums(&format!("stats{option}"), &found)?;
        let rows = found["rows"].as_array().ok_or("rows")?.iter();
        let number = |row: &Value, key: &str| row[key].as_u64().unwrap_or(u64::MAX) as usize;
        let rows = rows.map(|row| {
            let name = row["name"].as_str().unwrap_or_default().to_lowercase();
            (name, (number(row, "paths"), number(row, "alone")))
        });
        let rows: BTreeMap<_, _> = rows.filter(|(_, row)| row.0 > 0).collect();
        same(&format!("stats --by owner{option}"), &rows, &by_owner)?;

        let found = self.json(&format!("stats --json --by dir{option}"))?;
        let rows = found["rows"].as_array().ok_or("rows")?;
        let mut sum = 0;
        for row in rows {
            let directory = path_of(row);
            let inside = |path: &[u8]| match &directory[..] {
                b"./" => !path.contains(&b'/'),
                directory => path.starts_with(directory),
            };
            let states = self
                .tracked()
                .filter(|(path, _)| inside(path))
                .map(|(_, state)| state);
            let states: Vec<&State> = states.collect();
            let count = |wanted: &dyn Fn(&State) -> bool| {
                states.iter().filter(|state| wanted(state)).count()
            };
            for (key, expected) in [
                ("paths", states.len()),
                ("owned", count(&|state| matches!(state, State::Owned(_)))),
                ("nobody", count(&|state| *state == State::Nobody)),
                ("unowned", count(&|state| *state == State::Unowned)),
            ] {
                let what = format!("stats --by dir{option}, {:?}: {key}", as_text(&directory));
                same(&what, &row[key], &Value::from(expected))?;
            }
            sum += states.len();
        }
        same(
            &format!("stats --by dir{option}: all rows"),
            &sum,
            &self.tracked,
        )?;

        // The rows of groups depend on how rules name them; no group owns more than there is.
        let found = self.json(&format!("stats --json --by group{option}"))?;
        let owned = found["owned"].as_u64();
        for row in found["rows"].as_array().ok_or("rows")? {
            same(
                "a group owns what is owned",
                &(row["paths"].as_u64() <= owned),
                &true,
            )?;
        }
        Ok(())
    }

    /// Every path whose owners differ between two commits is named, and no other.
    pub(crate) fn diff(&self, before: &Case<'_>, commits: [&str; 2]) -> Fault {
        let known = |case: &Case<'_>| -> BTreeMap<Vec<u8>, State> {
            let paths = case.tracked();
            paths
                .map(|(path, state)| (path.clone(), state.clone()))
                .collect()
        };
        let (old, new) = (known(before), known(self));
        let working_tree = format!("diff -v {} --format json", commits[0]);
        let two_commits = format!("diff -v {} {} --format json", commits[0], commits[1]);
        for command in [working_tree, two_commits] {
            let found = self.json(&command)?;
            let mut named = BTreeSet::new();
            for change in found["changes"].as_array().ok_or("changes")? {
                let path = path_of(change);
                let from = change["from"]
                    .as_str()
                    .map_or_else(|| path.clone(), |from| from.as_bytes().to_vec());
                for (key, side, path) in [("before", &old, &from), ("after", &new, &path)] {
                    let what = format!("{command}: {key} of {:?}", as_text(path));
                    // A change that several paths share has the owners of the first of them. To a
                    // forge, neither their order nor their case says anything.
                    let shown = state_of(&change[key])?.map(|state| state.in_any_order());
                    let expected = side.get(path).map(State::in_any_order);
                    same(&what, &shown, &expected)?;
                }
                named.extend([from, path]);
            }
            let all = old.keys().chain(new.keys());
            for path in all.filter(|path| !named.contains(*path)) {
                let owners = |side: &BTreeMap<Vec<u8>, State>| {
                    side.get(path).map(|state| {
                        state
                            .owners()
                            .iter()
                            .map(|owner| owner.to_lowercase())
                            .collect::<BTreeSet<_>>()
                    })
                };
                let what = format!("{command}: {:?} is not named", as_text(path));
                same(&what, &owners(&old), &owners(&new))?;
            }
        }
        Ok(())
    }

    /// `--fix` may take rules away, and must not take a path from anybody.
    pub(crate) fn fix(&self, counts: &mut Counts) -> Fault {
        for (fix, paths) in [("--fix", self.paths.len()), ("--fix=tree", self.tracked)] {
            // A corrected pattern gives paths to its owners.
            let output = self.ends(&format!("check {fix} -A misspelled-pattern"), b"")?;
            // What is to be edited must be there.
            if self.world.is_sparse() && output.stderr.contains("is not checked out") {
                return Ok(());
            }
            same(
                &format!("{fix}: {}", output.stderr),
                &(output.code < 2),
                &true,
            )?;
            let changed = texts(self.set)
                .iter()
                .any(|(path, text)| self.world.has(path) && self.world.read(path) != *text);
            counts.fixed += usize::from(changed);
            self.who(
                "who --stdin -0",
                &self.paths[..paths],
                &self.states[..paths],
            )
            .map_err(|fault| {
                format!(
                    "after {fix}: {fault}\n--- owners.toml\n{}",
                    self.world.read("owners.toml")
                )
            })?;
        }
        Ok(())
    }

    fn json(&self, command: &str) -> Result<Value, String> {
        let output = self.run(command, b"")?;
        serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("{command}: {error}: {}", output.stderr))
    }

    /// Runs to an exit code of 0 or 1.
    fn run(&self, command: &str, input: &[u8]) -> Result<Outcome, String> {
        let outcome = self.ends(command, input)?;
        match outcome.code {
            0 | 1 => Ok(outcome),
            code => Err(format!("{command} exits with {code}: {}", outcome.stderr)),
        }
    }

    fn ends(&self, command: &str, input: &[u8]) -> Result<Outcome, String> {
        let output = self.world.owners(command, input);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        match output.status.code() {
            Some(code) => Ok(Outcome {
                code,
                stdout: output.stdout,
                stderr,
            }),
            None => Err(format!("{command}: {}: {stderr}", output.status)),
        }
    }
}

fn is_widened(text: &str) -> bool {
    let patterns = expansions(text).unwrap_or_default();
    patterns
        .iter()
        .any(|pattern| pattern.has_literal(&['#', '{']))
}

fn lints(check: &Value) -> Vec<&str> {
    let findings = check["findings"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    findings
        .iter()
        .filter_map(|each| each["lint"].as_str())
        .collect()
}

fn path_of(record: &Value) -> Vec<u8> {
    match record["path_bytes"].as_array() {
        Some(bytes) => bytes
            .iter()
            .map(|byte| byte.as_u64().unwrap() as u8)
            .collect(),
        None => record["path"].as_str().unwrap().as_bytes().to_vec(),
    }
}

fn state_of(record: &Value) -> Result<Option<State>, String> {
    let owners = || {
        let owners = record["owners"].as_array().into_iter().flatten();
        owners
            .filter_map(|owner| owner.as_str().map(String::from))
            .collect()
    };
    Ok(match record["state"].as_str() {
        None => None,
        Some("owned") => Some(State::Owned(owners())),
        Some("nobody") => Some(State::Nobody),
        Some("unowned") => Some(State::Unowned),
        Some(other) => return Err(format!("the state `{other}`")),
    })
}

fn shown(paths: &[Vec<u8>]) -> Vec<String> {
    paths.iter().map(|path| as_text(path)).collect()
}

/// A difference in words, if there is one.
pub(crate) fn same<T: PartialEq + std::fmt::Debug + ?Sized>(
    what: &str,
    found: &T,
    expected: &T,
) -> Fault {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}\n   found {found:?}\nexpected {expected:?}"))
}

/// Looks for a smaller rule set that `differs` still.
pub(crate) fn shrink(
    set: &RuleSet,
    mut differs: impl FnMut(&RuleSet) -> Option<String>,
) -> (RuleSet, Option<String>) {
    let (mut best, mut fault) = (set.clone(), None);
    loop {
        let smaller = smaller_sets(&best).into_iter().find_map(|set| {
            Model::new(&set)?;
            differs(&set).map(|fault| (set, fault))
        });
        match smaller {
            Some((set, found)) => (best, fault) = (set, Some(found)),
            None => return (best, fault),
        }
    }
}

/// The same set without one of its parts.
fn smaller_sets(set: &RuleSet) -> Vec<RuleSet> {
    let mut all = Vec::new();
    let mut without = |change: &dyn Fn(&mut RuleSet)| {
        let mut smaller = set.clone();
        change(&mut smaller);
        all.push(smaller);
    };
    for at in (1..set.configs.len()).rev() {
        without(&|set| drop(set.configs.remove(at)));
    }
    for (index, config) in set.configs.iter().enumerate() {
        for at in 0..config.rules.len() {
            without(&|set| drop(set.configs[index].rules.remove(at)));
        }
        for at in 0..config.exempt.len() {
            without(&|set| drop(set.configs[index].exempt.remove(at)));
        }
        for (number, rule) in config.rules.iter().enumerate() {
            for at in 0..rule.except.len() {
                without(&|set| drop(set.configs[index].rules[number].except.remove(at)));
            }
        }
    }
    for at in 0..set.nested_except.len() {
        without(&|set| drop(set.nested_except.remove(at)));
    }
    all
}
