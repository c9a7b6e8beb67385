"""Traffic as values: requests at given seconds after the deploy, with the rows that a dashboard export has of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.signals import SignalReader
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Span
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook

DEPLOYED = 1_790_000_000_000
"""When the deployment got production traffic."""
TODAY = dt.date(2026, 11, 25)
WINDOW = Span(DEPLOYED, DEPLOYED + 600_000)
_numbers = count()


@dataclass(frozen=True)
class Sent:
    """A request. `at`: seconds after the deploy."""

    at: float
    method: str = "POST"
    path: str = "/"
    status: int | None = 200
    message: str = ""
    level: str = "error"
    deployment: str = "dpl_now"

    def rows(self) -> list[LogEntry]:
        """A function row with the message, one with the duration, one of the middleware."""
        moment = DEPLOYED + round(self.at * 1000)
        name = f"r{next(_numbers):05}-{moment}-0123456789ab"

        def row(**more: object) -> LogEntry:
            return LogEntry(
                **{  # type: ignore[arg-type]
                    "at": moment,
                    "method": self.method,
                    "path": self.path,
                    "status": self.status,
                    "request_id": name,
                    "deployment_id": self.deployment,
                    **more,
                }
            )

        messages = [row(message=self.message, level=self.level, at=moment + 2)] if self.message else []
        return [row(source="middleware"), *messages, row(source="function", at=moment + 5)]


def throws(words: str, at: float, **more: object) -> Sent:
    """A Server Action that throws."""
    message = (
        f" ⨯ Error: {words}\n    at a (/var/task/.next/server/chunks/1.js:1:{at:.0f}) {{\n  digest: '{int(at) + 7}'\n}}"
    )
    return Sent(at, status=500, message=message, **more)  # type: ignore[arg-type]


def healthy(many: int, *, over: float = 590.0, method: str = "POST", path: str = "/") -> Iterator[Sent]:
    """So many requests that nothing is wrong with, spread evenly."""
    for number in range(many):
        yield Sent(number * over / max(many, 1), method, path)


def rows(sent: Iterable[Sent]) -> list[LogEntry]:
    """All rows, in the order of the requests."""
    return [row for request in sent for row in request.rows()]


def tallied(entries: Iterable[LogEntry], runbook: Runbook | None = None, span: Span | None = WINDOW) -> Tally:
    """What the ledger makes of rows."""
    reader, ledger = SignalReader(runbook or read_runbook(), TODAY), Ledger()
    for entry in entries:
        ledger.add(entry, reader.read(entry))
    return ledger.tally(span)
