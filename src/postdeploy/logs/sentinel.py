"""Sentinels: requests of our own that must appear in the log. Only a log that shows them can be trusted to show the others.

A sentinel asks for a conversation that can't exist, without a session: the app answers 401 and writes nothing. Its name stands
in the path, so that every source shows it; it holds its run, its number and the time at which it was sent, so that a later
reader of the log knows its delay, and can leave it out.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from postdeploy.logs.entry import LogEntry

MARK = "70d3b107"
"""Stands in the path of every request by which a run makes itself known in the log."""
_NAME = re.compile(rf"/{MARK}-([0-9a-f]{{4}})-8([0-9a-f]{{3}})-9([0-9a-f]{{3}})-([0-9a-f]{{12}})$")

REFUSED = 401
_ANSWERS = (None, REFUSED, 503)
"""Refused, or the read API is switched off (READ_API_DISABLED); None: no status is shown (it proves something only where none ever is)."""


@dataclass(frozen=True, slots=True)
class Sentinel:
    """One of them. The name is a UUID of version 8 (RFC 9562)."""

    run: int
    """24 bits that tell runs apart."""
    number: int
    """0 for the first of its run."""
    sent: int
    """Epoch milliseconds by the platform's clock, as well as it was known."""

    @property
    def name(self) -> str:
        """The conversation that is asked for."""
        return f"{MARK}-{self.number:04x}-8{self.run >> 12:03x}-9{self.run & 0xFFF:03x}-{self.sent:012x}"


def new_run() -> int:
    """A number that distinguishes this run's sentinels from others'."""
    return secrets.randbits(24)


def answered(entry: LogEntry) -> Sentinel | None:
    """The sentinel whose request left this row, by this row alone; None: there is none, or it got another answer than a sentinel gets.

    Anybody can ask for such a path: then it counts like any other request.
    """
    return sentinel_in(entry.path) if is_answered(entry) else None


def is_answered(entry: LogEntry) -> bool:
    """Whether a request was refused as a sentinel is."""
    return entry.status in _ANSWERS and entry.method in ("GET", "")


def sentinel_in(path: str) -> Sentinel | None:
    """The sentinel that was sent to this path, or None."""
    found = _NAME.search(path) if MARK in path else None
    if found is None:
        return None
    number, high, low, sent = (int(each, 16) for each in found.groups())
    return Sentinel(high << 12 | low, number, sent)
