//! Inputs of the size that limits are about, or that have none. They are made in full alone: what
//! small ones show (a refusal, growth that is linear) is in `tests/cli/limits`.

use std::fmt::Write as _;

use crate::repositories::{Builder, Repository};

pub(crate) const BUILDERS: &[Builder] = &[
    ("files of outputs that are large", |_| large_outputs()),
    ("generated file in another order", |_| shuffled_output()),
    ("lines of `=` up to the limit", |_| {
        config("950,000 lines", "=\n".repeat(950_000))
    }),
    ("opening brackets", |_| {
        config("1.9 MB", "[".repeat(1_900_000))
    }),
    ("one key again and again", |_| {
        config("450,000 lines", "a=1\n".repeat(450_000))
    }),
    ("dotted keys", |_| {
        let deep = "a.".repeat(70);
        config(
            "13,000, 70 deep",
            lines(13_000, |n| format!("{deep}b{n} = 1")),
        )
    }),
    ("one dotted key", |_| {
        config(
            "1.9 MB",
            format!("{}b = 1\n[paths]\n", "a.".repeat(950_000)),
        )
    }),
    ("numbers in place of patterns", |_| {
        config(
            "990,000",
            format!(
                r"[paths]
[check]
exempt = [{}]
",
                "1,".repeat(990_000)
            ),
        )
    }),
    ("keys that are unknown", |_| {
        config("300,000", lines(300_000, |n| format!("pathz{n} = 1")))
    }),
    ("lints that are unknown", |_| {
        let lints = lines(200_000, |n| format!("ded-pattern{n} = 'warn'"));
        config("200,000", format!("[paths]\n[lints]\n{lints}"))
    }),
    (
        "groups that are unknown, and like those that are known",
        |_| {
            let long = "g".repeat(144);
            let groups = lines(25_000, |n| format!("{long}{n:06} = '@a'"));
            let rules = lines(25_000, |n| format!("'/a{n}' = '{long}{n:05}'"));
            config(
                "25,000 of 150 characters",
                format!("[groups]\n{groups}[paths]\n{rules}"),
            )
        },
    ),
    ("owners that are none", |_| {
        rules("99,000", 99_000, |n| format!("'/a{n}' = '@a@{n}'"))
    }),
    ("patterns that are none", |_| {
        rules("300,000", 300_000, |n| format!("'/a{n}//' = '@a'"))
    }),
    ("patterns that multiply and are none", |_| {
        let multiplied = "{a,b}".repeat(13);
        rules("100,000 of 8,192", 100_000, |n| {
            format!("'/{n}{multiplied}//' = '@a'")
        })
    }),
    ("pattern that is long", |_| {
        rules("3 MB", 1, |_| {
            format!("'{}' = '@a'", "a/".repeat(1_500_000))
        })
    }),
    ("name that is long", |_| {
        rules("3 MB", 1, |_| format!("'{}' = '@a'", "a".repeat(3_000_000)))
    }),
    ("rules on one line", |_| {
        let rules = inline(99_000, |n| format!("'/é{n}' = '@a'"));
        config("99,000", format!("paths = {{ {rules} }}\n"))
    }),
    ("wrong rules on one line", |_| {
        let rules = inline(99_000, |n| format!("'/é{n}//' = '@a'"));
        config("99,000", format!("paths = {{ {rules} }}\n"))
    }),
    ("exempt patterns up to the limit, on one line", |_| {
        let exempt = inline(99_000, |n| format!("'/a{n}'"));
        config(
            "99,000",
            format!(
                r"[paths]
'/b' = '@a'
[check]
exempt = [{exempt}]
"
            ),
        )
    }),
    ("exempt patterns that all match all paths", |_| {
        let exempt = inline(20_000, |n| format!("'a*{}'", "?".repeat(1 + n % 9)));
        let text = format!(
            r"[paths]
[check]
exempt = [{exempt}]
"
        );
        tree(
            "20,000 and 20,000",
            text,
            (0..20_000).map(|n| format!("{}{n}", "a".repeat(10))),
        )
    }),
    ("exceptions of one rule", |_| {
        let except = inline(99_000, |n| format!("'/x/{n}'"));
        let rule = format!("[paths]\n'/x/' = {{ owners = '@a', except = [{except}] }}\n");
        tree("99,000", rule, (0..50_000).map(|n| format!("x/{n}")))
    }),
    ("an exception of each rule", |_| {
        let rule = |n| format!("'/x{n}/' = {{ owners = '@a', except = '/x{n}/y' }}");
        let text = format!("[paths]\n'*' = '@a'\n{}", lines(20_000, rule));
        tree("20,000", text, (0..20_000).map(|n| format!("x{n}/y")))
    }),
    ("additions to many rules", |_| {
        // No rule is for every path, so each of them repeats the rules before it.
        let added = lines(200, |n| format!("'*.x{n}' = {{ add = '@a{n}' }}"));
        let rules = lines(2_000, |n| format!("'/d{n}/' = '@b{n}'"));
        tree(
            "200 after 2,000 rules",
            format!("[paths]\n{rules}{added}'**' = {{ add = '@c', except = '*.md' }}\n"),
            (0..20_000).map(|n| format!("d{}/{n}.x{}", n % 3_000, n % 200)),
        )
    }),
    ("additions that all add to all paths", |_| {
        let owners = |n| inline(4, |each| format!("'@a{n}-{each}'"));
        let added = lines(1_000, |n| {
            format!(
                "'*{}*{n}*' = {{ add = [{}] }}",
                "?".repeat(1 + n % 9),
                owners(n)
            )
        });
        let rules = lines(20_000, |n| format!("'/d{n}/' = '@b'"));
        let digits: String = (0..1_000).map(|n| format!("{n:03}")).collect();
        tree(
            "1,000 and 20,000",
            format!("[paths]\n{rules}{added}"),
            (0..20_000).map(|n| format!("d{n}/{}", &digits[..240 + n % 10])),
        )
    }),
    ("additions to every path", |_| {
        let rules = lines(90_000, |n| format!("'/d{}/e{n}' = '@b{}'", n % 300, n % 50));
        let added: String = (0..200)
            .map(|n| format!("'/d{n}/' = {{ add = '@a{n}' }}\n"))
            .collect();
        tree(
            "200 after 90,000 rules",
            format!("[paths]\n'*' = '@a'\n{rules}{added}'**' = {{ add = '@c' }}\n"),
            (0..90_000).map(|n| format!("d{}/e{n}/{}/f", n % 300, n % 200)),
        )
    }),
    (
        "requirements that paths beside each other miss in turn",
        |_| {
            let required = |n| {
                let (paths, owners) = match n % 4 {
                    0 => ("*.a", "'@b'".to_string()),
                    1 => ("*.b", "'@a'".to_string()),
                    _ => ("*", format!("['@a', '@b', '@c{n}']")),
                };
                format!("[[require]]\npaths = '{paths}'\nowners = {owners}")
            };
            let path = |n| format!("d{}/{n}.{}", n / 1_000, if n % 2 == 0 { 'a' } else { 'b' });
            tree(
                "200 and 100,000",
                format!(
                    "[paths]\n'*' = '@a'\n'*.b' = '@b'\n{}",
                    lines(200, required)
                ),
                (0..100_000).map(path),
            )
        },
    ),
    ("requirement of many alternatives", |_| {
        let rules = lines(9_000, |n| format!("'/a{n}/' = '@b{}'", n % 50));
        let names = inline(9_000, |n| format!("a{n}"));
        let required = format!("[[require]]\npaths = '/{{{names}}}/**/x'\nowners = '@a'\n");
        tree(
            "9,000",
            format!("[paths]\n'*' = '@a'\n{rules}{required}"),
            (0..20_000).map(|n| format!("a{}/{n}/x", n % 9_000)),
        )
    }),
    ("rules up to the limit", |_| {
        rules("149,999", 149_998, |n| format!("'/a{n}' = '@a'"))
    }),
    ("rules of many alternatives", |_| {
        rules("14 of 10,000", 14, |rule| {
            format!(
                "'/{{{}}}' = '@a'",
                inline(10_000, |n| format!("a{rule}x{n}"))
            )
        })
    }),
    ("an alternative that is long among many", |_| {
        rules("1 MB, 9,998", 1, |_| {
            format!(
                "'/{{{},{}}}' = '@a'",
                "a".repeat(1_000_000),
                inline(9_998, |n| format!("b{n}"))
            )
        })
    }),
    ("owners of each rule", |_| {
        let owners = inline(450, |n| format!("'@a{n}'"));
        let rules = lines(1_600, |n| format!("'/a{n}' = 'g'"));
        config(
            "1,600 rules of 450",
            format!(
                r"[groups]
g = [{owners}]
[paths]
{rules}"
            ),
        )
    }),
    ("groups that each add a member to another", |_| {
        let groups = lines(1_500, |n| format!("g{} = ['g{n}', '@a{n}']", n + 1));
        config(
            "1,500",
            format!(
                r"[groups]
g0 = '@a'
{groups}[paths]
'*' = 'g900'
"
            ),
        )
    }),
    ("rules of groups that have many others in them", |_| {
        let groups = lines(2_500, |n| format!("g{} = 'g{n}'", n + 1));
        let rules = lines(100_000, |n| format!("'/a{n}' = 'g{}'", n % 2_500));
        config(
            "100,000 and 2,500",
            format!(
                r"[groups]
g0 = '@a'
{groups}[paths]
{rules}"
            ),
        )
    }),
    ("a group of many members", |_| {
        let members = inline(490_000, |n| format!("'@a{n}'"));
        let group = format!(
            r"[groups.g]
team = '@o/t'
members = [{members}]
"
        );
        config("490,000", format!("{group}[paths]\n'*' = 'g'\n"))
    }),
    ("a roster without most members", |_| roster()),
    ("paths without an owner", |_| {
        let path = |n| format!("d{}/{n}.{}", n / 1000, if n % 2 == 0 { 'a' } else { 'b' });
        let text = "[paths]\n'*.a' = '@a'\n".into();
        tree("500,000 of 1,000,000", text, (0..1_000_000).map(path))
    }),
    ("dead patterns near many names", |_| {
        let long = "x".repeat(140);
        let rules = lines(20_000, |n| format!("'/d/{long}{n}' = '@a'"));
        let paths: Vec<String> = (0..200_000).map(|n| format!("d/{long}{n:06}")).collect();
        tree("20,000 and 200,000", format!("[paths]\n{rules}"), paths)
    }),
    ("patterns of many directories", |_| floating()),
    ("rules that are covered", |_| {
        let rule = |n| {
            format!(
                "'{}a{}' = '@a'",
                if n < 49_000 { "**/" } else { "" },
                n % 49_000
            )
        };
        rules("49,000 of 98,000", 98_000, rule)
    }),
    ("files of directories", |_| {
        nested(
            "20,000",
            (0..20_000).map(|n| (format!("d{}/{n}", n / 100), RULE.into())),
        )
    }),
    ("files of directories in each other", |_| {
        let rules = lines(100, |n| format!("'*.r{n}' = 'g0'"));
        let file = |n| {
            let text = format!(
                r"[groups]
g{n} = '@a'
[paths]
{rules}"
            );
            (["a"; 700][..=n].join("/"), text)
        };
        nested("700", (0..700).map(file))
    }),
    ("files of directories far below the root", |_| {
        let above = "a/".repeat(600);
        let rules = format!("[paths]\n{}", lines(10, |n| format!("'r{n}' = '@a'")));
        nested(
            "2,000, 600 deep",
            (0..2_000).map(|n| (format!("{above}{n}"), rules.clone())),
        )
    }),
    ("files of directories that are no TOML", |_| {
        nested(
            "20,000",
            (0..20_000).map(|n| (format!("d{}/{n}", n / 100), "=\n=\n".into())),
        )
    }),
    ("files of directories below such as are no TOML", |_| {
        let file = |n| {
            let directory = format!("d{}/{}", n / 200, n / 2);
            match n % 2 {
                0 => (directory, "=".into()),
                _ => (directory + "/a", RULE.into()),
            }
        };
        nested("10,000 and 10,000", (0..20_000).map(file))
    }),
    ("one large file for many directories", |_| {
        one_file_for_all()
    }),
    ("paths in deep directories", |_| {
        let path = |n: usize| "a/".repeat(n % 500) + &format!("{n}/f");
        tree(
            "20,000, up to 500 deep",
            "[paths]\n'*.b' = '@a'\n".into(),
            (0..20_000).map(path),
        )
    }),
    ("owners of many paths", |_| {
        let rules = lines(99_000, |n| format!("'/a{n}' = '@a{n}'"));
        tree(
            "99,000",
            format!("[paths]\n{rules}"),
            (0..99_000).map(|n| format!("a{n}/b")),
        )
    }),
    ("a CODEOWNERS file as large as GitHub takes", |_| {
        let line = |n| format!("/a{}/b{n:05}/c/ @org/team-{:02}", n % 300, n % 90);
        codeowners("96,000 lines, 2.9 MB", lines(96_000, line))
    }),
    ("a CODEOWNERS file of groups that want one name", |_| {
        codeowners(
            "95,000 lines",
            lines(95_000, |n| format!("/a{n} @o{n}/t @p{}", n / 2)),
        )
    }),
    ("a CODEOWNERS file of many owners", |_| {
        codeowners(
            "95,000 lines",
            lines(95_000, |n| format!("/a{n} @a{n} @b{n} @o/{n}")),
        )
    }),
    ("a CODEOWNERS file of broken lines", |_| {
        codeowners("95,000 lines", lines(95_000, |n| format!("/{n} @")))
    }),
    ("a CODEOWNERS file of many sections", |_| {
        gitlab(
            "47,000 sections",
            lines(47_000, |n| format!("[s{n}] @a\n/a{n}/b/c/")),
        )
    }),
    ("a CODEOWNERS file of names with directories below", |_| {
        gitlab(
            "100,000 lines",
            lines(100_000, |n| format!("/a{}/*.c{n} @a", n % 1_000)),
        )
    }),
    (
        "a CODEOWNERS file of lines that all match all paths",
        |_| {
            gitlab(
                "20,000 lines",
                lines(20_000, |n| format!("a*{} @a", "?".repeat(1 + n % 9))),
            )
        },
    ),
    ("a CODEOWNERS line of many owners", |_| {
        let owners: String = (0..200_000).map(|n| format!(" @a{n}")).collect();
        codeowners("200,000", format!("*{owners}\n"))
    }),
    ("a change of many owners and paths", |_| large_change()),
    ("large files replaced by others", |_| replaced_files()),
    ("a .gitignore that is hard to match", |_| hard_to_ignore()),
    ("directories at the root", |_| {
        let repository = untold((0..200_000).map(|n| format!("{n}/b")));
        repository.of_size("200,000")
    }),
    ("commits", |_| commits()),
];

