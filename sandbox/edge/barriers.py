"""Barriers that stand before some requests only: what a rule of the firewall may do to a probe, and not to a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sandbox.edge.challenge import challenge
from sandbox.edge.protection import Protection

if TYPE_CHECKING:
    from aiohttp import web

CRONS = "/api/cron/"
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
