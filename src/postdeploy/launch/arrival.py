"""Whether the wanted deployment is live, is awaited, or never will be. Pure: it reads the production state as a value."""

from __future__ import annotations

from collections.abc import Sequence

from postdeploy.launch.steps import LaunchPlan, StepResult, StepState
from postdeploy.production.descriptions import describe_deployment
from postdeploy.production.state import ProductionState
from postdeploy.vercel.deployments import PlatformDeployment

_ENDED_BADLY = frozenset({"ERROR", "CANCELED", "BLOCKED", "DELETED"})


def is_wanted(plan: LaunchPlan, one: PlatformDeployment) -> bool:
    """Whether this is the deployment, or one of this commit."""
    return one.id == plan.deployment if plan.deployment else bool(plan.commit) and one.commit.startswith(plan.commit)


def arrival(plan: LaunchPlan, before: str, state: ProductionState, listed: Sequence[PlatformDeployment]) -> StepResult:
    """RUNNING: wait on. `before`: what was live before; empty: unknown. `listed`: the newest production builds."""
    serving = state.serving
    if is_wanted(plan, serving) and not state.rolling:
        if not state.serves(serving.id):
            return StepResult(state=StepState.RUNNING, says=f"{serving.id} is ready, and the domain is being moved")
        return StepResult(state=StepState.DONE, says=f"{describe_deployment(serving)} is live", deployment=serving.id)
    if state.rolling:
        return _stopped(
            f"a rolling release of {state.rolling.canary} is in progress",
            "complete or abort it, then --resume",
        )
    if before and serving.id != before:
        return _stopped(
            f"another deployment went live first: {describe_deployment(serving)}",
            f"launch that one (--deployment={serving.id}), or --resume to wait for {plan.wanted} after it",
        )
    return _awaited(plan, [one for one in listed if is_wanted(plan, one)])


def _awaited(plan: LaunchPlan, builds: Sequence[PlatformDeployment]) -> StepResult:
    if previews := [one for one in builds if one.target != "production"]:
        return _stopped(
            f"{previews[0].id} is a preview: it never goes live", "deploy it to production, then launch that"
        )
    alive = [one for one in builds if not one.deleted and one.state not in _ENDED_BADLY]
    if builds and not alive:
        says = f"the build of {plan.wanted} ended as {builds[0].state or 'deleted'} ({builds[0].id}); nothing went live"
        return StepResult(state=StepState.FAILED, says=says, who="the author: correct the build, then launch again")
    if staged := [one for one in alive if one.state == "READY" and one.substate == "STAGED"]:
        who = f"who releases: vercel promote {staged[0].address}"
        return StepResult(state=StepState.RUNNING, says=f"{staged[0].id} is staged, not live", who=who)
    if alive:
        return StepResult(state=StepState.RUNNING, says=f"{alive[0].id} is {alive[0].state.lower() or 'in progress'}")
    return StepResult(state=StepState.RUNNING, says=f"there is no production deployment of {plan.wanted} yet")


def _stopped(says: str, who: str) -> StepResult:
    return StepResult(state=StepState.STOPPED, says=says, who=who)
