//! "Did you mean": finds the known name nearest to an unknown one.

/// About how many character comparisons are made before suggestions stop. A file with thousands of
/// unknown names has a problem other than spelling.
const WORK: usize = 20_000_000;
/// The maximum length of a name that is compared.
const MAX_NAME: usize = 200;
/// The minimum length of a name that another name may contain as a part.
const MIN_PART: usize = 3;
/// The minimum length of a name in which one letter may differ.
const MIN_MISSPELLED: usize = 6;
/// The minimum length of a word with a misspelling.
const MIN_WORD: usize = 4;

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
            if wanted_length > MAX_NAME || difference > 8 || !(is_near(difference) || is_part) {
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

    /// The names that `wanted` is most likely a misspelling of. The rule is stricter than that of
    /// [`nearest`](Self::nearest), since a mistake here is an error for the user:
    ///
    /// 1. Names that differ in nothing but case, blanks, `-`, `_` or `.`. A dot at the start must be
    ///    in both.
    /// 2. If there are none, names with two neighbouring letters swapped in a word of at least 4
    ///    characters, and names of at least 6 characters with the same first character and the same
    ///    digits, in which one letter of such a word differs. In a name of at least 12 characters, two
    ///    such differences are allowed. A name of less than 6 characters must be the only one.
    ///
    /// ```
    /// let mut suggestions = owners::text::nearest::Suggestions::default();
    /// assert_eq!(suggestions.misspelled("wasi-htpp", ["wasi-http", "wasi-tls"]), ["wasi-http"]);
    /// assert_eq!(suggestions.misspelled("dosc", ["docs", "src"]), ["docs"]);
    /// assert!(suggestions.misspelled("wasm", ["wasi"]).is_empty());
    /// ```
    pub fn misspelled<'c>(
        &mut self,
        wanted: &str,
        names: impl IntoIterator<Item = &'c str>,
    ) -> Vec<&'c str> {
        let wanted_key: Vec<char> = key_of(wanted).collect();
        let wanted = wanted.to_lowercase();
        let length = wanted.chars().count();
        let (mut same, mut near) = (Vec::new(), Vec::new());
        for name in names {
            if self.spend(2 + name.len() / 8).is_none() {
                return Vec::new();
            }
            if name.len().abs_diff(wanted.len()) > 8 || length > MAX_NAME {
                continue;
            }
            if key_of(name).eq(wanted_key.iter().copied()) {
                same.push(name);
                continue;
            }
            if !same.is_empty() {
                continue;
            }
            let folded = name.to_lowercase();
            if word_with_swapped_letters(&wanted, &folded) >= Some(MIN_WORD) {
                near.push(name);
                continue;
            }
            if !may_be_misspelled(&wanted, &folded) {
                continue;
            }
            if self.spend((length + 1) * (length + 3)).is_none() {
                return Vec::new();
            }
            let most = if length >= 12 { 2 } else { 1 };
            if distance_within(&wanted, &folded, most).is_some() {
                near.push(name);
            }
        }
        match near.as_slice() {
            _ if !same.is_empty() => same,
            [_, _, ..] if length < MIN_MISSPELLED => Vec::new(),
            _ => near,
        }
    }

    /// The names that `wanted` may stand for, the most similar first. The rule is stricter than that
    /// of [`nearest`](Self::nearest), since any name may stand beside another one: at most a quarter
    /// of the letters differ (without an extension that both have), two neighbouring letters are
    /// swapped, or one name is the other with a part more at its start or end, such as `http-tls` for
    /// `http`.
    ///
    /// ```
    /// let mut suggestions = owners::text::nearest::Suggestions::default();
    /// assert_eq!(suggestions.similar("http", ["https", "http-tls", "hatch"]), ["https", "http-tls"]);
    /// ```
    pub fn similar<'c>(
        &mut self,
        wanted: &str,
        names: impl IntoIterator<Item = &'c str>,
    ) -> Vec<&'c str> {
        let wanted = wanted.to_lowercase();
        let length = wanted.chars().count();
        let mut found: Vec<(usize, &str)> = Vec::new();
        for name in names {
            if self.spend(1 + name.len() / 16).is_none() {
                return Vec::new();
            }
            let folded = name.to_lowercase();
            let (other, longest) = (folded.chars().count(), length.max(folded.chars().count()));
            // All files of a language have the same extension.
            let compared = longest - same_extension(&wanted, &folded);
            let is_near = |distance: usize| distance * 4 <= compared;
            let is_longer = has_part_more(&wanted, &folded) || has_part_more(&folded, &wanted);
            // The edit distance is at least the difference in length.
            if longest > MAX_NAME || !(is_near(length.abs_diff(other)) || is_longer) {
                continue;
            }
            if self.spend((length + 1) * (other + 1)).is_none() {
                return Vec::new();
            }
            let most = if is_longer { longest } else { compared / 4 };
            let swapped = || word_with_swapped_letters(&wanted, &folded).map(|_| 1);
            if let Some(distance) = distance_within(&wanted, &folded, most).or_else(swapped) {
                found.push((distance, name));
            }
        }
        found.sort_by_key(|(distance, _)| *distance);
        found.into_iter().map(|(_, name)| name).collect()
    }

    /// Whether the work is used up, so that an empty answer means nothing.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.work_left == 0
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

