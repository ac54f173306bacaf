//! Comparing names without regard to case.

/// A name, folded: names that differ only in case have the same.
///
/// ```
/// assert_eq!(owners::text::fold_case("SÉCURITÉ"), owners::text::fold_case("Sécurité"));
/// ```
#[must_use]
pub fn fold_case(name: &str) -> String {
    let upper = name.chars().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).collect()
}
