"""Whether the wanted deployment is live: by the production state as a value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from postdeploy.launch.arrival import arrival
from postdeploy.launch.steps import LaunchPlan, StepResult, StepState
from postdeploy.vercel.deployments import Alias, PlatformDeployment
from tests.production.states import LIVE, LIVE_NOW, OLD, RELEASE, build

URL = "https://app.example.com"
NEW = build("new", 5)
BY_COMMIT = LaunchPlan(url=URL, commit=NEW.commit[:7])
BY_ID = LaunchPlan(url=URL, deployment=NEW.id)
BUILDING = replace(NEW, state="BUILDING", substate="")
SERVES = replace(LIVE_NOW, resolved=NEW)


def seen(*listed: PlatformDeployment, plan: LaunchPlan = BY_COMMIT) -> StepResult:
    return arrival(plan, LIVE.id, LIVE_NOW, [*listed, LIVE, OLD])


@pytest.mark.parametrize("plan", [BY_COMMIT, BY_ID], ids=["by commit", "by id"])
def test_it_is_live(plan: LaunchPlan) -> None:
    found = arrival(plan, LIVE.id, SERVES, [NEW, LIVE])
    assert (found.state, found.deployment) == (StepState.DONE, NEW.id)


def test_a_domain_that_is_being_moved_is_awaited() -> None:
    state = replace(SERVES, alias=Alias(LIVE.id, None))
    assert arrival(BY_ID, LIVE.id, state, []).state is StepState.RUNNING


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        pytest.param((), "there is no production deployment of commit new0123 yet", id="not pushed"),
        pytest.param((BUILDING,), "dpl_new is building", id="building"),
        pytest.param(
            (replace(NEW, state="ERROR"), replace(BUILDING, id="dpl_again")), "dpl_again is building", id="again"
        ),
        pytest.param((replace(NEW, substate="STAGED"),), "dpl_new is staged, not live", id="staged"),
    ],
)
def test_it_is_awaited(listed: tuple[PlatformDeployment, ...], says: str) -> None:
    assert (seen(*listed).state, seen(*listed).says) == (StepState.RUNNING, says)


def test_who_releases_a_staged_build_is_said() -> None:
    assert "vercel promote" in seen(replace(NEW, substate="STAGED")).who


def test_a_build_that_failed_ends_the_launch() -> None:
    assert seen(replace(NEW, state="ERROR")).state is StepState.FAILED


def test_a_preview_never_goes_live() -> None:
    assert seen(replace(NEW, target=""), plan=BY_ID).state is StepState.STOPPED


def test_another_deployment_first_stops_with_the_cure() -> None:
    other = build("other", 3)
    found = arrival(BY_COMMIT, LIVE.id, replace(LIVE_NOW, resolved=other), [BUILDING, other])
    assert found.state is StepState.STOPPED
    assert "--deployment=dpl_other" in found.who
    assert "--resume" in found.who


def test_a_rolling_release_stops_with_the_cure() -> None:
    found = arrival(BY_COMMIT, LIVE.id, replace(SERVES, release=RELEASE), [])
    assert (found.state, "complete or abort it" in found.who) == (StepState.STOPPED, True)
