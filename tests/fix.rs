//! Fixing: whatever the configuration and the tree, no path changes its owner, and nothing else of
//! the text is touched.
//!
//! Random rules are written in every way that TOML has for them, with comments all over. What is
//! left is judged over all short paths by the rules before and after, and as text.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::fmt::Write as _;

use owners::Draft;
use owners::PathSet;
use owners::config::Level;
use owners::lint::{Facts, Levels, OutputOnDisk};
use owners::pattern::alternation::Alternation;
use owners::text::Holds;
use owners::{Fixed, fix};
use owners::{Ownership, Project};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// How an entry stands in the file.
#[derive(Clone, Debug)]
struct Layout {
    blank_above: bool,
    comment_above: bool,
    /// In double quotes, where nothing speaks against it.
    basic: bool,
    /// How the list that the rule may have is written.
    list: usize,
}

fn layout() -> impl Strategy<Value = Layout> {
    (any::<bool>(), any::<bool>(), any::<bool>(), 0..5usize).prop_map(
        |(blank_above, comment_above, basic, list)| Layout {
            blank_above,
            comment_above,
            basic,
            list,
        },
    )
}

#[derive(Clone, Debug)]
struct Rule {
    pattern: String,
    owners: &'static str,
    except: Vec<String>,
    layout: Layout,
}

fn pattern() -> impl Strategy<Value = String> {
    let segment = select(vec![
        "a",
        "b",
        "c",
        "*",
        "a*",
        "?",
        "{a,b}",
        "{b,gone}",
        "<a,{b,gone}>",
        "{,x}b",
        "{a,a}",
        r"{\{,a}",
        "{a/b,c}",
        r"\*",
    ]);
    (vec(segment, 1..4), any::<bool>(), any::<bool>())
        .prop_map(|(segments, is_anchored, is_directory)| {
            let before = ["", "/"][usize::from(is_anchored)];
            let after = ["", "/"][usize::from(is_directory)];
            format!("{before}{}{after}", segments.join("/"))
        })
        .prop_filter("sound", |text| Alternation::parse(text).is_ok())
}

fn rule() -> impl Strategy<Value = Rule> {
    let owners = select(vec!["'@o1'", "'@o2'", "'one'", "['two', '@o1']", "[]"]);
    let except = prop_oneof![2 => Just(Vec::new()), 1 => vec(pattern(), 1..4)];
    (pattern(), owners, except, layout()).prop_map(|(pattern, owners, except, layout)| Rule {
        pattern,
        owners,
        except,
        layout,
    })
}

/// A string of TOML.
fn quoted(text: &str, basic: bool) -> String {
    match basic {
        true => format!("\"{}\"", text.replace('\\', r"\\").replace('*', r"\u002a")),
        false => format!("'{text}'"),
    }
}

/// A list of strings, in one of several layouts.
fn list(entries: &[String], Layout { basic, list, .. }: &Layout) -> String {
    let entries: Vec<String> = entries.iter().map(|each| quoted(each, *basic)).collect();
    match list {
        0 if entries.len() == 1 => entries[0].clone(),
        0 | 1 => format!("[{}]", entries.join(", ")),
        2 => format!("[ {}, ]", entries.join(" , ")),
        3 => format!(
            "[ # first\n  {}, # last\n  ]",
            entries.join(",  # not last\n  # own\n  ")
        ),
        _ => format!("[{}\n]", entries.join("\n,  ")),
    }
}

