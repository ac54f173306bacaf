//! SHA-256, for the hashes in a content security policy, as FIPS 180-4 describes it.

/// The first 64 bits of the fractional part of a root of the first primes: the square root if `root` is
/// 2, the cube root if it is 3.
fn constants(count: usize, root: u32) -> Vec<u32> {
    let is_prime = |n: &u128| {
        (2..*n)
            .take_while(|d| d * d <= *n)
            .all(|d| !n.is_multiple_of(d))
    };
    // The largest number whose power is at most the prime, shifted so that 32 bits are behind the point.
    let fraction = |prime: u128| {
        let shifted = prime << (32 * root);
        let (mut low, mut high) = (0_u128, 1 << 37);
        while high - low > 1 {
            let middle = (low + high) / 2;
            if middle.pow(root) <= shifted {
                low = middle;
            } else {
                high = middle;
            }
        }
        low as u32
    };
    (2..).filter(is_prime).take(count).map(fraction).collect()
}

/// The hash of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let k = constants(64, 3);
    let mut state = constants(8, 2);
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    for block in message.chunks(64) {
        let mut w: Vec<u32> = (block.chunks(4))
            .map(|word| u32::from_be_bytes(word.try_into().unwrap()))
            .collect();
        for t in 16..64 {
            let rotated =
                |x: u32, a, b, shift| x.rotate_right(a) ^ x.rotate_right(b) ^ (x >> shift);
            let (s0, s1) = (rotated(w[t - 15], 7, 18, 3), rotated(w[t - 2], 17, 19, 10));
            let word = w[t - 16]
                .wrapping_add(s0)
                .wrapping_add(w[t - 7])
                .wrapping_add(s1);
            w.push(word);
        }
        let mut now: [u32; 8] = state[..].try_into().unwrap();
        for t in 0..64 {
            let [a, b, c, d, e, f, g, h] = now;
            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let choice = (e & f) ^ (!e & g);
            let first = [h, s1, choice, k[t], w[t]]
                .iter()
                .fold(0, |sum: u32, x| sum.wrapping_add(*x));
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let majority = (a & b) ^ (a & c) ^ (b & c);
            let second = s0.wrapping_add(majority);
            now = [
                first.wrapping_add(second),
                a,
                b,
                c,
                d.wrapping_add(first),
                e,
                f,
                g,
            ];
        }
        for (sum, x) in state.iter_mut().zip(now) {
            *sum = sum.wrapping_add(x);
        }
    }
    let bytes: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
    bytes.try_into().unwrap()
}

/// Bytes as base64.
pub(super) fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |bytes: &[u8]| {
        let mut number = [0; 4];
        number[1..=bytes.len()].copy_from_slice(bytes);
        let number = u32::from_be_bytes(number);
        let sign = |at: usize| match at <= bytes.len() {
            true => SIGNS[(number >> (18 - 6 * at)) as usize & 63] as char,
            false => '=',
        };
        [0, 1, 2, 3].map(sign)
    };
    bytes.chunks(3).flat_map(group).collect()
}

#[test]
fn as_published() {
    let hash = |text: &str| base64(&sha256(text.as_bytes()));
    assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    assert_eq!(hash("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    let long = "a".repeat(1000);
    assert_eq!(hash(&long), "Qe3s5C1j6Nm/UVqbppMuHCDLyfWl0TRkWttdsblzfqM=");
}
