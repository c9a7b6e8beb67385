"""The measured seconds, summarised: values in, values out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from bench.contenders import FLOOR, LOGGED, NODE, OURS, SMOKE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timing:
    """The seconds of all runs of one contender, by the clock and of the processors."""

    seconds: tuple[float, ...]
    cpu: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        """The middle of them: one disturbed run does not move it."""
        return median(self.seconds)

    @property
    def cpu_median(self) -> float:
        """The same of the processors' seconds."""
        return median(self.cpu)


@dataclass(frozen=True, slots=True)
class Aim:
    """How much of another contender's time one may take."""

    contender: str
    at_most: float
    of: str
    besides: float = 0.0
    """Seconds that it may take anyway."""

    def outcome(self, timings: Mapping[str, Timing]) -> str:
        """The aim in a line, met or missed."""
        ratio = (timings[self.contender].median - self.besides) / timings[self.of].median
        met = "met" if ratio <= self.at_most else "missed"
        anyway = f"{self.besides:g} s + " if self.besides else ""
        return f"{self.contender} ≤ {anyway}{self.at_most:.2f} x {self.of}: {met} ({ratio:.2f})"


HOLDS = 3.0
"""Seconds for which the loaded inbox must hold, whatever else is done meanwhile."""
AIMS = (
    Aim(OURS, 1.15, FLOOR),
    Aim(OURS, 0.95, NODE),
    Aim(SMOKE, 1.25, FLOOR, besides=HOLDS),
    Aim(LOGGED, 1.00, SMOKE, besides=2.0),
)
FRESH, KEPT = (
    "without the project's compiled modules, as on a fresh runner",
    "with them, as on a machine that ran it before",
)


def turns(contenders: Sequence[T], rounds: int) -> Iterator[T]:
    """Every contender once a round, each round begun by the next one, so that none always runs after the same."""
    for number in range(rounds):
        first = number % len(contenders)
        yield from (*contenders[first:], *contenders[:first])


def rows(timings: Mapping[str, Timing]) -> list[tuple[str, ...]]:
    """The table: contender, median, least, most, ratio of the medians to the floor's, median of the processors' seconds."""
    floor = timings[FLOOR].median
    return [
        (
            name,
            f"{timing.median:.2f} s",
            f"{min(timing.seconds):.2f} s",
            f"{max(timing.seconds):.2f} s",
            f"{timing.median / floor:.2f}",
            f"{timing.cpu_median:.2f} s",
        )
        for name, timing in timings.items()
    ]
