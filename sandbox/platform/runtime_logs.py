"""The live stream over HTTP: ``GET /v1/projects/{project}/deployments/{deployment}/runtime-logs``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.logs.live import LiveStream, delimiter
from sandbox.platform.log_access import admit_stream

if TYPE_CHECKING:
    from sandbox.logs import Logs

LOOKED_EVERY = 0.02
"""Seconds between two looks whether something is due. The platform's clock can jump, so nothing can be waited for."""


async def follow(request: web.Request, logs: Logs, deployment_id: str) -> web.StreamResponse:
    """Send rows until the time is up, the reader goes away, or a fault ends it."""
    admit_stream(logs)
    stream = LiveStream(logs, deployment_id)
    cut_after = logs.faults.cut_after if logs.spend("cuts") else None
    until = logs.clock.milliseconds + logs.plan.stream * 1000
    response = web.StreamResponse(headers={"Content-Type": "application/stream+json"})
    await response.prepare(request)
    sent = 0
    while logs.clock.milliseconds < until:
        for line in stream.due():
            if cut_after is not None and sent >= cut_after:
                return await _cut(request, response, line, logs)
            try:
                await response.write(line)
            except ConnectionResetError:  # the reader went away
                return response
            sent += 1
        if request.transport is None or request.transport.is_closing():
            return response
        await asyncio.sleep(LOOKED_EVERY)
    await response.write(delimiter(logs.clock.milliseconds, logs.plan.stream))
    return response


async def _cut(request: web.Request, response: web.StreamResponse, line: bytes, logs: Logs) -> web.StreamResponse:
    """End the stream early; the row that was due is lost to this reader."""
    if logs.faults.cut == "clean":
        return response
    if logs.faults.cut == "mid-line":
        await response.write(line[: len(line) // 2])
        return response
    if request.transport is not None:
        request.transport.abort()
    return response
