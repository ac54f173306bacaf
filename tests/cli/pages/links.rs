//! Links into this repository lead to a file. Those that leave docs/ are whole addresses, so that they
//! work on the site, too. (`tests/packages/site.sh` follows the links within the site, with anchors.)

use super::{blocks, none, pages, project};

const REPOSITORY: &str = "https://github.com/owners-cli/owners/";

#[test]
fn links_into_this_repository_lead_to_a_file() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        for (number, line) in blocks(&page.text).1 {
            for target in targets(line) {
                count += usize::from(target.starts_with(REPOSITORY));
                let fault = fault(&page.name, target);
                faults.extend(fault.map(|fault| format!("{}:{number}: {fault}", page.name)));
            }
        }
    }
    assert!(count > 3, "only {count} links are found");
    none(&faults);
}

/// What is wrong with a link of a page.
fn fault(page: &str, target: &str) -> Option<String> {
    let upwards = target.matches("../").count();
    let is_outside = page.starts_with("docs/") && upwards >= page.matches('/').count();
    if is_outside {
        return Some(format!(
            "{target} is not on the site: write {REPOSITORY}blob/main/..."
        ));
    }
    let Some(rest) = target.strip_prefix(REPOSITORY) else {
        return missing(page, target);
    };
    let path = rest
        .strip_prefix("blob/main/")
        .or(rest.strip_prefix("tree/main/"))?;
    let file = path.split('#').next()?;
    (!project().join(file).exists()).then(|| format!("there is no {file}"))
}

/// A relative link that leads nowhere.
fn missing(page: &str, target: &str) -> Option<String> {
    let file = target.split('#').next()?;
    let directory = project().join(page);
    let is_relative = !file.contains(':') && !file.is_empty();
    let is_missing = is_relative && !directory.with_file_name("").join(file).exists();
    is_missing.then(|| format!("there is no {file}"))
}

/// The targets of the links in a line.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    let rest = line.split("](").skip(1);
    rest.filter_map(|rest| rest.split(')').next())
}

#[test]
fn wrong_links_are_noticed() {
    let link = |path: &str| format!("{REPOSITORY}blob/main/{path}");
    assert_eq!(fault("docs/a.md", &link("README.md#start")), None);
    assert_eq!(fault("docs/lints/a.md", "../fixing.md"), None);
    assert!(fault("docs/a.md", &link("READYOU.md")).is_some());
    assert!(fault("docs/lints/a.md", "../../README.md").is_some());
    assert_eq!(fault("README.md", "docs/json.md#a"), None);
    assert!(fault("README.md", "docs/jason.md").is_some());
}

/// A link leads to the first of two headings that are the same, and one of the two is mostly outdated.
#[test]
fn no_page_has_a_heading_twice() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        let mut seen = std::collections::HashSet::new();
        for (number, line) in blocks(&page.text).1 {
            if line.starts_with("## ") {
                count += 1;
                let is_new = seen.insert(line.to_string());
                faults.extend((!is_new).then(|| format!("{}:{number}: {line}", page.name)));
            }
        }
    }
    assert!(count > 100, "only {count} headings are found");
    none(&faults);
}

/// A page that is not in the table of contents is not on the site.
#[test]
fn every_page_is_in_the_table_of_contents() {
    let pages = pages();
    let contents = pages.iter().find(|page| page.name == "docs/SUMMARY.md");
    let contents: Vec<&str> = contents.unwrap().text.lines().flat_map(targets).collect();
    let names = pages
        .iter()
        .filter_map(|page| page.name.strip_prefix("docs/"));
    let missing = names.filter(|name| *name != "SUMMARY.md" && !contents.contains(name));
    let missing: Vec<String> = missing
        .map(|name| format!("{name} is not in docs/SUMMARY.md"))
        .collect();
    none(&missing);
}

/// `CHANGELOG.md` is a page of the site, too, one directory above the others: there, its links lead
/// where book.toml redirects them.
#[test]
fn links_of_the_changelog_are_redirected_on_the_site() {
    let read = |file: &str| std::fs::read_to_string(project().join(file)).unwrap();
    let (book, changelog) = (read("book.toml"), read("CHANGELOG.md"));
    let linked = changelog.lines().flat_map(targets);
    let pages = linked.filter_map(|link| link.split('#').next()?.strip_suffix(".md"));
    let row = |page: &str| {
        let name = page.strip_prefix("docs/").unwrap_or(page);
        format!("\"/{page}.html\" = \"../{name}.html\"")
    };
    let rows: std::collections::BTreeSet<String> = pages.map(row).collect();
    assert!(rows.len() > 3, "only {rows:?} are found");
    let missing: Vec<String> = rows
        .into_iter()
        .filter(|row| !book.lines().any(|line| line == row))
        .map(|row| format!("book.toml lacks {row}"))
        .collect();
    none(&missing);
}
