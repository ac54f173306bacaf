//! "Did you mean": finds the known name nearest to an unknown one.

/// About how many character comparisons are made before suggestions stop. A file with thousands of
/// unknown names has a problem other than spelling.
const WORK: usize = 20_000_000;

/// Finds similar names, within a fixed amount of work.
///
/// ```
/// let mut suggestions = owners::text::nearest::Suggestions::default();
/// assert_eq!(suggestions.nearest("fogre", ["file", "forge"]), Some("forge"));
/// ```
#[derive(Clone, Debug)]
pub struct Suggestions {
    work_left: usize,
}

impl Default for Suggestions {
    fn default() -> Self {
        Suggestions { work_left: WORK }
    }
}

impl Suggestions {
    /// The candidate most similar to `wanted`, if one is similar enough. `None` once the work is
    /// used up.
    pub fn nearest<'c>(
        &mut self,
        wanted: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<&'c str> {
        let wanted_folded = wanted.to_lowercase();
        let wanted_length = wanted.chars().count();
        let mut best: Option<(usize, &str)> = None;
        for candidate in candidates {
            // Counting characters and searching a substring are cheap.
            self.spend(1 + candidate.len() / 16)?;
            let length = candidate.chars().count();
            let longest = wanted_length.max(length);
            let is_near = |distance: usize| distance * 3 <= longest;
            let is_part = wanted.len() >= 4 && candidate.contains(&wanted_folded);
            // The edit distance is at least the difference in length.
            let difference = wanted_length.abs_diff(length);
            if wanted_length > 200 || difference > 8 || !(is_near(difference) || is_part) {
                continue;
            }
            self.spend((wanted_length + 1) * (length + 1))?;
            let distance = strsim::osa_distance(&wanted_folded, &candidate.to_lowercase());
            if (is_near(distance) || is_part) && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }

    /// A help that names the nearest candidate.
    pub fn did_you_mean<'c>(
        &mut self,
        wanted: &str,
        candidates: impl IntoIterator<Item = &'c str>,
    ) -> Option<String> {
        let name = self.nearest(wanted, candidates)?;
        Some(format!("did you mean `{name}`?"))
    }

    fn spend(&mut self, work: usize) -> Option<()> {
        let left = self.work_left.checked_sub(work);
        self.work_left = left.unwrap_or(0);
        left.map(drop)
    }
}

/// [`Suggestions::nearest`] for a single name.
///
/// ```
/// assert_eq!(owners::text::nearest::nearest("fogre", ["file", "forge"]), Some("forge"));
/// assert_eq!(owners::text::nearest::nearest("zzz", ["file", "forge"]), None);
/// ```
pub fn nearest<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    Suggestions::default().nearest(wanted, candidates)
}

/// [`Suggestions::did_you_mean`] for a single name.
#[must_use]
pub fn did_you_mean<'c>(
    wanted: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    Suggestions::default().did_you_mean(wanted, candidates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_bounded_whatever_is_asked() {
        let names: Vec<String> = (0..2_000).map(|n| format!("{n:0150}")).collect();
        let names = || names.iter().map(String::as_str);
        let mut suggestions = Suggestions::default();
        assert_eq!(suggestions.nearest(&"9".repeat(150), names()), None);
        assert!(suggestions.work_left < WORK);
        for _ in 0..1_000 {
            suggestions.nearest(&"0".repeat(150), names());
        }
        assert_eq!(suggestions.work_left, 0);
        assert_eq!(suggestions.nearest("abc", ["abd"]), None);
    }
}
