"""Times as they are read and written: epoch milliseconds, always UTC."""

from __future__ import annotations

import pytest

from postdeploy.model import UsageError
from postdeploy.system import times

NOON = 1_795_608_000_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-11-25T12:00:00Z", id="ISO"),
        pytest.param("2026-11-25T13:00:00.000+01:00", id="another zone"),
        pytest.param("1795608000", id="epoch seconds"),
        pytest.param("1795608000000", id="epoch milliseconds"),
    ],
)
def test_a_time_is_read_in_every_spelling(text: str) -> None:
    assert times.from_text(text) == NOON


@pytest.mark.parametrize("text", ["noon", "2026-11-25T12:00:00", ""])
def test_without_a_zone_it_is_not_a_time(text: str) -> None:
    with pytest.raises(UsageError, match="time"):
        times.from_text(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("Wed, 25 Nov 2026 12:00:00 GMT", NOON / 1000, id="a date"),
        pytest.param("soon", None, id="not a date"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_date_of_an_http_header_may_be_missing(text: str, seconds: float | None) -> None:
    assert times.from_http(text) == seconds


def test_times_are_written_in_utc() -> None:
    assert times.iso_z(NOON + 5) == "2026-11-25T12:00:00.005Z"
    assert times.iso(NOON) == "2026-11-25T12:00:00.000+00:00"
    assert times.date_and_time(NOON) == "2026-11-25 12:00:00"
    assert times.to_the_minute(NOON) == "2026-11-25 12:00 UTC"
