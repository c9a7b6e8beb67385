"""Barriers that stand before some requests only: what a rule of the firewall may do to a probe, and not to a browser."""

from __future__ import annotations

import json
from typing import Literal, Protocol

from aiohttp import web

from sandbox.edge.challenge import challenge
from sandbox.edge.protection import Protection

CRONS = "/api/cron/"
READS = "/api/inbox"
PROBED = ("/api/webhooks/", "/api/admin/", CRONS)


class Barrier(Protocol):
    """Answers instead of the deployment."""

    def answer(self, request: web.Request) -> web.Response | None:
        """Its answer; None lets the request pass."""


class WallBeforeCrons:
    """Deployment protection before the cron routes."""

    def __init__(self, secret: str) -> None:
        self._protection = Protection(secret)

    def answer(self, request: web.Request) -> web.Response | None:
        """The wall's answer."""
        return self._protection.answer(request) if request.path.startswith(CRONS) else None


class Gateway:
    """A gateway of its own answers in the app's place: to every so many-th request for data, with a page that is not the app's."""

    def __init__(self, status: int, method: str = "", every: int = 1) -> None:
        self._status, self._method, self._every = status, method, every
        self._seen = 0

    def afresh(self) -> Gateway:
        """The same, and none counted yet."""
        return Gateway(self._status, self._method, self._every)

    def answer(self, request: web.Request) -> web.Response | None:
        """Its page."""
        data = request.path.startswith(READS) or (request.method == "POST" and request.path == "/")
        if not data or self._method not in ("", request.method):
            return None
        self._seen += 1
        if self._seen % self._every:
            return None
        page = f"<html><head><title>{self._status}</title></head><body><center>nginx</center></body></html>"
        return web.Response(status=self._status, text=page, content_type="text/html")


_CORRUPT = {
    "page": b"<!doctype html><title>Not found</title>",
    "cut-off": b"(globalThis.x=globalThis.x||[]).push([1,{2:function(",
}
"""What is not code."""


class Corrupt:
    """The CDN answers requests for some files with 200, and not with what the build holds."""

    def __init__(self, paths: frozenset[str], how: Literal["page", "cut-off", "type", "encoding"]) -> None:
        self._paths, self._how = paths, how

    def answer(self, request: web.Request) -> web.Response | None:
        """A file that no browser can use."""
        if request.path not in self._paths:
            return None
        headers = {"Content-Type": "application/javascript", "X-Content-Type-Options": "nosniff"}
        headers |= {"type": {"Content-Type": "text/html"}, "encoding": {"Content-Encoding": "gzip"}}.get(self._how, {})
        return web.Response(body=_CORRUPT.get(self._how, b"void 0"), headers=headers)


class Says:
    """The app answers every request for data with a failure of its own, in these words. `digest`: its Server Actions throw instead."""

    def __init__(self, text: str, digest: str = "") -> None:
        self._body = {"success": False, "error": text}
        self._digest = digest

    def answer(self, request: web.Request) -> web.Response | None:
        """A read's JSON, or the rows of a Server Action."""
        if request.method == "POST" and request.path == "/":
            head = '0:{"a":"$@1","f":"","b":"build"}'
            thrown = f'1:E{{"digest":"{self._digest}"}}'
            rows = thrown if self._digest else f"1:{json.dumps(self._body)}"
            status = 500 if self._digest else 200
            return web.Response(status=status, body=f"{head}\n{rows}\n".encode(), content_type="text/x-component")
        if request.path.startswith(READS) and not self._digest:
            return web.json_response(self._body, status=500)
        return None


class ChallengeForProbes:
    """The edge takes every client of webhooks, crons or admin routes for a bot."""

    def __init__(self) -> None:
        self.challenged = 0
        """How many requests were challenged so far."""

    def answer(self, request: web.Request) -> web.Response | None:
        """The challenge."""
        if not request.path.startswith(PROBED):
            return None
        self.challenged += 1
        return challenge()
