"""Times in an app's answers, in the formats in which apps send them."""

from __future__ import annotations

import pytest

from postdeploy.page.app.moments import moments

AT = 1_764_000_000


@pytest.mark.parametrize(
    "value",
    [
        "2025-11-24T16:00:00.000Z",
        "2025-11-24T16:00:00",
        "2025-11-24T17:00:00+01:00",
        "$D2025-11-24T16:00:00.123Z",
        AT * 1000,
    ],
)
def test_a_time_is_known_in_each_format(value: object) -> None:
    assert moments({"whenever": value}) == {AT}


@pytest.mark.parametrize(
    "value", ["Thursday", "2025", 34, 3.5, None, True, "Tomorrow at 9", ["2025-11-24T16:00:00Z"], AT]
)
def test_anything_else_is_no_time(value: object) -> None:
    assert moments({"whenever": value}) == frozenset()
