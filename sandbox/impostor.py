"""A database server that refuses every client: what an app meets whose DATABASE_URL has a password that is wrong."""

from __future__ import annotations

import asyncio
import contextlib
import struct

SSL_REQUEST = 80_877_103
STARTUP_HEADER = 8
REFUSAL = {
    "S": "FATAL",
    "V": "FATAL",
    "C": "28P01",
    "M": 'password authentication failed for user "app"',
    "F": "auth.c",
    "R": "auth_failed",
}


class Impostor:
    """Listens on a port of 127.0.0.1 and refuses every connection. All methods belong into its event loop."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begin to refuse."""
        self._server = await asyncio.start_server(self._refuse, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop for good."""
        if self._server is not None:
            self._server.close()

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            length, code = struct.unpack("!ii", await reader.readexactly(STARTUP_HEADER))
            if code == SSL_REQUEST:
                writer.write(b"N")
                length, _ = struct.unpack("!ii", await reader.readexactly(STARTUP_HEADER))
            await reader.readexactly(length - STARTUP_HEADER)
            fields = b"".join(f"{name}{value}".encode() + b"\0" for name, value in REFUSAL.items()) + b"\0"
            writer.write(b"E" + struct.pack("!i", len(fields) + 4) + fields)
            await writer.drain()
        writer.close()
