"""Exact tests of shares: small numbers are usual in a canary, so nothing is approximated."""

from __future__ import annotations

import math
from dataclasses import dataclass

from postdeploy.system.binomial import at_least, exactly, log_choose


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def rate(self) -> float:
        """0 where there is nothing to count."""
        return self.count / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.count} of {self.of}"

    def __sub__(self, other: Share) -> Share:
        return Share(max(0, self.count - other.count), max(0, self.of - other.of))

    def __add__(self, other: Share) -> Share:
        return Share(self.count + other.count, self.of + other.of)


def rise(now: Share, before: Share) -> float:
    """How probable so large a share or a larger one is by chance, if both have the same rate: Fisher's exact test, one-sided."""
    if not now.count or not now.of or not before.of:
        return 1.0
    hits, everything = now.count + before.count, now.of + before.of
    last = min(hits, now.of)
    logs = (
        log_choose(hits, each) + log_choose(everything - hits, now.of - each) - log_choose(everything, now.of)
        for each in range(now.count, last + 1)
        if now.of - each <= everything - hits
    )
    return min(1.0, math.fsum(map(math.exp, logs)))


def above(share: Share, rate: float) -> float:
    """How probable so many or more are by chance, if the true rate is at most `rate`: the exact binomial test."""
    if not share.count or rate >= 1:
        return 1.0
    return at_least(share.count, share.of, rate)


def power(of: int, rate: float, before: Share, level: float) -> float:
    """With which probability `rise` would be at most `level`, if the true rate of the next `of` were `rate`."""
    return math.fsum(exactly(count, of, rate) for count in range(of + 1) if rise(Share(count, of), before) <= level)
