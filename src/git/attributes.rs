//! Asks git which files are generated or vendored.

use bstr::ByteSlice;

use super::error::Result;
use super::process::{self, Git};
use crate::ids::{Id as _, IdVec};
use crate::paths::{PathId, PathSet};

/// What the linguist of GitHub reads in `.gitattributes`.
const ATTRIBUTES: [&str; 2] = ["linguist-generated", "linguist-vendored"];

/// For each path, whether `.gitattributes` says that it is generated or vendored: in the commit, or
/// else in the working tree.
pub(super) fn generated_or_vendored(
    git: &Git,
    paths: &PathSet,
    commit: Option<&str>,
) -> Result<IdVec<PathId, bool>> {
    let mut found: IdVec<PathId, bool> = vec![false; paths.len()].into();
    let is_attributes =
        |path: &[u8]| path.rsplit(|&byte| byte == b'/').next() == Some(b".gitattributes");
    if !paths.iter().any(is_attributes) {
        return Ok(found);
    }
    let mut questions = Vec::new();
    for path in paths.iter() {
        questions.extend_from_slice(path);
        questions.push(0);
    }
    let mut command = git.command();
    // The user's own attributes are not those of the repository.
    command.args(["-c", "core.attributesFile=", "check-attr", "-z", "--stdin"]);
    command.args(commit.map(|commit| format!("--source={commit}")));
    command.args(ATTRIBUTES).arg("--");
    let answers = process::answer_to(&mut command, &questions)?.unwrap_or_default();
    // Each answer is `PATH<nul>ATTRIBUTE<nul>VALUE<nul>`, in the order of the paths.
    let values = answers.split_str(b"\0").skip(2).step_by(3);
    for (index, value) in values.take(paths.len() * ATTRIBUTES.len()).enumerate() {
        let path = PathId::from_index(index / ATTRIBUTES.len());
        found[path] |= matches!(value, b"set" | b"true");
    }
    Ok(found)
}
