//! Finds the places of a key. The name of a table is repeated in each header and each dotted key below
//! it: `[groups.wasi]`, `[groups.wasi.meta]`, `groups.wasi.team = …`. A parsed table has only the first.

use std::borrow::Cow;
use std::ops::Range;

use toml_parser::decoder::Encoding;
use toml_parser::parser::{EventReceiver, RecursionGuard, parse_document};
use toml_parser::{ErrorSink, Raw, Source, Span};

/// The places where a sound text names the entry `name` of the table `table`.
pub(crate) fn of_entry(text: &str, table: &str, name: &str) -> Vec<Range<usize>> {
    let mut finder = Finder {
        text,
        wanted: [table, name],
        prefixes: vec![Prefix::default()],
        keys: Prefix::default(),
        places: Vec::new(),
    };
    let tokens = Source::new(text).lex().into_vec();
    let mut receiver = RecursionGuard::new(&mut finder, 80);
    parse_document(&tokens, &mut receiver, &mut ());
    finder.places
}

/// The start of a path of keys, as far as it matters: whether it is that of the entry.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    /// The number of keys, at most 2.
    length: usize,
    /// Whether another path has begun.
    differs: bool,
}

struct Finder<'t> {
    text: &'t str,
    wanted: [&'t str; 2],
    /// The path of the table that the keys are in: of the header, and of each inline table.
    prefixes: Vec<Prefix>,
    /// The path of the keys of this line or header.
    keys: Prefix,
    places: Vec<Range<usize>>,
}

impl Finder<'_> {
    fn prefix(&self) -> Prefix {
        self.prefixes.last().copied().unwrap_or_default()
    }

    fn header(&mut self) {
        self.prefixes.truncate(1);
        self.prefixes[0] = self.keys;
    }
}

impl EventReceiver for Finder<'_> {
    fn std_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.keys = Prefix::default();
    }

    fn std_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.header();
    }

    fn array_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.keys = Prefix::default();
    }

    fn array_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.header();
    }

    fn inline_table_open(&mut self, _span: Span, _error: &mut dyn ErrorSink) -> bool {
        self.prefixes.push(self.keys);
        true
    }

    fn inline_table_close(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.prefixes.pop();
        self.keys = self.prefix();
    }

    fn simple_key(&mut self, span: Span, kind: Option<Encoding>, error: &mut dyn ErrorSink) {
        let Some(&wanted) = self.wanted.get(self.keys.length) else {
            return;
        };
        let range = span.start()..span.end();
        let mut key = Cow::Borrowed("");
        Raw::new_unchecked(&self.text[range.clone()], kind, span).decode_key(&mut key, error);
        self.keys.differs |= key != wanted;
        self.keys.length += 1;
        if self.keys.length == self.wanted.len() && !self.keys.differs {
            self.places.push(range);
        }
    }

    fn value_sep(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.keys = self.prefix();
    }

    fn newline(&mut self, _span: Span, _error: &mut dyn ErrorSink) {
        self.keys = self.prefix();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_dotted_keys_and_inline_tables() {
        for (text, expected) in [
            ("[groups]\nx = '@a'\ny.x = 1\n[paths]\nx = '@a'\n", 1),
            (
                "[groups.x]\nx = 1\nteam = '@o/x'\n[groups.x.meta]\nx = 1\n[groups.y.x]\n",
                2,
            ),
            (
                "[groups . 'x']\n[[ groups.\"x\".meta.list ]]\nx.x = 1\n[[groups.x.meta.list]]\n",
                3,
            ),
            (
                "groups.x.team = 1\ngroups.\"\\u0078\" . meta.a = 1\ngroups.y.team = 1\nx = 1\n",
                2,
            ),
            (
                "groups = { x.team = 1, 'x'.meta = { x = 1, y = 2 }, y = { x = 1 } }\nx = 1\n",
                2,
            ),
            (
                "[groups]\ny = { meta = [{ x = 1 },\n { x = 2 }] }\nx.team = 1\nx.meta.a = [\n1,\n2]\n",
                2,
            ),
        ] {
            let places = of_entry(text, "groups", "x");
            assert_eq!(places.len(), expected, "{text}{places:?}");
            for place in places {
                assert!(text[place.clone()].contains(['x', '8']), "{text}{place:?}");
            }
        }
    }
}
