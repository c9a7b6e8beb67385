"""The verdict on the canary."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.canary.progress import Progress
from postdeploy.canary.report import CanaryReport
from postdeploy.model import Cause, CheckResult, Decision, Outcome, Reason, Recommendation
from postdeploy.run.canary_request import Phase
from postdeploy.runbook.reading import read_runbook
from postdeploy.verdict.canary import judge
from postdeploy.verdict.decision import Facts
from postdeploy.verdict.verdict import Verdict
from tests.builders import failed, result

URL = "https://app.example.com"
WATCHED = CanaryReport("the database", Progress("w-1", 0, 1), seconds=1800.0, whole=True)
QUIET = replace(WATCHED, too_few="2 attempts")
UNPROVEN = result("test_c", Outcome.UNPROVEN, "canary", summary="2 attempts")


def judged(*results: CheckResult, phase: Phase = Phase.RUNNING, report: CanaryReport | None = WATCHED) -> Verdict:
    required = {"test_c": "canary"}
    return judge(Facts(results, required, url=URL), phase, report, read_runbook())


@pytest.mark.parametrize(
    ("verdict", "decision", "reason", "recommendation"),
    [
        pytest.param(judged(result("test_c")), Decision.PASS, None, Recommendation.EXPAND, id="sound"),
        pytest.param(
            judged(result("test_c"), phase=Phase.BEFORE, report=None),
            Decision.PASS,
            None,
            Recommendation.KEEP,
            id="ready",
        ),
        pytest.param(
            judged(failed(Cause.CANARY, "test_c")), Decision.FAIL, None, Recommendation.SWITCH_OFF, id="it fails"
        ),
        pytest.param(
            judged(failed(Cause.CANARY, "test_c"), phase=Phase.BEFORE, report=None),
            Decision.FAIL,
            None,
            Recommendation.SWITCH_OFF,
            id="attempts before it starts",
        ),
        pytest.param(
            judged(failed(Cause.ENVIRONMENT, "test_c", recommendation=Recommendation.FIX_ENVIRONMENT)),
            Decision.FAIL,
            None,
            Recommendation.FIX_ENVIRONMENT,
            id="the kill switch is off before it starts",
        ),
        pytest.param(
            judged(failed(Cause.UNREACHABLE, "test_c")),
            Decision.FAIL,
            None,
            Recommendation.INVESTIGATE,
            id="another fault",
        ),
        pytest.param(
            judged(UNPROVEN, report=QUIET),
            Decision.INCONCLUSIVE,
            Reason.UNPROVEN,
            Recommendation.KEEP_WATCHING,
            id="too little traffic",
        ),
        pytest.param(
            judged(UNPROVEN, result("test_d", Outcome.UNPROVEN, "canary", summary="no PASS"), report=QUIET),
            Decision.INCONCLUSIVE,
            Reason.UNPROVEN,
            Recommendation.MEASURE_AGAIN,
            id="too little traffic is not all that is missing",
        ),
        pytest.param(
            judged(UNPROVEN, report=replace(QUIET, stale="frozen")),
            Decision.INCONCLUSIVE,
            Reason.UNPROVEN,
            Recommendation.MEASURE_AGAIN,
            id="frozen metrics",
        ),
        pytest.param(
            judged(result("test_c", Outcome.BLOCKED, "canary"), report=replace(QUIET, unread="refused", seen=None)),
            Decision.INCONCLUSIVE,
            Reason.BLOCKED,
            Recommendation.MEASURE_AGAIN,
            id="unreadable metrics",
        ),
        pytest.param(
            judged(report=None), Decision.INCONCLUSIVE, Reason.UNPROVEN, Recommendation.MEASURE_AGAIN, id="no check ran"
        ),
    ],
)
def test_the_verdict_on_the_canary(
    verdict: Verdict, decision: Decision, reason: Reason | None, recommendation: Recommendation
) -> None:
    assert (verdict.decision, verdict.reason, verdict.recommendation) == (decision, reason, recommendation)


def test_the_fastest_switch_is_named_first() -> None:
    verdict = judged(failed(Cause.CANARY, "test_c"))
    assert verdict.evidence_for[0].startswith("at once: switch the workspace's toggle off")
    assert "next deployment" in verdict.evidence_for[1]
    assert verdict.target is None


def test_the_numbers_are_noted_whatever_the_verdict() -> None:
    for verdict in (judged(result("test_c")), judged(failed(Cause.CANARY, "test_c")), judged(UNPROVEN, report=QUIET)):
        assert any(WATCHED.says == one.summary for one in verdict.findings)
