//! What must hold for any input: the bodies of the fuzz targets in `fuzz/`, which `tests/fuzz.rs`
//! runs on a few hundred inputs as well.

use std::collections::{BTreeSet, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

use owners::Forge;
use owners::Owner;
use owners::PathSet;
use owners::codeowners::{Decides, File, FileLine, proof, read};
use owners::fix;
use owners::lint::{self, Context, Facts, Levels};
use owners::pattern::algebra::{covers, disjoint, intersect, witnesses};
use owners::pattern::alternation::Alternation;
use owners::pattern::{Gap, Pattern};
use owners::ruleset::survey::Survey;
use owners::text::{Diagnostic, Holds};
use owners::{Ownership, Project};

use super::models::git::{Entry, Scratch, is_sound};
use super::models::{self, FileModel};

/// The longest input that is worth its time.
const MAX_INPUT: usize = 4096;
/// The longest pattern whose algebra is tried, in bytes.
const MAX_PATTERN: usize = 60;
/// How many paths one input is judged by.
const MAX_PATHS: usize = 250;

/// A configuration, right or wrong: an answer, with every place in the text, and of a right one
/// every output, every finding and every fix.
pub(crate) fn toml(data: &[u8]) {
    if data.len() > MAX_INPUT {
        return;
    }
    let project = match Project::load("owners.toml", data.to_vec()) {
        Ok(project) => project,
        Err(unsound) => {
            assert!(!unsound.diagnostics.is_empty());
            for fault in &unsound.diagnostics {
                has_places(fault, |file| unsound.sources[file].text.as_str());
            }
            return;
        }
    };
    let text = |file| project.sources[file].text.as_str();
    let patterns = project.rules.lines().iter().map(|line| &line.pattern);
    let paths: PathSet = sample(patterns.take(50)).iter().collect();
    let rendered = project.render_all();
    for each in rendered.by_forge().flatten() {
        let proved = proof::prove(&project.rules, each, &paths);
        assert_eq!(proved, Ok(()), "{}", each.text);
    }
    let matcher = project.rules.matcher();
    let survey = Survey::new(&matcher, &paths);
    let facts = Facts {
        outputs: vec![lint::OutputOnDisk::default(); project.config.outputs.len()],
        paths,
        is_git: true,
        ..Facts::default()
    };
    let context = Context::new(&project, &facts, &matcher, &survey, &rendered);
    let levels = Levels::new(&project);
    let findings = lint::run(&context, &levels);
    findings
        .iter()
        .for_each(|finding| has_places(finding, text));
    for holds in [Holds::AnyTree, Holds::ThisTree] {
        let fixed = fix(&project, &facts, &levels, None, holds);
        let fixed = fixed.unwrap_or_else(|unproven| panic!("{holds:?}: {unproven}"));
        let again = fix(&fixed.project, &facts, &levels, None, holds);
        assert_eq!(again.map(|again| again.files), Ok(Vec::new()), "{holds:?}");
    }
}

fn has_places<'t>(diagnostic: &Diagnostic, text: impl Fn(owners::text::FileId) -> &'t str) {
    for label in &diagnostic.labels {
        let span = label.location.span.clone();
        let text = text(label.location.file);
        assert!(text.get(span).is_some(), "{diagnostic:?}");
    }
}

/// One pattern a line: errors have their place, normal forms are fixpoints, what is written for a
/// platform is read back, and the algebra of the first two agrees with matching.
pub(crate) fn pattern(data: &[u8]) {
    let Some(text) = short_text(data) else {
        return;
    };
    let mut patterns: Vec<Pattern> = Vec::new();
    for line in text.split('\n').take(4) {
        // Taken as a forge takes it. An escaped slash matches nothing and has no normal form.
        if line.len() <= MAX_PATTERN && !line.contains("\\/") {
            patterns.extend(Pattern::github(line));
        }
        match Alternation::parse(line) {
            Ok(expanded) => {
                let expansions = expanded.expansions.into_iter().take(20);
                patterns.extend(expansions.map(|each| each.pattern));
            }
            Err(errors) => {
                assert!(!errors.is_empty());
                for error in errors {
                    assert!(line.get(error.span.clone()).is_some(), "{error:?}");
                    assert!(!error.fault.help().is_empty());
                }
            }
        }
    }
    patterns.iter().take(40).for_each(reads_back);
    for a in patterns.iter().take(4) {
        for b in patterns.iter().take(4) {
            agrees_with_matching(a, b);
        }
    }
}

