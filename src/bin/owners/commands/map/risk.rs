//! The risks of the page: which files few of their owners know, and whose owners are inactive, as
//! `owners risk` computes them.

use owners::reports::risk::flags;
use owners::{IdVec, PathId, PathSet};

use crate::commands::history::{INACTIVE_MONTHS, MAX_FILES, Wanted, Worked};
use crate::failure::Result;
use crate::workspace::Workspace;

/// The age of commits makes no difference here.
const HALF_LIFE: u32 = 180;

/// The risks of each of the paths, which are those of a commit or of the index.
pub(super) fn risks(
    workspace: &Workspace,
    rev: Option<&str>,
    paths: &PathSet,
) -> Result<IdVec<PathId, u8>> {
    let worked = Worked::new(
        workspace,
        &Wanted {
            areas: &[],
            max_files: MAX_FILES,
            emails: false,
            rev,
            half_life_days: HALF_LIFE,
            since: None,
        },
    )?;
    let since = worked.active_since(INACTIVE_MONTHS);
    let Worked {
        areas,
        contributions,
        owners,
        ..
    } = &worked;
    // Somebody may have changed the index in the meantime.
    let risk = |path| {
        let id = worked.paths.id_of(path);
        id.map_or(0, |id| flags(id, areas, contributions, owners, since))
    };
    Ok(paths.iter().map(risk).collect())
}
