//! Who somebody is, as far as a text says: logins in commit addresses and in rosters, and authors
//! that are programs.

pub(crate) mod bots;
mod login;
pub mod roster;

pub use login::of_address;
