"""Delaying what an opened conversation asks for, from the second one on: pages open the first by themselves."""

from __future__ import annotations

import asyncio
from typing import Literal

from sandbox.edge.watches import LIST_PATHS, Sighting

ENDLESS = 30.0
"""Seconds: longer than anybody waits."""


class SecondOpened:
    """Once a second conversation was asked for, these requests take so many seconds longer: its read, or what it makes the page write."""

    def __init__(self, what: Literal["read", "write"], seconds: float) -> None:
        self._what, self._seconds = what, seconds
        self._opened: set[str] = set()

    def afresh(self) -> SecondOpened:
        """The same, and nothing opened yet."""
        return SecondOpened(self._what, self._seconds)

    async def before(self, sighting: Sighting) -> None:
        """Let the request wait."""
        opens = sighting.method == "GET" and any(sighting.path.startswith(f"{path}/") for path in LIST_PATHS)
        if opens:
            self._opened.add(sighting.path)
        meant = opens if self._what == "read" else sighting.method == "POST"
        if meant and len(self._opened) > 1:
            await asyncio.sleep(self._seconds)

    async def after(self, sighting: Sighting, status: int) -> None:
        """Nothing: the answer is as ever."""
