"""Deployments as the platform's API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sandbox.platform.errors import bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sandbox.deployments import Deployment, Deployments
    from sandbox.platform.projects import Project
    from sandbox.platform.tokens import Account

LIMIT = 20
BUILD_FAILED = 'Command "npm run build" exited with 1'


def milliseconds(moment: datetime) -> int:
    """A time as the API writes it."""
    return int(moment.timestamp() * 1000)


def target_of(deployment: Deployment, deployments: Deployments) -> dict[str, Any]:
    """A deployment as the project's targets show it."""
    created = milliseconds(deployment.created_at)
    return {
        "id": deployment.id,
        "name": deployment.label.partition("-")[0],
        "url": deployments.host(deployment),
        "alias": aliases(deployment, deployments),
        "target": deployment.target,
        "readyState": deployment.state,
        **_substate(deployment, deployments),
        "createdAt": created,
        "createdIn": "iad1",
        "deploymentHostname": deployment.label,
        "forced": False,
        "meta": _meta(deployment),
        "plan": "pro",
        "private": True,
        "type": "LAMBDAS",
        "userId": "",
    }


def aliases(deployment: Deployment, deployments: Deployments) -> list[str]:
    """The domains that lead to this deployment, besides its own host."""
    return deployments.led_to(deployment)


def alias_assigned(deployment: Deployment, deployments: Deployments) -> int | Literal[False]:
    """When the production domain was given to this deployment, which may be long after it was built."""
    assigned = deployments.assigned_at(deployment)
    return milliseconds(assigned) if assigned else False


def is_candidate(deployment: Deployment, deployments: Deployments) -> bool:
    """Whether the dashboard offers to roll back to it."""
    been_live = deployments.assigned_at(deployment) is not None
    return been_live and not deployment.deleted and deployments.domain not in deployments.led_to(deployment)


def _substate(deployment: Deployment, deployments: Deployments) -> dict[str, str]:
    return {"readySubstate": deployments.substate(deployment)} if deployment.state == "READY" else {}


def _meta(deployment: Deployment) -> dict[str, str]:
    return deployment.commit.meta if deployment.commit else {}


def listed(deployment: Deployment, deployments: Deployments, project: Project, account: Account) -> dict[str, Any]:
    """One entry of ``GET /v7/deployments``; the command line reads ``id`` where the API says ``uid``."""
    created = milliseconds(deployment.created_at)
    assigned = alias_assigned(deployment, deployments)
    return {
        "uid": deployment.id,
        "id": deployment.id,
        "name": project.name,
        "projectId": project.id,
        "url": deployments.host(deployment),
        "created": created,
        "createdAt": created,
        "buildingAt": created,
        **({"ready": created} if deployment.state == "READY" else {}),
        "state": deployment.state,
        "readyState": deployment.state,
        **_substate(deployment, deployments),
        "type": "LAMBDAS",
        "target": deployment.target,
        "source": "git" if deployment.commit else "cli",
        "creator": {"uid": account.id, "username": account.username, "email": account.email},
        "inspectorUrl": f"https://vercel.com/{project.team.slug}/{project.name}/{deployment.id.removeprefix('dpl_')}",
        "meta": _meta(deployment),
        "isRollbackCandidate": is_candidate(deployment, deployments),
        "aliasAssigned": assigned,
        **({"deleted": created, "softDeletedByRetention": True} if deployment.deleted else {}),
        **({"errorCode": "BUILD_FAILED", "errorMessage": BUILD_FAILED} if deployment.state == "ERROR" else {}),
    }


def shown(deployment: Deployment, deployments: Deployments, project: Project, account: Account) -> dict[str, Any]:
    """The answer of ``GET /v13/deployments/{idOrUrl}`` to a member of the team."""
    return (
        listed(deployment, deployments, project, account)
        | anonymous(deployment, deployments)
        | {
            "version": 2,
            "aliasAssignedAt": alias_assigned(deployment, deployments),
            "status": deployment.state,
            "public": False,
            "plan": "pro",
            "regions": ["iad1"],
            "env": [],
            "build": {"env": []},
            "projectSettings": {"framework": "nextjs", "nodeVersion": "24.x"},
            "ownerId": project.team.id,
            "team": {"id": project.team.id, "name": project.team.name, "slug": project.team.slug},
            "project": {"id": project.id, "name": project.name, "framework": "nextjs"},
            "autoAssignCustomDomains": deployments.auto_assign,
            "bootedAt": milliseconds(deployment.created_at),
        }
    )


def anonymous(deployment: Deployment, deployments: Deployments) -> dict[str, Any]:
    """What every client sees of a deployment."""
    found = aliases(deployment, deployments)
    return {
        "id": deployment.id,
        "alias": found,
        "aliasAssigned": bool(found),
        "readyState": deployment.state,
        "target": deployment.target,
    }


def page(entries: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """A page of the list, newest first, in every state unless one is asked for; the next one begins at ``until=<next>``."""
    until, since, limit = (_number(query, name) for name in ("until", "since", "limit"))
    states = set(query["state"].split(",")) if "state" in query else None
    matching = [
        entry
        for entry in entries
        if (states is None or entry["state"] in states)
        and query.get("target") in (None, entry["target"] or "preview")
        and (until is None or entry["created"] < until)
        and (since is None or entry["created"] > since)
        and (query.get("rollbackCandidate") != "true" or entry["isRollbackCandidate"])
    ]
    chosen = matching[: LIMIT if limit is None else limit]
    more = len(matching) > len(chosen)
    pagination = {
        "count": len(chosen),
        "next": chosen[-1]["created"] if chosen and more else None,
        "prev": chosen[0]["created"] if chosen else None,
    }
    return {"deployments": chosen, "pagination": pagination}


def _number(query: Mapping[str, str], name: str) -> int | None:
    given = query.get(name)
    if given is None:
        return None
    if not given.isdecimal():
        raise bad_request(f"Invalid request: `{name}` should be a number.")
    return int(given)
