"""What a live stream proves by what it delivers, and when."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from postdeploy.logs.protocol import Span
from postdeploy.logs.vercel.live import Live
from postdeploy.logs.vercel.pace import Pace

if TYPE_CHECKING:
    from postdeploy.logs.entry import LogEntry
    from postdeploy.vercel.client import AsyncVercel

PACE = Pace(settle=0.02, renew=60)
OPENED, NOW = 1_000_000, 1_060_000
"""Milliseconds: when the stream was opened, and what the clock shows while its rows come."""


def row(at: int) -> bytes:
    return json.dumps({"rowId": f"row {at}", "timestampInMs": at, "source": "serverless"}).encode() + b"\n"


@dataclass
class Platform:
    """Delivers these chunks at once, and is silent then."""

    chunks: list[bytes]
    times: list[int] = field(default_factory=lambda: [OPENED])

    access = SimpleNamespace(project="prj_1")

    @property
    def clock(self) -> Platform:
        return self

    def latest(self) -> int:
        return self.times[-1]

    def monotonic(self) -> float:
        return 0.0

    @asynccontextmanager
    async def stream(self, *_: object) -> AsyncIterator[AsyncIterator[bytes]]:
        yield self._deliver()

    async def _deliver(self) -> AsyncIterator[bytes]:
        self.times.append(NOW)
        for chunk in self.chunks:
            yield chunk
        await asyncio.sleep(60)


@dataclass
class Listener:
    covered: list[Span] = field(default_factory=list)
    malformed: list[Span] = field(default_factory=list)

    def on_row(self, entry: LogEntry) -> None: ...
    def on_covered(self, span: Span) -> None:
        self.covered.append(span)

    def on_malformed(self, _line: str, span: Span) -> None:
        self.malformed.append(span)

    def on_open(self, at: int) -> None: ...
    def on_close(self, at: int, why: str) -> None: ...


def heard(*chunks: bytes) -> Listener:
    """What is heard of a platform that is silent after these chunks."""

    async def listen() -> Listener:
        listener = Listener()
        live = Live(cast("AsyncVercel", Platform(list(chunks))), "dpl_1", PACE, listener, lambda: True)
        task = asyncio.create_task(live.listen())
        await asyncio.sleep(PACE.settle * 10)
        task.cancel()
        return listener

    return asyncio.run(listen())


@pytest.mark.parametrize(
    ("chunks", "covered"),
    [
        pytest.param([row(OPENED + 500)], [Span(OPENED, OPENED + 500)], id="a row that was long on its way"),
        pytest.param([row(OPENED + 500), row(OPENED + 300)], [Span(OPENED, OPENED + 500)], id="rows in another order"),
        pytest.param([row(OPENED - 500)], [], id="a row from before it was opened"),
        pytest.param([row(NOW + 90_000)], [Span(OPENED, NOW)], id="a row of tomorrow"),
        pytest.param([b"\n"], [], id="a byte without a row"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_the_newest_row_says_how_far_the_stream_has_come(chunks: list[bytes], covered: list[Span]) -> None:
    assert [span for span in heard(*chunks).covered if span.since < span.until] == covered


def test_a_row_that_can_not_be_read_is_not_covered() -> None:
    said = heard(row(OPENED + 300)[:-20] + b"\n" + row(OPENED + 500))
    assert said.malformed == [Span(OPENED + 300, OPENED + 301)]
    assert said.covered == [Span(OPENED, OPENED + 300), Span(OPENED + 301, OPENED + 500)]
