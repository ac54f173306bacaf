//! The nearest place between two characters. `str` has these methods since Rust 1.91, which is newer
//! than what `owners` otherwise needs.

/// The last position of a character, or end of the text, that is not after the byte `at`.
pub fn floor_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first position of a character, or end of the text, that is not before the byte `at`.
pub fn ceil_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{ceil_char_boundary, floor_char_boundary};

    #[test]
    fn a_position_inside_a_character_moves_to_its_start_or_end() {
        // `ä` has the bytes 1 and 2, `€` the bytes 3 to 5.
        let text = "aä€";
        let moved = |at| (floor_char_boundary(text, at), ceil_char_boundary(text, at));
        let expected = [
            (0, 0),
            (1, 1),
            (1, 3),
            (3, 3),
            (3, 6),
            (3, 6),
            (6, 6),
            (6, 6),
        ];
        assert_eq!([0, 1, 2, 3, 4, 5, 6, 7].map(moved), expected);
    }
}
