//! Reads TOML values into a [`Config`] and collects all faults.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::value::{ConfigReader, TomlKey, TomlValue, in_order, quoted_list, text_of};
use super::{
    Config, Group, Level, Minimum, Nested, Output, RuleEntry, Text, is_config_name, syntax,
};
use crate::forge::Forge;
use crate::paths::alias;
use crate::text::nearest::Suggestions;
use crate::text::{Diagnostic, Faults, FileId, Source};

/// Reads the text of the file in `directory`, which is empty at the root.
///
/// # Errors
///
/// All syntax errors. Other faults of form are returned with what could be read, so that the
/// meaning can be checked as well.
pub fn parse(
    file: FileId,
    source: &Source,
    directory: &str,
) -> Result<(Config, Faults), Vec<Diagnostic>> {
    let table = syntax::parse(&source.text, file)?;
    let mut reader = ConfigReader {
        file,
        source: &source.text,
        faults: Faults::default(),
        suggestions: Suggestions::default(),
    };
    let config = reader.config(&table, directory);
    Ok((config, reader.faults))
}

/// What the owners of a rule may be.
const OWNERS: &str = "a group, an owner, an array of them, or `[]` for nobody";
/// The keys that only the root file may have.
const ROOT_ONLY: &[&str] = &["required-version", "nested", "output", "lints"];
/// The keys that every file may have.
const EVERYWHERE: &[&str] = &["groups", "paths", "check"];

