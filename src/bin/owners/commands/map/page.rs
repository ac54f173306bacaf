//! The page: a template with its style, its script and the data in it.
//!
//! Nothing that comes from the repository becomes markup or script. The data is JSON in an element that
//! no browser runs, with every `<`, `>` and `&` written as an escape. And the policy of the page allows
//! only the style and the script with the right hashes, and no connection.

use std::fmt::Write as _;

/// The template. A word in double braces stands for what is inserted.
const PAGE: &str = include_str!("../../map/page.html");
const STYLE: &str = include_str!("../../map/map.css");
/// The scripts, as one: each uses only what is above it when it starts.
const SCRIPT: &str = concat!(
    include_str!("../../map/treemap.js"),
    include_str!("../../map/dom.js"),
    include_str!("../../map/tree.js"),
    include_str!("../../map/kinds.js"),
    include_str!("../../map/state.js"),
    include_str!("../../map/theme.js"),
    include_str!("../../map/texture.js"),
    include_str!("../../map/filter.js"),
    include_str!("../../map/layout.js"),
    include_str!("../../map/paint.js"),
    include_str!("../../map/pane.js"),
    include_str!("../../map/details.js"),
    include_str!("../../map/legend.js"),
    include_str!("../../map/search.js"),
    include_str!("../../map/list.js"),
    include_str!("../../map/history.js"),
    include_str!("../../map/main.js"),
);
/// The content security policy, with the hashes of style and script. A test calculates them.
const POLICY: &str = include_str!("../../map/policy.txt");

/// The page with a title, and JSON that is [`embedded`].
pub(super) fn page(title: &str, data: &str) -> String {
    let mut page = String::with_capacity(PAGE.len() + STYLE.len() + SCRIPT.len() + data.len());
    let mut rest = PAGE;
    while let Some((before, from)) = rest.split_once("{{") {
        let (name, after) = from.split_once("}}").unwrap_or((from, ""));
        page.push_str(before);
        match name {
            "title" => push_text(&mut page, title),
            "policy" => page.push_str(POLICY.trim_end()),
            "style" => push_dense(&mut page, STYLE),
            "script" => push_dense(&mut page, SCRIPT),
            "data" => page.push_str(data),
            _ => {}
        }
        rest = after;
    }
    page.push_str(rest);
    page
}

/// Appends a style or a script without what no browser needs: indentation, empty lines, and lines that are a
/// comment. No text in it goes over a line.
fn push_dense(page: &mut String, source: &str) {
    let lines = source.lines().map(str::trim_start);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with("//")) {
        page.push_str(line);
        page.push('\n');
    }
}

/// Appends text, so that no part of it is markup.
fn push_text(page: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '&' => page.push_str("&amp;"),
            '"' => page.push_str("&quot;"),
            other => page.push(other),
        }
    }
}

/// JSON of which no part is markup. These characters are in strings only. The second of two `#` is escaped
/// because CI systems take what follows for a command, if the page is in a log.
pub(super) fn embedded(data: &str) -> String {
    let mut page = String::with_capacity(data.len() + 64);
    let mut rest = data;
    while let Some(at) = rest.find(['<', '>', '&', '#', '\u{2028}', '\u{2029}']) {
        let (before, from) = rest.split_at(at);
        page.push_str(before);
        let mut characters = from.chars();
        if let Some(character) = characters.next() {
            match character == '#' && !page.ends_with('#') {
                true => page.push('#'),
                // Writing to a string cannot fail.
                false => drop(write!(page, "\\u{:04x}", u32::from(character))),
            }
        }
        rest = characters.as_str();
    }
    page.push_str(rest);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_is_markup() {
        let mut text = String::new();
        push_text(&mut text, "</title><script>\"&amp;");
        assert_eq!(text, "&lt;/title&gt;&lt;script&gt;&quot;&amp;amp;");
        let data = embedded(r###"["</script>&é##[x]#","<!--"]"###);
        let expected = r##"["\u003c/script\u003e\u0026é#\u0023[x]#","\u003c!--"]"##;
        assert_eq!(data, expected);
    }

    #[test]
    fn everything_is_inserted_once() {
        let page = page("{{data}}", "{{title}}");
        let dense = |source| {
            let mut dense = String::new();
            push_dense(&mut dense, source);
            dense
        };
        let (style, script) = (dense(STYLE), dense(SCRIPT));
        for part in [POLICY.trim_end(), &style, &script, ">{{title}}</script>"] {
            assert_eq!(page.matches(part).count(), 1, "{part}");
        }
        assert!(page.contains("<title>{{data}}: "));
    }

    #[test]
    fn only_comments_and_blanks_are_left_out() {
        let mut dense = String::new();
        push_dense(&mut dense, "// a\n\nf(1); // b\n  // c\n    g(\"//\");\n");
        assert_eq!(dense, "f(1); // b\ng(\"//\");\n");
        // A template that goes over a line would lose its indentation.
        let is_whole = |line: &str| line.matches('`').count().is_multiple_of(2);
        assert!(SCRIPT.lines().all(is_whole));
    }

    /// An element ends where its end is written, in a string or a comment as well.
    #[test]
    fn style_and_script_end_where_they_should() {
        assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.contains("</"));
    }
}
