"""What the edge notes of a request for the logs: only it knows who was asked, who answered, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.logs import Answer, Line, Origin, Request

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.deployments import Deployment, Deployments
    from sandbox.logs.rows import ServedBy

STATIC = "/_next/static/"
"""What the CDN answers by itself."""


def noted(request: web.Request, id_: str, deployment: Deployment, deployments: Deployments) -> Request:
    """The request as the logs know it."""
    return Request(
        id=id_,
        origin=Origin(deployment.id, deployments.host(deployment)),
        host=request.host,
        path=request.path,
        at=deployments.clock.milliseconds,
        method=request.method,
        query=request.query_string,
        user_agent=request.headers.get("User-Agent", ""),
        function="" if request.path.startswith(STATIC) else deployment.routes.function(request.path),
    )


def ending(request: Request, deployment: Deployment, response: web.StreamResponse, now: int) -> Answer:
    """How the request ended, and who has answered it."""
    middleware = deployment.routes.runs_middleware(request.path)
    if request.path.startswith(STATIC):
        served_by: ServedBy = "static"
    elif middleware and "Location" in response.headers:
        served_by = "redirect"
    elif response.headers.get("x-vercel-cache") == "PRERENDER":
        served_by = "cache"
    else:
        served_by = "function"
    crashed = "x-vercel-error" in response.headers
    return Answer(response.status, served_by, middleware, duration_ms=now - request.at, crashed=crashed)


def timed_out(seconds: float) -> Line:
    """What the platform writes when a function takes too long."""
    message = f"Vercel Runtime Timeout Error: Task timed out after {seconds:.0f} seconds"
    return Line(message, "error", "", system=True)
