//! What is left of the text: `--fix` cuts out of every way to write a rule, with its comments.

use super::{fixed, table};

#[test]
fn ways_of_writing() {
    table(&[
        // Inline, on one line and on several.
        (
            "paths = { '*' = '@a', '/gone/' = '@b', '/a/' = '@c', '/a' = '@d' }\n",
            "paths = { '*' = '@a', '/gone/' = '@b', '/a' = '@d' }\n",
            "paths = { '*' = '@a', '/a' = '@d' }\n",
        ),
        (
            "paths = { '/{gone,a}/x' = '@a', '/a' = '@d' }\n",
            "paths = { '/gone/x' = '@a', '/a' = '@d' }\n",
            "paths = { '/a' = '@d' }\n",
        ),
        (
            "paths = {\n  '*' = '@a',\n  '/gone' = '@b' # last\n}\n",
            "paths = {\n  '*' = '@a',\n  '/gone' = '@b' # last\n}\n",
            "paths = {\n  '*' = '@a'\n}\n",
        ),
        // Dotted, and as tables.
        (
            "paths.'*' = '@a'\npaths.'/gone'.owners = '@b'\npaths.'/a/' = '@c'\npaths.'/gone'.except = 'x'\n",
            "paths.'*' = '@a'\npaths.'/gone'.owners = '@b'\npaths.'/a/' = '@c'\npaths.'/gone'.except = 'x'\n",
            "paths.'*' = '@a'\npaths.'/a/' = '@c'\n",
        ),
        (
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
        ),
        // Groups, in all forms; one that goes may be what named another.
        (
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
            r"[groups]
a = '@a'

[groups.e]
members = 'a'
[paths]
'*' = 'e'
",
        ),
        (
            "groups = { old = '@a' }\npaths = { '*' = '@b' }\n",
            "groups = {}\npaths = { '*' = '@b' }\n",
            "groups = {}\npaths = { '*' = '@b' }\n",
        ),
        // Exemptions.
        (
            r"[check]
exempt = ['/gone/', '/a/', '/never']
[paths]
'/{b,c,.github}/' = '@b'
'/*' = '@b'
",
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
        ),
        (
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
        ),
        (
            r"[check]
exempt = '/gone/' # why
min-members = 1
[paths]
'*' = '@b'
",
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
        ),
        (
            r"check = { exempt = '/gone/', min-members = 1 }
[paths]
'*' = '@b'
",
            r"check = { exempt = '/gone/', min-members = 1 }
[paths]
'*' = '@b'
",
            r"check = { min-members = 1 }
[paths]
'*' = '@b'
",
        ),
        // Quotes and escapes stay as they are.
        (
            r#"[paths]
'*' = '@a'
"/{a,gon\u0065,b}/" = '@b'
'/{c,\{\,\}}/' = '@c'
"#,
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
        ),
        (
            r#"[paths]
'*' = '@a'
"/<\u00e9,a\u002f>x" = '@b'
"#,
            r#"[paths]
'*' = '@a'
"/<\u00e9,a\u002f>x" = '@b'
"#,
            r#"[paths]
'*' = '@a'
"/a\u002fx" = '@b'
"#,
        ),
        // Nothing is left but the table that must be there.
        (
            "[paths]\n'/gone' = '@a'\n",
            "[paths]\n'/gone' = '@a'\n",
            "[paths]\n",
        ),
        ("paths.'/gone' = '@a'", "paths.'/gone' = '@a'", "[paths]\n"),
    ]);
}

#[test]
fn comments() {
    table(&[
        // A rule goes with its comments.
        (
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
        ),
        // What heads a paragraph stays with what is left of it, and goes with the last of it.
        (
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
        ),
        // What an empty line separates stays.
        (
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
            r"# Head.

[paths]
# Rules.

# tail of it

'*' = '@a'
# end
",
        ),
        // What begins the file is about all of it.
        (
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
            r"# ours
[paths]
'*' = '@a'
",
        ),
        // A string is no comment.
        (
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
        ),
    ]);
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