/// What the file of a directory says.
const RULE: &str = "[paths]\n'*.rs' = '@a'\n";

/// A line for each number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        writeln!(text, "{}", line(number)).unwrap();
    }
    text
}

/// The same on one line, with commas between.
fn inline(count: usize, part: impl Fn(usize) -> String) -> String {
    let parts: Vec<String> = (0..count).map(part).collect();
    parts.join(",")
}

/// A configuration in a small tree.
fn config(size: &str, text: String) -> Repository {
    tree(size, text, ["a1/b".to_string()])
}

/// A configuration with a rule for each number.
fn rules(size: &str, count: usize, rule: impl Fn(usize) -> String) -> Repository {
    let rules = lines(count, rule);
    config(size, format!("[paths]\n'*' = '@a'\n{rules}"))
}

/// A configuration, and empty files that are in the index alone.
fn tree(size: &str, text: String, paths: impl IntoIterator<Item = String>) -> Repository {
    let repository = Repository::sound();
    repository.sandbox.write("owners.toml", text);
    repository.sandbox.git("add owners.toml");
    repository.track(paths);
    repository.sandbox.git("commit -qm evil");
    repository.of_size(size)
}

/// Empty files and neither a configuration nor a CODEOWNERS file.
fn untold(paths: impl IntoIterator<Item = String>) -> Repository {
    let repository = Repository::sound();
    repository
        .sandbox
        .git("rm -q owners.toml .github/CODEOWNERS");
    repository.track(paths);
    repository.sandbox.git("commit -qm evil");
    repository
}

