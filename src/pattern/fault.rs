//! What can be wrong with a pattern of `owners.toml`, and what to type instead.
//!
//! ```text
//! "/foo**/b"
//!   ^^^^^    `**` next to other text means a single `*`
//! help: write `foo*`, or make `**` a whole segment for any depth, as in `**/x`
//! ```

use std::fmt;
use std::ops::Range;

/// The most patterns that one pattern may expand to.
pub const MAX_EXPANSIONS: u64 = 10_000;
/// The most tokens (about characters) that all expansions of one pattern may have together.
pub const MAX_TOKENS: u64 = 4_000_000;
/// The deepest nesting of groups.
pub const MAX_DEPTH: usize = 64;

/// What is wrong with a pattern of `owners.toml`, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// Bytes of the pattern's text.
    pub span: Range<usize>,
    /// What is wrong there.
    pub fault: Fault,
}

/// The ways in which a pattern of `owners.toml` can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is nothing in it.
    Empty,
    /// `/` alone.
    OnlySlash,
    /// `//`
    DoubleSlash,
    /// A segment `.` or `..`.
    DotSegment {
        /// Whether it is `..`.
        parent: bool,
    },
    /// Three stars or more in a row.
    TripleStar,
    /// `**` glued to other text; the segment as it should be.
    GluedStars(String),
    /// `**/**`
    AdjacentDoubleStars,
    /// `**/` and nothing else.
    BareDoubleStar,
    /// A `\` with nothing behind it.
    TrailingBackslash,
    /// `\/`
    EscapedSlash,
    /// A control character, such as a tab.
    Control(char),
    /// A blank at the start or the end.
    OuterBlank,
    /// `{a}`: a group without a comma.
    NoComma(char),
    /// `{` without its `}`.
    Unclosed(char),
    /// `}` without its `{`.
    Unopened(char),
    /// `{a,b>`
    Mismatched {
        /// The opening character.
        open: char,
        /// The character that closes it wrongly.
        close: char,
    },
    /// Groups nested too deep.
    TooDeep,
    /// More expansions than [`MAX_EXPANSIONS`].
    TooMany(u64),
    /// Expansions that are too long taken together.
    TooLong,
}

/// The character that closes a group opened by `open`.
fn closer(open: char) -> char {
    if open == '<' { '>' } else { '}' }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Empty => f.write_str("empty pattern"),
            Fault::OnlySlash => f.write_str("`/` matches nothing"),
            Fault::DoubleSlash => f.write_str("empty segment: `//` matches nothing"),
            Fault::DotSegment { parent: false } => f.write_str("a `.` segment matches nothing"),
            Fault::DotSegment { parent: true } => f.write_str("a `..` segment matches nothing"),
            Fault::TripleStar => f.write_str("three stars in a row mean nothing"),
            Fault::GluedStars(_) => f.write_str("`**` next to other text means a single `*`"),
            Fault::AdjacentDoubleStars => f.write_str("`**/**` matches nothing on GitHub"),
            Fault::BareDoubleStar => f.write_str("`**/` matches nothing on GitHub"),
            Fault::TrailingBackslash => f.write_str("nothing follows the backslash"),
            Fault::EscapedSlash => f.write_str("a slash cannot be escaped"),
            Fault::Control(character) => {
                write!(f, "control character {character:?} in a pattern")
            }
            Fault::OuterBlank => f.write_str("a pattern cannot start or end with a blank"),
            Fault::NoComma(open) => {
                write!(
                    f,
                    "`{open}…{}` has no comma, so it has no alternatives",
                    closer(*open)
                )
            }
            Fault::Unclosed(open) => write!(f, "`{open}` is never closed"),
            Fault::Unopened(close) => write!(f, "`{close}` closes nothing"),
            Fault::Mismatched { open, close } => write!(f, "`{open}` is closed by `{close}`"),
            Fault::TooDeep => f.write_str("alternatives are nested too deep"),
            Fault::TooMany(count) => {
                write!(f, "this expands to {} patterns", Counted(*count))
            }
            Fault::TooLong => f.write_str("the expansions of this pattern are too long"),
        }
    }
}

/// A count that may have been cut off at `u64::MAX`.
struct Counted(u64);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == u64::MAX {
            f.write_str("more than 10^19")
        } else {
            write!(f, "{}", self.0)
        }
    }
}

impl Fault {
    /// What to type instead.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Fault::Empty => "write `*` for every path".into(),
            Fault::OnlySlash => "write `*` for every path, `/*` for the files at the root".into(),
            Fault::DoubleSlash => "write one `/`, or `/**/` for any directories between".into(),
            Fault::DotSegment { parent: false } => {
                "patterns start at the root of the repository already: remove the `.`".into()
            }
            Fault::DotSegment { parent: true } => {
                "a pattern matches only below the directory of its file: remove the `..`".into()
            }
            Fault::TripleStar => {
                "write `*` within a segment, or `**` as a whole segment for any depth".into()
            }
            Fault::GluedStars(segment) => format!(
                "write `{segment}`, or make `**` a whole segment for any depth, as in `**/x`"
            ),
            Fault::AdjacentDoubleStars => "write one `**`: it matches any depth".into(),
            Fault::BareDoubleStar => {
                "write `*` for every path, `*/` for every path in a directory".into()
            }
            Fault::TrailingBackslash => {
                r"write `\\` for a backslash, in single quotes so that TOML leaves it alone".into()
            }
            Fault::EscapedSlash => "remove the backslash".into(),
            Fault::Control(_) => "write `?` in its place".into(),
            Fault::OuterBlank => {
                r"remove the blank; to match one, write `?`, or `\ ` in single quotes".into()
            }
            Fault::NoComma(open) => format!(
                "for the characters themselves, write '\\{open}' and '\\{}', in single quotes",
                closer(*open)
            ),
            Fault::Unclosed(open) => format!(
                "close it with `{}`; for the character itself, write '\\{open}', in single quotes",
                closer(*open)
            ),
            Fault::Unopened(close) => {
                format!("for the character itself, write '\\{close}', in single quotes")
            }
            Fault::Mismatched { open, .. } => format!("close it with `{}`", closer(*open)),
            Fault::TooDeep => {
                format!("at most {MAX_DEPTH} levels are allowed")
            }
            Fault::TooLong => {
                format!(
                    "at most {MAX_TOKENS} characters are allowed in all expansions: split the rule"
                )
            }
            Fault::TooMany(_) => {
                format!("at most {MAX_EXPANSIONS} patterns are allowed: split the rule, or use `*`")
            }
        }
    }
}
