"""What each rule makes of the progress of a canary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.canary.exact import Share
from postdeploy.canary.lines import RevisionLines
from postdeploy.canary.progress import Looks, Progress
from postdeploy.canary.rules import CanaryRule, at_once, by_share, detects, frozen, too_few
from postdeploy.model import Severity
from tests.canary.world import MINE, OTHER, THIRD, attempt, snapshot, table

HEALTHY = Progress(
    workspace=MINE,
    since=0,
    until=1_800_000,
    enabled=(frozenset({MINE}),),
    attempts={f"draft-{each}": 1 for each in range(40)},
    applied=20,
    reviews=Share(5, 45),
    reviews_before=Share(100, 1000),
    reviews_elsewhere=Share(12, 110),
    lines=RevisionLines(seen=40),
)
FAIL, WARN = Severity.FAIL, Severity.WARN


def found(seen: Progress) -> dict[CanaryRule, Severity]:
    findings = at_once(seen, table()) + by_share(seen, table())
    return {one.rule: one.severity for one in findings}


def test_a_healthy_canary_has_no_finding() -> None:
    assert found(HEALTHY) == {}


@pytest.mark.parametrize(
    ("changed", "rule", "severity"),
    [
        pytest.param(
            {"attempts": {"draft-1": 2, "draft-2": 1}, "applied": 0}, CanaryRule.REPEATED, FAIL, id="attempted twice"
        ),
        pytest.param({"enabled": (frozenset({MINE, OTHER}),)}, CanaryRule.WORKSPACES, FAIL, id="two workspaces"),
        pytest.param({"enabled": (frozenset({OTHER}),)}, CanaryRule.WORKSPACES, FAIL, id="the wrong workspace"),
        pytest.param(
            {"enabled": (frozenset({MINE}), frozenset({MINE, THIRD}))},
            CanaryRule.WORKSPACES,
            FAIL,
            id="a second one later",
        ),
        pytest.param({"elsewhere": {OTHER: 1}}, CanaryRule.ELSEWHERE, FAIL, id="a draft of another workspace"),
        pytest.param({"applied": 41}, CanaryRule.APPLIED, FAIL, id="more applied than attempted"),
        pytest.param(
            {"attempts": {f"draft-{each}": 1 for each in range(80)}, "applied": 80},
            CanaryRule.APPLIED,
            FAIL,
            id="all applied",
        ),
        pytest.param({"reviews": Share(30, 45)}, CanaryRule.REVIEW, FAIL, id="needs-review spike"),
        pytest.param(
            {"reviews": Share(30, 45), "reviews_elsewhere": Share(0, 0)},
            CanaryRule.REVIEW,
            FAIL,
            id="… with no other workspace",
        ),
        pytest.param(
            {"reviews": Share(30, 45), "reviews_before": Share(0, 0)},
            CanaryRule.REVIEW,
            FAIL,
            id="… with nothing before",
        ),
        pytest.param(
            {"reviews": Share(30, 45), "reviews_elsewhere": Share(70, 110)},
            CanaryRule.REVIEW,
            WARN,
            id="… elsewhere as well",
        ),
        pytest.param({"lines": RevisionLines(40, deadline=12)}, CanaryRule.ERRORS, FAIL, id="deadlines"),
        pytest.param({"lines": RevisionLines(40, database=12)}, CanaryRule.ERRORS, FAIL, id="database errors"),
        pytest.param({"lines": RevisionLines(40, deadline=6, database=6)}, CanaryRule.ERRORS, FAIL, id="both"),
        pytest.param({"lines": RevisionLines(40, deadline=1)}, CanaryRule.ERRORS, WARN, id="one deadline"),
    ],
)
def test_a_fault_is_found_by_its_rule_alone(changed: dict[str, object], rule: CanaryRule, severity: Severity) -> None:
    assert found(replace(HEALTHY, **changed)) == {rule: severity}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"enabled": (frozenset(), frozenset({MINE}))}, id="the workspace is enabled during the watch"),
        pytest.param({"applied": 32}, id="eight in ten applied"),
        pytest.param({"reviews": Share(8, 45)}, id="a few more reviews"),
        pytest.param({"lines": None}, id="no log"),
        pytest.param({"reviews_before": Share(0, 0), "reviews_elsewhere": Share(0, 0)}, id="nothing to compare with"),
    ],
)
def test_what_is_no_fault_has_no_finding(changed: dict[str, object]) -> None:
    assert found(replace(HEALTHY, **changed)) == {}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "proves"),
    [
        pytest.param({}, True, id="healthy"),
        pytest.param({"attempts": {}}, False, id="no traffic"),
        pytest.param({"attempts": {f"draft-{each}": 1 for each in range(9)}}, False, id="too little"),
    ],
)
def test_too_little_traffic_proves_nothing(changed: dict[str, object], proves: bool) -> None:
    assert (too_few(replace(HEALTHY, **changed), table()) == "") is proves  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "current"),
    [
        pytest.param({}, True, id="healthy"),
        pytest.param({"behind": 119.0}, True, id="a little behind"),
        pytest.param({"behind": 121.0}, False, id="stale"),
        pytest.param({"attempts": {}}, False, id="the log shows attempts, the metrics none"),
        pytest.param({"attempts": {}, "lines": RevisionLines(seen=3)}, True, id="hardly any lines"),
        pytest.param({"attempts": {}, "lines": None}, True, id="no attempts and no log: no traffic"),
    ],
)
def test_metrics_that_do_not_move_are_frozen(changed: dict[str, object], current: bool) -> None:
    assert (frozen(replace(HEALTHY, **changed), table()) == "") is current  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decisions", "says"),
    [
        pytest.param(12, "with 12 decisions a rise of needs-review from 10 % to 25 %", id="few"),
        pytest.param(200, "with 200 decisions a rise of needs-review from 10 % to 25 %", id="many"),
        pytest.param(0, "compared with nothing", id="none"),
    ],
)
def test_what_could_be_detected_is_said(decisions: int, says: str) -> None:
    assert says in detects(replace(HEALTHY, reviews=Share(0, decisions)), table())


def test_a_time_that_changes_between_two_looks_is_another_attempt() -> None:
    looks = Looks(MINE)
    looks.add(snapshot(0))
    for minute, at in enumerate((5, 5, 7, 7, 9), start=1):
        looks.add(snapshot(minute, attempt(1, at), attempt(2, 5), attempt(3, at, OTHER)))
    seen = looks.progress()
    assert seen is not None
    assert (seen.attempts, seen.attempted, seen.repeated, seen.elsewhere) == (
        {"draft-1": 3, "draft-2": 1},
        4,
        1,
        {OTHER: 1},
    )


def test_decisions_of_the_window_are_differences() -> None:
    looks = Looks(MINE)
    for minute, (mine, others) in enumerate((((10, 100), (5, 50)), ((13, 110), (6, 70)))):
        looks.add(snapshot(minute, reviews={MINE: Share(*mine), OTHER: Share(*others)}))
    seen = looks.progress()
    assert seen is not None
    assert (seen.reviews, seen.reviews_before, seen.reviews_elsewhere) == (Share(3, 10), Share(10, 100), Share(1, 20))
    assert seen.skipped == 10


def test_an_attempt_before_the_window_is_no_attempt_of_the_window() -> None:
    looks = Looks(MINE)
    earlier = [attempt(each, -5) for each in range(4)] + [attempt(9, -5, OTHER)]
    looks.add(snapshot(0, *earlier))
    looks.add(snapshot(1, *earlier, attempt(5, 1)))
    seen = looks.progress()
    assert seen is not None
    assert (seen.attempts, seen.attempted, seen.elsewhere) == ({"draft-5": 1}, 1, {})


def test_a_draft_that_was_attempted_before_the_window_and_again_in_it_is_repeated() -> None:
    looks = Looks(MINE)
    looks.add(snapshot(0, attempt(1, -5)))
    looks.add(snapshot(1, attempt(1, 1, applied=True), attempt(2, 1)))
    seen = looks.progress()
    assert seen is not None
    assert (seen.repeated, seen.attempted, seen.applied) == (1, 2, 1)
