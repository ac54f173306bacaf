//! Normal forms, exceptions and additions, as tables that a person can check: what is generated, and who owns
//! what by the rules and by independent readers of both files.

use owners::Forge;
use owners::pattern::Pattern;
use snapbox::{IntoData, str};

use crate::support::Sandbox;
use crate::support::models::github;
use crate::support::models::gitlab::GitlabFile;

const OUTPUTS: &str = "[[output]]\nplatform = 'github'\n[[output]]\nplatform = 'gitlab'\n";

/// Both generated files, without their headers.
fn generated(sandbox: &Sandbox) -> [String; 2] {
    sandbox.owners("gen -q").prints("");
    [".github/CODEOWNERS", ".gitlab/CODEOWNERS"].map(|file| {
        let text = sandbox.read(file);
        text.split_once("\n\n").unwrap().1.to_string()
    })
}

/// The lines that are no comments, without owners.
fn patterns(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(" @").next().unwrap().trim_end())
        .collect()
}

/// What a forge takes these lines to mean, in order.
fn meant(lines: &[&str], forge: Forge) -> Vec<Pattern> {
    let text = lines.join(" @a\n") + " @a\n";
    let file = owners::codeowners::read(&text, forge);
    assert_eq!(file.faults, [], "{text}");
    let patterns = file.entries.into_iter().map(|entry| entry.pattern);
    patterns
        .map(|each| each.expect("no pattern that matches nothing"))
        .collect()
}

/// Spellings that mean the same, what is written on GitHub, and on GitLab.
const FORMS: &[(&[&str], &str, &[&str])] = &[
    (
        &["*", "**", "/**", "**/*", "/**/*", "?*", "/?*"],
        "*",
        &["*"],
    ),
    (
        &["name", "**/name", "/**/name"],
        "**/name",
        &["**/name", "**/name/"],
    ),
    (
        &["name/", "**/name/", "**/name/**", "/**/name/**/*"],
        "**/name/",
        &["**/name/"],
    ),
    (
        &[
            "/a/b/",
            "a/b/",
            "a/b/**",
            "/a/b/**/*",
            "/a/b/**/",
            "a/b/?*",
            "a/b/*?",
        ],
        "/a/b/",
        &["/a/b/"],
    ),
    (&["/a/b", "a/b"], "/a/b", &["/a/b", "/a/b/"]),
    (&["/docs/*", "docs/*"], "/docs/*", &["/docs/*"]),
    (
        &["a/**/*/c", "a/*/**/c", "/a/**/?*/c"],
        "/a/*/**/c",
        &["/a/*/**/c", "/a/*/**/c/"],
    ),
    (
        &["/b/*/", "b/*/**", "b/**/*/*", "b/**/*/**"],
        "/b/*/",
        &["/b/*/"],
    ),
    (&["/x?*", "/x*?", "/x*?*"], "/x?*", &["/x?*", "/x?*/"]),
    (&["*/", "/*/", "**/*/", "*/**"], "/*/", &["/*/"]),
    (
        &["/a b#", r"/a\ b\#", r"/\a b#"],
        r"/a\ b?",
        &[r"/a\ b#", r"/a\ b#/"],
    ),
    (
        &["/[id]", r"/\[id\]"],
        r"/\[id\]",
        &[r"/\[id\]", r"/\[id\]/"],
    ),
];

#[test]
fn all_spellings_of_one_meaning_are_read_as_the_same_lines() {
    let mut spelled = 0;
    for (spellings, github, gitlab) in FORMS {
        for spelling in *spellings {
            let sandbox = Sandbox::plain();
            sandbox.git("init -q");
            sandbox.write(
                "owners.toml",
                format!("{OUTPUTS}[paths]\n'{spelling}' = '@a'\n"),
            );
            let [by_github, by_gitlab] = generated(&sandbox);
            let lines = patterns(&by_github);
            assert_eq!(
                meant(&lines, Forge::GITHUB),
                meant(&[github], Forge::GITHUB)
            );
            let lines = patterns(&by_gitlab);
            assert_eq!(meant(&lines, Forge::GITLAB), meant(gitlab, Forge::GITLAB));
            spelled += 1;
        }
    }
    println!("{} meanings in {spelled} spellings", FORMS.len());
}

