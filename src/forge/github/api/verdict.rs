//! GitHub's own verdict on the CODEOWNERS file of a commit: which owners it does not know, and which lines
//! it does not accept.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use crate::forge::api::{NoAnswer, Published, Request, shortened, text};
use crate::forge::{RejectedLine, Standing};
use crate::owner::Owner;

/// GitHub's own verdict on the CODEOWNERS file of a commit.
#[derive(Default)]
pub(super) struct Verdict {
    /// The owners in the file, folded. Empty if GitHub does not have the commit, or no file.
    published: FxHashSet<String>,
    /// The owners that GitHub reports, folded, with what it says.
    reported: FxHashMap<String, String>,
    /// The other errors.
    pub(super) rejected: Vec<RejectedLine>,
}

impl Verdict {
    /// Reads the reply about a file.
    pub(super) fn read(
        reply: &Value,
        request: &Request,
        published: &Published,
    ) -> Result<Self, NoAnswer> {
        let Some(errors) = reply.get("errors").and_then(Value::as_array) else {
            return Err(NoAnswer::unexpected(request, "it has no list `errors`"));
        };
        let mut verdict = Verdict::default();
        let mut is_the_same = true;
        for error in errors {
            let path = text(error, "path", request)?;
            is_the_same &= path == published.path;
            let message = text(error, "message", request)?;
            match owner_of(error) {
                Some(owner) => {
                    let said = error.get("suggestion").and_then(Value::as_str);
                    let said = format!("GitHub says: {}", shortened(said.unwrap_or(message)));
                    verdict.reported.insert(owner.to_ascii_lowercase(), said);
                }
                None => verdict.rejected.push(RejectedLine {
                    path: path.to_string(),
                    line: error.get("line").and_then(Value::as_u64).unwrap_or(1),
                    kind: text(error, "kind", request)?.to_string(),
                    message: shortened(message),
                }),
            }
        }
        if is_the_same {
            verdict.published.clone_from(&published.owners);
        }
        Ok(verdict)
    }

    /// What is known about an owner, after another request found `standing`.
    pub(super) fn over(&self, owner: &Owner, standing: Standing) -> Standing {
        let name = owner.folded();
        match (standing, self.reported.get(&name)) {
            (Standing::Valid | Standing::Unknown(_), Some(said)) => {
                Standing::Rejected(said.clone())
            }
            // It is in the file, and GitHub reports every owner that it does not know there.
            (Standing::Unknown(_), None) if self.published.contains(&name) => Standing::Valid,
            (standing, _) => standing,
        }
    }
}

/// The owner that an error is about, if it says that the owner is not known.
fn owner_of(error: &Value) -> Option<String> {
    if error.get("kind")?.as_str()? != "Unknown owner" {
        return None;
    }
    let source = error
        .get("source")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let column = error.get("column").and_then(Value::as_u64)?;
    let before = usize::try_from(column).ok()?.checked_sub(1)?;
    let behind: String = source.chars().skip(before).collect();
    let word = behind.split_whitespace().next().unwrap_or_default();
    let suggestion = error.get("suggestion").and_then(Value::as_str);
    let mut suggested = suggestion.unwrap_or_default().split_whitespace();
    match word.contains('@') {
        true => Some(word.to_string()),
        false => suggested
            .find(|word| word.starts_with('@'))
            .map(str::to_string),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_owner_of_an_error() {
        for (error, expected) in [
            (
                json!({ "kind": "Unknown owner", "column": 3, "source": "* @o/t @b\n" }),
                Some("@o/t"),
            ),
            (
                json!({ "kind": "Unknown owner", "column": 1, "source": "* @o/t\n",
                    "suggestion": "make sure the team @o/t exists" }),
                Some("@o/t"),
            ),
            (
                json!({ "kind": "Unknown owner", "column": 3, "source": "* a@b.example" }),
                Some("a@b.example"),
            ),
            (
                json!({ "kind": "Invalid pattern", "column": 1, "source": "[x] @a" }),
                None,
            ),
            (json!({}), None),
        ] {
            assert_eq!(owner_of(&error).as_deref(), expected, "{error}");
        }
    }
}