/// What is compared of two names that differ in case and separators only.
fn key_of(name: &str) -> impl Iterator<Item = char> {
    let is_separator = |character: char| matches!(character, ' ' | '-' | '_' | '.');
    let dot = name.starts_with('.').then_some('.');
    let rest = name
        .chars()
        .filter(move |&character| !is_separator(character));
    dot.into_iter().chain(rest.flat_map(char::to_lowercase))
}

/// The edit distance of two names, if it is at most `most`. Swapping two neighbours is one edit.
fn distance_within(a: &str, b: &str, most: usize) -> Option<usize> {
    // What both have in common at the start and at the end takes no edit.
    let pairs = a.char_indices().zip(b.chars());
    let before = pairs.take_while(|((_, a), b)| a == b).last();
    let start = before.map_or(0, |((at, character), _)| at + character.len_utf8());
    let (a, b) = (&a[start..], &b[start..]);
    let pairs = a.chars().rev().zip(b.chars().rev());
    let behind: usize = (pairs.take_while(|(a, b)| a == b))
        .map(|(character, _)| character.len_utf8())
        .sum();
    let (a, b) = (&a[..a.len() - behind], &b[..b.len() - behind]);
    let distance = || strsim::osa_distance(a, b);
    (least_distance(a, b) <= most)
        .then(distance)
        .filter(|&distance| distance <= most)
}

/// A number of edits that are certainly needed. An edit removes at most one byte value of those that only
/// one of the names has, if they are ASCII.
fn least_distance(a: &str, b: &str) -> usize {
    if !a.is_ascii() || !b.is_ascii() {
        return 0;
    }
    let mut counts = [0_i32; 128];
    a.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    b.bytes().for_each(|byte| counts[usize::from(byte)] -= 1);
    let only =
        |counts: &mut dyn Iterator<Item = i32>| counts.map(|count| count.max(0)).sum::<i32>();
    let only_a = only(&mut counts.iter().copied());
    let only_b = only(&mut counts.iter().map(|count| -count));
    only_a.max(only_b) as usize
}

/// Whether `long` is `short` with something before or after it that a separator divides from it.
fn has_part_more(long: &str, short: &str) -> bool {
    let is_separator = |character: char| !character.is_alphanumeric();
    let is_part = |rest: &str| rest.chars().any(|character| !is_separator(character));
    let before = long.strip_suffix(short);
    let after = long.strip_prefix(short);
    short.len() >= MIN_PART
        && (before.is_some_and(|rest| rest.ends_with(is_separator) && is_part(rest))
            || after.is_some_and(|rest| rest.starts_with(is_separator) && is_part(rest)))
}

