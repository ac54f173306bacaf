//! What is left of the text: `--fix` cuts out of every way to write a rule, with its comments.

use super::{becomes, becomes_in_this_tree, becomes_step_by_step, fixed};

#[test]
fn an_inline_table() {
    becomes_step_by_step(
        "paths = { '*' = '@a', '/gone/' = '@b', '/a/' = '@c', '/a' = '@d' }\n",
        "paths = { '*' = '@a', '/gone/' = '@b', '/a' = '@d' }\n",
        "paths = { '*' = '@a', '/a' = '@d' }\n",
    );
}

#[test]
fn alternatives_in_an_inline_table() {
    becomes_step_by_step(
        "paths = { '/{gone,a}/x' = '@a', '/a' = '@d' }\n",
        "paths = { '/gone/x' = '@a', '/a' = '@d' }\n",
        "paths = { '/a' = '@d' }\n",
    );
}

#[test]
fn an_inline_table_on_several_lines() {
    becomes_in_this_tree(
        "paths = {\n  '*' = '@a',\n  '/gone' = '@b' # last\n}\n",
        "paths = {\n  '*' = '@a'\n}\n",
    );
}

#[test]
fn dotted_keys() {
    becomes_in_this_tree(
        "paths.'*' = '@a'\npaths.'/gone'.owners = '@b'\npaths.'/a/' = '@c'\npaths.'/gone'.except = 'x'\n",
        "paths.'*' = '@a'\npaths.'/a/' = '@c'\n",
    );
}

#[test]
fn tables_of_their_own() {
    becomes_in_this_tree(
        r"[paths.'*']
owners = '@a'

# gone
[paths.'/gone']
owners = '@b'
# why
except = 'x'

[paths.'/a/']
owners = '@c'
",
        r"[paths.'*']
owners = '@a'

[paths.'/a/']
owners = '@c'
",
    );
}

/// A group that goes may be the only one that named another.
#[test]
fn groups_in_all_forms() {
    becomes(
        r"[groups]
a = '@a'
b = 'c'
c.team = '@o/c'
c.members = ['d']

[groups.d]
members = '@d'

[groups.e]
members = 'a'
[paths]
'*' = 'e'
",
        r"[groups]
a = '@a'

[groups.e]
members = 'a'
[paths]
'*' = 'e'
",
    );
}

#[test]
fn an_inline_table_of_groups() {
    becomes(
        "groups = { old = '@a' }\npaths = { '*' = '@b' }\n",
        "groups = {}\npaths = { '*' = '@b' }\n",
    );
}

#[test]
fn exemptions_on_one_line() {
    becomes_in_this_tree(
        r"[check]
exempt = ['/gone/', '/a/', '/never']
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
        r"[check]
exempt = ['/a/']
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
    );
}

#[test]
fn exemptions_on_several_lines() {
    becomes_in_this_tree(
        r"[check]
exempt = [
  # soon
  '/gone/', # in May

  '/a/', '/never',
  '/x', '/y', # both
]
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
        r"[check]
exempt = [

  '/a/',
]
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
    );
}

#[test]
fn a_single_exemption() {
    becomes_in_this_tree(
        r"[check]
exempt = '/gone/' # why
min-members = 1
[paths]
'*' = '@b'
",
        r"[check]
min-members = 1
[paths]
'*' = '@b'
",
    );
}

#[test]
fn an_exemption_in_an_inline_table() {
    becomes_in_this_tree(
        r"check = { exempt = '/gone/', min-members = 1 }
[paths]
'*' = '@b'
",
        r"check = { min-members = 1 }
[paths]
'*' = '@b'
",
    );
}

#[test]
fn quotes_stay_as_they_are() {
    becomes_in_this_tree(
        r#"[paths]
'*' = '@a'
"/{a,gon\u0065,b}/" = '@b'
'/{c,\{\,\}}/' = '@c'
"#,
        r#"[paths]
'*' = '@a'
"/{a,b}/" = '@b'
'/c/' = '@c'
"#,
    );
}

#[test]
fn escapes_stay_as_they_are() {
    becomes_in_this_tree(
        r#"[paths]
'*' = '@a'
"/<\u00e9,a\u002f>x" = '@b'
"#,
        r#"[paths]
'*' = '@a'
"/a\u002fx" = '@b'
"#,
    );
}

/// A configuration must have it.
#[test]
fn an_empty_table_of_rules_stays() {
    becomes_in_this_tree("[paths]\n'/gone' = '@a'\n", "[paths]\n");
}

#[test]
fn a_table_of_rules_takes_the_place_of_the_last_dotted_key() {
    becomes_in_this_tree("paths.'/gone' = '@a'", "[paths]\n");
}

#[test]
fn a_rule_goes_with_its_comments() {
    becomes_in_this_tree(
        r"[paths]

# all
'*' = '@a'
# gone
# for good
'/gone' = '@b' # or not
# a
'/a' = '@c'
",
        r"[paths]

# all
'*' = '@a'
# a
'/a' = '@c'
",
    );
}

/// Until then it stays.
#[test]
fn what_heads_a_paragraph_goes_with_the_last_of_it() {
    becomes_in_this_tree(
        r"[paths]
'*' = '@a'

# Two.
'/gone' = '@b'
'/a' = '@c'

# One.
'/gone2' = '@b'

'/b' = '@c'
",
        r"[paths]
'*' = '@a'

# Two.
'/a' = '@c'

'/b' = '@c'
",
    );
}

#[test]
fn what_an_empty_line_separates_stays() {
    becomes(
        r"# Head.

[paths]
# Rules.

'/gone' = '@b'
# tail of it

'*' = '@a'
# end
",
        r"# Head.

[paths]
# Rules.

# tail of it

'*' = '@a'
# end
",
    );
}

/// It is about the whole file.
#[test]
fn what_begins_the_file_stays() {
    becomes(
        r"# ours
[groups.old]
members = '@b'
[paths]
'*' = '@a'
",
        r"# ours
[paths]
'*' = '@a'
",
    );
}

#[test]
fn a_string_is_no_comment() {
    becomes_in_this_tree(
        r"[groups.a]
members = '@a'
description = '''
# text'''
[paths]
'/gone' = 'a'
'/*' = 'a'
",
        r"[groups.a]
members = '@a'
description = '''
# text'''
[paths]
'/*' = 'a'
",
    );
}

#[test]
fn bytes_that_are_not_cut_stay() {
    for (config, expected) in [
        (
            "\u{feff}[paths]\r\n'*' = '@a'\r\n\r\n# c\r\n'/gone' = '@b'\r\n",
            "\u{feff}[paths]\r\n'*' = '@a'\r\n",
        ),
        (
            "[paths]\n'*'  =\t'@a'   \n'/gone' = '@b'",
            "[paths]\n'*'  =\t'@a'",
        ),
        (
            "[paths]\r\n'*' = '@a'\n'/gone' = '@b'\r\n\t'/a' = '@e'\n\n\n",
            "[paths]\r\n'*' = '@a'\n\t'/a' = '@e'\n\n\n",
        ),
    ] {
        assert_eq!(fixed("check --fix=tree", config), expected);
    }
}
