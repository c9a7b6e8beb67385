"""The app's own answers, gone wrong: what a deployment of another build, a broken counter or an error page sends."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

COUNTS = "/api/inbox/counts"
_SESSION = "-auth-token"
_ERROR_PAGE = """<!doctype html><html><head><title>Error</title></head><body><main><h1>Something went wrong!</h1>
<p>An unexpected error has occurred. Our team has been notified.</p><button>Try again</button></main></body></html>"""


@dataclass
class ForgetsActions:
    """After so many calls of the inbox's Server Actions the server knows none, so many times: a deployment took over in mid-run."""

    after: int
    times: int = 1_000_000

    def answer(self, request: web.Request) -> web.Response | None:
        """As Next.js answers an action that it does not know."""
        if request.method != "POST" or request.path != "/" or "Next-Action" not in request.headers:
            return None
        self.after -= 1
        if self.after >= 0 or self.times <= 0:
            return None
        self.times -= 1
        headers = {"x-nextjs-action-not-found": "1"}
        return web.Response(status=404, text="Server action not found.", content_type="text/plain", headers=headers)


@dataclass
class Counts:
    """What the counter answers."""

    status: int
    body: object

    def answer(self, request: web.Request) -> web.Response | None:
        """JSON, as ever."""
        return web.json_response(self.body, status=self.status) if request.path == COUNTS else None


@dataclass
class LandsOnError:
    """Signed-in visitors get an error page of the app in place of the inbox."""

    status: int

    def answer(self, request: web.Request) -> web.Response | None:
        """The page."""
        known = any(_SESSION in name for name in request.cookies)
        if request.method != "GET" or request.path != "/" or not known:
            return None
        return web.Response(status=self.status, text=_ERROR_PAGE, content_type="text/html")
