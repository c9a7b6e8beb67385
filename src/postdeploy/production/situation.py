"""How the deployment under verification stands in its project, by the platform's word: live, one of a rolling release, or not live.

Asked once before the checks, and handed to every process of the run.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

from postdeploy.system import times
from postdeploy.system.store import Key
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find, production
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import ProjectState, project_state
from postdeploy.vercel.retry import RetryPolicy
from postdeploy.vercel.rolling import RollingRelease, rolling_release

_PATIENCE = RetryPolicy(attempts=2, longest=5.0, answer=5.0)
"""The checks wait for it."""
_NEWEST = 20
_SHORT = 8
"""Characters of a commit's hash that people read."""
_COMMON = ("READY", "ERROR", "CANCELED", "BLOCKED")
"""States in which a build stays; in all others it is on its way."""


class Role(StrEnum):
    """What a deployment is for the people who use the app."""

    LIVE = "live"
    CANARY = "the canary of a rolling release"
    STABLE = "the stable one of a rolling release"
    STAGED = "staged, not live"
    FORMER = "no longer live"
    PREVIEW = "a preview, not live"


_NOT_LIVE = frozenset({Role.STAGED, Role.FORMER, Role.PREVIEW})


@dataclass(frozen=True, slots=True)
class Situation:
    """One look at the project."""

    host: str
    """The address under verification, without scheme."""
    named: PlatformDeployment | None = None
    """The deployment to which the address leads; None: the platform does not know the address."""
    project: ProjectState | None = None
    release: RollingRelease | None = None
    newest: tuple[PlatformDeployment, ...] = ()
    """The newest production builds, whatever became of them."""
    measured: str | None = None
    """The id of the deployment that is measured, where the pages name it: one of two during a rolling release."""
    refused: tuple[str, str] | None = None
    """What the platform did not say, and the cure."""

    @property
    def own_address(self) -> bool:
        """Whether the address is a deployment's own, which always leads to the same one."""
        return self.named is not None and self.host == self.named.url

    @property
    def rolling(self) -> RollingRelease | None:
        """The rolling release that splits the traffic of this address now, or None."""
        return self.release if self.release and self.release.active and not self.own_address else None

    @property
    def live(self) -> tuple[str, ...]:
        """The ids of the deployments that the address may serve by the platform's word."""
        if self.rolling:
            return self.rolling.live
        return (self.named.id,) if self.named else ()

    @property
    def in_production(self) -> tuple[str, ...]:
        """The ids of the deployments that serve production, at this address or at others."""
        shared = self.release.live if self.release else ()
        known = self.project.production if self.project else None
        return tuple(dict.fromkeys([*shared, *([known] if known else [])]))

    @property
    def role(self) -> Role | None:
        """What the deployment under verification is; None: it is not known."""
        if self.named is None:
            return None
        measured = self.measured or self.named.id
        if self.release and self.release.active and measured in self.release.live:
            return Role.CANARY if measured == self.release.canary else Role.STABLE
        if self.named.target != "production":
            return Role.PREVIEW
        if self.named.substate == "STAGED":
            return Role.STAGED
        if not self.own_address:
            return Role.LIVE
        if self.project is None or self.project.production is None:
            return None
        return Role.LIVE if self.named.id == self.project.production else Role.FORMER

    @property
    def says(self) -> str:
        """What people must know of the deployment that is measured; empty: it is simply live, or nobody knows."""
        if self.role is None or self.role is Role.LIVE:
            return ""
        if self.role in (Role.CANARY, Role.STABLE) and self.release and self.release.percentage is not None:
            share = self.release.percentage if self.role is Role.CANARY else 100 - self.release.percentage
            return f"{self.role}: {share:g} % of the visitors"
        return str(self.role)

    @property
    def not_live(self) -> bool:
        """Whether nobody but us uses the deployment at this address."""
        return self.role in _NOT_LIVE


SITUATION = Key("situation", Situation)
"""Under this key the processes of a run find it."""


