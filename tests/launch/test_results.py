"""What an exit code and a verdict say of a step."""

from __future__ import annotations

import msgspec
import pytest

from postdeploy.launch.results import of_audit, of_baseline, of_rollback, of_run
from postdeploy.launch.steps import StepState
from postdeploy.model import Decision, PlatformIdentity, Reason, Recommendation, Stage
from postdeploy.record.document import DeploymentPart, VerdictDocument
from postdeploy.rollback.report import Ending, PreviousDeployment, RollbackReport, TargetDeployment


def verdict(
    decision: Decision, recommendation: Recommendation = Recommendation.KEEP, reason: Reason | None = None
) -> VerdictDocument:
    about = DeploymentPart(url="https://app.example.com", deployment_id="dpl_x")
    return VerdictDocument(
        stage=Stage.SMOKE,
        finished="2026-11-30T10:00:00+00:00",
        decision=decision,
        recommendation=recommendation,
        reason=reason,
        deployment=about,
    )


PASSED, FAILED, UNPROVEN = verdict(Decision.PASS), verdict(Decision.FAIL), verdict(Decision.INCONCLUSIVE)
SUPERSEDED = verdict(Decision.INCONCLUSIVE, reason=Reason.SUPERSEDED)


@pytest.mark.parametrize(
    ("code", "document", "state"),
    [
        pytest.param(0, PASSED, StepState.DONE, id="PASS"),
        pytest.param(1, FAILED, StepState.FAILED, id="FAIL"),
        pytest.param(10, UNPROVEN, StepState.STOPPED, id="INCONCLUSIVE"),
        pytest.param(10, SUPERSEDED, StepState.SUPERSEDED, id="superseded"),
        pytest.param(2, PASSED, StepState.INTERRUPTED, id="interrupted"),
        pytest.param(0, None, StepState.STOPPED, id="no verdict is no PASS"),
        pytest.param(0, UNPROVEN, StepState.STOPPED, id="exit code and verdict differ"),
        pytest.param(1, PASSED, StepState.STOPPED, id="our own end with 1 fails nothing"),
        pytest.param(4, PASSED, StepState.STOPPED, id="a usage error beside an earlier PASS"),
        pytest.param(-9, PASSED, StepState.STOPPED, id="killed"),
    ],
)
def test_a_run_counts_where_exit_code_and_verdict_say_the_same(
    code: int, document: VerdictDocument | None, state: StepState
) -> None:
    assert of_run(code, document, ()).state is state


def test_a_pass_of_another_deployment_is_none_of_this_launch() -> None:
    assert of_run(0, PASSED, (), "dpl_y").state is StepState.STOPPED
    assert of_run(0, PASSED, (), "dpl_x").state is StepState.DONE


def test_a_run_that_began_after_the_next_deploy_is_superseded() -> None:
    """Vercel's word; a page alone may come from a cache."""
    later = msgspec.structs.replace(PASSED.deployment, platform=PlatformIdentity("dpl_y"))
    found = of_run(0, msgspec.structs.replace(PASSED, deployment=later), (), "dpl_x")
    assert (found.state, found.says) == (StepState.SUPERSEDED, "dpl_y serves production, not dpl_x")


@pytest.mark.parametrize(
    ("recommendation", "state"),
    [
        pytest.param(Recommendation.HOLD, StepState.STOPPED, id="an outage"),
        pytest.param(Recommendation.FIX_ENVIRONMENT, StepState.STOPPED, id="the environment"),
        pytest.param(Recommendation.ROLL_BACK, StepState.WARNED, id="its code: the deploy may be the repair"),
    ],
)
def test_what_fails_before_the_deploy_stops_it_only_where_it_would_fail_after_it(
    recommendation: Recommendation, state: StepState
) -> None:
    failed = of_run(1, verdict(Decision.FAIL, recommendation), ())
    assert of_baseline(failed).state is state
    assert of_baseline(of_run(0, PASSED, ())).state is StepState.DONE


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (0, StepState.DONE),
        (1, StepState.STOPPED),
        (10, StepState.WARNED),
        (4, StepState.STOPPED),
        (2, StepState.INTERRUPTED),
    ],
)
def test_the_audit_of_the_environment(code: int, state: StepState) -> None:
    assert of_audit(code).state is state


@pytest.mark.parametrize(
    ("code", "ending", "state"),
    [
        (0, Ending.MOVED, StepState.DONE),
        (1, Ending.FAILED, StepState.FAILED),
        (1, Ending.SUPERSEDED, StepState.FAILED),
        (10, Ending.UNPROVEN, StepState.STOPPED),
        (1, Ending.UNFINISHED, StepState.STOPPED),
        (10, None, StepState.STOPPED),
    ],
)
def test_a_rollback_in_doubt_stops(code: int, ending: Ending | None, state: StepState) -> None:
    report = ending and RollbackReport(
        outcome=ending,
        url="https://app.example.com",
        how="promote",
        from_=PreviousDeployment("dpl_x"),
        to=TargetDeployment("dpl_good"),
    )
    assert of_rollback(code, report or None, ()).state is state
