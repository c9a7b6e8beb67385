"""The live stream of one deployment: opened again whenever it ends, with its successor open before the platform ends it.

It vouches only for what lies between its opening and the last byte that came, and only a little later, when what was on its
way at that moment has arrived, too. Nothing is vouched for on the strength of silence: a quiet stream and one that hangs
look alike.
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
from postdeploy.logs.vercel import rows
from postdeploy.logs.vercel.coverage import remaining
from postdeploy.logs.vercel.pace import Pace
from postdeploy.vercel.client import AsyncVercel
from postdeploy.vercel.errors import PlatformError

_PIECES = 8
"""In how many pieces is vouched for as much as may be on its way."""


class StreamListener(Protocol):
    """Whom a stream tells what it hears."""

    def heard(self, entry: LogEntry) -> None:
        """A row."""
        ...

    def malformed(self, line: str, span: Span) -> None:
        """A line that can't be read; its row was written within this span."""
        ...

    def vouched(self, span: Span) -> None:
        """Every row of this span that the platform had was heard."""
        ...

    def opened(self, at: int) -> None:
        """A stream is heard from this time on."""
        ...

    def closed(self, at: int, why: str) -> None:
        """A stream is not heard any more from this time on."""
        ...


@dataclass(slots=True)
class Live:
    """The stream as a whole."""

    api: AsyncVercel
    deployment_id: str
    pace: Pace
    listener: StreamListener
    alone: Callable[[], bool]
    """Whether there is no history."""
    refused: PlatformError | None = None
    """Why it can't be opened at all."""
    _connections: list[asyncio.Task[None]] = field(default_factory=list)
    _worked: bool = False

    async def listen(self) -> None:
        """Until cancelled, or refused for good."""
        failures = 0
        try:
            while True:
                connection = _Connection(self)
                task = asyncio.create_task(connection.run())
                self._connections.append(task)
                task.add_done_callback(self._connections.remove)
                age = self.pace.renew_alone if self.alone() else self.pace.renew
                await asyncio.wait({task}, timeout=age)
                if not task.done():  # its successor opens; it stays for what comes late, until that has one itself
                    for older in self._connections[:-1]:
                        older.cancel()
                    continue
                error = connection.error
                if connection.open_for > self.pace.reconnect_most or connection.ended:
                    failures = 0
                if error is not None and error.refused and not self._worked:
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

    def worked(self) -> None:
        """It could be opened."""
        self._worked = True


@dataclass(slots=True)
class _Connection:
    """One opening of the stream."""

    live: Live
    error: PlatformError | None = None
    ended: bool = False
    """Whether the platform said that the time is up."""
    open_for: float = 0.0
    _since: int = 0
    """From here on nothing is vouched for yet."""
    _until: int = 0
    """It was alive at this time."""
    _noted: int = 0
    """The last of such times that is to be vouched for."""
    _holes: list[Span] = field(default_factory=list)
    _over: bool = False

    async def run(self) -> None:
        live = self.live
        path = f"/v1/projects/{quote(live.api.access.project, safe='')}/deployments/{live.deployment_id}/runtime-logs"
        clock = live.api.clock
        began = clock.monotonic()
        try:
            async with live.api.stream(path, {"format": "lines"}, live.pace.silence) as chunks:
                self._since = self._until = clock.latest()
                live.worked()
                live.listener.opened(self._since)
                await self._lines(chunks)
        except PlatformError as error:
            self.error = error
        finally:
            self.open_for = clock.monotonic() - began
            self._over = True
            if self._since:
                why = "ended as it does after five minutes" if self.ended else "broke off"
                live.listener.closed(
                    self._since, f"the live stream {why}" + (f" ({self.error.what})" if self.error else "")
                )

    async def _lines(self, chunks: AsyncIterator[bytes]) -> None:
        rest = b""
        async for chunk in chunks:
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if line.strip() and self._line(line):
                    self.ended = True
            if lines:
                self._heard_until_now()
            if self.ended:
                return
        if rest.strip():
            with contextlib.suppress(ValueError):  # cut by the end of the stream: this row was not heard
                self.ended = self._row(rest)

    def _line(self, line: bytes) -> bool:
        """Whether it is the one that says that the time is up."""
        try:
            return self._row(line)
        except ValueError:
            at = rows.time_of(line)
            span = Span(at, at + 1) if at else Span(self._until, self.live.api.clock.latest())
            self._holes.append(span)
            self.live.listener.malformed(line.decode(errors="replace")[:300], span)
            return False

    def _row(self, line: bytes) -> bool:
        entry = rows.live(line, self.live.deployment_id)
        if entry is None:
            return True
        self.live.listener.heard(entry)
        return False

    def _heard_until_now(self) -> None:
        self._until = max(self._until, self.live.api.clock.earliest())
        if self._until - self._noted > self.live.pace.settle * 1000 / _PIECES:
            self._vouch_soon()

    def _vouch_soon(self) -> None:
        self._noted = self._until
        asyncio.get_running_loop().call_later(self.live.pace.settle, self._vouch, self._until)

    def _vouch(self, until: int) -> None:
        """It was alive at this time, and since then what was on its way has arrived."""
        if self._over:
            return
        for span in remaining(Span(self._since, until), self._holes):
            self.live.listener.vouched(span)
        self._since = max(self._since, until)
        if self._noted == until < self._until:
            self._vouch_soon()
