"""Which requests in a log are the suite's own: they are counted apart, and the checks that sent them judge them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from postdeploy.analysis.incidents import Numbers
from postdeploy.logs.announcement import announced, unique_end
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.logs.requests import is_estimated

_MOST_IDS = 500
"""Ids of a run that are kept: a run makes about 200 requests."""
_NEAR = 2_000
"""Milliseconds within which a request of our browser and a row that names no request may be the same."""


@dataclass(frozen=True, slots=True)
class SuiteRequest:
    """A request of the suite's own browser."""

    request_id: str | None
    method: str
    path: str
    status: int | None
    at: float
    """Epoch milliseconds by the platform's clock."""


def successful_reads(requests: Iterable[SuiteRequest], reads: Collection[str]) -> Numbers:
    """When our browser read the inbox with success, in order. `reads`: the paths of the inbox's reads, or what they begin with."""
    below = tuple(f"{read}/" for read in reads)
    found = [
        round(one.at)
        for one in requests
        if one.status and 200 <= one.status < 300 and f"{one.path.partition('?')[0]}/".startswith(below)
    ]
    return np.sort(np.array(found, np.int64))


def ids_of(requests: Iterable[SuiteRequest]) -> tuple[str, ...]:
    """Their own ids, as far as the platform shows them."""
    named = dict.fromkeys(key for one in requests if (key := request_key(one.request_id)))
    return tuple(named)[:_MOST_IDS]


def announced_in_log(rows: Iterable[LogEntry]) -> set[str]:
    """The ids of requests that any run has named as its own in the log itself."""
    kept = list(rows)
    ends = frozenset[str]().union(*(announced(row) for row in kept))
    return {str(row.request_id) for row in kept if unique_end(row.request_id) in ends} if ends else set()


def ids_in_log(rows: Iterable[LogEntry], requests: Iterable[SuiteRequest]) -> set[str]:
    """The ids under which the log has these requests: their own, or where the log names none, that of the nearest in time."""
    unnamed: dict[tuple[str, str], list[LogEntry]] = {}
    named = set()
    for row in rows:
        named.add(row.request_id)
        if is_estimated(row.request_id):
            unnamed.setdefault((row.method, row.path), []).append(row)
    found: set[str] = set()
    for request in requests:
        key = request_key(request.request_id)
        if key in named:
            found.add(str(key))
            continue
        near = [
            row
            for row in unnamed.get((request.method, request.path.partition("?")[0]), ())
            if abs(row.at - request.at) <= _NEAR
            and row.request_id not in found
            and row.status in (None, request.status)
        ]
        if near:
            nearest = min(near, key=lambda row: (abs(row.at - request.at), row.at))
            found.add(str(nearest.request_id))
    return found
