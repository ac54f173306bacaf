//! Signatures: a comparison of two numbers that refutes most globs.
//!
//! A signature holds the bytes, and the pairs of bytes, that occur in the texts of a glob or in a name,
//! as two Bloom filters. A name without all that a glob has does not match it:
//!
//! ```text
//! a*1*b    bytes a 1 b
//! a2b      bytes a 2 b     no 1: not tried
//! ```
//!
//! Of thousands of globs that begin and end alike (`a*1*b`, `a*2*b`) this leaves a few to be tried.

use crate::pattern::{Glob, Piece};

/// The bytes, and the pairs of bytes, of some texts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signature {
    bytes: u64,
    pairs: u64,
}

impl Signature {
    /// The bytes and pairs that every name has that `glob` matches.
    pub(super) fn of(glob: &Glob) -> Self {
        let mut signature = Signature::default();
        for piece in glob.pieces() {
            if let Piece::Text(text) = piece {
                signature.add(text.as_bytes());
            }
        }
        signature
    }

    /// The bytes and pairs of a name.
    pub(super) fn of_name(name: &[u8]) -> Self {
        let mut signature = Signature::default();
        signature.add(name);
        signature
    }

    fn add(&mut self, text: &[u8]) {
        let bit = |value: u32| 1 << (value.wrapping_mul(0x9E37_79B1) >> 26);
        for &byte in text {
            self.bytes |= bit(u32::from(byte));
        }
        for pair in text.windows(2) {
            self.pairs |= bit(u32::from(pair[0]) << 8 | u32::from(pair[1]));
        }
    }

    /// Whether a name with this signature can match a glob with the other.
    #[inline]
    pub(super) fn has_all(self, other: Signature) -> bool {
        other.bytes & !self.bytes == 0 && other.pairs & !self.pairs == 0
    }
}
