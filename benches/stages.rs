//! The stages that everything else is made of.
//!
//! ```text
//! cargo bench --bench stages
//! ```
//!
//! Items a second are paths for the matcher, patterns elsewhere.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use owners::Forge;
use owners::Matcher;
use owners::PathSet;
use owners::Project;
use owners::codeowners::{proof, read};
use owners::pattern::Pattern;
use owners::pattern::alternation::Alternation;

fn main() {
    divan::main();
}

/// Directories and files whose names recur, as `a12/b7/c3/file4.rs`.
fn tree() -> PathSet {
    let mut paths = Vec::new();
    for a in 0..40 {
        for b in 0..25 {
            for c in 0..10 {
                for file in 0..10 {
                    let extension = ["rs", "md", "toml"][file % 3];
                    paths.push(format!("a{a}/b{b}/c{c}/file{file}.{extension}"));
                }
            }
        }
    }
    paths.into_iter().collect()
}

/// Rules over that tree, of the kinds that real files have.
fn rules(count: usize) -> Vec<String> {
    (0..count)
        .map(|n| {
            let (a, b, c) = (n % 40, n / 40 % 25, n / 1000 % 10);
            match n % 10 {
                0 => format!("/a{a}/b{b}/*.md"),
                1 => format!("**/name{n}/"),
                2 => format!("/a{a}/b{b}/c{c}/file1.rs"),
                _ => format!("/a{a}/b{b}/c{c}/d{n}/"),
            }
        })
        .collect()
}

fn patterns(texts: &[String]) -> Vec<Pattern> {
    texts
        .iter()
        .filter_map(|text| Pattern::github(text))
        .collect()
}

fn walk(bencher: Bencher<'_, '_>, texts: &[String], paths: &PathSet) {
    let matcher = Matcher::new(&patterns(texts));
    bencher.counter(ItemsCount::new(paths.len())).bench(|| {
        let mut walk = matcher.walk();
        paths
            .iter()
            .filter_map(|path| walk.last_match(path))
            .count()
    });
}

#[divan::bench(args = [100, 1_000, 10_000])]
fn match_a_tree(bencher: Bencher<'_, '_>, count: usize) {
    walk(bencher, &rules(count), &tree());
}

/// The same question put to `globset`: the last rule that matches each path.
#[divan::bench(args = [100, 1_000, 10_000], sample_count = 3, sample_size = 1)]
fn match_a_tree_by_globset(bencher: Bencher<'_, '_>, count: usize) {
    let (set, rule_of) = globset(&rules(count));
    let paths: Vec<String> = (tree().iter())
        .map(|path| String::from_utf8_lossy(path).into_owned())
        .collect();
    let mut matches = Vec::new();
    bencher
        .counter(ItemsCount::new(paths.len()))
        .bench_local(|| {
            let last_match = |path: &String| {
                set.matches_into(path, &mut matches);
                matches.last().map(|&glob| rule_of[glob])
            };
            paths.iter().filter_map(last_match).count()
        });
}

#[divan::bench(args = [100, 1_000, 10_000], sample_count = 3, sample_size = 1)]
fn compile_a_globset(bencher: Bencher<'_, '_>, count: usize) {
    let texts = rules(count);
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| globset(&texts));
}

/// The rules as globs, and the rule that each glob is of. A name takes two: for a file, and for what
/// is in a directory.
fn globset(texts: &[String]) -> (GlobSet, Vec<usize>) {
    let mut set = GlobSetBuilder::new();
    let mut rule_of = Vec::new();
    for (rule, text) in texts.iter().enumerate() {
        let path = text.trim_start_matches('/');
        let globs = match path.strip_suffix('/') {
            Some(directory) => vec![format!("{directory}/**")],
            None => vec![path.to_string(), format!("{path}/**")],
        };
        for glob in globs {
            let glob = GlobBuilder::new(&glob).literal_separator(true).build();
            set.add(glob.unwrap_or_else(|error| panic!("{error}")));
            rule_of.push(rule);
        }
    }
    let set = set.build().unwrap_or_else(|error| panic!("{error}"));
    (set, rule_of)
}

#[divan::bench(args = [100, 1_000, 10_000])]
fn compile_a_matcher(bencher: Bencher<'_, '_>, count: usize) {
    let patterns = patterns(&rules(count));
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| Matcher::new(&patterns));
}

#[divan::bench]
fn parse_patterns(bencher: Bencher<'_, '_>) {
    let texts = rules(10_000);
    bencher.counter(ItemsCount::new(texts.len())).bench(|| {
        for text in &texts {
            let _ = black_box(Alternation::parse(text));
        }
    });
}

#[divan::bench]
fn parse_alternatives(bencher: Bencher<'_, '_>) {
    let text = "/a/<b,c,d>/{e,f,<g,h>i}/*.{rs,toml}";
    bencher.bench(|| Alternation::parse(black_box(text)));
}

fn project(count: usize) -> Project {
    let lines = rules(count)
        .into_iter()
        .map(|text| format!("'{text}' = '@acme/team'\n"));
    let text: String = std::iter::once("[paths]\n".to_string())
        .chain(lines)
        .collect();
    Project::from_text(&text).unwrap_or_else(|error| panic!("{error}"))
}

#[divan::bench]
fn load_a_configuration(bencher: Bencher<'_, '_>) {
    let text = project(10_000)
        .sources
        .iter()
        .map(|(_, source)| source.text.clone())
        .collect::<String>();
    bencher
        .counter(ItemsCount::new(10_000_usize))
        .bench(|| Project::from_text(&text));
}

#[divan::bench]
fn render(bencher: Bencher<'_, '_>) {
    let project = project(10_000);
    let output = &project.config.outputs[0];
    bencher
        .counter(ItemsCount::new(10_000_usize))
        .bench(|| project.render(output));
}

#[divan::bench]
fn read_back(bencher: Bencher<'_, '_>) {
    let project = project(10_000);
    let rendered = project
        .render(&project.config.outputs[0])
        .unwrap_or_else(|_| panic!());
    bencher
        .counter(ItemsCount::new(10_000_usize))
        .bench(|| read(&rendered.text, Forge::GITHUB));
}

#[divan::bench]
fn prove(bencher: Bencher<'_, '_>) {
    let project = project(10_000);
    let rendered = project
        .render(&project.config.outputs[0])
        .unwrap_or_else(|_| panic!());
    let none = PathSet::default();
    bencher
        .counter(ItemsCount::new(10_000_usize))
        .bench(|| proof::prove(&project.rules, &rendered, &none));
}
