"""Domains as the platform's API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.platform.deployments import milliseconds

if TYPE_CHECKING:
    from sandbox.deployments import Deployment, Deployments
    from sandbox.platform.projects import Project


def shown(alias: str, deployment: Deployment, deployments: Deployments, project: Project) -> dict[str, Any]:
    """The answer of ``GET /v4/aliases/{domain}``; ``updatedAt`` is when the domain was given to the deployment."""
    assigned = deployments.assigned_at(deployment, alias) if alias in deployments.domains else None
    updated = milliseconds(assigned or deployment.created_at)
    created = project.created_at if alias in deployments.domains else milliseconds(deployment.created_at)
    return {
        "alias": alias,
        "uid": f"als_{project.id.removeprefix('prj_')}",
        "created": deployments.clock.iso(created),
        "createdAt": created,
        "updatedAt": updated,
        "deploymentId": deployment.id,
        "deployment": {"id": deployment.id, "url": deployments.host(deployment), "meta": "{}"},
        "projectId": project.id,
    }
