"""Doing something at the moment a certain request is seen: what makes a fault in the middle of a run deterministic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

LIST_PATHS = ("/api/inbox/conversations", "/api/desk/threads")
"""Where a list of conversations is asked for, in either shape of the app."""


@dataclass(frozen=True)
class Sighting:
    """A request as the edge sees it."""

    method: str
    path: str
    query: Mapping[str, str]


class Watch(Protocol):
    """Sees every request twice."""

    async def before(self, sighting: Sighting) -> None:
        """Called before the request is passed on; the request waits."""

    async def after(self, sighting: Sighting, status: int) -> None:
        """Called when the answer has been sent."""


class WorkspaceSwitched:
    """Acts, once, just before the first list request for another workspace than the one asked for first."""

    def __init__(self, act: Callable[[], Awaitable[None]]) -> None:
        self._act = act
        self._first: str | None = None
        self._done = False

    async def before(self, sighting: Sighting) -> None:
        """Notice the switch."""
        if self._done or sighting.path not in LIST_PATHS:
            return
        workspace = sighting.query.get("clientId", "")
        if self._first is None:
            self._first = workspace
        elif workspace != self._first:
            self._done = True
            await self._act()

    async def after(self, sighting: Sighting, status: int) -> None:
        """Nothing: the moment is before a request."""


class InboxServed:
    """Acts, once, when the first list of conversations has been delivered."""

    def __init__(self, act: Callable[[], Awaitable[None]]) -> None:
        self._act = act
        self._done = False

    async def before(self, sighting: Sighting) -> None:
        """Nothing: the moment is after an answer."""

    async def after(self, sighting: Sighting, status: int) -> None:
        """Notice the delivery."""
        if not self._done and sighting.path in LIST_PATHS and status == 200:
            self._done = True
            await self._act()