fn reads_back(pattern: &Pattern) {
    let normal = pattern.to_string();
    assert_eq!(Pattern::github(&normal).as_ref(), Some(pattern), "{normal}");
    if let Ok(text) = Forge::GITHUB.dialect.write(pattern, false) {
        let file = read(&format!("{text} @a\n"), Forge::GITHUB);
        assert_eq!(file.faults, [], "{text}");
        assert_eq!(file.entries.len(), 1, "{text}");
        assert_eq!(
            file.entries[0].pattern.as_ref(),
            Some(&*Forge::GITHUB.dialect.widened(pattern)),
            "{text}"
        );
    }
    let mut parts = Vec::new();
    for part in Forge::GITLAB.forms(pattern) {
        let Ok(text) = Forge::GITLAB.dialect.write(&part, false) else {
            return;
        };
        let file = read(&format!("{text} @a\n"), Forge::GITLAB);
        assert_eq!(file.faults, [], "{text}");
        assert_eq!(file.entries.len(), 1, "{text}");
        assert_eq!(file.entries[0].pattern, Some(part), "{text}");
        parts.extend(file.entries.into_iter().filter_map(|entry| entry.pattern));
    }
    for path in sample([pattern]) {
        let by_parts = parts.iter().any(|part| part.matches(path.as_bytes()));
        assert_eq!(
            by_parts,
            pattern.matches(path.as_bytes()),
            "{normal} on {path}"
        );
    }
}

fn agrees_with_matching(a: &Pattern, b: &Pattern) {
    let common = intersect(a, b, 200);
    let (covers, disjoint) = (covers(a, b), disjoint(a, b));
    if let Ok(common) = &common {
        assert_eq!(common.is_empty(), disjoint, "{a} and {b}");
    }
    let members = common.iter().flatten().take(20);
    for path in sample([a, b].into_iter().chain(members)) {
        let path = path.as_bytes();
        let (in_a, in_b) = (a.matches(path), b.matches(path));
        assert!(!(covers && in_b && !in_a), "{a} covers {b}");
        assert!(!(disjoint && in_a && in_b), "{a} and {b} are disjoint");
        if let Ok(common) = &common {
            let is_common = common.iter().any(|each| each.matches(path));
            assert_eq!(is_common, in_a && in_b, "{a} and {b}: {common:?}");
        }
    }
}

/// Any text as a CODEOWNERS file of either platform: faults have their place, and each line matches
/// what an independent reading of it does.
pub(crate) fn codeowners(data: &[u8]) {
    if data.len() > MAX_INPUT {
        return;
    }
    let text = String::from_utf8_lossy(data);
    for &forge in Forge::ALL {
        let file = read(&text, forge);
        let lines: Vec<&str> = text.lines().collect();
        for fault in &file.faults {
            let line = lines[fault.line - 1].chars().count();
            assert!(fault.column >= 1 && fault.column <= line, "{fault:?}");
        }
        let patterns = file
            .entries
            .iter()
            .filter_map(|entry| entry.pattern.as_ref());
        let paths = sample(patterns.filter(|each| each.steps().len() < 20).take(20));
        lines_decide(&file, &paths);
        // What regular expressions mean is for `tests/go.rs`.
        if file.decides == Decides::Every {
            continue;
        }
        for entry in file.entries.iter().take(20) {
            let text = entry.text.strip_prefix('!').unwrap_or(&entry.text);
            if text.is_empty() || text.len() > MAX_PATTERN {
                continue;
            }
            let model = models::pattern(text, forge);
            for path in &paths {
                let found = entry
                    .pattern
                    .as_ref()
                    .is_some_and(|each| each.matches(path.as_bytes()));
                assert_eq!(found, model(path), "{forge:?}: {text:?} on {path:?}");
            }
        }
    }
}

