"""The edge: finds the deployment a host leads to, keeps out who must not come in, and signs every answer."""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from sandbox.edge import notes, plants
from sandbox.edge.challenge import challenge, deny
from sandbox.edge.forwarding import FUNCTION_TIMEOUT, UNTYPED, Forwarder
from sandbox.edge.identity import request_id
from sandbox.edge.pages import error_page
from sandbox.edge.splitting import Ticket, ticket
from sandbox.edge.watches import Sighting
from sandbox.logs import Answer, Logs

if TYPE_CHECKING:
    from sandbox.deployments import Deployment, Deployments
    from sandbox.edge.barriers import Barrier
    from sandbox.edge.protection import Protection
    from sandbox.edge.slowness import Slowness
    from sandbox.edge.watches import Watch
    from sandbox.logs import Request

VISITOR_LEFT = 499
"""The status in the logs of a request whose visitor did not wait for the answer; no client sees it."""
REQUEST_ID = web.RequestKey("request_id", str)
TICKET = web.RequestKey("ticket", Ticket)


class Edge:
    """What all requests go through. Its switches take effect with the next request."""

    def __init__(self, deployments: Deployments, logs: Logs | None = None) -> None:
        self.deployments = deployments
        self.clock = deployments.clock
        self.ledger = (logs or Logs(self.clock)).ledger
        """Where the requests are noted that a deployment has to answer."""
        self.protection: Protection | None = None
        """The wall, where there is one."""
        self.challenges = False
        """Whether visitors are taken for bots."""
        self.barrier: Barrier | None = None
        """What stands before some requests only."""
        self.denies = False
        """Whether visitors are turned away."""
        self.missing: dict[str, frozenset[str]] = {}
        """Paths of static files that the CDN has lost, by deployment."""
        self.tags: dict[str, bytes] = {}
        """What is put at the end of every page, by deployment."""
        self.latency = 0.0
        """Seconds that every request takes longer."""
        self.slowness: Slowness | None = None
        """Which requests take longer than that."""
        self.policy = ""
        """The content security policy of every page."""
        self.watch: Watch | None = None
        """Who sees the requests, if anybody."""
        self._forwarder: Forwarder | None = None

    def application(self) -> web.Application:
        """The edge as an aiohttp application."""
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        application.on_response_prepare.append(self._sign)
        application.on_startup.append(self._start)
        application.on_cleanup.append(self._stop)
        return application

    async def _start(self, _application: web.Application) -> None:
        self._forwarder = Forwarder()

    async def _stop(self, _application: web.Application) -> None:
        if self._forwarder is not None:
            await self._forwarder.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        request[REQUEST_ID] = request_id(self.clock.milliseconds, function=not request.path.startswith(notes.STATIC))
        sighting = Sighting(request.method, request.path, request.query)
        watch = self.watch
        if watch is not None:
            await watch.before(sighting)
        wait = self.latency + (self.slowness.of(request) if self.slowness else 0.0)
        if wait:
            await asyncio.sleep(wait)
        deployment = self._chosen(request)
        response: web.StreamResponse | None = self._own_answer(request, deployment)
        if response is None:
            response = await self._deployment_answer(request, deployment)
        if watch is not None:
            await response.prepare(request)
            await response.write_eof()
            await watch.after(sighting, response.status)
        return response

    def _own_answer(self, request: web.Request, deployment: Deployment | None) -> web.Response | None:
        """What the edge answers without asking a deployment; None if it has no reason to."""
        if self.denies:
            return deny()
        if self.challenges:
            return challenge()
        if self.protection is not None and (answer := self.protection.answer(request)) is not None:
            return answer
        if self.barrier is not None and (answer := self.barrier.answer(request)) is not None:
            return answer
        if deployment is not None and request.path in self.missing.get(deployment.id, ()):
            return error_page(request, "NOT_FOUND", request[REQUEST_ID])
        return None

    async def _deployment_answer(self, request: web.Request, deployment: Deployment | None) -> web.StreamResponse:
        if deployment is None or self._forwarder is None or deployment.deleted == "by hand":
            return error_page(request, "DEPLOYMENT_NOT_FOUND", request[REQUEST_ID])
        if deployment.deleted:
            return error_page(request, "DEPLOYMENT_DELETED", request[REQUEST_ID])
        if deployment.state != "READY":
            return error_page(request, "DEPLOYMENT_NOT_READY", request[REQUEST_ID])
        noted = notes.noted(request, request[REQUEST_ID], deployment, self.deployments)
        self.ledger.begin(noted)
        answer = Answer(None)
        try:
            response = await self._forwarded(request, noted, deployment, self._forwarder)
            answer = notes.ending(noted, deployment, response, self.clock.milliseconds)
        finally:
            self.ledger.finish(noted.id, answer)
        return response

    def _chosen(self, request: web.Request) -> Deployment | None:
        """The deployment that answers this visitor."""
        drawn = ticket(request, self.deployments)
        if drawn is None:
            return self.deployments.at(request.host)
        request[TICKET] = drawn
        return self.deployments.find(drawn.deployment_id)

    async def _forwarded(
        self, request: web.Request, noted: Request, deployment: Deployment, forwarder: Forwarder
    ) -> web.StreamResponse:
        try:
            known = {"x-vercel-id": noted.id, "x-vercel-deployment-url": noted.origin.host}
            return await forwarder.forward(
                request, deployment.upstream, known, plants.TAG + self.tags.get(deployment.id, b"")
            )
        except TimeoutError:
            self.ledger.wrote(noted.id, noted.origin, self.clock.milliseconds, notes.timed_out(FUNCTION_TIMEOUT))
            return error_page(request, "FUNCTION_INVOCATION_TIMEOUT", noted.id)
        except aiohttp.ClientError:
            if request.transport is None or request.transport.is_closing():
                return web.Response(status=VISITOR_LEFT)
            return error_page(request, "NO_RESPONSE_FROM_FUNCTION", noted.id)

    async def _sign(self, request: web.Request, response: web.StreamResponse) -> None:
        """Put the platform's headers on every answer."""
        response.headers["Server"] = "Vercel"
        if not request.path.startswith(notes.STATIC):
            plants.put_on(response)
        if self.policy and response.content_type == "text/html":
            response.headers["Content-Security-Policy"] = self.policy
        response.headers["Date"] = formatdate(usegmt=True)  # the real time, as the app and its tokens have
        response.headers["x-vercel-id"] = request[REQUEST_ID]
        if TICKET in request:
            request[TICKET].hand_out(response)
        if UNTYPED in response:
            response.headers.pop("Content-Type", None)  # aiohttp has added one
