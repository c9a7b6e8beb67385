"""A gateway that answers in the app's place so many times, and lets everything else pass."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

_SESSION = "-auth-token"


@dataclass
class Hiccup:
    """The first `times` requests of this method for this path whose query holds `query`; of those for the inbox's page, the documents of
    signed-in visitors.
    """

    status: int
    path: str
    times: int = 1
    method: str = "GET"
    query: str = ""
    signed_in: bool = True
    """Whether only requests with a session are meant."""

    def answer(self, request: web.Request) -> web.Response | None:
        """The gateway's page."""
        meant = (request.method, request.path) == (self.method, self.path) and self.query in request.query_string
        if self.times == 0 or not meant or not self._is_meant(request):
            return None
        self.times -= 1
        page = f"<html><head><title>{self.status}</title></head><body><center>nginx</center></body></html>"
        return web.Response(status=self.status, text=page, content_type="text/html")

    def _is_meant(self, request: web.Request) -> bool:
        document = request.method != "GET" or request.path != "/" or request.headers.get("Sec-Fetch-Dest") == "document"
        return document and any(_SESSION in name for name in request.cookies) == self.signed_in
