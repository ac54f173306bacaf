use super::*;

fn options(forge: Forge, paths: &PathSet) -> ImportOptions<'_> {
    ImportOptions {
        forge,
        output: None,
        fold: true,
        full_names: false,
        paths,
        exempt_unowned: false,
    }
}

/// The text after `[paths]`, without the alignment.
fn rules(text: &str, forge: Forge, paths: &[&str]) -> String {
    let paths = paths.iter().copied().collect();
    let imported = import(text, options(forge, &paths)).unwrap();
    let (_, rules) = imported.text.split_once("[paths]\n").unwrap();
    let lines = rules
        .trim_end()
        .lines()
        .map(|line| match line.split_once(" = ") {
            Some((key, value)) => format!("{} = {value}", key.trim_end()),
            None => line.to_string(),
        });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn one_line_each() {
    for (line, rule) in [
        ("* @a", "\"*\" = \"@a\""),
        ("/a/** @a", "\"/a/**\" = \"@a\""),
        (
            "/a b @a",
            "#: /a b @a   (ignored by the forge: `b` is not an owner: it is neither a name that starts with `@` nor an e-mail address)",
        ),
        ("/a\\ b @a", "\"/a b\" = \"@a\""),
        ("/\\[a\\] @a", "\"/[a]\" = \"@a\""),
        ("/a\\*b @a", "'/a\\*b' = \"@a\""),
        ("/{a} @a", "'/\\{a\\}' = \"@a\""),
        ("foo** @a", "\"**/foo*\" = \"@a\""),
        ("/a", "\"/a\" = []"),
        ("/a # @b", "\"/a\" = []  # @b"),
        ("/a @A @a", "\"/a\" = \"@A\""),
        ("/ @a", "#: / @a   (never matches)"),
        ("a/../b @a", "#: a/../b @a   (never matches)"),
        ("#no", "#no"),
    ] {
        assert_eq!(rules(line, Forge::GITHUB, &[]), rule, "{line}");
    }
}

#[test]
fn gitlab() {
    for (line, paths, rule) in [
        ("a.rb @a", &[][..], "\"a.rb\" = \"@a\""),
        (
            "/lib/*.rb @a",
            &["lib/a.rb", "lib/x.rb/y"],
            "\"/lib/*.rb\" = { owners = \"@a\", except = [\"/lib/*.rb/\"] }",
        ),
        (
            "/lib @a",
            &["lib/x"],
            "#: /lib @a   (matches nothing: on GitLab, a directory needs a slash at the end)",
        ),
        ("/lib @a\n/lib/ @A", &["lib/x"], "\"/lib\" = \"@a\""),
        (
            "/lib/ @a\n/lib @b",
            &["x"],
            "\"/lib/\" = \"@a\"\n\"/lib\" = \"@b\"",
        ),
        (
            "[A] @a\n/x/\n[B]\n/y/ @b",
            &["x/1", "y/1"],
            "# A\n\"/x/\" = \"@a\"\n# B\n\"/y/\" = \"@b\"",
        ),
        // A file in a directory of the same name matches. The file beside it does not.
        (
            "a @a",
            &["a/a", "a/b", "x/a"],
            "\"a\" = { owners = \"@a\", except = [\"**/a/\"] }\n\"**/a/**/a\" = { owners = \"@a\", except = [\"**/a/**/a/\"] }",
        ),
        ("a @a", &["a/a", "x/a"], "\"a\" = \"@a\""),
        ("/a/*/ @a", &["a/b/c"], "\"/a/*/\" = \"@a\""),
        ("/[ab]/c/ @a", &["a/c/d"], "\"/{a,b}/c/\" = \"@a\""),
        (
            "/[!.]*/ @a",
            &["a/c/d", ".x/d"],
            "\"/*/\" = { owners = \"@a\", except = [\"/.*/\"] }",
        ),
        (
            "*[!a-c] @a",
            &["a", "d", "x/b", "x/e/f"],
            "\"*\" = { owners = \"@a\", except = [\"**/*a\", \"**/*b\", \"**/*c\"] }",
        ),
        ("/[ab],c @a", &[], "'{/a\\,c,/b\\,c}' = \"@a\""),
        (
            "!*.lock\n/*.lock @a\n",
            &["a.lock"],
            "\"/*.lock\" = \"@a\"\n\"*.lock\" = []  #: excluded permanently, so this rule is last",
        ),
        (
            "!*.lock\n*.lock @a",
            &["a.lock"],
            "\"*.lock\" = \"@a\"\n#: *.lock @a   (no rule of its own: it repeats an earlier pattern, which has its owners now)",
        ),
    ] {
        assert_eq!(rules(line, Forge::GITLAB, paths), rule, "{line}");
    }
}

#[test]
fn folded_only_where_that_is_shorter() {
    for (text, expected) in [
        ("/src/x @a\n/src/y @a", "\"/src/{x,y}\" = \"@a\""),
        ("*.rs @a\n*.md @a\n*.c @a", "\"*.{rs,md,c}\" = \"@a\""),
        ("a @a\nb @a", "\"{a,b}\" = \"@a\""),
        (
            "docs/ @a\n/docs/x @a",
            "\"docs/\" = \"@a\"\n\"/docs/x\" = \"@a\"",
        ),
        ("/a/x @a\n/a/y @b", "\"/a/x\" = \"@a\"\n\"/a/y\" = \"@b\""),
        (
            "/a/x @a\n/a/y,z @a",
            "\"/a/x\" = \"@a\"\n\"/a/y,z\" = \"@a\"",
        ),
        // Of rules that each are a paragraph of their own, families are joined. Rules inside a
        // longer paragraph are not.
        (
            "/a/abc1 @a\n\n/a/abc2 @a\n\n/a/z @a",
            "\"/a/abc{1,2}\" = \"@a\"\n\n\"/a/z\" = \"@a\"",
        ),
        (
            "/a/x @a\n\n/a/y @a",
            "\"/a/x\" = \"@a\"\n\n\"/a/y\" = \"@a\"",
        ),
        (
            "# why\n/a/x @a\n\n/a/y @a\n\n/a/z @a\n# so",
            "# why\n\"/a/x\" = \"@a\"\n\n\"/a/y\" = \"@a\"\n\n\"/a/z\" = \"@a\"\n# so",
        ),
        // Names that are not related are joined only if they are all of their neighbours.
        (
            "/a/x-1 @a\n/a/x-2 @a\n/a/z @a",
            "\"/a/x-{1,2}\" = \"@a\"\n\"/a/z\" = \"@a\"",
        ),
        (
            "/a/x @a\n\n\n/a/y @a",
            "\"/a/x\" = \"@a\"\n\n\n\"/a/y\" = \"@a\"",
        ),
        (
            "/a/** @a\n/a/xx @a",
            "\"/a/**\" = \"@a\"\n\"/a/xx\" = \"@a\"",
        ),
    ] {
        assert_eq!(rules(text, Forge::GITHUB, &[]), expected, "{text}");
    }
}

#[test]
fn refusals() {
    let paths = PathSet::default();
    let refused = |text: &str, forge| {
        let error = import(text, options(forge, &paths)).unwrap_err();
        error.to_string()
    };
    for (text, reason) in [
        ("* @a\n*[!a]* @b", "line 2: the forge accepts it, but"),
        ("/[a-z][a-z][a-z] @b", "line 1: the forge accepts it, but"),
    ] {
        let message = refused(text, Forge::GITLAB);
        assert!(message.starts_with(reason), "{text}: {message}");
    }
    let message = refused("/a\u{1} @b", Forge::GITHUB);
    assert!(
        message.starts_with("line 1: owners.toml has no way"),
        "{message}"
    );
    // A section without rules has no effect.
    assert_eq!(rules("[Docs]\n", Forge::GITLAB, &[]).lines().count(), 1);
}

/// Sections that add nothing up are rules. The others are approvals.
#[test]
fn sections() {
    let of = |text: &str, paths: &[&str]| {
        let paths = paths.iter().copied().collect();
        let imported = import(text, options(Forge::GITLAB, &paths)).unwrap();
        let rules = &imported.project.rules;
        let shown = |rules: &RuleSet| {
            let lines = rules.rules().iter().map(|rule| {
                let except = match rule.except.len() {
                    0 => String::new(),
                    count => format!(" except {count}"),
                };
                format!(
                    "{} {}{except}",
                    rule.pattern.value,
                    Owner::join(&rule.owners)
                )
            });
            lines.collect::<Vec<_>>().join(", ")
        };
        let mut all = vec![shown(rules)];
        let approvals = rules.approvals().iter();
        all.extend(approvals.map(|each| format!("{}: {}", each.heading(), shown(&each.rules))));
        all
    };
    for (text, paths, expected) in [
        (
            "[A] @a\n/a/\n[B] @b\n/b/",
            &["a/1", "b/1"][..],
            &["/a/ @a, /b/ @b"][..],
        ),
        ("* @x\n[A] @a\n/a/", &["a/1"], &["* @x", "[A]: /a/ @a"]),
        ("* @x\n[A] @a\n/a/", &["b/1"], &["* @x, /a/ @a"]),
        // The section with most paths owns them.
        (
            "[A] @a\n/a/\n[All] @x\n*\n[B] @b\n/b/",
            &["a/1", "b/1"],
            &["* @x", "[A]: /a/ @a", "[B]: /b/ @b"],
        ),
        (
            "* @x\n[A][2] @a\n/a/",
            &["b/1"],
            &["* @x", "[A][2]: /a/ @a"],
        ),
        ("* @x\n^[A][2] @a\n/a/", &["b/1"], &["* @x", "^[A]: /a/ @a"]),
        (
            "^[A] @a\n/a/\n[a] @b\n/b/",
            &["a/1", "b/1"],
            &["/a/ @a, /b/ @b"],
        ),
        // Lines below different headings ask for different numbers.
        (
            "* @x\n[A][2] @a\n/a/\n[A] @b\n/b/",
            &["a/1", "b/1"],
            &["* @x", "[A][2]: /a/ @a, /b/ ", "[A (2)]: /a/ , /b/ @b"],
        ),
        // What is excluded, and what matches only files.
        (
            "* @x\n[A] @a\n*.rb\n!/a/\n",
            &["a/1.rb", "b.rb", "c.rb/1"],
            &["* @x", "[A]: *.rb @a except 1, /a/ "],
        ),
        // Names that an approval cannot have.
        (
            "* @x\n[] @a\n*\n[ ]\n* @b",
            &["a"],
            &["* @x", "[Unnamed]: * @a", "[Unnamed (2)]: * @b"],
        ),
        (
            "* @x\n[CodeOwners] @a\n*",
            &["a"],
            &["* @x", "[Code owners]: * @a"],
        ),
        ("^[A] @a\n/a/", &["a/1"], &["", "^[A]: /a/ @a"]),
        // A section without an effect is none.
        ("* @x\n[A][3]\n[B] @b\n/[", &["a"], &["* @x"]),
        ("* @x\n[A][3] @a\n/a", &["a/1"], &["* @x"]),
    ] {
        assert_eq!(of(text, paths), expected, "{text}");
    }
}

/// The heading of the section without a name has no name to show.
#[test]
fn a_heading_without_a_name() {
    let paths = ["a", "b"].into_iter().collect();
    let text = "/a @a\n[codeowners] @b\n/b\n";
    let imported = import(text, options(Forge::GITLAB, &paths)).unwrap();
    assert!(!imported.text.lines().any(|line| line == "#"));
}

/// Comments stay where they are, in `owners.toml` and in the file.
#[test]
fn comments_of_sections() {
    let text = "\
# Policy.

* @all

# Login.
[Security][2] @org/security
/auth/
# Signs tokens.
/lib/jwt/ # see @wiki

# The form.
/auth/public/ @org/web

^[Docs]
*.md @w @v
nonsense/[ @w
# end
";
    let paths = ["auth/1", "auth/public/1", "lib/jwt/1", "a.md"];
    let paths = paths.into_iter().collect();
    let imported = import(text, options(Forge::GITLAB, &paths)).unwrap();
    snapbox::assert_data_eq!(
        imported.text.clone(),
        snapbox::str![[r##"
#:schema https://owners-cli.github.io/owners/owners.schema.json

# Policy.

[output]
platform = "gitlab"

[groups]
security = "@org/security"
web      = "@org/web"

# The last rule that matches a path decides. Formatters that sort keys change that.
[paths]
"*" = "@all"

# Login.
[[approval]]
name = "Security"
count = 2
owners = "security"
paths = "/auth/"

# Signs tokens.
[[approval]]
name = "Security"
owners = "@wiki"
paths = [
    "/lib/jwt/",  # see @wiki
]

# The form.
[[approval]]
name = "Security"
owners = "web"
paths = "/auth/public/"

[[approval]]
name = "Docs"
optional = true
owners = ["@w", "@v"]
paths = "*.md"

#: nonsense/[ @w   (never matches)
# end

"##]]
    );
    snapbox::assert_data_eq!(
        imported.rendered.text.to_string(),
        snapbox::str![[r#"
# @generated by `owners gen` from owners.toml: do not edit.
# Change owners.toml and run `owners gen`.

# Policy.

* @all

# Login.
[Security][2]
/auth/ @org/security

# Signs tokens.
# see @wiki
/lib/jwt/ @wiki

# The form.
/auth/public/ @org/web

^[Docs] @w @v
*.md
*.md/

"#]]
    );
}

#[test]
fn exemptions() {
    let paths = ["a/1", "a/2", "b/1", "b/2", "c"].into_iter().collect();
    let options = ImportOptions {
        exempt_unowned: true,
        ..options(Forge::GITHUB, &paths)
    };
    let imported = import("/b/1 @a\n/c\n", options).unwrap();
    assert_eq!(imported.exempt, 3);
    let project = Project::from_text(&imported.text).unwrap();
    let exempt: Vec<String> = project
        .rules
        .exemptions()
        .iter()
        .flat_map(|each| &each.patterns)
        .map(ToString::to_string)
        .collect();
    assert_eq!(exempt, ["/a/", "/b/2"]);
}
