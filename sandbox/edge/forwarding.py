"""Passing a request on to a deployment and its answer back, bodies as streams, headers as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

if TYPE_CHECKING:
    from collections.abc import Mapping

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
UNTYPED = web.ResponseKey("untyped", bool)
"""Set on answers that came without a content type and must leave without one."""
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

    async def forward(
        self, request: web.Request, upstream: str, known: Mapping[str, str], tags: bytes = b""
    ) -> web.StreamResponse:
        """Have the deployment answer; raises `aiohttp.ClientError` or `TimeoutError` if it does not.

        ``known`` are headers that only the function gets to see; ``tags`` are put at the end of every page that a browser asks for.
        """
        if request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
            tags = b""
        async with self._session.request(
            request.method,
            URL(upstream + request.raw_path, encoded=True),
            headers=_outgoing(request, known, compressed=not tags),
            data=request.content if request.body_exists else None,
            allow_redirects=False,
        ) as answer:
            headers = _end_to_end(answer.headers)
            if tags and answer.content_type != "text/html":
                tags = b""
            elif tags:
                headers.popall("Content-Length", None)
            response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=headers)
            if "Content-Type" not in headers:
                response[UNTYPED] = True
            response.headers["x-vercel-cache"] = _cache(request.path, answer.headers)
            await response.prepare(request)
            await _copy(request, answer, response, tags)
            return response


async def _copy(
    request: web.Request, answer: aiohttp.ClientResponse, response: web.StreamResponse, tags: bytes
) -> None:
    """Pass the body on as it comes. The headers are out: that it broke off can only be shown by breaking off."""
    try:
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
        await response.write_eof(tags)
    except (aiohttp.ClientError, TimeoutError, ConnectionError):
        if request.transport is not None:
            request.transport.abort()


def _outgoing(request: web.Request, known: Mapping[str, str], *, compressed: bool) -> CIMultiDict[str]:
    """What the function gets to see: the visitor's headers, and what the platform knows about the visitor."""
    headers = _end_to_end(request.headers)
    headers["Host"] = headers["x-forwarded-host"] = request.host
    headers["x-forwarded-proto"] = request.scheme
    headers["x-forwarded-for"] = headers["x-real-ip"] = request.remote or "127.0.0.1"
    headers.update(known)
    if not compressed:
        headers.popall("Accept-Encoding", None)
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
