"""The measured seconds, summarised: values in, values out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from bench.contenders import FLOOR, NODE, OURS, SMOKE

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timing:
    """The seconds of all runs of one contender."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of them: one disturbed run does not move it."""
        return median(self.seconds)


@dataclass(frozen=True, slots=True)
class Aim:
    """How much of another contender's time one may take."""

    contender: str
    at_most: float
    of: str

    def outcome(self, timings: Mapping[str, Timing]) -> str:
        """The aim in a line, met or missed."""
        ratio = timings[self.contender].median / timings[self.of].median
        met = "met" if ratio <= self.at_most else "missed"
        return f"{self.contender} ≤ {self.at_most:.2f} x {self.of}: {met} ({ratio:.2f})"


AIMS = (Aim(OURS, 1.10, FLOOR), Aim(OURS, 0.80, NODE), Aim(SMOKE, 2.00, FLOOR))


def turns(contenders: Sequence[T], rounds: int) -> Iterator[T]:
    """Every contender once a round, each round begun by the next one, so that none always runs after the same."""
    for number in range(rounds):
        first = number % len(contenders)
        yield from (*contenders[first:], *contenders[:first])


def rows(timings: Mapping[str, Timing]) -> list[tuple[str, ...]]:
    """The table: contender, median, least, most, ratio of the medians to the floor's."""
    floor = timings[FLOOR].median
    return [
        (
            name,
            f"{timing.median:.2f} s",
            f"{min(timing.seconds):.2f} s",
            f"{max(timing.seconds):.2f} s",
            f"{timing.median / floor:.2f}",
        )
        for name, timing in timings.items()
    ]