impl ConfigReader<'_> {
    fn config(&mut self, root: &DeTable<'_>, directory: &str) -> Config {
        let mut config = Config {
            file: self.file,
            directory: directory.to_string(),
            nested: None,
            groups: Vec::new(),
            rules: Vec::new(),
            outputs: Vec::new(),
            exempt: Vec::new(),
            roster: None,
            min_members: None,
            lints: Vec::new(),
        };
        // A nested file needs no `[paths]`: it applies to its directory only.
        let is_root = directory.is_empty();
        let mut has_paths = !is_root;
        for (key, value) in in_order(root) {
            match key.get_ref().as_ref() {
                name if !is_root && ROOT_ONLY.contains(&name) => self.fault(
                    key.span(),
                    format!("`{name}` belongs in the owners.toml at the root"),
                    "",
                    "move it there: it applies to the whole repository",
                ),
                "nested" => config.nested = self.nested(value),
                "required-version" => self.required_version(value),
                "groups" => config.groups = self.groups(value),
                "paths" => {
                    has_paths = true;
                    config.rules = self.rules(value);
                }
                "output" => config.outputs = self.outputs(value),
                "check" => self.check(value, &mut config),
                "lints" => config.lints = self.lints(value),
                // Report one fault only for a misspelled `[path]`, or for rules above `[paths]`.
                _ => has_paths |= self.unknown_table(key, value, is_root),
            }
        }
        if !has_paths {
            self.fault(
                0..0,
                "there is no `[paths]` table",
                "",
                "add one, with a rule for every path:\n[paths]\n\"*\" = \"@org/team\"",
            );
        }
        if is_root && config.outputs.is_empty() {
            config.outputs.push(Output::default());
        }
        config
    }

    /// Reports an unknown top-level key. Returns whether it was probably meant as `[paths]` or a
    /// rule.
    fn unknown_table(&mut self, key: &TomlKey<'_>, value: &TomlValue<'_>, is_root: bool) -> bool {
        let name = key.get_ref().as_ref();
        if name.contains(['/', '*', '@', '.']) && !value.get_ref().is_table() {
            let message = format!("the rule `{name}` is not in a table");
            self.fault(key.span(), message, "", "rules go under `[paths]`");
            return true;
        }
        let known = if is_root {
            &[EVERYWHERE, ROOT_ONLY].concat()
        } else {
            EVERYWHERE
        };
        self.unknown_key(key, "table or key", known);
        self.suggestions.nearest(name, ["paths"]).is_some()
    }

    fn nested(&mut self, value: &TomlValue<'_>) -> Option<Nested> {
        const EXAMPLE: &str = "`nested = true`, or `nested = { except = [\"tests/\"] }`";
        match value.get_ref() {
            DeValue::Boolean(false) => None,
            DeValue::Boolean(true) => Some(Nested::default()),
            DeValue::Table(table) => {
                let mut nested = Nested::default();
                for (key, value) in in_order(table) {
                    match key.get_ref().as_ref() {
                        "except" => {
                            nested.except =
                                self.one_or_more(value, "`except`", "`except = [\"tests/\"]`");
                        }
                        _ => self.unknown_key(key, "key of `nested`", &["except"]),
                    }
                }
                Some(nested)
            }
            _ => {
                self.wrong_type(value, "`nested`", "a boolean or a table", EXAMPLE);
                None
            }
        }
    }

    fn required_version(&mut self, value: &TomlValue<'_>) {
        let Some(text) = self.string(
            value,
            "`required-version`",
            "`required-version = \">=0.1\"`",
        ) else {
            return;
        };
        match semver::VersionReq::parse(&text.value) {
            Err(error) => self.fault(
                text.span,
                "`required-version` is not a version requirement",
                &error.to_string(),
                "write it as in Cargo.toml, such as \">=0.1\"",
            ),
            Ok(required) => {
                let current = env!("CARGO_PKG_VERSION");
                let fits = current
                    .parse()
                    .is_ok_and(|version| required.matches(&version));
                if !fits {
                    self.fault(
                        text.span,
                        format!(
                            "this configuration needs owners {required}, and this is {current}"
                        ),
                        "required here",
                        "install a version that fits: `cargo install owners-cli`",
                    );
                }
            }
        }
    }

    fn groups(&mut self, value: &TomlValue<'_>) -> Vec<Group> {
        const EXAMPLE: &str = "`core = [\"@org/team\", \"@user\"]` under `[groups]`";
        let Some(table) = self.table(value, "`groups`", EXAMPLE) else {
            return Vec::new();
        };
        in_order(table)
            .into_iter()
            .map(|(key, value)| self.group(key, value))
            .collect()
    }

    fn group(&mut self, key: &TomlKey<'_>, value: &TomlValue<'_>) -> Group {
        const KNOWN: &[&str] = &["members", "team", "description", "contact"];
        const EXAMPLE: &str = "`name = [\"@org/team\", \"@user\"]`";
        let name = text_of(key);
        let is_valid = name.value.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name
                .value
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        if !is_valid {
            self.fault(
                name.span.clone(),
                format!("`{}` is not a group name", name.value),
                "",
                "use letters, digits, `.`, `_` and `-`, and start with a letter or digit",
            );
        }
        let mut group = Group {
            name,
            team: None,
            members: Vec::new(),
            description: None,
            contact: None,
        };
        let before = self.faults.len();
        if let Some(table) = value.get_ref().as_table() {
            for (key, value) in in_order(table) {
                match key.get_ref().as_ref() {
                    "members" => {
                        group.members =
                            self.one_or_more(value, "`members`", "`members = [\"@user\"]`");
                    }
                    "team" => group.team = self.string(value, "`team`", "`team = \"@org/team\"`"),
                    "description" => {
                        let text = self.string(value, "`description`", "a string");
                        group.description = text.map(|text| text.value);
                    }
                    "contact" => {
                        let text = self.string(value, "`contact`", "a string");
                        group.contact = text.map(|text| text.value);
                    }
                    _ => self.unknown_key(key, "key of a group", KNOWN),
                }
            }
        } else {
            let what = format!("group `{}`", group.name.value);
            group.members = self.one_or_more(value, what.as_str(), EXAMPLE);
        }
        let is_sound = self.faults.len() == before;
        if is_sound && group.team.is_none() && group.members.is_empty() {
            self.fault(
                group.name.span.clone(),
                format!("group `{}` has no owners", group.name.value),
                "the group is empty",
                "add an owner or remove the group; a rule for nobody is `\"pattern\" = []`",
            );
        }
        group
    }

    fn rules(&mut self, value: &TomlValue<'_>) -> Vec<RuleEntry> {
        let Some(table) = self.table(
            value,
            "`paths`",
            "`\"pattern\" = \"group\"` under `[paths]`",
        ) else {
            return Vec::new();
        };
        let mut previous_end = 0;
        let mut rules = Vec::with_capacity(table.len());
        for (key, value) in in_order(table) {
            let comments = comments_above(self.source, previous_end, key.span().start);
            // The value of a dotted key is a table with the span of the key.
            previous_end = value.span().end.max(key.span().end);
            if let Some(rule) = self.rule(key, value, comments) {
                rules.push(rule);
            }
        }
        rules
    }

    fn rule(
        &mut self,
        key: &TomlKey<'_>,
        value: &TomlValue<'_>,
        comments: Vec<String>,
    ) -> Option<RuleEntry> {
        let mut rule = RuleEntry {
            pattern: text_of(key),
            owners: Vec::new(),
            except: Vec::new(),
            comments,
            span: key.span().start..value.span().end.max(key.span().end),
        };
        match value.get_ref() {
            DeValue::String(_) | DeValue::Array(_) => {
                rule.owners = self.owners(&rule.pattern, value);
            }
            DeValue::Table(table) => self.table_of_rule(key, table, &mut rule)?,
            _ => {
                let what = format_args!("the owners of `{}`", rule.pattern.value);
                let wanted = "a string, an array of strings or a table";
                self.wrong_type(value, what, wanted, OWNERS);
            }
        }
        Some(rule)
    }

    fn owners(&mut self, pattern: &Text, value: &TomlValue<'_>) -> Vec<Text> {
        // Formatted only if there is a fault.
        let what = format_args!("the owners of `{}`", pattern.value);
        self.one_or_more(value, what, OWNERS)
    }

    /// Reads `{ owners = …, except = … }`. `None` if the table comes from a path without quotes.
    fn table_of_rule(
        &mut self,
        key: &TomlKey<'_>,
        table: &DeTable<'_>,
        rule: &mut RuleEntry,
    ) -> Option<()> {
        const KNOWN: &[&str] = &["owners", "except"];
        let is_bare = !self.source[key.span()].starts_with(['"', '\'']);
        let mut has_owners = false;
        for (inner, value) in in_order(table) {
            match inner.get_ref().as_ref() {
                "owners" => {
                    has_owners = true;
                    rule.owners = self.owners(&rule.pattern, value);
                }
                "except" => {
                    let what = format_args!("`except` of `{}`", rule.pattern.value);
                    rule.except = self.one_or_more(value, what, "`except = [\"*.lock\"]`");
                }
                _ if is_bare => {
                    self.path_without_quotes(key, inner, &rule.pattern);
                    return None;
                }
                _ => self.unknown_key(inner, "key of a rule", KNOWN),
            }
        }
        if !has_owners {
            self.fault(
                key.span(),
                format!("the rule `{}` has no `owners`", rule.pattern.value),
                "",
                "add `owners = \"group\"`, or `owners = []` for nobody",
            );
        }
        Some(())
    }

    /// Reports that `Cargo.lock = []` is TOML for a table `Cargo` with a key `lock`.
    fn path_without_quotes(&mut self, key: &TomlKey<'_>, inner: &TomlKey<'_>, pattern: &Text) {
        let line = self.source[key.span().start..].split('=').next();
        let path = match line.map(str::trim) {
            Some(line) if line.starts_with(&pattern.value) => line.to_string(),
            _ => format!("{}.{}", pattern.value, inner.get_ref()),
        };
        self.fault(
            key.span().start..inner.span().end.max(key.span().end),
            format!("`{path}` without quotes is a table in TOML"),
            "",
            &format!("quote the pattern: `\"{path}\" = …`"),
        );
    }

    fn outputs(&mut self, value: &TomlValue<'_>) -> Vec<Output> {
        /// For each output, the file is read and compared, and its locations are checked. Two
        /// forges have six locations.
        const MAX_OUTPUTS: usize = 32;
        match value.get_ref() {
            DeValue::Table(table) => vec![self.output(table, value.span())],
            DeValue::Array(array) if array.iter().all(|item| item.get_ref().is_table()) => {
                if let Some(extra) = array.get(MAX_OUTPUTS) {
                    self.fault(
                        extra.span(),
                        format!(
                            "there are {} outputs; at most {MAX_OUTPUTS} are allowed",
                            array.len()
                        ),
                        "one too many",
                        "remove those that no forge reads",
                    );
                }
                let outputs: Vec<Output> = array
                    .iter()
                    .take(MAX_OUTPUTS)
                    .filter_map(|item| Some(self.output(item.get_ref().as_table()?, item.span())))
                    .collect();
                self.distinct_files(&outputs);
                outputs
            }
            _ => {
                self.wrong_type(
                    value,
                    "`output`",
                    "a table",
                    "`platform = \"github\"` under `[output]`",
                );
                Vec::new()
            }
        }
    }

    fn distinct_files(&mut self, outputs: &[Output]) {
        for (index, output) in outputs.iter().enumerate() {
            // On some file systems names that differ only in case are the same, and on none can a
            // file and a directory have the same name.
            let clashes = |earlier: &&Output| {
                let (a, b) = (format!("{}/", earlier.file), format!("{}/", output.file));
                let (a, b) = (a.to_lowercase(), b.to_lowercase());
                a.starts_with(&b) || b.starts_with(&a)
            };
            if let Some(earlier) = outputs[..index].iter().find(clashes) {
                let message = if earlier.file == output.file {
                    format!("two outputs write `{}`", output.file)
                } else {
                    format!(
                        "the outputs `{}` and `{}` conflict: some file systems cannot hold both",
                        earlier.file, output.file
                    )
                };
                self.fault(
                    output.span.clone().unwrap_or(0..0),
                    message,
                    "the second",
                    "give each a `file` of its own",
                );
            }
        }
    }

    fn output(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Output {
        const KNOWN: &[&str] = &["platform", "file"];
        let mut forge = Forge::default();
        let mut file = None;
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "platform" => {
                    let text = self.string(value, "`platform`", "`platform = \"github\"`");
                    forge = text.and_then(|text| self.forge(&text)).unwrap_or_default();
                }
                "file" => {
                    file = self
                        .string(value, "`file`", "`file = \".github/CODEOWNERS\"`")
                        .filter(|file| self.is_file(file, "output", ".github/CODEOWNERS"));
                }
                _ => self.unknown_key(key, "key of `output`", KNOWN),
            }
        }
        match file {
            Some(file) => Output {
                forge,
                file: file.value,
                span: Some(file.span),
            },
            None => Output {
                forge,
                file: forge.default_file.into(),
                span: Some(span),
            },
        }
    }

    fn forge(&mut self, text: &Text) -> Option<Forge> {
        let forge = Forge::from_name(&text.value);
        if forge.is_none() {
            let names: Vec<&str> = Forge::ALL.iter().map(|forge| forge.name).collect();
            let help = self
                .suggestions
                .did_you_mean(&text.value, names.iter().copied())
                .unwrap_or_else(|| format!("known: {}", quoted_list(&names)));
            self.fault(
                text.span.clone(),
                format!("unknown platform `{}`", text.value),
                "not known",
                &help,
            );
        }
        forge
    }

    /// Whether the file is in the repository and has a plain name.
    fn is_file(&mut self, file: &Text, what: &str, example: &str) -> bool {
        let fault = fault_of_file(&file.value);
        if let Some(reason) = fault {
            self.fault(
                file.span.clone(),
                format!(
                    "the {what} cannot be `{}`",
                    shortened(&file.value).escape_debug()
                ),
                reason,
                &format!("write a path relative to the repository root, such as \"{example}\""),
            );
        }
        fault.is_none()
    }

    fn check(&mut self, value: &TomlValue<'_>, config: &mut Config) {
        const KNOWN: &[&str] = &["exempt", "roster", "min-members"];
        let Some(table) = self.table(value, "`check`", "`exempt = [\"vendor/\"]` under `[check]`")
        else {
            return;
        };
        for (key, value) in in_order(table) {
            match key.get_ref().as_ref() {
                "exempt" => {
                    config.exempt = self.one_or_more(value, "`exempt`", "`exempt = [\"vendor/\"]`");
                }
                name @ ("roster" | "min-members") if !config.directory.is_empty() => self.fault(
                    key.span(),
                    format!("`{name}` belongs in the owners.toml at the root"),
                    "",
                    "move it there: it applies to the whole repository",
                ),
                "roster" => {
                    let file = self.string(value, "`roster`", "`roster = \"MAINTAINERS.md\"`");
                    config.roster =
                        file.filter(|file| self.is_file(file, "roster", "MAINTAINERS.md"));
                }
                "min-members" => config.min_members = self.minimum(value),
                _ => self.unknown_key(key, "key of `check`", KNOWN),
            }
        }
    }

    fn minimum(&mut self, value: &TomlValue<'_>) -> Option<Minimum> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        let number = number.and_then(|number| usize::try_from(number).ok());
        match number.filter(|&number| number > 0) {
            Some(number) => Some(Minimum {
                value: number,
                span: value.span(),
            }),
            None => {
                const EXPECTED: &str = "a number of at least 1";
                self.wrong_type(value, "`min-members`", EXPECTED, "`min-members = 2`");
                None
            }
        }
    }

    fn lints(&mut self, value: &TomlValue<'_>) -> Vec<(Text, Level)> {
        let Some(table) = self.table(
            value,
            "`lints`",
            "`dead-pattern = \"deny\"` under `[lints]`",
        ) else {
            return Vec::new();
        };
        let mut lints = Vec::new();
        for (key, value) in in_order(table) {
            let Some(text) = self.string(
                value,
                "the level of a lint",
                "\"allow\", \"warn\" or \"deny\"",
            ) else {
                continue;
            };
            match Level::from_name(&text.value) {
                Some(level) => lints.push((text_of(key), level)),
                None => self.fault(
                    text.span,
                    format!("unknown lint level `{}`", text.value),
                    "not known",
                    "write \"allow\", \"warn\" or \"deny\"",
                ),
            }
        }
        lints
    }
}

