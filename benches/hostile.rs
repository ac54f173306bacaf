//! Inputs made to be slow, in two sizes, the second ten times the first: whatever takes much more
//! than ten times as long, or as much memory, is not linear.
//!
//! ```text
//! cargo bench --bench hostile
//! ```
//!
//! `compile` has the memory of the automaton under `max alloc`; how many states that is, a test of
//! `matcher` counts. `walk` matches a tree of 1,000 paths (`long_name`: one path), and what it
//! allocates is all that a walk ever keeps. Counting allocations slows everything here a little.

use std::fmt::Write as _;

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use owners::Forge;
use owners::Matcher;
use owners::PathSet;
use owners::Project;
use owners::codeowners::read;
use owners::import::{ImportOptions, import};
use owners::lint::{Context, Facts, Levels, run};
use owners::pattern::Pattern;
use owners::reports::stats::{By, stats};
use owners::ruleset::survey::Survey;

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// Paths that keep the patterns busy: directories that begin with `a`, `w` and `x`, and one that is
/// nothing but `a/` three hundred times.
fn tree() -> PathSet {
    let deep = ["a/".repeat(300) + "c"];
    let wide = (0..999).map(|n| format!("a{n}/x{n}y/w{n}/z/x{n}/file{n}.rs"));
    deep.into_iter().chain(wide).collect()
}

fn compile(bencher: Bencher<'_, '_>, count: usize, text: impl Fn(usize) -> String) {
    let patterns = patterns(count, text);
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| Matcher::new(&patterns));
}

fn walk(bencher: Bencher<'_, '_>, count: usize, text: impl Fn(usize) -> String, paths: &PathSet) {
    let matcher = Matcher::new(&patterns(count, text));
    bencher.counter(ItemsCount::new(paths.len())).bench(|| {
        let mut walk = matcher.walk();
        paths
            .iter()
            .filter_map(|path| walk.last_match(path))
            .count()
    });
}

fn patterns(count: usize, text: impl Fn(usize) -> String) -> Vec<Pattern> {
    (0..count)
        .filter_map(|n| Pattern::github(&text(n)))
        .collect()
}

/// One pattern of so many `**/a/`, and then `b`.
mod gaps_in_a_row {
    use super::*;

    #[divan::bench(args = [10, 100])]
    fn compile(bencher: Bencher<'_, '_>, count: usize) {
        super::compile(bencher, 1, |_| "**/a/".repeat(count) + "b");
    }

    #[divan::bench(args = [10, 100])]
    fn walk(bencher: Bencher<'_, '_>, count: usize) {
        super::walk(bencher, 1, |_| "**/a/".repeat(count) + "b", &tree());
    }
}

/// `*a*a*a*a*a*a*a*a*b` on a name of so many `a`s.
mod stars_in_a_name {
    use super::*;

    #[divan::bench(args = [100, 1_000])]
    fn long_name(bencher: Bencher<'_, '_>, length: usize) {
        let paths = ["a".repeat(length)].iter().collect();
        super::walk(bencher, 1, |_| "*a".repeat(8) + "*b", &paths);
    }
}

/// `*w1*` and so on, tied to no place.
mod unanchored_wildcards {
    use super::*;

    #[divan::bench(args = [1_000, 10_000])]
    fn compile(bencher: Bencher<'_, '_>, count: usize) {
        super::compile(bencher, count, |n| format!("*w{n}*"));
    }

    #[divan::bench(args = [1_000, 10_000])]
    fn walk(bencher: Bencher<'_, '_>, count: usize) {
        super::walk(bencher, count, |n| format!("*w{n}*"), &tree());
    }
}

/// `**/x1*y/**/z1` and so on.
mod wildcards_between_gaps {
    use super::*;

    #[divan::bench(args = [1_000, 10_000])]
    fn compile(bencher: Bencher<'_, '_>, count: usize) {
        super::compile(bencher, count, |n| format!("**/x{n}*y/**/z{n}"));
    }

    #[divan::bench(args = [1_000, 10_000])]
    fn walk(bencher: Bencher<'_, '_>, count: usize) {
        super::walk(bencher, count, |n| format!("**/x{n}*y/**/z{n}"), &tree());
    }
}