/// The whole file; `form` is how `[paths]` is written.
fn toml(rules: &[Rule], exempt: &[String], form: usize, layout: &Layout) -> String {
    let mut text = String::from("# Head.\n\n");
    let mut paths = String::new();
    for (index, rule) in rules.iter().enumerate() {
        let Rule {
            pattern,
            owners,
            except,
            layout,
        } = rule;
        if layout.blank_above {
            paths.push('\n');
        }
        if layout.comment_above {
            writeln!(paths, "# above {index}\n# and again").unwrap();
        }
        let key = quoted(pattern, layout.basic);
        let prefix = ["", "", "  paths . "][form];
        let end = ["", ",", ""][form];
        let except_list = list(except, layout);
        if except.is_empty() {
            writeln!(paths, "{prefix}{key} = {owners}{end} # on {index}").unwrap();
        } else if form == 2 && layout.list == 1 {
            let key = format!("{prefix}{key}");
            writeln!(paths, "{key}.owners = {owners} # on {index}").unwrap();
            writeln!(paths, "{key}.except = {except_list}").unwrap();
        } else {
            let table = format!("{{ owners = {owners}, except = {except_list} }}");
            writeln!(paths, "{prefix}{key} = {table}{end} # on {index}").unwrap();
        }
    }
    let groups = r"[groups]
# used by two, perhaps
one = '@one'
two = ['one', '@two']

[groups.three] # unused
members = ['two']
team = '@org/three'

";
    match form {
        0 => write!(text, "{groups}[paths]\n{paths}").unwrap(),
        1 => write!(text, "paths = {{\n{paths}}}\n\n{groups}").unwrap(),
        _ => write!(text, "{paths}\n{groups}").unwrap(),
    }
    if !exempt.is_empty() {
        let layout = Layout {
            list: layout.list.max(1),
            ..layout.clone()
        };
        write!(text, "[check]\nexempt = {}\n", list(exempt, &layout)).unwrap();
    }
    text
}

/// Every path of up to three segments over a few names.
fn paths() -> Vec<String> {
    let names = ["a", "b", "c", "ab", "xb", "{", "*"];
    let mut all: Vec<String> = names.map(String::from).into();
    let mut level = all.clone();
    for _ in 0..2 {
        level = (level.iter())
            .flat_map(|path| names[..5].iter().map(move |name| format!("{path}/{name}")))
            .collect();
        all.extend(level.iter().cloned());
    }
    all
}

fn facts<'p>(paths: impl IntoIterator<Item = &'p String>) -> Facts {
    Facts {
        paths: paths.into_iter().collect::<PathSet>(),
        outputs: vec![OutputOnDisk::default()],
        is_git: true,
        ..Facts::default()
    }
}

fn fixed(project: &Project, facts: &Facts, holds: Holds) -> Result<Fixed, TestCaseError> {
    let mut levels = Levels::new(project);
    // A correction may change owners: see `check_corrections`.
    levels.set("misspelled-pattern", Level::Allow);
    fixed_at(&levels, project, facts, holds)
}

fn fixed_at(
    levels: &Levels,
    project: &Project,
    facts: &Facts,
    holds: Holds,
) -> Result<Fixed, TestCaseError> {
    fix(project, facts, levels, None, holds)
        .map_err(|unproven| TestCaseError::fail(format!("{unproven}\n{}", text(project))))
}

/// The configuration that `toml` is: of the repository or, if `nested`, of a directory in it.
fn load(toml: &str, nested: bool) -> Result<Project, TestCaseError> {
    let project = if nested {
        let root = r"nested = true
[paths]
'*' = '@root'
";
        let mut draft = Draft::new("owners.toml", root.into()).unwrap();
        draft.add("a", toml.into());
        draft.finish()
    } else {
        Project::from_text(toml)
    };
    project.map_err(|unsound| TestCaseError::fail(format!("{unsound}\n{toml}")))
}

/// What the file holds that the test is about.
fn text(project: &Project) -> &str {
    let (_, source) = project.sources.iter().last().unwrap();
    &source.text
}

fn owned(project: &Project, paths: &[String]) -> Vec<Option<Vec<String>>> {
    let matcher = project.rules.matcher();
    let mut walk = matcher.walk();
    let of = |path: &String| match project.rules.ownership(walk.decide(path.as_bytes())) {
        Ownership::Owned(owners) => Some(owners.iter().map(ToString::to_string).collect()),
        Ownership::Nobody => Some(Vec::new()),
        Ownership::Unowned => None,
    };
    paths.iter().map(of).collect()
}

/// Whether one text is the other without some of it.
fn is_part_of(part: &str, whole: &str) -> bool {
    let mut rest = whole.bytes();
    part.bytes().all(|byte| rest.any(|other| other == byte))
}