fn nested(size: &str, files: impl Iterator<Item = (String, String)>) -> Repository {
    let repository = Repository::sound();
    repository.sandbox.write(
        "owners.toml",
        r"nested = true
[groups]
g0 = '@a'
[paths]
",
    );
    for (directory, text) in files {
        repository
            .sandbox
            .write(format!("{directory}/owners.toml"), text);
    }
    repository.committed().of_size(size)
}

/// A CODEOWNERS file of GitHub on `main`, and a change of files that it is about.
fn codeowners(size: &str, text: String) -> Repository {
    file_of_a_forge(size, ".github/CODEOWNERS", text)
}

/// The same of GitLab.
fn gitlab(size: &str, text: String) -> Repository {
    file_of_a_forge(size, ".gitlab/CODEOWNERS", text)
}

fn file_of_a_forge(size: &str, file: &str, text: String) -> Repository {
    let repository = untold([]);
    let sandbox = &repository.sandbox;
    sandbox.write(file, text);
    if file.contains("gitlab") {
        sandbox.write(".gitlab-ci.yml", "");
    }
    sandbox.git("add -A");
    sandbox.git("commit -qm file");
    sandbox.git("branch -f main evil");
    repository.track((0..20_000).map(|n| format!("a{}/x{n}.c/{}", n % 1_000, "a".repeat(10))));
    sandbox.git("commit -qm change");
    repository.of_size(size)
}

