"""Which requests in a log are the suite's own: they are counted apart, and the checks that sent them judge them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from postdeploy.analysis.incidents import Numbers
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.logs.requests import is_estimated

_MOST_IDS = 500
"""Ids of a run that are kept: a run makes about 200 requests."""
_SAME = 100
"""Milliseconds by which two notes of one request may differ."""
_FAILED, _GIVEN_UP = 400, 499
_NEAR = 2_000
"""Milliseconds within which a request of our browser and a row that names no request may be the same."""


@dataclass(frozen=True, slots=True)
class SuiteRequest:
    """A request of the suite's own browser."""

    request_id: str | None
    method: str
    path: str
    status: int | None
    """None: the browser gave it up before it was answered."""
    at: float
    """Epoch milliseconds by the platform's clock."""
    failed: bool = False
    """The server answered it with an error, and the check that sent it failed."""


def announceable(ids: Iterable[str]) -> Iterator[str]:
    """Those of ids that were found in a log which another log may show, too."""
    return (one for one in sorted(ids) if not is_estimated(one))


def successful_reads(requests: Iterable[SuiteRequest], reads: Collection[str]) -> Numbers:
    """When our browser read the inbox with success, in order. `reads`: the paths of the inbox's reads, or what they begin with."""
    below = tuple(f"{read}/" for read in reads)
    found = [
        round(one.at)
        for one in requests
        if one.status and 200 <= one.status < 300 and f"{one.path.partition('?')[0]}/".startswith(below)
    ]
    return np.sort(np.array(found, np.int64))


def ids_of(requests: Iterable[SuiteRequest], found: Iterable[str] = ()) -> tuple[str, ...]:
    """Their own ids, as far as the platform shows them, and those that were `found` in its log."""
    named = dict.fromkeys(key for one in requests if (key := request_key(one.request_id)))
    return tuple(named | dict.fromkeys(found))[:_MOST_IDS]


def ids_in_log(log: RowsOfLog, requests: Iterable[SuiteRequest]) -> set[str]:
    """The ids under which the log has these requests: their own, or where none is known, that of the nearest in time."""
    there = _OwnRequests(log)
    lacking = [one for one in requests if not there.has(one)]
    for request in sorted(lacking, key=lambda one: one.status is None):  # what was answered is the more certain
        there.find(request)
    return there.found


class RowsOfLog(Protocol):
    """Where they are looked for."""

    def has(self, request_id: str) -> bool:
        """Whether a request of this id has rows."""

    def near(self, method: str, path: str, moment: float, within: int) -> Iterator[LogEntry]:
        """Rows of about this time, at most so many milliseconds earlier or later; each with a request id."""

    def of(self, request_id: str | None) -> list[LogEntry]:
        """The rows of a request."""


class _OwnRequests:
    """Which requests of a log are the suite's."""

    def __init__(self, log: RowsOfLog) -> None:
        self.found: set[str] = set()
        self._log = log
        self._answered: list[SuiteRequest] = []

    def has(self, request: SuiteRequest) -> bool:
        """Whether the log names the request as its answer did."""
        key = request_key(request.request_id)
        if key is None or not self._log.has(key):
            return False
        self.found.add(key)
        self._answered.append(request)
        return True

    def find(self, request: SuiteRequest) -> None:
        """Take the nearest row for the request's. One that the browser gave up has no id, and none is taken that failed."""
        if request.status is None and self._is_known(request):
            return
        around = self._log.near(request.method, _path(request), request.at, _NEAR)
        near = [row for row in around if self._may_be(row, request)]
        if near:
            nearest = min(near, key=lambda row: (not _is_given_up(row), abs(row.at - request.at), row.at))
            self.found.add(str(nearest.request_id))

    def _is_known(self, request: SuiteRequest) -> bool:
        """Whether it was answered after all, when its check had ended."""
        place = request.method, _path(request)
        return any((one.method, _path(one)) == place and abs(one.at - request.at) <= _SAME for one in self._answered)

    def _may_be(self, row: LogEntry, request: SuiteRequest) -> bool:
        if row.request_id in self.found:
            return False
        if request.status is None:
            return _is_given_up(row) or (row.status or 0) < _FAILED
        may_be_unnamed = request.request_id is None or is_estimated(row.request_id)
        return may_be_unnamed and row.status in (None, request.status)


def _path(request: SuiteRequest) -> str:
    return request.path.partition("?")[0]


def _is_given_up(row: LogEntry) -> bool:
    return row.status in (None, _GIVEN_UP)