/// The compiled file says of each path what its entries say one by one.
fn lines_decide(file: &File, paths: &[String]) {
    let matcher = file.matcher();
    let mut walk = matcher.walk();
    for path in paths {
        let mut expected: Vec<&[Owner]> = Vec::new();
        if file.decides == Decides::Every {
            let matches = |entry: &&FileLine| {
                let is_in = |pattern: &Pattern| pattern.matches(path.as_bytes());
                let test = entry.test.as_ref();
                entry.pattern.as_ref().is_some_and(is_in)
                    && !entry.except.iter().any(is_in)
                    && test.is_none_or(|test| test.matches(path.as_bytes()))
            };
            let mut matching: Vec<&FileLine> = file.entries.iter().filter(matches).collect();
            matching.dedup_by_key(|entry| entry.line);
            expected.extend(matching.iter().map(|entry| &*entry.owners));
            assert_eq!(
                matcher.owners(&mut walk, path.as_bytes()),
                expected,
                "{path}"
            );
            continue;
        }
        for section in 0..file.sections.len() {
            let own = || {
                (file.entries.iter()).filter(|entry| {
                    let pattern = entry.pattern.as_ref();
                    entry.section == section
                        && pattern.is_some_and(|each| each.matches(path.as_bytes()))
                })
            };
            if let Some(last) = own().next_back()
                && !own().any(|entry| entry.is_exclusion)
                && !last.owners.is_empty()
            {
                expected.push(&last.owners);
            }
        }
        assert_eq!(
            matcher.owners(&mut walk, path.as_bytes()),
            expected,
            "{path}"
        );
    }
}

/// Rules, one a line: a pattern, then its exceptions, with tabs between; a `-` before the pattern
/// makes it nobody's, and a `+` makes it add its owner. What is written for each platform means to an independent reader what the
/// rules mean to loops over plain matching.
pub(crate) fn round_trip(data: &[u8]) {
    let Some(text) = short_text(data) else {
        return;
    };
    let rules = rules(text);
    let mut toml = String::from(
        r#"[[output]]
platform = "github"
[[output]]
platform = "gitlab"
[paths]
"#,
    );
    for rule in &rules {
        let except: Vec<String> = rule.except.iter().map(|(text, _)| quoted(text)).collect();
        toml += &format!(
            "{} = {{ {} = [{}], except = [{}] }}\n",
            quoted(rule.text),
            if rule.adds { "add" } else { "owners" },
            rule.owner.as_deref().map_or(String::new(), quoted),
            except.join(", ")
        );
    }
    if rules.is_empty() {
        return;
    }
    let project = Project::from_text(&toml)
        .unwrap_or_else(|unsound| panic!("{toml}\n{:?}", unsound.diagnostics));
    let patterns = rules.iter().flat_map(|rule| {
        let except = rule.except.iter().flat_map(|(_, patterns)| patterns);
        rule.patterns.iter().chain(except)
    });
    let patterns: Vec<&Pattern> = patterns.collect();
    let paths = sample(patterns.iter().copied());

    let matcher = project.rules.matcher();
    let mut walk = matcher.walk();
    for path in &paths {
        let found = match walk.ownership(path.as_bytes()) {
            Ownership::Owned(owners) => owners.iter().map(ToString::to_string).collect(),
            Ownership::Nobody | Ownership::Unowned => Vec::new(),
        };
        assert_eq!(
            found,
            owners_of(&rules, path, Pattern::clone),
            "{toml}{path}"
        );
    }
    for &forge in Forge::ALL {
        let rendered = match project.render(&forge.into()) {
            Ok(rendered) => rendered,
            Err(inexact) => {
                for each in inexact {
                    let known = [
                        "no reliable way",
                        "more than 1000",
                        "permanently",
                        "the file has more than",
                        "a backslash at the end",
                        "a blank at the end",
                        "at any depth",
                        "expression that is too long",
                        "no line for nobody",
                        "may be in each other",
                    ];
                    let is_known = known.iter().any(|known| each.reason.contains(known));
                    assert!(is_known, "{toml}{}", each.reason);
                }
                continue;
            }
        };
        let proved = proof::prove(&project.rules, &rendered, &paths.iter().collect());
        assert_eq!(proved, Ok(()), "{toml}{}", rendered.text);
        let model = FileModel::new(&rendered.text, forge);
        for path in &paths {
            let found = model.owners(path);
            let expected = owners_of(&rules, path, |each| {
                forge.dialect.widened(each).into_owned()
            });
            assert_eq!(found, expected, "{toml}{}{path:?}", rendered.text);
        }
    }
}

