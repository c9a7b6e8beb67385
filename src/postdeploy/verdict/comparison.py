"""A failing check, run again on the last-good deployment and on this one, at the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from postdeploy.model import Cause


class AttemptOutcome(StrEnum):
    """How an attempt of one check at one deployment ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNTRIED = "untried"
    """It could not be tried, or came to no result."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One check, tried at one deployment."""

    ended: AttemptOutcome
    says: str = ""
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A failing check, tried at the same time at the last good deployment's own address and once more here."""

    check: str
    there: Attempt
    here: Attempt
