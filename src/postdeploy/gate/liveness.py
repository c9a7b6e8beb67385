"""Whether the deployment of an event serves production. `deployment_status` says that it is built; domains move seconds later, or never."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from postdeploy.gate.event import NotVerified, Subject
from postdeploy.model import Blocked
from postdeploy.production.state import ProductionState, read
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import PlatformDeployment, find
from postdeploy.vercel.errors import PlatformError

PATIENCE = 60.0
"""Seconds until the domain must serve it."""
_POLL = 5.0


def identify(vercel: Vercel, subject: Subject) -> PlatformDeployment | None:
    """The event's deployment according to Vercel; None: Vercel does not answer, or the event names none.

    Raises:
        NotVerified: it is not a production deployment of this project.
    """
    name = subject.deployment or subject.host
    if not name:
        return None
    try:
        found = find(vercel, name)
    except PlatformError as error:
        if error.status == 404:
            raise NotVerified(f"the project has no deployment {name}: it is of another one") from None
        return None
    if vercel.access.project.startswith("prj_") and found.project not in ("", vercel.access.project):
        raise NotVerified(f"{name} is of another project, {found.project}")
    if found.target and found.target != "production":
        raise NotVerified(f"{found.id} is not built for production")
    return found


def is_address_of(subject: Subject, deployment: PlatformDeployment) -> bool:
    """Whether the event's address is the deployment's according to Vercel: one that names a deployment may name another's address."""
    if not subject.deployment:  # it was found by this address
        return True
    return subject.host in (urlsplit(deployment.address).netloc, *deployment.aliases)


def wait_until_live(
    vercel: Vercel,
    url: str,
    deployment: PlatformDeployment,
    *,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Return once production serves the deployment, alone or as the canary of a rolling release, or if that can't be known.

    Raises:
        NotVerified: it does not, within a minute.
    """
    until = monotonic() + PATIENCE
    while True:
        try:
            state = read(vercel, url)
            serving = state.serving
        except Blocked:  # its own address, or no answer: the run itself looks which deployment serves
            return
        if deployment.id in state.live:
            return
        if _was_left(state, deployment) or monotonic() >= until:
            raise NotVerified(f"{state.host} does not serve {deployment.id}, but {serving.id}")
        sleep(_POLL)


def _was_left(state: ProductionState, deployment: PlatformDeployment) -> bool:
    """Whether production has moved on from it already."""
    newer = (state.serving.created_at or 0) > (deployment.created_at or 0)
    return newer and deployment.has_been_live
