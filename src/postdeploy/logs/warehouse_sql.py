"""What a warehouse is asked (`warehouse.sql`): counts by minute, distinct texts, and the suite's own rows; nothing else leaves it.

Texts are distinguished without their long numbers and ids (coarse), and by which of the runbook's patterns match them: so one message of
each says what all of them mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from postdeploy.logs.own_marks import NONCE
from postdeploy.logs.protocol import Span
from postdeploy.logs.sentinel import MARK
from postdeploy.runbook.tables import Runbook
from postdeploy.runbook.warehouse_tables import WarehouseColumns
from postdeploy.system.user_agent import PREFIX

MOST_TEXTS = 5_000
MOST_OWN = 20_000
MOST_COUNTS = 200_000
"""Rows that are taken of each answer; one more says that there are others."""
_MESSAGE = 16_384
"""Characters of a message that are read."""
_COARSE = r"[a-fA-F-]*[0-9][0-9a-fA-F-]{7,}"
_IDS_IN_PATHS = (
    (r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "00000000-0000-4000-8000-000000000000"),
    (r"/[0-9]+(/|$)", r"/1\1"),
)
"""Of paths only this is left out: what else is an id is decided where they are read."""
_BEGINS = r"Error|Exception|FATAL|error:|Failed to "
_LEVEL_OF_ITS_OWN = r'(?i)\\u|"(?:level|severity|lvl|log\.level)"\s*:\s*(?:"(?:err|fatal|crit|alert|emerg|panic)|[5-9][0-9]|[1-9][0-9]{2})'
_NAMED = re.compile(r"^-- (\w+)\n", re.MULTILINE)


def _questions() -> dict[str, str]:
    _, *parts = _NAMED.split(Path(__file__).with_name("warehouse.sql").read_text(encoding="utf-8"))
    return dict(zip(parts[::2], map(str.strip, parts[1::2]), strict=True))


_SQL = _questions()


class Questions:
    """What one table is asked."""

    def __init__(self, table: str, columns: WarehouseColumns, runbook: Runbook) -> None:
        deciding, services = list(_deciding(runbook)), [one for those in runbook.services.values() for one in those]
        marks = [f"match(message, {_text('(?-s)' + one)})" for one in (*deciding, *services)]
        texts = {
            "request": columns.request,
            "method": columns.method,
            "path": columns.path,
            "message": columns.message,
            "deployment": columns.deployment,
            "environment": columns.environment,
            "agent": columns.agent,
        }
        self._between = columns.between
        self._filled = {
            "table": table,
            "at": columns.at,
            "status": columns.status or "''",
            "level": columns.level or "''",
            "texts": ", ".join(
                f"ifNull(toString({given or _text('')}), '') AS its_{name}" for name, given in texts.items()
            ),
            "named": ", ".join(f"its_{name} AS {name}" for name in texts),
            "agent": _text(f"(?:^| ){PREFIX}[0-9]"),
            "nonce": _text(f"{NONCE}="),
            "mark": _text(MARK),
            "begins": _text(_BEGINS),
            "structured": _text(_LEVEL_OF_ITS_OWN),
            "patterns": _text("|".join(f"(?:{one})" for one in deciding) or r"[^\s\S]"),
            "marks": ", ".join(marks) or "0",
            "coarse": _text(_COARSE),
            "route": _route(),
            "longest": str(_MESSAGE),
            "most_own": str(MOST_OWN + 1),
            "most_counts": str(MOST_COUNTS + 1),
            "most_texts": str(MOST_TEXTS + 1),
        }

    def now(self) -> str:
        """The warehouse's clock, epoch milliseconds."""
        return _SQL["now"]

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
        return re.sub(r"\{(\w+)\}", lambda found: filled[found[1]], f"{_SQL['tables']}\n{_SQL[name]}")


def _route() -> str:
    found = "cutQueryString(address)"
    for pattern, instead in _IDS_IN_PATHS:
        found = f"replaceRegexpAll({found}, {_text(pattern)}, {_text(instead)})"
    return found


def _deciding(runbook: Runbook) -> Iterator[str]:
    """The patterns of which one at least matches a message that means something, unless its row says otherwise."""
    for one in runbook.signals.values():
        yield from (*one.any, *one.shared, *one.unless)
    yield from (own.pattern for own in runbook.signal)
    yield from (known.pattern for known in runbook.known)
    yield from (rf"^\s*{re.escape(beginning)}" for beginning in runbook.logs.inbox_errors)


def _text(value: str) -> str:
    """As a literal of ClickHouse's SQL."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
