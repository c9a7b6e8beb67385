"""The course of a launch, as values: which step comes next, and what follows from a result."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from postdeploy.launch.course import begin, ended, entered, interrupted, next_step, resumed
from postdeploy.launch.steps import Launch, LaunchEnding, LaunchPlan, OnFail, StepName, StepResult, StepState
from postdeploy.model import Recommendation, WillHelp
from tests.properties import tried

NOW, LATER = "2026-11-30T10:00:00+00:00", "2026-11-30T11:00:00+00:00"
ROLL_BACK = StepResult(
    state=StepState.FAILED, recommendation=Recommendation.ROLL_BACK, will_help=WillHelp.YES, target="dpl_good"
)
DONE = StepResult(state=StepState.DONE, deployment="dpl_x")
BEFORE_THE_DEPLOY = [StepName.PREREQUISITES, StepName.ENVIRONMENT, StepName.KILL_SWITCH, StepName.BASELINE]


def launch(*, on_fail: OnFail = OnFail.PLAN, canary: str = "") -> Launch:
    return begin(LaunchPlan(url="https://app.example.com", commit="abc1234", on_fail=on_fail, canary=canary), NOW)


def played(one: Launch, **results: StepResult) -> tuple[Launch, list[StepName]]:
    """Each step passes, unless it is named here."""
    order = []
    while (name := next_step(one)) is not None:
        order.append(name)
        one = ended(entered(one, name, NOW), name, results.get(name.name.lower(), DONE), NOW)
    return one, order


def test_all_steps_in_the_order_of_the_runbook() -> None:
    one, order = played(launch(canary="before"))
    assert order == [*BEFORE_THE_DEPLOY, StepName.DEPLOY, StepName.SMOKE, StepName.WATCH, StepName.CANARY]
    assert (one.ending, one.deployment, one.before) == (LaunchEnding.LAUNCHED, "dpl_x", "dpl_x")


@pytest.mark.parametrize("where", ["smoke", "watch"])
@pytest.mark.parametrize("on_fail", OnFail)
@pytest.mark.parametrize("will_help", WillHelp)
def test_a_rollback_is_carried_out_only_by_request_and_where_it_is_expected_to_help(
    where: str, on_fail: OnFail, will_help: WillHelp
) -> None:
    failed = msgspec.structs.replace(ROLL_BACK, will_help=will_help)
    one, order = played(launch(on_fail=on_fail), **{where: failed})
    acts = on_fail is OnFail.ROLLBACK and will_help is WillHelp.YES
    assert (one.acts, one.target) == (acts, "dpl_good")
    assert order[-2:] == ([StepName.ROLLBACK, StepName.RECOVERY] if acts else [StepName(where), StepName.ROLLBACK])
    assert one.ending is (LaunchEnding.RECOVERED if acts else LaunchEnding.FAILED)


@pytest.mark.parametrize("recommendation", [one for one in Recommendation if one is not Recommendation.ROLL_BACK])
def test_no_other_recommendation_leads_to_a_rollback(recommendation: Recommendation) -> None:
    failed = msgspec.structs.replace(ROLL_BACK, recommendation=recommendation)
    one, order = played(launch(on_fail=OnFail.ROLLBACK), smoke=failed)
    assert (one.ending, order[-1]) == (LaunchEnding.FAILED, StepName.SMOKE)


@pytest.mark.parametrize("where", ["deploy", "canary", "baseline"])
def test_nothing_is_rolled_back_before_the_deploy_or_by_the_canary(where: str) -> None:
    one, order = played(launch(on_fail=OnFail.ROLLBACK, canary="running"), **{where: ROLL_BACK})
    assert (one.ending, StepName.ROLLBACK in order) == (LaunchEnding.FAILED, False)


def test_without_a_target_there_is_nothing_to_roll_back_to() -> None:
    one, _ = played(launch(on_fail=OnFail.ROLLBACK), smoke=msgspec.structs.replace(ROLL_BACK, target=""))
    assert (one.ending, one.acts) == (LaunchEnding.FAILED, False)


def test_a_rollback_that_did_not_help_is_a_failed_launch() -> None:
    one, _ = played(launch(on_fail=OnFail.ROLLBACK), smoke=ROLL_BACK, recovery=StepResult(state=StepState.FAILED))
    assert one.ending is LaunchEnding.FAILED


@pytest.mark.parametrize(
    ("state", "ending"),
    [
        (StepState.STOPPED, LaunchEnding.STOPPED),
        (StepState.INTERRUPTED, LaunchEnding.INTERRUPTED),
        (StepState.SUPERSEDED, LaunchEnding.SUPERSEDED),
        (StepState.FAILED, LaunchEnding.FAILED),
    ],
)
@pytest.mark.parametrize("where", ["prerequisites", "environment", "deploy", "smoke", "watch"])
def test_a_step_that_does_not_pass_ends_the_launch(where: str, state: StepState, ending: LaunchEnding) -> None:
    one, order = played(launch(), **{where: StepResult(state=state)})
    assert (one.ending, order[-1].name.lower()) == (ending, where)


def test_it_goes_on_where_it_was_and_says_the_gap() -> None:
    one, _ = played(launch(), watch=StepResult(state=StepState.INTERRUPTED))
    again = resumed(one, LATER)
    assert again is not None
    assert next_step(again) is StepName.WATCH
    assert [(gap.since, gap.until, gap.step) for gap in again.gaps] == [(NOW, LATER, StepName.WATCH)]
    whole, order = played(again)
    assert (order, whole.ending) == ([StepName.WATCH], LaunchEnding.LAUNCHED)
    assert whole.step(StepName.WATCH).attempts == 2


def test_a_process_that_was_killed_in_a_step_repeats_that_step() -> None:
    one = launch()
    for name in BEFORE_THE_DEPLOY:
        one = ended(entered(one, name, NOW), name, DONE, NOW)
    again = resumed(entered(one, StepName.DEPLOY, NOW), LATER)
    assert again is not None
    assert next_step(again) is StepName.DEPLOY


def test_after_another_deployment_the_baseline_is_measured_again() -> None:
    one, _ = played(launch(), deploy=StepResult(state=StepState.STOPPED))
    again = resumed(one, LATER)
    assert again is not None
    assert played(again)[1] == [StepName.PREREQUISITES, StepName.BASELINE, *list(StepName)[4:7]]


@pytest.mark.parametrize("state", [StepState.FAILED, StepState.SUPERSEDED])
def test_what_has_ended_for_good_does_not_go_on(state: StepState) -> None:
    assert resumed(played(launch(), smoke=StepResult(state=state))[0], LATER) is None
    assert resumed(played(launch())[0], LATER) is None


def test_after_a_signal_nothing_begins_not_even_a_rollback() -> None:
    one = launch(on_fail=OnFail.ROLLBACK)
    for name in (*BEFORE_THE_DEPLOY, StepName.DEPLOY):
        one = ended(one, name, DONE, NOW)
    one = interrupted(ended(one, StepName.SMOKE, ROLL_BACK, NOW))
    assert (next_step(one), one.ending) == (None, LaunchEnding.INTERRUPTED)
    again = resumed(one, LATER)
    assert again is not None
    assert next_step(again) is StepName.ROLLBACK


@tried(300)
@given(
    st.lists(st.tuples(st.sampled_from(StepState), st.sampled_from(Recommendation)), min_size=1, max_size=40),
    st.booleans(),
)
def test_whatever_happens_it_ends_and_rolls_back_only_what_failed(
    dice: list[tuple[StepState, Recommendation]], acts: bool
) -> None:
    one: Launch = launch(on_fail=OnFail.ROLLBACK if acts else OnFail.PLAN)
    rolled: list[tuple[StepState, Recommendation | None]] = []
    for state, recommendation in dice:
        name = next_step(one)
        if name is None:
            again = resumed(one, LATER)
            if again is None:
                break
            one, name = again, next_step(again)
        assert name is not None
        result = StepResult(state=state, recommendation=recommendation, will_help=WillHelp.YES, target="dpl_good")
        if name is StepName.ROLLBACK and one.acts:
            failing = [each for each in one.steps if each.state is StepState.FAILED]
            rolled.append((failing[-1].state, failing[-1].result.recommendation))
        one = ended(entered(one, name, NOW), name, result, NOW)
    assert all(each == (StepState.FAILED, Recommendation.ROLL_BACK) for each in rolled)
    assert acts or not one.acts
    if one.ending is LaunchEnding.LAUNCHED:
        assert {each.state for each in one.steps} <= {
            StepState.DONE,
            StepState.WARNED,
            StepState.SKIPPED,
            StepState.RUNNING,
        }


def test_no_state_of_a_step_is_forgotten() -> None:
    for state, name in product(StepState, StepName):
        if name in [each.name for each in launch().steps]:
            ended(launch(), name, StepResult(state=state), NOW)
