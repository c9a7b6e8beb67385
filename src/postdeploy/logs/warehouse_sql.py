"""What a warehouse is asked, in ClickHouse's SQL: counts by minute, distinct texts, and the suite's own rows; nothing else leaves it.

Texts are told apart without their long numbers and ids (coarse), and by which of the runbook's patterns match them: so one message of
each says what all of them mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
_TEXTS = ("request", "method", "path", "message", "deployment", "environment", "agent")
_COARSE = r"[a-f-]*[0-9][0-9a-f-]{7,}"
_ID_IN_PATH = (
    (r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", "00000000-0000-4000-8000-000000000000"),
    (r"/[0-9]+(/|$)", r"/1\\1"),
)
"""Of paths only this is left out: what else is an id is decided where they are read."""
_BEGINS = r"Error|Exception|FATAL|error:|Failed to |⨯"
_LEVEL_OF_ITS_OWN = r'(?i)"(?:level|severity|lvl|log\.level)"\s*:\s*(?:"(?:err|fatal|crit|alert|emerg|panic)|[5-9][0-9]|[1-9][0-9]{2})'


class Questions:
    """What one table is asked."""

    def __init__(self, table: str, columns: WarehouseColumns, runbook: Runbook) -> None:
        self._table, self._columns = table, columns
        deciding = list(_deciding(runbook))
        services = [pattern for those in runbook.services.values() for pattern in those]
        self._any = "|".join(f"(?:{one})" for one in deciding) or r"[^\s\S]"
        self._marks = ", ".join(f"match(message, {_text('(?-s)' + one)})" for one in (*deciding, *services)) or "0"

    def now(self) -> str:
        """The warehouse's clock, epoch milliseconds."""
        return "SELECT toUnixTimestamp64Milli(now64(3)) AS now"

    def own(self, span: Span) -> str:
        """The rows of the suite's own requests and sentinels."""
        return (
            f"{self._given(span)} SELECT at, request, method, path, status, level, substring(message, 1, {_MESSAGE}) AS said,"
            f" deployment, environment, agent FROM given WHERE own OR (request != '' AND request IN"
            f" (SELECT request FROM given WHERE own)) ORDER BY at LIMIT {MOST_OWN + 1}"
        )

    def counts(self, span: Span, begun: int) -> str:
        """How many requests began in each minute since `begun`, by all that distinguishes them. `span`: the rows that are read."""
        return (
            f"{self._given(span)}, requests AS (SELECT min(at) AS began, max(method) AS asked, max(path) AS address,"
            " max(if(status < 0, 999, status)) AS worst, max(deployment) AS of_deployment, max(environment) AS in_environment,"
            f" arraySort(groupUniqArrayIf({_hash()}, says)) AS texts"
            " FROM marked WHERE environment IN ('', 'production')"
            " GROUP BY if(request = '', concat(toString(at), ' ', method, ' ', path), request) HAVING max(own) = 0)"
            f" SELECT intDiv(began, 60000) AS minute, asked AS method, {_coarse_path('address')} AS route, worst,"
            " of_deployment AS deployment, in_environment AS environment, texts, count() AS requests, min(began) AS since,"
            f" max(began) AS until FROM requests WHERE began >= {begun}"
            f" GROUP BY minute, method, route, worst, deployment, environment, texts ORDER BY minute LIMIT {MOST_COUNTS + 1}"
        )

    def texts(self, span: Span) -> str:
        """The distinct texts that may mean something, the most frequent first."""
        return (
            f"{self._given(span)} SELECT {_hash()} AS text, any(level) AS of_level,"
            f" substring(argMin(message, (at, message)), 1, {_MESSAGE}) AS said, count() AS rows FROM marked"
            f" WHERE says AND NOT own AND environment IN ('', 'production') GROUP BY text ORDER BY rows DESC, text LIMIT {MOST_TEXTS + 1}"
        )

    def _given(self, span: Span) -> str:
        texts = ", ".join(f"ifNull(toString({getattr(self._columns, name) or _text('')}), '') AS its_{name}" for name in _TEXTS)
        within = self._columns.between.replace("{since}", str(span.since)).replace("{until}", str(span.until))
        named = ", ".join(f"its_{name} AS {name}" for name in _TEXTS)
        own = (
            f"match(its_agent, {_text(f'(?:^| ){PREFIX}[0-9]')}) OR position(its_path, {_text(f'{NONCE}=')}) > 0"
            f" OR position(its_path, {_text(MARK)}) > 0"
        )
        says = (
            "message != '' AND level NOT IN ('debug', 'trace') AND (level IN ('error', 'fatal') OR status >= 500 OR status < 0"
            f" OR position(message, '⨯') > 0 OR (level = '' AND match(message, {_text(_BEGINS)}))"
            f" OR (startsWith(message, '{{') AND match(message, {_text(_LEVEL_OF_ITS_OWN)})) OR match(message, {_text(self._any)}))"
        )
        return (
            f"WITH columns AS (SELECT toInt64({self._columns.at}) AS its_at, {texts},"
            f" ifNull(toInt32OrNull(ifNull(toString({self._columns.status}), '')), 0) AS its_status,"
            f" lower(ifNull(toString({self._columns.level}), '')) AS its_level FROM {self._table} WHERE {within}),"
            f" given AS (SELECT its_at AS at, {named}, its_status AS status, its_level AS level, {own} AS own FROM columns),"
            f" marked AS (SELECT *, {says} AS says, if(says, cityHash64([{self._marks}]), 0) AS marks FROM given)"
        )


def _hash() -> str:
    return f"toString(cityHash64(level, marks, lengthUTF8(message) > {_MESSAGE}, replaceRegexpAll(message, {_text(_COARSE)}, '…')))"


def _coarse_path(path: str) -> str:
    found = f"cutQueryString({path})"
    for pattern, instead in _ID_IN_PATH:
        found = f"replaceRegexpAll({found}, {_text(pattern)}, '{instead}')"
    return found


def _deciding(runbook: Runbook) -> Iterator[str]:
    """The patterns of which one at least matches a message that means something, unless its row says otherwise."""
    for one in runbook.signals.values():
        yield from _each(one.any, one.shared, one.unless)
    yield from (own.pattern for own in runbook.signal)
    yield from (known.pattern for known in runbook.known)
    yield from (rf"^\s*{re.escape(beginning)}" for beginning in runbook.logs.inbox_errors)


def _each(*those: Iterable[str]) -> Iterator[str]:
    for each in those:
        yield from each


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
