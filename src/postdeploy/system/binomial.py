"""So many of so many, by chance: exact, for small numbers are usual. For a log's rates, a watch's journeys and a canary's shares."""

from __future__ import annotations

import math


def exactly(count: int, of: int, rate: float) -> float:
    """The probability of exactly so many of so many."""
    if rate <= 0 or rate >= 1:
        return float(count == (of if rate >= 1 else 0))
    return math.exp(log_choose(of, count) + count * math.log(rate) + (of - count) * math.log1p(-rate))


def at_least(count: int, of: int, rate: float) -> float:
    """The probability of so many or more of so many."""
    if count <= 0 or rate >= 1:
        return float(count <= of)
    if rate <= 0:
        return 0.0
    hit, miss = math.log(rate), math.log1p(-rate)
    logs = (log_choose(of, each) + each * hit + (of - each) * miss for each in range(count, of + 1))
    return min(1.0, math.fsum(map(math.exp, logs)))


def log_choose(of: int, count: int) -> float:
    """In how many ways so many can be taken of so many, as a natural logarithm."""
    return math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)
