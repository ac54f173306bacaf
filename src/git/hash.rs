//! The two hash functions with which git names objects. An index ends in the hash of its content.
//!
//! They are implemented here because a library for both would add ten crates, and only an index
//! that [`scan`](super::scan) refuses needs one. The hashes detect damage. They are not a
//! protection against attackers, who can write any checksum.
//!
//! Both work on blocks of 64 bytes (FIPS 180-4). The data is padded to whole blocks with a one bit,
//! zeros, and its length in bits. Each block is expanded to a schedule of words, and each word of
//! the schedule is mixed into the state in one round.

/// The hash function of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectHash {
    Sha1,
    Sha256,
}

impl ObjectHash {
    /// The length of a hash in bytes.
    pub(super) fn length(self) -> usize {
        match self {
            ObjectHash::Sha1 => 20,
            ObjectHash::Sha256 => 32,
        }
    }

    /// The hash of the data.
    pub(super) fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            ObjectHash::Sha1 => digest(data, SHA1_START, sha1_block),
            ObjectHash::Sha256 => digest(data, SHA256_START, sha256_block),
        }
    }
}

/// Pads the data and passes it to `mix`, block by block.
fn digest<const N: usize>(
    data: &[u8],
    mut state: [u32; N],
    mix: impl Fn(&mut [u32; N], &[u8; 64]),
) -> Vec<u8> {
    let (blocks, rest) = data.as_chunks::<64>();
    for block in blocks {
        mix(&mut state, block);
    }
    let mut end = rest.to_vec();
    end.push(0x80);
    // The length takes the last eight bytes of the last block.
    end.resize((end.len() + 8).next_multiple_of(64) - 8, 0);
    end.extend_from_slice(&(8 * data.len() as u64).to_be_bytes());
    for block in end.as_chunks::<64>().0 {
        mix(&mut state, block);
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The words of a block, followed by zeros for the rest of the schedule.
fn schedule<const N: usize>(block: &[u8; 64]) -> [u32; N] {
    let mut words = [0; N];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    words
}

const SHA1_START: [u32; 5] = [
    0x6745_2301,
    0xefcd_ab89,
    0x98ba_dcfe,
    0x1032_5476,
    0xc3d2_e1f0,
];

fn sha1_block(state: &mut [u32; 5], block: &[u8; 64]) {
    let mut words: [u32; 80] = schedule(block);
    for at in 16..80 {
        let mixed = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16];
        words[at] = mixed.rotate_left(1);
    }
    let [mut a, mut b, mut c, mut d, mut e] = *state;
    for (round, word) in words.into_iter().enumerate() {
        let (chosen, constant) = match round / 20 {
            0 => ((b & c) | (!b & d), 0x5a82_7999),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc_u32),
            _ => (b ^ c ^ d, 0xca62_c1d6),
        };
        let sum = [chosen, e, constant, word]
            .into_iter()
            .fold(a.rotate_left(5), u32::wrapping_add);
        (a, b, c, d, e) = (sum, a, b.rotate_left(30), c, d);
    }
    add(state, [a, b, c, d, e]);
}

const SHA256_START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
#[rustfmt::skip]
const SHA256_ROUNDS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

fn sha256_block(state: &mut [u32; 8], block: &[u8; 64]) {
    let mut words: [u32; 64] = schedule(block);
    for at in 16..64 {
        let (early, late) = (words[at - 15], words[at - 2]);
        let early = early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3);
        let late = late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10);
        words[at] = [early, words[at - 7], late]
            .into_iter()
            .fold(words[at - 16], u32::wrapping_add);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (word, constant) in words.into_iter().zip(SHA256_ROUNDS) {
        let mixed = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let sum = [mixed, (e & f) ^ (!e & g), constant, word]
            .into_iter()
            .fold(h, u32::wrapping_add);
        let mixed = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let other = mixed.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (h, g, f, e) = (g, f, e, d.wrapping_add(sum));
        (d, c, b, a) = (c, b, a, sum.wrapping_add(other));
    }
    add(state, [a, b, c, d, e, f, g, h]);
}

fn add<const N: usize>(state: &mut [u32; N], words: [u32; N]) {
    for (word, other) in state.iter_mut().zip(words) {
        *word = word.wrapping_add(other);
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The examples of FIPS 180-4.
    #[test]
    fn published_examples() {
        let rows = [
            (
                "",
                "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                "abc",
                "a9993e364706816aba3e25717850c26c9cd0d89d",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
            ),
        ];
        for (text, sha1, sha256) in rows {
            assert_eq!(hex(&ObjectHash::Sha1.digest(text.as_bytes())), sha1);
            assert_eq!(hex(&ObjectHash::Sha256.digest(text.as_bytes())), sha256);
        }
    }

    /// Git names a blob by the hash of a header and the content. The lengths are around block
    /// boundaries.
    #[test]
    fn every_length_as_git_hashes_it() {
        let lengths = (0..140).chain([1 << 16]);
        for (hash, format) in [(ObjectHash::Sha1, "sha1"), (ObjectHash::Sha256, "sha256")] {
            let directory = tempfile::tempdir().unwrap();
            let git = |arguments: &[&str]| {
                let mut command = Command::new("git");
                command.current_dir(directory.path()).args(arguments);
                command.env_remove("GIT_DIR").stderr(Stdio::inherit());
                let output = command.output().unwrap();
                assert!(output.status.success());
                String::from_utf8(output.stdout).unwrap()
            };
            git(&["init", "-q", "--object-format", format]);
            let mut names = Vec::new();
            let mut expected = String::new();
            for length in lengths.clone() {
                let contents: Vec<u8> = (0..length).map(|at: u32| (at * 7) as u8).collect();
                std::fs::write(directory.path().join(length.to_string()), &contents).unwrap();
                names.push(length.to_string());
                let header = format!("blob {length}\0").into_bytes();
                expected += &hex(&hash.digest(&[header, contents].concat()));
                expected.push('\n');
            }
            let mut arguments = vec!["hash-object", "--no-filters"];
            arguments.extend(names.iter().map(String::as_str));
            assert_eq!(git(&arguments), expected);
        }
    }
}