/// The finding names the normal form, once for each spelling but the last.
#[test]
fn duplicate_pattern_sees_through_spelling() {
    for (spellings, ..) in FORMS {
        let mut config = String::from("[paths]\n");
        for (index, spelling) in spellings.iter().enumerate() {
            config += &format!("'{spelling}' = '@a{index}'\n");
        }
        let sandbox = Sandbox::repo([("owners.toml", config.as_str())]);
        let output = sandbox.owners("check -A dead-pattern").output();
        assert_eq!(output.status.code(), Some(1));
        let found = String::from_utf8(output.stdout).unwrap();
        let count = found.matches("error[duplicate-pattern]").count();
        assert_eq!(count, spellings.len() - 1, "{config}{found}");
    }
}

/// Generates both files, compares them, and asks for the owners of each path (`-` is nobody) in
/// three ways.
#[track_caller]
pub(crate) fn means(
    rules: &str,
    owners: &[(&str, &str)],
    github: impl IntoData,
    gitlab: impl IntoData,
) {
    let sandbox = Sandbox::plain();
    sandbox.git("init -q");
    sandbox.write("owners.toml", format!("{OUTPUTS}[paths]\n{rules}"));
    let [by_github, by_gitlab] = generated(&sandbox);
    sandbox.assert_eq(by_github.as_bytes(), github);
    sandbox.assert_eq(by_gitlab.as_bytes(), gitlab);
    let by_github = github::lines(&by_github);
    let by_gitlab = GitlabFile::new(&by_gitlab);
    for (path, owner) in owners {
        let expected: Vec<String> = match *owner {
            "-" => Vec::new(),
            owners => owners.split(' ').map(|owner| format!("@{owner}")).collect(),
        };
        let output = sandbox.owners("who -0").arg(path).output();
        let answer = String::from_utf8(output.stdout).unwrap();
        let answer = answer.trim_end_matches('\0').rsplit("  ").next().unwrap();
        let shown = match expected.is_empty() {
            true => "(unowned)".to_string(),
            false => expected.join(" "),
        };
        assert!(
            answer == shown || (shown.starts_with('(') && answer == "(nobody)"),
            "{path}: {answer}"
        );
        assert_eq!(
            github::last_owners(&by_github, path),
            expected,
            "GitHub: {path}"
        );
        assert_eq!(by_gitlab.owners(path), expected, "GitLab: {path}");
    }
}

