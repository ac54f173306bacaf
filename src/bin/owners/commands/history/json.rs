//! What the JSON of `owners suggest` and `owners risk` has in common.

use std::borrow::Cow;

use owners::reports::contributions::Totals;
use owners::reports::contributions::areas::AreaId;
use owners::text::date::day;
use serde::Serialize;

use super::{Title, Worked};
use crate::report::json_path::JsonPath;

/// What was counted.
#[derive(Serialize)]
pub(crate) struct Head {
    /// The day from which ages are counted.
    day: String,
    shallow: bool,
    max_files: usize,
    commits: JsonTotals,
}

/// How many commits there are.
#[derive(Serialize)]
struct JsonTotals {
    read: usize,
    mass_changes: usize,
    by_programs: usize,
}

impl Head {
    pub(crate) fn new(worked: &Worked) -> Self {
        let Totals {
            read,
            mass_changes,
            by_programs,
        } = worked.contributions.totals;
        Head {
            day: day(worked.counting.now),
            shallow: worked.is_shallow,
            max_files: worked.counting.max_files,
            commits: JsonTotals {
                read,
                mass_changes,
                by_programs,
            },
        }
    }
}

/// An area, which is flattened into its object.
#[derive(Serialize)]
pub(crate) struct JsonArea<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(flatten)]
    path: Option<JsonPath<'a>>,
    /// The place of a group or rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
    files: usize,
    left_out: usize,
    owners: Vec<&'a str>,
}

impl<'a> JsonArea<'a> {
    pub(crate) fn new(worked: &'a Worked, area: AreaId, title: &'a Title) -> Self {
        let area = &worked.areas.all()[area];
        let (name, path, at) = match title {
            Title::Group { name, place, .. }
            | Title::Rule {
                pattern: name,
                place,
                ..
            } => (Some(name.into()), None, Some(place.as_str())),
            Title::Pattern(name) => (Some(name.into()), None, None),
            Title::Path(path) => (None, Some(JsonPath::new(path)), None),
        };
        let owners = area
            .owners
            .iter()
            .map(|&(owner, _)| worked.areas.owners()[owner].as_str());
        JsonArea {
            kind: title.kind(),
            name,
            path,
            at,
            files: area.paths.len(),
            left_out: area.left_out,
            owners: owners.collect(),
        }
    }
}
