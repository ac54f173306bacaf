//! Approvals: whatever `[[approval]]` says, the sections of the file for GitLab demand the same of
//! every path, and owners' own answer is that, too.
//!
//! Random approvals are judged three times over all short paths: by a model of a dozen lines, by the
//! matcher, and by Ruby, which reads the generated file as GitLab does. `APPROVALS` asks for more of
//! them than those of a usual run.

mod support;

use owners::Forge;
use owners::Owner;
use owners::PathSet;
use owners::Project;
use owners::codeowners::proof;
use owners::pattern::alternation::Alternation;

use support::models::github::GithubModel;
use support::random::Random;
use support::ruby::Ruby;

/// An entry of `[[approval]]`.
#[derive(Clone, Debug)]
struct Entry {
    name: String,
    paths: Vec<String>,
    except: Vec<String>,
    owners: Vec<&'static str>,
}

/// An approval as a model: its entries, with what it asks for.
struct Approval {
    /// As Ruby shows it.
    shown: String,
    entries: Vec<EntryModel>,
}

struct EntryModel {
    paths: Vec<GithubModel>,
    except: Vec<GithubModel>,
    owners: String,
}

impl EntryModel {
    fn new(entry: &Entry) -> Self {
        let models = |texts: &[String]| {
            let models = texts.iter().map(|text| GithubModel::new(&escaped(text)));
            models.collect()
        };
        EntryModel {
            paths: models(&entry.paths),
            except: models(&entry.except),
            owners: entry.owners.join(" "),
        }
    }

    fn matches(&self, path: &str) -> bool {
        let any = |models: &[GithubModel]| models.iter().any(|model| model.matches(path));
        any(&self.paths) && !any(&self.except)
    }
}

fn pattern(random: &mut Random) -> String {
    const SEGMENTS: &[&str] = &[
        "a", "b", "ab", "*", "a*", "*b", "?", "**", "[a]", "#a", "a b",
    ];
    let count = 1 + random.below(3);
    let segments: Vec<&str> = (0..count).map(|_| random.pick(SEGMENTS)).collect();
    let (before, after) = (random.pick(&["", "/", "/"]), random.pick(&["", "/"]));
    format!("{before}{}{after}", segments.join("/"))
}

fn patterns(random: &mut Random, least: usize) -> Vec<String> {
    let sound = |text: &String| Alternation::parse(text).is_ok();
    let count = least + random.below(3);
    let all = (0..count * 2).map(|_| pattern(random));
    let mut all: Vec<String> = all.filter(sound).take(count).collect();
    if all.len() < least {
        all.push("/a".into());
    }
    all
}

fn entries(random: &mut Random) -> Vec<Entry> {
    const NAMES: &[&str] = &["Sec", "SEC", "Docs [x", "é", "É", " a b "];
    const OWNERS: &[&[&str]] = &[
        &["@a"],
        &["@b"],
        &["@c", "@d"],
        &["@g/h"],
        &["é@x.org"],
        &[],
    ];
    let entry = |random: &mut Random| Entry {
        name: random.pick(NAMES).into(),
        paths: patterns(random, 1),
        except: match random.below(4) {
            0 => patterns(random, 0),
            _ => Vec::new(),
        },
        owners: random.pick(OWNERS).to_vec(),
    };
    (0..1 + random.below(5)).map(|_| entry(random)).collect()
}

/// The text of the configuration, and what its approvals are.
fn written(random: &mut Random, entries: &[Entry]) -> (String, Vec<Approval>) {
    let quoted = |texts: &[String]| {
        let texts: Vec<String> = texts.iter().map(|text| format!("'{text}'")).collect();
        format!("[{}]", texts.join(", "))
    };
    let mut text = String::from("[output]\nplatform = 'gitlab'\n[paths]\n'/a' = '@owner'\n");
    let mut approvals: Vec<(String, usize, bool, Vec<&Entry>)> = Vec::new();
    for entry in entries {
        let folded = entry.name.to_lowercase();
        let known = approvals
            .iter()
            .position(|each| each.0.to_lowercase() == folded);
        text += &format!(
            "[[approval]]\nname = '{}'\npaths = {}\nexcept = {}\n",
            entry.name,
            quoted(&entry.paths),
            quoted(&entry.except)
        );
        let owners: Vec<String> = entry.owners.iter().map(ToString::to_string).collect();
        text += &format!("owners = {}\n", quoted(&owners));
        let Some(known) = known else {
            let (count, is_optional) = random.pick(&[(1, false), (1, true), (3, false)]);
            text += &match (count, is_optional) {
                (1, false) => String::new(),
                (1, true) => "optional = true\n".into(),
                (count, _) => format!("count = {count}\n"),
            };
            approvals.push((entry.name.clone(), count, is_optional, vec![entry]));
            continue;
        };
        approvals[known].3.push(entry);
    }
    let approvals = approvals
        .into_iter()
        .map(|(name, count, is_optional, entries)| {
            let mark = if is_optional { "^" } else { "" };
            let shown = format!("{mark}[{name}][{count}]");
            let entries = entries.into_iter().map(EntryModel::new).collect();
            Approval { shown, entries }
        });
    let approvals = approvals.collect();
    (text, approvals)
}

/// What each path needs by the model, in the order of the approvals.
fn needed(approvals: &[Approval], path: &str) -> Vec<(String, String)> {
    let mut needed = Vec::new();
    for approval in approvals {
        let mut entries = approval.entries.iter().rev();
        let decides = entries.find(|entry| entry.matches(path));
        if let Some(entry) = decides.filter(|entry| !entry.owners.is_empty()) {
            needed.push((approval.shown.clone(), entry.owners.clone()));
        }
    }
    needed
}

