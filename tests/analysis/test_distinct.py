"""Which rows of several columns are equal."""

from __future__ import annotations

import numpy as np
import pytest

from postdeploy.analysis.distinct import alike, beginnings, grouped

FIRST, SECOND = np.array([3, 0, 2, 0, 3, 3]), np.array([1, 7, 7, 7, 1, 0])


def test_rows_are_grouped_in_the_order_of_the_columns() -> None:
    order, begins = grouped(FIRST, SECOND)
    assert order.tolist() == [1, 3, 2, 5, 0, 4]
    assert begins.tolist() == [0, 2, 3, 4]


def test_rows_in_order_begin_anew_where_any_column_differs() -> None:
    assert beginnings(np.array([1, 1, 1, 2]), np.array([5, 5, 6, 6])).tolist() == [0, 2, 3]


def test_as_many_kinds_as_rows_are_each_looked_at_once() -> None:
    """A log may hold as many routes as rows: each kind takes its members from one sorting, not from a look at all rows."""
    found = alike(FIRST, SECOND)
    assert [one.tolist() for one in found] == [[1, 3], [2], [5], [0, 4]]
    assert all(one.base is not None for one in found)


def test_no_rows_are_no_kinds() -> None:
    nothing = np.empty(0, np.int64)
    assert alike(nothing, nothing) == []
    assert beginnings(nothing).tolist() == []


@pytest.mark.parametrize("count", [0, 1, 2, 7, 500])
@pytest.mark.parametrize(
    ("least", "most"),
    [
        pytest.param(0, 3, id="many are equal"),
        pytest.param(0, 1 << 20, id="few are equal"),
        pytest.param(0, 1 << 40, id="they do not fit into one number"),
        pytest.param(-2, 3, id="some are negative"),
    ],
)
@pytest.mark.parametrize("columns", [1, 2, 4])
def test_rows_are_in_the_order_of_their_columns(count: int, least: int, most: int, columns: int) -> None:
    numbers = np.random.default_rng(count)
    given = [numbers.integers(least, most, count) for _ in range(columns)]
    order, begins = grouped(*given)
    expected = np.lexsort(given[::-1])
    assert order.tolist() == expected.tolist()
    assert begins.tolist() == beginnings(*(column[expected] for column in given)).tolist()


def test_the_largest_numbers_of_requests_are_in_order() -> None:
    requests = np.array([1 << 63, 3, (1 << 64) - 1, 3], np.uint64)
    order, begins = grouped(requests, np.array([0, 1, 0, 0], np.uint32))
    assert (order.tolist(), begins.tolist()) == ([3, 1, 0, 2], [0, 1, 2, 3])
