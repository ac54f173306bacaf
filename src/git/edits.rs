//! One edit of the configuration at a time: two commands that read it, change it and write it would
//! lose what one of them did.

use std::fs::{File, OpenOptions, TryLockError};

use super::Repo;

/// The file in the `.git` directory of the working tree that is locked. It stays there, empty.
const NAME: &str = "owners.lock";

/// The lock on the configuration and the generated files of a working tree. It ends with this value, or
/// with the process.
#[derive(Debug)]
pub struct EditLock(#[expect(dead_code, reason = "held until it is dropped")] Option<File>);

impl Repo {
    /// Waits until no other process edits the files of this working tree, and keeps others waiting.
    /// `waiting` is called if it has to wait. Without git, or if its directory cannot be written, there is
    /// no lock.
    pub fn lock_edits(&self, waiting: impl FnOnce()) -> EditLock {
        let Some(git) = &self.git else {
            return EditLock(None);
        };
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(git.dir.join(NAME));
        let Ok(file) = file else {
            return EditLock(None);
        };
        let is_locked = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock().is_ok()
            }
            // This file system has no locks.
            Err(TryLockError::Error(_)) => false,
        };
        EditLock(Some(file).filter(|_| is_locked))
    }
}
