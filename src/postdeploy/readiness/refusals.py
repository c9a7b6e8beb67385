"""Which answers count as the app's own refusal, and what the others mean."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from postdeploy.readiness.prober import Reply


class Refusal(StrEnum):
    """What the answer to an unauthenticated client means."""

    REFUSED = "refused"
    ACCEPTED = "accepted"
    MISSING = "missing"
    REDIRECTED = "redirected"
    FAILED = "failed"
    NO_ANSWER = "no answer"
    OTHER = "other"


def meaning(reply: Reply, refuses: Collection[int] = (401,)) -> Refusal:
    """What the app answered. The caller has ruled out deployment protection."""
    status = reply.exchange.status
    if status is None:
        return Refusal.NO_ANSWER
    if status in refuses and reply.json and reply.exchange.error:
        return Refusal.REFUSED
    if 200 <= status < 300:
        return Refusal.ACCEPTED
    if status == 404:
        return Refusal.MISSING
    if 300 <= status < 400:
        return Refusal.REDIRECTED
    return Refusal.FAILED if status >= 500 else Refusal.OTHER
