"""Runs the SQL of docs/fleet.md in DuckDB, and compares each answer with the table below it.

    fleet.py PAGE

Reads fleet.ndjson in the current directory. With SNAPSHOTS=overwrite, writes the tables into the page.
"""

import os
import re
import sys

import duckdb

# SQL in the page, and the table after it. What is loaded has none.
BLOCK = re.compile(r"(```sql\n(.*?)```\n)(\n(?:\|[^\n]*\n)+)?", re.DOTALL)


def cell(value):
    text = " ".join(value) if isinstance(value, list) else str(value)
    return text.replace("\n", " ").replace("|", "\\|")


def table(answer):
    names = [column[0] for column in answer.description or []]
    rows = answer.fetchall()
    # Statements answer with a count, or with nothing.
    if not names or names in (["Count"], ["Success"]):
        return None
    if not rows:
        raise SystemExit("FAILED: a question of the page has no answer")
    lines = [names, ["---"] * len(names)] + [[cell(value) for value in row] for row in rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(page):
    database = duckdb.connect("fleet.duckdb")
    count = 0

    def run(block):
        nonlocal count
        answer = table(database.execute(block[2]))
        count += answer is not None
        return block[1] + (answer or "")

    with open(page, encoding="utf-8") as file:
        then = file.read()
    now = BLOCK.sub(run, then)
    if count < 5:
        raise SystemExit(f"FAILED: {page} has only {count} questions")
    if now != then and os.environ.get("SNAPSHOTS") == "overwrite":
        with open(page, "w", encoding="utf-8") as file:
            file.write(now)
    elif now != then:
        for old, new in zip(then.splitlines(), now.splitlines()):
            if old != new:
                raise SystemExit(f"FAILED: {page} has\n{old}\nand the answer is\n{new}\nSNAPSHOTS=overwrite writes it")
        raise SystemExit(f"FAILED: {page} has more or fewer rows than the answer")
    print(f"ok - DuckDB answers the {count} questions of docs/fleet.md as the page shows")


main(*sys.argv[1:])
