"""What so few samples prove of the availability, and how fast failures use up the error budget. Exact, without approximation."""

from __future__ import annotations

import math
from collections.abc import Sequence

from postdeploy.system import binomial
from postdeploy.uptime.journey import Sample

CONFIDENCE = 0.95


def at_least(passed: int, of: int) -> float:
    """The availability is at least this, with 95 % confidence (one-sided, Clopper and Pearson). 20 of 20: 0.861."""
    if not passed:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if binomial.at_least(passed, of, middle) < 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return low


def needed(slo: float) -> int:
    """How many samples must pass without a failure to prove the objective with 95 % confidence."""
    return math.ceil(math.log(1 - CONFIDENCE) / math.log(slo))


def burn_rate(samples: Sequence[Sample], slo: float, now: float, window: float) -> float:
    """How many times faster than allowed the error budget is used up, in the last `window` seconds; 0 without samples."""
    recent = [one for one in samples if one.at > now - window]
    failed = sum(not one.passed for one in recent)
    return failed / len(recent) / (1 - slo) if recent else 0.0


def burns(samples: Sequence[Sample], slo: float, now: float, *, limit: float, windows: tuple[float, float]) -> bool:
    """Whether the budget burns too fast both in the short and in the long window: an old failure or a single one does not count."""
    return all(burn_rate(samples, slo, now, window) >= limit for window in windows)


def percentile(samples: Sequence[Sample], share: float) -> float:
    """The time within which this share of the samples was answered (nearest rank); 0 without samples."""
    times = sorted(one.seconds for one in samples)
    return times[min(len(times), math.ceil(share * len(times))) - 1] if times else 0.0
