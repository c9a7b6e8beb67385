"""What a rollback would do, and what it would not restore, before anything is sent. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from postdeploy.model import Blocked
from postdeploy.production.changes import was_restored
from postdeploy.production.descriptions import describe_deployment, describe_request, describe_time, on_or_off
from postdeploy.production.state import ProductionState
from postdeploy.record.last_good import LastGood
from postdeploy.system.loopback import address
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.promotions import How, Unfit, refuse_unfit

_ENVIRONMENT = (
    "environment variables: the old build keeps the values it was built with, later changes apply to new builds only"
)
_OTHERS = (
    "cron jobs: the old build's schedule applies again",
    "the database: migrations stay, and the old code must work with them",
)
NOT_RESTORED = (_ENVIRONMENT, *_OTHERS)
"""What a rollback does not restore, or changes as a side effect."""
_RECENT = 10 * 60 * 1000
"""Milliseconds after which a request counts as over, whatever its status."""


@dataclass(frozen=True, slots=True)
class RollbackPlan:
    """From where to where, how, and with which side effects."""

    base_url: str
    state: ProductionState
    """What production served when the plan was made."""
    target: PlatformDeployment
    good: LastGood
    """The target, with what is known of it."""
    how: How
    scope: str = ""
    """The team's slug, for Vercel's command; empty: a personal account."""
    changed: tuple[str, ...] = ()
    """Listed variables of Production that were changed after the target was built, as far as known."""

    @property
    def nothing_to_do(self) -> bool:
        """Whether production serves the target to everyone: during a rolling release the domain leads to one and serves two."""
        return self.state.serves(self.target.id) and not self.state.rolling

    @property
    def restores_assignment(self) -> bool:
        """Whether automatic assignment of domains must be switched off again, since a promotion switches it on.

        Where an instant rollback switched it off, a promotion is meant to end that; where it is off for another reason, it stays off.
        """
        project = self.state.project
        return self.how is How.PROMOTE and project.auto_assign is False and project.pinned_by_rollback is not True

    @property
    def vercel_command(self) -> str:
        """The same by Vercel's own command. It does not ask for confirmation, and builds nothing: the target is a production build."""
        return self._vercel(str(self.how), self.target)

    @property
    def undo(self) -> tuple[str, str]:
        """How to undo it: by Vercel's command, and by ours."""
        left = self.state.serving
        return (
            self._vercel("promote", left),
            f"postdeploy rollback {left.id} --base-url={self.base_url} --yes",
        )

    def _vercel(self, act: str, deployment: PlatformDeployment) -> str:
        scope = f" --scope {self.scope}" if self.scope else ""
        return f"vercel {act} {address(deployment.url) or deployment.id}{scope}"

    @property
    def not_restored(self) -> tuple[str, ...]:
        """What this rollback does not restore, or changes as a side effect."""
        changed = f" (changed since it was built: {', '.join(self.changed)})" if self.changed else ""
        return (_ENVIRONMENT + changed, *_OTHERS)

    @property
    def command(self) -> str:
        """The command that carries the plan out, unless production has changed meanwhile."""
        pin = " --pin" if self.how is How.ROLL_BACK else ""
        return f"postdeploy rollback {self.target.id} --base-url={self.base_url}{pin} --yes"

    def lines(self) -> Iterator[tuple[str, str]]:
        """The whole plan for people: subject and sentence."""
        yield "now", f"{describe_deployment(self.state.serving)}{_built(self.state.serving)}"
        yield "target", f"{describe_deployment(self.target)}{_built(self.target)}"
        yield "known good", self.good.says
        for each in self.good.skipped:
            yield "not the target", each
        if self.good.failing:
            yield "failed there", f"{', '.join(self.good.failing)}: the rollback will not fix that"
        yield "domains", self._assignment()
        if self.state.rolling:
            yield "rollout", f"ends the rolling release of {self.state.rolling.canary}"
        for each in self.not_restored:
            yield "not restored", each
        yield "by Vercel CLI", self.vercel_command
        yield "to undo it", self.undo[0]

    def _assignment(self) -> str:
        """The effect on automatic assignment of domains."""
        project = self.state.project
        before = on_or_off(project.auto_assign)
        if self.how is How.ROLL_BACK:
            after = "new builds stay staged until one is promoted"
            if project.auto_assign is False and project.pinned_by_rollback is not True:
                return f"automatic assignment is off and stays off: {after}; a promotion would switch it on"
            return f"automatic assignment is {before}, and off afterwards: {after}"
        if self.restores_assignment:
            return (
                "automatic assignment is off, apparently not by a rollback: a promotion switches it on, so it is switched off"
                " again right after"
            )
        goes_on = "the next push goes live automatically, with the fault if it still has it"
        if project.auto_assign is False:
            return (
                f"automatic assignment is off (a rollback pins the domains), and on afterwards: {goes_on}."
                " If you promoted by hand before that rollback, switch it off again"
            )
        return f"automatic assignment is {before}, and on afterwards: {goes_on}"


def refuse(plan: RollbackPlan) -> None:
    """Refuse a plan that must not be carried out.

    Raises:
        Unfit: the target cannot be used.
        Blocked: another rollback or promotion is in progress.
    """
    state = plan.state
    refuse_unfit(plan.target, state.project, state.release, plan.how)
    if plan.target.substate == "STAGED":
        raise Unfit(
            f"{plan.target.id} cannot be used as a rollback target: it was never live, so this would be a release",
            f"To release it: {plan.vercel_command}. To roll back choose one that was live: postdeploy deployments.",
        )
    last = state.project.last_request
    if last and last.pending and state.at - (last.at or 0) < _RECENT:
        raise Blocked(
            f"another rollback or promotion is in progress: {describe_request(last)}",
            "Wait until `postdeploy deployments` shows its end, then check whether this one is still needed.",
        )


def refuse_other_deployment(state: ProductionState, failed: str) -> None:
    """Refuse to roll back from anything but the deployment that failed.

    Raises:
        Blocked: production does not serve it.
    """
    if failed not in state.live:
        raise Blocked(
            f"{state.host} does not serve {failed} any more, but {describe_deployment(state.serving)}",
            f"Verify what serves now: postdeploy smoke {state.host}.",
        )


def refuse_second_step(state: ProductionState, came_from: PlatformDeployment | None) -> None:
    """Refuse to roll back twice without a named target: two people who see the same failure must not take two steps.

    `came_from`: the deployment that the last promotion or rollback left.

    Raises:
        Blocked: what serves is older than that, so production was rolled back already.
    """
    last = state.project.last_request
    older = came_from is not None and (state.serving.created_at or 0) <= (came_from.created_at or 0)
    if last and was_restored(state) and older:
        raise Blocked(
            f"production was rolled back already: {describe_request(last)}",
            "Verify it: pytest -m rollback. To roll back further name the target; `postdeploy deployments` lists them.",
        )


def _built(deployment: PlatformDeployment) -> str:
    when = describe_time(deployment.created_at)
    return f", built {when}" if when else ""
