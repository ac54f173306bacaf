#!/usr/bin/env python3
"""Compares `owners suggest` with commit counts: who was really added to the rules later?

    OWNERS=target/release/owners scripts/suggest-precision.py CLONE [--end REV] [--years 2]

CLONE is a repository, bare or not, with its whole history and a CODEOWNERS file that names people.
The file and the history are taken as they were so many years before END. `owners suggest` and
commit counts (what `git shortlog -sn --no-merges -- FILES` prints) both rank who worked on the files
of each rule. Then END says who was added: who owns at least one of these files and did not before.
Both rankings leave out those who were owners, and programs. Precision at K is the share of those
added among the first K.

Only rules count to which somebody was added who had changed their files: nobody else can be ranked.
The login of somebody is taken from an address that GitHub made, or else from a name or the first
part of an address that is that login, in the whole history. This is for judging only, and the same
for both rankings.
"""

import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

OWNERS = os.path.abspath(os.environ.get("OWNERS", "target/release/owners"))
PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]
NOREPLY = re.compile(r"(?:\d+\+)?([^@]+)@users\.noreply\.github\.com", re.I)
PROGRAM = re.compile(r"\[bot\]$|\b(bot|robot)\b", re.I)
CUTS = (5, 10)


def git(where, *words, stdin=None):
    run = subprocess.run(["git", "-C", where, *words], input=stdin, capture_output=True)
    if run.returncode:
        sys.exit(f"git {' '.join(words)}: {run.stderr.decode(errors='replace')}")
    return run.stdout


def text_of(where, rev, path):
    run = subprocess.run(["git", "-C", where, "show", f"{rev}:{path}"], capture_output=True)
    return run.stdout if run.returncode == 0 else None


class Logins:
    """Which login an address belongs to."""

    def __init__(self, clone):
        self.of_address, guesses = {}, collections.defaultdict(set)
        names = collections.defaultdict(set)
        people = git(clone, "log", "--format=%aN%x00%aE", "--all").decode(errors="replace")
        people = {tuple(line.split("\0")) for line in people.splitlines() if "\0" in line}
        for name, address in people:
            made = NOREPLY.fullmatch(address)
            if made:
                self.of_address[address.lower()] = made[1].lower()
                names[name.lower()].add(made[1].lower())
        for name, address in people:
            logins = names[name.lower()]
            if address.lower() not in self.of_address and len(logins) == 1 and " " in name:
                self.of_address[address.lower()] = next(iter(logins))
        for name, address in people:
            if address.lower() not in self.of_address:
                user = address.split("@")[0].split("+")[-1]
                for guess in {plain(name), plain(user)}:
                    if len(guess) > 3:
                        guesses[guess].add(address.lower())
        self.guesses = guesses

    def learn(self, logins):
        """Takes a name for a login, if it is one of these."""
        known = set(self.of_address.values())
        for login in logins - known:
            for address in self.guesses.get(plain(login), ()):
                self.of_address.setdefault(address, login)

    def person(self, address):
        return self.of_address.get(address.lower(), address.lower())


def plain(text):
    return re.sub("[^a-z0-9]", "", text.lower())


def rules_of(where, paths, text):
    """The rule that decides each path, and its owners, by a CODEOWNERS file."""
    with open(os.path.join(where, "CODEOWNERS"), "wb") as file:
        file.write(text)
    words = [OWNERS, "-C", where, "who", "--stdin", "-0", "--json"]
    run = subprocess.run(words, input=b"\0".join(paths), capture_output=True)
    if run.returncode > 1:
        sys.exit(run.stderr.decode(errors="replace"))
    found = json.loads(run.stdout)["paths"]
    owners = [{owner.lower() for owner in each.get("owners", [])} for each in found]
    places = [each.get("rule") and f"CODEOWNERS:{each['rule']['line']}" for each in found]
    return owners, places


def commit_counts(where, files):
    """For each rule, the number of commits of each author, as `git shortlog` counts them."""
    rule_of = {path: rule for rule, paths in files.items() for path in paths}
    counts = collections.defaultdict(collections.Counter)
    # One process for all rules: a rule may have more files than a command line can name.
    out = git(where, "-c", "core.quotePath=false", "log", "--no-merges", "--no-renames",
              "--name-only", "--root", "--format=%x01%aN%x02%aE", "HEAD")
    for commit in out.split(b"\x01")[1:]:
        author, *names = commit.split(b"\n")
        name, address = (part.decode(errors="replace") for part in author.split(b"\x02"))
        for rule in {rule_of[path] for path in names if path in rule_of}:
            counts[rule][name, address] += 1
    return counts


