//! What is known of the latest texts without errors, for the documents as they are now.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::document::Document;
use super::token::Token;
use crate::config::Text;
use crate::project::Project;
use crate::ruleset::RuleId;
use crate::ruleset::survey::Survey;
use crate::text::FileId;

/// The latest texts without errors, and what they mean for the tracked paths.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The configuration.
    pub project: &'a Project,
    /// What its rules decide. Without it, there are no counts.
    pub survey: Option<&'a Survey>,
}

impl<'a> Known<'a> {
    /// The file of the configuration that a document shows.
    pub(super) fn file_of(self, document: &Document) -> Option<FileId> {
        let mut files = self.project.sources.iter();
        files
            .find(|(_, source)| source.name == document.name)
            .map(|(file, _)| file)
    }

    /// Whether the text of a document is that of the configuration, so that places are the same.
    fn is_current(self, file: FileId, document: &Document) -> bool {
        self.project.sources[file].text == document.text
    }

    /// The rules and notices of a document.
    pub(super) fn rules_of<'d>(self, document: &'d Document) -> Rules<'a, 'd> {
        let mut rules = Rules {
            document,
            is_current: false,
            by_place: FxHashMap::default(),
            by_pattern: FxHashMap::default(),
        };
        let Some(file) = self.file_of(document) else {
            return rules;
        };
        rules.is_current = self.is_current(file, document);
        let set = &self.project.rules;
        let of_rules = set.rules().with_ids();
        let of_rules = of_rules.filter(|(_, rule)| rule.file == file);
        let notices = set.notices().iter().filter(|notice| notice.file == file);
        let all = of_rules.map(|(id, rule)| (&rule.pattern, RuleAt::Rule(id)));
        for (pattern, at) in all.chain(notices.map(|each| (&each.pattern, RuleAt::Notice))) {
            rules.insert(pattern, at);
        }
        rules
    }
}

/// An entry of `[paths]`.
#[derive(Clone, Copy, Debug)]
pub(super) enum RuleAt {
    /// A rule that gives owners.
    Rule(RuleId),
    /// A rule that only notifies.
    Notice,
}

/// The rules of a document.
pub(super) struct Rules<'a, 'd> {
    document: &'d Document,
    /// Whether the places are those of the document.
    is_current: bool,
    by_place: FxHashMap<usize, RuleAt>,
    by_pattern: FxHashMap<&'a str, RuleAt>,
}

impl<'a> Rules<'a, '_> {
    fn insert(&mut self, pattern: &'a Text, at: RuleAt) {
        match self.is_current {
            true => {
                self.by_place.insert(pattern.span.start, at);
            }
            false => {
                self.by_pattern.insert(&pattern.value, at);
            }
        }
    }

    /// The rule whose pattern is this token.
    pub(super) fn find(&self, pattern: &Token) -> Option<RuleAt> {
        let found = match self.is_current {
            true => self.by_place.get(&pattern.span.start),
            false => self.by_pattern.get(&*pattern.value(&self.document.text)),
        };
        found.copied()
    }
}

/// Whether a directory is another one or below it. The root is empty.
pub(super) fn is_in(inner: &str, outer: &str) -> bool {
    let rest = inner.strip_prefix(outer);
    outer.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A place in one of the documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The index of the document.
    pub document: usize,
    /// Its bytes.
    pub span: Range<usize>,
}
