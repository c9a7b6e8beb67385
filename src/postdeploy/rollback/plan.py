"""What a rollback would do, before anything is done: pure. People decide by it, so it says what it will not do, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from postdeploy.model import Blocked
from postdeploy.production.standing import Standing, moment, name_of, on_or_off, words_of
from postdeploy.record.last_good import LastGood
from postdeploy.system.loopback import address
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.promotions import How, Unfit, refuse_unfit

_ENVIRONMENT = "environment variables: the old build carries those of its own time, what was changed later counts for new builds only"
_BESIDES = (
    "cron jobs: their configuration goes back to the old build's, too",
    "the database: migrations stay, the old code must get along with them",
)
NOT_RESTORED = (_ENVIRONMENT, *_BESIDES)
"""What no rollback brings back, or brings back unasked."""
_RECENT = 10 * 60 * 1000
"""A request that is older is no longer worked on, whatever its status says."""


@dataclass(frozen=True, slots=True)
class Plan:
    """From where to where, how, and what else happens by it."""

    base_url: str
    standing: Standing
    """What production was when it was made."""
    target: PlatformDeployment
    good: LastGood
    """The same deployment, with what speaks for it."""
    how: How
    scope: str = ""
    """The team, as the platform's command calls it; empty: nobody's but the user's own."""
    changed: tuple[str, ...] = ()
    """Listed variables of Production that were changed after the target was built, as far as that is known."""

    @property
    def nothing_to_do(self) -> bool:
        """Whether production is there already, for everybody: in a rolling release the domain leads to one and serves two."""
        return self.standing.serves(self.target.id) and not self.standing.rolls

    @property
    def restores_assignment(self) -> bool:
        """Whether the automatic assignment of domains must be switched off again: a promotion switches it on unasked.

        Off by an instant rollback is what a promotion shall end; off for any other reason is somebody's decision.
        """
        project = self.standing.project
        return self.how is How.PROMOTE and project.auto_assign is False and project.pinned_by_rollback is not True

    @property
    def command(self) -> str:
        """The same by the platform's own command. It asks nothing, and builds nothing: the target is a production build."""
        return self._official(str(self.how), self.target)

    @property
    def undo(self) -> tuple[str, str]:
        """How to take it back: by the platform's command, by ours."""
        back = self.standing.serving
        return (
            self._official("promote", back),
            f"postdeploy rollback {back.id} --base-url={self.base_url} --yes",
        )

    def _official(self, act: str, deployment: PlatformDeployment) -> str:
        scope = f" --scope {self.scope}" if self.scope else ""
        return f"vercel {act} {address(deployment.url) or deployment.id}{scope}"

    @property
    def not_restored(self) -> tuple[str, ...]:
        """What no rollback brings back, or brings back unasked."""
        changed = f" (changed since it was built: {', '.join(self.changed)})" if self.changed else ""
        return (_ENVIRONMENT + changed, *_BESIDES)

    @property
    def acting(self) -> str:
        """What to type to have it done, and nothing else if production has moved meanwhile."""
        pin = " --pin" if self.how is How.ROLL_BACK else ""
        return f"postdeploy rollback {self.target.id} --base-url={self.base_url}{pin} --yes"

    def lines(self) -> Iterator[tuple[str, str]]:
        """All of it for people: what, and what is to be said about it."""
        yield "now", f"{name_of(self.standing.serving)}{_built(self.standing.serving)}"
        yield "target", f"{name_of(self.target)}{_built(self.target)}"
        yield "known good", self.good.says
        if self.good.failing:
            yield "failed there", f"{', '.join(self.good.failing)}: that will not be better"
        yield "domains", self._assignment()
        if self.standing.rolling and self.standing.rolling.active:
            yield "rollout", f"ends the rolling release of {self.standing.rolling.canary}"
        for each in self.not_restored:
            yield "not restored", each
        yield "the same", self.command
        yield "to undo it", self.undo[0]

    def _assignment(self) -> str:
        """What becomes of the automatic assignment of domains."""
        project = self.standing.project
        before = on_or_off(project.auto_assign)
        if self.how is How.ROLL_BACK:
            after = "new builds stay staged until somebody promotes one"
            if project.auto_assign is False and project.pinned_by_rollback is not True:
                return f"automatic assignment is off and stays off: {after}; a promotion would switch it on"
            return f"automatic assignment is {before}, and off afterwards: {after}"
        if self.restores_assignment:
            return (
                "automatic assignment is off, and not by a rollback as far as can be told: a promotion switches it on,"
                " so it is switched off again right after"
            )
        goes_on = "the next push goes live by itself, with the fault if it still has it"
        if project.auto_assign is False:
            return (
                f"automatic assignment is off (a rollback pins the domains), and on afterwards: {goes_on}."
                " If you released by hand before that rollback, switch it off again"
            )
        return f"automatic assignment is {before}, and on afterwards: {goes_on}"


def refuse(plan: Plan) -> None:
    """What keeps a plan from being carried out.

    Raises:
        Unfit: the target is no way back.
        Blocked: somebody is at it already.
    """
    standing = plan.standing
    refuse_unfit(plan.target, standing.project, standing.rolling, plan.how)
    if plan.target.substate == "STAGED":
        raise Unfit(
            f"{plan.target.id} was never live: that would be a release, no way back",
            f"To release it: {plan.command}. For a way back choose one that was live: postdeploy deployments.",
        )
    asked = standing.project.last_request
    if asked and asked.pending and standing.at - (asked.at or 0) < _RECENT:
        raise Blocked(
            f"somebody is at it: {words_of(asked)}",
            "Wait for its end: postdeploy deployments. Then look whether this is still needed.",
        )


def refuse_to_go_further(standing: Standing, came_from: PlatformDeployment | None) -> None:
    """Without a named target nobody goes back twice: two people who see the same failure shall not take two steps.

    `came_from`: the deployment that the last promotion or rollback left.

    Raises:
        Blocked: what serves is older than that, so somebody went back already.
    """
    asked = standing.project.last_request
    older = came_from is not None and (standing.serving.created_at or 0) <= (came_from.created_at or 0)
    if asked and standing.restored and older:
        raise Blocked(
            f"production was moved back already: {words_of(asked)}",
            "Prove it: pytest -m rollback. To go back further name the target: postdeploy deployments shows them.",
        )


def _built(deployment: PlatformDeployment) -> str:
    when = moment(deployment.created_at)
    return f", built {when}" if when else ""
