"""The last-good deployment: where production can be rolled back to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class KnownBy(StrEnum):
    """What says that a deployment was good."""

    RECORD = "record"
    """Our own record of earlier verdicts: it passed its verification."""
    PLATFORM = "platform"
    """The platform: it was live before. Whether it was any good, nobody knows."""


@dataclass(frozen=True, slots=True)
class LastGood:
    """A deployment that production can go back to: built for production, there, and within what the plan allows."""

    id: str
    """`dpl_…`"""
    url: str
    """Its own address, https://…"""
    known_by: KnownBy
    says: str
    """How it is known to be good, for people: `passed its verification on 2026-11-24 10:02 UTC`."""
    commit: str = ""
    failing: tuple[str, ...] = ()
    """Checks that failed at it already, by its own record."""


@dataclass(frozen=True, slots=True)
class NoLastGood:
    """There is nothing to go back to, or nobody could be asked."""

    why: str
    looked: bool = True
    """False: the platform could not be asked, and the record alone names nothing."""
