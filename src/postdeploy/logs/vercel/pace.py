"""How long the source waits for what."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

from postdeploy.vercel.retry import RetryPolicy


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, and how requests are repeated."""

    poll: float = 5.0
    """From one reading of the history to the next; a live stream that was interrupted makes it come at once."""
    overlap: float = 150.0
    """What of the history is read again each time: rows come late."""
    lag: float = 30.0
    """The history covers a moment only after a row has had so much time to appear in it."""
    lag_together: float = 4.0
    """The same for a span in which the live stream was received, too: a row would have to be missing in both."""
    settle: float = 2.0
    """How long a row may be on its way in the live stream, behind rows that are younger."""
    silence: float = 90.0
    """A stream without a byte for so long hangs: sentinels alone make a row each minute."""
    renew: float = 270.0
    """Age at which a stream gets its successor, before the platform ends it at 300."""
    renew_alone: float = 150.0
    """The same where there is no history: what comes late on the older one is not shown by the newer one."""
    reconnect: float = 0.5
    """The first pause before a stream that was interrupted is opened again; each next one is twice as long."""
    reconnect_most: float = 15.0
    slice: float = 300.0
    """How much of the past is read and covered at once."""
    history_timeout: float = 60.0
    """When the history has not answered for so long, the live stream covers alone."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)


async def wait(event: asyncio.Event, seconds: float) -> None:
    """For the event, which is taken back, or at most so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()
