"""The last-good deployment: where production can be rolled back to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class KnownBy(StrEnum):
    """What says that a deployment was good."""

    RECORD = "record"
    """Our own record of earlier verdicts: it passed its verification."""
    PLATFORM = "platform"
    """Vercel: it was live before. It is not known whether it was good."""


@dataclass(frozen=True, slots=True)
class LastGood:
    """A deployment that production can be rolled back to: built for production, not deleted, and within what the plan allows."""

    id: str
    """`dpl_…`"""
    url: str
    """Its own address, https://…; empty: not known."""
    known_by: KnownBy
    says: str
    """How it is known to be good, for people: `passed its verification on 2026-11-24 10:02 UTC`."""
    commit: str = ""
    failing: tuple[str, ...] = ()
    """Checks that failed on it, according to the record."""
    skipped: tuple[str, ...] = ()
    """Newer deployments that were live and are not the target, each with the reason."""


@dataclass(frozen=True, slots=True)
class NoLastGood:
    """There is no rollback target, or none could be looked for."""

    why: str
    looked: bool = True
    """False: Vercel could not be asked, and the record names none."""