struct Rule<'t> {
    text: &'t str,
    patterns: Vec<Pattern>,
    owner: Option<String>,
    adds: bool,
    except: Vec<(&'t str, Vec<Pattern>)>,
}

fn rules(text: &str) -> Vec<Rule<'_>> {
    let mut seen = HashSet::new();
    let expand = |text: &str| {
        let expansions = Alternation::parse(text).ok()?.expansions;
        (text.len() <= MAX_PATTERN && expansions.len() <= 8)
            .then(|| expansions.into_iter().map(|each| each.pattern).collect())
    };
    let mut rules = Vec::new();
    for (index, line) in text.split('\n').take(10).enumerate() {
        let mut words = line.split('\t');
        let word = words.next().unwrap_or_default();
        let (text, owner, adds) = match word.split_at_checked(1) {
            Some(("-", rest)) => (rest, None, false),
            Some(("+", rest)) => (rest, Some(format!("@o{index}")), true),
            _ => (word, Some(format!("@o{index}")), false),
        };
        if let Some(patterns) = expand(text)
            && seen.insert(text)
        {
            let except = words.filter_map(|text| Some((text, expand(text)?)));
            rules.push(Rule {
                text,
                patterns,
                owner,
                adds,
                except: except.take(3).collect(),
            });
        }
    }
    rules
}

/// The rules that apply, one after the other; `meaning` is what a platform makes of a pattern.
fn owners_of(rules: &[Rule<'_>], path: &str, meaning: impl Fn(&Pattern) -> Pattern) -> Vec<String> {
    let any = |patterns: &[Pattern]| {
        let mut patterns = patterns.iter();
        patterns.any(|each| meaning(each).matches(path.as_bytes()))
    };
    let applies = |rule: &&Rule<'_>| {
        any(&rule.patterns) && !rule.except.iter().any(|(_, patterns)| any(patterns))
    };
    let mut owners: Vec<String> = Vec::new();
    for rule in rules.iter().filter(applies) {
        if !rule.adds {
            owners.clear();
        }
        owners.extend(rule.owner.clone());
    }
    owners
}

/// One repository for all inputs: to make one takes longer than to try many.
static SCRATCH: LazyLock<Mutex<Scratch>> = LazyLock::new(|| Mutex::new(Scratch::new()));

/// Any bytes as an index: where git reads them, so do we or not at all, and the same. The first byte
/// says whether the rest is a whole index, or what follows so many entries that two threads read them.
pub(crate) fn index(data: &[u8]) {
    const MANY: u32 = 50_000;
    let Some((&first, rest)) = data.split_first().filter(|_| data.len() <= MAX_INPUT) else {
        return;
    };
    let mut bytes = Vec::new();
    match rest.split_first() {
        Some((&more, rest)) if first == b'+' => {
            bytes.extend_from_slice(b"DIRC\0\0\0\x02");
            bytes.extend((MANY + u32::from(more & 7)).to_be_bytes());
            for number in 0..MANY {
                bytes.extend_from_slice(&[0; 24]);
                bytes.extend_from_slice(&0o100_644_u32.to_be_bytes());
                bytes.extend_from_slice(&[1; 32]);
                // The length of the name, which the padding follows.
                bytes.extend_from_slice(&8_u16.to_be_bytes());
                bytes.extend_from_slice(format!("d/{number:06}\0\0").as_bytes());
            }
            bytes.extend_from_slice(rest);
        }
        _ => bytes.extend_from_slice(rest),
    }
    // No checksum, which is a right one, so that nothing is refused for a wrong one.
    bytes.extend_from_slice(&[0; 20]);
    let scratch = SCRATCH.lock().unwrap_or_else(PoisonError::into_inner);
    if let (Some(found), Some(listed)) = scratch.index(&bytes) {
        assert_eq!(found.len(), listed.len());
        assert_eq!(found, listed);
    }
}

