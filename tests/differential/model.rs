//! The rules of `owners.toml`, a second time: a plain reading of the documentation, with loops
//! over characters, and nothing taken from the crate.
//!
//! It is slow and small on purpose. What this and the binary agree on has been said twice.

/// What the rules say of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Owned(Vec<String>),
    Nobody,
    Unowned,
}

impl State {
    /// The same, with the owners sorted and in lowercase.
    pub(crate) fn in_any_order(&self) -> State {
        match self {
            State::Owned(owners) => {
                let mut owners: Vec<String> =
                    owners.iter().map(|owner| owner.to_lowercase()).collect();
                owners.sort_unstable();
                State::Owned(owners)
            }
            other => other.clone(),
        }
    }

    /// The owners; none of what is nobody's and of what is unowned, which are the same to a forge.
    pub(crate) fn owners(&self) -> &[String] {
        match self {
            State::Owned(owners) => owners,
            State::Nobody | State::Unowned => &[],
        }
    }
}

/// A group of `[groups]`.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    /// Owners, and names of other groups.
    pub(crate) members: Vec<String>,
    /// Who stands for the group in the generated file.
    pub(crate) team: Option<String>,
}

/// A line of `[paths]`.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) pattern: String,
    /// Owners and names of groups; nobody if empty.
    pub(crate) owners: Vec<String>,
    /// Whether it adds them to those that stand.
    pub(crate) adds: bool,
    pub(crate) except: Vec<String>,
}

/// The `owners.toml` of a directory; that of the root is empty.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) directory: String,
    pub(crate) groups: Vec<Group>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) exempt: Vec<String>,
}

/// All `owners.toml` files of a tree, the one of the root first.
#[derive(Clone, Debug)]
pub(crate) struct RuleSet {
    pub(crate) configs: Vec<Config>,
    /// `nested = { except = […] }`
    pub(crate) nested_except: Vec<String>,
    /// The `platform` of each `[[output]]`.
    pub(crate) forges: Vec<&'static str>,
}

/// A [`RuleSet`] with its patterns expanded, to be asked about many paths.
pub(crate) struct Model(Vec<ConfigModel>);

struct ConfigModel {
    /// The directory with a slash behind it; empty for the root.
    prefix: String,
    rules: Vec<RuleModel>,
    exempt: Vec<Pattern>,
}

struct RuleModel {
    patterns: Vec<Pattern>,
    owners: Vec<String>,
    adds: bool,
    except: Vec<Pattern>,
}

impl Model {
    /// `None` if the documentation refuses one of the patterns.
    pub(crate) fn new(set: &RuleSet) -> Option<Self> {
        let is_left_out = patterns(&set.nested_except)?;
        let mut models = Vec::new();
        let mut groups: Vec<&Group> = Vec::new();
        for config in &set.configs {
            // The names of groups differ in the whole set, so who sees which does not matter.
            groups.extend(&config.groups);
            let is_root = config.directory.is_empty();
            let prefix = if is_root {
                String::new()
            } else {
                format!("{}/", config.directory)
            };
            if !is_root && any(&is_left_out, &format!("{prefix}owners.toml")) {
                continue;
            }
            let rules = config.rules.iter().map(|rule| {
                Some(RuleModel {
                    patterns: expansions(&rule.pattern)?,
                    owners: resolve(&rule.owners, &groups),
                    adds: rule.adds,
                    except: patterns(&rule.except)?,
                })
            });
            models.push(ConfigModel {
                prefix,
                rules: rules.collect::<Option<_>>()?,
                exempt: patterns(&config.exempt)?,
            });
        }
        Some(Model(models))
    }

    /// The files from the root down to the directory of the path, and the rules of each in its order:
    /// each rule that applies replaces what stands, or adds to it.
    pub(crate) fn state(&self, path: &str) -> State {
        let mut above: Vec<&ConfigModel> = self.above(path).collect();
        above.sort_by_key(|config| config.prefix.matches('/').count());
        let mut state = State::Unowned;
        for config in above {
            let inner = &path[config.prefix.len()..];
            for rule in &config.rules {
                if !any(&rule.patterns, inner) || any(&rule.except, inner) {
                    continue;
                }
                let mut owners = match state {
                    State::Owned(owners) if rule.adds => owners,
                    _ => Vec::new(),
                };
                for owner in &rule.owners {
                    add(&mut owners, owner);
                }
                state = match owners.is_empty() {
                    true => State::Nobody,
                    false => State::Owned(owners),
                };
            }
        }
        state
    }

    pub(crate) fn is_exempt(&self, path: &str) -> bool {
        self.above(path)
            .any(|config| any(&config.exempt, &path[config.prefix.len()..]))
    }

    fn above(&self, path: &str) -> impl Iterator<Item = &ConfigModel> {
        self.0
            .iter()
            .filter(move |config| path.starts_with(&config.prefix))
    }
}

fn any(patterns: &[Pattern], path: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(path))
}

/// Each owner once, whatever its case, in its first spelling and place.
fn resolve(names: &[String], groups: &[&Group]) -> Vec<String> {
    let mut owners: Vec<String> = Vec::new();
    for name in names {
        let found = match groups.iter().find(|group| group.name == *name) {
            None => vec![name.clone()],
            Some(group) => match &group.team {
                Some(team) => vec![team.clone()],
                None => resolve(&group.members, groups),
            },
        };
        for owner in found {
            add(&mut owners, &owner);
        }
    }
    owners
}

fn add(owners: &mut Vec<String>, owner: &str) {
    if !owners.iter().any(|known| known.eq_ignore_ascii_case(owner)) {
        owners.push(owner.to_string());
    }
}