/// `**/x*y/**/z1` and so on: one glob that all of them begin with.
mod shared_beginnings {
    use super::*;

    #[divan::bench(args = [1_000, 10_000])]
    fn compile(bencher: Bencher<'_, '_>, count: usize) {
        super::compile(bencher, count, |n| format!("**/x*y/**/z{n}"));
    }

    #[divan::bench(args = [1_000, 10_000])]
    fn walk(bencher: Bencher<'_, '_>, count: usize) {
        super::walk(bencher, count, |n| format!("**/x*y/**/z{n}"), &tree());
    }
}

/// `**/a1*/**/z` and so on, ten of them alive in every directory for each that begins with `a1`.
mod many_alive {
    use super::*;

    #[divan::bench(args = [100, 1_000])]
    fn compile(bencher: Bencher<'_, '_>, count: usize) {
        super::compile(bencher, count, |n| format!("**/a{}*/**/*{n}z", n % 10));
    }

    #[divan::bench(args = [100, 1_000])]
    fn walk(bencher: Bencher<'_, '_>, count: usize) {
        super::walk(
            bencher,
            count,
            |n| format!("**/a{}*/**/*{n}z", n % 10),
            &tree(),
        );
    }
}

/// `/a*1*b*c*d` and so on: globs that begin and end alike.
mod globs_alike {
    use super::*;

    #[divan::bench(args = [1_000, 10_000])]
    fn compile(bencher: Bencher<'_, '_>, count: usize) {
        super::compile(bencher, count, |n| format!("/a*{n}*b*c*d"));
    }

    #[divan::bench(args = [1_000, 10_000])]
    fn walk(bencher: Bencher<'_, '_>, count: usize) {
        let paths = (0..1_000).map(|n| format!("a{n}bcd")).collect();
        super::walk(bencher, count, |n| format!("/a*{n}*b*c*d"), &paths);
    }
}

/// Whole configurations: what `gen` writes and what `check` finds.
mod configurations {
    use super::*;

    fn plan(bencher: Bencher<'_, '_>, rules: &str) {
        let project = project(rules);
        bencher.bench(|| project.render_all());
    }

    fn lint(bencher: Bencher<'_, '_>, rules: &str) {
        let project = project(rules);
        let facts = Facts {
            paths: ["src/x"].iter().collect(),
            ..Facts::default()
        };
        let rendered = project.render_all();
        bencher.bench(|| {
            let matcher = project.rules.matcher();
            let survey = Survey::new(&matcher, &facts.paths);
            let context = Context::new(&project, &facts, &matcher, &survey, &rendered);
            run(&context, &Levels::new(&project)).len()
        });
    }

    fn project(rules: &str) -> Project {
        let text = format!("[paths]\n{rules}");
        Project::from_text(&text).unwrap_or_else(|unsound| panic!("{unsound}"))
    }

    fn rules(count: usize, rule: impl Fn(usize) -> String) -> String {
        (0..count).map(|n| rule(n) + "\n").collect()
    }

    /// One rule for every path, and rules with an exception each below a directory of their own.
    #[divan::bench(args = [100, 1_000])]
    fn anchored_exceptions(bencher: Bencher<'_, '_>, count: usize) {
        let rule = |n| format!("'/d/x{n}/' = {{ owners = '@x', except = '*.md' }}");
        plan(bencher, &format!("'*' = '@all'\n{}", rules(count, rule)));
    }

    /// Rules that are tied to no place, all of which overlap with each other's exceptions.
    #[divan::bench(args = [30, 300])]
    fn floating_exceptions(bencher: Bencher<'_, '_>, count: usize) {
        let rule = |n| format!("'**/x{n}/**/y/' = {{ owners = '@x', except = '**/z{n}/' }}");
        plan(bencher, &format!("'*' = '@all'\n{}", rules(count, rule)));
    }

