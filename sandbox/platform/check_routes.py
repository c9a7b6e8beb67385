"""The endpoints of Deployment Checks v2: what a project requires of a deployment, and what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.platform.errors import bad_request, not_found

if TYPE_CHECKING:
    from sandbox.platform.router import Platform

_REQUIRES = ("build-ready", "deployment-url", "none")
_BLOCKS = ("build-start", "deployment-start", "deployment-alias", "deployment-promotion", "none")
_STATUSES = ("queued", "running", "completed")
_CONCLUSIONS = ("canceled", "skipped", "timeout", "failed", "neutral", "succeeded")


@dataclass
class Checks:
    """The checks of the project, and their runs."""

    defined: list[dict[str, Any]] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)


class CheckRoutes:
    """Define a check, list them, begin a run, list the runs, report one."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        checks, runs = "/v2/projects/{project}/checks", "/v2/deployments/{deployment}/check-runs"
        return [
            web.get(checks, self._list),
            web.post(checks, self._define),
            web.get(runs, self._runs),
            web.post(runs, self._begin),
            web.patch(f"{runs}/{{run}}", self._report),
        ]

    @property
    def _checks(self) -> Checks:
        return self._platform.checks

    async def _list(self, request: web.Request) -> web.Response:
        self._platform.require_project(request, request.match_info["project"])
        return web.json_response({"checks": self._checks.defined})

    async def _define(self, request: web.Request) -> web.Response:
        self._platform.require_project(request, request.match_info["project"])
        body = await _object(request)
        _require(body, "requires", _REQUIRES)
        _require(body, "blocks", _BLOCKS)
        if not body.get("name"):
            raise bad_request("Invalid request: should have required property `name`.")
        now = self._platform.deployments.clock.milliseconds
        made = {
            "id": f"check_{len(self._checks.defined) + 1}",
            "ownerId": self._platform.team.id,
            "projectId": self._platform.project.id,
            "name": body["name"],
            "isRerequestable": body.get("isRerequestable", False),
            "requires": body["requires"],
            "blocks": body.get("blocks", "none"),
            "targets": body.get("targets", []),
            "timeout": body.get("timeout", 300_000),
            "source": body.get("source", {"kind": "webhook"}),
            "sourceKind": body.get("source", {"kind": "webhook"})["kind"],
            "createdAt": now,
            "updatedAt": now,
        }
        self._checks.defined.append(made)
        return web.json_response(made)

    async def _runs(self, request: web.Request) -> web.Response:
        deployment = self._deployment(request)
        found = [one for one in self._checks.runs if one["deploymentId"] == deployment]
        return web.json_response({"runs": found})

    async def _begin(self, request: web.Request) -> web.Response:
        deployment = self._deployment(request)
        body = await _object(request)
        check = next((one for one in self._checks.defined if one["id"] == body.get("checkId")), None)
        if check is None:
            raise not_found("Check")
        now = self._platform.deployments.clock.milliseconds
        made = {
            "id": f"run_{len(self._checks.runs) + 1}",
            "checkId": check["id"],
            "name": check["name"],
            "ownerId": self._platform.team.id,
            "projectId": self._platform.project.id,
            "deploymentId": deployment,
            "requires": check["requires"],
            "blocks": check["blocks"],
            "source": check["source"],
            "timeout": check["timeout"],
            "targets": check["targets"],
            "status": "queued",
            "createdAt": now,
            "updatedAt": now,
        }
        self._checks.runs.append(made)
        return web.json_response(made)

    async def _report(self, request: web.Request) -> web.Response:
        deployment = self._deployment(request)
        name = request.match_info["run"]
        found = next(
            (one for one in self._checks.runs if one["id"] == name and one["deploymentId"] == deployment), None
        )
        if found is None:
            raise not_found("Check run")
        body = await _object(request)
        _require(body, "status", _STATUSES, optional=True)
        _require(body, "conclusion", _CONCLUSIONS, optional=True)
        if found["status"] == "completed":
            raise bad_request("The check run is completed already.")
        known = ("status", "conclusion", "conclusionText", "externalUrl", "externalId", "output", "completedAt")
        found.update({key: body[key] for key in known if key in body})
        found["updatedAt"] = self._platform.deployments.clock.milliseconds
        return web.json_response(found)

    def _deployment(self, request: web.Request) -> str:
        self._platform.require_project(request, self._platform.project.id)
        found = self._platform.deployments.find(request.match_info["deployment"])
        if found is None:
            raise not_found("Deployment")
        return found.id


def _require(body: dict[str, Any], name: str, values: tuple[str, ...], *, optional: bool = False) -> None:
    if (name in body or not optional) and body.get(name) not in values:
        raise bad_request(f"Invalid request: `{name}` should be equal to one of the allowed values.")


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise bad_request("Invalid JSON") from None
    if not isinstance(body, dict):
        raise bad_request("Invalid request: should be object.")
    return body
