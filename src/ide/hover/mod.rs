//! What stands at a place: a pattern, a group, an owner, a lint, a level, a key.

mod names;
mod patterns;

use std::ops::Range;

use super::Analysis;
use super::document::Document;
use super::markup::{Line, Markup};
use super::pages::{lint_page, page_of};
use super::schema::{self, LEVELS};
use super::token::{Role, Table, Token};
use crate::config::Level;
use crate::lint::{self, Levels};

/// What an editor shows of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The bytes that it is about.
    pub span: Range<usize>,
    /// The text.
    pub text: Markup,
}

impl Analysis<'_> {
    /// What stands at a place of a document. `None` if there is nothing to say of it.
    #[must_use]
    pub fn hover(&self, document: usize, offset: usize) -> Option<Hover> {
        let shown = *self.documents.get(document)?;
        let index = shown.outline.token_at(offset)?;
        let token = &shown.outline.tokens[index];
        let mut span = token.span.clone();
        let text = match token.role {
            Role::Pattern(of) => {
                let (part, text) = patterns::hover(self, document, index, of, offset)?;
                span = part;
                text
            }
            Role::Group | Role::Owner | Role::Team => names::hover(self, document, token)?,
            Role::Lint => self.lint(shown, token)?,
            Role::Level => level(&shown.value(token))?,
            Role::Key(table) => key(table, &shown.value(token))?,
            _ => return None,
        };
        Some(Hover { span, text })
    }

    fn lint(&self, document: &Document, token: &Token) -> Option<Markup> {
        let name = document.value(token);
        let lint = lint::find(&name)?;
        let mut text = Markup::new();
        if let Some(known) = self.known {
            let level = Levels::new(known.project).of(lint);
            text.paragraph(Line::new().words("Level here: ").words(level.name()));
        }
        text.page(page_of(lint));
        text.paragraph(Line::new().link("This page on the site", lint_page(lint)));
        Some(text)
    }
}

fn level(name: &str) -> Option<Markup> {
    let level = Level::from_name(name)?;
    let (_, about) = LEVELS.iter().find(|(each, _)| *each == level)?;
    let mut text = Markup::new();
    text.paragraph(Line::new().name(level.name()).words(": ").words(about));
    Some(text)
}

fn key(table: Table, name: &str) -> Option<Markup> {
    let key = schema::find(table, name)?;
    let mut text = Markup::new();
    text.paragraph(Line::new().name(key.name));
    // The descriptions are plain text: they may hold a `*`.
    text.paragraph(Line::new().foreign(key.about));
    Some(text)
}

#[cfg(test)]
mod tests {
    use crate::ide::testing::World;

    const PATHS: [&str; 4] = ["a/1", "a/2", "b/1", "owners.toml"];
    const CONFIG: &str = "[groups]\ninner = '@x'\n[groups.wasi]\nteam = '@o/wasi'\nmembers = ['@a', 'inner']\ndescription = 'all *of* <WASI>'\ncontact = '#wasi'\n\
                          [paths]\n'*' = '@all'\n'/a/' = ['wasi', '@A']\n'/b/' = []\n[lints]\ndead-pattern = 'allow'\n";

    fn hover(from: &str, to: &str) -> String {
        let world = World::new(&PATHS, CONFIG);
        let text = CONFIG.replacen(from, to, 1);
        world.hover(&text).unwrap_or_default()
    }

    #[test]
    fn groups_and_owners() {
        let expected = "Group `wasi`\n\nall \\*of\\* \\<WASI\\>\n\nContact: \\#wasi\n\n\
                        - `@o/wasi` in the generated file\n- 2 owners: `@a`, `@x`\n\
                        - 1 rule, which gives it 2 tracked files\n- Defined at `owners.toml:3:9`";
        assert_eq!(hover("groups.wasi", "groups.was$0i"), expected);
        assert_eq!(hover("['wasi'", "['$0wasi'"), expected);
        assert_eq!(
            hover("= '@x'", "= '@$0x'"),
            "User `@x`\n\n- In 2 groups: `inner`, `wasi`\n- 0 rules"
        );
        assert_eq!(
            hover("'@A']", "'@A$0']"),
            "User `@A`\n\n- In 1 group: `wasi`\n- 1 rule, which gives it 2 tracked files"
        );
        assert_eq!(
            hover("= '@all'", "= '@nob$0ody'"),
            "User `@nobody`\n\n- 0 rules"
        );
        assert_eq!(hover("= '@all'", "= 'nob$0ody'"), "");
    }

    #[test]
    fn additions_are_counted_once() {
        let config = "[paths]\n'*' = '@a'\n'/a/' = { add = '@a' }\n'/a/1' = { add = '@b' }\n";
        let world = World::new(&PATHS, config);
        assert_eq!(
            world.hover(&config.replacen("'@a'", "'@a$0'", 1)).unwrap(),
            "User `@a`\n\n- 2 rules, which give it 4 tracked files"
        );
    }

    #[test]
    fn lints_levels_and_keys() {
        let lint = hover("dead-pattern", "dead$0-pattern");
        let start = "Level here: allow\n\n# dead-pattern\n\nDefault level: warn\n";
        assert!(lint.starts_with(start), "{lint}");
        let link = "(https://owners-cli.github.io/owners/lints/dead-pattern.html)";
        assert!(lint.ends_with(link), "{lint}");
        assert_eq!(hover("'allow'", "'al$0low'"), "`allow`: not reported.");
        assert_eq!(
            hover("members", "mem$0bers"),
            "`members`\n\nThe owners in the group\\, and names of other groups\\."
        );
        assert_eq!(
            hover("description", "descr$0iption"),
            "`description`\n\nWhat the group is for\\."
        );
        assert_eq!(hover("'#wasi'", "'#wa$0si'"), "");
        assert_eq!(hover("[lints]", "[lints] # he$0re"), "");
    }

    #[test]
    fn an_owner_of_a_codeowners_file() {
        let text = "* @all\n/a/ @w u@example.com # @x\n";
        let world = World::by_hand(&PATHS, text);
        let shown = |from: &str, to: &str| world.hover(&text.replacen(from, to, 1));
        assert_eq!(
            shown("u@ex", "u@$0ex").unwrap(),
            "Address `u@example.com`\n\n- 1 rule, which gives it 2 tracked files"
        );
        assert_eq!(shown("# @x", "# @$0x"), None);
    }
}
