"""Two counts, compared exactly; and what could have been missed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.analysis.rates import LEVEL, bound, caught, noticed_from, rise


@pytest.mark.parametrize(("before", "least"), [(0, 5), (1, 7), (2, 9), (3, 10), (5, 13)])
def test_a_rise_between_two_equal_windows(before: int, least: int) -> None:
    assert noticed_from(1, before, 1) == least


@pytest.mark.parametrize(("before", "least"), [(0, 2), (3, 3), (6, 4), (12, 6)])
def test_a_longer_baseline_notices_sooner(before: int, least: int) -> None:
    assert noticed_from(10, before, 60) == least


@pytest.mark.parametrize(("expected", "chance"), [(3, 0.35), (4, 0.57), (6, 0.85), (8, 0.96)])
def test_how_surely_more_than_three_different_errors_appear(expected: float, chance: float) -> None:
    assert caught(expected, 3) == pytest.approx(chance, abs=0.005)


def test_the_rule_of_three() -> None:
    assert bound(300) == pytest.approx(0.01)
    assert bound(0) == 1
    assert (bound(1), bound(2), bound(4)) == (1, 1, 0.75)


@pytest.mark.parametrize(
    ("count", "exposure", "before", "exposure_before", "chance"),
    [
        pytest.param(1, 1, 0, 1, 0.5, id="one in either of two halves"),
        pytest.param(1, 1, 1, 3, 1 - 0.75**2, id="one of two in a quarter, or both"),
        pytest.param(2, 1, 0, 3, 0.0625, id="both in a quarter"),
        pytest.param(2, 3, 1, 1, 27 / 64 + 27 / 64, id="two of three in three quarters, or all"),
        pytest.param(3, 1, 0, 0, 1, id="there was no before"),
        pytest.param(3, 0, 3, 1, 1, id="there is no now"),
        pytest.param(0, 1, 5, 1, 1, id="none"),
    ],
)
def test_the_chance_is_exact(count: int, exposure: float, before: int, exposure_before: float, chance: float) -> None:
    assert rise(count, exposure, before, exposure_before) == pytest.approx(chance)


def test_where_there_was_nothing_for_long_one_is_noticed() -> None:
    assert noticed_from(1, 0, 100) == 1


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_is_never_less_of_a_rise(count: int, before: int) -> None:
    assert rise(count + 1, 1, before, 1) <= rise(count, 1, before, 1) + 1e-9
    assert 0 <= rise(count, 1, before, 1) <= 1


def test_no_requests_are_not_a_rise() -> None:
    assert rise(0, 1, 0, 1) > LEVEL
    assert rise(3, 0, 0, 1) == 1
