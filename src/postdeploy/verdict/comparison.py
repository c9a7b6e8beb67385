"""A comparison run: a failing check, repeated on the last-good deployment and on this one, at the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from postdeploy.model import Cause


class AttemptOutcome(StrEnum):
    """How one check ended on one deployment."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_TRIED = "not tried"
    """It could not be tried, or had no result."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One check, run on one deployment."""

    ended: AttemptOutcome
    says: str = ""
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A failing check, run at the same time on the last-good deployment's own address and once more on this deployment."""

    check: str
    on_last_good: Attempt
    on_this: Attempt
