"""Switching a running sandbox from another process: a small API on loopback, for processes that may read its token."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from aiohttp import web

from sandbox.builds import Variant
from sandbox.logs import LogFaults, Plan
from sandbox.platform import Acts
from sandbox.platform.exports import FORMATS
from sandbox.serving import Site

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler

    from sandbox.deployments import Listed
    from sandbox.platform.exports import Format


class Switchable(Protocol):
    """What can be asked of a sandbox that is up."""

    active: list[str]
    """The faults that are switched on."""
    asked_to_stop: threading.Event
    """Set when the sandbox should stop."""

    def break_(self, name: str) -> None:
        """Switch a fault on; `ValueError` if there is none of this name."""

    def heal(self) -> None:
        """Switch all faults off."""

    def become(self, app: str, *oddities: str) -> None:
        """Be another app; `ValueError` if there is none of this name."""

    def redeploy(self) -> None:
        """Promote another deployment."""

    def deploy(
        self,
        variant: Variant = "good",
        *faults: str,
        environment: Mapping[str, str | None] | None = None,
        staged: bool = False,
    ) -> str:
        """Make a new deployment."""

    def promote(self, variant_or_id: str) -> None:
        """Let a deployment serve the production domain."""

    def deployments(self) -> list[Listed]:
        """All deployments, newest first."""

    def disturb_acts(self, acts: Acts) -> None:
        """Change how the platform reacts to a promotion or rollback."""

    def export_logs(self, kind: Format) -> bytes:
        """The logs as a file."""

    def disturb_logs(self, faults: LogFaults) -> None:
        """Disturb the way from the logs to who reads them."""

    def offer_logs(self, plan: Plan) -> None:
        """Change what the platform offers of its logs."""

    def advance(self, seconds: float) -> None:
        """Let time pass on the platform's clock."""


class WantedApp(msgspec.Struct):
    """What the app is to be like."""

    app: str
    oddities: list[str] = []


class Wanted(msgspec.Struct):
    """A deployment that is to be made."""

    variant: Variant = "good"
    faults: list[str] = []
    staged: bool = False
    environment: dict[str, str | None] = {}


class Control:
    """The API in front of a sandbox. Its methods block, so they run in threads."""

    def __init__(self, sandbox: Switchable) -> None:
        self.token = secrets.token_urlsafe(32)
        self._sandbox = sandbox

    async def serve(self) -> Site:
        """Serve it at a free port."""
        application = web.Application(middlewares=[self._authenticate])
        application.add_routes(
            [
                web.get("/faults", self._status),
                web.put("/faults/{name}", self._break),
                web.delete("/faults", self._heal),
                web.put("/app", self._become),
                web.post("/redeploy", self._redeploy),
                web.get("/deployments", self._deployments),
                web.post("/deployments", self._deploy),
                web.put("/production/{deployment}", self._promote),
                web.put("/acts", self._disturb_acts),
                web.get("/logs/{format}", self._logs),
                web.put("/logs/faults", self._disturb_logs),
                web.put("/logs/plan", self._offer_logs),
                web.put("/clock", self._advance),
                web.delete("/", self._down),
            ]
        )
        return await Site.serve(application)

    @web.middleware
    async def _authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            return web.json_response({"error": "not the token of this sandbox"}, status=401)
        try:
            return await handler(request)
        except Exception as error:  # noqa: BLE001 - the caller gets it, in another process
            return web.json_response({"error": str(error)}, status=500)

    async def _status(self, _request: web.Request) -> web.Response:
        return web.json_response(self._state())

    async def _break(self, request: web.Request) -> web.Response:
        await asyncio.to_thread(self._sandbox.break_, request.match_info["name"])
        return web.json_response(self._state())

    async def _heal(self, _request: web.Request) -> web.Response:
        await asyncio.to_thread(self._sandbox.heal)
        return web.json_response(self._state())

    async def _become(self, request: web.Request) -> web.Response:
        wanted = msgspec.json.decode(await request.read(), type=WantedApp)
        await asyncio.to_thread(self._sandbox.become, wanted.app, *wanted.oddities)
        return web.json_response(self._state())

    async def _redeploy(self, _request: web.Request) -> web.Response:
        await asyncio.to_thread(self._sandbox.redeploy)
        return web.json_response(self._state())

    async def _deployments(self, _request: web.Request) -> web.Response:
        return _json(self._sandbox.deployments())

    async def _deploy(self, request: web.Request) -> web.Response:
        wanted = msgspec.json.decode(await request.read(), type=Wanted)

        def deploy() -> str:
            return self._sandbox.deploy(
                wanted.variant, *wanted.faults, environment=wanted.environment, staged=wanted.staged
            )

        return _json(await asyncio.to_thread(deploy))

    async def _promote(self, request: web.Request) -> web.Response:
        await asyncio.to_thread(self._sandbox.promote, request.match_info["deployment"])
        return web.json_response(self._state())

    async def _disturb_acts(self, request: web.Request) -> web.Response:
        self._sandbox.disturb_acts(msgspec.json.decode(await request.read(), type=Acts))
        return web.json_response(self._state())

    async def _logs(self, request: web.Request) -> web.Response:
        kind = next((each for each in FORMATS if each == request.match_info["format"]), None)
        if kind is None:
            raise ValueError(f"unknown format; known: {', '.join(FORMATS)}")
        return web.Response(body=await asyncio.to_thread(self._sandbox.export_logs, kind))

    async def _disturb_logs(self, request: web.Request) -> web.Response:
        self._sandbox.disturb_logs(msgspec.json.decode(await request.read(), type=LogFaults))
        return web.json_response(self._state())

    async def _offer_logs(self, request: web.Request) -> web.Response:
        self._sandbox.offer_logs(msgspec.json.decode(await request.read(), type=Plan))
        return web.json_response(self._state())

    async def _advance(self, request: web.Request) -> web.Response:
        self._sandbox.advance(msgspec.json.decode(await request.read(), type=float))
        return web.json_response(self._state())

    async def _down(self, _request: web.Request) -> web.Response:
        self._sandbox.asked_to_stop.set()
        return web.json_response(self._state())

    def _state(self) -> dict[str, Any]:
        return {"faults": self._sandbox.active}


def _json(value: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")
