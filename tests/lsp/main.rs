//! The language server: the real binary, with an editor that speaks the protocol.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod actions;
mod client;
mod conversation;
mod diagnostics;
mod ide;
mod owner;
mod places;
#[path = "../support/mod.rs"]
mod support;

use support::Sandbox;

/// A repository with a finding of each kind of fix.
fn sandbox() -> Sandbox {
    Sandbox::repo([
        ("owners.toml", CONFIG),
        ("src/lib.rs", ""),
        ("docs/guide.md", ""),
    ])
}

/// The configuration of [`sandbox`].
const CONFIG: &str = "[groups]
core = ['@a', '@b']
old = ['@c']

[paths]
'*' = 'core'
'/src/' = 'core'
'/{docs,gone}/' = '@a'
'/docs/giude.md' = '@b'
";
