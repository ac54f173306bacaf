//! "Did you mean": the nearest known name to one that is not known.

/// The candidate most like `wanted`, if any is like it at all.
///
/// ```
/// assert_eq!(owners::suggest::nearest("plafrom", ["file", "platform"]), Some("platform"));
/// assert_eq!(owners::suggest::nearest("zzz", ["file", "platform"]), None);
/// ```
pub fn nearest<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted_folded = wanted.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            // Comparing is quadratic in the lengths: names that differ a lot in length are apart.
            if candidate.len().abs_diff(wanted.len()) > 8 || wanted.len() > 200 {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&wanted_folded, &candidate.to_lowercase());
            let longest = wanted.chars().count().max(candidate.chars().count());
            let is_part = wanted.len() >= 4 && candidate.contains(&wanted_folded);
            (distance * 3 <= longest || is_part).then_some((distance, candidate))
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// The help that names the nearest candidate.
#[must_use]
pub fn did_you_mean<'c>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    nearest(wanted, candidates).map(|name| format!("did you mean `{name}`?"))
}
