"""A production build that is newer than what serves and not live: which one, and why."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.production.descriptions import facts_of
from postdeploy.production.state import ProductionState
from postdeploy.vercel.deployments import PlatformDeployment

_ENDED = ("READY", "ERROR", "CANCELED", "BLOCKED")
"""States in which a build stays; in all others it is in progress."""


@dataclass(frozen=True, slots=True)
class NewerBuild:
    """A newer production build that is not live."""

    deployment: PlatformDeployment
    says: str
    """Which one it is and why it is not live, for people."""
    can_be_promoted: bool
    """Whether it is ready, and only waits for a promotion."""


def newer_build(state: ProductionState) -> NewerBuild | None:
    """The newest production build, if it is newer than what serves and not live; None: it is live."""
    live = {*state.live, *state.in_production}
    reference = [one.created_at or 0 for one in (*state.newest, state.resolved) if one and one.id in live]
    if not reference:
        return None
    newer = [one for one in state.newest if one.id not in live and (one.created_at or 0) > max(reference)]
    if not newer:
        return None
    newest = max(newer, key=lambda one: one.created_at or 0)
    facts = ", ".join(facts_of(newest))
    waits = not newest.deleted and newest.state == "READY" and newest.substate == "STAGED"
    return NewerBuild(newest, f"{newest.id}{f' ({facts})' if facts else ''} {_why(newest, state)}", waits)


def _why(newest: PlatformDeployment, state: ProductionState) -> str:
    """Why a newer build is not live."""
    if newest.deleted:
        return "is newer than what serves, and was deleted"
    if newest.state not in _ENDED:
        return f"is newer than what serves, and still in progress ({newest.state}): re-run when it is live"
    if newest.state != "READY":
        return f"is newer than what serves, and its build ended as {newest.state}: what serves is the one before"
    release = state.release
    if release and release.canary == newest.id and release.state == "ABORTED":
        return "was the canary of a rolling release that was aborted"
    if newest.substate != "STAGED":
        return "was live after what serves now: production was rolled back"
    if release and release.active and release.queued == newest.id:
        return f"is staged, not live: it waits for the end of the rolling release of {release.canary}"
    if state.project.auto_assign is not False:
        return "is staged, not live, although new builds go live automatically: a check holds it back, or assigning the domains failed"
    return {
        True: "is staged, not live: automatic assignment is off since a rollback pins the domain",
        False: "is staged, not live: automatic assignment is off, production builds are promoted by hand",
        None: "is staged, not live: automatic assignment is off, by a rollback that pins the domain or by decision",
    }[state.project.pinned_by_rollback]
