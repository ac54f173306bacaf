//! `add`, `remove` and `rename`, on lists that are written in every way that TOML has for them, with
//! comments all over: each edit is made, nothing but the names changes, and every other line stays.

#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::fmt::Write as _;

use owners::edit::{Edited, Removal, add, remove, rename};
use owners::text::FileId;
use owners::{Draft, Owner, Ownership, PathSet, Project};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const PEOPLE: [&str; 5] = ["@a", "@b", "@c", "@d", "b@x.org"];
const PATHS: [&str; 4] = ["x/1", "x/2", "y/1", "z"];

/// A list of names, and how it is written.
fn list() -> impl Strategy<Value = String> {
    let names = subsequence(PEOPLE.to_vec(), 1..=4).prop_shuffle();
    (names, 0..6usize, any::<bool>()).prop_map(|(names, form, is_literal)| {
        let quote = if is_literal { '\'' } else { '"' };
        let names: Vec<String> = names
            .iter()
            .map(|name| format!("{quote}{name}{quote}"))
            .collect();
        match form {
            0 if names.len() == 1 => names[0].clone(),
            0 | 1 => format!("[{}]", names.join(",")),
            2 => format!("[ {}, ]", names.join(" , ")),
            3 => format!("[\n  {} # last\n]", names.join(", # one, of them\n  ")),
            4 => format!("[\n\t# first\n\t{},\n]", names.join(",\n\t# next\n\t")),
            _ => format!("[{}\n  ]", names.join(",\n   ")),
        }
    })
}

/// A configuration with a nested file. The group `h` names the group `g`.
fn texts() -> impl Strategy<Value = (String, String)> {
    let names = subsequence(PEOPLE.to_vec(), 1..=3);
    (vec(list(), 5), names, any::<bool>(), any::<bool>()).prop_map(
        |(lists, names, is_dotted, has_team)| {
            let [g, y, z, required, nested] = lists.try_into().unwrap();
            let mut text = "nested = true # top\n".to_string();
            let team = if has_team { "'@o/t'" } else { "'@a'" };
            text += &match is_dotted {
                true => format!("groups.g.members = {g}\ngroups . h = ['g', {team}] # h\n"),
                false => format!("[groups]\n# g, and more\ng = {g}\nh = ['g', {team}]\n"),
            };
            write!(
                text,
                "[paths]\n'x/' = {{ owners = {names:?}, except = 'x/2' }}\n'*' = 'h' # all\n\
                 'y/' = {y} # y\n'z' = {{ add = \"g\" }}\n'x/2'.owners = {z}\n\n\
                 [[require]]\npaths = 'x/'\nany-of = {required}\n# end\n"
            )
            .unwrap();
            (text, format!("[paths]\n'1' = {nested}\n'2' = 'g'\n"))
        },
    )
}

fn project(text: &str, nested: &str) -> Project {
    let mut draft = Draft::new("owners.toml", text.into()).unwrap();
    draft.add("y", nested.into());
    draft
        .finish()
        .unwrap_or_else(|error| panic!("{error}:\n{text}"))
}

/// Each path with its owners, sorted, in lower case.
fn owners_of(project: &Project) -> Vec<Vec<String>> {
    let matcher = project.rules.matcher();
    let mut walk = matcher.walk();
    let of = |path: &&str| match walk.ownership(path.as_bytes()) {
        Ownership::Owned(owners) => {
            let mut names: Vec<String> = owners.iter().map(Owner::folded).collect();
            names.sort();
            names
        }
        Ownership::Nobody | Ownership::Unowned => Vec::new(),
    };
    PATHS.iter().map(of).collect()
}

/// The lines that name none of `names` are still there, in the same order, up to the comma of the last
/// item of a list.
fn keeps_lines(before: &str, after: &str, names: &[&str]) {
    let is_other = |line: &&str| !names.iter().any(|name| line.contains(name));
    let mut left = after.lines().map(|line| line.replace(',', ""));
    for line in before.lines().filter(is_other) {
        let wanted = line.replace(',', "");
        assert!(
            left.any(|each| each == wanted),
            "{line:?} of\n{before}\nis not in\n{after}"
        );
    }
}

fn text(edited: &Edited) -> &str {
    &edited.project.sources[FileId::ROOT].text
}

proptest! {
    #[test]
    fn an_owner_is_added((text_before, nested) in texts(), name in select(vec!["@z", "@B", "@o/u"])) {
        let before = project(&text_before, &nested);
        let has = before.rules.groups().iter().any(|group| {
            group.name == "g" && group.owners.iter().any(|owner| owner.folded() == name.to_lowercase())
        });
        let edited = add(&before, name, "g", "");
        prop_assert_eq!(edited.is_err(), has);
        let Ok(edited) = edited else { return Ok(()) };
        for (old, new) in owners_of(&before).iter().zip(owners_of(&edited.project)) {
            let added: Vec<&String> = new.iter().filter(|name| !old.contains(name)).collect();
            prop_assert!(added.iter().all(|each| **each == name.to_lowercase()));
            prop_assert!(old.iter().all(|name| new.contains(name)));
        }
        keeps_lines(&text_before, text(&edited), &["g ", "g.members"]);
    }

    #[test]
    fn an_owner_is_renamed((text_before, nested) in texts(), old in select(PEOPLE.to_vec()), new in select(vec!["@z", "@a", "@D"])) {
        let before = project(&text_before, &nested);
        let Ok(edited) = rename(&before, old, new, "") else {
            prop_assert!(old == new || ![&text_before, &nested].iter().any(|text| text.contains(old)));
            return Ok(());
        };
        for (was, is) in owners_of(&before).iter().zip(owners_of(&edited.project)) {
            let mut wanted: Vec<String> = was
                .iter()
                .map(|name| if name == old { new.to_lowercase() } else { name.clone() })
                .collect();
            wanted.sort();
            wanted.dedup();
            prop_assert_eq!(&wanted, &is);
        }
        // Where both names were in a list, one goes with the comment above it.
        keeps_lines(&text_before, text(&edited), &[old, "# first", "# next"]);
    }

    #[test]
    fn an_owner_is_removed((text_before, nested) in texts(), name in select(PEOPLE.to_vec())) {
        let before = project(&text_before, &nested);
        let paths: PathSet = PATHS.iter().collect();
        let edited = remove(&before, &paths, name, Removal::AllowUnowned);
        let Ok(edited) = edited else {
            prop_assert!(![&text_before, &nested].iter().any(|text| text.contains(name)));
            return Ok(());
        };
        let is_safe = remove(&before, &paths, name, Removal::Safe).is_ok();
        for (was, is) in owners_of(&before).iter().zip(owners_of(&edited.project)) {
            let wanted: Vec<&String> = was.iter().filter(|each| *each != name).collect();
            prop_assert_eq!(wanted, is.iter().collect::<Vec<_>>());
            prop_assert!(!is_safe || was.is_empty() || !is.is_empty());
        }
        prop_assert!(!text(&edited).contains(name) || name == "b@x.org");
    }

    #[test]
    fn a_group_is_renamed((text_before, nested) in texts(), new in select(vec!["k", "a.b", "h"])) {
        let before = project(&text_before, &nested);
        let edited = rename(&before, "g", new, "");
        prop_assert_eq!(edited.is_err(), new == "h");
        let Ok(edited) = edited else { return Ok(()) };
        prop_assert_eq!(owners_of(&before), owners_of(&edited.project));
        keeps_lines(&text_before, text(&edited), &["g"]);
    }
}
