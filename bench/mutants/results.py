"""The results of all groups, and the page about them: docs/mutants.md."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.mutants.running import Group, Mutant

_HEAD = """# How well the tests hold what decides

`make mutants` changes the modules that decide a little, one change at a time (mutmut: an operator, a constant, a condition, an
argument, an assignment), and runs the tests that hold each. A change that no test notices is a survivor: a test is missing, or the
code is not needed. Texts are not changed: they are for people, and decide nothing. Neither are properties and tables, which mutmut
leaves alone; the table of recommendations is held by a test that compares it with its page.

Measured at {commit}. Aim: at least 95 % of the changes that can be noticed.

| group | modules | changes | equivalent | noticed | score |
| --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A change that no test can notice."""

    mutant: str
    """Module and function."""
    change: str
    """Its lines with - and +."""
    why: str


def equivalents() -> list[Equivalent]:
    """Those that are known, with the reason."""
    text = Path(__file__).with_name("equivalent.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text).get("equivalent", [])
    return [Equivalent(row["in"], row["change"].strip(), row["why"]) for row in rows]


def survivors(mutants: Iterable[Mutant], known: Iterable[Equivalent]) -> list[Mutant]:
    """What no test has noticed, and should have."""
    excused = {(one.mutant, one.change) for one in known}
    return [one for one in mutants if not one.noticed and (one.function, one.change) not in excused]


def page(found: Iterable[tuple[Group, list[Mutant]]], known: list[Equivalent], commit: str) -> str:
    """As Markdown."""
    each = [(group, mutants, survivors(mutants, known)) for group, mutants in found]
    total = [one for _, mutants, _ in each for one in mutants]
    lines = [_row(group.name, mutants, left) for group, mutants, left in each]
    lines.append(_row("**together**", total, survivors(total, known)))
    return _HEAD.format(commit=commit) + "\n".join(lines) + "\n" + "".join(_sections(each, known))


def _row(name: str, mutants: list[Mutant], left: list[Mutant]) -> str:
    noticed = sum(one.noticed for one in mutants)
    count = noticed + len(left)
    modules = len({one.module for one in mutants})
    score = f"{100 * noticed / count:.1f} %" if count else "–"
    return f"| {name} | {modules} | {len(mutants):,} | {len(mutants) - count} | {noticed:,} | {score} |"


def _sections(each: list[tuple[Group, list[Mutant], list[Mutant]]], known: list[Equivalent]) -> Iterator[str]:
    counts = {(group.name, one.function): 0 for group, _, left in each for one in left}
    for group, _, left in each:
        for one in left:
            counts[group.name, one.function] += 1
    if counts:
        yield "\n## Survivors\n\n| group | function | changes |\n| --- | --- | --- |\n"
        yield from (f"| {group} | `{name}` | {count} |\n" for (group, name), count in counts.items())
    if known:
        yield "\n## Equivalent\n\nNo test can notice these: `bench/mutants/equivalent.toml` holds each change.\n\n"
        reasons = dict.fromkeys(one.why for one in known)
        yield from (f"- {why} ({sum(one.why == why for one in known)})\n" for why in reasons)
