"""The way from the app to the database, which can be closed, slowed down or silenced while connections are open.

The app is given the gateway's address instead of the database's own. What it meets here is what it would meet when the
database server is stopped (connections are refused and reset), when the way to it is slow, or when packets are lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass

CHUNK = 65_536


@dataclass(frozen=True)
class Open:
    """Passes everything on at once."""


@dataclass(frozen=True)
class Closed:
    """Refuses new connections; existing ones are reset."""


@dataclass(frozen=True)
class Slow:
    """Passes on what the app sends only after a delay: every exchange takes ``seconds`` longer."""

    seconds: float


@dataclass(frozen=True)
class Silent:
    """Accepts connections and never answers; existing ones fall silent too."""


State = Open | Closed | Slow | Silent


class Gateway:
    """A TCP gateway on 127.0.0.1 in front of one address. All methods belong into its event loop."""

    def __init__(self, host: str, port: int) -> None:
        self._upstream = (host, port)
        self._state: State = Open()
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        # Holds the port while nothing listens on it, so that "closed" refuses and no other process can take the port.
        self._holder = _bound(0)
        self.port: int = self._holder.getsockname()[1]

    @property
    def state(self) -> State:
        """How the gateway behaves now."""
        return self._state

    async def start(self) -> None:
        """Begin to pass connections on."""
        listener = _bound(self.port)
        self._server = await asyncio.start_server(self._accept, sock=listener)

    async def switch(self, state: State) -> None:
        """Behave differently from now on, towards existing connections too."""
        before, self._state = self._state, state
        self._changed.set()
        self._changed = asyncio.Event()
        if isinstance(state, Closed):
            await self._refuse()
        elif self._server is None:
            await self.start()
        if isinstance(before, Silent) and not isinstance(state, Silent):
            # What was swallowed will not come any more; the app has to connect again.
            await self._drop_all()

    async def close(self) -> None:
        """Stop for good."""
        await self._refuse()
        self._holder.close()

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._drop_all()

    async def _drop_all(self) -> None:
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(connection)
        # However it ended, dropped by us or lost by either side, there is nothing more to do about it.
        await asyncio.gather(connection, return_exceptions=True)
        self._connections.discard(connection)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.ExitStack() as ends:
            ends.callback(_reset, writer)
            await self._passing()
            upstream_reader, upstream_writer = await asyncio.open_connection(*self._upstream)
            ends.callback(_reset, upstream_writer)
            async with asyncio.TaskGroup() as directions:
                directions.create_task(self._carry(reader, upstream_writer, delayed=True))
                directions.create_task(self._carry(upstream_reader, writer, delayed=False))
            # Both sides have said that they are done: nothing is reset, what is buffered is still sent.
            ends.pop_all()
            upstream_writer.close()
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, delayed: bool) -> None:
        """Carry one direction of a connection, until its sender closes it."""
        while chunk := await reader.read(CHUNK):
            if delayed:
                await self._delay()
            await self._passing()
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()

    async def _delay(self) -> None:
        """Wait as long as the way is slow, but no longer than until that changes."""
        if isinstance(self._state, Slow):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), self._state.seconds)

    async def _passing(self) -> None:
        """Wait while everything is swallowed."""
        while isinstance(self._state, Silent):
            await self._changed.wait()


def _bound(port: int) -> socket.socket:
    """A socket bound to a port of 127.0.0.1 that another one of ours may be bound to as well."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "SO_REUSEPORT"):
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind(("127.0.0.1", port))
    bound.setblocking(False)
    return bound


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection as a killed server does: the other side reads "connection reset by peer"."""
    connected = writer.get_extra_info("socket")
    if connected is not None and connected.fileno() >= 0:
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
