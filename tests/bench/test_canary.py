"""The simulation that the canary's false alarms are measured with."""

from __future__ import annotations

import pytest

from bench.canary import broken, healthy, interval
from postdeploy.canary.rules import CanaryRule


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        pytest.param(0, 10_000, 0.0, 0.000369, id="none of many: the rule of three, two-sided"),
        pytest.param(5, 10, 0.187, 0.813, id="half of ten"),
        pytest.param(20, 20, 0.832, 1.0, id="all of twenty"),
    ],
)
def test_an_interval_is_the_exact_one(count: int, of: int, low: float, high: float) -> None:
    assert interval(count, of) == pytest.approx((low, high), abs=5e-4)


def test_healthy_windows_raise_hardly_any_alarm() -> None:
    """At 0.5 % for each rule, more than 5 of 150 have a probability below 1 in 10,000."""
    assert max(healthy(150).values(), default=0) <= 5


@pytest.mark.parametrize("rule", [CanaryRule.WORKSPACES, CanaryRule.REPEATED, CanaryRule.ELSEWHERE])
def test_what_cannot_happen_by_chance_is_always_found(rule: CanaryRule) -> None:
    assert None not in broken(10)[rule]
