"""Promote and rollback: what the platform accepts, the job that moves the domains, and what is left of it afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sandbox.platform.acts import Acts
from sandbox.platform.errors import PlatformError, not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.deployments import Deployment, Deployments
    from sandbox.platform.tokens import Account

Kind = Literal["promote", "rollback"]
Status = Literal["pending", "in-progress", "succeeded", "failed", "skipped"]

ACCEPTED = 201
QUEUED = 202

CURRENT = PlatformError(
    409, "conflict", "The requested deployment is already the current production deployment for this project."
)
BUSY = PlatformError(409, "conflict", "Another rollback of this project is in progress.")
NOT_PRODUCTION = PlatformError(422, "invalid_deployment", "Only a production deployment can be promoted.")
NOT_READY = PlatformError(422, "invalid_deployment", "The deployment is not ready.")
NEVER_LIVE = PlatformError(422, "invalid_deployment", "The deployment has never been aliased to a production domain.")
GONE = PlatformError(410, "deployment_deleted", "The deployment has been deleted.")
BEYOND_PLAN = PlatformError(
    402, "payment_required", "On the Hobby plan a rollback is possible to the previous production deployment only."
)


@dataclass
class Job:
    """``lastAliasRequest``: the last request to move the domains."""

    type: Kind
    source: str | None
    target: str
    requested_at: int
    status: Status = "pending"
    aliases: dict[str, str] = field(default_factory=dict)
    """What became of each domain: pending, completed, failed."""

    @property
    def under_way(self) -> bool:
        """Whether the domains may still move."""
        return self.status in ("pending", "in-progress")

    @property
    def public(self) -> dict[str, Any]:
        """As the project shows it."""
        return {
            "fromDeploymentId": self.source,
            "toDeploymentId": self.target,
            "jobStatus": self.status,
            "requestedAt": self.requested_at,
            "type": self.type,
        }


class Promotions:
    """All of it. When two people act, the last one who was accepted wins: an earlier job that has not moved is dropped."""

    def __init__(self, deployments: Deployments, account: Account) -> None:
        self._deployments = deployments
        self._account = account
        self.restore()

    def restore(self) -> None:
        """Forget every promotion and rollback."""
        self.acts = Acts()
        self.before_move: Callable[[], object] | None = None
        """Called once, in a thread, when an act has been accepted and before anything moves."""
        self.after_move: Callable[[], object] | None = None
        """Called once, in a thread, when the domains have moved and before the act is answered."""
        self.job: Job | None = None
        self.description: dict[str, Any] | None = None
        self.claimed: str | None = None
        """The deployment that the project takes for its production target although no domain leads to it."""

    async def request(self, kind: Kind, id_: str, description: str = "") -> int:
        """Accept an act and set its job going.

        Returns:
            The status of the answer.

        Raises:
            PlatformError: the act is refused.
        """
        target = self._acceptable(kind, id_)
        rolling = self._deployments.rolling
        if kind == "promote" and rolling is not None and rolling.active:
            rolling.queued = target.id
            return QUEUED
        current = self._deployments.production
        now = self._deployments.clock.milliseconds
        waiting = dict.fromkeys(self._deployments.domains, "pending")
        job = self.job = Job(kind, current.id if current else None, target.id, now, aliases=waiting)
        await self._call("before_move")
        self._begin(job, target, description)
        await self._call("after_move")
        return ACCEPTED

    def shown(self) -> dict[str, Any]:
        """What the project shows of it."""
        self._deployments.settle()
        job = self.job
        returning = job is not None and job.type == "rollback" and job.under_way
        return {
            "autoAssignCustomDomains": self._deployments.auto_assign,
            "lastAliasRequest": job.public if job else None,
            "lastRollbackTarget": {"id": job.target} if job and returning else None,
            "rollbackDescription": self.description,
        }

    def _acceptable(self, kind: Kind, id_: str) -> Deployment:
        target = self._deployments.find(id_)
        if target is None or target.id != id_ or target.deleted == "by hand":
            raise not_found("Deployment")
        if target.deleted:
            raise GONE
        if target.target != "production":
            raise NOT_PRODUCTION
        if target.state != "READY":
            raise NOT_READY
        rolling = self._deployments.rolling
        if rolling is not None and rolling.active:
            return target
        if self._deployments.led_to(target) == list(self._deployments.domains):
            raise CURRENT
        if kind == "rollback":
            self._require_way_back(target)
        return target

    def _require_way_back(self, target: Deployment) -> None:
        if self.job is not None and self.job.type == "rollback" and self.job.under_way:
            raise BUSY
        if self._deployments.assigned_at(target) is None:
            raise NEVER_LIVE
        if self.acts.plan == "hobby" and target != self._deployments.previous:
            raise BEYOND_PLAN

    def _begin(self, job: Job, target: Deployment, description: str) -> None:
        acts = self.acts

        def move() -> None:
            self._move(job, target, description, acts)

        def begin() -> None:
            job.status = "in-progress"

        if acts.moves == "late":
            self._deployments.later(acts.after / 2, begin)
            self._deployments.later(acts.after, move)
        elif acts.moves != "stuck":
            move()

    def _move(self, job: Job, target: Deployment, description: str, acts: Acts) -> None:
        if job is not self.job or self._served_differently_since(job):
            job.status = "skipped"
            job.aliases = dict.fromkeys(job.aliases, "skipped")
            return
        domains = self._deployments.domains
        moved: tuple[str, ...] = domains
        if acts.moves == "half":
            moved = domains[1:] if acts.left_behind == "first" else domains[:1]
        if acts.moves == "silently not":
            self.claimed = target.id
        else:
            self.claimed = None
            self._deployments.promote(self._end_rolling(target), moved)
        job.aliases = {each: "completed" if each in moved else "failed" for each in domains}
        job.status = "failed" if acts.moves == "half" else "succeeded"
        self._deployments.auto_assign = job.type == "promote"
        self.description = self._described(description) if job.type == "rollback" and description else None

    def _served_differently_since(self, job: Job) -> bool:
        """Whether a push has taken the domains meanwhile."""
        current = self._deployments.production
        return (current.id if current else None) != job.source

    def _end_rolling(self, target: Deployment) -> Deployment:
        """A rollback ends a rolling release; where it names the canary, everybody is served as before."""
        rolling = self._deployments.rolling
        if rolling is None or not rolling.active:
            return self._deployments.find(target.id) or target
        rolling.end("ABORTED", self._deployments.clock.milliseconds)
        wanted = rolling.current if target.id == rolling.canary else target.id
        return self._deployments.find(wanted) or target

    def _described(self, description: str) -> dict[str, Any]:
        return {
            "createdAt": self._deployments.clock.milliseconds,
            "description": description,
            "userId": self._account.id,
            "username": self._account.username,
        }

    async def _call(self, hook: Literal["before_move", "after_move"]) -> None:
        """Run a hook once; what it does may act, too, and must not find itself."""
        act = getattr(self, hook)
        setattr(self, hook, None)
        if act is not None:
            await asyncio.to_thread(act)
