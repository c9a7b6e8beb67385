"""The live stream of one deployment: opened again whenever it ends, with its successor open before the platform ends it.

It covers only what lies between its opening and the newest row that came, and only a little later, when what is older and was
still on its way has arrived, too. When a row came says nothing: what was written meanwhile may be on its way, or never be sent.
Silence covers nothing: a quiet stream and one that hangs look alike.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Span
from postdeploy.logs.spans import without
from postdeploy.logs.vercel import rows
from postdeploy.logs.vercel.pace import Pace
from postdeploy.vercel.client import AsyncVercel
from postdeploy.vercel.errors import PlatformError

_STEPS = 8
"""In how many steps the time that a row may be on its way is covered."""


class StreamListener(Protocol):
    """What receives a stream's rows."""

    def on_row(self, entry: LogEntry) -> None:
        """A row."""
        ...

    def on_malformed(self, line: str, span: Span) -> None:
        """A line that can't be read; its row was written within this span."""
        ...

    def on_covered(self, span: Span) -> None:
        """Every row of this span that the platform had was received."""
        ...

    def on_open(self, at: int) -> None:
        """A stream is received from this time on."""
        ...

    def on_close(self, at: int, why: str) -> None:
        """A stream is not received any more from this time on."""
        ...


@dataclass(slots=True)
class Live:
    """The stream as a whole: one connection after another."""

    api: AsyncVercel
    deployment_id: str
    pace: Pace
    listener: StreamListener
    is_alone: Callable[[], bool]
    """Whether there is no history."""
    refused: PlatformError | None = None
    """Why it can't be opened at all."""
    _connections: list[asyncio.Task[None]] = field(default_factory=list)
    _has_opened: bool = False

    async def listen(self) -> None:
        """Until cancelled, or refused for good."""
        failures = 0
        try:
            while True:
                connection = _Connection(self)
                task = asyncio.create_task(connection.run())
                self._connections.append(task)
                task.add_done_callback(self._connections.remove)
                age = self.pace.renew_alone if self.is_alone() else self.pace.renew
                await asyncio.wait({task}, timeout=age)
                if not task.done():  # its successor opens; it stays for what comes late, until that has one itself
                    for older in self._connections[:-1]:
                        older.cancel()
                    continue
                error = connection.error
                if connection.open_for > self.pace.reconnect_most or connection.ended:
                    failures = 0
                if error is not None and error.refused and not self._has_opened:
                    self.refused = error
                    return
                if connection.ended:
                    continue
                pause = min(self.pace.reconnect * 2**failures, self.pace.reconnect_most)
                failures += 1
                await asyncio.sleep(max(pause, (error.retry_after or 0.0) if error else 0.0))
        finally:
            for task in list(self._connections):
                task.cancel()

    def on_open(self) -> None:
        """A connection was opened."""
        self._has_opened = True


@dataclass(slots=True)
class _Connection:
    """One opening of the stream."""

    live: Live
    error: PlatformError | None = None
    ended: bool = False
    """Whether the platform said that the time is up."""
    open_for: float = 0.0
    _since: int = 0
    """From here on nothing is covered yet."""
    _until: int = 0
    """The newest row that came was written at this time."""
    _scheduled: int = 0
    """The last of such times up to which it will be covered."""
    _gaps: list[Span] = field(default_factory=list)
    _is_over: bool = False

    async def run(self) -> None:
        live = self.live
        path = f"/v1/projects/{quote(live.api.access.project, safe='')}/deployments/{live.deployment_id}/runtime-logs"
        clock = live.api.clock
        began = clock.monotonic()
        try:
            async with live.api.stream(path, {"format": "lines"}, live.pace.silence) as chunks:
                self._since = self._until = clock.latest()
                live.on_open()
                live.listener.on_open(self._since)
                await self._lines(chunks)
        except PlatformError as error:
            self.error = error
        finally:
            self.open_for = clock.monotonic() - began
            self._is_over = True
            if self._since:
                why = "ended as it does after five minutes" if self.ended else "was interrupted"
                live.listener.on_close(
                    self._since, f"the live stream {why}" + (f" ({self.error.what})" if self.error else "")
                )

    async def _lines(self, chunks: AsyncIterator[bytes]) -> None:
        rest = b""
        async for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if line.strip() and self._line(line):
                    self.ended = True
            if self._until - self._scheduled > self.live.pace.settle * 1000 / _STEPS:
                self._cover_soon()
            if self.ended:
                return
        if rest.strip():
            with contextlib.suppress(ValueError):  # cut by the end of the stream: this row was not received
                self.ended = self._row(rest)

    def _line(self, line: bytes) -> bool:
        """Whether it is the one that says that the time is up."""
        try:
            return self._row(line)
        except ValueError:
            at = rows.time_of(line)
            span = Span(at, at + 1) if at else Span(self._until, self.live.api.clock.latest())
            self._gaps.append(span)
            self.live.listener.on_malformed(line.decode(errors="replace")[:300], span)
            return False

    def _row(self, line: bytes) -> bool:
        entry = rows.live(line, self.live.deployment_id)
        if entry is None:
            return True
        self._until = max(self._until, min(entry.at, self.live.api.clock.latest()))
        self.live.listener.on_row(entry)
        return False

    def _cover_soon(self) -> None:
        self._scheduled = self._until
        asyncio.get_running_loop().call_later(self.live.pace.settle, self._cover, self._until)

    def _cover(self, until: int) -> None:
        """A row of this time came, and since then what was older has arrived."""
        if self._is_over:
            return
        for span in without(Span(self._since, until), self._gaps):
            self.live.listener.on_covered(span)
        self._since = max(self._since, until)
        if self._scheduled == until < self._until:
            self._cover_soon()