/// The comment lines directly above the line of `key`, without `#` and surrounding blanks. Text
/// before `from` belongs to the previous rule and is not scanned, because a line may hold a hundred
/// thousand rules.
fn comments_above(source: &str, from: usize, key: usize) -> Vec<String> {
    let Some((mut between, _)) = source
        .get(from..key)
        .and_then(|text| text.rsplit_once('\n'))
    else {
        return Vec::new();
    };
    if from > 0 {
        // The rest of the previous value's line is a comment on that value.
        between = between.split_once('\n').map_or("", |(_, rest)| rest);
    }
    let mut comments: Vec<String> = between
        .lines()
        .rev()
        .map_while(|line| line.trim_start().strip_prefix('#'))
        .map(|comment| comment.trim().to_string())
        .collect();
    comments.reverse();
    comments
}

/// The start of a name that may be megabytes long.
fn shortened(name: &str) -> &str {
    &name[..name.floor_char_boundary(1024)]
}

/// Why the file name is not allowed. It must be a plain path inside the repository.
fn fault_of_file(file: &str) -> Option<&'static str> {
    let fault = if file.is_empty() {
        "it is empty"
    } else if file.len() > 1024 {
        "it is longer than 1024 bytes"
    } else if file.starts_with(['/', '\\', '~']) || file.contains(':') {
        "it does not start at the root of the repository"
    } else if file.contains('\\') {
        "it holds a backslash"
    } else if file.chars().any(char::is_control) {
        "it holds a control character"
    } else if file
        .split('/')
        .any(|segment| matches!(segment, "" | "." | ".."))
    {
        "it is not a plain file path"
    } else if file
        .split('/')
        .any(|segment| alias::is_dot_git(segment.as_bytes()))
    {
        "it is in git's own directory"
    } else if file
        .rsplit('/')
        .next()
        .is_some_and(|name| is_config_name(name.as_bytes()))
    {
        "that is the name of a configuration"
    } else {
        return None;
    };
    Some(fault)
}
