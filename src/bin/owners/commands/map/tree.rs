//! The tree of the page, as JSON.

use std::borrow::Cow;

use owners::IdVec;
use owners::reports::map::{Before, DirectoryId, Label, LabelBytes, LabelId, Leaf, Tree, digits};
use owners::text::{escaped_except, is_plain};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::tables::Decided;

/// A label as numbers of decisions.
#[derive(Clone, Copy)]
pub(super) struct Numbers {
    decision: i64,
    before: Option<i64>,
    risk: u8,
}

impl Numbers {
    /// `now` and `before` are the numbers of the decisions of the trees.
    pub(super) fn new(label: &Label, now: &Decided, before: &Decided) -> Self {
        let number = |decided: &Decided, id| i64::try_from(decided[id]).unwrap_or(i64::MAX);
        Numbers {
            decision: label.decision.map_or(-1, |id| number(now, id)),
            before: match label.before {
                Before::Same => None,
                Before::Absent => Some(-1),
                Before::Other(id) => Some(number(before, id)),
            },
            risk: label.risk,
        }
    }

    /// How many bytes it takes in a leaf.
    pub(super) fn bytes(self) -> LabelBytes {
        let sign = |number: i64| usize::from(number < 0);
        let number = |number: i64| r#""d":,"#.len() + sign(number) + digits(number.unsigned_abs());
        let risk = if self.risk == 0 {
            0
        } else {
            r#""r":255,"#.len()
        };
        LabelBytes {
            decision: number(self.decision),
            more: self.before.map_or(0, number) + risk,
        }
    }
}

/// A directory with everything in it.
pub(super) struct JsonDirectory<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) labels: &'t IdVec<LabelId, Numbers>,
    pub(super) id: DirectoryId,
}

#[derive(Serialize)]
struct Fields<'t> {
    n: Cow<'t, str>,
    /// The decision of leaves without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    d: Option<i64>,
    c: Children<'t>,
}

struct Children<'t>(&'t JsonDirectory<'t>);

impl Serialize for JsonDirectory<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let directory = &self.tree.directories[self.id];
        let fields = Fields {
            n: shown(directory.name),
            d: directory.usual.map(|label| self.labels[label].decision),
            c: Children(self),
        };
        fields.serialize(serializer)
    }
}

impl Serialize for Children<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let JsonDirectory { tree, labels, id } = *self.0;
        let directory = &tree.directories[id];
        let usual = directory.usual.map(|label| labels[label].decision);
        let mut all = serializer.serialize_seq(None)?;
        for &id in &directory.directories {
            all.serialize_element(&JsonDirectory { tree, labels, id })?;
        }
        for leaf in &directory.leaves {
            match JsonLeaf::new(leaf, labels[leaf.label], usual) {
                JsonLeaf {
                    n: Some(name),
                    d: None,
                    b: None,
                    f: None,
                    l: None,
                    r: None,
                } => all.serialize_element(&name)?,
                leaf => all.serialize_element(&leaf)?,
            }
        }
        all.end()
    }
}

/// A leaf. One that has only a name is written as that.
#[derive(Serialize)]
struct JsonLeaf<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<Cow<'t, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    d: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    f: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    l: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r: Option<u8>,
}

impl<'t> JsonLeaf<'t> {
    fn new(leaf: &Leaf<'t>, label: Numbers, usual: Option<i64>) -> Self {
        JsonLeaf {
            n: leaf.name.map(shown),
            d: Some(label.decision).filter(|_| usual != Some(label.decision)),
            b: label.before,
            f: Some(leaf.size.files).filter(|&files| files != 1),
            l: Some(leaf.size.lines).filter(|&lines| lines != 0),
            r: Some(label.risk).filter(|&risk| risk != 0),
        }
    }
}

/// A name as it is shown.
fn shown(name: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(name) {
        Ok(name) if is_plain(name) => name.into(),
        _ => escaped_except(name, &[]),
    }
}
