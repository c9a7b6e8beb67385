"""What the admin page copies, as metrics: totals whose rises count."""

from __future__ import annotations

import json

import pytest

from postdeploy.canary.admin_page import AdminSnapshot, parse
from postdeploy.canary.metrics import RevisionTotals
from postdeploy.canary.progress import Looks
from postdeploy.canary.report import CanaryReport
from postdeploy.canary.rules import CanaryRule
from postdeploy.canary.watch import watch
from postdeploy.model import Blocked
from postdeploy.runbook.reading import read_runbook
from tests.canary.world import MINE, Simulated, snapshot, table

PAGE = read_runbook().canary.admin_page
NOW = 1_800_000_000.0
ON = "Workspace toggle: ON"


def copied(attempted: object = 5, applied: object = 2, *, stopped: object = False, **more: object) -> str:
    queues = {"autoSendRevision": {"attemptedLast72h": attempted, "appliedLast72h": applied}}
    return json.dumps({"env": {"autoSendRevisionDisabled": stopped}, "queues": queues, **more})


def test_it_is_read_as_the_runbook_names_it() -> None:
    read = parse(copied(5, 2, generatedAt="2027-01-15T08:00:00.000Z"), "… Workspace toggle: ON …", PAGE)
    assert read == AdminSnapshot(False, True, RevisionTotals(5, 2), round(NOW * 1000))
    look = read.metrics(MINE, NOW + 90)
    assert (look.enabled, look.totals, look.behind) == (frozenset({MINE}), RevisionTotals(5, 2), 90)


@pytest.mark.parametrize(
    ("text", "enabled"),
    [
        pytest.param("Workspace toggle: ON", True, id="on"),
        pytest.param("Workspace toggle: OFF", False, id="off"),
    ],
)
def test_the_toggle_is_what_its_pill_says(text: str, enabled: bool) -> None:
    assert parse(copied(), text, PAGE).enabled is enabled


@pytest.mark.parametrize("stopped", [False, None, "1", 1])
def test_only_true_means_that_the_kill_switch_is_on(stopped: object) -> None:
    assert not parse(copied(stopped=stopped), ON, PAGE).stopped
    assert parse(copied(stopped=True), ON, PAGE).stopped


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("", "not JSON", id="nothing"),
        pytest.param("<html>", "not JSON", id="a page"),
        pytest.param("[]", "has no env.autoSendRevisionDisabled", id="a list"),
        pytest.param(json.dumps({"env": {"autoSendRevisionDisabled": True}}), "has no queues", id="no totals"),
        pytest.param(copied("5"), "is not a number", id="a text"),
        pytest.param(copied(True), "is not a number", id="a truth value"),
        pytest.param(copied(-1), "is not a number", id="negative"),
        pytest.param(copied(1.5), "is not a number", id="a fraction"),
    ],
)
def test_what_is_something_else_blocks_with_the_cure(text: str, says: str) -> None:
    with pytest.raises(Blocked, match=says) as refused:
        parse(text, ON, PAGE)
    assert "[canary.admin_page]" in refused.value.cure


@pytest.mark.parametrize("moment", ["soon", "", None, [], 5e300])
def test_a_time_that_is_none_is_not_taken_for_one_of_now(moment: object) -> None:
    with pytest.raises(Blocked, match="generatedAt in what the admin page copies is not a time"):
        parse(copied(generatedAt=moment), ON, PAGE)


def test_an_app_that_does_not_say_when_is_believed() -> None:
    assert parse(copied(), ON, PAGE).made_at is None


def test_rises_are_added_up_and_what_grows_old_takes_nothing_away() -> None:
    looks = Looks(MINE)
    for at, (attempted, applied) in enumerate([(40, 9), (43, 10), (30, 4), (35, 6)]):
        looks.add(snapshot(at, totals=RevisionTotals(attempted, applied)))
    seen = looks.progress()
    assert seen is not None
    assert (seen.attempted, seen.applied) == (3 + 5, 1 + 2)


def by_totals(applied: float, behind: float = 0.0, each: int = 1) -> CanaryReport:
    """Half an hour with so many attempts a minute, of which this share is applied."""
    world = Simulated(
        lambda minute: snapshot(
            minute, totals=RevisionTotals(100 + each * minute, 50 + round(applied * each * minute)), behind=behind
        )
    )
    return watch(table(), 1800.0, world)


def test_a_healthy_canary_is_proven_by_totals() -> None:
    report = by_totals(0.5)
    assert (report.findings, report.proves) == ((), True)
    assert "neither a draft that is attempted twice" in report.detects


@pytest.mark.parametrize("share", [1.0, 1.5])
def test_too_many_applied_revisions_fail_by_totals(share: float) -> None:
    assert [one.rule for one in by_totals(share).findings] == [CanaryRule.APPLIED]


def test_a_snapshot_that_is_old_proves_nothing() -> None:
    assert "stale" in by_totals(0.5, behind=3600.0).stale


def test_totals_that_stand_still_prove_nothing() -> None:
    assert by_totals(0.5, each=0).too_few


@pytest.mark.parametrize("text", ["", "Workspace toggle: …", "Workspace toggle: ON Workspace toggle: OFF"])
def test_a_page_that_does_not_show_the_toggle_blocks(text: str) -> None:
    with pytest.raises(Blocked, match="does not say whether the workspace's toggle is on"):
        parse(copied(), text, PAGE)


def test_attempts_although_the_toggle_is_off_fail() -> None:
    world = Simulated(lambda minute: snapshot(minute, enabled=(), totals=RevisionTotals(minute, 0)))
    assert [one.rule for one in watch(table(), 1800.0, world).findings] == [CanaryRule.ELSEWHERE]


def test_no_attempts_and_a_toggle_that_is_off_prove_nothing() -> None:
    report = watch(table(), 1800.0, Simulated(lambda minute: snapshot(minute, enabled=(), totals=RevisionTotals(3, 1))))
    assert (report.findings, bool(report.too_few)) == ((), True)
