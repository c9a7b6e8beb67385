"""Counts, spans and newness in words, the same in every rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.system import times

_LONG = 900.0
"""From how many seconds on minutes and hours are read more easily."""


def count(number: int, what: str) -> str:
    """`1 request`, `2 requests`."""
    return f"{number} {what}" + ("" if number == 1 else "s")


def minutes(seconds: float) -> str:
    """`10 minutes`, `30 s`."""
    if seconds < 60:
        return f"{seconds:g} s"
    return f"{seconds / 60:g} minute" + ("" if seconds == 60 else "s")


def over(seconds: float) -> str:
    """How long it lasted."""
    if seconds >= _LONG:
        return f" over {times.span(seconds)}"
    return f" over {seconds:.0f} s" if seconds >= 1 else " at once"


def listed(words: Iterable[str], most: int = 3) -> str:
    """The first few, and how many more there are."""
    given = list(words)
    more = f" and {len(given) - most} more" if len(given) > most else ""
    return "; ".join(given[:most]) + more


def newness(evidence: LogEvidence, incidents: Sequence[Incident]) -> str:
    """Whether a rollback would remove these: what is new against the baseline it does."""
    baseline = evidence.baseline
    if baseline is None and incidents and all(one.is_in(evidence.failing_before) for one in incidents):
        return "; the deployment before fails in the same way, a rollback to it does not remove this"
    if baseline is None:
        return "; not compared with the deployment before"
    if baseline.fingerprints is None:
        return f"; not compared with {baseline.name}"
    new = sum(1 for one in incidents if one.new)
    if not new:
        return f"; all of this existed before ({baseline.name}), a rollback does not remove it"
    return f"; {new} of {len(incidents)} new against {baseline.name}"
