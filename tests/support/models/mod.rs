//! Models of git and of the forges that share no code with the library: what a plain reading of
//! their documentation gives.

pub(crate) mod git;
pub(crate) mod github;
pub(crate) mod gitlab;
