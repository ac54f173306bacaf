//! Rules that add owners: what is generated, who owns what, and what each command shows.

use snapbox::str;

use crate::meaning::means;
use crate::support::Sandbox;

const FILES: [&str; 6] = [
    "Cargo.lock",
    "README.md",
    "docs/book.lock",
    "docs/guide.md",
    "vendor/a.lock",
    "vendor/a.c",
];

fn repo(rules: &str) -> Sandbox {
    let sandbox = Sandbox::repo(FILES.map(|file| (file, "")));
    sandbox.write("owners.toml", rules);
    sandbox.git("add -A");
    sandbox
}

/// What the addition covers in part takes lines of its own.
#[test]
fn narrowed_lines() {
    means(
        "\
'*' = '@all'
'/docs/' = '@docs'
'/docs/*' = '@top'
'*.lock' = { add = '@sec' }
",
        &[
            ("a", "all"),
            ("a.lock", "all sec"),
            ("x/a.lock/b", "all sec"),
            ("docs/a.lock", "top sec"),
            ("docs/a.lock/b", "docs sec"),
            ("docs/x/a.lock", "docs sec"),
            ("docs/x/a", "docs"),
        ],
        str![[r#"
*       @all
/docs/  @docs
/docs/* @top

# *.lock adds @sec
*.lock          @all @sec
/docs/**/*.lock @docs @sec
/docs/*.lock    @top @sec
/docs/*.lock/   @docs @sec

"#]],
        str![[r#"
*       @all
/docs/  @docs
/docs/* @top

# *.lock adds @sec
*.lock           @all @sec
*.lock/          @all @sec
/docs/**/*.lock  @docs @sec
/docs/**/*.lock/ @docs @sec
/docs/*.lock     @top @sec

"#]],
    );
}

/// What it covers has the owners in its place.
#[test]
fn every_line() {
    means(
        "\
'*' = '@all'
# docs
'/docs/' = ['@docs', '@Sec']
'/v/' = []
'**' = { add = ['@sec', '@x'] }
",
        &[
            ("a", "all sec x"),
            ("docs/a", "docs Sec x"),
            ("v/a", "sec x"),
        ],
        str![[r#"
*      @all @sec @x
# docs
/docs/ @docs @Sec @x
/v/    @sec @x

# ** adds @sec, @x (in the lines above)

"#]],
        str![[r#"
*      @all @sec @x
# docs
/docs/ @docs @Sec @x
/v/    @sec @x

# ** adds @sec, @x (in the lines above)

"#]],
    );
}

/// Without a rule for every path, a line for what no line matches comes first, and the lines that it
/// would take are repeated.
#[test]
fn paths_that_no_rule_matches() {
    means(
        "\
'/docs/' = '@docs'
'/docs/api/' = '@api'
'/src/*.rs' = '@rust'
'*' = { add = '@sec' }
",
        &[
            ("a", "sec"),
            ("docs/a", "docs sec"),
            ("docs/api/a", "api sec"),
            ("src/a.rs", "rust sec"),
        ],
        str![[r#"
# /docs/ (needs no line)
# /docs/api/ (needs no line)
# /src/*.rs (needs no line)

# * adds @sec
*          @sec
/docs/     @docs @sec
/docs/api/ @api @sec
/src/*.rs  @rust @sec

"#]],
        str![[r#"
# /docs/ (needs no line)
# /docs/api/ (needs no line)
# /src/*.rs (needs no line)

# * adds @sec
*          @sec
/docs/     @docs @sec
/docs/api/ @api @sec
/src/*.rs  @rust @sec
/src/*.rs/ @rust @sec

"#]],
    );
}

/// The rule may come first, and adds to nothing.
#[test]
fn nothing_before() {
    means(
        "\
'*.lock' = { add = '@sec' }
'/{a,b}/' = { add = '@ab' }
'/a/x' = '@x'
",
        &[
            ("q.lock", "sec"),
            ("a/q.lock", "sec ab"),
            ("a/q", "ab"),
            ("a/x", "x"),
            ("q", "-"),
        ],
        str![[r#"
# *.lock adds @sec
*.lock @sec

# /{a,b}/ adds @ab
/a/          @ab
/b/          @ab
/a/**/*.lock @sec @ab
/b/**/*.lock @sec @ab

/a/x @x

"#]],
        str![[r#"
# *.lock adds @sec
*.lock  @sec
*.lock/ @sec

# /{a,b}/ adds @ab
/a/           @ab
/b/           @ab
/a/**/*.lock  @sec @ab
/b/**/*.lock  @sec @ab
/a/**/*.lock/ @sec @ab
/b/**/*.lock/ @sec @ab

/a/x  @x
/a/x/ @x

"#]],
    );
}

/// Later rules replace what was added before them, and their exceptions bring it back.
#[test]
fn between_other_rules() {
    means(
        "\
'*' = '@all'
'*.lock' = { add = '@sec' }
'/docs/' = { owners = '@docs', except = '/docs/api/' }
'/docs/api/x' = { add = '@x' }
",
        &[
            ("a.lock", "all sec"),
            ("docs/a.lock", "docs"),
            ("docs/api/a.lock", "all sec"),
            ("docs/api/a", "all"),
            ("docs/api/x", "all x"),
            ("docs/api/x/a.lock", "all sec x"),
        ],
        str![[r#"
* @all

# *.lock adds @sec
*.lock @all @sec

# /docs/ except /docs/api/
/docs/              @docs
/docs/api/          @all
/docs/api/**/*.lock @all @sec

# /docs/api/x adds @x
/docs/api/x           @all @x
/docs/api/x/**/*.lock @all @sec @x

"#]],
        str![[r#"
* @all

# *.lock adds @sec
*.lock  @all @sec
*.lock/ @all @sec

# /docs/ except /docs/api/
/docs/               @docs
/docs/api/           @all
/docs/api/**/*.lock  @all @sec
/docs/api/**/*.lock/ @all @sec

# /docs/api/x adds @x
/docs/api/x            @all @x
/docs/api/x/           @all @x
/docs/api/x/**/*.lock  @all @sec @x
/docs/api/x/**/*.lock/ @all @sec @x

"#]],
    );
}

/// What the exceptions leave alone keeps its owners, additions of other rules included.
#[test]
fn exceptions_of_additions() {
    means(
        "\
'*' = '@all'
'/docs/' = '@docs'
'/docs/api/' = '@api'
'/src/' = '@src'
'*.md' = { add = '@m' }
'**' = { add = '@sec', except = ['/docs/', '*.txt'] }
'docs/api/**' = { add = '@z', except = '/docs/api/v1/' }
",
        &[
            ("a", "all sec"),
            ("a.md", "all m sec"),
            ("a.txt", "all"),
            ("src/a", "src sec"),
            ("src/a.txt", "src"),
            ("docs/a", "docs"),
            ("docs/a.md", "docs m"),
            ("docs/api/a", "api z"),
            ("docs/api/a.md", "api m z"),
            ("docs/api/v1/a", "api"),
        ],
        str![[r#"
*     @all @sec
# /docs/ (needs no line)
# /docs/api/ (needs no line)
/src/ @src @sec

# *.md adds @m
*.md         @all @m @sec
/src/**/*.md @src @m @sec

# ** except /docs/, *.txt adds @sec
**/*.txt              @all
/docs/                @docs
/docs/api/            @api @z
/src/**/*.txt         @src
**/*.md/**/*.txt      @all @m
**/*.txt/**/*.md      @all @m
/docs/**/*.md         @docs @m
/docs/api/**/*.md     @api @m @z
/src/**/*.md/**/*.txt @src @m
/src/**/*.txt/**/*.md @src @m

# docs/api/** except /docs/api/v1/ adds @z
/docs/api/v1/        @api
/docs/api/v1/**/*.md @api @m

"#]],
        str![[r#"
*     @all @sec
# /docs/ (needs no line)
# /docs/api/ (needs no line)
/src/ @src @sec

# *.md adds @m
*.md          @all @m @sec
*.md/         @all @m @sec
/src/**/*.md  @src @m @sec
/src/**/*.md/ @src @m @sec

# ** except /docs/, *.txt adds @sec
**/*.txt               @all
**/*.txt/              @all
/docs/                 @docs
/docs/api/             @api @z
/src/**/*.txt          @src
/src/**/*.txt/         @src
**/*.txt/**/*.md       @all @m
**/*.md/**/*.txt       @all @m
**/*.md/**/*.txt/      @all @m
**/*.txt/**/*.md/      @all @m
/docs/**/*.md          @docs @m
/docs/**/*.md/         @docs @m
/docs/api/**/*.md      @api @m @z
/docs/api/**/*.md/     @api @m @z
/src/**/*.txt/**/*.md  @src @m
/src/**/*.md/**/*.txt  @src @m
/src/**/*.md/**/*.txt/ @src @m
/src/**/*.txt/**/*.md/ @src @m

# docs/api/** except /docs/api/v1/ adds @z
/docs/api/v1/         @api
/docs/api/v1/**/*.md  @api @m
/docs/api/v1/**/*.md/ @api @m

"#]],
    );
}

/// Of additions that each except the patterns of those below it, the last one that matches adds. No line
/// restores what stood before, and no combination takes a line.
#[test]
fn of_several_only_the_last() {
    means(
        "\
'/d/' = '@d'
'/d/Makefile' = '@m'
'Dockerfile' = { add = '@x', except = ['*.pem', 'Makefile'] }
'Makefile' = { add = '@y', except = '*.pem' }
'*.pem' = { add = '@m' }
",
        &[
            ("Dockerfile", "x"),
            ("Dockerfile/Makefile", "y"),
            ("Makefile/Dockerfile", "y"),
            ("d/a", "d"),
            ("d/Dockerfile", "d x"),
            ("d/Dockerfile/Makefile/a.pem", "d m"),
            ("d/x/Makefile", "d y"),
            ("d/Makefile", "m y"),
            ("d/Makefile/Dockerfile", "m y"),
            ("d/Makefile/Dockerfile/a.pem", "m"),
            ("x/a.pem/Dockerfile/Makefile", "m"),
        ],
        str![[r#"
/d/ @d
# /d/Makefile (needs no line)

# Dockerfile except *.pem, Makefile adds @x
Dockerfile                @x
/d/**/Dockerfile          @d @x
/d/Makefile/**/Dockerfile @m @x

# Makefile except *.pem adds @y
Makefile       @y
/d/**/Makefile @d @y
/d/Makefile    @m @y

# *.pem adds @m
*.pem                @m
/d/**/*.pem          @d @m
/d/Makefile/**/*.pem @m

"#]],
        str![[r#"
/d/ @d
# /d/Makefile (needs no line)

# Dockerfile except *.pem, Makefile adds @x
Dockerfile                 @x
Dockerfile/                @x
/d/**/Dockerfile           @d @x
/d/**/Dockerfile/          @d @x
/d/Makefile/**/Dockerfile  @m @x
/d/Makefile/**/Dockerfile/ @m @x

# Makefile except *.pem adds @y
Makefile        @y
Makefile/       @y
/d/**/Makefile  @d @y
/d/**/Makefile/ @d @y
/d/Makefile     @m @y
/d/Makefile/    @m @y

# *.pem adds @m
*.pem                 @m
*.pem/                @m
/d/**/*.pem           @d @m
/d/**/*.pem/          @d @m
/d/Makefile/**/*.pem  @m
/d/Makefile/**/*.pem/ @m

"#]],
    );
}

/// Six kinds of files with a team each: all combinations are too many, and what the help says is not.
#[test]
fn combinations_of_additions() {
    let patterns = [
        "Dockerfile",
        "Makefile",
        "Cargo.lock",
        "package.json",
        "BUILD",
        "*.pem",
    ];
    let mut rules = String::from("[paths]\n\"*\" = \"@core\"\n");
    for number in 0..200 {
        rules += &format!("\"/crates/c{number}/\" = \"@t{}\"\n", number % 7);
    }
    let additions: Vec<String> = (patterns.iter().enumerate())
        .map(|(number, pattern)| format!("\"{pattern}\" = {{ add = \"@team{number}\" }}\n"))
        .collect();
    let sandbox = repo(&(rules.clone() + &additions.concat()));
    let output = sandbox.owners("gen").output();
    assert_eq!(output.status.code(), Some(1));
    let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(
        shown.contains("every combination of them takes a line after every earlier rule"),
        "{shown}"
    );
    assert_eq!(shown.matches("meets this pattern").count(), 5, "{shown}");
    let (_, help) = shown.split_once("below one another: ").unwrap();
    let pasted: Vec<&str> = help
        .lines()
        .next()
        .unwrap()
        .split('`')
        .skip(1)
        .step_by(2)
        .collect();
    assert_eq!(pasted.len(), patterns.len());
    sandbox.write("owners.toml", rules + &pasted.join("\n"));
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    let run = sandbox.owners("check -A dead-pattern -A ineffective-pattern");
    run.prints(str![[r#"
0 errors, 0 warnings; 8 tracked paths: 8 owned

"#]]);
    let lines = sandbox.read(".github/CODEOWNERS");
    let lines = lines
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    assert_eq!(lines.count(), 201 * (1 + patterns.len()));
}

/// One level of a directory, and names at any depth: files, but not what is in directories of such
/// names.
#[test]
fn what_no_forge_can_say() {
    let sandbox = repo(
        r#"[[output]]
platform = "github"
[[output]]
platform = "gitlab"

[paths]
"*" = "@all"
"**/docs/*" = "@docs"
"/vendor/" = []
"*.lock" = { add = "@sec" }
"#,
    );
    sandbox.owners("gen").exits(1, str![[r#"
error[inexact-output]: GitHub cannot express `*.lock` exactly
  --> owners.toml:10:1
   |
10 | "*.lock" = { add = "@sec" }
   | ^^^^^^^^
   |
   = note: to add to `**/docs/*`, it needs a pattern for "a file, but not the contents of a directory of that name" at any depth
   = help: anchor one of the two patterns with a `/` at its start, or end neither with `/*`

error[inexact-output]: GitLab cannot express `*.lock` exactly
  --> owners.toml:10:1
   |
 9 | "/vendor/" = []
   | ---------- this rule says that nobody owns them
10 | "*.lock" = { add = "@sec" }
   | ^^^^^^^^
   |
   = note: on GitLab a rule for nobody excludes its paths permanently, but this adds owners to some of the paths of `/vendor/`
   = help: except `/vendor/` from it, or narrow the rule for nobody

"#]], str![[r#""#]]);
    // Both can say it without the overlap.
    let text = sandbox.read("owners.toml");
    let text = text.replace("\"**/docs/*\"", "\"/docs/*\"");
    let text = text.replace(
        "add = \"@sec\" }",
        "add = \"@sec\", except = \"/vendor/\" }",
    );
    sandbox.write("owners.toml", text);
    sandbox.owners("gen -q").prints("");
    sandbox
        .owners("who docs/book.lock vendor/a.lock")
        .prints(str![[r#"
docs/book.lock  @docs @sec
vendor/a.lock   (nobody)

"#]]);
}

#[test]
fn mistakes() {
    for (rule, what) in [
        (
            "{ owners = '@a', add = '@b' }",
            "the rule `/a` has `owners` and `add`",
        ),
        (
            "{ add = '@b', owners = [] }",
            "the rule `/a` has `owners` and `add`",
        ),
        ("{ add = [] }", "the rule `/a` adds nobody"),
        (
            "{ add = 1 }",
            "`add` of `/a` must be a string or an array of strings",
        ),
        ("{ add = 'nobody' }", "unknown group `nobody`"),
        ("{ add = '@-' }", "`@-` is not an owner on GitHub"),
        ("{ adds = '@b' }", "unknown key of a rule `adds`"),
        ("{ adds = '@b' }", "= help: did you mean `add`?"),
        (
            "{ ad = '@b', except = '/b' }",
            "\n1 error in the configuration",
        ),
        ("{ owner = '@b' }", "\n1 error in the configuration"),
        ("{ group = '@b' }", "\n1 error in the configuration"),
        ("{ exept = '/b' }", "the rule `/a` has no `owners`"),
    ] {
        let sandbox = repo(&format!("[paths]\n'/a' = {rule}\n"));
        let output = sandbox.owners("who a").output();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{rule}");
        assert!(text.contains(what), "{rule}: {text}");
    }
}

/// A nested file adds to what the files above it say, within its directory.
#[test]
fn nested() {
    let sandbox = repo(
        r#"nested = true
[groups]
sec = "@o/sec"
[paths]
"*" = "@all"
"*.lock" = { add = "sec" }
"#,
    );
    sandbox.write(
        "docs/owners.toml",
        r#"[paths]
"*" = { add = "@docs", except = "/v1/" }
"guide.md" = "@guide"
"/guide.md" = { add = ["sec", "@Guide"] }
"#,
    );
    sandbox.git("add -A");
    sandbox.owners("gen -q").prints("");
    sandbox.owners("gen --stdout").prints(str![[r#"
# @generated by `owners gen` from owners.toml: do not edit.
# Change owners.toml and run `owners gen`.

* @all

# *.lock adds sec
*.lock @all @o/sec

# From docs/owners.toml:

# * except /v1/ adds @docs
/docs/             @all @docs
/docs/**/*.lock    @all @o/sec @docs
/docs/v1/          @all
/docs/v1/**/*.lock @all @o/sec

/docs/**/guide.md @guide

# /guide.md adds sec, @Guide
/docs/guide.md @guide @o/sec

"#]]);
    sandbox
        .owners("who docs/book.lock docs/guide.md docs/x/guide.md docs/v1/a.lock a.lock")
        .prints(str![[r#"
docs/book.lock   @all @o/sec @docs
docs/guide.md    @guide @o/sec
docs/x/guide.md  @guide
docs/v1/a.lock   @all @o/sec
a.lock           @all @o/sec

"#]]);
    sandbox
        .owners("who --explain docs/guide.md")
        .prints(str![[r#"
docs/guide.md  @guide @o/sec
    decided by docs/owners.toml:3:1: "guide.md" = "@guide"
    added by docs/owners.toml:4:1: "/guide.md" = { add = ["sec", "@Guide"] }
    group owners.toml:3:1: sec = @o/sec
    overrides docs/owners.toml:2:1: "*" = { add = "@docs", except = "/v1/" }
    overrides owners.toml:5:1: "*" = "@all"

"#]]);
}

const RULES: &str = r#"[groups]
core = "@o/core"
docs = "@o/docs"
sec = ["@sec", "@dave"]

[paths]
"*" = "core"
"/docs/" = "docs"
"/vendor/" = []
"*.lock" = { add = "sec" }
"/docs/{book,gone}.lock" = { add = ["core", "@Dave"] }
"#;

#[test]
fn who_and_ls() {
    let sandbox = repo(RULES);
    sandbox.owners("ls").prints(str![[r#"
Cargo.lock      @o/core @sec @dave
README.md       @o/core
docs/book.lock  @o/docs @sec @dave @o/core
docs/guide.md   @o/docs
owners.toml     @o/core
vendor/a.c      (nobody)
vendor/a.lock   @sec @dave

"#]]);
    sandbox.owners("ls --owner @DAVE").prints(str![[r#"
Cargo.lock      @o/core @sec @dave
docs/book.lock  @o/docs @sec @dave @o/core
vendor/a.lock   @sec @dave

"#]]);
    sandbox
        .owners("ls --group sec --name-only")
        .prints(str![[r#"
Cargo.lock
docs/book.lock
vendor/a.lock

"#]]);
    sandbox.owners("ls --nobody").prints(str![[r#"
vendor/a.c  (nobody)

"#]]);
    sandbox
        .owners("who --explain docs/book.lock vendor/a.lock vendor/")
        .prints(str![[r#"
docs/book.lock  @o/docs @sec @dave @o/core
    decided by owners.toml:8:1: "/docs/" = "docs"
    group owners.toml:3:1: docs = @o/docs
    added by owners.toml:10:1: "*.lock" = { add = "sec" }
    group owners.toml:4:1: sec = @sec @dave
    added by owners.toml:11:1: "/docs/{book,gone}.lock" = { add = ["core", "@Dave"] }
    alternative owners.toml:11:9: `book` expands to /docs/book.lock
    group owners.toml:2:1: core = @o/core
    overrides owners.toml:7:1: "*" = "core"
vendor/a.lock   @sec @dave
    decided by owners.toml:9:1: "/vendor/" = []
    added by owners.toml:10:1: "*.lock" = { add = "sec" }
    group owners.toml:4:1: sec = @sec @dave
    overrides owners.toml:7:1: "*" = "core"
vendor/         (nobody)  (1 path)
    decided by owners.toml:9:1: "/vendor/" = []
vendor/         @sec @dave  (1 path)
    decided by owners.toml:9:1: "/vendor/" = []
    added by owners.toml:10:1: "*.lock" = { add = "sec" }

"#]]);
    sandbox.owners("who . docs").prints(str![[r#"
./     @o/core  (2 paths)
./     @o/core @sec @dave  (1 path)
./     @o/docs @sec @dave @o/core  (1 path)
./     @o/docs  (1 path)
./     (nobody)  (1 path)
./     @sec @dave  (1 path)
docs/  @o/docs @sec @dave @o/core  (1 path)
docs/  @o/docs  (1 path)

"#]]);
    let json = sandbox
        .owners("who --json --explain docs/book.lock")
        .output()
        .stdout;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let json = serde_json::to_string_pretty(&json).unwrap();
    sandbox.assert_eq(
        json.as_bytes(),
        str![[r#"
{
  "paths": [
    {
      "more_rules": [
        {
          "adds": true,
          "alternatives": [],
          "column": 1,
          "expanded": "**/*.lock",
          "file": "owners.toml",
          "groups": [
            "sec"
          ],
          "line": 10,
          "pattern": "*.lock"
        },
        {
          "adds": true,
          "alternatives": [
            "book"
          ],
          "column": 1,
          "expanded": "/docs/book.lock",
          "file": "owners.toml",
          "groups": [
            "core"
          ],
          "line": 11,
          "pattern": "/docs/{book,gone}.lock"
        }
      ],
      "overrides": [
        {
          "alternatives": [],
          "column": 1,
          "expanded": "*",
          "file": "owners.toml",
          "groups": [
            "core"
          ],
          "line": 7,
          "pattern": "*"
        }
      ],
      "owners": [
        "@o/docs",
        "@sec",
        "@dave",
        "@o/core"
      ],
      "path": "docs/book.lock",
      "rule": {
        "alternatives": [],
        "column": 1,
        "expanded": "/docs/",
        "file": "owners.toml",
        "groups": [
          "docs"
        ],
        "line": 8,
        "pattern": "/docs/"
      },
      "state": "owned"
    }
  ],
  "version": 1
}
"#]],
    );
}

/// A path counts for every group that contributes, once, and `alone` says that nobody else does.
#[test]
fn stats() {
    let sandbox = repo(RULES);
    sandbox.owners("stats").prints(str![[r#"
7 paths, 6 owned (85.7%), 1 nobody (14.3%)

group  paths  share  alone
core       4  57.1%      2
sec        3  42.9%      1
docs       2  28.6%      1

"#]]);
    sandbox.owners("stats --by owner").prints(str![[r#"
7 paths, 6 owned (85.7%), 1 nobody (14.3%)

owner    paths  share  alone
@o/core      4  57.1%      2
@dave        3  42.9%      0
@sec         3  42.9%      0
@o/docs      2  28.6%      1

"#]]);
    sandbox.owners("stats --by dir").prints(str![[r#"
7 paths, 6 owned (85.7%), 1 nobody (14.3%)

directory            paths   owned  nobody  unowned
(files at the root)      3  100.0%    0.0%     0.0%
docs/                    2  100.0%    0.0%     0.0%
vendor/                  2   50.0%   50.0%     0.0%

"#]]);
}

#[test]
fn diff() {
    let sandbox = repo(RULES);
    sandbox.git("commit -qm before");
    let rules = RULES
        .replace(
            "\"*.lock\" = { add = \"sec\" }",
            "\"*.lock\" = { add = [\"sec\", \"@new\"] }",
        )
        .replace("\"@sec\", ", "");
    sandbox.write("owners.toml", rules);
    sandbox.owners("diff HEAD").prints(str![[r#"
3 paths changed owners between HEAD and the working tree.

1 group changed
  sec: - @sec  (0 paths)

1 rule changed
  - "*.lock" = { add = "sec" }
  + "*.lock" = { add = ["sec", "@new"] }

3 paths changed owners
  Cargo.lock      - @sec + @new
  docs/book.lock  - @sec + @new
  vendor/a.lock   - @sec + @new

"#]]);
}

/// An addition that adds nobody new, one that later rules replace, and one that nothing matches. None
/// of them shadows anything or is a duplicate.
#[test]
fn lints() {
    let sandbox = repo(
        r#"[groups]
core = "@o/core"
unused = "@o/unused"

[paths]
"*" = ["core", "@sec"]
"README.md" = "@me"
"/README.md" = { add = "@you" }
"*.lock" = { add = "@SEC" }
"/docs/book.lock" = { add = "core" }
"/docs/" = ["@docs", "core"]
"docs/**" = { add = "@more" }
"/vendor/" = { add = "@v" }
"/vendor/**" = []
"/gone/" = { add = "unused" }
"**" = { add = "@everybody" }
"#,
    );
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.owners("check").prints(str![[r#"
warning[shadowed-rule]: `/docs/book.lock` can never take effect
  --> owners.toml:10:1
   |
10 | "/docs/book.lock" = { add = "core" }
   | ^^^^^^^^^^^^^^^^^ later rules cover it in any tree
11 | "/docs/" = ["@docs", "core"]
   | -------- this rule comes later
   |
   = help: move it below line 11 if it should add to that rule, or remove it

warning[shadowed-rule]: `/vendor/` can never take effect
  --> owners.toml:13:1
   |
13 | "/vendor/" = { add = "@v" }
   | ^^^^^^^^^^ later rules cover it in any tree
14 | "/vendor/**" = []
   | ------------ this rule comes later
   |
   = help: move it below line 14 if it should add to that rule, or remove it

warning[dead-pattern]: no tracked path matches `/gone/`
  --> owners.toml:15:1
   |
15 | "/gone/" = { add = "unused" }
   | ^^^^^^^^ matches nothing
   |
   = help: remove it, or correct the path

warning[ineffective-pattern]: `*.lock` adds nobody new to any tracked path
 --> owners.toml:9:1
  |
6 | "*" = ["core", "@sec"]
  | --- this rule gives them `Cargo.lock`
...
9 | "*.lock" = { add = "@SEC" }
  | ^^^^^^^^ all its paths have these owners already
  |
  = note: the rule may take effect for paths that are added later
  = help: remove the rule, or keep it for paths that are added later

0 errors, 4 warnings; 8 tracked paths: 8 owned
`--fix` can fix 2, `--fix=tree` 1 more

"#]]);
    let fixed = sandbox.owners("check --fix -q --format short").output();
    assert_eq!(fixed.status.code(), Some(0));
    sandbox.file_is(
        "owners.toml",
        str![[r#"
[groups]
core = "@o/core"
unused = "@o/unused"

[paths]
"*" = ["core", "@sec"]
"README.md" = "@me"
"/README.md" = { add = "@you" }
"*.lock" = { add = "@SEC" }
"/docs/" = ["@docs", "core"]
"docs/**" = { add = "@more" }
"/vendor/**" = []
"/gone/" = { add = "unused" }
"**" = { add = "@everybody" }

"#]],
    );
}

/// A path that only an addition matches is owned. Apart from additions, the default is not enough for
/// `default-only-path`.
#[test]
fn states() {
    let sandbox = repo(
        r#"[paths]
"*.lock" = { add = "@sec" }
"#,
    );
    sandbox
        .owners("check -A stale-output -A unowned-config -D default-only-path")
        .finds(str![[r#"
error[unowned-path]: 4 paths in `./` are unowned
 = note: `README.md`, `docs/guide.md`, `owners.toml`, `vendor/a.c`
 = help: add a rule for each under `[paths]`: `"/README.md" = "<group>"`, `"/docs/guide.md" = "<group>"`, `"/owners.toml" = "<group>"`, …; or `= []` for nobody

1 error, 0 warnings; 7 tracked paths: 3 owned, 4 unowned

"#]]);
    sandbox.write(
        "owners.toml",
        r#"[paths]
"*" = "@all"
"*.lock" = { add = "@sec" }
"/docs/" = "@docs"
"**" = { add = "@x" }
"#,
    );
    sandbox
        .owners("check -A stale-output -D default-only-path")
        .finds(str![[r#"
error[default-only-path]: apart from rules with `add`, only `*` matches `Cargo.lock`
--> Cargo.lock
 = help: add a rule under `[paths]`: `"/Cargo.lock" = "@docs"`, or `= []` for nobody

error[default-only-path]: only `*` matches `README.md`
--> README.md
 = help: add a rule under `[paths]`: `"/README.md" = "@docs"`, or `= []` for nobody

error[default-only-path]: only `*` matches `owners.toml`
--> owners.toml
 = help: add a rule under `[paths]`: `"/owners.toml" = "@docs"`, or `= []` for nobody

error[default-only-path]: only `*` matches the paths in `vendor/`: 2 paths
--> vendor/
 = help: add a rule under `[paths]`: `"/vendor/" = "@docs"`, or `= []` for nobody

4 errors, 0 warnings; 7 tracked paths: 7 owned

"#]]);
}

/// What a change causes, and only that.
#[test]
fn changes() {
    let sandbox = repo("[paths]\n\"*\" = [\"@all\", \"@sec\"]\n\"*.lock\" = { add = \"@sec\" }\n");
    sandbox.owners("gen -q").prints("");
    sandbox.git("add -A");
    sandbox.git("commit -qm before");
    let before = "check --changed HEAD --format short -q";
    sandbox.owners(before).prints("");
    sandbox.write(
        "owners.toml",
        "[paths]\n\"*\" = [\"@all\", \"@sec\"]\n\"*.lock\" = { add = \"@sec\" }\n\"/docs/\" = { add = \"@all\" }\n",
    );
    sandbox
        .owners("check --changed HEAD -A stale-output --format short -q")
        .prints(str![[r#"
owners.toml:4:1: warning[ineffective-pattern]: `/docs/` adds nobody new to any tracked path (see owners.toml:2)

"#]]);
}
