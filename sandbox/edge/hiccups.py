"""A gateway that answers in the app's place so many times, and lets everything else pass."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

_SESSION = "-auth-token"


@dataclass
class Hiccup:
    """The first `times` requests of this method whose path is, or begins like, `path`, and that bear a session."""

    status: int
    path: str
    times: int = 1
    method: str = "GET"

    def answer(self, request: web.Request) -> web.Response | None:
        """The gateway's page."""
        meant = request.path == self.path or (
            self.path.endswith("/") and len(self.path) > 1 and request.path.startswith(self.path)
        )
        signed_in = any(_SESSION in name for name in request.cookies)
        if self.times == 0 or request.method != self.method or not meant or not signed_in:
            return None
        self.times -= 1
        page = f"<html><head><title>{self.status}</title></head><body><center>nginx</center></body></html>"
        return web.Response(status=self.status, text=page, content_type="text/html")
