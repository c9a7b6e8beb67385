"""Requests that take longer on their way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web


@dataclass(frozen=True)
class Slowness:
    """So many seconds, for requests of a method (empty: any) whose path begins so."""

    seconds: float
    method: str = ""
    prefix: str = "/"

    def of(self, request: web.Request) -> float:
        """How much longer this one takes."""
        meant = self.method in ("", request.method) and request.path.startswith(self.prefix)
        return self.seconds if meant else 0.0
