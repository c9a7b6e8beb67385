"""From which amount on it is enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from postdeploy.analysis.rules.amounts import is_half, reaches, spread
from postdeploy.runbook.log_tables import Amount
from tests.analysis.rules.judging import RUNBOOK, evidence

CLOSED = evidence([])
OPEN = replace(CLOSED, closed=False)
LEAST = RUNBOOK.threshold.widespread_span


def times(*seconds: float) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([1_000_000 + round(1000 * one) for one in seconds], np.int64)


def test_the_spread_is_in_seconds() -> None:
    assert spread(times(0, 3, 5)) == 5.0
    assert spread(times(2)) == 0.0


@pytest.mark.parametrize(
    ("at", "total", "enough"),
    [
        pytest.param((0, 1), 4, True, id="exactly half"),
        pytest.param((0, 1), 5, False, id="less than half"),
        pytest.param((0, 1, 2), 5, True, id="more than half"),
        pytest.param((0, 1), 2, True, id="all"),
        pytest.param((0,), 1, False, id="a single one is no half"),
        pytest.param((), 0, False, id="none"),
    ],
)
def test_of_little_traffic_half_is_much(at: tuple[float, ...], total: int, *, enough: bool) -> None:
    assert is_half(CLOSED, times(*at), total) is enough


@pytest.mark.parametrize(
    ("lasted", "enough"), [pytest.param(LEAST, True, id="just"), pytest.param(LEAST - 0.001, False, id="not yet")]
)
def test_while_more_may_come_half_must_have_lasted(lasted: float, *, enough: bool) -> None:
    assert LEAST > 0
    assert is_half(OPEN, times(0, lasted), 4) is enough
    assert is_half(CLOSED, times(0, lasted), 4)
    share = Amount(share=0.5, of=4)
    assert reaches(OPEN, share, times(0, lasted), 4) is enough
    assert reaches(CLOSED, share, times(0, lasted), 4)


def test_half_of_what_is_not_shown_says_nothing() -> None:
    assert not is_half(replace(CLOSED, filtered=True), times(0, 1), 2)
    assert not reaches(replace(CLOSED, filtered=True), Amount(share=0.5), times(0, 1), 2)


@pytest.mark.parametrize(
    ("amount", "at", "total", "enough"),
    [
        pytest.param(Amount(requests=3), (0, 1, 2), 99, True, id="so many"),
        pytest.param(Amount(requests=3), (0, 1), 2, False, id="fewer"),
        pytest.param(Amount(requests=2, span=60), (0, 60), 99, True, id="so many over so long"),
        pytest.param(Amount(requests=2, span=60), (0, 59.999), 99, False, id="so many in a shorter time"),
        pytest.param(Amount(share=0.05, of=20), (0,), 20, True, id="such a share"),
        pytest.param(Amount(share=0.05, of=20), (0,), 21, False, id="a smaller one"),
        pytest.param(Amount(share=0.05, of=20), (0,), 19, False, id="of too few"),
        pytest.param(Amount(share=1.0), (0,), 1, True, id="of a single one, where none are demanded"),
        pytest.param(Amount(share=0.05), (0,), 0, False, id="of none at all"),
        pytest.param(Amount(), (0, 1, 2), 3, False, id="nothing is stated: a warning"),
        pytest.param(Amount(requests=1, share=0.01), (), 100, False, id="none"),
    ],
)
def test_any_stated_condition_is_enough(amount: Amount, at: tuple[float, ...], total: int, *, enough: bool) -> None:
    assert reaches(CLOSED, amount, times(*at), total) is enough