fn patterns(texts: &[String]) -> Option<Vec<Pattern>> {
    let each = texts.iter().map(|text| expansions(text));
    Some(each.collect::<Option<Vec<_>>>()?.concat())
}

/// What a pattern of `owners.toml` stands for; `None` if it is refused.
pub(crate) fn expansions(text: &str) -> Option<Vec<Pattern>> {
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    let texts = sequence(&characters, &mut at, None)?;
    texts.iter().map(|text| Pattern::new(text)).collect()
}

/// Up to the end, or to what ends an alternative of the group that `closing` closes. Every text
/// that the alternatives make, with its escapes.
fn sequence(text: &[char], at: &mut usize, closing: Option<char>) -> Option<Vec<String>> {
    let mut made = vec![String::new()];
    while let Some(&character) = text.get(*at) {
        if closing.is_some() && (character == ',' || Some(character) == closing) {
            break;
        }
        *at += 1;
        let next: Vec<String> = match character {
            '\\' => {
                *at += 1;
                vec![format!("\\{}", text.get(*at - 1)?)]
            }
            '{' => alternatives(text, at, '}')?,
            '<' => alternatives(text, at, '>')?,
            '}' | '>' => return None,
            other => vec![other.to_string()],
        };
        let mut longer = Vec::new();
        for start in &made {
            longer.extend(next.iter().map(|end| format!("{start}{end}")));
        }
        made = longer;
    }
    Some(made)
}

fn alternatives(text: &[char], at: &mut usize, closing: char) -> Option<Vec<String>> {
    let (mut made, mut count) = (Vec::new(), 0);
    loop {
        made.extend(sequence(text, at, Some(closing))?);
        count += 1;
        *at += 1;
        match text.get(*at - 1)? {
            ',' => {}
            // `{a}` is no group.
            _ if count == 1 => return None,
            _ => return Some(made),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Literal(char),
    /// `*`
    Star,
    /// `?`
    One,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// `**`
    Any,
    Glob(Vec<Token>),
}

/// A pattern without alternatives.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(Vec<Segment>);

impl Pattern {
    fn new(text: &str) -> Option<Self> {
        let is_blank = |c: char| c == ' ' || c == '\t';
        let ends_in_blank = text.ends_with(is_blank) && !text.ends_with("\\ ");
        if text.is_empty()
            || text == "/"
            || text.starts_with(is_blank)
            || ends_in_blank
            || text.contains(char::is_control)
            || text.contains("\\/")
        {
            return None;
        }
        let mut parts: Vec<&str> = text.split('/').collect();
        let is_anchored = parts[0].is_empty();
        if is_anchored {
            parts.remove(0);
        }
        let is_directory = parts.last() == Some(&"");
        if is_directory {
            parts.pop();
        }
        let floats = !is_anchored && parts.len() == 1;
        let segments = parts.iter().map(|part| segment(part));
        let mut segments: Vec<Segment> = segments.collect::<Option<_>>()?;
        let is_bare = is_directory && segments == [Segment::Any];
        if is_bare
            || segments
                .windows(2)
                .any(|two| two == [Segment::Any, Segment::Any])
        {
            return None;
        }
        if floats && segments[0] != Segment::Any {
            segments.insert(0, Segment::Any);
        }
        // `a/**/` has its `**` already.
        if is_directory && segments.last() != Some(&Segment::Any) {
            segments.push(Segment::Any);
        }
        Some(Pattern(segments))
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        let names: Vec<Vec<char>> = path.split('/').map(|name| name.chars().collect()).collect();
        segments_match(&self.0, &names)
    }

    /// Whether a name in it holds one of these characters.
    pub(crate) fn has_literal(&self, wanted: &[char]) -> bool {
        self.0.iter().any(|segment| match segment {
            Segment::Any => false,
            Segment::Glob(tokens) => tokens.iter().any(
                |token| matches!(token, Token::Literal(character) if wanted.contains(character)),
            ),
        })
    }
}

/// `None` for what is refused: nothing, `.`, `..`, `***`, `**` beside other text, a `\` at the end.
fn segment(text: &str) -> Option<Segment> {
    if ["", ".", ".."].contains(&text) {
        return None;
    }
    if text == "**" {
        return Some(Segment::Any);
    }
    let mut tokens = Vec::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '*' if tokens.last() == Some(&Token::Star) => return None,
            '*' => Token::Star,
            '?' => Token::One,
            '\\' => Token::Literal(characters.next()?),
            other => Token::Literal(other),
        });
    }
    Some(Segment::Glob(tokens))
}

fn segments_match(pattern: &[Segment], names: &[Vec<char>]) -> bool {
    match pattern {
        [] => names.is_empty(),
        // At the end, it is what is in a directory.
        [Segment::Any] => !names.is_empty(),
        [Segment::Any, rest @ ..] => {
            (0..=names.len()).any(|skipped| segments_match(rest, &names[skipped..]))
        }
        [Segment::Glob(glob), rest @ ..] => {
            let Some((name, below)) = names.split_first() else {
                return false;
            };
            let is_last = rest.is_empty();
            // A directory's contents come with its name, but not with a lone `*`.
            let goes_on = match glob[..] {
                [Token::Star] if is_last => below.is_empty(),
                _ => is_last || segments_match(rest, below),
            };
            goes_on && name_matches(glob, name)
        }
    }
}

fn name_matches(glob: &[Token], name: &[char]) -> bool {
    match glob {
        [] => name.is_empty(),
        [Token::Star, rest @ ..] => {
            (0..=name.len()).any(|skipped| name_matches(rest, &name[skipped..]))
        }
        [Token::One, rest @ ..] => !name.is_empty() && name_matches(rest, &name[1..]),
        [Token::Literal(literal), rest @ ..] => {
            name.first() == Some(literal) && name_matches(rest, &name[1..])
        }
    }
}
