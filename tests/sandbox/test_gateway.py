"""The way to the database: what an app on one side notices of each state."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

import pytest

from sandbox.gateway import Closed, Gateway, Open, Silent, Slow


class Connection:
    """What an app holds."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def exchange(self, message: bytes = b"select 1") -> bytes:
        self.writer.write(message)
        return await self.reader.readexactly(len(message))


class App:
    """An app that reaches its database, which echoes, through a gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self._connections: list[Connection] = []

    async def connect(self) -> Connection:
        connection = Connection(*await asyncio.open_connection("127.0.0.1", self.gateway.port))
        self._connections.append(connection)
        return connection

    def close(self) -> None:
        for connection in self._connections:
            connection.writer.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionResetError):
        while chunk := await reader.read(1024):
            writer.write(chunk)
    writer.close()


def play(scenario: Callable[[App], Awaitable[None]]) -> None:
    async def run() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        gateway = Gateway("127.0.0.1", server.sockets[0].getsockname()[1])
        await gateway.start()
        app = App(gateway)
        try:
            await scenario(app)
        finally:
            app.close()
            await gateway.close()
            server.close()

    asyncio.run(asyncio.wait_for(run(), 10))


def test_open_passes_everything_on() -> None:
    async def scenario(app: App) -> None:
        connection = await app.connect()
        large = bytes(range(256)) * 4000
        assert await connection.exchange(large) == large
        connection.writer.write_eof()
        assert await connection.reader.read() == b""

    play(scenario)


def test_closed_refuses_new_connections_and_resets_existing_ones() -> None:
    async def scenario(app: App) -> None:
        connection = await app.connect()
        await connection.exchange()
        await app.gateway.switch(Closed())
        with pytest.raises(ConnectionResetError):
            await connection.reader.read()
        with pytest.raises(ConnectionRefusedError):
            await app.connect()

    play(scenario)


def test_it_opens_again_at_the_same_port() -> None:
    async def scenario(app: App) -> None:
        for _ in range(20):
            await app.gateway.switch(Closed())
            await app.gateway.switch(Open())
            assert await (await app.connect()).exchange(b"hello") == b"hello"

    play(scenario)


def test_slow_delays_every_exchange_also_of_existing_connections() -> None:
    async def scenario(app: App) -> None:
        connection = await app.connect()
        await connection.exchange()
        await app.gateway.switch(Slow(0.2))
        begun = time.monotonic()
        await connection.exchange()
        await connection.exchange()
        assert time.monotonic() - begun >= 0.4

    play(scenario)


def test_a_change_ends_a_delay_at_once() -> None:
    async def scenario(app: App) -> None:
        connection = await app.connect()
        await app.gateway.switch(Slow(60))
        waiting = asyncio.create_task(connection.exchange(b"patience"))
        await asyncio.wait([waiting], timeout=0.1)
        assert not waiting.done()
        await app.gateway.switch(Open())
        assert await waiting == b"patience"

    play(scenario)


def test_silent_accepts_and_never_answers() -> None:
    async def scenario(app: App) -> None:
        existing = await app.connect()
        await existing.exchange()
        await app.gateway.switch(Silent())
        new = await app.connect()
        for connection in (existing, new):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(connection.exchange(), 0.2)

    play(scenario)


def test_after_silence_the_app_has_to_connect_again() -> None:
    async def scenario(app: App) -> None:
        existing = await app.connect()
        await existing.exchange()
        await app.gateway.switch(Silent())
        await app.gateway.switch(Open())
        with pytest.raises(ConnectionResetError):
            await existing.reader.read()
        assert await (await app.connect()).exchange(b"hello") == b"hello"

    play(scenario)


def test_a_database_that_is_gone_resets_the_connection() -> None:
    async def scenario(app: App) -> None:
        before = Gateway("127.0.0.1", app.gateway.port)
        await before.start()
        await app.gateway.switch(Closed())
        through = App(before)
        connection = await through.connect()
        with pytest.raises(ConnectionResetError):
            await connection.reader.read()
        through.close()
        await before.close()

    play(scenario)