def ask(access: Access, host: str) -> Situation:
    """Look at the project. What the platform refuses is part of the answer: it is for the checks to say."""
    with Vercel(access, _PATIENCE) as vercel, ThreadPoolExecutor(4) as pool:
        named = pool.submit(_find, vercel, host)
        project, release = pool.submit(project_state, vercel), pool.submit(rolling_release, vercel)
        newest = pool.submit(lambda: tuple(itertools.islice(production(vercel), _NEWEST)))
        try:
            return Situation(host, named.result(), project.result(), release.result(), newest.result())
        except PlatformError as error:
            return Situation(host, refused=(error.what, error.cure))


def _find(vercel: Vercel, host: str) -> PlatformDeployment | None:
    try:
        return find(vercel, host)
    except PlatformError as error:
        if error.status == 404:
            return None
        raise


def ask_release(access: Access) -> RollingRelease | None:
    """The rolling release as it is now; None: there is none, or the platform does not say."""
    with Vercel(access, _PATIENCE) as vercel:
        try:
            return rolling_release(vercel)
        except PlatformError:
            return None


def introduce(access: Access, id_: str, pinned: str | None) -> str:
    """What is known of a deployment that has taken over from the pinned one, for people: its id, at least."""
    with Vercel(access, _PATIENCE) as vercel:
        try:
            found, project = find(vercel, id_), project_state(vercel)
            before = find(vercel, pinned) if pinned else None
        except PlatformError:
            return id_
    asked = project.last_request
    earlier = bool(before and before.created_at and found.created_at and found.created_at < before.created_at)
    back = (asked is not None and asked.to == id_ and asked.type == "rollback") or earlier
    facts = [*_facts(found), *(["an earlier one: somebody rolled back"] if back else [])]
    return f"{id_} ({', '.join(facts)})" if facts else id_


def waiting(situation: Situation) -> str:
    """Which newer production build is not live, and why; empty: none."""
    live = {*situation.live, (situation.project.production if situation.project else None)}
    reference = [one.created_at or 0 for one in (*situation.newest, situation.named) if one and one.id in live]
    if not reference:
        return ""
    newer = [one for one in situation.newest if one.id not in live and (one.created_at or 0) > max(reference)]
    if not newer:
        return ""
    newest = max(newer, key=lambda one: one.created_at or 0)
    commit = ", ".join(_facts(newest))
    return f"{newest.id}{f' ({commit})' if commit else ''} {_why(newest, situation)}"


def _why(newest: PlatformDeployment, situation: Situation) -> str:
    """Why a newer build is not live."""
    if newest.deleted:
        return "is newer than what serves, and was deleted"
    if newest.state not in _COMMON:
        return f"is newer than what serves, and is still on its way ({newest.state}): measure again when it is live"
    if newest.state != "READY":
        return f"is newer than what serves, and its build ended as {newest.state}: what serves is the one before"
    if newest.substate != "STAGED":
        return "was live after what serves now: somebody went back"
    project = situation.project
    if project is None or project.auto_assign is not False:
        return "is staged, not live, although new builds go live by themselves: a check holds it back, or assigning the domains failed"
    return {
        True: "is staged, not live: automatic assignment is off since a rollback pins the domain; promote it or undo the pin",
        False: "is staged, not live: automatic assignment is off, production builds are promoted by hand",
        None: "is staged, not live: automatic assignment is off, by a rollback that pins the domain or by decision; promote it",
    }[project.pinned_by_rollback]


def misassigned(situation: Situation) -> str:
    """What is wrong with where the production domain leads; empty: nothing."""
    named, project = situation.named, situation.project
    if named is None or project is None or situation.own_address or situation.role is not Role.LIVE:
        return ""
    if project.production and named.id != project.production and not situation.rolling:
        return (
            f"{situation.host} leads to {named.id}, but the project takes {project.production} for its production: "
            "the domain was given away by hand, or moving it failed"
        )
    if named.alias_error:
        return f"{named.id} did not get all of its domains: {named.alias_error}"
    return ""


def moving(situation: Situation) -> str:
    """What is being moved just now; empty: nothing."""
    asked = situation.project.last_request if situation.project else None
    if asked is None or not asked.pending:
        return ""
    return f"a {asked.type or 'promotion'} to {asked.to} is under way"


def _facts(deployment: PlatformDeployment) -> Iterator[str]:
    if deployment.commit:
        yield f"commit {deployment.commit[:_SHORT]}"
    if deployment.created_at:
        yield f"created {times.to_the_minute(deployment.created_at)}"