def as_shortlog_says(where, rule, paths, counts):
    """Asserts that the counts of a rule are those of `git shortlog`."""
    literal = [b":(literal)" + path for path in paths]
    out = git(where, "shortlog", "-sne", "--no-merges", "HEAD", "--", *literal).decode(errors="replace")
    said = collections.Counter()
    for line in out.splitlines():
        count, who = line.strip().split("\t")
        said[who] += int(count)
    ours = collections.Counter({f"{name} <{address}>": n for (name, address), n in counts.items()})
    # The simplification of history by paths may leave out commits that a merge took back.
    assert not said - ours, (rule, said - ours)


def first_of(ranked, person, gone):
    """The people in a ranking, each once, without those who are `gone`."""
    seen = []
    for each in ranked:
        who = person(each)
        if who not in gone and who not in seen:
            seen.append(who)
    return seen


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("clone")
    parser.add_argument("--end", default="HEAD")
    parser.add_argument("--years", type=float, default=2)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    clone = os.path.abspath(options.clone)
    end_time = int(git(clone, "show", "-s", "--format=%ct", f"{options.end}^{{commit}}"))
    before = end_time - int(options.years * 365.25 * 86400)
    start = git(clone, "rev-list", "-1", "--first-parent", f"--before={before}", options.end).decode().strip()
    then, now = (
        next((text for text in (text_of(clone, rev, place) for place in PLACES) if text), None)
        for rev in (start, options.end)
    )
    if then is None or now is None:
        sys.exit("there was no CODEOWNERS file")
    where = tempfile.mkdtemp()
    try:
        evaluate(clone, where, start, then, now, options)
    finally:
        shutil.rmtree(where)


def evaluate(clone, where, start, then, now, options):
    git(".", "clone", "-q", "--shared", "--no-checkout", clone, where)
    git(where, "update-ref", "--no-deref", "HEAD", start)
    git(where, "read-tree", start)
    with open(os.path.join(where, ".mailmap"), "wb") as file:
        file.write(text_of(clone, start, ".mailmap") or b"")
    paths = [path for path in git(where, "ls-files", "-z").split(b"\0") if path]
    paths = [path for path in paths if b"\n" not in path]
    owners, places = rules_of(where, paths, then)
    later, _ = rules_of(where, paths, now)

    files, before, added = (collections.defaultdict(kind) for kind in (list, set, set))
    for path, owner, place, after in zip(paths, owners, places, later):
        if place:
            files[place].append(path)
            before[place] |= owner
            added[place] |= {each[1:] for each in after - owner if re.fullmatch(r"@[^/@]+", each)}
    logins = Logins(clone)
    named = {owner[1:] for owner in set().union(*before.values()) if owner.startswith("@")}
    logins.learn(named | set().union(*added.values()))

    counts = commit_counts(where, files)
    for place in sorted(files, key=lambda place: len(files[place]))[:20]:
        as_shortlog_says(where, place, files[place], counts[place])
    with open(os.path.join(where, "CODEOWNERS"), "wb") as file:
        file.write(then)
    suggestions = suggest(where)
    totals, rules, reachable = collections.Counter(), 0, 0
    for place, people in sorted(added.items()):
        gone = {owner.lstrip("@") for owner in before[place]}
        people -= gone
        ranked = sorted(counts[place], key=lambda who: (-counts[place][who], who))
        ranked = [who for who in ranked if not PROGRAM.search(who[0])]
        shortlog = first_of(ranked, lambda who: logins.person(who[1]), gone)
        ours = first_of(suggestions.get(place, []), lambda who: who["login"] or logins.person(who["email"] or ""), gone)
        found = people & (set(shortlog) | set(ours))
        if not found:
            continue
        rules, reachable = rules + 1, reachable + len(found)
        for name, ranking in (("owners suggest", ours), ("git shortlog", shortlog)):
            for cut in CUTS:
                totals[name, cut] += len(found & set(ranking[:cut])) / cut
        for cut in CUTS:
            totals["the best possible", cut] += min(cut, len(found)) / cut
        if options.verbose:
            print(f"{place}: {' '.join(sorted(found))}\n  {ours[:10]}\n  {shortlog[:10]}")
    print(f"{os.path.basename(options.clone.rstrip('/'))} at {start[:10]}: {len(files)} rules; "
          f"{reachable} people added to {rules} rules whose files they had changed")
    for name in ("owners suggest", "git shortlog", "the best possible"):
        print(f"  {name:18}", *(f"P@{cut} {totals[name, cut] / max(rules, 1):.3f}" for cut in CUTS))


def suggest(where):
    """The candidates of each rule, best first."""
    words = [OWNERS, "-C", where, "suggest", "--json", "--emails", "-v", "--rev", "HEAD"]
    run = subprocess.run(words, capture_output=True)
    if run.returncode:
        sys.exit(run.stderr.decode(errors="replace"))
    found = {}
    for area in json.loads(run.stdout)["areas"]:
        place = "CODEOWNERS:" + area["at"].split(":")[1]
        found[place] = [
            {"login": (each["login"] or "").lower(), "email": each.get("email")}
            for each in area["candidates"]
        ]
    return found


if __name__ == "__main__":
    main()
