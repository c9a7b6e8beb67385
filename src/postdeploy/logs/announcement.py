"""A run's own requests, named in the log itself: by their ids, in the path of a request that is refused like a sentinel.

So a later run, or one at the same time, on any runner and without a record, finds them where the source shows ids but no user agent.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.sentinel import is_answered

_MARK = "70d3b107-own-"
_NAME = re.compile(rf"/{_MARK}((?:[\w-]{{8}})+)$", re.ASCII)
_UNIQUE = re.compile(r"-([0-9a-f]{12})$")
"""The end of a request's id, which no other request shares."""
_AT_ONCE = 60
"""Ids in one path: 500 characters, which every source shows whole."""


def names(ids: Iterable[str]) -> Iterator[str]:
    """What is asked for, so that these ids stand in the log. An id of another form than the platform's is left out."""
    ends = [end for one in ids if (end := unique_end(one))]
    for first in range(0, len(ends), _AT_ONCE):
        given = bytes.fromhex("".join(ends[first : first + _AT_ONCE]))
        yield _MARK + base64.urlsafe_b64encode(given).decode()


def announced(entry: LogEntry) -> frozenset[str]:
    """The ends of the ids that this row announces; none: it is another row, or was answered otherwise."""
    found = _NAME.search(entry.path) if _MARK in entry.path and is_answered(entry) else None
    if found is None:
        return frozenset()
    given = base64.urlsafe_b64decode(found[1]).hex()
    return frozenset(given[at : at + 12] for at in range(0, len(given), 12))


def is_announcement(path: str) -> bool:
    """Whether a path is one of these, whatever was answered."""
    return _MARK in path and _NAME.search(path) is not None


def unique_end(request_id: str | None) -> str:
    """What of an id is announced; empty: it is not of the platform."""
    found = _UNIQUE.search(request_id or "")
    return found[1] if found else ""
