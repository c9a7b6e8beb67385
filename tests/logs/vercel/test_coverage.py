"""What was never covered, and which reasons belong to it."""

from __future__ import annotations

import pytest

from postdeploy.logs.protocol import Gap, Span
from postdeploy.logs.vercel.coverage import SpanCoverage


def test_a_gap_is_known_once() -> None:
    coverage = SpanCoverage()
    for _ in range(2):
        coverage.miss(Gap(Span(1, 2), "rate limit"))
    assert coverage.reasons == [Gap(Span(1, 2), "rate limit")]


def test_no_row_can_be_missing_of_a_span_that_is_empty() -> None:
    coverage = SpanCoverage()
    coverage.miss(Gap(Span(2, 2), "rate limit"))
    assert coverage.reasons == []


@pytest.mark.parametrize(
    ("missed", "why"),
    [
        pytest.param(Span(4, 6), "rate limit", id="within"),
        pytest.param(Span(0, 4), "rate limit", id="over its beginning"),
        pytest.param(Span(7, 9), "rate limit", id="over its end"),
        pytest.param(Span(0, 10), "rate limit", id="around it"),
        pytest.param(Span(1, 3), "not asked", id="ends where it begins"),
        pytest.param(Span(8, 9), "not asked", id="begins where it ends"),
        pytest.param(Span(0, 1), "not asked", id="long before"),
        pytest.param(Span(9, 10), "not asked", id="long after"),
    ],
)
def test_a_reason_belongs_to_the_spans_that_it_overlaps(missed: Span, why: str) -> None:
    coverage = SpanCoverage()
    coverage.cover(Span(0, 3))
    coverage.cover(Span(8, 10))
    coverage.miss(Gap(missed, "rate limit"))
    assert coverage.gaps(Span(0, 10), "not asked") == [Gap(Span(3, 8), why)]


def test_reasons_stand_side_by_side_each_once() -> None:
    coverage = SpanCoverage()
    for since, why in ((1, "rate limit"), (2, "timed out"), (3, "rate limit")):
        coverage.miss(Gap(Span(since, since + 1), why))
    assert coverage.gaps(Span(0, 10), "not asked") == [Gap(Span(0, 10), "rate limit; timed out")]
