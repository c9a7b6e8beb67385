"""What the platform offers, which depends on the plan and on the year: clients have to find out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

History = Literal["63", "64"]
"""By the version of the ``vercel`` command that reads it: request-logs, or observability events."""

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The default is a Pro team today: both histories, one day, no requests in the newer one."""

    histories: frozenset[History] = frozenset({"63", "64"})
    observability_plus: bool = False
    """Whether the newer history has requests (``vercel.proxy_response``), too."""
    retention: float = 24 * HOUR
    """Seconds that rows are kept: an hour on Hobby, three days on Enterprise, thirty with Observability Plus."""
    stream: float = 300.0
    """Seconds after which a live stream ends with a delimiter."""
    message: int = 4096
    """Characters of a message that the APIs show."""
    largest_page: int = 1000
    """Events over which the newer history answers 413."""
