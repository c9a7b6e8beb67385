"""A rolling release: two deployments share production's traffic, by design."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from postdeploy.vercel.client import Vercel
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import project_path

_ABSENT = (402, 404)
"""The account's plan has no rolling releases, or the project has none."""


@dataclass(frozen=True, slots=True)
class RollingRelease:
    """The last rolling release that was started."""

    state: str
    """ACTIVE, COMPLETE or ABORTED."""
    current: str
    """The stable deployment, which gets the rest of the traffic."""
    canary: str
    """The new deployment, which gets `percentage` of the traffic."""
    percentage: float | None = None
    """From 0 to 100; None: unknown."""
    queued: str | None = None
    """A deployment that waits for the end of this release."""
    paused: bool = False
    started_at: int | None = None
    """Epoch milliseconds by Vercel's clock."""

    @property
    def active(self) -> bool:
        """Whether two deployments are live now."""
        return self.state == "ACTIVE"

    @property
    def live(self) -> tuple[str, ...]:
        """The two deployments that share the traffic while it is active; empty when it is over."""
        return tuple(one for one in (self.current, self.canary) if one) if self.active else ()


class _One(msgspec.Struct):
    id: str = ""


class _Stage(msgspec.Struct, rename="camel"):
    target_percentage: float | None = None


class _Release(msgspec.Struct, rename="camel"):
    state: str = ""
    substate: str | None = None
    current_deployment: _One | None = None
    canary_deployment: _One | None = None
    queued_deployment_id: str | None = None
    current_canary_percentage: float | None = None
    active_stage: _Stage | None = None
    started_at: int | None = None


class _Answer(msgspec.Struct, rename="camel"):
    rolling_release: _Release | None = None


def rolling_release(vercel: Vercel) -> RollingRelease | None:
    """The project's last rolling release, active or over; None: it never had one, or the account's plan has none.

    Raises:
        PlatformError: there is no answer. That is not the same as none.
    """
    try:
        found = vercel.read(f"{project_path(vercel, 'v1')}/rolling-release", _Answer).rolling_release
    except PlatformError as error:
        if error.status in _ABSENT:
            return None
        raise
    if found is None:
        return None
    share = found.current_canary_percentage
    if share is None and found.active_stage:
        share = found.active_stage.target_percentage
    return RollingRelease(
        state=found.state,
        current=found.current_deployment.id if found.current_deployment else "",
        canary=found.canary_deployment.id if found.canary_deployment else "",
        percentage=share,
        queued=found.queued_deployment_id or None,
        paused=found.substate == "PAUSED",
        started_at=found.started_at,
    )
