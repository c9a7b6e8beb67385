"""Which step comes next, and what follows from a result. Pure: a launch is a value, each event gives the next one."""

from __future__ import annotations

from msgspec.structs import replace

from postdeploy.launch.steps import (
    OPEN,
    RESUMABLE,
    Launch,
    LaunchEnding,
    LaunchGap,
    LaunchPlan,
    LaunchStep,
    OnFail,
    StepName,
    StepResult,
    StepState,
)
from postdeploy.model import Recommendation, WillHelp

_AFTER_THE_DEPLOY = (StepName.SMOKE, StepName.WATCH)
"""Their FAIL may call for a rollback: the canary has switches of its own, and before the deploy there is nothing to roll back."""


def begin(plan: LaunchPlan, now: str) -> Launch:
    """The checklist before its first step."""
    names = [
        StepName.PREREQUISITES,
        StepName.ENVIRONMENT,
        StepName.KILL_SWITCH,
        StepName.BASELINE,
        StepName.DEPLOY,
        StepName.SMOKE,
        StepName.WATCH,
        *([StepName.CANARY] if plan.canary else []),
    ]
    return Launch(plan=plan, started=now, seen=now, steps=tuple(LaunchStep(name=name) for name in names))


def is_whole(launch: Launch) -> bool:
    """Whether all its steps are there: a rollback takes the place of those that are not carried out any more."""
    names = [one.name for one in launch.steps]
    wanted = {one.name for one in begin(launch.plan, "").steps}
    return len({*names}) == len(names) and (StepName.ROLLBACK in names or wanted <= {*names})


def next_step(launch: Launch) -> StepName | None:
    """The step to carry out; None: the launch has ended."""
    if launch.ending is not None:
        return None
    return next((one.name for one in launch.steps if one.state in OPEN), None)


def entered(launch: Launch, name: StepName, now: str) -> Launch:
    """The step begins."""
    step = launch.step(name)
    running = StepResult(state=StepState.RUNNING, says=step.result.says)
    return _with(launch, replace(step, result=running, started=now, finished="", attempts=step.attempts + 1), now)


def noted(launch: Launch, name: StepName, result: StepResult, now: str) -> Launch:
    """The step goes on, and what is known of it has changed."""
    return _with(launch, replace(launch.step(name), result=result), now)


def ended(launch: Launch, name: StepName, result: StepResult, now: str) -> Launch:
    """The step has ended with this result."""
    launch = _with(launch, replace(launch.step(name), result=result, finished=now), now)
    if name is StepName.PREREQUISITES:
        launch = replace(launch, before=result.deployment)
    if name is StepName.DEPLOY:
        launch = replace(launch, deployment=result.deployment)
    match result.state:
        case StepState.STOPPED:
            return replace(launch, ending=LaunchEnding.STOPPED)
        case StepState.INTERRUPTED:
            return replace(launch, ending=LaunchEnding.INTERRUPTED)
        case StepState.SUPERSEDED:
            return replace(launch, ending=LaunchEnding.SUPERSEDED)
        case StepState.FAILED:
            return _failed(launch, name, result)
        case _:
            return _passed(launch, name)


def _failed(launch: Launch, name: StepName, result: StepResult) -> Launch:
    if name not in _AFTER_THE_DEPLOY or result.recommendation is not Recommendation.ROLL_BACK or not result.target:
        return replace(launch, ending=LaunchEnding.FAILED)
    acts = launch.plan.on_fail is OnFail.ROLLBACK and result.will_help is WillHelp.YES
    done = tuple(one for one in launch.steps if one.state not in OPEN)
    more = (StepName.ROLLBACK, StepName.RECOVERY) if acts else (StepName.ROLLBACK,)
    return replace(launch, steps=(*done, *(LaunchStep(name=each) for each in more)), target=result.target, acts=acts)


def _passed(launch: Launch, name: StepName) -> Launch:
    if name is StepName.RECOVERY:
        return replace(launch, ending=LaunchEnding.RECOVERED)
    if name is StepName.ROLLBACK and not launch.acts:
        return replace(launch, ending=LaunchEnding.FAILED)
    if next_step(launch) is None:
        return replace(launch, ending=LaunchEnding.LAUNCHED)
    return launch


def interrupted(launch: Launch) -> Launch:
    """A signal came: what has ended stays ended, and nothing more begins."""
    return launch if launch.ending is not None else replace(launch, ending=LaunchEnding.INTERRUPTED)


def resumed(launch: Launch, now: str) -> Launch | None:
    """Go on where it was, with what was missed as a gap; None: it has ended for good.

    A deploy that stopped at another deployment begins with the baseline again: that is what is live before the deploy now.
    """
    name = next_step(replace(launch, ending=None))
    if launch.ending not in RESUMABLE or name is None:
        return None
    if name is StepName.DEPLOY and launch.step(name).state is StepState.STOPPED:
        for each in (StepName.PREREQUISITES, StepName.BASELINE):
            launch = _with(launch, LaunchStep(name=each, attempts=launch.step(each).attempts), launch.seen)
    gap = LaunchGap(launch.seen, now, name)
    return replace(launch, ending=None, gaps=(*launch.gaps, gap), seen=now)


def _with(launch: Launch, step: LaunchStep, now: str) -> Launch:
    steps = tuple(step if one.name is step.name else one for one in launch.steps)
    return replace(launch, steps=steps, seen=now)
