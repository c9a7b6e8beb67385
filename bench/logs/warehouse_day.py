"""A day of 100 million generated rows in ClickHouse's own engine (chDB), and what a look at its ten minutes takes: by hand.

`python -m bench.logs.warehouse_day FOLDER [ROWS]`; needs requirements/warehouse.txt. The folder keeps the table.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

from chdb.session import Session

from postdeploy.logs.protocol import Span
from postdeploy.logs.warehouse_sql import Questions
from postdeploy.runbook.reading import read_runbook

_BEGAN = 1_790_000_000_000
_DAY, _WINDOW = 86_400_000, 600_000
_MADE = """
CREATE TABLE IF NOT EXISTS drains (timestamp Int64, level LowCardinality(String), message String, path String, statusCode Nullable(Int16),
    requestId String, deploymentId LowCardinality(String), environment LowCardinality(String),
    proxy Tuple(method LowCardinality(String), path String, statusCode Nullable(Int16), userAgent Array(LowCardinality(String))))
ENGINE = MergeTree ORDER BY timestamp
"""
_FILL = """
INSERT INTO drains
WITH intDiv(number, 3) AS request, cityHash64(request) AS drawn, drawn % 100 < 2 AS fails
SELECT {began} + intDiv(number * {day}, {rows}), if(fails AND number % 3 = 0, 'error', 'info'),
       multiIf(fails AND number % 3 = 0, concat('⨯ Error: lead ', hex(drawn), ' is gone\\n digest: ', toString(drawn)),
               drawn % 7 = 0 AND number % 3 = 1, concat('counts loaded for ', hex(drawn)), ''),
       '', if(fails, 500, 200), concat('a-1-', lower(hex(request))), 'dpl_1', 'production',
       (if(drawn % 5 = 0, 'POST', 'GET'), concat('/api/x/', toString(drawn % 40)), NULL, ['Mozilla/5.0'])
FROM numbers({from}, {count})
"""
_STEP = 5_000_000


class Day:
    """What chDB answers, and how many bytes that is."""

    def __init__(self, session: Any) -> None:
        self.bytes = 0
        self._session = session

    def ask(self, sql: str) -> list[str]:
        """The lines of an answer."""
        body = self._session.query(sql, "JSONEachRow").bytes()
        self.bytes += len(body)
        return [line for line in body.decode().split("\n") if line]


def main(folder: str, rows: int = 100_000_000) -> None:
    """Fill the table, if it is empty, and look at ten minutes of it."""
    answers = Day(Session(folder))
    answers.ask(_MADE)
    if answers.ask("SELECT count() AS rows FROM drains") == ['{"rows":0}']:
        for begins in range(0, rows, _STEP):
            given = {"began": _BEGAN, "day": _DAY, "rows": rows, "from": begins, "count": min(_STEP, rows - begins)}
            answers.ask(_FILL.format(**given))
    runbook = read_runbook()
    ask = Questions("drains", runbook.warehouse["vercel"], runbook)
    window = Span(_BEGAN + _DAY // 2, _BEGAN + _DAY // 2 + _WINDOW)
    answers.bytes = 0
    before, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    found = [answers.ask(sql) for sql in (ask.own(window), ask.counts(window, window.since), ask.texts(window))]
    took, after = time.perf_counter() - before, resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime
    print(f"{rows} rows; answered: {[len(each) for each in found]} rows, {answers.bytes} bytes")
    print(f"{took:.2f} s, {spent:.2f} s on the cores, {after.ru_maxrss / 1024:.0f} MB at the highest")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