fn outputs(count: usize) -> String {
    lines(count, |n| format!("[[output]]\nfile = 'o/{n}'"))
}

fn large_outputs() -> Repository {
    let repository = Repository::sound();
    let config = format!("[paths]\n'*' = '@a'\n{}", outputs(32));
    repository.sandbox.write("owners.toml", config);
    for n in 0..32 {
        let text = format!(
            "# @generated by `owners gen`\n{}",
            lines(1_000_000, |m| format!("{m}"))
        );
        repository.sandbox.write(format!("o/{n}"), text);
    }
    repository.committed().of_size("32 of 7 MB")
}

fn shuffled_output() -> Repository {
    let repository = Repository::sound();
    let rules = lines(99_000, |n| format!("'/a{n}' = '@a'"));
    repository
        .sandbox
        .write("owners.toml", format!("[paths]\n{rules}"));
    let lines = lines(99_000, |n| format!("/a{} @a", n * 7_919 % 99_000));
    let text = format!("# @generated by `owners gen`\n{lines}");
    repository.sandbox.write(".github/CODEOWNERS", text);
    repository.committed().of_size("99,000 lines")
}

fn roster() -> Repository {
    let login = "x".repeat(30);
    let members = inline(50_000, |n| format!("'@{login}{n:06}'"));
    let group = format!(
        r"[groups.g]
team = '@o/t'
members = [{members}]
"
    );
    let repository = Repository::sound();
    let config = format!(
        r"{group}[paths]
'*' = 'g'
[check]
roster = 'r'
"
    );
    repository.sandbox.write("owners.toml", config);
    repository
        .sandbox
        .write("r", lines(190_000, |n| format!("@{login}{n:08}")));
    repository.committed().of_size("50,000 of 50,000, 8 MB")
}

