//! One module for each command.

pub(crate) mod about;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod edit;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod external;
mod fix;
pub(crate) mod generate;
mod history;
pub(crate) mod init;
mod live;
pub(crate) mod ls;
pub(crate) mod manual;
pub(crate) mod map;
pub(crate) mod reviewers;
pub(crate) mod risk;
pub(crate) mod stage;
pub(crate) mod stats;
pub(crate) mod suggest;
pub(crate) mod who;

pub(crate) use history::{INACTIVE_MONTHS, MAX_FILES};
