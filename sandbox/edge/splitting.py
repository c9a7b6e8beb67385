"""Which of two live deployments a visitor gets: drawn once, kept in a cookie as long as the rolling release lasts."""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.deployments import Deployments

FORCE_CANARY = "vcrrForceCanary"
FORCE_STABLE = "vcrrForceStable"
BUCKETS = 100.0
"""Buckets are drawn from 0 to this; the canary serves those below its percentage."""


@dataclass(frozen=True)
class Ticket:
    """Which side a visitor is on."""

    cookie: str
    bucket: float
    deployment_id: str

    def hand_out(self, response: web.StreamResponse) -> None:
        """Let the visitor come back to the same side. The headers are as good as sent: aiohttp has added its cookies."""
        response.headers.add("Set-Cookie", f"{self.cookie}={self.bucket:.4f}; Path=/; HttpOnly; SameSite=Lax")


def ticket(request: web.Request, deployments: Deployments) -> Ticket | None:
    """The visitor's, an old one or a new one; None if one deployment serves everybody."""
    rolling = deployments.rolling
    if rolling is None or not rolling.active or request.host not in deployments.domains:
        return None
    name = f"_vcrr_{deployments.project_id}"
    bucket = _asked_for(request) or _kept(request.cookies.get(name))
    if bucket is None:
        bucket = random.uniform(0, BUCKETS)  # noqa: S311 - guessing it does no harm
    return Ticket(name, bucket, rolling.deployment_for(bucket))


def _asked_for(request: web.Request) -> float | None:
    """Testers may choose; a bucket of its own lies below every percentage, another above all."""
    if request.query.get(FORCE_CANARY) == "true":
        return -1.0
    return BUCKETS + 1 if request.query.get(FORCE_STABLE) == "true" else None


def _kept(cookie: str | None) -> float | None:
    with contextlib.suppress(ValueError):
        return None if cookie is None else float(cookie)
    return None
