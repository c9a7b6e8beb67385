"""The exact tests of shares, against values that are known, counted out, or must hold always."""

from __future__ import annotations

from itertools import pairwise, product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.canary.exact import Share, above, power, rise


def counted(now: Share, before: Share) -> float:
    """Fisher's test by counting: each way to draw as many as there are now."""
    hits, everything = now.count + before.count, now.of + before.of
    ways = [comb(hits, each) * comb(everything - hits, now.of - each) for each in range(min(hits, now.of) + 1)]
    return sum(ways[now.count :]) / comb(everything, now.of)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        pytest.param(Share(3, 4), Share(1, 4), 17 / 70, id="the lady tasting tea"),
        pytest.param(Share(4, 4), Share(0, 4), 1 / 70, id="all cups right"),
        pytest.param(Share(0, 10), Share(5, 10), 1.0, id="none is no rise"),
        pytest.param(Share(5, 10), Share(0, 0), 1.0, id="nothing to compare with"),
    ],
)
def test_a_rise_has_the_known_probability(now: Share, before: Share, expected: float) -> None:
    assert rise(now, before) == pytest.approx(expected)


def test_a_rise_is_what_counting_says() -> None:
    for of, before_of in ((5, 7), (8, 3), (6, 6)):
        for count, before in product(range(of + 1), range(before_of + 1)):
            now, earlier = Share(count, of), Share(before, before_of)
            assert rise(now, earlier) == pytest.approx(counted(now, earlier) if count else 1.0)


@given(st.integers(1, 60), st.integers(1, 400), st.data())
def test_more_hits_are_never_more_probable(of: int, before_of: int, data: st.DataObject) -> None:
    before = Share(data.draw(st.integers(0, before_of)), before_of)
    values = [rise(Share(count, of), before) for count in range(of + 1)]
    assert all(0 <= one <= 1 for one in values)
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(values))


@pytest.mark.parametrize(
    ("share", "rate", "expected"),
    [
        pytest.param(Share(10, 10), 0.9, 0.9**10, id="all of ten"),
        pytest.param(Share(1, 20), 0.05, 1 - 0.95**20, id="at least one"),
        pytest.param(Share(0, 20), 0.05, 1.0, id="none"),
        pytest.param(Share(5, 5), 1.0, 1.0, id="nothing is above all"),
    ],
)
def test_a_share_above_a_rate_has_the_known_probability(share: Share, rate: float, expected: float) -> None:
    assert above(share, rate) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("of", "rate", "expected"),
    [
        pytest.param(12, 0.25, 0.35, id="12 decisions, 25 %"),
        pytest.param(12, 0.6, 0.94, id="12 decisions, 60 %"),
        pytest.param(100, 0.25, 0.98, id="100 decisions, 25 %"),
    ],
)
def test_the_power_is_the_share_of_outcomes_that_are_detected(of: int, rate: float, expected: float) -> None:
    before = Share(100, 1000)
    detected = [count for count in range(of + 1) if rise(Share(count, of), before) <= 0.05]
    by_hand = sum(comb(of, count) * rate**count * (1 - rate) ** (of - count) for count in detected)
    assert power(of, rate, before, 0.05) == pytest.approx(by_hand)
    assert by_hand == pytest.approx(expected, abs=0.05)
