//! "Did you mean": the nearest known name to one that is not known.

/// The candidate most like `wanted`, if any is like it at all.
///
/// ```
/// assert_eq!(owners::suggest::nearest("plafrom", ["file", "platform"]), Some("platform"));
/// assert_eq!(owners::suggest::nearest("zzz", ["file", "platform"]), None);
/// ```
pub fn nearest<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let wanted_folded = wanted.to_lowercase();
    let wanted_length = wanted.chars().count();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let length = candidate.chars().count();
            let longest = wanted_length.max(length);
            let is_near = |distance: usize| distance * 3 <= longest;
            let is_part = wanted.len() >= 4 && candidate.contains(&wanted_folded);
            // Comparing is quadratic in the lengths, and the distance is no less than what these
            // differ by.
            let difference = wanted_length.abs_diff(length);
            if wanted_length > 200 || difference > 8 || !(is_near(difference) || is_part) {
                return None;
            }
            let distance = strsim::osa_distance(&wanted_folded, &candidate.to_lowercase());
            (is_near(distance) || is_part).then_some((distance, candidate))
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
