"""The project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.platform.deployments import milliseconds, target_of

if TYPE_CHECKING:
    from sandbox.deployments import Deployments
    from sandbox.platform.promotions import Promotions
    from sandbox.platform.teams import Team


@dataclass(frozen=True)
class Project:
    """A project, known by its id and by its name."""

    id: str
    name: str
    team: Team
    created_at: int

    def named(self, id_or_name: str) -> bool:
        """Whether this project is meant."""
        return id_or_name in {self.id, self.name}

    def public(self, deployments: Deployments, promotions: Promotions) -> dict[str, Any]:
        """The project as ``GET /v9/projects/{idOrName}`` shows it."""
        newest = deployments.newest_first
        moved = promotions.shown()
        production = deployments.find(promotions.claimed or "") or deployments.production
        return {
            "id": self.id,
            "name": self.name,
            "accountId": self.team.id,
            "createdAt": self.created_at,
            "updatedAt": milliseconds(newest[0].created_at) if newest else self.created_at,
            "framework": "nextjs",
            "nodeVersion": "24.x",
            "live": True,
            "alias": [
                {"domain": domain, "environment": "production", "target": "PRODUCTION"}
                for domain in deployments.domains
            ],
            "targets": {"production": target_of(production, deployments) if production else None},
            "latestDeployments": [target_of(each, deployments) for each in newest[:1]],
            **moved,
            "directoryListing": False,
            "deploymentExpiration": {},
            "defaultResourceConfig": {"functionDefaultRegions": ["iad1"]},
            "resourceConfig": {"functionDefaultRegions": ["iad1"]},
        }
