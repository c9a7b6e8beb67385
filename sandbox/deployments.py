"""The deployments of the sandbox's project: each with a URL of its own, one of them serving the production domain."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.clock import Clock
from sandbox.routes import Routes

ALPHABET = string.ascii_lowercase + string.digits


def _label() -> str:
    return "inbox-" + "".join(secrets.choice(ALPHABET) for _ in range(9))


@dataclass(frozen=True)
class Deployment:
    """One immutable deployment: a build that is being served somewhere."""

    id: str
    """``dpl_…``, as the platform and the build know it."""
    upstream: str
    """Where its functions answer: ``http://host:port``."""
    label: str = field(default_factory=_label)
    """The first label of its own host name."""
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    routes: Routes = field(default_factory=Routes, compare=False)


class Deployments:
    """All deployments, and which of them the production domain leads to."""

    def __init__(self, port: int, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.domain = f"localhost:{port}"
        """The production domain."""
        self.domains = (self.domain, f"app.{self.domain}")
        """All production domains: the first one's, and a custom one's in front of it."""
        self._by_host: dict[str, Deployment] = {}
        self._production: Deployment | None = None
        self._assigned: dict[str, datetime] = {}

    @property
    def newest_first(self) -> list[Deployment]:
        """Every deployment."""
        return sorted(self._by_host.values(), key=lambda each: each.created_at, reverse=True)

    @property
    def production(self) -> Deployment | None:
        """The deployment that serves the production domain."""
        return self._production

    def host(self, deployment: Deployment) -> str:
        """The host at which this deployment is always reached."""
        return f"{deployment.label}.{self.domain}"

    def add(self, deployment: Deployment) -> None:
        """Make a deployment reachable at its own host; until it is promoted it is staged."""
        self._by_host[self.host(deployment)] = deployment

    def promote(self, deployment: Deployment) -> None:
        """Let the production domain lead to this deployment, from the next request on."""
        if self._production is None or self._production.id != deployment.id:
            self._assigned[deployment.id] = self.clock.now
        self.add(deployment)
        self._production = deployment

    def assigned_at(self, deployment: Deployment) -> datetime | None:
        """When the production domain was last given to this deployment; None if it never was."""
        return self._assigned.get(deployment.id)

    def at(self, host: str) -> Deployment | None:
        """The deployment that answers at a host: the production domain or a deployment's own."""
        return self._production if host in self.domains else self._by_host.get(host)

    def find(self, id_or_host: str) -> Deployment | None:
        """The deployment with this id, or at this host."""
        for deployment in self._by_host.values():
            if deployment.id == id_or_host:
                return deployment
        return self.at(id_or_host)
