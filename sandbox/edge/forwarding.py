"""Passing a request on to a deployment and its answer back, bodies as streams, headers as they are."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.deployments import Deployment

HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
"""Headers that belong to one connection (RFC 9110 §7.6.1)."""
KEEP_ALIVE = 3.0
"""Seconds an idle connection is kept. Node closes its own after 5: a POST must not meet that moment."""
FUNCTION_TIMEOUT = 300.0
"""Seconds a function may take; Vercel's default."""


class Forwarder:
    """Holds the connections to the deployments."""

    def __init__(self) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=FUNCTION_TIMEOUT),
            auto_decompress=False,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )

    async def close(self) -> None:
        """Drop all connections."""
        await self._session.close()

    async def forward(self, request: web.Request, deployment: Deployment, request_id: str) -> web.StreamResponse:
        """Have the deployment answer; raises `aiohttp.ClientError` or `TimeoutError` if it does not."""
        async with self._session.request(
            request.method,
            URL(deployment.upstream + request.raw_path, encoded=True),
            headers=_outgoing(request, deployment, request_id),
            data=request.content if request.body_exists else None,
            allow_redirects=False,
        ) as answer:
            response = web.StreamResponse(
                status=answer.status, reason=answer.reason, headers=_end_to_end(answer.headers)
            )
            response.headers["x-vercel-cache"] = _cache(request.path, answer.headers)
            await response.prepare(request)
            await _copy(answer, response)
            return response


async def _copy(answer: aiohttp.ClientResponse, response: web.StreamResponse) -> None:
    """Pass the body on as it comes. Headers are out: a failure can only be shown by an answer that is cut off."""
    try:
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
    except (aiohttp.ClientError, TimeoutError, ConnectionError, asyncio.CancelledError):
        answer.close()
        raise


def _outgoing(request: web.Request, deployment: Deployment, request_id: str) -> CIMultiDict[str]:
    """What the function gets to see: the visitor's headers, and what the platform knows about the visitor."""
    headers = _end_to_end(request.headers)
    headers["Host"] = request.host
    headers["x-forwarded-host"] = request.host
    headers["x-forwarded-proto"] = request.scheme
    headers["x-forwarded-for"] = headers["x-real-ip"] = request.remote or "127.0.0.1"
    headers["x-vercel-id"] = request_id
    headers["x-vercel-deployment-url"] = f"{deployment.label}.{request.host.removeprefix(f'{deployment.label}.')}"
    return headers


def _end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """The headers without those of the connection; a name may come more than once (Set-Cookie)."""
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP | named)


def _cache(path: str, headers: Mapping[str, str]) -> str:
    """What the platform's cache did: it holds static files and prerendered pages."""
    if path.startswith("/_next/static/"):
        return "HIT"
    return "PRERENDER" if "x-nextjs-prerender" in headers else "MISS"
