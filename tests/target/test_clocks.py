"""By how much two clocks differ, as far as an answer can say."""

from __future__ import annotations

from email.utils import formatdate

import pytest

from postdeploy.target.clocks import ClockComparison, ahead

NOW = 1_800_000_000.0
HOUR = 3600.0


@pytest.mark.parametrize(
    ("headers", "differs"),
    [
        pytest.param({"date": formatdate(NOW, usegmt=True)}, 0.0, id="the same"),
        pytest.param({"date": formatdate(NOW - 1, usegmt=True)}, 0.0, id="a header has whole seconds"),
        pytest.param({"date": formatdate(NOW - HOUR, usegmt=True)}, HOUR - 1, id="an hour ahead"),
        pytest.param(
            {"date": formatdate(NOW + HOUR, usegmt=True)}, -HOUR + 2, id="an hour behind, less what the request took"
        ),
        pytest.param({"date": formatdate(NOW - 365 * 24 * HOUR, usegmt=True)}, 365 * 24 * HOUR - 1, id="a year ahead"),
        pytest.param({"date": formatdate(NOW - HOUR, usegmt=True), "age": "3600"}, 0.0, id="an hour old, by a cache"),
        pytest.param(
            {"date": formatdate(NOW - 2 * HOUR, usegmt=True), "age": "3600"},
            HOUR - 2,
            id="an hour ahead, behind a cache: both headers have whole seconds",
        ),
        pytest.param(
            {"date": formatdate(NOW - HOUR, usegmt=True), "age": "soon"}, HOUR - 1, id="an age that is not a number"
        ),
        pytest.param({"date": "yesterday"}, None, id="not a date"),
        pytest.param({}, None, id="no date"),
    ],
)
def test_what_an_answer_says(headers: dict[str, str], differs: float | None) -> None:
    assert ahead(headers, NOW, NOW + 2) == differs


@pytest.mark.parametrize(
    ("dates", "blocked"),
    [
        pytest.param([NOW], False, id="the same"),
        pytest.param([NOW - 100], False, id="within what is allowed"),
        pytest.param([NOW - HOUR], True, id="ahead"),
        pytest.param([NOW + HOUR], True, id="behind"),
        pytest.param([NOW - HOUR, NOW], False, id="one old answer of a cache"),
        pytest.param([NOW, NOW - HOUR], False, id="a later old answer of a cache"),
        pytest.param([NOW - 121], False, id="just what is allowed"),
        pytest.param([NOW - 122], True, id="a second more"),
        pytest.param([], False, id="no answer says"),
    ],
)
def test_a_wrong_clock_is_said_and_blocks(dates: list[float], *, blocked: bool) -> None:
    comparison = ClockComparison("https://app.test", 120)
    for date in dates:
        comparison.compare({"date": formatdate(date, usegmt=True)}, NOW, NOW + 0.1)
    found = comparison.objection()
    assert (found is not None and "clock" in found.what) == blocked


@pytest.mark.parametrize(
    ("dates", "differs"),
    [
        pytest.param([NOW - HOUR - 1], "60 minutes ahead of that of https://app.test", id="ahead"),
        pytest.param([NOW + HOUR], "60 minutes behind that of https://app.test", id="behind"),
        pytest.param(
            [NOW + HOUR, NOW - HOUR - 1], "60 minutes behind that of", id="of two that agree as little, the first"
        ),
    ],
)
def test_the_difference_is_said_with_the_cure(dates: list[float], differs: str) -> None:
    comparison = ClockComparison("https://app.test", 120)
    for date in dates:
        comparison.compare({"date": formatdate(date, usegmt=True)}, NOW, NOW)
    found = comparison.objection()
    assert found is not None
    assert f"this machine's clock is {differs}" in found.what
    assert found.cure.startswith("Set the clock")


def test_by_half_a_second_it_is_ahead_too() -> None:
    comparison = ClockComparison("https://app.test", 0)
    comparison.compare({"date": formatdate(NOW - 1, usegmt=True)}, NOW + 0.5, NOW + 1)
    found = comparison.objection()
    assert found is not None
    assert "ahead of" in found.what
