"""The watch of a canary, by a simulated clock."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from postdeploy.canary.exact import Share
from postdeploy.canary.lines import RevisionLines
from postdeploy.canary.metrics import Snapshot
from postdeploy.canary.report import CanaryReport
from postdeploy.canary.rules import CanaryRule
from postdeploy.canary.watch import watch
from postdeploy.model import Blocked, Severity
from postdeploy.system.decoding import decode
from tests.canary.world import MINE, OTHER, Simulated, attempt, healthy, snapshot, table

HALF_AN_HOUR = 1800.0


def watched(world: Simulated, seconds: float = HALF_AN_HOUR) -> CanaryReport:
    return watch(table(), seconds, world)


def with_fault(fault: Callable[[int], Snapshot], since: int) -> Simulated:
    """Healthy until that minute."""
    return Simulated(lambda minute: healthy(minute) if minute < since else fault(minute))


def test_a_healthy_canary_is_watched_to_its_end_and_proven() -> None:
    world = Simulated(healthy)
    report = watched(world)
    assert (report.findings, report.proves, report.seconds) == ((), True, HALF_AN_HOUR)
    assert world.looked == [60.0 * each for each in range(31)]


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        pytest.param(lambda m: snapshot(m, attempt(1, m)), CanaryRule.REPEATED, id="a draft again and again"),
        pytest.param(lambda m: snapshot(m, enabled=(MINE, OTHER)), CanaryRule.WORKSPACES, id="a second workspace"),
        pytest.param(lambda m: snapshot(m, enabled=(OTHER,)), CanaryRule.WORKSPACES, id="the wrong workspace"),
        pytest.param(lambda m: snapshot(m, attempt(1, m, OTHER)), CanaryRule.ELSEWHERE, id="a draft of another one"),
    ],
)
def test_what_cannot_happen_by_chance_ends_the_watch_at_once(
    fault: Callable[[int], Snapshot], rule: CanaryRule
) -> None:
    report = watched(with_fault(fault, since=7))
    assert [one.rule for one in report.findings] == [rule]
    assert report.seconds <= 8 * 60
    assert report.fails
    assert not report.proves


def test_shares_are_judged_at_the_planned_looks_only() -> None:
    asked: list[int] = []
    world = Simulated(healthy, log=asked.append)
    watched(world)
    assert asked == [8, 15, 23, 30]


@pytest.mark.parametrize(
    ("reviews", "minutes"),
    [
        pytest.param(lambda m: Share(100 + m, 1000 + m), 8, id="every decision needs review"),
        pytest.param(lambda m: Share(100 + m // 2, 1000 + m), 23, id="every other one"),
    ],
)
def test_a_needs_review_spike_is_found_at_the_first_look_that_can_show_it(
    reviews: Callable[[int], Share], minutes: int
) -> None:
    world = Simulated(lambda m: snapshot(m, reviews={MINE: reviews(m), OTHER: Share(200 + m // 5, 2000 + 2 * m)}))
    report = watched(world)
    assert [one.rule for one in report.findings] == [CanaryRule.REVIEW]
    assert report.seconds == minutes * 60


def test_errors_of_the_log_end_the_watch() -> None:
    report = watched(Simulated(healthy, log=lambda minute: RevisionLines(minute, deadline=minute)))
    assert [(one.rule, one.severity) for one in report.findings] == [(CanaryRule.ERRORS, Severity.FAIL)]
    assert report.seconds == 8 * 60


@pytest.mark.parametrize(
    ("world", "reads"),
    [
        pytest.param(Simulated(snapshot), ("", "", True), id="no traffic"),
        pytest.param(Simulated(snapshot, log=RevisionLines), ("", "stale", True), id="frozen"),
        pytest.param(Simulated(lambda m: snapshot(m, behind=600.0)), ("", "stale", True), id="far behind"),
    ],
)
def test_silence_without_traffic_proves_nothing(world: Simulated, reads: tuple[str, str, bool]) -> None:
    report = watched(world)
    assert (report.unread, "stale" if report.stale else "", bool(report.too_few)) == reads
    assert (report.fails, report.proves, report.whole) == (False, False, True)


def refusing(minute: int) -> Snapshot:
    raise Blocked("the database refuses", "Correct it.")


def test_metrics_that_were_never_readable_end_the_watch_with_the_cure() -> None:
    report = watched(Simulated(refusing))
    assert (report.unread, report.cure, report.seen) == ("the database refuses", "Correct it.", None)
    assert report.seconds == 2 * 60


def test_an_outage_of_the_metrics_is_a_gap_and_no_more() -> None:
    report = watched(Simulated(lambda m: refusing(m) if 5 <= m <= 9 else healthy(m)))
    assert len(report.gaps) == 5
    assert report.proves


def test_metrics_that_are_gone_at_the_end_prove_nothing() -> None:
    report = watched(Simulated(lambda m: refusing(m) if m > 25 else healthy(m)))
    assert (report.proves, report.unread) == (False, "the database refuses")


def test_another_deployment_ends_the_watch() -> None:
    report = watched(Simulated(healthy, takes_over_at=610.0))
    assert (report.seconds, report.proves) == (660.0, False)


def test_a_report_survives_the_way_between_processes() -> None:
    report = watched(Simulated(healthy))
    assert decode(msgspec.json.encode(report), CanaryReport) == report
