"""The endpoints that act: promote, rollback, the project's settings, and a deployment built again."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.platform.errors import PlatformError, bad_request, not_found
from sandbox.platform.promotions import ACCEPTED, Promotions

if TYPE_CHECKING:
    from sandbox.platform.acts import Acts
    from sandbox.platform.promotions import Kind
    from sandbox.platform.router import Platform

FAILED = PlatformError(500, "internal_server_error", "An unexpected internal error occurred.")
UNAUTHORIZED = PlatformError(401, "unauthorized", "The token has expired.")
FORBIDDEN = PlatformError(403, "forbidden", "You don't have permission to act on this project.")
DESCRIPTION_LIMIT = 250
ALIASES_LIMIT = 20


class ActRoutes:
    """The endpoints, and how they answer."""

    def __init__(self, platform: Platform, promotions: Promotions) -> None:
        self._platform = platform
        self._promotions = promotions
        self._answered = 0
        self._answered_by: Acts | None = None

    def routes(self) -> list[web.RouteDef]:
        """All of them; the command asks at other versions than the documentation names."""
        project = "/projects/{project}"
        return [
            *(web.post(f"/{v}{project}/promote/{{deployment}}", self._promote) for v in ("v9", "v10")),
            *(web.post(f"/{v}{project}/rollback/{{deployment}}", self._rollback) for v in ("v1", "v9")),
            *(
                web.get(f"/{v}{project}/{kind}/aliases", self._aliases)
                for v in ("v1", "v9")
                for kind in ("promote", "rollback")
            ),
            web.patch(f"/v9{project}", self._settings),
            web.post("/v13/deployments", self._rebuild),
        ]

    async def _promote(self, request: web.Request) -> web.StreamResponse:
        return await self._act(request, "promote")

    async def _rollback(self, request: web.Request) -> web.StreamResponse:
        return await self._act(request, "rollback")

    async def _act(self, request: web.Request, kind: Kind) -> web.StreamResponse:
        self._platform.require_project(request, request.match_info["project"])
        description = request.query.get("description", "")
        if len(description) > DESCRIPTION_LIMIT:
            raise bad_request(f"Invalid request: `description` should not be longer than {DESCRIPTION_LIMIT}.")
        answer = self._next_answer()
        await self._refuse(answer)
        status = await self._promotions.request(kind, request.match_info["deployment"], description)
        self._platform.unreadable_states = self._promotions.acts.unreadable_states
        if answer == "failed after":
            raise FAILED
        if answer == "silent after":
            await asyncio.Event().wait()
        if answer == "unreadable" and status == ACCEPTED:
            return web.Response(status=status, text='{"job": ', content_type="application/json")
        return web.Response(status=status)

    def _next_answer(self) -> str:
        acts = self._promotions.acts
        if acts is not self._answered_by:
            self._answered_by, self._answered = acts, 0
        self._answered += 1
        return acts.answer if acts.times is None or self._answered <= acts.times else "normal"

    async def _refuse(self, answer: str) -> None:
        """Refuse, or say nothing for ever, before anything happens."""
        refusals = {"failed before": FAILED, "unauthorized": UNAUTHORIZED, "forbidden": FORBIDDEN}
        if answer in refusals:
            raise refusals[answer]
        if answer == "rate limited":
            raise _rate_limited(self._promotions.acts.retry_after)
        if answer == "silent before":
            await asyncio.Event().wait()

    async def _aliases(self, request: web.Request) -> web.Response:
        """What became of each domain in the last act; the versions differ in the shape."""
        self._platform.require_project(request, request.match_info["project"])
        self._platform.deployments.settle()
        job = self._promotions.job
        if job is None:
            return web.json_response({"aliases": [], "pagination": {"count": 0, "next": None, "prev": None}})
        only_failed = request.query.get("failedOnly") == "true"
        states = [(name, state) for name, state in job.aliases.items() if state == "failed" or not only_failed]
        if request.path.startswith("/v1/"):
            shown: list[dict[str, Any]] = [
                {"alias": name, "id": f"als_{number}", "status": state} for number, (name, state) in enumerate(states)
            ]
        else:
            shown = [{"alias": {"alias": name, "deploymentId": job.target}, "status": state} for name, state in states]
        return web.json_response(
            {"aliases": shown[:ALIASES_LIMIT], "pagination": {"count": len(shown), "next": None, "prev": None}}
        )

    async def _settings(self, request: web.Request) -> web.Response:
        self._platform.require_project(request, request.match_info["project"])
        if self._promotions.acts.settings == "refused":
            raise FORBIDDEN
        wanted = (await _object(request)).get("autoAssignCustomDomains")
        if wanted is not None and not isinstance(wanted, bool):
            raise bad_request("Invalid request: `autoAssignCustomDomains` should be boolean.")
        if wanted is not None and self._promotions.acts.settings == "kept":
            self._platform.deployments.auto_assign = wanted
        return web.json_response(self._platform.shown_project())

    async def _rebuild(self, request: web.Request) -> web.Response:
        """Build again what was built: neither a promotion nor a rollback, and what comes of it is a new deployment."""
        self._platform.require_project(request, self._platform.project.id)
        deployments = self._platform.deployments
        body = await _object(request)
        known = deployments.find(str(body.get("deploymentId", "")))
        if known is None:
            raise not_found("Deployment")
        id_ = f"{known.id[:24]}again{len(self._platform.writes)}"
        again = replace(known, id=id_, label=f"{known.label}-again", state="BUILDING", target="production")
        again = replace(again, created_at=deployments.clock.now, deleted="")
        deployments.add(again)
        return web.json_response(self._platform.shown_deployment(again))


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise bad_request("Invalid JSON") from None
    if not isinstance(body, dict):
        raise bad_request("Invalid request: should be object.")
    return body


def _rate_limited(seconds: int) -> PlatformError:
    limit = {"limit": {"total": 10, "remaining": 0}}
    return PlatformError(429, "rate_limited", "Rate limit exceeded.", limit, {"Retry-After": str(seconds)})
