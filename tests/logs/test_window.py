"""What of a window is proven: nothing that was not seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.logs.protocol import Gap, Shows, Span
from postdeploy.logs.sentinel import Sentinel, new_run, sentinel_in
from postdeploy.logs.window import MOST_APART, Leeway, Proof, Seen, prove, prove_from_file

WINDOW = Span(0, 600_000)
LIVE = Shows.STATUS | Shows.MESSAGES | Shows.LIVE
EVERYTHING = LIVE | Shows.HISTORY | Shows.REQUEST_ID


def sentinels(*seconds: int) -> list[Sentinel]:
    return [Sentinel(7, number, each * 1000) for number, each in enumerate(seconds)]


def seen(covered: list[Span], sent: list[Sentinel], lost: int = 0) -> Seen:
    return Seen(covered=covered, sent=sent, arrived=dict.fromkeys(sent[lost:], 40))


def proof(known: Seen, shows: Shows = EVERYTHING, until: int = WINDOW.until) -> Proof:
    return prove(WINDOW, until, known, shows, Leeway(120))


@pytest.mark.parametrize(
    ("known", "shows", "missing"),
    [
        pytest.param(seen([WINDOW], sentinels(1, 599)), EVERYTHING, "", id="all of it"),
        pytest.param(seen([WINDOW], sentinels(650)), EVERYTHING, "", id="a sentinel after it proves the history"),
        pytest.param(seen([WINDOW], []), EVERYTHING, "no sentinel of this run", id="no sentinel"),
        pytest.param(seen([WINDOW], sentinels(1, 599), lost=1), EVERYTHING, "1 of 2 sentinels", id="one is lost"),
        pytest.param(
            seen([Span(0, 300_000), Span(310_000, 600_000)], sentinels(1)), EVERYTHING, "10 s of the log", id="a gap"
        ),
        pytest.param(seen([], sentinels(1)), EVERYTHING, "600 s of the log", id="nothing is covered"),
        pytest.param(
            seen([Span(90_000, 800_000)], sentinels(91)), LIVE, "", id="an allowed beginning, without a history"
        ),
        pytest.param(
            seen([Span(90_000, 800_000)], sentinels(91)), EVERYTHING, "90 s of the log", id="with one it is a gap"
        ),
        pytest.param(
            seen([Span(130_000, 800_000)], sentinels(131)), LIVE, "130 s of the log", id="too late a beginning"
        ),
    ],
)
def test_what_is_missing_is_said(known: Seen, shows: Shows, missing: str) -> None:
    found = proof(known, shows, until=800_000)
    assert found.proven == (missing == "")
    assert missing in " ".join(found.missing)


def test_a_beginning_that_was_not_seen_moves_the_end() -> None:
    found = proof(seen([Span(90_000, 800_000)], sentinels(91)), LIVE, until=800_000)
    assert found.judged == Span(90_000, 690_000)
    assert found.gaps == (Gap(Span(0, 90_000), "before the reading began, and the source has no history"),)


def test_what_the_source_calls_a_gap_is_one_however_short() -> None:
    covered = [Span(0, 300_000), Span(300_400, 600_000)]
    assert proof(seen(covered, sentinels(1))).proven
    reported = replace(seen(covered, sentinels(1)), gaps=[Gap(Span(300_000, 300_400), "the stream was cut")])
    assert not proof(reported).proven


def test_a_gap_says_why() -> None:
    known = replace(seen([Span(0, 300_000)], sentinels(1)), gaps=[Gap(Span(300_000, 600_000), "the stream was cut")])
    assert "the stream was cut" in proof(known).missing[0]


@given(st.integers(0, 2**24 - 1), st.integers(0, 2**16 - 1), st.integers(0, 2**45))
def test_a_sentinel_is_known_by_its_path(run: int, number: int, sent: int) -> None:
    one = Sentinel(run, number, sent)
    assert sentinel_in(f"/api/inbox/conversations/{one.name}") == one


def test_an_ordinary_conversation_is_not_a_sentinel() -> None:
    assert sentinel_in("/api/inbox/conversations/0b8f7c5e-1111-4222-8333-123456789abc") is None
    assert 0 <= new_run() < 2**24


@pytest.mark.parametrize(
    ("times", "says"),
    [
        pytest.param(range(0, 601, 60), "", id="both ends and every minute"),
        pytest.param([], "it holds no sentinel", id="none"),
        pytest.param([0, 60, 300, 360, 420, 480, 540, 600], "no sentinel for 240 s", id="a gap"),
        pytest.param(range(300, 601, 60), "no sentinel for 300 s", id="the end alone"),
    ],
)
def test_a_file_proves_itself_by_sentinels_of_any_run(times: list[int], says: str) -> None:
    found = " ".join(prove_from_file(WINDOW, sentinels(*times), every=60))
    assert (says in found) if says else found == ""


@pytest.mark.parametrize(("apart", "proven"), [(60, True), (90, True), (91, False), (120, False)])
def test_the_distance_of_sentinels_that_is_tolerated(apart: int, proven: bool) -> None:
    page = (Path(__file__).parents[2] / "docs/decisions/log.md").read_text(encoding="utf-8")
    assert f"more than {60 * MOST_APART:g} s apart" in page
    times = [*range(0, 600 - apart, apart), 600 - apart, 600]
    assert (prove_from_file(WINDOW, sentinels(*times), every=60) == ()) is proven
