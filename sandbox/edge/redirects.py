"""The address leads to another host: to one that answers, or to one that does not."""

from __future__ import annotations

from aiohttp import web


class LeadsTo:
    """Every request is redirected to this address."""

    def __init__(self, location: str) -> None:
        self._location = location

    def answer(self, _request: web.Request) -> web.Response:
        """The redirect."""
        return web.Response(status=307, headers={"Location": self._location})
