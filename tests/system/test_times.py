"""Times and durations as people write them."""

from __future__ import annotations

import pytest

from postdeploy.model import UsageError
from postdeploy.system import times
from postdeploy.system.times import from_text, seconds_in


@pytest.mark.parametrize(("text", "seconds"), [("10m", 600), ("90s", 90), ("1h", 3600), ("45", 45), ("1.5m", 90)])
def test_a_duration(text: str, seconds: float) -> None:
    assert seconds_in(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "-5m", "0", "10 minutes", "2d", "25h", "nan"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a duration of at most a day\. Write 10m"):
        seconds_in(text)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("2026-11-25T12:00:00Z", 1_795_608_000_000),
        ("2026-11-25T14:00:00+02:00", 1_795_608_000_000),
        ("1795608000", 1_795_608_000_000),
        ("1795608000000", 1_795_608_000_000),
    ],
)
def test_a_time(text: str, milliseconds: int) -> None:
    assert from_text(text) == milliseconds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yesterday", "is not a time"),
        ("2026-11-25T12:00:00", "names no time zone"),
        ("9999-12-31T23:59:59Z", "is not a time from 1970 to 2099"),
        ("1969-12-31T23:59:59Z", "is not a time from 1970"),
        ("99999999999999999999", "is not a time from 1970 to 2099"),
    ],
)
def test_what_is_no_time(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        from_text(text)


@pytest.mark.parametrize("text", ["2026-11-25", "2026-11-25T12:00", "2026-11-25 12:00:00"])
def test_what_is_suggested_for_a_time_without_its_zone_can_be_used(text: str) -> None:
    with pytest.raises(UsageError) as said:
        from_text(text)
    first, second = str(said.value).rpartition("Write ")[2].removesuffix(".").split(" for UTC, or ")
    assert from_text(first) - from_text(second) == 7_200_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("Wed, 25 Nov 2026 12:00:00 GMT", 1_795_608_000.0), ("soon", None), ("", None)],
    ids=["a date", "not a date", "empty"],
)
def test_a_date_of_an_http_header_may_be_missing(text: str, seconds: float | None) -> None:
    assert times.from_http(text) == seconds


def test_times_are_written_in_utc() -> None:
    noon = 1_795_608_000_000
    assert times.iso_z(noon + 5) == "2026-11-25T12:00:00.005Z"
    assert times.iso(noon) == "2026-11-25T12:00:00.000+00:00"
    assert times.date_and_time(noon) == "2026-11-25 12:00:00"
    assert times.to_the_minute(noon) == "2026-11-25 12:00 UTC"