#[test]
fn everything_in_a_directory_but_one() {
    means(
        "\
'*' = '@everyone'
'core/' = { owners = '@core', except = 'core/webapi/' }
",
        &[
            ("README.md", "everyone"),
            ("core/README.md", "core"),
            ("core", "everyone"),
            ("core/webapi/server.rs", "everyone"),
            ("core/webapi", "core"),
            ("lib/core/x", "core"),
            ("lib/core/webapi/x", "core"),
        ],
        str![[r#"
* @everyone

# core/ except core/webapi/
core/         @core
/core/webapi/ @everyone

"#]],
        str![[r#"
* @everyone

# core/ except core/webapi/
core/         @core
/core/webapi/ @everyone

"#]],
    );
}

#[test]
fn a_name_at_any_depth_but_below_one_directory() {
    means(
        "'**/foo/' = { owners = '@foo', except = 'shared/**/foo/' }\n",
        &[
            ("foo/x", "foo"),
            ("a/foo/b/c", "foo"),
            ("shared/x", "-"),
            ("shared/foo/x", "-"),
            ("shared/a/b/foo/x", "-"),
            ("a/shared/foo/x", "foo"),
            ("foo/shared/x", "foo"),
            ("foo/shared/foo/x", "foo"),
            ("shared", "-"),
            ("foo", "-"),
        ],
        str![[r#"
# **/foo/ except shared/**/foo/
**/foo/ @foo
/shared/**/foo/

"#]],
        str![[r#"
# **/foo/ except shared/**/foo/
**/foo/ @foo
!/shared/**/foo/

"#]],
    );
}

/// An earlier rule has exceptions of its own: below them, the one before it decides.
#[test]
fn exceptions_over_exceptions() {
    means(
        "\
'*' = '@core'
'/d/' = { owners = '@x', except = '/d/x/' }
'd/**' = { owners = '@y', except = '*.md' }
",
        &[
            ("a.md", "core"),
            ("d/a.rs", "y"),
            ("d/a.md", "x"),
            ("d/b/c.md", "x"),
            ("d/x/a.rs", "y"),
            ("d/x/a.md", "core"),
            ("d/x/b.md/c", "core"),
            ("d", "core"),
        ],
        str![[r#"
* @core

# /d/ except /d/x/
/d/   @x
/d/x/ @core

# d/** except *.md
d/**         @y
/d/**/*.md   @x
/d/x/**/*.md @core

"#]],
        str![[r#"
* @core

# /d/ except /d/x/
/d/x/ @core

# d/** except *.md
/d/           @y
/d/**/*.md    @x
/d/**/*.md/   @x
/d/x/**/*.md  @core
/d/x/**/*.md/ @core

"#]],
    );
}

/// `/docs/*` and `*.md` share what no pattern of GitHub says: the Markdown files directly in
/// `docs`, but nothing in a directory of such a name. A further line takes that back.
#[test]
fn one_level_but_some_of_it() {
    means(
        "\
'*' = '@everyone'
'/docs/*/' = '@deep'
'/docs/*' = { owners = '@docs', except = '*.md' }
'/docs/old.md/' = '@archive'
",
        &[
            ("docs/a.txt", "docs"),
            ("docs/a.md", "everyone"),
            ("docs/b.md/c.txt", "deep"),
            ("docs/b/c.md", "deep"),
            ("docs/old.md/c.txt", "archive"),
            ("docs/old.md", "everyone"),
            ("a.md", "everyone"),
        ],
        str![[r#"
*        @everyone
/docs/*/ @deep

# /docs/* except *.md
/docs/*     @docs
/docs/*.md  @everyone
/docs/*.md/ @deep

/docs/old.md/ @archive

"#]],
        str![[r#"
*        @everyone
/docs/*/ @deep

# /docs/* except *.md
/docs/*    @docs
/docs/*.md @everyone

/docs/old.md/ @archive

"#]],
    );
}

/// What an earlier rule leaves without an owner stays so where a later one excepts it.
#[test]
fn exceptions_over_nobody() {
    means(
        "\
'*' = '@everyone'
'/v/' = []
'/v/*.rs' = { owners = [], except = '/v/a*' }
'/w/' = { owners = '@w', except = ['/w/gen/', '*.lock'] }
",
        &[
            ("v/x", "-"),
            ("v/a.rs", "-"),
            ("v/b.rs", "-"),
            ("w/a", "w"),
            ("w/gen/a", "everyone"),
            ("w/a.lock", "everyone"),
            ("a.lock", "everyone"),
        ],
        str![[r#"
* @everyone
/v/

# /v/*.rs except /v/a*
/v/*.rs

# /w/ except /w/gen/, *.lock
/w/          @w
/w/gen/      @everyone
/w/**/*.lock @everyone

"#]],
        str![[r#"
* @everyone
!/v/

# /v/*.rs except /v/a*
!/v/*.rs
!/v/*.rs/

# /w/ except /w/gen/, *.lock
/w/           @w
/w/gen/       @everyone
/w/**/*.lock  @everyone
/w/**/*.lock/ @everyone

"#]],
    );
}
