//! `owners explain`.

use owners::lint::LINTS;
use snapbox::str;

use crate::support::Sandbox;

#[test]
fn explain_lists_all() {
    // No repository is needed.
    Sandbox::plain().owners("explain").prints(str![[r#"
skipped-line          deny   the forge skips a line of a CODEOWNERS file written by hand, or a word of it
literal-braces        warn   the forge does not expand the `{a,b}` or `<a,b>` of a CODEOWNERS file written by hand
misread-pattern       warn   a pattern of a CODEOWNERS file written by hand matches other paths than it seems to
misspelled-pattern    deny   a pattern matches no tracked path, but nearly names one
duplicate-pattern     deny   two rules have the same pattern
placeholder-owner     deny   the placeholder that `owners init` writes is an owner
unread-config         deny   an owners.toml in a directory is not read
inexact-output        deny   the forge cannot express a pattern exactly
unmet-requirement     deny   a tracked path lacks an owner that `[[require]]` demands
loose-requirement     warn   no tracked path misses a requirement, but a new path could
unenforced-approval   warn   the CODEOWNERS file of a forge cannot demand an approval
roster                deny   a user in a group or rule is not in the roster (`[check] roster`)
unknown-owner         deny   with `--live`: the forge has no such user or team
owner-without-access  deny   with `--live`: the forge ignores an owner, which cannot write to the repository
team-drift            deny   with `--live`: the members of a group are not those of its team
forge-error           deny   with `--live`: the forge reports an error in the CODEOWNERS file of the commit
small-group           deny   a group has fewer people than `[check] min-members`
near-duplicate-owner  warn   two owners differ by a letter or a separator
shadowed-rule         warn   later rules cover everything that a rule can match
dead-pattern          warn   no tracked path matches a pattern, or one of its alternatives
ineffective-pattern   warn   later rules decide every tracked path that a pattern matches
directory-as-file     warn   a pattern for a directory names a submodule or symlink
floating-directory    allow  a pattern that is not anchored matches several directories
unused-group          warn   no rule uses a group
useless-exemption     warn   an entry of `exempt` has no effect
outranked-file        deny   the forge reads one CODEOWNERS file and never another one
overridden-output     deny   the forge reads another CODEOWNERS file instead of the generated one
output-size           deny   a generated file is so large that the forge ignores it
unowned-config        warn   neither owners.toml nor a generated file is owned
unowned-path          deny   a tracked path is unowned and not exempt
default-only-path     allow  only the rule for every path matches a path
stale-output          deny   a generated file is missing, untracked, ignored or out of date

"#]]);
}

#[test]
fn explain_one() {
    for lint in LINTS {
        let sandbox = Sandbox::plain();
        sandbox.owners("explain").arg(lint.name).prints(lint.page);
    }
    Sandbox::plain()
        .owners("explain shadowed-rules")
        .refuses(str![[r#"
error: unknown lint `shadowed-rules`
 = help: did you mean `shadowed-rule`?

"#]]);
}