fn floating() -> Repository {
    let pattern = |n: usize| {
        let (one, other) = ("y".repeat(n / 25 % 5), "y".repeat(n / 125));
        format!("'a*{}{one}*{other}/' = '@a'", "?".repeat(1 + n % 25))
    };
    let lints = r"[lints]
floating-directory = 'warn'
default-only-path = 'warn'
";
    let text = format!("[paths]\n'*' = '@a'\n{}{lints}", lines(1_000, pattern));
    let name = "a".to_string() + &"y".repeat(30);
    tree(
        "1,000 and 10,000",
        text,
        (0..10_000).map(|n| format!("d{n}/{name}/f")),
    )
}

/// A thousand directories have one object for their file, of almost the size that is read.
fn one_file_for_all() -> Repository {
    let repository = Repository::sound();
    let sandbox = &repository.sandbox;
    sandbox.write(
        "owners.toml",
        r"nested = true
[paths]
'*' = '@a'
",
    );
    sandbox.write("large", format!("#{}\n", "x".repeat(8_000_000)));
    let blob = sandbox.git("hash-object -w large");
    std::fs::remove_file(sandbox.root.join("large")).unwrap();
    sandbox.git("add owners.toml");
    let records: Vec<String> = (0..1_000)
        .map(|n| format!("100644 {}\td{n}/owners.toml", blob.trim()))
        .collect();
    repository.index_info(&records);
    sandbox.git("commit -qm evil");
    repository.of_size("1,000 of 8 MB")
}

