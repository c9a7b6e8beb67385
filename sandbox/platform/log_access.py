"""What every request for logs goes through before it is answered: the troubles that are counted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from sandbox.platform.errors import PlatformError

if TYPE_CHECKING:
    from sandbox.logs import Logs


async def admit(logs: Logs) -> None:
    """Refuse the request, or never answer it, as often as the faults say so."""
    if logs.spend("rate_limited"):
        raise _rate_limited(logs)
    if logs.spend("failing"):
        raise PlatformError(logs.faults.failing_with, "internal_server_error", "An unexpected internal error occurred.")
    if logs.spend("hanging"):
        await asyncio.Event().wait()


def admit_stream(logs: Logs) -> None:
    """Refuse to open a live stream again, as often as the faults say so."""
    if logs.streams and logs.spend("rejected_reconnects"):
        raise PlatformError(503, "service_unavailable", "Runtime logs are temporarily unavailable.")
    logs.streams += 1


def _rate_limited(logs: Logs) -> PlatformError:
    reset = logs.clock.milliseconds // 1000 + logs.faults.retry_after
    headers = {
        "Retry-After": str(logs.faults.retry_after),
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(reset),
    }
    limit = {"limit": {"total": 100, "remaining": 0, "reset": reset}}
    return PlatformError(429, "rate_limited", "Rate limit exceeded.", limit, headers)
