"""What few samples prove."""

from __future__ import annotations

import pytest

from postdeploy.uptime.journey import Sample
from postdeploy.uptime.slo import at_least, burn_rate, burns, needed, percentile


@pytest.mark.parametrize(
    ("passed", "of", "bound"),
    [
        pytest.param(20, 20, 0.861, id="20 of 20"),
        pytest.param(19, 20, 0.784, id="19 of 20"),
        pytest.param(0, 20, 0.0, id="none"),
        pytest.param(1, 1, 0.05, id="one of one"),
        pytest.param(598, 598, 0.995, id="as many as the objective needs"),
    ],
)
def test_the_bound_is_the_exact_one(passed: int, of: int, bound: float) -> None:
    assert at_least(passed, of) == pytest.approx(bound, abs=5e-4)


@pytest.mark.parametrize(("slo", "count"), [(0.995, 598), (0.99, 299), (0.9, 29)])
def test_so_many_samples_are_needed_to_prove_the_objective(slo: float, count: int) -> None:
    assert needed(slo) == count
    assert at_least(count, count) >= slo > at_least(count - 1, count - 1)


def samples(*failed_at: int, until: int = 60) -> list[Sample]:
    """One a minute."""
    return [Sample(each * 60.0, 1.0, each not in failed_at) for each in range(until)]


@pytest.mark.parametrize(
    ("seen", "fast"),
    [
        pytest.param(samples(), False, id="no failure"),
        pytest.param(samples(59), False, id="one now: the long window does not burn"),
        pytest.param(samples(*range(10, 20)), False, id="ten long ago: the short window does not burn"),
        pytest.param(samples(*range(54, 60)), True, id="six now"),
        pytest.param([], False, id="no samples"),
    ],
)
def test_the_budget_burns_where_both_windows_do(seen: list[Sample], fast: bool) -> None:
    assert burns(seen, 0.995, 3600.0, limit=14.4, windows=(600.0, 3600.0)) is fast


def test_a_burn_rate_is_the_failed_share_of_the_budget() -> None:
    assert burn_rate(samples(58, 59), 0.995, 3600.0, 600.0) == pytest.approx(2 / 9 / 0.005)


def test_a_percentile_is_a_time_that_was_measured() -> None:
    seen = [Sample(0, seconds, passed=True) for seconds in (1.0, 3.0, 2.0, 9.0)]
    assert [percentile(seen, share) for share in (0.5, 0.95)] == [2.0, 9.0]
    assert percentile([], 0.95) == 0.0
