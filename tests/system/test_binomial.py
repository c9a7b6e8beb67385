"""Binomial probabilities, against counting."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.system.binomial import at_least, exactly


def counted(count: int, of: int, rate: Fraction) -> float:
    return float(comb(of, count) * rate**count * (1 - rate) ** (of - count))


@given(st.integers(0, 40), st.integers(0, 40), st.fractions(0, 1, max_denominator=50))
def test_it_is_what_counting_says(count: int, more: int, rate: Fraction) -> None:
    of = count + more
    assert exactly(count, of, float(rate)) == pytest.approx(counted(count, of, rate), abs=1e-12)
    more_of_them = sum(counted(each, of, rate) for each in range(count, of + 1))
    assert at_least(count, of, float(rate)) == pytest.approx(more_of_them, abs=1e-12)


@pytest.mark.parametrize(
    ("count", "of", "rate", "expected"),
    [
        pytest.param(0, 0, 0.5, 1.0, id="none of none"),
        pytest.param(1, 10, 0.0, 0.0, id="one, though it never happens"),
        pytest.param(10, 10, 1.0, 1.0, id="all, for it always happens"),
        pytest.param(0, 10, 0.0, 1.0, id="none or more"),
        pytest.param(11, 10, 0.5, 0.0, id="more than there are"),
        pytest.param(500_000, 1_000_000, 0.5, 0.5, id="half of a million"),
        pytest.param(1_000_000, 1_000_000, 0.5, 0.0, id="a million of a million"),
    ],
)
def test_the_ends_and_large_numbers(count: int, of: int, rate: float, expected: float) -> None:
    assert at_least(count, of, rate) == pytest.approx(expected, abs=1e-3)
