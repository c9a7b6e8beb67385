"""A sandbox that another process keeps up, used from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from sandbox.state import RUNNING, Running

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

TIMEOUT = 180.0
"""Seconds a switch may take: the first use of a variant builds it."""


class NotRunning(Exception):
    """No sandbox is up."""

    def __init__(self) -> None:
        super().__init__("sandbox: none is up. Start one: python -m sandbox up")


class Attached:
    """Offers what `Sandbox` offers; leaving it leaves the sandbox up."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._control = httpx.Client(
            base_url=running.control_url,
            headers={"Authorization": f"Bearer {running.control_token}"},
            timeout=TIMEOUT,
        )
