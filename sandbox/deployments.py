"""The deployments of the sandbox's project: each with a URL of its own, one of them serving the production domain."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field
from datetime import UTC, datetime

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


class Deployments:
    """All deployments, and which of them the production domain leads to."""

    def __init__(self, port: int) -> None:
        self.domain = f"localhost:{port}"
        """The production domain."""
        self.domains = (self.domain, f"app.{self.domain}")
        """All production domains: the first one's, and a custom one's in front of it."""
        self._by_host: dict[str, Deployment] = {}
        self._production: Deployment | None = None

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
        """Make a deployment reachable at its own host."""
        self._by_host[self.host(deployment)] = deployment

    def promote(self, deployment: Deployment) -> None:
        """Let the production domain lead to this deployment, from the next request on."""
        self.add(deployment)
        self._production = deployment

    def at(self, host: str) -> Deployment | None:
        """The deployment that answers at a host: the production domain or a deployment's own."""
        return self._production if host in self.domains else self._by_host.get(host)

    def find(self, id_or_host: str) -> Deployment | None:
        """The deployment with this id, or at this host."""
        for deployment in self._by_host.values():
            if deployment.id == id_or_host:
                return deployment
        return self.at(id_or_host)
