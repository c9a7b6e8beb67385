"""Serving on loopback: free ports, both address families, an event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

ATTEMPTS = 20
"""How many ports are tried until one is free on IPv4 and on IPv6."""
BACKLOG = 512


def listen(port: int = 0) -> list[socket.socket]:
    """Sockets that listen on the same port of 127.0.0.1 and, where there is IPv6, of ::1; 0 chooses a free one.

    Browsers resolve ``localhost`` to either. Raises `OSError` if a given port is taken.
    """
    for _ in range(ATTEMPTS):
        four = _bind(socket.AF_INET, "127.0.0.1", port)
        if not _has_ipv6():
            return [four]
        try:
            return [four, _bind(socket.AF_INET6, "::1", port_of(four))]
        except OSError:
            four.close()
            if port:
                raise
    raise OSError(f"no port was free on both 127.0.0.1 and ::1 in {ATTEMPTS} attempts")


def port_of(listening: socket.socket) -> int:
    """The port a socket listens on."""
    port: int = listening.getsockname()[1]
    return port


def free_port() -> int:
    """A port that is free on loopback at this moment."""
    sockets = listen()
    port = port_of(sockets[0])
    for each in sockets:
        each.close()
    return port


def _bind(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)
        bound.setblocking(False)
    except OSError:
        bound.close()
        raise
    return bound


def _has_ipv6() -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
        probe.bind(("::1", 0))
        return True
    return False


class Site:
    """An aiohttp application that is being served."""

    def __init__(self, runner: web.AppRunner, port: int) -> None:
        self._runner = runner
        self.port = port

    @classmethod
    async def serve(cls, application: web.Application, port: int = 0) -> Site:
        """Serve an application on loopback; 0 chooses a free port."""
        # Handlers that hang on purpose must not delay the end.
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1, auto_decompress=False)
        await runner.setup()
        sockets = listen(port)
        for each in sockets:
            await web.SockSite(runner, each).start()
        return cls(runner, port_of(sockets[0]))

    async def close(self) -> None:
        """Stop serving and drop every connection."""
        await self._runner.cleanup()


class Loop:
    """An event loop in a thread of its own, so that the sandbox can be used from ordinary code."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sandbox services", daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the loop and wait for its result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def close(self) -> None:
        """Cancel what still runs and end the thread."""
        self.run(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