fn large_change() -> Repository {
    let repository = Repository::sound();
    let sandbox = &repository.sandbox;
    let file = |owner| lines(99_000, |n| format!("/a{n} @{owner}{n} @all"));
    sandbox.git("rm -q owners.toml");
    sandbox.write(".github/CODEOWNERS", file("a"));
    sandbox.git("add -A");
    repository.track((0..300_000).map(|n| format!("a{}/{n}", n % 99_000)));
    sandbox.git("commit -qm one");
    sandbox.git("branch -f main evil");
    sandbox.write(".github/CODEOWNERS", file("b"));
    sandbox.git("add .github");
    repository.track((0..300_000).map(|n| format!("a{}/{n}x", n % 99_000)));
    sandbox.git("commit -qm other");
    repository.of_size("99,000 lines, 300,000 paths")
}

fn replaced_files() -> Repository {
    let repository = Repository::sound();
    let sandbox = &repository.sandbox;
    let fill = |directory: &str, salt: &str| {
        for n in 0..1_000 {
            let text = lines(10_000, |m| format!("{salt}{n}{}", m * 7_919 % 100_003));
            sandbox.write(format!("{directory}/{n}"), text);
        }
    };
    fill("c", "x");
    sandbox.git("add -A");
    sandbox.git("commit -qm one");
    sandbox.git("branch -f main evil");
    sandbox.git("rm -rq c");
    fill("d", "y");
    repository.committed().of_size("1,000 of 100 KB")
}

fn hard_to_ignore() -> Repository {
    let repository = Repository::sound();
    let sandbox = &repository.sandbox;
    let deep = "a/".repeat(100);
    let outputs = lines(32, |n| format!("[[output]]\nfile = '{deep}{n}'"));
    sandbox.write("owners.toml", format!("[paths]\n'*' = '@a'\n{outputs}"));
    let pattern = "**/a".repeat(8);
    sandbox.write(
        ".gitignore",
        lines(20_000, |n| format!("{pattern}/**/*a*a*a*a*{n}")),
    );
    repository.committed().of_size("20,000 lines, 32 outputs")
}

fn commits() -> Repository {
    let repository = untold(["a/b".into(), "a/c".into()]);
    let sandbox = &repository.sandbox;
    let tree = sandbox.git("rev-parse HEAD^{tree}");
    let now = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_secs() as usize;
    let commit = |n| {
        let mode = if n % 2 == 0 { "644" } else { "755" };
        format!(
            "commit refs/heads/evil\ncommitter T <u{n}@x.y> {} +0000\ndata 0\n{}M 040000 {} \n\
             M 100{mode} inline a/b\ndata 0\n",
            now - 500_000 + n,
            if n == 0 {
                "from refs/heads/evil^0\n"
            } else {
                ""
            },
            tree.trim()
        )
    };
    sandbox.git_with_input("fast-import --quiet", lines(300_000, commit).as_bytes());
    sandbox.git("reset -q");
    repository.of_size("300,000")
}
