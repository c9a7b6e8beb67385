"""Two tables put together are what all their rows would be, put in order at once."""

from __future__ import annotations

import numpy as np
import pytest

from postdeploy.analysis.incidents import Rows
from postdeploy.analysis.row_order import merged, without_repetitions

KEYS = [("request", "u8"), ("message", "u4"), ("route", "u4"), ("status", "u2"), ("deployment", "u4"), ("at", "i8")]


def some(seed: int, count: int, requests: int) -> Rows:
    chance = np.random.default_rng(seed)
    rows = np.empty(count, KEYS)
    for name, most in (
        ("request", requests),
        ("message", 3),
        ("route", 2),
        ("status", 2),
        ("deployment", 2),
        ("at", 9),
    ):
        rows[name] = chance.integers(0, most, count)
    return rows


@pytest.mark.parametrize("requests", [1, 5, 50, 10**9])
@pytest.mark.parametrize(("before", "new"), [(0, 0), (0, 20), (20, 0), (1, 1), (300, 20), (20, 300), (300, 300)])
def test_merged_is_sorted_at_once(before: int, new: int, requests: int) -> None:
    for seed in range(10):
        old, more = some(seed, before, requests), some(seed + 100, new, requests)
        found = merged(without_repetitions(old), without_repetitions(more))
        assert found.tolist() == without_repetitions(np.concatenate([old, more])).tolist()


def test_of_rows_that_repeat_each_other_the_earliest_time_counts() -> None:
    late, early = (np.array([(7, 1, 0, 200, 0, at)], KEYS) for at in (9, 3))
    assert merged(late, early).tolist() == merged(early, late).tolist() == early.tolist()
