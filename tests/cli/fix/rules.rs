//! Rules and parts of rules that `--fix` removes.

use super::table;

#[test]
fn rules() {
    table(&[
        // Shadowed.
        (
            r"[paths]
'/a/x' = '@a'
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
",
            r"[paths]
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
",
            r"[paths]
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
",
        ),
        // By several together.
        (
            r"[paths]
'*' = '@a'
'/c/' = '@a'
'/c/*' = '@b'
'/c/*/' = '@c'
",
            r"[paths]
'*' = '@a'
'/c/*' = '@b'
'/c/*/' = '@c'
",
            r"[paths]
'*' = '@a'
'/c/*/' = '@c'
",
        ),
        // Duplicates: the last one wins, so it stays.
        (
            r"[paths]
'*' = '@a'
'/a/' = '@b'
'a/**' = '@c'
",
            r"[paths]
'*' = '@a'
'a/**' = '@c'
",
            r"[paths]
'*' = '@a'
'a/**' = '@c'
",
        ),
        // One alternative is a duplicate, another shadowed, another dead.
        (
            r"[paths]
'*' = '@a'
'/{a,c/x,gone,b}/' = '@b'
'/a/' = '@c'
'/c/' = '@d'
",
            r"[paths]
'*' = '@a'
'/{gone,b}/' = '@b'
'/a/' = '@c'
'/c/' = '@d'
",
            r"[paths]
'*' = '@a'
'/b/' = '@b'
'/a/' = '@c'
'/c/' = '@d'
",
        ),
        // All of a rule that is left by alternatives for several reasons.
        (
            r"[paths]
'*' = '@a'
'/{a,gone}/' = '@b'
'/a/' = '@c'
",
            r"[paths]
'*' = '@a'
'/gone/' = '@b'
'/a/' = '@c'
",
            r"[paths]
'*' = '@a'
'/a/' = '@c'
",
        ),
        // A product has lines, not alternatives, that are covered: nothing can go.
        (
            r"[paths]
'*' = '@a'
'/{a,b}/{x,y}' = '@b'
'/a/x' = '@c'
",
            r"[paths]
'*' = '@a'
'/{a,b}/{x,y}' = '@b'
'/a/x' = '@c'
",
            // In this tree one goes, and what is left of the other is a duplicate.
            r"[paths]
'*' = '@a'
'/b/x' = '@b'
'/a/x' = '@c'
",
        ),
        // What a later rule excepts is not its own.
        (
            r"[paths]
'*' = '@a'
'/c/x/' = '@b'
'/c/' = { owners = '@c', except = '/c/x/y' }
",
            r"[paths]
'*' = '@a'
'/c/x/' = '@b'
'/c/' = { owners = '@c', except = '/c/x/y' }
",
            r"[paths]
'*' = '@a'
'/c/x/' = '@b'
'/c/' = { owners = '@c', except = '/c/x/y' }
",
        ),
        // A rule that covers several before it stands in the wrong place: a person has to look.
        (
            r"[paths]
'/a/' = '@a'
'/b/' = '@b'
'*' = '@c'
",
            r"[paths]
'/a/' = '@a'
'/b/' = '@b'
'*' = '@c'
",
            r"[paths]
'/a/' = '@a'
'/b/' = '@b'
'*' = '@c'
",
        ),
        // What decides nothing only in this tree may be needed in the next.
        (
            r"[paths]
'*' = '@a'
'/a/' = '@b'
'/a/x' = '@c'
",
            r"[paths]
'*' = '@a'
'/a/' = '@b'
'/a/x' = '@c'
",
            r"[paths]
'*' = '@a'
'/a/' = '@b'
'/a/x' = '@c'
",
        ),
        // Exceptions; a list of which nothing is left goes.
        (
            r"[paths]
'*' = '@a'
'/c/' = { owners = '@b', except = ['/c/{x,z}', '*.no'] }
",
            r"[paths]
'*' = '@a'
'/c/' = { owners = '@b', except = ['/c/{x,z}', '*.no'] }
",
            r"[paths]
'*' = '@a'
'/c/' = { owners = '@b', except = ['/c/x'] }
",
        ),
        (
            r"[paths]
'*' = '@a'
'/a/' = { except = '*.no', owners = '@b' }
",
            r"[paths]
'*' = '@a'
'/a/' = { except = '*.no', owners = '@b' }
",
            r"[paths]
'*' = '@a'
'/a/' = { owners = '@b' }
",
        ),
    ]);
}
