//! The data of the page. docs/map.md describes what it is made of.

use owners::reports::map::{Files, Label, LabelId, Labels, fold};
use owners::{IdVec, PathId, PathSet};
use serde::Serialize;

use super::history::Point;
use super::page::embedded;
use super::tables::{Decided, Tables};
use super::tree::{JsonDirectory, Numbers};
use super::trees::Name;
use crate::failure::Result;

/// Increased if a key of the data changes its meaning or is removed.
const VERSION: u32 = 1;
/// How many bytes the data takes. The page is to stay under 3 MB.
const BYTES: usize = 2_850_000;
/// How many of them the tree has, however long the rest is.
const TREE_BYTES: usize = 500_000;

/// All but the tree.
pub(super) struct Head<'d> {
    pub(super) title: &'d str,
    /// The commit that is shown. `None`: the index and the working tree.
    pub(super) revision: Option<&'d str>,
    pub(super) before: Option<&'d Name>,
    pub(super) after: Option<&'d Name>,
    pub(super) tables: &'d Tables,
    pub(super) has: Has,
    pub(super) history: &'d [Point],
}

/// What the page can show.
#[derive(Serialize)]
pub(super) struct Has {
    pub(super) lines: bool,
    pub(super) risk: bool,
    pub(super) history: bool,
}

/// What is in the tree.
pub(super) struct Content<'d> {
    pub(super) paths: &'d PathSet,
    pub(super) labels: &'d Labels,
    pub(super) lines: Option<&'d IdVec<PathId, u32>>,
    /// The numbers of the decisions of the tree, and of the tree before.
    pub(super) now: &'d Decided,
    pub(super) before: &'d Decided,
}

#[derive(Serialize)]
struct JsonHead<'d> {
    version: u32,
    title: &'d str,
    revision: Option<&'d str>,
    before: Option<&'d Name>,
    after: Option<&'d Name>,
    #[serde(flatten)]
    tables: &'d Tables,
    has: &'d Has,
    history: &'d [Point],
}

/// The data as JSON that can stand in a page. The tree is folded until all of it fits.
pub(super) fn data(head: &Head<'_>, content: &Content<'_>) -> Result<String> {
    let head = JsonHead {
        version: VERSION,
        title: head.title,
        revision: head.revision,
        before: head.before,
        after: head.after,
        tables: head.tables,
        has: &head.has,
        history: head.history,
    };
    let mut data = embedded(&json(&head)?);
    let budget = BYTES.saturating_sub(data.len()).max(TREE_BYTES);
    let labels = &content.labels.all;
    let numbers = |label: &Label| Numbers::new(label, content.now, content.before);
    let numbers: IdVec<LabelId, Numbers> = labels.iter().map(numbers).collect();
    let bytes = numbers.iter().map(|numbers| numbers.bytes()).collect();
    let sums = content.lines.map(sums);
    let files = Files {
        paths: content.paths,
        labels: &content.labels.of,
        lines: sums.as_deref(),
    };
    let tree = fold(files, &bytes, budget);
    let tree = JsonDirectory {
        tree: &tree,
        labels: &numbers,
        id: tree.root(),
    };
    // The tree is the last key.
    data.pop();
    data.push_str(",\"tree\":");
    data.push_str(&embedded(&json(&tree)?));
    data.push('}');
    Ok(data)
}

/// The sums of all numbers before each, and of all.
fn sums(lines: &IdVec<PathId, u32>) -> Vec<u64> {
    let mut sum = 0;
    let next = |&lines: &u32| {
        sum += u64::from(lines);
        sum
    };
    std::iter::once(0).chain(lines.iter().map(next)).collect()
}

fn json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string(value).map_err(std::io::Error::from)?)
}
