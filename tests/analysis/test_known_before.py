"""After a rollback: what the deployment was known for is tolerated, unless there is more of it than there was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from postdeploy.analysis import known_before
from postdeploy.analysis.baseline import Baseline, compared
from postdeploy.analysis.incidents import Incident, Tally
from postdeploy.analysis.signals import Signal
from postdeploy.logs.protocol import EVERYTHING, Shows


def incident(text: str, requests: int, signal: str = Signal.SERVER_ACTION_ERROR, known: int | None = None) -> Incident:
    return Incident(signal, "POST /", text, requests, 1_000, 200_000, known=known)


def tally(*incidents: Incident, of: int = 100) -> Tally:
    """So many requests, and what happened to the first of them."""
    at, placed = 0, []
    for one in incidents:
        placed.append(replace(one, members=np.arange(at, at + one.requests)))
        at += one.requests
    return Tally(of, of, 0, at=np.arange(max(of, at)) * 1_000, incidents=tuple(placed), seconds=300)


def known_for(found: Tally, requests: int = 200) -> Baseline:
    counts: dict[str, int] = {}
    for one in found.incidents:
        counts[one.signal] = counts.get(one.signal, 0) + one.requests
    return Baseline("before", frozenset(one.fingerprint for one in found.incidents), counts, requests, 600.0)


def texts(incidents: tuple[Incident, ...]) -> list[str]:
    return [one.normalized for one in incidents]


FOUR = tuple(incident(name, 2) for name in ("one", "two", "three", "four"))


def test_four_known_errors_are_tolerated_and_a_fifth_is_new() -> None:
    before = known_for(tally(*FOUR))
    split = known_before.split(compared(tally(*FOUR, incident("five", 1)), before), before)
    assert texts(split.tolerated) == ["one", "two", "three", "four"]
    assert texts(split.new) == ["five"]


def test_more_than_before_is_not_tolerated() -> None:
    before = known_for(tally(incident("one", 2)))
    split = known_before.split(compared(tally(incident("one", 40)), before), before)
    assert split.tolerated == ()
    assert texts(split.new) == ["one"]


def test_without_a_baseline_nothing_is_known() -> None:
    split = known_before.split(compared(tally(*FOUR), None), None)
    assert split.tolerated == ()
    assert len(split.new) == 4


@pytest.mark.parametrize(
    "one",
    [
        incident("old tabs", 5, Signal.VERSION_SKEW),
        incident("a flag", 5, Signal.READ_API_DISABLED),
        incident("no id", 5, Signal.MISSING_DEBUG_ID),
        incident("an address", 5, Signal.PERSONAL_DATA),
        incident("known noise", 5, known=0),
        incident("our own", 0),
    ],
    ids=lambda one: one.normalized,
)
def test_what_is_never_a_reason_is_not_an_error_pattern(one: Incident) -> None:
    assert known_before.split(tally(one), None).new == ()


def test_requests_of_tolerated_incidents_still_count() -> None:
    found = tally(*FOUR)
    left = known_before.without(found, found.incidents[:3])
    assert texts(left.incidents) == ["four"]
    assert left.requests == found.requests


def test_without_statuses_the_rate_is_per_second() -> None:
    """Such a source shows only the requests that logged something: a share of them says nothing."""
    before = known_for(tally(incident("one", 2)), requests=2)
    found = compared(tally(incident("one", 40), of=40), before)
    assert known_before.split(found, before).tolerated == found.incidents
    assert known_before.split(found, before, EVERYTHING & ~Shows.STATUS).tolerated == ()
