//! Where the pages of the documentation are.

use crate::lint::Lint;

const SITE: &str = "https://owners-cli.github.io/owners/";

/// The address of the page of a lint that is built in.
#[must_use]
pub fn lint_page(lint: &Lint) -> String {
    format!("{SITE}lints/{}.html", lint.name)
}

/// The page of a lint, with links that lead to the site. In the page itself, they are relative.
pub(super) fn page_of(lint: &Lint) -> String {
    let mut parts = lint.page.split("](");
    let mut page = parts.next().unwrap_or_default().to_string();
    for part in parts {
        page.push_str("](");
        let Some((target, rest)) = part.split_once(')') else {
            page.push_str(part);
            continue;
        };
        page.push_str(&absolute(target, lint));
        page.push(')');
        page.push_str(rest);
    }
    page
}

fn absolute(target: &str, lint: &Lint) -> String {
    if target.contains("://") {
        return target.to_string();
    }
    let (file, place) = match target.split_once('#') {
        Some((file, place)) => (file, format!("#{place}")),
        None => (target, String::new()),
    };
    let page = match file.strip_prefix("../") {
        _ if file.is_empty() => return lint_page(lint) + &place,
        Some(page) => page.to_string(),
        None => format!("lints/{file}"),
    };
    match page.strip_suffix(".md") {
        Some(page) => format!("{SITE}{page}.html{place}"),
        None => format!("{SITE}{page}{place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::LINTS;

    #[test]
    fn links_lead_to_the_site() {
        let lint = &LINTS[0];
        for (target, expected) in [
            ("https://x.example/a.md", "https://x.example/a.md"),
            (
                "dead-pattern.md",
                "https://owners-cli.github.io/owners/lints/dead-pattern.html",
            ),
            (
                "../fixing.md#b",
                "https://owners-cli.github.io/owners/fixing.html#b",
            ),
            (
                "#c",
                "https://owners-cli.github.io/owners/lints/skipped-line.html#c",
            ),
        ] {
            assert_eq!(absolute(target, lint), expected);
        }
        for lint in LINTS {
            let page = page_of(lint);
            let mut targets = page.split("](").skip(1);
            assert!(
                targets.all(|target| target.starts_with("https://")),
                "{page}"
            );
            assert!(
                page.ends_with(
                    lint.page
                        .rsplit("](")
                        .next()
                        .unwrap()
                        .trim_start_matches(|c| c != ')')
                )
            );
        }
    }
}
