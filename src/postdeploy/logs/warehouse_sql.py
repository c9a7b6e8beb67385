"""What a warehouse is asked (`warehouse.sql`): counts by minute, distinct texts, and the suite's own rows; nothing else leaves it.

One program, written for ClickHouse; `dialects/` holds what it is compiled to for other engines (setup/dialects.py).

Texts are distinguished without their long numbers and ids (coarse), and by which of the runbook's patterns match them: so one message of
each says what all of them mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from postdeploy.logs import levels
from postdeploy.logs.own_marks import NONCE
from postdeploy.logs.protocol import Span
from postdeploy.logs.sentinel import MARK
from postdeploy.runbook import inbox_lines
from postdeploy.runbook.tables import Runbook
from postdeploy.runbook.warehouse_tables import LakeColumns, WarehouseColumns
from postdeploy.system.user_agent import PREFIX

MOST_TEXTS = 5_000
MOST_OWN = 20_000
MOST_COUNTS = 200_000
"""Rows that are taken of each answer; one more says that there are others."""
_MESSAGE = 16_384
"""Characters of a message that are read."""
_COARSE = r"[a-fA-F-]*[0-9][0-9a-fA-F-]{7,}"
_ID_IN_PATH, _AN_ID = (
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "00000000-0000-4000-8000-000000000000",
)
_NUMBER_IN_PATH, _A_NUMBER = r"/[0-9]+(/|$)", r"/1\1"
"""Of paths only this is left out: what else is an id is decided where they are read."""
_BEGINS = r"Error|Exception|FATAL|error:|Failed to "
_NAMED = re.compile(r"^-- (\w+)\n", re.MULTILINE)
_GIVEN = re.compile(r"\{(\w+)\}")


class Dialect(NamedTuple):
    """How an engine writes what is filled in."""

    file: str
    flags: str
    """Before each pattern: `.` ends at a line's end, which is a line feed."""
    group: str
    """How the first group of a pattern is named in what replaces it."""
    escapes: bool
    """Whether a backslash in a text stands for what follows."""

    def text(self, value: str) -> str:
        """As a literal of its SQL."""
        if self.escapes:
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return "'" + value.replace("'", "''") + "'"

    def questions(self) -> dict[str, str]:
        """The questions by their names, as they are before anything is filled in."""
        _, *parts = _NAMED.split((Path(__file__).parent / self.file).read_text(encoding="utf-8"))
        return dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))


CLICKHOUSE = Dialect("warehouse.sql", "(?-s)", r"\1", escapes=True)
DIALECTS = {
    "bigquery": Dialect("dialects/bigquery.sql", "(?-s)", r"\1", escapes=True),
    "duckdb": Dialect("dialects/duckdb.sql", "(?-s)", r"\1", escapes=False),
    "snowflake": Dialect("dialects/snowflake.sql", "", r"\1", escapes=True),
    "spark": Dialect("dialects/spark.sql", "(?d)", "$1", escapes=True),
    "trino": Dialect("dialects/trino.sql", "(?d)", "$1", escapes=False),
}
"""What the program is compiled to."""


class Questions:
    """What one table is asked."""

    def __init__(
        self, table: str, columns: WarehouseColumns | LakeColumns, runbook: Runbook, dialect: Dialect = CLICKHOUSE
    ) -> None:
        self._sql, text = dialect.questions(), dialect.text
        deciding = list(_deciding(runbook))
        tables = (runbook.services, runbook.unclear, runbook.packages, runbook.addresses)
        services = chain.from_iterable(table.values() for table in tables)
        distinguishing = [
            *chain.from_iterable(services),
            *chain.from_iterable(one.distinguishing for one in runbook.signals.values()),
            *runbook.logs.tries_again,
            *runbook.logs.gave_up,
        ]
        mark = self._sql["mark"].removeprefix("SELECT").strip()
        marks = [mark.replace("{pattern}", text(dialect.flags + one)) for one in (*deciding, *distinguishing)]
        self._between = columns.between
        self._filled = {
            "table": table,
            "at": columns.at,
            "request": columns.request or "''",
            "method": columns.method or "''",
            "path": columns.path or "''",
            "status": columns.status or "''",
            "level": columns.level or "''",
            "message": columns.message or "''",
            "deployment": columns.deployment or "''",
            "environment": columns.environment or "''",
            "agent": columns.agent or "''",
            "own_agent": text(f"(?:^| ){PREFIX}[0-9]"),
            "nonce": text(f"{NONCE}="),
            "sentinel": text(MARK),
            "begins": text(_BEGINS),
            "structured": text(dialect.flags + levels.MAY_BE_AN_ERROR),
            "ignored": ", ".join(map(text, sorted(levels.IGNORED))),
            "errors": ", ".join(map(text, sorted(levels.ERRORS))),
            "patterns": text(dialect.flags + ("|".join(f"(?:{one})" for one in deciding) or r"[^\s\S]")),
            "marks": f"concat('', {', '.join(marks) or text('')})",
            "coarse": text(_COARSE),
            "id_in_path": text(_ID_IN_PATH),
            "an_id": text(_AN_ID),
            "number_in_path": text(_NUMBER_IN_PATH),
            "a_number": text(_A_NUMBER.replace(r"\1", dialect.group)),
            "longest": str(_MESSAGE),
            "most_own": str(MOST_OWN + 1),
            "most_counts": str(MOST_COUNTS + 1),
            "most_texts": str(MOST_TEXTS + 1),
        }

    def now(self) -> str:
        """The warehouse's clock, epoch milliseconds."""
        return self._sql["now"]

    def own(self, span: Span) -> str:
        """The rows of the suite's own requests and sentinels."""
        return self._ask("own", span)

    def counts(self, span: Span, begun: int) -> str:
        """How many requests began in each minute since `begun`, by all that distinguishes them. `span`: the rows that are read."""
        return self._ask("counts", span, begun)

    def texts(self, span: Span) -> str:
        """The distinct texts that may mean something, the most frequent first."""
        return self._ask("texts", span)

    def _ask(self, name: str, span: Span, begun: int = 0) -> str:
        within = self._between.replace("{since}", str(span.since)).replace("{until}", str(span.until))
        filled = {**self._filled, "within": within, "begun": str(begun)}
        return _GIVEN.sub(lambda found: filled[found[1]], f"{self._sql['tables']}\n{self._sql[name]}")


def _deciding(runbook: Runbook) -> Iterator[str]:
    """The patterns of which one at least matches a message that means something, unless its row says otherwise."""
    for one in runbook.signals.values():
        yield from one.deciding
    yield from (own.pattern for own in runbook.signal)
    yield from (known.pattern for known in runbook.known)
    failures = inbox_lines.of_reads(runbook.logs) + inbox_lines.of_actions(runbook.logs)
    yield from (
        one.replace("|$)", "|)") for one in failures
    )  # the end of a text, which engines read differently, is left open
    yield from (rf"^\s*{re.escape(beginning)}" for beginning in runbook.logs.inbox_errors)
