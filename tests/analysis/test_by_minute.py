"""Requests and errors per minute, as the report draws them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from postdeploy.analysis.incidents import Incident, Tally

SINCE = 1_795_608_000_000


def tally(seconds: Sequence[float], outside: Sequence[int] = (), *failing: Sequence[int]) -> Tally:
    """Requests that began so many seconds after the deploy; `outside`: which are not counted; `failing`: those of each incident."""
    of_users = np.ones(len(seconds), bool)
    of_users[list(outside)] = False
    incidents = tuple(
        Incident(f"signal-{number}", "/", "", len(members), 0, 0, members=np.array(members, np.int64))
        for number, members in enumerate(failing)
    )
    at = np.array([SINCE + round(one * 1000) for one in seconds], np.int64)
    return Tally(requests=len(seconds), at=at, of_users=of_users, incidents=incidents)


@pytest.mark.parametrize(
    ("found", "minutes"),
    [
        pytest.param(tally([]), (), id="no request"),
        pytest.param(tally([0, 1, 59.9, 60]), ((0, 3, 0), (1, 1, 0)), id="none failed"),
        pytest.param(tally([5, 200]), ((0, 1, 0), (3, 1, 0)), id="a minute without requests is left out"),
        pytest.param(tally([-30, 30]), ((-1, 1, 0), (0, 1, 0)), id="before the deploy"),
        pytest.param(tally([1, 2, 3], [1]), ((0, 2, 0),), id="one that is not counted"),
        pytest.param(tally([1, 2, 3], [1], [1]), ((0, 2, 0),), id="one that is not counted failed"),
        pytest.param(tally([1, 2, 61], [], [0], [2]), ((0, 2, 1), (1, 1, 1)), id="two incidents"),
        pytest.param(tally([1, 2], [], [0], [0]), ((0, 2, 1),), id="one request with two incidents"),
    ],
)
def test_each_request_is_counted_in_the_minute_in_which_it_began(
    found: Tally, minutes: tuple[tuple[int, int, int], ...]
) -> None:
    assert found.by_minute(SINCE) == minutes
