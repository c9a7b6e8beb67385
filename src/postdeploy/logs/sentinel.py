"""Sentinels: requests of our own that must appear in the log. Only a log that shows them can be trusted to show the others.

A sentinel asks for a conversation that can't exist, without a session: the app answers 401 and writes nothing. Its name stands
in the path, so that every source shows it; it holds its run, its number and the time at which it was sent, so that a later
reader of the log knows its delay, and can leave it out.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

_MARK = "70d3b107"
_NAME = re.compile(rf"/{_MARK}-([0-9a-f]{{4}})-8([0-9a-f]{{3}})-9([0-9a-f]{{3}})-([0-9a-f]{{12}})$")


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
        return f"{_MARK}-{self.number:04x}-8{self.run >> 12:03x}-9{self.run & 0xFFF:03x}-{self.sent:012x}"


def new_run() -> int:
    """A number that distinguishes this run's sentinels from others'."""
    return secrets.randbits(24)


def sentinel_in(path: str) -> Sentinel | None:
    """The sentinel that was sent to this path, or None."""
    found = _NAME.search(path)
    if found is None:
        return None
    number, high, low, sent = (int(each, 16) for each in found.groups())
    return Sentinel(high << 12 | low, number, sent)
