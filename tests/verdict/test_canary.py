"""The verdict on the canary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from postdeploy.canary.progress import Progress
from postdeploy.canary.report import CanaryReport
from postdeploy.model import Cause, CheckResult, Decision, Outcome, Reason, Recommendation, Severity
from postdeploy.record.last_good import KnownBy, LastGood
from postdeploy.run.canary_request import Phase
from postdeploy.runbook.parts import CANARY_LOG
from postdeploy.runbook.reading import read_runbook
from postdeploy.verdict.canary import judge
from postdeploy.verdict.decision import Facts
from postdeploy.verdict.verdict import Finding, Verdict
from tests.builders import failed, result

URL = "https://app.example.com"
WATCHED = CanaryReport("the database", Progress("w-1", 0, 1), seconds=1800.0, whole=True)
QUIET = replace(WATCHED, too_few="2 attempts are too few")
UNPROVEN = result("test_c", Outcome.UNPROVEN, "canary", summary="2 attempts")
FAILS = failed(Cause.CANARY, "test_c")
BEFORE = {"phase": Phase.BEFORE, "report": None}
AGAIN = (Decision.INCONCLUSIVE, Reason.UNPROVEN, Recommendation.MEASURE_AGAIN)


def judged(*results: CheckResult, phase: Phase = Phase.RUNNING, report: CanaryReport | None = WATCHED) -> Verdict:
    required = {"test_c": "canary"}
    return judge(Facts(results, required, url=URL), phase, report, read_runbook())


@pytest.mark.parametrize(
    ("results", "more", "says"),
    [
        pytest.param([result("test_c")], {}, (Decision.PASS, None, Recommendation.EXPAND), id="sound"),
        pytest.param([result("test_c")], BEFORE, (Decision.PASS, None, Recommendation.KEEP), id="ready"),
        pytest.param([FAILS], {}, (Decision.FAIL, None, Recommendation.SWITCH_OFF), id="it fails"),
        pytest.param([FAILS], BEFORE, (Decision.FAIL, None, Recommendation.SWITCH_OFF), id="attempts before it starts"),
        pytest.param(
            [failed(Cause.ENVIRONMENT, "test_c", recommendation=Recommendation.FIX_ENVIRONMENT)],
            {},
            (Decision.FAIL, None, Recommendation.FIX_ENVIRONMENT),
            id="the kill switch is off before it starts",
        ),
        pytest.param(
            [failed(Cause.UNREACHABLE, "test_c")],
            {},
            (Decision.FAIL, None, Recommendation.INVESTIGATE),
            id="another fault",
        ),
        pytest.param(
            [failed(Cause.UNREACHABLE, "test_c"), result("test_d", part="canary")],
            {},
            (Decision.FAIL, None, Recommendation.INVESTIGATE),
            id="another fault, while the canary is sound",
        ),
        pytest.param(
            [UNPROVEN],
            {"report": QUIET},
            (Decision.INCONCLUSIVE, Reason.UNPROVEN, Recommendation.KEEP_WATCHING),
            id="too little traffic",
        ),
        pytest.param(
            [UNPROVEN, result("test_e", part="canary")],
            {"report": QUIET},
            (Decision.INCONCLUSIVE, Reason.UNPROVEN, Recommendation.KEEP_WATCHING),
            id="too little traffic, while another check passed",
        ),
        pytest.param(
            [UNPROVEN, result("test_d", Outcome.UNPROVEN, "canary", summary="no PASS")],
            {"report": QUIET},
            AGAIN,
            id="too little traffic is not all that is missing",
        ),
        pytest.param([UNPROVEN], {"report": WATCHED}, AGAIN, id="traffic enough, and yet no proof"),
        pytest.param([UNPROVEN], {"report": replace(QUIET, stale="frozen")}, AGAIN, id="frozen metrics"),
        pytest.param([UNPROVEN], {"report": replace(QUIET, unread="refused")}, AGAIN, id="metrics that broke off"),
        pytest.param([UNPROVEN], {"report": replace(QUIET, whole=False)}, AGAIN, id="a window that was cut short"),
        pytest.param([UNPROVEN], {"report": None}, AGAIN, id="not watched"),
        pytest.param(
            [result("test_c", Outcome.BLOCKED, "canary")],
            {"report": replace(QUIET, unread="refused", seen=None)},
            (Decision.INCONCLUSIVE, Reason.BLOCKED, Recommendation.MEASURE_AGAIN),
            id="unreadable metrics",
        ),
        pytest.param(
            [result("test_c", Outcome.BLOCKED, "canary"), UNPROVEN],
            {"report": QUIET},
            (Decision.INCONCLUSIVE, Reason.BLOCKED, Recommendation.MEASURE_AGAIN),
            id="blocked, and too little traffic as well",
        ),
        pytest.param([], {"report": None}, AGAIN, id="no check ran"),
    ],
)
def test_the_verdict_on_the_canary(
    results: list[CheckResult],
    more: dict[str, Any],
    says: tuple[Decision, Reason | None, Recommendation],
) -> None:
    verdict = judged(*results, **more)
    assert (verdict.decision, verdict.reason, verdict.recommendation) == says


@pytest.mark.parametrize(
    ("results", "more", "says"),
    [
        pytest.param([result("test_c")], {}, ("", WATCHED.says), id="sound"),
        pytest.param(
            [result("test_c")],
            BEFORE,
            ("READY for the canary", "the kill switch is on, and no draft was attempted since the deploy"),
            id="ready",
        ),
        pytest.param(
            [UNPROVEN],
            {"report": QUIET},
            ("KEEP WATCHING the canary: too little traffic", "2 attempts are too few"),
            id="too little traffic",
        ),
    ],
)
def test_what_the_verdict_on_the_canary_says(
    results: list[CheckResult], more: dict[str, Any], says: tuple[str, str]
) -> None:
    verdict = judged(*results, **more)
    assert (verdict.headline, verdict.summary) == says


def test_a_window_that_is_open_does_not_keep_the_canary_from_being_ready() -> None:
    facts = Facts((result("test_c"),), {"test_c": "canary"}, url=URL, window_open=True)
    assert judge(facts, Phase.BEFORE, None, read_runbook()).recommendation is Recommendation.KEEP


def test_only_what_the_canary_is_about_is_said_to_be_not_measured() -> None:
    left_out = {CANARY_LOG: "no --logs", "inbox": "not here"}
    facts = Facts((result("test_c"),), {"test_c": "canary"}, left_out, url=URL)
    assert judge(facts, Phase.RUNNING, WATCHED, read_runbook()).coverage.not_measured == {CANARY_LOG: "no --logs"}


def test_the_fastest_switch_is_named_first_and_no_rollback() -> None:
    """Whatever the failure alone would call for: another failure has a command."""
    setting = failed(Cause.ENVIRONMENT, "test_e", recommendation=Recommendation.FIX_ENVIRONMENT)
    code = failed(Cause.CLIENT_CRASH, "test_f")
    good = LastGood("dpl_good", "https://good.example.app", KnownBy.RECORD, "passed")
    facts = Facts((FAILS, code), {"test_c": "canary"}, url=URL, last_good=good)
    by_target = judge(facts, Phase.RUNNING, WATCHED, read_runbook())
    for verdict in (judged(FAILS), judged(FAILS, setting), judged(FAILS, code), by_target):
        assert verdict.recommendation is Recommendation.SWITCH_OFF
        assert verdict.evidence_for[0].startswith("at once: switch the workspace's toggle off")
        assert f"{URL}/" in verdict.evidence_for[0]
        assert "next deployment" in verdict.evidence_for[1]
        assert (verdict.command, verdict.target, verdict.will_help, verdict.evidence_against) == (None, None, None, ())


def test_the_numbers_are_noted_whatever_the_verdict() -> None:
    for verdict in (judged(result("test_c")), judged(FAILS), judged(UNPROVEN, report=QUIET)):
        assert Finding("canary", Severity.NOTE, WATCHED.says) in verdict.findings


def test_gaps_are_noted_the_first_three_of_them() -> None:
    report = replace(WATCHED, gaps=("12:01", "12:05", "12:08", "12:11"), detects="3 of 100")
    notes = [one for one in judged(result("test_c"), report=report).findings if one.severity is Severity.NOTE]
    gaps = [f"the metrics could not be read in {at}" for at in ("12:01", "12:05", "12:08")]
    assert notes == [Finding("canary", Severity.NOTE, says) for says in (report.says, "3 of 100", *gaps)]
