"""A cache between the browser and the app: passes requests on, keeps some answers, and gives them again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from sandbox import Sandbox
from sandbox.edge.forwarding import HOP_BY_HOP
from sandbox.serving import Loop, Site

_MOST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Kept:
    status: int
    headers: CIMultiDict[str]
    body: bytes
    at: float


@dataclass(slots=True)
class Cache:
    """What it keeps, when it gives that again, and what it says then."""

    origin: str
    """The app's address."""
    keeps: Callable[[web.Request], bool] = lambda _: False
    only_on_error: bool = False
    """Whether it gives an answer again only where the app has failed (stale-if-error)."""
    older: float = 0.0
    """How much longer than in truth it has kept everything, seconds."""
    honest: bool = True
    """Whether an old answer keeps its date and has an age; else its date is that of now."""
    replayed: list[str] = field(default_factory=list)
    """The requests that it has answered itself."""
    url: str = ""
    _kept: dict[str, _Kept] = field(default_factory=dict)

    def application(self) -> web.Application:
        """As an aiohttp application."""
        application = web.Application(client_max_size=_MOST)
        application.router.add_route("*", "/{path:.*}", self._answer)
        return application

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        key = hashlib.sha256(f"{request.method} {request.raw_path} {_action(request)}".encode() + body).hexdigest()
        kept = self._kept.get(key) if self.keeps(request) else None
        if kept and not self.only_on_error:
            return self._again(request, kept)
        fresh = await self._asked(request, body)
        if kept and fresh.status >= 500:
            return self._again(request, kept)
        if self.keeps(request) and fresh.status == 200:
            self._kept[key] = fresh
        return _response(fresh, fresh.headers)

    def _again(self, request: web.Request, kept: _Kept) -> web.Response:
        self.replayed.append(f"{request.method} {request.path}")
        headers = kept.headers.copy()
        headers.popall("Set-Cookie", None)
        headers["x-cache"] = "HIT"
        headers["Date"] = formatdate(time.time(), usegmt=True)
        if self.honest:
            headers["Date"] = formatdate(kept.at - self.older, usegmt=True)
            headers["Age"] = str(int(time.time() - kept.at + self.older))
        return _response(kept, headers)

    async def _asked(self, request: web.Request, body: bytes) -> _Kept:
        headers = CIMultiDict(
            (name, value) for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP
        )
        headers["Host"] = self.origin.partition("//")[2]
        if "Origin" in headers:
            headers["Origin"] = headers["Origin"].replace(self.url, self.origin)
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False) as session,
            session.request(
                request.method,
                self.origin + request.raw_path,
                headers=headers,
                data=body or None,
                allow_redirects=False,
            ) as answer,
        ):
            found = CIMultiDict(
                (name, value) for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP
            )
            found.popall("Content-Length", None)
            if "Location" in found:
                found["Location"] = found["Location"].replace(self.origin, self.url)
            return _Kept(answer.status, found, await answer.read(), time.time())


def is_action(request: web.Request) -> bool:
    """A Server Action."""
    return bool(_action(request))


def is_read(request: web.Request) -> bool:
    """A request of the read API."""
    return request.method == "GET" and request.path.startswith("/api/inbox/")


def is_static(request: web.Request) -> bool:
    """A file of the build, which is the same for everybody."""
    return request.path.startswith("/_next/static/")


def _action(request: web.Request) -> str:
    return request.headers.get("Next-Action", "")


def _response(kept: _Kept, headers: Mapping[str, str]) -> web.Response:
    return web.Response(status=kept.status, headers=headers, body=kept.body)


@contextmanager
def cache(sandbox: Sandbox) -> Iterator[Cache]:
    """A cache before the sandbox, which keeps nothing yet."""
    loop = Loop()
    made = Cache(sandbox.url)
    site = loop.run(Site.serve(made.application()))
    made.url = f"http://localhost:{site.port}"
    yield made
    loop.run(site.close())
    loop.close()
