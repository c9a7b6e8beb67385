"""The requests of our own browser that failed a check: does the log show them, and what did the server write about them?

They are in no amount, because no user made them. But where the server's own lines about them name a setting, the schema or the database,
that is what failed the check, and a browser sees only a digest of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from postdeploy.analysis.signals import RowMeaning
from postdeploy.analysis.suite_requests import RowsOfLog, SuiteRequest
from postdeploy.logs.entry import LogEntry, request_key

_NEAR = 2_000
"""Milliseconds within which a request that names no id, and a row of the same path and status, may be the same."""


@dataclass(frozen=True, slots=True)
class FailedRequests:
    """What the log shows of them."""

    count: int = 0
    unseen: int = 0
    """No row is of them."""
    silent: int = 0
    """They have rows, and no row has a message."""
    signals: frozenset[str] = frozenset()
    """What the messages mean."""
    last: float = 0.0
    """When the last one was sent, epoch milliseconds by the platform's clock."""

    @property
    def is_shown(self) -> bool:
        """Whether the log says something about each of them."""
        return not self.unseen and not self.silent


def failed_requests(
    log: RowsOfLog, requests: Iterable[SuiteRequest], meaning: Callable[[LogEntry], RowMeaning]
) -> FailedRequests:
    """Look for them."""
    failed = [one for one in requests if one.failed]
    if not failed:
        return FailedRequests()
    unseen = silent = 0
    signals: set[str] = set()
    for one in failed:
        own = [row for key in dict.fromkeys(_ids(one, log)) for row in log.of(key)]
        said = [found for row in own if (found := meaning(row).message)]
        unseen += not own
        silent += bool(own) and not said
        signals.update(name for each in said if each.known is None for name in each.signals)
    return FailedRequests(len(failed), unseen, silent, frozenset(signals), max(one.at for one in failed))


def _ids(request: SuiteRequest, log: RowsOfLog) -> Iterator[str | None]:
    """Its own id; where the log does not show that one, those of the rows that may be its own."""
    key = request_key(request.request_id)
    if key is not None and log.has(key):
        yield key
        return
    for row in log.near(request.method, request.path.partition("?")[0], request.at, _NEAR):
        if row.status == request.status:
            yield row.request_id
