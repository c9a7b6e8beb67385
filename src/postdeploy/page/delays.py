"""Answers that take long: whether a page is not done because of them, with the numbers. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from postdeploy.page.journal import Exchange, Kind

_JOURNEY = (Kind.PAGE, Kind.ACTION, Kind.API, Kind.ASSET)
_MUCH = 0.5
"""The share of the budget that a page must have waited for answers before that counts as the reason."""


@dataclass(frozen=True, slots=True)
class Delay:
    """A page that is not done because its answers take long. Milliseconds."""

    requests: tuple[Exchange, ...]
    """Those that were under way, the slowest first."""
    times: tuple[float, ...]
    """How long each took, or has taken by now, in the same order."""
    pending: int
    waited: float

    @property
    def sentence(self) -> str:
        """With the numbers, for people."""
        middle, worst = statistics.median(self.times) / 1000, self.times[0] / 1000
        still = f", {self.pending} of them still pending" if self.pending else ""
        return (
            f"the app is slow: {len(self.times)} requests took {middle:.1f} s (p50) and up to {worst:.1f} s "
            f"({self.requests[0].template}){still}; the page waited {self.waited / 1000:.0f} s for answers"
        )


def delay(journal: Iterable[Exchange], now: float, budget: float) -> Delay | None:
    """Whether the page spent at least half of its budget (seconds) waiting for answers, and for which."""
    begin = now - budget * 1000
    asked = [one for one in journal if one.kind in _JOURNEY and not one.cancelled and _end(one, now) > begin]
    waited = _covered([(max(one.started, begin), _end(one, now)) for one in asked])
    if waited < _MUCH * budget * 1000:
        return None
    asked.sort(key=lambda one: one.started - _end(one, now))
    times = tuple(_end(one, now) - one.started for one in asked)
    return Delay(tuple(asked), times, sum(one.pending for one in asked), waited)


def _end(one: Exchange, now: float) -> float:
    return one.started + one.ms if one.ms is not None else one.started if one.failure else now


def _covered(spans: list[tuple[float, float]]) -> float:
    """How long at least one of them lasted."""
    total, until = 0.0, 0.0
    for begin, end in sorted(spans):
        total += max(0.0, end - max(begin, until))
        until = max(until, end)
    return total