fn check(toml: &str, nested: bool, tree: &[String], holds: Holds) -> Result<(), TestCaseError> {
    let before = load(toml, nested)?;
    let facts = facts(tree);
    let Fixed {
        project: after,
        files,
        count,
        ..
    } = fixed(&before, &facts, holds)?;
    let left = text(&after);
    let shown = format!("{toml}\n--- {holds:?} ---\n{left}");

    let all = paths();
    let judged = if holds == Holds::AnyTree { &all } else { tree };
    prop_assert_eq!(owned(&before, judged), owned(&after, judged), "{}", shown);

    // Nothing is there that was not, but for the table that has to be.
    let part = left.strip_suffix("[paths]\n").unwrap_or(left);
    prop_assert!(
        is_part_of(part, toml) || is_part_of(left, toml),
        "{}",
        shown
    );
    prop_assert_eq!(files.is_empty(), left == toml, "{}", shown);
    prop_assert!(count > 0 || left == toml, "{}", shown);
    prop_assert!(left.starts_with("# Head.\n"), "{}", shown);
    let lines = |text: &str| text.lines().filter(|line| line.ends_with(' ')).count();
    prop_assert!(
        lines(left) <= lines(toml),
        "blanks at the end of a line: {}",
        shown
    );
    for index in 0..10 {
        let (on, above) = (
            format!("# on {index}"),
            format!("# above {index}\n# and again\n"),
        );
        if left.contains(&on) && toml.contains(&above) {
            prop_assert!(left.contains(&above), "the comment on {}: {}", index, shown);
        }
    }

    // Once is enough.
    let again = fixed(&after, &facts, holds)?;
    prop_assert_eq!(
        again.files,
        [],
        "{}\n--- again ---\n{}",
        shown,
        text(&again.project)
    );
    check_line_ends(toml, nested, tree, holds, left)
}

/// With corrections, only the paths change owners that are said to do so, and once is enough.
fn check_corrections(toml: &str, nested: bool, tree: &[String]) -> Result<(), TestCaseError> {
    let before = load(toml, nested)?;
    let facts = facts(tree);
    let levels = Levels::new(&before);
    let Fixed {
        project: after,
        reassigned,
        ..
    } = fixed_at(&levels, &before, &facts, Holds::ThisTree)?;
    let shown = format!("{toml}\n--- corrected ---\n{}", text(&after));
    let (was, is) = (owned(&before, tree), owned(&after, tree));
    let changed = was.iter().zip(&is).filter(|(was, is)| was != is).count();
    prop_assert!(changed <= reassigned, "{}", shown);
    let again = fixed_at(&levels, &after, &facts, Holds::ThisTree)?;
    prop_assert_eq!(again.files, [], "{}", shown);
    Ok(())
}

/// Line ends and the end of the file are as they were.
fn check_line_ends(
    toml: &str,
    nested: bool,
    tree: &[String],
    holds: Holds,
    left: &str,
) -> Result<(), TestCaseError> {
    let facts = facts(tree);
    let crlf = load(&toml.replace('\n', "\r\n"), nested)?;
    let crlf = fixed(&crlf, &facts, holds)?;
    prop_assert_eq!(text(&crlf.project), left.replace('\n', "\r\n"));
    let open = load(toml.trim_end(), nested)?;
    let open = fixed(&open, &facts, holds)?;
    let full = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.is_empty());
        lines.map(String::from).collect()
    };
    let open = text(&open.project);
    prop_assert_eq!(full(open), full(left));
    prop_assert!(
        !open.ends_with('\n') || open.ends_with("[paths]\n"),
        "{}",
        open
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 64 },
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_path_changes_its_owner(
        mut rules in vec(rule(), 1..8),
        exempt in vec(pattern(), 0..4),
        form in 0..3usize,
        layout in layout(),
        nested in any::<bool>(),
        tree in subsequence(paths(), 0..30),
    ) {
        let mut seen = std::collections::HashSet::new();
        // TOML has each key once.
        rules.retain(|rule| seen.insert(rule.pattern.clone()));
        let toml = toml(&rules, &exempt, form, &layout);
        check(&toml, nested, &tree, Holds::AnyTree)?;
        check(&toml, nested, &tree, Holds::ThisTree)?;
        check_corrections(&toml, nested, &tree)?;
    }
}
