"""What production serves, read from Vercel in one place.

`read` is for code that can't go on without an answer; `read_for_checks` makes a refusal part of the value, for the checks to report.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlsplit

from postdeploy.model import Blocked
from postdeploy.system.store import Key
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import Alias, PlatformDeployment, alias, find, production
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import ProjectState, project_state
from postdeploy.vercel.retry import BRIEF
from postdeploy.vercel.rolling import RollingRelease, rolling_release

_NEWEST = 20
_UNKNOWN_PROJECT = ProjectState()


@dataclass(frozen=True, slots=True)
class ProductionState:
    """What production serves at one moment, according to Vercel."""

    host: str
    """The address under verification, without scheme."""
    resolved: PlatformDeployment | None = None
    """The deployment that the address resolves to; None: Vercel does not know the address, or was not asked."""
    project: ProjectState = _UNKNOWN_PROJECT
    release: RollingRelease | None = None
    """The last rolling release, active or over."""
    newest: tuple[PlatformDeployment, ...] = ()
    """The newest production builds, whatever their state. Read for the checks only."""
    alias: Alias | None = None
    """The alias table's entry for the address; None: it has none. Not read for the checks."""
    at: int = 0
    """When it was read, epoch milliseconds by Vercel's clock."""
    measured: str | None = None
    """The id of the deployment that is measured, where the pages name it: one of two during a rolling release."""
    refused: tuple[str, str] | None = None
    """What Vercel refused to say, and the cure."""

    @property
    def serving(self) -> PlatformDeployment:
        """The deployment that the address resolves to.

        Raises:
            Blocked: Vercel does not know the address, or refused to answer.
        """
        if self.refused:
            raise Blocked(*self.refused)
        if self.resolved is None:
            raise Blocked(
                f"Vercel does not know the address {self.host}",
                "Check --base-url, VERCEL_PROJECT_ID and VERCEL_TEAM_ID.",
            )
        return self.resolved

    @property
    def is_own_address(self) -> bool:
        """Whether the address is a deployment's own, which always leads to the same one."""
        return self.resolved is not None and self.host == self.resolved.url

    @property
    def rolling(self) -> RollingRelease | None:
        """The rolling release that splits the traffic of this address now, or None."""
        return self.release if self.release and self.release.active and not self.is_own_address else None

    @property
    def live(self) -> tuple[str, ...]:
        """The ids of the deployments that the address may serve: two during a rolling release."""
        if self.rolling:
            return self.rolling.live
        return (self.resolved.id,) if self.resolved else ()

    @property
    def in_production(self) -> tuple[str, ...]:
        """The ids of the deployments that serve production, at this address or at others."""
        shared = self.release.live if self.release else ()
        known = self.project.production
        return tuple(dict.fromkeys([*shared, *([known] if known else [])]))

    def serves(self, deployment: str) -> bool:
        """Whether the address leads to this deployment and no other, as it resolves and by the alias table."""
        return self.serving.id == deployment and (self.alias is None or self.alias.deployment == deployment)


PRODUCTION_STATE = Key("production-state", ProductionState)
"""The key under which the processes of a run share it."""


def read(vercel: Vercel, base_url: str) -> ProductionState:
    """What production serves now at this address.

    Raises:
        Blocked: Vercel does not answer, or the address is not a production domain of the project.
    """
    host = urlsplit(base_url).netloc
    state = _read(vercel, host)
    if state.is_own_address:
        raise Blocked(
            f"{host} is the own address of one deployment, not a production domain",
            "Give --base-url the address that people use.",
        )
    if state.project.id and state.serving.project and state.serving.project != state.project.id:
        raise Blocked(f"{host} serves another project", "Check --base-url and VERCEL_PROJECT_ID.")
    return replace(state, alias=alias(vercel, host), at=vercel.clock.now())


def read_for_checks(access: Access, host: str) -> ProductionState:
    """The same for any address, with the newest builds; what Vercel refuses is part of the value."""
    with Vercel(access, BRIEF) as vercel:
        try:
            return _read(vercel, host, _NEWEST)
        except PlatformError as error:
            return ProductionState(host, refused=(error.what, error.cure))


def read_release(access: Access) -> RollingRelease | None:
    """The rolling release now; None: there is none, or Vercel does not answer."""
    with Vercel(access, BRIEF) as vercel:
        try:
            return rolling_release(vercel)
        except PlatformError:
            return None


def _read(vercel: Vercel, host: str, newest: int = 0) -> ProductionState:
    """All at the same time: the checks wait for it."""
    with ThreadPoolExecutor(4) as pool:
        resolved, project = pool.submit(_resolve, vercel, host), pool.submit(project_state, vercel)
        release = pool.submit(rolling_release, vercel)
        builds = pool.submit(lambda: tuple(islice(production(vercel), newest)))
        return ProductionState(
            host, resolved.result(), project.result(), release.result(), builds.result(), at=vercel.clock.now()
        )


def _resolve(vercel: Vercel, host: str) -> PlatformDeployment | None:
    try:
        return find(vercel, host)
    except PlatformError as error:
        if error.status == 404:
            return None
        raise
