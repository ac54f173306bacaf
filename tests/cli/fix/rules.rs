//! Rules and parts of rules that `--fix` removes.

use super::{becomes, becomes_in_this_tree, becomes_step_by_step, stays};

#[test]
fn a_shadowed_rule_goes() {
    becomes(
        r"[paths]
'/a/x' = '@a'
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
",
        r"[paths]
'/a/' = '@b'
'*' = { owners = '@c', except = '/a/' }
",
    );
}

#[test]
fn a_rule_that_several_shadow_together_goes() {
    becomes_step_by_step(
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
    );
}

#[test]
fn the_last_of_two_duplicates_stays() {
    becomes(
        r"[paths]
'*' = '@a'
'/a/' = '@b'
'a/**' = '@c'
",
        r"[paths]
'*' = '@a'
'a/**' = '@c'
",
    );
}

/// One alternative is a duplicate, another shadowed, another dead.
#[test]
fn alternatives_go_for_different_reasons() {
    becomes_step_by_step(
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
    );
}

/// Each alternative goes for a reason of its own.
#[test]
fn a_rule_of_which_no_alternative_is_left_goes() {
    becomes_step_by_step(
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
    );
}

/// A product has lines, not alternatives, that are covered: nothing can go.
/// In this tree one goes, and what is left of the other is a duplicate.
#[test]
fn a_product_loses_lines_in_this_tree_only() {
    becomes_in_this_tree(
        r"[paths]
'*' = '@a'
'/{a,b}/{x,y}' = '@b'
'/a/x' = '@c'
",
        r"[paths]
'*' = '@a'
'/b/x' = '@b'
'/a/x' = '@c'
",
    );
}

#[test]
fn what_a_later_rule_excepts_stays() {
    stays(
        r"[paths]
'*' = '@a'
'/c/x/' = '@b'
'/c/' = { owners = '@c', except = '/c/x/y' }
",
    );
}

/// It may stand in the wrong place.
#[test]
fn a_rule_that_covers_several_before_it_is_left_to_a_person() {
    stays(
        r"[paths]
'/a/' = '@a'
'/b/' = '@b'
'*' = '@c'
",
    );
}

/// Another tree may need it.
#[test]
fn what_decides_nothing_in_this_tree_only_stays() {
    stays(
        r"[paths]
'*' = '@a'
'/a/' = '@b'
'/a/x' = '@c'
",
    );
}

#[test]
fn exceptions_that_exclude_nothing_go() {
    becomes_in_this_tree(
        r"[paths]
'*' = '@a'
'/c/' = { owners = '@b', except = ['/c/{x,z}', '*.no'] }
",
        r"[paths]
'*' = '@a'
'/c/' = { owners = '@b', except = ['/c/x'] }
",
    );
}

#[test]
fn a_list_of_exceptions_of_which_nothing_is_left_goes() {
    becomes_in_this_tree(
        r"[paths]
'*' = '@a'
'/a/' = { except = '*.no', owners = '@b' }
",
        r"[paths]
'*' = '@a'
'/a/' = { owners = '@b' }
",
    );
}