/// Whether git writes such trees.
enum Soundness {
    Sound,
    /// Not all of them, but those hold no files, so that they make no path wrong.
    Unclear,
    Unsound,
}

/// Trees with any entries, each line `MODE NAME`; an empty line begins another tree, and a directory
/// is the tree before. A commit with the last is read if git writes such trees, as git reads it.
pub(crate) fn commit(data: &[u8]) {
    if data.len() > MAX_INPUT {
        return;
    }
    let scratch = SCRATCH.lock().unwrap_or_else(PoisonError::into_inner);
    let mut tree = scratch.tree(&[]);
    let mut soundness = Soundness::Sound;
    let mut has_files = false;
    let lines: Vec<&[u8]> = data.split(|&byte| byte == b'\n').collect();
    for lines in lines.split(|line| line.is_empty()).take(4) {
        // Directories of directories multiply.
        let mut directories = 0;
        let mut entries = Vec::new();
        for line in lines {
            let Some(blank) = line.iter().position(|&byte| byte == b' ') else {
                continue;
            };
            let (mode, name) = (&line[..blank], &line[blank + 1..]);
            let is_mode = matches!(
                mode,
                b"100644" | b"100755" | b"120000" | b"160000" | b"40000"
            );
            let is_directory = mode == b"40000";
            if is_mode && !name.contains(&0) && directories < 5 {
                directories += usize::from(is_directory);
                entries.push(Entry {
                    mode,
                    name,
                    tree: is_directory.then(|| tree.clone()),
                });
            }
        }
        if directories == 0 {
            // Nothing leads to the tree before.
            (soundness, has_files) = (Soundness::Sound, false);
        }
        has_files |= entries.iter().any(|entry| entry.tree.is_none());
        if !is_sound(&entries) {
            soundness = if has_files {
                Soundness::Unsound
            } else {
                Soundness::Unclear
            };
        }
        tree = scratch.tree(&entries);
    }
    let (found, listed) = scratch.commit(&tree);
    match soundness {
        Soundness::Sound => assert!(found.is_some()),
        Soundness::Unsound => assert_eq!(found, None),
        Soundness::Unclear => {}
    }
    if found.is_some() {
        assert_eq!(found, listed);
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn short_text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data)
        .ok()
        .filter(|text| text.len() <= MAX_INPUT)
}

/// Paths that some of the patterns match, and their neighbours.
fn sample<'p>(patterns: impl IntoIterator<Item = &'p Pattern>) -> Vec<String> {
    let mut paths: BTreeSet<String> = ["a", "b", "a/b", "x", ".a", "a/x/b/y"]
        .map(String::from)
        .into();
    // What a segment is called in one pattern may stand anywhere in another.
    let mut names: BTreeSet<String> = BTreeSet::new();
    for pattern in patterns {
        let mut kin: Vec<_> = witnesses(pattern).collect();
        for gap in [Gap::NONE, Gap::ANY] {
            kin.extend(witnesses(&pattern.with_tail(gap)));
        }
        for path in kin
            .into_iter()
            .filter_map(|path| String::from_utf8(path).ok())
        {
            if paths.len() > MAX_PATHS || path.len() > 4 * MAX_PATTERN {
                break;
            }
            let (above, name) = path.rsplit_once('/').unwrap_or(("x", &path));
            paths.extend([above.to_string(), name.to_string()]);
            paths.extend([format!("{path}/x"), format!("{path}x"), format!("x/{path}")]);
            names.insert(name.to_string());
            paths.insert(path);
        }
    }
    for outer in names.iter().take(8) {
        paths.extend(names.iter().take(8).map(|inner| format!("{outer}/{inner}")));
    }
    paths.into_iter().collect()
}
