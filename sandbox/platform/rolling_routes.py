"""The endpoints of rolling releases."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.platform.deployments import milliseconds
from sandbox.platform.errors import PlatformError, bad_request, not_found
from sandbox.rolling import RollingRelease

if TYPE_CHECKING:
    from sandbox.deployments import Deployment, Deployments
    from sandbox.platform.router import Platform

NONE_ACTIVE = PlatformError(409, "conflict", "There is no active rolling release for this project.")


class RollingRoutes:
    """Look at one, start it, let it go on, end it."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> list[web.RouteDef]:
        """All of them."""
        path = "/v1/projects/{project}/rolling-release"
        return [
            web.get(path, self._show),
            web.post(f"{path}/start", self._start),
            web.post(f"{path}/approve-stage", self._approve),
            web.post(f"{path}/complete", self._complete),
        ]

    @property
    def _deployments(self) -> Deployments:
        return self._platform.deployments

    async def _show(self, request: web.Request) -> web.Response:
        self._platform.require_project(request, request.match_info["project"])
        rolling = self._deployments.rolling
        wanted = request.query.get("state")
        if rolling is None or (wanted is not None and wanted != rolling.state):
            return web.json_response({"rollingRelease": None})
        return self._shown(rolling)

    async def _start(self, request: web.Request) -> web.Response:
        canary, _ = await self._asked(request)
        current = self._deployments.production
        if current is None or current == canary:
            raise bad_request("Invalid request: the deployment is in production already.")
        rolling = self._deployments.roll(canary)
        return self._shown(rolling)

    async def _approve(self, request: web.Request) -> web.Response:
        _, body = await self._asked(request)
        rolling = self._active()
        stage = body.get("nextStageIndex")
        if stage != rolling.stage + 1 or stage >= len(rolling.stages):
            raise bad_request("Invalid request: `nextStageIndex` is not the index of the next stage.")
        self._deployments.go_on()
        return self._shown(rolling)

    async def _complete(self, request: web.Request) -> web.Response:
        await self._asked(request)
        rolling = self._active()
        self._deployments.complete()
        return self._shown(rolling)

    async def _asked(self, request: web.Request) -> tuple[Deployment, dict[str, Any]]:
        self._platform.require_project(request, request.match_info["project"])
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise bad_request("Invalid JSON") from None
        found = self._deployments.find(str(body.get("canaryDeploymentId", "")))
        if found is None:
            raise not_found("Deployment")
        return found, body

    def _active(self) -> RollingRelease:
        rolling = self._deployments.rolling
        if rolling is None or not rolling.active:
            raise NONE_ACTIVE
        return rolling

    def _shown(self, rolling: RollingRelease) -> web.Response:
        stages = [_stage(rolling, index) for index in range(len(rolling.stages))]
        following = stages[rolling.stage + 1 :]
        return web.json_response(
            {
                "rollingRelease": {
                    "state": rolling.state,
                    "substate": None,
                    "currentDeployment": self._deployment(rolling.current),
                    "canaryDeployment": self._deployment(rolling.canary),
                    "queuedDeploymentId": rolling.queued,
                    "advancementType": "manual-approval",
                    "stages": stages,
                    "activeStage": stages[rolling.stage] if rolling.active else None,
                    "nextStage": following[0] if rolling.active and following else None,
                    "currentCanaryPercentage": rolling.percentage,
                    "startedAt": rolling.started_at,
                    "updatedAt": rolling.changed_at or rolling.started_at,
                }
            }
        )

    def _deployment(self, id_: str) -> dict[str, Any] | None:
        known = self._deployments.find(id_)
        if known is None:
            return None
        created = milliseconds(known.created_at)
        return {
            "id": known.id,
            "name": self._platform.project.name,
            "url": self._deployments.host(known),
            "createdAt": created,
            "readyState": known.state,
            "readyStateAt": created,
            "source": "git",
            "target": known.target,
        }


def _stage(rolling: RollingRelease, index: int) -> dict[str, Any]:
    return {
        "index": index,
        "targetPercentage": rolling.stages[index],
        "requireApproval": True,
        "duration": None,
        "isFinalStage": index == len(rolling.stages) - 1,
        "linearShift": False,
    }
