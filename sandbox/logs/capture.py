"""Takes what the launchers inside the functions send (``launcher.cjs``) and enters it in the ledger."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.logs.invocations import Line
from sandbox.logs.rows import Origin

if TYPE_CHECKING:
    from sandbox.deployments import Deployments
    from sandbox.logs.ledger import Ledger

LAUNCHER = Path(__file__).with_name("launcher.cjs")
LONGEST = 8 * 1024 * 1024
"""Bytes of a line between launcher and platform, far over what a row keeps."""


class Capture:
    """A port of 127.0.0.1 to which every launcher connects. Belongs into an event loop."""

    def __init__(self, ledger: Ledger, deployments: Deployments) -> None:
        self._ledger = ledger
        self._deployments = deployments
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0, limit=LONGEST)

    def environment(self) -> dict[str, str]:
        """What a function is started with, so that its launcher finds the way here."""
        if self._server is None:
            raise RuntimeError("the capture is started first")
        port = self._server.sockets[0].getsockname()[1]
        return {"NODE_OPTIONS": f'--require "{LAUNCHER}"', "SANDBOX_LOGS_PORT": str(port)}

    async def close(self) -> None:
        """Stop listening and drop the launchers."""
        for connection in list(self._connections):
            connection.close()
        if self._server is not None:
            self._server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            while line := await reader.readline():
                self._enter(json.loads(line))
        except (ConnectionError, ValueError):
            pass  # the function was killed in the middle of a line
        finally:
            self._connections.discard(writer)
            writer.close()

    def _enter(self, sent: dict[str, Any]) -> None:
        deployment = self._deployments.find(sent["deployment"])
        origin = Origin(sent["deployment"], self._deployments.host(deployment) if deployment else "")
        at = self._ledger.store.clock.at(sent["at"])
        self._ledger.wrote(sent["request"], origin, at, Line(sent["message"], sent["level"], sent["stream"]))
