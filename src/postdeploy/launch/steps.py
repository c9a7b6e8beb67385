"""The checklist of a launch: its steps in order, with what is known of each. launch.json is this value."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from postdeploy.model import Recommendation, WillHelp

SCHEMA = 1


class StepName(StrEnum):
    """The steps, in the order of the runbook."""

    PREREQUISITES = "prerequisites"
    """What a rollback would need, and whether production can take a deploy now."""
    ENVIRONMENT = "environment"
    KILL_SWITCH = "kill switch"
    BASELINE = "baseline"
    """A smoke run on what is live before the deploy."""
    DEPLOY = "deploy"
    """The wanted deployment goes live."""
    SMOKE = "smoke"
    WATCH = "watch"
    CANARY = "canary"
    ROLLBACK = "rollback"
    RECOVERY = "recovery"
    """The proof that the rollback helped."""


class StepState(StrEnum):
    """How far a step is."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    WARNED = "done, with a warning"
    SKIPPED = "skipped"
    FAILED = "failed"
    STOPPED = "stopped"
    """Nothing is proven: a person removes the obstacle, then it is repeated."""
    SUPERSEDED = "superseded"
    INTERRUPTED = "interrupted"


OPEN = frozenset({StepState.PENDING, StepState.RUNNING, StepState.STOPPED, StepState.INTERRUPTED})
"""What is still to be done."""


class OnFail(StrEnum):
    """What a launch does at a FAIL that calls for a rollback."""

    PLAN = "plan"
    ROLLBACK = "rollback"


class LaunchEnding(StrEnum):
    """How a launch ended."""

    LAUNCHED = "launched"
    FAILED = "failed"
    RECOVERED = "rolled back"
    """It failed, was rolled back, and the rollback is proven to have helped."""
    STOPPED = "stopped"
    SUPERSEDED = "superseded"
    INTERRUPTED = "interrupted"


RESUMABLE = frozenset({None, LaunchEnding.STOPPED, LaunchEnding.INTERRUPTED})
"""None: the process ended without a word."""


class LaunchPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for; `--resume` reads it again."""

    url: str
    commit: str = ""
    deployment: str = ""
    on_fail: OnFail = OnFail.PLAN
    watch: str = "60m"
    wait: str = "30m"
    canary: str = ""
    """The phase of the canary that ends the launch; empty: none."""
    record: str = ""
    runbook: str = ""
    without: tuple[str, ...] = ()

    @property
    def wanted(self) -> str:
        """What is to be launched, for people."""
        return self.deployment or f"commit {self.commit}"


class StepResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of carrying out a step."""

    state: StepState
    says: str = ""
    evidence: tuple[str, ...] = ()
    who: str = ""
    """Who must act, and how; empty: the launch goes on by itself."""
    deployment: str = ""
    """The deployment that the step is about, where it is the one that says it."""
    recommendation: Recommendation | None = None
    will_help: WillHelp | None = None
    target: str = ""
    """The rollback target."""


class LaunchStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the checklist."""

    name: StepName
    result: StepResult = StepResult(state=StepState.PENDING)
    started: str = ""
    finished: str = ""
    attempts: int = 0

    @property
    def state(self) -> StepState:
        """How far it is."""
        return self.result.state


class LaunchGap(msgspec.Struct, frozen=True):
    """A time in which the launch did not run."""

    since: str
    until: str
    step: StepName
    """The step that was interrupted."""


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """launch.json: the whole checklist."""

    schema: int = SCHEMA
    plan: LaunchPlan
    started: str
    seen: str
    """When the launch was last known to run."""
    before: str = ""
    """The deployment that was live before the deploy."""
    deployment: str = ""
    """The deployment that is launched; empty: it is not live yet."""
    target: str = ""
    """The rollback target; empty: a rollback was not called for."""
    acts: bool = False
    """Whether the rollback is carried out, not only shown."""
    ending: LaunchEnding | None = None
    steps: tuple[LaunchStep, ...] = ()
    gaps: tuple[LaunchGap, ...] = ()

    def step(self, name: StepName) -> LaunchStep:
        """The step of this name."""
        return next(one for one in self.steps if one.name is name)
