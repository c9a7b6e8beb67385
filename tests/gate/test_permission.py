"""By whose decision a rollback may be carried out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from postdeploy.gate.permission import Request, RollbackMode, Situation, Starter, decide
from postdeploy.model import Decision, Recommendation, Stage, WillHelp
from postdeploy.production.state import ProductionState
from postdeploy.record.document import DeploymentPart, VerdictDocument
from postdeploy.record.last_good import KnownBy, LastGood
from postdeploy.rollback.report import Ending, PreviousDeployment, RollbackReport, TargetDeployment
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.project import AliasRequest, ProjectState

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
BAD = PlatformDeployment("dpl_bad", "inbox-bad.vercel.app", 2)
STATE = ProductionState("app.example.com", BAD)


def ago(**span: float) -> str:
    return (NOW - dt.timedelta(**span)).isoformat()


GOOD = LastGood("dpl_good", "https://inbox-good.vercel.app", KnownBy.RECORD, "passed its verification")
VERDICT = VerdictDocument(
    run_id="a1",
    stage=Stage.SMOKE,
    finished=ago(minutes=3),
    decision=Decision.FAIL,
    recommendation=Recommendation.ROLL_BACK,
    will_help=WillHelp.YES,
    target=GOOD,
    complete=True,
    deployment=DeploymentPart(url="https://app.example.com", deployment_id="dpl_bad"),
)
SITUATION = Situation(NOW, STATE, VERDICT, reviewers=True)
PERSON = Request("dpl_bad", Starter.PERSON)
GATE = Request("dpl_bad", Starter.GATE, GOOD.id, automatic=True)


def verdict(**changes: Any) -> Situation:
    return replace(SITUATION, verdict=msgspec.structs.replace(VERDICT, **changes))


def rollback(outcome: Ending = Ending.MOVED, failed: str = "dpl_other", **span: float) -> RollbackReport:
    return RollbackReport(
        outcome=outcome,
        url="https://app.example.com",
        how="promote",
        from_=PreviousDeployment(failed),
        to=TargetDeployment("dpl_good"),
        requested_at=ago(**span) if span else "",
    )


def requested(kind: str, **span: float) -> Situation:
    at = round((NOW - dt.timedelta(**span)).timestamp() * 1000)
    project = ProjectState(last_request=AliasRequest("dpl_bad", "dpl_old", "succeeded", kind, at))
    return replace(SITUATION, state=replace(STATE, project=project))


@pytest.mark.parametrize(
    ("request_", "situation", "mode"),
    [
        pytest.param(PERSON, SITUATION, RollbackMode.APPROVAL, id="a person, and a reviewer who decides"),
        pytest.param(PERSON, replace(SITUATION, reviewers=False), RollbackMode.PLAN, id="an unprotected environment"),
        pytest.param(
            replace(PERSON, automatic=True),
            SITUATION,
            RollbackMode.APPROVAL,
            id="a person's is never automatic, if switched on",
        ),
        pytest.param(PERSON, verdict(finished=ago(minutes=31)), RollbackMode.REFUSED, id="a stale verdict"),
        pytest.param(PERSON, replace(SITUATION, verdict=None), RollbackMode.REFUSED, id="no verdict"),
        pytest.param(PERSON, verdict(decision=Decision.PASS), RollbackMode.REFUSED, id="it passed"),
        pytest.param(
            PERSON, verdict(recommendation=Recommendation.HOLD), RollbackMode.APPROVAL, id="a person may know better"
        ),
        pytest.param(
            replace(PERSON, needs_verdict=False),
            replace(SITUATION, verdict=None),
            RollbackMode.APPROVAL,
            id="without a verdict",
        ),
        pytest.param(
            replace(PERSON, needs_verdict=False, failed="dpl_x"),
            SITUATION,
            RollbackMode.REFUSED,
            id="production serves another",
        ),
        pytest.param(
            replace(GATE, needs_verdict=False),
            replace(SITUATION, verdict=None),
            RollbackMode.REFUSED,
            id="the gate needs one",
        ),
        pytest.param(
            GATE, verdict(recommendation=Recommendation.HOLD), RollbackMode.REFUSED, id="the gate at an outage"
        ),
        pytest.param(GATE, verdict(finished=ago(minutes=31)), RollbackMode.REFUSED, id="the gate, too late"),
        pytest.param(GATE, SITUATION, RollbackMode.AUTOMATIC, id="automatic"),
        pytest.param(
            GATE, replace(SITUATION, reviewers=False), RollbackMode.AUTOMATIC, id="automatic asks no reviewer"
        ),
        pytest.param(
            replace(GATE, target="dpl_other"), SITUATION, RollbackMode.APPROVAL, id="a target that was not compared"
        ),
        pytest.param(replace(GATE, target=""), SITUATION, RollbackMode.APPROVAL, id="a target that is chosen later"),
        pytest.param(GATE, verdict(target=None), RollbackMode.APPROVAL, id="a verdict that names no target"),
        pytest.param(
            replace(GATE, target=""), verdict(target=None), RollbackMode.APPROVAL, id="no target on either side"
        ),
        pytest.param(
            replace(PERSON, target="dpl_other"), SITUATION, RollbackMode.APPROVAL, id="a person names any target"
        ),
        pytest.param(replace(GATE, automatic=False), SITUATION, RollbackMode.APPROVAL, id="not switched on"),
        pytest.param(GATE, verdict(will_help=WillHelp.LIKELY), RollbackMode.APPROVAL, id="likely is not yes"),
        pytest.param(GATE, verdict(will_help=None), RollbackMode.APPROVAL, id="unproven"),
        pytest.param(GATE, verdict(complete=False), RollbackMode.APPROVAL, id="a run that was cut off"),
        pytest.param(GATE, verdict(provisional=True), RollbackMode.APPROVAL, id="a comparison is in progress"),
        pytest.param(GATE, requested("promote", days=3), RollbackMode.APPROVAL, id="it was promoted by hand"),
        pytest.param(GATE, replace(SITUATION, earlier=None), RollbackMode.APPROVAL, id="earlier ones are unknown"),
        pytest.param(
            GATE,
            replace(SITUATION, earlier=(rollback(failed="dpl_bad", days=3),)),
            RollbackMode.APPROVAL,
            id="once per deployment",
        ),
        pytest.param(
            GATE, replace(SITUATION, earlier=(rollback(hours=23),)), RollbackMode.APPROVAL, id="once in 24 hours"
        ),
        pytest.param(GATE, replace(SITUATION, earlier=(rollback(hours=25),)), RollbackMode.AUTOMATIC, id="a day later"),
        pytest.param(
            GATE,
            replace(SITUATION, earlier=(rollback(Ending.UNFINISHED),)),
            RollbackMode.APPROVAL,
            id="one whose end is unknown",
        ),
        pytest.param(
            GATE,
            replace(SITUATION, earlier=(rollback(Ending.REFUSED, hours=1),)),
            RollbackMode.AUTOMATIC,
            id="one that was refused",
        ),
        pytest.param(
            GATE,
            replace(requested("rollback", hours=1), reviewers=False),
            RollbackMode.PLAN,
            id="one that was made elsewhere",
        ),
    ],
)
def test_by_whose_decision(request_: Request, situation: Situation, mode: RollbackMode) -> None:
    answer = decide(request_, situation)
    assert answer.mode is mode, answer
    assert answer.why or mode is RollbackMode.APPROVAL


def test_what_is_not_known_of_earlier_rollbacks_is_said() -> None:
    answer = decide(GATE, replace(SITUATION, earlier=None, unknown="older ones were left out"))
    assert (answer.mode, answer.why) == (
        RollbackMode.APPROVAL,
        ("not automatic: whether there was one before is not known (older ones were left out)",),
    )
