"""Spans are sets of moments."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from postdeploy.logs.protocol import Span
from postdeploy.logs.spans import overlap, union, without

SPAN = st.builds(lambda a, b: Span(min(a, b), max(a, b)), *[st.integers(0, 700)] * 2)


def moments(*spans: Span) -> set[int]:
    return {at for span in spans for at in range(span.since, span.until)}


@given(st.lists(SPAN, max_size=8))
def test_a_union_holds_the_same_moments_in_spans_that_do_not_touch(spans: list[Span]) -> None:
    found = union(spans)
    assert moments(*found) == moments(*spans)
    assert all(one.until < other.since for one, other in pairwise(found))


@given(SPAN, st.lists(SPAN, max_size=8))
def test_what_is_without_others_holds_none_of_their_moments(span: Span, others: list[Span]) -> None:
    assert moments(*without(span, others)) == moments(span) - moments(*others)


@given(SPAN, SPAN)
def test_an_overlap_holds_the_moments_of_both(one: Span, other: Span) -> None:
    assert moments(overlap(one, other)) == moments(one) & moments(other)