/// A pattern of `owners.toml` as a line of GitHub's file has it.
fn escaped(text: &str) -> String {
    text.replace('[', "\\[").replace(']', "\\]")
}

fn all_paths() -> Vec<String> {
    const NAMES: &[&str] = &["a", "b", "ab", "c", "[a]", "#a", "a b"];
    let mut paths: Vec<String> = NAMES.iter().map(ToString::to_string).collect();
    let mut start = 0;
    for _ in 0..2 {
        let end = paths.len();
        for index in start..end {
            let below = NAMES.iter().map(|name| format!("{}/{name}", paths[index]));
            let below: Vec<String> = below.collect();
            paths.extend(below);
        }
        start = end;
    }
    paths
}

#[test]
fn sections_demand_what_approvals_say() {
    let asked = std::env::var("APPROVALS").ok();
    let cases = asked.and_then(|cases| cases.parse().ok()).unwrap_or(100);
    let paths = all_paths();
    let bytes: Vec<&[u8]> = paths.iter().map(String::as_bytes).collect();
    let tracked: PathSet = paths.iter().collect();
    let mut ruby = Ruby::start();
    let (mut rendered_count, mut compared, mut demanded) = (0, 0, 0);
    for seed in 0..cases {
        let mut random = Random::new(seed);
        let entries = entries(&mut random);
        let (text, approvals) = written(&mut random, &entries);
        let project = Project::from_text(&text).unwrap_or_else(|error| {
            panic!("{error} in\n{text}");
        });
        let expected = paths.iter().map(|path| needed(&approvals, path));
        let expected: Vec<_> = expected.collect();
        let matcher = project.rules.approval_matcher().expect("there are some");
        let mut walk = matcher.walk();
        for (path, expected) in paths.iter().zip(&expected) {
            let found = walk.needed(path.as_bytes()).into_iter().map(|each| {
                let approval = &project.rules[each.approval];
                let mark = if approval.is_optional { "^" } else { "" };
                let shown = format!("{mark}[{}][{}]", approval.name, approval.count);
                (shown, Owner::join(project.rules.approvers(each)))
            });
            assert_eq!(found.collect::<Vec<_>>(), *expected, "{path} by\n{text}");
        }
        let Ok(rendered) = project.render(&Forge::GITLAB.into()) else {
            continue;
        };
        rendered_count += 1;
        proof::prove(&project.rules, &rendered, &tracked)
            .unwrap_or_else(|difference| panic!("{difference} in\n{}", rendered.text));
        let Some(ruby) = &mut ruby else { continue };
        let answers = ruby.approvals(&rendered.text, &bytes);
        for ((path, expected), answer) in paths.iter().zip(&expected).zip(answers) {
            let mut found = answer.expect("a path in UTF-8");
            found.retain(|(name, _)| name != "[codeowners][1]");
            assert_eq!(
                found, *expected,
                "{path} by\n{text}\nand by\n{}",
                rendered.text
            );
            compared += 1;
            demanded += expected.len();
        }
    }
    println!(
        "{cases} configurations, {rendered_count} exact on GitLab; Ruby: {compared} paths, \
         {demanded} approvals"
    );
    assert!(rendered_count * 2 > cases, "hardly anything is written");
}

/// A forge without sections has a file without approvals.
#[test]
fn github_has_no_sections() {
    let text = "[paths]\n'*' = '@a'\n[[approval]]\nname = 'S'\npaths = '/x/'\nowners = '@b'\n";
    let project = Project::from_text(text).unwrap();
    let rendered = project.render(&Forge::GITHUB.into()).unwrap();
    assert!(rendered.sections.is_empty());
    assert!(!rendered.text.contains('['), "{}", rendered.text);
    proof::prove(&project.rules, &rendered, &["x/y"].iter().collect()).unwrap();
}

/// What the proof compares: each part of a section.
#[test]
fn every_sabotage_is_caught() {
    let text = "[output]\nplatform = 'gitlab'\n[paths]\n'*' = '@a'\n\
        [[approval]]\nname = 'S'\ncount = 2\npaths = ['/x/', '/y/']\nexcept = '/x/z/'\nowners = '@b'\n\
        [[approval]]\nname = 'T'\noptional = true\npaths = '/t'\nowners = '@c'\n";
    let project = Project::from_text(text).unwrap();
    let prove = |old: &str, new: &str| {
        let mut rendered = project.render(&Forge::GITLAB.into()).unwrap();
        assert!(rendered.text.contains(old), "{old}: {}", rendered.text);
        rendered.text = rendered.text.replace(old, new).into();
        proof::prove(&project.rules, &rendered, &PathSet::default())
    };
    assert_eq!(prove("[S][2] @b", "[S][2] @b"), Ok(()));
    for (old, new) in [
        ("[S][2]", "[S]"),
        ("[S][2]", "[s][2]"),
        ("[S][2]", "[S][3]"),
        ("[S][2]", "^[S][2]"),
        ("[S][2] @b", "[S][2] @c"),
        ("[S][2] @b", "[S][2] @b!"),
        ("[S][2] @b", "[codeowners]"),
        ("^[T]", "[T]"),
        ("^[T]", "[S]"),
        ("^[T] @c", "^[T]"),
        ("^[T]", "[U]\n/q @q\n^[T]"),
        ("!/x/z/", "/x/z/"),
        ("/y/", "[S] @b\n/y/"),
        ("/y/", "/y/ @d"),
        ("/y/\n", ""),
    ] {
        assert!(prove(old, new).is_err(), "{old} → {new}");
    }
}