/// The length of the extension with its dot, if it is the same for both names.
fn same_extension(a: &str, b: &str) -> usize {
    fn extension(name: &str) -> Option<&str> {
        let dot = memchr::memrchr(b'.', name.as_bytes())?;
        Some(&name[dot..])
    }
    match (extension(a), extension(b)) {
        (Some(a), Some(b)) if a == b => a.chars().count(),
        _ => 0,
    }
}

/// The cheap conditions for a wrong letter, of two names in lower case.
fn may_be_misspelled(wanted: &str, name: &str) -> bool {
    fn digits(name: &str) -> impl Iterator<Item = char> {
        name.chars().filter(|each| each.is_numeric())
    }
    // Most names differ here already.
    if wanted.chars().next() != name.chars().next() {
        return false;
    }
    let (a, b): (Vec<char>, Vec<char>) = (wanted.chars().collect(), name.chars().collect());
    if a.len().min(b.len()) < MIN_MISSPELLED || a.len().abs_diff(b.len()) > 2 {
        return false;
    }
    let (before, behind) = common_ends(&a, &b);
    let word = |name: &[char]| word_around(name, before, name.len() - behind);
    word(&a).max(word(&b)) >= MIN_WORD && digits(wanted).eq(digits(name))
}

/// If two names differ in nothing but two neighbouring letters that are swapped: the length of the word
/// with these letters.
fn word_with_swapped_letters(wanted: &str, name: &str) -> Option<usize> {
    /// Two letters have at most so many bytes.
    const MAX_BYTES: usize = 8;
    if wanted.len() != name.len() {
        return None;
    }
    let pairs = || wanted.bytes().zip(name.bytes());
    let before = pairs().take_while(|(a, b)| a == b).count();
    let behind = pairs().rev().take_while(|(a, b)| a == b).count();
    if before + behind + MAX_BYTES < wanted.len() {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (wanted.chars().collect(), name.chars().collect());
    let (before, behind) = common_ends(&a, &b);
    let end = a.len() - behind;
    let is_swap = a.len() == b.len()
        && end == before + 2
        && a[before..end].iter().all(|each| each.is_alphabetic())
        && [a[before], a[before + 1]] == [b[before + 1], b[before]];
    is_swap.then(|| word_around(&a, before, end))
}

/// How many characters two names have in common at the start, and then at the end.
fn common_ends(a: &[char], b: &[char]) -> (usize, usize) {
    let pairs = a.iter().zip(b);
    let before = pairs.take_while(|(a, b)| a == b).count();
    let pairs = a[before..].iter().rev().zip(b[before..].iter().rev());
    (before, pairs.take_while(|(a, b)| a == b).count())
}

/// The length of a part of a name with the letters and digits on both sides of it.
fn word_around(name: &[char], start: usize, end: usize) -> usize {
    let is_letter = |each: &&char| each.is_alphanumeric();
    let left = name[..start].iter().rev().take_while(is_letter).count();
    let right = name[end..].iter().take_while(is_letter).count();
    left + (end - start) + right
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
    fn misspellings() {
        for (wanted, name, expected) in [
            // Case and separators.
            ("readme.md", "README.md", true),
            ("a_b", "a-b", true),
            (" b", "b", true),
            ("wasihttp", "wasi-http", true),
            ("github", ".github", false),
            (".GitHub", ".github", true),
            // One letter.
            ("wasi-htpp", "wasi-http", true),
            ("srevices", "services", true),
            ("service", "services", true),
            ("config.yml", "config.yaml", true),
            ("compiler", "compilre", true),
            ("documentation", "documentaitno", true),
            ("compiler", "cmopilre", false),
            // Swapped letters, in short names as well.
            ("dosc", "docs", true),
            ("losg", "logs", true),
            ("odcs", "docs", true),
            ("dosc.md", "docs.md", true),
            ("sdocs", "docss", false),
            ("scr", "src", false),
            ("scr-x", "src-x", false),
            ("v12x", "v21x", false),
            ("vx1a", "v1xa", false),
            // Short names and words.
            ("dcos", "docs", true),
            ("tetss", "tests", true),
            ("codcs", "docs", false),
            ("dosc", "docs", true),
            ("scr", "src", false),
            ("wasm", "wasi", false),
            ("docs", "doc", false),
            ("plugin-a", "plugin-b", false),
            ("plugin-ci", "plugin-ui", false),
            ("index.js", "index.ts", false),
            // Other numbers.
            ("ade7880", "ade7953", false),
            ("driver-v1", "driver-v2", false),
            ("release10", "release1", false),
            // Unrelated names.
            ("wasi-http", "wasi-tls", false),
            ("server", "fserver", false),
            ("crates", "grates", false),
            ("crate", "crates", false),
        ] {
            let found = Suggestions::default().misspelled(wanted, [name]);
            assert_eq!(found == [name], expected, "{wanted} {name}");
        }
        // A short name must be the only one.
        let found = Suggestions::default().misspelled("dosc", ["docs", "odsc"]);
        assert!(found.is_empty(), "{found:?}");
        // What differs least is meant.
        let found = Suggestions::default().misspelled("readme.md", ["readmes.md", "README.md"]);
        assert_eq!(found, ["README.md"]);
    }

    /// The shortcuts of `distance_within` change no answer.
    #[test]
    fn distances_are_those_of_strsim() {
        let names = [
            "",
            "a",
            "ab",
            "ba",
            "abc",
            "acb",
            "aab",
            "aba",
            "abab",
            "baba",
            "éa",
            "aé",
            "éé",
            "aéb",
            "kitten",
            "sitting",
            "config.yml",
            "config.yaml",
            "wasi-http",
            "wasi-htpp",
            "wasi-tls",
        ];
        for (a, b) in names.iter().flat_map(|a| names.iter().map(move |b| (a, b))) {
            let distance = strsim::osa_distance(a, b);
            for most in 0..12 {
                let expected = (distance <= most).then_some(distance);
                assert_eq!(distance_within(a, b, most), expected, "{a} {b} {most}");
            }
        }
    }

    #[test]
    fn similar_names() {
        for (wanted, name, expected) in [
            // A quarter of the letters.
            ("doc", "docs", true),
            ("dcos", "docs", true),
            ("wasm", "wasi", true),
            ("github", ".github", true),
            ("Licence", "LICENSE", true),
            ("pulsar", "pulse", false),
            ("core", "cores2", false),
            ("a.rs", "x.rs", false),
            ("read.rs", "reed.rs", true),
            ("lib", "bin", false),
            // Swapped letters in a short name.
            ("scr", "src", true),
            ("sr", "rs", true),
            ("cab", "abc", false),
            // A part more at the start or the end.
            ("vespa", "vespa_ng", true),
            ("vespa_ng", "vespa", true),
            ("vespa", "old-vespa", true),
            ("vespa", "vespasian-hills", false),
            ("ui", "ui-components", false),
        ] {
            let found = Suggestions::default().similar(wanted, [name]);
            assert_eq!(found == [name], expected, "{wanted} {name}");
        }
        let found = Suggestions::default().similar("vespa", ["vespa-next", "vespas", "vesta"]);
        assert_eq!(found, ["vespas", "vesta", "vespa-next"]);
    }

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
        assert!(suggestions.is_exhausted());
        assert!(suggestions.misspelled("abc", ["ABC"]).is_empty());
        assert_eq!(suggestions.nearest("abc", ["abd"]), None);
        assert!(suggestions.similar("abcd", ["abce"]).is_empty());
    }
}
