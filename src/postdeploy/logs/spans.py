"""Arithmetic of spans."""

from __future__ import annotations

from collections.abc import Iterable

from postdeploy.logs.protocol import Span


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time, in order; spans that touch become one."""
    found: list[Span] = []
    for span in sorted(spans):
        if span.until <= span.since:
            continue
        if found and span.since <= found[-1].until:
            found[-1] = Span(found[-1].since, max(found[-1].until, span.until))
        else:
            found.append(span)
    return found


def without(span: Span, excluded: Iterable[Span]) -> list[Span]:
    """What of a span lies in none of the others, in any order."""
    found, at = [], span.since
    for each in union(excluded):
        if each.until <= at or each.since >= span.until:
            continue
        if each.since > at:
            found.append(Span(at, each.since))
        at = max(at, each.until)
    if at < span.until:
        found.append(Span(at, span.until))
    return found


def overlap(one: Span, other: Span) -> Span:
    """What lies in both; not longer than 0 where nothing does."""
    return Span(max(one.since, other.since), min(one.until, other.until))