    /// Patterns of a few bytes that stand for 8,192 each.
    #[divan::bench(args = [1, 10])]
    fn braces(bencher: Bencher<'_, '_>, count: usize) {
        let rule = |n| format!("'/{n}{}' = '@x'", "{a,b}".repeat(13));
        plan(bencher, &rules(count, rule));
    }

    /// Globs that begin and end alike, and a later one that covers all of them.
    #[divan::bench(args = [2_000, 20_000])]
    fn covered_globs(bencher: Bencher<'_, '_>, count: usize) {
        let rule = |n| format!("'/a*{n}*b*c*d' = '@x'");
        lint(bencher, &format!("{}'/a*' = '@y'", rules(count, rule)));
    }
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{}", line(number));
        text
    })
}

/// Reading configurations, sound or not.
mod reading {
    use super::*;

    fn load(bencher: Bencher<'_, '_>, count: usize, text: &str) {
        bencher
            .counter(ItemsCount::new(count))
            .bench(|| Project::from_text(text));
    }

    #[divan::bench(args = [1_000, 10_000])]
    fn rules_on_one_line(bencher: Bencher<'_, '_>, count: usize) {
        let rules: Vec<String> = (0..count).map(|n| format!("'/a{n}' = '@a'")).collect();
        load(
            bencher,
            count,
            &format!("paths = {{ {} }}", rules.join(", ")),
        );
    }

    #[divan::bench(args = [1_000, 10_000])]
    fn broken_lines(bencher: Bencher<'_, '_>, count: usize) {
        load(bencher, count, &"=\n".repeat(count));
    }

    #[divan::bench(args = [1_000, 10_000])]
    fn names_that_are_not_known(bencher: Bencher<'_, '_>, count: usize) {
        let groups = lines(count, |n| format!("group-{n:06} = '@a'"));
        let rules = lines(count, |n| format!("'/a{n}' = 'group-{n:05}'"));
        load(
            bencher,
            count,
            &format!("[groups]\n{groups}[paths]\n{rules}"),
        );
    }

    #[divan::bench(args = [100, 1_000])]
    fn groups_in_groups(bencher: Bencher<'_, '_>, count: usize) {
        let groups = lines(count, |n| format!("g{} = 'g{n}'", n + 1));
        let rules = lines(count, |n| format!("'/a{n}' = 'g{count}'"));
        load(
            bencher,
            count,
            &format!("[groups]\ng0 = '@a'\n{groups}[paths]\n{rules}"),
        );
    }
}

/// CODEOWNERS files of others.
mod codeowners {
    use super::*;

    #[divan::bench(args = [1_000, 10_000])]
    fn sections(bencher: Bencher<'_, '_>, count: usize) {
        let text = lines(count, |n| format!("[s{n}] @a\n/a{n}/b/c/"));
        bencher
            .counter(ItemsCount::new(count))
            .bench(|| read(&text, Forge::GITLAB));
    }

    #[divan::bench(args = [1_000, 10_000])]
    fn names_of_groups(bencher: Bencher<'_, '_>, count: usize) {
        let text = lines(count, |n| format!("/a{n} @a @b{0} @c{0}", n / 2));
        let paths = PathSet::default();
        let options = ImportOptions {
            forge: Forge::GITHUB,
            output: None,
            fold: true,
            full_names: false,
            paths: &paths,
            exempt_unowned: false,
        };
        bencher
            .counter(ItemsCount::new(count))
            .bench(|| import(&text, options));
    }
}

/// Every exemption matches every path.
mod exemptions {
    use super::*;

    #[divan::bench(args = [100, 1_000])]
    fn that_all_match(bencher: Bencher<'_, '_>, count: usize) {
        let exempt: Vec<String> = (0..count)
            .map(|n| format!("'a*{}'", "?".repeat(n % 7)))
            .collect();
        let text = format!("[paths]\n[check]\nexempt = [{}]", exempt.join(", "));
        let project = Project::from_text(&text);
        let paths: PathSet = (0..count).map(|n| format!("aaaaaaa{n}")).collect();
        bencher.counter(ItemsCount::new(count)).bench(|| {
            project
                .as_ref()
                .map(|project| stats(&project.rules, &paths, By::Owner))
                .ok()
        });
    }
}
