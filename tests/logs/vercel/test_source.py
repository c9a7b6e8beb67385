"""The source `vercel`: what it gives, how soon, and what it admits not to know."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from postdeploy.logs.attribution import requests
from postdeploy.logs.protocol import News, Shows
from postdeploy.logs.spans import union
from postdeploy.redaction import Secret
from postdeploy.vercel.clock import Clock
from sandbox.logs import Gap, LogFaults, Plan
from tests.logs.vercel.stage import QUICK
from tests.sandbox.rows import DIGEST, OLD, happened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from postdeploy.logs.protocol import Span
    from sandbox.logs.faults import Boundary
    from tests.logs.vercel.stage import Heard, Stage

pytestmark = pytest.mark.timeout(30)


def covers(spans: Iterable[Span], at: int) -> bool:
    return any(span.since <= at < span.until for span in spans)


def messages(heard: Heard) -> list[tuple[str, str, int | None]]:
    """Requests: id, message, status."""
    return [
        (request.id, "|".join(row.message for row in request.entries if row.message), request.status)
        for request in requests(heard.rows.values())
    ]


def settled(heard: Heard, count: int) -> bool:
    """Whether so many requests are known by their ids."""
    found = requests(heard.rows.values())
    return len(found) == count and not any(one.estimated for one in found)


PLANS = [
    pytest.param(Plan(observability_plus=True), id="newer history with requests"),
    pytest.param(Plan(), id="newer history, requests from the older"),
    pytest.param(Plan(histories=frozenset({"63"})), id="older history"),
]


@pytest.mark.parametrize("plan", PLANS)
def test_live_rows_and_history_become_one(stage: Stage, plan: Plan) -> None:
    stage.logs.plan = plan
    since = stage.clock.milliseconds - 5_000
    happened(stage.logs, 1, DIGEST, ago=3)
    happened(stage.logs, 2, "elsewhere", origin=OLD)
    with stage.reading(since) as heard:
        heard.wait_for(lambda: stage.logs.streams)
        happened(stage.logs, 3, "seen live", ago=0)
        heard.wait_for(lambda: settled(heard, 2))
    assert [(message, status) for _, message, status in messages(heard)] == [(DIGEST, 500), ("seen live", 500)]
    assert all("::" not in name for name, *_ in messages(heard))
    assert heard.source.shows == (
        Shows.STATUS | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.LIVE | Shows.HISTORY | Shows.REQUEST_ID
    )
    assert heard.source.shows & Shows.REQUEST_ID


@pytest.mark.parametrize("plan", PLANS)
def test_the_past_is_covered_once_it_is_read(stage: Stage, plan: Plan) -> None:
    stage.logs.plan = plan
    since = stage.clock.milliseconds - 20_000
    with stage.reading(since) as heard:
        heard.wait_for(lambda: union(heard.covered)[:1] and union(heard.covered)[0].until > since + 20_000)
    assert [span.since for span in union(heard.covered)] == [since]
    assert "history by" in heard.notes[0]


def test_a_row_that_comes_late_is_found_though_its_time_was_read_before(stage: Stage) -> None:
    since = stage.clock.milliseconds - 40_000
    with stage.reading(since, pace=replace(QUICK, overlap=30.0)) as heard:
        heard.wait_for(lambda: covers(heard.covered, since + 39_000))
        happened(stage.logs, 1, DIGEST, ago=10)
        heard.wait_for(lambda: settled(heard, 1))


def test_what_is_waited_for_is_read_as_soon_as_that_can_be(stage: Stage) -> None:
    with stage.reading(pace=replace(QUICK, poll=600.0)) as heard:
        heard.wait_for(lambda: heard.notes)
        moment = stage.clock.milliseconds
        heard.source.expect(moment)
        heard.wait_for(lambda: covers(heard.covered, moment))


def test_without_a_history_only_the_time_of_listening_is_covered(stage: Stage) -> None:
    stage.logs.faults = LogFaults(no_history=True)
    since = stage.clock.milliseconds - 5_000
    happened(stage.logs, 1, "before", ago=3)
    with stage.reading(since) as heard:
        heard.wait_for(lambda: stage.logs.streams)
        opened = stage.clock.milliseconds
        for number in range(2, 40):
            happened(stage.logs, number, "live", ago=0)
            time.sleep(0.02)
        heard.wait_for(lambda: len(heard.rows) >= 38 * 2)
    assert not covers(heard.covered, opened - 200)
    assert covers(heard.covered, opened + 300)
    assert len(union(heard.covered)) == 1
    assert "no history" in heard.notes[0]
    assert any(gap.span.since == since and "before the reading began" in gap.why for gap in heard.gaps)
    assert heard.source.shows & (Shows.HISTORY | Shows.REQUEST_ID) == Shows.NOTHING
    assert [message for _, message, _ in messages(heard)] == ["live"] * 38


def test_messages_alone_cover_nothing(stage: Stage) -> None:
    stage.logs.plan = Plan(histories=frozenset({"64"}))
    since = stage.clock.milliseconds - 5_000
    with stage.reading(since) as heard:
        heard.wait_for(lambda: heard.notes)
        time.sleep(0.5)
    assert "Observability Plus" in heard.notes[0]
    assert not covers(heard.covered, since + 1_000)


def test_a_row_is_given_before_the_next_one_is_logged(stage: Stage) -> None:
    with stage.reading() as heard:
        heard.wait_for(lambda: stage.logs.streams)
        time.sleep(0.3)
        for number in range(10):
            happened(stage.logs, number, f"row {number}", ago=0)
            said = f"row {number}"
            heard.wait_for(lambda said=said: any(said == message for _, message, _ in messages(heard)))  # type: ignore[misc]


def test_it_ends_when_it_is_told_to(stage: Stage) -> None:
    with stage.reading() as heard:
        heard.wait_for(lambda: stage.logs.streams)
    assert heard.ended


def test_it_ends_when_it_is_told_to_while_the_platform_hangs(stage: Stage) -> None:
    stage.logs.faults = LogFaults(hanging=1000)
    with stage.reading() as heard:
        time.sleep(0.2)
    assert heard.ended


def test_there_is_news_every_second_even_if_there_is_none(stage: Stage) -> None:
    stage.logs.faults = LogFaults(hanging=1000)
    retry = replace(stage.retry, answer=60.0)
    with stage.reading(retry=retry) as heard:
        time.sleep(1.2)
    assert heard.news[0][1] == News()


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        pytest.param({"token": Secret("another")}, 403, id="token"),
        pytest.param({"project": "prj_2"}, 404, id="project"),
        pytest.param({"team": "team_2"}, 403, id="team"),
        pytest.param({"team": None}, 404, id="no team"),
    ],
)
def test_what_can_never_be_read_ends_with_one_error(stage: Stage, wrong: dict[str, object], status: int) -> None:
    since = stage.clock.milliseconds - 1000
    with stage.reading(since, access=replace(stage.access, **wrong)) as heard:  # type: ignore[arg-type]
        heard.wait_for(lambda: heard.ended)
    assert heard.source.refused is not None
    assert heard.source.refused.status == status
    assert heard.source.refused.cure
    assert any(str(status) in note for note in heard.notes)
    assert heard.gaps[0].span.since == since
    assert heard.covered == []


def test_a_deployment_that_does_not_exist_has_no_live_stream(stage: Stage) -> None:
    stage.logs.faults = LogFaults(no_history=True)
    with stage.reading(deployment="dpl_none") as heard:
        heard.wait_for(lambda: heard.ended)
    assert heard.source.refused is not None
    assert heard.source.refused.status == 404


def test_large_pages_are_asked_for_in_halves(stage: Stage) -> None:
    stage.logs.plan = Plan(observability_plus=True, largest_page=3)
    since = stage.clock.milliseconds - 10_000
    for number in range(50):
        happened(stage.logs, number, f"row {number}", ago=5)
    with stage.reading(since) as heard:
        heard.wait_for(lambda: settled(heard, 50))


@pytest.mark.parametrize("boundary", ["skipped", "repeated"])
def test_rows_of_one_millisecond_are_not_lost_between_pages(stage: Stage, boundary: Boundary) -> None:
    stage.logs.plan = Plan(observability_plus=True, largest_page=4)
    stage.logs.faults = LogFaults(boundary=boundary)
    since = stage.clock.milliseconds - 20_000
    for number in range(30):
        happened(stage.logs, number, f"row {number}", ago=5 + number // 3)
    with stage.reading(since) as heard:
        heard.wait_for(lambda: covers(heard.covered, since + 19_000))
        seen = len(requests(heard.rows.values()))
    assert seen == 30


def test_what_the_platform_excludes_is_a_gap(stage: Stage) -> None:
    stage.logs.plan = Plan(observability_plus=True)
    since = stage.clock.milliseconds - 10_000
    stage.logs.faults = LogFaults(gaps=(Gap(since + 2_000, since + 3_000),))
    with stage.reading(since) as heard:
        heard.wait_for(lambda: covers(heard.covered, since + 9_000))
    assert covers(heard.covered, since + 1_999)
    assert not covers(heard.covered, since + 2_000)
    assert not covers(heard.covered, since + 2_999)
    assert covers(heard.covered, since + 3_000)
    assert any("excludes" in gap.why for gap in heard.gaps)


@pytest.mark.parametrize("plan", PLANS)
def test_what_is_no_longer_kept_is_a_gap(stage: Stage, plan: Plan) -> None:
    stage.logs.plan = replace(plan, retention=3600)
    since = stage.clock.milliseconds - 2 * 3_600_000
    with stage.reading(since, pace=replace(stage.pace, slice=600)) as heard:
        heard.wait_for(lambda: covers(heard.covered, since + 7_199_000))
    assert not covers(heard.covered, since + 3_000_000)
    assert covers(heard.covered, since + 3_700_000)
    assert any("keep" in gap.why and gap.span.since == since for gap in heard.gaps)


def test_malformed_rows_are_counted_and_not_covered(stage: Stage) -> None:
    stage.logs.faults = LogFaults(no_history=True, malformed=1.0)
    with stage.reading() as heard:
        heard.wait_for(lambda: stage.logs.streams)
        time.sleep(0.1)
        [row, _, _] = happened(stage.logs, 1, "one", ago=0)
        for number in range(2, 40):
            happened(stage.logs, number, "more", ago=0)
            time.sleep(0.02)
        heard.wait_for(lambda: heard.malformed >= 70)
        time.sleep(0.2)
    assert heard.rows == {}
    assert not covers(heard.covered, row.at)


def test_a_hanging_stream_is_noticed_and_opened_again(stage: Stage) -> None:
    stage.logs.faults = LogFaults(no_history=True)
    with stage.reading(pace=replace(stage.pace, silence=0.2)) as heard:
        heard.wait_for(lambda: stage.logs.streams >= 2)
        heard.wait_for(lambda: any("was interrupted" in gap.why for gap in heard.gaps))


@pytest.mark.parametrize("status", [403, 429, 503])
def test_an_api_that_refuses_for_a_while_leaves_a_gap_and_is_read_again(stage: Stage, status: int) -> None:
    """A token that has expired, a rate limit, an outage: while it lasts nothing is covered, whatever was read before stays."""
    stage.logs.faults = LogFaults(no_history=True)
    with stage.reading(pace=replace(stage.pace, silence=0.2)) as heard:
        heard.wait_for(lambda: stage.logs.streams)
        happened(stage.logs, 1, "before", ago=0)
        heard.wait_for(lambda: len(heard.rows) >= 2)
        stage.logs.faults = LogFaults(no_history=True, failing=10**6, failing_with=status)
        time.sleep(1.0)  # the stream was silent for too long, and no other one opens
        lost = stage.clock.milliseconds
        time.sleep(0.3)
        stage.logs.faults = LogFaults(no_history=True)
        heard.wait_for(lambda: stage.logs.streams)
        happened(stage.logs, 2, "after", ago=0)
        heard.wait_for(lambda: any(row.message == "after" for row in heard.rows.values()))
    assert any(row.message == "before" for row in heard.rows.values())
    assert not covers(heard.covered, lost + 150)
    assert any("was interrupted" in gap.why for gap in heard.gaps)
    assert heard.source.refused is None


def test_times_are_the_platforms_however_far_its_clock_is_off(stage: Stage) -> None:
    stage.clock.advance(2 * 86_400)
    since = stage.clock.milliseconds - 20_000
    happened(stage.logs, 1, "x", ago=18)
    with stage.reading(since, clock=Clock()) as heard:
        heard.wait_for(lambda: settled(heard, 1) and covers(heard.covered, since + 17_000))
    assert abs(heard.source.clock.offset() - 2 * 86_400) < 1
    assert union(heard.covered)[0].until < stage.clock.milliseconds


def test_a_stream_has_its_successor_before_it_ends(stage: Stage) -> None:
    """Live only: what comes while one stream follows the other is covered without a gap."""
    stage.logs.faults = LogFaults(no_history=True)
    stage.logs.plan = Plan(stream=3.0)
    with stage.reading(pace=replace(stage.pace, renew=0.5, renew_alone=0.4)) as heard:
        heard.wait_for(lambda: stage.logs.streams)
        for number in range(90):
            happened(stage.logs, number, "x", ago=0)
            time.sleep(0.02)
        heard.wait_for(lambda: len(heard.rows) == 180)
    assert stage.logs.streams >= 4
    assert len(union(heard.covered)) == 1


def test_a_cut_stream_is_filled_from_the_history(stage: Stage) -> None:
    stage.logs.faults = LogFaults(cuts=3, cut_after=5, cut="mid-line", rejected_reconnects=2)
    since = stage.clock.milliseconds
    with stage.reading(since) as heard:
        heard.wait_for(lambda: stage.logs.streams)
        for number in range(60):
            happened(stage.logs, number, "x", ago=0)
            time.sleep(0.01)
        end = stage.clock.milliseconds
        heard.wait_for(lambda: settled(heard, 60) and [one for one in union(heard.covered)[:1] if one.until >= end])
    assert union(heard.covered)[0].since == since


def test_what_was_not_covered_at_the_end_is_a_gap(stage: Stage) -> None:
    stage.logs.faults = LogFaults(failing=1000)
    since = stage.clock.milliseconds - 1_000
    with stage.reading(since) as heard:
        time.sleep(0.8)
    assert heard.covered == []
    [gap] = heard.gaps
    assert gap.span.since == since
    assert "503" in gap.why
