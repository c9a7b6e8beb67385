r"""The runbook's own patterns mean the same in RE2 (ClickHouse, BigQuery, DuckDB) and in Java (Spark, Trino).

What RE2 lacks it refuses itself. What both accept and read differently is refused here: `$` (before a line feed at the end, in Java), but
for one next to a class with a line feed, which matches there in both;
`[` and `&&` in a class (a union and an intersection there), POSIX classes, `\z`, `\h`, `\v`, `\p`, `(?U)`, names of groups. `.` and `\s`
are made the same by flags, or differ in a vertical tab alone.
"""

from __future__ import annotations

import re

import pytest
import re2

from postdeploy.logs import levels, warehouse_sql
from postdeploy.runbook.reading import read_runbook

_RUNBOOK = read_runbook()
PATTERNS = sorted(
    {
        *warehouse_sql._deciding(_RUNBOOK),
        *(one for those in _RUNBOOK.services.values() for one in those),
        warehouse_sql._COARSE,
        warehouse_sql._BEGINS,
        levels.MAY_BE_AN_ERROR,
        warehouse_sql._ID_IN_PATH,
    }
)
_TOKEN = re.compile(r"\\.|\[|\]|&&|\$|\(\?[^:)]*[:)<]?|.", re.DOTALL)
_A_LINES_END = re.compile(r"\[(?:[^]\\]|\\.)*\\n(?:[^]\\]|\\.)*\]\|\$")
_ESCAPES = frozenset("bBdDsSwWnrtux\\") | frozenset(".*+?()[]{}|^$/-'\"`# :,;=<>!&@~")
"""What may follow a backslash. `u` only behind another backslash: a text of JSON."""
_FLAGS = re.compile(r"\(\?(?:-?[is]*)?[:)]")


def differences(pattern: str) -> list[str]:
    """What of a pattern RE2 and Java do not read alike, or one of them not at all."""
    try:
        re2.compile(pattern)
    except re2.error as error:
        return [f"RE2: {error}"]
    pattern = _A_LINES_END.sub("", pattern)
    found: list[str] = []
    in_class, first = False, False
    for token in _TOKEN.findall(pattern):
        if token.startswith("\\") and token[1] not in _ESCAPES - {"u"}:
            found.append(token)
        elif in_class:
            if token in ("[", "&&"):
                found.append(f"{token} in a class")
            in_class, first = token != "]" or first, token == "^" and first
        elif token == "[":
            in_class, first = True, True
        elif token == "$" or (token.startswith("(?") and not _FLAGS.fullmatch(token)):
            found.append(token)
    return found


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_of_the_runbook_means_the_same_in_both(pattern: str) -> None:
    assert differences(pattern) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "a$",
        "[a[b]",
        "[a&&b]",
        r"\h",
        r"\z",
        r"\pL",
        "(?P<a>b)",
        "(?U)a*",
        "(?=a)",
        r"(a)\1",
        "a++",
        "[[:alpha:]]",
        r"\Qa\E",
    ],
)
def test_what_differs_is_found(pattern: str) -> None:
    assert differences(pattern)


@pytest.mark.parametrize(
    "pattern", [r"\bP(1001|2024)\b", r"(?i)can't \S+", r"[^\n\]]+\[x", "(?i:a|b)", r"[\x27]", "[$&]"]
)
def test_what_is_common_is_left_alone(pattern: str) -> None:
    assert differences(pattern) == []
